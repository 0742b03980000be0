//! How far classes are: what their sheets lack as closing would ask for it ([`crate::asked`]), and who has no conduct yet.

use super::number;
use crate::asked::Sheets;
use crate::facts::{ClassItem, SubjectFacts};
use crate::policy;
use dto::calendar::TermDates;
use dto::gradebook::{ClassProgress, TermState};
use dto::{ClassId, LearnerId};
use kernel::{Result, clock};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use std::collections::HashSet;

pub(super) struct Progress {
    pub(super) sheets: Sheets,
    /// The classes whose conduct is part of a term.
    with_conduct: HashSet<ClassId>,
    closed: HashSet<(ClassId, i16)>,
    /// Conduct and absences are both there.
    assessed: HashSet<(ClassId, i16, LearnerId)>,
}

impl Progress {
    /// `classes`: all that is looked at. Their sheets are counted as a whole in those to be closed, else as far as `marking` names them.
    pub(super) async fn read(
        conn: &impl ConnectionTrait,
        classes: &[ClassItem],
        marking: &[(ClassItem, SubjectFacts)],
        closing: &[ClassItem],
        terms: &[TermDates],
    ) -> Result<Progress> {
        let has_conduct = |class: &&ClassItem| policy::of_item(class).is_some_and(|policy| policy::has_conduct(&policy));
        Ok(Progress {
            sheets: Sheets::read(conn, classes, closing, marking, terms).await?,
            with_conduct: classes.iter().filter(has_conduct).map(|class| class.id).collect(),
            closed: closed(conn, classes).await?,
            assessed: assessed(conn, classes, terms).await?,
        })
    }

    fn is_open(&self, class: ClassId, dates: &TermDates) -> bool {
        !self.closed.contains(&(class, number(dates.term)))
    }

    /// Cells of a sheet that are missing; none once the term is closed.
    pub(super) fn marks_missing(&self, class: ClassId, subject: &SubjectFacts, dates: &TermDates) -> u32 {
        if self.is_open(class, dates) { self.sheets.missing(class, subject, dates, |_| true).0 } else { 0 }
    }

    /// Learners without conduct or absences; none once the term is closed, or where conduct is not assessed.
    pub(super) fn conduct_missing(&self, class: ClassId, dates: &TermDates) -> u32 {
        if self.is_open(class, dates) { self.unassessed(class, dates) } else { 0 }
    }

    fn unassessed(&self, class: ClassId, dates: &TermDates) -> u32 {
        if !self.with_conduct.contains(&class) {
            return 0;
        }
        let missing = self.sheets.counted(class, dates).filter(|l| !self.assessed.contains(&(class, number(dates.term), *l)));
        u32::try_from(missing.count()).unwrap_or(u32::MAX)
    }

    /// All that a term of a class lacks; `None` if it is closed, or there is nobody in it.
    pub(super) fn closing_missing(&self, class: ClassId, dates: &TermDates) -> Option<u32> {
        if !self.is_open(class, dates) {
            return None;
        }
        let (learners, _, missing) = self.counts(class, dates);
        (learners > 0).then_some(missing)
    }

    /// Learners who count, what the term needs of them (marks, and one assessment each), and what of it is missing.
    fn counts(&self, class: ClassId, dates: &TermDates) -> (u32, u32, u32) {
        let learners = u32::try_from(self.sheets.counted(class, dates).count()).unwrap_or(u32::MAX);
        let (missing, cells) = self.sheets.missing_of_class(class, dates);
        let assessments = if self.with_conduct.contains(&class) { learners } else { 0 };
        (learners, cells + assessments, missing + self.unassessed(class, dates))
    }

    pub(super) fn of_class(&self, class: &ClassItem, dates: &TermDates) -> ClassProgress {
        let (learners, needed, missing) = self.counts(class.id, dates);
        let closed = self.closed.contains(&(class.id, number(dates.term)));
        ClassProgress {
            class_id: class.id,
            class_name: class.name.clone(),
            grade: class.grade,
            term: dates.term,
            state: if closed { TermState::Closed } else { TermState::Open },
            learners,
            needed,
            filled: if closed { needed } else { needed.saturating_sub(missing) },
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

async fn closed(conn: &impl ConnectionTrait, classes: &[ClassItem]) -> Result<HashSet<(ClassId, i16)>> {
    let mut query = of_classes("class_term", classes);
    query.columns(["class_id", "term"]).and_where(Expr::col("state").eq(TermState::Closed.as_str()));
    let rows = conn.query_all(&query).await?;
    rows.iter().map(|row| Ok((ClassId(row.try_get_by_index(0)?), row.try_get_by_index(1)?))).collect()
}

async fn assessed(
    conn: &impl ConnectionTrait,
    classes: &[ClassItem],
    terms: &[TermDates],
) -> Result<HashSet<(ClassId, i16, LearnerId)>> {
    // A class whose absences of the term are entered by date needs no number besides.
    let of_term = |dates: &TermDates| {
        let until = Ord::min(dates.ends_on, clock::today());
        let days = Expr::col(("absence", "day")).between(dates.starts_on, until);
        Expr::col(("conduct", "term")).eq(number(dates.term)).and(days)
    };
    let of_term = terms.iter().map(of_term).fold(Condition::any(), Condition::add);
    let mut by_date = Query::select();
    by_date
        .expr(Expr::val(1))
        .from("absence")
        .and_where(Expr::col(("absence", "school_id")).equals(("conduct", "school_id")))
        .and_where(Expr::col(("absence", "class_id")).equals(("conduct", "class_id")))
        .and_where(Expr::col(("absence", "kind")).is_not_null())
        .cond_where(of_term);
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
