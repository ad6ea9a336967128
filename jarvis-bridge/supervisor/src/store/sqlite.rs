//! `events.db`: SQLite, one connection that writes, owned by the control loop.
//!
//! Start at [`SqliteStore`]. What is told waits in memory until the turn ends ([`Store::flush`]) and is then written in one
//! transaction. What is promised:
//!
//! - what was flushed survives a killed program; what was told since, at most one turn, is lost; of samples and of uptime at
//!   most the last 10 s, of gauges the last minute;
//! - a power cut may cost the last moments besides (`synchronous` is NORMAL), never the file; but not the switch, nor usage
//!   that was confirmed: those are synced. The switch, and what a human wants to run, are written before the human is answered;
//! - while the disk is full or another locks the file, the newest [`MOST`](super::waiting::MOST) events and samples wait, and
//!   are written when it works again. It is said once when that begins, and once when it is over.

mod opening;
mod tidying;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use super::calendar::Calendar;
use super::check::Examined;
use super::error::{StoreError, is_damage};
use super::lived::Lived;
use super::retention::Limits;
use super::row::Row;
use super::waiting::Waiting;
use super::{Kept, Store, aside, write};
use crate::alert::Alert;
use crate::clock::Wall;
use crate::event::Event;
use crate::file_id::{self, FileId};
use crate::gauge::Gauge;
use crate::latency::Sample;
use crate::usage::Usage;

/// What did not work is tried again after this, in milliseconds.
const AGAIN_MS: i64 = 1000;
/// How long a check tells that the file was damaged.
const TELL_MS: i64 = 300_000;
/// The setting that holds the switch.
const SWITCH: &str = "autonomous";

/// The store of one owner.
#[derive(Debug)]
pub struct SqliteStore {
    /// None: in memory.
    path: Option<PathBuf>,
    /// None while the file cannot be opened.
    pub(super) connection: Option<Connection>,
    /// Which file that is.
    pub(super) file: Option<FileId>,
    limits: Limits,
    pub(super) waiting: Waiting,
    lived: Lived,
    settings: BTreeMap<String, String>,
    /// The file could not be read yet: nobody knows what a human has chosen, so nothing is done without one.
    unread: bool,
    /// Those that are open.
    alerts: BTreeMap<u64, Alert>,
    last_alert: u64,
    versions: BTreeMap<String, String>,
    now: Wall,
    /// Since when it does not work, and why.
    pub(super) trouble: Option<(Wall, String)>,
    /// What was damaged, and when that was found.
    pub(super) damaged: Option<(Wall, String)>,
    calendar: Calendar,
    tidied: Wall,
    more: bool,
    written: i64,
    pub(super) examined: Examined,
}

impl SqliteStore {
    /// One that has not opened its file yet, and tries again when it is flushed.
    pub(super) fn blind(path: Option<PathBuf>, now: Wall) -> Self {
        Self {
            path,
            connection: None,
            file: None,
            limits: Limits::default(),
            waiting: Waiting::default(),
            lived: Lived::default(),
            settings: BTreeMap::new(),
            unread: false,
            alerts: BTreeMap::new(),
            // Ids of alerts that cannot be known yet must not be given again: these are larger.
            last_alert: u64::try_from(now.0 / 1000).unwrap_or(0),
            versions: BTreeMap::new(),
            now,
            trouble: None,
            damaged: None,
            calendar: Calendar::default(),
            tidied: Wall(0),
            more: false,
            written: 0,
            examined: Examined::default(),
        }
    }

