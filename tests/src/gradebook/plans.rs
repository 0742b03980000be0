//! Individual education plans: proposed, decided, and what they change in results.

use super::*;
use dto::Code;
use dto::access::Role;
use dto::gradebook::{ClassResults, LearnerReport};
use dto::plans::{IndividualPlan, IndividualPlans, PlanState};
use serde_json::{Value, json};

fn list(room: &Room) -> String {
    format!("/classes/{}/individual-plans", room.class.id)
}

fn path(room: &Room, learner: LearnerId) -> String {
    format!("{}/{learner}", list(room))
}

fn plan(codes: &[&str]) -> Value {
    json!({"subject_codes": codes, "document": "Kế hoạch số 12/KH-TP ngày 10/09/2026"})
}

fn decision(approve: bool, version: i64) -> Value {
    json!({"approve": approve, "note": "Đã trao đổi với gia đình", "version": version})
}

both_engines! {
    async fn an_approved_plan_leaves_its_subjects_out(app: TestApp) {
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        let proposed: IndividualPlan = room.homeroom.put(&path(&room, a), 0, &plan(&["TOAN"])).await.ok();
        assert_eq!((proposed.state, proposed.in_force.len(), proposed.full_name.as_str()), (PlanState::Proposed, 0, "Nguyễn Thị Ánh"));
        // Everything but the mathematics of one learner.
        room.fill(&app, Term::S1, |_, _, _| 800).await;
        let sheet = room.sheet("TOAN", Term::S1).await;
        let cells = sheet.rows.iter().find(|r| r.learner_id == a).unwrap().cells.iter().map(|c| cell(a, c.slot, None, c.version)).collect();
        room.save(cells).await;
        room.assess(Term::S1, Level::Good, 0).await;
        room.homeroom.post_empty(&term_path(&room.class, Term::S1, "close")).await.problem(Code::TermNotReady);
        let approved: IndividualPlan = room.principal.post(&format!("{}/decision", path(&room, a)), &decision(true, 1)).await.ok();
        assert_eq!((approved.state, approved.in_force, approved.version), (PlanState::Approved, vec!["TOAN".to_owned()], 2));
        assert_eq!((approved.decided_by.as_deref(), approved.note.as_deref()), (Some("Người Thử"), Some("Đã trao đổi với gia đình")));
        // Who enters the marks is told, and nobody else by the sheet.
        let planned = async |actor: &Actor| actor.get(&marks_path(&room.class, "TOAN", Term::S1)).await.ok::<MarkSheet>().rows.iter().filter(|r| r.plan).map(|r| r.learner_id).collect::<Vec<_>>();
        assert_eq!((planned(&room.teacher).await, planned(&room.homeroom).await), (vec![a], vec![]));
        room.close(Term::S1).await;
        let results: ClassResults = room.homeroom.get(&format!("/classes/{}/results/1", room.class.id)).await.ok();
        let of = |learner| results.rows.iter().find(|r| r.learner_id == learner).unwrap();
        let maths = |learner| of(learner).subjects.iter().find(|s| s.subject_code == "TOAN").unwrap();
        assert!(maths(a).plan && maths(a).average.is_none() && !maths(b).plan);
        assert_eq!((of(a).learning, of(b).learning), (Some(Level::Good), Some(Level::Good)));
        let reason = of(a).reasons.iter().find(|r| r.code == "individual-plan").unwrap();
        assert!(reason.vi.contains("Toán") && reason.article == "TT 22/2021 Đ.11");
        assert!(of(b).reasons.iter().all(|r| r.code != "individual-plan"));
        let log = app.audit(Some(room.school.id)).await;
        assert_eq!(log.iter().filter(|e| e.verb.starts_with("individual_plan.")).map(|e| e.verb.as_str()).collect::<Vec<_>>(), ["individual_plan.proposed", "individual_plan.decided"]);
        // The family reads it of their own child.
        let report: LearnerReport = app.guardian(&[a]).await.get(&format!("/me/children/{a}/report")).await.ok();
        assert!(report.terms[0].result.as_ref().unwrap().reasons.iter().any(|r| r.code == "individual-plan"));
    }

    async fn why_a_subject_is_left_out_is_told_to_those_whom_it_concerns(app: TestApp) {
        let room = room(&app).await;
        let [a, b, _] = room.learners[..] else { unreachable!() };
        room.complete(&app, Term::S1).await;
        room.homeroom.put(&path(&room, a), 0, &plan(&["TOAN"])).await.status(200);
        room.principal.post(&format!("{}/decision", path(&room, a)), &decision(true, 1)).await.status(200);
        // What a reader finds of the learner: the flag of the subject, and the reason.
        let found = |result: &dto::gradebook::LearnerResult| {
            let flag = result.subjects.iter().any(|s| s.subject_code == "TOAN" && s.plan);
            (flag, result.reasons.iter().any(|reason| reason.code == "individual-plan"))
        };
        let deputy = app.at(Role::Deputy, &room.school).await;
        let (officer, admin) = (app.officer(app.world.commune_a).await, app.province_admin().await);
        let staff = [(&room.homeroom, true), (&room.principal, true), (&deputy, true), (&officer, false), (&admin, false)];
        // As things stand, and as they are frozen.
        for closed in [false, true] {
            if closed {
                room.close(Term::S1).await;
            }
            for (at, (actor, told)) in staff.iter().enumerate() {
                let results: ClassResults = actor.get(&format!("/classes/{}/results/1", room.class.id)).await.ok();
                let row = results.rows.iter().find(|row| row.learner_id == a).unwrap();
                assert_eq!(found(row), (true, *told), "reader {at} of the class, closed: {closed}");
            }
        }
        for (at, (actor, told)) in staff.iter().enumerate() {
            let reply = actor.get(&format!("/learners/{a}/report")).await;
            let report: LearnerReport = reply.ok();
            assert_eq!(found(report.terms[0].result.as_ref().unwrap()), (true, *told), "reader {at} of the learner");
        }
        let family = async |actor: &Actor| {
            let report: LearnerReport = actor.get(&format!("/me/children/{a}/report")).await.ok();
            found(report.terms[0].result.as_ref().unwrap())
        };
        assert_eq!(family(&app.guardian(&[a]).await).await, (true, true));
        assert_eq!(family(&app.learner_account(a).await).await, (true, false));
        // Nobody else reads results at all.
        app.guardian(&[b]).await.get(&format!("/me/children/{a}/report")).await.problem(Code::NotFound);
        let clerk = app.at(Role::Clerk, &room.school).await;
        for actor in [&room.teacher, &clerk] {
            actor.get(&format!("/classes/{}/results/1", room.class.id)).await.problem(Code::Forbidden);
        }
    }

    async fn what_holds_stays_until_the_principal_decides(app: TestApp) {
        let room = room(&app).await;
        let learner = room.learners[0];
        let decide = format!("{}/decision", path(&room, learner));
        room.principal.post(&decide, &decision(true, 0)).await.problem(Code::NotFound);
        room.homeroom.put(&path(&room, learner), 0, &plan(&["TOAN"])).await.ok::<IndividualPlan>();
        room.homeroom.put(&path(&room, learner), 0, &plan(&["TOAN"])).await.problem(Code::VersionConflict);
        room.principal.post(&decide, &decision(true, 5)).await.problem(Code::VersionConflict);
        room.principal.post(&decide, &decision(true, 1)).await.ok::<IndividualPlan>();
        room.principal.post(&decide, &decision(true, 2)).await.problem(Code::PlanDecided);
        // Another proposal, declined; then the end of the plan.
        let proposed: IndividualPlan = room.homeroom.put(&path(&room, learner), 2, &plan(&["TOAN", "NGU_VAN"])).await.ok();
        assert_eq!((proposed.state, proposed.in_force.as_slice()), (PlanState::Proposed, ["TOAN".to_owned()].as_slice()));
        let declined: IndividualPlan = room.principal.post(&decide, &decision(false, 3)).await.ok();
        assert_eq!((declined.state, declined.in_force.as_slice()), (PlanState::Declined, ["TOAN".to_owned()].as_slice()));
        room.homeroom.put(&path(&room, learner), 4, &plan(&[])).await.ok::<IndividualPlan>();
        let ended: IndividualPlan = room.principal.post(&decide, &decision(true, 5)).await.ok();
        assert!(ended.in_force.is_empty());
        let found: IndividualPlans = room.homeroom.get(&list(&room)).await.ok();
        assert_eq!((found.items.as_slice(), found.writable, found.decides), (std::slice::from_ref(&ended), true, false));
        assert!(room.principal.get(&list(&room)).await.ok::<IndividualPlans>().decides);
        room.homeroom.put(&path(&room, learner), 6, &plan(&["HOA"])).await.field("/subject_codes/0", Code::FieldChoice);
        room.homeroom.put(&path(&room, learner), 6, &plan(&["TOAN", "TOAN"])).await.field("/subject_codes/1", Code::FieldChoice);
        let blank = json!({"subject_codes": [], "document": "   "});
        room.homeroom.put(&path(&room, learner), 6, &blank).await.field("/document", Code::FieldRequired);
    }

    async fn who_may_not_see_plans_finds_none(app: TestApp) {
        let room = room(&app).await;
        let next_door = room_in(&app, &app.world.school_a, "6A2").await;
        let learner = room.learners[0];
        room.homeroom.put(&path(&room, learner), 0, &plan(&["TOAN"])).await.ok::<IndividualPlan>();
        let (deputy, clerk) = (app.at(Role::Deputy, &room.school).await, app.at(Role::Clerk, &room.school).await);
        let other = app.principal(&app.world.school_b).await;
        for actor in [&room.teacher, &deputy, &clerk, &next_door.homeroom, &other] {
            actor.get(&list(&room)).await.problem(Code::NotFound);
        }
        for actor in [&next_door.homeroom, &other] {
            actor.put(&path(&room, learner), 1, &plan(&[])).await.problem(Code::NotFound);
        }
        for actor in [&room.teacher, &deputy, &clerk] {
            actor.put(&path(&room, learner), 1, &plan(&[])).await.problem(Code::Forbidden);
        }
        let decide = format!("{}/decision", path(&room, learner));
        room.homeroom.post(&decide, &decision(true, 1)).await.problem(Code::Forbidden);
        other.post(&decide, &decision(true, 1)).await.problem(Code::NotFound);
        room.homeroom.put(&path(&room, next_door.learners[0]), 0, &plan(&[])).await.problem(Code::NotFound);
    }
}
