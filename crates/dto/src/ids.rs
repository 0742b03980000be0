//! Identifiers: UUIDv7 made by the application, one newtype a resource.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map($name)
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                $name(id)
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }
    )+};
}

ids! {
    /// A person's way in: staff, guardian or learner.
    AccountId,
    /// One signed-in device of an account.
    SessionId,
    /// A role of an account on a unit.
    RoleGrantId,
    /// A node of the tree of units: Ministry, Sở, commune, school, campus.
    UnitId,
    /// A school year of the province.
    SchoolYearId,
    /// A class of one school in one school year (OneRoster: a homeroom class).
    ClassId,
    /// A child, one record for life.
    LearnerId,
    /// A parent or other guardian.
    GuardianId,
    /// A member of staff, one record for life, in one or more schools.
    StaffId,
    /// An import of a file.
    ImportId,
    /// A closing of a term for all classes of a unit.
    ClosingRunId,
    /// A line of the history of a unit.
    UnitDecisionId,
    UnitEventId,
    /// A rollover of the school year for all schools of a unit.
    RolloverRunId,
    /// A filter of a list that a person keeps under a name.
    SavedFilterId,
    /// A notice of the contact book.
    NoticeId,
    /// A thread between a learner's guardians and a teacher.
    ThreadId,
    /// A report of a message.
    ReportId,
    /// A request for leave.
    LeaveRequestId,
    /// A device that takes web push.
    PushSubscriptionId,
    /// A message that left, or is to leave, through a channel.
    DeliveryId,
    /// A note on a learner's conduct.
    ConductNoteId,
    /// A request to open locked columns of a mark sheet.
    MarkOpeningId,
    /// A phrase of a school's bank.
    PhraseId,
    /// A digital transcript: one school year of one learner.
    TranscriptId,
    /// A request to correct a transcript.
    TranscriptCorrectionId,
    TransferPackageId,
    ConsentRecordId,
    /// What somebody asked to erase of a learner.
    ErasureId,
    PublicationId,
    /// A key that a person or a school signs with.
    SigningKeyId,
    /// Signing many transcripts in one act.
    SigningRunId,
    /// A record of a kind in the file of a member of staff.
    StaffRecordId,
    /// What a member of staff asks to have corrected.
    StaffProposalId,
    /// A training course.
    TrainingId,
    /// An investment project of a school.
    ProjectId,
    /// Registers of a whole school in one run.
    RegisterRunId,
    /// A room of a school.
    RoomId,
    /// A photo of a school's facilities.
    FacilityPhotoId,
    /// A file of a school.
    FileId,
    /// A file that is on its way.
    UploadId,
    /// What a rule of data quality has found.
    QualityFindingId,
    /// Two records of one child made one.
    LearnerMergeId,
    /// A learner going from one school to another.
    TransferId,
    /// A round of health checks of a school.
    HealthRoundId,
    /// A vaccination of a learner.
    VaccinationId,
    /// A condition in a learner's health file.
    HealthConditionId,
    /// An entry of the first-aid log.
    FirstAidId,
    /// A request about a learner's data.
    DataRequestId,
    /// A full export of a school.
    ExitId,
    /// A file that was sent to an authority, with its manifest.
    ExchangePackageId,
    /// A subject group of a school (tổ chuyên môn).
    SubjectGroupId,
    /// A teaching plan.
    TeachingPlanId,
}
