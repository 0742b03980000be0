//! Thông tư 58/2011/TT-BGDĐT, amended by Thông tư 26/2020/TT-BGDĐT: lower and upper secondary students of the years before
//! TT 22/2021 reached their grade. For old school records: what was printed is computed again.
//!
//! Unlike TT 22 it knows an overall average, five levels of learning (học lực) and four of conduct (hạnh kiểm). The text was not at
//! hand for every rule: what is common knowledge only stands in [`Choices`], with its default.

mod average;
mod classify;
mod promotion;
mod prose;
mod year;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod properties;

pub use average::{overall, regular_count, semester_average, year_average};
pub use classify::{Adjusted, Criteria, Standing, adjust, classify, criteria};
pub use promotion::{promotion, title};
pub use year::{Marks, YearInput, YearOutcome, YearSubject, YearSubjectOutcome, evaluate_year};

use serde::{Deserialize, Serialize};

use crate::fold::fold;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal, $vi:literal, $en:literal, $folded:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// All, lowest first.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];
            /// The Vietnamese name of the circular.
            pub const fn vi(self) -> &'static str { match self { $($name::$variant => $vi,)+ } }
            /// An English name.
            pub const fn en(self) -> &'static str { match self { $($name::$variant => $en,)+ } }
            /// The stable code, the same as in JSON.
            pub const fn code(self) -> &'static str { match self { $($name::$variant => $code,)+ } }
            /// Reads the Vietnamese name; case, marks and normal form do not matter.
            pub fn parse_vi(text: &str) -> Option<$name> {
                match fold(text).as_str() { $($folded => Some($name::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// Học lực (Đ.13), lowest first.
    Academic {
        Poor = "poor", "Kém", "Poor", "kem";
        Weak = "weak", "Yếu", "Weak", "yeu";
        Average = "average", "Trung bình", "Average", "trung binh";
        Fair = "fair", "Khá", "Fair", "kha";
        Good = "good", "Giỏi", "Good", "gioi";
    }
}

words! {
    /// Hạnh kiểm (Đ.4), lowest first.
    Conduct {
        Weak = "weak", "Yếu", "Weak", "yeu";
        Average = "average", "Trung bình", "Average", "trung binh";
        Fair = "fair", "Khá", "Fair", "kha";
        Good = "good", "Tốt", "Good", "tot";
    }
}

words! {
    /// The titles of a year (Đ.18), lower first.
    Title {
        Advanced = "advanced", "Học sinh tiên tiến", "Advanced student", "hoc sinh tien tien";
        Good = "good", "Học sinh giỏi", "Good student", "hoc sinh gioi";
    }
}

/// Which assessments a semester's average is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Formula {
    /// TT 58/2011 as it was: (Σ ĐKTtx + 2 Σ ĐKTđk + 3 ĐKThk) / (n_tx + 2 n_đk + 3), with one or more tests of a period and longer.
    /// Not verified.
    Periodic,
    /// From 2020-2021, TT 26/2020: (Σ ĐĐGtx + 2 ĐĐGgk + 3 ĐĐGck) / (n_tx + 5), with one midterm.
    #[default]
    Midterm,
}

/// Conduct of the year, which the circular has the school judge "mainly by semester II and the progress made".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum YearConduct {
    /// Where the school's own decision is not given, that of semester II stands. Not verified.
    #[default]
    SemesterTwo,
    /// Only as the school decided.
    AsGiven,
}

/// What the two circulars leave open, or what was not verified. Each default is common knowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Choices {
    /// The average of a semester.
    pub formula: Formula,
    /// A foreign language may be the one subject that has to reach the level, beside mathematics and literature. TT 26/2020 is said
    /// to have added it; not verified.
    pub foreign_language_leads: bool,
    /// The adjustment (Đ.13 k.6) asks that the overall average *and* one leading subject reach the level. If false, the overall
    /// average alone. The text says "ĐTB reaches the level"; the reading is not verified.
    pub adjustment_needs_leading: bool,
    /// An average of Giỏi that one subject brings down to Kém, a case the four lines of Đ.13 k.6 do not name: true reads it as Khá
    /// brought down to Kém (so Yếu), since the average reaches Khá too. Not verified.
    pub good_to_poor_as_fair: bool,
    /// Conduct of the year.
    pub year_conduct: YearConduct,
    /// Tests of a period and longer that a scored subject needs in a semester under [`Formula::Periodic`]: their number came from
    /// each subject's programme, which we do not have.
    pub periodic_at_least: u8,
}

impl Choices {
    /// Years before 2020-2021.
    pub const fn before_2020() -> Choices {
        Choices { formula: Formula::Periodic, foreign_language_leads: false, ..Choices::since_2020() }
    }

    /// From 2020-2021, as amended by TT 26/2020.
    pub const fn since_2020() -> Choices {
        Choices {
            formula: Formula::Midterm,
            foreign_language_leads: true,
            adjustment_needs_leading: true,
            good_to_poor_as_fair: true,
            year_conduct: YearConduct::SemesterTwo,
            periodic_at_least: 1,
        }
    }

    /// Of the school year that begins in this calendar year.
    pub const fn of(school_year_start: u16) -> Choices {
        if school_year_start < 2020 { Choices::before_2020() } else { Choices::since_2020() }
    }
}

impl Default for Choices {
    fn default() -> Self {
        Choices::since_2020()
    }
}

/// What a subject is to the level of learning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Weight {
    /// One of those that must not fall below the floor.
    #[default]
    Plain,
    /// Mathematics or literature: one of the two must reach the level.
    Leading,
    /// A foreign language: leads by [`Choices::foreign_language_leads`].
    ForeignLanguage,
    /// The subject of a specialised class, which must reach the level too (Đ.13).
    Specialised,
}

impl Weight {
    /// By the code of the catalogue, or of the catalogue before 2018.
    pub fn of(code: &str) -> Weight {
        match code {
            "TOAN" | "NGU_VAN" => Weight::Leading,
            "NN1" | "NGOAI_NGU" | "TIENG_ANH" => Weight::ForeignLanguage,
            _ => Weight::Plain,
        }
    }
}
