//! What holds for every learner, not only for those of the tables.

use proptest::prelude::*;

use super::*;
use crate::entry::{CellValue, SubjectKind, format_cell, parse_cell};
use crate::level::{Learning, Level, Promotion};
use crate::mark::Rounding;
use crate::policy::{Adjustment, Policy};
use crate::slot::regular_count;

fn tenths() -> impl Strategy<Value = Mark> {
    // The steps of the levels are where things happen.
    let steps = prop::sample::select(vec![0, 34, 35, 49, 50, 64, 65, 79, 80, 89, 90, 100]);
    prop_oneof![steps, 0..=100].prop_map(|tenths| Mark::from_tenths(tenths).expect("0 to 100"))
}

fn result() -> impl Strategy<Value = SubjectResult> {
    prop_oneof![
        12 => tenths().prop_map(SubjectResult::Average),
        3 => Just(SubjectResult::Pass),
        1 => Just(SubjectResult::Fail),
        1 => Just(SubjectResult::Exempt),
    ]
}

/// Results as learners have them: most well above one of the steps, a few anywhere.
fn results() -> impl Strategy<Value = Vec<SubjectResult>> {
    let floor = prop::sample::select(vec![35, 50, 65, 80]);
    let high = floor.prop_flat_map(|from| prop::collection::vec(from..=100, 4..9));
    (high, prop::collection::vec(result(), 0..5)).prop_map(|(high, mut others)| {
        others.extend(high.into_iter().filter_map(Mark::from_tenths).map(SubjectResult::Average));
        others
    })
}

fn mode() -> impl Strategy<Value = Adjustment> {
    prop_oneof![Just(Adjustment::IgnoreSubject), Just(Adjustment::ReplaceByTen)]
}

fn policy() -> impl Strategy<Value = Policy> {
    (mode(), any::<bool>(), any::<bool>()).prop_map(|(adjustment, year_from_rounded, even)| Policy {
        adjustment,
        year_from_rounded,
        rounding: if even { Rounding::HalfEven } else { Rounding::HalfUp },
        ..Policy::tt22()
    })
}

fn level() -> impl Strategy<Value = Level> {
    prop::sample::select(Level::ALL.to_vec())
}

/// A level before and after adjustment.
fn learning(results: &[SubjectResult], mode: Adjustment) -> Learning {
    let base = classify(&Tally::of(results));
    Learning { base: Some(base), level: Some(adjust(results, mode).map_or(base, |adjusted| adjusted.level)) }
}

fn raise(result: SubjectResult, by: i32) -> SubjectResult {
    match result {
        SubjectResult::Average(mark) => {
            SubjectResult::Average(Mark::from_hundredths((mark.hundredths() + by * 10).min(1000)).unwrap_or(mark))
        }
        SubjectResult::Fail => SubjectResult::Pass,
        other => other,
    }
}

type Cells = Vec<(Slot, CellValue)>;

#[derive(Clone, Debug)]
struct Subject {
    code: String,
    kind: SubjectKind,
    periods: u16,
    semesters: [Cells; 2],
    again: Option<CellValue>,
}

#[derive(Clone, Debug)]
struct Year {
    subjects: Vec<Subject>,
    conduct: [Level; 2],
    absences: u16,
    summer: Option<Level>,
}

fn subject(around: i32) -> impl Strategy<Value = (SubjectKind, u16, Vec<i32>, Vec<bool>, Option<i32>)> {
    let spread = prop_oneof![6 => 0..=12, 1 => -40..=40];
    let kind = prop_oneof![4 => Just(SubjectKind::Score), 1 => Just(SubjectKind::Comment)];
    let marks = prop::collection::vec(spread.prop_map(move |by: i32| (around + by).clamp(0, 100)), 12);
    let passes = prop::collection::vec(prop::bool::weighted(0.98), 12);
    (kind, prop::sample::select(vec![35, 52, 70, 105, 140]), marks, passes, prop::option::weighted(0.5, 0..=100))
}

