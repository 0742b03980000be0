//! Why a result is what it is, for a parent to read and for a program to use.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::entry::Lang;

/// One sentence of an explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reason {
    /// A stable code, such as `learning-level` or `mark-missing`.
    pub code: String,
    /// The facts of the sentence: subject codes, marks (`"7.9"`), counts, levels (`"fair"`).
    pub params: BTreeMap<String, String>,
    /// The article that decided, such as `TT 22/2021 Đ.9 k.2b`.
    pub article: String,
    /// In Vietnamese.
    pub vi: String,
    /// In English.
    pub en: String,
}

impl Reason {
    /// The sentence in the given language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }
}

/// What part of a school year a result is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Period {
    /// Học kì I.
    Semester1,
    /// Học kì II.
    Semester2,
    /// Cả năm.
    Year,
}

impl Period {
    /// The Vietnamese name, to stand at the beginning of a sentence.
    pub const fn vi(self) -> &'static str {
        match self {
            Period::Semester1 => "Học kì I",
            Period::Semester2 => "Học kì II",
            Period::Year => "Cả năm",
        }
    }

    /// The English name.
    pub const fn en(self) -> &'static str {
        match self {
            Period::Semester1 => "Semester I",
            Period::Semester2 => "Semester II",
            Period::Year => "Whole year",
        }
    }

    /// The stable code, the same as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Period::Semester1 => "semester1",
            Period::Semester2 => "semester2",
            Period::Year => "year",
        }
    }
}
