//! What a transcript says. Everything is as it is printed: marks are decimal text, levels are their Vietnamese words or letters, so
//! that a reader needs no table of ours.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One school year of one learner (TT 70/2026 Đ.7: built for each school year).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub id: Uuid,
    /// The transcript that was revoked and that this one takes the place of.
    pub replaces: Option<Uuid>,
    /// The circular that the year was assessed by: `TT22`, `TT27` or `TT58`.
    pub regulation: String,
    /// `2025-2026`.
    pub school_year: String,
    pub school: School,
    pub learner: Learner,
    pub class: Class,
    /// In the order of print.
    pub subjects: Vec<Subject>,
    pub homeroom: Homeroom,
    /// Results of the whole year.
    pub year: Vec<Outcome>,
    /// Terms of the year that another school taught.
    pub former: Vec<FormerTerm>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct School {
    pub code: String,
    pub name: String,
    /// Commune and province, as the address line of a form has them.
    pub place: String,
    pub principal: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learner {
    /// Số định danh cá nhân, 12 digits.
    pub personal_id: Option<String>,
    /// Mã định danh of the Ministry's database.
    pub ministry_code: Option<String>,
    pub full_name: String,
    pub birth_date: NaiveDate,
    /// `Nam` or `Nữ`.
    pub sex: String,
    pub ethnicity: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    pub name: String,
    /// 1 to 12.
    pub grade: u8,
    pub homeroom_teacher: String,
}

/// What the teacher of one subject vouches for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub code: String,
    pub name: String,
    /// Who teaches it; several where they share it.
    pub teachers: Vec<String>,
    pub entries: Vec<Entry>,
    /// Of the whole year.
    pub comment: Option<String>,
}

/// What stands for one period: an average ("7,9"), "Đ", "CĐ", or in primary a level T/H/C and where there is one a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub period: Period,
    /// `Miễn` for who is exempt.
    pub value: String,
    /// The mark of the test, in primary.
    pub test: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// Học kì I; in primary the end of it.
    S1,
    /// Học kì II.
    S2,
    /// Cả năm.
    Year,
    /// Đánh giá lại, kiểm tra lại (TT 22/2021 Đ.14; TT 27/2020 Đ.11).
    Again,
}

/// What the homeroom teacher vouches for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Homeroom {
    /// Conduct; in primary the qualities and competencies.
    pub assessments: Vec<Assessment>,
    pub absences: Option<Absences>,
    pub comments: Vec<Comment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// `conduct`, or the code of a quality or competency.
    pub code: String,
    /// As it is printed.
    pub name: String,
    pub period: Period,
    pub value: String,
}

/// Half-days (buổi).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absences {
    pub with_permission: u16,
    pub without_permission: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    pub period: Period,
    pub text: String,
}

/// A result of the year: `learning`, `conduct`, `overall`, `group`, `promotion`, `award`, `completion`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub code: String,
    /// As it is printed: "Kết quả học tập", "Danh hiệu".
    pub name: String,
    pub period: Period,
    pub value: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerTerm {
    pub period: Period,
    pub school: String,
}

/// Who signs, in the order of signing (TT 70/2026 Đ.9).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "role", content = "subject")]
pub enum Role {
    /// Of the subject with this code: vouches for its entries and comment.
    Subject(String),
    /// Vouches for the whole content, after all subjects.
    Homeroom,
    /// Vouches for the whole content and the homeroom teacher's signature.
    Principal,
    /// The school's seal: over everything, the principal's signature with it.
    Seal,
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Role::Subject(code) => write!(f, "subject {code}"),
            Role::Homeroom => f.write_str("homeroom"),
            Role::Principal => f.write_str("principal"),
            Role::Seal => f.write_str("seal"),
        }
    }
}
