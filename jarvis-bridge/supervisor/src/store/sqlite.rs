//! `events.db`: SQLite, one connection, owned by the control loop.
//!
//! A first version: rows as they come. Retention, roll-ups and the search for patterns come with the supervisor's memory.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use thiserror::Error;

use super::{Kept, Store};
use crate::alert::Alert;
use crate::clock::Wall;
use crate::event::Event;
use crate::gauge::Gauge;
use crate::latency::Sample;
use crate::usage::Usage;

/// The schema's version, in `PRAGMA user_version`.
const SCHEMA: i64 = 1;

const TABLES: &str = "
    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,           -- ms since 1970, UTC
        sidecar TEXT,                  -- null: the supervisor itself
        kind TEXT NOT NULL,
        state TEXT,                    -- what the sidecar is said to be from then on
        event TEXT NOT NULL            -- all of it, as JSON
    ) STRICT;
    CREATE INDEX events_by_time ON events (at);
    CREATE INDEX events_by_sidecar ON events (sidecar, at);
    CREATE INDEX failures ON events (sidecar, at) WHERE state = 'down';
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
";

/// The store of one owner.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
    complained: bool,
}

/// Why the store cannot be used. Sidecars can be kept alive without it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file cannot be opened, or is damaged.
    #[error("{} cannot be used ({error}): move it away, and a new one is begun", .path.display())]
    Open {
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
}

impl SqliteStore {
    /// Opens the store at `path`, or begins one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let wrong = |error| StoreError::Open { path: path.to_owned(), error };
        let connection = Connection::open(path).map_err(wrong)?;
        let version = prepare(&connection).map_err(wrong)?;
        if version > SCHEMA {
            return Err(StoreError::Newer { path: path.to_owned() });
        }
        Ok(Self { connection, complained: false })
    }

    /// Opens the store of another owner at `path`, to read it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let connection = connection.map_err(|error| StoreError::Open { path: path.to_owned(), error })?;
        Ok(Self { connection, complained: false })
    }

    /// The newest events, of one sidecar or of all, oldest first, at most `limit`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn newest(&self, sidecar: Option<&str>, limit: u32) -> rusqlite::Result<Vec<Event>> {
        let select = "SELECT event FROM events WHERE ?1 IS NULL OR sidecar = ?1 ORDER BY id DESC LIMIT ?2";
        let mut statement = self.connection.prepare(select)?;
        let rows = statement.query_map(params![sidecar, limit], |row| row.get::<_, String>(0))?;
        let texts = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(texts.iter().rev().filter_map(|text| serde_json::from_str(text).ok()).collect())
    }

    fn insert(&self, event: &Event) -> rusqlite::Result<()> {
        let value = serde_json::to_value(event).unwrap_or_default();
        let text = |name: &str| value.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
        let insert = "INSERT INTO events (at, sidecar, kind, state, event) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut statement = self.connection.prepare(insert)?;
        let kind = text("kind").unwrap_or_default();
        statement.execute(params![event.at.0, event.sidecar, kind, text("to"), value.to_string()])?;
        Ok(())
    }

    fn set(&self, name: &str, value: &str) -> rusqlite::Result<()> {
        let upsert = "INSERT INTO settings VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
        self.connection.execute(upsert, [name, value]).map(drop)
    }

    fn get(&self, name: &str) -> Option<String> {
        let select = "SELECT value FROM settings WHERE name = ?1";
        let found = self.connection.query_row(select, [name], |row| row.get(0)).optional();
        found.unwrap_or_else(|error| {
            tracing::warn!(%error, name, "a setting cannot be read");
            None
        })
    }

    /// Says once that nothing is kept; then again when it had worked between.
    fn complain(&mut self, written: rusqlite::Result<()>) {
        match written {
            Ok(()) => self.complained = false,
            Err(error) if !self.complained => {
                self.complained = true;
                tracing::error!(%error, "what happens cannot be kept; sidecars are supervised all the same. Is the disk full?");
            }
            Err(_) => {}
        }
    }
}

