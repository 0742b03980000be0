//! What is done with an import of any kind.

use super::entity::{file_import, row, source};
use super::rows::{Compared, Held, compare, load, save_changed, store};
use super::{Conn, Image, Kind, Kinds, Opened, Scope, columns};
use crate::imports::entity::change;
use crate::imports::parse::Options;
use crate::imports::parse::table;
use crate::imports::{plan, refusal};
use crate::{bulk, units};
use dto::access::Permission;
use dto::file_imports::{
    FileImport, FileImportColumn, FileImportItem, FileImportKind, FileImportListQuery, FileImportQuery, PutFileImportCells,
    PutFileImportColumns,
};
use dto::imports::{ApplyImport, ImportFault, ImportState, ImportSummary, RowOutcome, Severity};
use dto::page::{Page, PageQuery};
use dto::{Code, ImportId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id, page};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseExecutor, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What is kept of the file as a whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Head {
    pub sheet: String,
    pub header_row: u32,
    pub title_class: Option<String>,
    pub columns: Vec<FileImportColumn>,
    /// Faults of reading alone.
    pub faults: Vec<ImportFault>,
}

/// The kinds whose files the caller may bring.
pub fn kinds(kinds: &Kinds) -> Page<FileImportKind> {
    Page { items: kinds.iter().map(super::told).collect(), next: None }
}

/// Reads a file and compares it with the records. Nothing but the dry run itself is written.
///
/// Errors: `not_found` (what the import is of), `invalid` with `kind`, `unit_closed` for what only an open school can get,
/// `import_kind_scope`, `file_too_large`, `file_not_readable` with what is wrong and what to do.
pub async fn upload(db: &Db, ctx: &Ctx, kinds: &'static Kinds, query: &FileImportQuery, file: Vec<u8>) -> Result<FileImport> {
    let kind = kinds.get(&query.kind).map_err(|_| Error::field("kind", Code::FieldChoice))?;
    let scope = Scope::of_upload(query);
    let conn = DatabaseExecutor::Connection(db.read());
    let mut opened = kind.open(&conn, ctx, &scope).await?;
    check_school(&conn, ctx, kind, &scope).await?;
    let known = opened.columns();
    let mut options = Options { limits: table::limits(), ..Options::new(clock::today()) };
    options.sheet = query.sheet.clone().filter(|name| !name.is_empty());
    let file_hash = hex::encode(Sha256::digest(&file));
    // Reading takes up to seconds for a large file: not on a thread that serves others.
    let (file, read) = tokio::task::spawn_blocking({
        let known = known.clone();
        move || {
            let read = table::read(&file, &options, |grid| kind.find(grid, &known));
            (file, read)
        }
    })
    .await
    .map_err(|error| Error::internal(format!("reading a file: {error}")))?;
    let read = read.map_err(|fault| refusal(&fault, ctx.lang))?;

    let memory = columns::remembered(db.read(), kind, &scope).await?;
    let head = Head {
        sheet: read.sheet,
        header_row: read.found.first_row,
        title_class: read.found.title_class.clone(),
        columns: columns::assign(&read.found, &known, &memory),
        faults: read.faults.into_iter().map(plan::fault).collect(),
    };
    let rows = read.rows.into_iter().map(|(row, cells)| Held { row, cells, edits: BTreeMap::new() }).collect();
    let compared = compare(&conn, opened.as_mut(), &head, rows).await?;
    let now = clock::now();
    let model = file_import::Model {
        school_id: scope.school_id.0,
        id: id::new(),
        kind: kind.code().to_owned(),
        scope: serde_json::to_string(&scope).map_err(Error::internal)?,
        file_name: query.file_name.as_deref().map(|n| kernel::text::clean(n).chars().take(200).collect()).unwrap_or_default(),
        file_hash,
        state: ImportState::DryRun.as_str().to_owned(),
        head: serde_json::to_string(&head).map_err(Error::internal)?,
        summary: serde_json::to_string(&compared.summary).map_err(Error::internal)?,
        created_by: ctx.account.map(Uuid::from),
        created_at: now,
        applied_at: None,
        undone_at: None,
        version: 1,
    };
    db.write(ctx, async |tx| {
        file_import::Entity::insert(model.clone().into_active_model()).exec_without_returning(tx.conn()).await?;
        let kept = source::Model { school_id: model.school_id, import_id: model.id, bytes: file.clone() };
        source::Entity::insert(kept.into_active_model()).exec_without_returning(tx.conn()).await?;
        store(tx, model.school_id, model.id, &compared.rows).await?;
        // The log holds what was done, not a second copy of the file.
        let event = Event::new(Some(scope.school_id), "file_import.read", "file_import", ImportId(model.id))
            .after(&serde_json::json!({"kind": model.kind, "file": model.file_hash, "summary": compared.summary}));
        Ok(((), vec![event]))
    })
    .await?;
    shown(&model, &scope, &head, opened.as_ref())
}

