//! A file that cannot be used is kept under another name, with what SQLite keeps beside it.

use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

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
