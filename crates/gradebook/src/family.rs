//! What a guardian or a learner sees: their own, in any school.

use crate::{current_year, facts, plans, results};
use dto::access::Permission;
use dto::gradebook::LearnerReport;
use dto::{Code, LearnerId, SchoolYearId};
use kernel::{Ctx, Db, Error, Result};

/// The report of one's child, or of oneself, in a school year; the current one where none is given. Marks as they stand, and the
/// results that have been closed.
pub async fn report(db: &Db, ctx: &Ctx, learner: LearnerId, year: Option<SchoolYearId>) -> Result<LearnerReport> {
    let conn = db.read();
    let none = || Error::new(Code::NotFound);
    if !facts::is_family(conn, ctx, learner).await? {
        return Err(none());
    }
    let year = match year {
        Some(year) => year,
        None => current_year(conn).await?.ok_or_else(none)?,
    };
    let (_, class) = facts::classes_of(conn, learner, year).await?.into_iter().next().ok_or_else(none)?;
    let class = facts::class_unscoped(conn, class).await?;
    let mut report = results::report(conn, class, learner).await?;
    // That is for the guardians to speak of with their child.
    if ctx.reach(Permission::FamilyRead).learner == Some(learner.0) {
        plans::report_without_reason(&mut report);
    }
    Ok(report)
}
