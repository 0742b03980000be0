//! The outbox: at least once to the receiver, once by its key, whatever happens.

use super::fakes::Http;
use super::*;
use api::channels::{Channels, PostOffice};
use chrono::{DateTime, Utc};
use kernel::config::{Channels as Settings, Config, Outbox};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

/// A dispatcher beside the server of a test.
pub struct Office {
    db: kernel::Db,
    stop: tokio::sync::watch::Sender<bool>,
    running: actix_web::rt::task::JoinHandle<()>,
}

pub fn patient() -> Outbox {
    let config = Config::load(None).unwrap();
    Outbox { retry_seconds: 0, tries: 4, ..config.outbox }
}

impl Office {
    pub fn open(app: &TestApp, change: impl FnOnce(&mut Settings)) -> Office {
        let mut settings = Config::load(None).unwrap().channels;
        change(&mut settings);
        let channels = Arc::new(Channels::open(&settings, app.folder()).unwrap());
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let db = app.db.clone();
        let running = actix_web::rt::spawn(async move {
            kernel::outbox::run(db, &PostOffice::new(channels), &patient(), stopped).await;
        });
        Office { db: app.db.clone(), stop, running }
    }

    /// Nothing waits any more.
    pub async fn settled(&self) -> bool {
        kernel::outbox::backlog(self.db.read()).await.unwrap().waiting == 0
    }

    pub async fn stop(self) {
        self.stop.send(true).unwrap();
        self.running.await.unwrap();
    }
}

/// Waits for something that is on its way.
pub async fn until(met: impl AsyncFn() -> bool) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !met().await {
        assert!(std::time::Instant::now() < end, "it does not come");
        actix_web::rt::task::yield_now().await;
    }
}

/// Rows of the outbox by channel: event, recipient, state, when due.
async fn rows(app: &TestApp, channel: &str) -> Vec<(String, String, String, DateTime<Utc>)> {
    let mut query = Query::select();
    query.columns(["event_key", "recipient", "state", "due_at"]).from("outbox").and_where(Expr::col("channel").eq(channel));
    let rows = app.db.read().query_all(&query).await.unwrap();
    rows.iter()
        .map(|r| {
            let text = |at| r.try_get_by_index::<String>(at).unwrap();
            (text(0), text(1), text(2), r.try_get_by_index(3).unwrap())
        })
        .collect()
}

pub async fn by_sms(app: &TestApp, room: &Room, guardians: usize, quiet: Option<(u16, u16)>) {
    for n in 0..guardians {
        let guardian = app.guardian(&room.learners[n % 3..n % 3 + 1]).await;
        let (from, to) = quiet.unzip();
        let body = json!({"kinds": [{"kind": "general", "channels": ["sms"]}], "quiet_from": from, "quiet_to": to});
        guardian.put("/me/contact-preferences", 0, &body).await.ok::<dto::contact::ContactPreferences>();
    }
}

fn sms(fake: &Http) -> impl FnOnce(&mut Settings) {
    let url = fake.base.clone();
    move |c| {
        c.sms.url = url;
        c.sms.token = "secret".into();
    }
}

/// The `khue` binary beside this test's own.
fn serve(app: &TestApp, fake: &Http) -> Child {
    let khue = std::env::current_exe().unwrap().parent().and_then(|d| d.parent()).unwrap().join("khue");
    assert!(khue.exists(), "no {}: build it first (`make test` does)", khue.display());
    let mut child = Command::new(khue)
        .args(["serve", "--port", "0", "--data"])
        .arg(app.folder())
        .env("DATABASE_URL", app.url())
        .env("KHUE__CHANNELS__SMS__URL", &fake.base)
        .env("KHUE__OUTBOX__LEASE_SECONDS", "2")
        .env("KHUE__OUTBOX__SEND_SECONDS", "1")
        .env("KHUE__OUTBOX__POLL_SECONDS", "1")
        .env("RUST_LOG", "warn")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("http://"), "{line}");
    child
}

