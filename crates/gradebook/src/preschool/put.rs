//! Writing many cells at once, with versions as marks have them.

use super::{Kept, cells, class_of, has, items, stages};
use crate::bulk::{self, PreschoolMarkHistoryRow, PreschoolMarkRow};
use crate::facts::{self, ClassFacts};
use crate::people::Names;
use dto::access::Permission;
use dto::gradebook::CellResult;
use dto::preschool::{PreschoolCellOutcome, PreschoolList, PreschoolSaved, PutPreschool, PutPreschoolCell};
use dto::{ClassId, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use regulations::preschool::Outcome;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

const REPLACE: &str = " ON CONFLICT (\"school_id\", \"class_id\", \"list\", \"stage\", \"learner_id\", \"code\") DO UPDATE SET \
    \"outcome\" = excluded.\"outcome\", \"version\" = excluded.\"version\", \"updated_at\" = excluded.\"updated_at\", \
    \"updated_by\" = excluded.\"updated_by\" WHERE \"preschool_mark\".\"version\" = excluded.\"version\" - 1";

/// Saves cells of a sheet, each with the version that its writer saw. What another has changed comes back as a conflict with what stands
/// there; a learner or an item that is not of the sheet is refused; all others are saved, and what they replace goes into the history.
///
/// Errors: `not_found`; `regulation_unavailable`.
pub async fn put(
    db: &Db,
    ctx: &Ctx,
    class: ClassId,
    list: PreschoolList,
    stage: u8,
    body: &PutPreschool,
) -> Result<PreschoolSaved> {
    db.write(ctx, async |tx| put_in(tx, class, list, stage, body).await).await
}

async fn put_in(
    tx: &Tx<'_>,
    class: ClassId,
    list: PreschoolList,
    stage: u8,
    body: &PutPreschool,
) -> Result<(PreschoolSaved, Vec<Event>)> {
    let conn = tx.conn();
    let (class, group) = class_of(conn, tx.ctx(), Permission::PreschoolWrite, class).await?;
    has(group, list)?;
    let stage = stages::one(conn, tx.ctx(), &class, list, stage).await?;
    let (_, items, _) = items::of_school(conn, class.school_id, list, class.grade).await?;
    let codes: HashSet<&str> = items.iter().map(|item| item.code.as_str()).collect();
    let roster = facts::roster(conn, class.school_id, class.id, None).await?;
    let here: HashSet<LearnerId> =
        roster.iter().filter(|line| !line.left_by(stage.ends_on)).map(|line| line.learner_id).collect();
    let kept = cells(conn, &class, list, stage.number).await?;

    let mut seen = HashSet::new();
    let mut changes: Vec<(&PutPreschoolCell, Option<&Kept>)> = Vec::new();
    let mut outcomes = Vec::with_capacity(body.cells.len());
    let mut won = Vec::new();
    for cell in &body.cells {
        let was = kept.get(&(cell.learner_id, cell.code.clone()));
        let (outcome, version) = was.map_or((None, 0), |kept| (kept.outcome, kept.version));
        let fits = here.contains(&cell.learner_id) && codes.contains(cell.code.as_str());
        let (result, outcome, version) = if !fits || !seen.insert((cell.learner_id, cell.code.as_str())) {
            (CellResult::Refused, outcome, version)
        } else if cell.outcome == outcome {
            (CellResult::Unchanged, outcome, version)
        } else if cell.version != version {
            (CellResult::Conflict, outcome, version)
        } else {
            changes.push((cell, was));
            (CellResult::Saved, cell.outcome, version + 1)
        };
        won.push(if result == CellResult::Conflict { was.map(|kept| kept.by) } else { None });
        outcomes.push(PreschoolCellOutcome {
            learner_id: cell.learner_id,
            code: cell.code.clone(),
            result,
            outcome,
            version,
            changed_by: None,
        });
    }
    write(tx, &class, list, stage.number, &changes).await?;
    let names = Names::of(conn, tx.ctx().lang, won.iter().flatten().copied()).await?;
    for (outcome, by) in outcomes.iter_mut().zip(&won) {
        outcome.changed_by = by.map(|by| names.name(by));
    }
    let event = event(&class, list, stage.number, &changes);
    Ok((PreschoolSaved { saved_at: tx.now(), cells: outcomes }, vec![event]))
}

async fn write(
    tx: &Tx<'_>,
    class: &ClassFacts,
    list: PreschoolList,
    stage: u8,
    changes: &[(&PutPreschoolCell, Option<&Kept>)],
) -> Result<()> {
    let rows: Vec<PreschoolMarkRow> = changes
        .iter()
        .map(|(cell, was)| PreschoolMarkRow {
            school_id: class.school_id.0,
            class_id: class.id.0,
            list: list.as_str(),
            stage: stage.into(),
            learner_id: cell.learner_id.0,
            code: cell.code.clone(),
            outcome: cell.outcome.map(Outcome::code),
            version: was.map_or(0, |kept| kept.version) + 1,
            updated_at: tx.now(),
            updated_by: tx.ctx().account.map(Uuid::from),
        })
        .collect();
    if bulk::insert_or(tx.conn(), &rows, REPLACE).await? != rows.len() as u64 {
        // Another wrote between our look and our write: look again.
        return Err(Error::lost());
    }
    let superseded: Vec<PreschoolMarkHistoryRow> = changes
        .iter()
        .filter_map(|(cell, was)| {
            let kept = (*was)?;
            Some(PreschoolMarkHistoryRow {
                school_id: class.school_id.0,
                class_id: class.id.0,
                list: list.as_str(),
                stage: stage.into(),
                learner_id: cell.learner_id.0,
                code: cell.code.clone(),
                version: kept.version,
                outcome: kept.outcome.map(Outcome::code),
                updated_at: kept.at,
                updated_by: kept.by,
            })
        })
        .collect();
    bulk::insert_or(tx.conn(), &superseded, "").await?;
    Ok(())
}

fn event(class: &ClassFacts, list: PreschoolList, stage: u8, changes: &[(&PutPreschoolCell, Option<&Kept>)]) -> Event {
    let of = |pick: &dyn Fn(&PutPreschoolCell, Option<&Kept>) -> Option<Value>| {
        let mut learners: HashMap<LearnerId, Map<String, Value>> = HashMap::new();
        for (cell, was) in changes {
            if let Some(value) = pick(cell, *was) {
                learners.entry(cell.learner_id).or_default().insert(cell.code.clone(), value);
            }
        }
        learners.into_iter().map(|(learner, cells)| (learner.to_string(), Value::Object(cells))).collect::<Map<_, _>>()
    };
    let verb = if changes.is_empty() { "preschool.kept" } else { "preschool.saved" };
    Event::new(Some(class.school_id), verb, "class", class.id)
        .before(&json!({ "cells": of(&|_, was| was.map(|kept| json!(kept.outcome))) }))
        .after(&json!({ "list": list, "stage": stage, "cells": of(&|cell, _| Some(json!(cell.outcome))) }))
}
