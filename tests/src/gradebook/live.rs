//! The live sheet: what one writes arrives at the other; who is here; coming back; and nobody sees what is not theirs.

use super::*;
use crate::harness::{Engine, Event, Events};
use dto::Code;
use dto::live::{ByeReason, ReloadReason, SheetBye, SheetCells, SheetHello, SheetPerson, SheetPresence, SheetReload};
use serde::de::DeserializeOwned;

fn events_path(class: &Class, subject: &str) -> String {
    format!("{}/events", marks_path(class, subject, Term::S1))
}

async fn open(actor: &Actor, class: &Class, last: Option<&str>) -> (Events, Event, SheetHello) {
    let mut events = actor.stream(&events_path(class, "TOAN"), last).await.unwrap_or_else(|reply| panic!("{}", reply.text()));
    let first = events.next().await.unwrap();
    assert_eq!(first.event, "hello");
    let hello = read(&first);
    (events, first, hello)
}

fn read<T: DeserializeOwned>(event: &Event) -> T {
    serde_json::from_str(&event.data).unwrap_or_else(|e| panic!("{e}: {event:?}"))
}

fn accounts(people: &[SheetPerson]) -> Vec<Option<dto::AccountId>> {
    people.iter().map(|person| Some(person.account_id)).collect()
}

both_engines! {
    async fn what_one_writes_arrives_at_the_other(app: TestApp) {
        let room = room(&app).await;
        let (mut homeroom, _, hello) = open(&room.homeroom, &room.class, None).await;
        assert!(!hello.resumed);
        assert_eq!(accounts(&hello.people), [room.homeroom.account]);
        assert!(!hello.people[0].writes);
        let (mut teacher, _, hello) = open(&room.teacher, &room.class, None).await;
        assert_eq!(accounts(&hello.people), [room.homeroom.account, room.teacher.account]);
        assert!(hello.people[1].writes && !hello.people[1].name.is_empty());

        let saved = room.save(vec![
            cell(room.learners[0], Slot::Final, score(850), 0),
            cell(room.learners[1], Slot::Midterm, score(700), 0),
            // Refused: nobody hears of it.
            cell(room.learners[1], Slot::Regular(9), score(700), 0),
        ]).await;
        for events in [&mut homeroom, &mut teacher] {
            let heard: SheetCells = read(&events.find("cells").await);
            assert_eq!(heard.account_id, room.teacher.account);
            assert!(!heard.by.is_empty());
            let cells: Vec<_> = heard.cells.iter().map(|c| (c.learner_id, c.slot, c.value, c.version)).collect();
            let expected: Vec<_> = saved[..2].iter().map(|c| (c.learner_id, c.slot, c.value, c.version)).collect();
            assert_eq!(cells, expected);
        }
        // Another sheet of the same class is another topic; a cell that is cleared is told too.
        room.save(vec![cell(room.learners[0], Slot::Final, None, 1)]).await;
        let heard: SheetCells = read(&homeroom.find("cells").await);
        assert_eq!((heard.cells[0].value, heard.cells[0].version), (None, 2));
    }

    async fn who_comes_back_gets_what_was_missed(app: TestApp) {
        let room = room(&app).await;
        let (mut events, first, _) = open(&room.homeroom, &room.class, None).await;
        room.save(vec![cell(room.learners[0], Slot::Final, score(800), 0)]).await;
        let seen = events.find("cells").await;
        drop(events);
        room.save(vec![cell(room.learners[1], Slot::Final, score(900), 0)]).await;
        let (mut again, hello_event, hello) = open(&room.homeroom, &room.class, seen.id.as_deref()).await;
        assert!(hello.resumed);
        assert_eq!(hello_event.id, seen.id);
        let missed: SheetCells = read(&again.find("cells").await);
        assert_eq!(missed.cells[0].learner_id, room.learners[1]);
        // From the very beginning: both.
        let (mut all, _, hello) = open(&room.homeroom, &room.class, first.id.as_deref()).await;
        assert!(hello.resumed);
        for learner in &room.learners[..2] {
            assert_eq!(read::<SheetCells>(&all.find("cells").await).cells[0].learner_id, *learner);
        }
        // An id of another life of the server, or of nobody.
        for unknown in ["01997d3e000070008000000000000000-4", "x", ""] {
            let (_, _, hello) = open(&room.homeroom, &room.class, Some(unknown)).await;
            assert!(!hello.resumed);
        }
    }

    async fn a_change_of_state_asks_to_read_again(app: TestApp) {
        let room = room(&app).await;
        room.complete(&app, Term::S1).await;
        let (mut events, ..) = open(&room.teacher, &room.class, None).await;
        room.close(Term::S1).await;
        assert_eq!(read::<SheetReload>(&events.find("reload").await).why, ReloadReason::State);
        let path = format!("/units/{}/terms/1/mark-deadlines", room.school.id);
        room.principal.put(&path, 0, &serde_json::json!({"regular": "2999-01-01"})).await.status(200);
        assert_eq!(read::<SheetReload>(&events.find("reload").await).why, ReloadReason::State);
    }

    async fn more_than_an_event_can_say_is_a_reload(app: TestApp) {
        let room = room(&app).await;
        let teacher = app.teacher(&room.class, "NGU_VAN").await;
        for n in 0..40 {
            app.learner(&room.class, &format!("Trần Văn Số{n}")).await;
        }
        let path = marks_path(&room.class, "NGU_VAN", Term::S1);
        let sheet: MarkSheet = teacher.get(&path).await.ok();
        let mut events = teacher.stream(&format!("{path}/events"), None).await.ok().unwrap();
        let cells = sheet.rows.iter().flat_map(|r| sheet.slots.iter().map(|s| cell(r.learner_id, *s, score(500), 0))).collect();
        teacher.put_bare(&path, &typed(cells)).await.ok::<MarksSaved>();
        let reload = events.find("reload").await;
        assert_eq!(read::<SheetReload>(&reload).why, ReloadReason::Many);
        // It is a place to come back to.
        let mut again = teacher.stream(&format!("{path}/events"), reload.id.as_deref()).await.ok().unwrap();
        assert!(read::<SheetHello>(&again.next().await.unwrap()).resumed);
    }

    async fn nobody_hears_what_is_not_theirs(app: TestApp) {
        let room = room(&app).await;
        let other = room_in(&app, &app.world.school_b, "6B").await;
        let path = events_path(&room.class, "TOAN");
        let colleague = app.teacher(&room.class, "NGU_VAN").await;
        for actor in [&other.principal, &other.homeroom, &other.teacher, &colleague, &app.officer(app.world.commune_b).await] {
            actor.stream(&path, None).await.err().unwrap().problem(Code::NotFound);
        }
        for actor in [app.guardian(&room.learners).await, app.learner_account(room.learners[0]).await] {
            actor.stream(&path, None).await.err().unwrap().problem(Code::Forbidden);
        }
        app.anonymous().stream(&path, None).await.err().unwrap().problem(Code::Unauthenticated);
        // Who was turned away is not listed as present.
        let (_, _, hello) = open(&room.principal, &room.class, None).await;
        assert_eq!(hello.people.len(), 1);
        assert!(!hello.people[0].writes);
    }

    async fn an_account_has_so_many_streams_and_no_more(app: TestApp) {
        let room = room(&app).await;
        let mut streams = Vec::new();
        for _ in 0..api::stream::MOST {
            streams.push(open(&room.teacher, &room.class, None).await);
        }
        let problem = room.teacher.stream(&events_path(&room.class, "TOAN"), None).await.err().unwrap().problem(Code::TooManyRequests);
        assert!(problem.params.contains_key("seconds"));
        // Another account is not concerned.
        open(&room.homeroom, &room.class, None).await;
    }

    async fn a_stop_ends_every_stream(app: TestApp) {
        let room = room(&app).await;
        let (mut events, ..) = open(&room.teacher, &room.class, None).await;
        app.db.live().stop();
        let bye: SheetBye = read(&events.find("bye").await);
        assert_eq!(bye.why, ByeReason::Stopping);
        assert_eq!(events.next().await, None);
        room.teacher.stream(&events_path(&room.class, "TOAN"), None).await.err().unwrap().problem(Code::Busy);
    }
}

