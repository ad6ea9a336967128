//! The folders of the person at the computer, looked up once.

use std::path::{Path, PathBuf};

/// Where things usually lie.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The home folder; none on a system without.
    pub home: Option<PathBuf>,
    /// Music.
    pub music: Option<PathBuf>,
    /// Desktop.
    pub desktop: Option<PathBuf>,
    /// Downloads.
    pub downloads: Option<PathBuf>,
}

impl Places {
    /// Those of this person. Reads the system's settings: at the start, not in a frame.
    #[must_use]
    pub fn of_this_person() -> Self {
        let Some(dirs) = directories::UserDirs::new() else { return Self::default() };
        let or_custom = |known: Option<&Path>, name| {
            Some(known.map_or_else(|| dirs.home_dir().join(name), Path::to_owned))
        };
        Self {
            home: Some(dirs.home_dir().to_owned()),
            music: or_custom(dirs.audio_dir(), "Music"),
            desktop: or_custom(dirs.desktop_dir(), "Desktop"),
            downloads: or_custom(dirs.download_dir(), "Downloads"),
        }
    }
}
