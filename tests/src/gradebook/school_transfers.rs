//! `/transfers`, `/me/children/{learner_id}/transfers`.

use super::{Room, cell, marks_path, room, room_in, score};
use crate::harness::{Actor, TestApp};
use dto::access::Role;
use dto::gradebook::MarkSource;
use dto::health::{Condition, LearnerHealth, OpenedHealth, Vaccination};
use dto::learners::LearnerDetail;
use dto::transfers::{Transfer, TransferAsker, TransferSchool, TransferState, TransferTally};
use dto::{Code, LearnerId, Page};
use records::calendar::working_day_after;
use regulations::Slot;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait, ExprTrait};
use serde_json::json;

async fn asked(actor: &Actor, learner: LearnerId, to: &Room) -> Transfer {
    let body = json!({"learner_id": learner, "to_school_id": to.school.id, "wished_on": "2026-12-01", "reason": "Gia đình chuyển chỗ ở"});
    actor.post("/transfers", &body).await.status(201).ok()
}

async fn step(actor: &Actor, transfer: &Transfer, what: &str, body: serde_json::Value) -> Transfer {
    actor.post(&format!("/transfers/{}/{what}", transfer.id), &body).await.status(200).ok()
}

async fn rooms(app: &TestApp) -> (Room, Room) {
    (room(app).await, room_in(app, &app.world.school_b, "6B").await)
}

