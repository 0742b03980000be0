//! Files and figures for the Ministry: what a form asks for is told once ([`form`]), and the check, our own file, the official template and the
//! package that is sent are all made of it.

mod facilities;
mod fill;
pub mod form;
mod learners;
pub mod packages;
mod reports;
mod results;
mod sheet;
mod staff;
mod templates;

pub use packages::{CHANNEL, Exchange, Package, Reply, deliver, list, send};
pub use reports::{form_of, put_figures};
pub use templates::{put as put_template, remove as remove_template};

use dto::access::Permission;
use dto::calendar::SchoolYear;
use dto::exchange::*;
use dto::units::{SchoolLevel, Unit, UnitKind};
use dto::{Code, Page, SchoolYearId, UnitId};
use form::Table;
use kernel::{Ctx, Db, Error, Event, Result, clock};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// A school in a year.
pub(crate) struct Place {
    pub school: Unit,
    pub year: SchoolYear,
}

/// A school that the caller makes files for.
pub(crate) async fn school(conn: &impl ConnectionTrait, ctx: &Ctx, school: UnitId) -> Result<Unit> {
    let unit = records::units::reachable_in(conn, ctx, Permission::ExchangeManage, school).await?;
    if unit.kind == UnitKind::School { Ok(unit) } else { Err(Error::new(Code::NotFound)) }
}

pub(crate) async fn place(conn: &impl ConnectionTrait, ctx: &Ctx, id: UnitId, year: Option<SchoolYearId>) -> Result<Place> {
    let school = school(conn, ctx, id).await?;
    let years = records::calendar::years_in(conn, clock::today()).await?;
    let wanted = |known: &SchoolYear| year.map_or(known.current, |year| known.id == year);
    let year = years.into_iter().find(wanted).ok_or_else(|| Error::field("school_year_id", Code::FieldChoice))?;
    Ok(Place { school, year })
}

fn fits(school: &Unit, kind: ExportKind) -> bool {
    match kind {
        ExportKind::ResultsC1 => school.levels.contains(&SchoolLevel::Primary),
        _ => true,
    }
}

/// The kinds with where they stand at a school.
///
/// Errors: `not_found`.
pub async fn kinds(db: &Db, ctx: &Ctx, id: UnitId) -> Result<Page<ExportItem>> {
    let school = school(db.read(), ctx, id).await?;
    let mut items = Vec::new();
    for kind in ExportKind::ALL {
        let template = templates::find(db.read(), school.id, *kind).await?;
        let template = template.map(|known| known.shown(*kind)).transpose()?;
        items.push(ExportItem { kind: *kind, fits: fits(&school, *kind), template });
    }
    Ok(Page { items, next: None })
}

/// The columns of a form.
fn columns(kind: ExportKind) -> Vec<form::Column> {
    match kind {
        ExportKind::Learners => learners::COLUMNS.to_vec(),
        ExportKind::ResultsC1 => results::columns(),
        ExportKind::Staff => staff::COLUMNS.to_vec(),
        ExportKind::Facilities => facilities::COLUMNS.to_vec(),
        ExportKind::YearStart | ExportKind::MidYear | ExportKind::YearEnd => reports::COLUMNS.to_vec(),
    }
}

/// The rows of a form as they stand.
async fn table(db: &Db, place: &Place, kind: ExportKind) -> Result<Table> {
    if !fits(&place.school, kind) {
        return Err(Error::new(Code::ExportKindUnfit));
    }
    match kind {
        ExportKind::Learners => learners::table(db.read(), place).await,
        ExportKind::ResultsC1 => results::table(db, place).await,
        ExportKind::Staff => staff::table(db.read(), place).await,
        ExportKind::Facilities => facilities::table(db.read(), place).await,
        ExportKind::YearStart | ExportKind::MidYear | ExportKind::YearEnd => {
            Ok(reports::table(&reports::of(db, place, kind).await?))
        }
    }
}

/// What a file would be: its rows with what is wrong with them and who is to put it right.
///
/// Errors: `not_found`, `export_kind_unfit`, `invalid` with `school_year_id`.
pub async fn check(db: &Db, ctx: &Ctx, id: UnitId, kind: ExportKind, query: &ExportQuery) -> Result<ExportCheck> {
    let place = place(db.read(), ctx, id, query.school_year_id).await?;
    let table = table(db, &place, kind).await?;
    let template = templates::find(db.read(), id, kind).await?;
    let found = template.map(|known| known.columns(&table)).transpose()?;
    Ok(table.checked(&place, found.as_deref()))
}

/// A file that was made.
pub struct Made {
    pub name: String,
    pub bytes: Vec<u8>,
    pub rows: usize,
}

/// The file: in the official template where the school uploaded one, else in a sheet of ours with the same headers. That data went out is
/// in the log.
///
/// Errors: `not_found`, `export_kind_unfit`, `export_has_faults` (unless `anyway`), `file_not_readable`, `template_unfit`.
pub async fn make(db: &Db, ctx: &Ctx, id: UnitId, kind: ExportKind, query: &ExportQuery) -> Result<Made> {
    let place = place(db.read(), ctx, id, query.school_year_id).await?;
    let made = made(db, ctx, &place, kind, query.anyway).await?;
    let event = Event::new(Some(place.school.id), "export.made", "export", kind)
        .after(&json!({ "year": place.year.code, "rows": made.rows, "anyway": query.anyway }));
    db.write(ctx, async |_| Ok(((), vec![event.clone()]))).await?;
    Ok(made)
}

pub(crate) async fn made(db: &Db, ctx: &Ctx, place: &Place, kind: ExportKind, anyway: bool) -> Result<Made> {
    let table = table(db, place, kind).await?;
    let errors = table.errors();
    if errors > 0 && !anyway {
        return Err(Error::new(Code::ExportHasFaults).with("count", errors));
    }
    let rows = table.lines.len();
    let (code, year) = (place.school.code.clone(), place.year.code.clone());
    let template = templates::find(db.read(), place.school.id, kind).await?;
    let (lang, title) = (ctx.lang, place.school.name.clone());
    let bytes = tokio::task::spawn_blocking(move || match template {
        Some(template) => template.filled(&table, lang),
        None => sheet::write(&table, &title, &year).map_err(Error::internal),
    })
    .await
    .map_err(Error::internal)??;
    let name = format!("{kind}-{}-{}.xlsx", code.replace(|c: char| !c.is_ascii_alphanumeric(), "-"), place.year.code);
    Ok(Made { name, bytes, rows })
}
