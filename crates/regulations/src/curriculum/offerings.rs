//! What each grade takes: periods a year, compulsory or chosen, and where the figure comes from.

use serde::Serialize;

use super::subjects::{Stage, Subject, stage, subject};
use crate::entry::SubjectKind;
use crate::tt27::TraitKind;

/// Teaching weeks of a school year, semester I and II (QĐ 2269/QĐ-BGDĐT for 2025-2026).
pub const WEEKS: [u16; 2] = [18, 17];

/// How many of the nine elective subjects a student of grades 10-12 takes.
pub const ELECTIVES_CHOSEN: usize = 4;

/// How many clusters of specialised topics (cụm chuyên đề) a student of grades 10-12 takes.
pub const TOPIC_CLUSTERS: usize = 3;

/// Periods a year of such a cluster.
pub const TOPIC_CLUSTER_PERIODS: u16 = 35;

/// Whether a student has to take a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Requirement {
    /// Everyone takes it.
    Compulsory,
    /// One of the nine of which a student of grades 10-12 chooses [`ELECTIVES_CHOSEN`].
    Chosen,
    /// Taken where the school offers it and the student wants it.
    Optional,
}

/// A subject in a grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Offering {
    /// The subject.
    #[serde(flatten)]
    pub subject: &'static Subject,
    /// The grade, 1..=12.
    pub grade: u8,
    /// Periods a year (35 weeks).
    pub annual_periods: u16,
    /// Whether a student has to take it.
    pub requirement: Requirement,
    /// Where the periods come from.
    pub source: &'static str,
    /// Whether the periods were seen in that source; if not, they are common knowledge whose weekly sums agree.
    pub verified: bool,
}

impl Offering {
    /// How the subject is assessed.
    pub fn kind(&self) -> SubjectKind {
        self.subject.kind
    }
}

const PRIMARY: &str = "TT 32/2018, tiểu học (evbn.org)";
const LOWER: &str = "TT 32/2018, THCS (common knowledge, sums agree)";
const UPPER: &str = "TT 32/2018 and 13/2022, THPT (common knowledge, sums agree)";
const UPPER_SEEN: &str = "TT 13/2022, THPT (baokhanhhoa.vn)";