    #[cfg(test)]
    pub(super) fn limited(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    fn set(&mut self, name: &str, value: String) {
        if self.settings.get(name) == Some(&value) {
            return;
        }
        self.settings.insert(name.to_owned(), value.clone());
        self.waiting.settings.insert(name.to_owned(), value);
    }

    /// A human is answered when this is on the disk: whoever kills us then finds it there.
    fn at_once(&mut self) {
        if self.connection.is_some() && self.trouble.is_none() && !self.waiting.settings.is_empty() {
            self.write(Some(self.now));
        }
    }

    /// Writes what waits. With no time, all of it.
    fn write(&mut self, now: Option<Wall>) {
        if self.connection.is_none() {
            match self.connect(opening::TURN) {
                Ok(()) => {}
                Err(StoreError::Damaged { error, .. }) => return self.failed(&error),
                Err(error) => return self.complain(error.to_string()),
            }
        }
        let Some(connection) = &mut self.connection else { return };
        let sure = self.waiting.settings.contains_key(SWITCH);
        let troubled = self.trouble.is_some();
        let written = write::synced(connection, sure, |connection| {
            if troubled {
                // A full disk takes a write of nothing.
                write::setting(connection, "tried again", &self.now.0.to_string())?;
            }
            write::write(connection, &self.waiting, now)
        });
        match written {
            Ok(()) => {
                self.written += i64::try_from(self.waiting.len()).unwrap_or(0);
                let lost = self.waiting.lost;
                self.waiting.written(now);
                self.works(lost);
            }
            Err(error) => self.failed(&error),
        }
    }

    /// What is damaged goes aside, and a new file is begun; anything else is tried again.
    pub(super) fn failed(&mut self, error: &rusqlite::Error) {
        let (true, Some(path)) = (is_damage(error), self.path.clone()) else {
            return self.complain(error.to_string());
        };
        self.connection = None;
        match aside::put(&path, "damaged", self.now) {
            Ok(to) => {
                if self.unread {
                    // Nothing of it was ever read: what a human has chosen may still be.
                    for (name, value) in aside::salvage(&to) {
                        self.settings.entry(name).or_insert(value);
                    }
                }
                let to = to.display();
                tracing::error!(%error, aside = %to, "the history of the sidecars is damaged: it was put aside, and a new one begun");
                self.damaged = Some((
                    self.now,
                    format!("the history was damaged ({error}): it is kept as {to}, and a new one was begun"),
                ));
                self.begin_anew();
            }
            Err(second) => self.complain(format!("{error}; and it cannot be put aside: {second}")),
        }
    }

    /// The file is not what it was any more: what is still known goes into the one that is there, or into a new one.
    pub(super) fn is_lost(&mut self, how: &str) {
        let what =
            format!("the history of the sidecars {how}; what was in it may be gone, and a new one was begun");
        tracing::error!("{what}");
        self.damaged = Some((self.now, what));
        self.begin_anew();
    }

    /// The file is gone: what is still known goes into the next.
    pub(super) fn begin_anew(&mut self) {
        self.connection = None;
        let mut settings = self.settings.clone();
        settings.append(&mut self.waiting.settings);
        self.waiting.settings = settings;
        for (id, alert) in &self.alerts {
            self.waiting.alerts.entry(*id).or_insert_with(|| alert.clone());
        }
        let now = self.now;
        self.waiting.versions =
            self.versions.iter().map(|(name, version)| (now, name.clone(), version.clone())).collect();
        // Once: what is damaged at once again is the disk's doing, and is tried again later.
        if let Err(error) = self.connect(opening::TURN) {
            self.complain(error.to_string());
        }
    }

    fn complain(&mut self, why: String) {
        if self.trouble.is_none() {
            tracing::error!(
                why,
                "what happens cannot be kept for now; the sidecars are supervised all the same. Is the disk full?"
            );
        }
        self.trouble = Some((self.now, why));
    }

    fn works(&mut self, lost: u64) {
        if self.trouble.take().is_some() {
            tracing::info!(lost, "what happens is kept again");
        }
    }

    /// The file, if there is one.
    pub(super) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What the last check must still tell.
    pub(super) fn tells(&self) -> Option<String> {
        let (at, what) = self.damaged.as_ref()?;
        (self.now.0 - at.0 < TELL_MS).then(|| what.clone())
    }
}

impl Store for SqliteStore {
    fn record(&mut self, event: &Event) {
        let version = event.sidecar.as_ref().and_then(|name| self.versions.get(name));
        let flaps = event.sidecar.as_ref().is_some_and(|name| self.lived.flaps(name));
        let row = Row::of(event, version.map(String::as_str), flaps);
        let spans = self.lived.event(event);
        self.waiting.spans(spans);
        self.waiting.event(row);
    }

