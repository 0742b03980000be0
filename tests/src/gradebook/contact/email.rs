//! An address gets no mail before its owner has confirmed it.

use super::fakes::Smtp;
use super::outbox::{Office, until};
use super::*;
use dto::Code;
use dto::contact::ContactPreferences;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

const PATH: &str = "/me/contact-preferences";
const CODES: &str = "/me/contact-preferences/email-codes";
const CONFIRM: &str = "/me/contact-preferences/email-confirmation";

/// As if the code had come and been typed, for tests of what follows.
pub async fn confirmed(app: &TestApp, guardian: &Actor) {
    guardian.post_empty(CODES).await.done();
    confirm(guardian, &code(app, guardian).await).await.ok::<ContactPreferences>();
    let mut sent = Query::delete();
    sent.from_table("outbox").and_where(Expr::col("event_key").like("email:%"));
    app.db.migrator().execute(&sent).await.unwrap();
}

async fn confirm(guardian: &Actor, code: &str) -> crate::harness::Reply {
    guardian.post(CONFIRM, &json!({ "code": code })).await
}

fn id(guardian: &Actor) -> uuid::Uuid {
    match guardian.person {
        Some(dto::identity::Person::Guardian(id)) => id.0,
        other => panic!("not a guardian: {other:?}"),
    }
}

