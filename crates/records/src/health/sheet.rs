//! A class in a round of checks: read as a sheet, saved row by row with versions. Weight and height go where growth is kept.

use super::{Field, Place, rounds, small, stored_small};
use crate::classes::for_gradebook::{self as facts, ClassFacts};
use crate::growth::{self, rows::ChildRow};
use crate::input;
use dto::access::Permission;
use dto::gradebook::CellResult;
use dto::growth::{PutGrowth, PutGrowthRow};
use dto::health::{
    ClassHealth, ClassHealthSaved, HealthFindings, HealthOutcome, HealthRound, HealthRow, PutClassHealth, PutHealthRow,
    SealedFindings,
};
use dto::{ClassId, Code, HealthRoundId, LearnerId, UnitId};
use identity::DataKeys;
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A check as the table has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Kept {
    pub findings: HealthFindings,
    pub sealed: Option<(String, i32)>,
    pub version: i64,
}

pub(super) const FINDINGS: [&str; 8] =
    ["systolic", "diastolic", "pulse", "vision_right", "vision_left", "glasses", "caries", "spine"];

/// The eight columns of [`FINDINGS`] from `at` on.
pub(super) fn findings(row: &QueryResult, at: usize) -> Result<HealthFindings> {
    let n = |i: usize| -> Result<Option<u16>> { Ok(small(row.try_get_by_index(at + i)?)) };
    let spine: Option<String> = row.try_get_by_index(at + 7)?;
    Ok(HealthFindings {
        systolic: n(0)?,
        diastolic: n(1)?,
        pulse: n(2)?,
        vision_right: n(3)?,
        vision_left: n(4)?,
        glasses: row.try_get_by_index(at + 5)?,
        caries: n(6)?,
        spine: spine.as_deref().map(crate::stored).transpose()?,
    })
}

async fn kept(conn: &impl ConnectionTrait, round: &HealthRound, learners: &[LearnerId]) -> Result<HashMap<LearnerId, Kept>> {
    let mut query = Query::select();
    query
        .column("learner_id")
        .columns(FINDINGS)
        .columns(["sealed", "key_id", "version"])
        .from("health_check")
        .and_where(Expr::col("school_id").eq(round.school_id.0))
        .and_where(Expr::col("round_id").eq(round.id.0))
        .and_where(Expr::col("learner_id").is_in(learners.iter().map(|l| l.0)));
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            let sealed: Option<String> = row.try_get_by_index(9)?;
            let key: Option<i32> = row.try_get_by_index(10)?;
            let kept = Kept { findings: findings(row, 1)?, sealed: sealed.zip(key), version: row.try_get_by_index(11)? };
            Ok((LearnerId(row.try_get_by_index(0)?), kept))
        })
        .collect()
}

async fn place(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    round: HealthRoundId,
    class: ClassId,
) -> Result<(HealthRound, ClassFacts)> {
    let round = rounds::find(conn, ctx, permission, round).await?;
    let class = facts::class(conn, ctx, Permission::HealthRead, Permission::HealthWrite, class).await?;
    if class.school_id != round.school_id {
        return Err(Error::new(Code::NotFound));
    }
    Ok((round, class))
}

/// A class in a round, without what is sealed.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, round: HealthRoundId, class: ClassId) -> Result<ClassHealth> {
    read(db.read(), ctx, Permission::HealthRead, round, class).await
}

pub(super) async fn read(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    round: HealthRoundId,
    class: ClassId,
) -> Result<ClassHealth> {
    let (round, class) = place(conn, ctx, permission, round, class).await?;
    let children = growth::rows::children(conn, class.school_id, class.id).await?;
    let ids: Vec<LearnerId> = children.iter().map(|c| c.learner_id).collect();
    let mut checks = kept(conn, &round, &ids).await?;
    let mut measured = growth::rows::of_learners(conn, &ids).await?;
    let rows = children
        .into_iter()
        .map(|child| {
            let kept = checks.remove(&child.learner_id).unwrap_or_default();
            let grown = measured
                .remove(&child.learner_id)
                .unwrap_or_default()
                .into_iter()
                .find(|(school, m)| *school == class.school_id && m.on == round.held_on)
                .map(|(_, m)| m);
            HealthRow {
                learner_id: child.learner_id,
                ordinal: child.ordinal,
                birth_date: child.birth_date,
                left: child.left_on.is_some_and(|left| left <= round.held_on),
                findings: kept.findings,
                sealed: kept.sealed.is_some(),
                version: kept.version,
                growth_version: grown.as_ref().map_or(0, |m| m.version),
                growth: grown.filter(|m| m.holds()).map(|m| m.entry(child.birth_date, child.sex)),
                full_name: child.full_name,
            }
        })
        .collect();
    Ok(ClassHealth {
        class_id: class.id,
        class_name: class.name,
        school_name: class.school_name,
        grade: class.grade,
        writable: class.writable && !round.finished,
        round,
        rows,
    })
}

