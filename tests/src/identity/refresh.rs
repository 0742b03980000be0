//! Rotation of refresh tokens.

use super::{PASSWORD, cookie, post_with_cookie, refresh, refresh_token, set, signed_in, teacher, writes};
use crate::harness::TestApp;
use chrono::Duration;
use dto::Code;
use dto::identity::Tokens;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait, ExprTrait};
use serde_json::json;

/// Lets this much time pass for every token that was exchanged.
async fn later(app: &TestApp, by: Duration) {
    let mut query = Query::update();
    query.table("refresh_token").value("used_at", kernel::clock::now() - by).and_where(Expr::col("used_at").is_not_null());
    app.db.migrator().execute(&query).await.unwrap();
}

both_engines! {
    async fn a_token_is_good_once_and_its_second_use_ends_the_session(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let (_, first) = signed_in(&app, "hoa").await;
        let second: Tokens = refresh(&app, refresh_token(&first)).await.status(200).ok();
        assert_ne!(first.refresh_token, second.refresh_token);
        let actor = app.anonymous().with_token(&second.access_token);
        writes(&actor).await.status(200);

        later(&app, Duration::seconds(31)).await;
        refresh(&app, refresh_token(&first)).await.problem(Code::SessionReused);
        // Neither the thief nor the owner goes on.
        refresh(&app, refresh_token(&second)).await.problem(Code::SessionReused);
        writes(&actor).await.problem(Code::TokenExpired);
        assert!(app.audit(None).await.iter().any(|e| e.verb == "session.reused"));
        // Another session of the same person does.
        signed_in(&app, "hoa").await;
    }

    async fn a_phone_that_lost_the_answer_asks_again(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let (_, first) = signed_in(&app, "hoa").await;
        let lost: Tokens = refresh(&app, refresh_token(&first)).await.ok();
        later(&app, Duration::seconds(20)).await;
        let again: Tokens = refresh(&app, refresh_token(&first)).await.status(200).ok();
        assert_ne!(lost.refresh_token, again.refresh_token);
        // It goes on with the pair that arrived; the lost one is void by that.
        let next: Tokens = refresh(&app, refresh_token(&again)).await.ok();
        later(&app, Duration::seconds(31)).await;
        refresh(&app, refresh_token(&next)).await.status(200);
        refresh(&app, refresh_token(&lost)).await.problem(Code::SessionReused);
    }

    async fn exchanges_at_once_all_get_a_pair(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let (_, first) = signed_in(&app, "hoa").await;
        let all = futures::future::join_all((0..8).map(|_| refresh(&app, refresh_token(&first)))).await;
        for reply in all {
            let pair: Tokens = reply.status(200).ok();
            refresh(&app, refresh_token(&pair)).await.status(200);
        }
    }

    async fn a_browser_rotates_its_cookie(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let body = json!({"username": "hoa", "password": PASSWORD, "cookie": true});
        let (first, _) = cookie(&app.anonymous().post("/sessions", &body).await, "khue_refresh").unwrap();
        let request = app.anonymous().request(reqwest::Method::POST, "/sessions/refresh").header("cookie", format!("khue_refresh={first}"));
        let reply = app.anonymous().send(request).await.status(200);
        let (second, attributes) = cookie(&reply, "khue_refresh").unwrap();
        assert!(second != first && attributes.contains("HttpOnly"));
        assert!(reply.ok::<Tokens>().refresh_token.is_none());
        // An empty object does as well as no body.
        let reply = post_with_cookie(&app.anonymous(), "/sessions/refresh", &format!("khue_refresh={second}"), &json!({})).await.status(200);
        assert!(cookie(&reply, "khue_refresh").is_some());
    }

    async fn what_is_no_token_of_a_live_session_is_refused(app: TestApp) {
        let account = teacher(&app, "hoa", &app.world.school_a).await;
        app.anonymous().post_empty("/sessions/refresh").await.problem(Code::Unauthenticated);
        refresh(&app, "").await.problem(Code::TokenExpired);
        refresh(&app, "nobody's").await.problem(Code::TokenExpired);
        app.anonymous().post("/sessions/refresh", &json!({"refresh_token": "x".repeat(201)})).await.field("/refresh_token", Code::FieldLength);
        let (_, tokens) = signed_in(&app, "hoa").await;
        // The access token is no refresh token.
        app.anonymous().post("/sessions/refresh", &json!({"refresh_token": tokens.access_token[..200]})).await.problem(Code::TokenExpired);

        set(&app, "account", "disabled", true, ("id", account.0)).await;
        refresh(&app, refresh_token(&tokens)).await.problem(Code::AccountDisabled);
        set(&app, "account", "disabled", false, ("id", account.0)).await;
        set(&app, "session", "expires_at", kernel::clock::now() - Duration::seconds(1), ("account_id", account.0)).await;
        refresh(&app, refresh_token(&tokens)).await.problem(Code::TokenExpired);
        let list: dto::Page<dto::identity::Session> = app.anonymous().with_token(&tokens.access_token).get("/sessions").await.ok();
        assert!(list.items.is_empty());
    }

    async fn the_new_pair_has_the_roles_of_now(app: TestApp) {
        let account = teacher(&app, "hoa", &app.world.school_a).await;
        let (actor, tokens) = signed_in(&app, "hoa").await;
        actor.get("/accounts").await.problem(Code::Forbidden);
        let principal = app.principal(&app.world.school_a).await;
        principal.post(&format!("/accounts/{account}/roles"), &json!({"role": "clerk", "unit_id": app.world.school_a.id})).await.status(201);
        actor.get("/accounts").await.problem(Code::Forbidden);
        let tokens: Tokens = refresh(&app, refresh_token(&tokens)).await.ok();
        app.anonymous().with_token(&tokens.access_token).get("/accounts").await.status(200);
    }
}