async fn code(app: &TestApp, guardian: &Actor) -> String {
    let mut query = Query::select();
    query.column("code").from("email_code").and_where(Expr::col("guardian_id").eq(id(guardian)));
    app.db.read().query_one(&query).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// Lets time pass: what was sent was sent so much earlier.
async fn earlier(app: &TestApp, guardian: &Actor, columns: &[&'static str], by: chrono::TimeDelta) {
    for column in columns {
        let mut query = Query::select();
        query.column(*column).from("email_code").and_where(Expr::col("guardian_id").eq(id(guardian)));
        let at: chrono::DateTime<chrono::Utc> =
            app.db.read().query_one(&query).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        let mut update = Query::update();
        update.table("email_code").value(*column, at - by).and_where(Expr::col("guardian_id").eq(id(guardian)));
        app.db.migrator().execute(&update).await.unwrap();
    }
}

async fn choose(guardian: &Actor, version: i64, email: &str) -> ContactPreferences {
    let body = json!({"kinds": [{"kind": "general", "channels": ["email"]}], "email": email});
    guardian.put(PATH, version, &body).await.ok()
}

/// A code that is not this one.
fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

fn office(app: &TestApp, smtp: &Smtp) -> Office {
    Office::open(app, |c| {
        c.email.url = smtp.url.clone();
        c.email.from = "no-reply@example.vn".into();
    })
}

both_engines! {
    async fn mail_goes_to_an_address_that_was_confirmed(app: TestApp) {
        let room = room(&app).await;
        let smtp = Smtp::start().await;
        let office = office(&app, &smtp);
        let mother = app.guardian(&room.learners[..1]).await;
        assert!(!choose(&mother, 0, "hoa@example.vn").await.email_confirmed);
        send(&room.homeroom, &room, to_class(&room), "Họp phụ huynh").await;
        until(async || office.settled().await).await;
        assert_eq!(smtp.mails().len(), 0, "nobody has said yet that this is their mailbox");

        mother.post_empty(CODES).await.done();
        until(async || office.settled().await).await;
        let code = code(&app, &mother).await;
        let mails = smtp.mails();
        assert_eq!(mails.len(), 1);
        assert!(mails[0].contains("To: hoa@example.vn") && mails[0].contains(&code), "{}", mails[0]);
        confirm(&mother, &other(&code)).await.field("/code", Code::EmailCodeInvalid);
        let now: ContactPreferences = confirm(&mother, &format!(" {} {} ", &code[..3], &code[3..])).await.ok();
        assert_eq!((now.email_confirmed, now.version), (true, 2));
        // Used once.
        confirm(&mother, &code).await.field("/code", Code::EmailCodeInvalid);
        send(&room.homeroom, &room, to_class(&room), "Nghỉ bão").await;
        until(async || office.settled().await).await;
        assert_eq!(smtp.mails().len(), 2);
        // Nothing is mailed where nothing is to be confirmed.
        mother.post_empty(CODES).await.done();
        until(async || office.settled().await).await;
        assert_eq!(smtp.mails().len(), 2);
        // The same address stays confirmed, another is not, and the first comes back unconfirmed.
        assert!(choose(&mother, 2, "hoa@example.vn").await.email_confirmed);
        assert!(!choose(&mother, 3, "khac@example.vn").await.email_confirmed);
        assert!(!choose(&mother, 4, "hoa@example.vn").await.email_confirmed);
        send(&room.homeroom, &room, to_class(&room), "Đi học lại").await;
        until(async || office.settled().await).await;
        assert_eq!(smtp.mails().len(), 2);
        assert!(app.audit(None).await.iter().all(|e| !format!("{e:?}").contains("@example.vn") && !format!("{e:?}").contains(&code)));
        office.stop().await;
    }

    async fn codes_are_few_and_end(app: TestApp) {
        use gradebook::contact_book::email::{LIFE, MOST, PAUSE, TRIES};
        let room = room(&app).await;
        let mother = app.guardian(&room.learners[..1]).await;
        mother.post_empty(CODES).await.field("/email", Code::FieldRequired);
        confirm(&mother, "123456").await.field("/code", Code::EmailCodeInvalid);
        confirm(&mother, "1").await.field("/code", Code::FieldLength);
        choose(&mother, 0, "hoa@example.vn").await;
        mother.post_empty(CODES).await.done();
        let problem = mother.post_empty(CODES).await.problem(Code::TooManyRequests);
        assert!(problem.params.contains_key("seconds"));
        // After so many tries the right one is too late.
        let right = code(&app, &mother).await;
        for _ in 0..TRIES {
            confirm(&mother, &other(&right)).await.field("/code", Code::EmailCodeInvalid);
        }
        confirm(&mother, &right).await.field("/code", Code::EmailCodeInvalid);
        // A new one, which is too old when it is typed.
        earlier(&app, &mother, &["sent_at"], PAUSE).await;
        mother.post_empty(CODES).await.done();
        earlier(&app, &mother, &["expires_at"], LIFE).await;
        confirm(&mother, &code(&app, &mother).await).await.field("/code", Code::EmailCodeInvalid);
        // A code is of the address that it was mailed to.
        earlier(&app, &mother, &["sent_at"], PAUSE).await;
        mother.post_empty(CODES).await.done();
        let first = code(&app, &mother).await;
        choose(&mother, 1, "khac@example.vn").await;
        confirm(&mother, &first).await.field("/code", Code::EmailCodeInvalid);
        // So many a day, and again the next day.
        for _ in 3..MOST {
            earlier(&app, &mother, &["sent_at"], PAUSE).await;
            mother.post_empty(CODES).await.done();
        }
        earlier(&app, &mother, &["sent_at"], PAUSE).await;
        mother.post_empty(CODES).await.problem(Code::TooManyRequests);
        earlier(&app, &mother, &["sent_at", "since"], chrono::TimeDelta::hours(24)).await;
        mother.post_empty(CODES).await.done();
        // Another guardian's code is another's.
        let father = app.guardian(&room.learners[..1]).await;
        confirm(&father, &code(&app, &mother).await).await.field("/code", Code::EmailCodeInvalid);
        let now: ContactPreferences = confirm(&mother, &code(&app, &mother).await).await.ok();
        assert!(now.email_confirmed);
        room.teacher.post_empty(CODES).await.problem(Code::Forbidden);
    }

    async fn where_mail_is_off_there_is_nothing_to_confirm(app: TestApp) {
        let room = room(&app).await;
        let off = crate::harness::TestApp::start_with(app.engine, |config| config.channels.email.url.clear()).await;
        let other = super::super::room(&off).await;
        let mother = off.guardian(&other.learners[..1]).await;
        mother.post_empty(CODES).await.problem(Code::EmailOff);
        assert_eq!(app.guardian(&room.learners[..1]).await.get(PATH).await.ok::<ContactPreferences>().version, 0);
    }
}
