//! What each learner's year comes to; closing it, with the policy that made it; and making it again.

use super::decisions;
use super::{Kept, answer, class_for, is_unsettled, keep, kept, locked};
use crate::bulk::{self, DecisionRow};
use crate::closing::lock_both;
use crate::contact_book::notices::notify_in;
use crate::contact_book::words::Because;
use crate::facts::ClassFacts;
use crate::results::book::{Book, Summer};
use crate::results::{self, promotion, published, settle};
use crate::{next_year, policy, summer};
use dto::access::Permission;
use dto::council::{Council, PrimaryStanding, ReopenYear, Standing, YearDecision};
use dto::gradebook::{LearnerResult, Period};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use regulations::tt27::YearOutcome;
use regulations::{Regulation, tt22};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// The decisions of a class as things stand, one for each learner whose year ends in it.
pub(super) async fn decisions(
    conn: &impl ConnectionTrait,
    book: &Book,
    overrides: &HashMap<LearnerId, decisions::Kept>,
) -> Result<Vec<YearDecision>> {
    if book.policy.code == Regulation::Tt27 {
        return Ok(book.finishing().map(|line| decide_primary(book, line.learner_id)).collect());
    }
    let summers = summer::of_class(conn, &book.class).await?;
    let none = Summer::default();
    let decide = |learner| decide(book, learner, summers.get(&learner).unwrap_or(&none), overrides.get(&learner));
    Ok(book.finishing().map(|line| decide(line.learner_id)).collect())
}

fn decide(book: &Book, learner: LearnerId, summer: &Summer, overridden: Option<&decisions::Kept>) -> YearDecision {
    let (_, year, absences) = book.year(learner, &Summer::default());
    let proposed = Standing {
        learning: year.year.level,
        conduct: year.conduct,
        promotion: year.promotion,
        award: year.award,
        primary: None,
    };
    let (_, after, _) = book.year(learner, summer);
    let trained = summer.conduct.filter(|_| proposed.promotion == Some(regulations::Promotion::SummerTraining));
    let after_summer = Standing {
        learning: after.reassessed.map_or(proposed.learning, |learning| learning.level),
        conduct: trained.or(proposed.conduct),
        promotion: after.promotion,
        award: proposed.award,
        primary: None,
    };
    let approved = overridden.filter(|decision| decision.approved());
    let mut decided = after_summer;
    if let Some(decision) = approved {
        if decision.learning.is_some() || decision.conduct.is_some() {
            decided.learning = decision.learning.or(decided.learning);
            decided.conduct = decision.conduct.or(decided.conduct);
            let results: Vec<_> = year.subjects.iter().filter_map(|subject| subject.year).collect();
            decided.promotion = tt22::promotion(decided.learning, decided.conduct, absences, &book.policy);
            decided.award =
                decided.learning.zip(decided.conduct).and_then(|(learning, conduct)| tt22::award(learning, conduct, &results));
        }
        decided.promotion = decision.promotion.or(decided.promotion);
    }
    YearDecision {
        learner_id: learner,
        absences,
        proposed,
        after_summer,
        decided,
        because: approved.map(|decision| decision.reason.clone()),
        reasons: after.reasons(),
    }
}

/// What the year of a primary pupil comes to: before help, and with what was assessed again and the principal's decision.
fn decide_primary(book: &Book, learner: LearnerId) -> YearDecision {
    let standing = |outcome: &YearOutcome<'_>| Standing {
        promotion: outcome.completion.map(promotion),
        primary: Some(PrimaryStanding {
            group: outcome.again.or(outcome.group),
            completion: outcome.completion,
            award: outcome.award,
        }),
        ..Standing::default()
    };
    let decided = book.primary_year(learner, book.decision(learner)).outcome;
    let after = standing(&decided);
    YearDecision {
        learner_id: learner,
        absences: None,
        proposed: standing(&book.primary_proposal(learner)),
        after_summer: after,
        decided: after,
        because: None,
        reasons: book.primary_reasons(learner, &decided),
    }
}

fn select(class: &ClassFacts) -> SelectStatement {
    let mut query = Query::select();
    query
        .column("outcome")
        .from("year_decision")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .order_by("learner_id", Order::Asc);
    query
}

