//! The way of a plan: submitted, endorsed by the head of the group, approved by who leads the school; or returned.

use super::entity::{event, version};
use super::papers::{self, SignedPlan};
use super::query::{self, Row};
use super::{files, get_in, groups, own, rows, state_fault, subject};
use dto::access::Permission;
use dto::teaching_plans::{ReviewTeachingPlan, ReviewVerdict, TeachingPlan, TeachingPlanAct, TeachingPlanState};
use dto::{Code, FileId, TeachingPlanId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id};
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Whose hand a plan is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hand {
    /// The head of its group, before the school's management.
    Head,
    /// Who leads the school.
    Leads,
}

/// In which capacity the caller reviews a plan now, if at all. Nobody reviews their own.
pub(super) async fn hand(conn: &impl ConnectionTrait, ctx: &Ctx, row: &Row, head: Option<Uuid>) -> Result<Option<Hand>> {
    let me = query::me(ctx);
    let state = row.state()?;
    let waits = matches!(state, TeachingPlanState::Submitted | TeachingPlanState::Endorsed);
    if !waits || !ctx.can(Permission::TeachingPlanReview) || me == Some(row.staff_id) {
        return Ok(None);
    }
    if query::leads(conn, ctx, row.school()).await? {
        return Ok(Some(Hand::Leads));
    }
    let heads = me.is_some() && me == head && state == TeachingPlanState::Submitted;
    Ok(heads.then_some(Hand::Head))
}

pub(super) async fn head_of(conn: &impl ConnectionTrait, row: &Row) -> Result<Option<Uuid>> {
    match row.group_id {
        Some(group) => Ok(groups::named(conn, row.school(), group).await?.and_then(|g| g.head_id)),
        None => Ok(None),
    }
}

/// What an approval is of: everything that the plan says, and its file by hash.
fn content_hash(row: &Row, body: &str, file: Option<&str>) -> String {
    let said =
        ((&row.staff_id, &row.school_year_id, &row.kind, &row.grade, &row.subject_code, row.week), (&row.title, body, file));
    // A tuple of plain data always has a JSON form.
    hex::encode(Sha256::digest(serde_json::to_vec(&said).unwrap_or_default()))
}

