//! One's own record, and what one proposes to have corrected in it.

use super::{check, create_in, put_in, rows};
use crate::scope;
use crate::staff::query;
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::identity::Person;
use dto::page::{Page, PageQuery};
use dto::staff::Staff;
use dto::staff_records::{
    DecideStaffProposal, OwnStaffRecord, PostStaffProposal, ProposalState, StaffChange, StaffProposal, StaffProposalQuery,
    StaffRecord,
};
use dto::{Code, StaffId, StaffProposalId, StaffRecordId};
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, Tx, id, page};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    staff_id: Uuid,
    id: Uuid,
    full_name: String,
    state: String,
    change: String,
    note: Option<String>,
    proposed_at: DateTime<Utc>,
    decided_at: Option<DateTime<Utc>>,
    decided_by: Option<Uuid>,
    answer: Option<String>,
}

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns([("p", "staff_id"), ("p", "id"), ("p", "state"), ("p", "change"), ("p", "note"), ("p", "proposed_at")])
        .columns([("p", "decided_at"), ("p", "decided_by"), ("p", "answer")])
        .column(("s", "full_name"))
        .from_as("staff_proposal", "p")
        .join_as(JoinType::InnerJoin, "staff", "s", Expr::col(("s", "id")).equals(("p", "staff_id")));
    select
}

async fn read(conn: &impl ConnectionTrait, ctx: &Ctx, select: &SelectStatement) -> Result<Vec<StaffProposal>> {
    let rows = crate::all::<Row>(conn, select).await?;
    let names = Names::of(conn, ctx.lang, rows.iter().map(|row| row.decided_by)).await?;
    rows.into_iter()
        .map(|row| {
            Ok(StaffProposal {
                id: StaffProposalId(row.id),
                staff_id: StaffId(row.staff_id),
                staff_name: row.full_name,
                state: crate::stored(&row.state)?,
                change: serde_json::from_str(&row.change)
                    .map_err(|e| Error::internal(format!("a proposal cannot be read: {e}")))?,
                note: row.note,
                proposed_at: row.proposed_at,
                decided_by: row.decided_at.map(|_| names.name(row.decided_by)),
                decided_at: row.decided_at,
                answer: row.answer,
            })
        })
        .collect()
}

async fn of_staff(conn: &impl ConnectionTrait, ctx: &Ctx, staff: StaffId) -> Result<Vec<StaffProposal>> {
    let mut select = select();
    select.and_where(Expr::col(("p", "staff_id")).eq(staff.0)).order_by(("p", "id"), Order::Desc);
    read(conn, ctx, &select).await
}

/// The caller as a member of staff.
///
/// Errors: `not_found` for who is none.
pub(crate) fn me(ctx: &Ctx) -> Result<StaffId> {
    match ctx.person {
        Some(Person::Staff(me)) => Ok(me),
        _ => Err(Error::new(Code::NotFound)),
    }
}

/// One's own record, with what is shown to nobody else.
///
/// Errors: `not_found` for who is no member of staff.
pub async fn own(db: &Db, ctx: &Ctx) -> Result<OwnStaffRecord> {
    let (conn, me) = (db.read(), me(ctx)?);
    Ok(OwnStaffRecord {
        staff: query::by_id(conn, me).await?,
        records: rows::of_staff(conn, ctx, me, true).await?,
        proposals: of_staff(conn, ctx, me).await?,
    })
}

/// One record of one's own.
///
/// Errors: `not_found`.
pub async fn own_record(db: &Db, ctx: &Ctx, record: StaffRecordId) -> Result<(Staff, StaffRecord)> {
    let (conn, me) = (db.read(), me(ctx)?);
    Ok((query::by_id(conn, me).await?, rows::find(conn, ctx, me, record).await?))
}

/// Proposes a correction. It changes nothing until who keeps the record approves.
///
/// Errors: `not_found`, `version_conflict`, `invalid` with the field.
pub async fn propose(db: &Db, ctx: &Ctx, body: &PostStaffProposal) -> Result<StaffProposal> {
    let me = me(ctx)?;
    let note = crate::input::text_opt("/note", body.note.as_deref(), 500)?;
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let change = fitting(tx, me, &body.change).await?;
        let proposal: StaffProposalId = id::new();
        let mut insert = Query::insert();
        insert.into_table("staff_proposal").columns(["staff_id", "id", "state", "change", "note", "proposed_at"]);
        insert.values_panic([
            me.0.into(),
            proposal.0.into(),
            ProposalState::Pending.as_str().into(),
            rows::text_of(&change)?.into(),
            note.clone().into(),
            tx.now().into(),
        ]);
        conn.execute(&insert).await?;
        let made = find(conn, ctx, me, proposal).await?;
        let event = Event::new(None, "staff.proposed", "staff", me).after(&made);
        Ok((made, vec![event]))
    })
    .await
}

