//! Names of those who wrote.

use dto::{AccountId, Lang};
use kernel::Result;
use sea_orm::ConnectionTrait;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Names of accounts; who has none was the program itself.
pub(crate) struct Names {
    names: HashMap<AccountId, String>,
    lang: Lang,
}

impl Names {
    pub(crate) async fn of(
        conn: &impl ConnectionTrait,
        lang: Lang,
        accounts: impl IntoIterator<Item = Option<Uuid>>,
    ) -> Result<Names> {
        let ids: BTreeSet<AccountId> = accounts.into_iter().flatten().map(AccountId).collect();
        Ok(Names { names: identity::accounts::names(conn, ids).await?, lang })
    }

    pub(crate) fn name(&self, account: Option<Uuid>) -> String {
        match account.and_then(|id| self.names.get(&AccountId(id))) {
            Some(name) => name.clone(),
            None => self.lang.pick("Hệ thống", "System").to_owned(),
        }
    }
}