fn year() -> impl Strategy<Value = Year> {
    let around = prop::sample::select(vec![30, 42, 55, 68, 80, 92]);
    let subjects = around.prop_flat_map(|around| prop::collection::vec(subject(around), 6..13));
    (subjects, [level(), level()], 0u16..60, prop::option::of(level())).prop_map(|(subjects, conduct, absences, summer)| {
        let policy = Policy::tt22();
        let subjects = subjects.into_iter().enumerate().map(|(at, (kind, periods, marks, passes, again))| {
            let count = usize::from(regular_count(periods, kind, &policy));
            let value = |at: usize| match kind {
                SubjectKind::Score => CellValue::Score(Mark::from_tenths(marks[at]).expect("0 to 100")),
                SubjectKind::Comment if passes[at] => CellValue::Pass,
                SubjectKind::Comment => CellValue::Fail,
            };
            let semester = |from: usize| -> Cells {
                let slots = (1..=count as u8).map(Slot::Regular).chain([Slot::Midterm, Slot::Final]);
                slots.enumerate().map(|(column, slot)| (slot, value(from + column))).collect()
            };
            let again = again.and_then(Mark::from_tenths).map(|mark| match kind {
                SubjectKind::Score => CellValue::Score(mark),
                SubjectKind::Comment if mark.hundredths() > 300 => CellValue::Pass,
                SubjectKind::Comment => CellValue::Fail,
            });
            Subject { code: format!("M{at}"), kind, periods, semesters: [semester(0), semester(6)], again }
        });
        Year { subjects: subjects.collect(), conduct, absences, summer }
    })
}

