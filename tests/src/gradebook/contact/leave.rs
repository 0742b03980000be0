use super::*;
use dto::Code;
use dto::contact::{LeaveRequest, LeaveState};

fn request(from: &str, to: &str) -> serde_json::Value {
    json!({"from_on": from, "to_on": to, "sessions": "day", "reason": "Cháu bị sốt xuất huyết"})
}

both_engines! {
    async fn a_request_is_answered_and_the_family_told(app: TestApp) {
        use gradebook::contact_book::leave::granted_in;
        let room = room(&app).await;
        let mother = app.guardian(&room.learners[..1]).await;
        let path = format!("/me/children/{}/leave-requests", room.learners[0]);
        let asked: LeaveRequest = mother.post(&path, &request("2026-10-12", "2026-10-14")).await.ok();
        assert_eq!((asked.state, asked.class_name.as_str(), asked.guardian_name.as_str()), (LeaveState::Sent, "6A1", "Lý Thị Hoa"));
        let of_class = format!("/classes/{}/leave-requests", room.class.id);
        let waiting = room.homeroom.get(&of_class).await.ok::<Page<LeaveRequest>>().items;
        assert_eq!(waiting, std::slice::from_ref(&asked));
        let answer = format!("{of_class}/{}/answer", asked.id);
        let answered: LeaveRequest = room.homeroom.post(&answer, &json!({"accept": true, "answer": "Chúc cháu mau khoẻ"})).await.ok();
        assert_eq!((answered.state, answered.answer.as_deref()), (LeaveState::Accepted, Some("Chúc cháu mau khoẻ")));
        room.homeroom.post(&answer, &json!({"accept": false})).await.problem(Code::LeaveAnswered);
        mother.post_empty(&format!("/me/leave-requests/{}/withdraw", asked.id)).await.problem(Code::LeaveAnswered);
        assert_eq!(mother.get("/me/leave-requests").await.ok::<Page<LeaveRequest>>().items[0].state, LeaveState::Accepted);
        let item = &feed(&mother).await[0];
        assert_eq!((item.kind, item.title.as_str()), (EventKind::Leave, "Giáo viên đồng ý cho Ánh nghỉ học"));
        assert!(item.body.contains("từ 12/10/2026 đến 14/10/2026") && item.body.ends_with("Chúc cháu mau khoẻ"));
        // For the roll of absences: it counts as permitted.
        let day = crate::harness::day;
        let found = granted_in(app.db.read(), room.school.id, room.class.id, day("2026-10-14"), day("2026-10-20")).await.unwrap();
        assert_eq!(found.iter().map(|leave| leave.learner_id).collect::<Vec<_>>(), [room.learners[0]]);
        assert!(granted_in(app.db.read(), room.school.id, room.class.id, day("2026-10-15"), day("2026-10-20")).await.unwrap().is_empty());
    }

    async fn a_request_can_be_withdrawn_by_the_family_alone(app: TestApp) {
        let room = room(&app).await;
        let (mother, stranger) = (app.guardian(&room.learners[..1]).await, app.guardian(&room.learners[1..2]).await);
        let path = format!("/me/children/{}/leave-requests", room.learners[0]);
        let asked: LeaveRequest = mother.post(&path, &request("2026-10-12", "2026-10-12")).await.ok();
        let withdraw = format!("/me/leave-requests/{}/withdraw", asked.id);
        stranger.post_empty(&withdraw).await.problem(Code::NotFound);
        stranger.post(&path, &request("2026-10-12", "2026-10-12")).await.problem(Code::NotFound);
        assert!(stranger.get("/me/leave-requests").await.ok::<Page<LeaveRequest>>().items.is_empty());
        let gone: LeaveRequest = mother.post_empty(&withdraw).await.ok();
        assert_eq!(gone.state, LeaveState::Withdrawn);
        let answer = format!("/classes/{}/leave-requests/{}/answer", room.class.id, asked.id);
        room.homeroom.post(&answer, &json!({"accept": true})).await.problem(Code::LeaveAnswered);
    }

    async fn only_the_homeroom_teacher_answers(app: TestApp) {
        let room = room(&app).await;
        let next_door = room_in(&app, &app.world.school_a, "6A2").await;
        let mother = app.guardian(&room.learners[..1]).await;
        let asked: LeaveRequest =
            mother.post(&format!("/me/children/{}/leave-requests", room.learners[0]), &request("2026-10-12", "2026-10-12")).await.ok();
        let of_class = format!("/classes/{}/leave-requests", room.class.id);
        let answer = |class: dto::ClassId| format!("/classes/{class}/leave-requests/{}/answer", asked.id);
        next_door.homeroom.get(&of_class).await.problem(Code::NotFound);
        next_door.homeroom.post(&answer(room.class.id), &json!({"accept": true})).await.problem(Code::NotFound);
        // Nor through a class of one's own.
        next_door.homeroom.post(&answer(next_door.class.id), &json!({"accept": true})).await.problem(Code::NotFound);
        for actor in [&room.teacher, &room.principal] {
            actor.get(&of_class).await.problem(Code::Forbidden);
            actor.post(&answer(room.class.id), &json!({"accept": true})).await.problem(Code::Forbidden);
        }
    }

    async fn what_is_wrong_is_refused(app: TestApp) {
        let room = room(&app).await;
        let mother = app.guardian(&room.learners[..1]).await;
        let path = format!("/me/children/{}/leave-requests", room.learners[0]);
        mother.post(&path, &request("2026-10-12", "2026-10-11")).await.field("/to_on", Code::DatesReversed);
        mother.post(&path, &request("2026-10-12", "2026-12-11")).await.field("/to_on", Code::FieldRange);
        let body = json!({"from_on": "2026-10-12", "to_on": "2026-10-12", "sessions": "day", "reason": " "});
        mother.post(&path, &body).await.field("/reason", Code::FieldRequired);
    }
}
