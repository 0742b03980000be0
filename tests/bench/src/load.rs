//! Clients in a closed loop: each sends its next request when the answer is there.

use futures::future::join_all;
use std::time::{Duration, Instant};

/// What was measured.
pub struct Measured {
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
    /// CPU time a request of all that served it.
    pub cpu: Duration,
    /// Resident memory of the server after it, in megabytes; none for the ceiling.
    pub memory: Option<f64>,
    pub requests: usize,
    /// Answers other than the one wanted.
    pub failures: usize,
}

/// Runs `one(client)` over and over with so many clients; `cpu` tells the CPU time used so far.
pub async fn run<F, Fut>(clients: usize, span: Duration, cpu: impl Fn() -> Duration, one: F) -> Measured
where
    F: Fn(usize) -> Fut,
    Fut: Future<Output = bool>,
{
    drive(clients, span / 10, &one).await;
    let (cpu_before, started) = (cpu(), Instant::now());
    let samples = drive(clients, span, &one).await;
    summed(samples, started.elapsed(), cpu().saturating_sub(cpu_before))
}

/// Runs `one()` so many times, one after the other, after two to warm up.
pub async fn times<Fut: Future<Output = bool>>(count: usize, cpu: impl Fn() -> Duration, one: impl Fn() -> Fut) -> Measured {
    for _ in 0..2 {
        one().await;
    }
    let (cpu_before, started) = (cpu(), Instant::now());
    let mut samples = Vec::with_capacity(count);
    for _ in 0..count {
        let began = Instant::now();
        let well = one().await;
        samples.push((began.elapsed(), well));
    }
    summed(samples, started.elapsed(), cpu().saturating_sub(cpu_before))
}

fn summed(mut samples: Vec<(Duration, bool)>, took: Duration, used: Duration) -> Measured {
    let failures = samples.iter().filter(|(_, well)| !well).count();
    samples.sort_unstable();
    // Nearest rank.
    let at = |share: f64| {
        let rank = (samples.len() as f64 * share).ceil() as usize;
        samples.get(rank.saturating_sub(1)).map_or(Duration::ZERO, |s| s.0)
    };
    let requests = samples.len();
    Measured {
        per_second: requests as f64 / took.as_secs_f64(),
        p50: at(0.50),
        p99: at(0.99),
        cpu: used / u32::try_from(requests.max(1)).unwrap_or(u32::MAX),
        memory: None,
        requests,
        failures,
    }
}

async fn drive<F, Fut>(clients: usize, span: Duration, one: &F) -> Vec<(Duration, bool)>
where
    F: Fn(usize) -> Fut,
    Fut: Future<Output = bool>,
{
    let until = Instant::now() + span;
    let client = async |client: usize| {
        let mut samples = Vec::new();
        loop {
            let began = Instant::now();
            let well = one(client).await;
            samples.push((began.elapsed(), well));
            if Instant::now() >= until {
                return samples;
            }
        }
    };
    join_all((0..clients).map(client)).await.concat()
}