/// Saves rows, each with the versions that its writer saw. What another has changed comes back as it stands; the rest is saved.
///
/// Errors: `not_found`, `health_round_finished`; `invalid` for a round of a day to come.
pub async fn put(
    db: &Db,
    ctx: &Ctx,
    keys: &DataKeys,
    round: HealthRoundId,
    class: ClassId,
    body: &PutClassHealth,
) -> Result<ClassHealthSaved> {
    db.write(ctx, async |tx| put_in(tx, Some(keys), round, class, body).await).await
}

/// As [`put`]; without keys nothing can be sealed.
pub(super) async fn put_in(
    tx: &Tx<'_>,
    keys: Option<&DataKeys>,
    round: HealthRoundId,
    class: ClassId,
    body: &PutClassHealth,
) -> Result<(ClassHealthSaved, Vec<Event>)> {
    let conn = tx.conn();
    let (round, class) = place(conn, tx.ctx(), Permission::HealthWrite, round, class).await?;
    if !class.writable {
        return Err(Error::new(Code::NotFound));
    }
    if round.finished {
        return Err(Error::new(Code::HealthRoundFinished));
    }
    growth::checked(round.held_on)?;
    let children: HashMap<LearnerId, ChildRow> = growth::rows::children(conn, class.school_id, class.id)
        .await?
        .into_iter()
        .filter(|child| child.left_on.is_none_or(|left| left > round.held_on) && child.birth_date <= round.held_on)
        .map(|child| (child.learner_id, child))
        .collect();
    let ids: Vec<LearnerId> = children.keys().copied().collect();
    let stands = kept(conn, &round, &ids).await?;

    let (mut saved, mut changes, mut seen, mut measures) = (Vec::new(), Vec::new(), HashSet::new(), Vec::new());
    for (at, row) in body.rows.iter().enumerate() {
        let was = stands.get(&row.learner_id).cloned().unwrap_or_default();
        let (outcome, now) = if !children.contains_key(&row.learner_id) || !seen.insert(row.learner_id) {
            (CellResult::Refused, Kept::default())
        } else {
            measures.push(PutGrowthRow {
                learner_id: row.learner_id,
                weight_g: row.weight_g,
                height_mm: row.height_mm,
                position: None,
                version: row.growth_version,
            });
            match wanted(keys, &round, at, row, &was)? {
                None => (CellResult::Unchanged, was),
                Some(_) if row.version != was.version => (CellResult::Conflict, was),
                Some(now) => {
                    changes.push((row.learner_id, was, now.clone()));
                    (CellResult::Saved, now)
                }
            }
        };
        saved.push(HealthOutcome {
            learner_id: row.learner_id,
            outcome,
            findings: now.findings,
            sealed: now.sealed.is_some(),
            version: now.version,
            growth_outcome: CellResult::Refused,
            growth: None,
            growth_version: 0,
        });
    }
    write(tx, (round.school_id, round.id, class.id), &changes).await?;
    let mut events = vec![event(&round, &class, &changes)];
    if !measures.is_empty() {
        let (grown, more) = growth::put_in(tx, class.id, round.held_on, &PutGrowth { rows: measures }).await?;
        if grown.rows.iter().any(|row| row.outcome == CellResult::Saved) {
            events.extend(more);
        }
        for grown in grown.rows {
            let taken = |row: &&mut HealthOutcome| row.learner_id == grown.learner_id && row.outcome != CellResult::Refused;
            if let Some(row) = saved.iter_mut().find(taken) {
                (row.growth_outcome, row.growth, row.growth_version) = (grown.outcome, grown.entry, grown.version);
            }
        }
    }
    Ok((ClassHealthSaved { rows: saved }, events))
}

