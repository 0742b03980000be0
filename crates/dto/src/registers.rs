//! Registers of a class as PDF files.

use crate::access::names;
use crate::closing_runs::RunState;
use crate::gradebook::Period;
use crate::{LearnerId, RegisterRunId, SchoolYearId, UnitId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What can be drawn of a class.
    RegisterForm {
        /// The list, each subject's marks of both terms, the results of each period.
        Assessment = "assessment", "Sổ theo dõi và đánh giá học sinh", "Assessment register";
        Marks = "marks", "Bảng điểm", "Mark tables";
        Homeroom = "homeroom", "Sổ chủ nhiệm", "Homeroom register";
        /// Absences by date, a page for each month.
        Roll = "roll", "Sổ gọi tên", "Roll";
        /// A page for each learner, for the family.
        Slips = "slips", "Phiếu liên lạc", "Report slips";
        /// A page for each learner with an award of the year.
        Awards = "awards", "Giấy khen", "Award certificates";
    }
}

/// `?copy=&period=&learner_id=` of a register.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct RegisterQuery {
    /// Marks each page as a copy: "BẢN SAO".
    #[serde(default)]
    pub copy: bool,
    /// Of mark tables: one period alone; all three where it is left out.
    pub period: Option<Period>,
    /// Of slips and certificates: of one learner alone.
    pub learner_id: Option<LearnerId>,
}

/// `?school_year_id=&copy=` of sổ đăng bộ.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct AdmissionsQuery {
    /// The year in which learners came, the summer before it included; the current one where it is left out.
    pub school_year_id: Option<SchoolYearId>,
    /// Marks each page as a copy: "BẢN SAO".
    #[serde(default)]
    pub copy: bool,
}

/// `?copy=` of a subject's mark table.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CopyQuery {
    /// Marks each page as a copy: "BẢN SAO".
    #[serde(default)]
    pub copy: bool,
}

/// Draw registers of all classes of a school.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostRegisterRun {
    /// The current year where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_year_id: Option<SchoolYearId>,
    #[validate(length(min = 1, max = 10))]
    pub forms: Vec<RegisterForm>,
    /// Marks each page as a copy: "BẢN SAO".
    #[serde(default)]
    pub copy: bool,
}

/// Registers of a whole school: how far they are, and what could not be drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterRun {
    pub id: RegisterRunId,
    pub school_id: UnitId,
    pub school_year: String,
    pub forms: Vec<RegisterForm>,
    pub state: RunState,
    /// Registers: classes by forms.
    pub total: u32,
    /// Drawn or skipped.
    pub done: u32,
    pub skipped: Vec<SkippedRegister>,
    pub started_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
}

/// A register that could not be drawn, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SkippedRegister {
    pub class_name: String,
    pub form: RegisterForm,
    pub vi: String,
    pub en: String,
}
