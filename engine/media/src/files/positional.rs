//! Reading and writing at a place, without a cursor that two readers would fight over.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::MediaError;
use crate::error::OnPath;
use crate::files::open_regular;

/// An open file, its name and its length when it was opened.
#[derive(Debug)]
pub(crate) struct Positional {
    file: File,
    path: PathBuf,
    len: u64,
}

impl Positional {
    /// Opens a regular file for reading.
    pub(crate) fn open(path: &Path) -> Result<Self, MediaError> {
        let file = open_regular(path)?;
        let meta = file.metadata().on(path)?;
        Ok(Self { file, path: path.to_owned(), len: meta.len() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Reads as much of `buffer` as the file has from `offset` on; less only at the end of the file.
    pub(crate) fn read(&self, buffer: &mut [u8], offset: u64) -> Result<usize, MediaError> {
        let mut done = 0;
        while done < buffer.len() {
            match read_at(&self.file, &mut buffer[done..], offset + done as u64) {
                Ok(0) => break,
                Ok(n) => done += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(MediaError::io(&self.path, error)),
            }
        }
        Ok(done)
    }

    /// `N` bytes at `offset`, or `None` where the file has fewer.
    pub(crate) fn array<const N: usize>(&self, offset: u64) -> Result<Option<[u8; N]>, MediaError> {
        let mut bytes = [0; N];
        Ok((self.read(&mut bytes, offset)? == N).then_some(bytes))
    }
}

/// Writes all of `bytes` at `offset`. Returns how many got there, and the error that stopped it if any.
pub(crate) fn write_counted(file: &File, bytes: &[u8], offset: u64) -> (usize, io::Result<()>) {
    let mut done = 0;
    while done < bytes.len() {
        match write_at(file, &bytes[done..], offset + done as u64) {
            Ok(0) => return (done, Err(io::ErrorKind::WriteZero.into())),
            Ok(n) => done += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (done, Err(error)),
        }
    }
    (done, Ok(()))
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::write_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(windows)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_write(file, bytes, offset)
}

#[cfg(not(any(unix, windows)))]
fn read_at(mut file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(offset))?;
    file.read(buffer)
}

#[cfg(not(any(unix, windows)))]
fn write_at(mut file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    use std::io::{Seek, SeekFrom, Write};
    file.seek(SeekFrom::Start(offset))?;
    file.write(bytes)
}
