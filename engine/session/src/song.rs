//! The song itself: what there is, without how it changes (see `edit`) or how it is kept (see `store`).
//!
//! A [`Session`] shares structure: each track, lane and medium sits behind an `Arc`, so a snapshot for the
//! window, the store or the compiler costs one pointer per track.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::is_lyrics;
use crate::clip::Clip;
use crate::comp::Comp;
use crate::id::{ClipId, CompId, LaneId, MediaId, SongId, TrackId};
use crate::lane::Lane;
use crate::punch::PunchRange;
use crate::time::{Meter, Position, Samples, Tempo, TempoMap};
use crate::value::{Colour, Gain, Input, Layout, Name, Pan};

/// A whole song. Changed only by [`Edit`](crate::edit::Edit)s.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Which song this is.
    pub id: SongId,
    /// Its name.
    pub name: Name,
    /// Frames a second of all its audio: 8,000 to 192,000.
    pub sample_rate: u32,
    /// Tempo and meter.
    pub tempo_map: TempoMap,
    /// Tonic and mode, if known.
    pub key: Option<Key>,
    /// Reference pitch A4 in millihertz, 415,000 to 466,000.
    pub a4_millihertz: u32,
    /// The audio files in use, by id.
    pub media: BTreeMap<MediaId, Arc<Media>>,
    /// The tracks, top to bottom.
    pub tracks: Vec<Arc<Track>>,
    /// Where all tracks meet.
    pub master: Master,
    /// The loop.
    pub loop_range: LoopRange,
    /// Auto-punch.
    #[serde(default, skip_serializing_if = "PunchRange::is_default")]
    pub punch: PunchRange,
    /// Click and count-in.
    pub metronome: Metronome,
    /// The words, as a person typed them: at most [`Session::MOST_LYRICS`] bytes.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub lyrics: Arc<str>,
}

/// Tonic (0 = C … 11 = B) and mode of a song.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Pitch class, 0 = C to 11 = B.
    pub tonic: u8,
    /// Major or minor.
    pub mode: Mode,
}

/// Major or minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Ionian.
    Major,
    /// Aeolian.
    Minor,
}

/// One audio file of the song, in its `audio/` folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Media {
    /// Its id, random.
    pub id: MediaId,
    /// File name inside `audio/`: one path component, never a path.
    pub file: String,
    /// What it was called where it came from, for people.
    pub name: Name,
    /// Frames a second; equal to the song's rate unless it awaits conversion.
    pub sample_rate: u32,
    /// How many channels the file has.
    pub channels: u16,
    /// How many frames it has.
    pub frames: Samples,
    /// BLAKE3 of the file in hex, once it is known. Serves de-duplication and relinking, not opening.
    #[serde(default)]
    pub hash: Option<String>,
}

/// An audio track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Track {
    /// Its id.
    pub id: TrackId,
    /// Its name. Two tracks may share one.
    pub name: Name,
    /// Its colour.
    #[serde(default)]
    pub colour: Colour,
    /// How many channels it has.
    pub layout: Layout,
    /// Which hardware channels it records.
    #[serde(default)]
    pub input: Input,
    /// Where its sound goes.
    #[serde(default)]
    pub output: Output,
    /// Its lanes (takes), in the order in which they are shown. At least one.
    pub lanes: Vec<Arc<Lane>>,
    /// Its comps, in the order in which they are shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comps: Vec<Arc<Comp>>,
    /// Which lane or comp is heard.
    pub plays: Plays,
    /// Whether its lanes are shown below it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shows_lanes: bool,
    /// Fader.
    #[serde(default)]
    pub gain: Gain,
    /// Pan (mono) or balance (stereo).
    #[serde(default)]
    pub pan: Pan,
    /// Silenced.
    #[serde(default)]
    pub mute: bool,
    /// Heard alone, with the other soloed tracks.
    #[serde(default)]
    pub solo: bool,
    /// Ready to record.
    #[serde(default)]
    pub arm: bool,
    /// When its input is heard.
    #[serde(default)]
    pub monitor: Monitor,
}

/// Where a track's sound goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Output {
    /// The master.
    #[default]
    Master,
}

/// What of a track is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Plays {
    /// One lane.
    Lane(LaneId),
    /// One comp.
    Comp(CompId),
}

/// When a track's input is heard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Monitor {
    /// Never.
    #[default]
    Off,
    /// While armed and stopped or recording, as tape machines do it.
    Auto,
    /// Always.
    On,
}

/// Where all tracks meet.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Master {
    /// Its channels: stereo.
    pub layout: Layout,
    /// Fader.
    pub gain: Gain,
    /// Balance.
    pub pan: Pan,
    /// Silenced.
    pub mute: bool,
}

/// The loop of the transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoopRange {
    /// Whether playback loops.
    pub on: bool,
    /// First position that is heard.
    pub start: Position,
    /// First position that is not. After `start` when `on`.
    pub end: Position,
}

/// Click and count-in. Never exported.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metronome {
    /// Whether it clicks while playing.
    pub on: bool,
    /// Its level.
    pub gain: Gain,
    /// Whether the first beat of a bar sounds different.
    pub accent: bool,
    /// Bars of clicks before recording starts, 0 to 4.
    pub count_in_bars: u8,
}

