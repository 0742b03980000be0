//! What the principal decides of a pupil who still falls short after help and another assessment (TT 27/2020 Đ.11).

use super::put::{Change, write};
use super::{answer, decision_of, items, locked};
use crate::facts;
use crate::results::book::Book;
use dto::access::Permission;
use dto::reassessment::{PutPrincipalDecision, ReassessmentSheet};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result};
use regulations::CellValue;
use regulations::tt27::Completion;

/// Whether all was assessed again and something still falls short, or nothing was assessed at all.
pub(super) fn is_due(book: &Book, learner: LearnerId) -> bool {
    book.primary_year(learner, None).outcome.completion == Some(Completion::PrincipalDecides)
}

/// Decides, or takes a decision back; the year of the pupil is frozen anew.
///
/// Errors: `not_found` (the class, or no such learner in it); `regulation_unavailable`; `term_not_closed`; `year_closed`;
/// `version_conflict`; `decision_not_due` while something has not been assessed again, or nothing falls short; `invalid` with
/// `/reason`.
pub async fn decide(
    db: &Db,
    ctx: &Ctx,
    class: ClassId,
    learner: LearnerId,
    version: i64,
    body: &PutPrincipalDecision,
) -> Result<ReassessmentSheet> {
    db.write(ctx, async |tx| {
        let (book, stood) = locked(tx, Permission::YearClose, class).await?;
        let (conn, class) = (tx.conn(), book.class.clone());
        facts::roster_line(conn, class.school_id, class.id, learner).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        let reason = kernel::text::clean(&body.reason);
        if reason.is_empty() {
            return Err(Error::field("/reason", Code::FieldRequired));
        }
        let key = decision_of(learner);
        let kept = stood.get(&key);
        if kept.map_or(0, |kept| kept.version) != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let taken_back = body.completed.is_none();
        let nothing = kept.is_none_or(|kept| kept.completed().is_none());
        if (taken_back && nothing) || (!taken_back && !is_due(&book, learner)) {
            return Err(Error::new(Code::DecisionNotDue));
        }
        let value = body.completed.map(|completed| if completed { CellValue::Pass } else { CellValue::Fail });
        let change = Change { key, value, version: version + 1 };
        let (before, after) = write(tx, &book, &stood, &[change], Some(&reason)).await?;
        let verb = if taken_back { "reassessment.decision_withdrawn" } else { "reassessment.decided" };
        let event = Event::new(Some(class.school_id), verb, "learner", learner).before(&before).after(&after);
        let items = items(conn, &class).await?;
        let book = Book::read(conn, class).await?;
        Ok((answer(conn, tx.ctx(), &book, &items).await?, vec![event]))
    })
    .await
}
