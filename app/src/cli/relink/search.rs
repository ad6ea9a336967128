//! Looking for files that a song misses.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use dawg_media::files::hash_file;
use dawg_media::{MediaError, Progress, Source, source};
use dawg_session::Media;

/// Folders in folders, at most so deep.
const DEEPEST: usize = 16;
/// What a song's own audio files may end in; only they can be the same file.
const ENDINGS: [&str; 6] = ["wav", "wave", "aif", "aiff", "aifc", "flac"];

/// The audio files of a folder.
pub(super) struct Search {
    folder: PathBuf,
    files: Vec<PathBuf>,
}

/// What came of a search.
pub(super) enum Found {
    /// This file, with this hash.
    Match { path: PathBuf, hash: String },
    /// No file, and why not.
    Nothing { reason: String },
}

impl Search {
    /// Lists the audio files of `folder` and of the folders in it. Links to folders are not followed, so that no
    /// circle of them is; folders that may not be read are passed over.
    pub(super) fn in_folder(folder: &Path, progress: &Progress) -> Result<Self, MediaError> {
        let mut files = Vec::new();
        let mut folders = vec![(folder.to_owned(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            progress.check()?;
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let (path, kind) = (entry.path(), entry.file_type());
                match kind {
                    Ok(kind) if kind.is_dir() && depth < DEEPEST => folders.push((path, depth + 1)),
                    Ok(kind) if !kind.is_dir() && is_audio(&path) && path.is_file() => files.push(path),
                    _ => {}
                }
            }
        }
        files.sort();
        Ok(Self { folder: folder.to_owned(), files })
    }

    /// The file that `media` was: the same contents where its hash is known, else the same name and shape. Files
    /// of its name are tried first.
    pub(super) fn find(&self, media: &Media, progress: &Progress) -> Result<Found, MediaError> {
        let (named, others): (Vec<_>, Vec<_>) = self.files.iter().partition(|path| has_name(path, media));
        let candidates = match &media.hash {
            Some(_) => [named.as_slice(), others.as_slice()].concat(),
            None => named.clone(),
        };
        for path in candidates {
            progress.check()?;
            if !fits(path, media) {
                continue;
            }
            let Ok(hash) = hash_file(path, &Progress::new()) else { continue };
            if media.hash.as_ref().is_none_or(|known| *known == hash) {
                return Ok(Found::Match { path: path.clone(), hash });
            }
        }
        let reason = match named.first() {
            None => format!("{} has no such file", self.folder.display()),
            Some(path) if fits(path, media) => {
                format!("{} has its name and length, but other contents", path.display())
            }
            Some(path) => {
                format!("{} has its name, but another length, rate or number of channels", path.display())
            }
        };
        Ok(Found::Nothing { reason })
    }
}

fn is_audio(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// Whether the file is called as in the song, or as where it came from.
fn has_name(path: &Path, media: &Media) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let stem = path.file_stem().map(|stem| stem.to_string_lossy());
    name.is_some_and(|name| name.eq_ignore_ascii_case(&media.file))
        || stem.is_some_and(|stem| stem == media.name.as_str())
}

/// Whether the file has the length, rate and channels that the song expects.
fn fits(path: &Path, media: &Media) -> bool {
    let Ok(source) = source::open(path) else { return false };
    let source: &dyn Source = source.as_ref();
    source.frames() == media.frames.0.unsigned_abs()
        && source.channels() == media.channels
        && source.sample_rate() == media.sample_rate
}
