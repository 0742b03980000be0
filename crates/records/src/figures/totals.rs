//! Signed figures up the tree of units, as the tree was on the day that they are of.

use super::items::{self, Figures};
use super::rows::{self, Sheet};
use super::{YEARS, needs};
use crate::units;
use chrono::{Datelike, NaiveDate};
use dto::access::Permission;
use dto::figures::{FigureItem, FigureSeries, FigureSet, SeriesYear, SheetState, TotalsRow, UnsignedSchool, YearlyTotals};
use dto::units::{Unit, UnitKind, UnitRef};
use dto::{Code, UnitId};
use kernel::{Ctx, Db, Error, Result, clock};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, JoinType, Query};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// Years of one series.
const SERIES: i16 = 5;

/// A unit of the tree of some day.
#[derive(FromQueryResult)]
struct Node {
    id: Uuid,
    kind: String,
    name: String,
    sort_key: Vec<u8>,
    parent_id: Option<Uuid>,
}

/// The units open on a day, each with the one above it on that day.
struct Tree(HashMap<Uuid, Node>);

impl Tree {
    async fn on(conn: &impl ConnectionTrait, day: NaiveDate) -> Result<Tree> {
        let ends = |table: &'static str, end: &'static str| {
            Cond::any().add(Expr::col((table, end)).is_null()).add(Expr::col((table, end)).gt(day))
        };
        let mut query = Query::select();
        query
            .columns([("u", "id"), ("u", "kind"), ("u", "name"), ("u", "sort_key")])
            .column(("p", "parent_id"))
            .from_as("unit", "u")
            .join_as(
                JoinType::LeftJoin,
                "unit_placement",
                "p",
                Cond::all()
                    .add(Expr::col(("p", "unit_id")).equals(("u", "id")))
                    .add(Expr::col(("p", "valid_from")).lte(day))
                    .add(ends("p", "valid_to")),
            )
            .and_where(Expr::col(("u", "opened_on")).lte(day))
            .cond_where(ends("u", "closed_on"));
        let nodes = crate::all::<Node>(conn, &query).await?;
        Ok(Tree(nodes.into_iter().map(|node| (node.id, node)).collect()))
    }

    /// Under which child of `top` a unit lay: itself, where it lay right under; `None` outside of it.
    fn branch(&self, top: Uuid, unit: Uuid) -> Option<Uuid> {
        let mut at = unit;
        for _ in 0..32 {
            let above = self.0.get(&at)?.parent_id?;
            if above == top {
                return Some(at);
            }
            at = above;
        }
        None
    }

    fn name(&self, unit: Option<Uuid>) -> String {
        unit.and_then(|unit| self.0.get(&unit)).map(|node| node.name.clone()).unwrap_or_default()
    }
}

/// The day that figures of a year are of: the campaign's; without one the last day of the year, or today while it has not come.
fn day_of(year: i16, campaign: Option<NaiveDate>) -> NaiveDate {
    let today = clock::today();
    campaign.or_else(|| NaiveDate::from_ymd_opt(i32::from(year), 12, 31).map(|last| Ord::min(last, today))).unwrap_or(today)
}

/// Sums of one unit while they are made.
struct Sums {
    schools: u32,
    signed: u32,
    reopened: u32,
    figures: Vec<Option<i64>>,
}

impl Sums {
    fn new(items: &[FigureItem]) -> Sums {
        Sums { schools: 0, signed: 0, reopened: 0, figures: vec![None; items.len()] }
    }

    fn add(&mut self, items: &[FigureItem], sheet: Option<&Sheet>) {
        self.schools += 1;
        let Some(sealed) = sheet.and_then(|sheet| sheet.sealed.as_ref()) else { return };
        self.signed += 1;
        self.reopened += u32::from(sheet.is_some_and(|sheet| sheet.state == SheetState::Reopened));
        for (sum, item) in self.figures.iter_mut().zip(items) {
            if let Some(value) = sealed.get(&item.code) {
                *sum = Some(sum.unwrap_or(0).saturating_add(*value));
            }
        }
    }

    fn row(self, unit_id: UnitId, name: String, kind: UnitKind) -> TotalsRow {
        TotalsRow {
            unit_id,
            name,
            kind,
            schools: self.schools,
            signed: self.signed,
            reopened: self.reopened,
            figures: self.figures,
        }
    }
}

/// Sheets of a year are read for these schools alone where they are few.
const FEW: usize = 100;

async fn sheets(
    conn: &impl ConnectionTrait,
    set: FigureSet,
    years: std::ops::RangeInclusive<i16>,
    schools: &[Uuid],
) -> Result<HashMap<(UnitId, i16), Sheet>> {
    let only = (schools.len() <= FEW).then_some(schools);
    let found = rows::of_year(conn, set, years, only).await?;
    Ok(found.into_iter().map(|(school, year, sheet)| ((school, year), sheet)).collect())
}

/// The schools at or under a unit, in Vietnamese order of names.
fn schools_of<'a>(tree: &'a Tree, top: &Unit) -> Vec<&'a Node> {
    let school = UnitKind::School.as_str();
    let of = |node: &&Node| node.kind == school && (node.id == top.id.0 || tree.branch(top.id.0, node.id).is_some());
    let mut schools: Vec<_> = tree.0.values().filter(of).collect();
    schools.sort_by(|a, b| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id)));
    schools
}

