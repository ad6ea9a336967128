//! What readings mean: gauges with their limits, and checks.

use super::{Check, Readings};
use crate::gauge::{Gauge, LONGEST, Level};

/// Less than that, and a long session no longer fits.
const FREE_WARN: f64 = 2e9;
/// Less than that, and databases and logs soon fail.
const FREE_FAIL: f64 = 200e6;

const CPU: &str = "machine_cpu";
const MEMORY: &str = "machine_memory";
const DISK: &str = "disk_free";
const LOGS: &str = "logs_disk_free";

/// The gauges of what was measured.
#[expect(clippy::cast_precision_loss, reason = "bytes beyond 2^53 are no matter here")]
pub(crate) fn gauges(readings: &Readings) -> Vec<Gauge> {
    let bytes = |name: &str, value: Option<u64>| value.map(|value| Gauge::new(name, "bytes", value as f64));
    let cores = |name: &str, value: Option<f64>| value.map(|value| Gauge::new(name, "cores", value));
    let share = |name: &str, value: Option<f64>| value.map(|value| Gauge::new(name, "share", value));
    let free = |gauge: Gauge| gauge.limits(FREE_WARN, FREE_FAIL);
    let mut found = vec![
        share(CPU, readings.cpu).map(|cpu| cpu.limits(0.95, None)),
        share(MEMORY, readings.memory).map(|memory| memory.limits(0.9, 0.97)),
        bytes(DISK, readings.disk).map(free),
        bytes(LOGS, readings.logs).map(free),
        cores("supervisor_cpu", readings.own.cpu),
        bytes("supervisor_memory", readings.own.memory),
    ];
    for (name, used) in &readings.sidecars {
        found.push(cores(&of("sidecar_cpu", name), used.cpu));
        found.push(bytes(&of("sidecar_memory", name), used.memory));
    }
    found.into_iter().flatten().collect()
}

/// `sidecar_cpu_vocal_coach`.
fn of(what: &str, sidecar: &str) -> String {
    let fits = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    format!("{what}_{sidecar}").chars().map(fits).take(LONGEST).collect()
}

/// The checks of what is a gauge: ours each for itself, and all that others report in one.
pub(crate) fn checks<'a>(known: impl Iterator<Item = &'a Gauge> + Clone) -> Vec<Check> {
    let ours = [("disk", [DISK, LOGS].as_slice()), ("memory", &[MEMORY]), ("cpu", &[CPU])];
    let mut found: Vec<Check> = ours
        .into_iter()
        .filter_map(|(name, of)| {
            judged(name, known.clone().filter(|gauge| of.contains(&gauge.name.as_str())))
        })
        .collect();
    let mine = [CPU, MEMORY, DISK, LOGS];
    found.extend(judged("gauges", known.filter(|gauge| !mine.contains(&gauge.name.as_str()))));
    found
}

/// One check over some gauges: it fails where one of them does. None where nothing was measured.
fn judged<'a>(name: &str, gauges: impl Iterator<Item = &'a Gauge>) -> Option<Check> {
    let fresh: Vec<&Gauge> = gauges.filter(|gauge| !gauge.stale).collect();
    let failing: Vec<&&Gauge> = fresh.iter().filter(|gauge| gauge.level() == Level::Fail).collect();
    let told: Vec<String> = match (failing.is_empty(), fresh.len()) {
        (_, 0) => return None,
        (false, _) => failing.iter().map(|gauge| said(gauge)).collect(),
        (true, 1..=2) => fresh.iter().map(|gauge| said(gauge)).collect(),
        (true, many) => vec![format!("{many} gauges, none fails")],
    };
    Some(Check { name: name.to_owned(), ok: failing.is_empty(), detail: told.join("; ") })
}

/// `disk_free: 12.3 GB`.
pub(crate) fn said(gauge: &Gauge) -> String {
    let Gauge { name, unit, value, .. } = gauge;
    match unit.as_str() {
        "bytes" if *value >= 1e9 => format!("{name} is {:.1} GB", value / 1e9),
        "bytes" => format!("{name} is {:.1} MB", value / 1e6),
        "share" => format!("{name} is {:.0} %", value * 100.0),
        unit => format!("{name} is {value:.2} {unit}"),
    }
}
