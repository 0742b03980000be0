//! The steps of a transfer. Each looks for the state that it goes on from, so that of two who act at once one is told.

use super::clocks::{self, Level};
use super::query::{self, Row};
use crate::{claims, classes, input, learners, units};
use dto::access::Permission;
use dto::classes::Class;
use dto::learners::{Learner, LearnerStatus};
use dto::one_record::OfferKind;
use dto::transfers::{
    PostFamilyTransfer, PostTransfer, PostTransferAnswer, PostTransferPlacement, PostTransferRelease, PostTransferWithdrawal,
    Transfer, TransferAsker, TransferState,
};
use dto::units::UnitKind;
use dto::{ClassId, Code, LearnerId, TransferId, UnitId};
use kernel::{Error, Event, Result, Tx, clock, id};
use sea_orm::sea_query::{Expr, ExprTrait, Query, UpdateStatement};
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

/// What a step came to: the transfer as the caller sees it, and the entries of both schools' logs.
#[derive(Clone, Debug)]
pub struct Step {
    pub transfer: Transfer,
    pub events: Vec<Event>,
}

async fn step(tx: &Tx<'_>, row: Row, before: Option<TransferState>, verb: &'static str) -> Result<Step> {
    let transfer = query::one(tx.conn(), tx.ctx(), row).await?;
    // Both schools' logs say what happened.
    let events = [transfer.from_school_id, transfer.to_school_id]
        .into_iter()
        .map(|school| Event::new(Some(school), verb, "transfer", transfer.id).before(&before).after(&transfer))
        .collect();
    Ok(Step { transfer, events })
}

/// A school asks: for a learner of its own, or by a number for one of another school.
///
/// Errors: `not_found` (the school, the learner); `transfer_open`; `invalid` with the field, also for a child who is at no school and
/// can be claimed at once.
pub async fn ask_in(tx: &Tx<'_>, body: &PostTransfer) -> Result<Step> {
    let (conn, ctx) = (tx.conn(), tx.ctx());
    let receiving = units::school_in(conn, ctx, Permission::TransferWrite, body.to_school_id).await.is_ok();
    let (learner, asked_by) = match body.learner_id {
        Some(learner) => {
            let learner = learners::find_in(conn, ctx, Permission::TransferWrite, learner).await?;
            (learner, TransferAsker::Sending)
        }
        None if receiving => {
            let personal_id = input::personal_id("/personal_id", body.personal_id.as_deref())?;
            let ministry_code = input::text_opt("/ministry_code", body.ministry_code.as_deref(), 20)?;
            if personal_id.is_none() && ministry_code.is_none() {
                return Err(Error::field("/personal_id", Code::FieldRequired));
            }
            let found = claims::by_number_in(conn, personal_id.as_deref(), ministry_code.as_deref()).await?;
            let (row, _) = found.ok_or_else(|| Error::new(Code::NotFound))?;
            (learners::query::learner(row)?, TransferAsker::Receiving)
        }
        None => return Err(Error::new(Code::NotFound)),
    };
    let asked_by = if receiving { TransferAsker::Receiving } else { asked_by };
    made_in(tx, &learner, asked_by, body.to_school_id, body.wished_on, body.reason.as_deref()).await
}

/// A guardian asks for a child.
///
/// Errors: as of [`ask_in`].
pub async fn ask_as_family_in(tx: &Tx<'_>, learner: LearnerId, body: &PostFamilyTransfer) -> Result<Step> {
    let learner = own_in(tx, learner).await?;
    made_in(tx, &learner, TransferAsker::Guardian, body.to_school_id, body.wished_on, body.reason.as_deref()).await
}

async fn own_in(tx: &Tx<'_>, learner: LearnerId) -> Result<Learner> {
    learners::find_in(tx.conn(), tx.ctx(), Permission::TransferFamily, learner).await
}

async fn made_in(
    tx: &Tx<'_>,
    learner: &Learner,
    asked_by: TransferAsker,
    to: UnitId,
    wished_on: chrono::NaiveDate,
    reason: Option<&str>,
) -> Result<Step> {
    let conn = tx.conn();
    let wished_on = input::day("/wished_on", wished_on)?;
    let reason = input::text_opt("/reason", reason, 500)?;
    open_school_in(tx, to).await?;
    let from = match (claims::kind(learner, to), learner.school_id) {
        (OfferKind::Transfer, Some(from)) => from,
        // Who is at no school is claimed, and who is here is here.
        _ => return Err(Error::field("/to_school_id", Code::FieldChoice)),
    };
    let level = level_in(tx, learner.id, from, to).await?;
    let today = clock::day_of(tx.now());
    let transfer_id: TransferId = id::new();
    let mut insert = Query::insert();
    insert
        .into_table("transfer")
        .columns(
            ["id", "learner_id", "open_of", "from_school_id", "to_school_id", "asked_by", "state", "wished_on", "reason"]
                .into_iter()
                .chain(["clock", "due_on", "requested_at", "requested_by", "version"]),
        )
        .values_panic([
            transfer_id.0.into(),
            learner.id.0.into(),
            learner.id.0.into(),
            from.0.into(),
            to.0.into(),
            asked_by.as_str().into(),
            TransferState::Requested.as_str().into(),
            wished_on.into(),
            reason.into(),
            level.as_str().into(),
            clocks::due(level.as_str(), TransferState::Requested, today).into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
            1i64.into(),
        ]);
    conn.execute(&insert).await?;
    let row = query::find_own(conn, learner.id, transfer_id).await?;
    step(tx, row, None, "transfer.requested").await
}

