//! Rows of `former_term`, and the result that each makes.

use crate::facts::{ClassFacts, ClassItem, RosterLine, SubjectFacts};
use crate::people::Names;
use crate::value;
use chrono::{DateTime, Utc};
use dto::calendar::Term;
use dto::former::{FormerSubject, FormerTerm};
use dto::gradebook::{LearnerResult, SubjectResult};
use dto::{ClassId, LearnerId};
use kernel::{Error, Result};
use regulations::tt22::{self, Semester, YearInput, YearSubject};
use regulations::{CellValue, Learning, Level, Policy, Reason, Regulation};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::HashSet;
use uuid::Uuid;

pub(super) const KEY: [&str; 4] = ["school_id", "class_id", "learner_id", "term"];
pub(super) const COLUMNS: [&str; 8] =
    ["from_school", "document", "conduct", "absences", "subjects", "version", "updated_at", "updated_by"];

/// The code of the sentence that says where a term is from.
pub(crate) const FORMER: &str = "former-school";

/// A record as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub learner_id: LearnerId,
    pub term: Term,
    pub from_school: String,
    pub document: String,
    pub conduct: Option<Level>,
    pub absences: Option<u16>,
    pub subjects: Vec<FormerSubject>,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Option<Uuid>,
}

fn select(class: &ClassFacts) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["learner_id", "term"])
        .columns(COLUMNS)
        .from("former_term")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0));
    query
}

fn read(row: &QueryResult) -> Result<Stored> {
    let conduct: Option<String> = row.try_get_by_index(4)?;
    let absences: Option<i16> = row.try_get_by_index(5)?;
    let subjects: String = row.try_get_by_index(6)?;
    Ok(Stored {
        learner_id: LearnerId(row.try_get_by_index(0)?),
        term: if row.try_get_by_index::<i16>(1)? == 2 { Term::S2 } else { Term::S1 },
        from_school: row.try_get_by_index(2)?,
        document: row.try_get_by_index(3)?,
        conduct: conduct.as_deref().and_then(Level::from_code),
        absences: absences.and_then(|n| u16::try_from(n).ok()),
        subjects: serde_json::from_str(&subjects)
            .map_err(|e| Error::internal(format!("a term of a former school cannot be read: {e}")))?,
        version: row.try_get_by_index(7)?,
        updated_at: row.try_get_by_index(8)?,
        updated_by: row.try_get_by_index(9)?,
    })
}

