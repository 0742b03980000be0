//! A person and their own account.

use crate::accounts::entity::account;
use crate::accounts::query;
use crate::sessions::entity::session;
use crate::sessions::{By, Why, end_in, recognise};
use crate::throttle::{self, Try};
use crate::{Keys, Settings, codes, directory, passwords};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dto::access::Permission;
use dto::identity::{BrowserKey, ChangePassword, Me, PutPreferences};
use dto::{AccountId, Code};
use kernel::{Ctx, Db, Error, Event, Result, clock};
use sea_orm::sea_query::Condition;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QuerySelect};

/// Who is signed in, with the roles in force today.
pub async fn get(db: &Db, ctx: &Ctx) -> Result<Me> {
    let row = query::own(db.read(), ctx).await?;
    whole(db.read(), row).await
}

/// The key of this account for what its browsers keep. It is derived and stored nowhere: who signs in gets it, and what a browser
/// sealed before it was signed out opens again. A disabled account gets it as long as its access token lives.
///
/// `unauthenticated` for a caller without an account.
pub async fn browser_key(db: &Db, keys: &Keys, ctx: &Ctx) -> Result<BrowserKey> {
    let own = query::own(db.read(), ctx).await?;
    Ok(BrowserKey { key: STANDARD.encode(keys.keyed_hash("what a browser keeps", &[own.id.as_bytes()])) })
}

async fn whole(conn: &impl ConnectionTrait, row: account::Model) -> Result<Me> {
    let today = clock::today();
    let grants: Vec<_> =
        query::open_grants(conn, &[row.id], today).await?.into_iter().filter(|g| g.valid_from <= today).collect();
    let units: Vec<_> = grants.iter().filter_map(|g| g.unit_id).collect();
    let names = directory::names(conn, &units).await?;
    let roles = grants.into_iter().map(|g| query::grant_dto(g, &names)).collect::<Result<Vec<_>>>()?;
    let can = |p: &Permission| roles.iter().any(|r| r.role.permissions().contains(p));
    Ok(Me {
        account_id: AccountId(row.id),
        person: query::person(&row)?,
        lang: query::lang(&row),
        must_change_password: row.must_change_password,
        permissions: Permission::ALL.iter().copied().filter(can).collect(),
        roles,
        username: row.username,
        full_name: row.full_name,
    })
}

/// Changes the own password. The present one may be the one-time code that was handed over. The other sessions end; this one goes on, and
/// its next access token no longer asks for a change.
///
/// `password_wrong`, after several of them `sign_in_delayed`; `password_weak`.
pub async fn change_password(db: &Db, keys: &Keys, settings: &Settings, ctx: &Ctx, body: &ChangePassword) -> Result<()> {
    let seen = query::own(db.read(), ctx).await?;
    let owner = AccountId(seen.id);
    let session = ctx.session.ok_or_else(|| Error::new(Code::Unauthenticated))?;
    passwords::check_new(&seen.username, &body.new_password, "/new_password")?;
    if body.new_password == body.current_password {
        return Err(Error::new(Code::PasswordWeak).and_field("/new_password", Code::PasswordWeak));
    }
    let this = Try::in_session(keys, &seen.username, session);
    let leave = passwords::leave().await?;
    throttle::check(db.read(), settings, &this, Some(owner), clock::now()).await?;
    let Some(by) = recognise(db, keys, &leave, Some(&seen), &body.current_password).await? else {
        throttle::note_failure(db, ctx, &this, Some(owner), &body.current_password).await?;
        return Err(Error::new(Code::PasswordWrong).and_field("/current_password", Code::PasswordWrong));
    };
    drop(leave);
    let hash = passwords::hash(&body.new_password).await?;
    db.write(ctx, async |tx| {
        let row = account::Entity::find_by_id(seen.id)
            .lock_exclusive()
            .one(tx.conn())
            .await?
            .ok_or_else(|| Error::new(Code::Unauthenticated))?;
        let still = match &by {
            By::Password(hash) => *hash == row.password_hash,
            By::Code => codes::live(tx.conn(), owner, tx.now()).await?.is_some(),
        };
        if !still {
            return Err(Error::new(Code::PasswordWrong).and_field("/current_password", Code::PasswordWrong));
        }
        set_password_in(tx, row, &hash).await?;
        throttle::forgive_in(tx, keys, &seen.username).await?;
        let others = Condition::all().add(session::Column::AccountId.eq(owner.0)).add(session::Column::Id.ne(session.0));
        end_in(tx, others, Why::Password).await?;
        Ok(((), vec![Event::new(None, "password.changed", "account", owner)]))
    })
    .await
}

/// Sets the password; a one-time code has done its work.
pub(crate) async fn set_password_in(tx: &kernel::Tx<'_>, row: account::Model, hash: &str) -> Result<()> {
    let owner = AccountId(row.id);
    let mut row: account::ActiveModel = row.into();
    row.password_hash = Set(Some(hash.to_owned()));
    row.must_change_password = Set(false);
    row.update(tx.conn()).await?;
    codes::remove_in(tx, owner).await
}

/// Changes the own preferences.
pub async fn put_preferences(db: &Db, ctx: &Ctx, body: &PutPreferences) -> Result<Me> {
    db.write(ctx, async |tx| {
        let row = query::own(tx.conn(), ctx).await?;
        let before = query::lang(&row);
        let mut row: account::ActiveModel = row.into();
        row.lang = Set(body.lang.tag().to_owned());
        let row = row.update(tx.conn()).await?;
        let event = Event::new(None, "preferences.updated", "account", row.id)
            .before(&serde_json::json!({ "lang": before }))
            .after(&serde_json::json!({ "lang": body.lang }));
        Ok((whole(tx.conn(), row).await?, vec![event]))
    })
    .await
}
