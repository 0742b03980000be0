//! What leaves by each channel: push, mail, SMS, Zalo.

use super::fakes::{Http, Smtp};
use super::outbox::{Office, until};
use super::*;
use dto::contact::{Delivery, PushSubscription};

async fn prefer(app: &TestApp, guardian: &Actor, kinds: serde_json::Value, email: Option<&str>) {
    let body = json!({"kinds": kinds, "email": email});
    guardian.put("/me/contact-preferences", 0, &body).await.ok::<dto::contact::ContactPreferences>();
    if email.is_some() {
        super::email::confirmed(app, guardian).await;
    }
}

both_engines! {
    async fn a_notice_leaves_by_mail(app: TestApp) {
        let room = room(&app).await;
        let smtp = Smtp::start().await;
        let mother = app.guardian(&room.learners[..2]).await;
        prefer(&app, &mother, json!([{"kind": "general", "channels": ["email"]}]), Some("hoa@example.vn")).await;
        let silent = app.guardian(&room.learners[..1]).await;
        prefer(&app, &silent, json!([{"kind": "general", "channels": []}]), Some("im@example.vn")).await;
        // A server that asks to come again is asked again.
        smtp.then(&["451 greylisted"]);
        let office = Office::open(&app, |c| {
            c.email.url = smtp.url.clone();
            c.email.from = "Trường <no-reply@example.vn>".into();
            c.public_url = "https://khue.example.vn/".into();
        });
        send(&room.homeroom, &room, to_class(&room), "Họp phụ huynh").await;
        until(async || office.settled().await).await;
        let mails = smtp.mails();
        // Two children in the class, one mail.
        assert_eq!(mails.len(), 1);
        assert!(mails[0].contains("To: hoa@example.vn") && mails[0].contains("Message-ID: <"), "{}", mails[0]);
        assert!(mails[0].contains("https://khue.example.vn/feed") || mails[0].contains("=") , "{}", mails[0]);
        office.stop().await;
    }

    async fn an_address_that_is_refused_is_given_up_and_shown(app: TestApp) {
        let room = room(&app).await;
        let smtp = Smtp::start().await;
        let mother = app.guardian(&room.learners[..1]).await;
        prefer(&app, &mother, json!([{"kind": "general", "channels": ["email"]}]), Some("hoa@example.vn")).await;
        smtp.then(&["550 no such user hoa@example.vn"]);
        let office = Office::open(&app, |c| {
            c.email.url = smtp.url.clone();
            c.email.from = "no-reply@example.vn".into();
        });
        send(&room.homeroom, &room, to_class(&room), "Họp phụ huynh").await;
        until(async || office.settled().await).await;
        let dead = room.principal.get("/deliveries").await.ok::<Page<Delivery>>().items;
        assert_eq!((dead.len(), dead[0].channel.as_str(), dead[0].last_error.as_deref()), (1, "email", Some("SMTP 550")));
        let metrics = app.anonymous().get("/metrics").await.text();
        assert!(metrics.lines().any(|l| l.starts_with("khue_outbox_dead 1")), "{metrics}");
        // Another school's principal does not see it; tried again by hand, it leaves.
        let other = app.principal(&app.world.school_b).await;
        assert!(other.get("/deliveries").await.ok::<Page<Delivery>>().items.is_empty());
        let retry = format!("/deliveries/{}/retry", dead[0].id);
        other.post_empty(&retry).await.problem(dto::Code::NotFound);
        room.principal.post_empty(&retry).await.done();
        until(async || office.settled().await).await;
        assert_eq!(smtp.mails().len(), 1);
        room.principal.post_empty(&retry).await.problem(dto::Code::DeliveryNotDead);
        let done = room.principal.get("/deliveries?state=done").await.ok::<Page<Delivery>>().items;
        assert_eq!(done.iter().filter(|d| d.channel == "email").count(), 1);
        office.stop().await;
    }

    async fn a_message_is_pushed_to_the_devices_of_the_other_side(app: TestApp) {
        let room = room(&app).await;
        let service = Http::start().await;
        let (mother, father) = (app.guardian(&room.learners[..1]).await, app.guardian(&room.learners[..1]).await);
        for (actor, device) in [(&mother, "mother"), (&father, "father"), (&room.homeroom, "teacher")] {
            let body = super::preferences::subscription(&format!("{}/{device}", service.base));
            actor.post("/me/push-subscriptions", &body).await.ok::<PushSubscription>();
        }
        let office = Office::open(&app, |c| {
            c.push.subject = "mailto:test@example.vn".into();
            c.push.hosts = vec!["127.0.0.1".into()];
        });
        let with = thread(&mother, &room, room.learners[0], None).await;
        // The father does not want to be told of this thread.
        father.put_bare(&format!("/threads/{}/state", with.id), &json!({"seen_seq": 0, "muted": true})).await.ok::<Thread>();
        // The service is busy once: a second try with the same topic.
        service.then(&[503]);
        write(&room.homeroom, &with, "Mời chị đến trường").await;
        until(async || office.settled().await).await;
        let taken = service.taken();
        assert_eq!(taken.iter().map(|t| t.path.as_str()).collect::<Vec<_>>(), ["/mother", "/mother"]);
        assert_eq!(taken[0].header("topic"), taken[1].header("topic"));
        assert_eq!((taken[0].header("content-encoding"), taken[0].header("ttl")), ("aes128gcm", "86400"));
        assert!(taken[0].header("authorization").starts_with("vapid t="));
        assert!(!String::from_utf8_lossy(&taken[0].body).contains("trường"));
        write(&mother, &with, "Vâng ạ").await;
        until(async || office.settled().await).await;
        assert_eq!(service.taken()[2..].iter().map(|t| t.path.as_str()).collect::<Vec<_>>(), ["/teacher"]);
        // Who signed out there is told nothing there any more.
        room.homeroom.delete("/sessions/current").await.done();
        write(&mother, &with, "Còn một việc nữa ạ").await;
        until(async || office.settled().await).await;
        assert_eq!(service.taken().len(), 3);
        // A device that is gone is forgotten.
        service.then(&[410]);
        write(&app.homeroom(&room.class).await, &with, "Cảm ơn chị").await;
        until(async || office.settled().await).await;
        assert!(mother.get("/me/push-subscriptions").await.ok::<Page<PushSubscription>>().items.is_empty());
        office.stop().await;
    }

    async fn gateways_of_sms_and_zalo_get_the_key(app: TestApp) {
        let room = room(&app).await;
        let (sms, zalo) = (Http::start().await, Http::start().await);
        let mother = app.guardian(&room.learners[..1]).await;
        prefer(&app, &mother, json!([{"kind": "general", "channels": ["sms", "zalo"]}]), None).await;
        let office = Office::open(&app, |c| {
            for (channel, fake) in [(&mut c.sms, &sms), (&mut c.zalo, &zalo)] {
                channel.url = format!("{}/send", fake.base);
                channel.token = "secret".into();
                channel.sender = "KHUE".into();
            }
        });
        send(&room.homeroom, &room, to_class(&room), "Nghỉ bão ngày mai").await;
        until(async || office.settled().await).await;
        let (one, two) = (sms.taken(), zalo.taken());
        assert_eq!((one.len(), two.len()), (1, 1));
        let body = one[0].json();
        assert_eq!((body["to"].as_str(), body["text"].as_str()), (Some("0912345678"), Some("Nghỉ bão ngày mai")));
        assert_eq!(one[0].header("authorization"), "Bearer secret");
        assert_eq!(body["idempotency_key"].as_str(), Some(one[0].header("idempotency-key")));
        let body = two[0].json();
        assert_eq!((body["phone"].as_str(), body["template_id"].as_str()), (Some("84912345678"), Some("KHUE")));
        assert_eq!((two[0].header("access_token"), body["tracking_id"].is_string()), ("secret", true));
        office.stop().await;
    }
}
