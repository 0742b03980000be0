//! Which regulation holds for a class.

use crate::facts::{ClassFacts, ClassItem};
use chrono::{Datelike, NaiveDate};
use dto::Code;
use dto::calendar::Grade;
use kernel::{Error, Result};
use regulations::{Policy, Regulation};

/// The policy of a class; `regulation_unavailable` for grades that no rules are written for yet.
pub(crate) fn of(class: &ClassFacts) -> Result<Policy> {
    of_grade(class).ok_or_else(|| Error::new(Code::RegulationUnavailable))
}

pub(crate) fn of_grade(class: &ClassFacts) -> Option<Policy> {
    find(class.grade, class.year_starts_on)
}

pub(crate) fn of_item(class: &ClassItem) -> Option<Policy> {
    find(class.grade, class.year_starts_on)
}

fn find(grade: Grade, year_starts_on: NaiveDate) -> Option<Policy> {
    let policy = regulations::policy_for(grade.number()?, u16::try_from(year_starts_on.year()).ok()?)?;
    // Years under TT 58/2011 are over: they come as records, and no sheet is kept under it.
    (policy.code == Regulation::Tt22).then_some(policy)
}

/// "TT22/1": what results keep.
pub(crate) fn name(policy: &Policy) -> String {
    let code = match policy.code {
        Regulation::Tt22 => "TT22",
        Regulation::Tt58 => "TT58",
    };
    format!("{code}/{}", policy.version)
}
