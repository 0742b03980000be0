//! Whom a term of a class asks for marks, in which subjects, and which of their columns it lacks: one answer for closing a term
//! ([`crate::results::book::Book`]), for to-dos and for the list of who is late ([`Sheets`]).

mod sheets;

pub(crate) use sheets::Sheets;

use crate::facts::{self, ClassItem, SubjectFacts};
use crate::{plans, policy, value};
use dto::calendar::{Grade, Term};
use dto::gradebook::Period;
use dto::{ClassId, LearnerId, UnitId};
use kernel::Result;
use regulations::tt22::{self, SubjectRef, TermSubject};
use regulations::tt27::{self, TermInput, TermSheet, TraitKind};
use regulations::{CellValue, Policy, Regulation, Slot};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::{HashMap, HashSet};

type Codes = HashMap<(ClassId, LearnerId), HashSet<String>>;

/// Who takes which subjects of classes.
#[derive(Default)]
pub(crate) struct Asked {
    /// The chosen subjects that a learner takes.
    chosen: Codes,
    /// The subjects that a learner is assessed in by an individual plan.
    plans: Codes,
    /// Who was named to take the topics of a subject, where anybody was.
    topics: HashMap<(ClassId, String), HashSet<LearnerId>>,
}

impl Asked {
    /// `subjects`: those of these classes.
    pub(crate) async fn read<'a>(
        conn: &impl ConnectionTrait,
        classes: &[ClassItem],
        subjects: impl Iterator<Item = &'a SubjectFacts> + Clone,
    ) -> Result<Asked> {
        let mut asked = Asked { plans: plans::in_force_of(conn, classes).await?, ..Asked::default() };
        if subjects.clone().any(|subject| subject.topics) {
            for (class, subject, learner) in facts::topics_of(conn, classes).await? {
                asked.topics.entry((class, subject)).or_default().insert(learner);
            }
        }
        if subjects.clone().any(|subject| !subject.whole_class) {
            for (class, subject, learner) in facts::electives_of(conn, classes).await? {
                asked.chosen.entry((class, learner)).or_default().insert(subject);
            }
        }
        Ok(asked)
    }

    /// Whether a subject is one of those that the regulation assesses a learner in.
    pub(crate) fn takes(&self, class: ClassId, subject: &SubjectFacts, learner: LearnerId) -> bool {
        (subject.whole_class || has(&self.chosen, class, learner, &subject.code)) && !self.planned(class, &subject.code, learner)
    }

    /// Whether a learner takes the topics of a subject; `None` where nobody was named: then whoever has a mark of them does.
    pub(crate) fn takes_topics(&self, class: ClassId, subject: &SubjectFacts, learner: LearnerId) -> Option<bool> {
        let named = self.topics.get(&(class, subject.code.clone()));
        if subject.topics { named.map(|named| named.contains(&learner)) } else { Some(false) }
    }

    /// Whether a cell says anything of a subject as a learner takes it: a mark of topics that they do not take does not.
    pub(crate) fn counts(&self, class: ClassId, subject: &SubjectFacts, learner: LearnerId, slot: Slot) -> bool {
        slot != Slot::TOPICS || self.takes_topics(class, subject, learner) != Some(false)
    }

    /// Whether a term asks for the mark of topics. Who was named owes one of them in the year (that it may be of either term is how TT
    /// 22/2021 Đ.6 is commonly read; not verified), so the second term asks for what the first one has not.
    pub(crate) fn asks_topics(&self, class: ClassId, subject: &SubjectFacts, learner: LearnerId, term: Term) -> bool {
        term == Term::S2 && self.takes_topics(class, subject, learner) == Some(true)
    }

    pub(crate) fn planned(&self, class: ClassId, subject: &str, learner: LearnerId) -> bool {
        has(&self.plans, class, learner, subject)
    }
}

fn has(codes: &Codes, class: ClassId, learner: LearnerId, code: &str) -> bool {
    codes.get(&(class, learner)).is_some_and(|codes| codes.contains(code))
}

/// Whether the mark of topics is neither in these cells nor in those of the other term. Who is exempt from the subject owes none.
pub(crate) fn lacks_topics(cells: &[(Slot, CellValue)], other_term: &[(Slot, CellValue)]) -> bool {
    let given = |(slot, value): &(Slot, CellValue)| *slot == Slot::TOPICS && matches!(value, CellValue::Score(_));
    let exempt = !cells.is_empty() && cells.iter().all(|(_, value)| *value == CellValue::Exempt);
    !exempt && !cells.iter().chain(other_term).any(given)
}

