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

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use thiserror::Error;

use super::check::Examined;
use super::lived::Lived;
use super::retention::{self, Limits};
use super::row::Row;
use super::schema::{SCHEMA, prepare};
use super::waiting::Waiting;
use super::{Kept, Store, aside, write};
use crate::alert::Alert;
use crate::clock::Wall;
use crate::event::Event;
use crate::gauge::Gauge;
use crate::latency::Sample;
use crate::usage::Usage;

/// How long another may keep us waiting while we open the file,
const OPENING: Duration = Duration::from_secs(2);
/// and in a turn. The loop has other things to do.
const TURN: Duration = Duration::from_millis(100);
/// What did not work is tried again after this, in milliseconds.
const AGAIN_MS: i64 = 1000;
/// Between two steps of throwing away: when there is more to do, and when there was not.
const TIDY_MS: (i64, i64) = (1000, 60_000);
/// So many rows are worth a step at once.
const TIDY_ROWS: i64 = 10_000;
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
    limits: Limits,
    pub(super) waiting: Waiting,
    lived: Lived,
    settings: BTreeMap<String, String>,
    /// Those that are open.
    alerts: BTreeMap<u64, Alert>,
    last_alert: u64,
    versions: BTreeMap<String, String>,
    now: Wall,
    /// Since when it does not work, and why.
    pub(super) trouble: Option<(Wall, String)>,
    /// What was damaged, and when that was found.
    pub(super) damaged: Option<(Wall, String)>,
    tidied: Wall,
    more: bool,
    written: i64,
    pub(super) examined: Examined,
}

/// Why the store cannot be used. Sidecars can be kept alive without it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file is damaged.
    #[error("{} cannot be used ({error}): move it away, and a new one is begun", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        error: rusqlite::Error,
    },
    /// The file cannot be opened now: another keeps it locked, the disk is full, or we may not.
    #[error("{} cannot be opened now ({error}): see whether its disk is full, and which program uses it", .path.display())]
    Busy {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        error: rusqlite::Error,
    },
    /// A newer program made it.
    #[error("{} is from a newer version of AI DAWG: use that one, or move the file away", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// An older program made it, and who only reads cannot bring it up to date.
    #[error("{} is from an older version of AI DAWG: start the supervisor once (`ai-dawg jarvis run`), which brings it up to date", .path.display())]
    Older {
        /// The file.
        path: PathBuf,
    },
}

impl StoreError {
    pub(super) fn of(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        if is_damage(&error) { Self::Damaged { path, error } } else { Self::Busy { path, error } }
    }
}

/// The file itself is wrong, and no waiting mends it.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{
        FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, SqliteFailure,
    };
    match error {
        SqliteFailure(code, text) => {
            // A table that is missing in a file with our version in it.
            let missing = text.as_deref().is_some_and(|text| text.starts_with("no such"));
            missing || matches!(code.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        }
        InvalidColumnType(..) | FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) => true,
        _ => false,
    }
}

