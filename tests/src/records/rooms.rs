//! The register of rooms: kept with its history, counted into the figures of the year, printed, brought in from a file and out.

use super::file_imports::{apply, dry, rows, undo};
use super::files::small;
use dto::access::Role;
use dto::equipment::{Equipment, EquipmentItem};
use dto::facility_photos::FacilityPhoto;
use dto::figures::YearlySheet;
use dto::files::StoredFile;
use dto::imports::RowOutcome;
use dto::rooms::{Construction, Room, RoomCondition, RoomCounts, RoomItem, RoomKind};
use dto::{Code, Page};
use serde_json::{Value, json};

fn room(code: &str) -> Value {
    json!({"code": code, "name": format!("Phòng {code}"), "building": "Nhà A", "floor": 2, "kind": "classroom",
        "construction": "permanent", "condition": "good", "area_dm2": 5450, "seats": 45, "built_year": 2012})
}

both_engines! {
    async fn rooms_are_kept_with_their_history(app: TestApp) {
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        let list = format!("/units/{}/rooms", school.id);
        clerk.get(&format!("/units/{}/room-labels", school.id)).await.problem(Code::NoRooms);
        let class = app.class(&school, "6A9", "6").await;
        let mut body = room("A201");
        body["class_ids"] = json!([class.id]);
        let made: Room = clerk.post(&list, &body).await.status(201).ok();
        assert_eq!((made.item.kind, made.item.construction, made.item.area_dm2), (RoomKind::Classroom, Construction::Permanent, Some(5450)));
        assert_eq!(made.item.classes.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["6A9"]);
        // One code once, whatever its capitals; a class sits in one room.
        let mut again = room("a201");
        clerk.post(&list, &again).await.problem(Code::CodeTaken);
        again["code"] = json!("A202");
        again["class_ids"] = json!([class.id]);
        clerk.post(&list, &again).await.problem(Code::RoomClassElsewhere);
        again["class_ids"] = json!([class.id, class.id]);
        clerk.post(&list, &again).await.status(409);
        again["class_ids"] = json!([]);
        again["area_dm2"] = json!(0);
        clerk.post(&list, &again).await.field("/area_dm2", Code::FieldRange);
        again["area_dm2"] = json!(4000);
        again["name"] = json!("  ");
        clerk.post(&list, &again).await.problem(Code::Invalid);
        let theirs = app.class(&app.world.school_b, "6B1", "6").await;
        let mut foreign = room("A203");
        foreign["class_ids"] = json!([theirs.id]);
        clerk.post(&list, &foreign).await.field("/class_ids/0", Code::FieldChoice);
        for code in ["A101", "B1", "A1001"] {
            let mut body = room(code);
            body["floor"] = json!(if code == "A101" { 1 } else { 2 });
            body["building"] = json!(if code == "B1" { "Nhà B" } else { "Nhà A" });
            clerk.post(&list, &body).await.status(201);
        }

        let path = format!("{list}/{}", made.item.id);
        body["condition"] = json!("repair");
        body["class_ids"] = json!([]);
        clerk.put(&path, 9, &body).await.problem(Code::VersionConflict);
        let changed: Room = clerk.put(&path, 1, &body).await.ok();
        assert_eq!((changed.item.version, changed.versions.len(), changed.item.classes.len()), (2, 2, 0));
        assert_eq!(changed.versions[0].changed, ["class_ids", "condition"]);
        assert_eq!(changed.conditions[0].condition, RoomCondition::Repair);
        let read: Room = clerk.get(&path).await.ok();
        assert_eq!(read, changed);

        let codes = async |query: &str| {
            let page: Page<RoomItem> = clerk.get(&format!("{list}?{query}")).await.ok();
            page.items.into_iter().map(|item| item.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("").await, ["A101", "A201", "A1001", "B1"]);
        assert_eq!(codes("building=Nh%C3%A0%20B").await, ["B1"]);
        assert_eq!(codes("floor=1&kind=classroom&construction=permanent").await, ["A101"]);
        assert_eq!(codes("condition=repair&q=phong%20a2").await, ["A201"]);
        let first: Page<RoomItem> = clerk.get(&format!("{list}?limit=3")).await.ok();
        let rest: Page<RoomItem> = clerk.get(&format!("{list}?limit=3&after={}", first.next.expect("more"))).await.ok();
        assert_eq!((rest.items[0].code.as_str(), rest.next), ("B1", None));
        // One that is no more is in no list of those in use.
        body["ended_on"] = json!("2026-01-01");
        clerk.put(&path, 2, &body).await.status(200);
        assert_eq!((codes("").await.len(), codes("ended=true").await), (3, vec!["A201".to_owned()]));
        let counts: RoomCounts = clerk.get(&format!("/units/{}/room-counts", school.id)).await.ok();
        assert_eq!((counts.rooms, counts.area_dm2, counts.buildings.len()), (3, 3 * 5450, 2));
        assert_eq!(counts.buildings[0].floors, [1, 2]);
        let pdf = clerk.get(&format!("/units/{}/room-labels?building=Nh%C3%A0%20A", school.id)).await.status(200);
        assert!(pdf.body.starts_with(b"%PDF"));
        let verbs: Vec<_> = app.audit(Some(school.id)).await.into_iter().map(|e| e.verb).filter(|v| v.starts_with("room.")).collect();
        assert_eq!(verbs.iter().filter(|verb| *verb == "room.updated").count(), 2);
    }

    async fn equipment_and_photos_stand_in_rooms(app: TestApp) {
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        let list = format!("/units/{}/rooms", school.id);
        let made: Room = clerk.post(&list, &room("A201")).await.ok();
        let id = made.item.id;
        let item = json!({"name": "Máy chiếu", "kind": "display", "place": "Phòng A201", "state": "good", "room_id": id});
        let items: Page<EquipmentItem> = clerk.post(&format!("/units/{}/equipment", school.id), &json!({"item": item, "copies": 2})).await.ok();
        assert_eq!(items.items[0].room_id, Some(id));
        let found: Page<EquipmentItem> = clerk.get(&format!("/units/{}/equipment?room_id={id}", school.id)).await.ok();
        assert_eq!(found.items.len(), 2);
        // Somebody says a place in words: it is not in the room any more; scanned in the room, it is.
        let code = &items.items[0].code;
        let moved: Equipment = clerk.post(&format!("/equipment/{code}/sightings"), &json!({"place": "Kho"})).await.ok();
        assert_eq!((moved.place.as_str(), moved.room_id), ("Kho", None));
        let back: Equipment = clerk.post(&format!("/equipment/{code}/sightings"), &json!({"room_id": id})).await.ok();
        assert_eq!((back.place.as_str(), back.room_id), ("Phòng A201", Some(id)));
        let still: Equipment = clerk.post(&format!("/equipment/{code}/sightings"), &json!({"state": "broken"})).await.ok();
        assert_eq!(still.room_id, Some(id));
        let other = app.at(Role::Clerk, &app.world.school_b).await;
        let theirs: Room = other.post(&format!("/units/{}/rooms", app.world.school_b.id), &room("A201")).await.ok();
        clerk.post(&format!("/equipment/{code}/sightings"), &json!({"room_id": theirs.item.id})).await.field("/room_id", Code::FieldChoice);
        let mut wrong = item.clone();
        wrong["room_id"] = json!(theirs.item.id);
        clerk.post(&format!("/units/{}/equipment", school.id), &json!({"item": wrong})).await.field("/item/room_id", Code::FieldChoice);
        let read: Room = clerk.get(&format!("{list}/{id}")).await.ok();
        assert_eq!(read.equipment.iter().map(|e| e.code.clone()).collect::<std::collections::BTreeSet<_>>().len(), 2);
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([1; 64]);
        let file: StoredFile = small(&clerk, school.id, "phong.png", &png).await.status(201).ok();
        let photos = format!("/units/{}/facility-photos", school.id);
        let body = json!({"file_id": file.id, "topic": "rooms", "room_id": theirs.item.id});
        clerk.post(&photos, &body).await.field("/room_id", Code::FieldChoice);
        let body = json!({"file_id": file.id, "topic": "rooms", "room_id": id});
        let photo: FacilityPhoto = clerk.post(&photos, &body).await.ok();
        assert_eq!(photo.room_id, Some(id));
        let of: Page<FacilityPhoto> = clerk.get(&format!("{photos}?room_id={id}")).await.ok();
        assert_eq!(of.items.len(), 1);
    }

    async fn the_count_of_the_year_is_that_of_the_register(app: TestApp) {
        let school = app.world.school_a.clone();
        let (clerk, principal) = (app.at(Role::Clerk, &school).await, app.principal(&school).await);
        let path = format!("/units/{}/facilities/2026", school.id);
        let value = |sheet: &YearlySheet, code: &str| sheet.lines.iter().find(|line| line.item.code == code).and_then(|line| line.value);
        // Without a register the school counts.
        let sheet: YearlySheet = clerk.get(&path).await.ok();
        assert!(sheet.lines.iter().any(|line| line.item.code == "rooms.classroom.permanent" && !line.item.derived));
        let list = format!("/units/{}/rooms", school.id);
        let mut broken = room("A2");
        broken["condition"] = json!("unusable");
        let mut lab = room("B1");
        lab["kind"] = json!("health");
        lab["construction"] = json!("temporary");
        for body in [room("A1"), broken, lab] {
            clerk.post(&list, &body).await.status(201);
        }
        let sheet: YearlySheet = clerk.get(&path).await.ok();
        let of = |code: &str| value(&sheet, code);
        assert_eq!(
            (of("rooms.classroom.permanent"), of("rooms.classroom.repair"), of("rooms.other.temporary"), of("rooms.library.semi")),
            (Some(2), Some(1), Some(1), Some(0))
        );
        // What is held is not asked for.
        clerk.put(&path, 0, &json!({"figures": [{"code": "rooms.classroom.permanent", "value": 9}]})).await.field("/figures/0/code", Code::FieldChoice);
        let figures: Vec<Value> = sheet.lines.iter().filter(|l| !l.item.derived).map(|l| json!({"code": l.item.code, "value": 1})).collect();
        let sheet: YearlySheet = clerk.put(&path, 0, &json!({"figures": figures})).await.ok();
        assert_eq!(sheet.missing, 0);
        // Signed, the count stands as it was confirmed.
        principal.put(&format!("{path}/signature"), sheet.version, &json!({})).await.status(200);
        clerk.post(&list, &room("A3")).await.status(201);
        let signed: YearlySheet = clerk.get(&path).await.ok();
        assert_eq!(value(&signed, "rooms.classroom.permanent"), Some(2));
    }

    async fn rooms_come_from_files_and_go_into_them(app: TestApp) {
        let school = &app.world.school_a;
        let clerk = app.at(Role::Clerk, school).await;
        let list = format!("/units/{}/rooms", school.id);
        clerk.post(&list, &room("A201")).await.status(201);
        let file = "Mã phòng;Tên phòng;Dãy nhà;Tầng;Loại phòng;Kết cấu;Diện tích;Số chỗ ngồi\n\
            A201;Phòng 6A1;;;;Bán kiên cố;;\n\
            B101;Thư viện;Nhà B;Trệt;Thư viện;Kiên cố;80,5;30\n\
            B102;Kho;Nhà B;1;Nhà trời;Tạm;x;\n";
        let dry = dry(&clerk, school, "rooms", file).await;
        let found = rows(&clerk, &dry).await;
        assert_eq!(found.iter().map(|row| row.outcome).collect::<Vec<_>>(), [RowOutcome::Changed, RowOutcome::New, RowOutcome::Faulty]);
        assert_eq!(found[0].changes.iter().map(|c| c.field.as_str()).collect::<Vec<_>>(), ["name", "construction"]);
        assert_eq!(found[2].faults.len(), 2);
        let cells = json!({"cells": [{"row": 4, "field": "kind", "text": "Phòng khác"}, {"row": 4, "field": "area", "text": "20"}]});
        let fixed = clerk.put(&format!("/file-imports/{}/cells", dry.id), dry.version, &cells).await.ok();
        let done = apply(&clerk, &fixed).await;
        let all: Page<RoomItem> = clerk.get(&list).await.ok();
        let told: Vec<_> = all.items.iter().map(|r| (r.code.as_str(), r.construction, r.area_dm2)).collect();
        use Construction::{Permanent, Semi, Temporary};
        assert_eq!(told, [("A201", Semi, Some(5450)), ("B101", Permanent, Some(8050)), ("B102", Temporary, Some(2000))]);

        // Out and in again: nothing to do.
        let csv = clerk.get(&format!("/units/{}/rooms-file?format=csv", school.id)).await.status(200);
        let again = crate::records::file_imports::dry(&clerk, school, "rooms", csv.body.to_vec()).await;
        assert_eq!((again.summary.same, again.summary.rows), (3, 3));
        let xlsx = clerk.get(&format!("/units/{}/rooms-file", school.id)).await.status(200);
        assert!(xlsx.body.starts_with(b"PK"));
        undo(&clerk, &done).await;
        let all: Page<RoomItem> = clerk.get(&list).await.ok();
        assert_eq!(all.items.iter().map(|r| (r.code.as_str(), r.construction)).collect::<Vec<_>>(), [("A201", Permanent)]);
        // Whoever may bring in files but writes no rooms brings in none.
        let teacher = app.at(Role::SubjectTeacher, school).await;
        teacher.upload(&crate::records::file_imports::path(school, "rooms"), file.into()).await.problem(Code::NotFound);
    }

    async fn rooms_of_another_school_do_not_exist(app: TestApp) {
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let theirs = app.at(Role::Clerk, &b).await;
        let made: Room = theirs.post(&format!("/units/{}/rooms", b.id), &room("A1")).await.ok();
        let path = format!("/units/{}/rooms/{}", b.id, made.item.id);
        for role in [Role::Principal, Role::Deputy, Role::Clerk, Role::Accountant, Role::Nurse, Role::SubjectTeacher] {
            let me = app.at(role, &a).await;
            let expected = |permission| if role.permissions().contains(&permission) { Code::NotFound } else { Code::Forbidden };
            use dto::access::Permission::{FacilityRead, FacilityWrite};
            for read in ["rooms", "room-counts", "room-labels", "rooms-file"] {
                me.get(&format!("/units/{}/{read}", b.id)).await.problem(expected(FacilityRead));
            }
            me.get(&path).await.problem(expected(FacilityRead));
            // Nor under one's own school.
            me.get(&format!("/units/{}/rooms/{}", a.id, made.item.id)).await.problem(expected(FacilityRead));
            me.put(&path, 1, &room("A1")).await.problem(expected(FacilityWrite));
            me.post(&format!("/units/{}/rooms", b.id), &room("A9")).await.problem(expected(FacilityWrite));
        }
        let officer = app.officer(app.world.commune_b).await;
        let read: Room = officer.get(&path).await.ok();
        assert!(!read.writable);
        officer.put(&path, 1, &room("A1")).await.problem(Code::Forbidden);
    }
}
