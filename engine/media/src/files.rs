//! Files that appear whole or not at all, and names that are safe.
//!
//! Start at [`publish`]. Everything here blocks on the disk: never on the audio thread.

mod name;
mod part;
mod positional;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

pub use name::{safe_name, unique_name};
pub(crate) use part::PartFile;
pub use part::sweep;
pub(crate) use positional::{Positional, write_counted};

use crate::error::OnPath;
use crate::{MediaError, Progress};

/// Makes the finished file `temp` durable, then gives it the name `to`, replacing what was there.
///
/// Syncs the file, renames it, syncs the folder: after this returned, a power cut keeps the new file; before,
/// the old one. Both names must be in one file system.
///
/// # Errors
/// As the disk says; `temp` is then still there.
pub fn publish(temp: &Path, to: &Path) -> Result<(), MediaError> {
    File::open(temp).on(temp)?.sync_all().on(temp)?;
    rename(temp, to)?;
    sync_folder(to.parent().unwrap_or(Path::new(".")))
}

/// Publishes `temp` in `folder` under `wanted`, or under `wanted` with a number where that is taken, and
/// returns the name. Never replaces a file, also when several threads publish at once.
///
/// # Errors
/// As the disk says; `temp` is then still there.
pub fn publish_unique(temp: &Path, folder: &Path, wanted: &str) -> Result<String, MediaError> {
    // A rename replaces silently, so choosing the name and taking it must be one step. A song has one writing
    // process (the store's lock), so a lock in this process is enough.
    static NAMING: Mutex<()> = Mutex::new(());
    File::open(temp).on(temp)?.sync_all().on(temp)?;
    let _one_at_a_time = NAMING.lock().unwrap_or_else(PoisonError::into_inner);
    let name = unique_name(folder, wanted)?;
    rename(temp, &folder.join(&name))?;
    sync_folder(folder)?;
    Ok(name)
}

#[allow(clippy::disallowed_methods)] // this is the place that the ban points to
fn rename(from: &Path, to: &Path) -> Result<(), MediaError> {
    fs::rename(from, to).on(to)
}

/// Makes the names in a folder durable. Where folders cannot be opened (Windows) renames are durable by
/// themselves.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), MediaError> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if cfg!(unix) { File::open(folder).on(folder)?.sync_all().on(folder) } else { Ok(()) }
}

/// Writes a small file whole or not at all, replacing what was there.
///
/// # Errors
/// As the disk says; what was there is still there then.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), MediaError> {
    let (part, mut file) = PartFile::create(path)?;
    file.write_all(bytes).on(part.path())?;
    part.publish(path)
}

/// The BLAKE3 hash of a file's bytes, as 64 lowercase hex digits. Streamed; `progress` counts bytes.
///
/// # Errors
/// As the disk says, or [`MediaError::Cancelled`].
pub fn hash_file(path: &Path, progress: &Progress) -> Result<String, MediaError> {
    let mut file = open_regular(path)?;
    progress.set_total(file.metadata().on(path)?.len());
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 256 << 10];
    loop {
        progress.check()?;
        let read = file.read(&mut buffer).on(path)?;
        if read == 0 {
            return Ok(hasher.finalize().to_hex().to_string());
        }
        hasher.update(&buffer[..read]);
        progress.advance(read as u64);
    }
}

/// Opens a file for reading: only a file, no folder, pipe or device.
///
/// # Errors
/// [`MediaError::NotAFile`], [`MediaError::Missing`], or as the disk says.
pub(crate) fn open_regular(path: &Path) -> Result<File, MediaError> {
    // Asked before it is opened: opening a pipe waits for whoever writes into it, perhaps for ever.
    let meta = std::fs::metadata(path).on(path)?;
    if !meta.is_file() {
        let what = if meta.is_dir() { "a folder" } else { "a pipe or device" };
        return Err(MediaError::NotAFile { path: path.to_owned(), what });
    }
    File::open(path).on(path)
}

/// The folder that `path` names a file in, checked to exist.
///
/// # Errors
/// [`MediaError::NoFolder`] if it does not exist or is no folder.
pub(crate) fn folder_of(path: &Path) -> Result<PathBuf, MediaError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    if folder.is_dir() { Ok(folder) } else { Err(MediaError::NoFolder { path: folder }) }
}

#[cfg(test)]
mod tests;
