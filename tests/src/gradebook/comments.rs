//! Comments on learners, and the school's phrases.

use super::*;
use dto::Code;
use dto::comments::{CommentChange, CommentSheet, CommentsSaved, Phrase};
use dto::gradebook::LearnerReport;
use serde_json::json;

fn path(class: &Class) -> String {
    format!("/classes/{}/subjects/TOAN/terms/1/comments", class.id)
}

both_engines! {
    async fn comments_are_written_with_versions(app: TestApp) {
        let room = room(&app).await;
        let [a, b, c] = room.learners[..] else { panic!() };
        let sheet: CommentSheet = room.teacher.get(&path(&room.class)).await.ok();
        assert!(sheet.writable && sheet.rows.len() == 3 && sheet.rows.iter().all(|r| r.text.is_none() && r.version == 0));
        let saved: CommentsSaved = room.teacher.put_bare(&path(&room.class), &json!({"rows": [
            {"learner_id": a, "text": "  Tiếp thu bài tốt, cần trình bày cẩn thận hơn. ", "version": 0},
            {"learner_id": b, "text": "Có tiến bộ.", "version": 0},
            {"learner_id": b, "text": "Hai lần.", "version": 0},
            {"learner_id": room.school.id, "text": "Không có em này.", "version": 0},
        ]})).await.ok();
        let outcomes: Vec<_> = saved.rows.iter().map(|r| (r.outcome, r.version, r.code.as_deref())).collect();
        assert_eq!(outcomes, [
            (CellResult::Saved, 1, None), (CellResult::Saved, 1, None), (CellResult::Refused, 1, Some("cell_repeated")), (CellResult::Refused, 0, Some("not_found")),
        ].map(|(o, v, c)| (o, if c == Some("cell_repeated") { 0 } else { v }, c)));
        assert_eq!(saved.rows[0].text.as_deref(), Some("Tiếp thu bài tốt, cần trình bày cẩn thận hơn."));
        // A colleague who saw nothing there is told what stands, who wrote it and when; the same text again is unchanged.
        let colleague = app.teacher(&room.class, "TOAN").await;
        let saved: CommentsSaved = colleague.put_bare(&path(&room.class), &json!({"rows": [
            {"learner_id": a, "text": "Khác.", "version": 0},
            {"learner_id": b, "text": "Có tiến bộ.", "version": 0},
            {"learner_id": c, "text": "", "version": 0},
        ]})).await.ok();
        assert_eq!(saved.rows.iter().map(|r| r.outcome).collect::<Vec<_>>(), [CellResult::Conflict, CellResult::Unchanged, CellResult::Unchanged]);
        assert!(saved.rows[0].changed_by.is_some() && saved.rows[0].changed_at.is_some() && saved.rows[0].version == 1);
        // Cleared, and the log keeps what was there.
        room.teacher.put_bare(&path(&room.class), &json!({"rows": [{"learner_id": b, "version": 1}]})).await.ok::<CommentsSaved>();
        let sheet: CommentSheet = room.homeroom.get(&path(&room.class)).await.ok();
        assert!(!sheet.writable);
        assert_eq!(sheet.rows.iter().map(|r| (r.text.is_some(), r.version)).collect::<Vec<_>>(), [(true, 1), (false, 2), (false, 0)]);
        let log = app.audit(Some(room.school.id)).await;
        assert!(log.iter().any(|e| e.verb == "comment.saved" && e.before.as_ref().is_some_and(|b| b.contains("Có tiến bộ."))));
        let long = "x".repeat(1001);
        room.teacher.put_bare(&path(&room.class), &json!({"rows": [{"learner_id": b, "text": long, "version": 2}]})).await.field("/rows/0/text", Code::FieldLength);
    }

    async fn the_history_of_a_comment_says_who_wrote_what(app: TestApp) {
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { panic!() };
        let colleague = app.teacher(&room.class, "TOAN").await;
        let writes = [(&room.teacher, Some("Có tiến bộ.")), (&colleague, Some("Tiến bộ rõ.")), (&room.teacher, None)];
        for (version, (actor, text)) in writes.into_iter().enumerate() {
            let body = json!({"rows": [{"learner_id": a, "text": text, "version": version}]});
            actor.put_bare(&path(&room.class), &body).await.ok::<CommentsSaved>();
        }
        let history = |actor: &Actor, learner: LearnerId| {
            let (actor, path) = (actor.clone(), format!("{}/{learner}/history", path(&room.class)));
            async move { actor.get(&path).await }
        };
        let found: Page<CommentChange> = history(&room.homeroom, a).await.ok();
        let steps: Vec<_> = found.items.iter().map(|c| (c.version, c.before.as_deref(), c.after.as_deref())).collect();
        assert_eq!(steps, [
            (3, Some("Tiến bộ rõ."), None), (2, Some("Có tiến bộ."), Some("Tiến bộ rõ.")), (1, None, Some("Có tiến bộ.")),
        ]);
        assert!(found.items.iter().all(|change| !change.by.is_empty()));
        assert!(history(&room.teacher, b).await.ok::<Page<CommentChange>>().items.is_empty());
        let other = room_in(&app, &app.world.school_b, "6B").await;
        history(&other.teacher, a).await.problem(Code::NotFound);
        history(&room.teacher, other.learners[0]).await.problem(Code::NotFound);
        history(&app.guardian(&[a]).await, a).await.problem(Code::Forbidden);
    }

    async fn comments_close_with_the_last_marks_and_open_with_them(app: TestApp) {
        let room = room(&app).await;
        let (past, future) = ("2020-01-31", "2999-01-31");
        let deadlines = format!("/units/{}/terms/1/mark-deadlines", room.school.id);
        let set = async |version, body: serde_json::Value| _ = room.principal.put(&deadlines, version, &body).await.status(200);
        let write = async |text: &str, version: i64| {
            let body = json!({"rows": [{"learner_id": room.learners[0], "text": text, "version": version}]});
            room.teacher.put_bare(&path(&room.class), &body).await
        };
        let lock = async || room.teacher.get(&path(&room.class)).await.ok::<CommentSheet>().lock;
        assert_eq!(lock().await, None);
        // While the last marks are not due, or have no deadline, comments are open.
        set(0, json!({"regular": past})).await;
        assert_eq!(lock().await, None);
        set(1, json!({"regular": past, "final": future})).await;
        assert!(!lock().await.unwrap().locked);
        write("Có tiến bộ.", 0).await.ok::<CommentsSaved>();
        // Then they are refused as marks are, with the same words.
        set(2, json!({"regular": past, "final": past})).await;
        let is = lock().await.unwrap();
        assert_eq!((is.locked, is.due_on), (true, Some(crate::harness::day(past))));
        let problem = write("Muộn rồi.", 1).await.problem(Code::MarksLocked);
        assert_eq!(problem.params["deadline"], "31/01/2020");
        let marks = typed(vec![cell(room.learners[0], Slot::Final, score(800), 0)]);
        let of_marks = room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &marks).await.problem(Code::MarksLocked);
        assert_eq!(problem.detail, of_marks.detail);
        // One request opens both, whatever columns it is for.
        let openings = format!("/classes/{}/subjects/TOAN/terms/1/mark-openings", room.class.id);
        let asked: dto::deadlines::MarkOpening = room.teacher.post(&openings, &json!({"groups": ["regular"], "reason": "Tôi nghỉ ốm"})).await.ok();
        assert!(lock().await.unwrap().requested);
        let decision = format!("/units/{}/mark-openings/{}/decision", room.school.id, asked.id);
        room.principal.put(&decision, 1, &json!({"approve": true, "open_until": future})).await.status(200);
        let is = lock().await.unwrap();
        assert_eq!((is.locked, is.open_until), (false, Some(crate::harness::day(future))));
        write("Viết bù.", 1).await.ok::<CommentsSaved>();
        // Another subject of the class stays closed.
        let colleague = app.teacher(&room.class, "NGU_VAN").await;
        let body = json!({"rows": [{"learner_id": room.learners[0], "text": "Muộn.", "version": 0}]});
        colleague.put_bare(&path(&room.class).replace("TOAN", "NGU_VAN"), &body).await.problem(Code::MarksLocked);
    }

    async fn a_closed_term_takes_no_comments(app: TestApp) {
        let room = room(&app).await;
        room.complete(&app, Term::S1).await;
        room.close(Term::S1).await;
        let body = json!({"rows": [{"learner_id": room.learners[0], "text": "Muộn rồi.", "version": 0}]});
        room.teacher.put_bare(&path(&room.class), &body).await.problem(Code::TermClosed);
        assert!(!room.teacher.get(&path(&room.class)).await.ok::<CommentSheet>().writable);
    }

    async fn the_family_reads_what_was_written_of_their_child(app: TestApp) {
        let room = room(&app).await;
        room.teacher.put_bare(&path(&room.class), &json!({"rows": [
            {"learner_id": room.learners[0], "text": "Chăm chỉ.", "version": 0},
            {"learner_id": room.learners[1], "text": "Cần cố gắng.", "version": 0},
        ]})).await.ok::<CommentsSaved>();
        let guardian = app.guardian(&room.learners[..1]).await;
        let reply = guardian.get(&format!("/me/children/{}/report", room.learners[0])).await;
        assert!(!reply.text().contains("Cần cố gắng."));
        let report: LearnerReport = reply.ok();
        let subject = report.terms[0].subjects.iter().find(|s| s.subject_code == "TOAN").unwrap();
        assert_eq!(subject.comment.as_deref(), Some("Chăm chỉ."));
        assert!(report.terms[1].subjects.iter().all(|s| s.comment.is_none()));
    }

    async fn comments_of_others_are_not_there(app: TestApp) {
        let room = room(&app).await;
        let other = room_in(&app, &app.world.school_b, "6B").await;
        let colleague = app.teacher(&room.class, "NGU_VAN").await;
        let body = json!({"rows": [{"learner_id": room.learners[0], "text": "Không phải lớp tôi.", "version": 0}]});
        for actor in [&other.teacher, &colleague] {
            actor.get(&path(&room.class)).await.problem(Code::NotFound);
            actor.put_bare(&path(&room.class), &body).await.problem(Code::NotFound);
        }
        other.principal.get(&path(&room.class)).await.problem(Code::NotFound);
        room.homeroom.put_bare(&path(&room.class), &body).await.problem(Code::Forbidden);
    }

    async fn a_school_keeps_its_phrases(app: TestApp) {
        let room = room(&app).await;
        let bank = format!("/units/{}/phrases", room.school.id);
        let good: Phrase = room.principal.post(&bank, &json!({"level": "good", "text": " {tên} nắm chắc   kiến thức. "})).await.ok();
        assert_eq!((&good.text[..], good.writable, good.version), ("{tên} nắm chắc kiến thức.", true, 1));
        room.teacher.post(&bank, &json!({"level": "good", "text": "{TÊN} nắm chắc kiến thức."})).await.problem(Code::PhraseTaken);
        let own: Phrase = room.teacher.post(&bank, &json!({"subject_code": "TOAN", "text": "Tính toán nhanh."})).await.ok();
        room.teacher.post(&bank, &json!({"subject_code": "XX", "text": "Tính."})).await.field("/subject_code", Code::FieldChoice);
        room.teacher.post(&bank, &json!({"text": "   "})).await.field("/text", Code::FieldRequired);
        let texts = async |query: &str| {
            let page: Page<Phrase> = room.teacher.get(&format!("{bank}{query}")).await.ok();
            page.items.into_iter().map(|p| (p.text, p.writable)).collect::<Vec<_>>()
        };
        assert_eq!(texts("").await, [(good.text.clone(), false), (own.text.clone(), true)]);
        assert_eq!(texts("?subject_code=NGU_VAN").await.len(), 1);
        assert_eq!(texts("?level=pass").await.len(), 1);
        assert_eq!(texts("?limit=1").await.len(), 1);
        // Teachers change their own; the principal all.
        let change = json!({"text": "Tính toán nhanh và đúng."});
        room.teacher.put(&format!("{bank}/{}", good.id), 1, &change).await.problem(Code::NotFound);
        room.teacher.delete(&format!("{bank}/{}", good.id)).await.problem(Code::NotFound);
        let changed: Phrase = room.teacher.put(&format!("{bank}/{}", own.id), 1, &change).await.ok();
        assert_eq!((changed.version, changed.subject_code), (2, None));
        room.principal.put(&format!("{bank}/{}", own.id), 1, &change).await.problem(Code::VersionConflict);
        room.principal.delete(&format!("{bank}/{}", own.id)).await.done();
        assert_eq!(texts("").await.len(), 1);
        // Another school has its own bank.
        let other = room_in(&app, &app.world.school_b, "6B").await;
        for actor in [&other.principal, &other.teacher] {
            actor.get(&bank).await.problem(Code::NotFound);
            actor.post(&bank, &change).await.problem(Code::NotFound);
            actor.put(&format!("{bank}/{}", good.id), 1, &change).await.problem(Code::NotFound);
            actor.delete(&format!("{bank}/{}", good.id)).await.problem(Code::NotFound);
        }
        assert_eq!(other.teacher.get(&format!("/units/{}/phrases", other.school.id)).await.ok::<Page<Phrase>>().items, []);
    }
}
