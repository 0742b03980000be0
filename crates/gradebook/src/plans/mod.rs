//! Individual education plans of learners with disabilities (TT 22/2021 Đ.11; of primary pupils TT 28/2020, which has them assessed by
//! their plan): the homeroom teacher proposes in which subjects a
//! learner is assessed by the plan, the principal decides, and from then on these subjects are asked for no marks and count for no
//! level. That a proposal goes from one to the other is the school's usual way and not the circular's word (not verified).
//!
//! Who may neither propose nor decide is not told that there are plans: 404.
//!
//! A result says which subjects it leaves out, and by which rule. That rule tells of a disability: it is for the class's homeroom teacher,
//! for who leads the school, and for the child's guardians. Whoever else may read results finds the flag of the subject, since without
//! it a result would seem incomplete, and no reason ([`without_reason`]).

mod query;

pub(crate) use query::{in_force, in_force_of};

use crate::closing::lock_both;
use crate::facts::{self, ClassFacts};
use crate::people::Names;
use crate::policy;
use dto::access::Permission;
use dto::gradebook::{LearnerReport, LearnerResult, ResultSubject};
use dto::plans::{DecideIndividualPlan, IndividualPlan, IndividualPlans, PlanState, PutIndividualPlan};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use query::Stored;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use std::collections::HashSet;
use uuid::Uuid;

/// The code of the sentence that names what a plan leaves out of a result.
pub(crate) const REASON: &str = "individual-plan";

/// Who may read it beside the guardians: who answers for the class's results, its homeroom teacher and who leads the school. Whoever
/// looks on from above, and the clerk, do not.
pub(crate) const READS_REASON: Permission = Permission::TermClose;

/// The plans of a class.
///
/// Errors: `not_found`, `regulation_unavailable`.
pub async fn list(db: &Db, ctx: &Ctx, class: ClassId) -> Result<IndividualPlans> {
    let conn = db.read();
    let class = facts::class(conn, ctx, Permission::PlanWrite, Permission::PlanDecide, class).await?;
    policy::of(&class)?;
    let open = !crate::term::states(conn, &class).await?[1].is_closed();
    let subjects = facts::subjects(conn, class.id).await?;
    let stored = query::of_class(conn, &class).await?;
    let names = Names::of(conn, ctx.lang, stored.iter().flat_map(|(_, row)| [row.proposed_by, row.decided_by])).await?;
    let items = stored.into_iter().map(|(name, row)| row.told(name, &names)).collect();
    let subject =
        |s: facts::SubjectFacts| ResultSubject { subject_code: s.code, name_vi: s.name_vi, name_en: s.name_en, kind: s.kind };
    Ok(IndividualPlans {
        class_id: class.id,
        writable: open,
        decides: open && class.writable,
        subjects: subjects.into_iter().map(subject).collect(),
        items,
    })
}

/// Takes the sentence out of a result for whom it is not.
pub(crate) fn without_reason(result: &mut LearnerResult) {
    result.reasons.retain(|reason| reason.code != REASON);
}

/// The same of all results of a report.
pub(crate) fn report_without_reason(report: &mut LearnerReport) {
    report.terms.iter_mut().filter_map(|term| term.result.as_mut()).chain(&mut report.year).for_each(without_reason);
}

/// Proposes a plan. `version`: of what was read, 0 where there was none.
///
/// Errors: `not_found`, `regulation_unavailable`, `version_conflict`, `term_closed` once the second term is closed, `invalid` with
/// the field.
pub async fn propose(
    db: &Db,
    ctx: &Ctx,
    class: ClassId,
    learner: LearnerId,
    version: i64,
    body: &PutIndividualPlan,
) -> Result<IndividualPlan> {
    db.write(ctx, async |tx| {
        let (class, name) = open(tx, Permission::PlanWrite, class, learner).await?;
        let was = query::one(tx.conn(), &class, learner).await?;
        let document = kernel::text::clean(&body.document);
        if document.is_empty() {
            return Err(Error::field("/document", Code::FieldRequired));
        }
        let subjects = facts::subjects(tx.conn(), class.id).await?;
        let mut seen = HashSet::new();
        for (at, code) in body.subject_codes.iter().enumerate() {
            if !subjects.iter().any(|s| s.code == *code) || !seen.insert(code) {
                return Err(Error::field(format!("/subject_codes/{at}"), Code::FieldChoice));
            }
        }
        let row = Stored {
            learner_id: learner,
            state: PlanState::Proposed,
            subjects: body.subject_codes.clone(),
            in_force: was.as_ref().map(|row| row.in_force.clone()).unwrap_or_default(),
            document,
            proposed_at: tx.now(),
            proposed_by: tx.ctx().account.map(Uuid::from),
            decided_at: None,
            decided_by: None,
            note: None,
            version: version + 1,
        };
        save(tx, &class, &name, "individual_plan.proposed", was, row).await
    })
    .await
}

