//! What a record must be before it is written.

use crate::{calendar, input};
use dto::Code;
use dto::staff_records::{IdentityDocument, PutStaffRecord, RecordKind, StaffFacts};
use kernel::{Error, Result};
use regulations::standards::{self, CRITERIA};
use regulations::tt05_2025::TeachingDuty;
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;

/// Days of the longest leave; longer ones are slips of the keyboard.
const LONGEST_LEAVE_DAYS: i64 = 5 * 366;

/// Most periods a week that a decision on another duty takes off.
const MOST_PERIODS: u8 = 20;

fn range(pointer: &str, min: impl ToString, max: impl ToString) -> Error {
    let bounds = BTreeMap::from([("min".to_owned(), min.to_string()), ("max".to_owned(), max.to_string())]);
    Error::new(Code::Invalid).and_field_with(pointer, Code::FieldRange, bounds)
}

fn required(pointer: &str) -> Error {
    Error::field(pointer, Code::FieldRequired)
}

/// The record with its texts as they are stored.
///
/// Errors: `invalid` with the field; `evaluation_level` at `/facts/level`.
pub(super) async fn checked(conn: &impl ConnectionTrait, body: &PutStaffRecord) -> Result<PutStaffRecord> {
    let facts = facts(&body.facts)?;
    let day = |pointer: &str, day: Option<_>| day.map(|day| input::day(pointer, day)).transpose();
    let (first_on, last_on) = (day("/first_on", body.first_on)?, day("/last_on", body.last_on)?);
    match (first_on, last_on) {
        (Some(first), Some(last)) if last < first => return Err(Error::field("/last_on", Code::DatesReversed)),
        (None, Some(_)) => return Err(required("/first_on")),
        _ => {}
    }
    match facts.kind() {
        RecordKind::Duty => {
            first_on.ok_or_else(|| required("/first_on"))?;
            body.unit_id.ok_or_else(|| required("/unit_id"))?;
        }
        RecordKind::Leave => {
            let first = first_on.ok_or_else(|| required("/first_on"))?;
            let last = last_on.ok_or_else(|| required("/last_on"))?;
            if (last - first).num_days() > LONGEST_LEAVE_DAYS {
                return Err(range("/last_on", first.format("%d/%m/%Y"), (first + chrono::Days::new(5 * 366)).format("%d/%m/%Y")));
            }
        }
        RecordKind::Evaluation => {
            let year = body.school_year_id.ok_or_else(|| required("/school_year_id"))?;
            calendar::year_in(conn, Some(year)).await.map_err(|_| Error::field("/school_year_id", Code::FieldChoice))?;
        }
        _ => {}
    }
    if facts.kind() != RecordKind::Evaluation && body.school_year_id.is_some() {
        return Err(Error::field("/school_year_id", Code::FieldChoice));
    }
    Ok(PutStaffRecord {
        facts,
        unit_id: body.unit_id,
        school_year_id: body.school_year_id,
        first_on,
        last_on,
        decision_no: input::text_opt("/decision_no", body.decision_no.as_deref(), 60)?,
        decided_on: day("/decided_on", body.decided_on)?,
        note: input::text_opt("/note", body.note.as_deref(), 500)?,
    })
}

fn facts(facts: &StaffFacts) -> Result<StaffFacts> {
    let mut facts = facts.clone();
    match &mut facts {
        StaffFacts::Contract { .. } | StaffFacts::Leave { .. } => {}
        StaffFacts::Degree { major, institution, .. } => {
            *major = input::text("/facts/major", major, 1, 200)?;
            *institution = input::text("/facts/institution", institution, 1, 200)?;
        }
        StaffFacts::Subject { subject_code } => {
            if regulations::curriculum::subject(subject_code).is_none() {
                return Err(Error::field("/facts/subject_code", Code::FieldChoice));
            }
        }
        StaffFacts::Rank { title, .. } => *title = input::text("/facts/title", title, 1, 200)?,
        StaffFacts::Duty { duty, periods, of, .. } => {
            match (*duty, *periods) {
                (TeachingDuty::Homeroom, _) => return Err(Error::field("/facts/duty", Code::FieldChoice)),
                (TeachingDuty::Secretary, Some(3..=4)) => {}
                (TeachingDuty::Secretary, _) => return Err(range("/facts/periods", 3, 4)),
                (TeachingDuty::Other, Some(0..=MOST_PERIODS)) => {}
                (TeachingDuty::Other, _) => return Err(range("/facts/periods", 0, MOST_PERIODS)),
                (_, Some(_)) => return Err(Error::field("/facts/periods", Code::FieldChoice)),
                (_, None) => {}
            }
            *of = input::text_opt("/facts/of", of.as_deref(), 200)?;
        }
        StaffFacts::Evaluation { set, criteria, level } => {
            if !criteria.is_empty() && criteria.len() != CRITERIA {
                return Err(range("/facts/criteria", CRITERIA, CRITERIA));
            }
            if !standards::fits(*set, criteria, *level) {
                return Err(Error::field("/facts/level", Code::EvaluationLevel));
            }
        }
        StaffFacts::Training { name, provider, hours, certificate_no, .. } => {
            *name = input::text("/facts/name", name, 1, 200)?;
            *provider = input::text("/facts/provider", provider, 1, 200)?;
            if !(1..=2000).contains(hours) {
                return Err(range("/facts/hours", 1, 2000));
            }
            *certificate_no = input::text_opt("/facts/certificate_no", certificate_no.as_deref(), 60)?;
        }
        StaffFacts::Salary { scale, step, coefficient } => {
            *scale = input::text("/facts/scale", scale, 1, 60)?;
            if !(1..=20).contains(step) {
                return Err(range("/facts/step", 1, 20));
            }
            if !(50..=2000).contains(coefficient) {
                return Err(range("/facts/coefficient", 50, 2000));
            }
        }
        StaffFacts::Identity { document, number } => {
            *number = input::text("/facts/number", number, 1, 30)?;
            if *document == IdentityDocument::Citizen {
                input::personal_id("/facts/number", Some(number))?;
            }
        }
    }
    Ok(facts)
}
