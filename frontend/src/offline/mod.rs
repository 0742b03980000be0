//! What this device keeps for the time without a line: the answers that a teacher needs to go on, and what is not sent yet.
//!
//! Everything is sealed with a key of the account that the server alone can give. While somebody is signed in, the browser holds
//! that key and uses it for these pages; no script reads it. With the session the key goes: what was only a copy is removed, and
//! what was not sent stays sealed until the same person signs in here again. No token is ever kept.

mod db;
mod seal;
pub mod unsent;

use crate::prefs;
use chrono::{DateTime, Utc};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::CryptoKey;

/// How long these pages open without a server having said that the session still stands.
const TRUST: i64 = 7 * 24 * 3600;
/// Copies that are kept; beyond it the oldest go.
const COPIES: usize = 150;
/// Names that begin so are no copies: they exist here alone.
const UNSENT: &str = "unsent/";
const ME: &str = "/me";

#[derive(Clone)]
struct Owner {
    account: String,
    key: CryptoKey,
}

thread_local! {
    static OWNER: RefCell<Option<Owner>> = const { RefCell::new(None) };
}

fn owner() -> Option<Owner> {
    OWNER.with_borrow(Clone::clone)
}

/// Something that was kept, and when.
pub struct Copied {
    pub text: String,
    pub at: DateTime<Utc>,
}

/// The server has said who this is. Others who were signed in here before are locked out. False: the key has to be fetched.
pub async fn opens(account: &str) -> bool {
    for other in db::names(db::KEYS, "").await.unwrap_or_default() {
        if other != account {
            lock_account(&other).await;
        }
    }
    prefs::set_known(Some(account));
    let Ok(Some(key)) = db::get(db::KEYS, account).await else { return false };
    own(account, key.unchecked_into());
    true
}

/// Takes the account's key, as the server gave it.
pub async fn take_key(account: &str, base64: &str) {
    let Ok(key) = seal::key(base64).await else { return };
    if db::put(db::KEYS, account, &key).await.is_ok() {
        own(account, key);
    }
}

fn own(account: &str, key: CryptoKey) {
    OWNER.set(Some(Owner { account: account.to_owned(), key }));
}

/// Without a line: who was signed in here, if a server said so in the last days. Gives the account's id.
pub async fn reopen() -> Option<String> {
    let account = prefs::known().filter(|known| known.len() == 36)?;
    let key = db::get(db::KEYS, &account).await.ok()??;
    own(&account, key.unchecked_into());
    let age = copied(ME).await.map(|me| (Utc::now() - me.at).num_seconds());
    // A clock that was set back proves nothing.
    if age.is_some_and(|age| (-60..TRUST).contains(&age)) {
        return Some(account);
    }
    OWNER.set(None);
    None
}

/// Signed out: the key and the copies go, what is not sent stays sealed.
pub async fn lock() {
    unsent::settle().await;
    let Some(owner) = OWNER.take() else {
        for account in db::names(db::KEYS, "").await.unwrap_or_default() {
            lock_account(&account).await;
        }
        return;
    };
    lock_account(&owner.account).await;
}

async fn lock_account(account: &str) {
    // First the key: what fails after it is sealed already.
    let _ = db::delete(db::KEYS, &[account.to_owned()]).await;
    let unsent = format!("{account}{UNSENT}");
    let copies = db::names(db::SEALED, account).await.unwrap_or_default();
    let copies: Vec<String> = copies.into_iter().filter(|name| !name.starts_with(&unsent)).collect();
    let _ = db::delete(db::SEALED, &copies).await;
}

/// The time, and what the seal vouches for beside the content: whose it is, its name, its time.
fn head(name: &str, at: DateTime<Utc>) -> ([u8; 8], Vec<u8>) {
    let time = at.timestamp_millis().to_le_bytes();
    (time, [name.as_bytes(), &time].concat())
}

/// Keeps a text under a name. False: the device does not keep it (no database, no room, nobody signed in).
pub async fn keep(name: &str, text: &str) -> bool {
    let Some(owner) = owner() else { return false };
    let name = format!("{}{name}", owner.account);
    let (time, about) = head(&name, Utc::now());
    let Ok(sealed) = seal::close(&owner.key, &about, text.as_bytes()).await else { return false };
    let record = js_sys::Uint8Array::from([time.as_slice(), &sealed].concat().as_slice());
    db::put(db::SEALED, &name, &record).await.is_ok()
}

/// Keeps who is signed in. Its time is when the server last said so.
pub async fn keep_me(me: &dto::identity::Me) {
    if let Ok(text) = serde_json::to_string(me) {
        keep(ME, &text).await;
    }
}

/// Who was signed in when the server last said so.
pub async fn me() -> Option<dto::identity::Me> {
    serde_json::from_str(&copied(ME).await?.text).ok()
}

pub async fn copied(name: &str) -> Option<Copied> {
    let owner = owner()?;
    let name = format!("{}{name}", owner.account);
    let record = db::bytes(db::SEALED, &name).await.ok()??;
    let (time, sealed) = record.split_first_chunk::<8>()?;
    let at = DateTime::from_timestamp_millis(i64::from_le_bytes(*time))?;
    let bytes = seal::open(&owner.key, &head(&name, at).1, sealed).await.ok()?;
    Some(Copied { text: String::from_utf8(bytes).ok()?, at })
}

/// Removes what is kept under these names.
async fn forget(names: &[String]) {
    if let Some(owner) = owner() {
        let names: Vec<String> = names.iter().map(|name| format!("{}{name}", owner.account)).collect();
        let _ = db::delete(db::SEALED, &names).await;
    }
}

/// The names that begin so.
async fn names(prefix: &str) -> Vec<String> {
    let Some(owner) = owner() else { return Vec::new() };
    let found = db::names(db::SEALED, &format!("{}{prefix}", owner.account)).await.unwrap_or_default();
    found.into_iter().map(|name| name[owner.account.len()..].to_owned()).collect()
}

/// The names of all copies.
pub async fn copies() -> Vec<String> {
    names("/").await
}

/// Removes the oldest copies where there are too many.
pub async fn tidy() {
    let (names, Some(owner)) = (copies().await, owner()) else { return };
    let surplus = names.len().saturating_sub(COPIES);
    if surplus == 0 {
        return;
    }
    let mut old = Vec::new();
    for name in names.into_iter().filter(|name| name != ME) {
        let record = db::bytes(db::SEALED, &format!("{}{name}", owner.account)).await.ok().flatten();
        let at = record.as_deref().and_then(|r| r.split_first_chunk::<8>()).map_or(0, |(time, _)| i64::from_le_bytes(*time));
        old.push((at, name));
    }
    old.sort_unstable();
    old.truncate(surplus);
    forget(&old.into_iter().map(|(_, name)| name).collect::<Vec<_>>()).await;
}
