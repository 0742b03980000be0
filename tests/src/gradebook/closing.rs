use super::*;
use crate::harness::Reply;
use dto::Code;
use dto::access::Role;
use dto::gradebook::{ClassResults, ReopenTerm, TermState};
use serde_json::{Value, json};

async fn reopen(actor: &Actor, room: &Room, term: Term, reason: &str) -> Reply {
    actor.post(&term_path(&room.class, term, "reopen"), &ReopenTerm { reason: reason.into() }).await
}

both_engines! {
    async fn what_is_missing_is_listed_by_teacher_and_learner(app: TestApp) {
        let room = room(&app).await;
        let [a, b, c] = room.learners[..] else { unreachable!() };
        room.fill(&app, Term::S1, |_, _, _| 700).await;
        // One mark cleared, one learner absent from a test and not made up.
        let (_, version) = room.cell(a, Slot::Regular(2)).await;
        room.save(vec![cell(a, Slot::Regular(2), None, version), cell(b, Slot::Final, Some(CellValue::Absent), version)]).await;
        room.assess(Term::S1, Level::Good, 0).await;
        let path = term_path(&room.class, Term::S1, "conduct");
        let body = PutConduct { rows: vec![PutConductRow { learner_id: c, conduct: None, absences: Some(0), version: 1 }] };
        room.homeroom.put_bare(&path, &body).await.ok::<dto::gradebook::ConductSaved>();

        let closing: Closing = room.principal.get(&term_path(&room.class, Term::S1, "closing")).await.ok();
        assert_eq!((closing.state, closing.missing_cells, closing.missing.len()), (TermState::Open, 3, 2));
        let maths = &closing.missing[0];
        assert_eq!(maths.subject_code.as_deref(), Some("TOAN"));
        assert!(maths.teachers.iter().any(|t| t.id == room.teacher.staff_id()));
        let gaps: Vec<_> = maths.learners.iter().map(|l| (l.learner_id, l.slots.clone())).collect();
        assert_eq!(gaps.len(), 2);
        assert!(gaps.contains(&(a, vec![Slot::Regular(2)])) && gaps.contains(&(b, vec![Slot::Final])), "{gaps:?}");
        let conduct = &closing.missing[1];
        assert_eq!((conduct.subject_code.as_deref(), conduct.teachers[0].id), (None, room.homeroom.staff_id()));
        assert_eq!(conduct.learners.iter().map(|l| l.learner_id).collect::<Vec<_>>(), [c]);

        let problem = room.homeroom.post_empty(&term_path(&room.class, Term::S1, "close")).await.problem(Code::TermNotReady);
        assert_eq!(problem.params["count"], "3");
    }

    async fn a_closed_term_takes_nothing_more(app: TestApp) {
        let room = room(&app).await;
        room.complete(&app, Term::S1).await;
        let closing = room.close(Term::S1).await;
        assert_eq!((closing.state, closing.missing_cells), (TermState::Closed, 0));
        assert!(closing.closed_at.is_some());
        assert_eq!(closing.closed_by.as_deref(), Some("Người Thử"));
        let (_, version) = room.cell(room.learners[0], Slot::Final).await;
        let body = typed(vec![cell(room.learners[0], Slot::Final, score(1000), version)]);
        room.teacher.put_bare(&marks_path(&room.class, "TOAN", Term::S1), &body).await.problem(Code::TermClosed);
        let rows = vec![PutConductRow { learner_id: room.learners[0], conduct: Some(Level::Fail), absences: Some(9), version: 1 }];
        room.homeroom.put_bare(&term_path(&room.class, Term::S1, "conduct"), &PutConduct { rows }).await.problem(Code::TermClosed);
        room.homeroom.post_empty(&term_path(&room.class, Term::S1, "close")).await.problem(Code::TermClosed);
        let sheet: MarkSheet = room.teacher.get(&marks_path(&room.class, "TOAN", Term::S1)).await.ok();
        assert_eq!((sheet.state, sheet.writable), (TermState::Closed, false));
        // The other term goes on.
        let sheet: MarkSheet = room.teacher.get(&marks_path(&room.class, "TOAN", Term::S2)).await.ok();
        assert_eq!((sheet.state, sheet.writable), (TermState::Open, true));
    }

    async fn only_the_principal_reopens_and_says_why(app: TestApp) {
        let room = room(&app).await;
        reopen(&room.principal, &room, Term::S1, "Nhập thiếu điểm").await.problem(Code::TermNotClosed);
        room.complete(&app, Term::S1).await;
        room.close(Term::S1).await;
        for actor in [&room.homeroom, &room.teacher, &app.at(Role::Deputy, &room.school).await] {
            reopen(actor, &room, Term::S1, "Nhập thiếu điểm").await.problem(Code::Forbidden);
        }
        reopen(&room.principal, &room, Term::S1, "x").await.field("/reason", Code::FieldLength);
        reopen(&room.principal, &room, Term::S1, "        ").await.field("/reason", Code::FieldRequired);
        room.principal.post(&term_path(&room.class, Term::S1, "reopen"), &json!({})).await.field("/reason", Code::FieldRequired);
        let closing: Closing = reopen(&room.principal, &room, Term::S1, "Nhập thiếu điểm").await.ok();
        assert_eq!((closing.state, closing.version, closing.closed_at), (TermState::Open, 2, None));
        let history: Vec<_> = closing.history.iter().map(|e| (e.state, e.reason.as_deref())).collect();
        assert_eq!(history, [(TermState::Open, Some("Nhập thiếu điểm")), (TermState::Closed, None)]);
        // Marks can be entered again, and the term closed again.
        let (_, version) = room.cell(room.learners[0], Slot::Final).await;
        let saved = room.save(vec![cell(room.learners[0], Slot::Final, score(1000), version)]).await;
        assert_eq!(saved[0].outcome, CellResult::Saved);
        assert_eq!(room.close(Term::S1).await.history.len(), 3);
    }

    async fn reopening_drops_the_results_and_the_log_keeps_them(app: TestApp) {
        let room = room(&app).await;
        for term in [Term::S1, Term::S2] {
            room.complete(&app, term).await;
            room.close(term).await;
        }
        let results = |period: &str| {
            let path = format!("/classes/{}/results/{period}", room.class.id);
            let actor = room.principal.clone();
            async move { actor.get(&path).await.ok::<ClassResults>() }
        };
        assert_eq!(results("year").await.state, TermState::Closed);
        reopen(&room.principal, &room, Term::S1, "Sai điểm cuối kì").await.ok::<Closing>();
        assert_eq!(results("1").await.state, TermState::Open);
        assert_eq!(results("year").await.state, TermState::Open);
        assert_eq!(results("2").await.state, TermState::Closed);
        let log = app.audit(Some(room.school.id)).await;
        let entry = log.iter().find(|e| e.verb == "term.reopened").unwrap();
        let before: Value = serde_json::from_str(entry.before.as_deref().unwrap()).unwrap();
        assert_eq!((before["results"].as_array().unwrap().len(), before["year"].as_array().unwrap().len()), (3, 3));
        let after: Value = serde_json::from_str(entry.after.as_deref().unwrap()).unwrap();
        assert_eq!(after["reason"], "Sai điểm cuối kì");
        // Closed again, the year is there again.
        room.close(Term::S1).await;
        assert_eq!(results("year").await.state, TermState::Closed);
    }

    async fn who_left_is_not_waited_for(app: TestApp) {
        use sea_orm::ConnectionTrait;
        use sea_orm::sea_query::{Expr, ExprTrait, Query};
        let room = room(&app).await;
        let mut leave = Query::update();
        leave.table("enrolment").value("left_on", crate::harness::day("2026-09-10")).and_where(Expr::col("learner_id").eq(room.learners[2].0));
        app.db.migrator().execute(&leave).await.unwrap();
        let closing: Closing = room.homeroom.get(&term_path(&room.class, Term::S1, "closing")).await.ok();
        assert!(closing.missing.iter().all(|part| part.learners.iter().all(|l| l.learner_id != room.learners[2])));
        assert!(closing.missing.iter().all(|part| part.learners.len() == 2));
    }
}
