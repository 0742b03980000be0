//! The rows of an import: compared some at a time, kept, and read page by page.

use super::entity::row;
use super::verbs::{Head, find_in, writes};
use super::{CHUNK, Checked, Conn, Kinds, Line, Opened};
use crate::bulk;
use crate::imports::parse::book::parse_address;
use crate::imports::parse::table::Raw;
use dto::file_imports::{FileImportColumn, FileImportRow, FileImportRowsQuery};
use dto::imports::{ImportSummary, RowOutcome};
use dto::page::{Page, PageQuery};
use dto::{Code, ImportId};
use kernel::{Ctx, Db, Error, Result, Tx, page};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseExecutor, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A row as the file has it, with what was corrected.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub row: u32,
    /// JSON: cells by column.
    pub cells: String,
    pub edits: BTreeMap<String, String>,
}

impl Held {
    pub fn of(model: &row::Model) -> Result<Held> {
        let edits = model.edits.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?;
        Ok(Held { row: u32::try_from(model.row).unwrap_or(0), cells: model.cells.clone(), edits: edits.unwrap_or_default() })
    }

    /// The cells by field, corrections in them.
    fn line(&self, places: &[(usize, String)]) -> Result<Line> {
        let raw: Vec<Option<Raw>> = serde_json::from_str(&self.cells).map_err(Error::internal)?;
        let mut cells: BTreeMap<String, Raw> = BTreeMap::new();
        for (index, field) in places {
            if let Some(Some(cell)) = raw.get(*index) {
                cells.insert(field.clone(), cell.clone());
            }
        }
        for (field, text) in &self.edits {
            if text.is_empty() {
                cells.remove(field);
            } else {
                cells.insert(field.clone(), Raw::Text(text.clone()));
            }
        }
        Ok(Line { row: self.row, cells })
    }
}

/// Where each field stands in the cells of a row.
fn places(columns: &[FileImportColumn]) -> Vec<(usize, String)> {
    columns
        .iter()
        .filter_map(|column| {
            let (index, _) = parse_address(&format!("{}1", column.column))?;
            Some((usize::from(index), column.field.clone()?))
        })
        .collect()
}

/// A row and what would happen with it.
#[derive(Clone, Debug)]
pub(super) struct ComparedRow {
    pub held: Held,
    pub checked: Checked,
}

#[derive(Debug, Default)]
pub(super) struct Compared {
    pub rows: Vec<ComparedRow>,
    pub summary: ImportSummary,
    /// The rows that applying would write.
    pub to_write: Vec<Line>,
}

/// Compares all rows with the records, some at a time.
pub(super) async fn compare(conn: &Conn<'_>, opened: &mut dyn Opened, head: &Head, rows: Vec<Held>) -> Result<Compared> {
    opened.title_class(head.title_class.as_deref());
    let places = places(&head.columns);
    let letter: BTreeMap<&str, &str> =
        head.columns.iter().filter_map(|c| Some((c.field.as_deref()?, c.column.as_str()))).collect();
    let mut out = Compared { rows: Vec::with_capacity(rows.len()), ..Compared::default() };
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<Held> = rows.by_ref().take(CHUNK).collect();
        let lines = chunk.iter().map(|held| held.line(&places)).collect::<Result<Vec<Line>>>()?;
        let checked = opened.check(conn, &lines).await?;
        if checked.len() != lines.len() {
            return Err(Error::internal("a kind of import lost rows"));
        }
        for ((held, line), mut checked) in chunk.into_iter().zip(lines).zip(checked) {
            for fault in &mut checked.faults {
                fault.column = fault.field.as_deref().and_then(|field| letter.get(field)).map(|letter| (*letter).to_owned());
            }
            count(&mut out.summary, &checked);
            if writes(checked.outcome) {
                out.to_write.push(line);
            }
            out.rows.push(ComparedRow { held, checked });
        }
    }
    out.summary.new_classes = opened.new_classes();
    Ok(out)
}

fn count(summary: &mut ImportSummary, checked: &Checked) {
    summary.rows += 1;
    *match checked.outcome {
        RowOutcome::New => &mut summary.new,
        RowOutcome::Same => &mut summary.same,
        RowOutcome::Changed => &mut summary.changed,
        RowOutcome::Conflict => &mut summary.conflict,
        RowOutcome::Faulty => &mut summary.faulty,
    } += 1;
    summary.warnings += u32::from(checked.warned());
}

