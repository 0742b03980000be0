//! Digital transcripts (học bạ số, TT 70/2026/TT-BGDĐT): made from closed results, signed in order, sealed, issued; never edited after.

use crate::access::names;
use crate::calendar::Grade;
use crate::gradebook::CellResult;
use crate::{ClassId, LearnerId, SigningKeyId, SigningRunId, TranscriptCorrectionId, TranscriptId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// Where a transcript is on its way (TT 70/2026 Đ.9: complete, check, personal signatures, school signature, status).
    TranscriptState {
        /// Made from closed results; made again as often as wanted.
        Draft = "draft", "Bản nháp", "Draft";
        /// Checked: its content stands, subject teachers sign.
        Reconciled = "reconciled", "Đã đối chiếu", "Reconciled";
        /// Every subject teacher has signed; the homeroom teacher is next.
        SubjectsSigned = "subjects_signed", "Giáo viên bộ môn đã ký", "Signed by subject teachers";
        HomeroomSigned = "homeroom_signed", "Chủ nhiệm đã ký", "Signed by the homeroom teacher";
        PrincipalSigned = "principal_signed", "Hiệu trưởng đã ký", "Signed by the principal";
        Sealed = "sealed", "Đã đóng dấu số", "Sealed";
        Issued = "issued", "Đã ban hành", "Issued";
        /// Taken back with a decision. A new one may take its place.
        Revoked = "revoked", "Đã thu hồi", "Revoked";
    }
}

impl TranscriptState {
    /// Nothing of it may change any more but its state.
    pub fn is_final(self) -> bool {
        matches!(self, TranscriptState::Issued | TranscriptState::Revoked)
    }
}

names! {
    /// Who signs, in the order of signing (TT 70/2026 Đ.9).
    SigningRole {
        Subject = "subject", "Giáo viên bộ môn", "Subject teacher";
        Homeroom = "homeroom", "Giáo viên chủ nhiệm", "Homeroom teacher";
        Principal = "principal", "Hiệu trưởng", "Principal";
        Seal = "seal", "Dấu của trường", "School's seal";
    }
}

names! {
    /// In which form a transcript leaves the school (TT 70/2026 Đ.3).
    TranscriptForm {
        Xml = "xml", "Dữ liệu ký số (XML)", "Signed data (XML)";
        Pdf = "pdf", "Bản điện tử (PDF)", "Electronic rendition (PDF)";
        Copy = "copy", "Bản sao in ra giấy", "Printed copy";
    }
}

names! {
    /// What becomes of a request to correct a transcript (TT 70/2026 Đ.22 k.8).
    CorrectionState {
        Open = "open", "Chờ xử lí", "Open";
        Accepted = "accepted", "Chấp nhận, sẽ lập lại", "Accepted";
        Refused = "refused", "Không chấp nhận", "Refused";
    }
}

names! {
    /// Where a signing key is kept.
    KeyKind {
        /// A PKCS#12 file, kept as it is: encrypted by a password that is never stored.
        Pkcs12 = "pkcs12", "Tệp chứng thư số (.p12)", "Certificate file (.p12)";
        /// A token or HSM at the server, through PKCS#11.
        Pkcs11 = "pkcs11", "Thiết bị của máy chủ (PKCS#11)", "Server token (PKCS#11)";
        /// A remote signing service.
        Remote = "remote", "Dịch vụ ký số từ xa", "Remote signing service";
    }
}

/// The transcripts of a class, one line a learner of its final list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassTranscripts {
    pub school_id: UnitId,
    pub class_id: ClassId,
    pub class_name: String,
    pub school_name: String,
    pub school_year: String,
    pub grade: Grade,
    /// The year of the class is closed, so that transcripts can be made.
    pub ready: bool,
    /// The caller may make, check and reopen drafts.
    pub preparable: bool,
    /// The caller may issue.
    pub issuable: bool,
    /// The caller may revoke.
    pub revocable: bool,
    pub rows: Vec<TranscriptRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TranscriptRow {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript_id: Option<TranscriptId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<TranscriptState>,
    /// Signatures that are there, and that there have to be, the seal with them.
    pub signed: u32,
    pub needed: u32,
    /// What keeps a draft from being reconciled.
    pub faults: Vec<TranscriptFault>,
    /// The record says something else today than the transcript: made again while a draft; after that reopened, or revoked.
    pub outdated: bool,
    /// What the homeroom teacher wrote about the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    pub comment_version: i64,
}

/// Comments of the homeroom teacher about the year, for the transcripts of a class.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutTranscriptComments {
    #[validate(length(min = 1, max = 200), nested)]
    pub rows: Vec<PutTranscriptComment>,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutTranscriptComment {
    pub learner_id: LearnerId,
    /// Empty: taken back.
    #[validate(length(max = 1000))]
    pub text: String,
    /// Of what was read; 0 where there was none.
    pub version: i64,
}

