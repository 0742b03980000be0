//! The evaluations of a year of all teachers of a school on one sheet: many are written in one act, each as a record of its own.

use super::{create_in, put_in, rows};
use crate::{calendar, reporting, units};
use dto::access::Permission;
use dto::staff::Position;
use dto::staff_records::{EvaluationRow, EvaluationSheet, PutEvaluations, PutStaffRecord, RecordKind, StaffFacts, StaffRecord};
use dto::{Code, SchoolYearId, StaffId, UnitId};
use kernel::{Ctx, Db, Error, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait};
use std::collections::HashMap;

/// Whom the standards of teachers are for.
const EVALUATED: [Position; 3] = [Position::Teacher, Position::Deputy, Position::Principal];

/// The sheet of a school and year, in Vietnamese order of names.
///
/// Errors: `not_found` (the school or the year).
pub async fn evaluations(db: &Db, ctx: &Ctx, school: UnitId, year: SchoolYearId) -> Result<EvaluationSheet> {
    let conn = db.read();
    let school = units::school_in(conn, ctx, Permission::StaffRead, school).await?;
    sheet(conn, ctx, school.id, year).await
}

async fn sheet(conn: &impl ConnectionTrait, ctx: &Ctx, school: UnitId, year: SchoolYearId) -> Result<EvaluationSheet> {
    let year = calendar::year_in(conn, Some(year)).await?;
    let mut known = of_year(conn, ctx, school, year.id).await?;
    let staff = reporting::staff(conn, school).await?;
    let rows = staff
        .into_iter()
        .filter(|one| one.positions.iter().any(|position| EVALUATED.contains(position)))
        .map(|one| {
            let record = known.remove(&one.id);
            let (set, level, criteria) = match record.as_ref().map(|record| &record.facts) {
                Some(StaffFacts::Evaluation { set, level, criteria }) => (Some(*set), Some(*level), !criteria.is_empty()),
                _ => (None, None, false),
            };
            EvaluationRow {
                staff_id: one.id,
                full_name: one.full_name,
                positions: one.positions,
                record_id: record.as_ref().map(|record| record.id),
                set,
                level,
                has_criteria: criteria,
                version: record.map_or(0, |record| record.version),
            }
        })
        .collect();
    let writable = match units::school_in(conn, ctx, Permission::StaffWrite, school).await {
        Ok(_) => true,
        Err(e) if e.code() == Code::NotFound => false,
        Err(e) => return Err(e),
    };
    Ok(EvaluationSheet { school_id: school, school_year_id: year.id, school_year: year.code, rows, writable })
}

/// The evaluations of a school in a year that stand; of several of one person the newest.
async fn of_year(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    school: UnitId,
    year: SchoolYearId,
) -> Result<HashMap<StaffId, StaffRecord>> {
    let mut select = rows::select();
    select
        .and_where(Expr::col(("r", "unit_id")).eq(school.0))
        .and_where(Expr::col(("r", "school_year_id")).eq(year.0))
        .and_where(Expr::col(("r", "kind")).eq(RecordKind::Evaluation.as_str()))
        .and_where(Expr::col(("r", "withdrawn")).eq(false));
    let mut found = rows::records(conn, ctx, &select).await?;
    found.sort_by_key(|record| record.id);
    Ok(found.into_iter().map(|record| (record.staff_id, record)).collect())
}

/// Writes the levels of a sheet: new ones and those that differ; whoever is left out stays as they are. All or nothing.
///
/// Errors: `not_found`; `invalid` with `/rows/<n>/staff_id` for somebody who is not evaluated here, `/rows/<n>/level` for one that does not go
/// with the criteria; `version_conflict` where somebody changed one meanwhile.
pub async fn put_evaluations(
    db: &Db,
    ctx: &Ctx,
    school: UnitId,
    year: SchoolYearId,
    body: &PutEvaluations,
) -> Result<EvaluationSheet> {
    db.write(ctx, async |tx| {
        let school = units::school_in(tx.conn(), ctx, Permission::StaffWrite, school).await?.id;
        let year = calendar::year_in(tx.conn(), Some(year)).await?.id;
        let known = of_year(tx.conn(), ctx, school, year).await?;
        let here = sheet(tx.conn(), ctx, school, year).await?;
        let mut events = Vec::new();
        for (n, row) in body.rows.iter().enumerate() {
            let at = |field: &str| format!("/rows/{n}/{field}");
            if !here.rows.iter().any(|one| one.staff_id == row.staff_id) {
                return Err(Error::field(at("staff_id"), Code::FieldChoice));
            }
            if body.rows[..n].iter().any(|one| one.staff_id == row.staff_id) {
                return Err(Error::field(at("staff_id"), Code::CellRepeated));
            }
            let before = known.get(&row.staff_id);
            if before.map_or(0, |record| record.version) != row.version {
                return Err(Error::new(Code::VersionConflict));
            }
            let refused = |error: Error| match error.code() {
                Code::Invalid => Error::field(at("level"), Code::EvaluationLevel),
                _ => error,
            };
            match before {
                Some(record) => {
                    let StaffFacts::Evaluation { set, criteria, level } = &record.facts else { continue };
                    if (*set, *level) == (body.set, row.level) {
                        continue;
                    }
                    let facts = StaffFacts::Evaluation { set: body.set, criteria: criteria.clone(), level: row.level };
                    let text = PutStaffRecord { facts, ..as_body(record) };
                    let (_, event) = put_in(tx, row.staff_id, record.id, row.version, &text).await.map_err(refused)?;
                    events.push(event);
                }
                None => {
                    let facts = StaffFacts::Evaluation { set: body.set, criteria: Vec::new(), level: row.level };
                    let text = PutStaffRecord {
                        facts,
                        unit_id: Some(school),
                        school_year_id: Some(year),
                        first_on: None,
                        last_on: None,
                        decision_no: None,
                        decided_on: None,
                        note: None,
                    };
                    let (_, event) = create_in(tx, row.staff_id, &text).await.map_err(refused)?;
                    events.push(event);
                }
            }
        }
        let after = sheet(tx.conn(), ctx, school, year).await?;
        if events.is_empty() {
            return Err(Error::new(Code::NothingToSave));
        }
        Ok((after, events))
    })
    .await
}

/// What a record would be entered as.
fn as_body(record: &StaffRecord) -> PutStaffRecord {
    PutStaffRecord {
        facts: record.facts.clone(),
        unit_id: record.unit_id,
        school_year_id: record.school_year_id,
        first_on: record.first_on,
        last_on: record.last_on,
        decision_no: record.decision_no.clone(),
        decided_on: record.decided_on,
        note: record.note.clone(),
    }
}
