//! Delays after wrong passwords.
//!
//! What is counted, and why nobody is locked out by others:
//! - **a user name at a place** (a device that signed in before, else an address). After a few wrong passwords that place waits before
//!   it tries *that name* again; the wait doubles. Other names at the same address are not touched, so a whole school behind one
//!   address signs in while one pupil guesses, and the owner of the name signs in from anywhere else.
//! - **a user name anywhere**, against guessing from many addresses. When it is spent, places that this account has never signed in
//!   from wait one short delay between tries of all of them together; places that it has signed in from do not.
//!
//! A device proves itself by a token that only its own earlier sign-in gave it ([`super::sessions::device`]), so guesses from the
//! same address do not even slow down the person's own browser. A new one-time code forgets all failures of the name.
//!
//! User names and addresses are kept as keyed hashes. Counts are in the database: a restart forgets nothing.

mod wait;

use crate::{Keys, Settings, codes};
use chrono::{DateTime, Duration, Utc};
use dto::{AccountId, Code};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use std::net::IpAddr;
use wait::{Count, MEMORY, wait};

/// A place that was not used for this long is a stranger again.
const PLACE_MEMORY: Duration = Duration::days(180);
/// In the column of places: all of them.
const ANYWHERE: &str = "*";

/// A user name tried at a place.
#[derive(Clone, Debug)]
pub(crate) struct Try {
    username: String,
    place: String,
    /// The place has proved that this account signed in there before.
    proven: bool,
}

/// Of an IPv6 address the network, since a customer has at least 2^64 of them (RFC 6177).
fn network(address: IpAddr) -> [u8; 16] {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => {
            let mut octets = v6.octets();
            octets[8..].fill(0);
            octets
        }
    }
}

impl Try {
    pub(crate) fn at_address(keys: &Keys, username: &str, address: IpAddr) -> Try {
        Try::at(keys, username, "address", &network(address))
    }

    pub(crate) fn at_device(keys: &Keys, username: &str, device: &[u8]) -> Try {
        Try { proven: true, ..Try::at(keys, username, "device", device) }
    }

    /// Within a session, where the password is asked again.
    pub(crate) fn in_session(keys: &Keys, username: &str, session: dto::SessionId) -> Try {
        Try { proven: true, ..Try::at(keys, username, "session", session.0.as_bytes()) }
    }

    fn at(keys: &Keys, username: &str, kind: &str, place: &[u8]) -> Try {
        Try {
            username: name_hash(keys, username),
            place: hex::encode(keys.keyed_hash("sign-in place", &[kind.as_bytes(), place])),
            proven: false,
        }
    }
}

fn name_hash(keys: &Keys, username: &str) -> String {
    hex::encode(keys.keyed_hash("sign-in name", &[username.as_bytes()]))
}

/// `sign_in_delayed` with the seconds, where this name has to wait at this place. `account`: whose name it is, if anybody's.
pub(crate) async fn check(
    conn: &impl ConnectionTrait,
    settings: &Settings,
    this: &Try,
    account: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut query = Query::select();
    query
        .columns(["place_hash", "count", "last_at"])
        .from("sign_in_failure")
        .and_where(Expr::col("username_hash").eq(this.username.as_str()))
        .and_where(Expr::col("place_hash").is_in([this.place.as_str(), ANYWHERE]));
    let (mut here, mut anywhere) = (None, None);
    for row in conn.query_all(&query).await? {
        let count = Count { count: i64::from(row.try_get::<i32>("", "count")?), last_at: row.try_get("", "last_at")? };
        if row.try_get::<String>("", "place_hash")? == ANYWHERE { anywhere = Some(count) } else { here = Some(count) }
    }
    // Only a name under attack needs the second question.
    let known = match (anywhere, account) {
        (Some(_), Some(account)) => this.proven || is_known(conn, this, account, now).await?,
        _ => false,
    };
    match wait(here, anywhere, known, settings, now) {
        Some(seconds) => Err(Error::new(Code::SignInDelayed).with("seconds", seconds)),
        None => Ok(()),
    }
}

async fn is_known(conn: &impl ConnectionTrait, this: &Try, account: AccountId, now: DateTime<Utc>) -> Result<bool> {
    let mut query = Query::select();
    query
        .column("account_id")
        .from("sign_in_place")
        .and_where(Expr::col("account_id").eq(account.0))
        .and_where(Expr::col("place_hash").eq(this.place.as_str()))
        .and_where(Expr::col("last_at").gt(now - PLACE_MEMORY));
    Ok(conn.query_one(&query).await?.is_some())
}

