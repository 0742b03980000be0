use super::*;
use dto::Code;
use dto::gradebook::MarkSource;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

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

    /// A sheet kept by hand beside the real one: whatever is sent, both say the same.
    async fn any_order_of_writes_keeps_to_the_rules(app: TestApp) {
        let room = room(&app).await;
        let slots = room.sheet("TOAN", Term::S1).await.slots;
        let mut stands: HashMap<(LearnerId, Slot), (Option<CellValue>, i64)> = HashMap::new();
        let mut writes = 0;
        let mut dice = Dice(0x6b68_7565);
        for _ in 0..40 {
            let mut cells = Vec::new();
            for _ in 0..dice.below(8) + 1 {
                let place = (room.learners[dice.below(3)], slots[dice.below(slots.len())]);
                let value = match dice.below(6) {
                    0 => None,
                    1 => Some(CellValue::Absent),
                    n => score(n as i32 * 100),
                };
                // Mostly the version that stands, sometimes an old or a made-up one.
                let version = stands.get(&place).map_or(0, |s| s.1) - i64::from(dice.below(4) == 0);
                cells.push(cell(place.0, place.1, value, version));
            }
            let saved = room.save(cells.clone()).await;
            let mut seen = HashSet::new();
            for (sent, told) in cells.iter().zip(&saved) {
                let place = (sent.learner_id, sent.slot);
                let (value, version) = stands.get(&place).copied().unwrap_or_default();
                let expected = if !seen.insert(place) {
                    CellResult::Refused
                } else if sent.value == value {
                    CellResult::Unchanged
                } else if sent.version != version {
                    CellResult::Conflict
                } else {
                    stands.insert(place, (sent.value, version + 1));
                    writes += 1;
                    CellResult::Saved
                };
                assert_eq!(told.outcome, expected, "{sent:?}");
                if expected != CellResult::Refused {
                    assert_eq!((told.value, told.version), stands.get(&place).copied().unwrap_or_default());
                }
            }
        }
        assert!(writes > 50, "{writes}");
        let sheet = room.sheet("TOAN", Term::S1).await;
        let found: HashMap<_, _> =
            sheet.rows.iter().flat_map(|row| row.cells.iter().map(|c| ((row.learner_id, c.slot), (c.value, c.version)))).collect();
        assert_eq!(found, stands);
        // Every write is in some history.
        let mut kept = 0;
        for (learner, slot) in stands.keys() {
            let path = format!("{}/{learner}/{slot}/history", marks_path(&room.class, "TOAN", Term::S1));
            kept += room.teacher.get(&path).await.ok::<Page<dto::gradebook::CellChange>>().items.len();
        }
        assert_eq!(kept, writes);
    }
}

/// Numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}