impl SqliteStore {
    /// Opens the store at `path`, or begins one. Waits up to 2 s for another who writes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut store = Self::blind(Some(path.to_owned()), Wall(0));
        store.connect()?;
        Ok(store)
    }

    /// A store that ends with the program.
    ///
    /// # Errors
    /// As SQLite says: there is no memory.
    pub fn in_memory() -> rusqlite::Result<Self> {
        let mut store = Self::blind(None, Wall(0));
        let mut connection = Connection::open_in_memory()?;
        prepare(&mut connection)?;
        store.connection = Some(connection);
        Ok(store)
    }

    /// One that has not opened its file yet, and tries again when it is flushed.
    pub(super) fn blind(path: Option<PathBuf>, now: Wall) -> Self {
        Self {
            path,
            connection: None,
            limits: Limits::default(),
            waiting: Waiting::default(),
            lived: Lived::default(),
            settings: BTreeMap::new(),
            alerts: BTreeMap::new(),
            // Ids of alerts that cannot be known yet must not be given again: these are larger.
            last_alert: u64::try_from(now.0 / 1000).unwrap_or(0),
            versions: BTreeMap::new(),
            now,
            trouble: None,
            damaged: None,
            tidied: Wall(0),
            more: false,
            written: 0,
            examined: Examined::default(),
        }
    }

    /// In place of one that could not be opened.
    pub(super) fn mended(path: &Path, error: &StoreError, now: Wall) -> Self {
        let mut store = Self::blind(Some(path.to_owned()), now);
        let why = match error {
            StoreError::Damaged { .. } => "damaged",
            StoreError::Newer { .. } => "newer",
            StoreError::Busy { .. } | StoreError::Older { .. } => {
                store.settings.insert(SWITCH.to_owned(), "false".to_owned());
                store.complain(error.to_string());
                return store;
            }
        };
        match aside::put(path, why, now) {
            Ok(to) => {
                store.settings = salvage(&to);
                let switch = store.switch();
                let to = to.display();
                tracing::error!(%error, aside = %to, ?switch, "the history of the sidecars was put aside, and a new one begun");
                store.damaged = Some((now, format!("{error}: it is kept as {to}, and a new one was begun")));
                store.begin_anew();
            }
            Err(second) => store.complain(format!("{error}; and it cannot be put aside: {second}")),
        }
        store
    }

    #[cfg(test)]
    pub(super) fn limited(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    fn connect(&mut self) -> Result<(), StoreError> {
        let Some(path) = self.path.clone() else { return Ok(()) };
        let wrong = |error| StoreError::of(&path, error);
        let mut connection = Connection::open(&path).map_err(wrong)?;
        connection.busy_timeout(OPENING).map_err(wrong)?;
        let version = prepare(&mut connection).map_err(wrong)?;
        if version > SCHEMA {
            return Err(StoreError::Newer { path });
        }
        connection.busy_timeout(TURN).map_err(wrong)?;
        self.recall(&connection).map_err(wrong)?;
        self.connection = Some(connection);
        Ok(())
    }

    /// What is in the file, except where something newer waits.
    fn recall(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let mut select = connection.prepare("SELECT name, value FROM settings")?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut settings: BTreeMap<String, String> = rows.collect::<rusqlite::Result<_>>()?;
        settings.extend(self.waiting.settings.clone());
        self.settings = settings;
        let mut alerts = super::reader::alerts(connection, false, u32::MAX)?;
        alerts.retain(|alert| !self.waiting.alerts.contains_key(&alert.id));
        self.alerts.extend(alerts.into_iter().map(|alert| (alert.id, alert)));
        let last: Option<i64> = connection.query_row("SELECT max(id) FROM alerts", [], |row| row.get(0))?;
        self.last_alert = self.last_alert.max(u64::try_from(last.unwrap_or(0)).unwrap_or(0));
        let newest = "SELECT service, version FROM versions WHERE id IN (SELECT max(id) FROM versions GROUP BY service)";
        let mut select = connection.prepare(newest)?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut versions: BTreeMap<String, String> = rows.collect::<rusqlite::Result<_>>()?;
        versions.append(&mut self.versions);
        self.versions = versions;
        Ok(())
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
            match self.connect() {
                Ok(()) => {}
                Err(StoreError::Damaged { error, .. }) => return self.failed(&error),
                Err(error) => return self.complain(error.to_string()),
            }
        }
        let Some(connection) = &mut self.connection else { return };
        let sure = self.waiting.settings.contains_key(SWITCH);
        let written = with_sync(connection, sure, |connection| write::write(connection, &self.waiting, now));
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
        if let Err(error) = self.connect() {
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

    fn tidy(&mut self, now: Wall) {
        let since = now.0.abs_diff(self.tidied.0);
        let due = if self.more { TIDY_MS.0 } else { TIDY_MS.1 };
        if since < due.unsigned_abs() && self.written < TIDY_ROWS {
            return;
        }
        self.tidied = now;
        let written = std::mem::take(&mut self.written);
        let Some(connection) = &mut self.connection else { return };
        match retention::tidy(connection, &self.limits, now, written) {
            Ok(more) => self.more = more,
            Err(error) => self.failed(&error),
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

/// Does `work`; if it must be `sure`, it is on the disk when that returns, whatever happens to the machine.
fn with_sync<T>(
    connection: &mut Connection,
    sure: bool,
    work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    if !sure {
        return work(connection);
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    let done = work(connection);
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    done
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

    fn switch(&self) -> Option<bool> {
        self.settings.get(SWITCH).map(|value| value == "true")
    }

    fn set_switch(&mut self, on: bool) {
        self.set(SWITCH, on.to_string());
        self.at_once();
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

    fn sample(&mut self, at: Wall, service: &str, sample: Sample) {
        self.waiting.sample(at, service, sample);
    }

    fn gauges(&mut self, at: Wall, gauges: &[Gauge]) {
        for gauge in gauges.iter().filter(|gauge| gauge.value.is_finite()) {
            self.waiting.gauge(at, gauge);
        }
    }

    fn usage(&mut self, used: &[Usage]) -> Kept {
        let Some(connection) = &mut self.connection else { return Kept::default() };
        match with_sync(connection, true, |connection| keep_usage(connection, used)) {
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
        if self.waiting.is_due(now) || self.connection.is_none() {
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

/// Those that were not known, and the ids of all.
fn keep_usage(connection: &mut Connection, used: &[Usage]) -> rusqlite::Result<Kept> {
    let mut kept = Kept::default();
    let change = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    {
        let mut insert =
            change.prepare("INSERT OR IGNORE INTO usage (id, at, what, detail) VALUES (?1, ?2, ?3, ?4)")?;
        for one in used {
            let new = insert.execute(params![one.id, one.at.0, one.what, one.detail])? > 0;
            kept.ids.push(one.id.clone());
            if new {
                kept.new.push(one.clone());
            }
        }
    }
    change.commit()?;
    Ok(kept)
}

/// What can still be read of a damaged file: the settings, among them the switch.
pub(super) fn salvage(path: &Path) -> BTreeMap<String, String> {
    let read = || -> rusqlite::Result<BTreeMap<String, String>> {
        let connection = Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let there: Option<i64> = connection
            .query_row("SELECT 1 FROM sqlite_schema WHERE name = 'settings'", [], |row| row.get(0))
            .optional()?;
        if there.is_none() {
            return Ok(BTreeMap::new());
        }
        let mut select = connection.prepare("SELECT name, value FROM settings")?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    };
    read().unwrap_or_default()
}
