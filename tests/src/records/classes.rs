//! `/classes`.

use dto::calendar::SchoolYear;
use dto::classes::Class;
use dto::{Code, Page};
use serde_json::json;

fn names(page: &Page<Class>) -> Vec<&str> {
    page.items.iter().map(|c| c.name.as_str()).collect()
}

both_engines! {
    async fn a_class_is_made_read_and_changed(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let teacher = app.staff(app.world.school_a.id, "Vũ Thị Chủ Nhiệm").await;
        let body = json!({
            "school_id": app.world.school_a.id, "school_year_id": app.world.year, "grade": "6", "name": " 6A1 ", "homeroom_staff_id": teacher,
        });
        let made: Class = principal.post("/classes", &body).await.status(201).ok();
        assert_eq!((made.name.as_str(), made.learners, made.school_year.as_str(), made.version), ("6A1", 0, "2026-2027", 1));
        assert_eq!(made.homeroom.as_ref().map(|h| h.full_name.as_str()), Some("Vũ Thị Chủ Nhiệm"));
        let path = format!("/classes/{}", made.id);
        let read: Class = principal.get(&path).await.ok();
        assert_eq!(read, made);
        let changed: Class = principal.put(&path, 1, &json!({"name": "6A2"})).await.ok();
        assert_eq!((changed.name.as_str(), changed.homeroom, changed.version), ("6A2", None, 2));
        principal.put(&path, 1, &json!({"name": "6A3"})).await.problem(Code::VersionConflict);
        // Any number that a person can send is a version, and none of these the present one.
        for version in [0, -1, i64::MAX, i64::MIN] {
            principal.put(&path, version, &json!({"name": "6A3"})).await.problem(Code::VersionConflict);
        }
        principal.request_without_version(&path).await;
        let log = app.audit(Some(app.world.school_a.id)).await;
        let verbs: Vec<_> = log.iter().map(|e| e.verb.as_str()).collect();
        assert_eq!(verbs, ["class.created", "class.updated"]);
        assert_eq!(kernel::db::verify_chain(&log), None);
    }

    async fn faults_of_a_class_name_their_field(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let other = app.staff(app.world.school_b.id, "Người Trường Khác").await;
        app.class(&app.world.school_a, "6A1", "6").await;
        let good = json!({"school_id": app.world.school_a.id, "school_year_id": app.world.year, "grade": "6", "name": "6A9"});
        let with = |field: &str, value: serde_json::Value| {
            let mut body = good.clone();
            body[field] = value;
            body
        };
        principal.post("/classes", &with("name", json!("6A1"))).await.problem(Code::ClassNameTaken);
        principal.post("/classes", &with("name", json!("\u{200b}"))).await.field("/name", Code::FieldLength);
        principal.post("/classes", &with("grade", json!("10"))).await.field("/grade", Code::FieldChoice);
        principal.post("/classes", &with("grade", json!("13"))).await.field("/grade", Code::FieldChoice);
        principal.post("/classes", &with("school_year_id", json!(uuid::Uuid::now_v7()))).await.field("/school_year_id", Code::FieldChoice);
        principal.post("/classes", &with("homeroom_staff_id", json!(other))).await.field("/homeroom_staff_id", Code::FieldChoice);
        principal.post("/classes", &with("school_id", json!(app.world.commune_a))).await.problem(Code::NotFound);
        principal.post("/classes", &with("school_id", json!(app.world.school_b.id))).await.problem(Code::NotFound);
        let made: Class = principal.post("/classes", &good).await.ok();
        principal.put(&format!("/classes/{}", made.id), 1, &json!({"name": "6A1"})).await.problem(Code::ClassNameTaken);
        principal.put(&format!("/classes/{}", made.id), 1, &json!({"name": "6A9", "homeroom_staff_id": other})).await.field("/homeroom_staff_id", Code::FieldChoice);
    }

    async fn lists_stand_by_grade_and_natural_name(app: TestApp) {
        let a = &app.world.school_a;
        for (name, grade) in [("6A10", "6"), ("9A1", "9"), ("6A2", "6"), ("6A1", "6"), ("7B", "7")] {
            app.class(a, name, grade).await;
        }
        app.class(&app.world.school_b, "6A1", "6").await;
        let principal = app.principal(a).await;
        let all: Page<Class> = principal.get("/classes").await.ok();
        assert_eq!(names(&all), ["6A1", "6A2", "6A10", "7B", "9A1"]);
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let page: Page<Class> = principal.get(&format!("/classes?limit=2{after}")).await.ok();
            seen.extend(names(&page).into_iter().map(str::to_owned));
            match page.next {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen, names(&all));
        assert_eq!(names(&principal.get("/classes?grade=7").await.ok()), ["7B"]);
        assert_eq!(names(&principal.get("/classes?q=6a1").await.ok()), ["6A1", "6A10"]);
        let admin = app.province_admin().await;
        let both: Page<Class> = admin.get("/classes?grade=6&q=6A1").await.ok();
        assert_eq!(both.items.len(), 3);
        assert_eq!(names(&admin.get(&format!("/classes?school_id={}&grade=6", app.world.school_b.id)).await.ok()), ["6A1"]);
        // Another year has none of them.
        let body = json!({
            "code": "2020-2021", "starts_on": "2020-09-05", "ends_on": "2021-05-31",
            "terms": [
                {"term": "1", "weeks": 18, "starts_on": "2020-09-05", "ends_on": "2021-01-15"},
                {"term": "2", "weeks": 17, "starts_on": "2021-01-18", "ends_on": "2021-05-28"},
            ],
        });
        let past: SchoolYear = admin.post("/school-years", &body).await.ok();
        assert!(names(&principal.get(&format!("/classes?school_year_id={}", past.id)).await.ok()).is_empty());
        principal.get("/classes?grade=13").await.status(422);
        principal.get("/classes?limit=0").await.status(422);
    }

    async fn a_search_of_classes_needs_no_marks_and_no_case(app: TestApp) {
        let a = &app.world.school_a;
        for name in ["6Đ Chọn", "6 Toán 1", "6 Toán 2", "6 TOÁN 10", "6 Văn"] {
            app.class(a, name, "6").await;
        }
        let principal = app.principal(a).await;
        let search = async |q: &str| -> Page<Class> {
            principal.send(principal.request(reqwest::Method::GET, "/classes").query(&[("q", q)])).await.ok()
        };
        for (q, found) in [
            ("toan 1", &["6 Toán 1", "6 TOÁN 10"][..]),
            ("TOÁN", &["6 Toán 1", "6 Toán 2", "6 TOÁN 10"]),
            ("6d", &["6Đ Chọn"]),
            ("đ chọn", &["6Đ Chọn"]),
            ("văn toán", &[]),
            ("%", &[]),
        ] {
            assert_eq!(names(&search(q).await), found, "{q}");
        }
        // Page by page, what does not fit is not counted.
        let first: Page<Class> = principal.get("/classes?q=toan&limit=2").await.ok();
        assert_eq!(names(&first), ["6 Toán 1", "6 Toán 2"]);
        let rest: Page<Class> = principal.get(&format!("/classes?q=toan&limit=2&after={}", first.next.expect("more"))).await.ok();
        assert_eq!((names(&rest), rest.next.is_none()), (vec!["6 TOÁN 10"], true));
    }
}

impl crate::harness::Actor {
    /// A change without `If-Match` is refused.
    async fn request_without_version(&self, path: &str) {
        self.put_bare(path, &json!({"name": "6A3"})).await.problem(Code::PreconditionRequired);
    }
}
