//! Training: a course, who attended, and certificates in the record of each.

use crate::{StaffId, StaffRecordId, TrainingId, UnitId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// A course in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrainingItem {
    pub id: TrainingId,
    pub name: String,
    pub unit_id: UnitId,
    pub unit_name: String,
    pub provider: String,
    pub hours: u16,
    pub first_on: NaiveDate,
    pub last_on: NaiveDate,
    pub participants: u32,
    pub certified: u32,
}

/// A course with who takes part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Training {
    pub id: TrainingId,
    pub unit_id: UnitId,
    pub unit_name: String,
    pub name: String,
    /// The programme that it is part of: "Bồi dưỡng thường xuyên, mô đun 9".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
    pub provider: String,
    pub hours: u16,
    pub first_on: NaiveDate,
    pub last_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_no: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The caller may change it.
    pub writable: bool,
    /// In Vietnamese order of names; of these only who the caller reaches.
    pub participants: Vec<TrainingParticipant>,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrainingParticipant {
    pub staff_id: StaffId,
    pub full_name: String,
    /// Where they work today.
    pub unit_name: String,
    /// Hours attended, 0 for who did not come.
    pub hours: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_no: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certified_on: Option<NaiveDate>,
    /// The record that the certificate is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_id: Option<StaffRecordId>,
}

/// A course as it is planned or changed.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutTraining {
    /// Who holds it; cannot be changed afterwards.
    pub unit_id: UnitId,
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    pub programme: Option<String>,
    #[validate(length(min = 1, max = 200))]
    pub provider: String,
    #[validate(range(min = 1, max = 2000))]
    pub hours: u16,
    pub first_on: NaiveDate,
    pub last_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 60))]
    pub decision_no: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub note: Option<String>,
}

/// Who takes part and how long they were there. Who is left out is taken off, unless certified.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutAttendance {
    #[validate(nested, length(max = 500))]
    pub rows: Vec<AttendanceRow>,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AttendanceRow {
    pub staff_id: StaffId,
    #[validate(range(max = 2000))]
    pub hours: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 100))]
    pub result: Option<String>,
}

/// Certificates for all who attended at least `least_hours` and have none yet; numbers run on from `first_number` behind `prefix`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostCertificates {
    pub certified_on: NaiveDate,
    #[validate(range(max = 2000))]
    pub least_hours: u16,
    /// "CN-2026-": the first is "CN-2026-001".
    #[validate(length(max = 40))]
    pub prefix: String,
    #[validate(range(min = 1, max = 99_999))]
    pub first_number: u32,
}

/// Takes certificates back: of these people, or of all.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeCertificates {
    #[validate(length(max = 500))]
    pub staff_ids: Vec<StaffId>,
}

/// `?unit_id=` of the list of courses.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct TrainingQuery {
    pub unit_id: Option<UnitId>,
}
