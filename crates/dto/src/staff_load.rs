//! How many periods teachers have, by TT 05/2025.

use crate::staff::Position;
use crate::{StaffId, UnitId};
use chrono::NaiveDate;
use regulations::tt05_2025::{LoadChoices, NormSchool, Stage, TeachingLoad};
use serde::{Deserialize, Serialize};
use validator::Validate;

/// What a school's loads are reckoned by. `version` is 0 while nobody has set it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoadPolicy {
    pub norm_school: NormSchool,
    pub choices: LoadChoices,
    pub version: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutLoadPolicy {
    pub norm_school: NormSchool,
    pub choices: LoadChoices,
}

/// `?on=` of loads.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct LoadQuery {
    /// The day whose assignments and duties count; today where it is left out.
    pub on: Option<NaiveDate>,
}

/// A teacher's load over all schools, with the lines that lead to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffLoad {
    pub staff_id: StaffId,
    pub full_name: String,
    /// The post that the norm is of.
    pub position: Position,
    /// The school whose policy it is reckoned by.
    pub school_id: UnitId,
    pub school_name: String,
    /// The stage in which most periods are taught; the school's lowest where nothing is. Absent in preschool, for which TT 05/2025 has no norm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// On leave on that day.
    pub on_leave: bool,
    /// Also teaches at other schools.
    pub elsewhere: bool,
    pub on: NaiveDate,
    pub school_year: String,
    pub load: TeachingLoad,
}

/// The loads of a school's teachers and heads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SchoolLoads {
    pub school_id: UnitId,
    pub school_name: String,
    pub school_year: String,
    pub on: NaiveDate,
    pub policy: LoadPolicy,
    /// The caller may set the policy.
    pub writable: bool,
    /// In Vietnamese order of names.
    pub rows: Vec<StaffLoad>,
}
