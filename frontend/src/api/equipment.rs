//! The inventory of a school, and photos of what it has.

use super::client::{self, Body};
use super::query::{Query, segment};
use super::{Result, delete, get, post, post_file, put, put_unversioned};
use dto::equipment::*;
use dto::facility_photos::*;
use dto::{Page, UnitId};

fn query(query: &EquipmentQuery) -> Query {
    Query::new()
        .with("q", query.q.as_deref())
        .with("kind", query.kind)
        .with("state", query.state)
        .with("unseen_since", query.unseen_since)
        .with("room_id", query.room_id)
}

pub async fn list(school: UnitId, asked: &EquipmentQuery, after: Option<String>) -> Result<Page<EquipmentItem>> {
    get(&query(asked).with("after", after).on(&format!("/units/{school}/equipment"))).await
}

pub async fn create(school: UnitId, body: &PostEquipment) -> Result<Page<EquipmentItem>> {
    post(&format!("/units/{school}/equipment"), body).await
}

pub async fn counts(school: UnitId) -> Result<Page<EquipmentCount>> {
    get(&format!("/units/{school}/equipment-counts")).await
}

pub async fn labels(school: UnitId, asked: &EquipmentQuery) -> Result<web_sys::Blob> {
    client::blob("GET", &query(asked).on(&format!("/units/{school}/equipment-labels")), Body::Empty).await
}

pub async fn item(code: &str) -> Result<Equipment> {
    get(&format!("/equipment/{}", segment(code))).await
}

pub async fn put_item(code: &str, version: i64, body: &PutEquipment) -> Result<Equipment> {
    put(&format!("/equipment/{}", segment(code)), version, body).await
}

pub async fn sight(code: &str, body: &PostSighting) -> Result<Equipment> {
    post(&format!("/equipment/{}/sightings", segment(code)), body).await
}

/// The inventory as .xlsx.
pub async fn file(school: UnitId, asked: &EquipmentQuery) -> Result<web_sys::Blob> {
    client::blob("GET", &query(asked).on(&format!("/units/{school}/equipment-file")), Body::Empty).await
}

/// The report of a stock-taking that began on a day.
pub async fn stocktaking(school: UnitId, since: chrono::NaiveDate) -> Result<Stocktaking> {
    get(&Query::new().with("since", Some(since)).on(&format!("/units/{school}/stocktaking"))).await
}

pub async fn stocktaking_file(school: UnitId, since: chrono::NaiveDate, format: StocktakingFormat) -> Result<web_sys::Blob> {
    let path =
        Query::new().with("since", Some(since)).with("format", Some(format)).on(&format!("/units/{school}/stocktaking/file"));
    client::blob("GET", &path, Body::Empty).await
}

/// Photos of a school in their order; of one item where it is named.
pub async fn photos(school: UnitId, asked: &FacilityPhotoQuery, after: Option<String>) -> Result<Page<FacilityPhoto>> {
    let query = Query::new().with("equipment_code", asked.equipment_code.as_deref()).with("room_id", asked.room_id);
    get(&query.with("after", after).on(&format!("/units/{school}/facility-photos"))).await
}

/// A picture of more bytes than this goes in parts, which a broken line does not undo.
const WHOLE: u64 = 2 << 20;

/// Uploads a picture and keeps it as a photo; `sent` hears how many bytes of how many have arrived.
pub async fn add_photo(school: UnitId, file: web_sys::File, body: PostPhoto, sent: impl Fn(u64, u64)) -> Result<FacilityPhoto> {
    let stored: dto::files::StoredFile = if file.size() as u64 > WHOLE {
        super::files::upload(school, file, sent).await?
    } else {
        let path = Query::new().with("school_id", Some(school)).with("name", Some(file.name())).on("/files");
        post_file(&path, file).await?
    };
    let PostPhoto { topic, equipment_code, room_id, caption } = body;
    let body = PostFacilityPhoto { file_id: stored.id, topic, equipment_code, room_id, taken_on: None, caption };
    post(&format!("/units/{school}/facility-photos"), &body).await
}

/// What is said of a photo that is taken now.
pub struct PostPhoto {
    pub topic: PhotoTopic,
    pub equipment_code: Option<String>,
    pub room_id: Option<dto::RoomId>,
    pub caption: Option<String>,
}

pub async fn picture(photo: &FacilityPhoto) -> Result<web_sys::Blob> {
    client::blob("GET", &format!("/units/{}/facility-photos/{}/content", photo.school_id, photo.id), Body::Empty).await
}

pub async fn put_photo(photo: &FacilityPhoto, body: &PutFacilityPhoto) -> Result<FacilityPhoto> {
    put(&format!("/units/{}/facility-photos/{}", photo.school_id, photo.id), photo.version, body).await
}

pub async fn arrange_photos(school: UnitId, photo_ids: Vec<dto::FacilityPhotoId>) -> Result<()> {
    put_unversioned(&format!("/units/{school}/facility-photo-order"), &PutPhotoOrder { photo_ids }).await
}

pub async fn remove_photo(photo: &FacilityPhoto) -> Result<()> {
    delete(&format!("/units/{}/facility-photos/{}", photo.school_id, photo.id)).await
}
