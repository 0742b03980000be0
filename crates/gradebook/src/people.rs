//! Names of those who wrote.

use dto::Lang;
use kernel::Result;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Names of accounts; who has none was the program itself.
pub(crate) struct Names {
    names: HashMap<Uuid, String>,
    lang: Lang,
}

impl Names {
    pub(crate) async fn of(conn: &impl ConnectionTrait, lang: Lang, accounts: impl IntoIterator<Item = Option<Uuid>>) -> Result<Names> {
        let ids: BTreeSet<Uuid> = accounts.into_iter().flatten().collect();
        let mut names = HashMap::new();
        if !ids.is_empty() {
            let mut query = Query::select();
            query.columns(["id", "full_name"]).from("account").and_where(Expr::col("id").is_in(ids));
            for row in conn.query_all(&query).await? {
                names.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            }
        }
        Ok(Names { names, lang })
    }

    pub(crate) fn name(&self, account: Option<Uuid>) -> String {
        match account.and_then(|id| self.names.get(&id)) {
            Some(name) => name.clone(),
            None => self.lang.pick("Hệ thống", "System").to_owned(),
        }
    }
}
