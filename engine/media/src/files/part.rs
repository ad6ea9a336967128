//! A file in the making: hidden, beside its final place, gone unless it is published.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{folder_of, name, publish, publish_unique};
use crate::MediaError;
use crate::error::OnPath;

/// A temporary file `.NAME.part-<pid>.<n>` that is removed when dropped, unless it was published.
#[derive(Debug)]
pub(crate) struct PartFile {
    path: PathBuf,
    published: bool,
}

/// Removes temporary files that a killed program left in `folder`; returns how many. Only for a folder in which
/// nobody else writes: that of a song, once its lock is held. What cannot be removed is left for the next time.
pub fn sweep(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let left_over = |name: &str| name.starts_with('.') && name.contains(".part-");
    entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(left_over))
        .filter(|entry| fs::remove_file(entry.path()).is_ok())
        .count()
}

impl PartFile {
    /// Makes an empty temporary file in the folder of `final_path`, and returns it opened for reading and
    /// writing.
    pub(crate) fn create(final_path: &Path) -> Result<(Self, File), MediaError> {
        // Two jobs in one process may make the same file at the same time.
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let folder = folder_of(final_path)?;
        let name = final_path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let name = name::cut(&name, 180);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".{name}.part-{}.{number}", std::process::id()));
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path).on(&path)?;
        Ok((Self { path, published: false }, file))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// See [`publish`]; on an error the temporary file is removed.
    pub(crate) fn publish(mut self, to: &Path) -> Result<(), MediaError> {
        publish(&self.path, to)?;
        self.published = true;
        Ok(())
    }

    /// See [`publish_unique`]; on an error the temporary file is removed.
    pub(crate) fn publish_unique(mut self, folder: &Path, wanted: &str) -> Result<String, MediaError> {
        let name = publish_unique(&self.path, folder, wanted)?;
        self.published = true;
        Ok(name)
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.published
            && let Err(error) = fs::remove_file(&self.path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(path = %self.path.display(), %error, "a temporary file stays behind");
        }
    }
}