/// What a class has recorded.
pub(crate) async fn stored(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Vec<Stored>> {
    of_class(conn, class).await
}

pub(super) async fn of_class(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Vec<Stored>> {
    conn.query_all(&select(class)).await?.iter().map(read).collect()
}

pub(super) async fn one(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
    learner: LearnerId,
    term: Term,
) -> Result<Option<Stored>> {
    let mut query = select(class);
    query.and_where(Expr::col("learner_id").eq(learner.0)).and_where(Expr::col("term").eq(value::term_number(term)));
    conn.query_one(&query).await?.as_ref().map(read).transpose()
}

/// The results of all records of a class, with their terms: for the book of the class.
pub(crate) async fn brought(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
    subjects: &[SubjectFacts],
    roster: &[RosterLine],
    policy: &Policy,
) -> Result<Vec<(Term, LearnerResult)>> {
    let rows = of_class(conn, class).await?;
    let line = |row: &Stored| roster.iter().find(|line| line.learner_id == row.learner_id);
    Ok(rows.iter().filter_map(|row| Some((row.term, row.result(class, line(row)?, subjects, policy)))).collect())
}

/// Of whom which term is recorded in classes.
pub(crate) async fn terms_of(conn: &impl ConnectionTrait, classes: &[ClassItem]) -> Result<HashSet<(ClassId, Term, LearnerId)>> {
    let mut query = Query::select();
    query
        .columns(["class_id", "term", "learner_id"])
        .from("former_term")
        .and_where(Expr::col("school_id").is_in(classes.iter().map(|class| class.school_id.0).collect::<HashSet<_>>()))
        .and_where(Expr::col("class_id").is_in(classes.iter().map(|class| class.id.0)));
    let of = |row: &QueryResult| -> Result<_> {
        let term = if row.try_get_by_index::<i16>(1)? == 2 { Term::S2 } else { Term::S1 };
        Ok((ClassId(row.try_get_by_index(0)?), term, LearnerId(row.try_get_by_index(2)?)))
    };
    conn.query_all(&query).await?.iter().map(of).collect()
}

/// The result of a learner's record of a term.
pub(crate) async fn of_learner(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
    subjects: &[SubjectFacts],
    line: &RosterLine,
    term: Term,
    policy: &Policy,
) -> Result<Option<LearnerResult>> {
    let row = one(conn, class, line.learner_id, term).await?;
    Ok(row.map(|row| row.result(class, line, subjects, policy)))
}

impl Stored {
    pub(super) fn value(&self, code: &str) -> Option<CellValue> {
        self.subjects.iter().find(|given| given.subject_code == code).map(|given| given.value)
    }

    /// What the term comes to by the averages that the school gave.
    fn learning(&self, subjects: &[SubjectFacts], policy: &Policy) -> Learning {
        let given: Vec<YearSubject<'_>> = subjects
            .iter()
            .filter_map(|subject| {
                let result = match self.value(&subject.code)? {
                    CellValue::Score(mark) => tt22::SubjectResult::Average(mark),
                    CellValue::Pass => tt22::SubjectResult::Pass,
                    CellValue::Fail => tt22::SubjectResult::Fail,
                    _ => tt22::SubjectResult::Exempt,
                };
                Some(YearSubject {
                    code: &subject.code,
                    name: &subject.name_vi,
                    kind: subject.kind,
                    annual_periods: subject.annual_periods,
                    semester1: Semester::Closed(result),
                    semester2: Semester::Cells(&[]),
                    reassessment: None,
                })
            })
            .collect();
        let input = YearInput { subjects: &given, conduct1: None, conduct2: None, absences: None, summer_conduct: None };
        tt22::evaluate_year(&input, policy).semester1
    }

    pub(super) fn reason(&self) -> Reason {
        let Stored { from_school, document, .. } = self;
        let (vi, en) = match self.term {
            Term::S1 => ("I", "I"),
            Term::S2 => ("II", "II"),
        };
        Reason {
            code: FORMER.to_owned(),
            params: [("school", from_school), ("document", document)].map(|(key, text)| (key.to_owned(), text.clone())).into(),
            article: "TT 22/2021 Đ.9".to_owned(),
            vi: format!(
                "Kết quả học kì {vi} do trường cũ ({from_school}) xác nhận, theo {document}; kết quả cả năm tính với kết quả này."
            ),
            en: format!(
                "Semester {en} is as the former school ({from_school}) gave it, by {document}; the year is made with it."
            ),
        }
    }

    fn result(&self, class: &ClassFacts, line: &RosterLine, subjects: &[SubjectFacts], policy: &Policy) -> LearnerResult {
        if policy.code == Regulation::Tt27 {
            return super::primary::result(self, class, line, subjects, policy);
        }
        let learning = self.learning(subjects, policy);
        let subjects = subjects
            .iter()
            .map(|subject| {
                let value = self.value(&subject.code);
                SubjectResult {
                    subject_code: subject.code.clone(),
                    average: value.and_then(|value| if let CellValue::Score(mark) = value { Some(mark) } else { None }),
                    passed: match value {
                        Some(CellValue::Pass) => Some(true),
                        Some(CellValue::Fail) => Some(false),
                        _ => None,
                    },
                    exempt: value == Some(CellValue::Exempt),
                    plan: false,
                    level: None,
                    test: None,
                }
            })
            .collect();
        LearnerResult {
            learner_id: self.learner_id,
            ordinal: line.ordinal,
            full_name: line.full_name.clone(),
            given_name: line.given_name.clone(),
            subjects,
            base: learning.base,
            learning: learning.level,
            conduct: self.conduct,
            absences: self.absences,
            promotion: None,
            award: None,
            reasons: vec![self.reason()],
            primary: None,
        }
    }

    pub(super) fn told(self, class: &ClassFacts, subjects: &[SubjectFacts], policy: &Policy, names: &Names) -> FormerTerm {
        let (learning, reasons) = match policy.code {
            Regulation::Tt27 => (None, super::primary::reasons(&self, class, subjects, policy)),
            _ => (self.learning(subjects, policy).level, vec![self.reason()]),
        };
        let updated_by = names.name(self.updated_by);
        let Stored { learner_id, term, from_school, document, conduct, absences, subjects, version, updated_at, .. } = self;
        FormerTerm {
            learner_id,
            term,
            from_school,
            document,
            conduct,
            absences,
            subjects,
            learning,
            reasons,
            version,
            updated_at,
            updated_by,
        }
    }
}

/// Which terms of the learners of a class were at another school, and at which.
pub(crate) async fn schools(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Vec<(LearnerId, Term, String)>> {
    let mut schools: Vec<_> =
        of_class(conn, class).await?.into_iter().map(|row| (row.learner_id, row.term, row.from_school)).collect();
    schools.sort();
    Ok(schools)
}
