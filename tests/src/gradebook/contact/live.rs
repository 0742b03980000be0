//! That there is something new comes at once to whom it concerns, and to nobody else.

use super::*;
use crate::harness::{Event, Events};
use dto::Code;
use dto::live::{ByeReason, MyNews, NewsOf, SheetBye};

/// Opens the stream; its first event says so.
async fn open(actor: &Actor) -> Events {
    let mut events = actor.stream("/me/events", None).await.unwrap_or_else(|reply| panic!("{}", reply.text()));
    assert_eq!(events.next().await.map(|event| event.event).as_deref(), Some("hello"));
    events
}

fn news(event: &Event) -> MyNews {
    assert!(event.id.is_none(), "there is nothing to come back to");
    serde_json::from_str(&event.data).unwrap()
}

/// The next piece of news.
async fn next(events: &mut Events) -> MyNews {
    news(&events.find("news").await)
}

fn of_thread(thread: &Thread) -> MyNews {
    MyNews { what: NewsOf::Thread, thread_id: Some(thread.id) }
}

const FEED: MyNews = MyNews { what: NewsOf::Feed, thread_id: None };

both_engines! {
    async fn a_message_comes_at_once_to_both_ends_and_to_nobody_else(app: TestApp) {
        let room = room(&app).await;
        let (mother, father) = (app.guardian(&room.learners[..1]).await, app.guardian(&room.learners[..1]).await);
        let with = thread(&mother, &room, room.learners[0], None).await;
        let mut ends = Vec::new();
        for actor in [&mother, &father, &room.homeroom] {
            ends.push(open(actor).await);
        }
        // Another family of the class, the teacher of a subject, who leads the school, the learner, another school.
        let neighbour = app.guardian(&room.learners[1..2]).await;
        let other = room_in(&app, &app.world.school_b, "6B").await;
        let outsiders = [
            neighbour.clone(), room.teacher.clone(), room.principal.clone(), app.learner_account(room.learners[0]).await,
            other.homeroom.clone(), app.officer(app.world.commune_a).await,
        ];
        let mut ears = Vec::new();
        for actor in &outsiders {
            ears.push(open(actor).await);
        }
        write(&mother, &with, "Thưa cô, cháu bị sốt.").await;
        for end in &mut ends {
            assert_eq!(next(end).await, of_thread(&with));
        }
        // That it was read is news too; that it was read again is none.
        for _ in 0..2 {
            room.homeroom.put_bare(&format!("/threads/{}/state", with.id), &json!({"seen_seq": 1, "muted": false})).await.ok::<Thread>();
        }
        assert_eq!(next(&mut ends[0]).await, of_thread(&with));
        // Each outsider hears first of what is their own, which came later.
        let own = thread(&neighbour, &room, room.learners[1], None).await;
        write(&neighbour, &own, "Chào cô").await;
        assert_eq!(next(&mut ears[0]).await, of_thread(&own));
        for thread in [&with, &own] {
            assert_eq!(next(&mut ends[2]).await, of_thread(thread));
        }
        let maths = thread(&mother, &room, room.learners[0], Some("TOAN")).await;
        write(&mother, &maths, "Thưa thầy").await;
        assert_eq!(next(&mut ears[1]).await, of_thread(&maths));
        assert_eq!(next(&mut ends[0]).await, of_thread(&maths));
        app.db.live().stop();
        for ear in &mut ears {
            // Nothing stood between: the stream ends with the word that it ends.
            let last = ear.next().await.unwrap();
            assert_eq!(last.event, "bye", "{last:?}");
            assert_eq!(serde_json::from_str::<SheetBye>(&last.data).unwrap().why, ByeReason::Stopping);
        }
    }

    async fn a_notice_comes_at_once_to_whom_it_is_for(app: TestApp) {
        let room = room(&app).await;
        let next_door = room_in(&app, &app.world.school_a, "6A2").await;
        let far = room_in(&app, &app.world.school_b, "6B").await;
        let mother = app.guardian(&[room.learners[0], far.learners[0]]).await;
        let neighbour = app.guardian(&next_door.learners[..1]).await;
        let child = app.learner_account(room.learners[0]).await;
        let mut ears = [open(&mother).await, open(&child).await, open(&neighbour).await];
        let sent = send(&room.homeroom, &room, to_class(&room), "Họp phụ huynh").await;
        assert_eq!(next(&mut ears[0]).await, FEED);
        assert_eq!(next(&mut ears[1]).await, FEED);
        // To the other school of the family: the mother's alone.
        send(&far.homeroom, &far, to_class(&far), "Họp").await;
        assert_eq!(next(&mut ears[0]).await, FEED);
        room.homeroom.delete(&format!("/notices/{}", sent.id)).await.done();
        assert_eq!(next(&mut ears[0]).await, FEED);
        assert_eq!(next(&mut ears[1]).await, FEED);
        // What is between school and family is no news to the learner; what follows is.
        let fee = PostNotice { kind: EventKind::Fee, ..notice(&room, to_class(&room), "Bảo hiểm y tế") };
        room.homeroom.post("/notices", &fee).await.ok::<Notice>();
        assert_eq!(next(&mut ears[0]).await, FEED);
        send(&room.principal, &room, NoticeTarget::School, "Nghỉ bão").await;
        for ear in &mut ears {
            assert_eq!(next(ear).await, FEED);
        }
        app.db.live().stop();
        for ear in &mut ears {
            assert_eq!(ear.next().await.unwrap().event, "bye");
        }
    }

    async fn who_has_not_signed_in_hears_nothing(app: TestApp) {
        app.anonymous().stream("/me/events", None).await.err().unwrap().problem(Code::Unauthenticated);
        let room = room(&app).await;
        let mut streams = Vec::new();
        for _ in 0..api::stream::MOST {
            streams.push(open(&room.teacher).await);
        }
        room.teacher.stream("/me/events", None).await.err().unwrap().problem(Code::TooManyRequests);
    }
}
