//! A clip: a window into an audio file, placed on a lane, with its fades.
//!
//! Start at [`Clip`]. Which of a lane's clips is heard where they overlap is decided in [`resolve`](crate::resolve()).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{ClipId, MediaId};
use crate::time::{Position, Samples, TempoMap};
use crate::value::{Gain, Name};

/// A window into an audio file, placed on a lane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clip {
    /// Its id.
    pub id: ClipId,
    /// Its name.
    pub name: Name,
    /// The file it shows.
    pub media: MediaId,
    /// Which of the file's channels it plays.
    #[serde(default)]
    pub channels: ClipChannels,
    /// Where it starts in the song.
    pub start: Position,
    /// How many frames it lasts, ≥ 1.
    pub length: Samples,
    /// Frame of the file at which it starts, ≥ 0; `offset + length` ≤ the file's frames.
    pub offset: Samples,
    /// Gain before fades.
    #[serde(default)]
    pub gain: Gain,
    /// Fade at its start.
    #[serde(default)]
    pub fade_in: Fade,
    /// Fade at its end.
    #[serde(default)]
    pub fade_out: Fade,
    /// Silenced.
    #[serde(default)]
    pub mute: bool,
}

/// Which of its file's channels a clip plays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClipChannels {
    /// Channel n of the file on channel n of the track; a mono file on every channel; on a mono track the
    /// mean of all the file's channels.
    #[default]
    AsIs,
    /// These channels, counted from 1, one for each channel of the track (one alone: on every channel).
    Pick(Vec<u16>),
    /// The mean of all the file's channels, on every channel of the track.
    FoldDown,
}

/// A fade at a clip's edge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fade {
    /// Frames; 0 is no fade. Both fades of a clip together never exceed its length.
    pub length: Samples,
    /// How it rises.
    #[serde(default)]
    pub shape: FadeShape,
}

/// How a fade rises, as gain over time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FadeShape {
    /// In a straight line: two of them add up to equal gain.
    #[default]
    Linear,
    /// Along a quarter sine: two of them add up to equal power.
    EqualPower,
}

impl Fade {
    /// No fade.
    pub const NONE: Self = Self { length: Samples::ZERO, shape: FadeShape::Linear };
}

impl Clip {
    /// The song samples `[from, to)` it covers.
    #[must_use]
    pub fn span(&self, tempo: &TempoMap, rate: u32) -> (i64, i64) {
        let from = tempo.to_samples(self.start, rate);
        (from.0, (from + self.length).0)
    }
}
