//! The accounts of people, for messages to them.

use dto::{AccountId, Lang};
use kernel::Result;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::HashMap;
use uuid::Uuid;

/// The accounts of people (guardians, staff, learners) that may sign in, with their language. Unscoped.
pub async fn of_people(conn: &impl ConnectionTrait, people: &[Uuid]) -> Result<HashMap<Uuid, (AccountId, Lang)>> {
    let mut found = HashMap::new();
    for some in people.chunks(500) {
        let mut query = Query::select();
        query
            .columns(["person_id", "id", "lang"])
            .from("account")
            .and_where(Expr::col("person_id").is_in(some.iter().copied()))
            .and_where(Expr::col("disabled").eq(false));
        for row in conn.query_all(&query).await? {
            let lang: String = row.try_get_by_index(2)?;
            found.insert(row.try_get_by_index(0)?, (AccountId(row.try_get_by_index(1)?), Lang::from_header(&lang)));
        }
    }
    Ok(found)
}

/// Whom an account that may sign in belongs to.
pub async fn person_of(conn: &impl ConnectionTrait, account: Uuid) -> Result<Option<Uuid>> {
    let mut query = Query::select();
    query.column("person_id").from("account").and_where(Expr::col("id").eq(account)).and_where(Expr::col("disabled").eq(false));
    Ok(conn.query_one(&query).await?.map(|row| row.try_get_by_index::<Option<Uuid>>(0)).transpose()?.flatten())
}
