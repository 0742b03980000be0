//! The end of the year of a primary class (TT 27/2020 Đ.11): who goes up, closing the year, the next year's classes.

use super::council::{council, council_path, decide, next_year};
use super::primary::{primary, primary_of, results, row};
use super::primary_year::{self as again, DILIGENCE, LEVEL, TEST, end, of, short};
use super::*;
use dto::Code;
use dto::access::Role;
use dto::closing_runs::{ClosingRun, PostClosingRun, RunState};
use dto::council::{
    Council, CouncilState, NextStep, NextYear, PostNextYear, PostNextYearLine, PutMinutes, PutOverride, ReopenYear,
};
use dto::gradebook::{LearnerReport, Period, ReopenTerm};
use dto::reassessment::{PutPrincipalDecision, PutReassessment, ReassessmentSheet};
use regulations::Promotion;
use regulations::tt27::{Completion, Group};

/// What Cúc fell short in, assessed again with this mark in the test.
async fn assessed_again(room: &Room, test: i32) {
    let c = room.learners[2];
    let items = vec![
        of(c, "TIENG_VIET", LEVEL, Some(CellValue::Done), 0),
        of(c, "TIENG_VIET", TEST, score(test), 0),
        of(c, "PHAM_CHAT", DILIGENCE, Some(CellValue::Pass), 0),
    ];
    let saved = again::put(&room.homeroom, room, items).await;
    assert!(saved.iter().all(|o| o.outcome == CellResult::Saved), "{saved:?}");
}

fn promotions(council: &Council) -> Vec<Option<Promotion>> {
    council.rows.iter().map(|r| r.decision.decided.promotion).collect()
}

fn lines(preview: &NextYear) -> Vec<PostNextYearLine> {
    let line = |l: &dto::council::NextYearLine| Some((l.learner_id, l.class_name.clone()?));
    preview.lines.iter().filter_map(line).map(|(learner_id, class_name)| PostNextYearLine { learner_id, class_name }).collect()
}

