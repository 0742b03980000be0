//! Contents and who refers to them.
//!
//! A content has a row that both who adds a file and who removes a content write, so that one waits for the other: a content is
//! removed inside the transaction that holds its row, and who added a file looks after the commit whether the content is still there.

use super::entity::{content, file, upload};
use super::stored_file;
use chrono::TimeDelta;
use dto::UnitId;
use dto::files::StoredFile;
use kernel::files::Store;
use kernel::{Ctx, Db, Event, Result, Tx, clock, config};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// A file refers to this content from now on.
pub(super) async fn hold_in(tx: &Tx<'_>, sha256: &str) -> Result<()> {
    let row = content::ActiveModel { sha256: Set(sha256.to_owned()), due_at: Set(None) };
    content::Entity::insert(row)
        .on_conflict(OnConflict::column(content::Column::Sha256).update_column(content::Column::DueAt).to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}

/// Removes a file; its content is to be looked at.
pub(super) async fn remove_in(tx: &Tx<'_>, found: &StoredFile) -> Result<()> {
    file::Entity::delete_many()
        .filter(file::Column::SchoolId.eq(found.school_id.0))
        .filter(file::Column::Id.eq(found.id.0))
        .exec(tx.conn())
        .await?;
    content::Entity::update_many()
        .col_expr(content::Column::DueAt, Expr::val(tx.now()))
        .filter(content::Column::Sha256.eq(&found.sha256))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Removes the contents to which nothing refers any more. Gives how many.
pub(super) async fn release_due(db: &Db, store: &Store) -> Result<usize> {
    let due: Vec<String> = content::Entity::find()
        .select_only()
        .column(content::Column::Sha256)
        .filter(content::Column::DueAt.is_not_null())
        .order_by_asc(content::Column::DueAt)
        .limit(1_000)
        .into_tuple()
        .all(db.read())
        .await?;
    let mut released = 0;
    for sha256 in due {
        released += usize::from(release(db, store, &sha256).await?);
    }
    Ok(released)
}

async fn release(db: &Db, store: &Store, sha256: &str) -> Result<bool> {
    db.write(&Ctx::system("files"), async |tx| {
        // Takes the row: who adds a file of this content waits here.
        let held = content::Entity::update_many()
            .col_expr(content::Column::DueAt, Expr::val(tx.now()))
            .filter(content::Column::Sha256.eq(sha256))
            .filter(content::Column::DueAt.is_not_null())
            .exec(tx.conn())
            .await?;
        if held.rows_affected == 0 {
            return Ok((false, vec![Event::new(None, "content.held", "content", sha256)]));
        }
        let referred = file::Entity::find()
            .select_only()
            .column(file::Column::Id)
            .filter(file::Column::Sha256.eq(sha256))
            .limit(1)
            .into_tuple::<uuid::Uuid>()
            .one(tx.conn())
            .await?;
        if referred.is_some() {
            hold_in(tx, sha256).await?;
            return Ok((false, vec![Event::new(None, "content.held", "content", sha256)]));
        }
        // Removing twice is removing once, so this may run again with the transaction.
        store.delete(sha256).await?;
        content::Entity::delete_many().filter(content::Column::Sha256.eq(sha256)).exec(tx.conn()).await?;
        Ok((true, vec![Event::new(None, "content.released", "content", sha256)]))
    })
    .await
}

/// Removes uploads that were not finished, files that were attached to nothing, both after `files.keep_days`, and the contents to
/// which nothing refers. Gives how many contents went.
pub async fn sweep(db: &Db, store: &Store, limits: &config::Files) -> Result<usize> {
    let now = clock::now();
    let stale = upload::Entity::find().filter(upload::Column::ExpiresAt.lt(now)).limit(1_000).all(db.read()).await?;
    for row in stale {
        let offsets: Vec<u64> = row.parts.split(',').filter_map(|part| part.parse().ok()).collect();
        db.write(&Ctx::system("files"), async |tx| {
            upload::Entity::delete_many()
                .filter(upload::Column::SchoolId.eq(row.school_id))
                .filter(upload::Column::Id.eq(row.id))
                .exec(tx.conn())
                .await?;
            Ok(((), vec![Event::new(Some(UnitId(row.school_id)), "upload.expired", "upload", row.id)]))
        })
        .await?;
        store.drop_parts(row.id, &offsets).await?;
    }
    let old = now - TimeDelta::days(i64::from(limits.keep_days));
    let mut unused = super::select();
    unused.and_where(Expr::col(("f", "subject_kind")).is_null()).and_where(Expr::col(("f", "uploaded_at")).lt(old)).limit(1_000);
    for row in crate::all::<super::Row>(db.read(), &unused).await? {
        let found = stored_file(row);
        db.write(&Ctx::system("files"), async |tx| {
            remove_in(tx, &found).await?;
            Ok(((), vec![Event::new(Some(found.school_id), "file.expired", "file", found.id).before(&found)]))
        })
        .await?;
    }
    release_due(db, store).await
}

/// [`sweep`] once a day while a server runs.
pub async fn follow_calendar(db: Db, store: Store, limits: config::Files) {
    clock::each_day("remove files that nobody needs", async |_| {
        let released = sweep(&db, &store, &limits).await?;
        tracing::info!(released, "contents to which nothing referred");
        Ok(())
    })
    .await;
}
