//! What a folder holds, for the browser.

use std::path::PathBuf;

/// A folder as the browser shows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listing {
    /// The folder.
    pub folder: PathBuf,
    /// What is in it: folders first, then audio files, each by name.
    pub entries: Vec<Entry>,
    /// Why it could not be read.
    pub error: Option<String>,
}

/// A line of the browser.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its path.
    pub path: PathBuf,
    /// What is shown of it.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

/// What a line of the browser is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A folder to go into.
    Folder,
    /// A song.
    Song,
    /// An audio file.
    Audio,
}
