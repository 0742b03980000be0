//! How long to wait: a pure function of counts and time.

use crate::Settings;
use chrono::{DateTime, Duration, Utc};

/// Failures are forgotten after this long without another.
pub(super) const MEMORY: Duration = Duration::hours(24);
/// The budget of a name over all places, as a multiple of that of one place.
const EVERYWHERE: i64 = 20;

#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    pub(super) count: i64,
    pub(super) last_at: DateTime<Utc>,
}

/// Seconds to wait, if any.
pub(super) fn wait(
    here: Option<Count>,
    anywhere: Option<Count>,
    known: bool,
    settings: &Settings,
    now: DateTime<Utc>,
) -> Option<u64> {
    let left = |count: Count, wait: u64| {
        let until = count.last_at + Duration::seconds(i64::try_from(wait).unwrap_or(0));
        // Up to the next whole second, so that whoever waits as told is let in.
        (until > now).then(|| u64::try_from((until - now).num_milliseconds()).unwrap_or(0).div_ceil(1000).max(1))
    };
    let fresh = |count: &Count| now - count.last_at < MEMORY;
    let patience = i64::from(settings.failures.max(1));
    let here = here.filter(fresh).filter(|c| c.count >= patience).and_then(|c| {
        let doublings = u32::try_from(c.count - patience).unwrap_or(u32::MAX).min(16);
        left(c, settings.delay_seconds.saturating_mul(1 << doublings).min(Settings::MAX_WAIT_SECONDS))
    });
    let anywhere = anywhere
        .filter(|_| !known)
        .filter(fresh)
        .filter(|c| c.count >= patience * EVERYWHERE)
        .and_then(|c| left(c, settings.delay_seconds.min(Settings::MAX_WAIT_SECONDS)));
    here.max(anywhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            access_seconds: 900,
            session_life: Duration::days(30),
            code_life: Duration::hours(24),
            failures: 5,
            delay_seconds: 30,
        }
    }

    fn after(count: i64, seconds_ago: i64) -> (Option<Count>, DateTime<Utc>) {
        let now = kernel::clock::now();
        (Some(Count { count, last_at: now - Duration::seconds(seconds_ago) }), now)
    }

    fn here(count: i64, seconds_ago: i64) -> Option<u64> {
        let (count, now) = after(count, seconds_ago);
        wait(count, None, false, &settings(), now)
    }

    fn anywhere(count: i64, seconds_ago: i64, known: bool) -> Option<u64> {
        let (count, now) = after(count, seconds_ago);
        wait(None, count, known, &settings(), now)
    }

    #[test]
    fn the_wait_begins_after_the_patience_and_doubles_to_its_bound() {
        assert_eq!(here(4, 0), None);
        assert_eq!(here(5, 0), Some(30));
        assert_eq!(here(5, 10), Some(20));
        assert_eq!(here(5, 30), None);
        assert_eq!(here(6, 30), Some(30));
        assert_eq!(here(8, 0), Some(240));
        assert_eq!(here(1_000_000, 0), Some(Settings::MAX_WAIT_SECONDS));
        assert_eq!(here(1_000_000, 24 * 3600), None);
    }

    #[test]
    fn a_name_under_attack_is_slow_for_strangers_alone() {
        assert_eq!(anywhere(99, 0, false), None);
        assert_eq!(anywhere(100, 0, false), Some(30));
        assert_eq!(anywhere(100_000, 29, false), Some(1));
        assert_eq!(anywhere(100_000, 30, false), None);
        assert_eq!(anywhere(100_000, 0, true), None);
    }
}