impl Store for SqliteStore {
    fn record(&mut self, event: &Event) {
        let written = self.insert(event);
        self.complain(written);
    }

    fn switch(&self) -> Option<bool> {
        self.get("autonomous").map(|value| value == "true")
    }

    fn set_switch(&mut self, on: bool) {
        let written = self.set("autonomous", if on { "true" } else { "false" });
        self.complain(written);
    }

    fn restarts(&self, sidecar: &str) -> Vec<Wall> {
        let text = self.get(&format!("restarts of {sidecar}"));
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    fn set_restarts(&mut self, sidecar: &str, restarts: &[Wall]) {
        let text = serde_json::to_string(restarts).unwrap_or_default();
        let written = self.set(&format!("restarts of {sidecar}"), &text);
        self.complain(written);
    }

    fn wanted(&self, sidecar: &str) -> Option<bool> {
        match self.get(&format!("wanted of {sidecar}"))?.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    fn set_wanted(&mut self, sidecar: &str, wanted: Option<bool>) {
        let text = wanted.map_or("declared", |wanted| if wanted { "true" } else { "false" });
        let written = self.set(&format!("wanted of {sidecar}"), text);
        self.complain(written);
    }

    fn sample(&mut self, _: Wall, _: &str, _: Sample) {}

    fn gauges(&mut self, _: Wall, _: &[Gauge]) {}

    fn usage(&mut self, _: &[Usage]) -> Kept {
        Kept::default()
    }

    fn alert(&mut self, _: &Alert) {}

    fn alerts(&self) -> (Vec<Alert>, u64) {
        (Vec::new(), 0)
    }

    fn flush(&mut self, _: Wall) {}

    fn check(&mut self) -> Result<(), String> {
        Ok(())
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == 0 {
        connection.execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;"))?;
    }
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::What;
    use crate::health::{State, Transition};

    #[test]
    fn events_switch_and_restarts_are_there_after_a_restart() {
        // Seen red: with the state in another field, and with a switch that is not kept.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.db");
        let change = Transition { from: State::Healthy, to: State::Down, reason: "signal 9".to_owned() };
        let event = Event { at: Wall(5), sidecar: Some("coach".to_owned()), what: What::Changed(change) };
        {
            let mut store = SqliteStore::open(&path).unwrap();
            assert_eq!((store.switch(), store.restarts("coach")), (None, Vec::new()));
            store.record(&event);
            store.set_switch(false);
            store.set_restarts("coach", &[Wall(1), Wall(2)]);
        }
        let store = SqliteStore::open(&path).unwrap();
        assert_eq!(store.newest(None, 10).unwrap(), [event]);
        assert_eq!((store.switch(), store.restarts("coach")), (Some(false), vec![Wall(1), Wall(2)]));
        let down = "SELECT count(*) FROM events WHERE state = 'down' AND kind = 'changed'";
        assert_eq!(store.connection.query_row(down, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    }

    #[test]
    fn what_is_damaged_or_from_the_future_says_what_to_do() {
        // Seen red: without looking at the version.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.db");
        std::fs::write(&path, "no database at all, though long enough to look like a file with a header")
            .unwrap();
        assert!(SqliteStore::open(&path).unwrap_err().to_string().contains("move it away"));
        std::fs::remove_file(&path).unwrap();
        SqliteStore::open(&path).unwrap().connection.pragma_update(None, "user_version", 99).unwrap();
        assert!(SqliteStore::open(&path).unwrap_err().to_string().contains("newer version"));
    }

    #[test]
    fn a_damaged_store_is_put_aside_and_a_new_one_begun() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.db");
        std::fs::write(&path, "no database at all").unwrap();
        super::super::open(&path, Wall(42)).set_switch(false);
        assert_eq!(SqliteStore::open(&path).unwrap().switch(), Some(false));
        let aside = folder.path().join("events.damaged-42.db");
        assert_eq!(std::fs::read(aside).unwrap(), b"no database at all");
    }
}
