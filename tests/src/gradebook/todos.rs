use super::*;
use dto::Code;
use dto::gradebook::{ClassProgress, TermState, Todo, TodoKind};

/// To-dos of the first term; the second may have begun too, by the day of the test.
async fn todos(actor: &Actor) -> Vec<Todo> {
    let all = actor.get("/me/todos").await.ok::<Page<Todo>>().items;
    all.into_iter().filter(|t| t.term == Term::S1).collect()
}

both_engines! {
    async fn a_teacher_sees_the_marks_that_are_missing(app: TestApp) {
        let room = room(&app).await;
        let found = todos(&room.teacher).await;
        assert_eq!(found.len(), 1);
        let todo = &found[0];
        assert_eq!((todo.kind, todo.subject_code.as_deref(), todo.class_id, todo.missing), (TodoKind::Marks, Some("TOAN"), room.class.id, 18));
        assert_eq!(todo.due_on, Some(crate::harness::day("2027-01-15")));
        room.save(vec![
            cell(room.learners[0], Slot::Final, score(700), 0),
            // Exempt from one column alone is none of the circular's exemptions: closing asks for it, and so does the list.
            cell(room.learners[1], Slot::Final, Some(CellValue::Exempt), 0),
            // Absent, and not made up: still to do.
            cell(room.learners[2], Slot::Final, Some(CellValue::Absent), 0),
        ])
        .await;
        assert_eq!(todos(&room.teacher).await[0].missing, 17);
        room.fill(&app, Term::S1, |_, _, _| 800).await;
        assert_eq!(todos(&room.teacher).await[0].missing, 2);
        let exempt = room.cell(room.learners[1], Slot::Final).await;
        room.save(vec![cell(room.learners[1], Slot::Final, score(700), exempt.1)]).await;
        let absent = room.cell(room.learners[2], Slot::Final).await;
        room.save(vec![cell(room.learners[2], Slot::Final, score(500), absent.1)]).await;
        assert!(todos(&room.teacher).await.is_empty());
    }

    async fn the_homeroom_teacher_assesses_and_closes(app: TestApp) {
        let room = room(&app).await;
        let kinds = |todos: &[Todo]| todos.iter().map(|t| (t.kind, t.missing)).collect::<Vec<_>>();
        assert!(kinds(&todos(&room.homeroom).await).contains(&(TodoKind::Conduct, 3)));
        room.complete(&app, Term::S1).await;
        assert_eq!(kinds(&todos(&room.homeroom).await), [(TodoKind::Close, 0)]);
        assert_eq!(kinds(&todos(&room.principal).await), [(TodoKind::Close, 0)]);
        // Another school's principal has nothing to do with it, nor has who only looks.
        assert!(todos(&app.principal(&app.world.school_b).await).await.is_empty());
        assert!(todos(&app.officer(app.world.commune_a).await).await.is_empty());
        room.close(Term::S1).await;
        assert!(todos(&room.homeroom).await.is_empty());
        assert!(todos(&room.principal).await.is_empty());
    }

    async fn a_school_sees_how_far_its_classes_are(app: TestApp) {
        let room = room(&app).await;
        let other = room_in(&app, &app.world.school_a, "6A2").await;
        let path = format!("/units/{}/progress?term=1", room.school.id);
        let read = async |actor: &Actor| actor.get(&path).await.ok::<Page<ClassProgress>>().items;
        let found = read(&room.principal).await;
        let names: Vec<_> = found.iter().map(|p| p.class_name.as_str()).collect();
        assert_eq!(names, [room.class.name.as_str(), other.class.name.as_str()]);
        assert_eq!((found[0].learners, found[0].filled, found[0].state), (3, 0, TermState::Open));
        let needed = found[0].needed;
        room.save(vec![cell(room.learners[0], Slot::Final, score(700), 0)]).await;
        assert_eq!(read(&room.principal).await[0].filled, 1);
        room.complete(&app, Term::S1).await;
        assert_eq!(read(&room.principal).await[0].filled, needed);
        room.close(Term::S1).await;
        let found = read(&room.principal).await;
        assert_eq!((found[0].state, found[0].filled, found[1].filled), (TermState::Closed, needed, 0));
        // Who looks after the school from above sees it; another commune, another school and a commune as such are not found.
        assert_eq!(read(&app.officer(app.world.commune_a).await).await.len(), 2);
        app.officer(app.world.commune_b).await.get(&path).await.problem(Code::NotFound);
        app.principal(&app.world.school_b).await.get(&path).await.problem(Code::NotFound);
        app.province_admin().await.get(&format!("/units/{}/progress", app.world.commune_a)).await.problem(Code::NotFound);
        // A homeroom teacher reads one class of it at most; who teaches a subject reads none.
        let reply = room.homeroom.get(&path).await;
        if reply.status == 200 {
            assert_eq!(reply.ok::<Page<ClassProgress>>().items.len(), 1);
        } else {
            reply.problem(Code::NotFound);
        }
        room.teacher.get(&path).await.problem(Code::Forbidden);
    }
}
