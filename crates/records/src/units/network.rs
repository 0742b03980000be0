//! The tree as it stood on a day, with the classes and learners of that day.
//!
//! Who reaches a unit today sees what lay under it on any day: names and numbers of then, nothing of a person. Units and placements are
//! a few thousand rows, read whole; the figures are counted by the engine.

use super::entity::{placement, unit};
use super::{query, tree};
use crate::{calendar, input};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::network::{NetworkUnit, UnitNetwork};
use dto::units::{UnitKind, UnitRef};
use dto::{Code, SchoolYearId, UnitId};
use kernel::{Ctx, Db, Error, Result, clock};
use sea_orm::sea_query::{Asterisk, Condition, Expr, ExprTrait, Func, Query};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// Units of a day and who lay under whom.
struct Day {
    units: HashMap<Uuid, unit::Model>,
    parents: HashMap<Uuid, Uuid>,
    children: HashMap<Uuid, Vec<Uuid>>,
}

#[derive(Clone, Copy, Default)]
struct Figures {
    schools: u32,
    classes: u32,
    learners: u32,
}

/// A unit and what lay directly under it on a day.
///
/// Errors: `not_found`, also where the unit was not open that day; `invalid` with `on`.
pub async fn network(db: &Db, ctx: &Ctx, id: UnitId, on: Option<NaiveDate>) -> Result<UnitNetwork> {
    let conn = db.read();
    query::find(conn, ctx, Permission::UnitRead, id).await?;
    let on = on.map(|day| input::day("on", day)).transpose()?.unwrap_or_else(clock::today);
    let day = Day::read(conn, on).await?;
    let own = day.units.get(&id.0).filter(|unit| is_open(unit, on)).ok_or_else(|| Error::new(Code::NotFound))?;
    let year = calendar::current_year_in(conn, on).await?.filter(|year| year.starts_on <= on);
    let counted = match &year {
        Some(year) => count(conn, year.id, on, &day.subtree(id.0)).await?,
        None => HashMap::new(),
    };
    let mut children: Vec<&unit::Model> =
        day.under(id.0).iter().filter_map(|child| day.units.get(child)).filter(|unit| is_open(unit, on)).collect();
    let place = |kind: &str| UnitKind::ALL.iter().position(|known| known.as_str() == kind);
    children.sort_by(|a, b| (place(&a.kind), &a.sort_key, a.id).cmp(&(place(&b.kind), &b.sort_key, b.id)));
    Ok(UnitNetwork {
        on,
        school_year: year.map(|year| year.code),
        unit: day.shown(own, on, &counted)?,
        above: day.above(id.0)?,
        children: children.into_iter().map(|unit| day.shown(unit, on, &counted)).collect::<Result<_>>()?,
    })
}

fn is_open(unit: &unit::Model, on: NaiveDate) -> bool {
    unit.opened_on <= on && unit.closed_on.is_none_or(|closed| on < closed)
}

impl Day {
    async fn read(conn: &impl ConnectionTrait, on: NaiveDate) -> Result<Day> {
        let mut units: HashMap<Uuid, unit::Model> =
            unit::Entity::find().all(conn).await?.into_iter().map(|unit| (unit.id, unit)).collect();
        for former in former_on(conn, on).await? {
            if let Some(unit) = units.get_mut(&former.unit_id) {
                unit.sort_key = super::unit_sort_key(&former.name);
                unit.name = former.name;
                unit.short_name = former.short_name;
                unit.levels = former.levels;
            }
        }
        let parents = tree::parents(&placement::Entity::find().all(conn).await?, on);
        let mut children: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for (child, parent) in &parents {
            children.entry(*parent).or_default().push(*child);
        }
        Ok(Day { units, parents, children })
    }

    fn under(&self, unit: Uuid) -> &[Uuid] {
        self.children.get(&unit).map_or(&[], Vec::as_slice)
    }

    /// A unit and all that lay under it.
    fn subtree(&self, top: Uuid) -> Vec<Uuid> {
        let mut found = vec![top];
        let mut at = 0;
        // Bounded: what went in a circle would be found by the closure's own check.
        while at < found.len() && found.len() <= self.units.len() {
            found.extend_from_slice(self.under(found[at]));
            at += 1;
        }
        found
    }

    /// What a unit and all under it come to. A school that was merged counts no more, its running classes do.
    fn sum(&self, top: Uuid, on: NaiveDate, counted: &HashMap<Uuid, (u32, u32)>) -> Figures {
        let mut sum = Figures::default();
        for unit in self.subtree(top) {
            let (classes, learners) = counted.get(&unit).copied().unwrap_or_default();
            let is_school = self.units.get(&unit).is_some_and(|unit| unit.kind == UnitKind::School.as_str() && is_open(unit, on));
            sum.schools += u32::from(is_school);
            sum.classes += classes;
            sum.learners += learners;
        }
        sum
    }

