//! Levels, promotion and award: what a circular calls its results.

use serde::{Deserialize, Serialize};

use crate::entry::Lang;
use crate::fold::fold;

/// The four levels of learning (TT 22/2021 Đ.9) and of conduct (Đ.8), lowest first, so that `Good > Fail`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Level {
    /// Chưa đạt.
    Fail,
    /// Đạt.
    Pass,
    /// Khá.
    Fair,
    /// Tốt.
    Good,
}

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Level; 4] = [Level::Fail, Level::Pass, Level::Fair, Level::Good];

    /// The Vietnamese name of the circular.
    pub const fn vi(self) -> &'static str {
        match self {
            Level::Good => "Tốt",
            Level::Fair => "Khá",
            Level::Pass => "Đạt",
            Level::Fail => "Chưa đạt",
        }
    }

    /// An English name.
    pub const fn en(self) -> &'static str {
        match self {
            Level::Good => "Good",
            Level::Fair => "Fair",
            Level::Pass => "Pass",
            Level::Fail => "Not yet pass",
        }
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
        match self {
            Level::Good => "good",
            Level::Fair => "fair",
            Level::Pass => "pass",
            Level::Fail => "fail",
        }
    }

    /// From the stable code.
    pub fn from_code(code: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.code() == code)
    }

    /// Reads `Tốt`, `Khá`, `Đạt`, `Chưa đạt`, or the sheet's letters `T`, `K`, `Đ`, `CĐ`; case, marks and normal form do
    /// not matter.
    pub fn parse_vi(text: &str) -> Option<Level> {
        match text {
            "Tốt" => return Some(Level::Good),
            "Khá" => return Some(Level::Fair),
            "Đạt" => return Some(Level::Pass),
            "Chưa đạt" => return Some(Level::Fail),
            _ => {}
        }
        match fold(text).as_str() {
            "tot" | "t" => Some(Level::Good),
            "kha" | "k" => Some(Level::Fair),
            "dat" | "d" => Some(Level::Pass),
            "chua dat" | "cd" => Some(Level::Fail),
            _ => None,
        }
    }

    /// How many steps above the lowest level: 0..=3.
    pub const fn rank(self) -> u8 {
        self as u8
    }

    /// The next higher level, if there is one.
    pub const fn next(self) -> Option<Level> {
        match self {
            Level::Fail => Some(Level::Pass),
            Level::Pass => Some(Level::Fair),
            Level::Fair => Some(Level::Good),
            Level::Good => None,
        }
    }
}

/// What follows from a year's results (TT 22/2021 Đ.12-14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Promotion {
    /// Lên lớp (in grades 9 and 12: completes the programme).
    Promoted,
    /// Has to be re-assessed in the summer.
    Reassess,
    /// Has to train conduct in the summer.
    SummerTraining,
    /// Repeats the year.
    Retained,
}

impl Promotion {
    /// The Vietnamese name.
    pub const fn vi(self) -> &'static str {
        match self {
            Promotion::Promoted => "Được lên lớp",
            Promotion::Reassess => "Đánh giá lại trong kì nghỉ hè",
            Promotion::SummerTraining => "Rèn luyện trong kì nghỉ hè",
            Promotion::Retained => "Không được lên lớp",
        }
    }

    /// An English name.
    pub const fn en(self) -> &'static str {
        match self {
            Promotion::Promoted => "Promoted",
            Promotion::Reassess => "To be re-assessed in the summer",
            Promotion::SummerTraining => "Summer conduct training",
            Promotion::Retained => "Not promoted",
        }
    }

    /// The stable code, the same as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Promotion::Promoted => "promoted",
            Promotion::Reassess => "reassess",
            Promotion::SummerTraining => "summer-training",
            Promotion::Retained => "retained",
        }
    }

    /// From the stable code.
    pub fn from_code(code: &str) -> Option<Promotion> {
        [Promotion::Promoted, Promotion::Reassess, Promotion::SummerTraining, Promotion::Retained]
            .into_iter()
            .find(|promotion| promotion.code() == code)
    }

    /// Retained 0, a summer's work 1, promoted 2: the two kinds of summer work are neither better nor worse.
    pub const fn rank(self) -> u8 {
        match self {
            Promotion::Promoted => 2,
            Promotion::Reassess | Promotion::SummerTraining => 1,
            Promotion::Retained => 0,
        }
    }
}

/// The titles of a school year (TT 22/2021 Đ.15), lower first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Award {
    /// Học sinh Giỏi.
    Good,
    /// Học sinh Xuất sắc.
    Excellent,
}

impl Award {
    /// The Vietnamese title.
    pub const fn vi(self) -> &'static str {
        match self {
            Award::Excellent => "Học sinh Xuất sắc",
            Award::Good => "Học sinh Giỏi",
        }
    }

    /// An English title.
    pub const fn en(self) -> &'static str {
        match self {
            Award::Excellent => "Excellent student",
            Award::Good => "Good student",
        }
    }

    /// The stable code, the same as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Award::Excellent => "excellent",
            Award::Good => "good",
        }
    }

    /// From the stable code.
    pub fn from_code(code: &str) -> Option<Award> {
        [Award::Excellent, Award::Good].into_iter().find(|award| award.code() == code)
    }
}

/// A level before and after the one-subject adjustment (TT 22/2021 Đ.9 k.3); both `None` while a result is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Learning {
    /// Before the adjustment.
    pub base: Option<Level>,
    /// After it: the level that counts.
    pub level: Option<Level>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_names_and_codes() {
        assert!(Level::Good > Level::Fair && Level::Fair > Level::Pass && Level::Pass > Level::Fail);
        assert!(Award::Excellent > Award::Good);
        for level in Level::ALL {
            assert_eq!(Level::parse_vi(level.vi()), Some(level));
            assert_eq!(Level::from_code(level.code()), Some(level));
            assert_eq!(serde_json::to_string(&level).expect("json"), format!("\"{}\"", level.code()));
        }
        assert_eq!(Level::parse_vi("To\u{302}\u{301}t"), Some(Level::Good));
        assert_eq!(Level::parse_vi("chưa ĐẠT"), Some(Level::Fail));
        assert_eq!(Level::parse_vi("Giỏi"), None);
        assert_eq!(serde_json::to_string(&Promotion::SummerTraining).expect("json"), "\"summer-training\"");
        for code in ["promoted", "reassess", "summer-training", "retained"] {
            assert_eq!(Promotion::from_code(code).map(Promotion::code), Some(code));
        }
        assert_eq!(Award::from_code("excellent"), Some(Award::Excellent));
    }
}