fn model(school: Uuid, import: Uuid, row: &ComparedRow) -> Result<row::Model> {
    let edits = (!row.held.edits.is_empty()).then(|| serde_json::to_string(&row.held.edits)).transpose();
    Ok(row::Model {
        school_id: school,
        import_id: import,
        row: i32::try_from(row.held.row).unwrap_or(i32::MAX),
        outcome: row.checked.outcome.as_str().to_owned(),
        warned: row.checked.warned(),
        cells: row.held.cells.clone(),
        edits: edits.map_err(Error::internal)?,
        view: serde_json::to_string(&row.checked).map_err(Error::internal)?,
    })
}

pub(super) async fn store(tx: &Tx<'_>, school: Uuid, import: Uuid, rows: &[ComparedRow]) -> Result<()> {
    for chunk in rows.chunks(CHUNK) {
        let models = chunk.iter().map(|row| model(school, import, row)).collect::<Result<Vec<row::Model>>>()?;
        bulk::insert_many_in(tx, models).await?;
    }
    Ok(())
}

/// Writes the rows that differ from before.
pub(super) async fn save_changed(
    tx: &Tx<'_>,
    before: &[row::Model],
    school: Uuid,
    import: Uuid,
    rows: &[ComparedRow],
) -> Result<()> {
    for (was, row) in before.iter().zip(rows) {
        let now = model(school, import, row)?;
        if now == *was {
            continue;
        }
        row::Entity::update_many()
            .col_expr(row::Column::Outcome, Expr::val(now.outcome))
            .col_expr(row::Column::Warned, Expr::val(now.warned))
            .col_expr(row::Column::Edits, Expr::val(now.edits))
            .col_expr(row::Column::View, Expr::val(now.view))
            .filter(row::Column::SchoolId.eq(school))
            .filter(row::Column::ImportId.eq(import))
            .filter(row::Column::Row.eq(now.row))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

pub(super) async fn load(conn: &Conn<'_>, school: Uuid, import: Uuid) -> Result<Vec<row::Model>> {
    Ok(row::Entity::find()
        .filter(row::Column::SchoolId.eq(school))
        .filter(row::Column::ImportId.eq(import))
        .order_by_asc(row::Column::Row)
        .all(conn)
        .await?)
}

/// The rows of an import, narrowed by what would happen with them, in the order of the file.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn rows(
    db: &Db,
    ctx: &Ctx,
    kinds: &Kinds,
    id: ImportId,
    query: &FileImportRowsQuery,
    page: &PageQuery,
) -> Result<Page<FileImportRow>> {
    let conn = DatabaseExecutor::Connection(db.read());
    let found = find_in(&conn, ctx, kinds, id).await?;
    let after = page::decode::<i32>(page.after.as_deref())?;
    let mut select = row::Entity::find()
        .filter(row::Column::SchoolId.eq(found.model.school_id))
        .filter(row::Column::ImportId.eq(found.model.id));
    if let Some(outcome) = query.outcome {
        select = select.filter(row::Column::Outcome.eq(outcome.as_str()));
    }
    if query.warnings == Some(true) {
        select = select.filter(row::Column::Warned.eq(true));
    }
    if let Some(after) = after {
        select = select.filter(row::Column::Row.gt(after));
    }
    let models = select.order_by_asc(row::Column::Row).limit(page.limit() + 1).all(&conn).await?;
    let places = places(&found.head.columns);
    let told = |model: row::Model| -> Result<FileImportRow> {
        let held = Held::of(&model)?;
        let line = held.line(&places)?;
        let checked: Checked = serde_json::from_str(&model.view).map_err(Error::internal)?;
        Ok(FileImportRow {
            row: held.row,
            outcome: checked.outcome,
            title: checked.title,
            cells: line.cells.into_iter().map(|(field, raw)| (field, raw.text())).collect(),
            corrected: held.edits.into_keys().collect(),
            changes: checked.changes,
            faults: checked.faults,
            quality: checked.quality,
        })
    };
    let found = page::of(models, page.limit(), |model| model.row, told);
    Ok(Page { items: found.items.into_iter().collect::<Result<_>>()?, next: found.next })
}

/// The faults of all rows that have any, with the place of each.
pub(super) async fn faulty(conn: &Conn<'_>, school: Uuid, import: Uuid) -> Result<Vec<(u32, Checked)>> {
    let models = load(conn, school, import).await?;
    let mut out = Vec::new();
    for model in models {
        let checked: Checked = serde_json::from_str(&model.view).map_err(Error::internal)?;
        if !checked.faults.is_empty() {
            out.push((u32::try_from(model.row).map_err(|_| Error::new(Code::NotFound))?, checked));
        }
    }
    Ok(out)
}
