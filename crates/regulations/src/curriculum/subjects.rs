//! The subjects and activities of the programme.

use serde::Serialize;

use crate::entry::SubjectKind::{self, Comment, Score};

/// A stage of general education.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Stage {
    /// Tiểu học, grades 1-5.
    Primary,
    /// Trung học cơ sở, grades 6-9.
    LowerSecondary,
    /// Trung học phổ thông, grades 10-12.
    UpperSecondary,
}

/// The stage of a grade; `None` outside 1..=12.
pub const fn stage(grade: u8) -> Option<Stage> {
    match grade {
        1..=5 => Some(Stage::Primary),
        6..=9 => Some(Stage::LowerSecondary),
        10..=12 => Some(Stage::UpperSecondary),
        _ => None,
    }
}

/// A subject or activity of the programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// A stable code of this catalogue, ASCII capitals (no official code list was found).
    pub code: &'static str,
    /// The Vietnamese name of the programme.
    pub vi: &'static str,
    /// A short Vietnamese name for headings.
    pub short_vi: &'static str,
    /// An English name.
    pub en: &'static str,
    /// How it is assessed in grades 6-12 (TT 22/2021 Đ.5). For subjects of primary school alone, `score` means that it
    /// has periodic tests with marks (TT 27/2020 Đ.7).
    pub kind: SubjectKind,
}

const fn s(code: &'static str, vi: &'static str, short_vi: &'static str, en: &'static str, kind: SubjectKind) -> Subject {
    Subject { code, vi, short_vi, en, kind }
}

/// In the order of the programme: an official form lists them so.
static SUBJECTS: [Subject; 32] = [
    s("TIENG_VIET", "Tiếng Việt", "Tiếng Việt", "Vietnamese", Score),
    s("NGU_VAN", "Ngữ văn", "Ngữ văn", "Literature", Score),
    s("TOAN", "Toán", "Toán", "Mathematics", Score),
    s("NN1", "Ngoại ngữ 1", "Ngoại ngữ", "Foreign language 1", Score),
    s("DAO_DUC", "Đạo đức", "Đạo đức", "Ethics", Comment),
    s("TNXH", "Tự nhiên và Xã hội", "TN&XH", "Nature and society", Comment),
    s("GDCD", "Giáo dục công dân", "GDCD", "Civic education", Score),
    s("LSDL", "Lịch sử và Địa lí", "LS&ĐL", "History and geography", Score),
    s("KHOA_HOC", "Khoa học", "Khoa học", "Science", Score),
    s("KHTN", "Khoa học tự nhiên", "KHTN", "Natural science", Score),
    s("LICH_SU", "Lịch sử", "Lịch sử", "History", Score),
    s("DIA_LI", "Địa lí", "Địa lí", "Geography", Score),
    s("GDKTPL", "Giáo dục kinh tế và pháp luật", "GDKT&PL", "Economics and law", Score),
    s("VAT_LI", "Vật lí", "Vật lí", "Physics", Score),
    s("HOA_HOC", "Hóa học", "Hóa học", "Chemistry", Score),
    s("SINH_HOC", "Sinh học", "Sinh học", "Biology", Score),
    s("CONG_NGHE", "Công nghệ", "Công nghệ", "Technology", Score),
    s("TIN_HOC", "Tin học", "Tin học", "Informatics", Score),
    s("TIN_CN", "Tin học và Công nghệ", "Tin - CN", "Informatics and technology", Score),
    s("GDTC", "Giáo dục thể chất", "GDTC", "Physical education", Comment),
    s("GDQP_AN", "Giáo dục quốc phòng và an ninh", "GDQP-AN", "Defence and security education", Score),
    s("NGHE_THUAT", "Nghệ thuật", "Nghệ thuật", "Arts", Comment),
    s("AM_NHAC", "Âm nhạc", "Âm nhạc", "Music", Comment),
    s("MI_THUAT", "Mĩ thuật", "Mĩ thuật", "Fine arts", Comment),
    s("HDTN", "Hoạt động trải nghiệm", "HĐTN", "Experiential activities", Comment),
    s("HDTN_HN", "Hoạt động trải nghiệm, hướng nghiệp", "HĐTN-HN", "Experiential and career activities", Comment),
    s("GDDP", "Nội dung giáo dục của địa phương", "GDĐP", "Local education", Comment),
    s("TIENG_DTTS", "Tiếng dân tộc thiểu số", "Tiếng DTTS", "Ethnic minority language", Score),
    s("NN2", "Ngoại ngữ 2", "Ngoại ngữ 2", "Foreign language 2", Score),
    // No subjects, but sheets of a primary class: what TT 27/2020 Đ.8 assesses beside them.
    s("PHAM_CHAT", "Phẩm chất", "Phẩm chất", "Qualities", Comment),
    s("NL_CHUNG", "Năng lực chung", "NL chung", "General competencies", Comment),
    s("NL_DAC_THU", "Năng lực đặc thù", "NL đặc thù", "Specific competencies", Comment),
];

/// All subjects, in the order of the programme.
pub fn subjects() -> &'static [Subject] {
    &SUBJECTS
}

/// The subject with this code.
pub fn subject(code: &str) -> Option<&'static Subject> {
    SUBJECTS.iter().find(|subject| subject.code == code)
}