both_engines! {
    async fn a_child_goes_from_school_to_school_with_everything(app: TestApp) {
        let (old, new) = rooms(&app).await;
        let child = old.learners[0];
        old.save(vec![cell(child, Slot::Regular(1), score(900), 0), cell(child, Slot::Midterm, score(750), 0)]).await;
        let guardian = app.guardian(&[child]).await;
        let path = format!("/me/children/{child}/transfers");
        let schools: Page<TransferSchool> = guardian.get(&format!("/me/children/{child}/transfer-schools?q=le+loi")).await.ok();
        assert_eq!((schools.items[0].id, schools.items[0].place.as_str()), (new.school.id, "Xã Kế Sách"));
        let body = json!({"to_school_id": new.school.id, "wished_on": "2026-12-01", "reason": "Chuyển nhà"});
        let transfer: Transfer = guardian.post(&path, &body).await.status(201).ok();
        assert_eq!((transfer.asked_by, transfer.state, transfer.from_class.as_deref()), (TransferAsker::Guardian, TransferState::Requested, Some("6A1")));
        let clock = transfer.clock.clone().unwrap();
        assert_eq!((clock.due_on, clock.days, clock.overdue, clock.verified), (working_day_after(kernel::clock::today(), 5), 5, false, false));
        guardian.post(&path, &body).await.problem(Code::TransferOpen);

        // Everyone concerned sees it: both schools, the officer above each, the family.
        for actor in [&old.principal, &new.principal, &app.officer(app.world.commune_a).await, &app.officer(app.world.commune_b).await, &app.province_admin().await] {
            let seen: Page<Transfer> = actor.get("/transfers").await.ok();
            assert_eq!((seen.items.len(), seen.items[0].state), (1, TransferState::Requested));
            let one: Transfer = actor.get(&format!("/transfers/{}", transfer.id)).await.ok();
            assert_eq!(one.clock, transfer.clock);
        }
        // The receiving school alone answers; the other one alone releases, and not before.
        old.principal.post(&format!("/transfers/{}/answer", transfer.id), &json!({"accept": true})).await.problem(Code::NotFound);
        old.principal.post(&format!("/transfers/{}/release", transfer.id), &json!({"moved_on": "2026-11-23"})).await.problem(Code::TransferState);
        new.principal.post(&format!("/transfers/{}/answer", transfer.id), &json!({"accept": true, "class_id": old.class.id})).await.field("/class_id", Code::FieldChoice);
        let accepted = step(&new.principal, &transfer, "answer", json!({"accept": true, "class_id": new.class.id, "note": "Mời em đến lớp"})).await;
        assert_eq!((accepted.state, accepted.class_name.as_deref(), accepted.may_release), (TransferState::Accepted, Some("6B"), false));
        assert_eq!(accepted.clock.unwrap().due_on, working_day_after(kernel::clock::today(), 3));
        new.principal.post(&format!("/transfers/{}/release", transfer.id), &json!({"moved_on": "2026-11-23"})).await.problem(Code::NotFound);
        old.principal.post(&format!("/transfers/{}/release", transfer.id), &json!({"moved_on": "2026-09-01"})).await.field("/moved_on", Code::DatesReversed);
        let placed = step(&old.principal, &transfer, "release", json!({"moved_on": "2026-11-23"})).await;
        assert_eq!((placed.state, placed.clock, placed.moved_on.unwrap().to_string().as_str()), (TransferState::Placed, None, "2026-11-23"));

        // One record: the new school's, with its history, and with the marks in the new class.
        let detail: LearnerDetail = new.principal.get(&format!("/learners/{child}")).await.ok();
        assert_eq!((detail.learner.school_id, detail.statuses.len(), detail.enrolments.len()), (Some(new.school.id), 3, 2));
        old.principal.get(&format!("/learners/{child}")).await.problem(Code::NotFound);
        assert_eq!(new.cell(child, Slot::Regular(1)).await, (score(900), 1));
        assert_eq!(new.cell(child, Slot::Midterm).await, (score(750), 1));
        let history = format!("{}/{child}/r1/history", marks_path(&new.class, "TOAN", dto::calendar::Term::S1));
        let writes: Page<dto::gradebook::CellChange> = new.homeroom.get(&history).await.ok();
        assert_eq!((writes.items[0].source, writes.items[0].reason.as_deref()), (MarkSource::Transfer, Some("6A1, THCS Trần Phú")));
        // The family was told of each step, and sees the end.
        let told: Page<Transfer> = guardian.get(&path).await.ok();
        assert_eq!(told.items[0].state, TransferState::Placed);
        let feed: Page<dto::contact::FeedItem> = guardian.get("/me/feed").await.ok();
        assert!(feed.items.iter().filter(|item| item.title.starts_with("Chuyển trường của")).count() >= 3, "{:?}", feed.items);
        assert!(app.audit(Some(old.school.id)).await.iter().any(|e| e.verb == "transfer.released"));
        assert!(app.audit(Some(new.school.id)).await.iter().any(|e| e.verb == "transfer.brought"));
    }

    async fn the_health_record_moves_along_and_only_the_new_school_writes_it(app: TestApp) {
        let (old, new) = rooms(&app).await;
        let child = old.learners[0];
        let (before, after) = (app.at(Role::Nurse, &old.school).await, app.at(Role::Nurse, &new.school).await);
        let path = |what: &str| format!("/learners/{child}/{what}");
        let condition = json!({"kind": "allergy", "detail": "Dị ứng tôm", "active": true});
        let kept: Condition = before.post(&path("conditions"), &condition).await.ok();
        let vaccination = json!({"vaccine": "Sởi", "dose": 1, "source": "booklet"});
        let given: Vaccination = before.post(&path("vaccinations"), &vaccination).await.ok();
        after.get(&path("health")).await.problem(Code::NotFound);
        let transfer = asked(&old.principal, child, &new).await;
        step(&new.principal, &transfer, "answer", json!({"accept": true, "class_id": new.class.id})).await;
        step(&old.principal, &transfer, "release", json!({"moved_on": "2026-11-23"})).await;
        // There it is, sealed words and all.
        let file: LearnerHealth = after.get(&path("health")).await.ok();
        assert_eq!((file.writable, file.vaccinations.len(), file.conditions.len()), (true, 1, 1));
        let opened: OpenedHealth = after.post(&path("health/views"), &json!({"purpose": "care"})).await.ok();
        assert_eq!(opened.conditions[0].detail, "Dị ứng tôm");
        after.post(&path("vaccinations"), &json!({"vaccine": "Sởi", "dose": 2, "source": "booklet"})).await.status(201);
        // The old school neither reads nor writes.
        before.get(&path("health")).await.problem(Code::NotFound);
        before.post(&path("health/views"), &json!({"purpose": "care"})).await.problem(Code::NotFound);
        before.post(&path("conditions"), &condition).await.problem(Code::NotFound);
        before.put(&path(&format!("conditions/{}", kept.id)), kept.version, &condition).await.problem(Code::NotFound);
        before.post(&path("vaccinations"), &vaccination).await.problem(Code::NotFound);
        before.delete(&path(&format!("vaccinations/{}", given.id))).await.problem(Code::NotFound);
    }

    async fn a_refusal_has_a_reason_and_who_asked_may_withdraw(app: TestApp) {
        let (old, new) = rooms(&app).await;
        let first = asked(&old.principal, old.learners[0], &new).await;
        assert_eq!((first.asked_by, first.may_withdraw, first.may_answer), (TransferAsker::Sending, true, false));
        let answer = format!("/transfers/{}/answer", first.id);
        new.principal.post(&answer, &json!({"accept": false})).await.field("/note", Code::FieldRequired);
        let refused: Transfer = new.principal.post(&answer, &json!({"accept": false, "note": "Lớp đã đủ 45 em"})).await.status(200).ok();
        assert_eq!((refused.state, refused.answer.as_deref(), refused.clock), (TransferState::Refused, Some("Lớp đã đủ 45 em"), None));
        new.principal.post(&answer, &json!({"accept": true})).await.problem(Code::TransferState);
        // Again, and taken back by who asked alone.
        let again = asked(&old.principal, old.learners[0], &new).await;
        let withdrawal = format!("/transfers/{}/withdrawal", again.id);
        new.principal.post(&withdrawal, &json!({"reason": "x"})).await.problem(Code::NotFound);
        let back: Transfer = old.principal.post(&withdrawal, &json!({"reason": "Gia đình ở lại"})).await.status(200).ok();
        assert_eq!((back.state, back.withdrawal.as_deref()), (TransferState::Withdrawn, Some("Gia đình ở lại")));
        // A guardian's is the guardian's.
        let (child, other) = (old.learners[1], old.learners[2]);
        let (guardian, stranger) = (app.guardian(&[child]).await, app.guardian(&[other]).await);
        let body = json!({"to_school_id": new.school.id, "wished_on": "2026-12-01"});
        let theirs: Transfer = guardian.post(&format!("/me/children/{child}/transfers"), &body).await.status(201).ok();
        old.principal.post(&format!("/transfers/{}/withdrawal", theirs.id), &json!({"reason": "x"})).await.problem(Code::NotFound);
        let own = format!("/me/children/{child}/transfers/{}/withdrawal", theirs.id);
        stranger.post(&own, &json!({"reason": "x"})).await.problem(Code::NotFound);
        stranger.post(&format!("/me/children/{child}/transfers"), &body).await.problem(Code::NotFound);
        stranger.get(&format!("/me/children/{child}/transfers")).await.problem(Code::NotFound);
        stranger.get(&format!("/me/children/{child}/transfer-schools")).await.problem(Code::NotFound);
        let back: Transfer = guardian.post(&own, &json!({"reason": "Đổi ý"})).await.status(200).ok();
        assert_eq!(back.state, TransferState::Withdrawn);
        assert!(guardian.get(&format!("/me/children/{child}/transfers")).await.ok::<Page<Transfer>>().items.len() == 1);
    }

    async fn the_receiving_school_asks_by_a_number_and_places_later(app: TestApp) {
        let (old, new) = rooms(&app).await;
        let child = old.learners[0];
        let code = json!({"kind": "personal_id", "value": "094315000041", "reason": "x"});
        old.principal.post(&format!("/learners/{child}/codes"), &code).await.status(201);
        let ask = json!({"personal_id": "094315000041", "to_school_id": new.school.id, "wished_on": "2026-12-01"});
        // Of another school's child nothing is asked without a number, nor for another school.
        new.principal.post("/transfers", &json!({"learner_id": child, "to_school_id": new.school.id, "wished_on": "2026-12-01"})).await.problem(Code::NotFound);
        new.principal.post("/transfers", &json!({"to_school_id": new.school.id, "wished_on": "2026-12-01"})).await.field("/personal_id", Code::FieldRequired);
        old.principal.post("/transfers", &ask).await.problem(Code::NotFound);
        old.principal.post("/transfers", &json!({"learner_id": child, "to_school_id": old.school.id, "wished_on": "2026-12-01"})).await.field("/to_school_id", Code::FieldChoice);
        let transfer: Transfer = app.at(Role::Clerk, &new.school).await.post("/transfers", &ask).await.status(201).ok();
        assert_eq!(transfer.asked_by, TransferAsker::Receiving);
        let clerk = app.at(Role::Clerk, &new.school).await;
        clerk.post(&format!("/transfers/{}/answer", transfer.id), &json!({"accept": true})).await.problem(Code::Forbidden);
        step(&new.principal, &transfer, "answer", json!({"accept": true})).await;
        let place = json!({"class_id": new.class.id, "enrolled_on": "2026-11-24"});
        clerk.post(&format!("/transfers/{}/placement", transfer.id), &place).await.problem(Code::TransferState);
        let released = step(&old.principal, &transfer, "release", json!({"moved_on": "2026-11-23", "note": "Đã gửi hồ sơ"})).await;
        assert_eq!((released.state, released.clock.unwrap().days), (TransferState::Released, 5));
        old.principal.post(&format!("/transfers/{}/placement", transfer.id), &place).await.problem(Code::NotFound);
        let placed = step(&clerk, &transfer, "placement", place).await;
        assert_eq!((placed.state, placed.class_name.as_deref()), (TransferState::Placed, Some("6B")));
        clerk.get(&format!("/transfers/{}", uuid::Uuid::now_v7())).await.problem(Code::NotFound);
    }

    async fn what_is_late_shows(app: TestApp) {
        let (old, new) = rooms(&app).await;
        let late = asked(&old.principal, old.learners[0], &new).await;
        asked(&old.principal, old.learners[1], &new).await;
        let mut update = Query::update();
        update.table("transfer").value("due_on", crate::harness::day("2026-11-02")).and_where(Expr::col("id").eq(late.id.0));
        app.db.migrator().execute(&update).await.unwrap();
        let tally: TransferTally = new.principal.get("/transfers/tally").await.ok();
        assert_eq!((tally.requested, tally.accepted, tally.overdue), (2, 0, 1));
        let list: Page<Transfer> = new.principal.get("/transfers?overdue=true&open=true").await.ok();
        assert_eq!(list.items.len(), 1);
        let clock = list.items[0].clock.as_ref().unwrap();
        assert!(clock.overdue && clock.days_left < 0, "{clock:?}");
        let coming = async |actor: &Actor, query: &str| actor.get(&format!("/transfers?{query}")).await.ok::<Page<Transfer>>().items.len();
        assert_eq!(coming(&new.principal, &format!("school_id={}&side=in", new.school.id)).await, 2);
        assert_eq!(coming(&new.principal, &format!("school_id={}&side=out", new.school.id)).await, 0);
        assert_eq!(coming(&new.principal, "state=accepted").await, 0);
        assert_eq!(coming(&new.principal, &format!("learner_id={}", old.learners[1])).await, 1);
        let first: Page<Transfer> = new.principal.get("/transfers?limit=1").await.ok();
        let rest: Page<Transfer> = new.principal.get(&format!("/transfers?limit=1&after={}", first.next.unwrap())).await.ok();
        assert_eq!(rest.items[0].id, late.id);
        let elsewhere = app.principal(&old.school).await;
        assert_eq!(coming(&elsewhere, "").await, 2);
        app.at(Role::Nurse, &old.school).await.get("/transfers").await.problem(Code::Forbidden);
    }
}
