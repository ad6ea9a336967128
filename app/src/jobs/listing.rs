//! What a folder holds, for the browser and for folders that are dropped into a song.
//!
//! Start at [`list`].

use std::cmp::Ordering;
use std::io;
use std::path::{Path, PathBuf};

use dawg_session::store::DATABASE_FILE;

use super::Outcome;

/// Endings of the audio files that can be imported.
pub const AUDIO_ENDINGS: [&str; 8] = ["wav", "aiff", "aif", "flac", "mp3", "m4a", "aac", "ogg"];

/// A folder as the browser shows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listing {
    /// The folder.
    pub folder: PathBuf,
    /// What is in it: folders first, then songs, then audio files, each by name.
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

/// Lists a folder: what is hidden, or of no use here, is left out.
#[must_use]
pub fn list(folder: PathBuf) -> Outcome {
    let (entries, error) = match entries(&folder) {
        Ok(entries) => (entries, None),
        Err(why) => (Vec::new(), Some(why)),
    };
    Outcome::Listed(Listing { folder, entries, error })
}

/// Whether this is the folder of a song.
pub(super) fn is_song(path: &Path) -> bool {
    path.join(DATABASE_FILE).is_file()
}

/// The audio files in a folder, by name; not those of the folders inside.
///
/// # Errors
/// Why it cannot be read, in words.
pub(super) fn audio_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let audio = entries(folder)?.into_iter().filter(|entry| entry.kind == EntryKind::Audio);
    Ok(audio.map(|entry| entry.path).collect())
}

fn entries(folder: &Path) -> Result<Vec<Entry>, String> {
    let read = std::fs::read_dir(folder).map_err(|error| words(&error))?;
    let mut entries: Vec<Entry> = read.flatten().filter_map(|found| entry(found.path())).collect();
    entries.sort_by(|a, b| {
        a.kind.cmp(&b.kind).then_with(|| natural(&a.name, &b.name)).then_with(|| a.path.cmp(&b.path))
    });
    Ok(entries)
}

fn entry(path: PathBuf) -> Option<Entry> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    if name.starts_with('.') {
        return None;
    }
    // Follows links: what they lead to is what a person means.
    let found = path.metadata().ok()?;
    let kind = match () {
        () if found.is_dir() && is_song(&path) => EntryKind::Song,
        () if found.is_dir() => EntryKind::Folder,
        () if found.is_file() && is_audio(&path) => EntryKind::Audio,
        () => return None,
    };
    Some(Entry { path, name, kind })
}

fn is_audio(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| AUDIO_ENDINGS.contains(&ending.as_str()))
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "This folder is not there any more. Choose another.".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "This folder may not be read by you. Choose another, or change its permissions.".to_owned()
        }
        io::ErrorKind::NotADirectory => "This is no folder. Choose another.".to_owned(),
        _ => format!("This folder cannot be read ({error}). Check the disk, or choose another."),
    }
}

/// Order as people sort: without regard to case, and “Take 2” before “Take 10”.
fn natural(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let (mut left, mut right) = (a.as_str(), b.as_str());
    while let (Some(one), Some(other)) = (left.chars().next(), right.chars().next()) {
        let order = if one.is_ascii_digit() && other.is_ascii_digit() {
            by_number(digits(&mut left), digits(&mut right))
        } else {
            left = &left[one.len_utf8()..];
            right = &right[other.len_utf8()..];
            one.cmp(&other)
        };
        if order.is_ne() {
            return order;
        }
    }
    left.len().cmp(&right.len())
}

/// Takes the digits at the start of a text, without zeros before them.
fn digits<'a>(text: &mut &'a str) -> &'a str {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    *text = rest;
    digits.trim_start_matches('0')
}

/// Numbers of any length, as digits.
fn by_number(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}
