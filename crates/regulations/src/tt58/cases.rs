//! The tables of Đ.13, whole years, and what is missing.

use super::*;
use crate::entry::{CellValue, SubjectKind};
use crate::level::Promotion;
use crate::mark::{Mark, Rounding};
use crate::policy::Policy;
use crate::tt22::SubjectResult;
use Academic::{Average, Fair, Good, Poor, Weak};

fn mark(text: &str) -> Mark {
    Mark::parse_decimal(text).expect(text)
}

fn marks(text: &str) -> Vec<Mark> {
    text.split_whitespace().map(mark).collect()
}

/// Mathematics, literature, a foreign language, then others; then comment subjects of which so many are CĐ.
fn results(averages: &str, failed: usize) -> Vec<(Weight, SubjectResult)> {
    let weights = [Weight::Leading, Weight::Leading, Weight::ForeignLanguage];
    let weight = |at: usize| weights.get(at).copied().unwrap_or_default();
    let scored = marks(averages).into_iter().enumerate().map(|(at, mark)| (weight(at), SubjectResult::Average(mark)));
    let comments = (0..3).map(|at| (Weight::Plain, if at < failed { SubjectResult::Fail } else { SubjectResult::Pass }));
    scored.chain(comments).collect()
}

fn levels(averages: &str, failed: usize, choices: &Choices) -> (String, Academic, Academic) {
    let results = results(averages, failed);
    let overall = overall(results.iter().map(|(_, result)| *result), Rounding::HalfUp).expect("scored subjects");
    let standing = Standing { results: &results, overall };
    let base = classify(&standing, choices);
    (overall.to_average(), base, adjust(&standing, choices).map_or(base, |adjusted| adjusted.level))
}

#[test]
fn both_formulas() {
    // Before 2020-2021: (8 + 7 + 9 + 2·7.5 + 2·8 + 3·8.5) / (3 + 4 + 3) = 80.5 / 10 = 8.05, a tie.
    assert_eq!(semester_average(&marks("8 7 9"), &marks("7.5 8"), mark("8.5"), Rounding::HalfUp).to_average(), "8.1");
    // From 2020-2021 the vectors of TT 22, whose formula is the same.
    for (regular, midterm, last, average) in
        [("8 9 7 8.5", "7.5", "8", "7.9"), ("6 7", "6.5", "6", "6.3"), ("8 8 8", "9", "8", "8.3")]
    {
        let found = semester_average(&marks(regular), &marks(midterm), mark(last), Rounding::HalfUp);
        assert_eq!(found.to_average(), average);
        assert_eq!(found, crate::tt22::semester_average(&marks(regular), mark(midterm), mark(last), Rounding::HalfUp));
    }
    assert_eq!(year_average(mark("7.6"), mark("8.2"), Rounding::HalfUp).to_average(), "8.0");
}

#[test]
fn levels_and_their_adjustment() {
    let new = Choices::since_2020();
    for (averages, failed, overall, base, level) in [
        // Đ.13 k.1-5 as they stand.
        ("8.0 7.0 7.0 8.5 8.5 9.0", 0, "8.0", Good, Good),
        ("7.9 7.9 7.9 8.5 8.5 9.0", 0, "8.3", Fair, Fair),
        ("7.9 7.9 8.0 8.5 8.5 9.0", 0, "8.3", Good, Good),
        ("8.0 8.0 8.0 8.5 8.5 6.4", 0, "7.9", Fair, Fair),
        ("6.5 6.0 6.0 7.0 7.0 7.0", 0, "6.6", Fair, Fair),
        ("6.4 6.4 6.4 7.0 7.0 7.0", 0, "6.7", Average, Average),
        ("5.0 4.0 4.0 6.0 6.0 5.0", 0, "5.0", Average, Average),
        ("4.9 4.9 4.9 6.0 6.0 5.0", 0, "5.3", Weak, Weak),
        ("4.0 4.0 4.0 3.0 3.0 3.0", 0, "3.5", Weak, Weak),
        ("4.0 4.0 4.0 3.0 3.0 1.9", 0, "3.3", Poor, Poor),
        // Đ.13 k.6: one subject brings Giỏi to Trung bình, Giỏi to Yếu, Khá to Yếu, Khá to Kém.
        ("9.5 9.5 9.5 9.5 9.5 4.0", 0, "8.6", Average, Fair),
        ("9.5 9.5 9.5 9.5 9.5 3.0", 0, "8.4", Weak, Average),
        ("7.0 8.0 7.0 8.0 7.0 3.0", 0, "6.7", Weak, Average),
        ("8.0 8.0 8.0 8.0 7.0 1.0", 0, "6.7", Poor, Weak),
        // Two subjects are not one.
        ("9.9 9.9 9.9 9.9 6.4 4.0", 0, "8.3", Average, Average),
        // A comment subject may be the one.
        ("8.5 8.5 8.5 8.5 8.5 8.5", 1, "8.5", Weak, Average),
        ("8.5 8.5 8.5 8.5 8.5 8.5", 2, "8.5", Weak, Weak),
        // Giỏi to Khá is one step and no case of the adjustment.
        ("9.0 9.0 9.0 9.0 9.0 6.0", 0, "8.5", Fair, Fair),
    ] {
        assert_eq!(levels(averages, failed, &new), (overall.to_owned(), base, level), "{averages}, {failed} CĐ");
    }
}

