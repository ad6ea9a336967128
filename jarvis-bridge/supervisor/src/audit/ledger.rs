//! `audit.db`: the entries, in SQLite, append only.
//!
//! Start at [`Ledger::insert`]. Triggers refuse every change; they keep honest programs from mistakes, while the chain
//! shows what dishonest ones did.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Row, params};

use super::Record;
use super::chain::{Hash, Link};
use crate::by::By;
use crate::clock::Wall;

/// The schema's version, in `PRAGMA user_version`.
pub(super) const SCHEMA: i64 = 1;

const TABLES: &str = "
    CREATE TABLE entries (
        seq INTEGER PRIMARY KEY,       -- from 1, without a gap
        at INTEGER NOT NULL,           -- ms since 1970, UTC
        who TEXT NOT NULL,
        correlation TEXT,
        action TEXT NOT NULL,
        target TEXT NOT NULL,
        reason TEXT NOT NULL,
        outcome TEXT NOT NULL,
        hash BLOB NOT NULL             -- HMAC-SHA-256 of all this and of the hash before it
    ) STRICT;
    CREATE TRIGGER entries_stay BEFORE DELETE ON entries
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END;
    CREATE TRIGGER entries_stay_so BEFORE UPDATE ON entries
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END;
";

/// How long the control loop's thread waits for another program that holds the file.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long a reader does.
const READER: Duration = Duration::from_secs(5);

/// One row as it stands there, true or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) seq: u64,
    pub(super) record: Record,
    pub(super) hash: Hash,
}

/// The table of one trail.
#[derive(Debug)]
pub(super) struct Ledger(pub(super) Connection);

impl Ledger {
    /// A new one in memory.
    pub(super) fn in_memory() -> rusqlite::Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(TABLES)?;
        Ok(Self(connection))
    }

    /// A new one at `path`, whole on the disk once it is dropped.
    pub(super) fn create(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;"))?;
        Ok(Self(connection))
    }

    /// The one at `path`, to go on.
    pub(super) fn open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.busy_timeout(PATIENCE)?;
        // Whoever verifies keeps nobody from writing; and what is committed outlives the machine's sudden end.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        Ok(Self(connection))
    }

    /// The one at `path`, to read it.
    pub(super) fn read(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(READER)?;
        Ok(Self(connection))
    }

    /// The version of its schema.
    pub(super) fn version(&self) -> rusqlite::Result<i64> {
        self.0.pragma_query_value(None, "user_version", |row| row.get(0))
    }

    /// Appends an entry.
    pub(super) fn insert(&self, link: Link, record: &Record) -> rusqlite::Result<()> {
        let insert = "INSERT INTO entries (seq, at, who, correlation, action, target, reason, outcome, hash)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let mut statement = self.0.prepare(insert)?;
        let Record { at, by, action, target, reason, outcome } = record;
        let seq = i64::try_from(link.seq).unwrap_or(i64::MAX);
        statement.execute(params![
            seq,
            at.0,
            by.who,
            by.correlation,
            action,
            target,
            reason,
            outcome,
            link.hash.0
        ])?;
        Ok(())
    }

    /// The hash of entry `seq`, if it is there.
    pub(super) fn hash(&self, seq: u64) -> rusqlite::Result<Option<Hash>> {
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        let select = "SELECT hash FROM entries WHERE seq = ?1";
        self.0.query_row(select, [seq], |row| row.get(0).map(Hash)).optional()
    }

    /// Each entry in turn, until `each` has enough; in one transaction, so that nothing changes meanwhile.
    pub(super) fn walk(&self, mut each: impl FnMut(Written) -> bool) -> rusqlite::Result<()> {
        let mut statement = self.0.prepare("SELECT * FROM entries ORDER BY seq")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if !each(written(row)?) {
                break;
            }
        }
        Ok(())
    }

    /// The newest entries about `action`, newest first, until `choose` takes one. Reads all of them at worst.
    pub(super) fn newest_of<T>(
        &self,
        action: &str,
        choose: impl Fn(&Record) -> Option<T>,
    ) -> rusqlite::Result<Option<T>> {
        let mut select = self.0.prepare("SELECT * FROM entries WHERE action = ?1 ORDER BY seq DESC")?;
        let mut rows = select.query([action])?;
        while let Some(row) = rows.next()? {
            if let Some(chosen) = choose(&written(row)?.record) {
                return Ok(Some(chosen));
            }
        }
        Ok(None)
    }

    /// The newest entries, oldest first.
    pub(super) fn newest(&self, limit: u32) -> rusqlite::Result<Vec<Written>> {
        let mut statement = self.0.prepare("SELECT * FROM entries ORDER BY seq DESC LIMIT ?1")?;
        let mut newest = statement.query_map([limit], written)?.collect::<rusqlite::Result<Vec<_>>>()?;
        newest.reverse();
        Ok(newest)
    }
}

fn written(row: &Row<'_>) -> rusqlite::Result<Written> {
    let record = Record {
        at: Wall(row.get("at")?),
        by: By { who: row.get("who")?, correlation: row.get("correlation")?, ..By::default() },
        action: row.get("action")?,
        target: row.get("target")?,
        reason: row.get("reason")?,
        outcome: row.get("outcome")?,
    };
    let seq = row.get::<_, i64>("seq")?;
    Ok(Written { seq: u64::try_from(seq).unwrap_or(0), record, hash: Hash(row.get("hash")?) })
}

/// True if the file itself is broken, and not merely out of reach for now.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) => matches!(
            failure.code,
            // `Unknown` is SQLITE_ERROR: the table is not there.
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown
        ),
        rusqlite::Error::SqlInputError { .. } => true,
        // A value of another kind than was ever written.
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::InvalidColumnName(_)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::Utf8Error(..) => true,
        _ => false,
    }
}
