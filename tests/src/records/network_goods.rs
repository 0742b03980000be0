//! What stands in a school goes along with a merge or a split, and comes back with the decision.

use super::file_imports::{apply, dry, undo};
use super::files::small;
use crate::harness::{Actor, School};
use dto::access::Role;
use dto::calendar::SchoolYear;
use dto::equipment::{Equipment, EquipmentItem};
use dto::facility_photos::FacilityPhoto;
use dto::files::StoredFile;
use dto::network::{UnitChanged, UnitConsequences, UnitDecision};
use dto::rooms::{Room, RoomItem};
use dto::staff::Staff;
use dto::{Code, Page, SchoolYearId};
use serde_json::{Value, json};

fn decision(change: Value) -> Value {
    json!({"decision_number": "12/QĐ-UBND", "decided_on": "2026-10-20", "effective_on": "2026-11-02", "change": change})
}

fn rooms(school: &School) -> String {
    format!("/units/{}/rooms", school.id)
}

async fn room(clerk: &Actor, school: &School, code: &str, classes: Value) -> Room {
    let body = json!({"code": code, "name": format!("Phòng {code}"), "building": "Nhà A", "floor": 1, "kind": "classroom",
        "construction": "permanent", "condition": "good", "class_ids": classes});
    clerk.post(&rooms(school), &body).await.status(201).ok()
}

async fn item(clerk: &Actor, school: &School, room: Option<&Room>) -> String {
    let body = json!({"item": {"name": "Máy chiếu", "kind": "display", "place": "Phòng A1", "state": "good",
        "room_id": room.map(|room| room.item.id)}});
    let made: Page<EquipmentItem> = clerk.post(&format!("/units/{}/equipment", school.id), &body).await.ok();
    made.items[0].code.clone()
}

async fn photo(clerk: &Actor, school: &School, room: &Room) -> FacilityPhoto {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend([7; 64]);
    let file: StoredFile = small(clerk, school.id, "phong.png", &bytes).await.status(201).ok();
    let body = json!({"file_id": file.id, "topic": "rooms", "taken_on": "2026-10-02", "room_id": room.item.id});
    clerk.post(&format!("/units/{}/facility-photos", school.id), &body).await.ok()
}

async fn codes(actor: &Actor, school: &School) -> Vec<String> {
    actor.get(&rooms(school)).await.ok::<Page<RoomItem>>().items.into_iter().map(|room| room.code).collect()
}

