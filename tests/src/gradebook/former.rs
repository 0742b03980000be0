//! A term at a school outside of the records, as that school gave it.

use super::*;
use dto::Code;
use dto::former::{FormerTerm, FormerTerms};
use dto::gradebook::{ClassResults, LearnerReport, LearnerResult};
use serde_json::{Value, json};

fn path(room: &Room, learner: LearnerId) -> String {
    format!("/classes/{}/former-terms/1/{learner}", room.class.id)
}

/// Every subject of the class with this average, or passed.
async fn given(room: &Room, average: i32) -> Value {
    let subjects: Vec<_> = room
        .subjects()
        .await
        .iter()
        .map(|s| {
            let value = match s.kind {
                SubjectKind::Score => score(average),
                SubjectKind::Comment => Some(CellValue::Pass),
            };
            json!({"subject_code": s.subject_code, "value": value})
        })
        .collect();
    json!({"from_school": " THCS Lê Lợi, Cần Thơ ", "document": "Học bạ, trang 5", "conduct": "good", "absences": 4, "subjects": subjects})
}

async fn results(room: &Room, period: &str) -> ClassResults {
    room.homeroom.get(&format!("/classes/{}/results/{period}", room.class.id)).await.ok()
}

fn of(results: &ClassResults, learner: LearnerId) -> Option<&LearnerResult> {
    results.rows.iter().find(|row| row.learner_id == learner)
}

