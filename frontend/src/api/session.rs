//! The session: an access token in memory, exchanged through the browser's cookie when it ends.

use super::client::{Body, anonymous, json_body};
use super::error::{ApiError, Result};
use crate::prefs;
use dto::identity::{SignIn, Tokens};
use futures::FutureExt;
use futures::future::{LocalBoxFuture, Shared};
use leptos::prelude::*;
use std::cell::RefCell;
use std::sync::LazyLock;

/// Where the person stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not asked yet: the cookie may hold a session.
    Unknown,
    SignedOut,
    /// Signed in with a password that somebody else gave.
    MustChangePassword,
    SignedIn,
}

struct Access {
    token: String,
    /// Milliseconds of the browser's clock.
    ends: f64,
}

type Refreshing = Shared<LocalBoxFuture<'static, Result<String>>>;

thread_local! {
    static ACCESS: RefCell<Option<Access>> = const { RefCell::new(None) };
    // Whose pages these are. The cookie may be another's by now: somebody else signed in, in another tab.
    static ACCOUNT: RefCell<Option<String>> = const { RefCell::new(None) };
    // Calls that find the token ended at the same moment share one exchange.
    static REFRESHING: RefCell<Option<Refreshing>> = const { RefCell::new(None) };
}

static STANDING: LazyLock<ArcRwSignal<Standing>> = LazyLock::new(|| ArcRwSignal::new(Standing::Unknown));

/// Tracked.
pub fn standing() -> Standing {
    STANDING.get()
}

fn stand(standing: Standing) {
    if STANDING.get_untracked() != standing {
        STANDING.set(standing);
    }
}

/// The access token, while it lasts for some seconds more.
pub(super) fn token() -> Option<String> {
    ACCESS.with_borrow(|access| access.as_ref().filter(|a| a.ends - 5_000.0 > js_sys::Date::now()).map(|a| a.token.clone()))
}

/// What a token says, as JSON.
fn claims(token: &str) -> Option<String> {
    let claims = token.split('.').nth(1)?.replace('-', "+").replace('_', "/");
    window().atob(&claims).ok()
}

/// Whether the account has roles of a family alone, as its token says: for them there is a program of their own.
fn is_family(token: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Held {
        role: dto::access::Role,
    }
    #[derive(serde::Deserialize)]
    struct Claims {
        roles: Vec<Held>,
    }
    let held = claims(token).and_then(|claims| serde_json::from_str::<Claims>(&claims).ok());
    held.is_some_and(|claims| {
        !claims.roles.is_empty()
            && claims.roles.iter().all(|held| matches!(held.role, dto::access::Role::Guardian | dto::access::Role::Learner))
    })
}

/// Whose access token it is. The server checks tokens; this only reads.
fn account_of(token: &str) -> Option<String> {
    let claims = claims(token)?;
    let (_, from) = claims.split_once("\"sub\":\"")?;
    from.get(..36).map(str::to_owned)
}

/// The token is somebody else's: the pages begin anew, as theirs.
fn somebody_else(tokens: &Tokens) -> bool {
    let Some(now) = account_of(&tokens.access_token) else { return false };
    let before = ACCOUNT.replace(Some(now.clone()));
    let other = before.is_some_and(|before| before != now);
    if other {
        let _ = window().location().replace("/");
    }
    other
}

fn keep(tokens: &Tokens) {
    prefs::set_family(is_family(&tokens.access_token));
    let ends = js_sys::Date::now() + tokens.expires_in as f64 * 1000.0;
    ACCESS.set(Some(Access { token: tokens.access_token.clone(), ends }));
    stand(if tokens.must_change_password { Standing::MustChangePassword } else { Standing::SignedIn });
}

pub(super) fn lost() {
    ACCESS.set(None);
    stand(Standing::SignedOut);
}

pub(super) fn must_change_password() {
    stand(Standing::MustChangePassword);
}

/// Exchanges the cookie for a new access token.
pub(super) async fn refresh() -> Result<String> {
    let shared = REFRESHING.with_borrow_mut(|slot| {
        slot.get_or_insert_with(|| {
            let exchange = async {
                let answer = anonymous::<Tokens>("POST", "/sessions/refresh", Body::Empty).await;
                REFRESHING.set(None);
                let tokens = answer?;
                if somebody_else(&tokens) {
                    return Err(ApiError::Unexpected { status: 401, request_id: None });
                }
                keep(&tokens);
                Ok(tokens.access_token)
            };
            exchange.boxed_local().shared()
        })
        .clone()
    });
    shared.await
}

/// At the start: is there a session in the cookie? Where nobody answers, the device may know who was here.
pub async fn resume() -> Result<()> {
    if prefs::leaving() {
        finish_leaving().await;
        lost();
        return Ok(());
    }
    match refresh().await {
        Ok(_) => Ok(()),
        Err(error) if error.no_server() => match crate::offline::reopen().await {
            Some(account) => {
                ACCOUNT.set(Some(account));
                stand(Standing::SignedIn);
                Ok(())
            }
            None => Err(error),
        },
        Err(error @ ApiError::Unexpected { .. }) => Err(error),
        Err(error) if error.status().is_some_and(|s| s >= 500) => Err(error),
        Err(_) => {
            lost();
            Ok(())
        }
    }
}

pub async fn sign_in(username: String, password: String) -> Result<()> {
    let body = SignIn { username, password, device: Some(device()), cookie: true };
    let tokens = anonymous::<Tokens>("POST", "/sessions", json_body(&body)?).await?;
    prefs::set_leaving(false);
    keep(&tokens);
    Ok(())
}

/// Ends this session; the pages forget it even where the server could not be told.
pub async fn sign_out() -> Result<()> {
    let told = super::delete("/sessions/current").await;
    // No script can take the cookie away: that is done when somebody can be asked.
    prefs::set_leaving(told.as_ref().is_err_and(ApiError::no_server));
    lost();
    told
}

/// Ends the session of who signed out without a line.
pub async fn finish_leaving() {
    if prefs::leaving() {
        let told = super::delete("/sessions/current").await;
        prefs::set_leaving(told.is_err_and(|error| error.no_server()));
        ACCESS.set(None);
    }
}

/// After the person has chosen a password of their own.
pub async fn password_changed() -> Result<()> {
    refresh().await.map(|_| ())
}

/// A name for the list of sessions: browser and system, as far as they tell.
fn device() -> String {
    let agent = window().navigator().user_agent().unwrap_or_default();
    device_name(&agent)
}

fn device_name(agent: &str) -> String {
    let find =
        |names: &[(&'static str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = find(&[
        ("coc_coc", "Cốc Cốc"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    [browser.unwrap_or("Web"), system.unwrap_or("")].iter().filter(|s| !s.is_empty()).copied().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::device_name;

    #[test]
    fn names_the_device() {
        assert_eq!(
            device_name("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0"),
            "Edge · Windows"
        );
        assert_eq!(device_name("Mozilla/5.0 (Linux; Android 12) Chrome/120.0 Mobile Safari/537.36"), "Chrome · Android");
        assert_eq!(device_name(""), "Web");
    }
}
