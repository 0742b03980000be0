//! The columns of a subject in one semester.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};

use crate::entry::{CellValue, Lang, SubjectKind};
use crate::policy::{Policy, Regulation};
use crate::tt27::{self, PrimarySlot};

/// An assessment column. In JSON and in the database a string: `r1` … `r9`, `mid`, `fin`; in primary classes those of
/// [`PrimarySlot`].
///
/// A circular asks for at most four regular assessments; a number above that is one that a school added, such as the
/// result of a cluster of specialised topics (chuyên đề), and counts in the average like the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// Đánh giá thường xuyên, 1..=9.
    Regular(u8),
    /// Đánh giá giữa kì.
    Midterm,
    /// Đánh giá cuối kì.
    Final,
    /// A column of a primary class (TT 27/2020).
    Primary(PrimarySlot),
}

const REGULAR_CODES: [&str; 9] = ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9"];

impl Slot {
    /// The highest number of a regular column.
    pub const MAX_REGULAR: u8 = 9;

    /// The result of a cluster of specialised topics (cụm chuyên đề, grades 10 to 12): one regular mark of its subject more. It counts
    /// in the average, but stands in for none of those that the subject needs. (TT 22/2021 Đ.6, as commonly read; not verified.)
    pub const TOPICS: Slot = Slot::Regular(Slot::MAX_REGULAR);

    /// The stable code. A regular number outside 1..=9 is drawn to the nearest.
    pub fn code(self) -> &'static str {
        match self {
            Slot::Regular(number) => REGULAR_CODES[usize::from(number.clamp(1, Slot::MAX_REGULAR)) - 1],
            Slot::Midterm => "mid",
            Slot::Final => "fin",
            Slot::Primary(slot) => slot.code(),
        }
    }

    /// From the stable code.
    pub fn from_code(code: &str) -> Option<Slot> {
        match code {
            "mid" => Some(Slot::Midterm),
            "fin" => Some(Slot::Final),
            _ => REGULAR_CODES
                .iter()
                .position(|known| *known == code)
                .map(|at| Slot::Regular(at as u8 + 1))
                .or_else(|| PrimarySlot::from_code(code).map(Slot::Primary)),
        }
    }

    /// The column's heading: `TX1`, `CĐHT`, `GK`, `CK`.
    pub fn short_vi(self) -> &'static str {
        match self {
            Slot::Regular(number) => ["TX1", "TX2", "TX3", "TX4", "TX5", "TX6", "TX7", "TX8", "CĐHT"]
                [usize::from(number.clamp(1, Slot::MAX_REGULAR)) - 1],
            Slot::Midterm => "GK",
            Slot::Final => "CK",
            Slot::Primary(slot) => slot.short_vi(),
        }
    }

    /// A name for a sentence: `thường xuyên 1`, `giữa kì`, `cuối kì`, or `regular 1`, `midterm`, `final`.
    pub fn name(self, lang: Lang) -> SlotName {
        SlotName { slot: self, lang }
    }

    /// The weight in the semester average (TT 22/2021 Đ.9 k.1b): 1, 2 or 3; 0 in primary classes, which have no averages.
    pub const fn weight(self) -> i64 {
        match self {
            Slot::Regular(_) => 1,
            Slot::Midterm => 2,
            Slot::Final => 3,
            Slot::Primary(_) => 0,
        }
    }
}

/// Prints the name of a [`Slot`].
#[derive(Clone, Copy, Debug)]
pub struct SlotName {
    slot: Slot,
    lang: Lang,
}

impl fmt::Display for SlotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.slot, self.lang) {
            (Slot::TOPICS, Lang::Vi) => f.write_str("chuyên đề học tập"),
            (Slot::TOPICS, Lang::En) => f.write_str("specialised topics"),
            (Slot::Regular(number), Lang::Vi) => write!(f, "thường xuyên {number}"),
            (Slot::Regular(number), Lang::En) => write!(f, "regular {number}"),
            (Slot::Midterm, Lang::Vi) => f.write_str("giữa kì"),
            (Slot::Midterm, Lang::En) => f.write_str("midterm"),
            (Slot::Final, Lang::Vi) => f.write_str("cuối kì"),
            (Slot::Final, Lang::En) => f.write_str("final"),
            (Slot::Primary(slot), lang) => slot.write_name(f, lang),
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text was none of the codes of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSlot;

impl fmt::Display for UnknownSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected r1 to r9, mid, fin, or a column of a primary class")
    }
}

impl std::error::Error for UnknownSlot {}

impl FromStr for Slot {
    type Err = UnknownSlot;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Slot::from_code(text).ok_or(UnknownSlot)
    }
}

impl Serialize for Slot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Slot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Slot::from_code(&text).ok_or_else(|| D::Error::custom(UnknownSlot))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Slot {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some(
                "An assessment column: regular 1 to 9, midterm, final. In primary classes (TT 27/2020): level and test at the \
                 middle (ml, mt) and the end (fl, ft) of a term, qualities and competencies by their place (m1 to m7, f1 to f7), \
                 recognition by the class (rec).",
            ))
            .enum_values(Some(REGULAR_CODES.into_iter().chain(["mid", "fin"]).chain(PrimarySlot::CODES)))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Slot {}

