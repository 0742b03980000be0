//! A new password with a one-time code, without signing in.

use crate::accounts::entity::account;
use crate::accounts::query;
use crate::sessions::{Why, end_all_in};
use crate::throttle::{self, Try};
use crate::{Keys, Settings, codes, me, passwords};
use dto::identity::ResetPassword;
use dto::{AccountId, Code};
use kernel::{Ctx, Db, Error, Event, Result, clock};
use sea_orm::{EntityTrait, QuerySelect};
use std::net::IpAddr;

/// Sets a new password with a one-time code, once. Ends every session of the account.
///
/// `one_time_code_invalid` for an unknown name, a wrong, spent or past code alike; after several of them `sign_in_delayed`; `password_weak`;
/// `account_disabled` only to who has the code.
pub async fn reset(db: &Db, keys: &Keys, settings: &Settings, ctx: &Ctx, address: IpAddr, body: &ResetPassword) -> Result<()> {
    let username = query::username(&body.username);
    passwords::check_new(&username, &body.new_password, "/new_password")?;
    let account = query::by_username(db.read(), &username).await?;
    let owner = account.as_ref().map(|a| AccountId(a.id));
    let this = Try::at_address(keys, &username, address);
    throttle::check(db.read(), settings, &this, owner, clock::now()).await?;
    let live = codes::live(db.read(), owner.unwrap_or(AccountId(uuid::Uuid::nil())), clock::now()).await?;
    let right = live.is_some_and(|code| code.is(keys, &body.code));
    let Some(owner) = owner.filter(|_| right) else {
        throttle::note_failure(db, ctx, &this, owner, &body.code).await?;
        return Err(Error::new(Code::OneTimeCodeInvalid).and_field("/code", Code::OneTimeCodeInvalid));
    };
    let hash = passwords::hash(&body.new_password).await?;
    db.write(ctx, async |tx| {
        let spent = || Error::new(Code::OneTimeCodeInvalid).and_field("/code", Code::OneTimeCodeInvalid);
        let row = account::Entity::find_by_id(owner.0).lock_exclusive().one(tx.conn()).await?.ok_or_else(spent)?;
        if row.disabled {
            return Err(Error::new(Code::AccountDisabled));
        }
        // Again, behind the lock: the code may have been used, spent or replaced since.
        if !codes::live(tx.conn(), owner, tx.now()).await?.is_some_and(|code| code.is(keys, &body.code)) {
            return Err(spent());
        }
        me::set_password_in(tx, row, &hash).await?;
        throttle::forgive_in(tx, keys, &username).await?;
        end_all_in(tx, owner, Why::Password).await?;
        Ok(((), vec![Event::new(None, "password.reset", "account", owner)]))
    })
    .await
}
