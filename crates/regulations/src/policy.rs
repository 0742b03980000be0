//! The regulation in force, as a value: what a circular leaves open, or what we could not verify, is a field here.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::mark::Rounding;
use crate::{tt27, tt58};

/// Which circular a policy follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Regulation {
    /// Thông tư 22/2021/TT-BGDĐT, lower and upper secondary schools.
    #[serde(rename = "TT22")]
    Tt22,
    /// Thông tư 27/2020/TT-BGDĐT, primary schools.
    #[serde(rename = "TT27")]
    Tt27,
    /// Thông tư 58/2011/TT-BGDĐT with Thông tư 26/2020/TT-BGDĐT, the secondary schools before TT 22.
    #[serde(rename = "TT58")]
    Tt58,
}

impl Regulation {
    /// The stable code, the same as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Regulation::Tt22 => "TT22",
            Regulation::Tt27 => "TT27",
            Regulation::Tt58 => "TT58",
        }
    }
}

/// How the one-subject adjustment of TT 22/2021 Đ.9 k.3 sees the subject that may be overlooked.
///
/// The two readings differ where exactly five other subjects reach 8.0. The Ministry's own reading is not verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Adjustment {
    /// Mode X: leave the subject out; six *other* subjects must reach the mark.
    #[default]
    IgnoreSubject,
    /// Mode R: take the subject as a 10 (or Đ); it may be one of the six.
    ReplaceByTen,
}

/// The year result of a scored subject that the learner was exempt from in one semester only. Not verified for TT 22.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum HalfExempt {
    /// No year result until the school decides: we do not guess.
    #[default]
    Undecided,
    /// The semester that was studied stands for the year.
    OtherSemester,
}

/// A regulation with every choice that it leaves, or that is not verified, made. Versioned: results keep the policy
/// they were made under. In JSON a field that is not there has the default of [`Policy::tt22`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Policy {
    /// The circular.
    pub code: Regulation,
    /// The version of these choices; a change of any field is a new version.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub version: Cow<'static, str>,
    /// The day the circular came into force, `YYYY-MM-DD`. TT 22/2021: 5 September 2021 (common knowledge, not verified).
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub effective_from: Cow<'static, str>,
    /// Đ.9 k.3; default [`Adjustment::IgnoreSubject`]. Not verified with the Ministry.
    pub adjustment: Adjustment,
    /// Rounding of an exact tie; default half up, the practice of schools. The circular says only "after rounding".
    pub rounding: Rounding,
    /// The year average is taken from the *rounded* semester averages (default, common practice, not verified). If false,
    /// from the exact ones where the marks themselves are given.
    pub year_from_rounded: bool,
    /// Regular assessments a semester in comment-only subjects; default 2. Not verified.
    pub comment_regular_count: u8,
    /// The most half-day sessions a learner may miss in a year and still be promoted: 45 (Đ.12 k.1c).
    pub max_absences: u16,
    /// An assessment missed and not made up counts 0, or Chưa đạt (Đ.7 k.3, as commonly told; not verified). Default
    /// false: an absence leaves the column missing, and the school decides by typing the mark.
    pub absent_counts_zero: bool,
    /// A scored subject exempt in one semester only.
    pub half_exempt: HalfExempt,
    /// The one-subject adjustment is applied again to the results after re-assessment (Đ.14). Default true: the new
    /// result "replaces" the year result, and Đ.9 speaks of year results. Not verified.
    pub adjust_after_reassessment: bool,
    /// The choices under TT 27/2020.
    pub tt27: tt27::Choices,
    /// What TT 58/2011 and TT 26/2020 leave open; read under [`Regulation::Tt58`] alone.
    pub tt58: tt58::Choices,
}

impl Policy {
    /// TT 22/2021 with the default choices.
    pub const fn tt22() -> Policy {
        Policy::with_defaults(Regulation::Tt22, "2021-09-05")
    }

    /// TT 27/2020 with the default choices; in force from 20 October 2020 (common knowledge, not verified).
    pub const fn tt27() -> Policy {
        Policy::with_defaults(Regulation::Tt27, "2020-10-20")
    }

