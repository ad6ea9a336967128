//! Opening the file: as it is, brought up to date, or in place of one that cannot be used.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use super::SqliteStore;
use crate::clock::Wall;
use crate::file_id::FileId;
use crate::store::error::StoreError;
use crate::store::schema::{SCHEMA, prepare};
use crate::store::{DOUBTED, Store, aside, reader};

/// How long another may keep us waiting while the program begins,
const OPENING: Duration = Duration::from_secs(2);
/// and in a turn, whatever is to be done in it. The loop has other things to do.
pub(super) const TURN: Duration = Duration::from_millis(100);

impl SqliteStore {
    /// Opens the store at `path`, or begins one. Waits up to 2 s for another who writes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut store = Self::blind(Some(path.to_owned()), Wall(0));
        store.connect(OPENING)?;
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

    /// In place of one that could not be opened.
    pub(in crate::store) fn mended(path: &Path, error: &StoreError, now: Wall) -> Self {
        let mut store = Self::blind(Some(path.to_owned()), now);
        let why = match error {
            StoreError::Damaged { .. } => "damaged",
            StoreError::Newer { .. } => "newer",
            StoreError::Busy { .. } | StoreError::Older { .. } => {
                store.unread = !is_empty(path);
                store.complain(error.to_string());
                return store;
            }
        };
        match aside::put(path, why, now) {
            Ok(to) => {
                store.settings = aside::salvage(&to);
                let switch = store.switch();
                let to = to.display();
                tracing::error!(%error, aside = %to, ?switch, "the history of the sidecars was put aside, and a new one begun");
                store.damaged = Some((now, format!("{error}: it is kept as {to}, and a new one was begun")));
                store.begin_anew();
            }
            Err(second) => {
                store.unread = true;
                store.complain(format!("{error}; and it cannot be put aside: {second}"));
            }
        }
        store
    }

    /// Opens the file and recalls what is in it; waits no longer than `patience` for another who holds it.
    pub(super) fn connect(&mut self, patience: Duration) -> Result<(), StoreError> {
        let Some(path) = self.path.clone() else { return Ok(()) };
        let wrong = |error| StoreError::of(&path, error);
        let mut connection = Connection::open(&path).map_err(wrong)?;
        connection.busy_timeout(patience).map_err(wrong)?;
        let version = prepare(&mut connection).map_err(wrong)?;
        let file = FileId::at(&path).unwrap_or_default();
        if version > SCHEMA {
            return Err(StoreError::Newer { path });
        }
        connection.busy_timeout(TURN).map_err(wrong)?;
        self.recall(&connection).map_err(wrong)?;
        (self.connection, self.file) = (Some(connection), file);
        self.unread = false;
        Ok(())
    }

    /// What is in the file, except where something newer waits.
    fn recall(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let mut select = connection.prepare("SELECT name, value FROM settings")?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut settings: BTreeMap<String, String> = rows.collect::<rusqlite::Result<_>>()?;
        settings.extend(self.waiting.settings.clone());
        let wrote = "SELECT at FROM events ORDER BY id DESC LIMIT 1";
        let wrote: Option<i64> = connection.query_row(wrote, [], |row| row.get(0)).optional()?;
        let doubted = settings.get(DOUBTED).and_then(|since| since.parse().ok());
        self.calendar.recall(wrote.map(Wall), doubted.map(Wall));
        self.settings = settings;
        let mut alerts = reader::alerts(connection, false, u32::MAX)?;
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
}

/// Nobody has ever written to it: there is no room for a new one.
fn is_empty(path: &Path) -> bool {
    match std::fs::metadata(path) {
        Ok(file) => file.len() == 0,
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}
