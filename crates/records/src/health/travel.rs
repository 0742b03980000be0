//! What of a child's health goes along to a school elsewhere, and is kept there: growth, checks, vaccinations; conditions and the sealed
//! part of checks only where the family has consented to that.
//!
//! Here it is opened, at the other side sealed anew with the ring of the installation that receives it. The first-aid log is the school's
//! own and stays.

use super::sheet::{self, Kept};
use super::{Field, Place, file, opening};
use crate::growth::entry::Measured;
use crate::{consents, growth, input};
use dto::health::{HealthRoundKind, ViewPurpose};
use dto::packages::{CarriedCheck, CarriedCounts, CarriedGrowth, CarriedHealth};
use dto::{ClassId, HealthConditionId, HealthRoundId, LearnerId, UnitId, VaccinationId};
use identity::DataKeys;
use kernel::{Error, Event, Result, Tx, id};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::Query;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The purpose to which a family consents.
pub const PURPOSE: &str = "health_transfer";

/// What goes along with a learner. For callers who have checked that they may hand out the learner's record; [`note_carried_in`] tells
/// the family.
///
/// Errors: `not_found`.
pub async fn carried(conn: &impl ConnectionTrait, keys: &DataKeys, learner: LearnerId) -> Result<CarriedHealth> {
    let consented = consents::holds(conn, learner, PURPOSE).await?;
    let mut opened = if consented { Some(opening::of(conn, keys, learner).await?) } else { None };
    let measured = growth::rows::of_learners(conn, &[learner]).await?.remove(&learner).unwrap_or_default();
    // Two schools may have measured on one day; the later entry stands.
    let growth: BTreeMap<_, _> = measured
        .into_iter()
        .filter(|(_, m)| m.holds())
        .map(|(_, m)| {
            let one = CarriedGrowth { measured_on: m.on, weight_g: m.weight_g, height_mm: m.height_mm, position: m.position };
            (m.on, one)
        })
        .collect();
    let checks = file::checks(conn, learner).await?.into_iter().map(|check| {
        let sealed = opened.as_mut().and_then(|opened| {
            let at = opened.checks.iter().position(|one| one.round_id == check.round_id)?;
            Some(opened.checks.remove(at).findings)
        });
        CarriedCheck {
            name: check.round_name,
            kind: check.kind,
            held_on: check.held_on,
            school: check.school_name,
            findings: check.findings,
            sealed,
        }
    });
    let checks = checks.collect();
    let vaccinations = file::vaccinations(conn, learner).await?.into_iter().map(dto::health::PostVaccination::from).collect();
    let conditions = opened.map(|opened| opened.conditions.into_iter().map(dto::health::PutCondition::from).collect());
    Ok(CarriedHealth { growth: growth.into_values().collect(), checks, vaccinations, conditions })
}

/// Says to the family, and in the log, that the record was opened and handed to another school. In the transaction after which it is.
pub async fn note_carried_in(tx: &Tx<'_>, school: UnitId, learner: LearnerId, to: &str, counts: &CarriedCounts) -> Result<Event> {
    let note = format!("Gói chuyển trường đến {to}").chars().take(300).collect();
    opening::keep(tx, school, &[learner.0], &opening::Stated { purpose: ViewPurpose::Other, note: Some(note) }, false).await?;
    Ok(Event::new(Some(school), "health.carried", "learner", learner).after(counts))
}

/// Keeps what a package brought, as the receiving school's. For composition: the caller has checked that the learner may be taken in.
///
/// Errors: `invalid` with the field for words that the records here do not take.
pub async fn bring_in(
    tx: &Tx<'_>,
    keys: &DataKeys,
    (school, class, learner): (UnitId, ClassId, LearnerId),
    health: &CarriedHealth,
) -> Result<Event> {
    measurements(tx, (school, class, learner), &health.growth).await?;
    for check in &health.checks {
        examined(tx, keys, (school, class, learner), check).await?;
    }
    for one in &health.vaccinations {
        let vaccination: VaccinationId = id::new();
        file::insert_vaccination_in(tx, school, learner, &file::checked_vaccination(vaccination, one)?).await?;
    }
    for one in health.conditions.iter().flatten() {
        let made: HealthConditionId = id::new();
        file::insert_condition_in(tx, keys, (school, learner, made), &file::checked(one)?).await?;
    }
    Ok(Event::new(Some(school), "health.brought", "learner", learner).after(&health.counts()))
}

async fn measurements(
    tx: &Tx<'_>,
    (school, class, learner): (UnitId, ClassId, LearnerId),
    carried: &[CarriedGrowth],
) -> Result<()> {
    // One a day.
    let mut days = BTreeMap::new();
    for one in carried {
        let on = input::day("/growth", one.measured_on)?;
        days.insert(on, Measured { on, weight_g: one.weight_g, height_mm: one.height_mm, position: one.position, version: 1 });
    }
    if !days.is_empty() {
        tx.conn().execute(&growth::rows_of(tx, (school, class), days.values().map(|one| (learner, one)))).await?;
    }
    Ok(())
}

/// A check of elsewhere stands in a round of its own, which names the school and is in no list of the receiving one's.
async fn examined(
    tx: &Tx<'_>,
    keys: &DataKeys,
    (school, class, learner): (UnitId, ClassId, LearnerId),
    check: &CarriedCheck,
) -> Result<()> {
    let round: Uuid = id::new();
    let kind: HealthRoundKind = check.kind;
    let mut insert = Query::insert();
    insert
        .into_table("health_round")
        .columns(["school_id", "id", "name", "kind", "held_on", "finished", "version", "origin"])
        .values_panic([
            school.0.into(),
            round.into(),
            input::text("/checks/name", &check.name, 1, 120)?.into(),
            kind.as_str().into(),
            input::day("/checks/held_on", check.held_on)?.into(),
            true.into(),
            1i64.into(),
            input::text("/checks/school", &check.school, 1, 200)?.into(),
        ]);
    tx.conn().execute(&insert).await?;
    let place = Place { field: Field::Check, school: school.0, learner: learner.0, row: round };
    let sealed = check.sealed.as_ref().map(|findings| {
        let text = serde_json::to_string(findings).map_err(Error::internal)?;
        place.seal(keys, &text)
    });
    let now = Kept { findings: check.findings.clone(), sealed: sealed.transpose()?, version: 1 };
    sheet::write(tx, (school, HealthRoundId(round), class), &[(learner, Kept::default(), now)]).await
}
