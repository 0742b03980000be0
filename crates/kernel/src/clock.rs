//! Time: instants in UTC to the microsecond (what both engines keep), school days in Vietnam.

use chrono::{DateTime, FixedOffset, NaiveDate, SubsecRound, Utc};

/// Now, truncated to the microsecond.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
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
}
