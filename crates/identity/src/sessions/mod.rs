//! Sessions: one signed-in device each. A session is a family of refresh tokens, of which the newest is good.

mod device;
pub(crate) mod entity;
mod refresh;
mod standing;

pub use refresh::{GRACE, refresh};
pub use standing::not_ended;

use crate::accounts::entity::account;
use crate::accounts::query;
use crate::passwords::{self, Leave};
use crate::throttle::{self, Try};
use crate::{Keys, Settings, codes, tokens};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use device::Device;
use dto::identity::{Session, SignIn, Tokens};
use dto::{AccountId, Code, Page, SessionId};
use entity::{refresh_token, session};
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id, text};
use rand::RngCore;
use sea_orm::sea_query::{Condition, Expr, Query};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use uuid::Uuid;

/// An account has at most this many devices; a further one ends the one that was longest unused.
const MAX_SESSIONS: u64 = 50;
/// Ended sessions are kept for this long, so that a refresh token of theirs still says why it is refused.
const KEEP_ENDED: Duration = Duration::days(90);

/// Where a sign-in comes from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    pub address: IpAddr,
    /// The device token of an earlier sign-in, where the client still has it.
    pub device: Option<&'a str>,
    /// A name for the list of sessions, where the person gave none.
    pub label: &'a str,
}

/// What a sign-in gives.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// With the refresh token.
    pub tokens: Tokens,
    /// To be given back at the next sign-in on this device. Opens nothing; keeps others' wrong passwords from delaying this device.
    pub device_token: String,
}

/// Why a session ended, as the table keeps it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Why {
    SignedOut,
    Reused,
    Replaced,
    Disabled,
    Password,
    Roles,
}

impl Why {
    fn as_str(self) -> &'static str {
        match self {
            Why::SignedOut => "signed_out",
            Why::Reused => "reused",
            Why::Replaced => "replaced",
            Why::Disabled => "disabled",
            Why::Password => "password",
            Why::Roles => "roles",
        }
    }
}

/// Signs in with a user name and a password, or with a one-time code in place of the password.
///
/// `bad_credentials` for an unknown name, a wrong password and a spent code alike, in the same time; `sign_in_delayed` with the seconds
/// to wait after several of them; `account_disabled` only to who knows the password.
pub async fn sign_in(
    db: &Db,
    keys: &Keys,
    settings: &Settings,
    ctx: &Ctx,
    origin: &Origin<'_>,
    body: &SignIn,
) -> Result<SignedIn> {
    let username = query::username(&body.username);
    let leave = passwords::leave().await?;
    let account = query::by_username(db.read(), &username).await?;
    let owner = account.as_ref().map(|a| AccountId(a.id));
    let device = owner.zip(origin.device).and_then(|(owner, token)| Device::read(keys, owner, token));
    let here = Try::at_address(keys, &username, origin.address);
    let this = device.as_ref().map_or_else(|| here.clone(), |device| Try::at_device(keys, &username, &device.nonce));
    throttle::check(db.read(), settings, &this, owner, clock::now()).await?;
    let by = recognise(db, keys, &leave, account.as_ref(), &body.password).await?;
    let (Some(account), Some(by)) = (account, by) else {
        throttle::note_failure(db, ctx, &this, owner, &body.password).await?;
        return Err(Error::new(Code::BadCredentials));
    };
    drop(leave);
    let owner = AccountId(account.id);
    let device = device.unwrap_or_else(|| Device::new(owner));
    let label = body.device.as_deref().map(text::clean).filter(|d| !d.is_empty()).unwrap_or_else(|| origin.label.to_owned());
    let tokens = db
        .write(ctx, async |tx| {
            // The account is locked first: on PostgreSQL two sign-ins that both refer to it before would wait for each other.
            let opened = open_in(tx, keys, settings, &account, &by, &label).await?;
            throttle::note_success_in(tx, &this, &here, owner).await?;
            Ok(opened)
        })
        .await?;
    Ok(SignedIn { tokens, device_token: device.token(keys) })
}

