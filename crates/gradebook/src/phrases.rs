//! The phrases that a school keeps for comments: its own words, for a level or for all, for a subject or for every one.
//!
//! Whoever may read marks in a school reads its bank. Teachers add phrases and change their own; principal and deputy change all.

use crate::facts;
use crate::people::Names;
use dto::access::Permission;
use dto::comments::{Phrase, PhraseQuery, PutPhrase};
use dto::page::PageQuery;
use dto::{Code, Page, PhraseId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id, page, text};
use regulations::Level;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

/// A phrase as the table keeps it.
#[derive(Clone, Debug)]
struct Row {
    id: PhraseId,
    subject: Option<String>,
    level: Option<Level>,
    phrase: String,
    by: Option<Uuid>,
    version: i64,
}

fn read(row: &QueryResult) -> Result<Row> {
    let level: Option<String> = row.try_get_by_index(2)?;
    Ok(Row {
        id: PhraseId(row.try_get_by_index(0)?),
        subject: row.try_get_by_index(1)?,
        level: level.as_deref().and_then(Level::from_code),
        phrase: row.try_get_by_index(3)?,
        by: row.try_get_by_index(4)?,
        version: row.try_get_by_index(5)?,
    })
}

fn select(school: UnitId) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["id", "subject_code", "level", "phrase", "created_by", "version"])
        .from("phrase")
        .and_where(Expr::col("school_id").eq(school.0))
        .order_by("id", Order::Asc);
    query
}

async fn show(conn: &impl ConnectionTrait, ctx: &Ctx, school: UnitId, rows: Vec<Row>) -> Result<Vec<Phrase>> {
    let names = Names::of(conn, ctx.lang, rows.iter().map(|row| row.by)).await?;
    let all = facts::reaches_school(conn, ctx, Permission::PhraseWrite, school).await?;
    let own = ctx.can(Permission::PhraseWrite);
    let item = |row: Row| Phrase {
        id: row.id,
        subject_code: row.subject,
        level: row.level,
        text: row.phrase,
        created_by: names.name(row.by),
        writable: all || (own && row.by.is_some() && row.by == ctx.account.map(Uuid::from)),
        version: row.version,
    };
    Ok(rows.into_iter().map(item).collect())
}

/// The bank of a school, in the order in which it grew.
pub async fn list(db: &Db, ctx: &Ctx, school: UnitId, query: &PhraseQuery, page: &PageQuery) -> Result<Page<Phrase>> {
    let conn = db.read();
    facts::school(conn, ctx, Permission::MarkRead, school).await?;
    let mut find = select(school);
    if let Some(subject) = &query.subject_code {
        find.cond_where(
            Condition::any().add(Expr::col("subject_code").is_null()).add(Expr::col("subject_code").eq(subject.as_str())),
        );
    }
    if let Some(level) = query.level {
        find.cond_where(Condition::any().add(Expr::col("level").is_null()).add(Expr::col("level").eq(level.code())));
    }
    find.and_where_option(page::decode::<Uuid>(page.after.as_deref())?.map(|last| Expr::col("id").gt(last)))
        .limit(page.limit() + 1);
    let rows: Vec<Row> = conn.query_all(&find).await?.iter().map(read).collect::<Result<_>>()?;
    let rows = page::of(rows, page.limit(), |row| row.id.0, |row| row);
    Ok(Page { items: show(conn, ctx, school, rows.items).await?, next: rows.next })
}

/// What is checked of every phrase that is written: it says something, its subject is one, and the bank does not have it already.
async fn check(tx: &Tx<'_>, school: UnitId, own: Option<PhraseId>, body: &PutPhrase) -> Result<Row> {
    let phrase = text::clean(&body.text);
    if phrase.is_empty() {
        return Err(Error::field("/text", Code::FieldRequired));
    }
    if let Some(subject) = &body.subject_code
        && regulations::curriculum::subject(subject).is_none()
    {
        return Err(Error::field("/subject_code", Code::FieldChoice));
    }
    let rows: Vec<Row> = tx.conn().query_all(&select(school)).await?.iter().map(read).collect::<Result<_>>()?;
    let folded = phrase.to_lowercase();
    let same = |row: &Row| {
        Some(row.id) != own && row.subject == body.subject_code && row.level == body.level && row.phrase.to_lowercase() == folded
    };
    if rows.iter().any(same) {
        return Err(Error::new(Code::PhraseTaken));
    }
    Ok(Row {
        id: own.unwrap_or_else(id::new),
        subject: body.subject_code.clone(),
        level: body.level,
        phrase,
        by: tx.ctx().account.map(Uuid::from),
        version: 1,
    })
}