fn shown(model: &file_import::Model, scope: &Scope, head: &Head, opened: &dyn Opened) -> Result<FileImport> {
    let known = opened.columns();
    let mut faults = head.faults.clone();
    faults.extend(columns::lacking(&head.columns, &known));
    Ok(FileImport {
        id: ImportId(model.id),
        kind: model.kind.clone(),
        school_id: scope.school_id,
        class_id: scope.class_id,
        subject_code: scope.subject_code.clone(),
        term: scope.term,
        file_name: model.file_name.clone(),
        state: crate::stored(&model.state)?,
        sheet: head.sheet.clone(),
        header_row: head.header_row,
        columns: head.columns.clone(),
        fields: known.iter().map(super::Column::told).collect(),
        summary: serde_json::from_str(&model.summary).map_err(Error::internal)?,
        faults,
        created_at: model.created_at,
        applied_at: model.applied_at,
        undone_at: model.undone_at,
        version: model.version,
    })
}

/// An import that the caller may see: who may write what it is of.
pub(super) struct Found<'k> {
    pub model: file_import::Model,
    pub kind: &'k dyn Kind,
    pub scope: Scope,
    pub head: Head,
    pub opened: Box<dyn Opened>,
}

pub(super) async fn find_in<'k>(conn: &Conn<'_>, ctx: &Ctx, kinds: &'k Kinds, id: ImportId) -> Result<Found<'k>> {
    let model = file_import::Entity::find().filter(file_import::Column::Id.eq(id.0)).one(conn).await?;
    let model = model.ok_or_else(|| Error::new(Code::NotFound))?;
    units::reachable_in(conn, ctx, Permission::FileImport, UnitId(model.school_id)).await?;
    let kind = kinds.get(&model.kind)?;
    let scope: Scope = serde_json::from_str(&model.scope).map_err(Error::internal)?;
    let head: Head = serde_json::from_str(&model.head).map_err(Error::internal)?;
    let opened = kind.open(conn, ctx, &scope).await?;
    Ok(Found { model, kind, scope, head, opened })
}

/// A school that was closed or merged, also between the dry run and its application, gets nothing new.
async fn check_school(conn: &Conn<'_>, ctx: &Ctx, kind: &dyn Kind, scope: &Scope) -> Result<()> {
    if !kind.needs_open_school() {
        return Ok(());
    }
    let school = units::reachable_in(conn, ctx, Permission::FileImport, scope.school_id).await?;
    units::check_open(&school, clock::today())
}

/// An import without its rows.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, kinds: &Kinds, id: ImportId) -> Result<FileImport> {
    let found = find_in(&DatabaseExecutor::Connection(db.read()), ctx, kinds, id).await?;
    shown(&found.model, &found.scope, &found.head, found.opened.as_ref())
}

#[derive(FromQueryResult)]
struct Item {
    id: Uuid,
    kind: String,
    file_name: String,
    state: String,
    summary: String,
    created_at: chrono::DateTime<chrono::Utc>,
    created_by: Option<String>,
}