/// A school that is open, whoever asks: that it is there is no secret.
async fn open_school_in(tx: &Tx<'_>, id: UnitId) -> Result<()> {
    let mut query = Query::select();
    query
        .column("id")
        .from("unit")
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("kind").eq(UnitKind::School.as_str()))
        .cond_where(crate::scope::open("unit", "closed_on"));
    match tx.conn().query_one(&query).await? {
        Some(_) => Ok(()),
        None => Err(Error::field("/to_school_id", Code::FieldChoice)),
    }
}

/// Whose rule holds: of the learner's class, else of the lowest level of the receiving school.
async fn level_in(tx: &Tx<'_>, learner: LearnerId, from: UnitId, to: UnitId) -> Result<Level> {
    let enrolments = learners::query::enrolments(tx.conn(), learner).await?;
    if let Some(last) = enrolments.iter().find(|e| e.school_id == from) {
        return Ok(Level::of(last.grade));
    }
    let mut query = Query::select();
    query.column("levels").from("unit").and_where(Expr::col("id").eq(to.0));
    let levels: String = match tx.conn().query_one(&query).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => String::new(),
    };
    Ok(match levels.split(',').next() {
        Some("preschool") => Level::Preschool,
        Some("primary") => Level::Primary,
        _ => Level::Secondary,
    })
}

/// The row as a step finds it: in the state from which it goes on.
fn expect(row: &Row, states: &[TransferState], tx: &Tx<'_>) -> Result<TransferState> {
    let state = row.state()?;
    if states.contains(&state) { Ok(state) } else { Err(wrong(state, tx)) }
}

fn wrong(state: TransferState, tx: &Tx<'_>) -> Error {
    Error::new(Code::TransferState).with("state", state.label(tx.ctx().lang))
}