both_engines! {
    async fn the_year_of_a_primary_class_closes_once_everybody_has_a_result(app: TestApp) {
        let room = short(&app, "94401").await;
        let [a, _, c] = room.learners[..] else { unreachable!() };
        let before = council(&room.homeroom, &room).await;
        assert_eq!((before.state, before.writable, before.approver, before.unsettled, before.policy.as_str()), (CouncilState::Open, true, false, 1, "TT27/1"));
        assert_eq!(promotions(&before), [Some(Promotion::Promoted), Some(Promotion::Promoted), Some(Promotion::Reassess)]);
        let of_c = &before.rows[2].decision;
        let standing = of_c.decided.primary.unwrap();
        assert_eq!((standing.group, standing.completion), (Some(Group::NotCompleted), Some(Completion::Support)));
        assert!(of_c.decided.learning.is_none() && of_c.absences.is_none() && of_c.reasons.iter().any(|r| r.code == "support"));
        let close = council_path(&room.class, "/close");
        room.homeroom.post_empty(&close).await.problem(Code::Forbidden);
        let problem = room.principal.post_empty(&close).await.problem(Code::CouncilNotReady);
        assert_eq!(problem.params["count"], "1");
        // There is no deciding past another assessment, and no list of the summer.
        let body = PutOverride { learning: None, conduct: None, promotion: Some(Promotion::Promoted), reason: "Em tiến bộ rõ rệt".into() };
        decide(&room.principal, &room, c, 0, &body).await.problem(Code::DecisionNotDue);
        room.homeroom.get(&format!("/classes/{}/summer", room.class.id)).await.problem(Code::RegulationUnavailable);

        assessed_again(&room, 600).await;
        let ready = council(&room.principal, &room).await;
        let of_c = &ready.rows[2].decision;
        assert_eq!((of_c.proposed.promotion, of_c.decided.promotion, ready.unsettled), (Some(Promotion::Reassess), Some(Promotion::Promoted), 0));
        let groups = [of_c.proposed, of_c.after_summer, of_c.decided].map(|s| s.primary.and_then(|p| p.group));
        assert_eq!(groups, [Some(Group::NotCompleted), Some(Group::Completed), Some(Group::Completed)]);
        let year = results(&room, Period::Year).await;
        // The circular asks for no minutes.
        let closed: Council = room.principal.post_empty(&close).await.ok();
        assert_eq!((closed.state, closed.policy.as_str(), closed.minutes.met_on), (CouncilState::Closed, "TT27/1", None));
        assert_eq!(promotions(&closed), [Some(Promotion::Promoted); 3]);
        let made = gradebook::council::recompute(&app.db, &kernel::Ctx::system("test"), room.class.id).await.unwrap();
        assert_eq!(made.len(), 3);
        for (learner, frozen, made) in made {
            assert_eq!(frozen, made, "{learner}");
        }
        assert_eq!(results(&room, Period::Year).await.rows, year.rows, "the results of the year stay as they are");
        // Nothing of the year can be changed, neither what was assessed again nor what the principal decides.
        let items = vec![of(c, "TIENG_VIET", TEST, score(500), 1)];
        room.homeroom.put_bare(&again::path(&room), &PutReassessment { reason: None, items }).await.problem(Code::YearClosed);
        let late = PutPrincipalDecision { completed: Some(true), reason: "Đã chốt năm học rồi".into() };
        room.principal.put(&again::decision(&room, c), 0, &late).await.problem(Code::YearClosed);
        let sheet = again::sheet(&room.principal, &room).await;
        assert!(sheet.ready && !sheet.writable && !sheet.decider && sheet.rows.len() == 1);
        decide(&room.principal, &room, a, 0, &body).await.problem(Code::YearClosed);
        room.principal.post(&term_path(&room.class, Term::S2, "reopen"), &ReopenTerm { reason: "Sai điểm".into() }).await.problem(Code::YearClosed);
        let report: LearnerReport = app.guardian(&[c]).await.get(&format!("/me/children/{c}/report")).await.ok();
        let of_year = report.year.unwrap();
        assert_eq!((of_year.promotion, &of_year.primary, &of_year.reasons), (Some(Promotion::Promoted), &row(&year, c).primary, &row(&year, c).reasons));
        // The principal opens it again, with a reason; the next closing may have minutes all the same.
        let open: Council = room.principal.post(&council_path(&room.class, "/reopen"), &ReopenYear { reason: "Nhập nhầm".into() }).await.ok();
        assert_eq!(open.state, CouncilState::Open);
        let minutes = PutMinutes { met_on: Some(crate::harness::day("2026-09-20")), members: vec![], text: "Thống nhất kết quả.".into() };
        room.homeroom.put(&council_path(&room.class, "/minutes"), open.version, &minutes).await.ok::<Council>();
        assert!(again::sheet(&room.principal, &room).await.decider);
        room.principal.post_empty(&close).await.ok::<Council>();
    }

    async fn a_primary_class_goes_up_as_one_and_comes_back(app: TestApp) {
        let room = short(&app, "94402").await;
        let next = next_year(&app).await;
        let path = format!("/classes/{}/next-year", room.class.id);
        assert!(room.principal.get(&path).await.ok::<NextYear>().lines.is_empty(), "the year is not closed");
        assessed_again(&room, 600).await;
        room.principal.post_empty(&council_path(&room.class, "/close")).await.ok::<Council>();
        let preview: NextYear = room.principal.get(&path).await.ok();
        assert_eq!((preview.ready, preview.school_year_id), (true, next));
        let steps: Vec<_> = preview.lines.iter().map(|l| (l.step, l.class_name.as_deref())).collect();
        assert_eq!(steps, [(NextStep::Up, Some("5A")); 3]);
        let applied: NextYear = room.principal.post(&path, &PostNextYear { lines: lines(&preview) }).await.ok();
        assert!(applied.applied_at.is_some() && applied.lines.iter().all(|l| l.exists));
        room.principal.post(&council_path(&room.class, "/reopen"), &ReopenYear { reason: "Sai kết quả".into() }).await.problem(Code::NextYearApplied);
        let undone: NextYear = room.principal.delete(&path).await.ok();
        assert!(undone.ready && undone.lines.iter().all(|l| !l.exists));
    }

    async fn the_fifth_grade_completes_primary_school_and_who_does_not_stays(app: TestApp) {
        let room = primary_of(&app, "94403", "5").await;
        next_year(&app).await;
        end(&room).await;
        let c = room.learners[2];
        assessed_again(&room, 400).await;
        let close = council_path(&room.class, "/close");
        room.principal.post_empty(&close).await.problem(Code::CouncilNotReady);
        let body = PutPrincipalDecision { completed: Some(false), reason: "Em cần học lại để theo kịp".into() };
        room.principal.put(&again::decision(&room, c), 0, &body).await.ok::<ReassessmentSheet>();
        let closed: Council = room.principal.post_empty(&close).await.ok();
        assert_eq!(promotions(&closed), [Some(Promotion::Promoted), Some(Promotion::Promoted), Some(Promotion::Retained)]);
        assert_eq!(closed.rows[2].decision.decided.primary.unwrap().completion, Some(Completion::Retained));
        assert!(closed.rows[0].decision.reasons.iter().any(|r| r.vi.contains("chương trình tiểu học")));
        assert!(closed.rows[2].decision.because.is_none(), "why the principal decided so is kept with the decision");
        let path = format!("/classes/{}/next-year", room.class.id);
        let preview: NextYear = room.principal.get(&path).await.ok();
        let steps: Vec<_> = preview.lines.iter().map(|l| (l.step, l.grade, l.class_name.as_deref())).collect();
        assert_eq!(steps, [
            (NextStep::Completes, None, None),
            (NextStep::Completes, None, None),
            (NextStep::Stays, Some(dto::calendar::Grade::G5), Some("5A")),
        ]);
        let wrong = vec![PostNextYearLine { learner_id: room.learners[0], class_name: "6A".into() }];
        room.principal.post(&path, &PostNextYear { lines: wrong }).await.field("/lines/0/learner_id", Code::FieldChoice);
        let applied: NextYear = room.principal.post(&path, &PostNextYear { lines: lines(&preview) }).await.ok();
        assert_eq!(applied.lines.iter().map(|l| l.class_name.as_deref()).collect::<Vec<_>>(), [None, None, Some("5A")]);
    }

    async fn a_run_closes_the_terms_of_a_primary_class_and_the_year_follows(app: TestApp) {
        let room = primary(&app, "94404").await;
        for term in [Term::S1, Term::S2] {
            super::primary::fill(&room, term).await;
        }
        let close = council_path(&room.class, "/close");
        room.principal.post_empty(&close).await.problem(Code::TermNotClosed);
        for term in [Term::S1, Term::S2] {
            let run: ClosingRun = room.principal.post("/closing-runs", &PostClosingRun { unit_id: room.school.id, term }).await.ok();
            let mut seen = run;
            while seen.state != RunState::Done {
                seen = room.principal.get(&format!("/closing-runs/{}", seen.id)).await.ok();
            }
            assert_eq!((seen.closed, seen.waiting), (1, 0));
        }
        let closed: Council = room.principal.post_empty(&close).await.ok();
        assert_eq!(promotions(&closed), [Some(Promotion::Promoted); 3]);
    }

    async fn the_year_of_a_primary_class_is_of_its_own_school(app: TestApp) {
        let room = short(&app, "94405").await;
        let c = room.learners[2];
        assessed_again(&room, 600).await;
        next_year(&app).await;
        let next_door = primary(&app, "94406").await;
        let minutes = PutMinutes { met_on: None, members: vec![], text: String::new() };
        for actor in [&next_door.homeroom, &next_door.principal] {
            actor.get(&council_path(&room.class, "")).await.problem(Code::NotFound);
            actor.put(&council_path(&room.class, "/minutes"), 0, &minutes).await.problem(Code::NotFound);
        }
        next_door.principal.post_empty(&council_path(&room.class, "/close")).await.problem(Code::NotFound);
        let path = format!("/classes/{}/next-year", room.class.id);
        next_door.principal.get(&path).await.problem(Code::NotFound);
        next_door.principal.delete(&path).await.problem(Code::NotFound);
        let english = app.teacher(&room.class, "NN1").await;
        let guardian = app.guardian(&[c]).await;
        for actor in [&english, &guardian] {
            actor.get(&council_path(&room.class, "")).await.problem(Code::Forbidden);
            actor.get(&path).await.problem(Code::Forbidden);
        }
        let deputy = app.at(Role::Deputy, &room.school).await;
        assert!(!deputy.get(&council_path(&room.class, "")).await.ok::<Council>().approver);
        deputy.post_empty(&council_path(&room.class, "/close")).await.problem(Code::Forbidden);
        room.principal.post_empty(&council_path(&room.class, "/close")).await.ok::<Council>();
    }
}
