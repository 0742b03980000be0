//! `/staff`.

use dto::staff::Staff;
use dto::{Code, Page, UnitId};
use serde_json::{Value, json};

fn body(unit: UnitId, given: &str) -> Value {
    json!({
        "name": {"family": "Trần", "middle": "Văn", "given": given}, "sex": "male", "birth_date": "1984-02-01", "phone": "0912 345 678",
        "unit_id": unit, "position": "teacher", "valid_from": "2020-09-01",
    })
}

fn names(page: &Page<Staff>) -> Vec<&str> {
    page.items.iter().map(|s| s.full_name.as_str()).collect()
}

both_engines! {
    async fn a_member_of_staff_is_made_read_and_changed(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let mut new = body(app.world.school_a.id, "Đức");
        new["ministry_code"] = json!("GV0001");
        let made: Staff = principal.post("/staff", &new).await.status(201).ok();
        assert_eq!((made.full_name.as_str(), made.phone.as_deref(), made.version), ("Trần Văn Đức", Some("0912345678"), 1));
        assert_eq!((made.posts.len(), made.posts[0].unit_name.as_str()), (1, "THCS Trần Phú"));
        let path = format!("/staff/{}", made.id);
        assert_eq!(principal.get(&path).await.ok::<Staff>(), made);
        let change = json!({"name": {"family": "Trần", "given": "Dũng"}, "sex": "male"});
        let changed: Staff = principal.put(&path, 1, &change).await.ok();
        assert_eq!((changed.full_name.as_str(), changed.phone.clone(), changed.version), ("Trần Dũng", None, 2));
        principal.put(&path, 1, &change).await.problem(Code::VersionConflict);
        new["ministry_code"] = json!("GV0002");
        principal.post("/staff", &new).await.status(201);
        let mut taken = change.clone();
        taken["ministry_code"] = json!("GV0002");
        principal.put(&path, 2, &taken).await.problem(Code::CodeTaken);
    }

    async fn faults_of_staff_name_their_field(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let refused = async |field: &str, value: Value, pointer: &str, code: Code| {
            let mut body = body(app.world.school_a.id, "Đức");
            body[field] = value;
            principal.post("/staff", &body).await.field(pointer, code);
        };
        refused("phone", json!("12"), "/phone", Code::PhoneFormat).await;
        refused("position", json!("king"), "/position", Code::FieldChoice).await;
        refused("birth_date", json!("2199-01-01"), "/birth_date", Code::FieldRange).await;
        refused("valid_from", json!("1700-01-01"), "/valid_from", Code::FieldRange).await;
        refused("name", json!({"family": "Lê", "given": "\u{200b}"}), "/name/given", Code::FieldRequired).await;
        principal.post("/staff", &body(app.world.school_b.id, "Đức")).await.problem(Code::NotFound);
        principal.post("/staff", &body(app.world.commune_a, "Đức")).await.problem(Code::NotFound);
    }

    async fn a_teacher_in_two_schools(app: TestApp) {
        let (a, b) = (app.principal(&app.world.school_a).await, app.principal(&app.world.school_b).await);
        let admin = app.province_admin().await;
        let made: Staff = a.post("/staff", &body(app.world.school_a.id, "Đức")).await.ok();
        let path = format!("/staff/{}", made.id);
        b.get(&path).await.problem(Code::NotFound);
        let post = |unit: UnitId, from: &str, to: Option<&str>| json!({"unit_id": unit, "position": "teacher", "valid_from": from, "valid_to": to});
        let second = post(app.world.school_b.id, "2026-09-01", None);
        // Neither school can do it alone: the one does not know the person, the other not the place.
        b.post(&format!("{path}/posts"), &second).await.problem(Code::NotFound);
        a.post(&format!("{path}/posts"), &second).await.problem(Code::NotFound);
        let both: Staff = admin.post(&format!("{path}/posts"), &second).await.status(201).ok();
        assert_eq!(both.posts.iter().map(|p| p.unit_name.as_str()).collect::<Vec<_>>(), ["THCS Lê Lợi", "THCS Trần Phú"]);
        admin.post(&format!("{path}/posts"), &second).await.field("/valid_from", Code::FieldChoice);
        admin.post(&format!("{path}/posts"), &post(app.world.school_b.id, "2027-01-01", Some("2027-01-01"))).await.field("/valid_to", Code::DatesReversed);
        assert_eq!(b.get(&path).await.ok::<Staff>().posts.len(), 2);
        // And can be given classes in both.
        for (school, principal) in [(&app.world.school_a, &a), (&app.world.school_b, &b)] {
            let class = app.class(school, "6A1", "6").await;
            let subjects = json!({"subjects": [{"subject_code": "TOAN", "whole_class": true, "teacher_ids": [made.id]}]});
            principal.put_bare(&format!("/classes/{}/subjects", class.id), &subjects).await.status(200);
        }
    }

    async fn a_post_ends_and_the_school_keeps_the_memory(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let made: Staff = principal.post("/staff", &body(app.world.school_a.id, "Đức")).await.ok();
        let path = format!("/staff/{}", made.id);
        let end = json!({"unit_id": app.world.school_a.id, "position": "teacher", "valid_from": "2020-09-01", "valid_to": "2024-06-01"});
        let ended: Staff = principal.post(&format!("{path}/posts"), &end).await.ok();
        assert_eq!(ended.posts.iter().map(|p| p.valid_to.unwrap().to_string()).collect::<Vec<_>>(), ["2024-06-01"]);
        // Who has left can be looked up, and not changed, and not be given a class.
        principal.get(&path).await.status(200);
        principal.put(&path, 1, &json!({"name": {"family": "Trần", "given": "Dũng"}, "sex": "male"})).await.problem(Code::NotFound);
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        principal.put(&format!("/classes/{}", class.id), 1, &json!({"name": "6A1", "homeroom_staff_id": made.id})).await.field("/homeroom_staff_id", Code::FieldChoice);
    }

    async fn lists_search_without_marks(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        for given in ["Đức", "Dung", "Ánh"] {
            principal.post("/staff", &body(app.world.school_a.id, given)).await.status(201);
        }
        app.staff(app.world.school_b.id, "Trần Văn Xa").await;
        let found: Page<Staff> = principal.get("/staff?q=tran%20van").await.ok();
        assert_eq!(names(&found), ["Trần Văn Ánh", "Trần Văn Dung", "Trần Văn Đức"]);
        let page: Page<Staff> = principal.get("/staff?q=tran%20van&limit=2").await.ok();
        let rest: Page<Staff> = principal.get(&format!("/staff?q=tran%20van&limit=2&after={}", page.next.unwrap())).await.ok();
        assert_eq!(names(&rest), ["Trần Văn Đức"]);
        let here: Page<Staff> = principal.get(&format!("/staff?unit_id={}", app.world.school_a.id)).await.ok();
        assert_eq!(here.items.len(), 4);
        assert!(names(&principal.get(&format!("/staff?unit_id={}", app.world.school_b.id)).await.ok()).is_empty());
    }
}
