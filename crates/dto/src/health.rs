//! School health: check rounds by class, vaccinations, conditions, first aid, and who looked at what is kept sealed.
//!
//! Free text about a child's health and the finding on mental health are sealed field by field; they are read with a stated purpose, and
//! each look is kept for the family to see.

use crate::access::names;
use crate::calendar::Grade;
use crate::gradebook::CellResult;
use crate::growth::GrowthEntry;
use crate::{ClassId, FirstAidId, HealthConditionId, HealthRoundId, LearnerId, UnitId, VaccinationId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What a round of checks is for (TTLT 13/2016 Đ.9; NĐ 165/2026 Đ.5 for the start of the year).
    HealthRoundKind {
        StartOfYear = "start_of_year", "Khám đầu năm", "Start of the year";
        Periodic = "periodic", "Khám định kì", "Periodic";
        Specialist = "specialist", "Khám chuyên khoa", "Specialist";
        Entry = "entry", "Khi nhập học", "On entry";
    }
}

names! {
    /// The spine (gù, vẹo, ưỡn).
    SpineFinding {
        Normal = "normal", "Bình thường", "Normal";
        Scoliosis = "scoliosis", "Vẹo cột sống", "Scoliosis";
        Kyphosis = "kyphosis", "Gù", "Kyphosis";
        Lordosis = "lordosis", "Ưỡn", "Lordosis";
    }
}

names! {
    /// What the check of mental health came to; sealed.
    MentalFinding {
        Normal = "normal", "Bình thường", "Normal";
        Watch = "watch", "Cần theo dõi", "To be watched";
        Refer = "refer", "Chuyển khám chuyên khoa", "To be referred";
    }
}

names! {
    /// Where the school knows a vaccination from.
    VaccinationSource {
        Booklet = "booklet", "Sổ tiêm chủng", "Vaccination booklet";
        Register = "register", "Hệ thống tiêm chủng", "National register";
        Certificate = "certificate", "Giấy xác nhận", "Certificate";
        Family = "family", "Gia đình kể", "Told by the family";
        School = "school", "Tiêm tại trường", "Given at school";
    }
}

names! {
    /// A kind of condition.
    ConditionKind {
        History = "history", "Tiền sử bệnh", "History";
        Illness = "illness", "Bệnh đang theo dõi", "Illness";
        Allergy = "allergy", "Dị ứng", "Allergy";
        Disability = "disability", "Khuyết tật", "Disability";
    }
}

names! {
    /// What was done for a child.
    FirstAidKind {
        FirstAid = "first_aid", "Sơ cứu tại trường", "First aid at school";
        Referral = "referral", "Chuyển tuyến", "Referred";
        Rest = "rest", "Nghỉ tại phòng y tế", "Rest in the sick room";
        Medicine = "medicine", "Uống thuốc theo đơn gia đình gửi", "Medicine that the family sent";
    }
}

names! {
    /// Why somebody opens what is sealed.
    ViewPurpose {
        Care = "care", "Chăm sóc, sơ cứu", "Care, first aid";
        Emergency = "emergency", "Cấp cứu", "Emergency";
        Check = "check", "Chuẩn bị khám sức khoẻ", "Preparing a check";
        Teaching = "teaching", "Sắp xếp dạy học, ăn uống, vận động cho học sinh", "Arranging lessons, meals, sport";
        Family = "family", "Gia đình yêu cầu", "The family asked";
        Other = "other", "Việc khác (ghi rõ)", "Something else (say what)";
    }
}

/// A round of checks (đợt khám) of a school.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HealthRound {
    pub id: HealthRoundId,
    pub school_id: UnitId,
    pub name: String,
    pub kind: HealthRoundKind,
    pub held_on: NaiveDate,
    /// Who examined: the commune health station, a hospital.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examiner: Option<String>,
    /// Once finished, results no longer change.
    pub finished: bool,
    /// Learners with a result.
    pub checked: u32,
    pub version: i64,
}

/// A new round.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostHealthRound {
    #[validate(length(min = 1, max = 120))]
    pub name: String,
    pub kind: HealthRoundKind,
    pub held_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    pub examiner: Option<String>,
}

