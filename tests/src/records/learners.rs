//! `/learners`.

use crate::harness::Actor;
use dto::classes::ClassMember;
use dto::learners::{Learner, LearnerDetail, LearnerItem, LearnerStatus};
use dto::{Code, Page, UnitId};
use serde_json::{Value, json};

fn body(school: UnitId, given: &str) -> Value {
    json!({
        "school_id": school, "name": {"family": "Nguyễn", "middle": "Thị", "given": given}, "birth_date": "2015-03-12", "sex": "female",
        "ethnicity": "Khmer", "status": "studying", "since": "2026-09-05",
    })
}

fn own(given: &str) -> Value {
    json!({"name": {"family": "Nguyễn", "middle": "Thị", "given": given}, "birth_date": "2015-03-12", "sex": "female"})
}

fn names(items: &[LearnerItem]) -> Vec<&str> {
    items.iter().map(|l| l.full_name.as_str()).collect()
}

async fn list(actor: &Actor, query: &str) -> Page<LearnerItem> {
    actor.get(&format!("/learners?{query}")).await.ok()
}

both_engines! {
    async fn a_learner_is_made_read_and_changed(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let mut new = body(app.world.school_a.id, "A\u{301}nh");
        new["personal_id"] = json!("094214000001");
        new["ministry_code"] = json!("9407137235");
        let made: Learner = principal.post("/learners", &new).await.status(201).ok();
        assert_eq!((made.full_name.as_str(), made.version, made.status), ("Nguyễn Thị Ánh", 1, LearnerStatus::Studying));
        let path = format!("/learners/{}", made.id);
        let detail: LearnerDetail = principal.get(&path).await.ok();
        assert_eq!(detail.learner, made);
        assert_eq!(detail.school_name.as_deref(), Some("THCS Trần Phú"));
        assert_eq!(detail.statuses.len(), 1);
        let odd: Vec<_> = detail.warnings.iter().map(|w| (w.pointer.as_str(), w.code.as_str())).collect();
        assert_eq!(odd, [("/personal_id", "personal_id_sex"), ("/personal_id", "personal_id_year")], "told, never refused");
        assert!(detail.warnings[1].detail.contains("2014"), "{}", detail.warnings[1].detail);

        let changed: Learner = principal.put(&path, 1, &own("Bình")).await.ok();
        assert_eq!((changed.full_name.as_str(), changed.version, changed.personal_id), ("Nguyễn Thị Bình", 2, None));
        principal.put(&path, 1, &own("Chi")).await.problem(Code::VersionConflict);
        let log = app.audit(Some(app.world.school_a.id)).await;
        assert_eq!(log.last().unwrap().verb, "learner.updated");
        assert!(log.last().unwrap().before.as_ref().unwrap().contains("Ánh"));
    }

    async fn faults_of_a_learner_name_their_field(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let refused = async |field: &str, value: Value, pointer: &str, code: Code| {
            let mut body = body(app.world.school_a.id, "An");
            body[field] = value;
            principal.post("/learners", &body).await.field(pointer, code);
        };
        refused("personal_id", json!("12345678901"), "/personal_id", Code::PersonalIdFormat).await;
        refused("personal_id", json!("٠٩٤٣١٥٠٠٠٠٠١"), "/personal_id", Code::PersonalIdFormat).await;
        refused("birth_date", json!("2199-01-01"), "/birth_date", Code::FieldRange).await;
        refused("birth_date", json!("1066-10-14"), "/birth_date", Code::FieldRange).await;
        refused("birth_date", json!("2015-02-30"), "/birth_date", Code::FieldType).await;
        refused("name", json!({"family": "Lê", "given": " \u{200b}"}), "/name/given", Code::FieldRequired).await;
        refused("name", json!({"family": "Lê", "given": ""}), "/name/given", Code::FieldLength).await;
        refused("name", json!({"family": "\u{fb2c}".repeat(50), "given": "An"}), "/name/family", Code::FieldLength).await;
        refused("sex", json!("x"), "/sex", Code::FieldChoice).await;
        refused("since", json!("9999-12-31"), "/since", Code::FieldRange).await;
        refused("grade", json!("6"), "/grade", Code::FieldUnknown).await;
        principal.post("/learners", &body(app.world.school_b.id, "An")).await.problem(Code::NotFound);
        principal.post("/learners", &body(app.world.commune_a, "An")).await.problem(Code::NotFound);
        // A name of any people is a name.
        let mut single = body(app.world.school_a.id, "H'Hen Niê");
        single["name"] = json!({"family": "", "given": "Y Moan 한글 ﷺ"});
        let made: Learner = principal.post("/learners", &single).await.ok();
        assert_eq!(made.full_name, "Y Moan 한글 ﷺ");
    }

    async fn a_number_taken_elsewhere_tells_nothing_of_the_other_school(app: TestApp) {
        let (a, b) = (app.principal(&app.world.school_a).await, app.principal(&app.world.school_b).await);
        let mut first = body(app.world.school_b.id, "Kín");
        first["personal_id"] = json!("094315000009");
        first["ministry_code"] = json!("9400000009");
        b.post("/learners", &first).await.status(201);
        let mut second = body(app.world.school_a.id, "An");
        second["personal_id"] = json!("094315000009");
        let refused = a.post("/learners", &second).await;
        let text = refused.text();
        refused.problem(Code::PersonalIdTaken);
        assert!(!text.contains("Kín") && !text.contains("Lê Lợi") && !text.contains("094315000009"), "{text}");
        let made: Learner = a.post("/learners", &body(app.world.school_a.id, "An")).await.ok();
        let mut change = own("An");
        change["ministry_code"] = json!("9400000009");
        a.put(&format!("/learners/{}", made.id), 1, &change).await.problem(Code::MinistryCodeTaken);
        assert!(app.find_learners(&a, "094315").await.is_empty());
    }

    async fn search_finds_names_without_marks_and_codes_by_their_start(app: TestApp) {
        let principal = app.principal(&app.world.school_a).await;
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let anh = app.learner(&class, "Nguyễn Thị Ánh").await;
        app.learner(&class, "Nguyễn Anh Thi").await;
        app.learner(&class, "Đỗ Hòa").await;
        let other = app.class(&app.world.school_b, "6A1", "6").await;
        app.learner(&other, "Nguyễn Thị Ánh").await;
        let find = async |q: &str| -> Vec<String> { app.find_learners(&principal, q).await.into_iter().map(|l| l.full_name).collect() };
        assert_eq!(find("nguyen thi anh").await, ["Nguyễn Thị Ánh", "Nguyễn Anh Thi"]);
        assert_eq!(find("NGUYỄN  ÁNH").await.len(), 2);
        assert_eq!(find("do hoà").await, ["Đỗ Hòa"]);
        assert!(find("nguyen van").await.is_empty());
        assert!(find("100%").await.is_empty());
        let item = &app.find_learners(&principal, "thi anh").await[0];
        assert_eq!((item.id, item.class_id, item.class_name.as_deref()), (anh, Some(class.id), Some("6A1")));
        assert_eq!(item.school_name.as_deref(), Some("THCS Trần Phú"));

        let mut change = own("Ánh");
        change["personal_id"] = json!("094315129999");
        change["ministry_code"] = json!("TAM-9407");
        principal.put(&format!("/learners/{anh}"), 1, &change).await.status(200);
        // The others have temporary codes, which begin so too.
        assert_eq!(find("tam").await.len(), 3);
        for q in ["094315129999", "094315", "0943151299", "tam-9407", "anh 094315"] {
            assert_eq!(find(q).await, ["Nguyễn Thị Ánh"], "{q}");
        }
        assert!(find("315129").await.is_empty(), "the start, not the middle");
        assert!(find("999999").await.is_empty());
    }

    async fn lists_stand_in_vietnamese_order_page_by_page(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        for name in ["Nguyễn Hoà", "Bùi Đan", "Phạm Ân", "Đỗ Dung", "Vũ Ẩn", "Lê Ấn", "Nguyễn Hoa"] {
            app.learner(&class, name).await;
        }
        let expected = ["Phạm Ân", "Vũ Ẩn", "Lê Ấn", "Đỗ Dung", "Bùi Đan", "Nguyễn Hoa", "Nguyễn Hoà"];
        let principal = app.principal(&app.world.school_a).await;
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let page = list(&principal, &format!("limit=3{after}")).await;
            seen.extend(names(&page.items).into_iter().map(str::to_owned));
            match page.next {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen, expected);
        assert_eq!(names(&list(&principal, &format!("class_id={}", class.id)).await.items), expected);
        assert!(list(&principal, &format!("class_id={}", uuid::Uuid::now_v7())).await.items.is_empty());
        assert!(list(&principal, &format!("school_id={}", app.world.school_b.id)).await.items.is_empty());
        principal.get("/learners?after=%22").await.problem(Code::BadCursor);
        principal.get("/learners?school_id=x").await.status(422);
    }

    async fn a_wide_reach_walks_the_order_of_names(app: TestApp) {
        let admin = app.province_admin().await;
        for at in 0..45 {
            let body = json!({
                "kind": "commune", "parent_id": app.world.department, "name": format!("Xã {at}"), "short_name": "x", "code": format!("x{at}"),
                "code_set": "test", "code_set_version": "1", "opened_on": "2025-07-01",
            });
            admin.post("/units", &body).await.status(201);
        }
        let (a, b) = (app.class(&app.world.school_a, "6A1", "6").await, app.class(&app.world.school_b, "6A1", "6").await);
        app.learner(&a, "Lê Bình").await;
        app.learner(&b, "Lê An").await;
        assert_eq!(names(&list(&admin, "").await.items), ["Lê An", "Lê Bình"]);
        assert_eq!(names(&list(&admin, "q=binh").await.items), ["Lê Bình"]);
        assert_eq!(names(&list(&admin, "grade=6").await.items), ["Lê An", "Lê Bình"]);
        assert!(list(&admin, "grade=7").await.items.is_empty());
        assert_eq!(names(&list(&admin, &format!("school_id={}", app.world.school_b.id)).await.items), ["Lê An"]);
    }

    async fn a_grade_is_that_of_the_class_of_today(app: TestApp) {
        let (six, other) = (app.class(&app.world.school_a, "6A1", "6").await, app.class(&app.world.school_a, "6A2", "6").await);
        let seven = app.class(&app.world.school_a, "7A1", "7").await;
        app.learner(&six, "Lê Bình").await;
        app.learner(&other, "Lê An").await;
        let left = app.learner(&other, "Lê Dung").await;
        app.learner(&seven, "Lê Chi").await;
        let (a, b) = (app.principal(&app.world.school_a).await, app.principal(&app.world.school_b).await);
        assert_eq!(names(&list(&a, "grade=6").await.items), ["Lê An", "Lê Bình", "Lê Dung"]);
        a.delete(&format!("/classes/{}/members/{left}", other.id)).await.done();
        assert_eq!(names(&list(&a, "grade=6").await.items), ["Lê An", "Lê Bình"], "who has left the class");
        assert_eq!(names(&list(&a, "grade=7").await.items), ["Lê Chi"]);
        assert_eq!(names(&list(&a, "grade=6&q=binh").await.items), ["Lê Bình"]);
        assert_eq!(names(&list(&a, &format!("grade=6&class_id={}", other.id)).await.items), ["Lê An"]);
        assert!(list(&a, &format!("grade=7&class_id={}", other.id)).await.items.is_empty());
        assert!(list(&a, "grade=8").await.items.is_empty());
        assert!(list(&b, "grade=6").await.items.is_empty(), "another school");
        let page = list(&a, "grade=6&limit=1").await;
        assert_eq!(names(&list(&a, &format!("grade=6&limit=1&after={}", page.next.unwrap())).await.items), ["Lê Bình"]);
        // From above, in one school and in all.
        let officer = app.officer(app.world.commune_a).await;
        assert_eq!(names(&list(&officer, &format!("grade=7&school_id={}", app.world.school_a.id)).await.items), ["Lê Chi"]);
        let admin = app.province_admin().await;
        assert_eq!(names(&list(&admin, "grade=7").await.items), ["Lê Chi"]);
        assert!(list(&admin, "grade=8").await.items.is_empty());
        a.get("/learners?grade=13").await.status(422);
    }

    async fn statuses_are_a_history_and_who_leaves_leaves_the_class(app: TestApp) {
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let learner = app.learner(&class, "Lê An").await;
        let principal = app.principal(&app.world.school_a).await;
        let path = format!("/learners/{learner}/statuses");
        principal.post(&path, &json!({"status": "left", "since": "2026-09-01"})).await.field("/since", Code::DatesReversed);
        principal.post(&path, &json!({"status": "gone", "since": "2026-10-01"})).await.field("/status", Code::FieldChoice);
        principal.post(&path, &json!({"status": "left", "since": "2026-10-01", "reason": "x".repeat(501)})).await.field("/reason", Code::FieldLength);
        let body = json!({"status": "transferred_out", "since": "2026-10-01", "reason": "Theo gia đình"});
        let detail: LearnerDetail = principal.post(&path, &body).await.status(201).ok();
        assert_eq!((detail.learner.status, detail.learner.version), (LearnerStatus::TransferredOut, 2));
        let history: Vec<_> = detail.statuses.iter().map(|s| (s.status, s.since.to_string())).collect();
        assert_eq!(history, [
            (LearnerStatus::TransferredOut, "2026-10-01".to_owned()),
            (LearnerStatus::Studying, "2026-09-05".to_owned()),
        ]);
        assert_eq!(detail.enrolments[0].left_on.unwrap().to_string(), "2026-10-01");
        let roll: Page<ClassMember> = principal.get(&format!("/classes/{}/members", class.id)).await.ok();
        assert_eq!((roll.items.len(), roll.items[0].status), (1, LearnerStatus::TransferredOut));
        // Not at school: not into a class.
        let enrol = json!({"learner_id": learner, "enrolled_on": "2026-11-01"});
        principal.post(&format!("/classes/{}/members", class.id), &enrol).await.field("/learner_id", Code::FieldChoice);
        principal.post(&path, &json!({"status": "returned", "since": "2026-11-01"})).await.status(201);
        principal.post(&format!("/classes/{}/members", class.id), &enrol).await.status(201);
    }
}
