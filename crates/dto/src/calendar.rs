//! School years, terms, grades and the catalogue of subjects.

use crate::SchoolYearId;
use crate::access::names;
use chrono::NaiveDate;
use regulations::SubjectKind;
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// A year group, preschool ages included.
    Grade {
        N1 = "n1", "Nhà trẻ 3-12 tháng", "Nursery 3-12 months";
        N2 = "n2", "Nhà trẻ 13-24 tháng", "Nursery 13-24 months";
        N3 = "n3", "Nhà trẻ 25-36 tháng", "Nursery 25-36 months";
        K3 = "k3", "Mẫu giáo 3-4 tuổi", "Kindergarten 3-4";
        K4 = "k4", "Mẫu giáo 4-5 tuổi", "Kindergarten 4-5";
        K5 = "k5", "Mẫu giáo 5-6 tuổi", "Kindergarten 5-6";
        G1 = "1", "Khối 1", "Grade 1";
        G2 = "2", "Khối 2", "Grade 2";
        G3 = "3", "Khối 3", "Grade 3";
        G4 = "4", "Khối 4", "Grade 4";
        G5 = "5", "Khối 5", "Grade 5";
        G6 = "6", "Khối 6", "Grade 6";
        G7 = "7", "Khối 7", "Grade 7";
        G8 = "8", "Khối 8", "Grade 8";
        G9 = "9", "Khối 9", "Grade 9";
        G10 = "10", "Khối 10", "Grade 10";
        G11 = "11", "Khối 11", "Grade 11";
        G12 = "12", "Khối 12", "Grade 12";
    }
}

impl Grade {
    /// 1 to 12; none for preschool.
    pub fn number(self) -> Option<u8> {
        self.as_str().parse().ok()
    }

    pub fn from_number(n: u8) -> Option<Grade> {
        n.to_string().parse().ok()
    }
}

names! {
    /// Half of a school year.
    Term {
        S1 = "1", "Học kì I", "Semester I";
        S2 = "2", "Học kì II", "Semester II";
    }
}

/// A school year with its two terms. 2026-2027: 18 + 17 weeks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SchoolYear {
    pub id: SchoolYearId,
    /// "2026-2027".
    pub code: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub terms: Vec<TermDates>,
    /// Today lies in it.
    pub current: bool,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermDates {
    pub term: Term,
    #[validate(range(min = 1, max = 30))]
    pub weeks: u8,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// Last day on which marks are due; a date for the to-do lists, not a lock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks_due_on: Option<NaiveDate>,
}

/// A new school year, or a change of one.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutSchoolYear {
    /// "2026-2027": two years that follow each other.
    #[validate(length(equal = 9))]
    pub code: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// Exactly two, in order.
    #[validate(length(equal = 2), nested)]
    pub terms: Vec<TermDates>,
}

/// A subject of the catalogue (Chương trình GDPT 2018).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Subject {
    /// Stable code: "TOAN".
    pub code: String,
    pub name_vi: String,
    pub name_en: String,
    pub kind: SubjectKind,
    pub offerings: Vec<SubjectOffering>,
}

/// A subject in one grade.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubjectOffering {
    pub grade: Grade,
    pub annual_periods: u16,
    pub compulsory: bool,
    /// The figure was read in the circular's text; `false`: taken from practice, see the source.
    pub verified: bool,
}
