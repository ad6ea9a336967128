//! What outlives an owner: events, the switch, and which restarts count.
//!
//! Start at [`Store`]. The machine's is [`SqliteStore`] in `events.db`; tests and the simulation have [`MemoryStore`].

mod sqlite;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub use sqlite::{SqliteStore, StoreError};

use crate::alert::Alert;
use crate::clock::Wall;
use crate::event::Event;
use crate::gauge::Gauge;
use crate::latency::Sample;
use crate::usage::Usage;

/// Keeps what must not be forgotten. Never fails its caller: a store that cannot write says so in the log and goes on,
/// for a full disk must not end the supervision.
pub trait Store {
    /// Something happened.
    fn record(&mut self, event: &Event);

    /// Whether one may act without being asked; none if nobody ever said.
    fn switch(&self) -> Option<bool>;

    /// Somebody said whether one may.
    fn set_switch(&mut self, on: bool);

    /// When `sidecar` was restarted, as far as it counts.
    fn restarts(&self, sidecar: &str) -> Vec<Wall>;

    /// From now on these count.
    fn set_restarts(&mut self, sidecar: &str, restarts: &[Wall]);

    /// Whether a human wants `sidecar` to run; none: nobody said so since the program began.
    fn wanted(&self, sidecar: &str) -> Option<bool>;

    /// A human wants it, or does not; none: what is declared holds.
    fn set_wanted(&mut self, sidecar: &str, wanted: Option<bool>);

    /// A service was asked.
    fn sample(&mut self, at: Wall, service: &str, sample: Sample);

    /// The newest value of each gauge.
    fn gauges(&mut self, at: Wall, gauges: &[Gauge]);

    /// Something was used. What is told twice counts once.
    fn usage(&mut self, used: &[Usage]) -> Kept;

    /// An alert opened, was acknowledged, or closed: the newest of its id counts.
    fn alert(&mut self, alert: &Alert);

    /// The alerts that are open, and the largest id that was ever given.
    fn alerts(&self) -> (Vec<Alert>, u64);

    /// The end of a turn: what was recorded may be made durable now, and what is old thrown away, a little at a time.
    fn flush(&mut self, now: Wall);

    /// Whether it works: what is wrong, if something is. Asked every 30 s.
    fn check(&mut self) -> Result<(), String>;
}

/// What became of usage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The ids that are kept, now or already: nobody needs to tell them again.
    pub ids: Vec<String>,
    /// What was not known before.
    pub new: Vec<Usage>,
}

/// The store at `path`. A damaged one is put aside under another name, with `now` in it, and a new one begun; where even
/// that cannot be, what happens is remembered until the owner ends. Both are told in the log.
#[must_use]
pub fn open(path: &Path, now: Wall) -> Box<dyn Store> {
    let error = match SqliteStore::open(path) {
        Ok(store) => return Box::new(store),
        Err(error) => error,
    };
    let aside = path.with_extension(format!("damaged-{}.db", now.0));
    match put_aside(path, &aside).and_then(|()| SqliteStore::open(path).map_err(std::io::Error::other)) {
        Ok(store) => {
            let aside = aside.display();
            tracing::error!(%error, %aside, "the history of the sidecars is damaged: it was put aside, and a new one begun");
            Box::new(store)
        }
        Err(second) => {
            tracing::error!(%error, %second, "what happens to the sidecars is remembered only until this program ends");
            Box::new(MemoryStore::default())
        }
    }
}

/// With what SQLite keeps beside it.
fn put_aside(path: &Path, aside: &Path) -> std::io::Result<()> {
    let beside = |path: &Path, end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        name
    };
    for end in ["", "-wal", "-shm"] {
        #[expect(
            clippy::disallowed_methods,
            reason = "a damaged file is moved away; nothing new depends on it"
        )]
        match std::fs::rename(beside(path, end), beside(aside, end)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Remembers until it is dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    /// What happened, oldest first.
    pub events: Vec<Event>,
    switch: Option<bool>,
    restarts: BTreeMap<String, Vec<Wall>>,
    wanted: BTreeMap<String, bool>,
    used: BTreeSet<String>,
    alerts: BTreeMap<u64, Alert>,
}

impl Store for MemoryStore {
    fn record(&mut self, event: &Event) {
        self.events.push(event.clone());
    }

    fn switch(&self) -> Option<bool> {
        self.switch
    }

    fn set_switch(&mut self, on: bool) {
        self.switch = Some(on);
    }

    fn restarts(&self, sidecar: &str) -> Vec<Wall> {
        self.restarts.get(sidecar).cloned().unwrap_or_default()
    }

    fn set_restarts(&mut self, sidecar: &str, restarts: &[Wall]) {
        self.restarts.insert(sidecar.to_owned(), restarts.to_vec());
    }

    fn wanted(&self, sidecar: &str) -> Option<bool> {
        self.wanted.get(sidecar).copied()
    }

    fn set_wanted(&mut self, sidecar: &str, wanted: Option<bool>) {
        match wanted {
            Some(wanted) => _ = self.wanted.insert(sidecar.to_owned(), wanted),
            None => _ = self.wanted.remove(sidecar),
        }
    }

    fn sample(&mut self, _: Wall, _: &str, _: Sample) {}

    fn gauges(&mut self, _: Wall, _: &[Gauge]) {}

    fn usage(&mut self, used: &[Usage]) -> Kept {
        let new: Vec<Usage> = used.iter().filter(|one| self.used.insert(one.id.clone())).cloned().collect();
        Kept { ids: used.iter().map(|one| one.id.clone()).collect(), new }
    }

    fn alert(&mut self, alert: &Alert) {
        self.alerts.insert(alert.id, alert.clone());
    }

    fn alerts(&self) -> (Vec<Alert>, u64) {
        let open = self.alerts.values().filter(|alert| alert.until.is_none()).cloned().collect();
        (open, self.alerts.keys().next_back().copied().unwrap_or(0))
    }

    fn flush(&mut self, _: Wall) {}

    fn check(&mut self) -> Result<(), String> {
        Err("what happens is remembered only until this program ends".to_owned())
    }
}