#[test]
fn a_stream_ends_with_the_life_of_a_token_and_outlives_the_time_of_a_request() {
    actix_web::rt::System::new().block_on(async {
        let app = TestApp::start_with(Engine::Sqlite, |config| {
            config.limits.request_seconds = 1;
            config.tokens.access_seconds = 3;
        })
        .await;
        let room = room(&app).await;
        let opened = std::time::Instant::now();
        let (mut events, ..) = open(&room.teacher, &room.class, None).await;
        assert_eq!(read::<SheetBye>(&events.find("bye").await).why, ByeReason::Renew);
        assert!(opened.elapsed().as_secs() >= 2, "{:?}", opened.elapsed());
        assert_eq!(events.next().await, None);
    });
}

#[test]
fn who_leaves_is_gone_from_the_list() {
    actix_web::rt::System::new().block_on(async {
        let app = TestApp::start_with(Engine::Sqlite, |config| config.limits.heartbeat_seconds = 1).await;
        let room = room(&app).await;
        let (mut homeroom, ..) = open(&room.homeroom, &room.class, None).await;
        let (teacher, ..) = open(&room.teacher, &room.class, None).await;
        let (second, ..) = open(&room.teacher, &room.class, None).await;
        let listed = async |events: &mut Events, wanted: &[Option<dto::AccountId>]| loop {
            let presence: SheetPresence = read(&events.find("presence").await);
            if accounts(&presence.people) == wanted {
                break;
            }
        };
        listed(&mut homeroom, &[room.homeroom.account, room.teacher.account]).await;
        drop((teacher, second));
        listed(&mut homeroom, &[room.homeroom.account]).await;
    });
}
