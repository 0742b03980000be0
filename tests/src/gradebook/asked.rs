//! What is left to do, who is late and how far a class is: what closing would ask for, and nothing else.

use super::*;
use dto::deadlines::{LateMarks, MarkDeadlines};
use dto::gradebook::{ClassProgress, Todo, TodoKind};
use serde_json::json;

/// What the term of a class lacks, as everybody is told it; once all say the same.
async fn lacks(room: &Room) -> u32 {
    let closing: Closing = room.homeroom.get(&term_path(&room.class, Term::S1, "closing")).await.ok();
    due(room, "2020-01-31").await;
    let late: LateMarks = room.principal.get(&format!("/units/{}/terms/1/late-marks", room.school.id)).await.ok();
    due(room, "2999-01-31").await;
    let progress: Page<ClassProgress> = room.principal.get(&format!("/units/{}/progress?term=1", room.school.id)).await.ok();
    let class = progress.items.iter().find(|one| one.class_id == room.class.id).unwrap();
    let todos: Page<Todo> = room.homeroom.get("/me/todos").await.ok();
    let todo = |kind| {
        todos.items.iter().find(|t| t.term == Term::S1 && t.kind == kind && t.class_id == room.class.id).map(|t| t.missing)
    };
    let conduct = todo(TodoKind::Conduct).unwrap_or(0);
    let marks: u32 = late
        .teachers
        .iter()
        .flat_map(|t| &t.sections)
        .filter(|section| section.class_id == room.class.id)
        .flat_map(|section| &section.groups)
        .map(|group| group.missing)
        .sum();
    assert_eq!((marks + conduct, class.needed - class.filled), (closing.missing_cells, closing.missing_cells));
    assert!(todo(TodoKind::Close).is_none_or(|missing| missing == closing.missing_cells));
    // Whoever teaches is told of the sheet as the list of late marks is.
    let own: Page<Todo> = room.teacher.get("/me/todos").await.ok();
    let own: u32 = own.items.iter().filter(|t| t.term == Term::S1 && t.kind == TodoKind::Marks).map(|t| t.missing).sum();
    let maths = closing.missing.iter().find(|part| part.subject_code.as_deref() == Some("TOAN"));
    let maths = maths.map_or(0, |part| part.learners.iter().map(|l| u32::try_from(l.slots.len()).unwrap()).sum());
    assert_eq!(own, maths);
    closing.missing_cells
}

/// Everything of the term was due long ago, or is due one day.
async fn due(room: &Room, day: &str) {
    let path = format!("/units/{}/terms/1/mark-deadlines", room.school.id);
    let now: MarkDeadlines = room.principal.get(&path).await.ok();
    room.principal.put(&path, now.version, &json!({"regular": day, "midterm": day, "final": day})).await.ok::<MarkDeadlines>();
}

async fn subjects_with(room: &Room, change: impl Fn(&ClassSubject, &mut serde_json::Value)) {
    let subjects = room.subjects().await;
    let subjects = subjects.iter().map(|s| {
        let teachers: Vec<_> = s.teachers.iter().map(|t| t.id).collect();
        let mut one =
            json!({"subject_code": s.subject_code, "whole_class": s.whole_class, "topics": s.topics, "teacher_ids": teachers});
        change(s, &mut one);
        one
    });
    let body = json!({ "subjects": subjects.collect::<Vec<_>>() });
    room.principal.put_bare(&format!("/classes/{}/subjects", room.class.id), &body).await.ok::<Page<ClassSubject>>();
}

both_engines! {
    async fn a_plan_takes_a_learner_out_of_its_subjects(app: TestApp) {
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        let before = lacks(&room).await;
        room.save(vec![cell(a, Slot::Regular(1), score(800), 0), cell(b, Slot::Regular(1), score(800), 0)]).await;
        assert_eq!(lacks(&room).await, before - 2);
        let path = format!("/classes/{}/individual-plans/{a}", room.class.id);
        let plan = json!({"subject_codes": ["TOAN"], "document": "Kế hoạch số 12/KH-TP ngày 10/09/2026"});
        room.homeroom.put(&path, 0, &plan).await.status(200);
        assert_eq!(lacks(&room).await, before - 2, "a plan that is not approved changes nothing");
        room.principal.post(&format!("{path}/decision"), &json!({"approve": true, "version": 1})).await.status(200);
        // Their six cells are asked of nobody, and the one that they have is no other's.
        assert_eq!(lacks(&room).await, before - 7);
    }

    async fn a_term_at_a_former_school_is_not_asked_for(app: TestApp) {
        let room = room(&app).await;
        let learner = room.learners[2];
        room.save(vec![cell(learner, Slot::Regular(1), score(800), 0)]).await;
        let before = lacks(&room).await;
        let each = (before + 1) / 3;
        let subjects = room.subjects().await;
        let given: Vec<_> = subjects
            .iter()
            .map(|s| json!({"subject_code": s.subject_code, "value": if s.kind == SubjectKind::Score { score(800) } else { Some(CellValue::Pass) }}))
            .collect();
        let body = json!({"from_school": "THCS Lê Lợi", "document": "Học bạ, trang 5", "conduct": "good", "absences": 4, "subjects": given});
        room.homeroom.put(&format!("/classes/{}/former-terms/1/{learner}", room.class.id), 0, &body).await.status(200);
        assert_eq!(lacks(&room).await, 2 * each);
        let progress: Page<ClassProgress> = room.principal.get(&format!("/units/{}/progress?term=1", room.school.id)).await.ok();
        assert_eq!((progress.items[0].learners, progress.items[0].needed), (2, 2 * each));
    }

    async fn a_term_that_was_closed_in_the_class_before_is_not_asked_for(app: TestApp) {
        let (old, new) = (room(&app).await, room_in(&app, &app.world.school_a, "6A2").await);
        old.complete(&app, Term::S1).await;
        old.close(Term::S1).await;
        let before = lacks(&new).await;
        let learner = old.learners[0];
        let body = json!({"learner_id": learner, "enrolled_on": "2026-09-20"});
        new.principal.post(&format!("/classes/{}/members", new.class.id), &body).await.ok::<dto::classes::ClassMember>();
        assert_eq!(lacks(&new).await, before);
        // What is written here stands before what was closed there.
        new.save(vec![cell(learner, Slot::Final, score(800), 0)]).await;
        assert_eq!(lacks(&new).await, before + before / 3 - 1);
    }

    async fn exempt_and_chosen_subjects_are_asked_of_those_who_take_them(app: TestApp) {
        let room = room(&app).await;
        let [a, b, c] = room.learners[..] else { unreachable!() };
        let before = lacks(&room).await;
        let slots = room.sheet("TOAN", Term::S1).await.slots;
        // Exempt from the subject: nothing is asked. Exempt from one column: that one still is.
        let exempt = slots.iter().map(|slot| cell(a, *slot, Some(CellValue::Exempt), 0));
        room.save(exempt.chain([cell(b, Slot::Final, Some(CellValue::Exempt), 0), cell(c, Slot::Final, score(900), 0)]).collect()).await;
        assert_eq!(lacks(&room).await, before - 7);
        // Who does not take it any more is asked for nothing, and what they had is no other's.
        subjects_with(&room, |s, one| {
            if s.subject_code == "TOAN" {
                one["whole_class"] = json!(false);
            }
        })
        .await;
        room.principal.put_bare(&format!("/classes/{}/subjects/TOAN/learners", room.class.id), &json!({"learner_ids": [b]})).await.status(200);
        assert_eq!(lacks(&room).await, before - 12);
    }
}
