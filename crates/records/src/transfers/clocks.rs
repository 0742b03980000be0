//! How many working days each step of a transfer has.
//!
//! The days are data (`clocks.csv`). None of them is verified: of TT 15/2026 only a draft was seen, and whether TT 28/2020 Đ.36 still
//! holds beside it is not known. For a transfer out of the province the draft gives the receiving school eight days instead of five.

use crate::calendar::{is_working_day, working_day_after};
use chrono::{Days, NaiveDate};
use dto::calendar::Grade;
use dto::transfers::{TransferClock, TransferState};
use std::sync::LazyLock;

/// Whose rule holds: that of the level of the class that the learner is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Preschool,
    Primary,
    Secondary,
}

impl Level {
    pub fn of(grade: Grade) -> Level {
        match grade.number() {
            None => Level::Preschool,
            Some(1..=5) => Level::Primary,
            Some(_) => Level::Secondary,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Level::Preschool => "preschool",
            Level::Primary => "primary",
            Level::Secondary => "secondary",
        }
    }
}

struct Rule {
    level: &'static str,
    step: &'static str,
    days: u16,
    source: &'static str,
    verified: bool,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| include_str!("clocks.csv").lines().skip(1).filter_map(rule).collect());

fn rule(line: &'static str) -> Option<Rule> {
    let mut parts = line.split(';');
    let (level, step, days) = (parts.next()?, parts.next()?, parts.next()?.parse().ok()?);
    Some(Rule { level, step, days, source: parts.next()?, verified: parts.next()? == "yes" })
}

/// The rule of the step that a transfer in this state waits for.
fn of(level: &str, state: TransferState) -> Option<&'static Rule> {
    let step = match state {
        TransferState::Requested => "answer",
        TransferState::Accepted => "release",
        TransferState::Released => "place",
        _ => return None,
    };
    RULES.iter().find(|rule| rule.level == level && rule.step == step)
}

/// The last day of the step that begins today.
pub(super) fn due(level: &str, state: TransferState, today: NaiveDate) -> Option<NaiveDate> {
    of(level, state).map(|rule| working_day_after(today, u32::from(rule.days)))
}

/// The clock of a transfer on a day.
pub(super) fn clock(level: &str, state: TransferState, due_on: Option<NaiveDate>, today: NaiveDate) -> Option<TransferClock> {
    let (rule, due_on) = (of(level, state)?, due_on?);
    Some(TransferClock {
        due_on,
        days_left: working_days(today, due_on),
        overdue: today > due_on,
        days: rule.days,
        source: rule.source.to_owned(),
        verified: rule.verified,
    })
}

/// Working days from one day to another, the first not counted; below zero backwards. Bounded: who is a year late is late.
fn working_days(from: NaiveDate, to: NaiveDate) -> i32 {
    let (first, last, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
    let days = (last - first).num_days().clamp(0, 400);
    let between = (1..=days).filter(|n| first.checked_add_days(Days::new(n.unsigned_abs())).is_some_and(is_working_day));
    sign * i32::try_from(between.count()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_line_of_the_file_is_a_rule_and_every_step_has_one() {
        assert_eq!(RULES.len(), include_str!("clocks.csv").lines().count() - 1);
        for level in [Level::Preschool, Level::Primary, Level::Secondary] {
            for state in TransferState::ALL {
                assert_eq!(of(level.as_str(), *state).is_some(), state.open(), "{} {state}", level.as_str());
            }
        }
    }

    #[test]
    fn days_are_working_days() {
        // A request of Friday: five working days later is the next Friday.
        assert_eq!(due("secondary", TransferState::Requested, date("2026-11-20")), Some(date("2026-11-27")));
        assert_eq!(due("primary", TransferState::Requested, date("2026-11-20")), Some(date("2026-11-25")));
        assert_eq!(due("primary", TransferState::Placed, date("2026-11-20")), None);
        let clock = |today| clock("secondary", TransferState::Requested, Some(date("2026-11-27")), date(today)).unwrap();
        assert_eq!((clock("2026-11-20").days_left, clock("2026-11-20").overdue), (5, false));
        assert_eq!((clock("2026-11-27").days_left, clock("2026-11-27").overdue), (0, false));
        assert_eq!((clock("2026-12-01").days_left, clock("2026-12-01").overdue), (-2, true));
    }
}
