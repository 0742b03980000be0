//! The rooms of a school.

use super::client::{self, Body};
use super::query::Query;
use super::{Result, get, post, put};
use dto::rooms::*;
use dto::{Page, RoomId, UnitId};

fn query(query: &RoomQuery) -> Query {
    Query::new()
        .with("q", query.q.as_deref())
        .with("kind", query.kind)
        .with("construction", query.construction)
        .with("condition", query.condition)
        .with("building", query.building.as_deref())
        .with("floor", query.floor)
        .with("ended", query.ended)
}

pub async fn list(school: UnitId, asked: &RoomQuery, after: Option<String>) -> Result<Page<RoomItem>> {
    get(&query(asked).with("limit", Some(200)).with("after", after).on(&format!("/units/{school}/rooms"))).await
}

pub async fn create(school: UnitId, body: &PutRoom) -> Result<Room> {
    post(&format!("/units/{school}/rooms"), body).await
}

pub async fn room(school: UnitId, id: RoomId) -> Result<Room> {
    get(&format!("/units/{school}/rooms/{id}")).await
}

pub async fn put_room(school: UnitId, id: RoomId, version: i64, body: &PutRoom) -> Result<Room> {
    put(&format!("/units/{school}/rooms/{id}"), version, body).await
}

pub async fn counts(school: UnitId) -> Result<RoomCounts> {
    get(&format!("/units/{school}/room-counts")).await
}

/// Door labels as PDF.
pub async fn doors(school: UnitId, asked: &RoomQuery) -> Result<web_sys::Blob> {
    client::blob("GET", &query(asked).on(&format!("/units/{school}/room-labels")), Body::Empty).await
}

/// The register as .xlsx.
pub async fn file(school: UnitId) -> Result<web_sys::Blob> {
    client::blob("GET", &format!("/units/{school}/rooms-file"), Body::Empty).await
}
