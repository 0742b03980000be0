use super::*;
use dto::gradebook::{Todo, TodoKind};

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
            cell(room.learners[1], Slot::Final, Some(CellValue::Exempt), 0),
            // Absent, and not made up: still to do.
            cell(room.learners[2], Slot::Final, Some(CellValue::Absent), 0),
        ])
        .await;
        assert_eq!(todos(&room.teacher).await[0].missing, 16);
        room.fill(&app, Term::S1, |_, _, _| 800).await;
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
}
