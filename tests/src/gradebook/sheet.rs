use super::*;
use crate::harness::{day, insert};
use dto::Code;
use dto::gradebook::TermState;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

both_engines! {
    async fn one_call_has_all_that_the_page_needs(app: TestApp) {
        let room = room(&app).await;
        let sheet: MarkSheet = room.teacher.get(&marks_path(&room.class, "TOAN", Term::S1)).await.ok();
        assert_eq!(sheet.slots, [Slot::Regular(1), Slot::Regular(2), Slot::Regular(3), Slot::Regular(4), Slot::Midterm, Slot::Final]);
        assert_eq!((sheet.kind, sheet.state, sheet.writable), (SubjectKind::Score, TermState::Open, true));
        assert_eq!((sheet.school_name.as_str(), sheet.class_name.as_str()), ("THCS Trần Phú", "6A1"));
        assert_eq!(sheet.school_year, "2026-2027");
        assert_eq!(sheet.marks_due_on, Some(day("2027-01-15")));
        assert_eq!(sheet.teachers.iter().map(|t| t.id).collect::<Vec<_>>(), [room.teacher.staff_id()]);
        assert_eq!(sheet.rows.len(), 3);
        assert!(sheet.rows.iter().all(|row| row.cells.is_empty() && !row.left));
        let names: Vec<_> = sheet.rows.iter().map(|row| row.full_name.as_str()).collect();
        assert!(names.contains(&"Nguyễn Thị Ánh"), "{names:?}");
    }

    async fn comment_subjects_have_two_regular_columns(app: TestApp) {
        let room = room(&app).await;
        for subject in room.subjects().await {
            let sheet = room.sheet(&subject.subject_code, Term::S2).await;
            let regular = match (subject.kind, subject.annual_periods) {
                (SubjectKind::Comment, _) | (SubjectKind::Score, 0..=35) => 2,
                (SubjectKind::Score, 36..=70) => 3,
                (SubjectKind::Score, _) => 4,
            };
            assert_eq!(sheet.slots.len(), regular + 2, "{}", subject.subject_code);
        }
    }

    async fn only_the_subject_teacher_may_write(app: TestApp) {
        let room = room(&app).await;
        for (actor, writable) in [(&room.teacher, true), (&room.homeroom, false), (&room.principal, false)] {
            let sheet: MarkSheet = actor.get(&marks_path(&room.class, "TOAN", Term::S1)).await.ok();
            assert_eq!(sheet.writable, writable);
        }
    }

    async fn an_unchanged_sheet_is_not_sent_again(app: TestApp) {
        let room = room(&app).await;
        let path = marks_path(&room.class, "TOAN", Term::S1);
        let first = room.teacher.get(&path).await.status(200);
        let tag = first.header("etag").unwrap().to_owned();
        let again = room.teacher.request(reqwest::Method::GET, &path).header("if-none-match", &tag);
        assert!(room.teacher.send(again).await.status.as_u16() == 304);
        room.save(vec![cell(room.learners[0], Slot::Final, score(900), 0)]).await;
        let again = room.teacher.request(reqwest::Method::GET, &path).header("if-none-match", &tag);
        room.teacher.send(again).await.status(200);
    }

    async fn an_elective_lists_only_who_takes_it(app: TestApp) {
        let room = room(&app).await;
        let conn = app.db.migrator();
        let mut update = Query::update();
        update
            .table("class_subject")
            .value("whole_class", false)
            .and_where(Expr::col("class_id").eq(room.class.id.0))
            .and_where(Expr::col("subject_code").eq("TOAN"));
        conn.execute(&update).await.unwrap();
        insert(conn, "subject_enrolment", vec![
            ("school_id", room.school.id.0.into()),
            ("class_id", room.class.id.0.into()),
            ("subject_code", "TOAN".into()),
            ("learner_id", room.learners[1].0.into()),
        ])
        .await;
        let sheet = room.sheet("TOAN", Term::S1).await;
        assert_eq!(sheet.rows.iter().map(|row| row.learner_id).collect::<Vec<_>>(), [room.learners[1]]);
        let saved = room.save(vec![cell(room.learners[0], Slot::Final, score(900), 0), cell(room.learners[1], Slot::Final, score(900), 0)]).await;
        assert_eq!((saved[0].outcome, saved[0].code.as_deref()), (CellResult::Refused, Some("not_found")));
        assert_eq!(saved[1].outcome, CellResult::Saved);
    }

    async fn a_grade_without_rules_says_so(app: TestApp) {
        let room = room(&app).await;
        let mut update = Query::update();
        update.table("class").value("grade", "k5").and_where(Expr::col("id").eq(room.class.id.0));
        app.db.migrator().execute(&update).await.unwrap();
        room.teacher.get(&marks_path(&room.class, "TOAN", Term::S1)).await.problem(Code::RegulationUnavailable);
        let body = typed(vec![cell(room.learners[0], Slot::Final, score(900), 0)]);
        room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &body).await.problem(Code::RegulationUnavailable);
        room.homeroom.get(&term_path(&room.class, Term::S1, "conduct")).await.problem(Code::RegulationUnavailable);
        room.homeroom.get(&term_path(&room.class, Term::S1, "closing")).await.problem(Code::RegulationUnavailable);
        room.homeroom.post_empty(&term_path(&room.class, Term::S1, "close")).await.problem(Code::RegulationUnavailable);
        room.homeroom.get(&format!("/classes/{}/results/year", room.class.id)).await.problem(Code::RegulationUnavailable);
    }

    async fn addresses_that_name_nothing(app: TestApp) {
        let room = room(&app).await;
        let class = room.class.id;
        for path in [
            format!("/classes/{class}/subjects/TOAN/terms/3/marks"),
            format!("/classes/{class}/subjects/TOAN/terms/1/marks/{}/x1/history", room.learners[0]),
            "/classes/nothing/subjects/TOAN/terms/1/marks".to_string(),
            format!("/classes/{class}/results/3"),
        ] {
            room.homeroom.get(&path).await.problem(Code::BadPath);
        }
        for path in [
            format!("/classes/{class}/subjects/HOA/terms/1/marks"),
            format!("/classes/{}/subjects/TOAN/terms/1/marks", room.learners[0]),
        ] {
            room.homeroom.get(&path).await.problem(Code::NotFound);
        }
    }
}
