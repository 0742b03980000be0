//! Two servers before one PostgreSQL: what one does is seen live at the other.

use super::process::start;
use crate::gradebook::{Room, cell, contact, marks_path, room, score, typed};
use crate::harness::{Actor, Engine, Events, TestApp, run};
use dto::calendar::Term;
use dto::gradebook::MarksSaved;
use dto::live::{ReloadReason, SheetCells, SheetHello, SheetPresence, SheetReload};
use regulations::Slot;
use sea_orm::{ConnectionTrait, Statement};
use serde::de::DeserializeOwned;
use std::process::{Child, Command};

fn read<T: DeserializeOwned>(event: &crate::harness::Event) -> T {
    serde_json::from_str(&event.data).unwrap_or_else(|e| panic!("{e}: {event:?}"))
}

async fn open(actor: &Actor, room: &Room, last: Option<&str>) -> (Events, SheetHello) {
    let path = format!("{}/events", marks_path(&room.class, "TOAN", Term::S1));
    let mut events = actor.stream(&path, last).await.unwrap_or_else(|reply| panic!("{}", reply.text()));
    let hello = read(&events.find("hello").await);
    (events, hello)
}

async fn save(teacher: &Actor, room: &Room, learner: usize, mark: i32, version: i64) {
    let body = typed(vec![cell(room.learners[learner], Slot::Final, score(mark), version)]);
    teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &body).await.ok::<MarksSaved>();
}

/// Waits for a list of exactly these.
async fn listed(events: &mut Events, wanted: &[&Actor]) {
    loop {
        let presence: SheetPresence = read(&events.find("presence").await);
        if presence.people.iter().map(|p| Some(p.account_id)).collect::<Vec<_>>()
            == wanted.iter().map(|a| a.account).collect::<Vec<_>>()
        {
            assert!(presence.people.iter().all(|person| !person.name.is_empty()));
            break;
        }
    }
}

async fn sql(app: &TestApp, sql: &str) -> Vec<sea_orm::QueryResult> {
    app.db.read().query_all_raw(Statement::from_string(app.db.backend(), sql.to_owned())).await.unwrap()
}

fn stop(mut child: Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

const LISTENERS: &str = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'khue live' AND pid <> pg_backend_pid()";

#[test]
fn what_happens_at_one_server_is_seen_at_the_other() {
    run(Engine::Postgres, async |app: TestApp| {
        let room = room(&app).await;
        let ((child_a, a), (child_b, b)) = (start(&app), start(&app));
        let (teacher, homeroom) = (room.teacher.clone().of(&a), room.homeroom.clone().of(&b));

        // Who is here, both ways and with names.
        let (mut at_b, hello) = open(&homeroom, &room, None).await;
        assert_eq!(hello.people.len(), 1);
        let (mut at_a, _) = open(&teacher, &room, None).await;
        listed(&mut at_b, &[&homeroom, &teacher]).await;
        // Known at once to who comes later.
        let (_, hello) = open(&room.principal.clone().of(&b), &room, None).await;
        assert_eq!(hello.people.len(), 3);

        // A cell that is saved at A, with its value and who wrote it.
        save(&teacher, &room, 0, 850, 0).await;
        for events in [&mut at_a, &mut at_b] {
            let heard: SheetCells = read(&events.find("cells").await);
            assert_eq!(heard.account_id, teacher.account);
            assert!(!heard.by.is_empty());
            let cells: Vec<_> = heard.cells.iter().map(|c| (c.learner_id, c.slot, c.value, c.version)).collect();
            assert_eq!(cells, [(room.learners[0], Slot::Final, score(850), 1)]);
        }
        // A change of state, of whatever the topic's name begins with.
        let path = format!("/units/{}/terms/1/mark-deadlines", room.school.id);
        room.principal.clone().of(&a).put(&path, 0, &serde_json::json!({"regular": "2999-01-01"})).await.status(200);
        for events in [&mut at_a, &mut at_b] {
            assert_eq!(read::<SheetReload>(&events.find("reload").await).why, ReloadReason::State);
        }

        // The news of a guardian at B, of a message that is sent at A.
        let guardian = app.guardian(&room.learners[..1]).await.of(&b);
        let mut news = guardian.stream("/me/events", None).await.unwrap_or_else(|reply| panic!("{}", reply.text()));
        news.find("hello").await;
        contact::send(&room.homeroom.clone().of(&a), &room, contact::to_class(&room), "Họp phụ huynh").await;
        assert!(news.find("news").await.data.contains("feed"));

        // The lines break: they are made again, and everybody is told to read again.
        assert_eq!(sql(&app, LISTENERS).await.len(), 2);
        sql(&app, &LISTENERS.replace("SELECT pid", "SELECT pg_terminate_backend(pid)")).await;
        for events in [&mut at_a, &mut at_b] {
            assert_eq!(read::<SheetReload>(&events.find("reload").await).why, ReloadReason::Slow);
        }
        // Both listen again, since both have said so; A has heard of those at B once it lists them.
        listed(&mut at_a, &[&homeroom, &teacher]).await;
        save(&teacher, &room, 1, 700, 0).await;
        let heard: SheetCells = read(&at_b.find("cells").await);
        assert_eq!(heard.cells[0].learner_id, room.learners[1]);

        // Who was at a server that ends is gone.
        stop(child_a);
        listed(&mut at_b, &[&homeroom]).await;
        stop(child_b);
    });
}

#[test]
fn who_was_at_a_server_that_was_killed_is_gone_after_some_beats() {
    run(Engine::Postgres, async |app: TestApp| {
        let room = room(&app).await;
        let ((mut child_a, a), (child_b, b)) = (start(&app), start(&app));
        let (mut at_b, _) = open(&room.homeroom.clone().of(&b), &room, None).await;
        let (at_a, _) = open(&room.teacher.clone().of(&a), &room, None).await;
        listed(&mut at_b, &[&room.homeroom, &room.teacher]).await;
        child_a.kill().unwrap();
        child_a.wait().unwrap();
        listed(&mut at_b, &[&room.homeroom]).await;
        drop(at_a);
        stop(child_b);
    });
}