fn outcome(row: &QueryResult) -> Result<(String, YearDecision)> {
    let text: String = row.try_get_by_index(0)?;
    let decision = serde_json::from_str(&text).map_err(|e| Error::internal(format!("a decision cannot be read: {e}")))?;
    Ok((text, decision))
}

/// The decisions of a closed year with the text that was frozen.
pub(super) async fn frozen(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Vec<(String, YearDecision)>> {
    conn.query_all(&select(class)).await?.iter().map(outcome).collect()
}

/// The same of one learner.
pub(super) async fn frozen_one(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
    learner: LearnerId,
) -> Result<Option<(String, YearDecision)>> {
    let mut query = select(class);
    query.and_where(Expr::col("learner_id").eq(learner.0));
    conn.query_one(&query).await?.as_ref().map(outcome).transpose()
}

fn rows(tx: &Tx<'_>, book: &Book, decisions: &[YearDecision]) -> Result<Vec<DecisionRow>> {
    decisions
        .iter()
        .map(|decision| {
            Ok(DecisionRow {
                school_id: book.class.school_id.0,
                class_id: book.class.id.0,
                learner_id: decision.learner_id.0,
                outcome: serde_json::to_string(decision).map_err(Error::internal)?,
                policy: policy::name(&book.policy),
                decided_at: tx.now(),
            })
        })
        .collect()
}

/// Closes the year of a class: every learner's decision is frozen with the policy that made it, and nothing of the year can be
/// changed.
///
/// Errors: `not_found`, `year_closed`, `term_not_closed`, `minutes_missing` (not in a primary class), `council_not_ready` with the
/// number of learners.
pub async fn close(db: &Db, ctx: &Ctx, class: ClassId) -> Result<Council> {
    db.write(ctx, async |tx| {
        let (class, council) = locked(tx, Permission::YearClose, class).await?;
        let conn = tx.conn();
        let book = Book::read(conn, class).await?;
        if !book.states.iter().all(|state| state.is_closed()) {
            return Err(Error::new(Code::TermNotClosed));
        }
        let minuted = policy::has_decisions(&book.policy);
        if minuted && (council.minutes.met_on.is_none() || council.minutes.members.is_empty()) {
            return Err(Error::new(Code::MinutesMissing));
        }
        let overrides = decisions::of_class(conn, &book.class).await?;
        let decisions = decisions(conn, &book, &overrides).await?;
        let waits = |decision: &&YearDecision| {
            let proposed = overrides.get(&decision.learner_id).is_some_and(|o| o.approved_at.is_none() && !o.taken_back());
            is_unsettled(decision) || proposed
        };
        let unsettled = decisions.iter().filter(waits).count();
        if unsettled > 0 {
            return Err(Error::new(Code::CouncilNotReady).with("count", unsettled));
        }
        bulk::insert_or(conn, &rows(tx, &book, &decisions)?, "").await?;
        tell(tx, &book.class, &decisions, council.version + 1).await?;
        let by = tx.ctx().account.map(Uuid::from);
        let closed = Kept {
            closed: true,
            policy: Some(book.policy.clone()),
            closed_at: Some(tx.now()),
            closed_by: by,
            version: council.version + 1,
            ..council
        };
        keep(tx, &book.class, &closed).await?;
        let event = Event::new(Some(book.class.school_id), "year.closed", "class", book.class.id).after(&json!({
            "policy": book.policy,
            "minutes": closed.minutes,
            "decisions": decisions.len(),
        }));
        Ok((answer(conn, tx.ctx(), book.class).await?, vec![event]))
    })
    .await
}

/// The results of the year as its terms were closed.
async fn frozen_year(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Vec<LearnerResult>> {
    Ok(results::frozen::read(conn, class, Period::Year).await?.into_iter().map(|(_, year)| year).collect())
}

/// Tells the families whose child's year is another one than they have seen: as its terms were closed, or as it was closed before.
async fn tell(tx: &Tx<'_>, class: &ClassFacts, decisions: &[YearDecision], version: i64) -> Result<()> {
    let mut shown = published::take(tx, class.school_id, &[(class.id, Period::Year)]).await?;
    let shown = shown.remove(&(class.id, Period::Year)).unwrap_or_default();
    let mut notices = Vec::new();
    for year in frozen_year(tx.conn(), class).await? {
        let Some(decision) = decisions.iter().find(|decision| decision.learner_id == year.learner_id) else { continue };
        let mut now = year.clone();
        settle(&mut now, decision.clone());
        if !published::differs(shown.get(&year.learner_id).unwrap_or(&year), &now) {
            continue;
        }
        let because = match decision {
            YearDecision { because: Some(_), .. } => Because::Council,
            decision if decision.after_summer != decision.proposed => Because::Summer,
            _ => Because::ClosedAgain,
        };
        notices.push(published::changed(class, year.learner_id, Period::Year, because, &format!("year:{version}")));
    }
    notify_in(tx, &notices).await
}

/// Opens a closed year again. Its frozen decisions go; the log keeps them, with the reason.
///
/// Errors: `not_found`, `year_not_closed`, `next_year_applied` where the next year's classes stand on it, `invalid` with `/reason`.
pub async fn reopen(db: &Db, ctx: &Ctx, class: ClassId, body: &ReopenYear) -> Result<Council> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let class = class_for(conn, tx.ctx(), Permission::YearClose, Permission::YearClose, class).await?;
        lock_both(tx, &class).await?;
        let council = kept(conn, &class).await?;
        if !council.closed {
            return Err(Error::new(Code::YearNotClosed));
        }
        if next_year::is_applied(conn, &class).await? {
            return Err(Error::new(Code::NextYearApplied));
        }
        let reason = kernel::text::clean(&body.reason);
        if reason.is_empty() {
            return Err(Error::field("/reason", Code::FieldRequired));
        }
        let stood: Vec<YearDecision> = frozen(conn, &class).await?.into_iter().map(|(_, decision)| decision).collect();
        let mut seen = frozen_year(conn, &class).await?;
        for year in &mut seen {
            if let Some(decision) = stood.iter().find(|decision| decision.learner_id == year.learner_id) {
                settle(year, decision.clone());
            }
        }
        published::put_aside(tx, &class, Period::Year, &seen).await?;
        let mut delete = Query::delete();
        delete
            .from_table("year_decision")
            .and_where(Expr::col("school_id").eq(class.school_id.0))
            .and_where(Expr::col("class_id").eq(class.id.0));
        conn.execute(&delete).await?;
        let version = council.version + 1;
        keep(tx, &class, &Kept { closed: false, policy: None, closed_at: None, closed_by: None, version, ..council }).await?;
        let event = Event::new(Some(class.school_id), "year.reopened", "class", class.id)
            .before(&json!({ "decisions": stood }))
            .after(&json!({ "reason": reason }));
        Ok((answer(conn, tx.ctx(), class).await?, vec![event]))
    })
    .await
}