impl Default for Metronome {
    /// Off, at −6 dB, accented, one bar of count-in.
    fn default() -> Self {
        Self { on: false, gain: Gain::HALF, accent: true, count_in_bars: 1 }
    }
}

impl Default for Master {
    fn default() -> Self {
        Self { layout: Layout::STEREO, gain: Gain::UNITY, pan: Pan::CENTRE, mute: false }
    }
}

impl Session {
    /// Most bytes of lyrics.
    pub const MOST_LYRICS: usize = 64 << 10;

    /// Reference pitch of a new song: 440 Hz.
    pub const DEFAULT_A4: u32 = 440_000;

    /// An empty song at this rate and tempo, in 4/4. Whether the rate is one that a song may have is
    /// [`Session::check`]'s question.
    #[must_use]
    pub fn new(id: SongId, name: Name, sample_rate: u32, tempo: Tempo) -> Self {
        Self {
            id,
            name,
            sample_rate,
            tempo_map: TempoMap::fixed(tempo, Meter::DEFAULT),
            key: None,
            a4_millihertz: Self::DEFAULT_A4,
            media: BTreeMap::new(),
            tracks: Vec::new(),
            master: Master::default(),
            loop_range: LoopRange { on: false, start: Position::START, end: Position::START },
            punch: PunchRange::default(),
            metronome: Metronome::default(),
            lyrics: Arc::default(),
        }
    }

    /// Lyrics of any text: its line ends as `\n`, without other control characters, and as much of it as a song holds.
    #[must_use]
    pub fn tidy_lyrics(text: &str) -> Arc<str> {
        let ends = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut tidy: String = ends.chars().filter(|c| is_lyrics(*c)).collect();
        tidy.truncate(tidy.floor_char_boundary(Self::MOST_LYRICS));
        tidy.into()
    }

    /// Where the last clip that plays ends; 0 when nothing plays. Muted clips do not count; muted tracks do,
    /// so that a mute does not change the song's length.
    #[must_use]
    pub fn end(&self) -> Samples {
        let end = |track: &Arc<Track>| crate::resolve::end(self, track);
        Samples(self.tracks.iter().filter_map(end).max().unwrap_or(0).max(0))
    }

    /// All clips of all lanes, each with the track and lane that own it.
    pub fn clips(&self) -> impl Iterator<Item = (&Arc<Track>, &Arc<Lane>, &Arc<Clip>)> {
        let lanes = self.tracks.iter().flat_map(|track| track.lanes.iter().map(move |lane| (track, lane)));
        lanes.flat_map(|(track, lane)| lane.clips.iter().map(move |clip| (track, lane, clip)))
    }

    /// The clip with this id, with the track and lane that own it.
    #[must_use]
    pub fn clip(&self, id: ClipId) -> Option<(&Arc<Track>, &Arc<Lane>, &Arc<Clip>)> {
        self.clips().find(|(_, _, clip)| clip.id == id)
    }

    /// The track with this id.
    #[must_use]
    pub fn track(&self, id: TrackId) -> Option<&Arc<Track>> {
        self.tracks.iter().find(|track| track.id == id)
    }

    /// The first track of this name.
    #[must_use]
    pub fn track_named(&self, name: &str) -> Option<&Arc<Track>> {
        self.tracks.iter().find(|track| track.name.as_str() == name)
    }

    /// Whether any track is soloed, so that all others are silent.
    #[must_use]
    pub fn any_solo(&self) -> bool {
        self.tracks.iter().any(|track| track.solo)
    }
}

impl Track {
    /// A track as a studio adds it: one lane that plays, no input, everything at its default.
    #[must_use]
    pub fn with_lane(id: TrackId, name: Name, layout: Layout, lane: Lane) -> Self {
        Self {
            id,
            name,
            colour: Colour::default(),
            layout,
            input: Input::NONE,
            output: Output::Master,
            plays: Plays::Lane(lane.id),
            lanes: vec![Arc::new(lane)],
            comps: Vec::new(),
            shows_lanes: false,
            gain: Gain::UNITY,
            pan: Pan::CENTRE,
            mute: false,
            solo: false,
            arm: false,
            monitor: Monitor::Off,
        }
    }

    /// The lane with this id.
    #[must_use]
    pub fn lane(&self, id: LaneId) -> Option<&Arc<Lane>> {
        self.lanes.iter().find(|lane| lane.id == id)
    }

    /// The comp with this id.
    #[must_use]
    pub fn comp(&self, id: CompId) -> Option<&Arc<Comp>> {
        self.comps.iter().find(|comp| comp.id == id)
    }

    /// The lane that is heard; none while a comp is.
    #[must_use]
    pub fn playing(&self) -> Option<&Arc<Lane>> {
        match self.plays {
            Plays::Lane(id) => self.lane(id),
            Plays::Comp(_) => None,
        }
    }

    /// The comp that is heard; none while a lane is.
    #[must_use]
    pub fn playing_comp(&self) -> Option<&Arc<Comp>> {
        match self.plays {
            Plays::Lane(_) => None,
            Plays::Comp(id) => self.comp(id),
        }
    }
}