async fn note_in(
    tx: &Tx<'_>,
    row: &Row,
    act: TeachingPlanAct,
    revision: i32,
    note: Option<String>,
    content_hash: Option<String>,
) -> Result<()> {
    let entry = event::Model {
        school_id: row.school_id,
        plan_id: row.id,
        id: id::new(),
        act: act.as_str().to_owned(),
        at: tx.now(),
        by: tx.ctx().account.map(Uuid::from),
        revision,
        note,
        content_hash,
    };
    event::Entity::insert(entry.into_active_model()).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Hands one's own plan in: what it says now is kept as a submission. It goes to the head of its group; where that is the author, or there
/// is none, to who leads the school.
///
/// Errors: `not_found`, `teaching_plan_state`, `teaching_plan_empty`, `version_conflict`.
pub async fn submit(db: &Db, ctx: &Ctx, id: TeachingPlanId, seen: i64) -> Result<TeachingPlan> {
    db.write(ctx, async |tx| {
        let row = own(tx.conn(), ctx, id).await?;
        let state = row.state()?;
        if !matches!(state, TeachingPlanState::Draft | TeachingPlanState::Returned) {
            return Err(state_fault(ctx, state));
        }
        let body = query::body(tx.conn(), &row).await?;
        if body.is_empty() && row.file_id.is_none() {
            return Err(Error::new(Code::TeachingPlanEmpty));
        }
        let file = match row.file_id {
            Some(file) => Some(files::find(tx.conn(), row.school(), subject(&row), FileId(file)).await?),
            None => None,
        };
        let hash = content_hash(&row, &body, file.as_ref().map(|f| f.sha256.as_str()));
        let head = head_of(tx.conn(), &row).await?;
        let next = if head.is_some_and(|head| head != row.staff_id) {
            TeachingPlanState::Submitted
        } else {
            TeachingPlanState::Endorsed
        };
        let revision = row.revision + 1;
        let values = [("state", Expr::val(next.as_str())), ("revision", Expr::val(revision))];
        rows::change_in(tx, &row, seen, values).await?;
        let kept = version::Model {
            school_id: row.school_id,
            plan_id: row.id,
            revision,
            title: row.title.clone(),
            body,
            file_id: row.file_id,
            content_hash: hash.clone(),
            submitted_at: tx.now(),
        };
        version::Entity::insert(kept.into_active_model()).exec_without_returning(tx.conn()).await?;
        note_in(tx, &row, TeachingPlanAct::Submitted, revision, None, Some(hash.clone())).await?;
        let after = get_in(tx.conn(), ctx, Permission::TeachingPlanWrite, id).await?;
        let event = Event::new(Some(row.school()), "teaching_plan.submitted", "teaching_plan", id);
        Ok((after, vec![event.before(&state).after(&(next, revision, hash))]))
    })
    .await
}

/// Takes one's own plan back before it was approved.
///
/// Errors: `not_found`, `teaching_plan_state`.
pub async fn withdraw(db: &Db, ctx: &Ctx, id: TeachingPlanId) -> Result<TeachingPlan> {
    db.write(ctx, async |tx| {
        let row = own(tx.conn(), ctx, id).await?;
        let state = row.state()?;
        if !matches!(state, TeachingPlanState::Submitted | TeachingPlanState::Endorsed) {
            return Err(state_fault(ctx, state));
        }
        let draft = ("state", Expr::val(TeachingPlanState::Draft.as_str()));
        rows::change_in(tx, &row, row.version, [draft]).await?;
        note_in(tx, &row, TeachingPlanAct::Withdrawn, row.revision, None, None).await?;
        let after = get_in(tx.conn(), ctx, Permission::TeachingPlanWrite, id).await?;
        let event = Event::new(Some(row.school()), "teaching_plan.withdrawn", "teaching_plan", id);
        Ok((after, vec![event.before(&state).after(&TeachingPlanState::Draft)]))
    })
    .await
}

/// Comments on a submission, returns it, or accepts it: the head of the group endorses, who leads the school approves.
///
/// `signed` is the approval as a signed paper; it is kept with it.
///
/// Errors: `not_found` (also for whoever reads it and does not review it), `teaching_plan_newer`, `teaching_plan_unsigned`, `invalid` with
/// `/note`.
pub async fn review(
    db: &Db,
    ctx: &Ctx,
    id: TeachingPlanId,
    body: &ReviewTeachingPlan,
    signed: Option<&SignedPlan>,
) -> Result<TeachingPlan> {
    let note = crate::input::text_opt("/note", body.note.as_deref(), 2_000)?;
    if note.is_none() && body.verdict != ReviewVerdict::Accept {
        return Err(Error::field("/note", Code::FieldRequired));
    }
    db.write(ctx, async |tx| {
        let row = query::find(tx.conn(), ctx, Permission::TeachingPlanReview, id).await?;
        let head = head_of(tx.conn(), &row).await?;
        let hand = hand(tx.conn(), ctx, &row, head).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        if i64::from(row.revision) != i64::from(body.revision) {
            return Err(Error::new(Code::TeachingPlanNewer));
        }
        let (act, next) = match (body.verdict, hand) {
            (ReviewVerdict::Comment, _) => (TeachingPlanAct::Commented, row.state()?),
            (ReviewVerdict::Return, _) => (TeachingPlanAct::Returned, TeachingPlanState::Returned),
            (ReviewVerdict::Accept, Hand::Head) => (TeachingPlanAct::Endorsed, TeachingPlanState::Endorsed),
            (ReviewVerdict::Accept, Hand::Leads) => (TeachingPlanAct::Approved, TeachingPlanState::Approved),
        };
        if act == TeachingPlanAct::Approved {
            match signed {
                Some(paper) => papers::keep_in(tx, &row, paper).await?,
                None if papers::policy_in(tx.conn(), row.school()).await?.signature_required => {
                    return Err(Error::new(Code::TeachingPlanUnsigned));
                }
                None => {}
            }
        }
        let accepted = body.verdict == ReviewVerdict::Accept;
        let kept = version::Entity::find_by_id((row.school_id, row.id, row.revision)).one(tx.conn()).await?;
        let hash = kept.filter(|_| accepted).map(|kept| kept.content_hash);
        rows::change_in(tx, &row, row.version, [("state", Expr::val(next.as_str()))]).await?;
        note_in(tx, &row, act, row.revision, note.clone(), hash.clone()).await?;
        let after = get_in(tx.conn(), ctx, Permission::TeachingPlanReview, id).await?;
        let verb = match act {
            TeachingPlanAct::Commented => "teaching_plan.commented",
            TeachingPlanAct::Returned => "teaching_plan.returned",
            TeachingPlanAct::Endorsed => "teaching_plan.endorsed",
            _ => "teaching_plan.approved",
        };
        let event = Event::new(Some(row.school()), verb, "teaching_plan", id);
        Ok((after, vec![event.before(&row.state()?).after(&(next, row.revision, hash, signed.map(|paper| &paper.fingerprint)))]))
    })
    .await
}
