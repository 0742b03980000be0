//! Yearly figures of schools with sign-off: the count of facilities, the budget, the settlement.
//!
//! A set of a school in a year is one sheet: entered (pre-filled from what was signed for the year before), signed by who leads the
//! school, and frozen. Opening it again takes a reason; until it is signed anew, what was signed last still counts. Every total, every
//! form and every report reads what was signed ([`signed_in`]), and nothing else.

mod items;
mod rows;
mod table;
mod totals;

pub use table::{File, totals_file};
pub use totals::{series, totals};

pub(crate) use items::Figures;

use crate::{input, units};
use dto::access::Permission;
use dto::figures::{
    FigureCampaign, FigureItem, FigureLine, FigureSeal, FigureSet, PutFigureCampaign, PutFigures, ReopenFigures, SheetState,
    YearlySheet, year_name,
};
use dto::page::Page;
use dto::units::{Unit, UnitKind};
use dto::{Code, UnitId};
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use rows::{Place, Sheet};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, HashMap};

/// Years that figures can be of.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2200;

/// What the caller needs for a set.
struct Needs {
    read: Permission,
    write: Permission,
    sign: Permission,
}

fn needs(set: FigureSet) -> Needs {
    use Permission::*;
    match set {
        FigureSet::Facilities => Needs { read: FacilityRead, write: FacilityWrite, sign: FacilitySign },
        FigureSet::Budget | FigureSet::Settlement => Needs { read: FinanceRead, write: FinanceWrite, sign: FinanceSign },
    }
}

/// The school of a sheet; a campus is counted with its school.
async fn school_in(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, school: UnitId, year: i16) -> Result<Unit> {
    let unit = units::reachable_in(conn, ctx, permission, school).await?;
    if unit.kind == UnitKind::School && YEARS.contains(&year) { Ok(unit) } else { Err(Error::new(Code::NotFound)) }
}

/// Whether a permission of the caller reaches a school.
pub(crate) async fn reaches(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, school: UnitId) -> Result<bool> {
    if !ctx.can(permission) {
        return Ok(false);
    }
    match units::reachable_in(conn, ctx, permission, school).await {
        Ok(_) => Ok(true),
        Err(e) if e.code() == Code::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

/// A set of a school in a year, with what was signed the year before.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, set: FigureSet, school: UnitId, year: i16) -> Result<YearlySheet> {
    let conn = db.read();
    let school = school_in(conn, ctx, needs(set).read, school, year).await?;
    whole(conn, ctx, &school, Place { school: school.id, set, year }).await
}

async fn whole(conn: &impl ConnectionTrait, ctx: &Ctx, school: &Unit, place: Place) -> Result<YearlySheet> {
    let sheet = rows::read(conn, place).await?;
    let last = rows::read(conn, Place { year: place.year - 1, ..place }).await?.sealed.unwrap_or_default();
    let derived = items::derived(conn, place.set, place.school, place.year).await?;
    let figures = shown(&sheet, &derived);
    let items = items::held(items::of(conn, place.set, ctx.lang, &[&figures]).await?, &derived);
    let lines: Vec<FigureLine> = items
        .into_iter()
        .map(|item| FigureLine { value: figures.get(&item.code).copied(), last: last.get(&item.code).copied(), item })
        .collect();
    let needs = needs(place.set);
    let seals = rows::seals(conn, place).await?;
    let names = Names::of(conn, ctx.lang, seals.iter().flat_map(|seal| [seal.signed_by, seal.reopened_by])).await?;
    Ok(YearlySheet {
        school_id: school.id,
        school_name: school.name.clone(),
        set: place.set,
        year: place.year,
        state: sheet.state,
        missing: missing(lines.iter().map(|line| &line.item), &figures),
        lines,
        campaign: rows::campaign(conn, place.set, place.year).await?,
        seals: seals
            .into_iter()
            .map(|seal| FigureSeal {
                signed_at: seal.signed_at,
                signed_by: names.name(seal.signed_by),
                reopened_at: seal.reopened_at,
                reopened_by: seal.reopened_at.map(|_| names.name(seal.reopened_by)),
                reason: seal.reason,
            })
            .collect(),
        writable: sheet.state != SheetState::Signed && reaches(conn, ctx, needs.write, school.id).await?,
        signable: reaches(conn, ctx, needs.sign, school.id).await?,
        version: sheet.version,
    })
}

/// What a sheet says: once signed what was frozen, before what is entered and what the records say.
fn shown(sheet: &Sheet, derived: &Figures) -> Figures {
    if sheet.state == SheetState::Signed {
        return sheet.sealed.clone().unwrap_or_default();
    }
    let mut figures = sheet.figures.clone();
    figures.extend(derived.iter().map(|(code, value)| (code.clone(), *value)));
    figures
}

fn missing<'a>(items: impl Iterator<Item = &'a FigureItem>, figures: &Figures) -> u32 {
    let missing = items.filter(|item| !item.derived && !figures.contains_key(&item.code)).count();
    u32::try_from(missing).unwrap_or(u32::MAX)
}

