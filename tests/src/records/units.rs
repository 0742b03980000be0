//! `/units`.

use dto::units::{Unit, UnitDetail};
use dto::{Code, Page, UnitId};
use serde_json::{Value, json};

fn body(kind: &str, parent: UnitId, name: &str, code: &str) -> Value {
    json!({
        "kind": kind, "parent_id": parent, "name": name, "short_name": name, "code": code, "code_set": "test",
        "code_set_version": "2025-07-01", "opened_on": "2025-07-01",
    })
}

fn put_body(unit: &Unit) -> Value {
    json!({
        "name": unit.name, "short_name": unit.short_name, "code": unit.code, "code_set": unit.code_set,
        "code_set_version": unit.code_set_version, "levels": unit.levels,
    })
}

fn names(page: &Page<Unit>) -> Vec<&str> {
    page.items.iter().map(|u| u.name.as_str()).collect()
}

both_engines! {
    async fn a_unit_is_made_read_and_changed(app: TestApp) {
        let admin = app.province_admin().await;
        let mut new = body("school", app.world.commune_a, "Trường Tiểu học Ánh Dương", "94009");
        new["levels"] = json!(["primary", "preschool", "primary"]);
        let made: Unit = admin.post("/units", &new).await.status(201).ok();
        assert_eq!(made.parent_id, Some(app.world.commune_a));
        assert_eq!(serde_json::to_value(&made.levels).unwrap(), json!(["preschool", "primary"]), "in order, each once");

        let read = admin.get(&format!("/units/{}", made.id)).await;
        assert!(read.header("etag").unwrap().starts_with("\"1-"));
        let detail: UnitDetail = read.ok();
        assert_eq!(detail.unit, made);
        let above: Vec<_> = detail.ancestors.iter().map(|a| a.kind.as_str()).collect();
        assert_eq!(above, ["ministry", "department", "commune"], "the root first, the nearest last");
        assert_eq!(detail.placements.len(), 1);

        let mut change = put_body(&made);
        change["name"] = json!("  Trường  Tiểu học Bình Minh ");
        let changed: Unit = admin.put(&format!("/units/{}", made.id), 1, &change).await.ok();
        assert_eq!((changed.name.as_str(), changed.version), ("Trường Tiểu học Bình Minh", 2));
        admin.put(&format!("/units/{}", made.id), 1, &change).await.problem(Code::VersionConflict);
        let found: Page<Unit> = admin.get("/units?q=binh%20minh").await.ok();
        assert_eq!(names(&found), ["Trường Tiểu học Bình Minh"]);
    }

    async fn faults_of_a_unit_name_their_field(app: TestApp) {
        let admin = app.province_admin().await;
        let good = body("school", app.world.commune_a, "Trường Thử", "94010");
        let with = |field: &str, value: Value| {
            let mut body = good.clone();
            body[field] = value;
            body
        };
        admin.post("/units", &with("name", json!(" \u{200b} "))).await.field("/name", Code::FieldLength);
        admin.post("/units", &with("name", json!(""))).await.field("/name", Code::FieldLength);
        admin.post("/units", &with("opened_on", json!("+120000-01-01"))).await.status(422);
        admin.post("/units", &with("opened_on", json!("0900-01-01"))).await.field("/opened_on", Code::FieldRange);
        admin.post("/units", &with("code", json!("94001"))).await.problem(Code::CodeTaken);
        admin.post("/units", &with("kind", json!("village"))).await.field("/kind", Code::FieldChoice);
        let mut commune = body("commune", app.world.department, "Xã Thử", "31999");
        commune["levels"] = json!(["primary"]);
        admin.post("/units", &commune).await.field("/levels", Code::FieldChoice);
        // A composition that is longer than what was written.
        let long = "\u{fb2c}".repeat(20);
        admin.post("/units", &with("code", json!(long))).await.field("/code", Code::FieldLength);
        let made: Unit = admin.post("/units", &good).await.ok();
        let mut change = put_body(&made);
        change["closed_on"] = json!("2025-07-01");
        admin.put(&format!("/units/{}", made.id), 1, &change).await.field("/closed_on", Code::DatesReversed);
        change["closed_on"] = json!("2026-07-01");
        let closed: Unit = admin.put(&format!("/units/{}", made.id), 1, &change).await.ok();
        assert_eq!(closed.closed_on.unwrap().to_string(), "2026-07-01");
    }

    async fn kinds_nest_as_the_table_says(app: TestApp) {
        let admin = app.province_admin().await;
        let (dept, school) = (app.world.department, app.world.school_a.id);
        admin.post("/units", &body("department", dept, "Sở Hai", "93")).await.problem(Code::UnitKindMismatch);
        admin.post("/units", &body("school", school, "Trường trong trường", "94011")).await.problem(Code::UnitKindMismatch);
        admin.post("/units", &body("commune", school, "Xã trong trường", "31998")).await.problem(Code::UnitKindMismatch);
        admin.post("/units", &body("campus", school, "Điểm Ấp Mỹ", "94001-2")).await.status(201);
        admin.post("/units", &body("school", dept, "THPT Hoàng Diệu", "94012")).await.status(201);
    }

    async fn a_move_keeps_the_history_and_takes_the_subtree_along(app: TestApp) {
        let admin = app.province_admin().await;
        let officer_a = app.officer(app.world.commune_a).await;
        let officer_b = app.officer(app.world.commune_b).await;
        let school = app.world.school_a.id;
        let campus: Unit = admin.post("/units", &body("campus", school, "Điểm Ấp Mỹ", "94001-2")).await.ok();
        officer_a.get(&format!("/units/{}", campus.id)).await.status(200);
        officer_b.get(&format!("/units/{}", campus.id)).await.problem(Code::NotFound);

        let place = json!({"parent_id": app.world.commune_b, "valid_from": "2025-09-01"});
        let moved: UnitDetail = admin.post(&format!("/units/{school}/placements"), &place).await.status(201).ok();
        assert_eq!(moved.unit.parent_id, Some(app.world.commune_b));
        let history: Vec<_> = moved.placements.iter().map(|p| (p.parent_id, p.valid_from.to_string(), p.valid_to.map(|d| d.to_string()))).collect();
        assert_eq!(history, [
            (app.world.commune_b, "2025-09-01".to_owned(), None),
            (app.world.commune_a, "2000-09-05".to_owned(), Some("2025-09-01".to_owned())),
        ]);
        officer_a.get(&format!("/units/{campus_id}", campus_id = campus.id)).await.problem(Code::NotFound);
        let seen: UnitDetail = officer_b.get(&format!("/units/{}", campus.id)).await.ok();
        let above: Vec<_> = seen.ancestors.iter().map(|a| a.id).collect();
        assert_eq!(above[1..], [app.world.department, app.world.commune_b, school]);

        // Not before the last placement, not under itself, not where its kind may not lie.
        let path = format!("/units/{school}/placements");
        let at = |parent: UnitId, day: &str| json!({"parent_id": parent, "valid_from": day});
        admin.post(&path, &at(app.world.commune_a, "2025-09-01")).await.field("/valid_from", Code::DatesReversed);
        admin.post(&path, &at(campus.id, "2026-01-01")).await.problem(Code::UnitCycle);
        admin.post(&path, &at(school, "2026-01-01")).await.problem(Code::UnitCycle);
        admin.post(&path, &at(app.world.school_b.id, "2026-01-01")).await.problem(Code::UnitKindMismatch);
        // The closure is what a rebuild would make of the placements.
        assert_eq!(records::units::rebuild_closure(&app.db).await.unwrap(), 0);
    }

    async fn a_placement_of_the_future_waits(app: TestApp) {
        let admin = app.province_admin().await;
        let school = app.world.school_a.id;
        let place = json!({"parent_id": app.world.commune_b, "valid_from": "2199-09-01"});
        let planned: UnitDetail = admin.post(&format!("/units/{school}/placements"), &place).await.ok();
        assert_eq!(planned.unit.parent_id, Some(app.world.commune_a));
        assert_eq!(planned.placements.len(), 2);
    }

    async fn lists_begin_at_the_topmost_and_go_down(app: TestApp) {
        let admin = app.province_admin().await;
        let top: Page<Unit> = admin.get("/units").await.ok();
        assert_eq!(names(&top), ["Sở Giáo dục và Đào tạo"]);
        assert_eq!(top.items[0].children, 2);
        let communes: Page<Unit> = admin.get(&format!("/units?parent_id={}", app.world.department)).await.ok();
        assert_eq!(names(&communes), ["Phường Sóc Trăng", "Xã Kế Sách"]);
        let all: Page<Unit> = admin.get("/units?kind=school").await.ok();
        assert!(all.items.len() >= 2 && all.items.iter().all(|unit| unit.kind == dto::units::UnitKind::School), "all of a kind, wherever they lie");
        let schools: Page<Unit> = admin.get("/units?q=thcs&kind=school").await.ok();
        assert_eq!(names(&schools), ["THCS Lê Lợi", "THCS Trần Phú"]);
        let first: Page<Unit> = admin.get("/units?q=thcs&limit=1").await.ok();
        assert_eq!(names(&first), ["THCS Lê Lợi"]);
        let second: Page<Unit> = admin.get(&format!("/units?q=thcs&limit=1&after={}", first.next.unwrap())).await.ok();
        assert_eq!((names(&second), second.next.clone()), (vec!["THCS Trần Phú"], None));
        admin.get("/units?after=zzz").await.problem(Code::BadCursor);
        // Marks that are part of a pattern are letters.
        assert!(names(&admin.get("/units?q=%25").await.ok()).is_empty());
        assert!(names(&admin.get("/units?q=_").await.ok()).is_empty());
        assert!(names(&admin.get("/units?q=%5C'").await.ok()).is_empty());

        let principal = app.principal(&app.world.school_a).await;
        assert_eq!(names(&principal.get("/units").await.ok()), ["THCS Trần Phú"]);
        let class = app.class(&app.world.school_a, "6A1", "6").await;
        let teacher = app.teacher(&class, "TOAN").await;
        assert_eq!(names(&teacher.get("/units").await.ok()), ["THCS Trần Phú"]);
        teacher.get(&format!("/units/{}", app.world.school_b.id)).await.problem(Code::NotFound);
    }

    async fn rows_loaded_in_bulk_find_their_place(app: TestApp) {
        use records::bulk::{UnitPlacementRow, UnitRow, insert_many_in, unit_search_text, unit_sort_key};
        let ctx = kernel::Ctx::system("test");
        let commune = app.world.commune_b;
        app.db
            .write(&ctx, async |tx| {
                let unit = |at: usize| UnitRow {
                    id: kernel::id::new(),
                    kind: "school".into(),
                    name: format!("Trường số {at}"),
                    short_name: "x".into(),
                    code: format!("bulk{at}"),
                    code_set: "test".into(),
                    code_set_version: "1".into(),
                    levels: "primary".into(),
                    sort_key: unit_sort_key(&format!("Trường số {at}")),
                    search_text: unit_search_text(&format!("Trường số {at}"), "x", ""),
                    opened_on: crate::harness::day("2020-09-05"),
                    closed_on: None,
                    version: 1,
                };
                let units: Vec<UnitRow> = (1..=700).map(unit).collect();
                let places = units
                    .iter()
                    .map(|u| UnitPlacementRow { unit_id: u.id, valid_from: u.opened_on, parent_id: commune.0, valid_to: None })
                    .collect();
                insert_many_in(tx, units).await?;
                insert_many_in(tx, places).await?;
                records::units::rebuild_closure_in(tx).await?;
                Ok(((), vec![kernel::Event::new(None, "test.loaded", "unit", "all")]))
            })
            .await
            .unwrap();
        let officer = app.officer(commune).await;
        let detail: UnitDetail = officer.get(&format!("/units/{commune}")).await.ok();
        assert_eq!(detail.unit.children, 701);
        let found: Page<Unit> = officer.get("/units?q=truong%20so&limit=3").await.ok();
        assert_eq!(names(&found), ["Trường số 1", "Trường số 2", "Trường số 3"]);
    }

    async fn a_root_is_planted_by_the_program(app: TestApp) {
        use dto::units::{PutUnit, UnitKind};
        let ctx = kernel::Ctx::system("test");
        let root = |code: &str| PutUnit {
            name: "Sở Thứ Hai".into(),
            short_name: "Sở 2".into(),
            code: code.into(),
            code_set: "test".into(),
            code_set_version: "1".into(),
            levels: vec![],
            closed_on: None,
        };
        let day = crate::harness::day("2025-07-01");
        let made = records::units::create_root(&app.db, &ctx, &root("R1"), UnitKind::Department, day).await.unwrap();
        assert_eq!(made.parent_id, None);
        let refused = records::units::create_root(&app.db, &ctx, &root("R2"), UnitKind::School, day).await.unwrap_err();
        assert_eq!(refused.code(), Code::UnitKindMismatch);
        app.province_admin().await.get(&format!("/units/{}", made.id)).await.problem(Code::NotFound);
    }
}
