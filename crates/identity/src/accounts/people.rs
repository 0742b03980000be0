//! The accounts of people, for messages to them.

use dto::{AccountId, Lang, LearnerId};
use kernel::{Result, Tx};
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

/// The accounts of one learner become another's: two records of one child were made one. Answers which. For composition.
pub async fn hand_over_learner_in(tx: &Tx<'_>, from: LearnerId, to: LearnerId) -> Result<Vec<Uuid>> {
    let mut select = Query::select();
    select
        .column("id")
        .from("account")
        .and_where(Expr::col("person_kind").eq("learner"))
        .and_where(Expr::col("person_id").eq(from.0));
    let accounts: Vec<Uuid> =
        tx.conn().query_all(&select).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect::<Result<_>>()?;
    give_back_learner_in(tx, &accounts, to).await?;
    Ok(accounts)
}

/// These accounts are a learner's. For composition.
pub async fn give_back_learner_in(tx: &Tx<'_>, accounts: &[Uuid], learner: LearnerId) -> Result<()> {
    if accounts.is_empty() {
        return Ok(());
    }
    let mut update = Query::update();
    update
        .table("account")
        .value("person_id", learner.0)
        .and_where(Expr::col("person_kind").eq("learner"))
        .and_where(Expr::col("id").is_in(accounts.iter().copied()));
    tx.conn().execute(&update).await?;
    Ok(())
}
