//! Individual education plans (kế hoạch giáo dục cá nhân) of learners with disabilities.

use crate::access::names;
use crate::gradebook::ResultSubject;
use crate::{ClassId, LearnerId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// Where a plan stands.
    PlanState {
        Proposed = "proposed", "Chờ hiệu trưởng duyệt", "Waiting for the principal";
        Approved = "approved", "Đã duyệt", "Approved";
        Declined = "declined", "Không duyệt", "Declined";
    }
}

/// The plans of a class's learners in its school year. Nothing in it says what the disability is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IndividualPlans {
    pub class_id: ClassId,
    /// The caller may propose, and may decide, while the year of the class is open.
    pub writable: bool,
    pub decides: bool,
    /// The subjects of the class; of a primary class with the sheets of its qualities and competencies.
    pub subjects: Vec<ResultSubject>,
    pub items: Vec<IndividualPlan>,
}

/// The plan of one learner for a school year: in these subjects they are assessed by what they reach of the plan, and the subjects
/// count for no level (TT 22/2021 Đ.11; of primary pupils the charter of primary schools, TT 28/2020). It holds once the principal has
/// approved it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IndividualPlan {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub state: PlanState,
    /// What was proposed last; none ends the plan.
    pub subject_codes: Vec<String>,
    /// What holds: of the last proposal that was approved.
    pub in_force: Vec<String>,
    /// The plan itself, as the school files it: number and day.
    pub document: String,
    pub proposed_at: DateTime<Utc>,
    pub proposed_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub version: i64,
}

/// Propose a plan, or another one in its place; what holds stays until the principal decides.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutIndividualPlan {
    /// None: the plan is to end.
    #[validate(length(max = 40))]
    pub subject_codes: Vec<String>,
    #[validate(length(min = 2, max = 300))]
    pub document: String,
}

/// The principal's decision.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideIndividualPlan {
    pub approve: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub note: Option<String>,
    /// The version that the principal saw.
    pub version: i64,
}