/// Enters all figures of a sheet.
///
/// Errors: `not_found`, `version_conflict`, `figures_signed`, `invalid` with `/figures/<n>/code` or `/figures/<n>/value`.
pub async fn put(
    db: &Db,
    ctx: &Ctx,
    set: FigureSet,
    school: UnitId,
    year: i16,
    version: i64,
    body: &PutFigures,
) -> Result<YearlySheet> {
    db.write(ctx, async |tx| {
        let (school, place, sheet) = open(tx, ctx, set, school, year).await?;
        if sheet.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let derived = items::derived(tx.conn(), set, school.id, year).await?;
        let items = items::held(items::of(tx.conn(), set, ctx.lang, &[&sheet.figures]).await?, &derived);
        let figures = checked(body, &items)?;
        save(tx, &school, place, sheet, figures, "figures.entered").await
    })
    .await
}

/// Takes what was signed for the year before into every field that is still empty: "nothing has changed" in one act.
///
/// Errors: `not_found`, `figures_signed`, `nothing_to_carry`.
pub async fn carry(db: &Db, ctx: &Ctx, set: FigureSet, school: UnitId, year: i16) -> Result<YearlySheet> {
    db.write(ctx, async |tx| {
        let (school, place, sheet) = open(tx, ctx, set, school, year).await?;
        let last = rows::read(tx.conn(), Place { year: year - 1, ..place }).await?.sealed.unwrap_or_default();
        let derived = items::derived(tx.conn(), set, school.id, year).await?;
        let items = items::held(items::of(tx.conn(), set, ctx.lang, &[]).await?, &derived);
        let mut figures = sheet.figures.clone();
        for item in items.iter().filter(|item| !item.derived) {
            if let Some(value) = last.get(&item.code) {
                figures.entry(item.code.clone()).or_insert(*value);
            }
        }
        if figures == sheet.figures {
            return Err(Error::new(Code::NothingToCarry));
        }
        save(tx, &school, place, sheet, figures, "figures.carried").await
    })
    .await
}

/// A sheet that may be written.
async fn open(tx: &Tx<'_>, ctx: &Ctx, set: FigureSet, school: UnitId, year: i16) -> Result<(Unit, Place, Sheet)> {
    let school = school_in(tx.conn(), ctx, needs(set).write, school, year).await?;
    let place = Place { school: school.id, set, year };
    let sheet = rows::read(tx.conn(), place).await?;
    if sheet.state == SheetState::Signed {
        return Err(signed(place));
    }
    Ok((school, place, sheet))
}

fn signed(place: Place) -> Error {
    Error::new(Code::FiguresSigned).with("year", year_name(place.set, place.year))
}

fn checked(body: &PutFigures, items: &[FigureItem]) -> Result<Figures> {
    let mut figures = Figures::new();
    for (n, figure) in body.figures.iter().enumerate() {
        let item = items.iter().find(|item| item.code == figure.code && !item.derived);
        let Some(item) = item else { return Err(Error::field(format!("/figures/{n}/code"), Code::FieldChoice)) };
        let most = item.measure.most();
        if !(0..=most).contains(&figure.value) {
            let bounds = BTreeMap::from([("min".to_owned(), "0".to_owned()), ("max".to_owned(), most.to_string())]);
            let wrong = Error::new(Code::Invalid);
            return Err(wrong.and_field_with(format!("/figures/{n}/value"), Code::FieldRange, bounds));
        }
        if figures.insert(figure.code.clone(), figure.value).is_some() {
            return Err(Error::field(format!("/figures/{n}/code"), Code::CellRepeated));
        }
    }
    Ok(figures)
}

async fn save(
    tx: &Tx<'_>,
    school: &Unit,
    place: Place,
    before: Sheet,
    figures: Figures,
    verb: &'static str,
) -> Result<(YearlySheet, Vec<Event>)> {
    let state = if before.state == SheetState::Reopened { SheetState::Reopened } else { SheetState::Open };
    let sheet = Sheet { state, figures, ..before.clone() };
    rows::write(tx, place, &sheet, None).await?;
    let event = event(verb, place).before(&before.figures).after(&sheet.figures);
    Ok((whole(tx.conn(), tx.ctx(), school, place).await?, vec![event]))
}

fn event(verb: &'static str, place: Place) -> Event {
    let subject = format!("{}/{}/{}", place.school, place.set.as_str(), place.year);
    Event::new(Some(place.school), verb, "figures", subject)
}

