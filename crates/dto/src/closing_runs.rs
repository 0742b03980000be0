//! Closing a term of every class of a unit (a school, a commune, the province) at once. It goes on by itself, can be watched, and
//! goes on where it was after the server was stopped.

use crate::calendar::Term;
use crate::{ClassId, ClosingRunId, UnitId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

/// Which unit, which term; the school year is the present one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostClosingRun {
    pub unit_id: UnitId,
    pub term: Term,
}

/// `?unit_id=`
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ClosingRunQuery {
    /// Runs of this unit alone.
    pub unit_id: Option<UnitId>,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    Running,
    Done,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClosingRun {
    pub id: ClosingRunId,
    pub unit_id: UnitId,
    pub unit_name: String,
    pub school_year: String,
    pub term: Term,
    pub state: RunState,
    pub started_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
    /// Classes that were open when it began.
    pub classes: u32,
    /// Of these, closed so far.
    pub closed: u32,
    /// Of these, looked at and not ready: they stay open. See its classes.
    pub waiting: u32,
    /// Learners whose results were frozen so far.
    pub learners: u32,
}

/// A class that was not ready.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaitingClass {
    pub class_id: ClassId,
    pub class_name: String,
    pub school_id: UnitId,
    pub school_name: String,
    /// Marks and assessments that were missing.
    pub missing: u32,
}
