//! What holds for every learner, not only for those of the vectors.

use proptest::prelude::*;

use super::vectors::Year;
use super::*;
use crate::mark::Mark;
use crate::tt22::MissingCause;

fn subject_level() -> impl Strategy<Value = SubjectLevel> {
    prop_oneof![1 => Just(SubjectLevel::NotCompleted), 4 => Just(SubjectLevel::Completed), 20 => Just(SubjectLevel::CompletedWell)]
}

fn trait_level() -> impl Strategy<Value = TraitLevel> {
    prop_oneof![1 => Just(TraitLevel::NeedsEffort), 4 => Just(TraitLevel::Met), 30 => Just(TraitLevel::Good)]
}

fn test() -> impl Strategy<Value = Mark> {
    prop_oneof![1 => 1..=10, 6 => 7..=10].prop_map(|mark: i32| Mark::from_hundredths(mark * 100).expect("1 to 10"))
}

fn year() -> impl Strategy<Value = Year> {
    let subjects = prop::collection::vec((subject_level(), test(), prop::option::of((subject_level(), test()))), 10);
    let traits = prop::collection::vec((trait_level(), prop::option::of(trait_level())), 15);
    (1u8..=5, subjects, traits, any::<bool>(), prop::option::of(any::<bool>())).prop_map(
        |(grade, subjects, traits, recognised, decision)| {
            let mut year = Year::best(grade);
            for (into, (level, test, again)) in year.subjects.iter_mut().zip(subjects) {
                into.end.level = Ended::Given(level);
                if into.end.test != Ended::NotAsked {
                    into.end.test = Ended::Given(test);
                }
                into.level_again = again.map(|again| again.0);
                into.test_again = again.map(|again| again.1);
            }
            for (into, (level, again)) in year.traits.iter_mut().zip(traits) {
                into.end.level = Ended::Given(level);
                into.again = again;
            }
            (year.recognised, year.decision) = (recognised, decision);
            year
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn raising_a_level_or_a_test_never_lowers_the_group(mut year in year(), at in 0usize..25, what in any::<bool>()) {
        let before = year.outcome().group;
        match year.subjects.get_mut(at) {
            Some(subject) if what => subject.end.level = Ended::Given(SubjectLevel::CompletedWell),
            Some(subject) => if let Ended::Given(mark) = subject.end.test {
                subject.end.test = Ended::Given(Mark::from_hundredths((mark.hundredths() + 100).min(1000)).expect("a mark"));
            },
            None => {
                let place = at % year.traits.len();
                year.traits[place].end.level = Ended::Given(TraitLevel::Good);
            }
        }
        prop_assert!(year.outcome().group >= before);
    }

    #[test]
    fn raising_what_was_assessed_again_never_undoes_a_completion(mut year in year(), at in 0usize..10) {
        let before = year.outcome().completion;
        let raise = |level| match level {
            SubjectLevel::NotCompleted => SubjectLevel::Completed,
            _ => SubjectLevel::CompletedWell,
        };
        if let Some(level) = year.subjects[at].level_again {
            year.subjects[at].level_again = Some(raise(level));
        }
        if let Some(mark) = year.subjects[at].test_again {
            year.subjects[at].test_again = Mark::from_hundredths((mark.hundredths() + 100).min(1000));
        }
        let after = year.outcome().completion;
        if before == Some(Completion::Completed) {
            prop_assert_eq!(after, before);
        }
    }

    #[test]
    fn order_does_not_matter(mut year in year(), by in 0usize..10) {
        let (group, completion, award) = { let o = year.outcome(); (o.group, o.completion, o.award) };
        year.subjects.rotate_left(by);
        year.traits.reverse();
        let after = year.outcome();
        prop_assert_eq!((after.group, after.completion, after.award), (group, completion, award));
    }

    #[test]
    fn results_agree_with_each_other_and_are_explained(year in year()) {
        let outcome = year.outcome();
        let group = outcome.group.expect("nothing is missing");
        prop_assert_eq!(outcome.missing.len(), 0);
        prop_assert_eq!(outcome.award == Some(PrimaryAward::Excellent), group == Group::Excellent);
        prop_assert_eq!(outcome.award == Some(PrimaryAward::Exemplary), group == Group::CompletedWell && year.recognised);
        if group > Group::NotCompleted {
            prop_assert_eq!(outcome.completion, Some(Completion::Completed));
            prop_assert_eq!(outcome.again, None);
        }
        for reason in outcome.reasons() {
            prop_assert!(reason.vi.ends_with('.') && reason.en.ends_with('.'), "{reason:?}");
            prop_assert!(!reason.article.is_empty() && !reason.vi.contains("  ") && !reason.en.contains("  "));
        }
        // What a sentence names is what is short of the next group, and nothing else.
        if let Some(wanted) = group.next().and_then(|next| criteria(next, &Choices::DEFAULT)) {
            let subjects: Vec<_> = year.subjects.iter().map(|s| s.end).collect();
            let traits: Vec<_> = year.traits.iter().map(|t| t.end).collect();
            prop_assert!(!shortfalls(&subjects, &traits, &wanted).is_empty());
        }
    }

    #[test]
    fn one_thing_missing_leaves_everything_open(mut year in year(), at in 0usize..25) {
        match year.subjects.get_mut(at) {
            Some(subject) => subject.end.level = Ended::Missing(MissingCause::Empty),
            None => {
                let place = at % year.traits.len();
                year.traits[place].end.level = Ended::Missing(MissingCause::Empty);
            }
        }
        let outcome = year.outcome();
        prop_assert_eq!((outcome.group, outcome.completion, outcome.award), (None, None, None));
        prop_assert_eq!(outcome.missing.len(), 1);
    }

    #[test]
    fn what_is_shown_is_read_back(slot in prop::sample::select(PrimarySlot::CODES.to_vec()), mark in 1i32..=10) {
        use crate::entry::{CellValue, Lang, format_cell};
        let slot = PrimarySlot::from_code(slot).expect("a code");
        let choices = Choices::DEFAULT;
        let mark = CellValue::Score(Mark::from_hundredths(mark * 100).expect("1 to 10"));
        let all = [mark, CellValue::Good, CellValue::Done, CellValue::Weak, CellValue::Pass, CellValue::Fail, CellValue::Absent, CellValue::Exempt];
        for value in all {
            let read = parse(&format_cell(&value, Lang::Vi), slot, &choices);
            match fits(slot, value, &choices) {
                true => prop_assert_eq!(read.map(|parsed| parsed.value), Ok(Some(value))),
                false => prop_assert!(read.is_err(), "{slot:?} {value:?} {read:?}"),
            }
        }
    }
}
