use super::*;
use dto::Code;
use dto::gradebook::{ClassResults, LearnerReport, LearnerResult, Period, TermState};
use regulations::tt22::{self, Semester, SubjectResult as Computed, TermSubject, YearInput, YearSubject};
use regulations::{Award, Period as Named, Policy};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

async fn results(actor: &Actor, room: &Room, period: Period) -> ClassResults {
    actor.get(&format!("/classes/{}/results/{period}", room.class.id)).await.ok()
}

/// A learner's cells of a term, subject by subject, as the sheets show them.
async fn cells_of(room: &Room, term: Term, learner: LearnerId) -> Vec<(ClassSubject, Vec<(Slot, CellValue)>)> {
    let mut all = Vec::new();
    for subject in room.subjects().await {
        let sheet = room.sheet(&subject.subject_code, term).await;
        let row = sheet.rows.iter().find(|row| row.learner_id == learner).unwrap();
        all.push((subject, row.cells.iter().filter_map(|c| Some((c.slot, c.value?))).collect()));
    }
    all
}

fn same(found: &LearnerResult, computed: &[(String, Option<Computed>)]) {
    assert_eq!(found.subjects.len(), computed.len());
    for (subject, (code, result)) in found.subjects.iter().zip(computed) {
        assert_eq!(subject.subject_code, *code);
        let expected = match result {
            Some(Computed::Average(mark)) => (Some(*mark), None, false),
            Some(Computed::Pass) => (None, Some(true), false),
            Some(Computed::Fail) => (None, Some(false), false),
            Some(Computed::Exempt) => (None, None, true),
            None => (None, None, false),
        };
        assert_eq!((subject.average, subject.passed, subject.exempt), expected, "{code}");
    }
}

both_engines! {
    async fn they_are_what_the_regulation_says(app: TestApp) {
        let room = room(&app).await;
        for term in [Term::S1, Term::S2] {
            room.fill(&app, term, |subject, learner, slot| (400 + 90 * learner as i32 + 35 * subject as i32 + 20 * slot.weight() as i32) / 10 * 10).await;
            room.assess(term, Level::Fair, 4).await;
        }
        let policy = Policy::tt22();
        let first = results(&room.homeroom, &room, Period::S1).await;
        let year = results(&room.homeroom, &room, Period::Year).await;
        assert_eq!((first.state, first.policy.as_str()), (TermState::Open, "TT22/1"));
        for learner in &room.learners {
            let (one, two) = (cells_of(&room, Term::S1, *learner).await, cells_of(&room, Term::S2, *learner).await);
            let subjects: Vec<_> = one
                .iter()
                .map(|(s, cells)| TermSubject { code: &s.subject_code, name: &s.name_vi, kind: s.kind, annual_periods: s.annual_periods, cells })
                .collect();
            let expected = tt22::evaluate_term(Named::Semester1, &subjects, &policy);
            let found = first.rows.iter().find(|row| row.learner_id == *learner).unwrap();
            same(found, &expected.subjects.iter().map(|s| (s.subject.code.to_owned(), s.result)).collect::<Vec<_>>());
            assert_eq!((found.base, found.learning), (expected.learning.base, expected.learning.level));
            assert_eq!((found.conduct, found.absences), (Some(Level::Fair), Some(4)));
            assert_eq!(found.reasons, expected.reasons());
            assert!(!found.reasons.is_empty());

            let subjects: Vec<_> = one
                .iter()
                .zip(&two)
                .map(|((s, one), (_, two))| YearSubject {
                    code: &s.subject_code,
                    name: &s.name_vi,
                    kind: s.kind,
                    annual_periods: s.annual_periods,
                    semester1: Semester::Cells(one),
                    semester2: Semester::Cells(two),
                    reassessment: None,
                })
                .collect();
            let input = YearInput { subjects: &subjects, conduct1: Some(Level::Fair), conduct2: Some(Level::Fair), absences: Some(8), summer_conduct: None };
            let expected = tt22::evaluate_year(&input, &policy);
            let found = year.rows.iter().find(|row| row.learner_id == *learner).unwrap();
            same(found, &expected.subjects.iter().map(|s| (s.subject.code.to_owned(), s.year)).collect::<Vec<_>>());
            assert_eq!((found.base, found.learning, found.conduct), (expected.year.base, expected.year.level, expected.conduct));
            assert_eq!((found.promotion, found.award, found.absences), (expected.promotion, expected.award, Some(8)));
            assert_eq!(found.reasons, expected.reasons());
        }
        // Closing computes the same, the year from the frozen terms.
        room.close(Term::S1).await;
        room.close(Term::S2).await;
        let closed = results(&room.homeroom, &room, Period::Year).await;
        assert_eq!((closed.state, closed.rows), (TermState::Closed, year.rows));
        assert_eq!(results(&room.homeroom, &room, Period::S1).await.rows, first.rows);
    }

    async fn nothing_is_guessed_while_a_mark_is_missing(app: TestApp) {
        let room = room(&app).await;
        let first = results(&room.principal, &room, Period::S1).await;
        assert_eq!(first.rows.len(), 3);
        for row in &first.rows {
            assert!(row.learning.is_none() && row.subjects.iter().all(|s| s.average.is_none() && s.passed.is_none() && !s.exempt));
            assert!(row.reasons.iter().any(|r| r.code.contains("missing")), "{:?}", row.reasons);
        }
    }

    async fn an_exempt_subject_is_left_out(app: TestApp) {
        let room = room(&app).await;
        let sheet = room.sheet("TOAN", Term::S1).await;
        room.save(sheet.slots.iter().map(|slot| cell(room.learners[0], *slot, Some(CellValue::Exempt), 0)).collect()).await;
        room.fill(&app, Term::S1, |_, _, _| 800).await;
        let first = results(&room.homeroom, &room, Period::S1).await;
        let row = first.rows.iter().find(|row| row.learner_id == room.learners[0]).unwrap();
        let maths = row.subjects.iter().find(|s| s.subject_code == "TOAN").unwrap();
        assert!(maths.exempt && maths.average.is_none());
        assert!(row.learning.is_some());
    }

    async fn closed_results_are_read_back_and_not_computed_again(app: TestApp) {
        let room = room(&app).await;
        room.complete(&app, Term::S1).await;
        let live = results(&room.homeroom, &room, Period::S1).await;
        room.close(Term::S1).await;
        let frozen = results(&room.homeroom, &room, Period::S1).await;
        assert_eq!((frozen.state, &frozen.rows, &frozen.subjects), (TermState::Closed, &live.rows, &live.subjects));
        // Behind Khuê's back, every mark becomes 0.
        let mut update = Query::update();
        update.table("mark").value("mark", Some(0i16)).and_where(Expr::col("mark").is_not_null());
        app.db.migrator().execute(&update).await.unwrap();
        assert_eq!(results(&room.homeroom, &room, Period::S1).await, frozen);
    }

    async fn the_year_comes_with_the_second_closing(app: TestApp) {
        let room = room(&app).await;
        for term in [Term::S2, Term::S1] {
            room.fill(&app, term, |_, _, _| 950).await;
            room.assess(term, Level::Good, 1).await;
        }
        room.close(Term::S2).await;
        assert_eq!(results(&room.homeroom, &room, Period::Year).await.state, TermState::Open);
        room.close(Term::S1).await;
        let year = results(&room.homeroom, &room, Period::Year).await;
        assert_eq!(year.state, TermState::Closed);
        for row in &year.rows {
            assert_eq!((row.learning, row.conduct, row.absences), (Some(Level::Good), Some(Level::Good), Some(2)));
            assert_eq!((row.promotion, row.award), (Some(regulations::Promotion::Promoted), Some(Award::Excellent)));
            assert!(row.reasons.iter().any(|r| r.article.contains("Đ.15")));
        }
    }

    async fn staff_read_the_report_of_a_learner(app: TestApp) {
        let room = room(&app).await;
        let learner = room.learners[0];
        room.save(vec![cell(learner, Slot::Final, score(900), 0)]).await;
        let path = format!("/learners/{learner}/report");
        for actor in [&room.homeroom, &room.principal, &app.province_admin().await, &app.officer(app.world.commune_a).await] {
            let report: LearnerReport = actor.get(&path).await.ok();
            assert_eq!((report.class_name.as_str(), report.terms.len()), ("6A1", 2));
            let maths = report.terms[0].subjects.iter().find(|s| s.subject_code == "TOAN").unwrap();
            assert_eq!(maths.cells.iter().map(|c| (c.slot, c.value)).collect::<Vec<_>>(), [(Slot::Final, score(900))]);
            assert!(report.terms[0].result.is_none() && report.year.is_none());
        }
        room.teacher.get(&path).await.problem(Code::Forbidden);
        for actor in [&app.principal(&app.world.school_b).await, &app.officer(app.world.commune_b).await] {
            actor.get(&path).await.problem(Code::NotFound);
        }
    }
}

