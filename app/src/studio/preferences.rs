//! What a person chose for all songs, and what the program remembers for them. Kept in `preferences.json` in the
//! data folder; read at start, written by a worker.

use std::collections::BTreeMap;
use std::path::PathBuf;

use dawg_engine::CueMix;
use serde::{Deserialize, Serialize};

use super::command::Command;
use super::view::{Panels, Snap};
use crate::sound::DeviceChoice;

/// All of it. Unknown fields are left alone, missing ones have their default, so that versions get along.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Light, dark or high contrast.
    pub theme: Theme,
    /// Size of everything, 1 is 100 %.
    pub text_scale: TextScale,
    /// The sound device.
    pub device: DeviceChoice,
    /// Keys that differ from the default; an empty string is none.
    pub keys: BTreeMap<Command, String>,
    /// Sizes of panels.
    pub panels: Panels,
    /// Whether the timeline follows the playhead.
    pub no_follow: bool,
    /// Snap.
    pub snap: Snap,
    /// Songs opened last, newest first.
    pub recent: Vec<PathBuf>,
    /// Where new songs go; none is the music folder.
    pub songs_folder: Option<PathBuf>,
    /// The browser's folder.
    pub browser_folder: Option<PathBuf>,
    /// Whether the tour was taken or skipped.
    pub toured: bool,
    /// What to open at the start.
    pub at_start: AtStart,
    /// Recordings as 32-bit float instead of 24 bit.
    pub record_float: bool,
    /// Play does not capture armed tracks for punching in by hand.
    pub no_quick_punch: bool,
    /// What the headphones hear: the person's own, whatever the song.
    pub cue: CueMix,
    /// Size of the main window in points.
    pub window: Option<[f32; 2]>,
}

/// Which colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// A dark room.
    #[default]
    Dark,
    /// A bright one.
    Light,
    /// Strong contrast.
    HighContrast,
}

/// What is opened when the program starts without a song.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtStart {
    /// The last song; without one, a new song.
    #[default]
    LastSong,
    /// A new song.
    NewSong,
}

/// Size of everything, 0.75 to 2.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TextScale(pub f32);

impl Default for TextScale {
    fn default() -> Self {
        Self(1.0)
    }
}

impl TextScale {
    /// The scale, kept within reason.
    #[must_use]
    pub fn get(self) -> f32 {
        if self.0.is_finite() { self.0.clamp(0.75, 2.0) } else { 1.0 }
    }
}