/// By what a person was recognised.
pub(crate) enum By {
    /// The password with this hash.
    Password(Option<String>),
    /// A one-time code.
    Code,
}

/// Is `secret` the password of the account, or its one-time code? Takes the same time whether there is an account or not.
pub(crate) async fn recognise(
    db: &Db,
    keys: &Keys,
    leave: &Leave,
    account: Option<&account::Model>,
    secret: &str,
) -> Result<Option<By>> {
    let hash = account.and_then(|a| a.password_hash.clone());
    if passwords::verify(leave, secret, hash.as_deref()).await? {
        return Ok(Some(By::Password(hash)));
    }
    // The nil account has no code; asking for it keeps the paths alike.
    let owner = AccountId(account.map_or(Uuid::nil(), |a| a.id));
    let code = codes::live(db.read(), owner, clock::now()).await?;
    Ok(code.filter(|code| code.is(keys, secret)).map(|_| By::Code))
}

async fn open_in(
    tx: &Tx<'_>,
    keys: &Keys,
    settings: &Settings,
    seen: &account::Model,
    by: &By,
    label: &str,
) -> Result<(Tokens, Vec<Event>)> {
    let owner = AccountId(seen.id);
    // Again, inside: the password may have been changed, the account disabled, the code spent since it was read.
    let account = account::Entity::find_by_id(seen.id).lock_exclusive().one(tx.conn()).await?;
    let account = account.ok_or_else(|| Error::new(Code::BadCredentials))?;
    if account.disabled {
        return Err(Error::new(Code::AccountDisabled));
    }
    let mut row: account::ActiveModel = account.clone().into();
    match by {
        By::Password(hash) if *hash != account.password_hash => return Err(Error::new(Code::BadCredentials)),
        By::Password(_) => {}
        By::Code if codes::live(tx.conn(), owner, tx.now()).await?.is_none() => return Err(Error::new(Code::BadCredentials)),
        By::Code => row.must_change_password = Set(true),
    }
    row.last_sign_in_at = Set(Some(tx.now()));
    let account = row.update(tx.conn()).await?;
    clear_in(tx, owner).await?;
    let row = session::Model {
        id: id::new(),
        account_id: account.id,
        device: label.chars().take(100).collect(),
        created_at: tx.now(),
        last_used_at: tx.now(),
        expires_at: tx.now() + settings.session_life,
        ended_at: None,
        ended_why: None,
    };
    session::Entity::insert(session::ActiveModel::from(row.clone())).exec_without_returning(tx.conn()).await?;
    let tokens = pair_in(tx, keys, settings, &account, SessionId(row.id)).await?;
    let event = Event::new(None, "session.created", "session", row.id)
        .after(&serde_json::json!({ "account_id": account.id, "by_code": matches!(by, By::Code) }));
    Ok((tokens, vec![event]))
}

/// Removes what is long past, and ends the devices over the bound.
async fn clear_in(tx: &Tx<'_>, owner: AccountId) -> Result<()> {
    let past = Condition::all().add(session::Column::AccountId.eq(owner.0)).add(
        Condition::any()
            .add(session::Column::EndedAt.lt(tx.now() - KEEP_ENDED))
            .add(session::Column::ExpiresAt.lt(tx.now() - KEEP_ENDED)),
    );
    let mut sessions = Query::select();
    sessions.column(session::Column::Id).from(session::Entity).cond_where(past.clone());
    refresh_token::Entity::delete_many().filter(refresh_token::Column::SessionId.in_subquery(sessions)).exec(tx.conn()).await?;
    session::Entity::delete_many().filter(past).exec(tx.conn()).await?;
    let over: Vec<Uuid> = live(owner, tx.now())
        .select_only()
        .column(session::Column::Id)
        .offset(MAX_SESSIONS - 1)
        .limit(1000)
        .into_tuple()
        .all(tx.conn())
        .await?;
    if !over.is_empty() {
        end_in(tx, Condition::all().add(session::Column::Id.is_in(over)), Why::Replaced).await?;
    }
    Ok(())
}