fn evaluated<T>(year: &Year, policy: &Policy, see: impl FnOnce(YearOutcome<'_>) -> T) -> T {
    let subjects: Vec<_> = year
        .subjects
        .iter()
        .map(|subject| YearSubject {
            code: &subject.code,
            name: "",
            kind: subject.kind,
            annual_periods: subject.periods,
            semester1: Semester::Cells(&subject.semesters[0]),
            semester2: Semester::Cells(&subject.semesters[1]),
            reassessment: subject.again,
        })
        .collect();
    let input = YearInput {
        subjects: &subjects,
        conduct1: Some(year.conduct[0]),
        conduct2: Some(year.conduct[1]),
        absences: Some(year.absences),
        summer_conduct: year.summer,
    };
    see(evaluate_year(&input, policy))
}

/// Everything of an outcome that can be better or worse, so that it compares part by part.
fn standing(outcome: &YearOutcome<'_>) -> Vec<Option<i32>> {
    let rank = |level: Option<Level>| level.map(|level| i32::from(level.rank()));
    let result = |result: Option<SubjectResult>| {
        result.map(|result| match result {
            SubjectResult::Average(mark) => mark.hundredths(),
            SubjectResult::Pass => 1,
            SubjectResult::Fail | SubjectResult::Exempt => 0,
        })
    };
    let mut standing = Vec::new();
    for learning in [outcome.semester1, outcome.semester2, outcome.year] {
        standing.extend([rank(learning.base), rank(learning.level)]);
    }
    standing.extend([
        rank(outcome.conduct),
        outcome.promotion.map(|promotion| i32::from(promotion.rank())),
        Some(outcome.award.map_or(0, |award| award as i32 + 1)),
    ]);
    for subject in &outcome.subjects {
        standing.extend([result(subject.semester1), result(subject.semester2), result(subject.year)]);
    }
    standing
}

fn no_worse(before: &[Option<i32>], after: &[Option<i32>]) -> bool {
    before.len() == after.len() && before.iter().zip(after).all(|(before, after)| before <= after)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rounding_half_up_is_the_exact_rational_one((divisor, sum) in (1i64..=100).prop_flat_map(|divisor| (Just(divisor), 0..=1000 * divisor))) {
        let tenths = i64::from(Mark::average(sum, divisor, Rounding::HalfUp).hundredths() / 10);
        // tenths − 1/2 ≤ sum / (10 divisor) < tenths + 1/2
        prop_assert!((2 * tenths - 1) * 10 * divisor <= 2 * sum);
        prop_assert!(2 * sum < (2 * tenths + 1) * 10 * divisor);
    }

    #[test]
    fn raising_a_result_never_lowers_a_level(results in results(), at in any::<prop::sample::Index>(), by in 1..=60, mode in mode()) {
        let mut raised = results.clone();
        let at = at.index(raised.len());
        raised[at] = raise(raised[at], by);
        let (before, after) = (learning(&results, mode), learning(&raised, mode));
        prop_assert!(before.base <= after.base && before.level <= after.level, "{before:?} {after:?}");
    }

    #[test]
    fn adjustment_raises_by_at_most_one_step(results in results(), mode in mode()) {
        let base = classify(&Tally::of(&results));
        if let Some(adjusted) = adjust(&results, mode) {
            prop_assert_eq!(Some(adjusted.level), base.next());
            prop_assert!(adjusted.otherwise.rank() >= base.rank() + 2);
            prop_assert!(base <= Level::Pass && adjusted.level <= Level::Fair);
        }
    }

    #[test]
    fn mode_r_is_never_harder_than_mode_x(results in results()) {
        let (x, r) = (learning(&results, Adjustment::IgnoreSubject), learning(&results, Adjustment::ReplaceByTen));
        prop_assert!(x.base == r.base && x.level <= r.level);
    }

    #[test]
    fn the_adjustment_is_that_of_the_definition(results in results(), mode in mode()) {
        // Đ.9 k.3 word by word: classify again and again without the one subject, or with a ten in its place.
        let base = classify(&Tally::of(&results));
        let best = (0..results.len()).map(|at| {
            let mut others = results.clone();
            match (mode, others[at]) {
                (Adjustment::IgnoreSubject, _) => drop(others.remove(at)),
                (_, SubjectResult::Average(_)) => others[at] = SubjectResult::Average(Mark::TEN),
                (_, SubjectResult::Fail) => others[at] = SubjectResult::Pass,
                _ => {}
            }
            classify(&Tally::of(&others))
        });
        let best = best.max().filter(|best| *best >= Level::Fair && best.rank() >= base.rank() + 2);
        let expected = best.and(base.next()).unwrap_or(base);
        prop_assert_eq!(learning(&results, mode).level, Some(expected));
    }

    #[test]
    fn the_order_of_results_does_not_matter(results in results().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())), mode in mode()) {
        prop_assert_eq!(learning(&results.0, mode), learning(&results.1, mode));
    }

    #[test]
    fn a_level_is_a_function_of_the_results_alone(year in year(), policy in policy()) {
        evaluated(&year, &policy, |outcome| {
            let all = |pick: fn(&YearSubjectOutcome<'_>) -> Option<SubjectResult>| -> Vec<SubjectResult> {
                outcome.subjects.iter().filter_map(pick).collect()
            };
            let expected = [
                (outcome.semester1, all(|subject| subject.semester1)),
                (outcome.semester2, all(|subject| subject.semester2)),
                (outcome.year, all(|subject| subject.year)),
            ];
            for (found, results) in expected {
                prop_assert_eq!(results.len(), year.subjects.len());
                prop_assert_eq!(found, learning(&results, policy.adjustment));
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_term_is_the_semester_of_the_year(year in year(), policy in policy()) {
        let subjects: Vec<_> = year.subjects.iter().map(|subject| TermSubject {
            code: &subject.code, name: "", kind: subject.kind, annual_periods: subject.periods, cells: &subject.semesters[0],
        }).collect();
        let term = evaluate_term(Period::Semester1, &subjects, &policy);
        evaluated(&year, &policy, |outcome| {
            prop_assert_eq!(term.learning, outcome.semester1);
            for (one, other) in term.subjects.iter().zip(&outcome.subjects) {
                prop_assert_eq!(one.result, other.semester1);
            }
            Ok(())
        })?;
    }

    /// Holds without re-assessment: see `what_re_assessment_makes_of_a_better_mark`.
    #[test]
    fn raising_a_mark_never_lowers_anything(
        mut year in year(), policy in policy(), at in any::<[prop::sample::Index; 3]>(), to in tenths(),
    ) {
        for subject in &mut year.subjects {
            subject.again = None;
        }
        let before = evaluated(&year, &policy, |outcome| standing(&outcome));
        let subject = at[0].index(year.subjects.len());
        let cells = &mut year.subjects[subject].semesters[at[1].index(2)];
        let column = at[2].index(cells.len());
        cells[column].1 = match cells[column].1 {
            CellValue::Score(mark) => CellValue::Score(mark.max(to)),
            _ => CellValue::Pass,
        };
        let after = evaluated(&year, &policy, |outcome| standing(&outcome));
        prop_assert!(no_worse(&before, &after), "{before:?}\n{after:?}");
    }

    #[test]
    fn a_better_re_assessment_or_summer_never_hurts(
        mut year in year(), policy in policy(), at in any::<prop::sample::Index>(), to in tenths(), summer in level(),
    ) {
        let before = evaluated(&year, &policy, |outcome| standing(&outcome));
        let count = year.subjects.len();
        let subject = &mut year.subjects[at.index(count)];
        subject.again = match (subject.again, subject.kind) {
            (Some(CellValue::Score(mark)), _) => Some(CellValue::Score(mark.max(to))),
            (Some(_), _) => Some(CellValue::Pass),
            (None, _) => None,
        };
        year.summer = year.summer.map(|level| level.max(summer));
        let after = evaluated(&year, &policy, |outcome| standing(&outcome));
        prop_assert!(no_worse(&before, &after), "{before:?}\n{after:?}");
    }

    #[test]
    fn better_conduct_or_fewer_absences_never_hurt(mut year in year(), policy in policy(), better in [level(), level()], fewer in 0u16..60) {
        for subject in &mut year.subjects {
            subject.again = None;
        }
        year.summer = None;
        let before = evaluated(&year, &policy, |outcome| standing(&outcome));
        for (conduct, better) in year.conduct.iter_mut().zip(better) {
            *conduct = better.max(*conduct);
        }
        year.absences = year.absences.min(fewer);
        let after = evaluated(&year, &policy, |outcome| standing(&outcome));
        prop_assert!(no_worse(&before, &after), "{before:?}\n{after:?}");
    }

    #[test]
    fn the_order_of_regular_marks_and_of_subjects_does_not_matter(year in year(), policy in policy(), turn in 0usize..12) {
        let mut other = year.clone();
        let by = turn % other.subjects.len();
        other.subjects.rotate_left(by);
        for subject in &mut other.subjects {
            for cells in &mut subject.semesters {
                let regular = cells.len() - 2;
                let mut values: Vec<_> = cells[..regular].iter().map(|cell| cell.1).collect();
                values.rotate_left(turn % regular);
                for (cell, value) in cells.iter_mut().zip(values) {
                    cell.1 = value;
                }
                cells.reverse();
            }
        }
        let seen = |year: &Year| evaluated(year, &policy, |outcome| {
            let mut subjects: Vec<_> = outcome.subjects.iter()
                .map(|subject| (subject.subject.code.to_owned(), subject.semester1, subject.semester2, subject.year, subject.reassessed))
                .collect();
            subjects.sort_by(|one, two| one.0.cmp(&two.0));
            let rest = (outcome.semester1, outcome.semester2, outcome.year, outcome.reassessed, outcome.conduct, outcome.promotion, outcome.award);
            (subjects, rest)
        });
        prop_assert_eq!(seen(&year), seen(&other));
    }

    #[test]
    fn taking_a_mark_away_leaves_none_and_a_reason(mut year in year(), policy in policy(), at in any::<[prop::sample::Index; 3]>()) {
        let subject = at[0].index(year.subjects.len());
        let semester = at[1].index(2);
        let cells = &mut year.subjects[subject].semesters[semester];
        let column = at[2].index(cells.len());
        let (slot, _) = cells.remove(column);
        let code = year.subjects[subject].code.clone();
        evaluated(&year, &policy, |outcome| {
            prop_assert_eq!(outcome.missing.len(), 1);
            prop_assert_eq!((outcome.missing[0].subject.code, outcome.missing[0].slot), (code.as_str(), Some(slot)));
            let results = &outcome.subjects[subject];
            let (found, level) = if semester == 0 { (results.semester1, outcome.semester1) } else { (results.semester2, outcome.semester2) };
            prop_assert_eq!((found, level), (None, Learning::default()));
            let comment_year = semester == 0 && results.kind == SubjectKind::Comment;
            prop_assert_eq!(results.year.is_none(), !comment_year);
            prop_assert_eq!(outcome.year.level.is_none(), !comment_year);
            prop_assert_eq!(outcome.promotion.is_none(), !comment_year && year.absences <= policy.max_absences);
            prop_assert!(outcome.award.is_none() || comment_year);
            Ok(())
        })?;
    }

    #[test]
    fn every_result_that_is_not_the_best_is_explained(year in year(), policy in policy()) {
        evaluated(&year, &policy, |outcome| {
            let reasons = outcome.reasons();
            prop_assert_eq!(reasons.iter().filter(|reason| reason.code == "learning-level").count(), 3);
            for reason in &reasons {
                prop_assert!(reason.vi.ends_with('.') && reason.en.ends_with('.'), "{reason:?}");
                prop_assert!(!reason.vi.contains("vì .") && !reason.en.contains("because ."), "{reason:?}");
                prop_assert!(reason.article.starts_with("TT 22/2021 Đ."), "{reason:?}");
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_a_cell_shows_is_read_back(mark in tenths(), vietnamese in any::<bool>()) {
        use crate::entry::Lang;
        let lang = if vietnamese { Lang::Vi } else { Lang::En };
        let values = [
            (CellValue::Score(mark), SubjectKind::Score),
            (CellValue::Pass, SubjectKind::Comment),
            (CellValue::Fail, SubjectKind::Comment),
            (CellValue::Absent, SubjectKind::Score),
            (CellValue::Exempt, SubjectKind::Comment),
        ];
        for (value, kind) in values {
            let parsed = parse_cell(&format_cell(&value, lang), kind);
            prop_assert_eq!(parsed.map(|parsed| (parsed.value, parsed.reinterpreted)), Ok((Some(value), false)));
        }
        prop_assert_eq!(Mark::parse_decimal(&mark.to_average_vi()), Some(mark));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,6}|[-0-9.,vmdđcĐ ]{0,6}") {
        for kind in [SubjectKind::Score, SubjectKind::Comment] {
            if let Ok(parsed) = parse_cell(&text, kind) {
                prop_assert!(parsed.value.is_none_or(|value| value.suits(kind)));
            }
        }
    }
}

/// The one place where a better mark can hurt: Đ.14 re-assesses a subject below 5.0, and the new result replaces the old.
/// With 4.9 the learner may come out of the summer with a 10, with 5.0 the subject is not re-assessed and stays 5.0. That
/// matters only through the one-subject adjustment, which asks for six subjects from 6.5.
#[test]
fn what_re_assessment_makes_of_a_better_mark() {
    let promotion = |last: i32| {
        let subject = |(at, (tenths, again)): (usize, (i32, Option<Mark>))| {
            let value = CellValue::Score(Mark::from_tenths(tenths).expect("0 to 100"));
            let slots = [Slot::Regular(1), Slot::Regular(2), Slot::Midterm, Slot::Final];
            let cells: Cells = slots.into_iter().map(|slot| (slot, value)).collect();
            let semesters = [cells.clone(), cells];
            Subject {
                code: format!("M{at}"),
                kind: SubjectKind::Score,
                periods: 35,
                semesters,
                again: again.map(CellValue::Score),
            }
        };
        let failed_again = (30, Mark::from_tenths(30));
        let marks = [(70, None), (70, None), (70, None), (70, None), (70, None), failed_again, (last, Some(Mark::TEN))];
        let subjects = marks.into_iter().enumerate().map(subject).collect();
        let year = Year { subjects, conduct: [Level::Good; 2], absences: 0, summer: None };
        evaluated(&year, &Policy::tt22(), |outcome| outcome.promotion)
    };
    assert_eq!(promotion(49), Some(Promotion::Promoted));
    assert_eq!(promotion(50), Some(Promotion::Retained));
}
