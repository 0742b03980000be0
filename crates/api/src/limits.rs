//! Requests a second of one caller.

use dto::{AccountId, Code};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use kernel::config::Limits;
use kernel::{Error, Result};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

/// Who is counted: a signed-in account, else an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    Account(AccountId),
    Address(IpAddr),
}

/// In memory and for each process: a shield against floods, not a quota.
pub struct Limiter {
    buckets: DefaultKeyedRateLimiter<Caller>,
    clock: DefaultClock,
    since_sweep: AtomicU32,
}

impl Limiter {
    pub fn new(limits: &Limits) -> Self {
        let rate = NonZeroU32::new(limits.requests_per_second).unwrap_or(NonZeroU32::MIN);
        let burst = NonZeroU32::new(limits.requests_burst).unwrap_or(NonZeroU32::MIN);
        Limiter {
            buckets: DefaultKeyedRateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)),
            clock: DefaultClock::default(),
            since_sweep: AtomicU32::new(0),
        }
    }

    /// `too_many_requests` with the seconds to wait.
    pub fn check(&self, caller: Caller) -> Result<()> {
        if self.since_sweep.fetch_add(1, Ordering::Relaxed) >= 10_000 {
            self.since_sweep.store(0, Ordering::Relaxed);
            self.buckets.retain_recent();
        }
        self.buckets.check_key(&caller).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            Error::new(Code::TooManyRequests).with("seconds", wait.as_secs() + 1)
        })
    }
}
