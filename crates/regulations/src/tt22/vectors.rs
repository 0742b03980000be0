//! The vectors of the circular, one table each.

use super::*;
use crate::level::{Award, Level, Promotion};
use crate::mark::Rounding;
use crate::policy::{Adjustment, Policy};
use Level::{Fail, Fair, Good, Pass};

fn mark(text: &str) -> Mark {
    Mark::parse_decimal(text).expect(text)
}

fn marks(text: &str) -> Vec<Mark> {
    text.split_whitespace().map(mark).collect()
}

/// Averages, then that many comment subjects of which `failed` are Chưa đạt.
fn results(averages: &str, failed: usize) -> Vec<SubjectResult> {
    let scored = marks(averages).into_iter().map(SubjectResult::Average);
    let comments = (0..4).map(|at| if at < failed { SubjectResult::Fail } else { SubjectResult::Pass });
    scored.chain(comments).collect()
}

fn learning_of(averages: &str, failed: usize, mode: Adjustment) -> (Level, Level) {
    let results = results(averages, failed);
    let base = classify(&Tally::of(&results));
    (base, adjust(&results, mode).map_or(base, |adjusted| adjusted.level))
}

#[test]
fn semester_averages() {
    for (regular, midterm, last, average) in
        [("8 9 7 8.5", "7.5", "8", "7.9"), ("6 7", "6.5", "6", "6.3"), ("8 8 8", "9", "8", "8.3")]
    {
        let found = semester_average(&marks(regular), mark(midterm), mark(last), Rounding::HalfUp);
        assert_eq!(found.to_average(), average, "{regular} {midterm} {last}");
    }
}

#[test]
fn year_averages() {
    for (first, second, average) in [("7.6", "8.2", "8.0"), ("6.4", "6.5", "6.5"), ("6.5", "6.4", "6.4")] {
        assert_eq!(year_average(mark(first), mark(second), Rounding::HalfUp).to_average(), average);
    }
}

#[test]
fn levels_and_adjustment() {
    let first_seven = "8.5 8.2 8.0 9.0 8.4 8.1 7.0";
    let with = |last: &str| format!("{first_seven} {last}");
    for (averages, failed, base, level) in [
        (with("6.5"), 0, Good, Good),
        (with("6.4"), 0, Fair, Fair),
        (with("4.9"), 0, Pass, Fair),
        (with("3.4"), 0, Fail, Pass),
        ("7.0 6.8 6.5 7.2 6.9 6.5 5.0 3.4".into(), 0, Fail, Pass),
        ("7.0 6.8 6.5 7.2 6.9 6.5 5.0 4.9".into(), 0, Pass, Pass),
        (with("6.5"), 1, Pass, Fair),
        (with("6.5"), 2, Fail, Fail),
        (with("4.9"), 1, Pass, Pass),
        ("8.5 8.2 8.0 9.0 8.4 7.9 7.0 6.5".into(), 0, Fair, Fair),
        ("8.5 8.2 8.0 9.0 8.4 7.0 7.0 4.0".into(), 0, Pass, Pass),
    ] {
        assert_eq!(learning_of(&averages, failed, Adjustment::IgnoreSubject), (base, level), "{averages}, {failed} CĐ");
    }
    let five_others = "8.5 8.2 8.0 9.0 8.4 7.0 7.0 4.0";
    assert_eq!(learning_of(five_others, 0, Adjustment::ReplaceByTen), (Pass, Fair));
}

#[test]
fn the_year_of_conduct() {
    // Rows: semester II; columns: semester I; both Tốt, Khá, Đạt, Chưa đạt.
    let order = [Good, Fair, Pass, Fail];
    let table = [[Good, Good, Fair, Fair], [Fair, Fair, Fair, Pass], [Fair, Pass, Pass, Pass], [Fail, Fail, Fail, Fail]];
    for (second, row) in order.into_iter().zip(table) {
        for (first, year) in order.into_iter().zip(row) {
            assert_eq!(conduct_year(first, second), year, "I {first:?}, II {second:?}");
        }
    }
}

#[test]
fn promotion_by_levels_and_absences() {
    let policy = Policy::tt22();
    let after = |learning, conduct, absences| promotion(Some(learning), Some(conduct), Some(absences), &policy);
    assert_eq!(after(Pass, Pass, 45), Some(Promotion::Promoted));
    assert_eq!(after(Good, Good, 46), Some(Promotion::Retained));
    assert_eq!(after(Fail, Pass, 0), Some(Promotion::Reassess));
    assert_eq!(after(Pass, Fail, 0), Some(Promotion::SummerTraining));
    assert_eq!(after(Fail, Fail, 0), Some(Promotion::Retained));
    assert_eq!(promotion(None, Some(Good), Some(0), &policy), None);
    assert_eq!(promotion(Some(Good), None, Some(0), &policy), None);
    assert_eq!(promotion(Some(Good), Some(Good), None, &policy), None);
    assert_eq!(promotion(None, None, Some(46), &policy), Some(Promotion::Retained));
}

#[test]
fn titles() {
    let excellent = results("9.0 9.1 9.2 9.3 9.4 9.5 7.0 6.5", 0);
    let good = results("8.9 9.1 9.2 9.3 9.4 9.5 7.0 6.5", 0);
    assert_eq!(award(Good, Good, &excellent), Some(Award::Excellent));
    assert_eq!(award(Good, Good, &good), Some(Award::Good));
    assert_eq!(award(Good, Fair, &excellent), None);
    assert_eq!(award(Fair, Good, &excellent), None);
}