both_engines! {
    async fn who_changed_the_class_brings_the_closed_term_along(app: TestApp) {
        let (old, new) = (room(&app).await, room_in(&app, &app.world.school_a, "6A2").await);
        let mover = old.learners[0];
        let guardian = app.guardian(&[mover]).await;
        let report = || {
            let guardian = guardian.clone();
            async move { guardian.get(&format!("/me/children/{mover}/report")).await.ok::<LearnerReport>() }
        };
        for room in [&old, &new] {
            room.fill(&app, Term::S1, |_, _, _| 860).await;
            room.assess(Term::S1, Level::Good, 3).await;
        }
        old.close(Term::S1).await;
        let brought = report().await.terms[0].result.clone().unwrap();
        // Into the other class, whose first term is still open, and asks nothing of the newcomer.
        let body = serde_json::json!({"learner_id": mover, "enrolled_on": "2026-09-20"});
        new.principal.post(&format!("/classes/{}/members", new.class.id), &body).await.ok::<dto::classes::ClassMember>();
        let moved = report().await;
        assert_eq!((moved.class_name.as_str(), moved.terms[0].result.as_ref()), ("6A2", Some(&brought)));
        assert!(moved.terms[0].subjects.iter().all(|s| s.cells.len() == s.slots.len()), "the marks of the class before are still seen");
        new.close(Term::S1).await;
        new.fill(&app, Term::S2, |_, _, _| 920).await;
        new.assess(Term::S2, Level::Good, 4).await;
        new.close(Term::S2).await;
        let year = results(&new.principal, &new, Period::Year).await;
        let row = year.rows.iter().find(|row| row.learner_id == mover).unwrap();
        // (8.6 + 2 x 9.2) / 3 = 9.0
        let maths = row.subjects.iter().find(|s| s.subject_code == "TOAN").unwrap();
        assert_eq!(maths.average, Mark::from_hundredths(900));
        assert_eq!((row.learning, row.conduct, row.absences), (Some(Level::Good), Some(Level::Good), Some(7)));
        assert_eq!(row.award, Some(Award::Excellent));
        assert_eq!(report().await.year.as_ref(), Some(row));
        // The old class's school year does not count them any more.
        let before = results(&old.principal, &old, Period::S1).await;
        assert!(before.rows.iter().any(|row| row.learner_id == mover), "the frozen first term keeps them");
    }
}
