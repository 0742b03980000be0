//! Each role against rows of another school: 404, never 403, and never a row in a list.

use crate::harness::{Actor, TestApp};
use dto::access::{Permission, Role};
use dto::classes::Class;
use dto::{Code, LearnerId, Page, StaffId, UnitId};
use reqwest::Method;
use serde_json::{Value, json};

/// What lies at one school.
struct Rows {
    unit: UnitId,
    class: Class,
    learner: LearnerId,
    staff: StaffId,
    guardian: dto::GuardianId,
}

async fn rows(app: &TestApp, school: &crate::harness::School) -> Rows {
    let class = app.class(school, "6A1", "6").await;
    let learner = app.learner(&class, "Lê An").await;
    let staff = app.staff(school.id, "Trần Dạy").await;
    Rows { unit: school.id, class, learner, staff, guardian: app.guardian_of(&[learner]).await }
}

/// Every operation on a row of records, with the permission that it needs.
fn operations(r: &Rows, year: dto::SchoolYearId) -> Vec<(Method, String, Value, Permission)> {
    use Permission::*;
    let (c, l, s) = (r.class.id, r.learner, r.staff);
    let name = json!({"family": "Lê", "given": "An"});
    let learner = json!({"name": name, "birth_date": "2015-03-12", "sex": "female"});
    let person = json!({"name": name, "sex": "female"});
    let unit = json!({"name": "x", "short_name": "x", "code": "x", "code_set": "x", "code_set_version": "1"});
    let new_class = json!({"school_id": r.unit, "school_year_id": year, "grade": "6", "name": "6Z"});
    let mut new_learner = learner.clone();
    new_learner["school_id"] = json!(r.unit);
    new_learner["status"] = json!("studying");
    new_learner["since"] = json!("2026-09-05");
    let post = json!({"unit_id": r.unit, "position": "teacher", "valid_from": "2026-09-01"});
    let mut new_staff = person.clone();
    for field in ["unit_id", "position", "valid_from"] {
        new_staff[field] = post[field].clone();
    }
    let mut new_unit = unit.clone();
    new_unit["kind"] = json!("campus");
    new_unit["parent_id"] = json!(r.unit);
    new_unit["opened_on"] = json!("2025-07-01");
    let none = Value::Null;
    vec![
        (Method::GET, format!("/units/{}", r.unit), none.clone(), UnitRead),
        (Method::PUT, format!("/units/{}", r.unit), unit, UnitWrite),
        (Method::POST, "/units".into(), new_unit, UnitWrite),
        (
            Method::POST,
            format!("/units/{}/placements", r.unit),
            json!({"parent_id": r.unit, "valid_from": "2026-01-01"}),
            UnitWrite,
        ),
        (Method::POST, "/classes".into(), new_class, ClassWrite),
        (Method::GET, format!("/classes/{c}"), none.clone(), ClassRead),
        (Method::PUT, format!("/classes/{c}"), json!({"name": "6B"}), ClassWrite),
        (Method::GET, format!("/classes/{c}/members"), none.clone(), ClassRead),
        (Method::POST, format!("/classes/{c}/members"), json!({"learner_id": l, "enrolled_on": "2026-09-05"}), ClassWrite),
        (Method::DELETE, format!("/classes/{c}/members/{l}"), none.clone(), ClassWrite),
        (Method::POST, format!("/classes/{c}/ordinals"), none.clone(), ClassWrite),
        (Method::GET, format!("/classes/{c}/subjects"), none.clone(), ClassRead),
        (Method::PUT, format!("/classes/{c}/subjects"), json!({"subjects": []}), AssignmentWrite),
        (Method::GET, format!("/classes/{c}/subjects/TOAN/learners"), none.clone(), ClassRead),
        (Method::PUT, format!("/classes/{c}/subjects/TOAN/learners"), json!({"learner_ids": []}), ClassWrite),
        (Method::POST, "/learners".into(), new_learner, LearnerWrite),
        (Method::GET, format!("/learners/{l}"), none.clone(), LearnerRead),
        (Method::PUT, format!("/learners/{l}"), learner, LearnerWrite),
        (Method::POST, format!("/learners/{l}/statuses"), json!({"status": "left", "since": "2026-10-01"}), LearnerWrite),
        (Method::POST, format!("/learners/{l}/guardians"), json!({"relation": "mother", "name": name}), LearnerWrite),
        (Method::DELETE, format!("/learners/{l}/guardians/{}", r.guardian), none.clone(), LearnerWrite),
        (Method::POST, "/staff".into(), new_staff, StaffWrite),
        (Method::GET, format!("/staff/{s}"), none.clone(), StaffRead),
        (Method::PUT, format!("/staff/{s}"), person, StaffWrite),
        (Method::POST, format!("/staff/{s}/posts"), post, StaffWrite),
    ]
}

