//! How far classes are: counted by the database, a group for each learner, so that those who have left fall out here.
//!
//! The counts are those of filled columns. A column that is exempt counts as filled, although where only some columns of a subject
//! are exempt the closing still asks for the others; the closing is exact, the list of to-dos is near enough.

use super::number;
use crate::facts::{self, ClassItem, SubjectFacts};
use crate::policy;
use crate::value::{DONE, EXEMPT, FAIL, GOOD, PASS, WEAK};
use chrono::NaiveDate;
use dto::calendar::TermDates;
use dto::calendar::{Grade, Term};
use dto::gradebook::{ClassProgress, TermState};
use dto::{ClassId, LearnerId};
use kernel::{Result, clock};
use regulations::{Policy, PrimarySlot, Slot, required};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::{HashMap, HashSet};

pub(super) struct Progress {
    policies: HashMap<ClassId, (Grade, Policy)>,
    learners: HashMap<ClassId, Vec<(LearnerId, Option<NaiveDate>)>>,
    subjects: HashMap<ClassId, Vec<SubjectFacts>>,
    electives: HashMap<(ClassId, String), HashSet<LearnerId>>,
    closed: HashSet<(ClassId, i16)>,
    /// Filled columns of a subject.
    by_subject: HashMap<(ClassId, String, i16, LearnerId), u32>,
    /// Filled columns of all subjects; only where somebody is to close.
    by_class: HashMap<(ClassId, i16, LearnerId), u32>,
    /// Conduct and absences are both there.
    assessed: HashSet<(ClassId, i16, LearnerId)>,
}

impl Progress {
    pub(super) async fn read(
        conn: &impl ConnectionTrait,
        classes: Vec<ClassItem>,
        marking: &[(ClassItem, SubjectFacts)],
        closing: bool,
    ) -> Result<Progress> {
        let mut learners: HashMap<_, Vec<_>> = HashMap::new();
        for (class, learner, left_on) in facts::learners_of(conn, &classes).await? {
            learners.entry(class).or_default().push((learner, left_on));
        }
        let mut subjects: HashMap<_, Vec<_>> = HashMap::new();
        for (class, subject) in facts::subjects_of(conn, &classes).await? {
            subjects.entry(class).or_default().push(subject);
        }
        let mut electives: HashMap<_, HashSet<_>> = HashMap::new();
        if subjects.values().flatten().any(|subject| !subject.whole_class) {
            for (class, subject, learner) in facts::electives_of(conn, &classes).await? {
                electives.entry((class, subject)).or_default().insert(learner);
            }
        }
        let closed = closed(conn, &classes).await?;
        let by_subject = if marking.is_empty() { HashMap::new() } else { by_subject(conn, &classes, marking).await? };
        let by_class = if closing { by_class(conn, &classes).await? } else { HashMap::new() };
        let assessed = assessed(conn, &classes).await?;
        let policies =
            classes.into_iter().filter_map(|class| Some((class.id, (class.grade, policy::of_item(&class)?)))).collect();
        Ok(Progress { policies, learners, subjects, electives, closed, by_subject, by_class, assessed })
    }

    fn is_open(&self, class: ClassId, dates: &TermDates) -> bool {
        self.policies.contains_key(&class) && !self.closed.contains(&(class, number(dates.term)))
    }

    fn counted(&self, class: ClassId, dates: &TermDates) -> impl Iterator<Item = LearnerId> {
        let day = Ord::min(dates.ends_on, clock::today());
        let learners = self.learners.get(&class).map_or(&[][..], Vec::as_slice);
        learners.iter().filter(move |(_, left_on)| left_on.is_none_or(|left| left > day)).map(|(learner, _)| *learner)
    }

    fn takes(&self, class: ClassId, subject: &SubjectFacts, learner: LearnerId) -> bool {
        subject.whole_class || self.electives.get(&(class, subject.code.clone())).is_some_and(|who| who.contains(&learner))
    }

    fn needed(&self, class: ClassId, subject: &SubjectFacts, term: Term) -> u32 {
        self.policies.get(&class).map_or(0, |(grade, policy)| {
            policy::columns(*grade, subject, term, policy).into_iter().filter(|slot| required(*slot)).count() as u32
        })
    }

