//! SIGTERM: what was begun is answered, what is new is refused, and the process ends well.

use super::process::{start, start_with};
use crate::gradebook::contact::{self, fakes::Http, outbox::until};
use crate::gradebook::room;
use futures::future::join_all;
use reqwest::{Method, Request};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

fn terminate(child: &Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
}

/// The server's threads that answer requests. The system cuts their names short.
fn workers(child: &Child) -> usize {
    let threads = std::fs::read_dir(format!("/proc/{}/task", child.id())).unwrap().flatten();
    threads.filter(|t| std::fs::read_to_string(t.path().join("comm")).is_ok_and(|name| name.starts_with("actix-rt"))).count()
}

/// Sends the head of a request and the first bytes of its body; the server has read the head (RFC 9110, 10.1.1).
fn half_sent(address: &str, request: Request, body: &str) -> TcpStream {
    let head = format!(
        "{} {} HTTP/1.1\r\nhost: {address}\r\nauthorization: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        request.method(),
        request.url().path(),
        request.headers()["authorization"].to_str().unwrap(),
        body.len()
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&body.as_bytes()[..5]).unwrap();
    stream
}

both_engines! {
    async fn a_request_in_flight_is_answered_before_the_end(app: TestApp) {
        let admin = app.province_admin().await;
        let (mut child, base) = start(&app);
        let address = base.trim_start_matches("http://").to_owned();
        let body = r#"{"name":"2031-2032"}"#;
        let request = admin.request(Method::POST, "/school-years").build().unwrap();
        let mut stream = half_sent(&address, request, body);

        terminate(&child);
        // Nothing new is taken: wait until the door is closed.
        while TcpStream::connect(&address).is_ok() {
            assert!(child.try_wait().unwrap().is_none(), "it ended with a request in flight");
            actix_web::rt::task::yield_now().await;
        }
        stream.write_all(&body.as_bytes()[5..]).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        // The body lacks fields: a problem is an answer too, and a whole one.
        assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
        assert!(answer.contains("problem+json") && answer.trim_end().ends_with('}'), "{answer}");
        assert!(child.wait().unwrap().success(), "it ends well");
    }

    async fn a_write_in_flight_is_done_when_the_other_workers_have_ended(app: TestApp) {
        let room = room(&app).await;
        let (mut child, base) = start_with(&app, |command| {
            command.env("KHUE__SERVER__WORKERS", "3").stderr(Stdio::piped());
        });
        let address = base.trim_start_matches("http://").to_owned();
        let teacher = room.teacher.clone().of(&base);
        let path = format!("/classes/{}/subjects/TOAN/terms/1/comments", room.class.id);
        // Each worker has answered from the database, over a connection of its own.
        join_all((0..24).map(async |_| {
            let request = teacher.request(Method::GET, &path).build().unwrap();
            assert_eq!(reqwest::Client::new().execute(request).await.unwrap().status(), 200);
        }))
        .await;
        let body = format!(r#"{{"rows":[{{"learner_id":"{}","text":"Chăm học.","version":0}}]}}"#, room.learners[0]);
        let request = teacher.request(Method::PUT, &path).build().unwrap();
        let mut stream = half_sent(&address, request, &body);
        terminate(&child);
        until(async || workers(&child) == 1).await;
        stream.write_all(&body.as_bytes()[5..]).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let mut log = String::new();
        child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert!(child.wait().unwrap().success(), "it ends well");
        assert_eq!(log, "", "nothing to warn of");
    }

    async fn what_a_day_begins_with_is_left_at_a_stop_and_taken_up_by_the_next_start(app: TestApp) {
        const SCHOOLS: i64 = 40;
        for n in 0..SCHOOLS {
            app.school(&format!("THCS Số {n}"), &format!("S{n}")).await;
        }
        let looked_at = async || {
            let mut count = Query::select();
            count.expr(Expr::col("school_id").count()).from("quality_day");
            let row = app.db.read().query_one(&count).await.unwrap().unwrap();
            row.try_get_by_index::<i64>(0).unwrap()
        };
        let serve = || start_with(&app, |command| {
            command.stderr(Stdio::piped());
        });
        let (mut child, base) = serve();
        assert_eq!(app.client.get(format!("{base}/health/live")).send().await.unwrap().status(), 200);
        until(async || looked_at().await > 0).await;
        terminate(&child);
        let mut log = String::new();
        child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert!(child.wait().unwrap().success(), "it ends well");
        assert_eq!(log, "", "nothing to warn of");

        let (mut child, base) = serve();
        assert_eq!(app.client.get(format!("{base}/health/live")).send().await.unwrap().status(), 200);
        until(async || looked_at().await == SCHOOLS + 2).await;
        terminate(&child);
        assert!(child.wait().unwrap().success());
    }

    async fn what_leaves_the_house_at_a_stop_is_sent_or_kept_and_nothing_goes_wrong(app: TestApp) {
        let room = room(&app).await;
        let fake = Http::start().await;
        contact::outbox::by_sms(&app, &room, 6, None).await;
        let serve = || start_with(&app, |command| {
            command
                .env("KHUE__CHANNELS__SMS__URL", &fake.base)
                .env("KHUE__SERVER__WORKERS", "3")
                .env("KHUE__OUTBOX__AT_ONCE", "2")
                .env("KHUE__OUTBOX__LEASE_SECONDS", "2")
                .env("KHUE__OUTBOX__SEND_SECONDS", "30")
                .env("KHUE__OUTBOX__POLL_SECONDS", "1")
                .stderr(Stdio::piped());
        });
        let hold = fake.hold().await;
        let (mut child, base) = serve();
        let homeroom = room.homeroom.clone().of(&base);
        // Each worker has answered from the database, over a connection of its own.
        join_all((0..24).map(async |_| {
            let request = homeroom.request(Method::GET, "/me").build().unwrap();
            assert_eq!(reqwest::Client::new().execute(request).await.unwrap().status(), 200);
        }))
        .await;
        for n in 0..5 {
            contact::send(&homeroom, &room, contact::to_class(&room), &format!("Thông báo {n}")).await;
        }
        // A message is with its receiver, who does not answer until the workers have ended.
        until(async || !fake.taken().is_empty()).await;
        assert!(workers(&child) >= 3);
        terminate(&child);
        // Nobody knocks meanwhile: who comes between the end of the workers and that of the door is an error of the server's library.
        until(async || workers(&child) == 0).await;
        assert!(child.try_wait().unwrap().is_none(), "it ended with a message in flight");
        drop(hold);
        let mut log = String::new();
        child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert!(child.wait().unwrap().success(), "it ends well");
        assert_eq!(log, "", "nothing to warn of");

        // The rest goes with the next start; each message once.
        let (mut child, base) = serve();
        assert_eq!(app.client.get(format!("{base}/health/live")).send().await.unwrap().status(), 200);
        until(async || kernel::outbox::backlog(app.db.read()).await.unwrap().waiting == 0).await;
        terminate(&child);
        assert!(child.wait().unwrap().success());
        let mut keys: Vec<String> =
            fake.taken().iter().map(|taken| taken.json()["idempotency_key"].as_str().unwrap().to_owned()).collect();
        assert_eq!(keys.len(), 5 * 6);
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 5 * 6);
    }
}
