//! The tables of `events.db`, and how an older file becomes one of today.
//!
//! Start at [`prepare`]. What is asked by stands in a column of its own: a field inside of JSON costs a hundred times as much.

use rusqlite::{Connection, Statement, params};

use super::row::Row;
use crate::event::Event;

/// The schema's version, in `PRAGMA user_version`.
pub(super) const SCHEMA: i64 = 2;

const TABLES: &str = "
    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,           -- ms since 1970, UTC, as all times here
        service TEXT,                  -- null: the supervisor itself
        kind TEXT NOT NULL,
        severity TEXT NOT NULL,        -- info, warning, critical
        was TEXT,                      -- the state before
        state TEXT,                    -- the state from then on
        reason TEXT,
        version TEXT,                  -- of the service at that time, if it had said so
        pid INTEGER,
        exit INTEGER,                  -- the exit code of a death
        signal INTEGER,                -- or its signal
        failure INTEGER NOT NULL,      -- 1: the service fell
        rest TEXT                      -- what else is known, as JSON
    ) STRICT;
    CREATE INDEX events_by_time ON events (at);
    CREATE INDEX events_by_service ON events (service, at);
    CREATE INDEX failures ON events (service, at) WHERE failure = 1;
    CREATE INDEX restarts ON events (service, at) WHERE kind = 'restarted';
    CREATE TABLE event_hours (         -- roll-up: outlives the events
        hour INTEGER NOT NULL,         -- hours since 1970, UTC
        service TEXT NOT NULL,         -- empty: the supervisor itself
        kind TEXT NOT NULL,
        events INTEGER NOT NULL,
        failures INTEGER NOT NULL,
        PRIMARY KEY (hour, service, kind)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE samples (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        service TEXT NOT NULL,
        routed INTEGER NOT NULL,       -- 1: through the control plane, 0: a probe of the supervisor's own
        took INTEGER NOT NULL,         -- microseconds
        ok INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX samples_by_time ON samples (at);
    CREATE TABLE sample_hours (        -- roll-up: outlives the samples
        hour INTEGER NOT NULL,
        service TEXT NOT NULL,
        routed INTEGER NOT NULL,
        bucket INTEGER NOT NULL,       -- of intelligence::histogram; -1: no good answer
        samples INTEGER NOT NULL,
        PRIMARY KEY (hour, service, routed, bucket)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE gauges (              -- one row a minute
        minute INTEGER NOT NULL,       -- minutes since 1970, UTC
        name TEXT NOT NULL,
        unit TEXT NOT NULL,
        least REAL NOT NULL,
        most REAL NOT NULL,
        last REAL NOT NULL,
        warn REAL,
        fail REAL,
        PRIMARY KEY (minute, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE usage (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        at INTEGER NOT NULL,
        what TEXT NOT NULL,
        detail TEXT
    ) STRICT;
    CREATE INDEX usage_by_time ON usage (at, what);
    CREATE TABLE alerts (
        id INTEGER PRIMARY KEY,
        rule TEXT NOT NULL,
        service TEXT,
        severity TEXT NOT NULL,
        message TEXT NOT NULL,
        since INTEGER NOT NULL,
        until INTEGER,                 -- null: open
        acknowledged INTEGER,
        about TEXT                     -- which gauge or check, or which side of the service
    ) STRICT;
    CREATE TABLE lived (               -- how a service was, while somebody watched; what is missing is not known
        id INTEGER PRIMARY KEY,
        service TEXT NOT NULL,
        since INTEGER NOT NULL,
        until INTEGER NOT NULL,
        state TEXT NOT NULL,
        UNIQUE (service, since)
    ) STRICT;
    CREATE INDEX lived_by_end ON lived (until);
    CREATE TABLE versions (
        id INTEGER PRIMARY KEY,
        service TEXT NOT NULL,
        at INTEGER NOT NULL,
        version TEXT NOT NULL
    ) STRICT;
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
";

/// Adds an event.
pub(super) const INSERT: &str = "INSERT INTO events
    (at, service, kind, severity, was, state, reason, version, pid, exit, signal, failure, rest)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

/// Makes the tables, or brings an older file up to date in one transaction: it is as it was, or as it should be. The version
/// that was found; a newer one is left alone.
pub(super) fn prepare(connection: &mut Connection) -> rusqlite::Result<i64> {
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == 0 {
        // Only a file without tables can be told this. Freed pages are given back a few at a time, when we say so.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A power cut may cost the last moments, never the file; a killed program costs nothing that was committed.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "journal_size_limit", 16 << 20)?;
    match version {
        0 => {
            let change = connection.transaction()?;
            change.execute_batch(TABLES)?;
            change.pragma_update(None, "user_version", SCHEMA)?;
            change.commit()?;
        }
        1 => from_the_first(connection)?,
        _ => {}
    }
    Ok(version)
}

/// Schema 1 had events as JSON, and settings.
fn from_the_first(connection: &mut Connection) -> rusqlite::Result<()> {
    let change = connection.transaction()?;
    change.execute_batch(
        "ALTER TABLE events RENAME TO old_events;
         ALTER TABLE settings RENAME TO old_settings;
         DROP INDEX events_by_time; DROP INDEX events_by_sidecar; DROP INDEX failures;",
    )?;
    change.execute_batch(TABLES)?;
    {
        let mut old = change.prepare("SELECT event FROM old_events ORDER BY id")?;
        let mut new = change.prepare(INSERT)?;
        let mut rows = old.query([])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            // One that nobody can read told nobody anything.
            let Ok(event) = serde_json::from_str::<Event>(&text) else { continue };
            insert(&mut new, &Row::of(&event, None, false))?;
        }
    }
    change.execute_batch(
        "INSERT INTO settings SELECT name, value FROM old_settings; DROP TABLE old_events; DROP TABLE old_settings;
         INSERT INTO event_hours SELECT at / 3600000, coalesce(service, ''), kind, count(*), sum(failure)
             FROM events GROUP BY 1, 2, 3;",
    )?;
    change.pragma_update(None, "user_version", SCHEMA)?;
    change.commit()
}

/// Adds an event; prepared by [`INSERT`].
pub(super) fn insert(statement: &mut Statement<'_>, row: &Row) -> rusqlite::Result<()> {
    statement.execute(params![
        row.at,
        row.service,
        row.kind,
        row.severity,
        row.was,
        row.state,
        row.reason,
        row.version,
        row.pid,
        row.exit,
        row.signal,
        row.failure,
        row.rest,
    ])?;
    Ok(())
}
