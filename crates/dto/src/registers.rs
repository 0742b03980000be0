//! Registers of a class as PDF files.

use crate::access::names;
use crate::gradebook::Period;
use crate::{LearnerId, SchoolYearId};
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
