//! Who an account is, for lists of who did what.

use dto::AccountId;
use kernel::Result;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::HashMap;

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
