//! Transfer packages: what one installation gives another of a learner who moves across the border of a province. One file: a ZIP with
//! a manifest that names every file with its hash, sealed by the sending school.

use crate::access::names;
use crate::former_years::FormerYearSignature;
use crate::health::{HealthFindings, HealthRoundKind, PostVaccination, PutCondition, SealedFindings};
use crate::learners::Sex;
use crate::{ClassId, LearnerId, SigningKeyId, TransferPackageId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use regulations::preschool::growth::MeasuringPosition;
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
    /// Locks the health record, which goes along only with one. It is told to the receiving school by another way than the file, and is
    /// not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 12, max = 200))]
    pub health_passphrase: Option<String>,
}

/// Take the acceptance of a package back.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawAcceptance {
    #[validate(length(min = 2, max = 500))]
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
    /// A locked health record is inside: so much of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<CarriedCounts>,
    /// What the manifest names; each is as the sending school sealed it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<PackageFile>,
}

/// A file of a package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PackageFile {
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// In hexadecimal.
    pub sha256: String,
}

/// How much of a health record goes along.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CarriedCounts {
    /// Days on which weight or height was taken.
    pub growth: u32,
    pub checks: u32,
    pub vaccinations: u32,
    /// Absent where the family has not consented that conditions go along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<u32>,
}

/// A health record on its way to another installation. It is no body of the API: it lies locked in a package.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct CarriedHealth {
    #[validate(length(max = 1000), nested)]
    pub growth: Vec<CarriedGrowth>,
    #[validate(length(max = 500), nested)]
    pub checks: Vec<CarriedCheck>,
    #[validate(length(max = 500), nested)]
    pub vaccinations: Vec<PostVaccination>,
    /// None: the family has not consented.
    #[validate(length(max = 200), nested)]
    pub conditions: Option<Vec<PutCondition>>,
}

impl CarriedHealth {
    /// Nothing in it is out of the bounds in which records are entered.
    pub fn is_sound(&self) -> bool {
        self.validate().is_ok()
    }

    pub fn counts(&self) -> CarriedCounts {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        CarriedCounts {
            growth: count(self.growth.len()),
            checks: count(self.checks.len()),
            vaccinations: count(self.vaccinations.len()),
            conditions: self.conditions.as_ref().map(|all| count(all.len())),
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct CarriedGrowth {
    pub measured_on: NaiveDate,
    #[validate(range(min = 500, max = 250_000))]
    pub weight_g: Option<u32>,
    #[validate(range(min = 300, max = 2_300))]
    pub height_mm: Option<u32>,
    pub position: MeasuringPosition,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct CarriedCheck {
    #[validate(length(min = 1, max = 120))]
    pub name: String,
    pub kind: HealthRoundKind,
    pub held_on: NaiveDate,
    /// Where it was held.
    #[validate(length(min = 1, max = 200))]
    pub school: String,
    #[validate(nested)]
    pub findings: HealthFindings,
    /// As conditions, only with consent.
    #[validate(nested)]
    pub sealed: Option<SealedFindings>,
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
    /// Opens the health record that is inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    pub health_passphrase: Option<String>,
    /// Leave the health record where there is one and nobody knows the passphrase.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_health: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeclineTransferPackage {
    #[validate(length(min = 2, max = 500))]
    pub reason: String,
}
