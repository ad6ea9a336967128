//! The tables of `song.db`, their version, and the version of the JSON inside.

use rusqlite::Connection;

use super::StoreError;
use crate::edit::Edit;
use crate::song::Session;
use std::path::Path;

/// Version of the JSON of Edits and of snapshots. Raise it when an older program could not read what is written
/// now; then raise `FORMAT` too, so that it says so, teach `upgrade` the step, and freeze a sample in
/// `tests/frozen/`.
///
/// 2: the downbeat of bar 1 and the lyrics. What schema 1 wrote means the same still.
/// 3: comps, and what is known of lanes as takes. What schema 2 wrote means the same still.
pub const SCHEMA: u32 = 3;

/// Version of the song, SQLite's `user_version`: of its tables, and of the JSON inside (3: schema 3).
pub(super) const FORMAT: i64 = 3;

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
        1..=FORMAT => Ok(()),
        found if found > FORMAT => {
            Err(StoreError::NewerVersion { folder: folder.to_owned(), found, known: FORMAT })
        }
        _ => Err(StoreError::NotASong(folder.to_owned())),
    }
}

/// Brings a song that is open for writing to [`FORMAT`], so that a program that cannot read what is written from now
/// on says so. What is in it stays as it is: each row and snapshot says its own schema.
pub(super) fn migrate(connection: &Connection) -> rusqlite::Result<()> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found == FORMAT { Ok(()) } else { connection.pragma_update(None, "user_version", FORMAT) }
}

/// Reads the Edits of a row written in any schema up to [`SCHEMA`].
pub(super) fn read_edits(schema: u32, json: &[u8]) -> Result<Vec<Edit>, String> {
    if schema == SCHEMA {
        return serde_json::from_slice(json).map_err(|error| error.to_string());
    }
    let value = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    serde_json::from_value(upgrade(schema, value)?).map_err(|error| error.to_string())
}

/// Reads a snapshot written in any schema up to [`SCHEMA`]; none when it cannot be read.
pub(super) fn read_session(schema: i64, json: &[u8]) -> Option<Session> {
    // Each schema only added fields, which are at their default where they are missing.
    (1..=i64::from(SCHEMA)).contains(&schema).then(|| serde_json::from_slice(json).ok()).flatten()
}

/// Brings the JSON of a row's Edits from the schema in which it was written to [`SCHEMA`], step by step.
pub(super) fn upgrade(schema: u32, edits: serde_json::Value) -> Result<serde_json::Value, String> {
    match schema {
        SCHEMA => Ok(edits),
        // Each schema only added kinds of Edits, and fields that are at their default where they are missing.
        1 | 2 => upgrade(schema + 1, edits),
        other => Err(format!("its schema {other} is not known; this program knows {SCHEMA}")),
    }
}