/// A change that could be made as things stand, with its texts as they are stored.
async fn fitting(tx: &Tx<'_>, me: StaffId, change: &StaffChange) -> Result<StaffChange> {
    let conn = tx.conn();
    let within = |part: &str, e: Error| {
        // The fields lie one floor down in a proposal.
        let problem = e.problem(tx.ctx().lang, "");
        match problem.errors.first().and_then(|field| Some((field, Code::parse(&field.code)?))) {
            Some((field, code)) => {
                Error::new(Code::Invalid).and_field_with(format!("/change/{part}{}", field.pointer), code, field.params.clone())
            }
            None => e,
        }
    };
    match change {
        StaffChange::Own { version, staff } => {
            super::super::own_data(staff).map_err(|e| within("staff", e))?;
            match query::by_id(conn, me).await?.version == *version {
                true => Ok(change.clone()),
                false => Err(Error::new(Code::VersionConflict)),
            }
        }
        StaffChange::Add { record } => {
            Ok(StaffChange::Add { record: check::checked(conn, record).await.map_err(|e| within("record", e))? })
        }
        StaffChange::Change { record_id, version, record } => {
            let stands = rows::find(conn, tx.ctx(), me, *record_id).await?;
            if stands.version != *version {
                return Err(Error::new(Code::VersionConflict));
            }
            let record = check::checked(conn, record).await.map_err(|e| within("record", e))?;
            if record.facts.kind() != stands.facts.kind() {
                return Err(Error::field("/change/record/facts/kind", Code::FieldChoice));
            }
            Ok(StaffChange::Change { record_id: *record_id, version: *version, record })
        }
    }
}

async fn find(conn: &impl ConnectionTrait, ctx: &Ctx, staff: StaffId, id: StaffProposalId) -> Result<StaffProposal> {
    let mut select = select();
    select.and_where(Expr::col(("p", "staff_id")).eq(staff.0)).and_where(Expr::col(("p", "id")).eq(id.0));
    read(conn, ctx, &select).await?.pop().ok_or_else(|| Error::new(Code::NotFound))
}

/// Takes one's own proposal back.
///
/// Errors: `not_found`, `proposal_answered`.
pub async fn withdraw(db: &Db, ctx: &Ctx, id: StaffProposalId) -> Result<StaffProposal> {
    let me = me(ctx)?;
    db.write(ctx, async |tx| {
        let before = find(tx.conn(), ctx, me, id).await?;
        settle(tx, &before, ProposalState::Withdrawn, None).await?;
        let after = find(tx.conn(), ctx, me, id).await?;
        let event = Event::new(None, "staff.proposal_withdrawn", "staff", me).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}

/// Writes the outcome, unless there is one already.
async fn settle(tx: &Tx<'_>, before: &StaffProposal, state: ProposalState, answer: Option<String>) -> Result<()> {
    let decided = state != ProposalState::Withdrawn;
    let mut update = Query::update();
    update
        .table("staff_proposal")
        .value("state", state.as_str())
        .value("decided_at", decided.then(|| tx.now()))
        .value("decided_by", tx.ctx().account.filter(|_| decided).map(Uuid::from))
        .value("answer", answer)
        .and_where(Expr::col("staff_id").eq(before.staff_id.0))
        .and_where(Expr::col("id").eq(before.id.0))
        .and_where(Expr::col("state").eq(ProposalState::Pending.as_str()));
    match tx.conn().execute(&update).await?.rows_affected() {
        0 => Err(Error::new(Code::ProposalAnswered)),
        _ => Ok(()),
    }
}

/// Proposals of people whose record the caller keeps, newest first.
///
/// Errors: `bad_cursor`.
pub async fn proposals(db: &Db, ctx: &Ctx, query: &StaffProposalQuery, page: &PageQuery) -> Result<Page<StaffProposal>> {
    let after = page::decode::<Uuid>(page.after.as_deref())?;
    let mut select = select();
    select.cond_where(scope::staff(&ctx.reach(Permission::StaffWrite), "s", true));
    if let Some(state) = query.state {
        select.and_where(Expr::col(("p", "state")).eq(state.as_str()));
    }
    if let Some(unit) = query.unit_id {
        let mut there = Query::select();
        there
            .column(("tp", "staff_id"))
            .from_as("staff_post", "tp")
            .and_where(Expr::col(("tp", "unit_id")).eq(unit.0))
            .cond_where(scope::in_force("tp"));
        select.and_where(Expr::col(("s", "id")).in_subquery(there));
    }
    if let Some(after) = after {
        select.and_where(Expr::col(("p", "id")).lt(after));
    }
    select.order_by(("p", "id"), Order::Desc).limit(page.limit() + 1);
    let found = read(db.read(), ctx, &select).await?;
    Ok(page::of(found, page.limit(), |proposal| proposal.id.0, |proposal| proposal))
}

/// Approves a proposal, which makes the change, or refuses it.
///
/// Errors: `not_found`, `proposal_answered`, `version_conflict` where the record has changed since, `invalid` with the field.
pub async fn decide(
    db: &Db,
    ctx: &Ctx,
    staff: StaffId,
    id: StaffProposalId,
    body: &DecideStaffProposal,
) -> Result<StaffProposal> {
    let answer = crate::input::text_opt("/answer", body.answer.as_deref(), 500)?;
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        query::find(conn, ctx, Permission::StaffWrite, staff, true).await?;
        let before = find(conn, ctx, staff, id).await?;
        let state = if body.approve { ProposalState::Approved } else { ProposalState::Refused };
        settle(tx, &before, state, answer.clone()).await?;
        let mut events = Vec::new();
        if body.approve {
            events.push(match &before.change {
                StaffChange::Own { version, staff: own } => crate::staff::put_in(tx, staff, *version, own).await?.1,
                StaffChange::Add { record } => create_in(tx, staff, record).await?.1,
                StaffChange::Change { record_id, version, record } => put_in(tx, staff, *record_id, *version, record).await?.1,
            });
        }
        let after = find(conn, ctx, staff, id).await?;
        events.push(Event::new(None, "staff.proposal_decided", "staff", staff).before(&before).after(&after));
        Ok((after, events))
    })
    .await
}