async fn send(actor: &Actor, operation: &(Method, String, Value, Permission)) -> crate::harness::Reply {
    let (method, path, body, _) = operation;
    let mut request = actor.request(method.clone(), path);
    if *method == Method::PUT {
        request = request.header("if-match", "\"1\"");
    }
    if !body.is_null() {
        request = request.json(body);
    }
    actor.send(request).await
}

async fn every_role_at_a(app: &TestApp, mine: &Rows) -> Vec<(Role, Actor)> {
    let school = &app.world.school_a;
    let mut actors = Vec::new();
    for role in [Role::Principal, Role::Deputy, Role::Clerk, Role::Nurse, Role::Accountant] {
        actors.push((role, app.at(role, school).await));
    }
    actors.push((Role::UnitOfficer, app.officer(app.world.commune_a).await));
    actors.push((Role::ProvinceAdmin, {
        // Of another province, say: the permissions of a province, the reach of a school.
        app.at(Role::ProvinceAdmin, school).await
    }));
    actors.push((Role::HomeroomTeacher, app.homeroom(&mine.class).await));
    actors.push((Role::SubjectTeacher, app.teacher(&mine.class, "TOAN").await));
    actors.push((Role::Guardian, app.guardian(&[mine.learner]).await));
    actors.push((Role::Learner, app.learner_account(mine.learner).await));
    actors
}

both_engines! {
    async fn rows_of_another_school_do_not_exist(app: TestApp) {
        let (mine, theirs) = (rows(&app, &app.world.school_a).await, rows(&app, &app.world.school_b).await);
        let before = app.audit(Some(app.world.school_b.id)).await.len();
        for (role, actor) in every_role_at_a(&app, &mine).await {
            for operation in operations(&theirs, app.world.year) {
                let reply = send(&actor, &operation).await;
                let expected = if role.permissions().contains(&operation.3) { Code::NotFound } else { Code::Forbidden };
                assert_eq!(reply.status.as_u16(), expected.status(), "{role} {} {}: {}", operation.0, operation.1, reply.text());
                reply.problem(expected);
            }
        }
        assert_eq!(app.audit(Some(app.world.school_b.id)).await.len(), before, "nothing was written");
    }

    async fn lists_hold_only_the_own_rows(app: TestApp) {
        let (mine, theirs) = (rows(&app, &app.world.school_a).await, rows(&app, &app.world.school_b).await);
        let strange = [theirs.unit.to_string(), theirs.class.id.to_string(), theirs.learner.to_string(), theirs.staff.to_string()];
        for (role, actor) in every_role_at_a(&app, &mine).await {
            for (path, permission, own) in [
                ("/units?q=thcs", Permission::UnitRead, mine.unit.to_string()),
                ("/classes", Permission::ClassRead, mine.class.id.to_string()),
                ("/learners", Permission::LearnerRead, mine.learner.to_string()),
                ("/learners?q=le", Permission::LearnerRead, mine.learner.to_string()),
                ("/staff", Permission::StaffRead, mine.staff.to_string()),
            ] {
                let reply = actor.get(path).await;
                if !role.permissions().contains(&permission) {
                    reply.problem(Code::Forbidden);
                    continue;
                }
                let text = reply.text();
                reply.ok::<Page<Value>>();
                assert!(text.contains(&own), "{role} {path}: {text}");
                assert!(strange.iter().all(|id| !text.contains(id)), "{role} {path}: {text}");
            }
        }
    }

    async fn a_teacher_reaches_the_classes_assigned_and_no_other(app: TestApp) {
        let school = &app.world.school_a;
        let (mine, other) = (app.class(school, "6A1", "6").await, app.class(school, "6A2", "6").await);
        let (own, stranger) = (app.learner(&mine, "Lê An").await, app.learner(&other, "Lê Bình").await);
        for actor in [app.teacher(&mine, "TOAN").await, app.homeroom(&mine).await] {
            actor.get(&format!("/classes/{}", mine.id)).await.status(200);
            actor.get(&format!("/classes/{}", other.id)).await.problem(Code::NotFound);
            actor.get(&format!("/learners/{own}")).await.status(200);
            actor.get(&format!("/learners/{stranger}")).await.problem(Code::NotFound);
            assert_eq!(actor.get("/classes").await.ok::<Page<Class>>().items.len(), 1);
        }
        // Who left the class is no longer theirs.
        app.principal(school).await.delete(&format!("/classes/{}/members/{own}?left_on=2026-09-06", mine.id)).await.done();
        app.teacher(&mine, "TOAN").await.get(&format!("/learners/{own}")).await.problem(Code::NotFound);
    }

    async fn an_assignment_that_has_ended_reaches_nothing(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let teacher = app.teacher(&class, "TOAN").await;
        teacher.get(&format!("/classes/{}", class.id)).await.status(200);
        let principal = app.principal(&app.world.school_a).await;
        let nobody = json!({"subjects": [{"subject_code": "TOAN", "whole_class": true, "teacher_ids": []}]});
        principal.put_bare(&format!("/classes/{}/subjects", class.id), &nobody).await.status(200);
        teacher.get(&format!("/classes/{}", class.id)).await.problem(Code::NotFound);
    }
}
