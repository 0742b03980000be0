//! The network of schools: how units were opened, renamed, merged, split, closed and moved, each by a decision; how it stood on any
//! day; and the codes of provinces and communes.

use crate::access::names;
use crate::units::{SchoolLevel, UnitKind, UnitRef};
use crate::{ClassId, RoomId, UnitDecisionId, UnitEventId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What a decision did to a unit.
    UnitEventKind {
        Opened = "opened", "Thành lập", "Opened";
        Renamed = "renamed", "Đổi tên", "Renamed";
        /// It ended, and another goes on with its learners.
        MergedInto = "merged_into", "Sáp nhập vào đơn vị khác", "Merged into another";
        /// Others were merged into it.
        Received = "received", "Nhận sáp nhập", "Received others";
        Split = "split", "Chia, tách", "Split";
        Closed = "closed", "Giải thể", "Closed";
        Moved = "moved", "Chuyển cơ quan quản lí", "Moved to another manager";
    }
}

/// A school as a decision sets it up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSchool {
    /// The commune or department that manages it.
    pub parent_id: UnitId,
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    #[validate(length(min = 1, max = 60))]
    pub short_name: String,
    #[validate(length(min = 1, max = 20))]
    pub code: String,
    #[validate(length(min = 1, max = 40))]
    pub code_set: String,
    #[validate(length(min = 1, max = 40))]
    pub code_set_version: String,
    #[validate(length(min = 1, max = 4))]
    pub levels: Vec<SchoolLevel>,
}

/// A school that is split off, with the classes that go to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SplitOff {
    #[validate(nested)]
    pub school: NewSchool,
    /// Classes of school years that begin on the day of the split or later; their learners go along.
    #[serde(default)]
    #[validate(length(max = 200))]
    pub class_ids: Vec<ClassId>,
    /// Rooms that go along, with what stands in them.
    #[serde(default)]
    #[validate(length(max = 500))]
    pub room_ids: Vec<RoomId>,
}

/// What a decision does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum UnitChange {
    Open {
        school: NewSchool,
    },
    Rename {
        unit_id: UnitId,
        name: String,
        short_name: String,
    },
    /// Schools end and one goes on: either one that there is (`into_id`) or a new one (`new`).
    Merge {
        unit_ids: Vec<UnitId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        into_id: Option<UnitId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new: Option<NewSchool>,
    },
    /// New schools come of one. `closes`: it ends with that.
    Split {
        unit_id: UnitId,
        new: Vec<SplitOff>,
        #[serde(default)]
        closes: bool,
    },
    /// `staff_to_id`: where its staff goes.
    Close {
        unit_id: UnitId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        staff_to_id: Option<UnitId>,
    },
    /// To another manager: these units, or with `all_of` every school that lies directly under that unit.
    Move {
        #[serde(default)]
        unit_ids: Vec<UnitId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        all_of: Option<UnitId>,
        parent_id: UnitId,
    },
}

/// A decision on the network of schools. Moving may lie ahead; all else is entered once its day has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostUnitChange {
    /// Số quyết định: "123/QĐ-UBND".
    #[validate(length(min = 1, max = 60))]
    pub decision_number: String,
    pub decided_on: NaiveDate,
    /// The first day on which it holds.
    pub effective_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub note: Option<String>,
    pub change: UnitChange,
}

/// What differs through an event, with the other units that took part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitEventDetail {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_before: Option<UnitRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_after: Option<UnitRef>,
    /// The school that goes on, or those that ended, or those that came of it.
    #[serde(default)]
    pub others: Vec<UnitRef>,
    /// Learners who went over.
    #[serde(default)]
    pub learners: u32,
    /// Classes that went over.
    #[serde(default)]
    pub classes: u32,
    /// Posts of staff that went over.
    #[serde(default)]
    pub staff: u32,
    /// Rooms that went over.
    #[serde(default)]
    pub rooms: u32,
    /// Items of the inventory that went over.
    #[serde(default)]
    pub equipment: u32,
}

/// A line of a unit's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitEvent {
    pub id: UnitEventId,
    pub unit_id: UnitId,
    /// Its name from that day on.
    pub unit_name: String,
    pub kind: UnitEventKind,
    pub effective_on: NaiveDate,
    pub decision_number: String,
    pub decided_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub detail: UnitEventDetail,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    /// The decision that can be taken back; absent where it was recorded before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_id: Option<UnitDecisionId>,
    /// It was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<DateTime<Utc>>,
}

/// A decision, and whether it can be taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitDecision {
    pub id: UnitDecisionId,
    /// A line for each unit that took part. Of units that it made there is none once it was taken back.
    pub events: Vec<UnitEvent>,
    pub undone: bool,
    /// What rests on it, in the reader's language; while there is anything, it cannot be taken back.
    pub against: Vec<String>,
}