/// Makes the decisions of a closed year again from what they were made of, under the policy that it keeps. Gives for each learner
/// what was frozen and what was made now: the same bytes, or something was changed behind our back.
///
/// Errors: `not_found`, `year_not_closed`.
pub async fn recompute(db: &Db, ctx: &Ctx, class: ClassId) -> Result<Vec<(LearnerId, String, String)>> {
    let conn = db.read();
    let class = class_for(conn, ctx, Permission::ResultRead, Permission::ResultRead, class).await?;
    let council = kept(conn, &class).await?;
    let policy = council.policy.filter(|_| council.closed).ok_or_else(|| Error::new(Code::YearNotClosed))?;
    let stood = frozen(conn, &class).await?;
    let mut book = Book::read(conn, class).await?;
    book.policy = policy;
    let overrides = decisions::of_class(conn, &book.class).await?;
    let mut now: HashMap<LearnerId, YearDecision> =
        decisions(conn, &book, &overrides).await?.into_iter().map(|decision| (decision.learner_id, decision)).collect();
    stood
        .into_iter()
        .map(|(text, decision)| {
            let made = now.remove(&decision.learner_id);
            let made = made.map(|made| serde_json::to_string(&made)).transpose().map_err(Error::internal)?;
            Ok((decision.learner_id, text, made.unwrap_or_default()))
        })
        .collect()
}
