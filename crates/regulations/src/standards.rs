//! What a teacher is assessed by each year: Thông tư 20/2018/TT-BGDĐT (general education) and Thông tư 26/2018/TT-BGDĐT (preschool), five standards
//! with fifteen criteria each, at four levels.
//!
//! Of the rules that make one level of fifteen only one is known from a source at hand: Tốt by TT 26/2018. So the level is entered by whoever
//! assesses, and [`fits`] refuses a Tốt of preschool that its rule does not carry. The rest is not guessed.

use crate::Lang;
use serde::{Deserialize, Serialize};

/// Criteria of each of the two circulars.
pub const CRITERIA: usize = 15;

/// Which circular.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StandardSet {
    /// TT 20/2018, general education.
    General,
    /// TT 26/2018, preschool.
    Preschool,
}

/// A level of a criterion or of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StandardLevel {
    /// Chưa đạt.
    Below,
    /// Đạt.
    Met,
    /// Khá.
    Fair,
    /// Tốt.
    Good,
}

impl StandardSet {
    pub const ALL: &'static [StandardSet] = &[StandardSet::General, StandardSet::Preschool];

    pub const fn code(self) -> &'static str {
        match self {
            StandardSet::General => "general",
            StandardSet::Preschool => "preschool",
        }
    }

    pub const fn text(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (StandardSet::General, Lang::Vi) => "Giáo viên phổ thông (TT 20/2018)",
            (StandardSet::General, Lang::En) => "General education (TT 20/2018)",
            (StandardSet::Preschool, Lang::Vi) => "Giáo viên mầm non (TT 26/2018)",
            (StandardSet::Preschool, Lang::En) => "Preschool (TT 26/2018)",
        }
    }
}

impl StandardLevel {
    pub const ALL: &'static [StandardLevel] =
        &[StandardLevel::Below, StandardLevel::Met, StandardLevel::Fair, StandardLevel::Good];

    pub const fn code(self) -> &'static str {
        match self {
            StandardLevel::Below => "below",
            StandardLevel::Met => "met",
            StandardLevel::Fair => "fair",
            StandardLevel::Good => "good",
        }
    }

    pub const fn text(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (StandardLevel::Below, Lang::Vi) => "Chưa đạt",
            (StandardLevel::Below, Lang::En) => "Not met",
            (StandardLevel::Met, Lang::Vi) => "Đạt",
            (StandardLevel::Met, Lang::En) => "Met",
            (StandardLevel::Fair, Lang::Vi) => "Khá",
            (StandardLevel::Fair, Lang::En) => "Fair",
            (StandardLevel::Good, Lang::Vi) => "Tốt",
            (StandardLevel::Good, Lang::En) => "Good",
        }
    }
}

/// Criteria that have to be Tốt for the whole to be (TT 26/2018), counted from 1.
const MUST_BE_GOOD: [usize; 8] = [1, 3, 4, 5, 6, 7, 8, 9];

/// TT 26/2018: Tốt where every criterion is Khá or better, at least two thirds are Tốt, and criteria 1, 3-9 are among these.
pub fn preschool_is_good(criteria: &[StandardLevel; CRITERIA]) -> bool {
    criteria.iter().all(|level| *level >= StandardLevel::Fair)
        && criteria.iter().filter(|level| **level == StandardLevel::Good).count() * 3 >= CRITERIA * 2
        && MUST_BE_GOOD.iter().all(|at| criteria[at - 1] == StandardLevel::Good)
}

/// Whether an entered level can stand with the criteria, as far as a rule is known. Without criteria every level can.
pub fn fits(set: StandardSet, criteria: &[StandardLevel], level: StandardLevel) -> bool {
    match (set, <&[StandardLevel; CRITERIA]>::try_from(criteria)) {
        (StandardSet::Preschool, Ok(criteria)) => (level == StandardLevel::Good) == preschool_is_good(criteria),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_in_preschool_asks_for_all_three() {
        use StandardLevel::*;
        let mut all = [Good; CRITERIA];
        assert!(preschool_is_good(&all));
        // Five Khá outside of the named ones: ten of fifteen are Tốt, which is two thirds.
        for at in [2, 10, 11, 12, 13] {
            all[at - 1] = Fair;
        }
        assert!(preschool_is_good(&all) && fits(StandardSet::Preschool, &all, Good));
        assert!(!fits(StandardSet::Preschool, &all, Fair));
        all[14 - 1] = Fair;
        assert!(!preschool_is_good(&all));
        assert!(!fits(StandardSet::Preschool, &all, Good) && fits(StandardSet::General, &all, Good));
        let mut named = [Good; CRITERIA];
        named[5 - 1] = Fair;
        assert!(!preschool_is_good(&named));
        let mut low = [Good; CRITERIA];
        low[2 - 1] = Met;
        assert!(!preschool_is_good(&low));
        assert!(fits(StandardSet::Preschool, &[], Good));
    }
}
