//! One-time codes: made by an administrator who reaches the account, handed over in person, good for one new password.
//!
//! A code is kept as a keyed hash. Its 24^8 values are too few for a plain hash to hide, but nobody tries them without the
//! secret of the installation, and through the door it takes five tries.

use crate::Keys;
use chrono::{DateTime, Duration, Utc};
use dto::AccountId;
use dto::identity::OneTimeCode;
use kernel::{Result, Tx};
use rand::seq::IndexedRandom;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, sea_query};
use subtle::ConstantTimeEq;

/// Without what people confuse when they write it down: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
const ALPHABET: &[u8] = b"34679ACDEFGHJKMNPQRTVWXY";
const LENGTH: usize = 8;
const MAX_TRIES: i16 = 5;

mod entity {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "one_time_code")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub hash: String,
        pub expires_at: DateTime<Utc>,
        pub tries: i16,
        pub made_by: Option<Uuid>,
        pub made_at: DateTime<Utc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A code that can still be used.
pub(crate) struct Live {
    account: AccountId,
    hash: String,
}

impl Live {
    pub(crate) fn is(&self, keys: &Keys, typed: &str) -> bool {
        read(typed).is_some_and(|code| hash(keys, self.account, &code).as_bytes().ct_eq(self.hash.as_bytes()).into())
    }
}

/// What was typed as a code: in any case, with spaces or dashes between. `None`: it cannot be one.
fn read(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    (code.len() == LENGTH && code.bytes().all(|b| ALPHABET.contains(&b))).then_some(code)
}

/// Has it the form of a code, so that a wrong one counts as a try?
pub(crate) fn looks_like_code(typed: &str) -> bool {
    read(typed).is_some()
}

fn hash(keys: &Keys, account: AccountId, code: &str) -> String {
    hex::encode(keys.keyed_hash("one-time code", &[account.0.as_bytes(), code.as_bytes()]))
}

fn random_code() -> String {
    let mut rng = rand::rng();
    (0..LENGTH).filter_map(|_| ALPHABET.choose(&mut rng)).map(|b| char::from(*b)).collect()
}

/// Makes a code in place of any earlier one.
pub(crate) async fn make_in(tx: &Tx<'_>, keys: &Keys, account: AccountId, life: Duration) -> Result<OneTimeCode> {
    let made = OneTimeCode { code: random_code(), expires_at: tx.now() + life };
    let row = entity::ActiveModel {
        account_id: Set(account.0),
        hash: Set(hash(keys, account, &made.code)),
        expires_at: Set(made.expires_at),
        tries: Set(0),
        made_by: Set(tx.ctx().account.map(Uuid::from)),
        made_at: Set(tx.now()),
    };
    use entity::Column::*;
    entity::Entity::insert(row)
        .on_conflict(OnConflict::column(AccountId).update_columns([Hash, ExpiresAt, Tries, MadeBy, MadeAt]).to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    Ok(made)
}

/// The code of this account, unless it is spent or past.
pub(crate) async fn live(conn: &impl ConnectionTrait, account: AccountId, now: DateTime<Utc>) -> Result<Option<Live>> {
    let row = entity::Entity::find_by_id(account.0).one(conn).await?;
    Ok(row.filter(|r| r.expires_at > now && r.tries < MAX_TRIES).map(|r| Live { account, hash: r.hash }))
}

/// Counts a wrong code.
pub(crate) async fn note_try_in(tx: &Tx<'_>, account: AccountId) -> Result<()> {
    use sea_query::ExprTrait;
    entity::Entity::update_many()
        .col_expr(entity::Column::Tries, Expr::col(entity::Column::Tries).add(1i16))
        .filter(entity::Column::AccountId.eq(account.0))
        // Beyond the bound nothing is counted: a small integer is finite.
        .filter(entity::Column::Tries.lt(MAX_TRIES))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// The code has done its work, or is no longer wanted.
pub(crate) async fn remove_in(tx: &Tx<'_>, account: AccountId) -> Result<()> {
    entity::Entity::delete_by_id(account.0).exec(tx.conn()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        let code = random_code();
        assert_eq!(code.len(), LENGTH);
        let spaced = format!(" {}-{} ", code[..4].to_lowercase(), &code[4..]);
        assert_eq!(read(&spaced).as_deref(), Some(code.as_str()));
        assert_eq!(read("A3C4D6E"), None);
        assert_eq!(read("A3C4D6EO"), None);
        assert!(!looks_like_code("con meo den 7"));
    }

    #[test]
    fn a_code_is_of_one_account_and_one_installation() {
        let keys = Keys::from_secret(&[4; 32]).unwrap();
        let account: AccountId = kernel::id::new();
        let live = Live { account, hash: hash(&keys, account, "A3C4D6E7") };
        assert!(live.is(&keys, "a3c4-d6e7"));
        assert!(!live.is(&keys, "A3C4D6E9"));
        assert!(!live.is(&Keys::from_secret(&[5; 32]).unwrap(), "A3C4D6E7"));
        assert!(!Live { account: kernel::id::new(), hash: live.hash.clone() }.is(&keys, "A3C4D6E7"));
    }
}
