//! The inventory: entered, found by its label, printed, counted into the figures of the year.

use dto::access::Role;
use dto::equipment::{Equipment, EquipmentCount, EquipmentItem, EquipmentState};
use dto::figures::YearlySheet;
use dto::{Code, Page};
use serde_json::{Value, json};

fn chair() -> Value {
    json!({"name": "Ghế học sinh", "kind": "furniture", "place": "Phòng 6A1", "state": "good", "acquired_year": 2024, "price": 350_000, "source": "Ngân sách"})
}

both_engines! {
    async fn items_are_entered_and_found_by_their_label(app: TestApp) {
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        let list = format!("/units/{}/equipment", school.id);
        clerk.get(&format!("/units/{}/equipment-labels", school.id)).await.problem(Code::NoEquipment);
        let made: Page<EquipmentItem> = clerk.post(&list, &json!({"item": chair(), "copies": 3})).await.ok();
        assert_eq!(made.items.len(), 3);
        let code = made.items[0].code.clone();
        assert!(code.len() == 10 && made.items[1].code != code);
        let mut projector = chair();
        projector["name"] = json!("Máy chiếu Epson");
        projector["kind"] = json!("display");
        projector["number"] = json!("TB-017");
        clerk.post(&list, &json!({"item": projector})).await.status(201);
        let mut wrong = chair();
        wrong["price"] = json!(-1);
        clerk.post(&list, &json!({"item": wrong})).await.field("/item/price", Code::FieldRange);
        wrong["place"] = json!(" ");
        wrong["price"] = json!(1);
        clerk.post(&list, &json!({"item": wrong})).await.problem(Code::Invalid);
        clerk.post(&list, &json!({"item": chair(), "copies": 201})).await.field("/copies", Code::FieldRange);

        // As it stands on the label, with a hyphen, in small letters.
        let typed = format!("{}-{}", &code[..5], &code[5..]).to_lowercase();
        let item: Equipment = clerk.get(&format!("/equipment/{typed}")).await.ok();
        assert_eq!((item.name.as_str(), item.events.len(), item.writable), ("Ghế học sinh", 1, true));
        // Somebody finds it elsewhere, broken.
        let sightings = format!("/equipment/{code}/sightings");
        let seen: Equipment = clerk.post(&sightings, &json!({})).await.ok();
        assert_eq!((seen.place.as_str(), seen.version, seen.events.len()), ("Phòng 6A1", 2, 2));
        let moved: Equipment = clerk.post(&sightings, &json!({"place": "Kho", "state": "broken", "note": "Gãy chân"})).await.ok();
        assert_eq!((moved.place.as_str(), moved.state, moved.events[0].note.as_deref()), ("Kho", EquipmentState::Broken, Some("Gãy chân")));
        clerk.post(&sightings, &json!({"place": "x".repeat(121)})).await.field("/place", Code::FieldLength);
        let mut body = chair();
        body["name"] = json!("Ghế gấp");
        clerk.put(&format!("/equipment/{code}"), 1, &body).await.problem(Code::VersionConflict);
        let changed: Equipment = clerk.put(&format!("/equipment/{code}"), 3, &body).await.ok();
        assert_eq!((changed.name.as_str(), changed.state, changed.events.len()), ("Ghế gấp", EquipmentState::Good, 4));
        // One that is missing turns up again.
        clerk.post(&sightings, &json!({"state": "lost"})).await.status(200);
        let found: Equipment = clerk.post(&sightings, &json!({})).await.ok();
        assert_eq!(found.state, EquipmentState::Good);

        let names = async |query: &str| {
            let page: Page<EquipmentItem> = clerk.get(&format!("{list}?{query}")).await.ok();
            page.items.into_iter().map(|item| item.name).collect::<Vec<_>>()
        };
        assert_eq!(names("").await, ["Ghế gấp", "Ghế học sinh", "Ghế học sinh", "Máy chiếu Epson"]);
        assert_eq!(names("q=may chieu").await, ["Máy chiếu Epson"]);
        assert_eq!(names("q=tb-017").await, ["Máy chiếu Epson"]);
        assert_eq!(names("kind=display&state=good").await.len(), 1);
        assert_eq!(names("unseen_since=2020-01-01").await.len(), 0);
        assert_eq!(names("unseen_since=2999-01-01").await.len(), 4);
        let first: Page<EquipmentItem> = clerk.get(&format!("{list}?limit=2")).await.ok();
        let rest: Page<EquipmentItem> = clerk.get(&format!("{list}?limit=2&after={}", first.next.unwrap())).await.ok();
        assert_eq!((rest.items[1].name.as_str(), rest.next), ("Máy chiếu Epson", None));
        let verbs: Vec<_> = app.audit(Some(school.id)).await.into_iter().map(|e| e.verb).filter(|v| v.starts_with("equipment")).collect();
        assert_eq!(verbs.iter().filter(|verb| *verb == "equipment.seen").count(), 4);
    }

    async fn labels_are_printed_and_the_count_of_the_year_holds_the_inventory(app: TestApp) {
        let school = app.world.school_a.clone();
        let (clerk, principal) = (app.at(Role::Clerk, &school).await, app.principal(&school).await);
        let list = format!("/units/{}/equipment", school.id);
        let made: Page<EquipmentItem> = clerk.post(&list, &json!({"item": chair(), "copies": 30})).await.ok();
        clerk.post(&format!("/equipment/{}/sightings", made.items[0].code), &json!({"state": "broken"})).await.status(200);
        let pdf = clerk.get(&format!("/units/{}/equipment-labels?kind=furniture", school.id)).await.status(200);
        assert_eq!(pdf.header("content-type"), Some("application/pdf"));
        assert!(pdf.body.starts_with(b"%PDF"));
        let counts: Page<EquipmentCount> = clerk.get(&format!("/units/{}/equipment-counts", school.id)).await.ok();
        assert_eq!(counts.items.iter().map(|c| (c.state, c.items)).collect::<Vec<_>>(), [(EquipmentState::Broken, 1), (EquipmentState::Good, 29)]);

        // The count of the year takes what the inventory says; nobody types it, and signed it stands.
        let path = format!("/units/{}/facilities/2026", school.id);
        let value = |sheet: &YearlySheet, code: &str| sheet.lines.iter().find(|line| line.item.code == code).and_then(|line| line.value);
        let sheet: YearlySheet = clerk.get(&path).await.ok();
        assert_eq!((value(&sheet, "equipment.good"), value(&sheet, "equipment.broken")), (Some(29), Some(1)));
        let figures: Vec<Value> = sheet.lines.iter().filter(|l| !l.item.derived).map(|l| json!({"code": l.item.code, "value": 1})).collect();
        let sheet: YearlySheet = clerk.put(&path, 0, &json!({"figures": figures})).await.ok();
        principal.put(&format!("{path}/signature"), sheet.version, &json!({})).await.status(200);
        clerk.post(&format!("/equipment/{}/sightings", made.items[1].code), &json!({"state": "broken"})).await.status(200);
        let sheet: YearlySheet = clerk.get(&path).await.ok();
        assert_eq!((value(&sheet, "equipment.good"), value(&sheet, "equipment.broken")), (Some(29), Some(1)));
    }

    async fn a_stocktaking_says_what_is_missing_what_is_more_and_in_what_state(app: TestApp) {
        use dto::equipment::{Stocktaking, StocktakingFate};
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        let list = format!("/units/{}/equipment", school.id);
        let made: Page<EquipmentItem> = clerk.post(&list, &json!({"item": chair(), "copies": 4})).await.ok();
        let path = format!("/units/{}/stocktaking", school.id);
        let today = kernel::clock::today();
        // Written into the book since it began: all of them are more than the book had.
        let report: Stocktaking = clerk.get(&format!("{path}?since={today}")).await.ok();
        let of = |report: &Stocktaking| report.counts.iter().map(|c| (c.booked, c.found, c.missing, c.surplus, c.broken)).collect::<Vec<_>>();
        assert_eq!((of(&report), report.lines.len()), (vec![(0, 0, 0, 4, 0)], 4));
        // In the book since last year: two are seen, one of them broken, one is said to be lost, one nobody has seen.
        let mut back = sea_orm::sea_query::Query::update();
        use sea_orm::ConnectionTrait;
        back.table("equipment").value("created_at", kernel::clock::now() - chrono::TimeDelta::days(400)).value("seen_on", today - chrono::TimeDelta::days(300));
        app.db.migrator().execute(&back).await.unwrap();
        for (n, body) in [json!({}), json!({"state": "broken"}), json!({"state": "lost"})].iter().enumerate() {
            clerk.post(&format!("/equipment/{}/sightings", made.items[n].code), body).await.status(200);
        }
        let report: Stocktaking = clerk.get(&format!("{path}?since={today}")).await.ok();
        assert_eq!(of(&report), [(4, 2, 2, 0, 1)]);
        let fates: Vec<_> = report.lines.iter().map(|line| (line.fate, line.item.state)).collect();
        assert_eq!(fates.iter().filter(|(fate, _)| *fate == StocktakingFate::Missing).count(), 2);
        assert_eq!(fates.last(), Some(&(StocktakingFate::Found, EquipmentState::Broken)));
        let pdf = clerk.get(&format!("{path}/file?since={today}")).await.status(200);
        assert!(pdf.body.starts_with(b"%PDF"));
        let xlsx = clerk.get(&format!("{path}/file?since={today}&format=xlsx")).await.status(200);
        assert!(xlsx.body.starts_with(b"PK"));
        clerk.get(&path).await.problem(Code::Invalid);
        let csv = clerk.get(&format!("/units/{}/equipment-file?format=csv&state=broken", school.id)).await.status(200).text();
        assert_eq!(csv.lines().count(), 2, "{csv}");
        assert!(csv.contains("Ghế học sinh") && csv.contains("350000"), "{csv}");
        let xlsx = clerk.get(&format!("/units/{}/equipment-file", school.id)).await.status(200);
        assert!(xlsx.body.starts_with(b"PK"));
    }

    async fn items_of_another_school_do_not_exist(app: TestApp) {
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let theirs = app.at(Role::Clerk, &b).await;
        let made: Page<EquipmentItem> = theirs.post(&format!("/units/{}/equipment", b.id), &json!({"item": chair()})).await.ok();
        let code = &made.items[0].code;
        for role in [Role::Principal, Role::Deputy, Role::Clerk, Role::Accountant, Role::Nurse, Role::SubjectTeacher] {
            let me = app.at(role, &a).await;
            let expected = |permission| if role.permissions().contains(&permission) { Code::NotFound } else { Code::Forbidden };
            use dto::access::Permission::{FacilityRead, FacilityWrite};
            me.get(&format!("/equipment/{code}")).await.problem(expected(FacilityRead));
            me.put(&format!("/equipment/{code}"), 1, &chair()).await.problem(expected(FacilityWrite));
            me.post(&format!("/equipment/{code}/sightings"), &json!({})).await.problem(expected(FacilityWrite));
            me.get(&format!("/units/{}/equipment", b.id)).await.problem(expected(FacilityRead));
            me.get(&format!("/units/{}/equipment-counts", b.id)).await.problem(expected(FacilityRead));
            me.get(&format!("/units/{}/equipment-file", b.id)).await.problem(expected(FacilityRead));
            me.get(&format!("/units/{}/stocktaking?since=2026-01-01", b.id)).await.problem(expected(FacilityRead));
            me.get(&format!("/units/{}/stocktaking/file?since=2026-01-01", b.id)).await.problem(expected(FacilityRead));
            me.get(&format!("/units/{}/equipment-labels", b.id)).await.problem(expected(FacilityRead));
            me.post(&format!("/units/{}/equipment", b.id), &json!({"item": chair()})).await.problem(expected(FacilityWrite));
        }
        // The commune reads and does not write; a code that is none is nobody's.
        let officer = app.officer(app.world.commune_b).await;
        let item: Equipment = officer.get(&format!("/equipment/{code}")).await.ok();
        assert!(!item.writable);
        officer.post(&format!("/equipment/{code}/sightings"), &json!({})).await.problem(Code::Forbidden);
        theirs.get("/equipment/%F0%9F%92%BA").await.problem(Code::NotFound);
    }

    async fn an_inventory_comes_from_a_file_and_goes_again(app: TestApp) {
        use crate::records::file_imports::{dry, path, rows, undo};
        use dto::file_imports::FileImport;
        use dto::imports::RowOutcome;
        let school = app.world.school_a.clone();
        let clerk = app.at(Role::Clerk, &school).await;
        let list = format!("/units/{}/equipment", school.id);
        let mut projector = chair();
        projector["number"] = json!("TB-017");
        let made: Page<EquipmentItem> = clerk.post(&list, &json!({"item": projector})).await.ok();
        let code = made.items[0].code.clone();
        let file = "Tên thiết bị,Loại,Vị trí,Số lượng,Số tài sản,Hiện trạng,Năm sử dụng,Nguyên giá\n\
            Bàn học sinh,\"Bàn ghế, tủ bảng\",Phòng 6A1,3,,,2023,1.250.000\n\
            Ghế học sinh,,Kho,,TB-017,Hỏng,,\n\
            Máy in,Máy in,Văn phòng,,,,,nhiều tiền\n\
            Loa,Khác,Hội trường,500,,,,\n";
        let read = dry(&clerk, &school, "equipment", file).await;
        let found = rows(&clerk, &read).await;
        use RowOutcome::{Changed, Faulty, New};
        assert_eq!(found.iter().map(|row| row.outcome).collect::<Vec<_>>(), [New, Changed, Faulty, Faulty], "{found:?}");
        assert_eq!((found[2].faults.len(), found[3].faults[0].column.as_deref()), (2, Some("D")));
        let done: FileImport = clerk.post(&format!("/file-imports/{}/apply", read.id), &json!({"skip_faulty": true})).await.ok();
        let all = async || clerk.get(&list).await.ok::<Page<EquipmentItem>>().items;
        let items = all().await;
        assert_eq!(items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["Bàn học sinh", "Bàn học sinh", "Bàn học sinh", "Ghế học sinh"]);
        let broken: Equipment = clerk.get(&format!("/equipment/{code}")).await.ok();
        assert_eq!((broken.state, broken.place.as_str(), broken.events.len(), broken.acquired_year), (EquipmentState::Broken, "Kho", 2, Some(2024)));
        // Out and in again: nothing to do.
        let csv = clerk.get(&format!("/units/{}/equipment-file?format=csv", school.id)).await.status(200);
        let again = dry(&clerk, &school, "equipment", csv.body).await;
        assert_eq!((again.summary.same, again.summary.rows), (4, 4));
        undo(&clerk, &done).await;
        let items = all().await;
        assert_eq!(items.iter().map(|item| (item.code.as_str(), item.state)).collect::<Vec<_>>(), [(code.as_str(), EquipmentState::Good)]);
        // What somebody has seen since is not taken away.
        let read = dry(&clerk, &school, "equipment", "Tên,Loại,Nơi để\nTủ thuốc,Y tế trường học,Phòng y tế\n").await;
        let done = crate::records::file_imports::apply(&clerk, &read).await;
        let cupboard = all().await.into_iter().find(|item| item.name == "Tủ thuốc").unwrap();
        clerk.post(&format!("/equipment/{}/sightings", cupboard.code), &json!({})).await.status(200);
        clerk.post_empty(&format!("/file-imports/{}/undo", done.id)).await.problem(Code::ImportChangedSince);
        let teacher = app.at(Role::SubjectTeacher, &school).await;
        teacher.upload(&path(&school, "equipment"), file.into()).await.problem(Code::NotFound);
        let officer = app.at(Role::Clerk, &app.world.school_b).await;
        officer.upload(&path(&school, "equipment"), file.into()).await.problem(Code::NotFound);
    }
}