/// Writes a step where the transfer still is where it was.
async fn go_in(
    tx: &Tx<'_>,
    row: &Row,
    from: TransferState,
    to: TransferState,
    values: Vec<(&'static str, Value)>,
) -> Result<Row> {
    let due = clocks::due(&row.clock, to, clock::day_of(tx.now()));
    let mut update: UpdateStatement = Query::update();
    update
        .table("transfer")
        .value("state", to.as_str())
        .value("due_on", due)
        .value("version", Expr::col("version").add(1))
        .and_where(Expr::col("id").eq(row.id))
        .and_where(Expr::col("state").eq(from.as_str()));
    if !to.open() {
        update.value("open_of", None::<Uuid>);
    }
    for (column, value) in values {
        update.value(column, value);
    }
    if tx.conn().execute(&update).await?.rows_affected() == 0 {
        return Err(wrong(row.state()?, tx));
    }
    query::find_own(tx.conn(), row.learner(), TransferId(row.id)).await
}

fn by(tx: &Tx<'_>) -> Value {
    tx.ctx().account.map(Uuid::from).into()
}

/// The receiving school answers, and may name the class.
///
/// Errors: `not_found`, `transfer_state`, `invalid` with `/note` where a refusal has no reason, or `/class_id` where the class is not
/// one of the school.
pub async fn answer_in(tx: &Tx<'_>, id: TransferId, body: &PostTransferAnswer) -> Result<Step> {
    let row = at_in(tx, Permission::TransferDecide, id, Side::Receiving).await?;
    let from = expect(&row, &[TransferState::Requested], tx)?;
    let note = input::text_opt("/note", body.note.as_deref(), 500)?;
    if !body.accept && note.is_none() {
        return Err(Error::field("/note", Code::FieldRequired));
    }
    let class = match body.class_id.filter(|_| body.accept) {
        Some(class) => Some(class_in(tx, class, row.to()).await?.id.0),
        None => None,
    };
    let (to, verb) = match body.accept {
        true => (TransferState::Accepted, "transfer.accepted"),
        false => (TransferState::Refused, "transfer.refused"),
    };
    let values =
        vec![("answered_at", tx.now().into()), ("answered_by", by(tx)), ("answer", note.into()), ("class_id", class.into())];
    let row = go_in(tx, &row, from, to, values).await?;
    step(tx, row, Some(from), verb).await
}

async fn class_in(tx: &Tx<'_>, class: ClassId, school: UnitId) -> Result<Class> {
    let class = classes::find_in(tx.conn(), tx.ctx(), Permission::ClassRead, class).await;
    class.ok().filter(|class| class.school_id == school).ok_or_else(|| Error::field("/class_id", Code::FieldChoice))
}

/// The sending school lets the learner go: from that day they are the receiving school's, with everything. Where a class was named
/// they are put into it by the verb above this one.
///
/// Errors: `not_found`, `transfer_state`, `invalid` with `/moved_on`.
pub async fn release_in(tx: &Tx<'_>, id: TransferId, body: &PostTransferRelease) -> Result<Step> {
    let row = at_in(tx, Permission::TransferDecide, id, Side::Sending).await?;
    let from = expect(&row, &[TransferState::Accepted], tx)?;
    let note = input::text_opt("/note", body.note.as_deref(), 500)?;
    let moved_on = input::day("/moved_on", body.moved_on)?;
    let learner = learners::find_in(tx.conn(), tx.ctx(), Permission::TransferDecide, row.learner()).await?;
    if learner.school_id != Some(row.from()) {
        // They have gone another way meanwhile.
        return Err(Error::new(Code::NotFound));
    }
    let why = row.reason.clone();
    let moved =
        learners::move_in(tx, &learner, row.to(), LearnerStatus::TransferredIn, moved_on, why.as_deref(), "/moved_on").await?;
    let values = vec![
        ("released_at", tx.now().into()),
        ("released_by", by(tx)),
        ("release_note", note.into()),
        ("moved_on", moved_on.into()),
    ];
    let row = go_in(tx, &row, from, TransferState::Released, values).await?;
    let mut done = step(tx, row, Some(from), "transfer.released").await?;
    done.events.extend(moved);
    Ok(done)
}

/// The learner is in a class: the end of the transfer. The class is one of the receiving school; that the learner is in it is the
/// caller's to do in the same write.
///
/// Errors: `transfer_state`.
pub async fn place_in(tx: &Tx<'_>, id: TransferId, learner: LearnerId, class: ClassId) -> Result<Step> {
    let row = query::find_own(tx.conn(), learner, id).await?;
    let from = expect(&row, &[TransferState::Released], tx)?;
    let values = vec![("placed_at", tx.now().into()), ("placed_by", by(tx)), ("class_id", class.0.into())];
    let row = go_in(tx, &row, from, TransferState::Placed, values).await?;
    step(tx, row, Some(from), "transfer.placed").await
}

/// Which transfer a school places, checked before [`place_in`].
///
/// Errors: `not_found`, `transfer_state`, `invalid` with `/class_id`.
pub async fn placing_in(tx: &Tx<'_>, id: TransferId, body: &PostTransferPlacement) -> Result<LearnerId> {
    let row = at_in(tx, Permission::TransferWrite, id, Side::Receiving).await?;
    expect(&row, &[TransferState::Released], tx)?;
    class_in(tx, body.class_id, row.to()).await?;
    Ok(row.learner())
}

/// The school that asked takes it back, before the learner has gone.
///
/// Errors: `not_found` (also for the school that did not ask), `transfer_state`, `invalid` with `/reason`.
pub async fn withdraw_in(tx: &Tx<'_>, id: TransferId, body: &PostTransferWithdrawal) -> Result<Step> {
    let row = query::find(tx.conn(), tx.ctx(), Permission::TransferWrite, id).await?;
    let side = match row.asked_by()? {
        TransferAsker::Receiving => Side::Receiving,
        TransferAsker::Sending => Side::Sending,
        TransferAsker::Guardian => return Err(Error::new(Code::NotFound)),
    };
    let row = at_in(tx, Permission::TransferWrite, id, side).await?;
    withdrawn_in(tx, row, body).await
}

/// The guardian takes it back.
///
/// Errors: as of [`withdraw_in`].
pub async fn withdraw_as_family_in(
    tx: &Tx<'_>,
    learner: LearnerId,
    id: TransferId,
    body: &PostTransferWithdrawal,
) -> Result<Step> {
    own_in(tx, learner).await?;
    let row = query::find_own(tx.conn(), learner, id).await?;
    if row.asked_by()? != TransferAsker::Guardian {
        return Err(Error::new(Code::NotFound));
    }
    withdrawn_in(tx, row, body).await
}

async fn withdrawn_in(tx: &Tx<'_>, row: Row, body: &PostTransferWithdrawal) -> Result<Step> {
    let from = expect(&row, &[TransferState::Requested, TransferState::Accepted], tx)?;
    let reason = input::text("/reason", &body.reason, 1, 500)?;
    let values = vec![("withdrawn_at", tx.now().into()), ("withdrawn_by", by(tx)), ("withdrawal", reason.into())];
    let row = go_in(tx, &row, from, TransferState::Withdrawn, values).await?;
    step(tx, row, Some(from), "transfer.withdrawn").await
}

enum Side {
    Receiving,
    Sending,
}

/// A transfer of which the caller's permission reaches this side; the other side sees it and cannot act.
async fn at_in(tx: &Tx<'_>, permission: Permission, id: TransferId, side: Side) -> Result<Row> {
    let row = query::find(tx.conn(), tx.ctx(), permission, id).await?;
    let school = match side {
        Side::Receiving => row.to(),
        Side::Sending => row.from(),
    };
    units::school_in(tx.conn(), tx.ctx(), permission, school).await?;
    Ok(row)
}