/// A round as it shall be.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutHealthRound {
    #[validate(length(min = 1, max = 120))]
    pub name: String,
    pub kind: HealthRoundKind,
    pub held_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    pub examiner: Option<String>,
    pub finished: bool,
}

/// What a check found, without what is sealed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HealthFindings {
    /// mmHg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 40, max = 250))]
    pub systolic: Option<u16>,
    /// mmHg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 20, max = 180))]
    pub diastolic: Option<u16>,
    /// Beats a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 30, max = 250))]
    pub pulse: Option<u16>,
    /// Acuity of the right eye in hundredths: 10/10 is 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 200))]
    pub vision_right: Option<u16>,
    /// Acuity of the left eye in hundredths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 200))]
    pub vision_left: Option<u16>,
    /// Taken with glasses.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub glasses: bool,
    /// Decayed teeth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 32))]
    pub caries: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spine: Option<SpineFinding>,
}

/// What of a check is sealed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SealedFindings {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mental: Option<MentalFinding>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub note: Option<String>,
}

/// A class in a round of checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassHealth {
    pub round: HealthRound,
    pub class_id: ClassId,
    pub class_name: String,
    pub school_name: String,
    pub grade: Grade,
    pub writable: bool,
    pub rows: Vec<HealthRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HealthRow {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub birth_date: NaiveDate,
    /// Left the class: shown, not to be examined here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
    pub findings: HealthFindings,
    /// Something sealed is kept of this check.
    pub sealed: bool,
    /// Of the findings; 0 while there are none.
    pub version: i64,
    /// Weight and height of the day of the round; kept with the child's growth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth: Option<GrowthEntry>,
    pub growth_version: i64,
}

/// What was found in a class. Each row carries the versions that its writer saw.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutClassHealth {
    #[validate(length(min = 1, max = 200), nested)]
    pub rows: Vec<PutHealthRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutHealthRow {
    pub learner_id: LearnerId,
    #[validate(nested)]
    pub findings: HealthFindings,
    /// In place of what is sealed; left out, that stays as it is (the grid does not show it). Empty takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub sealed: Option<SealedFindings>,
    pub version: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 500, max = 250_000))]
    pub weight_g: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 300, max = 2_300))]
    pub height_mm: Option<u32>,
    pub growth_version: i64,
}

/// What became of each row, in the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassHealthSaved {
    pub rows: Vec<HealthOutcome>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HealthOutcome {
    pub learner_id: LearnerId,
    pub outcome: CellResult,
    /// As it stands now.
    pub findings: HealthFindings,
    pub sealed: bool,
    pub version: i64,
    /// Of weight and height.
    pub growth_outcome: CellResult,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth: Option<GrowthEntry>,
    pub growth_version: i64,
}

/// Counts of a school: never a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HealthOverview {
    pub school_id: UnitId,
    /// The round that is counted: the one asked for, else the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<HealthRound>,
    pub classes: Vec<ClassHealthCount>,
    /// Learners by the acuity of the weaker eye, in the order of the bands.
    pub vision: Vec<HealthBand>,
    /// Learners by the number of decayed teeth.
    pub caries: Vec<HealthBand>,
    /// Learners whose spine is not normal.
    pub spine: u32,
    /// Learners by kind of condition that is kept; of learners who are in the school's classes today.
    pub conditions: Vec<ConditionCount>,
    /// First aid of this school year by kind.
    pub first_aid: Vec<FirstAidCount>,
    /// Learners with at least one vaccination kept.
    pub vaccinated: u32,
    pub learners: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassHealthCount {
    pub class_id: ClassId,
    pub class_name: String,
    pub learners: u32,
    pub checked: u32,
}

/// How many lie in a band. The bands are a way to draw, no diagnosis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HealthBand {
    /// Lowest value of the band (hundredths of acuity, or teeth).
    pub from: u16,
    /// Highest value of the band.
    pub to: u16,
    pub learners: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConditionCount {
    pub kind: ConditionKind,
    pub learners: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FirstAidCount {
    pub kind: FirstAidKind,
    pub cases: u32,
}

/// `?round_id=` of the overview.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct HealthOverviewQuery {
    /// Left out: the latest round.
    pub round_id: Option<HealthRoundId>,
}