/// Periods for the grades of a stage in order; 0: not in that grade.
struct Row(&'static str, &'static [u16], Requirement, &'static str, bool);

use Requirement::{Chosen, Compulsory, Optional};

static PRIMARY_ROWS: [Row; 13] = [
    Row("TIENG_VIET", &[420, 350, 245, 245, 245], Compulsory, PRIMARY, true),
    Row("TOAN", &[105, 175, 175, 175, 175], Compulsory, PRIMARY, true),
    Row("NN1", &[0, 0, 140, 140, 140], Compulsory, PRIMARY, true),
    Row("NN1", &[70, 70, 0, 0, 0], Optional, PRIMARY, true),
    Row("DAO_DUC", &[35, 35, 35, 35, 35], Compulsory, PRIMARY, true),
    Row("TNXH", &[70, 70, 70, 0, 0], Compulsory, PRIMARY, true),
    Row("LSDL", &[0, 0, 0, 70, 70], Compulsory, PRIMARY, true),
    Row("KHOA_HOC", &[0, 0, 0, 70, 70], Compulsory, PRIMARY, true),
    Row("TIN_CN", &[0, 0, 70, 70, 70], Compulsory, PRIMARY, true),
    Row("GDTC", &[70, 70, 70, 70, 70], Compulsory, PRIMARY, true),
    Row("NGHE_THUAT", &[70, 70, 70, 70, 70], Compulsory, PRIMARY, true),
    Row("HDTN", &[105, 105, 105, 105, 105], Compulsory, PRIMARY, true),
    // The periods of the minority language in primary school were not in the source.
    Row("TIENG_DTTS", &[70, 70, 70, 70, 70], Optional, "common knowledge", false),
];

static LOWER_ROWS: [Row; 14] = [
    Row("NGU_VAN", &[140, 140, 140, 140], Compulsory, LOWER, false),
    Row("TOAN", &[140, 140, 140, 140], Compulsory, LOWER, false),
    Row("NN1", &[105, 105, 105, 105], Compulsory, LOWER, false),
    Row("GDCD", &[35, 35, 35, 35], Compulsory, LOWER, false),
    Row("LSDL", &[105, 105, 105, 105], Compulsory, LOWER, false),
    Row("KHTN", &[140, 140, 140, 140], Compulsory, LOWER, false),
    Row("CONG_NGHE", &[35, 35, 52, 52], Compulsory, LOWER, false),
    Row("TIN_HOC", &[35, 35, 35, 35], Compulsory, LOWER, false),
    Row("GDTC", &[70, 70, 70, 70], Compulsory, LOWER, false),
    Row("NGHE_THUAT", &[70, 70, 70, 70], Compulsory, LOWER, false),
    Row("HDTN_HN", &[105, 105, 105, 105], Compulsory, LOWER, false),
    Row("GDDP", &[35, 35, 35, 35], Compulsory, LOWER, false),
    Row("TIENG_DTTS", &[105, 105, 105, 105], Optional, LOWER, false),
    Row("NN2", &[105, 105, 105, 105], Optional, LOWER, false),
];

static UPPER_ROWS: [Row; 19] = [
    Row("NGU_VAN", &[105, 105, 105], Compulsory, UPPER, false),
    Row("TOAN", &[105, 105, 105], Compulsory, UPPER, false),
    Row("NN1", &[105, 105, 105], Compulsory, UPPER, false),
    Row("LICH_SU", &[52, 52, 52], Compulsory, UPPER_SEEN, true),
    Row("DIA_LI", &[70, 70, 70], Chosen, UPPER, false),
    Row("GDKTPL", &[70, 70, 70], Chosen, UPPER, false),
    Row("VAT_LI", &[70, 70, 70], Chosen, UPPER, false),
    Row("HOA_HOC", &[70, 70, 70], Chosen, UPPER, false),
    Row("SINH_HOC", &[70, 70, 70], Chosen, UPPER, false),
    Row("CONG_NGHE", &[70, 70, 70], Chosen, UPPER, false),
    Row("TIN_HOC", &[70, 70, 70], Chosen, UPPER, false),
    Row("AM_NHAC", &[70, 70, 70], Chosen, UPPER, false),
    Row("MI_THUAT", &[70, 70, 70], Chosen, UPPER, false),
    Row("GDTC", &[70, 70, 70], Compulsory, UPPER, false),
    Row("GDQP_AN", &[35, 35, 35], Compulsory, UPPER, false),
    Row("HDTN_HN", &[105, 105, 105], Compulsory, UPPER, false),
    Row("GDDP", &[35, 35, 35], Compulsory, UPPER, false),
    Row("TIENG_DTTS", &[105, 105, 105], Optional, UPPER, false),
    Row("NN2", &[105, 105, 105], Optional, UPPER, false),
];

/// What a grade takes, in the order of the programme; empty outside 1..=12. The clusters of specialised topics of grades
/// 10-12 are not subjects: see [`TOPIC_CLUSTERS`].
pub fn offerings(grade: u8) -> Vec<Offering> {
    let (rows, first): (&'static [Row], u8) = match stage(grade) {
        Some(Stage::Primary) => (&PRIMARY_ROWS, 1),
        Some(Stage::LowerSecondary) => (&LOWER_ROWS, 6),
        Some(Stage::UpperSecondary) => (&UPPER_ROWS, 10),
        None => return Vec::new(),
    };
    let at = usize::from(grade - first);
    rows.iter()
        .filter_map(|Row(code, periods, requirement, source, verified)| {
            let annual_periods = periods.get(at).copied().filter(|periods| *periods > 0)?;
            let subject = subject(code)?;
            Some(Offering { subject, grade, annual_periods, requirement: *requirement, source, verified: *verified })
        })
        .chain(assessed_beside(grade))
        .collect()
}

/// Qualities and competencies of primary school: sheets without periods of their own (TT 27/2020 Đ.8).
fn assessed_beside(grade: u8) -> impl Iterator<Item = Offering> {
    let primary = stage(grade) == Some(Stage::Primary);
    TraitKind::ALL.into_iter().filter(move |_| primary).filter_map(move |kind| {
        let subject = subject(kind.sheet())?;
        let source = "TT 27/2020 Đ.8";
        Some(Offering { subject, grade, annual_periods: 0, requirement: Compulsory, source, verified: true })
    })
}

/// A subject in a grade.
pub fn offering(grade: u8, code: &str) -> Option<Offering> {
    offerings(grade).into_iter().find(|offering| offering.subject.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curriculum::subjects;
    use crate::policy::Policy;
    use crate::slot::regular_count;

    fn compulsory(grade: u8) -> u16 {
        offerings(grade)
            .iter()
            .filter(|offering| offering.requirement == Compulsory)
            .map(|offering| offering.annual_periods)
            .sum()
    }

    #[test]
    fn yearly_sums_are_those_of_the_programme() {
        let sums: Vec<_> = (1..=9).map(compulsory).collect();
        assert_eq!(sums, [875, 875, 980, 1050, 1050, 1015, 1015, 1032, 1032]);
        for grade in 10..=12 {
            let chosen = offerings(grade).into_iter().filter(|offering| offering.requirement == Chosen);
            assert_eq!(chosen.clone().count(), 9);
            let chosen: u16 = chosen.take(ELECTIVES_CHOSEN).map(|offering| offering.annual_periods).sum();
            let topics = TOPIC_CLUSTERS as u16 * TOPIC_CLUSTER_PERIODS;
            assert_eq!(compulsory(grade) + chosen + topics, 997);
        }
        assert!(offerings(0).is_empty() && offerings(13).is_empty());
        assert_eq!(WEEKS.iter().sum::<u16>(), 35);
    }

    #[test]
    fn codes_are_unique_ascii_and_every_row_has_its_subject() {
        for (at, subject) in subjects().iter().enumerate() {
            assert!(subject.code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'));
            assert!(subjects().iter().skip(at + 1).all(|other| other.code != subject.code), "{}", subject.code);
        }
        for Row(code, ..) in PRIMARY_ROWS.iter().chain(&LOWER_ROWS).chain(&UPPER_ROWS) {
            assert!(subject(code).is_some(), "{code}");
        }
        let used = |code| (1..=12).any(|grade| offering(grade, code).is_some());
        assert!(subjects().iter().all(|subject| used(subject.code)));
    }

    #[test]
    fn comment_only_subjects_are_those_of_the_circular() {
        let comment: Vec<_> = subjects()
            .iter()
            .filter(|subject| subject.kind == SubjectKind::Comment)
            .map(|subject| subject.code)
            .filter(|code| (6..=12).any(|grade| offering(grade, code).is_some()))
            .collect();
        assert_eq!(comment, ["GDTC", "NGHE_THUAT", "AM_NHAC", "MI_THUAT", "HDTN_HN", "GDDP"]);
        assert_eq!(offering(10, "GDQP_AN").map(|offering| offering.kind()), Some(SubjectKind::Score));
    }

    #[test]
    fn regular_assessments_of_lower_secondary() {
        let policy = Policy::tt22();
        let count = |grade, code| {
            let offering = offering(grade, code).expect(code);
            regular_count(offering.annual_periods, offering.kind(), &policy)
        };
        for code in ["NGU_VAN", "TOAN", "NN1", "LSDL", "KHTN"] {
            assert_eq!(count(8, code), 4, "{code}");
        }
        assert_eq!((count(8, "CONG_NGHE"), count(9, "CONG_NGHE")), (3, 3));
        assert_eq!((count(6, "CONG_NGHE"), count(7, "GDCD"), count(8, "TIN_HOC")), (2, 2, 2));
        assert_eq!((count(10, "LICH_SU"), count(10, "GDQP_AN")), (3, 2));
    }
}
