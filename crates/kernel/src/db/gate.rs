//! A write needs an account and a session that live at this moment, whatever the access token says.

use super::Tx;
use crate::{Error, Result};
use dto::Code;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

pub(super) async fn check(tx: &Tx<'_>) -> Result<()> {
    let (Some(account), Some(session)) = (tx.ctx().account, tx.ctx().session) else { return Ok(()) };
    let mut query = Query::select();
    query
        .column(("account", "disabled"))
        .column(("session", "ended_at"))
        .from("account")
        .inner_join("session", Expr::col(("session", "account_id")).equals(("account", "id")))
        .and_where(Expr::col(("account", "id")).eq(account.0))
        .and_where(Expr::col(("session", "id")).eq(session.0));
    let row = tx.conn().query_one(&query).await?;
    let Some(row) = row else { return Err(Error::new(Code::Unauthenticated)) };
    if row.try_get::<bool>("", "disabled")? {
        return Err(Error::new(Code::AccountDisabled));
    }
    if row.try_get::<Option<chrono::DateTime<chrono::Utc>>>("", "ended_at")?.is_some() {
        return Err(Error::new(Code::TokenExpired));
    }
    Ok(())
}
