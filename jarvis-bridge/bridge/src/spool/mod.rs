//! Usage on disk until the supervisor keeps it: one append-only file for each program that runs.
//!
//! Start at [`Spool::own`]; what a program left that ended before its usage was told is [adopted](Spool::adopt) by the next.
//!
//! - *A line* is a checksum and JSON. A torn last line, the mark of a program that was killed while it wrote, is passed over;
//!   so is a damaged one, which is told in the log.
//! - *Durability*: each batch (a quarter of a second of usage) is synced to the disk once, by the bridge's thread, before
//!   anybody is told of it. A crash of the program or the system costs what was used in the last quarter of a second.
//! - *Bounds*: nothing is dropped, so the file has no bound but its disk. A line has at most some 1,400 bytes; a song's
//!   working day is some 200 of them. Of a long file no more than [`WINDOW`] uses are in memory.
//! - *A full disk*: usage stays in memory, is told from there, and is written as soon as there is room.
//! - A file is locked by the program whose it is, and by whoever adopts it; whoever empties one that is not its own removes it.

mod line;

use std::collections::{BTreeSet, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jarvis::usage::Usage;

/// Uses in memory that are on disk as well.
pub const WINDOW: usize = 512;
/// Bytes that are read at a time.
const CHUNK: u64 = 64 * 1024;
/// How the files end.
const ENDING: &str = "spool";

/// One file, and what of it is in memory.
#[derive(Debug)]
pub struct Spool {
    path: PathBuf,
    /// None: nothing had to be kept yet.
    file: Option<File>,
    /// Whether this program writes into it.
    own: bool,
    /// Bytes that are written, all lines whole.
    written: u64,
    /// Bytes that were taken into `window`.
    read: u64,
    /// On disk, not kept by the supervisor; oldest first.
    window: VecDeque<Usage>,
    /// Not on disk; oldest first.
    unwritten: VecDeque<Usage>,
    damaged: u64,
}

impl Spool {
    /// This program's own in `folder`, called `name`, which no other program may use. It is made when there is something to
    /// keep.
    #[must_use]
    pub fn own(folder: &Path, name: &str) -> Self {
        Self::at(folder.join(name).with_extension(ENDING), true)
    }

    fn at(path: PathBuf, own: bool) -> Self {
        Self {
            path,
            file: None,
            own,
            written: 0,
            read: 0,
            window: VecDeque::new(),
            unwritten: VecDeque::new(),
            damaged: 0,
        }
    }

    /// One in `folder` that belongs to nobody any more, if there is one.
    #[must_use]
    pub fn adopt(folder: &Path) -> Option<Self> {
        let entries = std::fs::read_dir(folder).ok()?.flatten();
        let spools = entries.map(|entry| entry.path());
        let mut spools = spools.filter(|path| path.extension().is_some_and(|ending| ending == ENDING));
        spools.find_map(|path| {
            let file = OpenOptions::new().read(true).write(true).open(&path).ok()?;
            // Whose program lives, or who was adopted by another just now, is locked.
            file.try_lock().ok()?;
            let written = file.metadata().ok()?.len();
            let mut left = Self::at(path, false);
            (left.file, left.written) = (Some(file), written);
            Some(left)
        })
    }

    /// Keeps what was used, on disk as soon as it can.
    ///
    /// # Errors
    /// As the disk says: it is in memory then, and is written with the next call, of [`write`](Self::write) too.
    pub fn keep(&mut self, used: impl IntoIterator<Item = Usage>) -> io::Result<()> {
        self.unwritten.extend(used);
        self.write()
    }

    /// Writes what is not on disk yet.
    ///
    /// # Errors
    /// As the disk says.
    pub fn write(&mut self) -> io::Result<()> {
        if self.unwritten.is_empty() {
            return Ok(());
        }
        let text = self.unwritten.iter().map(line::write).collect::<Result<String, _>>()?;
        let at = self.written;
        let file = self.file()?;
        let wrote = put(file, at, text.as_bytes());
        if wrote.is_err() {
            // What half of it is there would be torn in the middle once more follows; the next write begins here anyhow.
            let _ = file.set_len(at);
            return wrote;
        }
        self.written += text.len() as u64;
        if self.read == at && self.window.len() + self.unwritten.len() <= WINDOW {
            self.read = self.written;
            self.window.append(&mut self.unwritten);
        } else {
            self.unwritten.clear();
        }
        Ok(())
    }

    /// The oldest that the supervisor has not kept, at most `most`.
    pub fn due(&mut self, most: usize) -> Vec<Usage> {
        while self.window.len() < most.min(WINDOW) && self.read < self.written {
            if let Err(error) = self.read_on() {
                let path = self.path.display();
                tracing::warn!(%error, %path, "usage that waits on disk cannot be read now");
                break;
            }
        }
        self.window.iter().chain(&self.unwritten).take(most).cloned().collect()
    }

    /// The supervisor keeps these. What is kept whole is emptied.
    pub fn kept(&mut self, ids: &[String]) {
        let ids: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        for queue in [&mut self.window, &mut self.unwritten] {
            queue.retain(|used| !ids.contains(used.id.as_str()));
        }
        if let (true, true, Some(file)) = (self.window.is_empty(), self.read == self.written, &self.file)
            && self.written > 0
            // Else it is told again: by its id it counts once.
            && file.set_len(0).is_ok()
        {
            (self.written, self.read) = (0, 0);
        }
    }

    /// True if the supervisor keeps all of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.window.is_empty() && self.unwritten.is_empty() && self.read == self.written
    }

    /// How many wait in memory: all that do, unless that is [`WINDOW`].
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.window.len() + self.unwritten.len()
    }

    /// How many are in memory only, for want of room on the disk.
    #[must_use]
    pub fn unwritten(&self) -> usize {
        self.unwritten.len()
    }

    /// How many lines could not be read.
    #[must_use]
    pub fn damaged(&self) -> u64 {
        self.damaged
    }

    /// Takes more lines from the disk.
    fn read_on(&mut self) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.seek(SeekFrom::Start(self.read))?;
        let mut bytes = Vec::new();
        let took = file.take(CHUNK.min(self.written - self.read)).read_to_end(&mut bytes)? as u64;
        let Some(last) = bytes.iter().rposition(|byte| *byte == b'\n') else {
            // The torn end of a program that was killed; or a line longer than any, so none of ours.
            let torn = self.read + took >= self.written;
            self.damaged += u64::from(!torn);
            self.read += took.max(1);
            return Ok(());
        };
        for text in bytes[..last].split(|byte| *byte == b'\n') {
            match line::read(text) {
                Some(used) => self.window.push_back(used),
                None => self.damaged += 1,
            }
        }
        self.read += last as u64 + 1;
        Ok(())
    }

    /// The file, made and locked when it is first needed.
    fn file(&mut self) -> io::Result<&mut File> {
        match &mut self.file {
            Some(file) => Ok(file),
            none => Ok(none.insert(make(&self.path)?)),
        }
    }
}

/// A file that is emptied is not left lying about.
impl Drop for Spool {
    fn drop(&mut self) {
        if self.damaged > 0 {
            let (path, lines) = (self.path.display(), self.damaged);
            tracing::warn!(%path, lines, "usage on disk was damaged: these lines are lost, all others were told");
        }
        if self.file.is_some() && self.is_empty() {
            // It is empty: whoever finds it removes it.
            let _ = std::fs::remove_file(&self.path);
        }
        if self.own && !self.unwritten.is_empty() {
            tracing::error!(uses = self.unwritten.len(), "the disk was full to the end: this usage is lost");
        }
    }
}

fn make(path: &Path) -> io::Result<File> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    if file.try_lock().is_err() || !path.exists() {
        // Somebody took it for left over, in the moment between; with the next try it is made anew.
        let _ = std::fs::remove_file(path);
        return Err(io::Error::other("it was taken by another program for a moment"));
    }
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(file)
}

fn put(file: &mut File, at: u64, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)?;
    file.sync_data()
}

#[cfg(test)]
mod tests;
