//! CPU time and memory of processes, from `/proc`.

use std::fs;
use std::time::Duration;

/// Fields after the name in `/proc/<pid>/stat`, from the state (field 3 of the manual) on.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let rest = text.rsplit_once(") ")?.1;
    Some(rest.split(' ').map(str::to_owned).collect())
}

/// Ticks a second of `/proc`: 100 on every Linux that matters here.
const TICK: Duration = Duration::from_millis(10);

/// CPU time that a process has used, in user and kernel mode.
pub fn cpu(pid: u32) -> Duration {
    let Some(fields) = stat(pid) else { return Duration::ZERO };
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<u32>().ok()).unwrap_or(0);
    TICK * (ticks(11) + ticks(12))
}

/// CPU time of a process and of its children that are still there (PostgreSQL: one for each connection).
pub fn cpu_of_family(pid: u32) -> Duration {
    let parent = pid.to_string();
    let children =
        fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let children = children.filter(|child| stat(*child).is_some_and(|fields| fields.get(1) == Some(&parent)));
    cpu(pid) + children.map(cpu).sum::<Duration>()
}

/// Resident memory in megabytes.
pub fn memory(pid: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0);
    kilobytes / 1024.0
}