/// The imports of a school, the newest first: all for its office, one's own for teachers.
///
/// Errors: `not_found` (the school), `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, query: &FileImportListQuery, page: &PageQuery) -> Result<Page<FileImportItem>> {
    units::reachable_in(db.read(), ctx, Permission::FileImport, query.school_id).await?;
    let office = units::reachable_in(db.read(), ctx, Permission::ImportWrite, query.school_id).await.is_ok();
    let after = page::decode::<Uuid>(page.after.as_deref())?;
    let mut select = Query::select();
    select
        .columns([("i", "id"), ("i", "kind"), ("i", "file_name"), ("i", "state"), ("i", "summary"), ("i", "created_at")])
        .expr_as(Expr::col(("a", "username")), "created_by")
        .from_as("file_import", "i")
        .join_as(JoinType::LeftJoin, "account", "a", Expr::col(("a", "id")).equals(("i", "created_by")))
        .and_where(Expr::col(("i", "school_id")).eq(query.school_id.0))
        .order_by(("i", "id"), Order::Desc)
        .limit(page.limit() + 1);
    if !office {
        let own = ctx.account.map(Uuid::from);
        select.cond_where(Condition::all().add(Expr::col(("i", "created_by")).eq(own)));
    }
    if let Some(after) = after {
        select.and_where(Expr::col(("i", "id")).lt(after));
    }
    let rows = crate::all::<Item>(db.read(), &select).await?;
    let items: Vec<(Uuid, FileImportItem)> = rows
        .into_iter()
        .map(|row| {
            let item = FileImportItem {
                id: ImportId(row.id),
                kind: row.kind,
                file_name: row.file_name,
                state: crate::stored(&row.state)?,
                summary: serde_json::from_str(&row.summary).map_err(Error::internal)?,
                created_at: row.created_at,
                created_by: row.created_by,
            };
            Ok((row.id, item))
        })
        .collect::<Result<_>>()?;
    Ok(page::of(items, page.limit(), |(id, _)| *id, |(_, item)| item))
}

/// A dry run as it stands, for being changed.
async fn dry_run<'k>(conn: &Conn<'_>, ctx: &Ctx, kinds: &'k Kinds, id: ImportId, version: i64) -> Result<Found<'k>> {
    let found = find_in(conn, ctx, kinds, id).await?;
    if found.model.state != ImportState::DryRun.as_str() {
        return Err(Error::new(Code::ImportState));
    }
    if found.model.version != version {
        return Err(Error::new(Code::VersionConflict));
    }
    Ok(found)
}

/// Says what the columns of the file are. What differs from before is remembered for the school and the kind; all rows are compared
/// anew.
///
/// Errors: `not_found`, `version_conflict`, `import_state`, `invalid` with the column or field.
pub async fn put_columns(
    db: &Db,
    ctx: &Ctx,
    kinds: &Kinds,
    id: ImportId,
    version: i64,
    body: &PutFileImportColumns,
) -> Result<FileImport> {
    let conn = DatabaseExecutor::Connection(db.read());
    let mut found = dry_run(&conn, ctx, kinds, id, version).await?;
    found.head.columns = columns::corrected(&found.head.columns, &found.opened.columns(), body)?;
    recompare(db, ctx, found, |_| Ok(()), "file_import.columns").await
}

/// Corrects cells. The file stays as it was sent; all rows are compared anew.
///
/// Errors: `not_found`, `version_conflict`, `import_state`, `invalid` with the cell whose row or field there is not.
pub async fn put_cells(
    db: &Db,
    ctx: &Ctx,
    kinds: &Kinds,
    id: ImportId,
    version: i64,
    body: &PutFileImportCells,
) -> Result<FileImport> {
    let conn = DatabaseExecutor::Connection(db.read());
    let found = dry_run(&conn, ctx, kinds, id, version).await?;
    let known = found.opened.columns();
    let correct = |rows: &mut Vec<Held>| {
        for (at, cell) in body.cells.iter().enumerate() {
            if !known.iter().any(|k| k.field == cell.field) {
                return Err(Error::field(format!("/cells/{at}/field"), Code::FieldChoice));
            }
            let row = rows.binary_search_by_key(&cell.row, |row| row.row);
            let row = row.map_err(|_| Error::field(format!("/cells/{at}/row"), Code::FieldChoice))?;
            match &cell.text {
                Some(text) => {
                    rows[row].edits.insert(cell.field.clone(), kernel::text::clean(text));
                }
                None => {
                    rows[row].edits.remove(&cell.field);
                }
            }
        }
        Ok(())
    };
    recompare(db, ctx, found, correct, "file_import.corrected").await
}

