//! Who an account is, for lists of who did what.

use dto::{AccountId, Lang};
use kernel::Result;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Full names of accounts. Unscoped: for callers who may see what those accounts did.
pub async fn names(conn: &impl ConnectionTrait, ids: impl IntoIterator<Item = AccountId>) -> Result<HashMap<AccountId, String>> {
    let ids: Vec<_> = ids.into_iter().map(|id| id.0).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = Query::select();
    query.columns(["id", "full_name"]).from("account").and_where(Expr::col("id").is_in(ids));
    let rows = conn.query_all(&query).await?;
    rows.iter().map(|row| Ok((AccountId(row.try_get_by_index(0)?), row.try_get_by_index(1)?))).collect()
}

/// Names of accounts for people to read; who has none was the program itself.
pub struct Names {
    names: HashMap<AccountId, String>,
    lang: Lang,
}

impl Names {
    pub async fn of(conn: &impl ConnectionTrait, lang: Lang, accounts: impl IntoIterator<Item = Option<Uuid>>) -> Result<Names> {
        let ids: BTreeSet<AccountId> = accounts.into_iter().flatten().map(AccountId).collect();
        Ok(Names { names: names(conn, ids).await?, lang })
    }

    pub fn name(&self, account: Option<Uuid>) -> String {
        match account.and_then(|id| self.names.get(&AccountId(id))) {
            Some(name) => name.clone(),
            None => self.lang.pick("Hệ thống", "System").to_owned(),
        }
    }
}