/// Approves or declines what was proposed.
///
/// Errors: `not_found`, `version_conflict`, `term_closed` once the second term is closed, `plan_decided` where nothing waits.
pub async fn decide(
    db: &Db,
    ctx: &Ctx,
    class: ClassId,
    learner: LearnerId,
    body: &DecideIndividualPlan,
) -> Result<IndividualPlan> {
    db.write(ctx, async |tx| {
        let (class, name) = open(tx, Permission::PlanDecide, class, learner).await?;
        let was = query::one(tx.conn(), &class, learner).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        if was.version != body.version {
            return Err(Error::new(Code::VersionConflict));
        }
        if was.state != PlanState::Proposed {
            return Err(Error::new(Code::PlanDecided));
        }
        let note = body.note.as_deref().map(kernel::text::clean).filter(|note| !note.is_empty());
        let row = Stored {
            state: if body.approve { PlanState::Approved } else { PlanState::Declined },
            in_force: if body.approve { was.subjects.clone() } else { was.in_force.clone() },
            decided_at: Some(tx.now()),
            decided_by: tx.ctx().account.map(Uuid::from),
            note,
            version: was.version + 1,
            ..was.clone()
        };
        save(tx, &class, &name, "individual_plan.decided", Some(was), row).await
    })
    .await
}

/// The class, locked while its year is open, and the name of the learner in it.
async fn open(tx: &Tx<'_>, permission: Permission, class: ClassId, learner: LearnerId) -> Result<(ClassFacts, String)> {
    let conn = tx.conn();
    let class = facts::class(conn, tx.ctx(), permission, permission, class).await?;
    policy::of(&class)?;
    let line = facts::roster_line(conn, class.school_id, class.id, learner).await?;
    let line = line.filter(|line| line.left_on.is_none()).ok_or_else(|| Error::new(Code::NotFound))?;
    if lock_both(tx, &class).await?[1].is_closed() {
        return Err(Error::new(Code::TermClosed));
    }
    Ok((class, line.full_name))
}

async fn save(
    tx: &Tx<'_>,
    class: &ClassFacts,
    name: &str,
    verb: &'static str,
    was: Option<Stored>,
    row: Stored,
) -> Result<(IndividualPlan, Vec<Event>)> {
    let stood = row.version - 1;
    if was.as_ref().map_or(0, |was| was.version) != stood {
        return Err(Error::new(Code::VersionConflict));
    }
    let codes = |codes: &[String]| serde_json::to_string(codes).map_err(Error::internal);
    let mut insert = Query::insert();
    insert
        .into_table("individual_plan")
        .columns(query::KEY.into_iter().chain(query::COLUMNS))
        .values_panic([
            class.school_id.0.into(),
            class.school_year_id.0.into(),
            row.learner_id.0.into(),
            row.state.as_str().into(),
            codes(&row.subjects)?.into(),
            codes(&row.in_force)?.into(),
            row.document.as_str().into(),
            row.proposed_at.into(),
            row.proposed_by.into(),
            row.decided_at.into(),
            row.decided_by.into(),
            row.note.clone().into(),
            row.version.into(),
        ])
        .on_conflict(
            OnConflict::columns(query::KEY)
                .update_columns(query::COLUMNS)
                // Two who saw the same: one of them wins.
                .action_and_where(Expr::col(("individual_plan", "version")).eq(stood))
                .to_owned(),
        );
    if tx.conn().execute(&insert).await?.rows_affected() != 1 {
        return Err(Error::new(Code::VersionConflict));
    }
    let by = was.iter().flat_map(|was| [was.proposed_by, was.decided_by]).chain([row.proposed_by, row.decided_by]);
    let names = Names::of(tx.conn(), tx.ctx().lang, by.collect::<Vec<_>>()).await?;
    let mut event = Event::new(Some(class.school_id), verb, "learner", row.learner_id);
    if let Some(was) = was {
        event = event.before(&was.told(name.to_owned(), &names));
    }
    let after = row.told(name.to_owned(), &names);
    Ok((after.clone(), vec![event.after(&after)]))
}