    /// Empty columns of a subject; none once the term is closed.
    pub(super) fn marks_missing(&self, class: ClassId, subject: &SubjectFacts, dates: &TermDates) -> u32 {
        if !self.is_open(class, dates) {
            return 0;
        }
        let needed = self.needed(class, subject, dates.term);
        let filled = |learner| {
            let key = (class, subject.code.clone(), number(dates.term), learner);
            self.by_subject.get(&key).copied().unwrap_or(0)
        };
        self.counted(class, dates)
            .filter(|learner| self.takes(class, subject, *learner))
            .map(|learner| needed.saturating_sub(filled(learner)))
            .sum()
    }

    /// Learners without conduct or absences; none once the term is closed, or where conduct is not assessed.
    pub(super) fn conduct_missing(&self, class: ClassId, dates: &TermDates) -> u32 {
        let assessed = self.policies.get(&class).is_some_and(|(_, policy)| policy::has_conduct(policy));
        if !assessed || !self.is_open(class, dates) {
            return 0;
        }
        let missing = self.counted(class, dates).filter(|l| !self.assessed.contains(&(class, number(dates.term), *l)));
        u32::try_from(missing.count()).unwrap_or(u32::MAX)
    }

    /// All that a term of a class lacks; `None` if it is closed, or there is nobody in it.
    pub(super) fn closing_missing(&self, class: ClassId, dates: &TermDates) -> Option<u32> {
        if !self.is_open(class, dates) {
            return None;
        }
        let (learners, needed, filled) = self.counts(class, dates);
        (learners > 0).then_some(needed.saturating_sub(filled))
    }

    /// Learners who count, what the term needs of them (marks, and one assessment each), and what of it is there.
    fn counts(&self, class: ClassId, dates: &TermDates) -> (u32, u32, u32) {
        let subjects = self.subjects.get(&class).map_or(&[][..], Vec::as_slice);
        let whole: u32 = subjects.iter().filter(|s| s.whole_class).map(|s| self.needed(class, s, dates.term)).sum();
        let conduct = u32::from(self.policies.get(&class).is_some_and(|(_, policy)| policy::has_conduct(policy)));
        let (mut learners, mut needed, mut filled) = (0, 0, 0);
        for learner in self.counted(class, dates) {
            let own: u32 = subjects
                .iter()
                .filter(|s| !s.whole_class && self.takes(class, s, learner))
                .map(|s| self.needed(class, s, dates.term))
                .sum();
            let marks = self.by_class.get(&(class, number(dates.term), learner)).copied().unwrap_or(0);
            let assessed = self.assessed.contains(&(class, number(dates.term), learner));
            learners += 1;
            needed += whole + own + conduct;
            filled += Ord::min(marks, whole + own) + Ord::min(conduct, u32::from(assessed));
        }
        (learners, needed, filled)
    }

    pub(super) fn of_class(&self, class: &ClassItem, dates: &TermDates) -> ClassProgress {
        let (learners, needed, filled) = self.counts(class.id, dates);
        let closed = self.closed.contains(&(class.id, number(dates.term)));
        ClassProgress {
            class_id: class.id,
            class_name: class.name.clone(),
            grade: class.grade,
            term: dates.term,
            state: if closed { TermState::Closed } else { TermState::Open },
            learners,
            needed,
            filled: if closed { needed } else { filled },
            due_on: dates.marks_due_on,
        }
    }
}

/// Rows of classes in a table whose key begins with the school.
fn of_classes(table: &'static str, classes: &[ClassItem]) -> SelectStatement {
    let mut schools: Vec<_> = classes.iter().map(|class| class.school_id.0).collect();
    schools.sort_unstable();
    schools.dedup();
    let mut query = Query::select();
    query
        .from(table)
        .and_where(Expr::col("school_id").is_in(schools))
        .and_where(Expr::col("class_id").is_in(classes.iter().map(|class| class.id.0)));
    query
}

