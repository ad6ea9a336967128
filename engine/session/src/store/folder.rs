//! The song's folder: making it so that a half-made song is never seen, and locking it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{StoreError, schema, snapshot};
use crate::id::SongId;
use crate::song::Session;

/// The song's database, inside its folder.
pub const DATABASE_FILE: &str = "song.db";
/// Audio files, inside the song's folder.
pub const AUDIO_FOLDER: &str = "audio";
/// Peak files, which can be built again, inside the song's folder.
pub const PEAKS_FOLDER: &str = "peaks";
/// Where exports go by default, inside the song's folder.
pub const EXPORTS_FOLDER: &str = "exports";
/// What the writer of a song holds locked. The file stays: removing it would race with the next writer.
const LOCK_FILE: &str = "song.db.lock";

/// Makes a song's folder with its first snapshot: under a hidden name beside it first, then renamed.
pub(super) fn create(folder: &Path, session: &Session) -> Result<(), StoreError> {
    let parent = check_place(folder)?;
    let hidden = parent.join(format!(".new-{}.dawg", SongId::fresh()));
    let made = fill(&hidden, session).and_then(|()| publish(&hidden, folder, &parent));
    if made.is_err() {
        // What went wrong first is what the user must know; a left-over hidden folder harms nobody.
        _ = fs::remove_dir_all(&hidden);
    }
    made
}

/// Refuses names and places where no song can be made. Returns the parent folder.
fn check_place(folder: &Path) -> Result<PathBuf, StoreError> {
    let bad_name = || StoreError::BadName(folder.to_owned());
    let name = folder.file_name().ok_or_else(bad_name)?;
    if name.len() > 255 {
        return Err(bad_name());
    }
    let parent = match folder.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_owned(),
        None => return Err(bad_name()),
    };
    if !parent.is_dir() {
        return Err(StoreError::NoParent(parent));
    }
    // An empty folder may be filled; anything else that has the name stays as it is, a dangling link too.
    let is_empty_folder = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if folder.symlink_metadata().is_ok() && !is_empty_folder {
        return Err(StoreError::Exists(folder.to_owned()));
    }
    Ok(parent)
}

fn fill(hidden: &Path, session: &Session) -> Result<(), StoreError> {
    let io = |error: std::io::Error| StoreError::from_io(hidden, &error);
    fs::create_dir(hidden).map_err(io)?;
    for inner in [AUDIO_FOLDER, PEAKS_FOLDER, EXPORTS_FOLDER] {
        fs::create_dir(hidden.join(inner)).map_err(io)?;
    }
    let sqlite = |error: rusqlite::Error| StoreError::from_sqlite(hidden, &error);
    let mut connection = Connection::open(hidden.join(DATABASE_FILE)).map_err(sqlite)?;
    schema::make_tables(&connection).map_err(sqlite)?;
    snapshot::write(&mut connection, 0, session).map_err(sqlite)?;
    connection.close().map_err(|(_, error)| sqlite(error))?;
    sync_folder(hidden)
}

#[allow(
    clippy::disallowed_methods,
    reason = "this is the durable rename: folder and parent are synced around it"
)]
fn publish(hidden: &Path, folder: &Path, parent: &Path) -> Result<(), StoreError> {
    fs::rename(hidden, folder).map_err(|error| StoreError::from_io(folder, &error))?;
    sync_folder(parent)
}

fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    if cfg!(windows) {
        return Ok(()); // folders cannot be opened there; the rename is durable without
    }
    let sync = File::open(folder).and_then(|opened| opened.sync_all());
    sync.map_err(|error| StoreError::from_io(folder, &error))
}

/// Refuses what has no database, before anything is written there.
pub(super) fn check_is_song(folder: &Path) -> Result<(), StoreError> {
    if folder.join(DATABASE_FILE).is_file() { Ok(()) } else { Err(StoreError::NotASong(folder.to_owned())) }
}

/// Takes the writer's lock. The operating system gives it back when the file is closed, however we end.
pub(super) fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(LOCK_FILE);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(|error| StoreError::from_io(folder, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::OpenElsewhere(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(StoreError::from_io(folder, &error)),
    }
}

pub(super) fn connect_writing(folder: &Path) -> Result<Connection, StoreError> {
    let sqlite = |error: rusqlite::Error| StoreError::from_sqlite(folder, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder.join(DATABASE_FILE), flags).map_err(sqlite)?;
    schema::check_format(&connection, folder)?;
    schema::set_up(&connection).map_err(sqlite)?;
    schema::migrate(&connection).map_err(sqlite)?;
    Ok(connection)
}

pub(super) fn connect_reading(folder: &Path) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let database = folder.join(DATABASE_FILE);
    let plain = Connection::open_with_flags(&database, flags)
        .map_err(|error| StoreError::from_sqlite(folder, &error))
        .and_then(|connection| schema::check_format(&connection, folder).map(|()| connection));
    let has_log = fs::metadata(folder.join("song.db-wal")).is_ok_and(|log| log.len() > 0);
    match plain {
        // A reader needs SQLite's shared memory file beside the database. Where none can be made, and no log
        // waits to be read, nobody can be writing either: then the database may be read as it lies.
        Err(StoreError::Io { .. } | StoreError::ReadOnlyFolder(_)) if !has_log => {
            let connection = Connection::open_with_flags(immutable_uri(&database), flags)
                .map_err(|error| StoreError::from_sqlite(folder, &error))?;
            schema::check_format(&connection, folder)?;
            Ok(connection)
        }
        other => other,
    }
}

fn immutable_uri(database: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in database.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(*byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    uri
}
