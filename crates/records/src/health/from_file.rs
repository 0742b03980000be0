//! What an import of a file asks: the rounds that are open, a class in one of them, and writing it. Nothing sealed comes from files: a
//! file lies beside its import as it was sent, and would be a second copy that no key guards.

use super::{rounds, sheet};
use crate::contact;
use dto::access::Permission;
use dto::health::{ClassHealth, ClassHealthSaved, HealthRound, PutClassHealth};
use dto::{ClassId, HealthRoundId, UnitId};
use kernel::{Ctx, Event, Result, Tx, clock};
use sea_orm::ConnectionTrait;

/// The rounds of a school into which results can be written today, the latest first.
///
/// Errors: `not_found`.
pub async fn open_rounds(conn: &impl ConnectionTrait, ctx: &Ctx, school: UnitId) -> Result<Vec<HealthRound>> {
    contact::school_reached(conn, ctx, Permission::HealthWrite, school).await?;
    rounds::unfinished(conn, school, clock::today()).await
}

/// A class in a round, for who writes it.
///
/// Errors: `not_found`.
pub async fn class_in(conn: &impl ConnectionTrait, ctx: &Ctx, round: HealthRoundId, class: ClassId) -> Result<ClassHealth> {
    sheet::read(conn, ctx, Permission::HealthWrite, round, class).await
}

/// Writes rows that seal nothing; each carries the versions that its writer saw.
///
/// Errors: `not_found`, `health_round_finished`; `invalid` for a round of a day to come.
pub async fn put_class_in(
    tx: &Tx<'_>,
    round: HealthRoundId,
    class: ClassId,
    body: &PutClassHealth,
) -> Result<(ClassHealthSaved, Vec<Event>)> {
    sheet::put_in(tx, None, round, class, body).await
}
