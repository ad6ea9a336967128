//! What can go wrong with a song on disk, and what to do then.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::edit::RejectedEdit;
use crate::id::CaptureId;

/// Why a song could not be made, opened, read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no song at this path.
    #[error("{} is not a song: give the folder of one (NAME.dawg with a song.db inside), or make one with `ai-dawg new`", .0.display())]
    NotASong(PathBuf),
    /// A new song would overwrite something.
    #[error("{} exists already: give another name, or move it away first", .0.display())]
    Exists(PathBuf),
    /// A new song's parent folder is not there.
    #[error("the folder {} is not there: make it first, or give another place", .0.display())]
    NoParent(PathBuf),
    /// A new song's name cannot name a folder.
    #[error("“{}” cannot name a song's folder: give a name of 1 to 255 bytes", .0.display())]
    BadName(PathBuf),
    /// A song of a later program.
    #[error("{} was made by a newer AI DAWG (format {found}, this one knows {known}): update the program to open it", .folder.display())]
    NewerVersion {
        /// The song.
        folder: PathBuf,
        /// Its format.
        found: i64,
        /// The latest format that this program knows.
        known: i64,
    },
    /// The folder cannot be written.
    #[error("{} cannot be written: choose another folder, or copy the song to one of your own (`copy`)", .0.display())]
    ReadOnlyFolder(PathBuf),
    /// Another program has it open.
    #[error("{} is open in another window or program: close it there first. Looking, playing and exporting work meanwhile", .0.display())]
    OpenElsewhere(PathBuf),
    /// It was opened for reading only.
    #[error("{} is open for reading only: close it and open it for writing, or save a copy", .0.display())]
    OpenedReadOnly(PathBuf),
    /// The database itself is broken.
    #[error("{} is damaged ({reason}): open a copy or a backup; its recordings are safe in its audio folder", .folder.display())]
    Damaged {
        /// The song.
        folder: PathBuf,
        /// What SQLite or the check said.
        reason: String,
    },
    /// No room left.
    #[error("the disk of {} is full, and the last changes are not saved yet: free some room, then save again", .0.display())]
    DiskFull(PathBuf),
    /// Anything else the system said.
    #[error("{} cannot be read or written ({reason}): check the disk and that the song is still there", .path.display())]
    Io {
        /// The song or file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Rows that do not follow the last saved one.
    #[error(
        "row {given} cannot be saved before row {expected}: save all rows from {expected} on again, in order"
    )]
    OutOfStep {
        /// The row that must come next.
        expected: i64,
        /// The row that came.
        given: i64,
    },
    /// A row that does not fit the song on disk.
    #[error(
        "row {seq} does not fit the song on disk, so it was not saved: close and open the song again ({error})"
    )]
    DoesNotFit {
        /// The row.
        seq: i64,
        /// Why.
        error: RejectedEdit,
    },
    /// A row that the journal does not have, or no longer readably.
    #[error("step {0} of the history is missing or damaged: what came before it stays as it is")]
    NoRow(i64),
    /// A capture that is not known.
    #[error("the song knows no capture {0}: begin it first")]
    NoCapture(CaptureId),
    /// The store thread has ended.
    #[error("{} has been closed: open it again", .0.display())]
    Closed(PathBuf),
}

impl StoreError {
    /// What SQLite's error means for the song in this folder.
    pub(super) fn from_sqlite(folder: &Path, error: &rusqlite::Error) -> Self {
        let folder = folder.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull(folder),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnlyFolder(folder),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::OpenElsewhere(folder),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { folder, reason: error.to_string() }
            }
            Some(_) => Self::Io { path: folder, reason: error.to_string() },
            // Not the disk but the contents: a column of the wrong type, a table that is not there.
            None => Self::Damaged { folder, reason: error.to_string() },
        }
    }

    /// What the system's error means for this path.
    pub(super) fn from_io(path: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let path = path.to_owned();
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull(path),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnlyFolder(path),
            ErrorKind::InvalidFilename | ErrorKind::InvalidInput => Self::BadName(path),
            ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty => Self::Exists(path),
            _ => Self::Io { path, reason: error.to_string() },
        }
    }
}
