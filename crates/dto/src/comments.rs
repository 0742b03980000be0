//! What a teacher writes about each learner in a subject and term (TT 22/2021 Đ.5: assessment by comments), and the phrases that a
//! school keeps for it.

use crate::access::names;
use crate::calendar::Term;
use crate::deadlines::SlotLock;
use crate::gradebook::{CellResult, TermState};
use crate::{ClassId, LearnerId, PhraseId, UnitId};
use chrono::{DateTime, Utc};
use regulations::Level;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// Characters of the longest comment.
pub const LONGEST: u64 = 1000;

/// Comments of one class, subject and term.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentSheet {
    pub school_id: UnitId,
    pub class_id: ClassId,
    pub class_name: String,
    pub term: Term,
    pub subject_code: String,
    pub subject_name_vi: String,
    pub subject_name_en: String,
    pub state: TermState,
    /// The caller may write here, where no deadline keeps them from it.
    pub writable: bool,
    /// Absent: comments have no deadline. Theirs is that of the last marks of the term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<SlotLock>,
    pub rows: Vec<CommentRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentRow {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    /// Left the class: shown, not to be written about further.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Counts from 1 with each write; 0 stands for one never written.
    pub version: i64,
}

/// Write many comments, each with the version it was read at.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutComments {
    #[validate(length(min = 1, max = 200), nested)]
    pub rows: Vec<PutComment>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutComment {
    pub learner_id: LearnerId,
    /// Absent, null or empty: clear it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = "LONGEST"))]
    pub text: Option<String>,
    pub version: i64,
}

/// What became of each row, in the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentsSaved {
    pub saved_at: DateTime<Utc>,
    pub rows: Vec<CommentOutcome>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentOutcome {
    pub learner_id: LearnerId,
    pub outcome: CellResult,
    /// The comment as it stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    pub version: i64,
    /// Code of the error table, where it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Who changed it, where there is a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<DateTime<Utc>>,
}

/// A phrase of a school's bank.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Phrase {
    pub id: PhraseId,
    /// Absent: for every subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    /// Of which learners it is said; absent: of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    pub text: String,
    pub created_by: String,
    /// The caller may change or remove it.
    pub writable: bool,
    pub version: i64,
}

/// `?subject_code=&level=` of a bank.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct PhraseQuery {
    /// Those of this subject and those for every subject.
    #[validate(length(max = 20))]
    pub subject_code: Option<String>,
    /// Those of this level and those for all.
    pub level: Option<Level>,
}

/// One write of a comment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentChange {
    pub version: i64,
    /// Absent: there was none, or it was cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    pub at: DateTime<Utc>,
    pub by: String,
}

/// A new phrase, or a change of one.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutPhrase {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    pub subject_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    #[validate(length(min = 1, max = 500))]
    pub text: String,
}

names! {
    /// What stands for a part of the learner's name in a phrase, and is filled in when the phrase is inserted.
    PhraseMark {
        GivenName = "{tên}", "Tên", "Given name";
        FullName = "{họ tên}", "Họ và tên", "Full name";
    }
}

/// A phrase with the learner's name in it.
pub fn fill(phrase: &str, full_name: &str, given_name: &str) -> String {
    phrase.replace(PhraseMark::FullName.as_str(), full_name).replace(PhraseMark::GivenName.as_str(), given_name)
}
