//! The numbers that govern identity.

use chrono::Duration;
use kernel::config::Config;

/// Lives of tokens and codes, and patience with wrong passwords.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Life of an access token, in seconds.
    pub access_seconds: u64,
    /// Life of a session that is not used.
    pub session_life: Duration,
    /// Life of a one-time code.
    pub code_life: Duration,
    /// Wrong passwords for one user name from one place before the place waits.
    pub failures: u32,
    /// The first wait in seconds; it doubles up to [`MAX_WAIT_SECONDS`](crate::Settings::MAX_WAIT_SECONDS).
    pub delay_seconds: u64,
}

impl Settings {
    /// Nobody waits longer than this between two tries, in seconds.
    pub const MAX_WAIT_SECONDS: u64 = 15 * 60;
}

impl From<&Config> for Settings {
    fn from(config: &Config) -> Self {
        Settings {
            access_seconds: config.tokens.access_seconds,
            session_life: Duration::days(i64::from(config.tokens.refresh_days)),
            code_life: Duration::hours(i64::from(config.tokens.one_time_code_hours)),
            failures: config.limits.sign_in_failures,
            delay_seconds: config.limits.sign_in_delay_seconds,
        }
    }
}