/// Take a decision back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostUnitUndo {
    #[validate(length(min = 1, max = 500))]
    pub reason: String,
}

/// What a decision did, a line for each unit that took part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitChanged {
    pub events: Vec<UnitEvent>,
}

/// `?below=` of a unit's history.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct UnitHistoryQuery {
    /// Also of all that lies under the unit today.
    pub below: Option<bool>,
}

/// `?on=`
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct NetworkQuery {
    /// The day; today where it is left out.
    pub on: Option<NaiveDate>,
}

/// `?on=&into=`
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ConsequencesQuery {
    /// The day; today where it is left out.
    pub on: Option<NaiveDate>,
    /// The school that goes on; a new one where it is left out.
    pub into: Option<UnitId>,
}

/// A unit as it stood on a day, with the figures of all that lay under it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NetworkUnit {
    pub id: UnitId,
    pub kind: UnitKind,
    pub name: String,
    pub short_name: String,
    pub code: String,
    pub code_set: String,
    pub code_set_version: String,
    pub levels: Vec<SchoolLevel>,
    pub opened_on: NaiveDate,
    /// As is known today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<NaiveDate>,
    /// Units that lay directly under it.
    pub children: u32,
    /// Schools under it, itself included, campuses not.
    pub schools: u32,
    /// Classes of the school year of that day.
    pub classes: u32,
    /// Learners in these classes on that day.
    pub learners: u32,
}

/// A unit and what lay directly under it on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitNetwork {
    pub on: NaiveDate,
    /// The school year whose classes are counted; absent where there is none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_year: Option<String>,
    pub unit: NetworkUnit,
    /// The units above on that day, the root first.
    pub above: Vec<UnitRef>,
    pub children: Vec<NetworkUnit>,
}

/// What hangs on a unit, before it is merged, split or closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitConsequences {
    pub unit_id: UnitId,
    pub unit_name: String,
    pub on: NaiveDate,
    pub campuses: u32,
    /// Classes of school years that have begun and not ended: they stay where they are, under the school that goes on.
    pub running_classes: u32,
    /// Learners in classes that run or are to come: while there are any, it cannot simply be closed.
    pub class_learners: u32,
    /// Classes of school years that begin on the day or later: they go over to the school that goes on.
    pub coming_classes: u32,
    /// Learners on its record who are present: they go over.
    pub learners: u32,
    /// Posts of staff: they go over to the school that goes on, by the number of the decision.
    pub staff: u32,
    /// Posts that do not: the other school has a principal, or the same person in that post.
    pub staff_staying: u32,
    /// Rooms of its register: with a merge they go over to the school that goes on.
    pub rooms: u32,
    /// Of these, rooms that get another code, since the school that goes on has a room of the same.
    pub rooms_renamed: u32,
    /// Items of its inventory: they go over with the rooms.
    pub equipment: u32,
}

names! {
    /// A tier of administrative codes.
    AdminKind {
        Province = "province", "Tỉnh, thành phố", "Province";
        /// Until 30 June 2025.
        District = "district", "Quận, huyện (cũ)", "District (former)";
        Commune = "commune", "Xã, phường, đặc khu", "Commune";
    }
}

/// A code of a list. The same code means different places in different versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdminCode {
    pub kind: AdminKind,
    pub code: String,
    /// `vn-province`, `vn-district`, `vn-commune`.
    pub code_set: String,
    /// `2025-07-01`: in force since then. `2025-01-04`: the list before, as of that day.
    pub code_set_version: String,
    pub name: String,
    /// The province; of a former commune the district.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_code: Option<String>,
    /// "Quận Ba Đình, Thành phố Hà Nội".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_name: Option<String>,
}

/// `?q=&kind=&parent=&version=` of the list of codes, by name.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct AdminCodeQuery {
    /// Part of the name or the code, with or without marks.
    #[validate(length(max = 100))]
    pub q: Option<String>,
    pub kind: Option<AdminKind>,
    /// Only what lies in this province (of former communes: this district).
    #[validate(length(max = 5))]
    pub parent: Option<String>,
    /// `2025-07-01` where it is left out.
    #[validate(length(max = 10))]
    pub version: Option<String>,
}

/// A code with what it became, or what it came of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdminCodeHistory {
    #[serde(flatten)]
    pub code: AdminCode,
    /// Of a former code: those in force that its territory became. Empty where the source lacks it.
    pub became: Vec<AdminCode>,
    /// Of a code in force: the former ones whose territory, or part of it, it took.
    pub came_of: Vec<AdminCode>,
}
