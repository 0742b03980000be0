//! The second gate: who may not see a row is told that there is none.

use super::*;
use crate::harness::Reply;
use dto::Code;
use dto::access::{Permission, Role};
use dto::gradebook::ReopenTerm;
use dto::identity::Person;
use serde_json::json;

/// Everything that the gradebook has of a class, with the permission it needs. The writes would succeed or fail for another reason
/// where the row is seen.
async fn ask(actor: &Actor, room: &Room) -> Vec<(&'static str, Permission, Reply)> {
    let class = &room.class;
    let learner = room.learners[0];
    let marks = marks_path(class, "TOAN", Term::S1);
    let cells = typed(vec![cell(learner, Slot::Final, score(100), 0)]);
    let rows = json!({"rows": [{"learner_id": learner, "conduct": "fail", "absences": 9, "version": 0}]});
    let reason = ReopenTerm { reason: "Không có lí do".into() };
    vec![
        ("sheet", Permission::MarkRead, actor.get(&marks).await),
        ("save", Permission::MarkWrite, actor.put_bare(&marks, &cells).await),
        ("history", Permission::MarkRead, actor.get(&format!("{marks}/{learner}/fin/history")).await),
        ("conduct", Permission::MarkRead, actor.get(&term_path(class, Term::S1, "conduct")).await),
        ("put conduct", Permission::ConductWrite, actor.put_bare(&term_path(class, Term::S1, "conduct"), &rows).await),
        ("closing", Permission::ResultRead, actor.get(&term_path(class, Term::S1, "closing")).await),
        ("close", Permission::TermClose, actor.post_empty(&term_path(class, Term::S1, "close")).await),
        ("reopen", Permission::TermReopen, actor.post(&term_path(class, Term::S1, "reopen"), &reason).await),
        ("results", Permission::ResultRead, actor.get(&format!("/classes/{}/results/1", class.id)).await),
        ("report", Permission::ResultRead, actor.get(&format!("/learners/{learner}/report")).await),
        ("child", Permission::FamilyRead, actor.get(&format!("/me/children/{learner}/report")).await),
    ]
}

both_engines! {
    async fn nobody_reaches_another_school(app: TestApp) {
        let room = room(&app).await;
        let other = room_in(&app, &app.world.school_b, "6B").await;
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
            for (what, permission, reply) in ask(&actor, &room).await {
                let expected = if role.permissions().contains(&permission) { Code::NotFound } else { Code::Forbidden };
                assert_eq!(reply.status.as_u16(), expected.status(), "{role} {what}: {}", reply.text());
                reply.problem(expected);
            }
        }
        let sheet = room.sheet("TOAN", Term::S1).await;
        assert!(sheet.rows.iter().all(|row| row.cells.is_empty()));
    }

    async fn teachers_reach_their_own_classes_and_subjects(app: TestApp) {
        let room = room(&app).await;
        let next_door = room_in(&app, &app.world.school_a, "6A2").await;
        let colleague = app.teacher(&room.class, "NGU_VAN").await;
        // The same class, another subject; another class of the same school; homeroom of another class.
        for actor in [&colleague, &next_door.teacher, &next_door.homeroom] {
            for (what, permission, reply) in ask(actor, &room).await {
                let has = match actor.staff_id() == next_door.homeroom.staff_id() {
                    true => Role::HomeroomTeacher.permissions().contains(&permission),
                    false => Role::SubjectTeacher.permissions().contains(&permission),
                };
                let expected = if has { Code::NotFound } else { Code::Forbidden };
                assert_eq!(reply.status.as_u16(), expected.status(), "{what}: {}", reply.text());
            }
        }
        // Their own they reach.
        colleague.get(&marks_path(&room.class, "NGU_VAN", Term::S1)).await.status(200);
        // The homeroom teacher reads every subject of the class and writes none.
        room.homeroom.get(&marks_path(&room.class, "TOAN", Term::S1)).await.status(200);
        let cells = typed(vec![cell(room.learners[0], Slot::Final, score(100), 0)]);
        room.homeroom.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &cells).await.problem(Code::Forbidden);
        room.principal.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &cells).await.problem(Code::Forbidden);
    }

    async fn an_assignment_that_has_ended_gives_nothing(app: TestApp) {
        use sea_orm::ConnectionTrait;
        use sea_orm::sea_query::{Expr, ExprTrait, Query};
        let room = room(&app).await;
        let mut end = Query::update();
        end.table("teaching").value("valid_to", crate::harness::day("2026-09-06")).and_where(Expr::col("staff_id").eq(room.teacher.staff_id().0));
        app.db.migrator().execute(&end).await.unwrap();
        room.teacher.get(&marks_path(&room.class, "TOAN", Term::S1)).await.problem(Code::NotFound);
        let cells = typed(vec![cell(room.learners[0], Slot::Final, score(100), 0)]);
        room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &cells).await.problem(Code::NotFound);
    }

    async fn a_teacher_of_two_schools_teaches_in_both(app: TestApp) {
        let (one, two) = (room(&app).await, room_in(&app, &app.world.school_b, "6B").await);
        let staff = one.teacher.staff_id();
        app.teaches(two.class.id, "TOAN", staff).await;
        let both = [(Role::SubjectTeacher, Some(one.school.id)), (Role::SubjectTeacher, Some(two.school.id))];
        let teacher = app.actor(Some(Person::Staff(staff)), &both).await;
        for room in [&one, &two] {
            let saved = save_as(&teacher, &room.class, vec![cell(room.learners[0], Slot::Final, score(800), 0)]).await;
            assert_eq!(saved[0].outcome, CellResult::Saved);
        }
    }
}