/// What became of each comment, in the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TranscriptCommentsSaved {
    pub rows: Vec<TranscriptCommentOutcome>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TranscriptCommentOutcome {
    pub learner_id: LearnerId,
    pub outcome: CellResult,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    pub version: i64,
}

/// What is missing or does not fit, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TranscriptFault {
    /// `result_missing`, `teacher_missing`, `homeroom_missing`, `personal_id_missing`, …
    pub code: String,
    pub vi: String,
    pub en: String,
    /// Does not keep it from being reconciled.
    pub warning: bool,
}

/// Which learners of a class; left out: all.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TranscriptSelection {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 200))]
    pub learner_ids: Option<Vec<LearnerId>>,
}

/// Why a transcript goes back to be a draft, or is revoked.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReopenTranscript {
    #[validate(length(min = 1, max = 500))]
    pub reason: String,
}

/// Taking an issued transcript back (TT 70/2026 Đ.7).
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeTranscript {
    #[validate(length(min = 1, max = 500))]
    pub reason: String,
    /// Number of the decision: "12/QĐ-THCS".
    #[validate(length(min = 1, max = 60))]
    pub decision_number: String,
    pub decided_on: NaiveDate,
}

/// One transcript with all that happened to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Transcript {
    pub id: TranscriptId,
    pub school_id: UnitId,
    pub class_id: ClassId,
    pub learner_id: LearnerId,
    pub full_name: String,
    pub class_name: String,
    pub school_year: String,
    pub state: TranscriptState,
    pub version: i64,
    /// What it says, in the words of `docs/transcript/transcript.xsd`.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub content: serde_json::Value,
    /// SHA-256 of the canonical content, in hex: the same in the XML, the PDF and on the check page.
    pub content_hash: String,
    /// The end of the address that the QR code opens: `/check/{code}`.
    pub check_code: String,
    pub signatures: Vec<TranscriptSignature>,
    /// Newest first.
    pub history: Vec<TranscriptEvent>,
    /// To whom it was given, newest first (TT 70/2026 Đ.10).
    pub issues: Vec<TranscriptIssue>,
    pub corrections: Vec<TranscriptCorrection>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<TranscriptId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<TranscriptId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<TranscriptRevocation>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TranscriptRevocation {
    pub reason: String,
    pub decision_number: String,
    pub decided_on: NaiveDate,
}

/// A signature that is there, or that there has to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TranscriptSignature {
    pub role: SigningRole,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name: Option<String>,
    /// As the certificate names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<DateTime<Utc>>,
}

/// Something that happened to a transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TranscriptEvent {
    pub at: DateTime<Utc>,
    pub by: String,
    /// `drafted`, `reconciled`, `signed`, `sealed`, `issued`, `reopened`, `revoked`, `given`, `correction_asked`, `correction_answered`.
    pub what: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Giving a transcript to somebody.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostTranscriptIssue {
    pub form: TranscriptForm,
    /// To whom: a person, a school, an office.
    #[validate(length(min = 1, max = 200))]
    pub recipient: String,
    /// What for: "chuyển trường", "hồ sơ tuyển sinh lớp 10".
    #[validate(length(min = 1, max = 300))]
    pub purpose: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TranscriptIssue {
    pub at: DateTime<Utc>,
    pub by: String,
    pub form: TranscriptForm,
    pub recipient: String,
    pub purpose: String,
}

/// `?form=` of a file.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct TranscriptFileQuery {
    pub form: TranscriptForm,
}

/// Asking for a mistake to be put right.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostTranscriptCorrection {
    #[validate(length(min = 1, max = 1000))]
    pub text: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutTranscriptCorrection {
    pub state: CorrectionState,
    #[validate(length(min = 1, max = 1000))]
    pub answer: String,
}

/// A request to correct a transcript, with its clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TranscriptCorrection {
    pub id: TranscriptCorrectionId,
    pub transcript_id: TranscriptId,
    pub learner_id: LearnerId,
    pub full_name: String,
    pub class_name: String,
    pub school_year: String,
    pub text: String,
    pub asked_at: DateTime<Utc>,
    pub asked_by: String,
    /// The last of the ten working days (TT 70/2026 Đ.22 k.8).
    pub due_on: NaiveDate,
    pub late: bool,
    pub state: CorrectionState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<String>,
}

/// A transcript as the learner and their guardians see it: those that are issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FamilyTranscript {
    pub id: TranscriptId,
    pub school_year: String,
    pub school_name: String,
    pub class_name: String,
    pub state: TranscriptState,
    pub issued_at: DateTime<Utc>,
    pub check_code: String,
    pub corrections: Vec<TranscriptCorrection>,
}

