use super::*;
use dto::Code;
use dto::access::Role;
use dto::contact::{Contact, Message, MessageReport, Side, ThreadDetail};

async fn detail(actor: &Actor, thread: &Thread) -> ThreadDetail {
    actor.get(&format!("/threads/{}", thread.id)).await.ok()
}

both_engines! {
    async fn a_family_and_a_teacher_write_to_each_other(app: TestApp) {
        let room = room(&app).await;
        let mother = app.guardian(&room.learners[..1]).await;
        let father = app.guardian(&room.learners[..1]).await;
        let contacts = mother.get("/contacts").await.ok::<Page<Contact>>().items;
        let found: Vec<_> = contacts.iter().map(|c| (c.subject_code.as_deref(), c.people.len())).collect();
        assert_eq!(found, [(None, 1), (Some("TOAN"), 1)]);
        let with = thread(&mother, &room, room.learners[0], None).await;
        assert_eq!(thread(&room.homeroom, &room, room.learners[0], None).await.id, with.id);
        // Nothing is listed before a word was said.
        assert!(mother.get("/threads").await.ok::<Page<Thread>>().items.is_empty());
        write(&mother, &with, "Thưa cô, cháu bị sốt.").await;
        let listed = room.homeroom.get(&format!("/threads?class_id={}", room.class.id)).await.ok::<Page<Thread>>().items;
        assert_eq!((listed.len(), listed[0].unread, listed[0].last_text.as_str()), (1, 1, "Thưa cô, cháu bị sốt."));
        assert_eq!((listed[0].learner_name.as_str(), listed[0].class_name.as_str()), ("Nguyễn Thị Ánh", "6A1"));
        room.homeroom.put_bare(&format!("/threads/{}/state", with.id), &json!({"seen_seq": 1, "muted": false})).await.ok::<Thread>();
        let seen = detail(&mother, &with).await;
        assert_eq!((seen.seen_seq, seen.messages[0].mine, seen.messages[0].side), (1, true, Side::Family));
        write(&room.homeroom, &with, "Cảm ơn chị, cháu nghỉ nhé.").await;
        // The other parent is in the same thread.
        let seen = detail(&father, &with).await;
        assert_eq!(seen.messages.iter().map(|m| (m.seq, m.side, m.mine)).collect::<Vec<_>>(), [(1, Side::Family, false), (2, Side::Staff, false)]);
        assert_eq!(seen.thread.unread, 2);
        let mine = mother.get("/threads").await.ok::<Page<Thread>>().items;
        assert_eq!((mine[0].unread, mine[0].teachers.len()), (1, 1));
        let earlier: ThreadDetail = father.get(&format!("/threads/{}?before=2", with.id)).await.ok();
        assert_eq!(earlier.messages.len(), 1);
        // What was written is not in the log.
        let log = app.audit(Some(room.school.id)).await;
        let sent: Vec<_> = log.iter().filter(|e| e.verb == "message.sent").collect();
        assert_eq!(sent.len(), 2);
        assert!(sent.iter().all(|e| !e.after.as_deref().unwrap().contains("sốt")));
    }

    async fn a_message_sent_again_is_the_same(app: TestApp) {
        let room = room(&app).await;
        let mother = app.guardian(&room.learners[..1]).await;
        let with = thread(&mother, &room, room.learners[0], Some("TOAN")).await;
        let path = format!("/threads/{}/messages", with.id);
        let body = json!({"body": "Cháu hỏi bài 3.", "client_key": "draft-0001"});
        let first: Message = mother.post(&path, &body).await.ok();
        let again: Message = mother.post(&path, &body).await.ok();
        assert_eq!((first.seq, first.sent_at), (again.seq, again.sent_at));
        assert_eq!(detail(&room.teacher, &with).await.messages.len(), 1);
        mother.post(&path, &json!({"body": "  ", "client_key": "draft-0002"})).await.field("/body", Code::FieldRequired);
        mother.post(&path, &json!({"body": "x".repeat(4001), "client_key": "draft-0003"})).await.field("/body", Code::FieldLength);
    }

    async fn many_messages_at_once_each_get_a_number(app: TestApp) {
        let room = room(&app).await;
        let mother = app.guardian(&room.learners[..1]).await;
        let with = thread(&mother, &room, room.learners[0], None).await;
        let texts: Vec<String> = (0..12).map(|n| format!("Tin {n}")).collect();
        let sent = futures::future::join_all(texts.iter().enumerate().map(|(n, text)| {
            let actor = if n % 2 == 0 { &mother } else { &room.homeroom };
            write(actor, &with, text)
        })).await;
        let mut numbers: Vec<_> = sent.iter().map(|m| m.seq).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    }

    async fn only_participants_see_a_thread(app: TestApp) {
        let room = room(&app).await;
        let next_door = room_in(&app, &app.world.school_a, "6A2").await;
        let mother = app.guardian(&room.learners[..1]).await;
        let homeroom = thread(&mother, &room, room.learners[0], None).await;
        let maths = thread(&mother, &room, room.learners[0], Some("TOAN")).await;
        write(&mother, &homeroom, "Riêng với cô chủ nhiệm").await;
        let stranger = app.guardian(&room.learners[1..2]).await;
        let literature = app.teacher(&room.class, "NGU_VAN").await;
        for actor in [&stranger, &literature, &room.teacher, &next_door.homeroom] {
            actor.get(&format!("/threads/{}", homeroom.id)).await.problem(Code::NotFound);
            let body = json!({"body": "Chào", "client_key": "draft-0001"});
            actor.post(&format!("/threads/{}/messages", homeroom.id), &body).await.problem(Code::NotFound);
            actor.put_bare(&format!("/threads/{}/state", homeroom.id), &json!({"seen_seq": 1, "muted": true})).await.problem(Code::NotFound);
            actor.post(&format!("/threads/{}/messages/1/reports", homeroom.id), &json!({"reason": "Không đúng"})).await.problem(Code::NotFound);
            assert!(actor.get("/threads").await.ok::<Page<Thread>>().items.is_empty());
        }
        room.homeroom.get(&format!("/threads/{}", maths.id)).await.problem(Code::NotFound);
        // Nor can they open one that is not theirs.
        let open = |subject: Option<&str>| json!({"learner_id": room.learners[0], "class_id": room.class.id, "subject_code": subject});
        stranger.post("/threads", &open(None)).await.problem(Code::NotFound);
        literature.post("/threads", &open(Some("TOAN"))).await.problem(Code::NotFound);
        room.teacher.post("/threads", &open(None)).await.problem(Code::NotFound);
        next_door.homeroom.post("/threads", &open(None)).await.problem(Code::NotFound);
        // Who leads the school has no thread of theirs either.
        for role in [Role::Principal, Role::Deputy, Role::Clerk, Role::Nurse] {
            app.at(role, &room.school).await.get(&format!("/threads/{}", homeroom.id)).await.problem(Code::Forbidden);
        }
    }

    async fn a_new_homeroom_teacher_takes_the_threads_over(app: TestApp) {
        let room = room(&app).await;
        let mother = app.guardian(&room.learners[..1]).await;
        let with = thread(&mother, &room, room.learners[0], None).await;
        write(&mother, &with, "Thưa cô").await;
        let next = app.homeroom(&room.class).await;
        assert_eq!(detail(&next, &with).await.messages.len(), 1);
        room.homeroom.get(&format!("/threads/{}", with.id)).await.problem(Code::NotFound);
    }

    async fn who_left_the_class_is_written_to_no_more(app: TestApp) {
        let room = room(&app).await;
        let mother = app.guardian(&room.learners[..1]).await;
        let with = thread(&mother, &room, room.learners[0], None).await;
        write(&mother, &with, "Cháu chuyển trường").await;
        room.principal.delete(&format!("/classes/{}/members/{}?left_on=2026-09-10", room.class.id, room.learners[0])).await.done();
        let body = json!({"body": "Chào em", "client_key": "draft-0001"});
        room.homeroom.post(&format!("/threads/{}/messages", with.id), &body).await.problem(Code::LearnerLeft);
        assert_eq!(detail(&mother, &with).await.messages.len(), 1);
    }

    async fn a_learner_without_guardians_has_nobody_to_write_to(app: TestApp) {
        let room = room(&app).await;
        let body = json!({"learner_id": room.learners[0], "class_id": room.class.id});
        room.homeroom.post("/threads", &body).await.problem(Code::NoGuardian);
    }

    async fn the_school_reads_a_reported_thread_only_with_a_reason_that_is_kept(app: TestApp) {
        let room = room(&app).await;
        let mother = app.guardian(&room.learners[..1]).await;
        let with = thread(&mother, &room, room.learners[0], None).await;
        write(&room.homeroom, &with, "Lời không hay").await;
        let path = format!("/threads/{}/reviews", with.id);
        mother.post(&format!("/threads/{}/messages/2/reports", with.id), &json!({"reason": "Xúc phạm cháu"})).await.problem(Code::NotFound);
        for _ in 0..2 {
            mother.post(&format!("/threads/{}/messages/1/reports", with.id), &json!({"reason": "Xúc phạm cháu"})).await.done();
        }
        let reports = room.principal.get("/message-reports").await.ok::<Page<MessageReport>>().items;
        assert_eq!(reports.len(), 1);
        assert_eq!((reports[0].seq, reports[0].reason.as_str(), reports[0].learner_name.as_str()), (1, "Xúc phạm cháu", "Nguyễn Thị Ánh"));

        room.principal.post(&path, &json!({})).await.field("/reason", Code::FieldRequired);
        room.principal.post(&path, &json!({"reason": "        "})).await.field("/reason", Code::FieldRequired);
        let read: ThreadDetail = room.principal.post(&path, &json!({"reason": "Phụ huynh báo xúc phạm"})).await.ok();
        assert_eq!(read.messages[0].body, "Lời không hay");
        let log = app.audit(Some(room.school.id)).await;
        let looks: Vec<_> = log.iter().filter(|e| e.verb == "thread.reviewed").collect();
        assert_eq!(looks.len(), 1);
        assert!(looks[0].after.as_deref().unwrap().contains("Phụ huynh báo xúc phạm") && looks[0].account_id.is_some());
        // Neither another school's principal nor who keeps the office.
        app.principal(&app.world.school_b).await.post(&path, &json!({"reason": "Tò mò thôi"})).await.problem(Code::NotFound);
        app.at(Role::Clerk, &room.school).await.post(&path, &json!({"reason": "Tò mò thôi"})).await.problem(Code::Forbidden);
        room.homeroom.get("/message-reports").await.problem(Code::Forbidden);
        let resolve = format!("/message-reports/{}/resolve", reports[0].id);
        app.principal(&app.world.school_b).await.post(&resolve, &json!({"reason": "Không rõ"})).await.problem(Code::NotFound);
        let done: MessageReport = room.principal.post(&resolve, &json!({"reason": "Đã nhắc nhở giáo viên"})).await.ok();
        assert!(done.resolved_at.is_some());
        room.principal.post(&resolve, &json!({"reason": "Lần nữa đây"})).await.problem(Code::ReportResolved);
        assert!(app.principal(&app.world.school_b).await.get("/message-reports").await.ok::<Page<MessageReport>>().items.is_empty());
    }
}
