//! What becomes of a finding: put right by the program where that is safe, or accepted with a reason.

use super::entity::finding;
use super::run::{a_step, recount_in, save};
use super::{find_in, rules, written_in};
use crate::{bulk, learners, units};
use chrono::Datelike;
use dto::access::Permission;
use dto::learners::{Learner, PersonName, PutLearner};
use dto::quality::{AcceptFinding, FixFindings, QualityFinding, QualityRule, QualityRun, QualityState, QualitySubject};
use dto::{Code, LearnerId, QualityFindingId, UnitId};
use kernel::text::PersonalId;
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Findings that one call puts right.
const AT_ONCE: u64 = 500;

/// Accepts a finding as it is.
///
/// Errors: `not_found`, `finding_settled`.
pub async fn accept(db: &Db, ctx: &Ctx, id: QualityFindingId, body: &AcceptFinding) -> Result<QualityFinding> {
    let reason = crate::input::text("/reason", &body.reason, 3, 300)?;
    db.write(ctx, async |tx| {
        let before = open_in(tx, id).await?;
        let mut row = row_of(tx, id).await?;
        row.state = QualityState::Accepted.as_str().to_owned();
        row.reason = Some(reason.clone());
        row.settled_at = Some(tx.now());
        row.settled_by = ctx.account.map(Uuid::from);
        row.version += 1;
        save(tx.conn(), &row).await?;
        bulk::insert_many_in(tx, vec![a_step(tx, &row, row.reason.clone())]).await?;
        recount_in(tx, before.school_id, false).await?;
        let after = find_in(tx.conn(), ctx, Permission::QualityWrite, id).await?;
        let event = Event::new(Some(after.school_id), "quality.accepted", "quality_finding", id).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}

async fn row_of(tx: &Tx<'_>, id: QualityFindingId) -> Result<finding::Model> {
    let row = finding::Entity::find().filter(finding::Column::Id.eq(id.0)).one(tx.conn()).await?;
    row.ok_or_else(|| Error::new(Code::NotFound))
}

async fn open_in(tx: &Tx<'_>, id: QualityFindingId) -> Result<QualityFinding> {
    let found = find_in(tx.conn(), tx.ctx(), Permission::QualityWrite, id).await?;
    if found.state != QualityState::Open {
        return Err(Error::new(Code::FindingSettled));
    }
    Ok(found)
}

/// Puts a finding right, where the program can.
///
/// Errors: `not_found`, `finding_settled`, `finding_not_fixable`.
pub async fn fix(db: &Db, ctx: &Ctx, id: QualityFindingId) -> Result<QualityFinding> {
    db.write(ctx, async |tx| {
        let before = open_in(tx, id).await?;
        let event = fix_in(tx, &before).await?;
        let after = find_in(tx.conn(), ctx, Permission::QualityWrite, id).await?;
        let fixed = Event::new(Some(after.school_id), "quality.fixed", "quality_finding", id).before(&before).after(&after);
        Ok((after, vec![event, fixed]))
    })
    .await
}

/// Puts all findings of a rule in a school right, at most 500 in a call.
///
/// Errors: `not_found`, `finding_not_fixable`.
pub async fn fix_all(db: &Db, ctx: &Ctx, body: &FixFindings) -> Result<QualityRun> {
    if !rules::terms(body.rule).at_once {
        return Err(Error::new(Code::FindingNotFixable));
    }
    db.write(ctx, async |tx| {
        units::school_in(tx.conn(), ctx, Permission::QualityWrite, body.school_id).await?;
        let rows = finding::Entity::find()
            .filter(finding::Column::SchoolId.eq(body.school_id.0))
            .filter(finding::Column::Rule.eq(body.rule.as_str()))
            .filter(finding::Column::State.eq(QualityState::Open.as_str()))
            .order_by_asc(finding::Column::Id)
            .limit(AT_ONCE)
            .all(tx.conn())
            .await?;
        let mut events = Vec::new();
        let mut fixed = 0;
        for row in rows {
            let found = find_in(tx.conn(), ctx, Permission::QualityWrite, QualityFindingId(row.id)).await?;
            events.push(fix_in(tx, &found).await?);
            fixed += 1;
        }
        let open = recount_in(tx, body.school_id, false).await?;
        let run = QualityRun { new: 0, fixed, open };
        events.push(Event::new(Some(body.school_id), "quality.fixed_all", "unit", body.school_id).after(&run));
        Ok((run, events))
    })
    .await
}

/// The record as the rule wants it.
async fn fix_in(tx: &Tx<'_>, found: &QualityFinding) -> Result<Event> {
    if !found.fixable || found.subject != QualitySubject::Learner {
        return Err(Error::new(Code::FindingNotFixable));
    }
    let before = learners::find_in(tx.conn(), tx.ctx(), Permission::LearnerWrite, LearnerId(found.subject_id)).await?;
    let body = right(&before, found.rule)?;
    let (_, event) = learners::put_in(tx, &before, before.version, &body).await?;
    written_in(tx, Some::<UnitId>(found.school_id), found.subject, found.subject_id).await?;
    Ok(event)
}

fn right(learner: &Learner, rule: QualityRule) -> Result<PutLearner> {
    let change = |part: fn(&str) -> String| PersonName {
        family: part(&learner.name.family),
        middle: part(&learner.name.middle),
        given: part(&learner.name.given),
    };
    let mut body = PutLearner {
        name: learner.name.clone(),
        birth_date: learner.birth_date,
        sex: learner.sex,
        ethnicity: learner.ethnicity.clone(),
        personal_id: learner.personal_id.clone(),
        ministry_code: learner.ministry_code.clone(),
    };
    match rule {
        QualityRule::NameSpelling => body.name = change(rules::spelt),
        QualityRule::NameCase => body.name = change(rules::cased),
        QualityRule::PersonalIdSex => {
            let number = learner.personal_id.as_deref().and_then(|text| PersonalId::parse(text).ok());
            body.sex = number.ok_or_else(|| Error::new(Code::FindingNotFixable))?.sex;
        }
        QualityRule::PersonalIdYear => {
            let number = learner.personal_id.as_deref().and_then(|text| PersonalId::parse(text).ok());
            // 29 February of a year that has none needs a person.
            let day = number.and_then(|number| learner.birth_date.with_year(number.birth_year));
            body.birth_date = day.ok_or_else(|| Error::new(Code::FindingNotFixable))?;
        }
        _ => return Err(Error::new(Code::FindingNotFixable)),
    }
    Ok(body)
}
