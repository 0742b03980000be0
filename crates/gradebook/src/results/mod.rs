//! Results of a class in a term or the year: computed as the marks stand, or frozen by a closing.

pub(crate) mod book;
pub(crate) mod frozen;
mod primary;
pub(crate) mod published;
mod report;

pub(crate) use primary::{is_subject, promotion};
pub use report::of_learner;
pub(crate) use report::{of_learner_by_year, report, settle};

use crate::facts;
use crate::{plans, policy};
use book::Book;
use dto::ClassId;
use dto::access::Permission;
use dto::calendar::Term;
use dto::gradebook::{AbsencesSince, ClassResults, LearnerResult, Period, ResultSubject, SubjectResult, TermState};
use kernel::{Ctx, Db, Result};
use regulations::SubjectKind;
use std::collections::HashMap;

/// The results of a class. Open periods are computed as marks stand, with what is missing among the reasons; closed ones are read
/// back as they were frozen.
pub async fn of_class(db: &Db, ctx: &Ctx, class: ClassId, period: Period) -> Result<ClassResults> {
    let conn = db.read();
    let class = facts::class(conn, ctx, Permission::ResultRead, plans::READS_REASON, class).await?;
    let told_why = class.writable;
    let book = Book::read(conn, class).await?;
    let frozen = if is_closed(&book, period) { frozen::read(conn, &book.class, period).await? } else { Vec::new() };
    let (state, policy, mut rows) = if frozen.is_empty() {
        let state = if is_closed(&book, period) { TermState::Closed } else { TermState::Open };
        (state, policy::name(&book.policy), book.results(period))
    } else {
        let policy = frozen[0].0.clone();
        // Names are shown as they are today; a result belongs to the person, not to a spelling.
        let names: HashMap<_, _> = book.roster.iter().map(|line| (line.learner_id, line)).collect();
        let rows = frozen
            .into_iter()
            .map(|(_, mut result)| {
                if let Some(line) = names.get(&result.learner_id) {
                    result.full_name.clone_from(&line.full_name);
                    result.given_name.clone_from(&line.given_name);
                    result.ordinal = line.ordinal;
                }
                result
            })
            .collect();
        (TermState::Closed, policy, rows)
    };
    let absences_since = if state == TermState::Closed { absences_since(&book, period, &rows) } else { Vec::new() };
    // A term at another school is nobody's to close here; it is shown beside those of the class.
    let former = match period {
        Period::S1 => book.former(Term::S1),
        Period::S2 => book.former(Term::S2),
        Period::Year => Vec::new(),
    };
    if !former.is_empty() {
        rows.extend(former);
        rows.sort_by_key(|row| (row.ordinal, row.learner_id));
    }
    if !told_why {
        rows.iter_mut().for_each(plans::without_reason);
    }
    Ok(ClassResults {
        subjects: subjects(&book, &rows),
        class_id: book.class.id,
        class_name: book.class.name,
        school_name: book.class.school_name,
        grade: book.class.grade,
        school_year: book.class.school_year,
        period,
        state,
        policy,
        rows,
        absences_since,
    })
}

/// The period of a term.
pub(crate) fn period_of(term: Term) -> Period {
    match term {
        Term::S1 => Period::S1,
        Term::S2 => Period::S2,
    }
}

/// Whose absences are another number than their closed results count.
fn absences_since(book: &Book, period: Period, closed: &[LearnerResult]) -> Vec<AbsencesSince> {
    let since = |result: &LearnerResult| {
        let (stood, now) = (result.absences?, book.absences(period, result.learner_id).unwrap_or(0));
        (stood != now).then(|| AbsencesSince {
            learner_id: result.learner_id,
            full_name: result.full_name.clone(),
            closed: stood,
            now,
        })
    };
    closed.iter().filter_map(since).collect()
}

/// The subjects in the order of the rows: frozen rows keep the subjects that the class had then.
fn subjects(book: &Book, rows: &[LearnerResult]) -> Vec<ResultSubject> {
    let now = book.result_subjects();
    let Some(first) = rows.first() else { return now };
    let named = |result: &SubjectResult| {
        let unknown = || ResultSubject {
            subject_code: result.subject_code.clone(),
            name_vi: result.subject_code.clone(),
            name_en: result.subject_code.clone(),
            kind: if result.passed.is_some() { SubjectKind::Comment } else { SubjectKind::Score },
        };
        now.iter().find(|subject| subject.subject_code == result.subject_code).cloned().unwrap_or_else(unknown)
    };
    first.subjects.iter().map(named).collect()
}

fn is_closed(book: &Book, period: Period) -> bool {
    match period {
        Period::S1 => book.states[0].is_closed(),
        Period::S2 => book.states[1].is_closed(),
        Period::Year => book.states.iter().all(|state| state.is_closed()),
    }
}
