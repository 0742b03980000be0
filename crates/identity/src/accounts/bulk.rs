//! Many accounts at once, for synthetic data: no checks, no codes.

use super::entity::{account, role_grant};
use super::{query, search_text};
use chrono::NaiveDate;
use dto::access::Role;
use dto::identity::Person;
use dto::{AccountId, Lang, UnitId};
use kernel::{Result, Tx, id};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Rows of one statement: 13 columns of the wider table stay far below the 32,766 parameters of SQLite.
const CHUNK: usize = 1000;

/// An account as it is to stand in the table.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub id: AccountId,
    /// Lower case, unique: 3 to 100 of a-z, 0-9, dot, dash, underscore.
    pub username: String,
    pub full_name: String,
    pub person: Option<Person>,
    /// Of [`crate::passwords::hash`]; many synthetic accounts may share one. `None`: only a one-time code lets the person in.
    pub password_hash: Option<String>,
    pub must_change_password: bool,
    pub lang: Lang,
    pub roles: Vec<NewGrant>,
}

/// A role of a new account.
#[derive(Clone, Copy, Debug)]
pub struct NewGrant {
    pub role: Role,
    /// For guardians and learners, the school that administers the account.
    pub unit: Option<UnitId>,
    pub valid_from: NaiveDate,
}

/// Inserts accounts with their roles.
pub async fn insert_many_in(tx: &Tx<'_>, accounts: Vec<NewAccount>) -> Result<()> {
    let mut grants = Vec::new();
    let mut rows = Vec::with_capacity(accounts.len());
    for new in accounts {
        grants.extend(new.roles.iter().map(|grant| role_grant::ActiveModel {
            id: Set(id::new()),
            account_id: Set(new.id.0),
            role: Set(grant.role.as_str().to_owned()),
            unit_id: Set(grant.unit.map(|u| u.0)),
            valid_from: Set(grant.valid_from),
            valid_to: Set(None),
        }));
        let (person_kind, person_id) = query::person_columns(new.person);
        rows.push(account::ActiveModel {
            id: Set(new.id.0),
            search_text: Set(search_text(&new.full_name, &new.username)),
            username: Set(new.username),
            full_name: Set(new.full_name),
            person_kind: Set(person_kind),
            person_id: Set(person_id),
            password_hash: Set(new.password_hash),
            must_change_password: Set(new.must_change_password),
            disabled: Set(false),
            lang: Set(new.lang.tag().to_owned()),
            last_sign_in_at: Set(None),
            created_at: Set(tx.now()),
            version: Set(1),
        });
    }
    for chunk in rows.chunks(CHUNK) {
        account::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx.conn()).await?;
    }
    for chunk in grants.chunks(CHUNK) {
        role_grant::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}