both_engines! {
    async fn rooms_and_inventory_go_over_with_a_merge_and_come_back(app: TestApp) {
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let (here, there) = (app.at(Role::Clerk, &a).await, app.at(Role::Clerk, &b).await);
        let class = app.class(&b, "6B1", "6").await;
        room(&here, &a, "A1", json!([])).await;
        let moved = room(&there, &b, "a1", json!([class.id])).await;
        let plain = room(&there, &b, "B7", json!([])).await;
        let (inside, loose) = (item(&there, &b, Some(&moved)).await, item(&there, &b, None).await);
        let picture = photo(&there, &b, &moved).await;
        let admin = app.province_admin().await;
        let ahead: UnitConsequences = admin.get(&format!("/units/{}/consequences?on=2026-11-02&into={}", b.id, a.id)).await.ok();
        assert_eq!((ahead.rooms, ahead.rooms_renamed, ahead.equipment), (2, 1, 2));
        let fresh: UnitConsequences = admin.get(&format!("/units/{}/consequences?on=2026-11-02", b.id)).await.ok();
        assert_eq!((fresh.rooms, fresh.rooms_renamed), (2, 0));

        let body = decision(json!({"kind": "merge", "unit_ids": [b.id], "into_id": a.id}));
        let made: UnitChanged = admin.post("/unit-changes", &body).await.status(201).ok();
        assert!(made.events.iter().all(|event| (event.detail.rooms, event.detail.equipment) == (2, 2)));
        // With its history, its class, its items and its photo; the code that was taken has a number behind it.
        assert_eq!(codes(&here, &a).await, ["A1", "a1-2", "B7"]);
        let path = format!("{}/{}", rooms(&a), moved.item.id);
        let seen: Room = here.get(&path).await.ok();
        assert_eq!((seen.item.classes.len(), seen.equipment.len(), seen.versions.len()), (1, 1, 2));
        assert_eq!(seen.versions[0].changed, ["code"]);
        for code in [&inside, &loose] {
            let one: Equipment = here.get(&format!("/equipment/{code}")).await.ok();
            assert_eq!((one.school_id, one.events.len()), (a.id, 1));
        }
        let photos = |school: &School| format!("/units/{}/facility-photos", school.id);
        here.get(&format!("{}/{}/content", photos(&a), picture.id)).await.status(200);
        assert!(codes(&there, &b).await.is_empty());

        // Somebody writes the room anew: the running class of the school that ended still sits there. Now something rests on it.
        let undo = format!("/unit-decisions/{}/undo", made.events[0].decision_id.unwrap());
        let why = json!({"reason": "Sai quyết định"});
        let mut written = serde_json::to_value(&seen.versions[0].body).unwrap();
        written["condition"] = json!("repair");
        let changed: Room = here.put(&path, seen.item.version, &written).await.ok();
        assert_eq!(changed.item.classes.len(), 1);
        let refused = admin.post(&undo, &why).await.problem(Code::DecisionRests);
        assert!(refused.detail.contains("1 phòng, thiết bị"), "{}", refused.detail);
        // As if nobody had.
        let sql = ["DELETE FROM room_version WHERE room_id = $1 AND version = 3", "UPDATE room SET version = 2 WHERE id = $1"];
        for sql in sql {
            let statement = sea_orm::Statement::from_sql_and_values(app.db.backend(), sql, [moved.item.id.0.into()]);
            sea_orm::ConnectionTrait::execute_raw(app.db.migrator(), statement).await.unwrap();
        }
        // A new item in a room that came rests on it too.
        let extra = item(&here, &a, Some(&changed)).await;
        admin.post(&undo, &why).await.problem(Code::DecisionRests);
        let kept: Equipment = here.get(&format!("/equipment/{extra}")).await.ok();
        let elsewhere = json!({"name": kept.name, "kind": kept.kind, "place": "Kho", "state": "good"});
        here.put(&format!("/equipment/{extra}"), kept.version, &elsewhere).await.status(200);
        admin.post(&undo, &why).await.ok::<UnitDecision>();

        assert_eq!((codes(&here, &a).await, codes(&there, &b).await), (vec!["A1".to_owned()], vec!["a1".to_owned(), "B7".to_owned()]));
        let back: Room = there.get(&format!("{}/{}", rooms(&b), moved.item.id)).await.ok();
        assert_eq!((back.item.classes, back.equipment.len(), back.versions[0].body.code.as_str()), (moved.item.classes, 1, "a1"));
        let loose: Equipment = there.get(&format!("/equipment/{loose}")).await.ok();
        assert_eq!(loose.school_id, b.id);
        there.get(&format!("{}/{}/content", photos(&b), picture.id)).await.status(200);
        here.get(&format!("{}/{}", rooms(&a), plain.item.id)).await.problem(Code::NotFound);
        let log = app.audit(Some(a.id)).await;
        assert_eq!(log.iter().filter(|e| e.verb == "unit.goods_gone_over").count(), 1);
    }

    async fn a_split_takes_the_rooms_that_it_names(app: TestApp) {
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        let class = app.class(&school, "6A1", "6").await;
        let (goes, stays) = (room(&clerk, &school, "A1", json!([class.id])).await, room(&clerk, &school, "A2", json!([])).await);
        let (along, left) = (item(&clerk, &school, Some(&goes)).await, item(&clerk, &school, Some(&stays)).await);
        let admin = app.province_admin().await;
        let split = |rooms: Value| decision(json!({"kind": "split", "unit_id": school.id, "new": [{"room_ids": rooms, "school": {
            "parent_id": app.world.commune_b, "name": "THCS Trần Phú 2", "short_name": "Trần Phú 2", "code": "94902", "code_set": "test",
            "code_set_version": "2025-07-01", "levels": ["lower_secondary"],
        }}]}));
        admin.post("/unit-changes", &split(json!([goes.item.id, goes.item.id]))).await.field("/change/new/0/room_ids/1", Code::FieldChoice);
        let foreign = room(&app.at(Role::Clerk, &app.world.school_b).await, &app.world.school_b, "B1", json!([])).await;
        admin.post("/unit-changes", &split(json!([foreign.item.id]))).await.field("/change/new/0/room_ids/0", Code::FieldChoice);
        let made: UnitChanged = admin.post("/unit-changes", &split(json!([goes.item.id]))).await.ok();
        let new = School { id: made.events[0].unit_id, name: "THCS Trần Phú 2".into() };
        let over = app.at(Role::Clerk, &new).await;
        let seen: Room = over.get(&format!("{}/{}", rooms(&new), goes.item.id)).await.ok();
        assert_eq!((seen.item.classes.len(), seen.equipment.len()), (0, 1), "the running class stays behind");
        over.get(&format!("/equipment/{along}")).await.status(200);
        over.get(&format!("/equipment/{left}")).await.problem(Code::NotFound);
        assert_eq!(codes(&clerk, &school).await, ["A2"]);

        // The new school has nothing but what the decision gave it (the clerk's own post aside), and gives it back.
        let sql = "DELETE FROM staff_post WHERE unit_id = $1";
        let statement = sea_orm::Statement::from_sql_and_values(app.db.backend(), sql, [new.id.0.into()]);
        sea_orm::ConnectionTrait::execute_raw(app.db.migrator(), statement).await.unwrap();
        let sql = "DELETE FROM role_grant WHERE unit_id = $1";
        let statement = sea_orm::Statement::from_sql_and_values(app.db.backend(), sql, [new.id.0.into()]);
        sea_orm::ConnectionTrait::execute_raw(app.db.migrator(), statement).await.unwrap();
        let undo = format!("/unit-decisions/{}/undo", made.events[0].decision_id.unwrap());
        admin.post(&undo, &json!({"reason": "Nhầm"})).await.ok::<UnitDecision>();
        let back: Room = clerk.get(&format!("{}/{}", rooms(&school), goes.item.id)).await.ok();
        assert_eq!((back.item.classes.len(), back.equipment.len()), (1, 1));
        assert_eq!(codes(&clerk, &school).await, ["A1", "A2"]);
    }

    async fn an_import_is_undone_where_its_goods_went(app: TestApp) {
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let (here, there) = (app.at(Role::Clerk, &a).await, app.at(Role::Clerk, &b).await);
        room(&here, &a, "X1", json!([])).await;
        let old = room(&there, &b, "B1", json!([])).await;
        let file = "Mã phòng;Tên phòng;Nhà;Tầng;Loại phòng;Kết cấu\nB1;Phòng B1;;;;Bán kiên cố\nB7;Kho;Nhà B;1;Phòng khác;Tạm\n";
        let brought = apply(&there, &dry(&there, &b, "rooms", file).await).await;
        let file = "Tên,Loại,Nơi để,Số lượng\nBàn học sinh,\"Bàn ghế, tủ bảng\",Kho,2\n";
        let items = apply(&there, &dry(&there, &b, "equipment", file).await).await;
        let body = decision(json!({"kind": "merge", "unit_ids": [b.id], "into_id": a.id}));
        let made: UnitChanged = app.province_admin().await.post("/unit-changes", &body).await.status(201).ok();
        assert_eq!(codes(&here, &a).await, ["B1", "X1", "B7"]);

        // The clerk of the school that ended does not reach into the other one, and is told that it went there.
        for import in [&brought, &items] {
            let refused = there.post_empty(&format!("/file-imports/{}/undo", import.id)).await.problem(Code::ImportChangedSince);
            assert!(refused.errors.iter().all(|one| one.code == Code::ImportedRecordMoved.as_str()), "{:?}", refused.errors);
            assert_eq!(refused.errors.len(), 2);
        }
        // Who keeps them now undoes it, but for what was used since.
        let kept = here.get(&format!("/units/{}/equipment", a.id)).await.ok::<Page<EquipmentItem>>().items;
        let seen: Room = here.get(&format!("{}/{}", rooms(&a), old.item.id)).await.ok();
        assert_eq!((kept.len(), seen.versions[0].body.construction.as_str()), (2, "semi"));
        undo(&here, &items).await;
        assert!(here.get(&format!("/units/{}/equipment", a.id)).await.ok::<Page<EquipmentItem>>().items.is_empty());
        let extra = item(&here, &a, Some(&seen)).await;
        undo(&here, &brought).await;
        assert_eq!(codes(&here, &a).await, ["B1", "X1"]);
        let back: Room = here.get(&format!("{}/{}", rooms(&a), old.item.id)).await.ok();
        assert_eq!((back.versions[0].body.construction.as_str(), back.equipment.len()), ("permanent", 1));
        here.get(&format!("/equipment/{extra}")).await.status(200);
        assert!(app.audit(Some(a.id)).await.iter().any(|e| e.verb == "room.removed"));
        // What the decision gave away is no more as it left it.
        let back = format!("/unit-decisions/{}/undo", made.events[0].decision_id.unwrap());
        app.province_admin().await.post(&back, &json!({"reason": "Nhầm"})).await.problem(Code::DecisionRests);
    }

    async fn an_import_whose_goods_were_used_since_the_merge_stays(app: TestApp) {
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let (here, there) = (app.at(Role::Clerk, &a).await, app.at(Role::Clerk, &b).await);
        room(&here, &a, "B7", json!([])).await;
        let file = "Mã phòng;Tên phòng;Nhà;Tầng;Loại phòng;Kết cấu\nB7;Kho;Nhà B;1;Phòng khác;Tạm\nB8;Kho 2;Nhà B;1;Phòng khác;Tạm\n";
        let brought = apply(&there, &dry(&there, &b, "rooms", file).await).await;
        let body = decision(json!({"kind": "merge", "unit_ids": [b.id], "into_id": a.id}));
        app.province_admin().await.post("/unit-changes", &body).await.status(201);
        // One got another code, the other an item.
        let all = here.get(&rooms(&a)).await.ok::<Page<RoomItem>>().items;
        let second = all.iter().find(|room| room.code == "B8").unwrap();
        let second: Room = here.get(&format!("{}/{}", rooms(&a), second.id)).await.ok();
        item(&here, &a, Some(&second)).await;
        let refused = here.post_empty(&format!("/file-imports/{}/undo", brought.id)).await.problem(Code::ImportChangedSince);
        let codes_told: Vec<&str> = refused.errors.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes_told, [Code::ImportedRecordUsed.as_str(); 2]);
        assert_eq!(codes(&here, &a).await, ["B7", "B7-2", "B8"]);
    }

    async fn nothing_new_begins_in_a_school_that_has_ended(app: TestApp) {
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let (clerk, admin) = (app.at(Role::Clerk, &b).await, app.province_admin().await);
        let runs = app.class(&b, "6B1", "6").await;
        let staff: Staff = app.principal(&a).await.post("/staff", &json!({
            "name": {"family": "Lê", "given": "Đức"}, "sex": "male", "unit_id": a.id, "position": "teacher", "valid_from": "2026-08-01",
        })).await.ok();
        let file = "Mã phòng;Tên phòng;Nhà;Tầng;Loại phòng;Kết cấu\nB7;Kho;Nhà B;1;Phòng khác;Tạm\n";
        let left_open = dry(&clerk, &b, "rooms", file).await;
        let body = decision(json!({"kind": "merge", "unit_ids": [b.id], "into_id": a.id}));
        admin.post("/unit-changes", &body).await.status(201);

        // What was still open in the browser when the school was merged is told so, and writes nothing.
        clerk.post_empty(&format!("/file-imports/{}/apply", left_open.id)).await.problem(Code::UnitClosed);
        clerk.upload(&format!("/file-imports?kind=rooms&school_id={}", b.id), file.into()).await.problem(Code::UnitClosed);
        let body = json!({"code": "B9", "name": "Kho", "building": "Nhà B", "floor": 1, "kind": "classroom", "construction": "permanent",
            "condition": "good"});
        clerk.post(&rooms(&b), &body).await.problem(Code::UnitClosed);
        let body = json!({"item": {"name": "Máy chiếu", "kind": "display", "place": "Kho", "state": "good"}});
        clerk.post(&format!("/units/{}/equipment", b.id), &body).await.problem(Code::UnitClosed);
        assert!(codes(&clerk, &b).await.is_empty());
        // Nor does a post or a class of a later year; classes that ran may still be divided until their year ends.
        let post = |from: &str| json!({"unit_id": b.id, "position": "teacher", "valid_from": from, "valid_to": "2026-12-01"});
        admin.post(&format!("/staff/{}/posts", staff.id), &post("2026-11-02")).await.problem(Code::UnitClosed);
        admin.post(&format!("/staff/{}/posts", staff.id), &post("2026-09-01")).await.status(201);
        let year: SchoolYear = admin.post("/school-years", &crate::records::calendar::body("2031-2032", 2031)).await.ok();
        let class = |year: SchoolYearId| json!({"school_id": b.id, "school_year_id": year, "grade": "6", "name": "6B2"});
        admin.post("/classes", &class(year.id)).await.problem(Code::UnitClosed);
        admin.post("/classes", &class(runs.school_year_id)).await.status(201);
    }
}
