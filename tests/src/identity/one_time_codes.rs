//! One-time codes: the first password of an account, and the way back in.

use super::{PASSWORD, refresh, refresh_token, set, sign_in, signed_in, teacher, writes};
use crate::harness::{Actor, Reply, TestApp};
use chrono::Duration;
use dto::identity::{AccountCreated, Me, OneTimeCode, Tokens};
use dto::{AccountId, Code};
use serde_json::json;

const NEW: &str = "trời mưa to quá";

async fn make(actor: &Actor, account: AccountId) -> OneTimeCode {
    actor.post_empty(&format!("/accounts/{account}/one-time-codes")).await.status(201).ok()
}

async fn reset(app: &TestApp, code: &str) -> Reply {
    app.anonymous().post("/password-resets", &json!({"username": "hoa", "code": code, "new_password": NEW})).await
}

both_engines! {
    async fn a_new_account_begins_with_one(app: TestApp) {
        let clerk = app.at(dto::access::Role::Clerk, &app.world.school_a).await;
        let staff = app.staff(app.world.school_a.id, "Nguyễn Văn Mới").await;
        let body = json!({
            "username": "van.moi", "full_name": "Nguyễn  Văn Mới", "person": {"kind": "staff", "id": staff},
            "roles": [{"role": "subject_teacher", "unit_id": app.world.school_a.id}],
        });
        let created: AccountCreated = clerk.post("/accounts", &body).await.status(201).ok();
        assert_eq!(created.account.full_name, "Nguyễn Văn Mới");
        assert_eq!(created.one_time_code.code.len(), 8);
        sign_in(&app.anonymous(), "van.moi", "").await.field("/password", Code::FieldLength);

        let written = format!(" {}-{}", created.one_time_code.code[..4].to_lowercase(), &created.one_time_code.code[4..]);
        let tokens: Tokens = sign_in(&app.anonymous(), "van.moi", &written).await.status(201).ok();
        assert!(tokens.must_change_password);
        let actor = app.anonymous().with_token(&tokens.access_token);
        assert!(actor.get("/me").await.ok::<Me>().must_change_password);
        actor.get("/classes").await.problem(Code::PasswordChangeRequired);
        let change = json!({"current_password": created.one_time_code.code, "new_password": NEW});
        actor.put_bare("/me/password", &change).await.done();
        let tokens: Tokens = refresh(&app, refresh_token(&tokens)).await.ok();
        assert!(!tokens.must_change_password);
        app.anonymous().with_token(&tokens.access_token).get("/classes").await.status(200);
        // The code has done its work.
        sign_in(&app.anonymous(), "van.moi", &created.one_time_code.code).await.problem(Code::BadCredentials);
        sign_in(&app.anonymous(), "van.moi", NEW).await.status(201);
    }

    async fn it_sets_a_password_once_and_ends_every_session(app: TestApp) {
        let account = teacher(&app, "hoa", &app.world.school_a).await;
        let (actor, _) = signed_in(&app, "hoa").await;
        let principal = app.principal(&app.world.school_a).await;
        let code = make(&principal, account).await;
        // Until then the password is as it was: a code made by mistake locks nobody out.
        writes(&actor).await.status(200);
        signed_in(&app, "hoa").await;
        reset(&app, &code.code).await.done();
        writes(&actor).await.problem(Code::TokenExpired);
        sign_in(&app.anonymous(), "hoa", PASSWORD).await.problem(Code::BadCredentials);
        sign_in(&app.anonymous(), "hoa", NEW).await.status(201);
        reset(&app, &code.code).await.problem(Code::OneTimeCodeInvalid);
    }

    async fn it_is_dead_after_five_tries(app: TestApp) {
        let account = teacher(&app, "hoa", &app.world.school_a).await;
        let code = make(&app.principal(&app.world.school_a).await, account).await.code;
        for _ in 0..5 {
            reset(&app, "AAAAAAAA").await.problem(Code::OneTimeCodeInvalid);
        }
        // The place waits now; after that wait the code is dead all the same.
        reset(&app, &code).await.problem(Code::SignInDelayed);
        let mut query = sea_orm::sea_query::Query::delete();
        query.from_table("sign_in_failure");
        sea_orm::ConnectionTrait::execute(app.db.migrator(), &query).await.unwrap();
        reset(&app, &code).await.problem(Code::OneTimeCodeInvalid);
        sign_in(&app.anonymous(), "hoa", &code).await.problem(Code::BadCredentials);
    }

    async fn it_passes_with_its_time_and_with_the_next_one(app: TestApp) {
        let account = teacher(&app, "hoa", &app.world.school_a).await;
        let principal = app.principal(&app.world.school_a).await;
        let first = make(&principal, account).await;
        let left = first.expires_at - kernel::clock::now();
        assert!(left > Duration::hours(23) && left <= Duration::hours(24));
        let second = make(&principal, account).await;
        reset(&app, &first.code).await.problem(Code::OneTimeCodeInvalid);
        set(&app, "one_time_code", "expires_at", kernel::clock::now() - Duration::seconds(1), ("account_id", account.0)).await;
        reset(&app, &second.code).await.problem(Code::OneTimeCodeInvalid);
        sign_in(&app.anonymous(), "hoa", &second.code).await.problem(Code::BadCredentials);
    }

    async fn a_wrong_one_tells_nothing_and_a_weak_password_costs_nothing(app: TestApp) {
        let account = teacher(&app, "hoa", &app.world.school_a).await;
        let code = make(&app.principal(&app.world.school_a).await, account).await.code;
        let wrong = reset(&app, "AAAAAAAA").await.problem(Code::OneTimeCodeInvalid);
        let unknown = app.anonymous().post("/password-resets", &json!({"username": "nobody", "code": code, "new_password": NEW})).await.problem(Code::OneTimeCodeInvalid);
        assert_eq!((wrong.detail, wrong.errors), (unknown.detail, unknown.errors));
        let weak = json!({"username": "hoa", "code": code, "new_password": "matkhau123"});
        app.anonymous().post("/password-resets", &weak).await.problem(Code::PasswordWeak);
        reset(&app, &code).await.done();
    }

    async fn a_new_one_ends_the_waiting(app: TestApp) {
        let account = teacher(&app, "hoa", &app.world.school_a).await;
        for _ in 0..5 {
            sign_in(&app.anonymous(), "hoa", "con mèo trắng").await.problem(Code::BadCredentials);
        }
        sign_in(&app.anonymous(), "hoa", PASSWORD).await.problem(Code::SignInDelayed);
        let code = make(&app.principal(&app.world.school_a).await, account).await.code;
        sign_in(&app.anonymous(), "hoa", &code).await.status(201);
    }

    async fn the_log_holds_no_code(app: TestApp) {
        let account = teacher(&app, "hoa", &app.world.school_a).await;
        let code = make(&app.principal(&app.world.school_a).await, account).await.code;
        reset(&app, &code).await.done();
        let log = app.audit(None).await;
        assert!(log.iter().any(|e| e.verb == "one_time_code.created") && log.iter().any(|e| e.verb == "password.reset"));
        assert!(!format!("{log:?}").contains(&code));
    }
}