// Signing

/// A key that a person, or a school, signs with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SigningKey {
    pub id: SigningKeyId,
    pub kind: KeyKind,
    pub label: String,
    /// Whose: the common name on the certificate.
    pub subject: String,
    pub issuer: String,
    /// Of the certificate, SHA-256 in hex.
    pub fingerprint: String,
    pub not_before: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
    /// 60, 30 or 7 where it ends within so many days; 0 where it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_within_days: Option<u16>,
    /// Made by the authority for trials: of no legal force.
    pub trial: bool,
    /// Signing asks for a password (of the file) or PIN (of the token).
    pub needs_password: bool,
    /// The school's seal, not a person's key.
    pub seal: bool,
    /// Whose account it is, in the list of a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// A key to be kept: exactly one of its ways.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostSigningKey {
    /// What one calls it: "Chứng thư VGCA 2026".
    #[validate(length(min = 1, max = 100))]
    pub label: String,
    #[validate(nested)]
    pub source: KeySource,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum KeySource {
    /// A PKCS#12 file in base64. The password opens it once, to look at it, and is not kept.
    Pkcs12 { file: String, password: String },
    /// The key of a token at the server, by the token's label; the PIN opens it once.
    Pkcs11 { token: String, pin: String },
    /// A credential of the remote signing service.
    Remote { credential_id: String },
    /// Have the authority for trials make a certificate, where the server allows it. The password will be asked when signing.
    Trial { password: String },
}

impl Validate for KeySource {
    fn validate(&self) -> Result<(), validator::ValidationErrors> {
        let long = |field: &'static str, text: &str, max: usize| {
            let mut errors = validator::ValidationErrors::new();
            if text.is_empty() || text.len() > max {
                let mut error = validator::ValidationError::new("length");
                error.add_param("min".into(), &1);
                error.add_param("max".into(), &max);
                errors.add(field, error);
                return Err(errors);
            }
            Ok(())
        };
        match self {
            KeySource::Pkcs12 { file, password } => long("file", file, 100_000).and_then(|()| long("password", password, 200)),
            KeySource::Pkcs11 { token, pin } => long("token", token, 100).and_then(|()| long("pin", pin, 200)),
            KeySource::Remote { credential_id } => long("credential_id", credential_id, 200),
            KeySource::Trial { password } => long("password", password, 200),
        }
    }
}

/// What waits for the caller's signature, or will.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SigningTask {
    pub role: SigningRole,
    pub school_id: UnitId,
    pub school_name: String,
    pub class_id: ClassId,
    pub class_name: String,
    pub school_year: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name: Option<String>,
    /// Can be signed now.
    pub ready: u32,
    /// Wait for somebody else's signature first.
    pub waiting: u32,
    pub signed: u32,
}

/// Signing many transcripts in one act.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostSigningRun {
    pub key_id: SigningKeyId,
    /// Opens the key; it is not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    pub password: Option<String>,
    #[validate(length(min = 1, max = 400))]
    pub items: Vec<SigningItem>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SigningItem {
    pub role: SigningRole,
    pub class_id: ClassId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
}

/// How far a signing run is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SigningRun {
    pub id: SigningRunId,
    pub state: SigningRunState,
    pub total: u32,
    pub done: u32,
    pub failed: Vec<SigningFailure>,
    pub started_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
}

names! {
    SigningRunState {
        Running = "running", "Đang ký", "Signing";
        Done = "done", "Đã xong", "Done";
        /// The server was stopped in the middle. What was signed stands; the rest is signed by beginning again.
        Stopped = "stopped", "Bị dừng giữa chừng", "Stopped";
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SigningFailure {
    pub transcript_id: TranscriptId,
    pub full_name: String,
    pub class_name: String,
    pub code: String,
    pub vi: String,
    pub en: String,
}

/// What anyone may know who holds the code of a transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TranscriptCheck {
    pub state: TranscriptState,
    pub school_name: String,
    pub school_year: String,
    /// The name but for its middle: "Nguyễn … An". Whoever holds the paper compares.
    pub learner: String,
    pub content_hash: String,
    pub signatures: Vec<TranscriptSignature>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<DateTime<Utc>>,
    /// Day of the decision that took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_on: Option<NaiveDate>,
    /// Another one took its place.
    pub superseded: bool,
}

/// Whom the check of a transcript trusts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrustList {
    /// Certificates of authorities (DER or PEM), in base64.
    pub anchors: Vec<String>,
    /// Lists of revoked certificates, in base64.
    pub revocation_lists: Vec<String>,
}
