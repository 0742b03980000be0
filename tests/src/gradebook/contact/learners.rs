//! A learner's own feed (TT 15/2026 Đ.22 k.2): what concerns oneself, and nothing of another child or of the family alone.

use super::*;
use dto::Code;

async fn seen(actor: &Actor, notices: &[dto::NoticeId]) {
    actor.post("/me/feed/seen", &json!({ "notices": notices })).await.done();
}

both_engines! {
    async fn a_learner_reads_what_concerns_oneself(app: TestApp) {
        let room = room(&app).await;
        let next_door = room_in(&app, &app.world.school_a, "6A2").await;
        let (child, friend) = (app.learner_account(room.learners[0]).await, app.learner_account(room.learners[1]).await);
        let mother = app.guardian(&room.learners[..2]).await;
        let sent = send(&room.homeroom, &room, to_class(&room), "Lao động vệ sinh").await;
        send(&next_door.homeroom, &next_door, to_class(&next_door), "Của lớp khác").await;
        let fee = PostNotice { kind: EventKind::Fee, ..notice(&room, to_class(&room), "Bảo hiểm y tế") };
        room.homeroom.post("/notices", &fee).await.ok::<Notice>();
        // An answer to a request for leave is the family's; the absence of a friend is the friend's.
        let day = kernel::clock::today();
        let leave: dto::contact::LeaveRequest = mother
            .post(&format!("/me/children/{}/leave-requests", room.learners[0]), &json!({"from_on": day, "to_on": day, "sessions": "day", "reason": "Cháu bị sốt"}))
            .await
            .ok();
        let answer = format!("/classes/{}/leave-requests/{}/answer", room.class.id, leave.id);
        room.homeroom.post(&answer, &json!({"accept": true})).await.ok::<dto::contact::LeaveRequest>();
        assert_eq!(titles(&child).await, ["Lao động vệ sinh"]);
        assert_eq!(titles(&mother).await.len(), 3);

        let item = feed(&child).await.remove(0);
        assert_eq!(item.children.iter().map(|c| c.learner_id).collect::<Vec<_>>(), [room.learners[0]]);
        assert_eq!(item.read_at, None);
        seen(&child, &[sent.id]).await;
        seen(&child, &[sent.id]).await;
        assert!(feed(&child).await[0].read_at.is_some());
        // The receipt is the learner's own: not the friend's, and none of the families that are counted.
        assert!(feed(&friend).await[0].read_at.is_none());
        assert_eq!(room.homeroom.get(&format!("/notices/{}", sent.id)).await.ok::<Notice>().read, 0);
        seen(&mother, &[sent.id]).await;
        assert_eq!(room.homeroom.get(&format!("/notices/{}", sent.id)).await.ok::<Notice>().read, 1);
    }

    async fn results_are_told_to_the_learner_too(app: TestApp) {
        let room = room(&app).await;
        room.complete(&app, Term::S1).await;
        let child = app.learner_account(room.learners[0]).await;
        room.close(Term::S1).await;
        let told = feed(&child).await;
        assert_eq!(told.iter().map(|item| item.kind).collect::<Vec<_>>(), [EventKind::Result]);
        assert_eq!(told[0].children.len(), 1);
    }

    async fn a_learner_has_nothing_of_another(app: TestApp) {
        let room = room(&app).await;
        let child = app.learner_account(room.learners[0]).await;
        child.get(&format!("/me/feed?learner_id={}", room.learners[1])).await.problem(Code::NotFound);
        child.get(&format!("/me/feed?learner_id={}", room.learners[0])).await.ok::<Page<FeedItem>>();
        // What a guardian has besides is not a learner's.
        for path in ["/me/leave-requests", "/me/contact-preferences", "/threads", "/contacts"] {
            child.get(path).await.problem(Code::Forbidden);
        }
        // A notice that is not theirs leaves no receipt.
        let far = room_in(&app, &app.world.school_b, "6B").await;
        let sent = send(&far.homeroom, &far, to_class(&far), "Của trường khác").await;
        seen(&child, &[sent.id]).await;
        use sea_orm::ConnectionTrait;
        use sea_orm::sea_query::Query;
        let mut all = Query::select();
        all.column("notice_id").from("learner_receipt");
        assert!(app.db.migrator().query_all(&all).await.unwrap().is_empty());
    }
}