async fn one(tx: &Tx<'_>, school: UnitId, row: Row) -> Result<Phrase> {
    let shown = show(tx.conn(), tx.ctx(), school, vec![row]).await?;
    shown.into_iter().next().ok_or_else(|| Error::internal("a phrase that is not there"))
}

/// Adds a phrase.
///
/// Errors: `not_found` (the school), `phrase_taken`, `invalid` with the field.
pub async fn create(db: &Db, ctx: &Ctx, school: UnitId, body: &PutPhrase) -> Result<Phrase> {
    db.write(ctx, async |tx| {
        facts::school(tx.conn(), tx.ctx(), Permission::PhraseWrite, school).await?;
        let row = check(tx, school, None, body).await?;
        let mut insert = Query::insert();
        insert
            .into_table("phrase")
            .columns(["school_id", "id", "subject_code", "level", "phrase", "created_by", "version"])
            .values_panic([
                school.0.into(),
                row.id.0.into(),
                row.subject.clone().into(),
                row.level.map(Level::code).into(),
                row.phrase.clone().into(),
                row.by.into(),
                row.version.into(),
            ]);
        tx.conn().execute(&insert).await?;
        let phrase = one(tx, school, row).await?;
        let event = Event::new(Some(school), "phrase.created", "phrase", phrase.id).after(&phrase);
        Ok((phrase, vec![event]))
    })
    .await
}

/// A phrase that the caller may change.
async fn own(tx: &Tx<'_>, school: UnitId, phrase: PhraseId) -> Result<Row> {
    facts::school(tx.conn(), tx.ctx(), Permission::PhraseWrite, school).await?;
    let mut find = select(school);
    find.and_where(Expr::col("id").eq(phrase.0));
    let row = tx.conn().query_one(&find).await?.as_ref().map(read).transpose()?.ok_or_else(|| Error::new(Code::NotFound))?;
    let shown = one(tx, school, row.clone()).await?;
    // Another's phrase is not there to be changed.
    if shown.writable { Ok(row) } else { Err(Error::new(Code::NotFound)) }
}

/// Changes a phrase.
///
/// Errors: `not_found`, `version_conflict`, `phrase_taken`, `invalid` with the field.
pub async fn put(db: &Db, ctx: &Ctx, school: UnitId, phrase: PhraseId, version: i64, body: &PutPhrase) -> Result<Phrase> {
    db.write(ctx, async |tx| {
        let was = own(tx, school, phrase).await?;
        if was.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let row = Row { by: was.by, version: version + 1, ..check(tx, school, Some(phrase), body).await? };
        let mut update = Query::update();
        update
            .table("phrase")
            .value("subject_code", row.subject.clone())
            .value("level", row.level.map(Level::code))
            .value("phrase", row.phrase.clone())
            .value("version", row.version)
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("id").eq(phrase.0))
            .and_where(Expr::col("version").eq(version));
        if tx.conn().execute(&update).await?.rows_affected() != 1 {
            return Err(Error::new(Code::VersionConflict));
        }
        let before = one(tx, school, was).await?;
        let after = one(tx, school, row).await?;
        let event = Event::new(Some(school), "phrase.updated", "phrase", phrase).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}

/// Removes a phrase. Comments that were made with it stay.
///
/// Errors: `not_found`.
pub async fn delete(db: &Db, ctx: &Ctx, school: UnitId, phrase: PhraseId) -> Result<()> {
    db.write(ctx, async |tx| {
        let was = own(tx, school, phrase).await?;
        let mut delete = Query::delete();
        delete.from_table("phrase").and_where(Expr::col("school_id").eq(school.0)).and_where(Expr::col("id").eq(phrase.0));
        tx.conn().execute(&delete).await?;
        let before = one(tx, school, was).await?;
        Ok(((), vec![Event::new(Some(school), "phrase.deleted", "phrase", phrase).before(&before)]))
    })
    .await
}
