//! A file that cannot be used is kept under another name, with what SQLite keeps beside it.

use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use crate::clock::Wall;

/// `events.db` becomes `events.damaged-TIME.db`. The new name.
pub(super) fn put(path: &Path, why: &str, now: Wall) -> Result<PathBuf> {
    let aside = path.with_extension(format!("{why}-{}.db", now.0));
    if aside.exists() {
        return Err(Error::from(ErrorKind::AlreadyExists));
    }
    let beside = |path: &Path, end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        name
    };
    for end in ["", "-wal", "-shm"] {
        #[expect(
            clippy::disallowed_methods,
            reason = "a damaged file is moved away; nothing new depends on it"
        )]
        match std::fs::rename(beside(path, end), beside(&aside, end)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(aside)
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