async fn recompare(
    db: &Db,
    ctx: &Ctx,
    found: Found<'_>,
    correct: impl Fn(&mut Vec<Held>) -> Result<()>,
    verb: &'static str,
) -> Result<FileImport> {
    let Found { mut model, kind, scope, head, mut opened } = found;
    let conn = DatabaseExecutor::Connection(db.read());
    let before = load(&conn, model.school_id, model.id).await?;
    let mut held = before.iter().map(Held::of).collect::<Result<Vec<Held>>>()?;
    correct(&mut held)?;
    let Compared { rows, summary, .. } = compare(&conn, opened.as_mut(), &head, held).await?;
    let was: ImportSummary = serde_json::from_str(&model.summary).map_err(Error::internal)?;
    model.head = serde_json::to_string(&head).map_err(Error::internal)?;
    model.summary = serde_json::to_string(&summary).map_err(Error::internal)?;
    db.write(ctx, async |tx| {
        let done = file_import::Entity::update_many()
            .col_expr(file_import::Column::Head, Expr::val(model.head.clone()))
            .col_expr(file_import::Column::Summary, Expr::val(model.summary.clone()))
            .col_expr(file_import::Column::Version, Expr::val(model.version + 1))
            .filter(file_import::Column::SchoolId.eq(model.school_id))
            .filter(file_import::Column::Id.eq(model.id))
            .filter(file_import::Column::Version.eq(model.version))
            .filter(file_import::Column::State.eq(ImportState::DryRun.as_str()))
            .exec(tx.conn())
            .await?;
        if done.rows_affected == 0 {
            return Err(Error::new(Code::VersionConflict));
        }
        save_changed(tx, &before, model.school_id, model.id, &rows).await?;
        columns::remember_in(tx, kind, &scope, &head.columns).await?;
        let event = Event::new(Some(scope.school_id), verb, "file_import", ImportId(model.id))
            .before(&was)
            .after(&serde_json::json!({"summary": summary, "columns": head.columns}));
        Ok(((), vec![event]))
    })
    .await?;
    model.version += 1;
    shown(&model, &scope, &head, opened.as_ref())
}

/// Takes an import from one state to the next. Of two who try at once one finds the state changed.
async fn claim(tx: &Tx<'_>, model: &file_import::Model, from: ImportState, to: ImportState) -> Result<()> {
    let done = file_import::Entity::update_many()
        .col_expr(file_import::Column::State, Expr::val(to.as_str()))
        .col_expr(file_import::Column::Version, Expr::col(file_import::Column::Version).add(1))
        .filter(file_import::Column::SchoolId.eq(model.school_id))
        .filter(file_import::Column::Id.eq(model.id))
        .filter(file_import::Column::State.eq(from.as_str()))
        .exec(tx.conn())
        .await?;
    if done.rows_affected == 0 { Err(Error::new(Code::ImportState)) } else { Ok(()) }
}

/// Applies a dry run: everything that was shown, in one transaction, or nothing.
///
/// Errors: `not_found`; `unit_closed` for what only an open school can get; `import_state` where it is applied or undone already;
/// `import_stale` where the records have changed since the dry run; `import_has_faults` while rows are faulty or in conflict and are not left out on purpose, or the file as a whole has errors.
pub async fn apply(db: &Db, ctx: &Ctx, kinds: &Kinds, id: ImportId, body: &ApplyImport) -> Result<FileImport> {
    db.write(ctx, async |tx| {
        let conn = DatabaseExecutor::Transaction(tx.conn());
        let Found { mut model, kind, scope, head, mut opened } = find_in(&conn, ctx, kinds, id).await?;
        check_school(&conn, ctx, kind, &scope).await?;
        claim(tx, &model, ImportState::DryRun, ImportState::Applied).await?;
        let before = load(&conn, model.school_id, model.id).await?;
        let held = before.iter().map(Held::of).collect::<Result<Vec<Held>>>()?;
        let compared = compare(&conn, opened.as_mut(), &head, held).await?;
        stands(&before, &compared)?;
        let of_file = head.faults.iter().filter(|f| f.severity == Severity::Error).count()
            + columns::lacking(&head.columns, &opened.columns()).len();
        let of_rows = compared.summary.faulty + compared.summary.conflict;
        if of_file > 0 || (of_rows > 0 && !body.skip_faulty) {
            return Err(Error::new(Code::ImportHasFaults).with("count", u32::try_from(of_file).unwrap_or(u32::MAX) + of_rows));
        }
        let done = opened.apply(tx, &compared.to_write).await?;
        let digest = save_images(tx, model.school_id, model.id, &done.images).await?;
        let mut events = done.events;
        let after = serde_json::json!({"kind": model.kind, "summary": compared.summary, "skip_faulty": body.skip_faulty, "changes": digest});
        events.push(Event::new(Some(scope.school_id), "file_import.applied", "file_import", id).after(&after));
        file_import::Entity::update_many()
            .col_expr(file_import::Column::AppliedAt, Expr::val(Some(tx.now())))
            .filter(file_import::Column::SchoolId.eq(model.school_id))
            .filter(file_import::Column::Id.eq(model.id))
            .exec(tx.conn())
            .await?;
        model.state = ImportState::Applied.as_str().to_owned();
        model.applied_at = Some(tx.now());
        model.version += 1;
        Ok((shown(&model, &scope, &head, opened.as_ref())?, events))
    })
    .await
}

