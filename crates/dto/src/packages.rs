//! Transfer packages: what one installation gives another of a learner who moves across the border of a province. One file: a ZIP with
//! a manifest that names every file with its hash, sealed by the sending school.

use crate::access::names;
use crate::former_years::FormerYearSignature;
use crate::learners::Sex;
use crate::{ClassId, LearnerId, SigningKeyId, TransferPackageId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    TransferPackageState {
        Received = "received", "Chờ tiếp nhận", "Waiting";
        Accepted = "accepted", "Đã tiếp nhận", "Accepted";
        Declined = "declined", "Không tiếp nhận", "Declined";
    }
}

/// Make a package of a learner, sealed with the school's key.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostTransferPackage {
    /// The school's seal.
    pub key_id: SigningKeyId,
    /// Opens the key; it is not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    pub password: Option<String>,
    /// Where the learner goes: "Trường THCS Lê Lợi, Thành phố Cần Thơ".
    #[validate(length(min = 2, max = 200))]
    pub to_school: String,
    #[validate(length(min = 2, max = 300))]
    pub reason: String,
}

/// A package that a school received.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransferPackage {
    pub id: TransferPackageId,
    pub school_id: UnitId,
    pub state: TransferPackageState,
    pub about: PackageAbout,
    pub received_at: DateTime<Utc>,
    pub received_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// The record that was made of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learner_id: Option<LearnerId>,
    /// Why it was declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a package says, after its check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PackageAbout {
    pub from_school: String,
    pub from_place: String,
    pub to_school: String,
    pub reason: String,
    pub made_at: DateTime<Utc>,
    pub full_name: String,
    pub birth_date: NaiveDate,
    pub sex: Sex,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_id: Option<String>,
    pub seal: FormerYearSignature,
    pub guardians: u32,
    /// The newest first.
    pub years: Vec<PackageYear>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PackageYear {
    pub school_year: String,
    pub from_school: String,
    pub class_name: String,
    pub grade: u8,
    /// A signed transcript of the year is inside.
    pub signed: bool,
}

/// Take the learner in.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptTransferPackage {
    pub class_id: ClassId,
    pub enrolled_on: NaiveDate,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeclineTransferPackage {
    #[validate(length(min = 2, max = 500))]
    pub reason: String,
}
