//! The five qualities and the three and seven competencies of the programme of 2018 (TT 27/2020 Đ.5, Đ.8).

use super::choices::Choices;
use crate::entry::Lang;

/// What kind of trait it is; in the grade book each kind is one sheet of the class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TraitKind {
    /// Phẩm chất chủ yếu.
    Quality,
    /// Năng lực chung.
    General,
    /// Năng lực đặc thù.
    Specific,
}

/// A quality or a competency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trait {
    /// A stable code of this catalogue.
    pub code: &'static str,
    /// The kind, which is also its sheet.
    pub kind: TraitKind,
    /// Its place in its sheet, from 1.
    pub number: u8,
    /// The Vietnamese name.
    pub vi: &'static str,
    /// An English name.
    pub en: &'static str,
}

impl TraitKind {
    /// In the order of the register.
    pub const ALL: [TraitKind; 3] = [TraitKind::Quality, TraitKind::General, TraitKind::Specific];

    /// The code of its sheet in the catalogue of subjects.
    pub const fn sheet(self) -> &'static str {
        match self {
            TraitKind::Quality => "PHAM_CHAT",
            TraitKind::General => "NL_CHUNG",
            TraitKind::Specific => "NL_DAC_THU",
        }
    }

    /// The kind whose sheet has this code.
    pub fn of_sheet(code: &str) -> Option<TraitKind> {
        TraitKind::ALL.into_iter().find(|kind| kind.sheet() == code)
    }

    /// What stands before the name of one in a sentence.
    pub const fn word(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (TraitKind::Quality, Lang::Vi) => "phẩm chất",
            (_, Lang::Vi) => "năng lực",
            (TraitKind::Quality, Lang::En) => "the quality",
            (_, Lang::En) => "the competency",
        }
    }
}

const fn t(kind: TraitKind, number: u8, code: &'static str, vi: &'static str, en: &'static str) -> Trait {
    Trait { code, kind, number, vi, en }
}

use TraitKind::{General, Quality, Specific};

static TRAITS: [Trait; 15] = [
    t(Quality, 1, "PC_YEU_NUOC", "Yêu nước", "Patriotism"),
    t(Quality, 2, "PC_NHAN_AI", "Nhân ái", "Kindness"),
    t(Quality, 3, "PC_CHAM_CHI", "Chăm chỉ", "Diligence"),
    t(Quality, 4, "PC_TRUNG_THUC", "Trung thực", "Honesty"),
    t(Quality, 5, "PC_TRACH_NHIEM", "Trách nhiệm", "Responsibility"),
    t(General, 1, "NL_TU_CHU", "Tự chủ và tự học", "Self-reliance and self-study"),
    t(General, 2, "NL_GIAO_TIEP", "Giao tiếp và hợp tác", "Communication and cooperation"),
    t(General, 3, "NL_GIAI_QUYET", "Giải quyết vấn đề và sáng tạo", "Problem solving and creativity"),
    t(Specific, 1, "NL_NGON_NGU", "Ngôn ngữ", "Language"),
    t(Specific, 2, "NL_TINH_TOAN", "Tính toán", "Calculation"),
    t(Specific, 3, "NL_KHOA_HOC", "Khoa học", "Science"),
    t(Specific, 4, "NL_CONG_NGHE", "Công nghệ", "Technology"),
    t(Specific, 5, "NL_TIN_HOC", "Tin học", "Informatics"),
    t(Specific, 6, "NL_THAM_MI", "Thẩm mĩ", "Aesthetics"),
    t(Specific, 7, "NL_THE_CHAT", "Thể chất", "Physique"),
];

/// All fifteen, in the order of the register.
pub fn traits() -> &'static [Trait] {
    &TRAITS
}

/// The traits that are assessed in a grade.
pub fn traits_of(grade: u8, choices: &Choices) -> impl Iterator<Item = &'static Trait> + use<> {
    let technology = grade >= choices.technology_from_grade;
    TRAITS.iter().filter(move |one| technology || !matches!(one.code, "NL_CONG_NGHE" | "NL_TIN_HOC"))
}

/// The trait with this code.
pub fn trait_of(code: &str) -> Option<&'static Trait> {
    TRAITS.iter().find(|one| one.code == code)
}

/// The trait of a place in a sheet.
pub fn trait_at(kind: TraitKind, number: u8) -> Option<&'static Trait> {
    TRAITS.iter().find(|one| one.kind == kind && one.number == number)
}

impl Trait {
    /// The name in the given language.
    pub const fn text(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Vi => self.vi,
            Lang::En => self.en,
        }
    }
}
