//! One's devices.

use super::{PASSWORD, cookie, refresh, refresh_token, sign_in, signed_in, teacher, writes};
use dto::identity::{Account, Session, Tokens};
use dto::{Code, Page};
use serde_json::json;

async fn list(actor: &crate::harness::Actor) -> Vec<Session> {
    actor.get("/sessions").await.ok::<Page<Session>>().items
}

both_engines! {
    async fn a_person_sees_their_devices_and_ends_one(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let body = json!({"username": "hoa", "password": PASSWORD, "device": "Điện thoại của Hoa"});
        let phone: Tokens = app.anonymous().post("/sessions", &body).await.ok();
        let request = app.anonymous().request(reqwest::Method::POST, "/sessions").header("user-agent", "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36");
        let desk: Tokens = app.anonymous().send(request.json(&json!({"username": "hoa", "password": PASSWORD}))).await.ok();
        let desk = app.anonymous().with_token(&desk.access_token);

        let devices = list(&desk).await;
        assert_eq!(devices.iter().map(|d| (d.device.as_str(), d.current)).collect::<Vec<_>>(), [("Chrome, Windows", true), ("Điện thoại của Hoa", false)]);
        desk.delete(&format!("/sessions/{}", devices[1].id)).await.done();
        assert_eq!(list(&desk).await.len(), 1);
        refresh(&app, refresh_token(&phone)).await.problem(Code::TokenExpired);
        writes(&app.anonymous().with_token(&phone.access_token)).await.problem(Code::TokenExpired);
        desk.delete(&format!("/sessions/{}", devices[1].id)).await.problem(Code::NotFound);
        writes(&desk).await.status(200);
    }

    async fn devices_sign_in_at_once(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let anyone = app.anonymous();
        for reply in futures::future::join_all((0..8).map(|_| sign_in(&anyone, "hoa", PASSWORD))).await {
            reply.status(201);
        }
        assert_eq!(app.audit(None).await.iter().filter(|e| e.verb == "session.created").count(), 8);
        let (actor, _) = signed_in(&app, "hoa").await;
        assert_eq!(list(&actor).await.len(), 9);
    }

    async fn an_account_has_fifty_devices_at_most(app: TestApp) {
        let account = teacher(&app, "hoa", &app.world.school_a).await;
        let (first, _) = signed_in(&app, "hoa").await;
        let now = kernel::clock::now();
        for n in 0..60i64 {
            crate::harness::insert(app.db.migrator(), "session", vec![
                ("id", kernel::id::new::<uuid::Uuid>().into()),
                ("account_id", account.0.into()),
                ("device", "máy cũ".into()),
                ("created_at", now.into()),
                ("last_used_at", (now + chrono::Duration::seconds(n + 1)).into()),
                ("expires_at", (now + chrono::Duration::days(if n < 30 { 1 } else { -91 })).into()),
                ("ended_at", None::<chrono::DateTime<chrono::Utc>>.into()),
                ("ended_why", None::<String>.into()),
            ])
            .await;
        }
        // Twenty more that live: fifty-one with the first, which was used longest ago.
        for n in 0..20i64 {
            crate::harness::insert(app.db.migrator(), "session", vec![
                ("id", kernel::id::new::<uuid::Uuid>().into()),
                ("account_id", account.0.into()),
                ("device", "máy mới".into()),
                ("created_at", now.into()),
                ("last_used_at", (now + chrono::Duration::seconds(n + 100)).into()),
                ("expires_at", (now + chrono::Duration::days(1)).into()),
                ("ended_at", None::<chrono::DateTime<chrono::Utc>>.into()),
                ("ended_why", None::<String>.into()),
            ])
            .await;
        }
        let (actor, _) = signed_in(&app, "hoa").await;
        assert_eq!(list(&actor).await.len(), 50);
        writes(&first).await.problem(Code::TokenExpired);
        // Those long past are gone.
        let mut query = sea_orm::sea_query::Query::select();
        query.column("id").from("session");
        let left = sea_orm::ConnectionTrait::query_all(app.db.read(), &query).await.unwrap().len();
        assert_eq!(left, 52);
    }

    async fn nobody_ends_a_session_of_another(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        teacher(&app, "minh", &app.world.school_a).await;
        let (hoa, _) = signed_in(&app, "hoa").await;
        let (minh, _) = signed_in(&app, "minh").await;
        let mine = list(&hoa).await[0].id;
        minh.delete(&format!("/sessions/{mine}")).await.problem(Code::NotFound);
        minh.delete("/sessions/not-an-id").await.problem(Code::BadPath);
        assert_eq!(list(&hoa).await.len(), 1);
    }

    async fn who_signs_out_is_out(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let (actor, tokens) = signed_in(&app, "hoa").await;
        let reply = actor.delete("/sessions/current").await;
        let (value, attributes) = cookie(&reply, "khue_refresh").unwrap();
        assert!(value.is_empty() && attributes.contains("Max-Age=0"), "{attributes}");
        reply.done();
        writes(&actor).await.problem(Code::TokenExpired);
        refresh(&app, refresh_token(&tokens)).await.problem(Code::TokenExpired);
    }

    async fn a_disabled_account_cannot_write_though_its_token_lives(app: TestApp) {
        let account = teacher(&app, "hoa", &app.world.school_a).await;
        let (actor, tokens) = signed_in(&app, "hoa").await;
        let principal = app.principal(&app.world.school_a).await;
        let path = format!("/accounts/{account}");
        principal.put(&path, 1, &json!({"full_name": "Nguyễn Thị Hoa", "disabled": true})).await.ok::<Account>();
        writes(&actor).await.problem(Code::AccountDisabled);
        refresh(&app, refresh_token(&tokens)).await.status(401);
        sign_in(&app.anonymous(), "hoa", PASSWORD).await.problem(Code::AccountDisabled);
        // Opened again, it signs in anew; the old sessions stay ended.
        principal.put(&path, 2, &json!({"full_name": "Nguyễn Thị Hoa", "disabled": false})).await.ok::<Account>();
        writes(&actor).await.problem(Code::TokenExpired);
        signed_in(&app, "hoa").await;
    }

    async fn preferences_are_ones_own(app: TestApp) {
        teacher(&app, "hoa", &app.world.school_a).await;
        let (actor, _) = signed_in(&app, "hoa").await;
        let me: dto::identity::Me = writes(&actor).await.ok();
        assert_eq!(me.lang, dto::Lang::En);
        actor.put_bare("/me/preferences", &json!({"lang": "fr"})).await.field("/lang", Code::FieldChoice);
    }
}