/// What a row asks for; none where it stands so already.
fn wanted(keys: Option<&DataKeys>, round: &HealthRound, at: usize, row: &PutHealthRow, was: &Kept) -> Result<Option<Kept>> {
    let place = Place { field: Field::Check, school: round.school_id.0, learner: row.learner_id.0, row: round.id.0 };
    let sealed = match &row.sealed {
        None => was.sealed.clone(),
        Some(findings) => {
            let keys = keys.ok_or_else(|| Error::internal("sealed findings where no key is at hand"))?;
            let note = input::text_opt(&format!("/rows/{at}/sealed/note"), findings.note.as_deref(), 500)?;
            let findings = SealedFindings { mental: findings.mental, note };
            // What was sealed for a record that was merged into this one counts as another text.
            let before = was.sealed.as_ref().and_then(|(sealed, _)| place.open(keys, &[], sealed).ok());
            let text = serde_json::to_string(&findings).map_err(Error::internal)?;
            if findings == SealedFindings::default() {
                None
            } else if before.as_deref() == Some(&text) {
                was.sealed.clone()
            } else {
                Some(place.seal(keys, &text)?)
            }
        }
    };
    let now = Kept { findings: row.findings.clone(), sealed, version: was.version };
    Ok((now != *was).then(|| Kept { version: was.version + 1, ..now }))
}

pub(super) async fn write(
    tx: &Tx<'_>,
    (school, round, class): (UnitId, HealthRoundId, ClassId),
    changes: &[(LearnerId, Kept, Kept)],
) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let others = ["class_id", "sealed", "key_id", "version", "updated_at", "updated_by"];
    let mut insert = Query::insert();
    insert.into_table("health_check").columns(["school_id", "round_id", "learner_id"].into_iter().chain(others).chain(FINDINGS));
    for (learner, _, now) in changes {
        let f = &now.findings;
        let (sealed, key) = now.sealed.clone().unzip();
        insert.values_panic([
            school.0.into(),
            round.0.into(),
            learner.0.into(),
            class.0.into(),
            sealed.into(),
            key.into(),
            now.version.into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
            stored_small(f.systolic).into(),
            stored_small(f.diastolic).into(),
            stored_small(f.pulse).into(),
            stored_small(f.vision_right).into(),
            stored_small(f.vision_left).into(),
            f.glasses.into(),
            stored_small(f.caries).into(),
            f.spine.map(|s| s.as_str()).into(),
        ]);
    }
    insert.on_conflict(
        OnConflict::columns(["school_id", "round_id", "learner_id"])
            .update_columns(others.into_iter().chain(FINDINGS))
            .action_and_where(Expr::col(("health_check", "version")).eq(Expr::col(("excluded", "version")).sub(1)))
            .to_owned(),
    );
    if tx.conn().execute(&insert).await?.rows_affected() == changes.len() as u64 {
        Ok(())
    } else {
        // Another wrote between our look and our write: look again.
        Err(Error::lost())
    }
}

/// Which fields changed of whom; never a value.
fn event(round: &HealthRound, class: &ClassFacts, changes: &[(LearnerId, Kept, Kept)]) -> Event {
    let rows: Map<String, Value> = changes.iter().map(|(learner, was, now)| (learner.to_string(), changed(was, now))).collect();
    let verb = if changes.is_empty() { "health_check.kept" } else { "health_check.saved" };
    Event::new(Some(round.school_id), verb, "health_round", round.id).after(&json!({ "class_id": class.id, "rows": rows }))
}

fn changed(was: &Kept, now: &Kept) -> Value {
    let fields = |kept: &Kept| serde_json::to_value(&kept.findings).ok().and_then(|v| v.as_object().cloned()).unwrap_or_default();
    let (before, after) = (fields(was), fields(now));
    let mut names: Vec<&str> = before.keys().chain(after.keys()).map(String::as_str).collect();
    names.retain(|name| before.get(*name) != after.get(*name));
    if was.sealed != now.sealed {
        names.push("sealed");
    }
    names.sort_unstable();
    names.dedup();
    json!(names)
}
