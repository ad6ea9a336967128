//! Why the store cannot be used, and which of that waiting may mend.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

/// Why the store cannot be used. Sidecars can be kept alive without it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file is damaged.
    #[error("{} cannot be used ({error}): move it away, and a new one is begun", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        error: rusqlite::Error,
    },
    /// The file cannot be opened now: another keeps it locked, the disk is full, or we may not.
    #[error("{} cannot be opened now ({error}): see whether its disk is full, and which program uses it", .path.display())]
    Busy {
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
    /// An older program made it, and who only reads cannot bring it up to date.
    #[error("{} is from an older version of AI DAWG: start the supervisor once (`ai-dawg jarvis run`), which brings it up to date", .path.display())]
    Older {
        /// The file.
        path: PathBuf,
    },
}

impl StoreError {
    pub(super) fn of(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        if is_damage(&error) { Self::Damaged { path, error } } else { Self::Busy { path, error } }
    }
}

/// The file itself is wrong, and no waiting mends it.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{
        FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, SqliteFailure,
    };
    match error {
        SqliteFailure(code, text) => {
            // A table that is missing in a file with our version in it.
            let missing = text.as_deref().is_some_and(|text| text.starts_with("no such"));
            missing || matches!(code.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        }
        InvalidColumnType(..) | FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) => true,
        _ => false,
    }
}
