//! Which file lies at a path: to notice that one we have open was removed, or that another lies in its place.

use std::fs::Metadata;
use std::io::{self, ErrorKind};
use std::path::Path;

/// One file, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileId(#[cfg(unix)] (u64, u64), #[cfg(not(unix))] Option<std::time::SystemTime>);

impl FileId {
    /// The file at `path`; none if there is none.
    ///
    /// # Errors
    /// As the disk says: nobody can tell.
    pub fn at(path: &Path) -> io::Result<Option<Self>> {
        match path.metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            found => found.map(|found| Some(Self::of(&found))),
        }
    }

    /// The file that was asked. Its number is given to no other as long as somebody has it open.
    #[cfg(unix)]
    #[must_use]
    pub fn of(file: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self((file.dev(), file.ino()))
    }

    /// The file that was asked, known by when it was made; a rename does not change that.
    #[cfg(not(unix))]
    #[must_use]
    pub fn of(file: &Metadata) -> Self {
        Self(file.created().ok())
    }
}

/// What became of the file `known` at `path` while it is in use; none: it is there, or nobody can tell.
pub(crate) fn moved(path: &Path, known: Option<FileId>) -> Option<&'static str> {
    known?;
    match FileId::at(path) {
        Ok(None) => Some("was removed while it was in use"),
        Ok(found) if found != known => Some("was replaced by another file while it was in use"),
        _ => None,
    }
}
