//! Many writers of one sheet at the same time: nothing is lost, and nothing is overwritten unseen.

use super::*;
use dto::gradebook::{CellChange, ClassResults, TermState};
use futures::future::join_all;
use std::collections::HashSet;

const WRITERS: usize = 8;
const WRITES: usize = 4;

/// Saves, and sends the same again where the server was too busy: that is what a client does, and it must do no harm.
async fn save_at_last(actor: &Actor, class: &Class, cells: Vec<PutCell>) -> Vec<CellOutcome> {
    loop {
        let reply = actor.put_bare(&marks_path(class, "TOAN", Term::S1), &typed(cells.clone())).await;
        if reply.status.as_u16() != 503 {
            return reply.ok::<MarksSaved>().cells;
        }
    }
}

both_engines! {
    async fn writers_of_one_cell_follow_each_other(app: TestApp) {
        let room = room(&app).await;
        let learner = room.learners[0];
        let slot = Slot::Final;
        let mut writers = Vec::new();
        for _ in 0..WRITERS {
            writers.push(app.teacher(&room.class, "TOAN").await);
        }
        let room = &room;
        let written = join_all(writers.iter().enumerate().map(|(n, writer)| async move {
            let (mut version, mut done) = (0, Vec::new());
            while done.len() < WRITES {
                // A value that nobody else writes.
                let value = score(((n * WRITES + done.len()) * 10) as i32);
                let saved = save_at_last(writer, &room.class, vec![cell(learner, slot, value, version)]).await.remove(0);
                version = saved.version;
                match saved.outcome {
                    CellResult::Saved => done.push((saved.version, value)),
                    CellResult::Conflict => assert_ne!(saved.value, value),
                    other => panic!("{other}"),
                }
            }
            done
        }))
        .await;
        let mut written: Vec<_> = written.into_iter().flatten().collect();
        written.sort_by_key(|(version, _)| *version);
        let versions: Vec<_> = written.iter().map(|(version, _)| *version).collect();
        assert_eq!(versions, (1..=(WRITERS * WRITES) as i64).collect::<Vec<_>>());

        // The history tells the same story, and each write saw the one before it.
        let path = format!("{}/{learner}/{slot}/history", marks_path(&room.class, "TOAN", Term::S1));
        let mut history = room.homeroom.get(&path).await.ok::<Page<CellChange>>().items;
        history.reverse();
        assert_eq!(history.iter().map(|c| (c.version, c.after)).collect::<Vec<_>>(), written);
        assert!(history.windows(2).all(|w| w[1].before == w[0].after));
        assert_eq!(kernel::db::verify_chain(&app.audit(Some(room.school.id)).await), None);
    }

    async fn writers_of_many_cells_lose_none(app: TestApp) {
        let room = room(&app).await;
        let mut writers = Vec::new();
        for _ in 0..WRITERS {
            writers.push(app.teacher(&room.class, "TOAN").await);
        }
        let sheet = room.sheet("TOAN", Term::S1).await;
        let places: Vec<_> = room.learners.iter().flat_map(|l| sheet.slots.iter().map(|s| (*l, *s))).collect();
        // All write all cells, each with values of their own, at version 0: each cell is won by exactly one.
        let answers = join_all(writers.iter().enumerate().map(|(n, writer)| {
            let cells = places.iter().enumerate().map(|(at, (l, s))| cell(*l, *s, score(((n * 11 + at) * 10 % 1001 / 10 * 10) as i32), 0));
            save_at_last(writer, &room.class, cells.collect())
        }))
        .await;
        let sheet = room.sheet("TOAN", Term::S1).await;
        for (at, (learner, slot)) in places.iter().enumerate() {
            let outcomes: Vec<_> = answers.iter().map(|cells| &cells[at]).collect();
            assert_eq!(outcomes.iter().filter(|c| c.outcome == CellResult::Saved).count(), 1, "{learner} {slot}");
            let row = sheet.rows.iter().find(|row| row.learner_id == *learner).unwrap();
            let stands = row.cells.iter().find(|c| c.slot == *slot).unwrap();
            assert_eq!(stands.version, 1);
            for outcome in outcomes {
                assert_eq!((outcome.value, outcome.version), (stands.value, 1), "every writer is told what stands there");
            }
        }
    }

    async fn a_closing_and_writers_do_not_pass_each_other(app: TestApp) {
        let room = room(&app).await;
        room.complete(&app, Term::S1).await;
        let learner = room.learners[0];
        let slot = Slot::Final;
        let (_, start) = room.cell(learner, slot).await;
        let room = &room;
        let write = |n: i64| async move {
            let mut version = start;
            let mut saved = HashSet::new();
            for step in 0..6 {
                let body = typed(vec![cell(learner, slot, score(((n * 6 + step) * 10) as i32), version)]);
                let reply = room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &body).await;
                if reply.status.as_u16() == 409 {
                    reply.problem(dto::Code::TermClosed);
                    break;
                }
                let outcome = reply.ok::<MarksSaved>().cells.remove(0);
                version = outcome.version;
                if outcome.outcome == CellResult::Saved {
                    saved.insert(version);
                }
            }
            saved
        };
        let (closing, first, second) = futures::join!(room.close(Term::S1), write(0), write(1));
        assert_eq!(closing.state, TermState::Closed);
        // No version was given twice, and what was frozen is what stands.
        let (value, version) = room.cell(learner, slot).await;
        assert!(first.is_disjoint(&second));
        assert_eq!(version, start + (first.len() + second.len()) as i64);
        let results: ClassResults = room.homeroom.get(&format!("/classes/{}/results/1", room.class.id)).await.ok();
        assert_eq!(results.state, TermState::Closed);
        let sheet = room.sheet("TOAN", Term::S1).await;
        let row = sheet.rows.iter().find(|row| row.learner_id == learner).unwrap();
        assert!(row.cells.iter().any(|c| c.slot == slot && c.value == value));
        let marks = |wanted: &[Slot]| -> Vec<Mark> {
            let of = |slot: &Slot| row.cells.iter().find(|c| c.slot == *slot).and_then(|c| c.value);
            wanted.iter().filter_map(of).map(|v| match v { CellValue::Score(mark) => mark, other => panic!("{other:?}") }).collect()
        };
        let average = regulations::tt22::semester_average(
            &marks(&sheet.slots[..sheet.slots.len() - 2]),
            marks(&[Slot::Midterm])[0],
            marks(&[Slot::Final])[0],
            regulations::Rounding::HalfUp,
        );
        let frozen = results.rows.iter().find(|r| r.learner_id == learner).unwrap();
        assert_eq!(frozen.subjects.iter().find(|s| s.subject_code == "TOAN").unwrap().average, Some(average));
    }

    async fn one_of_two_closings_wins(app: TestApp) {
        let room = room(&app).await;
        room.complete(&app, Term::S1).await;
        let path = term_path(&room.class, Term::S1, "close");
        let (one, two) = futures::join!(room.homeroom.post_empty(&path), room.principal.post_empty(&path));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let closing: Closing = room.homeroom.get(&term_path(&room.class, Term::S1, "closing")).await.ok();
        assert_eq!(closing.history.len(), 1);
    }
}
