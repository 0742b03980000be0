use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dto::Code;
use dto::contact::{Channel, ContactPreferences, PushKey, PushSubscription};

pub fn subscription(endpoint: &str) -> serde_json::Value {
    // The public key of RFC 8291's example.
    json!({
        "endpoint": endpoint,
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
        "device": "Điện thoại",
    })
}

both_engines! {
    async fn a_guardian_chooses(app: TestApp) {
        let room = room(&app).await;
        let mother = app.guardian(&room.learners[..1]).await;
        let path = "/me/contact-preferences";
        let now: ContactPreferences = mother.get(path).await.ok();
        assert_eq!((now.version, now.quiet_from, now.phone.as_deref()), (0, None, Some("0912345678")));
        assert_eq!(now.kinds.len(), EventKind::ALL.len());
        assert!(now.kinds.iter().all(|k| k.channels == [Channel::Push]));
        assert_eq!(now.available, [Channel::Push, Channel::Email]);
        let body = json!({
            "kinds": [{"kind": "absence", "channels": ["email", "push"]}, {"kind": "fee", "channels": []}],
            "email": "hoa@example.vn", "quiet_from": 1260, "quiet_to": 360,
        });
        let saved: ContactPreferences = mother.put(path, 0, &body).await.ok();
        assert_eq!((saved.version, saved.quiet_from, saved.quiet_to), (1, Some(1260), Some(360)));
        let of = |kind| saved.kinds.iter().find(|k| k.kind == kind).unwrap().channels.clone();
        assert_eq!((of(EventKind::Absence), of(EventKind::Fee)), (vec![Channel::Push, Channel::Email], vec![]));
        assert_eq!(of(EventKind::Result), [Channel::Push]);
        mother.put(path, 0, &body).await.problem(Code::VersionConflict);
        mother.put_bare(path, &body).await.problem(Code::PreconditionRequired);
        mother.put(path, 1, &json!({"kinds": [{"kind": "fee", "channels": ["email"]}]})).await.field("/email", Code::FieldRequired);
        mother.put(path, 1, &json!({"kinds": [], "quiet_from": 60})).await.field("/quiet_to", Code::FieldRequired);
        mother.put(path, 1, &json!({"kinds": [], "quiet_from": 1440, "quiet_to": 1})).await.field("/quiet_from", Code::FieldRange);
        mother.put(path, 1, &json!({"kinds": [{"kind": "fee", "channels": []}, {"kind": "fee", "channels": []}]})).await.field("/kinds/1/kind", Code::FieldChoice);
        // Another's are another's.
        let other: ContactPreferences = app.guardian(&room.learners[..1]).await.get(path).await.ok();
        assert_eq!((other.version, other.email), (0, None));
        assert!(app.audit(None).await.iter().all(|e| !format!("{e:?}").contains("hoa@example.vn")));
    }

    async fn devices_belong_to_who_signed_in_there(app: TestApp) {
        let room = room(&app).await;
        let (mother, father) = (app.guardian(&room.learners[..1]).await, app.guardian(&room.learners[..1]).await);
        let key = mother.get("/push-key").await.ok::<PushKey>().key.unwrap();
        assert_eq!(URL_SAFE_NO_PAD.decode(key).unwrap().len(), 65);
        let path = "/me/push-subscriptions";
        let body = subscription("http://127.0.0.1:9/push/one");
        let one: PushSubscription = mother.post(path, &body).await.ok();
        // The same phone, another person: it is theirs now.
        let two: PushSubscription = father.post(path, &body).await.ok();
        assert!(mother.get(path).await.ok::<Page<PushSubscription>>().items.is_empty());
        mother.delete(&format!("{path}/{}", two.id)).await.problem(Code::NotFound);
        mother.delete(&format!("{path}/{}", one.id)).await.problem(Code::NotFound);
        assert_eq!(father.get(path).await.ok::<Page<PushSubscription>>().items.len(), 1);
        father.delete(&format!("{path}/{}", two.id)).await.done();
        // No more than ten, and none at a host that the settings do not name.
        for n in 0..12 {
            mother.post(path, &subscription(&format!("http://127.0.0.1:9/push/{n}"))).await.ok::<PushSubscription>();
        }
        assert_eq!(mother.get(path).await.ok::<Page<PushSubscription>>().items.len(), 10);
        for endpoint in ["https://internal.example/x", "http://localhost:8080/x", "file:///etc/passwd", "http://127.0.0.1.example/x", "https://a@127.0.0.1/"] {
            mother.post(path, &subscription(endpoint)).await.field("/endpoint", Code::FieldChoice);
        }
        let mut body = subscription("http://127.0.0.1:9/push/one");
        body["p256dh"] = format!("{}A", "B".repeat(86)).into();
        mother.post(path, &body).await.field("/p256dh", Code::FieldFormat);
    }
}
