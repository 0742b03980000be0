//! Imports of class lists: a file is read and compared with the records (dry run), then applied all or nothing, then, if need
//! be, undone as a whole.
//!
//! The dry run keeps the rows as they were read and what would happen with each. Applying compares anew and refuses where the
//! records have changed meanwhile, so that what happens is what was shown.

mod apply;
mod entity;
mod follow;
mod images;
pub mod kinds;
mod known;
pub mod parse;
mod plan;
mod undo;

pub use apply::apply;
pub(crate) use follow::{Followed, follow_in, give_back_in};
pub(crate) use undo::KEPT_IN_CLASS;
pub use undo::{Against, undo};

use crate::{calendar, units};
use dto::access::Permission;
use dto::calendar::Grade;
use dto::imports::{Import, ImportColumn, ImportItem, ImportListQuery, ImportQuery, ImportState, ImportSummary, Severity};
use dto::page::{Page, PageQuery};
use dto::{Code, ImportId, Lang, SchoolYearId, UnitId};
use entity::import;
use kernel::{Ctx, Db, Error, Event, Result, clock, id, page};
use known::Known;
use parse::{FaultCode, Options, ParsedFile};
use plan::{Plan, StoredRow, Target};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What the table keeps of an import: what was shown, and what is needed to show it again.
#[derive(Serialize, Deserialize)]
struct Stored {
    import: Import,
    rows: Vec<StoredRow>,
    class_name: Option<String>,
    grade: Option<Grade>,
}

/// Reads a file and compares it with the records. Nothing but the dry run itself is written.
///
/// Errors: `not_found` (the school), `invalid` with `school_year_id`, `file_too_large`, `file_not_readable` with what is wrong and
/// what to do.
pub async fn upload(db: &Db, ctx: &Ctx, query: &ImportQuery, file: Vec<u8>) -> Result<Import> {
    let school = units::school_in(db.read(), ctx, Permission::ImportWrite, query.school_id).await?;
    let year = calendar::year_in(db.read(), query.school_year_id)
        .await
        .map_err(|_| Error::field("school_year_id", Code::FieldChoice))?;
    let mut options = Options::new(clock::today());
    options.sheet = query.sheet.clone().filter(|name| !name.is_empty());
    let file_hash = hex::encode(Sha256::digest(&file));
    // Unpacking and reading take tens of milliseconds for a large file: not on a thread that serves others.
    let parsed = tokio::task::spawn_blocking(move || parse::parse(&file, &options))
        .await
        .map_err(|error| Error::internal(format!("reading a file: {error}")))?
        .map_err(|fault| refusal(&fault, ctx.lang))?;

    let target = Target {
        school: query.school_id,
        levels: school.levels,
        class_name: query.class_name.as_deref().map(kernel::text::clean).filter(|name| !name.is_empty()),
        grade: query.grade,
    };
    let now = clock::now();
    let mut import = Import {
        id: id::new(),
        school_id: query.school_id,
        school_year_id: year.id,
        file_name: query
            .file_name
            .as_deref()
            .map(|name| kernel::text::clean(name).chars().take(200).collect())
            .unwrap_or_default(),
        state: ImportState::DryRun,
        layout: parsed.layout.as_str().parse().map_err(|()| Error::internal("a layout without a name"))?,
        sheet: parsed.sheet.clone(),
        sheets: parsed.sheets.clone(),
        header_row: parsed.header_row,
        columns: columns(&parsed),
        summary: ImportSummary::default(),
        rows: Vec::new(),
        faults: parsed.file_faults.iter().cloned().map(plan::fault).collect(),
        created_at: now,
        applied_at: None,
        undone_at: None,
        version: 1,
    };
    let rows: Vec<StoredRow> = parsed.rows.into_iter().map(StoredRow::of).collect();
    let (_, plan) = compare(db.read(), &target, year.id, &rows).await?;
    show(&mut import, plan);
    let stored = Stored { import, rows, class_name: target.class_name, grade: target.grade };
    db.write(ctx, async |tx| {
        let row = import::Model {
            school_id: stored.import.school_id.0,
            id: stored.import.id.0,
            school_year_id: stored.import.school_year_id.0,
            file_name: stored.import.file_name.clone(),
            file_hash: file_hash.clone(),
            state: ImportState::DryRun.as_str().to_owned(),
            layout: stored.import.layout.as_str().to_owned(),
            summary: serde_json::to_string(&stored.import.summary).map_err(Error::internal)?,
            plan: serde_json::to_string(&stored).map_err(Error::internal)?,
            created_by: ctx.account.map(Uuid::from),
            created_at: now,
            applied_at: None,
            undone_at: None,
            version: 1,
        };
        import::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
        // The log holds what was done, not a second copy of the file.
        let event =
            Event::new(Some(stored.import.school_id), "import.read", "import", stored.import.id).after(&stored.import.summary);
        Ok(((), vec![event]))
    })
    .await?;
    Ok(stored.import)
}

