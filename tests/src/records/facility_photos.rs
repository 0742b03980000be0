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
}
