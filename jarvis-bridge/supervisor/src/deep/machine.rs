//! The machine, measured on a thread of its own.
//!
//! It may hang on a disk that does not answer: then there are no readings, and nobody waits.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use sysinfo::{MINIMUM_CPU_UPDATE_INTERVAL, Pid, ProcessRefreshKind, ProcessesToUpdate, System};

use super::{Readings, Used};
use crate::clock::{Bell, Clock, Moment, SystemClock};
use crate::layout::Layout;

/// Names and leaders of the process groups that are measured.
type Groups = Vec<(Arc<str>, u32)>;

/// Asked from the control loop; answers when it can.
#[derive(Debug)]
pub(crate) struct Machine {
    ask: Sender<Groups>,
    readings: Receiver<Readings>,
}

impl Machine {
    /// Begins its thread, which ends with this. `bell` is rung when there are readings.
    ///
    /// # Errors
    /// When there can be no more threads.
    pub(crate) fn new(layout: &Layout, bell: Bell) -> std::io::Result<Self> {
        // One question waits at most: a machine that does not keep up is not asked more.
        let (ask, asked) = bounded::<Groups>(1);
        let (tell, readings) = unbounded();
        let (folder, logs) = (layout.folder().to_owned(), layout.logs());
        let system = System::new().map_err(std::io::Error::other)?;
        std::thread::Builder::new().name("jarvis-machine".to_owned()).spawn(move || {
            let mut meter = Meter::new(system, folder, logs);
            for groups in asked {
                if tell.send(meter.read(&groups)).is_err() {
                    return;
                }
                bell.ring();
            }
        })?;
        Ok(Self { ask, readings })
    }

    pub(crate) fn measure(&self, groups: Groups) {
        // It is at it still.
        let _ = self.ask.try_send(groups);
    }

    pub(crate) fn measured(&self) -> Option<Readings> {
        self.readings.try_iter().last()
    }
}

struct Meter {
    system: System,
    clock: SystemClock,
    folder: PathBuf,
    logs: PathBuf,
    /// When it was read last. CPU time is told of what was there then as well.
    last: Moment,
    seen: Vec<Pid>,
}

impl Meter {
    fn new(system: System, folder: PathBuf, logs: PathBuf) -> Self {
        let clock = SystemClock::new();
        let mut meter = Self { system, last: clock.now(), clock, folder, logs, seen: Vec::new() };
        meter.system.refresh_cpu_usage();
        meter.refresh(&[own()]);
        meter.seen = vec![own()];
        meter
    }

    fn read(&mut self, groups: &Groups) -> Readings {
        let families: Vec<(Arc<str>, Vec<Pid>)> =
            groups.iter().map(|(name, leader)| (Arc::clone(name), family(*leader))).collect();
        let mut pids: Vec<Pid> = families.iter().flat_map(|(_, family)| family.iter().copied()).collect();
        pids.push(own());
        self.system.refresh_memory();
        // Twice within a moment there is nothing to tell.
        let long =
            self.clock.now().since(self.last) >= MINIMUM_CPU_UPDATE_INTERVAL.max(Duration::from_millis(1));
        if long {
            self.last = self.clock.now();
            self.system.refresh_cpu_usage();
        }
        self.refresh(&pids);
        let total = self.system.total_memory();
        let readings = Readings {
            cpu: long.then(|| f64::from(self.system.global_cpu_usage()) / 100.0),
            memory: share(total.saturating_sub(self.system.available_memory()), total),
            disk: free(&self.folder),
            logs: if same_disk(&self.folder, &self.logs) { None } else { free(&self.logs) },
            own: self.used(&[own()], long),
            sidecars: families
                .iter()
                .map(|(name, family)| (Arc::clone(name), self.used(family, long)))
                .collect(),
        };
        self.seen = pids;
        readings
    }

    fn refresh(&mut self, pids: &[Pid]) {
        let kind = ProcessRefreshKind::nothing().with_cpu().with_memory();
        self.system.refresh_processes_specifics(ProcessesToUpdate::Some(pids), true, kind);
    }

    fn used(&self, family: &[Pid], long: bool) -> Used {
        let there: Vec<_> = family.iter().filter_map(|pid| self.system.process(*pid)).collect();
        // The leader comes first: before it was seen once, nothing is known of its time.
        let known = long && family.first().is_some_and(|leader| self.seen.contains(leader));
        let cpu = || there.iter().map(|process| f64::from(process.cpu_usage()) / 100.0).sum();
        Used {
            cpu: (known && !there.is_empty()).then(cpu),
            memory: (!there.is_empty()).then(|| there.iter().map(|process| process.memory()).sum()),
        }
    }
}

fn own() -> Pid {
    Pid::from_u32(std::process::id())
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no 53 bits")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The leader first, then who is in its group or descends from it.
#[cfg(target_os = "linux")]
fn family(leader: u32) -> Vec<Pid> {
    let mut others = crate::process::proc::family(leader);
    others.remove(&leader);
    std::iter::once(leader).chain(others).map(Pid::from_u32).collect()
}

/// The leader alone: who belongs to it is not told here.
#[cfg(not(target_os = "linux"))]
fn family(leader: u32) -> Vec<Pid> {
    vec![Pid::from_u32(leader)]
}

/// Bytes that a program of this user may write there.
fn free(folder: &std::path::Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    found.f_bavail.checked_mul(found.f_frsize)
}

fn same_disk(one: &std::path::Path, other: &std::path::Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let disk = |path: &std::path::Path| path.metadata().ok().map(|found| found.dev());
    disk(one) == disk(other)
}
