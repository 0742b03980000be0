//! Specialised topics (cụm chuyên đề) of grades 10 to 12: one regular mark of their subject more.

use super::*;
use dto::Code;
use dto::gradebook::{ClassResults, LearnerResult};
use dto::mark_files::MarkFileCheck;
use dto::units::Unit;
use serde_json::{Value, json};

/// A class of grade 10 at an upper secondary school.
async fn upper(app: &TestApp) -> Room {
    let body = json!({
        "kind": "school", "parent_id": app.world.department, "name": "THPT Hoàng Diệu", "short_name": "Hoàng Diệu", "code": "94050",
        "code_set": "test", "code_set_version": "2025-07-01", "levels": ["upper_secondary"], "opened_on": "2000-09-05",
    });
    let unit: Unit = app.province_admin().await.post("/units", &body).await.ok();
    room_of(app, &School { id: unit.id, name: unit.name }, "10A1", "10").await
}

/// The subjects of a class as they are put back, with the topics of these.
async fn with_topics(room: &Room, topics: &[&str]) -> Value {
    let subjects = room.subjects().await.into_iter().map(|s| {
        let teachers: Vec<_> = s.teachers.iter().map(|t| t.id).collect();
        json!({"subject_code": s.subject_code, "whole_class": s.whole_class, "topics": topics.contains(&s.subject_code.as_str()), "teacher_ids": teachers})
    });
    json!({ "subjects": subjects.collect::<Vec<_>>() })
}

fn of(results: &ClassResults, learner: LearnerId) -> &LearnerResult {
    results.rows.iter().find(|row| row.learner_id == learner).unwrap()
}

