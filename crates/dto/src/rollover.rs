//! Kết chuyển năm học: where everybody of a school goes when a school year ends, and doing it for many schools at once.

use crate::access::names;
use crate::calendar::Grade;
use crate::closing_runs::RunState;
use crate::council::NextStep;
use crate::units::UnitRef;
use crate::{ClassId, LearnerId, RolloverRunId, SchoolYearId, UnitId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// How far a class is.
    RolloverState {
        Waiting = "waiting", "Chưa chốt năm học", "The year is not closed";
        Ready = "ready", "Sẵn sàng", "Ready";
        Applied = "applied", "Đã kết chuyển", "Rolled over";
    }
}

/// A school's rollover from one school year into the next: what is proposed, with the school's own changes, or what was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rollover {
    pub school_id: UnitId,
    pub school_name: String,
    /// Where the next year's classes are, for a school that was merged: the school that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goes_on_as: Option<UnitRef>,
    pub school_year_id: SchoolYearId,
    pub school_year: String,
    pub next_year_id: SchoolYearId,
    pub next_year: String,
    pub classes: Vec<RolloverClass>,
    /// Classes of the next year that take somebody, by grade and name.
    pub targets: Vec<RolloverTarget>,
    /// The school's own changes.
    pub edits: PutRollover,
    /// Of these; 0 while there are none.
    pub version: i64,
}

/// A class of the year that ends, in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RolloverClass {
    pub class_id: ClassId,
    pub name: String,
    pub grade: Grade,
    pub state: RolloverState,
    pub up: u32,
    pub stays: u32,
    pub completes: u32,
    /// Have left the school, have a class of the next year already, or are left out by the school's own changes.
    pub left_out: u32,
    /// Where those who go up go; absent in the last grade of a level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_name: Option<String>,
    /// Where those who repeat go.
    pub stays_name: String,
}

/// A class of the next year and how many go into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RolloverTarget {
    pub name: String,
    pub grade: Grade,
    /// There is such a class; `false`: it will be opened.
    pub exists: bool,
    pub learners: u32,
    /// There is a class of this name in another grade: the rollover refuses until one of them has another name.
    pub clash: bool,
}

/// Where a learner of a class goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RolloverLine {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    pub step: NextStep,
    /// Left out where the learner completes the programme or has left the school.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// The class that is proposed, or that the learner was put into; absent for who is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_name: Option<String>,
    /// The school has set this learner's class itself.
    pub edited: bool,
    /// The learner has a class of the next year already, which is not changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub already_in: Option<String>,
}

/// A school's own changes to what is proposed, as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutRollover {
    #[serde(default)]
    #[validate(length(max = 300), nested)]
    pub classes: Vec<RolloverClassEdit>,
    #[serde(default)]
    #[validate(length(max = 5000), nested)]
    pub learners: Vec<RolloverLearnerEdit>,
}

/// Other names of the classes that one goes into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RolloverClassEdit {
    pub class_id: ClassId,
    /// Of those who go up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 30))]
    pub up_name: Option<String>,
    /// Of those who repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 30))]
    pub stays_name: Option<String>,
}

/// Another class for one learner, of the grade that follows from the decision; without a name they are left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RolloverLearnerEdit {
    pub class_id: ClassId,
    pub learner_id: LearnerId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 30))]
    pub class_name: Option<String>,
}

/// Begin a rollover, or the undoing of one, of every school at or under a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostRolloverRun {
    pub unit_id: UnitId,
    /// The year that ends; the present one where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_year_id: Option<SchoolYearId>,
    #[serde(default)]
    pub undo: bool,
}

/// `?unit_id=` of the list of runs.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct RolloverRunQuery {
    /// Runs of this unit alone.
    pub unit_id: Option<UnitId>,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RolloverRun {
    pub id: RolloverRunId,
    pub unit_id: UnitId,
    pub unit_name: String,
    pub school_year_id: SchoolYearId,
    pub school_year: String,
    pub undo: bool,
    pub state: RunState,
    pub started_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
    /// Schools that have classes in the year.
    pub schools: u32,
    /// Of these, gone through so far.
    pub done: u32,
    /// Of these, where something stood in the way.
    pub refused: u32,
    /// Classes of the old year that were emptied into the next, or given back.
    pub classes: u32,
    pub learners: u32,
    /// Classes of the next year that were opened, or removed.
    pub opened: u32,
    /// Classes whose year is not closed: they are left.
    pub waiting: u32,
}

/// What became of a school in a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RolloverSchool {
    pub school_id: UnitId,
    pub school_name: String,
    pub classes: u32,
    pub learners: u32,
    pub opened: u32,
    pub waiting: u32,
    /// Why nothing was done, in the reader's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}