    fn shown(&self, unit: &unit::Model, on: NaiveDate, counted: &HashMap<Uuid, (u32, u32)>) -> Result<NetworkUnit> {
        let Figures { schools, classes, learners } = self.sum(unit.id, on, counted);
        let is_child = |child: &&Uuid| self.units.get(*child).is_some_and(|unit| is_open(unit, on));
        Ok(NetworkUnit {
            id: UnitId(unit.id),
            kind: crate::stored(&unit.kind)?,
            name: unit.name.clone(),
            short_name: unit.short_name.clone(),
            code: unit.code.clone(),
            code_set: unit.code_set.clone(),
            code_set_version: unit.code_set_version.clone(),
            levels: query::levels(&unit.levels)?,
            opened_on: unit.opened_on,
            closed_on: unit.closed_on,
            children: u32::try_from(self.under(unit.id).iter().filter(is_child).count()).unwrap_or(u32::MAX),
            schools,
            classes,
            learners,
        })
    }

    fn above(&self, unit: Uuid) -> Result<Vec<UnitRef>> {
        let mut above = Vec::new();
        let mut at = unit;
        while let Some(parent) = self.parents.get(&at).filter(|_| above.len() < 32) {
            let Some(unit) = self.units.get(parent) else { break };
            above.push(UnitRef { id: UnitId(unit.id), kind: crate::stored(&unit.kind)?, name: unit.name.clone() });
            at = *parent;
        }
        above.reverse();
        Ok(above)
    }
}

#[derive(FromQueryResult)]
struct Former {
    unit_id: Uuid,
    valid_to: NaiveDate,
    name: String,
    short_name: String,
    levels: String,
}

/// What units were on a day, of those that have changed since.
async fn former_on(conn: &impl ConnectionTrait, on: NaiveDate) -> Result<Vec<Former>> {
    let mut select = Query::select();
    select
        .columns(["unit_id", "valid_to", "name", "short_name", "levels"])
        .from("unit_former")
        .and_where(Expr::col("valid_to").gt(on));
    let mut first: HashMap<Uuid, Former> = HashMap::new();
    for former in crate::all::<Former>(conn, &select).await? {
        match first.get(&former.unit_id) {
            Some(known) if known.valid_to <= former.valid_to => {}
            _ => {
                first.insert(former.unit_id, former);
            }
        }
    }
    Ok(first.into_values().collect())
}

/// So many units are named to the engine; of more, everything is counted.
const NAMED: usize = 200;

/// Classes of a school year, and learners in them on a day, by school: of these units at least.
async fn count(
    conn: &impl ConnectionTrait,
    year: SchoolYearId,
    on: NaiveDate,
    units: &[Uuid],
) -> Result<HashMap<Uuid, (u32, u32)>> {
    let school = || Expr::col(("c", "school_id"));
    if units.len() <= NAMED {
        return classes(conn, year, on, school().is_in(units.iter().copied())).await;
    }
    // A whole province is counted in two halves at once, each by a connection of its own: twice as fast where there are two processors.
    let mut order = units.to_vec();
    order.sort_unstable();
    let middle = order[order.len() / 2];
    let (mut low, high) =
        tokio::try_join!(classes(conn, year, on, school().lt(middle)), classes(conn, year, on, school().gte(middle)))?;
    low.extend(high);
    Ok(low)
}

async fn classes(
    conn: &impl ConnectionTrait,
    year: SchoolYearId,
    on: NaiveDate,
    schools: Expr,
) -> Result<HashMap<Uuid, (u32, u32)>> {
    // Class by class, by the index that holds all that is asked: joined, the engines would begin with every enrolment of every year.
    let mut learners = Query::select();
    learners
        .expr(Func::count(Expr::col(Asterisk)))
        .from_as("enrolment", "e")
        .and_where(Expr::col(("e", "class_id")).equals(("c", "id")))
        .and_where(Expr::col(("e", "enrolled_on")).lte(on))
        .cond_where(Condition::any().add(Expr::col(("e", "left_on")).is_null()).add(Expr::col(("e", "left_on")).gt(on)));
    let mut classes = Query::select();
    classes
        .column(("c", "school_id"))
        .expr(Func::count(Expr::col(("c", "id"))))
        .expr(Func::sum(Expr::SubQuery(None, Box::new(learners.into()))).cast_as("bigint"))
        .from_as("class", "c")
        .and_where(Expr::col(("c", "school_year_id")).eq(year.0))
        .and_where(schools)
        .group_by_col(("c", "school_id"));
    let rows = conn.query_all(&classes).await?;
    let counted = |row: &sea_orm::QueryResult| {
        Ok((row.try_get_by_index(0)?, (number(row.try_get_by_index(1)?), number(row.try_get_by_index(2)?))))
    };
    rows.iter().map(counted).collect()
}

fn number(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
