//! What outlives an owner: events, the switch, and which restarts count.
//!
//! Start at [`Store`]. The machine's is [`SqliteStore`] in `events.db`; tests and the simulation have [`MemoryStore`].

mod sqlite;

use std::collections::BTreeMap;
use std::path::Path;

pub use sqlite::{SqliteStore, StoreError};

use crate::clock::Wall;
use crate::event::Event;

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
}