/// Counts a failure, and of an attempt that looked like a one-time code also a try; clears away what is past.
///
/// A write of its own: whatever else was under way came to nothing. The event names neither the user name, which may be a password typed into the wrong field, nor the place.
pub(crate) async fn note_failure(db: &Db, ctx: &Ctx, this: &Try, account: Option<AccountId>, secret: &str) -> Result<()> {
    db.write(ctx, async |tx| {
        if codes::looks_like_code(secret) {
            // The nil account has no code; asking for it keeps the paths alike.
            codes::note_try_in(tx, account.unwrap_or(AccountId(uuid::Uuid::nil()))).await?;
        }
        count_in(tx, this).await?;
        Ok(((), vec![Event::new(None, "sign_in.failed", "sign_in", &this.username[..16])]))
    })
    .await
}

async fn count_in(tx: &Tx<'_>, this: &Try) -> Result<()> {
    let mut past = Query::delete();
    past.from_table("sign_in_failure").and_where(Expr::col("last_at").lt(tx.now() - MEMORY));
    tx.conn().execute(&past).await?;
    for place in [this.place.as_str(), ANYWHERE] {
        let mut count = Query::insert();
        count
            .into_table("sign_in_failure")
            .columns(["username_hash", "place_hash", "count", "last_at"])
            .values_panic([this.username.as_str().into(), place.into(), 1i32.into(), tx.now().into()])
            .on_conflict(
                OnConflict::columns(["username_hash", "place_hash"])
                    .value("count", Expr::col(("sign_in_failure", "count")).add(1))
                    .value("last_at", tx.now())
                    .to_owned(),
            );
        tx.conn().execute(&count).await?;
    }
    Ok(())
}

/// The right password: the failures of the place are forgotten, and the address `here` is known from now on.
pub(crate) async fn note_success_in(tx: &Tx<'_>, this: &Try, here: &Try, account: AccountId) -> Result<()> {
    let mut forget = Query::delete();
    forget
        .from_table("sign_in_failure")
        .and_where(Expr::col("username_hash").eq(this.username.as_str()))
        .and_where(Expr::col("place_hash").eq(this.place.as_str()));
    tx.conn().execute(&forget).await?;
    let mut past = Query::delete();
    past.from_table("sign_in_place")
        .and_where(Expr::col("account_id").eq(account.0))
        .and_where(Expr::col("last_at").lt(tx.now() - PLACE_MEMORY));
    tx.conn().execute(&past).await?;
    let mut know = Query::insert();
    know.into_table("sign_in_place")
        .columns(["account_id", "place_hash", "last_at"])
        .values_panic([account.0.into(), here.place.as_str().into(), tx.now().into()])
        .on_conflict(OnConflict::columns(["account_id", "place_hash"]).value("last_at", tx.now()).to_owned());
    tx.conn().execute(&know).await?;
    Ok(())
}

/// Forgets all failures of a name: its owner has been given a one-time code, or has used one.
pub(crate) async fn forgive_in(tx: &Tx<'_>, keys: &Keys, username: &str) -> Result<()> {
    let mut forget = Query::delete();
    forget.from_table("sign_in_failure").and_where(Expr::col("username_hash").eq(name_hash(keys, username)));
    tx.conn().execute(&forget).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_networks_and_names_are_separate() {
        let keys = Keys::from_secret(&[3; 32]).unwrap();
        let at = |name: &str, address: &str| Try::at_address(&keys, name, address.parse().unwrap());
        assert_eq!(at("a", "2001:db8::1").place, at("a", "2001:db8::ffff").place);
        assert_ne!(at("a", "2001:db8::1").place, at("a", "2001:db8:0:1::1").place);
        assert_eq!(at("a", "::ffff:10.0.0.1").place, at("a", "10.0.0.1").place);
        assert_ne!(at("a", "10.0.0.1").place, at("a", "10.0.0.2").place);
        assert_ne!(at("a", "10.0.0.1").username, at("b", "10.0.0.1").username);
        assert!(!at("hoa", "10.0.0.1").username.contains("hoa"));
    }
}
