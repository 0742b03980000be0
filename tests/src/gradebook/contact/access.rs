//! Who may not see a row is told that there is none.

use super::*;
use crate::harness::Reply;
use dto::Code;
use dto::access::{Permission, Role};
use dto::identity::Person;

async fn ask(actor: &Actor, room: &Room, notice: &Notice, thread: &Thread) -> Vec<(&'static str, Permission, Reply)> {
    let (class, learner) = (room.class.id, room.learners[0]);
    let leave = json!({"from_on": "2026-10-12", "to_on": "2026-10-12", "sessions": "day", "reason": "Cháu bị sốt"});
    let post = super::notice(room, to_class(room), "Chen vào");
    let school = super::notice(room, NoticeTarget::School, "Chen vào");
    let open = json!({"learner_id": learner, "class_id": class});
    let message = json!({"body": "Chào", "client_key": "draft-0001"});
    let reason = json!({"reason": "Tò mò thôi"});
    let (n, t) = (format!("/notices/{}", notice.id), format!("/threads/{}", thread.id));
    use Permission::*;
    vec![
        ("notice", NoticeWrite, actor.get(&n).await),
        ("readers", NoticeWrite, actor.get(&format!("{n}/readers")).await),
        ("recall", NoticeWrite, actor.delete(&n).await),
        ("to the class", NoticeWrite, actor.post("/notices", &post).await),
        ("to the school", NoticeWrite, actor.post("/notices", &school).await),
        ("class adoption", NoticeWrite, actor.get(&format!("/classes/{class}/contact-adoption")).await),
        ("school adoption", NoticeWrite, actor.get(&format!("/units/{}/contact-adoption", room.school.id)).await),
        ("feed of a child", ContactFeed, actor.get(&format!("/me/feed?learner_id={learner}")).await),
        ("leave", ContactFamily, actor.post(&format!("/me/children/{learner}/leave-requests"), &leave).await),
        ("leave of a class", LeaveAnswer, actor.get(&format!("/classes/{class}/leave-requests")).await),
        ("open", ContactThread, actor.post("/threads", &open).await),
        ("thread", ContactThread, actor.get(&t).await),
        ("write", ContactThread, actor.post(&format!("{t}/messages"), &message).await),
        ("state", ContactThread, actor.put_bare(&format!("{t}/state"), &json!({"seen_seq": 1, "muted": true})).await),
        ("report", ContactThread, actor.post(&format!("{t}/messages/1/reports"), &reason).await),
        ("review", ContactReview, actor.post(&format!("{t}/reviews"), &reason).await),
    ]
}

both_engines! {
    async fn nobody_reaches_another_school(app: TestApp) {
        let room = room(&app).await;
        let other = room_in(&app, &app.world.school_b, "6B").await;
        let mother = app.guardian(&room.learners[..1]).await;
        let sent = send(&room.homeroom, &room, to_class(&room), "Họp phụ huynh").await;
        let with = thread(&mother, &room, room.learners[0], None).await;
        write(&mother, &with, "Thưa cô").await;
        let staff = app.staff(other.school.id, "Ngô Văn Khác").await;
        let mut actors = vec![
            (Role::HomeroomTeacher, other.homeroom.clone()),
            (Role::SubjectTeacher, other.teacher.clone()),
            (Role::UnitOfficer, app.officer(app.world.commune_b).await),
            (Role::Guardian, app.guardian(&other.learners).await),
            (Role::Learner, app.learner_account(other.learners[0]).await),
        ];
        for role in [Role::Principal, Role::Deputy, Role::Clerk, Role::Nurse, Role::Accountant, Role::ProvinceAdmin] {
            actors.push((role, app.actor(Some(Person::Staff(staff)), &[(role, Some(other.school.id))]).await));
        }
        assert_eq!(actors.len(), Role::ALL.len());
        for (role, actor) in actors {
            for (what, permission, reply) in ask(&actor, &room, &sent, &with).await {
                let expected = if role.permissions().contains(&permission) { Code::NotFound } else { Code::Forbidden };
                assert_eq!(reply.status.as_u16(), expected.status(), "{role} {what}: {}", reply.text());
                reply.problem(expected);
            }
        }
        assert_eq!(feed(&mother).await.len(), 1);
    }

    async fn a_homeroom_teacher_has_the_own_class_alone(app: TestApp) {
        let room = room(&app).await;
        let next_door = room_in(&app, &app.world.school_a, "6A2").await;
        let mother = app.guardian(&room.learners[..1]).await;
        let sent = send(&room.homeroom, &room, to_class(&room), "Họp phụ huynh").await;
        let with = thread(&mother, &room, room.learners[0], None).await;
        write(&mother, &with, "Thưa cô").await;
        for (what, permission, reply) in ask(&next_door.homeroom, &room, &sent, &with).await {
            // The counts of the school show a homeroom teacher the own class.
            if what == "school adoption" {
                let counts = reply.ok::<Page<dto::contact::ClassAdoption>>().items;
                assert_eq!(counts.iter().map(|c| c.class_id).collect::<Vec<_>>(), [next_door.class.id]);
                continue;
            }
            let expected = if Role::HomeroomTeacher.permissions().contains(&permission) { 404 } else { 403 };
            assert_eq!(reply.status.as_u16(), expected, "{what}: {}", reply.text());
        }
        // To the whole school or a grade only who leads it or keeps its office.
        let school = super::notice(&room, NoticeTarget::School, "Toàn trường");
        room.homeroom.post("/notices", &school).await.problem(Code::NotFound);
    }

    async fn who_left_the_class_hears_no_more_of_it(app: TestApp) {
        let room = room(&app).await;
        let mother = app.guardian(&room.learners[..1]).await;
        use sea_orm::ConnectionTrait;
        use sea_orm::sea_query::{Expr, ExprTrait, Query};
        let mut leave = Query::update();
        leave.table("enrolment").value("left_on", crate::harness::day("2020-09-10")).and_where(Expr::col("learner_id").eq(room.learners[0].0));
        app.db.migrator().execute(&leave).await.unwrap();
        let sent = send(&room.homeroom, &room, to_class(&room), "Sau khi chuyển").await;
        assert!(feed(&mother).await.is_empty());
        assert_eq!(sent.recipients, 0);
    }
}
