//! When marks are due in a school, what is locked after that, and asking to open it again.

use crate::access::names;
use crate::calendar::Term;
use crate::classes::StaffRef;
use crate::{ClassId, MarkOpeningId, SchoolYearId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use regulations::Slot;
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// Columns that are due together (TT 22/2021 Đ.6, Đ.7: regular, midterm and final assessment).
    SlotGroup {
        Regular = "regular", "Thường xuyên", "Regular";
        Midterm = "midterm", "Giữa kì", "Midterm";
        Final = "final", "Cuối kì", "Final";
    }
}

impl SlotGroup {
    /// The group that a column belongs to.
    pub fn of(slot: Slot) -> SlotGroup {
        match slot {
            Slot::Regular(_) => SlotGroup::Regular,
            Slot::Midterm => SlotGroup::Midterm,
            Slot::Final => SlotGroup::Final,
        }
    }
}

/// What holds for one group of columns of a sheet today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlotLock {
    pub group: SlotGroup,
    /// The last day on which teachers may write; absent: no deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    /// The deadline has passed and nothing opens it.
    pub locked: bool,
    /// An opening was granted: the last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_until: Option<NaiveDate>,
    /// Somebody has asked to open it, and nobody has answered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub requested: bool,
}

/// `?school_year_id=` of what a school has for each year.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct YearQuery {
    /// Left out: the current school year.
    pub school_year_id: Option<SchoolYearId>,
}

/// The deadlines of a school in one term.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkDeadlines {
    pub school_id: UnitId,
    pub school_name: String,
    pub school_year_id: SchoolYearId,
    pub school_year: String,
    pub term: Term,
    pub term_starts_on: NaiveDate,
    pub term_ends_on: NaiveDate,
    /// The last day on which teachers may write the regular columns; absent: no deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regular: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub midterm: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#final: Option<NaiveDate>,
    /// The caller may change them.
    pub writable: bool,
    /// 0 while none were set.
    pub version: i64,
}

/// Set all three; what is left out has no deadline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutMarkDeadlines {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regular: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub midterm: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#final: Option<NaiveDate>,
}

names! {
    OpeningState {
        Pending = "pending", "Chờ duyệt", "Waiting";
        Approved = "approved", "Đã mở", "Granted";
        Refused = "refused", "Không duyệt", "Refused";
    }
}

/// A teacher asks to open locked columns of a sheet.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostMarkOpening {
    /// One to three groups.
    #[validate(length(min = 1, max = 3))]
    pub groups: Vec<SlotGroup>,
    #[validate(length(min = 5, max = 500))]
    pub reason: String,
}

/// A request to open locked columns, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkOpening {
    pub id: MarkOpeningId,
    pub school_id: UnitId,
    pub class_id: ClassId,
    pub class_name: String,
    pub term: Term,
    pub subject_code: String,
    pub subject_name_vi: String,
    pub subject_name_en: String,
    pub groups: Vec<SlotGroup>,
    pub state: OpeningState,
    pub reason: String,
    pub requested_by: String,
    pub requested_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<DateTime<Utc>>,
    /// What the approver wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where granted: the last day on which the columns are open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_until: Option<NaiveDate>,
    /// For `If-Match` of the decision.
    pub version: i64,
}

/// `?state=` of a school's requests.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct OpeningQuery {
    /// Left out: all.
    pub state: Option<OpeningState>,
}

/// The answer to a request to open.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideOpening {
    pub approve: bool,
    /// The last day on which the columns are open; needed to approve, today or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_until: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub note: Option<String>,
}

/// Who is late with marks in a school and term: what was due before today, is not there, and was not opened again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LateMarks {
    pub deadlines: MarkDeadlines,
    /// All missing cells.
    pub missing: u32,
    /// By missing cells, most first.
    pub teachers: Vec<LateTeacher>,
}

/// One teacher with the sheets that are late; absent staff: nobody is assigned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LateTeacher {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffRef>,
    pub missing: u32,
    pub sections: Vec<LateSection>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LateSection {
    pub class_id: ClassId,
    pub class_name: String,
    pub subject_code: String,
    pub subject_name_vi: String,
    pub subject_name_en: String,
    /// Missing cells of each group that is late.
    pub groups: Vec<LateGroup>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LateGroup {
    pub group: SlotGroup,
    pub due_on: NaiveDate,
    pub missing: u32,
    /// Cells of the group in all.
    pub cells: u32,
}
