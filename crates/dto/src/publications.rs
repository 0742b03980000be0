//! What a school shows to the public: news with a photo, and the names of children, each only with the consent to it.

use crate::{FileId, LearnerId, PublicationId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

/// Publish something on the school's public page.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostPublication {
    #[validate(length(min = 1, max = 200))]
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 4000))]
    pub body: Option<String>,
    /// A PNG, JPEG or WebP picture that the caller has uploaded for this school.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<FileId>,
    /// Who can be recognised in the photo.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[validate(length(max = 100))]
    pub shows: Vec<LearnerId>,
    /// No learner can be recognised in the photo.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shows_nobody: bool,
    /// Who is named. Learners of the school whose full names stand in title or text are, also where they are left out here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[validate(length(max = 100))]
    pub names: Vec<LearnerId>,
}

/// What was published, as the school sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Publication {
    pub id: PublicationId,
    pub school_id: UnitId,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    pub photo: bool,
    pub people: Vec<PublicationPerson>,
    pub published_at: DateTime<Utc>,
    pub published_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// The public sees it now: it was not withdrawn, and every consent holds.
    pub visible: bool,
}

/// Somebody in a publication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicationPerson {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub shown: bool,
    pub named: bool,
    /// The consent to it holds now.
    pub holds: bool,
}

/// What anybody sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicItem {
    pub id: PublicationId,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    pub photo: bool,
    pub published_on: NaiveDate,
}

/// The head of a school's public page: nothing that its gate does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicSchool {
    pub id: UnitId,
    pub name: String,
    /// The units above it by name, the nearest first: "Xã An Khuê", "Sở GD&ĐT tỉnh Sao Khuê".
    pub within: Vec<String>,
}
