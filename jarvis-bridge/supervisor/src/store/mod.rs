//! What outlives an owner: events, the switch, and which restarts count.
//!
//! Start at [`Store`]. The machine's is [`SqliteStore`] in `events.db`; tests and the simulation have [`MemoryStore`].

mod sqlite;

use std::collections::BTreeMap;

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
