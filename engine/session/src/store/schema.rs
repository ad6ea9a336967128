//! The tables of `song.db`, their version, and the version of the JSON inside.

use rusqlite::Connection;

use super::StoreError;
use crate::edit::Edit;
use std::path::Path;

/// Version of the JSON of Edits and of snapshots. Raise it when an older program could not read what is written
/// now; then raise `FORMAT` too, so that it says so, teach `upgrade` the step, and freeze a sample in
/// `tests/frozen/`.
pub const SCHEMA: u32 = 1;

/// Version of the tables, SQLite's `user_version`.
pub(super) const FORMAT: i64 = 1;

/// SQLite's `application_id`: “DAWG”.
pub(super) const APPLICATION: i64 = 0x4441_5747;

const TABLES: &str = "
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, author TEXT NOT NULL, label TEXT NOT NULL,
    action TEXT NOT NULL, target INTEGER, undoable INTEGER NOT NULL, schema INTEGER NOT NULL,
    edits TEXT NOT NULL, inverses TEXT NOT NULL, checksum INTEGER NOT NULL
);
CREATE TABLE snapshots (
    seq INTEGER PRIMARY KEY, schema INTEGER NOT NULL, session TEXT NOT NULL, checksum INTEGER NOT NULL
);
CREATE TABLE damaged_rows (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, reason TEXT NOT NULL, seq, at_ms, author, label, action, target,
    undoable, schema, edits, inverses, checksum
);
CREATE TABLE captures (
    id TEXT PRIMARY KEY, track TEXT NOT NULL, media TEXT NOT NULL, file TEXT NOT NULL, name TEXT NOT NULL,
    rate INTEGER NOT NULL, channels INTEGER NOT NULL, started_ms INTEGER NOT NULL, latency INTEGER NOT NULL,
    record_from INTEGER, record_to INTEGER, log TEXT NOT NULL, frames INTEGER NOT NULL, state TEXT NOT NULL
);
";

/// Makes the tables in a new database.
pub(super) fn make_tables(connection: &Connection) -> rusqlite::Result<()> {
    set_up(connection)?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    connection.pragma_update(None, "user_version", FORMAT)?;
    connection.execute_batch(TABLES)
}

/// Sets what holds for a connection, not for the file: a COMMIT returns when the disk has it.
pub(super) fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")
}

/// Refuses what is no song, and songs of a later program.
pub(super) fn check_format(connection: &Connection, folder: &Path) -> Result<(), StoreError> {
    let number = |pragma| {
        connection
            .pragma_query_value(None, pragma, |row| row.get::<_, i64>(0))
            .map_err(|error| StoreError::from_sqlite(folder, &error))
    };
    if number("application_id")? != APPLICATION {
        return Err(StoreError::NotASong(folder.to_owned()));
    }
    match number("user_version")? {
        FORMAT => Ok(()),
        found if found > FORMAT => {
            Err(StoreError::NewerVersion { folder: folder.to_owned(), found, known: FORMAT })
        }
        _ => Err(StoreError::NotASong(folder.to_owned())),
    }
}

/// Reads the Edits of a row written in any schema up to [`SCHEMA`].
pub(super) fn read_edits(schema: u32, json: &[u8]) -> Result<Vec<Edit>, String> {
    if schema == SCHEMA {
        return serde_json::from_slice(json).map_err(|error| error.to_string());
    }
    let value = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    serde_json::from_value(upgrade(schema, value)?).map_err(|error| error.to_string())
}

/// Brings the JSON of a row's Edits from the schema in which it was written to [`SCHEMA`], step by step.
pub(super) fn upgrade(schema: u32, edits: serde_json::Value) -> Result<serde_json::Value, String> {
    // The first change of schema adds here: `1 => upgrade(2, from_1_to_2(edits))`.
    match schema {
        SCHEMA => Ok(edits),
        other => Err(format!("its schema {other} is not known; this program knows {SCHEMA}")),
    }
}