#[test]
fn what_is_open_is_a_choice() {
    let (old, new) = (Choices::before_2020(), Choices::since_2020());
    let language_alone = "7.9 7.9 8.0 8.5 8.5 9.0";
    assert_eq!((levels(language_alone, 0, &old).1, levels(language_alone, 0, &new).1), (Fair, Good));
    let good_to_poor = "9.9 9.9 9.9 9.9 9.9 1.0";
    assert_eq!(levels(good_to_poor, 0, &new), ("8.4".to_owned(), Poor, Weak));
    assert_eq!(levels(good_to_poor, 0, &Choices { good_to_poor_as_fair: false, ..new }).2, Poor);
    // The average reaches Giỏi, but neither mathematics nor literature nor the language does.
    let no_leader = "7.9 7.9 7.9 9.9 9.9 4.9";
    assert_eq!(levels(no_leader, 0, &new).2, Average);
    assert_eq!(levels(no_leader, 0, &Choices { adjustment_needs_leading: false, ..new }).2, Fair);
    // A specialised class asks the same of its subject.
    let mut results = results("9.0 9.0 9.0 9.0 7.9", 0);
    let standing = |results: &[(Weight, SubjectResult)]| classify(&Standing { results, overall: mark("8.8") }, &new);
    assert_eq!(standing(&results), Good);
    results[4].0 = Weight::Specialised;
    assert_eq!(standing(&results), Fair);
}

fn scores(text: &str) -> Vec<CellValue> {
    let value = |text: &str| match text {
        "Đ" => CellValue::Pass,
        "CĐ" => CellValue::Fail,
        "V" => CellValue::Absent,
        "M" => CellValue::Exempt,
        _ => CellValue::Score(mark(text)),
    };
    text.split_whitespace().map(value).collect()
}

fn semester(kind: SubjectKind, regular: &str, periodic: &str, last: &str, policy: &Policy) -> (Option<SubjectResult>, usize) {
    let (regular, periodic) = (scores(regular), scores(periodic));
    let marks = Marks { regular: &regular, periodic: &periodic, last: scores(last).first().copied() };
    let mut lacking = 0;
    (average::semester_result(kind, 35, &marks, policy, |_| lacking += 1), lacking)
}

#[test]
fn nothing_is_guessed_and_two_thirds_pass() {
    let policy = Policy::tt58(2018);
    let score = |regular, periodic, last| semester(SubjectKind::Score, regular, periodic, last, &policy);
    assert_eq!(score("8 8", "8", "8"), (Some(SubjectResult::Average(mark("8.0"))), 0));
    assert_eq!(score("8", "8", "8"), (None, 1));
    assert_eq!(score("8 V", "", ""), (None, 3));
    assert_eq!(score("M M", "M", "M"), (Some(SubjectResult::Exempt), 0));
    let comment = |regular, periodic, last| semester(SubjectKind::Comment, regular, periodic, last, &policy).0;
    assert_eq!(comment("Đ CĐ", "Đ", "Đ"), Some(SubjectResult::Pass));
    assert_eq!(comment("Đ CĐ", "CĐ", "Đ"), Some(SubjectResult::Fail));
    assert_eq!(comment("Đ Đ", "Đ", "CĐ"), Some(SubjectResult::Fail));
}

