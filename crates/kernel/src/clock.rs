//! Time: instants in UTC to the microsecond (what both engines keep), school days in Vietnam.

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, SubsecRound, Utc};
use std::cell::Cell;
use uuid::Uuid;

tokio::task_local! {
    static TOLD: Told;
}

/// A clock that is told its time.
struct Told {
    at: Cell<DateTime<Utc>>,
    /// Identifiers made so far.
    made: Cell<u64>,
    seed: u64,
}

/// Does something on a clock that stands where [`tell`] put it last, and goes on by a millisecond at each look. Identifiers follow from
/// it and the seed. So synthetic data that the verbs themselves write shows the past, and the same work writes the same rows. What runs
/// beside it (tasks, threads) has the clock of the machine.
pub async fn told<T>(seed: u64, from: DateTime<Utc>, work: impl Future<Output = T>) -> T {
    TOLD.scope(Told { at: Cell::new(from), made: Cell::new(0), seed }, work).await
}

/// Puts the clock of [`told`] to an instant. Of no effect outside of it.
pub fn tell(at: DateTime<Utc>) {
    let _outside = TOLD.try_with(|told| told.at.set(at));
}

/// The next identifier within [`told`], in the form of UUIDv7: the instant, a counter, and what both and the seed mix to.
pub(crate) fn told_id() -> Option<Uuid> {
    let make = |told: &Told| {
        let made = told.made.get();
        told.made.set(made + 1);
        // The finaliser of SplitMix64: no two counts mix to the same.
        let mut mixed = (told.seed << 32) ^ made;
        for (shift, by) in [(30, 0xbf58_476d_1ce4_e5b9_u64), (27, 0x94d0_49bb_1331_11eb)] {
            mixed = (mixed ^ (mixed >> shift)).wrapping_mul(by);
        }
        let mut bytes = [0; 10];
        bytes[..2].copy_from_slice(&((made & 0xfff) as u16).to_be_bytes());
        bytes[2..].copy_from_slice(&(mixed ^ (mixed >> 31)).to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(told.at.get().timestamp_millis().unsigned_abs(), &bytes).into_uuid()
    };
    TOLD.try_with(make).ok()
}

/// Now, truncated to the microsecond.
pub fn now() -> DateTime<Utc> {
    let look = |told: &Told| {
        let at = told.at.get();
        told.at.set(at + Duration::milliseconds(1));
        at
    };
    TOLD.try_with(look).unwrap_or_else(|_outside| Utc::now()).trunc_subsecs(6)
}

/// The calendar day of an instant in Asia/Ho_Chi_Minh: UTC+7, no daylight saving since 1975.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    let vietnam = FixedOffset::east_opt(7 * 3600).expect("seven hours is a valid offset");
    at.with_timezone(&vietnam).date_naive()
}

/// Today in Vietnam.
pub fn today() -> NaiveDate {
    day_of(now())
}

/// How often [`each_day`] looks at the calendar: a machine that slept has lost count of time.
const LOOK: std::time::Duration = std::time::Duration::from_secs(300);

/// Does something on each school day while a server runs: at once, and whenever midnight has passed in Vietnam. What fails is tried
/// again. `what` names it in the log. Never ends.
pub async fn each_day(what: &str, act: impl AsyncFn(NaiveDate) -> crate::Result<()>) {
    let mut done = None;
    loop {
        let day = today();
        if done != Some(day) {
            match act(day).await {
                Ok(()) => done = Some(day),
                Err(error) => tracing::error!(%error, what, "cannot do what a day begins with; trying again"),
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_seventeen_hours_utc() {
        let late: DateTime<Utc> = "2026-11-21T17:00:00Z".parse().unwrap();
        assert_eq!(day_of(late).to_string(), "2026-11-22");
        let before: DateTime<Utc> = "2026-11-21T16:59:59Z".parse().unwrap();
        assert_eq!(day_of(before).to_string(), "2026-11-21");
    }

    #[tokio::test]
    async fn a_told_clock_gives_the_same_each_time() {
        let from: DateTime<Utc> = "2026-09-05T01:00:00Z".parse().unwrap();
        let work = async || {
            let first: Uuid = crate::id::new();
            tell(from + Duration::days(1));
            (first, crate::id::new::<Uuid>(), today().to_string(), now() < now())
        };
        let once = told(1, from, work()).await;
        assert_eq!(once, told(1, from, work()).await);
        assert!(once.0 < once.1 && once.3 && once.2 == "2026-09-06");
        assert_ne!(once.0, told(2, from, work()).await.0);
        tell(from);
        assert!(now() > from + Duration::days(7), "outside it is the clock of the machine");
    }
}
