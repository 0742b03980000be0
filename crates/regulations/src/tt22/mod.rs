//! Thông tư 22/2021/TT-BGDĐT: assessment of lower and upper secondary students.
//!
//! The small rules are functions of their own ([`semester_average`], [`year_average`], [`classify`], [`adjust`],
//! [`conduct_year`], [`promotion`], [`award`]); [`evaluate_term`] and [`evaluate_year`] put them together. Nothing is
//! guessed: what is missing is named, and every result that would need it is `None`.

mod average;
mod classify;
mod conduct;
mod finding;
mod promotion;
mod prose;
mod sentences;
mod term;
mod year;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod vectors;

pub use average::{semester_average, year_average};
pub use classify::{Adjusted, Criteria, Tally, adjust, classify, criteria};
pub use conduct::conduct_year;
pub use finding::{Count, Finding, Gap, PromotionFinding, Short};
pub use promotion::{award, needs_reassessment, promotion};
pub use term::{TermOutcome, TermSubject, TermSubjectOutcome, evaluate_term};
pub use year::{Semester, YearInput, YearOutcome, YearSubject, YearSubjectOutcome, evaluate_year};

use serde::{Deserialize, Serialize};

use crate::entry::Lang;
use crate::mark::Mark;
use crate::reason::Period;
use crate::slot::Slot;

/// The result of a subject in a semester or a year. JSON: `{"type":"average","mark":790}`, `{"type":"pass"}`,
/// `{"type":"fail"}`, `{"type":"exempt"}`. One that cannot be had yet is `None` outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", content = "mark", rename_all = "snake_case")]
pub enum SubjectResult {
    /// ĐTBmhk or ĐTBmcn, in tenths.
    Average(Mark),
    /// Đ.
    Pass,
    /// CĐ.
    Fail,
    /// The learner is exempt: the subject is left out of every level.
    Exempt,
}

impl SubjectResult {
    /// `8,0` (Vietnamese) or `8.0`, `Đ`, `CĐ`, `M`.
    pub fn to_text(self, lang: Lang) -> String {
        match (self, lang) {
            (SubjectResult::Average(mark), Lang::Vi) => mark.to_average_vi(),
            (SubjectResult::Average(mark), Lang::En) => mark.to_average(),
            (SubjectResult::Pass, _) => "Đ".into(),
            (SubjectResult::Fail, _) => "CĐ".into(),
            (SubjectResult::Exempt, _) => "M".into(),
        }
    }

    /// The average, for a scored subject.
    pub fn average(self) -> Option<Mark> {
        match self {
            SubjectResult::Average(mark) => Some(mark),
            _ => None,
        }
    }
}

/// A subject, as an explanation speaks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SubjectRef<'a> {
    /// The stable code, such as `TOAN`.
    pub code: &'a str,
    /// The Vietnamese name; if empty, that of the catalogue, else the code.
    pub name: &'a str,
}

impl<'a> SubjectRef<'a> {
    /// The name in the given language. English names come from the catalogue.
    pub fn text(&self, lang: Lang) -> &'a str {
        let known = || crate::curriculum::subject(self.code);
        match lang {
            Lang::En => match known() {
                Some(subject) => subject.en,
                None if self.name.is_empty() => self.code,
                None => self.name,
            },
            Lang::Vi if self.name.is_empty() => known().map_or(self.code, |subject| subject.vi),
            Lang::Vi => self.name,
        }
    }
}

/// Something that has to be entered before a result can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Missing<'a> {
    /// The subject.
    pub subject: SubjectRef<'a>,
    /// The semester; the year, where the year result itself is undecided.
    pub period: Period,
    /// The column; `None` where the whole semester's result is missing.
    pub slot: Option<Slot>,
    /// Why.
    pub cause: MissingCause,
}

/// Why a column does not count yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MissingCause {
    /// Nothing was entered.
    Empty,
    /// The learner was absent and has not made it up.
    Absent,
    /// Exempt in this column, although not in the whole semester.
    PartlyExempt,
    /// Exempt in one semester of the year only, and the policy leaves that to the school.
    HalfExempt,
}
