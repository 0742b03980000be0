//! The official files that forms are filled into, uploaded by the school.

use super::fill::{self, Found};
use super::form::Table;
use chrono::{DateTime, Utc};
use dto::exchange::{ExportKind, ExportTemplate};
use dto::{Code, Lang, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, clock};
use records::imports::parse::Options;
use records::imports::parse::book::{self, Sheet};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict, Query};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A template that is kept.
pub(super) struct Template {
    pub file_name: String,
    pub bytes: Vec<u8>,
    pub uploaded_at: DateTime<Utc>,
}

fn these(school: UnitId, kind: ExportKind) -> Condition {
    Condition::all().add(Expr::col("school_id").eq(school.0)).add(Expr::col("kind").eq(kind.as_str()))
}

pub(super) async fn find(conn: &impl ConnectionTrait, school: UnitId, kind: ExportKind) -> Result<Option<Template>> {
    let mut query = Query::select();
    query.columns(["file_name", "bytes", "uploaded_at"]).from("export_template").cond_where(these(school, kind));
    let row = conn.query_one(&query).await?;
    row.map(|row| {
        Ok(Template {
            file_name: row.try_get_by_index(0)?,
            bytes: row.try_get_by_index(1)?,
            uploaded_at: row.try_get_by_index(2)?,
        })
    })
    .transpose()
}

fn open(bytes: &[u8], lang: Lang) -> Result<Vec<Sheet>> {
    book::sheets(bytes, &Options::new(clock::today())).map_err(|fault| records::imports::refusal(&fault, lang))
}

fn found(sheets: &[Sheet], table: &Table) -> Result<Found> {
    // One column, such as a name, is in every list.
    fill::find(sheets, &table.columns).filter(|found| found.count() > 1).ok_or_else(|| {
        let wanted: Vec<String> = table.columns.iter().filter(|c| !c.of_template).take(8).map(|c| c.header()).collect();
        Error::new(Code::TemplateUnfit).with("columns", wanted.join("; "))
    })
}

impl Template {
    fn read(&self, table: &Table) -> Result<(Vec<Sheet>, Found)> {
        let sheets = open(&self.bytes, Lang::Vi)?;
        let found = found(&sheets, table)?;
        Ok((sheets, found))
    }

    /// As it is listed.
    pub fn shown(&self, kind: ExportKind) -> Result<ExportTemplate> {
        let (_, found) = self.read(&bare(kind))?;
        Ok(ExportTemplate {
            file_name: self.file_name.clone(),
            uploaded_at: self.uploaded_at,
            found: u32::try_from(found.count()).unwrap_or(u32::MAX),
            sheet: found.sheet,
            unfilled: found.unfilled,
        })
    }

    /// For each column of a form whether the template has it.
    pub fn columns(&self, table: &Table) -> Result<Vec<bool>> {
        Ok(self.read(table)?.1.places.iter().map(Option::is_some).collect())
    }

    /// The template with the rows of a form in it.
    pub fn filled(&self, table: &Table, lang: Lang) -> Result<Vec<u8>> {
        let (sheets, found) = self.read(table)?;
        let Some(sheet) = sheets.iter().find(|sheet| sheet.part == found.part) else {
            return Err(Error::internal("a sheet that was there is not"));
        };
        let cells = fill::cells(sheet, &found, table);
        book::fill(&self.bytes, &found.part, &cells).map_err(|fault| records::imports::refusal(&fault, lang))
    }
}

/// A form without rows: what a template is looked at with.
fn bare(kind: ExportKind) -> Table {
    let name = usize::from(kind != ExportKind::Facilities);
    Table { name, ..Table::new(kind, super::columns(kind)) }
}

/// Keeps the official file of a kind in the place of one before, once columns of the form were found in it.
///
/// Errors: `not_found`, `file_not_readable` with what to do, `template_unfit`.
pub async fn put(db: &Db, ctx: &Ctx, id: UnitId, kind: ExportKind, name: Option<&str>, bytes: Vec<u8>) -> Result<ExportTemplate> {
    let school = super::school(db.read(), ctx, id).await?;
    let name = name.map(kernel::text::clean).filter(|name| !name.is_empty()).unwrap_or_else(|| format!("{kind}.xlsx"));
    let template = Template { file_name: name.chars().take(200).collect(), bytes, uploaded_at: clock::now() };
    let lang = ctx.lang;
    let (template, shown) = tokio::task::spawn_blocking(move || {
        found(&open(&template.bytes, lang)?, &bare(kind))?;
        let shown = template.shown(kind)?;
        Ok::<_, Error>((template, shown))
    })
    .await
    .map_err(Error::internal)??;
    db.write(ctx, async |tx| {
        let mut insert = Query::insert();
        insert
            .into_table("export_template")
            .columns(["school_id", "kind", "file_name", "bytes", "uploaded_at", "uploaded_by"])
            .values_panic([
                school.id.0.into(),
                kind.as_str().into(),
                template.file_name.as_str().into(),
                template.bytes.clone().into(),
                template.uploaded_at.into(),
                ctx.account.map(Uuid::from).into(),
            ])
            .on_conflict(
                OnConflict::columns(["school_id", "kind"])
                    .update_columns(["file_name", "bytes", "uploaded_at", "uploaded_by"])
                    .to_owned(),
            );
        tx.conn().execute(&insert).await?;
        let said = json!({ "file": hex::encode(Sha256::digest(&template.bytes)), "found": shown.found });
        Ok((shown.clone(), vec![Event::new(Some(school.id), "export.template_put", "export", kind).after(&said)]))
    })
    .await
}

/// Takes the official file of a kind away: files are made in a sheet of ours again.
///
/// Errors: `not_found`.
pub async fn remove(db: &Db, ctx: &Ctx, id: UnitId, kind: ExportKind) -> Result<()> {
    let school = super::school(db.read(), ctx, id).await?;
    db.write(ctx, async |tx| {
        let mut delete = Query::delete();
        delete.from_table("export_template").cond_where(these(school.id, kind));
        if tx.conn().execute(&delete).await?.rows_affected() == 0 {
            return Err(Error::new(Code::NotFound));
        }
        Ok(((), vec![Event::new(Some(school.id), "export.template_removed", "export", kind)]))
    })
    .await
}
