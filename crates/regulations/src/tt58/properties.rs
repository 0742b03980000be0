//! What holds for every learner.

use proptest::prelude::*;

use super::*;
use crate::mark::{Mark, Rounding};
use crate::tt22::SubjectResult;

fn tenths() -> impl Strategy<Value = Mark> {
    // The steps of the levels are where things happen.
    let steps = prop::sample::select(vec![0, 19, 20, 34, 35, 49, 50, 64, 65, 79, 80, 100]);
    prop_oneof![steps, 0..=100].prop_map(|tenths| Mark::from_tenths(tenths).expect("0 to 100"))
}

fn result() -> impl Strategy<Value = (Weight, SubjectResult)> {
    let weight = prop_oneof![2 => Just(Weight::Plain), 1 => Just(Weight::Leading), 1 => Just(Weight::ForeignLanguage)];
    let result = prop_oneof![
        12 => tenths().prop_map(SubjectResult::Average),
        2 => Just(SubjectResult::Pass),
        1 => Just(SubjectResult::Fail),
        1 => Just(SubjectResult::Exempt),
    ];
    (weight, result)
}

/// Most well above one of the steps, a few anywhere.
fn results() -> impl Strategy<Value = Vec<(Weight, SubjectResult)>> {
    let high = prop::sample::select(vec![35, 50, 65, 80]).prop_flat_map(|from| prop::collection::vec(from..=100, 4..9));
    (high, prop::collection::vec(result(), 1..5)).prop_map(|(high, mut all)| {
        let weight = |at| if at < 2 { Weight::Leading } else { Weight::Plain };
        let marks = high.into_iter().filter_map(Mark::from_tenths).enumerate();
        all.extend(marks.map(|(at, mark)| (weight(at), SubjectResult::Average(mark))));
        all
    })
}

fn choices() -> impl Strategy<Value = Choices> {
    (any::<bool>(), any::<bool>()).prop_map(|(foreign_language_leads, adjustment_needs_leading)| Choices {
        foreign_language_leads,
        adjustment_needs_leading,
        ..Choices::since_2020()
    })
}

fn levels(results: &[(Weight, SubjectResult)], choices: &Choices) -> (Academic, Academic) {
    let overall = overall(results.iter().map(|(_, result)| *result), Rounding::HalfUp).expect("scored subjects");
    let standing = Standing { results, overall };
    let base = classify(&standing, choices);
    (base, adjust(&standing, choices).map_or(base, |adjusted| adjusted.level))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn raising_a_result_never_lowers_a_level(results in results(), at in any::<prop::sample::Index>(), by in 1i32..=60, choices in choices()) {
        let mut raised = results.clone();
        let at = at.index(raised.len());
        raised[at].1 = match raised[at].1 {
            SubjectResult::Average(mark) => SubjectResult::Average(Mark::from_hundredths((mark.hundredths() + by * 10).min(1000)).unwrap_or(mark)),
            SubjectResult::Fail => SubjectResult::Pass,
            other => other,
        };
        let (before, after) = (levels(&results, &choices), levels(&raised, &choices));
        prop_assert!(before.0 <= after.0 && before.1 <= after.1, "{before:?} {after:?}");
    }

    #[test]
    fn the_order_of_results_does_not_matter(both in results().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())), choices in choices()) {
        prop_assert_eq!(levels(&both.0, &choices), levels(&both.1, &choices));
    }

    #[test]
    fn the_adjustment_raises_by_one_step_and_never_to_the_top(results in results(), choices in choices()) {
        let (base, level) = levels(&results, &choices);
        prop_assert!(level == base || (level as u8 == base as u8 + 1 && level <= Academic::Fair));
    }

    #[test]
    fn the_overall_average_is_between_the_lowest_and_the_highest(results in results()) {
        let marks: Vec<_> = results.iter().filter_map(|(_, result)| result.average()).collect();
        let found = overall(results.iter().map(|(_, result)| *result), Rounding::HalfUp).expect("scored subjects");
        prop_assert!(marks.iter().min() <= Some(&found) && Some(&found) <= marks.iter().max());
    }
}
