//! Deadlines, what they lock, opening again, and who is late.

use super::*;
use dto::Code;
use dto::deadlines::{LateMarks, MarkDeadlines, MarkOpening, OpeningState, SlotGroup};
use dto::gradebook::{Todo, TodoKind};
use serde_json::json;

const PAST: &str = "2020-01-31";
const FUTURE: &str = "2999-01-31";

fn path(room: &Room) -> String {
    format!("/units/{}/terms/1/mark-deadlines", room.school.id)
}

async fn set(room: &Room, version: i64, body: serde_json::Value) -> MarkDeadlines {
    room.principal.put(&path(room), version, &body).await.ok()
}

fn openings(room: &Room) -> String {
    format!("/classes/{}/subjects/TOAN/terms/1/mark-openings", room.class.id)
}

async fn ask(room: &Room, groups: &[&str]) -> MarkOpening {
    room.teacher.post(&openings(room), &json!({"groups": groups, "reason": "Tôi nghỉ ốm tuần cuối"})).await.ok()
}

fn decision(room: &Room, opening: &MarkOpening) -> String {
    format!("/units/{}/mark-openings/{}/decision", room.school.id, opening.id)
}

both_engines! {
    async fn a_school_sets_its_deadlines(app: TestApp) {
        let room = room(&app).await;
        let none: MarkDeadlines = room.teacher.get(&path(&room)).await.ok();
        assert_eq!((none.version, none.regular, none.writable), (0, None, false));
        let saved = set(&room, 0, json!({"regular": FUTURE, "final": FUTURE})).await;
        assert_eq!((saved.version, saved.midterm, saved.writable), (1, None, true));
        // The deputy too; with the version that they saw.
        let deputy = app.at(dto::access::Role::Deputy, &room.school).await;
        deputy.put(&path(&room), 0, &json!({})).await.problem(Code::VersionConflict);
        let saved: MarkDeadlines = deputy.put(&path(&room), 1, &json!({"midterm": FUTURE})).await.ok();
        assert_eq!((saved.regular, saved.midterm, saved.version), (None, Some(crate::harness::day(FUTURE)), 2));
        room.principal.put(&path(&room), 2, &json!({"midterm": "0026-01-01"})).await.field("/midterm", Code::FieldFormat);
        room.principal.put(&path(&room), 2, &json!({"midterm": "31/12/2026"})).await.problem(Code::Invalid);
        room.principal.put(&format!("{}?school_year_id={}", path(&room), room.school.id), 2, &json!({})).await.field("school_year_id", Code::FieldChoice);
        // The other term has its own.
        let other: MarkDeadlines = room.principal.get(&path(&room).replace("terms/1", "terms/2")).await.ok();
        assert_eq!(other.version, 0);
        let log = app.audit(Some(room.school.id)).await;
        assert_eq!(log.iter().filter(|e| e.verb == "mark_deadline.set").count(), 2);
    }

    async fn what_is_past_is_locked_column_by_column(app: TestApp) {
        let room = room(&app).await;
        let learner = room.learners[0];
        room.save(vec![cell(learner, Slot::Regular(1), score(800), 0)]).await;
        set(&room, 0, json!({"regular": PAST, "final": FUTURE})).await;
        let sheet: MarkSheet = room.teacher.get(&marks_path(&room.class, "TOAN", Term::S1)).await.ok();
        let locks: Vec<_> = sheet.locks.iter().map(|lock| (lock.group, lock.locked)).collect();
        assert_eq!(locks, [(SlotGroup::Regular, true), (SlotGroup::Final, false)]);
        assert!(sheet.writable);
        // Cell by cell: what stands already is unchanged, what another wrote is a conflict, what is not due is saved.
        let saved = room.save(vec![
            cell(learner, Slot::Regular(1), score(800), 1),
            cell(learner, Slot::Regular(2), score(800), 0),
            cell(learner, Slot::Midterm, score(700), 0),
            cell(learner, Slot::Final, score(900), 0),
        ]).await;
        let outcomes: Vec<_> = saved.iter().map(|c| (c.outcome, c.code.as_deref())).collect();
        assert_eq!(outcomes, [
            (CellResult::Unchanged, None), (CellResult::Refused, Some("marks_locked")), (CellResult::Saved, None), (CellResult::Saved, None),
        ]);
        // Where nothing else was asked for, the call is refused, with the day in words.
        let body = typed(vec![cell(learner, Slot::Regular(1), score(900), 1), cell(learner, Slot::Regular(2), score(800), 0)]);
        let problem = room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &body).await.problem(Code::MarksLocked);
        assert_eq!(problem.params["deadline"], "31/01/2020");
        assert!(problem.detail.contains("thường xuyên") && problem.detail.contains("31/01/2020"), "{}", problem.detail);
        // Another school is not concerned, and putting the day off opens.
        let other = room_in(&app, &app.world.school_b, "6B").await;
        assert_eq!(other.save(vec![cell(other.learners[0], Slot::Regular(1), score(900), 0)]).await[0].outcome, CellResult::Saved);
        set(&room, 1, json!({"regular": FUTURE})).await;
        assert_eq!(room.save(vec![cell(learner, Slot::Regular(2), score(800), 0)]).await[0].outcome, CellResult::Saved);
    }

    async fn a_teacher_asks_and_the_principal_opens(app: TestApp) {
        let room = room(&app).await;
        room.teacher.post(&openings(&room), &json!({"groups": ["final"], "reason": "Chưa có bài"})).await.problem(Code::MarksNotLocked);
        set(&room, 0, json!({"regular": PAST, "final": PAST})).await;
        room.teacher.post(&openings(&room), &json!({"groups": [], "reason": "Chưa có bài"})).await.field("/groups", Code::FieldLength);
        room.teacher.post(&openings(&room), &json!({"groups": ["final"], "reason": "      "})).await.field("/reason", Code::FieldRequired);
        room.teacher.post(&openings(&room), &json!({"groups": ["final", "midterm"], "reason": "Chưa có bài"})).await.problem(Code::MarksNotLocked);
        let asked = ask(&room, &["final"]).await;
        assert_eq!((asked.state, &asked.class_name[..], &asked.subject_code[..]), (OpeningState::Pending, "6A1", "TOAN"));
        room.teacher.post(&openings(&room), &json!({"groups": ["final", "regular"], "reason": "Chưa có bài"})).await.problem(Code::OpeningPending);
        // It comes up for principal and deputy, and for nobody else.
        let todos = async |actor: &Actor| {
            let all = actor.get("/me/todos").await.ok::<Page<Todo>>().items;
            all.into_iter().filter(|t| t.kind == TodoKind::Opening).count()
        };
        assert_eq!(todos(&room.principal).await, 1);
        assert_eq!(todos(&room.teacher).await, 0);
        let school: Page<MarkOpening> = room.principal.get(&format!("/units/{}/mark-openings?state=pending", room.school.id)).await.ok();
        assert_eq!(school.items, std::slice::from_ref(&asked));

        let until = |day: &str| json!({"approve": true, "open_until": day, "note": "Nhập xong trong tuần này"});
        room.principal.put(&decision(&room, &asked), 1, &json!({"approve": true})).await.field("/open_until", Code::FieldRequired);
        room.principal.put(&decision(&room, &asked), 1, &until(PAST)).await.field("/open_until", Code::DayPassed);
        room.principal.put(&decision(&room, &asked), 7, &until(FUTURE)).await.problem(Code::VersionConflict);
        let opened: MarkOpening = room.principal.put(&decision(&room, &asked), 1, &until(FUTURE)).await.ok();
        assert_eq!((opened.state, opened.open_until), (OpeningState::Approved, Some(crate::harness::day(FUTURE))));
        room.principal.put(&decision(&room, &asked), 2, &until(FUTURE)).await.problem(Code::OpeningDecided);
        assert_eq!(todos(&room.principal).await, 0);
        // What was opened, and nothing else.
        let saved = room.save(vec![cell(room.learners[0], Slot::Final, score(900), 0), cell(room.learners[0], Slot::Regular(1), score(900), 0)]).await;
        assert_eq!(saved.iter().map(|c| c.outcome).collect::<Vec<_>>(), [CellResult::Saved, CellResult::Refused]);
        let sheet = room.sheet("TOAN", Term::S1).await;
        let lock = sheet.locks.iter().find(|lock| lock.group == SlotGroup::Final).unwrap();
        assert_eq!((lock.locked, lock.open_until), (false, Some(crate::harness::day(FUTURE))));
        // Another is refused, and may be asked for again.
        let asked = ask(&room, &["regular"]).await;
        let refused: MarkOpening = room.principal.put(&decision(&room, &asked), 1, &json!({"approve": false, "note": "Đã quá muộn"})).await.ok();
        assert_eq!((refused.state, refused.note.as_deref()), (OpeningState::Refused, Some("Đã quá muộn")));
        ask(&room, &["regular"]).await;
        let mine: Page<MarkOpening> = room.teacher.get(&openings(&room)).await.ok();
        assert_eq!(mine.items.iter().map(|o| o.state).collect::<Vec<_>>(), [OpeningState::Pending, OpeningState::Refused, OpeningState::Approved]);
        let verbs: Vec<_> = app.audit(Some(room.school.id)).await.into_iter().map(|e| e.verb).filter(|v| v.starts_with("mark_opening")).collect();
        assert_eq!(verbs, ["mark_opening.requested", "mark_opening.approved", "mark_opening.requested", "mark_opening.refused", "mark_opening.requested"]);
    }

    async fn an_opening_ends_with_its_day(app: TestApp) {
        use sea_orm::ConnectionTrait;
        let room = room(&app).await;
        set(&room, 0, json!({"final": PAST})).await;
        let asked = ask(&room, &["final"]).await;
        room.principal.put(&decision(&room, &asked), 1, &json!({"approve": true, "open_until": FUTURE})).await.status(200);
        // The day passes.
        let mut update = sea_orm::sea_query::Query::update();
        update.table("mark_opening").value("open_until", crate::harness::day(PAST));
        app.db.migrator().execute(&update).await.unwrap();
        let body = typed(vec![cell(room.learners[0], Slot::Final, score(900), 0)]);
        room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &body).await.problem(Code::MarksLocked);
    }

    async fn who_is_late_is_listed(app: TestApp) {
        let room = room(&app).await;
        let late = async || room.principal.get(&format!("/units/{}/terms/1/late-marks", room.school.id)).await.ok::<LateMarks>();
        assert_eq!(late().await.teachers, []);
        set(&room, 0, json!({"regular": PAST, "midterm": FUTURE})).await;
        let found = late().await;
        let teacher = found.teachers.iter().find(|t| t.staff.as_ref().is_some_and(|s| s.id == room.teacher.staff_id())).unwrap();
        // Mathematics in grade 6 has four regular columns; three learners.
        assert_eq!((teacher.missing, teacher.sections.len()), (12, 1));
        let group = &teacher.sections[0].groups[0];
        assert_eq!((group.group, group.missing, group.cells), (SlotGroup::Regular, 12, 12));
        // Subjects without a teacher are listed under nobody.
        assert!(found.teachers.iter().any(|t| t.staff.is_none() && t.sections.len() > 5));
        let todo = async || {
            let all = room.teacher.get("/me/todos").await.ok::<Page<Todo>>().items;
            all.into_iter().find(|t| t.kind == TodoKind::Marks && t.term == Term::S1).unwrap()
        };
        assert_eq!((todo().await.late, todo().await.due_on), (true, Some(crate::harness::day(PAST))));

        // One learner leaves: nothing is asked for them, and what they had counts for nobody else.
        set(&room, 1, json!({"regular": FUTURE})).await;
        assert!(!todo().await.late);
        room.save(vec![cell(room.learners[0], Slot::Regular(1), score(800), 0), cell(room.learners[2], Slot::Regular(1), score(800), 0)]).await;
        room.principal.delete(&format!("/classes/{}/members/{}?left_on=2026-09-06", room.class.id, room.learners[2])).await.done();
        set(&room, 2, json!({"regular": PAST})).await;
        let mine = |found: &LateMarks| found.teachers.iter().find(|t| t.staff.as_ref().is_some_and(|s| s.id == room.teacher.staff_id())).map(|t| t.missing);
        let expected = if kernel::clock::today() >= crate::harness::day("2026-09-06") { 7 } else { 10 };
        assert_eq!(mine(&late().await), Some(expected));
        // Opened again: no longer late.
        let asked = ask(&room, &["regular"]).await;
        room.principal.put(&decision(&room, &asked), 1, &json!({"approve": true, "open_until": FUTURE})).await.status(200);
        assert_eq!(mine(&late().await), None);
        assert!(!todo().await.late);
    }

    async fn others_have_no_part_in_it(app: TestApp) {
        let room = room(&app).await;
        let other = room_in(&app, &app.world.school_b, "6B").await;
        set(&room, 0, json!({"final": PAST})).await;
        let asked = ask(&room, &["final"]).await;
        let list = format!("/units/{}/mark-openings", room.school.id);
        let late = format!("/units/{}/terms/1/late-marks", room.school.id);
        let body = json!({"approve": true, "open_until": FUTURE});
        for actor in [&other.principal, &other.homeroom, &other.teacher] {
            actor.get(&path(&room)).await.problem(Code::NotFound);
            actor.get(&list).await.problem(Code::NotFound);
            actor.get(&late).await.problem(Code::NotFound);
            actor.get(&openings(&room)).await.problem(Code::NotFound);
        }
        other.principal.put(&path(&room), 1, &json!({})).await.problem(Code::NotFound);
        other.principal.put(&decision(&room, &asked), 1, &body).await.problem(Code::NotFound);
        // The request of another school is not found under one's own.
        other.principal.put(&format!("/units/{}/mark-openings/{}/decision", other.school.id, asked.id), 1, &body).await.problem(Code::NotFound);
        other.teacher.post(&openings(&room), &json!({"groups": ["final"], "reason": "Không phải lớp tôi"})).await.problem(Code::NotFound);
        // Teachers of the school see its days, and not what concerns the whole of it.
        room.teacher.get(&path(&room)).await.status(200);
        room.teacher.get(&list).await.problem(Code::NotFound);
        room.homeroom.get(&late).await.problem(Code::NotFound);
        room.teacher.put(&path(&room), 1, &json!({})).await.problem(Code::Forbidden);
        // The commune looks and does not decide.
        let officer = app.officer(app.world.commune_a).await;
        officer.get(&late).await.status(200);
        officer.put(&decision(&room, &asked), 1, &body).await.problem(Code::Forbidden);
        // A commune is no school.
        officer.get(&format!("/units/{}/terms/1/late-marks", app.world.commune_a)).await.problem(Code::NotFound);
    }
}
