use super::*;
use dto::Code;
use dto::gradebook::MarkSource;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value, json};

fn outcomes(cells: &[CellOutcome]) -> Vec<CellResult> {
    cells.iter().map(|c| c.outcome).collect()
}

both_engines! {
    async fn cells_are_saved_with_versions(app: TestApp) {
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        let saved = room
            .save(vec![cell(a, Slot::Regular(1), score(850), 0), cell(b, Slot::Final, Some(CellValue::Absent), 0), cell(b, Slot::Midterm, None, 0)])
            .await;
        assert_eq!(outcomes(&saved), [CellResult::Saved, CellResult::Saved, CellResult::Unchanged]);
        assert_eq!(room.cell(a, Slot::Regular(1)).await, (score(850), 1));
        assert_eq!(room.cell(b, Slot::Final).await, (Some(CellValue::Absent), 1));
        assert_eq!(room.cell(b, Slot::Midterm).await, (None, 0));
        // Another value, the same value, cleared, entered again.
        let saved = room.save(vec![cell(a, Slot::Regular(1), score(900), 1)]).await;
        assert_eq!((saved[0].outcome, saved[0].version), (CellResult::Saved, 2));
        let saved = room.save(vec![cell(a, Slot::Regular(1), score(900), 2)]).await;
        assert_eq!((saved[0].outcome, saved[0].version), (CellResult::Unchanged, 2));
        let saved = room.save(vec![cell(a, Slot::Regular(1), None, 2)]).await;
        assert_eq!((saved[0].outcome, saved[0].value, saved[0].version), (CellResult::Saved, None, 3));
        assert_eq!(room.cell(a, Slot::Regular(1)).await, (None, 3));
        let saved = room.save(vec![cell(a, Slot::Regular(1), score(0), 3)]).await;
        assert_eq!((saved[0].outcome, saved[0].value, saved[0].version), (CellResult::Saved, score(0), 4));
    }

    async fn a_request_may_be_sent_again(app: TestApp) {
        let room = room(&app).await;
        let cells: Vec<_> = room.learners.iter().map(|l| cell(*l, Slot::Final, score(700), 0)).collect();
        assert!(room.save(cells.clone()).await.iter().all(|c| c.outcome == CellResult::Saved));
        let again = room.save(cells).await;
        assert!(again.iter().all(|c| c.outcome == CellResult::Unchanged && c.version == 1), "{again:?}");
    }

    async fn conflicts_come_back_cell_by_cell(app: TestApp) {
        let room = room(&app).await;
        let [a, b, c] = room.learners[..] else { unreachable!() };
        room.save(vec![cell(a, Slot::Final, score(500), 0), cell(b, Slot::Final, score(500), 0)]).await;
        let colleague = app.teacher(&room.class, "TOAN").await;
        save_as(&colleague, &room.class, vec![cell(a, Slot::Final, score(600), 1), cell(c, Slot::Final, score(650), 0)]).await;
        // The first teacher still has the sheet as it was.
        let saved = room
            .save(vec![cell(a, Slot::Final, score(700), 1), cell(b, Slot::Final, score(700), 1), cell(c, Slot::Final, score(700), 0)])
            .await;
        assert_eq!(outcomes(&saved), [CellResult::Conflict, CellResult::Saved, CellResult::Conflict]);
        assert_eq!((saved[0].value, saved[0].version), (score(600), 2));
        assert_eq!((saved[2].value, saved[2].version), (score(650), 1));
        assert!(saved[0].changed_by.is_some() && saved[0].changed_at.is_some());
        assert!(saved[1].changed_by.is_none());
        // Nothing was overwritten unseen, and the other cell was saved.
        assert_eq!(room.cell(a, Slot::Final).await, (score(600), 2));
        assert_eq!(room.cell(b, Slot::Final).await, (score(700), 2));
        assert_eq!(room.cell(c, Slot::Final).await, (score(650), 1));
        // Having seen what stands there, the teacher may replace it.
        let saved = room.save(vec![cell(a, Slot::Final, score(700), saved[0].version)]).await;
        assert_eq!((saved[0].outcome, saved[0].version), (CellResult::Saved, 3));
    }

    async fn the_same_value_from_two_is_no_conflict(app: TestApp) {
        let room = room(&app).await;
        let colleague = app.teacher(&room.class, "TOAN").await;
        save_as(&colleague, &room.class, vec![cell(room.learners[0], Slot::Final, score(600), 0)]).await;
        let saved = room.save(vec![cell(room.learners[0], Slot::Final, score(600), 0)]).await;
        assert_eq!((saved[0].outcome, saved[0].version), (CellResult::Unchanged, 1));
    }

    async fn what_does_not_fit_is_refused_and_the_rest_saved(app: TestApp) {
        let room = room(&app).await;
        let [a, b, c] = room.learners[..] else { unreachable!() };
        let mut leave = Query::update();
        leave.table("enrolment").value("left_on", crate::harness::day("2026-09-10")).and_where(Expr::col("learner_id").eq(c.0));
        app.db.migrator().execute(&leave).await.unwrap();
        let stranger = LearnerId(uuid::Uuid::now_v7());
        let saved = room
            .save(vec![
                cell(a, Slot::Regular(5), score(800), 0),
                cell(a, Slot::Regular(1), score(825), 0),
                cell(a, Slot::Regular(2), Some(CellValue::Pass), 0),
                cell(stranger, Slot::Regular(1), score(800), 0),
                cell(c, Slot::Regular(1), score(800), 0),
                cell(b, Slot::Regular(1), score(800), 0),
                cell(b, Slot::Regular(1), score(900), 0),
                cell(b, Slot::Regular(2), Some(CellValue::Exempt), 0),
            ])
            .await;
        let found: Vec<_> = saved.iter().map(|c| c.code.as_deref().unwrap_or(c.outcome.as_str())).collect();
        let expected =
            ["slot_unknown", "mark_invalid", "mark_invalid", "not_found", "learner_left", "saved", "cell_repeated", "saved"];
        assert_eq!(found, expected);
        let sheet = room.sheet("TOAN", Term::S1).await;
        assert!(sheet.rows.iter().find(|row| row.learner_id == c).unwrap().left);
        assert_eq!(room.cell(b, Slot::Regular(1)).await, (score(800), 1));
        // A mark in a subject of comments.
        let all = room.teacher_of_all(&app).await;
        let body = typed(vec![cell(a, Slot::Regular(1), score(800), 0), cell(a, Slot::Regular(2), Some(CellValue::Fail), 0)]);
        let saved: MarksSaved = all.put_bare(&marks_path(&room.class, "GDTC", Term::S1), &body).await.ok();
        assert_eq!(outcomes(&saved.cells), [CellResult::Refused, CellResult::Saved]);
    }

    async fn bodies_that_are_no_marks(app: TestApp) {
        let room = room(&app).await;
        let path = marks_path(&room.class, "TOAN", Term::S1);
        let cell = |value: Value| json!({"source": "typed", "cells": [{"learner_id": room.learners[0], "slot": "fin", "value": value, "version": 0}]});
        for value in [json!({"type": "score", "mark": 1001}), json!({"type": "score", "mark": -1}), json!({"type": "score", "mark": 8.5})] {
            let problem = room.teacher.put_bare(&path, &cell(value)).await.problem(Code::Invalid);
            assert!(problem.errors[0].pointer.starts_with("/cells/0/value"), "{problem:?}");
        }
        room.teacher.put_bare(&path, &cell(json!({"type": "perfect"}))).await.status(422);
        room.teacher.put_bare(&path, &json!({"source": "typed", "cells": []})).await.field("/cells", Code::FieldLength);
        room.teacher.put_bare(&path, &json!({"source": "heard", "cells": []})).await.field("/source", Code::FieldChoice);
        room.teacher.put_bare(&path, &json!({"cells": []})).await.field("/source", Code::FieldRequired);
    }

    async fn one_entry_in_the_log_lists_the_cells(app: TestApp) {
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        room.save(vec![cell(a, Slot::Final, score(500), 0)]).await;
        let body = PutMarks {
            source: MarkSource::Pasted,
            reason: Some("Nhập nhầm".into()),
            cells: vec![cell(a, Slot::Final, score(600), 1), cell(b, Slot::Final, score(700), 0)],
        };
        room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &body).await.ok::<MarksSaved>();
        let log = app.audit(Some(room.school.id)).await;
        assert_eq!(kernel::db::verify_chain(&log), None);
        let entries: Vec<_> = log.iter().filter(|e| e.verb == "mark.saved").collect();
        assert_eq!(entries.len(), 2);
        let last = entries[1];
        assert_eq!(last.account_id, room.teacher.account.map(|a| a.0));
        let (before, after): (Value, Value) =
            (serde_json::from_str(last.before.as_deref().unwrap()).unwrap(), serde_json::from_str(last.after.as_deref().unwrap()).unwrap());
        assert_eq!(before["cells"], json!({a.to_string(): {"fin": 500}}));
        assert_eq!(after["cells"], json!({a.to_string(): {"fin": 600}, b.to_string(): {"fin": 700}}));
        assert_eq!((&after["reason"], &after["source"], &after["subject"]), (&json!("Nhập nhầm"), &json!("pasted"), &json!("TOAN")));
    }

    async fn two_thousand_cells_at_once(app: TestApp) {
        let room = room(&app).await;
        let stranger = LearnerId(uuid::Uuid::now_v7());
        let cells = (0..2001).map(|_| cell(stranger, Slot::Final, score(500), 0)).collect::<Vec<_>>();
        room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &typed(cells.clone())).await.field("/cells", Code::FieldLength);
        let saved = room.save(cells[1..].to_vec()).await;
        assert!(saved.iter().all(|c| c.outcome == CellResult::Refused));
    }
}
