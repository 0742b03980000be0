//! Which devices are still signed in, for messages to them.

use kernel::Result;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::HashSet;
use uuid::Uuid;

/// Those of the sessions that nobody has ended. One that merely was not used for long is among them.
pub async fn not_ended(conn: &impl ConnectionTrait, sessions: &[Uuid]) -> Result<HashSet<Uuid>> {
    let mut found = HashSet::new();
    for some in sessions.chunks(500) {
        let mut query = Query::select();
        query
            .column("id")
            .from("session")
            .and_where(Expr::col("id").is_in(some.iter().copied()))
            .and_where(Expr::col("ended_at").is_null());
        for row in conn.query_all(&query).await? {
            found.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(found)
}
