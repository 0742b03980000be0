//! From school to school: the steps of [`records::transfers`], with what a class takes over of marks, and the word to the family.

use crate::contact_book::Said;
use crate::contact_book::notices::{self, Notify};
use crate::{facts, transfers};
use chrono::NaiveDate;
use dto::contact::{EventKind, NoticeTarget};
use dto::transfers::{
    PostFamilyTransfer, PostTransfer, PostTransferAnswer, PostTransferPlacement, PostTransferRelease, PostTransferWithdrawal,
    Transfer, TransferState,
};
use dto::{ClassId, LearnerId, TransferId};
use kernel::{Ctx, Db, Event, Result, Tx};
use records::transfers::{self as steps, Step};

/// Tells the family where the transfer stands now. Its notices are the sending school's as long as the child is there, and stay in
/// the family's feed.
async fn told(tx: &Tx<'_>, step: Step) -> Result<(Transfer, Vec<Event>)> {
    let transfer = &step.transfer;
    let said = match transfer.state {
        TransferState::Accepted | TransferState::Refused => transfer.answer.clone(),
        TransferState::Released => transfer.release_note.clone(),
        TransferState::Placed => transfer.class_name.clone(),
        TransferState::Withdrawn => transfer.withdrawal.clone(),
        TransferState::Requested => transfer.reason.clone(),
    };
    let notice = Notify {
        school: transfer.from_school_id,
        event_key: format!("transfer:{}:{}", transfer.id, transfer.state),
        kind: EventKind::General,
        target: NoticeTarget::Learner { learner_id: transfer.learner_id },
        said: Said::Transfer {
            from_school: transfer.from_school.clone(),
            to_school: transfer.to_school.clone(),
            state: transfer.state,
            said,
        },
    };
    notices::notify_in(tx, &[notice]).await?;
    Ok((step.transfer, step.events))
}

/// A school asks for a transfer.
///
/// Errors: those of [`steps::ask_in`].
pub async fn ask(db: &Db, ctx: &Ctx, body: &PostTransfer) -> Result<Transfer> {
    db.write(ctx, async |tx| told(tx, steps::ask_in(tx, body).await?).await).await
}

/// A guardian asks for a child's transfer.
///
/// Errors: those of [`steps::ask_as_family_in`].
pub async fn ask_as_family(db: &Db, ctx: &Ctx, learner: LearnerId, body: &PostFamilyTransfer) -> Result<Transfer> {
    db.write(ctx, async |tx| told(tx, steps::ask_as_family_in(tx, learner, body).await?).await).await
}

/// The receiving school answers.
///
/// Errors: those of [`steps::answer_in`].
pub async fn answer(db: &Db, ctx: &Ctx, id: TransferId, body: &PostTransferAnswer) -> Result<Transfer> {
    db.write(ctx, async |tx| told(tx, steps::answer_in(tx, id, body).await?).await).await
}

/// The sending school releases; the learner goes into the class that the receiving school named, if it named one.
///
/// Errors: those of [`steps::release_in`].
pub async fn release(db: &Db, ctx: &Ctx, id: TransferId, body: &PostTransferRelease) -> Result<Transfer> {
    db.write(ctx, async |tx| {
        let (moved, mut events) = told(tx, steps::release_in(tx, id, body).await?).await?;
        let Some(class) = moved.class_id else { return Ok((moved, events)) };
        let (placed, more) = placed_in(tx, id, moved.learner_id, class, body.moved_on).await?;
        events.extend(more);
        Ok((placed, events))
    })
    .await
}

/// The receiving school puts the learner into a class, with the marks of the year.
///
/// Errors: those of [`steps::placing_in`].
pub async fn place(db: &Db, ctx: &Ctx, id: TransferId, body: &PostTransferPlacement) -> Result<Transfer> {
    db.write(ctx, async |tx| {
        let learner = steps::placing_in(tx, id, body).await?;
        placed_in(tx, id, learner, body.class_id, body.enrolled_on).await
    })
    .await
}

async fn placed_in(
    tx: &Tx<'_>,
    id: TransferId,
    learner: LearnerId,
    class: ClassId,
    on: NaiveDate,
) -> Result<(Transfer, Vec<Event>)> {
    let mut events = records::classes::receive_in(tx, class, learner, on).await?;
    let facts = facts::class_unscoped(tx.conn(), class).await?;
    events.extend(transfers::bring_in(tx, &facts, learner).await?);
    let (transfer, more) = told(tx, steps::place_in(tx, id, learner, class).await?).await?;
    events.extend(more);
    Ok((transfer, events))
}

/// The school that asked takes it back.
///
/// Errors: those of [`steps::withdraw_in`].
pub async fn withdraw(db: &Db, ctx: &Ctx, id: TransferId, body: &PostTransferWithdrawal) -> Result<Transfer> {
    db.write(ctx, async |tx| told(tx, steps::withdraw_in(tx, id, body).await?).await).await
}

/// The guardian takes it back.
///
/// Errors: those of [`steps::withdraw_as_family_in`].
pub async fn withdraw_as_family(
    db: &Db,
    ctx: &Ctx,
    learner: LearnerId,
    id: TransferId,
    body: &PostTransferWithdrawal,
) -> Result<Transfer> {
    db.write(ctx, async |tx| told(tx, steps::withdraw_as_family_in(tx, learner, id, body).await?).await).await
}
