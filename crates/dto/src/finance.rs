//! Money of a school as the authority sees it: the catalogue of budget lines, and investment projects. The amounts of a year are
//! [`crate::figures`]. This is no accounting package.

use crate::access::names;
use crate::{ProjectId, UnitId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// An amount in đồng.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Vnd(pub i64);

names! {
    BudgetFlow {
        Revenue = "revenue", "Thu", "Revenue";
        Spending = "spending", "Chi", "Spending";
    }
}

/// A line that budgets and settlements have; the province keeps the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BudgetItem {
    /// At most 20 letters, digits, dots, hyphens: "chi-01".
    pub code: String,
    pub flow: BudgetFlow,
    pub name: String,
    pub group: String,
    /// Where the money comes from: "Ngân sách nhà nước".
    pub source: String,
    pub position: i16,
    /// No longer asked for where false; what was entered stays.
    pub active: bool,
    pub version: i64,
}

/// All fields of a line but its code. `If-Match: "0"` makes a new one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutBudgetItem {
    pub flow: BudgetFlow,
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    #[validate(length(min = 1, max = 120))]
    pub group: String,
    #[validate(length(min = 1, max = 120))]
    pub source: String,
    #[validate(range(min = 0, max = 10_000))]
    pub position: i16,
    pub active: bool,
}

names! {
    ProjectState {
        Planned = "planned", "Chuẩn bị", "In preparation";
        Running = "running", "Đang thực hiện", "Under way";
        Done = "done", "Hoàn thành", "Finished";
        Stopped = "stopped", "Dừng", "Stopped";
    }
}

/// An investment project of a school.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    pub id: ProjectId,
    pub school_id: UnitId,
    pub school_name: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_on: Option<NaiveDate>,
    pub source: String,
    pub state: ProjectState,
    pub total: Vnd,
    pub from_year: i16,
    pub to_year: i16,
    /// Percent of the work that is done, 0 to 100.
    pub progress: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The oldest first.
    pub years: Vec<ProjectYear>,
    pub writable: bool,
    pub version: i64,
}

/// What a project is given and spends in a year. Once the budget of the year is signed, `planned` stands; once its settlement
/// is, `disbursed`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProjectYear {
    #[validate(range(min = 1990, max = 2200))]
    pub year: i16,
    pub planned: Vnd,
    pub disbursed: Vnd,
}

/// All fields of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutProject {
    #[validate(length(min = 1, max = 300))]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 60))]
    pub decision_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_on: Option<NaiveDate>,
    #[validate(length(min = 1, max = 120))]
    pub source: String,
    pub state: ProjectState,
    pub total: Vnd,
    #[validate(range(min = 1990, max = 2200))]
    pub from_year: i16,
    /// Not before `from_year`.
    #[validate(range(min = 1990, max = 2200))]
    pub to_year: i16,
    #[validate(range(min = 0, max = 100))]
    pub progress: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 1000))]
    pub note: Option<String>,
    /// Each year from `from_year` to `to_year` at most once; what is left out is nothing.
    #[serde(default)]
    #[validate(length(max = 50), nested)]
    pub years: Vec<ProjectYear>,
}

/// `?q=&state=&year=` of projects at and under a unit, in Vietnamese order of names.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ProjectQuery {
    /// Part of the name or the decision, with or without marks.
    #[validate(length(max = 100))]
    pub q: Option<String>,
    pub state: Option<ProjectState>,
    /// Running in this year by its dates.
    #[validate(range(min = 1990, max = 2200))]
    pub year: Option<i16>,
}
