//! A recording on disk without a name, so that nothing of it is left however the coach ends.
//!
//! Where the system knows no files without names, it has one in the folder for temporary files until it was looked at.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Gone when it is dropped, or when the process is.
pub(super) struct Kept {
    #[cfg(unix)]
    file: std::fs::File,
    #[cfg(not(unix))]
    file: tempfile::NamedTempFile,
    path: PathBuf,
}

impl Kept {
    /// An empty one.
    ///
    /// # Errors
    /// As the disk says.
    #[cfg(unix)]
    pub(super) fn new() -> io::Result<Self> {
        use std::os::fd::AsRawFd as _;
        let file = tempfile::tempfile()?;
        // Opens the file that this handle has open.
        let path = PathBuf::from(format!("/dev/fd/{}", file.as_raw_fd()));
        Ok(Self { file, path })
    }

    /// An empty one.
    ///
    /// # Errors
    /// As the disk says.
    #[cfg(not(unix))]
    pub(super) fn new() -> io::Result<Self> {
        let file = tempfile::Builder::new().prefix("vocal-coach-").tempfile()?;
        let path = file.path().to_owned();
        Ok(Self { file, path })
    }

    /// Adds to its end.
    ///
    /// # Errors
    /// As the disk says.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Where it can be read, as long as it is kept. Whoever opens it reads by position: some systems share one cursor.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}