    fn version(&mut self, at: Wall, service: &str, version: &str) {
        if self.versions.get(service).is_some_and(|known| known == version) {
            return;
        }
        self.versions.insert(service.to_owned(), version.to_owned());
        self.waiting.versions.push((at, service.to_owned(), version.to_owned()));
    }

    fn is_unread(&self) -> bool {
        self.unread
    }

    fn switch(&self) -> Option<bool> {
        let known = self.settings.get(SWITCH).map(|value| value == "true");
        known.or(self.unread.then_some(false))
    }

    fn set_switch(&mut self, on: bool) {
        self.set(SWITCH, on.to_string());
        self.at_once();
    }

    fn unwritten(&self) -> Option<String> {
        self.waiting.settings.contains_key(SWITCH).then(|| match &self.trouble {
            Some((_, why)) => why.clone(),
            None => "it waits to be written".to_owned(),
        })
    }

    fn restarts(&self, sidecar: &str) -> Vec<Wall> {
        let text = self.settings.get(&format!("restarts of {sidecar}"));
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    fn set_restarts(&mut self, sidecar: &str, restarts: &[Wall]) {
        let text = serde_json::to_string(restarts).unwrap_or_default();
        self.set(&format!("restarts of {sidecar}"), text);
    }

    fn wanted(&self, sidecar: &str) -> Option<bool> {
        match self.settings.get(&format!("wanted of {sidecar}"))?.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    fn set_wanted(&mut self, sidecar: &str, wanted: Option<bool>) {
        let text = wanted.map_or("declared", |wanted| if wanted { "true" } else { "false" });
        self.set(&format!("wanted of {sidecar}"), text.to_owned());
        self.at_once();
    }

    fn aim(&mut self, p95: Duration) {
        self.set(super::AIM, p95.as_micros().to_string());
    }

    fn sample(&mut self, at: Wall, service: &str, sample: Sample) {
        self.waiting.sample(at, service, sample);
    }

    fn gauges(&mut self, at: Wall, gauges: &[Gauge]) {
        for gauge in gauges.iter().filter(|gauge| gauge.value.is_finite()) {
            self.waiting.gauge(at, gauge);
        }
    }

    fn usage(&mut self, used: &[Usage]) -> Kept {
        // What goes into a file that nobody finds would be told to be kept.
        let lost = self.path().and_then(|path| file_id::moved(path, self.file));
        if let (Some(how), Some(_)) = (lost, &self.connection) {
            self.is_lost(how);
        }
        // What is in trouble is tried once a second by `flush`, not by everybody who tells something.
        let (Some(connection), None) = (&mut self.connection, &self.trouble) else { return Kept::default() };
        match write::synced(connection, true, |connection| write::usage(connection, used)) {
            Ok(kept) => kept,
            Err(error) => {
                self.failed(&error);
                Kept::default()
            }
        }
    }

    fn alert(&mut self, alert: &Alert) {
        self.last_alert = self.last_alert.max(alert.id);
        self.alerts.insert(alert.id, alert.clone());
        if alert.until.is_some() {
            self.alerts.remove(&alert.id);
        }
        self.waiting.alerts.insert(alert.id, alert.clone());
    }

    fn alerts(&self) -> (Vec<Alert>, u64) {
        (self.alerts.values().cloned().collect(), self.last_alert)
    }

    fn flush(&mut self, now: Wall) {
        self.now = now;
        let spans = self.lived.pass(now);
        self.waiting.spans(spans);
        if let Some((tried, _)) = &self.trouble
            && now.0.abs_diff(tried.0) < AGAIN_MS.unsigned_abs()
        {
            return;
        }
        if self.waiting.is_due(now) || self.trouble.is_some() || self.connection.is_none() {
            self.write(Some(now));
        }
        if self.trouble.is_none() {
            self.tidy(now);
        }
    }

    fn check(&mut self) -> Result<(), String> {
        super::check::check(self)
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        if self.waiting.len() > 0 || !self.waiting.gauges.is_empty() {
            self.write(None);
        }
    }
}