    const fn with_defaults(code: Regulation, effective_from: &'static str) -> Policy {
        Policy {
            code,
            version: Cow::Borrowed("1"),
            effective_from: Cow::Borrowed(effective_from),
            adjustment: Adjustment::IgnoreSubject,
            rounding: Rounding::HalfUp,
            year_from_rounded: true,
            comment_regular_count: 2,
            max_absences: 45,
            absent_counts_zero: false,
            half_exempt: HalfExempt::Undecided,
            adjust_after_reassessment: true,
            tt27: tt27::Choices::DEFAULT,
            tt58: tt58::Choices::since_2020(),
        }
    }

    /// TT 58/2011 with the default choices, as it stood in the school year that begins in this calendar year. The day it came into
    /// force (26 January 2012; the amendment of TT 26/2020 on 11 October 2020) is common knowledge, not verified.
    pub fn tt58(school_year_start: u16) -> Policy {
        let effective_from = if school_year_start < 2020 { "2012-01-26" } else { "2020-10-11" };
        Policy {
            code: Regulation::Tt58,
            effective_from: Cow::Borrowed(effective_from),
            tt58: tt58::Choices::of(school_year_start),
            ..Policy::tt22()
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Policy::tt22()
    }
}

/// The first school year (the calendar year it begins in) in which TT 22/2021 holds for a grade: 6 from 2021, 7 and 10
/// from 2022, 8 and 11 from 2023, 9 and 12 from 2024. `None` for other grades.
pub const fn tt22_since(grade: u8) -> Option<u16> {
    match grade {
        6 => Some(2021),
        7 | 10 => Some(2022),
        8 | 11 => Some(2023),
        9 | 12 => Some(2024),
        _ => None,
    }
}

/// The first school year in which TT 27/2020 holds for a grade: 1 from 2020, 2 from 2021, … 5 from 2024. `None` for other grades.
pub const fn tt27_since(grade: u8) -> Option<u16> {
    match grade {
        1..=5 => Some(2019 + grade as u16),
        _ => None,
    }
}

/// The first school year that TT 58/2011 is taken to hold for; older records followed other rules. Common knowledge, not verified.
pub const TT58_SINCE: u16 = 2011;

/// The policy of a grade in the school year that begins in `school_year_start`. `None` where this crate has no rules: primary grades
/// before TT 27 reached them, secondary grades before TT 58.
pub fn policy_for(grade: u8, school_year_start: u16) -> Option<Policy> {
    if let Some(since) = tt27_since(grade) {
        return (school_year_start >= since).then(Policy::tt27);
    }
    if school_year_start >= tt22_since(grade)? {
        Some(Policy::tt22())
    } else {
        (school_year_start >= TT58_SINCE).then(|| Policy::tt58(school_year_start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tt22_reached_the_grades_year_by_year() {
        for (grade, since) in [(6, 2021), (7, 2022), (10, 2022), (8, 2023), (11, 2023), (9, 2024), (12, 2024)] {
            assert_eq!(policy_for(grade, since - 1), Some(Policy::tt58(since - 1)), "grade {grade}");
            assert_eq!(policy_for(grade, since), Some(Policy::tt22()), "grade {grade}");
            assert_eq!(policy_for(grade, 2026), Some(Policy::tt22()), "grade {grade}");
        }
        assert_eq!(policy_for(12, 2010), None);
        let formula = |year| policy_for(9, year).map(|policy| policy.tt58.formula);
        assert_eq!(formula(2019), Some(crate::tt58::Formula::Periodic));
        assert_eq!(formula(2020), Some(crate::tt58::Formula::Midterm));
        assert_eq!(policy_for(13, 2026), None);
    }

    #[test]
    fn tt27_reached_the_grades_year_by_year() {
        for (grade, since) in [(1, 2020), (2, 2021), (3, 2022), (4, 2023), (5, 2024)] {
            assert_eq!(policy_for(grade, since - 1), None, "grade {grade}");
            assert_eq!(policy_for(grade, since), Some(Policy::tt27()), "grade {grade}");
        }
        assert_eq!(policy_for(0, 2026), None);
        assert_eq!(Policy::tt27().code.code(), "TT27");
    }

    #[test]
    fn a_policy_travels_as_json() {
        let json = serde_json::to_string(&Policy::tt22()).expect("json");
        assert!(json.contains(r#""code":"TT22""#) && json.contains(r#""adjustment":"ignore-subject""#), "{json}");
        assert_eq!(serde_json::from_str::<Policy>(&json).expect("json"), Policy::tt22());
    }
}