both_engines! {
    async fn the_year_is_made_with_it(app: TestApp) {
        let room = room(&app).await;
        room.complete(&app, Term::S1).await;
        room.close(Term::S1).await;
        // Who came after the first term was closed.
        let late = app.learner(&room.class, "Phan Văn Đến").await;
        let list = async || room.homeroom.get(&format!("/classes/{}/former-terms", room.class.id)).await.ok::<FormerTerms>();
        let found = list().await;
        assert!(found.items.is_empty() && found.writable);
        assert!(found.learners.iter().any(|l| l.learner_id == late && l.subject_codes.len() == found.subjects.len()));
        let saved: FormerTerm = room.homeroom.put(&path(&room, late), 0, &given(&room, 800).await).await.ok();
        assert_eq!((saved.from_school.as_str(), saved.learning, saved.version, saved.updated_by.as_str()), ("THCS Lê Lợi, Cần Thơ", Some(Level::Good), 1, "Người Thử"));
        assert_eq!(list().await.items, std::slice::from_ref(&saved));
        // It stands beside the class's own, and says where it is from.
        let first = results(&room, "1").await;
        let row = of(&first, late).unwrap();
        assert_eq!((row.learning, row.conduct, row.absences), (Some(Level::Good), Some(Level::Good), Some(4)));
        assert!(row.reasons[0].vi.contains("THCS Lê Lợi, Cần Thơ") && row.reasons[0].vi.contains("Học bạ, trang 5"));
        let report: LearnerReport = room.homeroom.get(&format!("/learners/{late}/report")).await.ok();
        assert_eq!(report.terms[0].result.as_ref().map(|r| r.learning), Some(Some(Level::Good)));
        room.complete(&app, Term::S2).await;
        room.close(Term::S2).await;
        let year = results(&room, "year").await;
        let row = of(&year, late).unwrap();
        let (maths, second) = (|r: &LearnerResult| r.subjects.iter().find(|s| s.subject_code == "TOAN").unwrap().average.unwrap().hundredths(), results(&room, "2").await);
        // (8,0 + 2 × second term) / 3, half up to a tenth.
        let expected = (800 + 2 * maths(of(&second, late).unwrap()) + 15) / 30 * 10;
        assert_eq!((maths(row), row.absences), (expected, Some(6)));
        assert!(row.reasons.iter().any(|r| r.code == "former-school"), "{:?}", row.reasons);
        assert!(of(&year, room.learners[0]).unwrap().reasons.iter().all(|r| r.code != "former-school"));
        // The year is closed: it stays as it is.
        room.homeroom.put(&path(&room, late), 1, &given(&room, 900).await).await.problem(Code::TermClosed);
        room.homeroom.delete(&path(&room, late)).await.problem(Code::TermClosed);
        assert!(!list().await.writable);
    }

    async fn a_record_is_corrected_and_taken_away(app: TestApp) {
        let room = room(&app).await;
        let learner = room.learners[0];
        let body = given(&room, 500).await;
        room.homeroom.put(&path(&room, learner), 1, &body).await.problem(Code::VersionConflict);
        room.homeroom.put(&path(&room, learner), 0, &body).await.ok::<FormerTerm>();
        room.principal.put(&path(&room, learner), 0, &body).await.problem(Code::VersionConflict);
        let saved: FormerTerm = room.principal.put(&path(&room, learner), 1, &given(&room, 700).await).await.ok();
        assert_eq!(saved.version, 2);
        // The class has a closed term of the learner's own afterwards: only without the record.
        room.homeroom.delete(&path(&room, learner)).await.done();
        room.homeroom.delete(&path(&room, learner)).await.problem(Code::NotFound);
        let log = app.audit(Some(room.school.id)).await;
        assert_eq!(log.iter().filter(|e| e.verb.starts_with("former_term.")).map(|e| e.verb.as_str()).collect::<Vec<_>>(), ["former_term.recorded", "former_term.recorded", "former_term.removed"]);
        room.complete(&app, Term::S1).await;
        room.close(Term::S1).await;
        room.homeroom.put(&path(&room, learner), 0, &body).await.problem(Code::TermClosed);
    }

    async fn what_is_wrong_is_refused(app: TestApp) {
        let room = room(&app).await;
        let put = async |change: &dyn Fn(&mut Value)| {
            let mut body = given(&room, 800).await;
            change(&mut body);
            room.homeroom.put(&path(&room, room.learners[0]), 0, &body).await
        };
        put(&|b| b["from_school"] = json!("   ")).await.field("/from_school", Code::FieldRequired);
        put(&|b| b["document"] = json!("x")).await.field("/document", Code::FieldLength);
        put(&|b| b["absences"] = json!(500)).await.field("/absences", Code::FieldRange);
        put(&|b| b["subjects"][0]["subject_code"] = json!("HOA")).await.field("/subjects/0/subject_code", Code::FieldChoice);
        put(&|b| b["subjects"][1] = b["subjects"][0].clone()).await.field("/subjects/1/subject_code", Code::FieldChoice);
        put(&|b| b["subjects"][0]["value"] = json!({"type": "fail"})).await.field("/subjects/0/value", Code::MarkInvalid);
        put(&|b| b["subjects"][0]["value"] = json!({"type": "score", "mark": 855})).await.field("/subjects/0/value", Code::MarkInvalid);
    }

    async fn only_who_assesses_the_class_records_it(app: TestApp) {
        let room = room(&app).await;
        let next_door = room_in(&app, &app.world.school_a, "6A2").await;
        let (learner, body) = (room.learners[0], given(&room, 800).await);
        let list = format!("/classes/{}/former-terms", room.class.id);
        room.teacher.put(&path(&room, learner), 0, &body).await.problem(Code::Forbidden);
        room.teacher.get(&list).await.problem(Code::Forbidden);
        room.teacher.delete(&path(&room, learner)).await.problem(Code::Forbidden);
        let other = app.principal(&app.world.school_b).await;
        for actor in [&next_door.homeroom, &other] {
            actor.get(&list).await.problem(Code::NotFound);
            actor.put(&path(&room, learner), 0, &body).await.problem(Code::NotFound);
            actor.delete(&path(&room, learner)).await.problem(Code::NotFound);
        }
        // A learner of another class is not in this one.
        room.homeroom.put(&path(&room, next_door.learners[0]), 0, &body).await.problem(Code::NotFound);
    }
}
