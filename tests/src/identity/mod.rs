//! Signing in, sessions, passwords, accounts and roles.

mod accounts;
mod browser_key;
mod filters;
mod grants;
mod one_time_codes;
mod passwords;
mod reach;
mod refresh;
mod sessions;
mod sign_in;
mod throttle;

use crate::harness::{Actor, Reply, School, TestApp, day};
use dto::access::Role;
use dto::identity::{Person, Tokens};
use dto::{AccountId, Lang, UnitId};
use identity::accounts::{NewAccount, NewGrant, insert_many_in};
use kernel::{Ctx, Event};
use reqwest::Method;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait, ExprTrait, Value};
use serde_json::json;
use std::sync::LazyLock;

pub const PASSWORD: &str = "con mèo đen số 7";

/// Hashing takes its time; once is enough.
static HASH: LazyLock<String> = LazyLock::new(|| identity::passwords::hash_now(PASSWORD).expect("a hash"));

/// Accounts of staff with [`PASSWORD`].
pub async fn people(app: &TestApp, people: &[(&str, &[(Role, UnitId)])]) -> Vec<AccountId> {
    let mut new = Vec::new();
    for (username, roles) in people {
        let staff = app.staff(roles.first().map_or(app.world.school_a.id, |r| r.1), "Nguyễn Thị Hoa").await;
        new.push(NewAccount {
            id: kernel::id::new(),
            username: (*username).to_owned(),
            full_name: "Nguyễn Thị Hoa".into(),
            person: Some(Person::Staff(staff)),
            password_hash: Some(HASH.clone()),
            must_change_password: false,
            lang: Lang::Vi,
            roles: roles
                .iter()
                .map(|(role, unit)| NewGrant { role: *role, unit: Some(*unit), valid_from: day("2020-09-01") })
                .collect(),
        });
    }
    let ids = new.iter().map(|a| a.id).collect();
    let ctx = Ctx::system("test");
    let made = app.db.write(&ctx, async |tx| {
        insert_many_in(tx, new.clone()).await?;
        Ok(((), vec![Event::new(None, "test.made", "test", "accounts")]))
    });
    made.await.expect("the accounts");
    ids
}

/// A teacher of this school with [`PASSWORD`].
pub async fn teacher(app: &TestApp, username: &str, school: &School) -> AccountId {
    people(app, &[(username, &[(Role::SubjectTeacher, school.id)])]).await[0]
}

/// Tries to sign in.
pub async fn sign_in(actor: &Actor, username: &str, password: &str) -> Reply {
    actor.post("/sessions", &json!({"username": username, "password": password})).await
}

/// Signs in with [`PASSWORD`].
pub async fn signed_in(app: &TestApp, username: &str) -> (Actor, Tokens) {
    let tokens: Tokens = sign_in(&app.anonymous(), username, PASSWORD).await.status(201).ok();
    (app.anonymous().with_token(&tokens.access_token), tokens)
}

pub async fn refresh(app: &TestApp, token: &str) -> Reply {
    app.anonymous().post("/sessions/refresh", &json!({"refresh_token": token})).await
}

pub fn refresh_token(tokens: &Tokens) -> &str {
    tokens.refresh_token.as_deref().expect("a refresh token")
}

/// Something that needs a live session: any write.
pub async fn writes(actor: &Actor) -> Reply {
    actor.put_bare("/me/preferences", &json!({"lang": "en"})).await
}

/// A cookie that an answer sets: its value, and all that is said of it.
pub fn cookie(reply: &Reply, name: &str) -> Option<(String, String)> {
    reply.headers.get_all("set-cookie").iter().filter_map(|v| v.to_str().ok()).find_map(|text| {
        let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
        let value = pair.strip_prefix(name)?.strip_prefix('=')?;
        Some((value.to_owned(), attributes.to_owned()))
    })
}

/// A POST with a cookie.
pub async fn post_with_cookie(actor: &Actor, path: &str, cookie: &str, body: &serde_json::Value) -> Reply {
    actor.send(actor.request(Method::POST, path).header("cookie", cookie).json(body)).await
}

/// Sets a column of the rows of one account (or session) directly, for what only time brings about.
pub async fn set(
    app: &TestApp,
    table: &'static str,
    column: &'static str,
    value: impl Into<Value>,
    key: (&'static str, uuid::Uuid),
) {
    let mut query = Query::update();
    query.table(table).value(column, value.into()).and_where(Expr::col(key.0).eq(key.1));
    app.db.migrator().execute(&query).await.expect("an update");
}