/// The refusal of a file that cannot be read, with its advice in the caller's language.
pub fn refusal(fault: &parse::Fault, lang: Lang) -> Error {
    if fault.code == FaultCode::FileTooLarge {
        let max = fault.params.get("max").cloned().unwrap_or_default();
        return Error::new(Code::FileTooLarge).with("max", format!("{max} MB"));
    }
    Error::new(Code::FileNotReadable).with("why", lang.pick(&fault.vi, &fault.en)).with("reason", fault.code.as_str())
}

fn columns(parsed: &ParsedFile) -> Vec<ImportColumn> {
    let read = parsed.columns.iter().map(|c| ImportColumn {
        column: c.letter.clone(),
        header: c.header.clone(),
        field: Some(plan::field_key(c.field)),
    });
    let unused =
        parsed.unused_columns.iter().map(|c| ImportColumn { column: c.letter.clone(), header: c.header.clone(), field: None });
    let mut columns: Vec<ImportColumn> = read.chain(unused).collect();
    columns.sort_by(|a, b| (a.column.len(), &a.column).cmp(&(b.column.len(), &b.column)));
    columns
}

async fn compare(conn: &impl ConnectionTrait, target: &Target, year: SchoolYearId, rows: &[StoredRow]) -> Result<(Known, Plan)> {
    let fields: Vec<_> = rows.iter().map(|row| &row.fields).collect();
    let known = Known::load(conn, target.school, year, &fields).await?;
    let plan = plan::classify(rows, &known, target);
    Ok((known, plan))
}

fn show(import: &mut Import, plan: Plan) {
    import.summary = plan.summary();
    import.summary.warnings += import.faults.iter().filter(|f| f.severity == Severity::Warning).count() as u32;
    import.rows = plan.rows.into_iter().map(|(row, _)| row).collect();
}

/// An import with every row, as it was shown; after it was applied, with the learners and classes that it made.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, id: ImportId) -> Result<Import> {
    Ok(find_in(db.read(), ctx, id).await?.1.import)
}

async fn find_in(conn: &impl ConnectionTrait, ctx: &Ctx, id: ImportId) -> Result<(import::Model, Stored)> {
    let row = import::Entity::find().filter(import::Column::Id.eq(id.0)).one(conn).await?;
    let row = row.ok_or_else(|| Error::new(Code::NotFound))?;
    units::school_in(conn, ctx, Permission::ImportWrite, UnitId(row.school_id)).await?;
    let mut stored: Stored = serde_json::from_str(&row.plan).map_err(Error::internal)?;
    stored.import.state = crate::stored(&row.state)?;
    stored.import.applied_at = row.applied_at;
    stored.import.undone_at = row.undone_at;
    stored.import.version = row.version;
    Ok((row, stored))
}

#[derive(FromQueryResult)]
struct Item {
    id: Uuid,
    file_name: String,
    state: String,
    summary: String,
    created_at: chrono::DateTime<chrono::Utc>,
    created_by: Option<String>,
}

/// The imports of a school, the newest first.
///
/// Errors: `not_found` (the school), `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, query: &ImportListQuery, page: &PageQuery) -> Result<Page<ImportItem>> {
    units::school_in(db.read(), ctx, Permission::ImportWrite, query.school_id).await?;
    let after = page::decode::<Uuid>(page.after.as_deref())?;
    let mut select = Query::select();
    select
        .columns([("i", "id"), ("i", "file_name"), ("i", "state"), ("i", "summary"), ("i", "created_at")])
        .expr_as(Expr::col(("a", "username")), "created_by")
        .from_as("import", "i")
        // Who uploaded is shown by the name that they sign in with.
        .join_as(JoinType::LeftJoin, "account", "a", Expr::col(("a", "id")).equals(("i", "created_by")))
        .and_where(Expr::col(("i", "school_id")).eq(query.school_id.0))
        .order_by(("i", "id"), Order::Desc)
        .limit(page.limit() + 1);
    if let Some(after) = after {
        select.and_where(Expr::col(("i", "id")).lt(after));
    }
    let rows = crate::all::<Item>(db.read(), &select).await?;
    let items: Vec<(Uuid, ImportItem)> = rows
        .into_iter()
        .map(|row| {
            let item = ImportItem {
                id: ImportId(row.id),
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
