//! Which regulation holds for a class.

use crate::facts::{self, ClassFacts, ClassItem, SubjectFacts};
use chrono::{Datelike, NaiveDate};
use dto::access::Permission;
use dto::calendar::Grade;
use dto::calendar::Term;
use dto::{ClassId, Code};
use kernel::{Ctx, Error, Result};
use regulations::{Policy, Regulation, Slot};
use sea_orm::ConnectionTrait;

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
    (policy.code != Regulation::Tt58).then_some(policy)
}

/// A class that the caller reaches, of a grade that this regulation assesses.
///
/// Errors: `not_found`; `regulation_unavailable` for other classes.
pub(crate) async fn class_under(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    regulation: Regulation,
    read: Permission,
    write: Permission,
    id: ClassId,
) -> Result<ClassFacts> {
    let class = facts::class(conn, ctx, read, write, id).await?;
    if of(&class)?.code == regulation { Ok(class) } else { Err(Error::new(Code::RegulationUnavailable)) }
}

/// "TT22/1": what results keep.
pub(crate) fn name(policy: &Policy) -> String {
    format!("{}/{}", policy.code.code(), policy.version)
}

/// Whether conduct and absences are part of a term. Primary schools assess qualities and competencies instead, as sheets.
pub(crate) fn has_conduct(policy: &Policy) -> bool {
    policy.code != Regulation::Tt27
}

/// Whether a council may decide against the proposal, and keeps minutes of it. TT 27/2020 Đ.11 knows no council: the principal
/// decides.
pub(crate) fn has_decisions(policy: &Policy) -> bool {
    policy.code != Regulation::Tt27
}

/// The policy of a class that conduct is assessed in; `regulation_unavailable` where it is not.
pub(crate) fn of_conduct(class: &ClassFacts) -> Result<Policy> {
    of(class).and_then(|policy| if has_conduct(&policy) { Ok(policy) } else { Err(Error::new(Code::RegulationUnavailable)) })
}

/// The columns of a sheet.
pub(crate) fn columns(grade: Grade, subject: &SubjectFacts, term: Term, policy: &Policy) -> Vec<Slot> {
    let grade = grade.number().unwrap_or_default();
    regulations::columns(grade, &subject.code, subject.kind, subject.annual_periods, term == Term::S2, subject.topics, policy)
}
