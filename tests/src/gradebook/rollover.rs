//! Kết chuyển năm học: a school's preview with its own changes, the run, the undo, and a server that is killed.

use super::council::{by_ordinal, council_path, decide, decision, next_year, settled};
use super::*;
use crate::server::process::start;
use dto::access::Role;
use dto::closing_runs::RunState;
use dto::council::{Council, NextStep, NextYear};
use dto::network::UnitChanged;
use dto::rollover::{
    PostRolloverRun, PutRollover, Rollover, RolloverClassEdit, RolloverLearnerEdit, RolloverLine, RolloverRun, RolloverSchool,
    RolloverState,
};
use dto::units::Unit;
use dto::{ClassId, Code, RolloverRunId, SchoolYearId, UnitId};
use regulations::Promotion;
use serde_json::json;

async fn begin(actor: &Actor, unit: UnitId, undo: bool) -> RolloverRun {
    actor.post("/rollover-runs", &PostRolloverRun { unit_id: unit, school_year_id: None, undo }).await.status(201).ok()
}

/// Asks until it is done; each asking is a request, so nothing has to wait.
async fn done(actor: &Actor, run: RolloverRunId) -> RolloverRun {
    loop {
        let run: RolloverRun = actor.get(&format!("/rollover-runs/{run}")).await.ok();
        assert!(run.done <= run.schools, "{run:?}");
        if run.state == RunState::Done {
            return run;
        }
    }
}

async fn schools(actor: &Actor, run: RolloverRunId) -> Vec<RolloverSchool> {
    actor.get(&format!("/rollover-runs/{run}/schools")).await.ok::<Page<RolloverSchool>>().items
}

async fn preview(actor: &Actor, school: UnitId) -> Rollover {
    actor.get(&format!("/units/{school}/rollover")).await.ok()
}

async fn lines(actor: &Actor, school: UnitId, class: ClassId) -> Vec<RolloverLine> {
    actor.get(&format!("/units/{school}/rollover/classes/{class}")).await.ok::<Page<RolloverLine>>().items
}

async fn classes(actor: &Actor, school: UnitId, year: SchoolYearId) -> Vec<(String, u32)> {
    let path = format!("/classes?school_id={school}&school_year_id={year}");
    actor.get(&path).await.ok::<Page<Class>>().items.into_iter().map(|class| (class.name, class.learners)).collect()
}

/// The year of a class is closed; its third learner repeats.
async fn closed(app: &TestApp) -> Room {
    let room = settled(app).await;
    let third = by_ordinal(&room, 2).await;
    decide(&room.principal, &room, third, 0, &decision(Some(Promotion::Retained), "Gia đình xin học lại")).await.ok::<Council>();
    room.principal.post_empty(&council_path(&room.class, "/close")).await.ok::<Council>();
    room
}

/// A preschool with a class of each of two ages, three children each.
async fn preschool(app: &TestApp, code: &str) -> (School, Actor) {
    let admin = app.province_admin().await;
    let body = json!({
        "kind": "school", "parent_id": app.world.commune_b, "name": format!("Mầm non {code}"), "short_name": "MN", "code": code,
        "code_set": "test", "code_set_version": "2025-07-01", "levels": ["preschool"], "opened_on": "2000-09-05",
    });
    let unit: Unit = admin.post("/units", &body).await.ok();
    let school = School { id: unit.id, name: unit.name };
    for (name, grade) in [("Chồi 1", "k4"), ("Lá 1", "k5")] {
        let class = app.class(&school, name, grade).await;
        for child in ["Nguyễn Bảo Anh", "Lê Minh Khôi", "Trần Gia Hân"] {
            app.learner(&class, child).await;
        }
    }
    let principal = app.principal(&school).await;
    (school, principal)
}

