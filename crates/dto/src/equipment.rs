//! The inventory of a school: items with a code on a label, where they are, in what state, and when they were seen last.

use crate::access::names;
use crate::finance::Vnd;
use crate::{RoomId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    EquipmentKind {
        Teaching = "teaching", "Đồ dùng dạy học", "Teaching aids";
        Computer = "computer", "Máy tính", "Computers";
        Display = "display", "Máy chiếu, màn hình", "Projectors and screens";
        Laboratory = "laboratory", "Thiết bị phòng bộ môn", "Laboratory";
        Furniture = "furniture", "Bàn ghế, tủ bảng", "Furniture";
        Sport = "sport", "Thể dục thể thao", "Sport";
        Library = "library", "Thư viện", "Library";
        Kitchen = "kitchen", "Bếp ăn, bán trú", "Kitchen and boarding";
        Health = "health", "Y tế trường học", "Health";
        Other = "other", "Khác", "Other";
    }
}

names! {
    EquipmentState {
        Good = "good", "Dùng tốt", "In good order";
        Repair = "repair", "Cần sửa chữa", "Needs repair";
        Broken = "broken", "Hỏng", "Broken";
        Lost = "lost", "Không tìm thấy", "Missing";
        Disposed = "disposed", "Đã thanh lí", "Disposed of";
    }
}

/// An item as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EquipmentItem {
    /// Ten letters and digits, on the label and in its QR code; unlike any other item's of any school.
    pub code: String,
    pub name: String,
    pub kind: EquipmentKind,
    /// The school's own inventory number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// A room or who keeps it: "Phòng Tin học 1".
    pub place: String,
    /// The room of the register that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    pub state: EquipmentState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_on: Option<NaiveDate>,
    pub version: i64,
}

/// An item with all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Equipment {
    pub code: String,
    pub school_id: UnitId,
    pub school_name: String,
    pub name: String,
    pub kind: EquipmentKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    pub place: String,
    /// The room of the register that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    pub state: EquipmentState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acquired_year: Option<i16>,
    /// Who paid: "Ngân sách", "Phụ huynh tài trợ".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Vnd>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_on: Option<NaiveDate>,
    /// The newest first, at most 100.
    pub events: Vec<EquipmentEvent>,
    pub writable: bool,
    pub version: i64,
}

/// What somebody saw of an item: where it was and in what state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EquipmentEvent {
    pub at: DateTime<Utc>,
    pub by: String,
    pub place: String,
    pub state: EquipmentState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// All fields of an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutEquipment {
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    pub kind: EquipmentKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 40))]
    pub number: Option<String>,
    #[validate(length(min = 1, max = 120))]
    pub place: String,
    /// A room of the school's register; `place` says it in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    pub state: EquipmentState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1900, max = 2200))]
    pub acquired_year: Option<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 120))]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Vnd>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub note: Option<String>,
}

/// New items, all alike: 40 chairs are 40 labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostEquipment {
    #[validate(nested)]
    pub item: PutEquipment,
    /// 1 to 200; left out: one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 200))]
    pub copies: Option<u16>,
}

/// Somebody stands before the item: it is found, here, and like this. What is left out is as it was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostSighting {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 120))]
    pub place: Option<String>,
    /// It stands in this room of the register; `place` left out is then the room's name. A place without a room ends the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// A missing item that is seen without a word of its state is in good order again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<EquipmentState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub note: Option<String>,
}

/// `?q=&kind=&state=&unseen_since=` of a school's inventory, in Vietnamese order of names.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct EquipmentQuery {
    /// Part of the name, the code, the number or the place, with or without marks.
    #[validate(length(max = 100))]
    pub q: Option<String>,
    pub kind: Option<EquipmentKind>,
    pub state: Option<EquipmentState>,
    /// Not seen on this day or later: what a stocktaking still has to find.
    pub unseen_since: Option<NaiveDate>,
    /// What stands in this room.
    pub room_id: Option<RoomId>,
}

/// How many items a school has, by kind and state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EquipmentCount {
    pub kind: EquipmentKind,
    pub state: EquipmentState,
    pub items: u32,
}

names! {
    /// What a stock-taking came to for an item.
    StocktakingFate {
        /// Seen since it began.
        Found = "found", "Còn", "Found";
        /// In the book before, and not seen since it began, or said to be missing.
        Missing = "missing", "Thiếu", "Missing";
        /// Written into the book since it began.
        Surplus = "surplus", "Ghi thêm", "Not in the book before";
    }
}

/// A stock-taking that began on a day, as it stands now. What has been disposed of is in none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stocktaking {
    pub school_id: UnitId,
    pub school_name: String,
    pub since: NaiveDate,
    /// Today.
    pub until: NaiveDate,
    pub counts: Vec<StocktakingCount>,
    /// What is missing, what was not in the book, and what was found and is not in good order; at most 5,000.
    pub lines: Vec<StocktakingLine>,
}

/// Items of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StocktakingCount {
    pub kind: EquipmentKind,
    /// In the book before it began: found and missing together.
    pub booked: u32,
    pub found: u32,
    pub missing: u32,
    pub surplus: u32,
    /// Of those found and those written in, how many need repair and how many are broken.
    pub repair: u32,
    pub broken: u32,
}

impl StocktakingCount {
    pub fn of(kind: EquipmentKind) -> StocktakingCount {
        StocktakingCount { kind, booked: 0, found: 0, missing: 0, surplus: 0, repair: 0, broken: 0 }
    }

    /// Counts one more item.
    pub fn add(&mut self, fate: StocktakingFate, state: EquipmentState) {
        match fate {
            StocktakingFate::Found => self.found += 1,
            StocktakingFate::Missing => self.missing += 1,
            StocktakingFate::Surplus => self.surplus += 1,
        }
        self.booked += u32::from(fate != StocktakingFate::Surplus);
        if fate != StocktakingFate::Missing {
            self.repair += u32::from(state == EquipmentState::Repair);
            self.broken += u32::from(state == EquipmentState::Broken);
        }
    }
}

/// An item that has to be seen to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StocktakingLine {
    pub fate: StocktakingFate,
    pub item: EquipmentItem,
}

/// `?since=` of a stock-taking: the day on which it began.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct StocktakingQuery {
    pub since: NaiveDate,
}

names! {
    /// A stock-taking as a file.
    StocktakingFormat {
        Pdf = "pdf", "PDF", "PDF";
        Xlsx = "xlsx", "Excel", "Excel";
    }
}

/// `?since=&format=` of the report of a stock-taking.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct StocktakingFileQuery {
    pub since: NaiveDate,
    /// Left out: pdf.
    pub format: Option<StocktakingFormat>,
}