/// The rows must be as they were shown.
fn stands(before: &[row::Model], now: &Compared) -> Result<()> {
    for (was, is) in before.iter().zip(&now.rows) {
        let was: super::Checked = serde_json::from_str(&was.view).map_err(Error::internal)?;
        if (was.outcome, &was.changes) != (is.checked.outcome, &is.checked.changes) {
            return Err(Error::new(Code::ImportStale));
        }
    }
    Ok(())
}

/// The log by which the import is undone; SHA-256 over it, which the audit chain vouches for.
async fn save_images(tx: &Tx<'_>, school: Uuid, import: Uuid, images: &[Image]) -> Result<String> {
    let mut hash = Sha256::new();
    for image in images {
        for text in [
            &image.subject,
            &image.id,
            image.before.as_ref().unwrap_or(&String::new()),
            image.after.as_ref().unwrap_or(&String::new()),
        ] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
    }
    let rows = images.iter().zip(0..).map(|(image, seq)| change::Model {
        school_id: school,
        import_id: import,
        seq,
        subject: image.subject.clone(),
        subject_id: image.id.clone(),
        before: image.before.clone(),
        after: image.after.clone(),
    });
    bulk::insert_many_in(tx, rows.collect()).await?;
    Ok(hex::encode(hash.finalize()))
}

/// Undoes an import that was applied.
///
/// Errors: `not_found`; `import_state` where it is not applied; `import_changed_since` with what was edited or used since, and nothing
/// is undone.
pub async fn undo(db: &Db, ctx: &Ctx, kinds: &Kinds, id: ImportId) -> Result<FileImport> {
    db.write(ctx, async |tx| {
        let conn = DatabaseExecutor::Transaction(tx.conn());
        let Found { mut model, kind, scope, head, opened } = find_in(&conn, ctx, kinds, id).await?;
        claim(tx, &model, ImportState::Applied, ImportState::Undone).await?;
        let changes = change::Entity::find()
            .filter(change::Column::SchoolId.eq(model.school_id))
            .filter(change::Column::ImportId.eq(model.id))
            .order_by_asc(change::Column::Seq)
            .all(tx.conn())
            .await?;
        let images: Vec<Image> = changes
            .into_iter()
            .map(|c| Image { subject: c.subject, id: c.subject_id, before: c.before, after: c.after })
            .collect();
        let mut events = kind.undo(tx, &scope, &images).await?;
        file_import::Entity::update_many()
            .col_expr(file_import::Column::UndoneAt, Expr::val(Some(tx.now())))
            .filter(file_import::Column::SchoolId.eq(model.school_id))
            .filter(file_import::Column::Id.eq(model.id))
            .exec(tx.conn())
            .await?;
        model.state = ImportState::Undone.as_str().to_owned();
        model.undone_at = Some(tx.now());
        model.version += 1;
        let summary: ImportSummary = serde_json::from_str(&model.summary).map_err(Error::internal)?;
        events.push(Event::new(Some(scope.school_id), "file_import.undone", "file_import", id).before(&summary));
        Ok((shown(&model, &scope, &head, opened.as_ref())?, events))
    })
    .await
}

/// The bytes of the file as it was sent.
pub(super) async fn bytes_of(conn: &impl ConnectionTrait, model: &file_import::Model) -> Result<Vec<u8>> {
    let kept = source::Entity::find_by_id((model.school_id, model.id)).one(conn).await?;
    kept.map(|kept| kept.bytes).ok_or_else(|| Error::new(Code::NotFound))
}

/// Whether a row is one that applying would write.
pub(super) fn writes(outcome: RowOutcome) -> bool {
    matches!(outcome, RowOutcome::New | RowOutcome::Changed)
}