/// Signs a sheet as the caller saw it: figures are frozen, derived ones as the records say now.
///
/// Errors: `not_found`, `version_conflict`, `figures_signed`, `figures_missing`.
pub async fn sign(db: &Db, ctx: &Ctx, set: FigureSet, school: UnitId, year: i16, version: i64) -> Result<YearlySheet> {
    db.write(ctx, async |tx| {
        let school = school_in(tx.conn(), ctx, needs(set).sign, school, year).await?;
        let place = Place { school: school.id, set, year };
        let before = rows::read(tx.conn(), place).await?;
        if before.state == SheetState::Signed {
            return Err(signed(place));
        }
        if before.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let figures = shown(&before, &items::derived(tx.conn(), set, school.id, year).await?);
        let items = items::of(tx.conn(), set, ctx.lang, &[]).await?;
        match missing(items.iter(), &figures) {
            0 => {}
            count => return Err(Error::new(Code::FiguresMissing).with("count", count)),
        }
        let sheet = Sheet { state: SheetState::Signed, sealed: Some(figures.clone()), ..before.clone() };
        rows::write(tx, place, &sheet, Some(tx.now())).await?;
        rows::seal(tx, place, &figures).await?;
        let event = event("figures.signed", place).before(&before.sealed).after(&figures);
        Ok((whole(tx.conn(), ctx, &school, place).await?, vec![event]))
    })
    .await
}

/// Opens signed figures again, with a reason.
///
/// Errors: `not_found`, `figures_not_signed`, `invalid`.
pub async fn reopen(db: &Db, ctx: &Ctx, set: FigureSet, school: UnitId, year: i16, body: &ReopenFigures) -> Result<YearlySheet> {
    let reason = input::text("/reason", &body.reason, 5, 500)?;
    db.write(ctx, async |tx| {
        let school = school_in(tx.conn(), ctx, needs(set).sign, school, year).await?;
        let place = Place { school: school.id, set, year };
        let before = rows::read(tx.conn(), place).await?;
        if before.state != SheetState::Signed {
            return Err(Error::new(Code::FiguresNotSigned));
        }
        rows::write(tx, place, &Sheet { state: SheetState::Reopened, ..before }, None).await?;
        rows::unseal(tx, place, &reason).await?;
        let event = event("figures.reopened", place).after(&reason);
        Ok((whole(tx.conn(), ctx, &school, place).await?, vec![event]))
    })
    .await
}

/// Asks all schools for a set of a year, or changes what was asked; for who keeps the whole province.
///
/// Errors: `version_conflict`, `invalid` with `dates_reversed` at `/due_on`.
pub async fn put_campaign(
    db: &Db,
    ctx: &Ctx,
    set: FigureSet,
    year: i16,
    version: i64,
    body: &PutFigureCampaign,
) -> Result<FigureCampaign> {
    if !YEARS.contains(&year) {
        return Err(Error::new(Code::NotFound));
    }
    let campaign = FigureCampaign {
        set,
        year,
        as_of: input::day("/as_of", body.as_of)?,
        due_on: input::day("/due_on", body.due_on)?,
        note: input::text_opt("/note", body.note.as_deref(), 500)?,
        version: version.saturating_add(1),
    };
    if campaign.due_on < campaign.as_of {
        return Err(Error::field("/due_on", Code::DatesReversed));
    }
    db.write(ctx, async |tx| {
        let before = rows::campaign(tx.conn(), set, year).await?;
        if before.as_ref().map_or(0, |campaign| campaign.version) != version {
            return Err(Error::new(Code::VersionConflict));
        }
        rows::put_campaign(tx, &campaign).await?;
        let subject = format!("{}/{year}", set.as_str());
        let event = Event::new(None, "figure_campaign.set", "figure_campaign", subject).before(&before).after(&campaign);
        Ok((campaign.clone(), vec![event]))
    })
    .await
}

/// What was asked for, the newest year first.
pub async fn campaigns(db: &Db, _ctx: &Ctx, sets: &[FigureSet]) -> Result<Page<FigureCampaign>> {
    Ok(Page { items: rows::campaigns(db.read(), sets, None).await?, next: None })
}

/// What these schools signed for a year, by the codes of the items. For forms and reports: there is no other figure.
pub async fn signed_in(
    conn: &impl ConnectionTrait,
    set: FigureSet,
    year: i16,
    schools: &[UnitId],
) -> Result<HashMap<UnitId, BTreeMap<String, i64>>> {
    let schools: Vec<uuid::Uuid> = schools.iter().map(|school| school.0).collect();
    let sheets = rows::of_year(conn, set, year..=year, Some(&schools)).await?;
    Ok(sheets.into_iter().filter_map(|(school, _, sheet)| Some((school, sheet.sealed?))).collect())
}

/// A set of a school as it stands: what is signed, else what is entered and what the records hold.
#[derive(Clone, Debug)]
pub struct Standing {
    pub state: SheetState,
    pub figures: BTreeMap<String, i64>,
}

/// How a set of a school stands in a year; for forms that tell what is still missing.
pub async fn standing_in(conn: &impl ConnectionTrait, set: FigureSet, year: i16, school: UnitId) -> Result<Standing> {
    let sheet = rows::read(conn, Place { school, set, year }).await?;
    let figures = shown(&sheet, &items::derived(conn, set, school, year).await?);
    Ok(Standing { state: sheet.state, figures })
}

/// Whether a set of a school is signed for a year, and so what it was made of must stand.
pub(crate) async fn is_signed_in(conn: &impl ConnectionTrait, set: FigureSet, school: UnitId, year: i16) -> Result<bool> {
    Ok(rows::read(conn, Place { school, set, year }).await?.state == SheetState::Signed)
}