both_engines! {
    async fn a_kill_in_the_middle_loses_and_doubles_nothing(app: TestApp) {
        let room = room(&app).await;
        let fake = Http::start().await;
        by_sms(&app, &room, 12, None).await;
        let mut child = serve(&app, &fake);
        for n in 0..8 {
            send(&room.homeroom, &room, to_class(&room), &format!("Thông báo {n}")).await;
        }
        until(async || fake.taken().len() >= 10).await;
        // SIGKILL: what was taken by the receiver is not yet written down here.
        child.kill().unwrap();
        child.wait().unwrap();
        let mut child = serve(&app, &fake);
        until(async || kernel::outbox::backlog(app.db.read()).await.unwrap().waiting == 0).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let sent = rows(&app, "sms").await;
        assert_eq!(sent.len(), 8 * 12);
        assert!(sent.iter().all(|(_, _, state, _)| state == "done"));
        // By the key the receiver sees each message once, and under one key always the same.
        let mut by_key: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for taken in fake.taken() {
            by_key.entry(taken.header("idempotency-key").to_owned()).or_default().insert(taken.json().to_string());
        }
        assert_eq!(by_key.len(), 8 * 12);
        assert!(by_key.values().all(|bodies| bodies.len() == 1));
    }

    async fn what_was_refused_leaves_nothing_in_the_outbox(app: TestApp) {
        let room = room(&app).await;
        let ctx = kernel::Ctx::system("test");
        let refused = app.db.write(&ctx, async |tx| {
            use gradebook::contact_book::notices::tell_absence_in;
            let day = crate::harness::day("2026-10-12");
            tell_absence_in(tx, room.school.id, room.learners[0], day, dto::contact::LeaveSessions::Day, true).await?;
            Err::<((), Vec<kernel::Event>), _>(kernel::Error::new(dto::Code::TermClosed))
        }).await;
        assert!(refused.is_err());
        assert!(rows(&app, "fanout").await.is_empty());
    }

    async fn two_dispatchers_send_each_message_once(app: TestApp) {
        let room = room(&app).await;
        let fake = Http::start().await;
        by_sms(&app, &room, 6, None).await;
        let offices = [Office::open(&app, sms(&fake)), Office::open(&app, sms(&fake)), Office::open(&app, sms(&fake))];
        for n in 0..6 {
            send(&room.homeroom, &room, to_class(&room), &format!("Thông báo {n}")).await;
        }
        until(async || offices[0].settled().await).await;
        for office in offices {
            office.stop().await;
        }
        let taken = fake.taken();
        let keys: BTreeSet<_> = taken.iter().map(|t| t.header("idempotency-key").to_owned()).collect();
        assert_eq!((taken.len(), keys.len()), (36, 36));
    }

    async fn a_receiver_that_fails_is_tried_a_few_times_and_then_no_more(app: TestApp) {
        let room = room(&app).await;
        let fake = Http::start().await;
        by_sms(&app, &room, 1, None).await;
        fake.then(&[500, 503, 429, 500]);
        let office = Office::open(&app, sms(&fake));
        send(&room.homeroom, &room, to_class(&room), "Thông báo").await;
        until(async || office.settled().await).await;
        office.stop().await;
        assert_eq!(fake.taken().len(), 4);
        let rows = rows(&app, "sms").await;
        assert_eq!(rows.iter().map(|(_, _, state, _)| state.as_str()).collect::<Vec<_>>(), ["dead"]);
    }

    async fn stopping_ends_what_is_in_flight(app: TestApp) {
        let room = room(&app).await;
        let fake = Http::start().await;
        by_sms(&app, &room, 3, None).await;
        let office = Office::open(&app, sms(&fake));
        send(&room.homeroom, &room, to_class(&room), "Thông báo").await;
        until(async || !fake.taken().is_empty()).await;
        office.stop().await;
        // All that had begun is written down as sent: nothing will leave twice.
        let done = rows(&app, "sms").await.into_iter().filter(|(_, _, state, _)| state == "done").count();
        assert_eq!(done, fake.taken().len());
    }

    async fn quiet_hours_hold_messages_back(app: TestApp) {
        let room = room(&app).await;
        let fake = Http::start().await;
        // From an hour ago until in two hours.
        let minute = {
            use chrono::Timelike;
            let here = kernel::clock::now() + chrono::TimeDelta::hours(7);
            (here.hour() * 60 + here.minute()) as u16
        };
        let (from, to) = ((minute + 1440 - 60) % 1440, (minute + 120) % 1440);
        by_sms(&app, &room, 1, Some((from, to))).await;
        let office = Office::open(&app, sms(&fake));
        let guardian = app.guardian(&room.learners[..1]).await;
        send(&room.homeroom, &room, to_class(&room), "Thông báo").await;
        until(async || !rows(&app, "sms").await.is_empty()).await;
        office.stop().await;
        let rows = rows(&app, "sms").await;
        let wait = rows[0].3 - kernel::clock::now();
        assert!(wait > chrono::TimeDelta::minutes(110) && wait <= chrono::TimeDelta::minutes(120), "{wait}");
        assert!(fake.taken().is_empty());
        // The feed has it at once.
        assert_eq!(titles(&guardian).await, ["Thông báo"]);
    }

    async fn what_was_taken_back_does_not_leave(app: TestApp) {
        let room = room(&app).await;
        let fake = Http::start().await;
        by_sms(&app, &room, 1, None).await;
        let sent = send(&room.homeroom, &room, to_class(&room), "Nhầm").await;
        room.homeroom.delete(&format!("/notices/{}", sent.id)).await.done();
        let office = Office::open(&app, sms(&fake));
        until(async || office.settled().await).await;
        office.stop().await;
        assert!(fake.taken().is_empty());
    }
}