/// How many regular assessments a subject needs in each semester (TT 22/2021 Đ.6 k.2b): up to 35 periods a year 2, up to
/// 70 3, above 70 4. For comment-only subjects the number is the policy's.
pub fn regular_count(annual_periods: u16, kind: SubjectKind, policy: &Policy) -> u8 {
    match kind {
        SubjectKind::Comment => policy.comment_regular_count.clamp(1, Slot::MAX_REGULAR),
        SubjectKind::Score => match annual_periods {
            0..=35 => 2,
            36..=70 => 3,
            _ => 4,
        },
    }
}

/// The columns that a subject needs in each semester, in the order of a sheet: the regular ones, midterm, final.
pub fn slots(annual_periods: u16, kind: SubjectKind, policy: &Policy) -> Vec<Slot> {
    (1..=regular_count(annual_periods, kind, policy)).map(Slot::Regular).chain([Slot::Midterm, Slot::Final]).collect()
}

/// The columns of a sheet under the regulation of its class: of a subject, or in primary classes of a group of qualities or
/// competencies. `second_term`: semester II. `topics`: some take the subject's specialised topics, where [`has_topics`].
#[allow(clippy::too_many_arguments)]
pub fn columns(
    grade: u8,
    code: &str,
    kind: SubjectKind,
    annual_periods: u16,
    second_term: bool,
    topics: bool,
    policy: &Policy,
) -> Vec<Slot> {
    match policy.code {
        Regulation::Tt27 => tt27::columns(code, grade, second_term, &policy.tt27),
        _ => {
            let mut columns = slots(annual_periods, kind, policy);
            if topics && has_topics(grade, kind) {
                columns.insert(columns.len() - 2, Slot::TOPICS);
            }
            columns
        }
    }
}

/// Whether a subject can have specialised topics (cụm chuyên đề): one with marks, in grades 10 to 12 (Chương trình GDPT 2018). What
/// comes of them is one regular mark of the subject.
pub fn has_topics(grade: u8, kind: SubjectKind) -> bool {
    (10..=12).contains(&grade) && kind == SubjectKind::Score
}

/// Whether a value may stand in a column of a subject of this kind.
pub fn fits(slot: Slot, kind: SubjectKind, value: CellValue, policy: &Policy) -> bool {
    match slot {
        Slot::Primary(slot) => tt27::fits(slot, value, &policy.tt27),
        // Who does not take the topics has no mark there; exempt is said of a whole subject.
        Slot::TOPICS if value == CellValue::Exempt => false,
        _ => value.suits(kind),
    }
}

/// Whether a term cannot be closed while this column is empty. Of a class that takes topics not everyone does.
pub fn required(slot: Slot) -> bool {
    match slot {
        Slot::Primary(slot) => slot.required(),
        slot => slot != Slot::TOPICS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_there_and_back() {
        let all = (1..=9).map(Slot::Regular).chain([Slot::Midterm, Slot::Final]);
        for slot in all {
            assert_eq!(Slot::from_code(slot.code()), Some(slot));
            let json = serde_json::to_string(&slot).expect("json");
            assert_eq!(json, format!("\"{}\"", slot.code()));
            assert_eq!(serde_json::from_str::<Slot>(&json).expect("json"), slot);
        }
        for code in ["", "r0", "r10", "R1", "final"] {
            assert_eq!(Slot::from_code(code), None, "{code}");
        }
        assert!(Slot::Regular(4) < Slot::Midterm && Slot::Midterm < Slot::Final);
    }

    #[test]
    fn number_of_regular_assessments() {
        let policy = Policy::tt22();
        for (periods, count) in [(35, 2), (36, 3), (52, 3), (70, 3), (71, 4), (105, 4), (140, 4)] {
            assert_eq!(regular_count(periods, SubjectKind::Score, &policy), count, "{periods}");
        }
        assert_eq!(regular_count(105, SubjectKind::Comment, &policy), 2);
        let codes: Vec<_> = slots(52, SubjectKind::Score, &policy).into_iter().map(Slot::code).collect();
        assert_eq!(codes, ["r1", "r2", "r3", "mid", "fin"]);
    }

    #[test]
    fn topics_are_a_column_of_their_own_in_the_upper_grades() {
        let policy = Policy::tt22();
        let columns = |grade, kind| columns(grade, "TOAN", kind, 70, false, true, &policy);
        let with = [Slot::Regular(1), Slot::Regular(2), Slot::Regular(3), Slot::TOPICS, Slot::Midterm, Slot::Final];
        assert_eq!(columns(10, SubjectKind::Score), with);
        assert_eq!(columns(9, SubjectKind::Score).len(), 5);
        assert_eq!(columns(12, SubjectKind::Comment).len(), 4);
        assert!(!required(Slot::TOPICS) && required(Slot::Regular(1)));
        assert!(!fits(Slot::TOPICS, SubjectKind::Score, CellValue::Exempt, &policy));
        assert_eq!((Slot::TOPICS.short_vi(), Slot::TOPICS.code()), ("CĐHT", "r9"));
    }
}
