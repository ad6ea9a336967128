//! Paths, lengths and names as people read and write them.

use std::path::{Path, PathBuf};

/// A path as people write it: `~` for the home folder.
#[must_use]
pub(crate) fn path_words(path: &Path) -> String {
    let home = home();
    match home.as_deref().and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

/// The path that a person wrote, if it is whole: from the root or from `~`.
#[must_use]
pub(crate) fn path_of(words: &str) -> Option<PathBuf> {
    let words = words.trim();
    let path = match words.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '\\']) => {
            home()?.join(rest.trim_start_matches(['/', '\\']))
        }
        _ => PathBuf::from(words),
    };
    path.is_absolute().then_some(path)
}

fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| home.is_absolute())
}

/// A length or place of the song in minutes and seconds: `1:02.500`.
#[must_use]
pub(crate) fn time_words(frames: i64, rate: u32) -> String {
    let rate = i128::from(rate.max(1));
    let milliseconds = (i128::from(frames.max(0)) * 1_000 + rate / 2) / rate;
    let (minutes, rest) = (milliseconds / 60_000, milliseconds % 60_000);
    format!("{minutes}:{:02}.{:03}", rest / 1_000, rest % 1_000)
}

/// A song's name as its folder says it.
#[must_use]
pub(crate) fn song_name(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.strip_suffix(".dawg").unwrap_or(&name).to_owned()
}
