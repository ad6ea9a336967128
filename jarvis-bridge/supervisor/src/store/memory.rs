//! A store that remembers until it is dropped: for tests and the simulation.

use std::collections::{BTreeMap, BTreeSet};

use super::{Kept, Store};
use crate::alert::Alert;
use crate::clock::Wall;
use crate::event::Event;
use crate::gauge::Gauge;
use crate::latency::Sample;
use crate::usage::Usage;

/// Remembers until it is dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    /// What happened, oldest first.
    pub events: Vec<Event>,
    /// Until then nothing of what it keeps can be read.
    pub unread_until: Option<Wall>,
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

    fn is_unread(&self) -> bool {
        self.unread_until.is_some()
    }

    fn switch(&self) -> Option<bool> {
        if self.is_unread() { Some(false) } else { self.switch }
    }

    fn set_switch(&mut self, on: bool) {
        self.switch = Some(on);
    }

    fn restarts(&self, sidecar: &str) -> Vec<Wall> {
        let known = self.restarts.get(sidecar).filter(|_| !self.is_unread());
        known.cloned().unwrap_or_default()
    }

    fn set_restarts(&mut self, sidecar: &str, restarts: &[Wall]) {
        self.restarts.insert(sidecar.to_owned(), restarts.to_vec());
    }

    fn wanted(&self, sidecar: &str) -> Option<bool> {
        self.wanted.get(sidecar).copied().filter(|_| !self.is_unread())
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
        let open = self.alerts.values().filter(|alert| alert.until.is_none() && !self.is_unread());
        let open = open.cloned().collect();
        (open, self.alerts.keys().next_back().copied().unwrap_or(0))
    }

    fn flush(&mut self, now: Wall) {
        self.unread_until.take_if(|until| *until <= now);
    }

    fn check(&mut self) -> Result<(), String> {
        Err("what happens is remembered only until this program ends".to_owned())
    }
}
