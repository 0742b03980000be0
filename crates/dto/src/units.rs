//! The effective-dated tree of units.

use crate::UnitId;
use crate::access::names;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What a unit is. Tiers are data, not code: since 1 July 2025 there is no district, and what the law changes next
    /// must not need a migration.
    UnitKind {
        Ministry = "ministry", "Bộ", "Ministry";
        Department = "department", "Sở GD&ĐT", "Provincial department";
        /// Closed on 1 July 2025; kept for history.
        District = "district", "Phòng GD&ĐT (cũ)", "District office (former)";
        Commune = "commune", "Xã, phường, đặc khu", "Commune";
        School = "school", "Trường", "School";
        Campus = "campus", "Điểm trường", "Campus";
    }
}

impl UnitKind {
    /// The kinds that this one may lie under. Data, since the law moves tiers: the district went on 1 July 2025.
    pub fn parents(self) -> &'static [UnitKind] {
        match self {
            UnitKind::Ministry => &[],
            UnitKind::Department => &[UnitKind::Ministry],
            UnitKind::District => &[UnitKind::Department],
            UnitKind::Commune => &[UnitKind::Department, UnitKind::District],
            UnitKind::School => &[UnitKind::Ministry, UnitKind::Department, UnitKind::District, UnitKind::Commune],
            UnitKind::Campus => &[UnitKind::School],
        }
    }

    /// Classes, learners and staff can be here; it has levels.
    pub fn teaches(self) -> bool {
        matches!(self, UnitKind::School | UnitKind::Campus)
    }
}

names! {
    /// Level of a school.
    SchoolLevel {
        Preschool = "preschool", "Mầm non", "Preschool";
        Primary = "primary", "Tiểu học", "Primary";
        LowerSecondary = "lower_secondary", "THCS", "Lower secondary";
        UpperSecondary = "upper_secondary", "THPT", "Upper secondary";
    }
}

/// A unit as it stands today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unit {
    pub id: UnitId,
    pub kind: UnitKind,
    pub name: String,
    pub short_name: String,
    /// Code in its code set, opaque, at most 20 characters.
    pub code: String,
    /// The code set, such as "moet-school" or "vn-commune".
    pub code_set: String,
    /// The version of the code set, since the same code has meant different units: "2025-07-01".
    pub code_set_version: String,
    /// Levels that a school teaches; empty for other units.
    #[serde(default)]
    pub levels: Vec<SchoolLevel>,
    /// The unit above it today; absent at the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<UnitId>,
    pub opened_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<NaiveDate>,
    /// How many units lie directly under it.
    #[serde(default)]
    pub children: u32,
    pub version: i64,
}

/// A unit with the units above it (nearest last) and all its placements in time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitDetail {
    #[serde(flatten)]
    pub unit: Unit,
    pub ancestors: Vec<UnitRef>,
    pub placements: Vec<Placement>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitRef {
    pub id: UnitId,
    pub kind: UnitKind,
    pub name: String,
}

/// Where a unit lay, from a day (included) to a day (excluded).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Placement {
    pub parent_id: UnitId,
    pub parent_name: String,
    pub valid_from: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
}

/// A new unit under a parent.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostUnit {
    pub kind: UnitKind,
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
    #[serde(default)]
    #[validate(length(max = 4))]
    pub levels: Vec<SchoolLevel>,
    pub opened_on: NaiveDate,
}

/// Change a unit; its place is changed by a placement.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutUnit {
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
    #[serde(default)]
    #[validate(length(max = 4))]
    pub levels: Vec<SchoolLevel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<NaiveDate>,
}

/// Move a unit under another parent from a day on; the placement before it ends that day.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostPlacement {
    pub parent_id: UnitId,
    pub valid_from: NaiveDate,
}

/// `?parent_id=&kind=&q=` of the list of units, in Vietnamese order of names.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct UnitQuery {
    /// Direct children of this unit. Left out, with neither `kind` nor `q`: the topmost units that the caller's roles reach.
    pub parent_id: Option<UnitId>,
    /// Only units of this kind; without `parent_id`, all of them in the reach.
    pub kind: Option<UnitKind>,
    /// Part of the name or code, with or without marks; searches all that lies under `parent_id`, or the whole reach.
    #[validate(length(max = 100))]
    pub q: Option<String>,
}
