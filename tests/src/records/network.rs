//! Decisions on the network of schools, the network of a past day, and administrative codes.

use crate::harness::{Actor, School, TestApp, day};
use dto::access::Role;
use dto::learners::LearnerDetail;
use dto::network::{
    AdminCode, AdminCodeHistory, UnitChanged, UnitConsequences, UnitDecision, UnitEvent, UnitEventKind, UnitNetwork,
};
use dto::units::{Unit, UnitDetail, UnitKind};
use dto::{Code, Page, StaffId, UnitId};
use serde_json::{Value, json};

fn decision(on: &str, change: Value) -> Value {
    json!({"decision_number": "12/QĐ-UBND", "decided_on": "2026-10-20", "effective_on": on, "note": "Theo đề án sắp xếp", "change": change})
}

fn new_school(parent: UnitId, name: &str, code: &str) -> Value {
    json!({
        "parent_id": parent, "name": name, "short_name": name, "code": code, "code_set": "test", "code_set_version": "2025-07-01",
        "levels": ["lower_secondary"],
    })
}

async fn network(actor: &Actor, unit: UnitId, on: &str) -> UnitNetwork {
    actor.get(&format!("/units/{unit}/network?on={on}")).await.ok()
}

fn names(network: &UnitNetwork) -> Vec<&str> {
    network.children.iter().map(|unit| unit.name.as_str()).collect()
}

async fn history(actor: &Actor, unit: UnitId) -> Vec<UnitEvent> {
    actor.get(&format!("/units/{unit}/history")).await.ok::<Page<UnitEvent>>().items
}

/// A class with two learners at each of the world's schools.
async fn peopled(app: &TestApp) -> (dto::classes::Class, dto::classes::Class, dto::LearnerId) {
    let a = app.class(&app.world.school_a, "6A1", "6").await;
    let b = app.class(&app.world.school_b, "6B1", "6").await;
    app.learner(&a, "Lê Văn An").await;
    app.learner(&a, "Trần Thị Bình").await;
    let learner = app.learner(&b, "Phạm Gia Cường").await;
    (a, b, learner)
}

/// Somebody new in a post since 2020.
async fn holds(app: &TestApp, unit: UnitId, position: &str) -> StaffId {
    let staff = app.staff(unit, "Lê Thị Nhân").await;
    let sql = "UPDATE staff_post SET position = $1 WHERE staff_id = $2";
    let values: [sea_orm::Value; 2] = [position.into(), staff.0.into()];
    let statement = sea_orm::Statement::from_sql_and_values(app.db.backend(), sql, values);
    sea_orm::ConnectionTrait::execute_raw(app.db.migrator(), statement).await.unwrap();
    staff
}