async fn unit_in(conn: &impl ConnectionTrait, ctx: &Ctx, read: Permission, unit: UnitId, year: i16) -> Result<Unit> {
    if !YEARS.contains(&year) {
        return Err(Error::new(Code::NotFound));
    }
    units::reachable_in(conn, ctx, read, unit).await
}

/// Signed figures of a set and year under a unit, by the units right under it.
///
/// Errors: `not_found`.
pub async fn totals(db: &Db, ctx: &Ctx, set: FigureSet, unit: UnitId, year: i16) -> Result<YearlyTotals> {
    let conn = db.read();
    let read = needs(set).read;
    let unit = unit_in(conn, ctx, read, unit, year).await?;
    let campaign = rows::campaign(conn, set, year).await?;
    let as_of = day_of(year, campaign.as_ref().map(|campaign| campaign.as_of));
    let tree = Tree::on(conn, as_of).await?;
    let schools = schools_of(&tree, &unit);
    let ids: Vec<Uuid> = schools.iter().map(|school| school.id).collect();
    let sheets = sheets(conn, set, year..=year, &ids).await?;
    let items = items_of(conn, ctx, set, sheets.values()).await?;
    let mut total = Sums::new(&items);
    let mut branches: HashMap<Uuid, Sums> = HashMap::new();
    let mut unsigned = Vec::new();
    for school in schools {
        let id = UnitId(school.id);
        let sheet = sheets.get(&(id, year));
        total.add(&items, sheet);
        if let Some(branch) = tree.branch(unit.id.0, school.id) {
            branches.entry(branch).or_insert_with(|| Sums::new(&items)).add(&items, sheet);
        }
        let state = sheet.map_or(SheetState::Empty, |sheet| sheet.state);
        if state != SheetState::Signed {
            unsigned.push(UnsignedSchool { id, name: school.name.clone(), under: tree.name(school.parent_id), state });
        }
    }
    let mut ordered: Vec<(&Node, Sums)> =
        branches.into_iter().filter_map(|(branch, sums)| Some((tree.0.get(&branch)?, sums))).collect();
    ordered.sort_by(|(a, _), (b, _)| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id)));
    let rows = ordered
        .into_iter()
        .map(|(node, sums)| Ok(sums.row(UnitId(node.id), node.name.clone(), crate::stored(&node.kind)?)))
        .collect::<Result<_>>()?;
    Ok(YearlyTotals {
        above: above(conn, ctx, read, unit.id).await?,
        total: total.row(unit.id, unit.name.clone(), unit.kind),
        unit: UnitRef { id: unit.id, kind: unit.kind, name: unit.name },
        set,
        year,
        as_of,
        campaign,
        items,
        rows,
        unsigned,
    })
}

/// The units above, as far as the caller reaches them.
async fn above(conn: &impl ConnectionTrait, ctx: &Ctx, read: Permission, unit: UnitId) -> Result<Vec<UnitRef>> {
    let mut reached = Vec::new();
    for above in units::above_in(conn, unit).await? {
        match units::reachable_in(conn, ctx, read, above.id).await {
            Ok(_) => reached.push(above),
            Err(e) if e.code() == Code::NotFound => {}
            Err(e) => return Err(e),
        }
    }
    Ok(reached)
}

async fn items_of<'a>(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    set: FigureSet,
    sheets: impl Iterator<Item = &'a Sheet>,
) -> Result<Vec<FigureItem>> {
    let held: Vec<&Figures> = sheets.filter_map(|sheet| sheet.sealed.as_ref()).collect();
    items::of(conn, set, ctx.lang, &held).await
}

/// Signed figures of a unit for the year and the four before it; years of which nothing is signed are left out.
///
/// Errors: `not_found`.
pub async fn series(db: &Db, ctx: &Ctx, set: FigureSet, unit: UnitId) -> Result<FigureSeries> {
    let conn = db.read();
    let this = i16::try_from(clock::today().year()).unwrap_or(*YEARS.end());
    let unit = unit_in(conn, ctx, needs(set).read, unit, this).await?;
    let campaigns = rows::campaigns(conn, &[set], None).await?;
    let last = campaigns.first().map_or(this, |newest| Ord::max(this, newest.year));
    let first = last.saturating_sub(SERIES - 1);
    let mut trees = Vec::new();
    let mut ids: Vec<Uuid> = Vec::new();
    for year in first..=last {
        let campaign = campaigns.iter().find(|campaign| campaign.year == year);
        let tree = Tree::on(conn, day_of(year, campaign.map(|campaign| campaign.as_of))).await?;
        let schools: Vec<Uuid> = schools_of(&tree, &unit).iter().map(|school| school.id).collect();
        ids.extend(&schools);
        trees.push((year, schools));
    }
    ids.sort_unstable();
    ids.dedup();
    let sheets = sheets(conn, set, first..=last, &ids).await?;
    let items = items_of(conn, ctx, set, sheets.values()).await?;
    let mut years = Vec::new();
    for (year, schools) in trees {
        let mut sums = Sums::new(&items);
        for school in schools {
            sums.add(&items, sheets.get(&(UnitId(school), year)));
        }
        if sums.signed > 0 {
            years.push(SeriesYear { year, schools: sums.schools, signed: sums.signed, figures: sums.figures });
        }
    }
    Ok(FigureSeries { unit: UnitRef { id: unit.id, kind: unit.kind, name: unit.name }, set, items, years })
}
