//! Closing a term of every class of a unit: what is ready closes, what is not is listed, and a killed server goes on.

use super::*;
use crate::server::process::start;
use dto::access::Role;
use dto::closing_runs::{ClosingRun, PostClosingRun, RunState, WaitingClass};
use dto::gradebook::{ClassResults, TermState};
use dto::{ClosingRunId, Code, UnitId};

async fn begin(actor: &Actor, unit: UnitId, term: Term) -> ClosingRun {
    actor.post("/closing-runs", &PostClosingRun { unit_id: unit, term }).await.ok()
}

/// Asks until it is done; each asking is a request, so nothing has to wait.
async fn done(actor: &Actor, run: ClosingRunId) -> ClosingRun {
    loop {
        let run: ClosingRun = actor.get(&format!("/closing-runs/{run}")).await.ok();
        assert!(run.closed + run.waiting <= run.classes, "{run:?}");
        if run.state == RunState::Done {
            return run;
        }
    }
}

async fn results(actor: &Actor, class: &Class, period: &str) -> ClassResults {
    actor.get(&format!("/classes/{}/results/{period}", class.id)).await.ok()
}

both_engines! {
    async fn what_is_ready_closes_and_what_is_not_is_listed(app: TestApp) {
        let room = room(&app).await;
        room.complete(&app, Term::S1).await;
        let late = app.class(&room.school, "6A2", "6").await;
        app.learner(&late, "Phạm Gia Ân").await;
        let other = room_in(&app, &app.world.school_b, "6B1").await;
        other.complete(&app, Term::S1).await;
        let live = results(&room.principal, &room.class, "1").await;
        let missing = room.principal.get(&term_path(&late, Term::S1, "closing")).await.ok::<Closing>().missing_cells;

        let run = begin(&room.principal, room.school.id, Term::S1).await;
        assert_eq!((run.classes, run.unit_name.as_str(), run.term), (2, room.school.name.as_str(), Term::S1));
        let run = done(&room.principal, run.id).await;
        assert_eq!((run.closed, run.waiting, run.learners), (1, 1, 3));
        let waiting: Page<WaitingClass> = room.principal.get(&format!("/closing-runs/{}/waiting", run.id)).await.ok();
        assert_eq!(waiting.items.iter().map(|w| (w.class_id, w.missing)).collect::<Vec<_>>(), [(late.id, missing)]);
        // Frozen is what was shown before.
        let frozen = results(&room.principal, &room.class, "1").await;
        assert_eq!((frozen.state, &frozen.rows, &frozen.policy), (TermState::Closed, &live.rows, &live.policy));
        let closing: Closing = room.principal.get(&term_path(&room.class, Term::S1, "closing")).await.ok();
        assert_eq!((closing.state, closing.version, closing.history.len()), (TermState::Closed, 1, 1));
        assert_eq!(results(&room.principal, &late, "1").await.state, TermState::Open);
        assert_eq!(results(&other.principal, &other.class, "1").await.state, TermState::Open, "another school is left alone");
        // The log of the school names the classes.
        let entry = app.audit(Some(room.school.id)).await.into_iter().rfind(|e| e.verb == "term.closed").unwrap();
        assert!(entry.after.unwrap().contains(&room.class.id.to_string()) && entry.account_id.is_some());

        // The province comes by: the other school closes, the late class still waits, what is closed stays as it is.
        let admin = app.province_admin().await;
        let whole = begin(&admin, app.world.department, Term::S1).await;
        assert_eq!(whole.classes, 2);
        let whole = done(&admin, whole.id).await;
        assert_eq!((whole.closed, whole.waiting, whole.learners), (1, 1, 3));
        assert_eq!(results(&other.principal, &other.class, "1").await.state, TermState::Closed);
        let closing: Closing = room.principal.get(&term_path(&room.class, Term::S1, "closing")).await.ok();
        assert_eq!(closing.version, 1);
        let runs: Page<ClosingRun> = admin.get("/closing-runs").await.ok();
        assert_eq!(runs.items.iter().map(|r| r.id).collect::<Vec<_>>(), [whole.id, run.id]);
    }

    async fn the_second_term_brings_the_year(app: TestApp) {
        let (room, twin) = (room(&app).await, room_in(&app, &app.world.school_b, "6B1").await);
        for r in [&room, &twin] {
            for term in [Term::S1, Term::S2] {
                r.complete(&app, term).await;
            }
            r.close(Term::S1).await;
        }
        // One is closed by hand, its twin with the same marks by a run: the same year comes of it.
        twin.close(Term::S2).await;
        let run = begin(&room.principal, room.school.id, Term::S2).await;
        assert_eq!(done(&room.principal, run.id).await.closed, 1);
        let year = results(&room.principal, &room.class, "year").await;
        let by_hand = results(&twin.principal, &twin.class, "year").await;
        let facts = |r: &ClassResults| {
            r.rows.iter().map(|x| (x.subjects.clone(), x.learning, x.conduct, x.promotion, x.award, x.reasons.clone())).collect::<Vec<_>>()
        };
        assert_eq!((year.state, facts(&year)), (TermState::Closed, facts(&by_hand)));
        assert!(year.rows.iter().all(|row| row.promotion.is_some()));
    }

    async fn only_who_leads_a_unit_closes_it(app: TestApp) {
        let room = room(&app).await;
        let body = PostClosingRun { unit_id: room.school.id, term: Term::S1 };
        let run = begin(&room.principal, room.school.id, Term::S1).await;
        done(&room.principal, run.id).await;
        let path = format!("/closing-runs/{}", run.id);
        let guardian = app.guardian(&room.learners[..1]).await;
        let officer = app.officer(app.world.commune_a).await;
        for actor in [&room.homeroom, &room.teacher, &guardian, &officer, &app.at(Role::Clerk, &room.school).await] {
            actor.post("/closing-runs", &body).await.problem(Code::Forbidden);
            actor.get(&path).await.problem(Code::Forbidden);
        }
        let elsewhere = app.principal(&app.world.school_b).await;
        elsewhere.post("/closing-runs", &body).await.problem(Code::NotFound);
        elsewhere.get(&path).await.problem(Code::NotFound);
        elsewhere.get(&format!("{path}/waiting")).await.problem(Code::NotFound);
        assert!(elsewhere.get("/closing-runs").await.ok::<Page<ClosingRun>>().items.is_empty());
        // The commune is above the principal's school.
        room.principal.post("/closing-runs", &PostClosingRun { unit_id: app.world.commune_a, term: Term::S1 }).await.problem(Code::NotFound);
        app.at(Role::Deputy, &room.school).await.get(&path).await.ok::<ClosingRun>();
    }

    async fn one_run_of_a_unit_at_a_time(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        // Begun, and nobody drives it yet.
        let ctx = kernel::Ctx::system("test");
        let body = PostClosingRun { unit_id: app.world.school_a.id, term: Term::S1 };
        let run = gradebook::closing::runs::start(&app.db, &ctx, &body).await.unwrap();
        principal.post("/closing-runs", &body).await.problem(Code::ClosingRunGoing);
        gradebook::closing::runs::drive(&app.db, run.id, || false).await.unwrap();
        // Driven twice, it stays done.
        gradebook::closing::runs::drive(&app.db, run.id, || false).await.unwrap();
        let again = begin(&principal, app.world.school_a.id, Term::S1).await;
        done(&principal, again.id).await;
    }

    async fn a_killed_server_goes_on_and_does_nothing_twice(app: TestApp) {
        let rooms = [room(&app).await, room_in(&app, &app.world.school_b, "6B1").await];
        for room in &rooms {
            room.complete(&app, Term::S1).await;
        }
        let admin = app.province_admin().await;
        let (mut child, base) = start(&app);
        let run = begin(&admin.clone().of(&base), app.world.department, Term::S1).await;
        // SIGKILL, wherever it is.
        child.kill().unwrap();
        child.wait().unwrap();
        let (mut child, base) = start(&app);
        let run = done(&admin.clone().of(&base), run.id).await;
        assert_eq!((run.classes, run.closed, run.waiting, run.learners), (2, 2, 0, 6));
        for room in &rooms {
            let closing: Closing = room.principal.get(&term_path(&room.class, Term::S1, "closing")).await.ok();
            assert_eq!((closing.state, closing.version, closing.history.len()), (TermState::Closed, 1, 1));
            assert_eq!(results(&room.principal, &room.class, "1").await.rows.len(), 3);
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
