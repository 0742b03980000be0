//! What a closing makes of a class, and writing it: the same for one class and for all of a unit.

use crate::bulk::{self, ResultRow};
use crate::contact_book::Said;
use crate::contact_book::notices::{Notify, notify_in};
use crate::contact_book::words::Because;
use crate::facts::ClassFacts;
use crate::marks::live;
use crate::policy;
use crate::results::book::Book;
use crate::results::{frozen, period_of, published};
use crate::term::{self, State};
use dto::calendar::Term;
use dto::contact::{EventKind, NoticeTarget};
use dto::gradebook::{LearnerResult, Period, TermState};
use dto::{LearnerId, UnitId};
use kernel::{Error, Result, Tx};
use std::collections::{BTreeMap, HashMap};

/// A class whose results are made and only have to be written.
pub(super) struct Made {
    pub class: ClassFacts,
    /// As results keep it.
    pub policy: String,
    /// Learners that the term counts.
    pub learners: usize,
    /// The term, and the year where this closing completes it.
    pub periods: Vec<Period>,
    /// `computed_at` is that of the transaction.
    rows: Vec<ResultRow>,
}

impl Made {
    pub(super) fn year(&self) -> bool {
        self.periods.contains(&Period::Year)
    }
}

/// The results of a term, and of the year if the other term is closed. The book has the term closed afterwards.
pub(super) fn make(book: &mut Book, term: Term) -> Result<Made> {
    let results = book.results(period_of(term));
    let (mut periods, learners) = (vec![period_of(term)], results.len());
    let mut rows = frozen::rows(book, period_of(term), &results)?;
    // The year is made of the results as they are frozen.
    book.close(term, results);
    if book.states.iter().all(State::is_closed) {
        periods.push(Period::Year);
        rows.extend(frozen::rows(book, Period::Year, &book.results(Period::Year))?);
    }
    Ok(Made { class: book.class.clone(), policy: policy::name(&book.policy), learners, periods, rows })
}

/// Freezes the results of classes of a school whose terms this transaction has locked, sets their states, and tells whom it concerns:
/// who watches their sheets, and their families in the same write.
pub(super) async fn write(tx: &Tx<'_>, school: UnitId, term: Term, made: &[(&Made, State)]) -> Result<Vec<State>> {
    let mut rows: Vec<ResultRow> = Vec::new();
    let mut states = Vec::with_capacity(made.len());
    for (of, was) in made {
        for period in &of.periods {
            frozen::drop_period(tx, &of.class, *period).await?;
        }
        rows.extend(of.rows.iter().map(|row| ResultRow { computed_at: tx.now(), ..row.clone() }));
        states.push(term::set(tx, &of.class, term, was, TermState::Closed, None).await?);
        live::announce_state(tx, &of.class, term);
    }
    bulk::insert_or(tx.conn(), &rows, "").await?;
    let periods: Vec<_> = made.iter().flat_map(|(of, _)| of.periods.iter().map(|period| (of.class.id, *period))).collect();
    let mut shown = published::take(tx, school, &periods).await?;
    let mut notices = Vec::with_capacity(made.len());
    for (of, was) in made {
        // Which closing it was, so that a period closed again is told again.
        let closing = format!("{term}:{}", was.version + 1);
        let before = of.periods.iter().map(|period| shown.remove(&(of.class.id, *period)).unwrap_or_default());
        notices.extend(told(of, &before.collect::<Vec<_>>(), &closing)?);
    }
    notify_in(tx, &notices).await?;
    Ok(states)
}

/// Whom a closing tells what: of a period that is closed for the first time all families of the class (of the year, where that is made
/// too); of one that they have seen before, those whose result is another one.
fn told(of: &Made, before: &[HashMap<LearnerId, LearnerResult>], closing: &str) -> Result<Vec<Notify>> {
    let class = &of.class;
    let first = |period: Period, target: NoticeTarget, key: String| Notify {
        school: class.school_id,
        event_key: key,
        kind: EventKind::Result,
        target,
        said: Said::Result { class_name: class.name.clone(), period },
    };
    let (mut notices, mut changed) = (Vec::new(), BTreeMap::new());
    for (period, before) in of.periods.iter().zip(before) {
        if before.is_empty() {
            if of.periods.last() == Some(period) {
                let key = format!("result:{}:{period}:{closing}", class.id);
                notices.push(first(*period, NoticeTarget::Class { class_id: class.id }, key));
            }
            continue;
        }
        for row in of.rows.iter().filter(|row| row.period == period.as_str()) {
            let learner = LearnerId(row.learner_id);
            let Some(stood) = before.get(&learner) else {
                let key = format!("result:{learner}:{period}:{closing}");
                notices.push(first(*period, NoticeTarget::Learner { learner_id: learner }, key));
                continue;
            };
            let now: LearnerResult = serde_json::from_str(&row.outcome).map_err(Error::internal)?;
            if published::differs(stood, &now) {
                // The year says more than its term: one notice each.
                changed.insert(learner, *period);
            }
        }
    }
    let again = |(learner, period)| published::changed(class, learner, period, Because::ClosedAgain, closing);
    notices.extend(changed.into_iter().map(again));
    Ok(notices)
}