both_engines! {
    async fn a_school_is_previewed_changed_rolled_over_and_undone(app: TestApp) {
        let room = closed(&app).await;
        let late = app.class(&room.school, "6A2", "6").await;
        app.learner(&late, "Phạm Gia Ân").await;
        let (actor, school) = (&room.principal, room.school.id);
        actor.get(&format!("/units/{school}/rollover")).await.problem(Code::NextYearMissing);
        let next = next_year(&app).await;

        let found = preview(actor, school).await;
        assert_eq!((found.next_year_id, found.version, found.goes_on_as.is_none()), (next, 0, true));
        let facts: Vec<_> = found.classes.iter().map(|c| (c.name.as_str(), c.state, c.up, c.stays, c.completes, c.up_name.as_deref())).collect();
        assert_eq!(facts, [
            ("6A1", RolloverState::Ready, 2, 1, 0, Some("7A1")),
            ("6A2", RolloverState::Waiting, 0, 0, 0, Some("7A2")),
        ]);
        let targets: Vec<_> = found.targets.iter().map(|t| (t.name.as_str(), t.learners, t.exists, t.clash)).collect();
        assert_eq!(targets, [("6A1", 1, false, false), ("7A1", 2, false, false)]);
        let before = lines(actor, school, room.class.id).await;
        assert_eq!(before.iter().map(|l| (l.step, l.class_name.as_deref())).collect::<Vec<_>>(), [
            (NextStep::Up, Some("7A1")), (NextStep::Up, Some("7A1")), (NextStep::Stays, Some("6A1")),
        ]);

        // The school's own names, one learner elsewhere.
        let path = format!("/units/{school}/rollover");
        let edit = |up: &str, learner: LearnerId, name: Option<&str>| PutRollover {
            classes: vec![RolloverClassEdit { class_id: room.class.id, up_name: Some(up.into()), stays_name: None }],
            learners: vec![RolloverLearnerEdit { class_id: room.class.id, learner_id: learner, class_name: name.map(str::to_owned) }],
        };
        let (first, third) = (before[0].learner_id, before[2].learner_id);
        actor.put(&path, 1, &edit("7B", first, Some("7C"))).await.problem(Code::VersionConflict);
        actor.put(&path, 0, &edit("7B", third, Some("7B"))).await.field("/learners/0/class_name", Code::FieldChoice);
        actor.put(&path, 0, &edit("7B", app.learner(&late, "Lạ Mặt").await, None)).await.field("/learners/0/learner_id", Code::FieldChoice);
        let saved: Rollover = actor.put(&path, 0, &edit(" 7B ", first, Some("7C"))).await.ok();
        assert_eq!(saved.version, 1);
        let targets: Vec<_> = saved.targets.iter().map(|t| (t.name.as_str(), t.learners)).collect();
        assert_eq!(targets, [("6A1", 1), ("7B", 1), ("7C", 1)]);

        let run = begin(actor, school, false).await;
        assert_eq!((run.schools, run.unit_name.as_str(), run.undo), (1, room.school.name.as_str(), false));
        let run = done(actor, run.id).await;
        assert_eq!((run.done, run.refused, run.classes, run.learners, run.opened, run.waiting), (1, 0, 1, 3, 3, 1));
        let made = vec![("6A1".to_owned(), 1), ("7B".to_owned(), 1), ("7C".to_owned(), 1)];
        assert_eq!(classes(actor, school, next).await, made);
        let after = lines(actor, school, room.class.id).await;
        assert_eq!(after.iter().map(|l| l.class_name.as_deref()).collect::<Vec<_>>(), [Some("7C"), Some("7B"), Some("6A1")]);
        // The page of one class knows it too, and the council cannot be opened any more.
        let of_class: NextYear = actor.get(&format!("/classes/{}/next-year", room.class.id)).await.ok();
        assert!(of_class.applied_at.is_some());
        actor.post(&council_path(&room.class, "/reopen"), &json!({"reason": "Sai kết quả"})).await.problem(Code::NextYearApplied);
        // Again: nothing is done twice.
        let again = begin(actor, school, false).await;
        assert_eq!(done(actor, again.id).await.learners, 0);
        assert_eq!(classes(actor, school, next).await, made);
        let entries = app.audit(Some(school)).await;
        assert_eq!(entries.iter().filter(|entry| entry.verb == "rollover.applied").count(), 1);

        let undo = begin(actor, school, true).await;
        let undo = done(actor, undo.id).await;
        assert_eq!((undo.undo, undo.classes, undo.learners, undo.opened, undo.refused), (true, 1, 3, 3, 0));
        assert!(classes(actor, school, next).await.is_empty());
        assert_eq!(preview(actor, school).await.classes[0].state, RolloverState::Ready);
        let runs: Page<RolloverRun> = actor.get(&format!("/rollover-runs?unit_id={school}&limit=2")).await.ok();
        assert_eq!((runs.items[0].id, runs.items.len(), runs.next.is_some()), (undo.id, 2, true));
    }

    async fn there_is_no_way_back_after_the_first_mark(app: TestApp) {
        let (school, principal) = preschool(&app, "94801").await;
        let next = next_year(&app).await;
        let run = begin(&principal, school.id, false).await;
        let run = done(&principal, run.id).await;
        assert_eq!((run.classes, run.learners, run.opened), (2, 3, 1), "who is five has finished");
        assert_eq!(classes(&principal, school.id, next).await, [("Lá 1".to_owned(), 3)]);
        let class: Class = principal.get(&format!("/classes?school_id={}&school_year_id={next}", school.id)).await.ok::<Page<Class>>().items.remove(0);
        let members: Page<dto::classes::ClassMember> = principal.get(&format!("/classes/{}/members", class.id)).await.ok();
        let ordinals: Vec<_> = members.items.iter().map(|m| (m.ordinal, m.given_name.as_str())).collect();
        assert_eq!(ordinals, [(1, "Anh"), (2, "Hân"), (3, "Khôi")], "as class lists are ordered");
        let subjects: Page<ClassSubject> = principal.get(&format!("/classes/{}/subjects", class.id)).await.ok();
        assert_eq!(subjects.items.len(), records::catalogue::offered(class.grade).into_iter().filter(|o| o.compulsory).count());
        // Something is kept of a child in the new class.
        let conn = app.db.migrator();
        crate::harness::insert(conn, "conduct", vec![
            ("school_id", school.id.0.into()),
            ("class_id", class.id.0.into()),
            ("term", 1i16.into()),
            ("learner_id", members.items[0].learner_id.0.into()),
            ("level", None::<String>.into()),
            ("absences", Some(1i16).into()),
            ("version", 1i64.into()),
            ("updated_at", kernel::clock::now().into()),
            ("updated_by", None::<uuid::Uuid>.into()),
        ]).await;
        let undo = begin(&principal, school.id, true).await;
        let undo = done(&principal, undo.id).await;
        assert_eq!((undo.refused, undo.classes, undo.learners), (1, 0, 0));
        let told = schools(&principal, undo.id).await;
        assert!(told[0].fault.as_deref().is_some_and(|fault| fault.contains("1 học sinh")), "{told:?}");
        assert_eq!(classes(&principal, school.id, next).await, [("Lá 1".to_owned(), 3)]);
    }

    async fn a_name_that_is_another_grades_gives_way_or_stands_in_the_way(app: TestApp) {
        let (school, principal) = preschool(&app, "94802").await;
        // "Hoa Mai" of age four becomes "Hoa Mai" of age five: another class of that name is of age four already.
        let class = app.class(&school, "Hoa Mai", "k4").await;
        app.learner(&class, "Vũ Minh Anh").await;
        let next = next_year(&app).await;
        let body = json!({"school_id": school.id, "school_year_id": next, "grade": "k4", "name": "Hoa Mai"});
        principal.post("/classes", &body).await.ok::<Class>();
        let found = preview(&principal, school.id).await;
        let own = found.classes.iter().find(|c| c.class_id == class.id).unwrap();
        assert_eq!(own.up_name.as_deref(), Some("Lá Hoa Mai"));
        let path = format!("/units/{}/rollover", school.id);
        let edit = PutRollover { classes: vec![RolloverClassEdit { class_id: class.id, up_name: Some("Hoa Mai".into()), stays_name: None }], learners: vec![] };
        principal.put(&path, 0, &edit).await.field("/classes/0/up_name", Code::FieldChoice);
        // Kept while it was free, and taken since.
        let edit = PutRollover { classes: vec![RolloverClassEdit { class_id: class.id, up_name: Some("Hoa Lan".into()), stays_name: None }], learners: vec![] };
        principal.put(&path, 0, &edit).await.ok::<Rollover>();
        principal.post("/classes", &json!({"school_id": school.id, "school_year_id": next, "grade": "k3", "name": "Hoa Lan"})).await.ok::<Class>();
        assert!(preview(&principal, school.id).await.targets.iter().any(|target| target.clash));
        let run = begin(&principal, school.id, false).await;
        let run = done(&principal, run.id).await;
        assert_eq!((run.refused, run.learners), (1, 0));
        assert!(schools(&principal, run.id).await[0].fault.is_some());
        // Into a class that there is.
        let edit = PutRollover { classes: vec![RolloverClassEdit { class_id: class.id, up_name: Some("Lá 1".into()), stays_name: None }], learners: vec![] };
        principal.put(&path, 1, &edit).await.ok::<Rollover>();
        principal.post("/classes", &json!({"school_id": school.id, "school_year_id": next, "grade": "k5", "name": "Lá 1"})).await.ok::<Class>();
        let run = begin(&principal, school.id, false).await;
        assert_eq!(done(&principal, run.id).await.learners, 4);
        let of_five = classes(&principal, school.id, next).await.into_iter().find(|(name, _)| name == "Lá 1").unwrap();
        assert_eq!(of_five.1, 4);
    }

    async fn a_merged_schools_children_go_on_at_the_other(app: TestApp) {
        let ((gone, _), (goes_on, principal)) = (preschool(&app, "94803").await, preschool(&app, "94804").await);
        let next = next_year(&app).await;
        let admin = app.province_admin().await;
        let merge = json!({
            "decision_number": "7/QĐ-UBND", "decided_on": "2026-10-20", "effective_on": "2026-11-02",
            "change": {"kind": "merge", "unit_ids": [gone.id], "into_id": goes_on.id},
        });
        admin.post("/unit-changes", &merge).await.ok::<UnitChanged>();
        let own = preview(&principal, gone.id).await;
        assert_eq!(own.goes_on_as.map(|unit| unit.id), Some(goes_on.id));
        let run = begin(&principal, goes_on.id, false).await;
        let run = done(&principal, run.id).await;
        assert_eq!((run.schools, run.done, run.learners, run.refused), (2, 2, 6, 0), "{run:?}");
        assert_eq!(classes(&principal, goes_on.id, next).await, [("Lá 1".to_owned(), 6)], "both schools' fours are in one class of fives");
        let undo = begin(&principal, goes_on.id, true).await;
        assert_eq!(done(&principal, undo.id).await.learners, 6);
        assert!(classes(&principal, goes_on.id, next).await.is_empty());
    }

    async fn schools_of_a_run_are_in_vietnamese_order(app: TestApp) {
        for name in ["Đoàn Kết", "Ban Mai", "Ánh Dương"] {
            preschool(&app, name).await;
        }
        next_year(&app).await;
        let admin = app.province_admin().await;
        let run = begin(&admin, app.world.department, false).await;
        let run = done(&admin, run.id).await;
        let path = format!("/rollover-runs/{}/schools?limit=2", run.id);
        let first: Page<RolloverSchool> = admin.get(&path).await.ok();
        let rest: Page<RolloverSchool> = admin.get(&format!("{path}&after={}", first.next.unwrap())).await.ok();
        let names: Vec<_> = first.items.iter().chain(&rest.items).map(|school| school.school_name.as_str()).collect();
        assert_eq!(names, ["Mầm non Ánh Dương", "Mầm non Ban Mai", "Mầm non Đoàn Kết"]);
        assert_eq!(rest.next, None);
        // A cursor of another list leads nowhere, and is no fault of the server.
        admin.get(&format!("{path}&after=zzz")).await.problem(Code::BadCursor);
    }

    async fn a_killed_server_goes_on_and_does_nothing_twice(app: TestApp) {
        let schools = [preschool(&app, "94805").await, preschool(&app, "94806").await, preschool(&app, "94807").await];
        let next = next_year(&app).await;
        let admin = app.province_admin().await;
        let (mut child, base) = start(&app);
        let run = begin(&admin.clone().of(&base), app.world.department, false).await;
        // SIGKILL, wherever it is.
        child.kill().unwrap();
        child.wait().unwrap();
        let (mut child, base) = start(&app);
        let run = done(&admin.clone().of(&base), run.id).await;
        assert_eq!((run.schools, run.done, run.classes, run.learners, run.opened), (3, 3, 6, 9, 3));
        for (school, principal) in &schools {
            assert_eq!(classes(principal, school.id, next).await, [("Lá 1".to_owned(), 3)]);
            let entries = app.audit(Some(school.id)).await;
            assert_eq!(entries.iter().filter(|entry| entry.verb == "rollover.applied").count(), 1);
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }

    async fn only_who_runs_a_school_rolls_it_over(app: TestApp) {
        let (school, principal) = preschool(&app, "94808").await;
        next_year(&app).await;
        // Begun, and nobody drives it yet.
        let ctx = kernel::Ctx::system("test");
        let body = PostRolloverRun { unit_id: school.id, school_year_id: None, undo: false };
        let run = gradebook::rollover::runs::start(&app.db, &ctx, &body).await.unwrap();
        principal.post("/rollover-runs", &body).await.problem(Code::RolloverGoing);
        gradebook::rollover::runs::drive(&app.db, run.id, || false).await.unwrap();
        gradebook::rollover::runs::drive(&app.db, run.id, || false).await.unwrap();
        let path = format!("/rollover-runs/{}", run.id);
        assert_eq!(principal.get(&path).await.ok::<RolloverRun>().state, RunState::Done);
        let class: Class = principal.get(&format!("/classes?school_id={}", school.id)).await.ok::<Page<Class>>().items.remove(0);
        let homeroom = app.homeroom(&class).await;
        let officer = app.officer(app.world.commune_b).await;
        let own = format!("/units/{}/rollover", school.id);
        for actor in [&homeroom, &officer] {
            actor.post("/rollover-runs", &body).await.problem(Code::Forbidden);
            actor.get(&own).await.problem(Code::Forbidden);
            actor.get(&path).await.problem(Code::Forbidden);
        }
        let elsewhere = app.principal(&app.world.school_b).await;
        elsewhere.post("/rollover-runs", &body).await.problem(Code::NotFound);
        elsewhere.get(&own).await.problem(Code::NotFound);
        elsewhere.put(&own, 0, &PutRollover::default()).await.problem(Code::NotFound);
        elsewhere.get(&format!("{own}/classes/{}", class.id)).await.problem(Code::NotFound);
        elsewhere.get(&path).await.problem(Code::NotFound);
        elsewhere.get(&format!("{path}/schools")).await.problem(Code::NotFound);
        assert!(elsewhere.get("/rollover-runs").await.ok::<Page<RolloverRun>>().items.is_empty());
        principal.get(&format!("{own}/classes/{}", elsewhere.staff_id())).await.problem(Code::NotFound);
        app.at(Role::Clerk, &school).await.get(&own).await.status(200);
        principal.post("/rollover-runs", &json!({"unit_id": school.id, "school_year_id": school.id})).await.field("/school_year_id", Code::FieldChoice);
    }
}
