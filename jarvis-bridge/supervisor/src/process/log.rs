//! A sidecar's output on the disk: one file that is put aside when it is full, and a few old ones.
//!
//! Whatever a sidecar writes, it takes no more room than `bytes × (keep + 1)`. A disk that refuses loses lines, which are
//! counted; it never stops the sidecar, whose pipe is read on. Start at [`RotatingLog`].

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::config::Logs;

/// A log file and the old ones beside it: `NAME.log`, `NAME.log.1` (the newest of the old), …
#[derive(Debug)]
pub struct RotatingLog {
    path: PathBuf,
    limits: Logs,
    file: Option<File>,
    written: u64,
    lost: u64,
}

impl RotatingLog {
    /// Goes on where the file at `path` ends.
    #[must_use]
    pub fn new(path: PathBuf, limits: Logs) -> Self {
        Self { path, limits, file: None, written: 0, lost: 0 }
    }

    /// Appends whole lines.
    pub fn append(&mut self, lines: &[u8]) {
        // A piece is never larger than a log, so that the limit holds.
        let largest = usize::try_from(self.limits.bytes).unwrap_or(usize::MAX).max(1);
        for piece in lines.chunks(largest) {
            if let Err(error) = self.write(piece) {
                if self.lost == 0 {
                    tracing::warn!(log = %self.path.display(), %error, "a sidecar's output cannot be kept");
                }
                self.lost += piece.len() as u64;
            }
        }
    }

    /// How many bytes the disk refused.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost
    }

    fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        let mut file = self.opened()?;
        if self.written > 0 && self.written + piece.len() as u64 > self.limits.bytes {
            drop(file);
            put_aside(&self.path, self.limits.keep)?;
            file = self.opened()?;
        }
        file.write_all(piece)?;
        self.written += piece.len() as u64;
        self.file = Some(file);
        Ok(())
    }

    /// The file to append to.
    fn opened(&mut self) -> io::Result<File> {
        if let Some(file) = self.file.take() {
            return Ok(file);
        }
        let file = OpenOptions::new().append(true).create(true).open(&self.path)?;
        self.written = file.metadata()?.len();
        Ok(file)
    }
}

/// Gives each old log the next number; the oldest goes.
fn put_aside(path: &Path, keep: usize) -> io::Result<()> {
    if keep == 0 {
        return std::fs::remove_file(path);
    }
    for number in (1..keep).rev() {
        give(&numbered(path, number), &numbered(path, number + 1))?;
    }
    give(path, &numbered(path, 1))
}

#[expect(clippy::disallowed_methods, reason = "a log that a power cut takes is no loss worth a sync")]
fn give(from: &Path, to: &Path) -> io::Result<()> {
    match std::fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The old log with this number, from 1.
#[must_use]
pub fn numbered(path: &Path, number: usize) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{number}"));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_much_is_written_the_newest_is_kept_within_the_limit() {
        // Seen red: with nothing ever put aside, and with one old log too many.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("coach.log");
        let limits = Logs { bytes: 1000, keep: 2 };
        for _ in 0..3 {
            let mut log = RotatingLog::new(path.clone(), limits.clone());
            for line in 0..500 {
                log.append(format!("line {line}\n").as_bytes());
            }
            log.append(&[b'x'; 5000]);
            log.append(b"last\n");
            assert_eq!(log.lost(), 0);
        }
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
        assert_eq!(files.len(), 3);
        assert!(files.iter().all(|file| file.metadata().unwrap().len() <= 1000));
        assert!(std::fs::read_to_string(&path).unwrap().ends_with("last\n"));
    }
}
