use super::*;
use dto::Code;
use dto::gradebook::ConductSaved;
use serde_json::json;

both_engines! {
    async fn rows_are_saved_with_versions(app: TestApp) {
        let room = room(&app).await;
        let path = term_path(&room.class, Term::S1, "conduct");
        let sheet: ConductSheet = room.homeroom.get(&path).await.ok();
        assert!(sheet.writable);
        assert_eq!(sheet.rows.len(), 3);
        assert!(sheet.rows.iter().all(|row| row.version == 0 && row.conduct.is_none() && row.absences.is_none()));
        let row = |learner: LearnerId, conduct, absences, version| PutConductRow { learner_id: learner, conduct, absences, version };
        let [a, b, _] = room.learners[..] else { unreachable!() };
        let stranger = LearnerId(uuid::Uuid::now_v7());
        let put = |actor: Actor, rows| {
            let path = path.clone();
            async move { actor.put_bare(&path, &PutConduct { rows }).await.ok::<ConductSaved>().rows }
        };
        let saved = put(room.homeroom.clone(), vec![row(a, Some(Level::Good), None, 0), row(stranger, None, Some(1), 0)]).await;
        assert_eq!((saved[0].outcome, saved[0].version), (CellResult::Saved, 1));
        assert_eq!(saved[1].outcome, CellResult::Refused);
        // The principal changes it; the homeroom teacher has not seen that.
        put(room.principal.clone(), vec![row(a, Some(Level::Fair), Some(3), 1)]).await;
        let saved = put(room.homeroom.clone(), vec![row(a, Some(Level::Pass), Some(1), 1), row(b, Some(Level::Good), Some(0), 0)]).await;
        assert_eq!((saved[0].outcome, saved[0].conduct, saved[0].absences, saved[0].version), (CellResult::Conflict, Some(Level::Fair), Some(3), 2));
        assert_eq!(saved[1].outcome, CellResult::Saved);
        let saved = put(room.homeroom.clone(), vec![row(a, Some(Level::Fair), Some(3), 1)]).await;
        assert_eq!((saved[0].outcome, saved[0].version), (CellResult::Unchanged, 2));
        let log = app.audit(Some(room.school.id)).await;
        assert_eq!(log.iter().filter(|e| e.verb == "conduct.saved").count(), 3);
    }

    async fn who_may(app: TestApp) {
        let room = room(&app).await;
        let path = term_path(&room.class, Term::S1, "conduct");
        // A subject teacher neither writes conduct nor reads it: it is not theirs.
        room.teacher.get(&path).await.problem(Code::NotFound);
        let body = json!({"rows": [{"learner_id": room.learners[0], "conduct": "good", "absences": 0, "version": 0}]});
        room.teacher.put_bare(&path, &body).await.problem(Code::Forbidden);
        let other = room_in(&app, &app.world.school_a, "6A2").await;
        other.homeroom.get(&path).await.problem(Code::NotFound);
        other.homeroom.put_bare(&path, &body).await.problem(Code::NotFound);
        let deputy = app.at(dto::access::Role::Deputy, &room.school).await;
        assert!(!deputy.get(&path).await.ok::<ConductSheet>().writable);
        room.homeroom.put_bare(&path, &json!({"rows": [{"learner_id": room.learners[0], "absences": 401, "version": 0}]})).await.field("/rows/0/absences", Code::FieldRange);
        room.homeroom.put_bare(&path, &json!({"rows": []})).await.field("/rows", Code::FieldLength);
    }
}
