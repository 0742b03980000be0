//! Figures for Prometheus.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Installs the recorder once for the process.
pub fn install() {
    HANDLE.get_or_init(|| {
        PrometheusBuilder::new()
            .set_buckets(&[0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0])
            .ok()
            .and_then(|b| b.install_recorder().ok())
    });
}

/// One request: `route` is the pattern, never the path, so that no id gets into a label.
pub fn observe(method: &str, route: &str, status: u16, elapsed: Duration) {
    let labels = [("method", method.to_owned()), ("route", route.to_owned()), ("status", status.to_string())];
    metrics::counter!("khue_http_requests_total", &labels).increment(1);
    metrics::histogram!("khue_http_request_seconds", "method" => method.to_owned(), "route" => route.to_owned())
        .record(elapsed.as_secs_f64());
}

/// One try to send a message.
pub fn sent(channel: &str, outcome: &'static str) {
    metrics::counter!("khue_outbox_tries_total", "channel" => channel.to_owned(), "outcome" => outcome).increment(1);
}

/// What has not left: what waits, and what was given up and is for somebody to look at.
pub fn outbox(backlog: &kernel::outbox::Backlog) {
    metrics::gauge!("khue_outbox_waiting").set(backlog.waiting as f64);
    metrics::gauge!("khue_outbox_dead").set(backlog.dead as f64);
}

/// The figures in the text format of Prometheus.
pub fn render() -> String {
    if let Some(rss) = resident_bytes() {
        metrics::gauge!("khue_resident_bytes").set(rss as f64);
    }
    HANDLE
        .get()
        .and_then(Option::as_ref)
        .map(|h| {
            h.run_upkeep();
            h.render()
        })
        .unwrap_or_default()
}

fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}
