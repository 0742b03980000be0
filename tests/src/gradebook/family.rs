use super::*;
use crate::harness::tells;
use dto::Code;
use dto::gradebook::{Child, LearnerReport, TermState};

both_engines! {
    async fn one_sign_in_shows_children_of_two_schools(app: TestApp) {
        let (one, two) = (room(&app).await, room_in(&app, &app.world.school_b, "6B").await);
        let (mine, other) = ([one.learners[0], two.learners[0]], [one.learners[1], two.learners[1]]);
        one.save(vec![cell(mine[0], Slot::Final, score(850), 0), cell(other[0], Slot::Final, score(330), 0)]).await;
        let guardian = app.guardian(&mine).await;

        let children = guardian.get("/me/children").await.ok::<Page<Child>>().items;
        let mut found: Vec<_> = children.iter().map(|c| (c.learner_id, c.class_name.as_deref(), c.school_name.as_deref())).collect();
        found.sort_unstable();
        let mut expected =
            vec![(mine[0], Some("6A1"), Some("THCS Trần Phú")), (mine[1], Some("6B"), Some("THCS Lê Lợi"))];
        expected.sort_unstable();
        assert_eq!(found, expected);

        let reply = guardian.get(&format!("/me/children/{}/report", mine[0])).await;
        let text = reply.text();
        let report: LearnerReport = reply.ok();
        assert_eq!((report.class_name.as_str(), report.school_name.as_str()), ("6A1", "THCS Trần Phú"));
        let maths = report.terms[0].subjects.iter().find(|s| s.subject_code == "TOAN").unwrap();
        assert_eq!(maths.cells.iter().map(|c| (c.slot, c.value)).collect::<Vec<_>>(), [(Slot::Final, score(850))]);
        // Nothing of another child, no rank, no average of the class.
        assert!(!text.contains(&other[0].to_string()) && !tells(&text, "330") && !text.contains("rank"));
        guardian.get(&format!("/me/children/{}/report", mine[1])).await.ok::<LearnerReport>();
        for learner in other {
            guardian.get(&format!("/me/children/{learner}/report")).await.problem(Code::NotFound);
        }
    }

    async fn results_are_shown_once_closed(app: TestApp) {
        let room = room(&app).await;
        let child = room.learners[0];
        let guardian = app.guardian(&[child]).await;
        let report = || {
            let guardian = guardian.clone();
            async move { guardian.get(&format!("/me/children/{child}/report")).await.ok::<LearnerReport>() }
        };
        room.complete(&app, Term::S1).await;
        assert!(report().await.terms[0].result.is_none());
        room.close(Term::S1).await;
        let closed = report().await;
        assert_eq!((closed.terms[0].state, closed.terms[1].state), (TermState::Closed, TermState::Open));
        let result = closed.terms[0].result.as_ref().unwrap();
        assert!(result.learner_id == child && result.learning.is_some() && !result.reasons.is_empty());
        assert!(closed.terms[0].closed_at.is_some() && closed.year.is_none());
        room.complete(&app, Term::S2).await;
        room.close(Term::S2).await;
        assert!(report().await.year.unwrap().promotion.is_some());
    }

    async fn a_learner_sees_themself(app: TestApp) {
        let room = room(&app).await;
        let learner = app.learner_account(room.learners[0]).await;
        let children = learner.get("/me/children").await.ok::<Page<Child>>().items;
        assert_eq!(children.iter().map(|c| c.learner_id).collect::<Vec<_>>(), [room.learners[0]]);
        learner.get(&format!("/me/children/{}/report", room.learners[0])).await.ok::<LearnerReport>();
        learner.get(&format!("/me/children/{}/report", room.learners[1])).await.problem(Code::NotFound);
    }

    async fn a_year_may_be_named(app: TestApp) {
        let room = room(&app).await;
        let guardian = app.guardian(&room.learners[..1]).await;
        let path = format!("/me/children/{}/report?school_year_id=", room.learners[0]);
        let report: LearnerReport = guardian.get(&format!("{path}{}", app.world.year)).await.ok();
        assert_eq!(report.school_year, "2026-2027");
        guardian.get(&format!("{path}{}", room.learners[0])).await.problem(Code::NotFound);
        guardian.get(&format!("{path}x")).await.problem(Code::Invalid);
    }

    async fn staff_have_no_family_by_their_role(app: TestApp) {
        let room = room(&app).await;
        room.principal.get("/me/children").await.problem(Code::Forbidden);
        room.homeroom.get(&format!("/me/children/{}/report", room.learners[0])).await.problem(Code::Forbidden);
    }
}