fn filled() -> Expr {
    let there = Expr::col("mark").is_not_null().or(Expr::col("flag").is_in([PASS, FAIL, EXEMPT, GOOD, DONE, WEAK]));
    there.and(Expr::col("slot").is_not_in([PrimarySlot::Recognised.code(), Slot::TOPICS.code()]))
}

fn count(row: &QueryResult, at: usize) -> Result<u32> {
    Ok(u32::try_from(row.try_get_by_index::<i64>(at)?).unwrap_or(u32::MAX))
}

async fn closed(conn: &impl ConnectionTrait, classes: &[ClassItem]) -> Result<HashSet<(ClassId, i16)>> {
    let mut query = of_classes("class_term", classes);
    query.columns(["class_id", "term"]).and_where(Expr::col("state").eq(TermState::Closed.as_str()));
    let rows = conn.query_all(&query).await?;
    rows.iter().map(|row| Ok((ClassId(row.try_get_by_index(0)?), row.try_get_by_index(1)?))).collect()
}

async fn by_subject(
    conn: &impl ConnectionTrait,
    classes: &[ClassItem],
    marking: &[(ClassItem, SubjectFacts)],
) -> Result<HashMap<(ClassId, String, i16, LearnerId), u32>> {
    let taught: HashSet<ClassId> = marking.iter().map(|(class, _)| class.id).collect();
    let classes: Vec<ClassItem> = classes.iter().filter(|class| taught.contains(&class.id)).cloned().collect();
    let subjects: HashSet<&str> = marking.iter().map(|(_, subject)| subject.code.as_str()).collect();
    let mut query = of_classes("mark", &classes);
    query
        .columns(["class_id", "subject_code", "term", "learner_id"])
        .expr(Func::count(Expr::col("slot")))
        .and_where(Expr::col("subject_code").is_in(subjects))
        .and_where(filled())
        .group_by_columns(["class_id", "subject_code", "term", "learner_id"]);
    let rows = conn.query_all(&query).await?;
    rows.iter()
        .map(|row| {
            let learner = LearnerId(row.try_get_by_index(3)?);
            let key = (ClassId(row.try_get_by_index(0)?), row.try_get_by_index(1)?, row.try_get_by_index(2)?, learner);
            Ok((key, count(row, 4)?))
        })
        .collect()
}

async fn by_class(conn: &impl ConnectionTrait, classes: &[ClassItem]) -> Result<HashMap<(ClassId, i16, LearnerId), u32>> {
    let mut query = of_classes("mark", classes);
    query
        .columns(["class_id", "term", "learner_id"])
        .expr(Func::count(Expr::col("slot")))
        .and_where(filled())
        .group_by_columns(["class_id", "term", "learner_id"]);
    let rows = conn.query_all(&query).await?;
    rows.iter()
        .map(|row| {
            let key = (ClassId(row.try_get_by_index(0)?), row.try_get_by_index(1)?, LearnerId(row.try_get_by_index(2)?));
            Ok((key, count(row, 3)?))
        })
        .collect()
}

async fn assessed(conn: &impl ConnectionTrait, classes: &[ClassItem]) -> Result<HashSet<(ClassId, i16, LearnerId)>> {
    // A class whose absences are entered by date needs no number besides.
    let mut by_date = Query::select();
    by_date
        .expr(Expr::val(1))
        .from("absence")
        .and_where(Expr::col(("absence", "school_id")).equals(("conduct", "school_id")))
        .and_where(Expr::col(("absence", "class_id")).equals(("conduct", "class_id")))
        .and_where(Expr::col(("absence", "kind")).is_not_null());
    let mut query = of_classes("conduct", classes);
    query
        .columns(["class_id", "term", "learner_id"])
        .and_where(Expr::col("level").is_not_null())
        .and_where(Expr::col("absences").is_not_null().or(Expr::exists(by_date)));
    let rows = conn.query_all(&query).await?;
    rows.iter()
        .map(|row| Ok((ClassId(row.try_get_by_index(0)?), row.try_get_by_index(1)?, LearnerId(row.try_get_by_index(2)?))))
        .collect()
}