/// A check of one learner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HealthCheck {
    pub round_id: HealthRoundId,
    pub round_name: String,
    pub kind: HealthRoundKind,
    pub held_on: NaiveDate,
    pub school_name: String,
    pub findings: HealthFindings,
    pub sealed: bool,
}

/// A vaccination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Vaccination {
    pub id: VaccinationId,
    pub vaccine: String,
    pub dose: u16,
    /// Where the day is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_on: Option<NaiveDate>,
    pub source: VaccinationSource,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostVaccination {
    #[validate(length(min = 1, max = 120))]
    pub vaccine: String,
    #[validate(range(min = 1, max = 20))]
    pub dose: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_on: Option<NaiveDate>,
    pub source: VaccinationSource,
}

impl From<Vaccination> for PostVaccination {
    fn from(of: Vaccination) -> Self {
        PostVaccination { vaccine: of.vaccine, dose: of.dose, given_on: of.given_on, source: of.source }
    }
}

/// That there is a condition, without what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConditionStub {
    pub id: HealthConditionId,
    pub kind: ConditionKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// The homeroom teacher is told what to do.
    pub shared: bool,
    pub active: bool,
    pub version: i64,
}

/// A condition as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutCondition {
    pub kind: ConditionKind,
    /// What it is; sealed.
    #[validate(length(min = 1, max = 1000))]
    pub detail: String,
    /// What the homeroom teacher must know and do; sealed, and given to them alone. Left out: nothing is shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 300))]
    pub alert: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    pub active: bool,
}

/// A condition, opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Condition {
    pub id: HealthConditionId,
    pub kind: ConditionKind,
    pub detail: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    pub active: bool,
    pub version: i64,
}

impl From<Condition> for PutCondition {
    fn from(of: Condition) -> Self {
        PutCondition { kind: of.kind, detail: of.detail, alert: of.alert, since: of.since, active: of.active }
    }
}

/// An entry of the first-aid log, without what happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FirstAid {
    pub id: FirstAidId,
    pub learner_id: LearnerId,
    pub full_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_name: Option<String>,
    pub at: DateTime<Utc>,
    pub kind: FirstAidKind,
    /// Where the child was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referred_to: Option<String>,
    pub by: String,
    /// When and how the family was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_how: Option<String>,
    pub version: i64,
}

/// An entry of the first-aid log as it shall be.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutFirstAid {
    pub at: DateTime<Utc>,
    pub kind: FirstAidKind,
    /// What happened and what was done; sealed. Left out of a change: as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 1000))]
    pub what: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    pub referred_to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    pub told_how: Option<String>,
}

/// The health file of a learner, without what is sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerHealth {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub birth_date: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_name: Option<String>,
    /// The caller may write in it.
    pub writable: bool,
    /// Newest first.
    pub checks: Vec<HealthCheck>,
    pub vaccinations: Vec<Vaccination>,
    pub conditions: Vec<ConditionStub>,
    pub first_aid: Vec<FirstAid>,
    /// Who opened what is sealed, newest first.
    pub views: Vec<HealthView>,
}

/// Why one opens what is sealed.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostHealthView {
    pub purpose: ViewPurpose,
    /// Needed where the purpose is `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 300))]
    pub note: Option<String>,
}

/// What is sealed of a learner's health file, opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenedHealth {
    pub learner_id: LearnerId,
    pub conditions: Vec<Condition>,
    pub checks: Vec<OpenedCheck>,
    pub first_aid: Vec<OpenedFirstAid>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenedCheck {
    pub round_id: HealthRoundId,
    pub findings: SealedFindings,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenedFirstAid {
    pub id: FirstAidId,
    pub what: String,
}

/// Somebody opened what is sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HealthView {
    pub at: DateTime<Utc>,
    pub by: String,
    pub purpose: ViewPurpose,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Only what is shared with the homeroom teacher.
    pub alerts_only: bool,
}

/// What the homeroom teacher must know of the children of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassAlerts {
    pub class_id: ClassId,
    pub class_name: String,
    pub items: Vec<HealthAlert>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HealthAlert {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub kind: ConditionKind,
    pub alert: String,
}

/// A child's health as its family sees it: all of it, and who looked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChildHealth {
    pub file: LearnerHealth,
    pub opened: OpenedHealth,
}
