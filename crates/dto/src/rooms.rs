//! The rooms of a school: where they are, what they are for, how they are built, in what condition they were over the years, and who
//! sits in them. The yearly figures of rooms are counted from here.

use crate::access::names;
use crate::equipment::EquipmentItem;
use crate::{ClassId, RoomId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What a room is for.
    RoomKind {
        Classroom = "classroom", "Phòng học", "Classroom";
        Subject = "subject", "Phòng học bộ môn", "Subject room";
        Library = "library", "Thư viện", "Library";
        TeachingAids = "teaching_aids", "Phòng thiết bị giáo dục", "Store of teaching aids";
        Support = "support", "Phòng tư vấn, truyền thống, Đội", "Counselling, tradition, Pioneers";
        Office = "office", "Phòng hành chính, quản trị", "Administration";
        Meeting = "meeting", "Phòng họp, phòng tổ chuyên môn", "Meeting and staff room";
        Health = "health", "Phòng y tế", "Health room";
        Hall = "hall", "Nhà đa năng, giáo dục thể chất", "Hall, gymnasium";
        Boarding = "boarding", "Nhà ăn, bếp, phòng ở nội trú, bán trú", "Kitchen, dining, boarding";
        Other = "other", "Phòng khác", "Other";
    }
}

names! {
    /// How the house of a room is built.
    Construction {
        Permanent = "permanent", "Kiên cố", "Permanent";
        Semi = "semi", "Bán kiên cố", "Semi-permanent";
        Temporary = "temporary", "Tạm", "Temporary";
    }
}

names! {
    RoomCondition {
        Good = "good", "Dùng tốt", "In good order";
        Repair = "repair", "Cần sửa chữa", "Needs repair";
        Unusable = "unusable", "Không dùng được", "Unusable";
    }
}

impl RoomKind {
    /// The row of the yearly count that it is counted in ("rooms.<row>.<construction>", `dto::figures`). The rows are those of
    /// TT 57/2026/TT-BGDĐT, Phụ lục V, Biểu 1; which kind goes into which row is our reading.
    pub fn counted_as(self) -> &'static str {
        match self {
            RoomKind::Classroom => "classroom",
            RoomKind::Subject => "subject",
            RoomKind::Library => "library",
            RoomKind::TeachingAids | RoomKind::Support => "support",
            RoomKind::Office => "office",
            RoomKind::Meeting | RoomKind::Health | RoomKind::Hall | RoomKind::Boarding | RoomKind::Other => "other",
        }
    }
}

/// A room as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomItem {
    pub id: RoomId,
    /// The school's own: "A201".
    pub code: String,
    pub name: String,
    /// "Nhà A"; empty where the school has one house.
    pub building: String,
    /// 1 is the ground floor, as on a Vietnamese door.
    pub floor: i16,
    pub kind: RoomKind,
    pub construction: Construction,
    pub condition: RoomCondition,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_dm2: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<i16>,
    /// The classes of running school years that sit there, by name.
    pub classes: Vec<RoomClass>,
    /// The first day on which it was no room of the school any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<NaiveDate>,
    pub version: i64,
}

/// A class that sits in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomClass {
    pub id: ClassId,
    pub name: String,
    /// "2026-2027".
    pub school_year: String,
}

/// A room with all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Room {
    pub school_id: UnitId,
    pub school_name: String,
    pub item: RoomItem,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub built_year: Option<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Classes of years that are over, the newest first.
    pub former_classes: Vec<RoomClass>,
    /// How it was at the end of each year, or is now, the newest first.
    pub conditions: Vec<RoomYear>,
    /// What stands in it, by name, at most 500.
    pub equipment: Vec<EquipmentItem>,
    /// Every version, the newest first, at most 100.
    pub versions: Vec<RoomVersion>,
    pub writable: bool,
}

/// The condition of a room in a calendar year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomYear {
    pub year: i32,
    pub condition: RoomCondition,
    pub construction: Construction,
}

/// A version of a room: who wrote it, and what it said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomVersion {
    pub version: i64,
    pub at: DateTime<Utc>,
    pub by: String,
    pub body: PutRoom,
    /// The fields that differ from the version before; none of the first.
    pub changed: Vec<String>,
}

/// All fields of a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutRoom {
    /// Unlike that of any other room of the school, without regard to capitals.
    #[validate(length(min = 1, max = 20))]
    pub code: String,
    #[validate(length(min = 1, max = 120))]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 60))]
    pub building: Option<String>,
    /// 1 is the ground floor; below it -1, -2.
    #[validate(range(min = -3, max = 60))]
    pub floor: i16,
    pub kind: RoomKind,
    pub construction: Construction,
    pub condition: RoomCondition,
    /// In square decimetres: 54.5 m² is 5450.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 10_000_000))]
    pub area_dm2: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 5_000))]
    pub seats: Option<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1800, max = 2200))]
    pub built_year: Option<i16>,
    /// The classes of running school years that sit there, of this school; two shifts are two classes. A class sits in one room.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[validate(length(max = 6))]
    pub class_ids: Vec<ClassId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub note: Option<String>,
}

/// `?q=&kind=&construction=&condition=&building=&floor=&ended=` of a school's rooms, by building, floor and code.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct RoomQuery {
    /// Part of the code, the name or the building, with or without marks.
    #[validate(length(max = 100))]
    pub q: Option<String>,
    pub kind: Option<RoomKind>,
    pub construction: Option<Construction>,
    pub condition: Option<RoomCondition>,
    #[validate(length(max = 60))]
    pub building: Option<String>,
    pub floor: Option<i16>,
    /// Rooms that are no more, alone; left out: those in use.
    pub ended: Option<bool>,
}

/// The count of a school's rooms in use, as the yearly figures take it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomCounts {
    pub rooms: u32,
    /// The sum of those areas that are known, in dm².
    pub area_dm2: i64,
    pub cells: Vec<RoomCount>,
    /// The buildings that rooms stand in, in Vietnamese order, with their floors.
    pub buildings: Vec<RoomBuilding>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomCount {
    pub kind: RoomKind,
    pub construction: Construction,
    pub rooms: u32,
    /// Of them, how many need repair or cannot be used.
    pub repair: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomBuilding {
    pub name: String,
    pub floors: Vec<i16>,
}