/// Sessions of an account that can be used, the last used first.
fn live(owner: AccountId, now: DateTime<Utc>) -> sea_orm::Select<session::Entity> {
    session::Entity::find()
        .filter(session::Column::AccountId.eq(owner.0))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::LastUsedAt)
        .order_by_desc(session::Column::Id)
}

/// A new refresh token of the session, and an access token with the roles of today.
async fn pair_in(tx: &Tx<'_>, keys: &Keys, settings: &Settings, account: &account::Model, session: SessionId) -> Result<Tokens> {
    let mut secret = [0u8; 32];
    rand::rng().fill_bytes(&mut secret);
    let refresh = URL_SAFE_NO_PAD.encode(secret);
    let row = refresh_token::ActiveModel {
        hash: Set(token_hash(&refresh)),
        session_id: Set(session.0),
        made_at: Set(tx.now()),
        used_at: Set(None),
    };
    refresh_token::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    let owner = AccountId(account.id);
    let roles = query::roles_on(tx.conn(), owner, clock::day_of(tx.now())).await?;
    let mut caller = Ctx::person(owner, session, query::person(account)?, roles, tx.ctx().lang, String::new());
    caller.must_change_password = account.must_change_password;
    Ok(Tokens {
        access_token: tokens::issue_at(keys, &caller, tx.now(), settings.access_seconds)?,
        expires_in: settings.access_seconds,
        refresh_token: Some(refresh),
        must_change_password: account.must_change_password,
    })
}

fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Ends the sessions of the condition that have not ended; how many there were.
pub(crate) async fn end_in(tx: &Tx<'_>, which: Condition, why: Why) -> Result<u64> {
    Ok(session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(tx.now()))
        .col_expr(session::Column::EndedWhy, Expr::value(why.as_str()))
        .filter(which)
        .filter(session::Column::EndedAt.is_null())
        .exec(tx.conn())
        .await?
        .rows_affected)
}

/// Ends all sessions of an account.
pub(crate) async fn end_all_in(tx: &Tx<'_>, owner: AccountId, why: Why) -> Result<u64> {
    end_in(tx, Condition::all().add(session::Column::AccountId.eq(owner.0)), why).await
}

/// The caller's devices, the last used first. Never more than one page.
pub async fn list(db: &Db, ctx: &Ctx) -> Result<Page<Session>> {
    let owner = ctx.account.ok_or_else(|| Error::new(Code::Unauthenticated))?;
    let rows = live(owner, clock::now()).limit(MAX_SESSIONS).all(db.read()).await?;
    let items = rows
        .into_iter()
        .map(|row| Session {
            id: SessionId(row.id),
            device: row.device,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            current: ctx.session == Some(SessionId(row.id)),
        })
        .collect();
    Ok(Page { items, next: None })
}

/// Ends one of the caller's sessions. `not_found` for another's, and for one that has ended.
pub async fn end(db: &Db, ctx: &Ctx, id: SessionId) -> Result<()> {
    let owner = ctx.account.ok_or_else(|| Error::new(Code::Unauthenticated))?;
    db.write(ctx, async |tx| {
        let which = Condition::all().add(session::Column::Id.eq(id.0)).add(session::Column::AccountId.eq(owner.0));
        if end_in(tx, which, Why::SignedOut).await? == 0 {
            return Err(Error::new(Code::NotFound));
        }
        Ok(((), vec![Event::new(None, "session.ended", "session", id)]))
    })
    .await
}

/// Signs out.
pub async fn end_current(db: &Db, ctx: &Ctx) -> Result<()> {
    let id = ctx.session.ok_or_else(|| Error::new(Code::Unauthenticated))?;
    end(db, ctx, id).await
}
