//! Photos of facilities.

use super::files::small;
use dto::access::Role;
use dto::equipment::EquipmentItem;
use dto::facility_photos::{FacilityPhoto, PhotoTopic};
use dto::files::StoredFile;
use dto::{Code, Page};
use serde_json::json;

/// The first bytes of a PNG picture, and something behind them.
fn picture(n: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend([n; 64]);
    bytes
}

both_engines! {
    async fn photos_are_kept_shown_and_removed(app: TestApp) {
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let (clerk, other) = (app.at(Role::Clerk, &a).await, app.at(Role::Clerk, &b).await);
        let photos = format!("/units/{}/facility-photos", a.id);
        let item = json!({"item": {"name": "Máy chiếu", "kind": "display", "place": "Hội trường", "state": "good"}});
        let items: Page<EquipmentItem> = clerk.post(&format!("/units/{}/equipment", a.id), &item).await.ok();
        let code = items.items[0].code.clone();
        let file: StoredFile = small(&clerk, a.id, "mai-nha.png", &picture(1)).await.status(201).ok();
        let body = json!({"file_id": file.id, "topic": "rooms", "taken_on": "2025-10-02", "caption": "Mái nhà dãy B"});
        other.post(&photos, &body).await.problem(Code::NotFound);
        let first: FacilityPhoto = clerk.post(&photos, &body).await.ok();
        assert_eq!((first.topic, first.media.as_str(), first.caption.as_deref()), (PhotoTopic::Rooms, "image/png", Some("Mái nhà dãy B")));
        // A file is kept once, a text is no picture, and an item is the school's own.
        clerk.post(&photos, &body).await.field("/file_id", Code::FieldChoice);
        let text: StoredFile = small(&clerk, a.id, "ghi-chu.txt", b"khong phai anh").await.status(201).ok();
        clerk.post(&photos, &json!({"file_id": text.id, "topic": "rooms"})).await.field("/file_id", Code::FieldFormat);
        let file: StoredFile = small(&clerk, a.id, "may-chieu.png", &picture(2)).await.status(201).ok();
        let body = json!({"file_id": file.id, "topic": "equipment", "taken_on": "2026-10-02", "equipment_code": "ZZZZZZZZZZ"});
        clerk.post(&photos, &body).await.field("/equipment_code", Code::FieldChoice);
        let body = json!({"file_id": file.id, "topic": "equipment", "taken_on": "2026-10-02", "equipment_code": code});
        let second: FacilityPhoto = clerk.post(&photos, &body).await.ok();
        let officer = app.officer(app.world.commune_a).await;
        let all: Page<FacilityPhoto> = officer.get(&photos).await.ok();
        assert_eq!(all.items, [second.clone(), first.clone()]);
        let page: Page<FacilityPhoto> = officer.get(&format!("{photos}?limit=1")).await.ok();
        let rest: Page<FacilityPhoto> = officer.get(&format!("{photos}?limit=1&after={}", page.next.unwrap())).await.ok();
        assert_eq!(rest.items, std::slice::from_ref(&first));
        let of_item: Page<FacilityPhoto> = officer.get(&format!("{photos}?topic=equipment&equipment_code={code}")).await.ok();
        assert_eq!(of_item.items, [second]);
        let content = format!("{photos}/{}/content", first.id);
        let seen = officer.get(&content).await.status(200);
        assert_eq!((seen.header("content-type"), seen.body.as_slice()), (Some("image/png"), picture(1).as_slice()));
        // Nobody of another school; the commune reads and does not remove.
        other.get(&photos).await.problem(Code::NotFound);
        other.get(&content).await.problem(Code::NotFound);
        let one = format!("{photos}/{}", first.id);
        other.delete(&one).await.problem(Code::NotFound);
        officer.delete(&one).await.problem(Code::Forbidden);
        clerk.delete(&one).await.done();
        clerk.delete(&one).await.problem(Code::NotFound);
        clerk.get(&content).await.problem(Code::NotFound);
    }

    async fn photos_stand_as_the_school_arranges_them(app: TestApp) {
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let (clerk, other) = (app.at(Role::Clerk, &a).await, app.at(Role::Clerk, &b).await);
        let officer = app.officer(app.world.commune_a).await;
        let photos = format!("/units/{}/facility-photos", a.id);
        let add = async |n: u8, topic: &str| -> FacilityPhoto {
            let file: StoredFile = small(&clerk, a.id, &format!("anh-{n}.png"), &picture(n)).await.status(201).ok();
            let body = json!({"file_id": file.id, "topic": topic, "taken_on": format!("2025-10-{n:02}"), "caption": format!("Ảnh {n}")});
            clerk.post(&photos, &body).await.ok()
        };
        let captions = async |query: &str| -> Vec<String> {
            let page: Page<FacilityPhoto> = officer.get(&format!("{photos}{query}")).await.ok();
            page.items.into_iter().map(|photo| photo.caption.unwrap()).collect()
        };
        let mut made = Vec::new();
        for (n, topic) in [(1, "rooms"), (4, "water"), (3, "rooms"), (2, "rooms")] {
            made.push(add(n, topic).await);
        }
        assert_eq!(captions("").await, ["Ảnh 4", "Ảnh 3", "Ảnh 2", "Ảnh 1"], "by the day");
        let order = format!("/units/{}/facility-photo-order", a.id);
        // Those of the rooms: the other stays where it is.
        let rooms = json!({"photo_ids": [made[0].id, made[2].id, made[3].id]});
        other.put_bare(&order, &rooms).await.problem(Code::NotFound);
        officer.put_bare(&order, &rooms).await.problem(Code::Forbidden);
        clerk.put_bare(&order, &rooms).await.done();
        assert_eq!(captions("").await, ["Ảnh 4", "Ảnh 1", "Ảnh 3", "Ảnh 2"]);
        assert_eq!(captions("?topic=rooms").await, ["Ảnh 1", "Ảnh 3", "Ảnh 2"]);
        let log = app.audit(Some(a.id)).await;
        assert_eq!(log.last().unwrap().verb, "facility_photo.arranged");
        let mut seen = Vec::new();
        let mut after = String::new();
        loop {
            let page: Page<FacilityPhoto> = officer.get(&format!("{photos}?limit=1{after}")).await.ok();
            seen.extend(page.items.into_iter().filter_map(|photo| photo.caption));
            let Some(next) = page.next else { break };
            after = format!("&after={next}");
        }
        assert_eq!(seen, ["Ảnh 4", "Ảnh 1", "Ảnh 3", "Ảnh 2"]);
        // The same again changes nothing; a stranger and one twice are said with their place.
        clerk.put_bare(&order, &rooms).await.done();
        assert_eq!(captions("").await, ["Ảnh 4", "Ảnh 1", "Ảnh 3", "Ảnh 2"]);
        let twice = json!({"photo_ids": [made[0].id, made[0].id]});
        clerk.put_bare(&order, &twice).await.field("/photo_ids/1", Code::FieldChoice);
        let stranger = json!({"photo_ids": [made[0].id, uuid::Uuid::now_v7()]});
        clerk.put_bare(&order, &stranger).await.field("/photo_ids/1", Code::FieldChoice);
        clerk.put_bare(&order, &json!({"photo_ids": []})).await.field("/photo_ids", Code::FieldLength);
        // What comes later stands in front, though it was taken earlier.
        add(1, "rooms").await;
        assert_eq!(captions("?limit=1").await, ["Ảnh 1"]);
    }

    async fn what_is_said_of_a_photo_is_changed(app: TestApp) {
        let (a, b) = (app.world.school_a.clone(), app.world.school_b.clone());
        let (clerk, other) = (app.at(Role::Clerk, &a).await, app.at(Role::Clerk, &b).await);
        let photos = format!("/units/{}/facility-photos", a.id);
        let file: StoredFile = small(&clerk, a.id, "be-nuoc.png", &picture(1)).await.status(201).ok();
        let made: FacilityPhoto = clerk.post(&photos, &json!({"file_id": file.id, "topic": "rooms"})).await.ok();
        let one = format!("{photos}/{}", made.id);
        let body = json!({"topic": "water", "taken_on": "2025-10-02", "caption": "  Bể nước mưa "});
        other.put(&one, 1, &body).await.problem(Code::NotFound);
        app.officer(app.world.commune_a).await.put(&one, 1, &body).await.problem(Code::Forbidden);
        let changed: FacilityPhoto = clerk.put(&one, 1, &body).await.ok();
        assert_eq!((changed.topic, changed.caption.as_deref(), changed.version), (PhotoTopic::Water, Some("Bể nước mưa"), 2));
        assert_eq!(changed.taken_on.to_string(), "2025-10-02");
        let listed: Page<FacilityPhoto> = clerk.get(&photos).await.ok();
        assert_eq!(listed.items, [changed]);
        clerk.put(&one, 1, &body).await.problem(Code::VersionConflict);
        clerk.put(&one, 2, &json!({"topic": "water", "taken_on": "1066-10-14"})).await.field("/taken_on", Code::FieldRange);
        let log = app.audit(Some(a.id)).await;
        assert!(log.last().unwrap().after.as_ref().unwrap().contains("Bể nước mưa"));
    }
}