/// The columns without which a term of a subject cannot be closed.
pub(crate) fn required(grade: Grade, subject: &SubjectFacts, term: Term, policy: &Policy) -> Vec<Slot> {
    let mut slots = policy::columns(grade, subject, term, policy);
    slots.retain(|slot| regulations::required(*slot));
    slots
}

/// The columns that subjects of a learner still lack in a term, by the code of the subject; in primary classes those of the sheets of
/// qualities and competencies that are not among them, too, but for those that are `planned`: assessed by an individual plan.
pub(crate) fn gaps<'a>(
    grade: Grade,
    term: Term,
    subjects: impl Iterator<Item = (&'a SubjectFacts, &'a [(Slot, CellValue)])>,
    planned: &[TraitKind],
    policy: &Policy,
) -> Vec<(&'a str, Slot)> {
    let period = value::period(term);
    match policy.code {
        Regulation::Tt27 => {
            let sheet = |(subject, cells): (&'a SubjectFacts, &'a [_])| TermSheet {
                subject: SubjectRef { code: &subject.code, name: &subject.name_vi },
                cells,
            };
            let sheets: Vec<TermSheet<'_, '_>> = subjects.map(sheet).collect();
            let input = TermInput { period, grade: grade.number().unwrap_or_default(), sheets: &sheets, planned };
            let missing = tt27::evaluate_term(&input, &policy.tt27).missing;
            missing.into_iter().map(|gap| (gap.subject.code, Slot::Primary(gap.slot))).collect()
        }
        _ => {
            let subject = |(subject, cells): (&'a SubjectFacts, &'a [_])| TermSubject {
                code: &subject.code,
                name: &subject.name_vi,
                kind: subject.kind,
                annual_periods: subject.annual_periods,
                cells,
            };
            let missing = tt22::evaluate_term(period, &subjects.map(subject).collect::<Vec<_>>(), policy).missing;
            missing.into_iter().filter_map(|gap| Some((gap.subject.code, gap.slot?))).collect()
        }
    }
}

/// A term of a learner whose result was closed in the class that they came from.
pub(crate) struct ClosedBefore {
    pub class: ClassId,
    pub learner: LearnerId,
    pub term: Term,
    /// Where the result is.
    pub school: UnitId,
    pub from: ClassId,
}

/// The terms that were closed in another class of the year for learners who are in these classes now: of the latest class that has
/// one. Where something of such a term is written in the class that they are in, that stands before it. `only`: of these learners.
pub(crate) async fn closed_before(
    conn: &impl ConnectionTrait,
    classes: &[ClassItem],
    only: Option<&[LearnerId]>,
) -> Result<Vec<ClosedBefore>> {
    let moved = facts::moved(conn, classes, only).await?;
    if moved.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::select();
    query
        .columns(["class_id", "period", "learner_id"])
        .from("result")
        .and_where(Expr::col("school_id").is_in(moved.iter().map(|moved| moved.school.0).collect::<HashSet<_>>()))
        .and_where(Expr::col("class_id").is_in(moved.iter().map(|moved| moved.from.0).collect::<HashSet<_>>()))
        .and_where(Expr::col("period").is_in([Period::S1, Period::S2].map(Period::as_str)))
        .and_where(Expr::col("learner_id").is_in(moved.iter().map(|moved| moved.learner.0).collect::<HashSet<_>>()));
    let mut there = HashSet::new();
    for row in conn.query_all(&query).await? {
        let period: String = row.try_get_by_index(1)?;
        let term = if period == Period::S2.as_str() { Term::S2 } else { Term::S1 };
        there.insert((ClassId(row.try_get_by_index(0)?), term, LearnerId(row.try_get_by_index(2)?)));
    }
    let mut known = HashSet::new();
    let mut found = Vec::new();
    for facts::Moved { class, learner, school, from } in moved {
        for term in [Term::S1, Term::S2] {
            if there.contains(&(from, term, learner)) && known.insert((class, term, learner)) {
                found.push(ClosedBefore { class, learner, term, school, from });
            }
        }
    }
    Ok(found)
}