/// Posts that were begun by the decisions of these tests.
async fn by_decision(app: &TestApp) -> i64 {
    let sql = "SELECT count(*) FROM staff_post WHERE decision_no = '12/QĐ-UBND'";
    let statement = sea_orm::Statement::from_string(app.db.backend(), sql);
    let row = sea_orm::ConnectionTrait::query_one_raw(app.db.read(), statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

both_engines! {
    async fn a_merge_leaves_the_day_before_as_it_was(app: TestApp) {
        let admin = app.province_admin().await;
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let (_, class_b, learner) = peopled(&app).await;
        let ahead: UnitConsequences = admin.get(&format!("/units/{}/consequences?on=2026-11-02", b.id)).await.ok();
        assert_eq!((ahead.running_classes, ahead.class_learners, ahead.coming_classes, ahead.learners), (1, 1, 0, 1));
        let body = decision("2026-11-02", json!({"kind": "merge", "unit_ids": [b.id], "into_id": a.id}));
        let made: UnitChanged = admin.post("/unit-changes", &body).await.status(201).ok();
        let kinds: Vec<_> = made.events.iter().map(|event| (event.unit_id, event.kind)).collect();
        assert_eq!(kinds, [(b.id, UnitEventKind::MergedInto), (a.id, UnitEventKind::Received)]);

        // The day before: two schools under their communes, each with its own figures.
        let before = network(&admin, app.world.department, "2026-11-01").await;
        assert_eq!((before.unit.schools, before.unit.classes, before.unit.learners), (2, 2, 3));
        let commune = network(&admin, app.world.commune_b, "2026-11-01").await;
        assert_eq!((names(&commune), commune.unit.learners), (vec!["THCS Lê Lợi"], 1));
        // From that day: one school with all of it.
        let after = network(&admin, app.world.department, "2026-11-02").await;
        assert_eq!((after.unit.schools, after.unit.classes, after.unit.learners), (1, 2, 3));
        let commune = network(&admin, app.world.commune_b, "2026-11-02").await;
        assert_eq!((names(&commune).len(), commune.unit.schools, commune.unit.learners), (0, 0, 0));
        let commune = network(&admin, app.world.commune_a, "2026-11-02").await;
        assert_eq!((names(&commune), commune.unit.classes, commune.unit.learners), (vec!["THCS Trần Phú"], 2, 3));
        admin.get(&format!("/units/{}/network?on=2026-11-02", b.id)).await.problem(Code::NotFound);
        assert_eq!(network(&admin, b.id, "2026-11-01").await.unit.learners, 1);
        // Before anything had begun there is a network, and nothing to count.
        let long_ago = network(&admin, app.world.department, "2010-01-01").await;
        assert_eq!((long_ago.unit.schools, long_ago.unit.classes, long_ago.school_year), (2, 0, None));

        // Who leads the school that goes on reaches the classes and the children; the record says since when and why.
        let principal = app.principal(&a).await;
        principal.get(&format!("/classes/{}", class_b.id)).await.status(200);
        let child: LearnerDetail = principal.get(&format!("/learners/{learner}")).await.ok();
        assert_eq!(child.learner.school_id, Some(a.id));
        let told = serde_json::to_string(&child).unwrap();
        assert!(told.contains("12/QĐ-UBND") && told.contains("2026-11-02"), "{told}");
        let lines = history(&admin, a.id).await;
        assert_eq!(lines.len(), 1);
        assert_eq!((lines[0].decision_number.as_str(), lines[0].detail.learners, lines[0].detail.others[0].id), ("12/QĐ-UBND", 1, b.id));
        // The officer of the other commune still sees what was theirs then.
        let officer = app.officer(app.world.commune_b).await;
        assert_eq!(network(&officer, app.world.commune_b, "2026-11-01").await.unit.schools, 1);
        // What has ended cannot end again.
        admin.post("/unit-changes", &body).await.problem(Code::UnitClosed);
        assert_eq!(records::units::rebuild_closure(&app.db).await.unwrap(), 0);
    }

    async fn a_new_name_holds_from_its_day(app: TestApp) {
        let admin = app.province_admin().await;
        let school = app.world.school_a.id;
        let rename = |on: &str, name: &str| decision(on, json!({"kind": "rename", "unit_id": school, "name": name, "short_name": name}));
        admin.post("/unit-changes", &rename("2026-03-01", "THCS Nguyễn Du")).await.ok::<UnitChanged>();
        admin.post("/unit-changes", &rename("2026-10-01", "THCS Kim Đồng")).await.ok::<UnitChanged>();
        admin.post("/unit-changes", &rename("2026-09-01", "THCS Sai Ngày")).await.field("/effective_on", Code::DatesReversed);
        admin.post("/unit-changes", &rename("2199-01-01", "THCS Mai Sau")).await.field("/effective_on", Code::FieldChoice);
        admin.post("/unit-changes", &rename("2026-11-01", " ")).await.field("/change/name", Code::FieldLength);
        for (on, name) in [("2026-02-28", "THCS Trần Phú"), ("2026-03-01", "THCS Nguyễn Du"), ("2026-09-30", "THCS Nguyễn Du"), ("2026-10-01", "THCS Kim Đồng")] {
            assert_eq!(names(&network(&admin, app.world.commune_a, on).await), [name], "{on}");
        }
        let lines = history(&admin, school).await;
        let told: Vec<_> = lines.iter().map(|line| (line.unit_name.as_str(), line.detail.name_before.as_deref())).collect();
        assert_eq!(told, [("THCS Kim Đồng", Some("THCS Nguyễn Du")), ("THCS Nguyễn Du", Some("THCS Trần Phú"))]);
        let found: Page<Unit> = admin.get("/units?q=kim%20dong").await.ok();
        assert_eq!(found.items.len(), 1);
        // Of all under a unit, page by page.
        let first: Page<UnitEvent> = admin.get(&format!("/units/{}/history?below=true&limit=1", app.world.department)).await.ok();
        let next = first.next.unwrap();
        let second: Page<UnitEvent> = admin.get(&format!("/units/{}/history?below=true&limit=1&after={next}", app.world.department)).await.ok();
        assert_eq!((first.items[0].unit_name.as_str(), second.items[0].unit_name.as_str()), ("THCS Kim Đồng", "THCS Nguyễn Du"));
    }

    async fn schools_open_and_close_by_a_decision(app: TestApp) {
        let admin = app.province_admin().await;
        let open = decision("2026-09-01", json!({"kind": "open", "school": new_school(app.world.commune_a, "THCS Ánh Dương", "94901")}));
        let made: UnitChanged = admin.post("/unit-changes", &open).await.ok();
        let id = made.events[0].unit_id;
        assert_eq!(names(&network(&admin, app.world.commune_a, "2026-08-31").await), ["THCS Trần Phú"]);
        assert_eq!(names(&network(&admin, app.world.commune_a, "2026-09-01").await), ["THCS Ánh Dương", "THCS Trần Phú"]);
        admin.post("/unit-changes", &open).await.problem(Code::CodeTaken);
        let close = |unit: UnitId, on: &str| decision(on, json!({"kind": "close", "unit_id": unit}));
        admin.post("/unit-changes", &close(id, "2026-09-01")).await.field("/effective_on", Code::DatesReversed);
        admin.post("/unit-changes", &close(id, "2026-11-01")).await.ok::<UnitChanged>();
        assert_eq!(names(&network(&admin, app.world.commune_a, "2026-11-01").await), ["THCS Trần Phú"]);
        // Not under the feet of learners.
        peopled(&app).await;
        let problem = admin.post("/unit-changes", &close(app.world.school_a.id, "2026-11-01")).await.problem(Code::UnitInUse);
        assert_eq!(problem.params["count"], "2");
        admin.post("/unit-changes", &close(app.world.commune_a, "2026-11-01")).await.problem(Code::UnitKindMismatch);
    }

    async fn a_split_takes_the_classes_that_are_to_come(app: TestApp) {
        let admin = app.province_admin().await;
        let school = app.world.school_a.clone();
        let (running, _, _) = peopled(&app).await;
        let next = crate::gradebook::council::next_year(&app).await;
        let principal = app.principal(&school).await;
        let coming: dto::classes::Class =
            principal.post("/classes", &json!({"school_id": school.id, "school_year_id": next, "grade": "7", "name": "7A1"})).await.ok();
        let members: Page<dto::classes::ClassMember> = principal.get(&format!("/classes/{}/members", running.id)).await.ok();
        let child = members.items[0].learner_id;
        principal.post(&format!("/classes/{}/members", coming.id), &json!({"learner_id": child, "enrolled_on": "2027-09-05"})).await.status(201);
        let split = |classes: Value| decision("2026-11-02", json!({"kind": "split", "unit_id": school.id, "new": [
            {"school": new_school(app.world.commune_b, "THCS Trần Phú 2", "94902"), "class_ids": classes},
        ]}));
        admin.post("/unit-changes", &split(json!([running.id]))).await.field("/change/new/0/class_ids/0", Code::FieldChoice);
        let made: UnitChanged = admin.post("/unit-changes", &split(json!([coming.id]))).await.ok();
        let opened = made.events.iter().find(|event| event.kind == UnitEventKind::Opened).unwrap();
        assert_eq!((opened.detail.classes, opened.detail.learners), (1, 1));
        let new = School { id: opened.unit_id, name: "THCS Trần Phú 2".into() };
        let over = app.principal(&new).await;
        let class: dto::classes::Class = over.get(&format!("/classes/{}", coming.id)).await.ok();
        assert_eq!((class.school_id, class.learners), (new.id, 1));
        principal.get(&format!("/classes/{}", coming.id)).await.problem(Code::NotFound);
        over.get(&format!("/learners/{child}")).await.status(200);
        // The running class stays where its marks are.
        assert_eq!(principal.get(&format!("/classes/{}", running.id)).await.ok::<dto::classes::Class>().learners, 2);
        // With learners in a running class the old school cannot end in the same decision.
        let closing = decision("2026-11-03", json!({"kind": "split", "unit_id": school.id, "closes": true, "new": [
            {"school": new_school(app.world.commune_b, "THCS Trần Phú 3", "94903")},
        ]}));
        admin.post("/unit-changes", &closing).await.problem(Code::UnitInUse);
    }

    async fn all_schools_of_a_commune_move_to_another_manager(app: TestApp) {
        let admin = app.province_admin().await;
        let open = decision("2026-09-01", json!({"kind": "open", "school": new_school(app.world.commune_a, "THCS Ánh Dương", "94901")}));
        admin.post("/unit-changes", &open).await.ok::<UnitChanged>();
        let body = decision("2026-11-10", json!({"kind": "move", "all_of": app.world.commune_a, "parent_id": app.world.commune_b}));
        let made: UnitChanged = admin.post("/unit-changes", &body).await.ok();
        assert_eq!(made.events.len(), 2);
        let moved = &made.events[0].detail;
        assert_eq!(moved.parent_before.as_ref().map(|unit| unit.id), Some(app.world.commune_a));
        assert_eq!(moved.parent_after.as_ref().map(|unit| unit.id), Some(app.world.commune_b));
        assert_eq!(network(&admin, app.world.commune_a, "2026-11-09").await.unit.schools, 2);
        assert_eq!(network(&admin, app.world.commune_b, "2026-11-09").await.unit.schools, 1);
        assert_eq!(network(&admin, app.world.commune_b, "2026-11-10").await.unit.schools, 3);
        let detail: UnitDetail = admin.get(&format!("/units/{}", app.world.school_a.id)).await.ok();
        assert_eq!(detail.unit.parent_id, Some(app.world.commune_b));
        admin.post("/unit-changes", &body).await.field("/change/unit_ids", Code::FieldChoice);
        let back = decision("2026-11-10", json!({"kind": "move", "unit_ids": [app.world.school_a.id], "parent_id": app.world.commune_a}));
        admin.post("/unit-changes", &back).await.field("/effective_on", Code::DatesReversed);
        let under = decision("2026-11-11", json!({"kind": "move", "unit_ids": [app.world.school_a.id], "parent_id": app.world.school_b.id}));
        admin.post("/unit-changes", &under).await.problem(Code::UnitKindMismatch);
        let none = decision("2026-11-11", json!({"kind": "move", "parent_id": app.world.commune_a}));
        admin.post("/unit-changes", &none).await.field("/change/unit_ids", Code::FieldChoice);
    }

    async fn schools_merge_into_a_new_one(app: TestApp) {
        let admin = app.province_admin().await;
        let ids = [app.world.school_a.id, app.world.school_b.id];
        let campus = json!({
            "kind": "campus", "parent_id": ids[0], "name": "Điểm Ấp Mỹ", "short_name": "Ấp Mỹ", "code": "94001-2", "code_set": "test",
            "code_set_version": "2025-07-01", "opened_on": "2020-07-01",
        });
        let campus: Unit = admin.post("/units", &campus).await.ok();
        let mut new = new_school(app.world.commune_a, "TH và THCS Hợp Nhất", "94904");
        new["levels"] = json!(["primary"]);
        let body = decision("2026-11-02", json!({"kind": "merge", "unit_ids": ids, "new": new}));
        let made: UnitChanged = admin.post("/unit-changes", &body).await.ok();
        let goes_on = made.events.last().unwrap();
        assert_eq!((goes_on.kind, goes_on.detail.others.len()), (UnitEventKind::Received, 2));
        let detail: UnitDetail = admin.get(&format!("/units/{}", goes_on.unit_id)).await.ok();
        assert_eq!((detail.unit.levels.len(), detail.unit.kind), (2, UnitKind::School), "it teaches what they taught");
        let campus: UnitDetail = admin.get(&format!("/units/{}", campus.id)).await.ok();
        assert_eq!(campus.unit.parent_id, Some(goes_on.unit_id), "a campus goes along");
        for id in ids {
            assert_eq!(records::units::successor_in(app.db.read(), id).await.unwrap(), Some(goes_on.unit_id));
        }
        let none = decision("2026-11-02", json!({"kind": "merge", "unit_ids": ids}));
        admin.post("/unit-changes", &none).await.field("/change/into_id", Code::FieldChoice);
        let itself = decision("2026-11-02", json!({"kind": "merge", "unit_ids": [goes_on.unit_id], "into_id": goes_on.unit_id}));
        admin.post("/unit-changes", &itself).await.field("/change/unit_ids", Code::FieldChoice);
    }

    async fn staff_go_over_and_a_merge_is_taken_back_to_the_letter(app: TestApp) {
        let admin = app.province_admin().await;
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let (_, class_b, learner) = peopled(&app).await;
        let (head, teacher) = (holds(&app, b.id, "principal").await, holds(&app, b.id, "teacher").await);
        holds(&app, a.id, "principal").await;
        // One principal leads on, and of two schools' posts those go over that the other school has not.
        let ahead: UnitConsequences = admin.get(&format!("/units/{}/consequences?on=2026-11-02&into={}", b.id, a.id)).await.ok();
        let fresh: UnitConsequences = admin.get(&format!("/units/{}/consequences?on=2026-11-02", b.id)).await.ok();
        assert_eq!(ahead.staff + ahead.staff_staying, fresh.staff + fresh.staff_staying);
        assert!(ahead.staff >= 1 && ahead.staff_staying >= 1, "{ahead:?}");
        let days = ["2026-11-01", "2026-11-02", "2026-11-22"];
        let all = async || {
            let mut told = Vec::new();
            for on in days {
                for unit in [app.world.department, app.world.commune_a, app.world.commune_b] {
                    told.push(network(&admin, unit, on).await);
                }
            }
            told
        };
        let posts = async |staff: StaffId| {
            let sql = "SELECT unit_id, position, valid_from, valid_to, decision_no FROM staff_post WHERE staff_id = $1 ORDER BY valid_from, unit_id";
            let rows = sea_orm::ConnectionTrait::query_all_raw(
                app.db.read(),
                sea_orm::Statement::from_sql_and_values(app.db.backend(), sql, [staff.0.into()]),
            ).await.unwrap();
            rows.iter().map(|row| (
                UnitId(row.try_get_by_index(0).unwrap()),
                row.try_get_by_index::<Option<chrono::NaiveDate>>(3).unwrap(),
                row.try_get_by_index::<Option<String>>(4).unwrap(),
            )).collect::<Vec<_>>()
        };
        let (before, posts_before) = (all().await, (posts(head).await, posts(teacher).await));
        let child: LearnerDetail = admin.get(&format!("/learners/{learner}")).await.ok();
        let body = decision("2026-11-02", json!({"kind": "merge", "unit_ids": [b.id], "into_id": a.id}));
        let made: UnitChanged = admin.post("/unit-changes", &body).await.status(201).ok();
        let id = made.events[0].decision_id.unwrap();
        assert_eq!(made.events[0].detail.staff, ahead.staff);
        let moved = posts(teacher).await;
        assert_eq!(moved.last().unwrap(), &(a.id, None, Some("12/QĐ-UBND".to_owned())));
        assert_eq!(moved[moved.len() - 2].1, Some(day("2026-11-02")));
        assert_eq!(posts(head).await, posts_before.0, "a principal is appointed by a decision of their own");

        let path = format!("/unit-decisions/{id}");
        let told: UnitDecision = admin.get(&path).await.ok();
        assert_eq!((told.events.len(), told.undone, told.against.len()), (2, false, 0), "{:?}", told.against);
        let undo = json!({"reason": "Sai quyết định"});
        app.principal(&a).await.post(&format!("{path}/undo"), &undo).await.problem(Code::Forbidden);
        let local = app.actor(None, &[(Role::ProvinceAdmin, Some(app.world.commune_b))]).await;
        local.get(&path).await.problem(Code::NotFound);
        local.post(&format!("{path}/undo"), &undo).await.problem(Code::NotFound);
        // Something rests on it: another decision about the school that goes on.
        let rename = decision("2026-11-10", json!({"kind": "rename", "unit_id": a.id, "name": "THCS Mới", "short_name": "Mới"}));
        let later: UnitChanged = admin.post("/unit-changes", &rename).await.ok();
        let told: UnitDecision = admin.get(&path).await.ok();
        assert!(told.against.iter().any(|why| why.contains("12/QĐ-UBND")), "{:?}", told.against);
        let problem = admin.post(&format!("{path}/undo"), &undo).await.problem(Code::DecisionRests);
        assert!(problem.detail.contains("12/QĐ-UBND"), "{}", problem.detail);
        let rename = later.events[0].decision_id.unwrap();
        admin.post(&format!("/unit-decisions/{rename}/undo"), &undo).await.ok::<UnitDecision>();
        admin.post(&format!("/unit-decisions/{rename}/undo"), &undo).await.problem(Code::DecisionUndone);
        // The rename is gone, but for the version of the row.
        let told: UnitDecision = admin.get(&path).await.ok();
        assert!(told.against.is_empty(), "{:?}", told.against);
        let done: UnitDecision = admin.post(&format!("{path}/undo"), &undo).await.status(200).ok();
        assert!(done.undone && done.events.iter().all(|event| event.undone_at.is_some()));

        assert_eq!(all().await, before, "the network of each day");
        assert_eq!((posts(head).await, posts(teacher).await), posts_before);
        let back: LearnerDetail = admin.get(&format!("/learners/{learner}")).await.ok();
        assert_eq!((back.learner.school_id, back.statuses, back.enrolments), (child.learner.school_id, child.statuses, child.enrolments));
        let principal = app.principal(&b).await;
        principal.get(&format!("/classes/{}", class_b.id)).await.status(200);
        assert_eq!(records::units::successor_in(app.db.read(), b.id).await.unwrap(), None);
        assert_eq!(records::units::rebuild_closure(&app.db).await.unwrap(), 0);
        // And it can be decided again.
        admin.post("/unit-changes", &body).await.ok::<UnitChanged>();
    }

    async fn what_a_decision_opened_goes_until_it_is_used(app: TestApp) {
        let admin = app.province_admin().await;
        let open = decision("2026-09-01", json!({"kind": "open", "school": new_school(app.world.commune_a, "THCS Ánh Dương", "94901")}));
        let made: UnitChanged = admin.post("/unit-changes", &open).await.ok();
        let (id, unit) = (made.events[0].decision_id.unwrap(), made.events[0].unit_id);
        let school = School { id: unit, name: "THCS Ánh Dương".into() };
        let undo = json!({"reason": "Nhầm xã"});
        let class = app.class(&school, "6A1", "6").await;
        let problem = admin.post(&format!("/unit-decisions/{id}/undo"), &undo).await.problem(Code::DecisionRests);
        assert!(problem.detail.contains("THCS Ánh Dương"), "{}", problem.detail);
        // Another, that nobody has used; and the code is free again.
        let open = |code: &str| decision("2026-09-01", json!({"kind": "open", "school": new_school(app.world.commune_b, "THCS Bình Minh", code)}));
        let made: UnitChanged = admin.post("/unit-changes", &open("94902")).await.ok();
        let id = made.events[0].decision_id.unwrap();
        admin.post(&format!("/unit-decisions/{id}/undo"), &undo).await.ok::<UnitDecision>();
        admin.get(&format!("/units/{}", made.events[0].unit_id)).await.problem(Code::NotFound);
        assert_eq!(names(&network(&admin, app.world.commune_b, "2026-09-02").await), ["THCS Lê Lợi"]);
        admin.post("/unit-changes", &open("94902")).await.ok::<UnitChanged>();
        admin.get(&format!("/classes/{}", class.id)).await.status(200);
    }

    async fn splits_moves_and_closings_are_taken_back(app: TestApp) {
        let admin = app.province_admin().await;
        let school = app.world.school_a.clone();
        peopled(&app).await;
        let before = network(&admin, app.world.department, "2026-11-22").await;
        let split = json!({"kind": "split", "unit_id": school.id, "new": [{"school": new_school(app.world.commune_b, "THCS Trần Phú 2", "94902")}]});
        let moved = json!({"kind": "move", "unit_ids": [school.id], "parent_id": app.world.commune_b});
        for change in [split, moved] {
            let made: UnitChanged = admin.post("/unit-changes", &decision("2026-11-10", change)).await.ok();
            assert_ne!(network(&admin, app.world.department, "2026-11-22").await.children, before.children);
            let id = made.events[0].decision_id.unwrap();
            admin.post(&format!("/unit-decisions/{id}/undo"), &json!({"reason": "Nhầm"})).await.ok::<UnitDecision>();
            assert_eq!(network(&admin, app.world.department, "2026-11-22").await, before);
        }
        // An empty school closes, and its staff goes where the decision says.
        let open = decision("2026-09-01", json!({"kind": "open", "school": new_school(app.world.commune_b, "THCS Vắng", "94903")}));
        let empty = admin.post("/unit-changes", &open).await.ok::<UnitChanged>().events[0].unit_id;
        holds(&app, empty, "clerk").await;
        let close = |to: UnitId| decision("2026-11-11", json!({"kind": "close", "unit_id": empty, "staff_to_id": to}));
        admin.post("/unit-changes", &close(empty)).await.field("/change/staff_to_id", Code::FieldChoice);
        let made: UnitChanged = admin.post("/unit-changes", &close(school.id)).await.ok();
        assert_eq!((made.events[0].detail.staff, made.events[0].detail.others[0].id), (1, school.id));
        assert_eq!(by_decision(&app).await, 1);
        let id = made.events[0].decision_id.unwrap();
        admin.post(&format!("/unit-decisions/{id}/undo"), &json!({"reason": "Nhầm"})).await.ok::<UnitDecision>();
        assert_eq!(by_decision(&app).await, 0);
    }

    async fn only_the_province_reorganises_and_only_what_it_reaches(app: TestApp) {
        let school = app.world.school_a.clone();
        let body = decision("2026-11-02", json!({"kind": "close", "unit_id": school.id}));
        let path = format!("/units/{}/consequences", school.id);
        for actor in [&app.officer(app.world.commune_a).await, &app.principal(&school).await, &app.at(Role::Clerk, &school).await] {
            actor.post("/unit-changes", &body).await.problem(Code::Forbidden);
            actor.get(&path).await.problem(Code::Forbidden);
            actor.get(&format!("/units/{}/network", school.id)).await.status(200);
        }
        let elsewhere = app.principal(&app.world.school_b).await;
        elsewhere.get(&format!("/units/{}/network", school.id)).await.problem(Code::NotFound);
        elsewhere.get(&format!("/units/{}/history", school.id)).await.problem(Code::NotFound);
        // A province administrator of one commune reaches that commune.
        let local = app.actor(None, &[(Role::ProvinceAdmin, Some(app.world.commune_b))]).await;
        local.post("/unit-changes", &body).await.problem(Code::NotFound);
        local.get(&path).await.problem(Code::NotFound);
        local.get(&format!("/units/{}/network?on=0900-01-01", app.world.commune_b)).await.field("on", Code::FieldRange);
        assert_eq!(day("2026-11-02").to_string(), "2026-11-02");
    }

    async fn codes_are_found_by_name_and_followed_over_the_change(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let found = |path: &str| {
            let (principal, path) = (principal.clone(), path.to_owned());
            async move { principal.get(&path).await.ok::<Page<AdminCode>>() }
        };
        let provinces = found("/admin-codes?kind=province&limit=200").await;
        assert_eq!((provinces.items.len(), provinces.next), (34, None));
        let communes = found("/admin-codes?kind=commune&parent=92&limit=200").await;
        assert_eq!(communes.items.len(), 103);
        assert!(communes.items.iter().all(|code| (code.code_set.as_str(), code.code_set_version.as_str()) == ("vn-commune", "2025-07-01")));
        let hit = found("/admin-codes?q=ba%20dinh&kind=commune").await;
        assert!(hit.items.iter().any(|code| code.code == "00004" && code.parent_name.as_deref() == Some("Thành phố Hà Nội")));
        let first = found("/admin-codes?kind=commune&limit=1").await;
        let second = found(&format!("/admin-codes?kind=commune&limit=1&after={}", first.next.unwrap())).await;
        assert_ne!(first.items, second.items);
        principal.get("/admin-codes?version=1999-01-01").await.field("version", Code::FieldChoice);
        principal.get("/admin-codes?after=zzz").await.problem(Code::BadCursor);
        // One of before, divided among four; and a code that means another province now.
        let old: AdminCodeHistory = principal.get("/admin-codes/2025-01-04/commune/00019").await.ok();
        assert_eq!((old.became.len(), old.code.parent_name.as_deref()), (4, Some("Quận Ba Đình, Thành phố Hà Nội")));
        let new: AdminCodeHistory = principal.get(&format!("/admin-codes/2025-07-01/commune/{}", old.became[0].code)).await.ok();
        assert!(new.came_of.iter().any(|code| code.code == "00019"));
        let before: AdminCodeHistory = principal.get("/admin-codes/2025-01-04/province/82").await.ok();
        let now: AdminCodeHistory = principal.get("/admin-codes/2025-07-01/province/82").await.ok();
        assert_eq!((before.code.name.as_str(), now.code.name.as_str()), ("Tỉnh Tiền Giang", "Tỉnh Đồng Tháp"));
        for gone in ["2025-07-01/commune/99999", "1999-01-01/commune/00004", "2025-07-01/village/00004"] {
            principal.get(&format!("/admin-codes/{gone}")).await.status(404);
        }
        // A unit's code is one of its list.
        let admin = app.province_admin().await;
        let commune = |code: &str| json!({
            "kind": "commune", "parent_id": app.world.department, "name": "Phường Ba Đình", "short_name": "Ba Đình", "code": code,
            "code_set": "vn-commune", "code_set_version": "2025-07-01", "opened_on": "2025-07-01",
        });
        admin.post("/units", &commune("99999")).await.field("/code", Code::FieldChoice);
        admin.post("/units", &commune("00004")).await.status(201);
    }
}
