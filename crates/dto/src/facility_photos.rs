//! Photos of a school's facilities: what they show, and when, so that a condition can be seen over the years.

use crate::access::names;
use crate::{FacilityPhotoId, FileId, RoomId, UnitId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What a photo shows.
    PhotoTopic {
        Rooms = "rooms", "Phòng học, nhà", "Rooms and buildings";
        Grounds = "grounds", "Sân, khuôn viên", "Grounds";
        Water = "water", "Nước sạch", "Water";
        Toilets = "toilets", "Nhà vệ sinh", "Toilets";
        Library = "library", "Thư viện", "Library";
        Equipment = "equipment", "Thiết bị", "Equipment";
        Other = "other", "Khác", "Other";
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FacilityPhoto {
    pub id: FacilityPhotoId,
    pub school_id: UnitId,
    pub topic: PhotoTopic,
    /// The item that it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equipment_code: Option<String>,
    /// The room that it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    pub taken_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// In bytes.
    pub size: u64,
    /// "image/jpeg".
    pub media: String,
    pub version: i64,
}

/// Keep an uploaded picture as a photo.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostFacilityPhoto {
    /// A PNG, JPEG or WebP picture that the caller has uploaded for this school.
    pub file_id: FileId,
    pub topic: PhotoTopic,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 20))]
    pub equipment_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// Left out: today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 300))]
    pub caption: Option<String>,
}

/// What is said of a photo; the picture and what it belongs to stay.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutFacilityPhoto {
    pub topic: PhotoTopic,
    pub taken_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 300))]
    pub caption: Option<String>,
}

/// Photos of a school in the order in which they are to stand. They take the places that they hold together; the others stay where
/// they are.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutPhotoOrder {
    #[validate(length(min = 1, max = 1000))]
    pub photo_ids: Vec<FacilityPhotoId>,
}

/// `?topic=&equipment_code=` of a school's photos.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct FacilityPhotoQuery {
    pub topic: Option<PhotoTopic>,
    /// Of one item.
    #[validate(length(max = 20))]
    pub equipment_code: Option<String>,
    /// Of one room.
    pub room_id: Option<RoomId>,
}