both_engines! {
    async fn their_mark_counts_for_who_takes_them(app: TestApp) {
        let room = upper(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        let path = format!("/classes/{}/subjects", room.class.id);
        let before = room.sheet("TOAN", Term::S1).await.slots;
        assert!(!before.contains(&Slot::TOPICS));
        room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &typed(vec![cell(a, Slot::TOPICS, score(900), 0)])).await.ok::<MarksSaved>();
        assert_eq!(room.cell(a, Slot::TOPICS).await, (None, 0), "a class without topics has no such column");
        let found: Page<ClassSubject> = room.principal.put_bare(&path, &with_topics(&room, &["TOAN"]).await).await.ok();
        assert_eq!(found.items.iter().filter(|s| s.topics).map(|s| s.subject_code.as_str()).collect::<Vec<_>>(), ["TOAN"]);
        let slots = room.sheet("TOAN", Term::S1).await.slots;
        assert_eq!(slots[slots.len() - 3..], [Slot::TOPICS, Slot::Midterm, Slot::Final]);
        // All that a term needs is 8,0; one of them has a 10 for the topics.
        room.fill(&app, Term::S1, |_, _, _| 800).await;
        let saved = room.save(vec![cell(a, Slot::TOPICS, score(1000), 0), cell(b, Slot::TOPICS, Some(CellValue::Exempt), 0)]).await;
        assert_eq!(saved.iter().map(|c| c.outcome).collect::<Vec<_>>(), [CellResult::Saved, CellResult::Refused]);
        let read = async || room.homeroom.get(&format!("/classes/{}/results/1", room.class.id)).await.ok::<ClassResults>();
        let average = |results: &ClassResults, learner| of(results, learner).subjects.iter().find(|s| s.subject_code == "TOAN").unwrap().average.unwrap().hundredths();
        // (4 × 8 + 10 + 2 × 8 + 3 × 8) / 10 = 8,2.
        let results = read().await;
        assert_eq!((average(&results, a), average(&results, b)), (820, 800));
        // Nobody is asked for a mark of topics; a term closes without.
        room.assess(Term::S1, Level::Good, 0).await;
        let closing: Closing = room.homeroom.get(&term_path(&room.class, Term::S1, "closing")).await.ok();
        assert_eq!(closing.missing_cells, 0);
        // Taken off again, it counts for nothing; the mark is kept.
        room.principal.put_bare(&path, &with_topics(&room, &[]).await).await.ok::<Page<ClassSubject>>();
        assert_eq!(average(&read().await, a), 800);
        room.principal.put_bare(&path, &with_topics(&room, &["TOAN"]).await).await.ok::<Page<ClassSubject>>();
        room.close(Term::S1).await;
        assert_eq!(average(&read().await, a), 820);
    }

    async fn each_learner_takes_them_or_not(app: TestApp) {
        let room = upper(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        let subjects = format!("/classes/{}/subjects", room.class.id);
        let list = format!("{subjects}/TOAN/topic-learners");
        room.principal.get(&list).await.problem(Code::NotFound);
        room.principal.put_bare(&list, &json!({"learner_ids": [a]})).await.problem(Code::NotFound);
        room.principal.put_bare(&subjects, &with_topics(&room, &["TOAN"]).await).await.ok::<Page<ClassSubject>>();
        assert!(room.principal.get(&list).await.ok::<Page<LearnerId>>().items.is_empty());
        room.principal.put_bare(&list, &json!({"learner_ids": [uuid::Uuid::now_v7()]})).await.field("/learner_ids/0", Code::FieldChoice);
        room.teacher.put_bare(&list, &json!({"learner_ids": [a]})).await.problem(Code::Forbidden);
        app.principal(&app.world.school_b).await.put_bare(&list, &json!({"learner_ids": [a]})).await.problem(Code::NotFound);
        app.principal(&app.world.school_b).await.get(&list).await.problem(Code::NotFound);
        for term in [Term::S1, Term::S2] {
            room.fill(&app, term, |_, _, _| 800).await;
            room.assess(term, Level::Good, 0).await;
        }
        // Both have a mark; then one of them is named.
        room.save(vec![cell(b, Slot::TOPICS, score(1000), 0)]).await;
        let put: Page<LearnerId> = room.principal.put_bare(&list, &json!({"learner_ids": [a, a]})).await.ok();
        assert_eq!((put.items.as_slice(), room.homeroom.get(&list).await.ok::<Page<LearnerId>>().items), (&[a][..], vec![a]));
        let average = async |term: u8, learner| {
            let results: ClassResults = room.homeroom.get(&format!("/classes/{}/results/{term}", room.class.id)).await.ok();
            of(&results, learner).subjects.iter().find(|s| s.subject_code == "TOAN").unwrap().average.unwrap().hundredths()
        };
        assert_eq!(average(1, b).await, 800, "who does not take them has no mark of them, whatever was written");
        let saved = room.save(vec![cell(b, Slot::TOPICS, score(900), 1), cell(b, Slot::TOPICS, None, 1)]).await;
        assert_eq!(saved[0].code.as_deref(), Some("slot_unknown"));
        // What is asked for: of the one who was named, before the second term is closed. The lists say so too.
        let missing = async |term| {
            let closing: Closing = room.homeroom.get(&term_path(&room.class, term, "closing")).await.ok();
            let progress: Page<dto::gradebook::ClassProgress> = room.principal.get(&format!("/units/{}/progress?term={term}", room.school.id)).await.ok();
            assert_eq!(progress.items[0].needed - progress.items[0].filled, closing.missing_cells);
            closing.missing_cells
        };
        assert_eq!((missing(Term::S1).await, missing(Term::S2).await), (0, 1));
        room.close(Term::S1).await;
        room.homeroom.post_empty(&term_path(&room.class, Term::S2, "close")).await.problem(Code::TermNotReady);
        let second = marks_path(&room.class, "TOAN", Term::S2);
        room.teacher.put_bare(&second, &typed(vec![cell(a, Slot::TOPICS, score(1000), 0)])).await.ok::<MarksSaved>();
        assert_eq!(missing(Term::S2).await, 0);
        room.close(Term::S2).await;
        assert_eq!((average(2, a).await, average(2, b).await), (820, 800));
        // The learner's own page has the column of who takes them alone.
        let slots = async |learner: LearnerId| {
            let report: dto::gradebook::LearnerReport = room.homeroom.get(&format!("/learners/{learner}/report")).await.ok();
            let maths = report.terms[1].subjects.iter().find(|s| s.subject_code == "TOAN").unwrap().slots.clone();
            maths.contains(&Slot::TOPICS)
        };
        assert_eq!((slots(a).await, slots(b).await), (true, false));
    }

    async fn only_subjects_with_marks_in_the_upper_grades_have_them(app: TestApp) {
        let upper = upper(&app).await;
        let path = format!("/classes/{}/subjects", upper.class.id);
        let at = upper.subjects().await.iter().position(|s| s.kind == SubjectKind::Comment).unwrap();
        let comment = upper.subjects().await[at].subject_code.clone();
        upper.principal.put_bare(&path, &with_topics(&upper, &[&comment]).await).await.field(&format!("/subjects/{at}/topics"), Code::FieldChoice);
        let lower = room(&app).await;
        let at = lower.subjects().await.iter().position(|s| s.subject_code == "TOAN").unwrap();
        let body = with_topics(&lower, &["TOAN"]).await;
        lower.principal.put_bare(&format!("/classes/{}/subjects", lower.class.id), &body).await.field(&format!("/subjects/{at}/topics"), Code::FieldChoice);
    }

    async fn they_go_out_to_excel_and_come_back(app: TestApp) {
        let room = upper(&app).await;
        let body = with_topics(&room, &["TOAN"]).await;
        room.principal.put_bare(&format!("/classes/{}/subjects", room.class.id), &body).await.ok::<Page<ClassSubject>>();
        room.save(vec![cell(room.learners[0], Slot::TOPICS, score(950), 0), cell(room.learners[0], Slot::Final, score(700), 0)]).await;
        let file = format!("{}/file", marks_path(&room.class, "TOAN", Term::S1));
        for actor in [room.teacher.clone(), room.teacher.clone().in_english()] {
            let bytes = actor.get(&file).await.status(200).body;
            let found: MarkFileCheck = room.teacher.upload(&format!("{file}/check"), bytes).await.ok();
            assert!(found.columns.iter().any(|column| column.slot == Slot::TOPICS), "{found:?}");
        }
    }
}
