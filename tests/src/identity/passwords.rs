//! Changing the own password.

use super::{PASSWORD, refresh, refresh_token, sign_in, signed_in, teacher, writes};
use dto::Code;
use serde_json::json;

const NEW: &str = "trời mưa to quá";

both_engines! {
    async fn the_new_password_is_good_and_other_devices_are_out(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let (other, other_tokens) = signed_in(&app, "hoa").await;
        let (actor, tokens) = signed_in(&app, "hoa").await;
        actor.put_bare("/me/password", &json!({"current_password": PASSWORD, "new_password": NEW})).await.done();
        writes(&actor).await.status(200);
        refresh(&app, refresh_token(&tokens)).await.status(200);
        writes(&other).await.problem(Code::TokenExpired);
        refresh(&app, refresh_token(&other_tokens)).await.problem(Code::TokenExpired);
        sign_in(&app.anonymous(), "hoa", PASSWORD).await.problem(Code::BadCredentials);
        sign_in(&app.anonymous(), "hoa", NEW).await.status(201);
    }

    async fn a_bad_change_changes_nothing(app: TestApp) {
        teacher(&app, "hoa.nguyen", &app.world.school_a).await;
        let (actor, _) = signed_in(&app, "hoa.nguyen").await;
        let problem = actor.put_bare("/me/password", &json!({"current_password": "not this", "new_password": NEW})).await.problem(Code::PasswordWrong);
        assert_eq!(problem.errors[0].pointer, "/current_password");
        for weak in ["matkhau123", "12345678", "hoa.nguyen", "Hoa.Nguyen1", "aaaaaaaaaa", PASSWORD] {
            let problem = actor.put_bare("/me/password", &json!({"current_password": PASSWORD, "new_password": weak})).await.problem(Code::PasswordWeak);
            assert_eq!(problem.errors[0].pointer, "/new_password");
        }
        actor.put_bare("/me/password", &json!({"current_password": PASSWORD, "new_password": "7chars!"})).await.field("/new_password", Code::FieldLength);
        sign_in(&app.anonymous(), "hoa.nguyen", PASSWORD).await.status(201);
    }

    async fn keyboards_spell_one_password_in_two_ways(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let (actor, _) = signed_in(&app, "hoa").await;
        actor.put_bare("/me/password", &json!({"current_password": PASSWORD, "new_password": "Tr\u{1edd}i m\u{1b0}a to"})).await.done();
        sign_in(&app.anonymous(), "hoa", "Tro\u{31b}\u{300}i mu\u{31b}a to").await.status(201);
    }
}