/// Calls `see` with a year of six scored subjects that have the same average in both semesters.
fn year(
    averages: &str,
    again: &[(usize, &str)],
    conduct: Conduct,
    summer: Option<Conduct>,
    absences: u16,
    see: impl FnOnce(YearOutcome<'_>),
) {
    let codes = ["TOAN", "NGU_VAN", "NN1", "VAT_LI", "HOA_HOC", "SINH_HOC"];
    let values: Vec<Vec<CellValue>> = averages.split_whitespace().map(|text| scores(&format!("{text} {text}"))).collect();
    let subjects: Vec<_> = codes
        .iter()
        .zip(&values)
        .enumerate()
        .map(|(at, (code, values))| {
            let marks = Marks { regular: values, periodic: &values[..1], last: values.first().copied() };
            let again = again.iter().find(|(subject, _)| *subject == at).map(|(_, text)| CellValue::Score(mark(text)));
            YearSubject {
                code,
                name: "",
                kind: SubjectKind::Score,
                weight: Weight::of(code),
                annual_periods: 35,
                semesters: [marks, marks],
                reassessment: again,
            }
        })
        .collect();
    let input = YearInput {
        subjects: &subjects,
        conduct: [Some(conduct); 2],
        conduct_year: None,
        absences: Some(absences),
        summer_conduct: summer,
    };
    see(evaluate_year(&input, &Policy::tt58(2020)));
}

#[test]
fn a_year_is_promoted_and_gets_its_title() {
    year("9 9 9 9 9 9", &[], Conduct::Good, None, 45, |outcome| {
        assert_eq!((outcome.year.overall, outcome.year.level), (Some(mark("9.0")), Some(Good)));
        assert_eq!((outcome.promotion, outcome.award), (Some(Promotion::Promoted), Some(Title::Good)));
        assert!(outcome.reasons.iter().all(|reason| reason.vi.ends_with('.') && reason.en.ends_with('.')));
    });
    year("9 9 9 9 9 9", &[], Conduct::Fair, None, 0, |outcome| assert_eq!(outcome.award, Some(Title::Advanced)));
    year("9 9 9 9 9 9", &[], Conduct::Average, None, 0, |outcome| assert_eq!(outcome.award, None));
    year("9 9 9 9 9 9", &[], Conduct::Good, None, 46, |outcome| assert_eq!(outcome.promotion, Some(Promotion::Retained)));
}

#[test]
fn the_summer_decides() {
    let weak = "5 5 5 4 4 3";
    year(weak, &[], Conduct::Good, None, 0, |outcome| {
        assert_eq!((outcome.year.level, outcome.promotion), (Some(Weak), Some(Promotion::Reassess)));
    });
    year(weak, &[(5, "8")], Conduct::Good, None, 0, |outcome| {
        let after = outcome.reassessed.expect("tested again");
        assert_eq!((after.overall, after.level), (Some(mark("5.2")), Some(Average)));
        assert_eq!(outcome.promotion, Some(Promotion::Promoted));
        assert_eq!(outcome.year.level, Some(Weak));
    });
    year(weak, &[(5, "3")], Conduct::Good, None, 0, |outcome| assert_eq!(outcome.promotion, Some(Promotion::Retained)));
    year(weak, &[], Conduct::Weak, None, 0, |outcome| assert_eq!(outcome.promotion, Some(Promotion::Retained)));
    let fine = "6 6 6 6 6 6";
    year(fine, &[], Conduct::Weak, None, 0, |outcome| assert_eq!(outcome.promotion, Some(Promotion::SummerTraining)));
    year(fine, &[], Conduct::Weak, Some(Conduct::Fair), 0, |outcome| assert_eq!(outcome.promotion, Some(Promotion::Promoted)));
    year(fine, &[], Conduct::Weak, Some(Conduct::Weak), 0, |outcome| assert_eq!(outcome.promotion, Some(Promotion::Retained)));
}

#[test]
fn words() {
    for level in Academic::ALL {
        assert_eq!(Academic::parse_vi(level.vi()), Some(*level));
        assert_eq!(serde_json::to_string(level).expect("json"), format!("\"{}\"", level.code()));
    }
    assert_eq!(Conduct::parse_vi("trung BÌNH"), Some(Conduct::Average));
    assert!(Good > Fair && Conduct::Good > Conduct::Weak && Title::Good > Title::Advanced);
}
