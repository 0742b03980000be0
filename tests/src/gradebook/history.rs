use super::*;
use dto::Code;
use dto::gradebook::{CellChange, MarkSource};

fn path(room: &Room, learner: LearnerId, slot: Slot) -> String {
    format!("{}/{learner}/{slot}/history", marks_path(&room.class, "TOAN", Term::S1))
}

both_engines! {
    async fn every_write_is_kept(app: TestApp) {
        let room = room(&app).await;
        let a = room.learners[0];
        room.save(vec![cell(a, Slot::Midterm, score(400), 0)]).await;
        let colleague = app.teacher(&room.class, "TOAN").await;
        let body = PutMarks {
            source: MarkSource::Imported,
            reason: Some("Chấm phúc khảo".into()),
            cells: vec![cell(a, Slot::Midterm, score(550), 1)],
        };
        colleague.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &body).await.ok::<MarksSaved>();
        room.save(vec![cell(a, Slot::Midterm, None, 2)]).await;

        let history = room.homeroom.get(&path(&room, a, Slot::Midterm)).await.ok::<Page<CellChange>>().items;
        let values: Vec<_> = history.iter().map(|c| (c.version, c.before, c.after)).collect();
        assert_eq!(values, [(3, score(550), None), (2, score(400), score(550)), (1, None, score(400))]);
        assert_eq!(history.iter().map(|c| c.source).collect::<Vec<_>>(), [MarkSource::Typed, MarkSource::Imported, MarkSource::Typed]);
        assert_eq!(history[1].reason.as_deref(), Some("Chấm phúc khảo"));
        assert!(history[0].reason.is_none() && history[2].reason.is_none());
        assert!(history.iter().all(|c| c.by == "Người Thử"));
        assert!(history.windows(2).all(|w| w[0].at >= w[1].at));
    }

    async fn an_empty_cell_has_no_history_and_a_stranger_no_cell(app: TestApp) {
        let room = room(&app).await;
        let history = room.teacher.get(&path(&room, room.learners[0], Slot::Final)).await.ok::<Page<CellChange>>();
        assert!(history.items.is_empty());
        room.teacher.get(&path(&room, LearnerId(uuid::Uuid::now_v7()), Slot::Final)).await.problem(Code::NotFound);
    }
}
