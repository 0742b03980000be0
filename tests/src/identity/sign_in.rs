//! Signing in.

use super::{PASSWORD, cookie, set, sign_in, signed_in, teacher};
use dto::Code;
use dto::identity::{Me, Tokens};
use serde_json::json;

both_engines! {
    async fn with_the_password_a_person_is_who_they_are(app: TestApp) {
        let account = teacher(&app, "hoa.nguyen", &app.world.school_a).await;
        let reply = sign_in(&app.anonymous(), " Hoa.Nguyen ", PASSWORD).await.status(201);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let tokens: Tokens = reply.ok();
        assert!(!tokens.must_change_password && tokens.refresh_token.is_some());
        let me: Me = app.anonymous().with_token(&tokens.access_token).get("/me").await.ok();
        assert_eq!((me.account_id, me.username.as_str(), me.full_name.as_str()), (account, "hoa.nguyen", "Nguyễn Thị Hoa"));
        assert_eq!(me.roles[0].unit_name.as_deref(), Some(app.world.school_a.name.as_str()));
        assert!(me.permissions.contains(&dto::access::Permission::MarkWrite));
    }

    async fn a_wrong_password_and_an_unknown_name_look_alike(app: TestApp) {
        teacher(&app, "hoa.nguyen", &app.world.school_a).await;
        let wrong = sign_in(&app.anonymous(), "hoa.nguyen", "con mèo trắng").await.problem(Code::BadCredentials);
        for name in ["nobody", "x", "Nguyễn Thị Hoa", "%", "' OR 1=1 --"] {
            let unknown = sign_in(&app.anonymous(), name, PASSWORD).await.problem(Code::BadCredentials);
            assert_eq!((unknown.detail, unknown.params, unknown.errors), (wrong.detail.clone(), wrong.params.clone(), wrong.errors.clone()));
        }
    }

    async fn a_disabled_account_is_named_only_to_its_owner(app: TestApp) {
        let account = teacher(&app, "hoa.nguyen", &app.world.school_a).await;
        set(&app, "account", "disabled", true, ("id", account.0)).await;
        sign_in(&app.anonymous(), "hoa.nguyen", PASSWORD).await.problem(Code::AccountDisabled);
        sign_in(&app.anonymous(), "hoa.nguyen", "con mèo trắng").await.problem(Code::BadCredentials);
    }

    async fn a_browser_gets_cookies_that_no_script_reads(app: TestApp) {
        teacher(&app, "hoa.nguyen", &app.world.school_a).await;
        let body = json!({"username": "hoa.nguyen", "password": PASSWORD, "cookie": true});
        let reply = app.anonymous().post("/sessions", &body).await.status(201);
        for name in ["khue_refresh", "khue_device"] {
            let (value, attributes) = cookie(&reply, name).unwrap();
            assert!(value.len() >= 43, "{name}");
            for attribute in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/sessions"] {
                assert!(attributes.contains(attribute), "{name}: {attributes}");
            }
            assert!(!attributes.contains("Secure"), "the settings of the test have no HTTPS");
        }
        assert!(reply.ok::<Tokens>().refresh_token.is_none());
        // Who does not ask for cookies gets none.
        assert!(sign_in(&app.anonymous(), "hoa.nguyen", PASSWORD).await.header("set-cookie").is_none());
    }

    async fn what_cannot_be_a_sign_in_is_refused_by_field(app: TestApp) {
        let anyone = app.anonymous();
        anyone.post("/sessions", &json!({"username": "hoa"})).await.field("/password", Code::FieldRequired);
        anyone.post("/sessions", &json!({"username": "", "password": "x"})).await.field("/username", Code::FieldLength);
        anyone.post("/sessions", &json!({"username": "hoa", "password": "x".repeat(201)})).await.field("/password", Code::FieldLength);
        for field in ["username", "password", "device"] {
            let mut body = json!({"username": "hoa", "password": "x", "device": "d"});
            body[field] = "a\u{0}b".into();
            anyone.post("/sessions", &body).await.field(&format!("/{field}"), Code::FieldFormat);
        }
        anyone.post("/sessions", &json!({"username": "hoa", "password": "x", "role": "principal"})).await.field("/role", Code::FieldUnknown);
        anyone.post("/sessions", &json!({"username": "hoa", "password": "x", "device": "d".repeat(101)})).await.field("/device", Code::FieldLength);
    }

    async fn the_log_knows_of_it_without_secrets(app: TestApp) {
        let account = teacher(&app, "hoa.nguyen", &app.world.school_a).await;
        let (actor, tokens) = signed_in(&app, "hoa.nguyen").await;
        sign_in(&app.anonymous(), "typed-my-password-here", "another").await.problem(Code::BadCredentials);
        actor.put_bare("/me/password", &json!({"current_password": PASSWORD, "new_password": "trời mưa to quá"})).await.done();
        let all = app.audit(None).await;
        let log: Vec<_> = all.iter().skip_while(|e| e.verb != "test.made").collect();
        let verbs: Vec<&str> = log.iter().map(|e| e.verb.as_str()).collect();
        assert_eq!(verbs, ["test.made", "session.created", "sign_in.failed", "password.changed"]);
        assert!(log[1].after.as_deref().unwrap().contains(&account.to_string()));
        let text = format!("{log:?}");
        for secret in [PASSWORD, "trời mưa", "typed-my", "another", "argon2", tokens.refresh_token.as_deref().unwrap(), &tokens.access_token] {
            assert!(!text.contains(secret), "{secret} is in the log");
        }
        assert_eq!(kernel::db::verify_chain(&all), None);
    }
}
