//! A copy of the database as it is on disk, while the song is worked on.
//!
//! Start at [`begin`]. The copy may go to a stick that is slow, or hangs: neither an Edit nor a capture waits for it; SQLite's log
//! grows meanwhile, and stays beside the database if the song is closed before.

use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ffi};

use super::worker::Reply;
use super::{StoreError, folder};

/// Copies the song of `folder` to the file `to`, which is not there yet, by a thread and a connection of its own. Whatever is
/// written by now is in the copy.
pub(super) fn begin(folder: &Path, to: PathBuf, reply: Reply<()>) {
    let from = folder.to_owned();
    let told = reply.clone();
    let work = move || {
        // Who asked may have gone.
        _ = reply.send(copy(&from, &to));
    };
    if let Err(error) = std::thread::Builder::new().name("store copy".to_owned()).spawn(work) {
        _ = told.send(Err(StoreError::from_io(folder, &error)));
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    if to.symlink_metadata().is_ok() {
        return Err(StoreError::Exists(to.to_owned()));
    }
    let source = folder::connect_reading(from)?;
    let copied = || -> rusqlite::Result<()> {
        let mut target = Connection::open(to)?;
        // All pages in one step: with a log, who reads is in nobody's way.
        match Backup::new(&source, &mut target)?.step(-1)? {
            StepResult::Done => {}
            _ => return Err(busy()),
        }
        target.close().map_err(|(_, error)| error)
    };
    copied().map_err(|error| StoreError::from_sqlite(to, &error))
}

fn busy() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None)
}
