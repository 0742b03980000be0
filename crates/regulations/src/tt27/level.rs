//! The words of TT 27/2020: levels of subjects and of qualities and competencies, year groups, completion, awards.

use serde::{Deserialize, Serialize};

use crate::entry::{CellValue, Lang};
use crate::fold::fold;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $vi:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// All of them, lowest first.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The Vietnamese name of the circular.
            pub const fn vi(self) -> &'static str {
                match self { $($name::$variant => $vi,)+ }
            }

            /// An English name.
            pub const fn en(self) -> &'static str {
                match self { $($name::$variant => $en,)+ }
            }

            /// The name in the given language.
            pub const fn text(self, lang: Lang) -> &'static str {
                match lang {
                    Lang::Vi => self.vi(),
                    Lang::En => self.en(),
                }
            }

            /// The stable code, the same as in JSON.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)+ }
            }

            /// From the stable code.
            pub fn from_code(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|word| word.code() == code)
            }
        }
    };
}

words! {
    /// The level of a subject or activity (Đ.7 k.1), lowest first.
    SubjectLevel {
        /// C.
        NotCompleted = "not_completed", "Chưa hoàn thành", "Not yet completed";
        /// H.
        Completed = "completed", "Hoàn thành", "Completed";
        /// T.
        CompletedWell = "completed_well", "Hoàn thành tốt", "Completed well";
    }
}

words! {
    /// The level of a quality or a competency (Đ.8), lowest first.
    TraitLevel {
        /// C.
        NeedsEffort = "needs_effort", "Cần cố gắng", "Needs effort";
        /// Đ.
        Met = "met", "Đạt", "Met";
        /// T.
        Good = "good", "Tốt", "Good";
    }
}

words! {
    /// The four groups of a year's education (Đ.9 k.2), lowest first.
    Group {
        NotCompleted = "not_completed", "Chưa hoàn thành", "Not yet completed";
        Completed = "completed", "Hoàn thành", "Completed";
        CompletedWell = "completed_well", "Hoàn thành tốt", "Completed well";
        Excellent = "excellent", "Hoàn thành xuất sắc", "Completed with excellence";
    }
}

words! {
    /// Whether the programme of the grade is completed (Đ.11).
    Completion {
        /// The principal decided that it is not.
        Retained = "retained", "Chưa hoàn thành chương trình lớp học", "Has not completed the grade";
        /// Help first, then another assessment.
        Support = "support", "Được hướng dẫn, giúp đỡ rồi đánh giá bổ sung", "To be helped, then assessed again";
        /// Assessed again and still short: the principal decides.
        PrincipalDecides = "principal_decides", "Hiệu trưởng xem xét, quyết định", "The principal decides";
        Completed = "completed", "Hoàn thành chương trình lớp học", "Has completed the grade";
    }
}

words! {
    /// The titles of the end of a year (Đ.13 k.1), lower first.
    PrimaryAward {
        /// Asks for the group Hoàn thành tốt, and that the class recognises it.
        Exemplary = "exemplary", "Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện", "Exemplary student in learning and training";
        Excellent = "excellent", "Học sinh Xuất sắc", "Excellent student";
    }
}

impl SubjectLevel {
    /// The letter of the register: T, H, C.
    pub const fn letter(self) -> &'static str {
        match self {
            SubjectLevel::CompletedWell => "T",
            SubjectLevel::Completed => "H",
            SubjectLevel::NotCompleted => "C",
        }
    }

    /// As a cell of the grade book.
    pub const fn cell(self) -> CellValue {
        match self {
            SubjectLevel::CompletedWell => CellValue::Good,
            SubjectLevel::Completed => CellValue::Done,
            SubjectLevel::NotCompleted => CellValue::Weak,
        }
    }

    /// From a cell of the grade book.
    pub const fn of_cell(cell: CellValue) -> Option<SubjectLevel> {
        match cell {
            CellValue::Good => Some(SubjectLevel::CompletedWell),
            CellValue::Done => Some(SubjectLevel::Completed),
            CellValue::Weak => Some(SubjectLevel::NotCompleted),
            _ => None,
        }
    }

    /// Reads the letter or the name; case, marks and normal form do not matter.
    pub fn parse_vi(text: &str) -> Option<SubjectLevel> {
        match fold(text).as_str() {
            "t" | "hoan thanh tot" | "htt" => Some(SubjectLevel::CompletedWell),
            "h" | "hoan thanh" | "ht" => Some(SubjectLevel::Completed),
            "c" | "chua hoan thanh" | "cht" => Some(SubjectLevel::NotCompleted),
            _ => None,
        }
    }
}

impl TraitLevel {
    /// The letter of the register: T, Đ, C.
    pub const fn letter(self) -> &'static str {
        match self {
            TraitLevel::Good => "T",
            TraitLevel::Met => "Đ",
            TraitLevel::NeedsEffort => "C",
        }
    }

    /// As a cell of the grade book.
    pub const fn cell(self) -> CellValue {
        match self {
            TraitLevel::Good => CellValue::Good,
            TraitLevel::Met => CellValue::Pass,
            TraitLevel::NeedsEffort => CellValue::Weak,
        }
    }

    /// From a cell of the grade book.
    pub const fn of_cell(cell: CellValue) -> Option<TraitLevel> {
        match cell {
            CellValue::Good => Some(TraitLevel::Good),
            CellValue::Pass => Some(TraitLevel::Met),
            CellValue::Weak => Some(TraitLevel::NeedsEffort),
            _ => None,
        }
    }

    /// Reads the letter or the name; case, marks and normal form do not matter.
    pub fn parse_vi(text: &str) -> Option<TraitLevel> {
        match fold(text).as_str() {
            "t" | "tot" => Some(TraitLevel::Good),
            "d" | "dat" => Some(TraitLevel::Met),
            "c" | "can co gang" | "ccg" => Some(TraitLevel::NeedsEffort),
            _ => None,
        }
    }
}

impl Group {
    /// The next higher group, if there is one.
    pub const fn next(self) -> Option<Group> {
        match self {
            Group::NotCompleted => Some(Group::Completed),
            Group::Completed => Some(Group::CompletedWell),
            Group::CompletedWell => Some(Group::Excellent),
            Group::Excellent => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_names_and_cells_go_there_and_back() {
        for level in SubjectLevel::ALL.iter().copied() {
            assert_eq!(SubjectLevel::parse_vi(level.letter()), Some(level));
            assert_eq!(SubjectLevel::parse_vi(level.vi()), Some(level));
            assert_eq!(SubjectLevel::of_cell(level.cell()), Some(level));
            assert_eq!(SubjectLevel::from_code(level.code()), Some(level));
        }
        for level in TraitLevel::ALL.iter().copied() {
            assert_eq!(TraitLevel::parse_vi(level.letter()), Some(level));
            assert_eq!(TraitLevel::parse_vi(level.vi()), Some(level));
            assert_eq!(TraitLevel::of_cell(level.cell()), Some(level));
        }
        assert_eq!(TraitLevel::parse_vi("H"), None);
        assert_eq!(SubjectLevel::parse_vi("Đ"), None);
        assert!(Group::Excellent > Group::CompletedWell && Group::Completed > Group::NotCompleted);
        assert_eq!(serde_json::to_string(&Group::CompletedWell).expect("json"), "\"completed_well\"");
    }
}
