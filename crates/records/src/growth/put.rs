//! Writing the measurements of a class on a day.

use super::entry::{Measured, age_days};
use super::{checked, class_of, rows};
use crate::classes::for_gradebook::ClassFacts;
use chrono::NaiveDate;
use dto::gradebook::CellResult;
use dto::growth::{GrowthOutcome, GrowthSaved, PutGrowth, PutGrowthRow};
use dto::{ClassId, Code, LearnerId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use regulations::preschool::growth::MeasuringPosition;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, InsertStatement, OnConflict, Query};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Saves rows, each with the version that its writer saw. What another has changed comes back as it stands; the rest is saved.
///
/// Errors: `not_found` (also where the caller reads the class and may not write it); `invalid` for a day of the future.
pub async fn put(db: &Db, ctx: &Ctx, class: ClassId, day: NaiveDate, body: &PutGrowth) -> Result<GrowthSaved> {
    db.write(ctx, async |tx| put_in(tx, class, day, body).await).await
}

pub(crate) async fn put_in(tx: &Tx<'_>, class: ClassId, day: NaiveDate, body: &PutGrowth) -> Result<(GrowthSaved, Vec<Event>)> {
    let conn = tx.conn();
    let class = class_of(conn, tx.ctx(), class).await?;
    if !class.writable {
        return Err(Error::new(Code::NotFound));
    }
    let day = checked(day)?;
    let children: HashMap<LearnerId, rows::ChildRow> = rows::children(conn, class.school_id, class.id)
        .await?
        .into_iter()
        .filter(|child| child.left_on.is_none_or(|left| left > day) && child.birth_date <= day)
        .map(|child| (child.learner_id, child))
        .collect();
    let ids: Vec<LearnerId> = children.keys().copied().collect();
    let stands: HashMap<LearnerId, Measured> = rows::of_learners(conn, &ids)
        .await?
        .into_iter()
        .filter_map(|(learner, all)| {
            let here = all.into_iter().find(|(school, m)| *school == class.school_id && m.on == day)?;
            Some((learner, here.1))
        })
        .collect();

    let mut seen = HashSet::new();
    let mut changes: Vec<(LearnerId, Option<&Measured>, Measured)> = Vec::new();
    let mut outcomes = Vec::with_capacity(body.rows.len());
    for row in &body.rows {
        let was = stands.get(&row.learner_id);
        let Some(child) = children.get(&row.learner_id).filter(|_| seen.insert(row.learner_id)) else {
            outcomes.push(GrowthOutcome { learner_id: row.learner_id, outcome: CellResult::Refused, entry: None, version: 0 });
            continue;
        };
        let version = was.map_or(0, |m| m.version);
        let wanted = wanted(row, was, day, age_days(child.birth_date, day), version + 1);
        let (outcome, now) = if same(was, &wanted) {
            (CellResult::Unchanged, was.cloned())
        } else if row.version != version {
            (CellResult::Conflict, was.cloned())
        } else {
            changes.push((row.learner_id, was, wanted.clone()));
            (CellResult::Saved, Some(wanted))
        };
        outcomes.push(GrowthOutcome {
            learner_id: row.learner_id,
            outcome,
            version: now.as_ref().map_or(0, |m| m.version),
            entry: now.filter(Measured::holds).map(|m| m.entry(child.birth_date, child.sex)),
        });
    }
    write(tx, &class, &changes).await?;
    Ok((GrowthSaved { rows: outcomes }, vec![event(&class, day, &changes)]))
}

fn wanted(row: &PutGrowthRow, was: Option<&Measured>, day: NaiveDate, age_days: u32, version: i64) -> Measured {
    let position = row.position.or_else(|| was.map(|m| m.position)).unwrap_or_else(|| MeasuringPosition::usual(age_days));
    Measured { on: day, weight_g: row.weight_g, height_mm: row.height_mm, position, version }
}

/// The value stands already; a row that was never written stands as nothing.
fn same(was: Option<&Measured>, wanted: &Measured) -> bool {
    match was {
        Some(was) => {
            (was.weight_g, was.height_mm) == (wanted.weight_g, wanted.height_mm)
                && (was.position == wanted.position || wanted.height_mm.is_none())
        }
        None => !wanted.holds(),
    }
}

/// Measurements as rows of a school and class that are to be inserted; at least one.
pub(crate) fn rows_of<'a>(
    tx: &Tx<'_>,
    (school, class): (UnitId, ClassId),
    measured: impl Iterator<Item = (LearnerId, &'a Measured)>,
) -> InsertStatement {
    let count = |n: Option<u32>| n.and_then(|n| i32::try_from(n).ok());
    let mut insert = Query::insert();
    insert.into_table("growth").columns([
        "school_id",
        "learner_id",
        "measured_on",
        "class_id",
        "weight_g",
        "height_mm",
        "position",
        "version",
        "updated_at",
        "updated_by",
    ]);
    for (learner, now) in measured {
        insert.values_panic([
            school.0.into(),
            learner.0.into(),
            now.on.into(),
            class.0.into(),
            count(now.weight_g).into(),
            count(now.height_mm).into(),
            now.position.code().into(),
            now.version.into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
        ]);
    }
    insert
}

async fn write(tx: &Tx<'_>, class: &ClassFacts, changes: &[(LearnerId, Option<&Measured>, Measured)]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut insert = rows_of(tx, (class.school_id, class.id), changes.iter().map(|(learner, _, now)| (*learner, now)));
    insert.on_conflict(
        OnConflict::columns(["school_id", "learner_id", "measured_on"])
            .update_columns(["class_id", "weight_g", "height_mm", "position", "version", "updated_at", "updated_by"])
            .action_and_where(Expr::col(("growth", "version")).eq(Expr::col(("excluded", "version")).sub(1)))
            .to_owned(),
    );
    let written = tx.conn().execute(&insert).await?.rows_affected();
    if written == changes.len() as u64 {
        Ok(())
    } else {
        // Another wrote between our look and our write: look again.
        Err(Error::lost())
    }
}

/// Which values changed of whom; never a value, for it must be possible to erase it.
fn event(class: &ClassFacts, day: NaiveDate, changes: &[(LearnerId, Option<&Measured>, Measured)]) -> Event {
    let rows: Map<String, Value> = changes.iter().map(|(learner, was, now)| (learner.to_string(), changed(*was, now))).collect();
    let verb = if changes.is_empty() { "growth.kept" } else { "growth.saved" };
    Event::new(Some(class.school_id), verb, "class", class.id).after(&json!({ "day": day, "rows": rows }))
}

fn changed(was: Option<&Measured>, now: &Measured) -> Value {
    let differs = [
        ("weight_g", was.and_then(|w| w.weight_g) != now.weight_g),
        ("height_mm", was.and_then(|w| w.height_mm) != now.height_mm),
        ("position", was.is_some_and(|w| w.position != now.position)),
    ];
    json!(differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect::<Vec<_>>())
}
