//! Edits: everything that changes a song is one of these.
//!
//! Start at [`Edit`], then [`apply_all`]. An Edit is a value: it can be journalled, sent, read from a script,
//! and undone by the Edit that [`apply`] returns for it. Applying is pure: no clock, no randomness, no float
//! arithmetic; ids come from the caller. So the same Edits on the same song give the same song anywhere.

mod apply;
mod clips;
mod comps;
mod draft;
mod error;
mod kind;
mod media;
mod schema;
mod song;
mod touched;
mod tracks;

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clip::{Clip, ClipChannels, Fade};
use crate::comp::{Comp, Pick};
use crate::id::{ClipId, CompId, LaneId, MediaId, TrackId};
use crate::lane::Lane;
use crate::punch::PunchRange;
use crate::song::{Key, LoopRange, Media, Metronome, Monitor, Output, Plays, Track};
use crate::time::{Meter, Position, Samples, Tempo};
use crate::value::{Colour, Gain, Input, Layout, Name, Pan};

pub use apply::{Applied, AppliedAll, apply, apply_all};
pub use error::{EditError, RejectedEdit};
pub use kind::Undo;
pub use schema::edit_schema;
pub use touched::Touched;

/// One change of a song. In JSON an object whose `edit` names the kind: `{"edit": "set_tempo", "tempo": 92000000}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "edit", rename_all = "snake_case", deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "the fields of a kind are named in its sentence; 60 lines saying “the track” help nobody"
)]
pub enum Edit {
    /// Renames the song.
    SetSongName { name: Name },
    /// Sets the song's frames a second, while it has no audio.
    SetSampleRate { sample_rate: u32 },
    /// Sets the tempo, in millionths of a beat a minute. What is fixed in bars moves with it.
    SetTempo { tempo: Tempo },
    /// Sets the meter.
    SetMeter { meter: Meter },
    /// Sets or forgets the key.
    SetKey { key: Option<Key> },
    /// Sets the song frame where bar 1 begins. What is fixed in bars moves with it.
    SetDownbeat { at: i64 },
    /// Sets the words, whole.
    SetLyrics { lyrics: std::sync::Arc<str> },
    /// Sets the pitch of A4 in millihertz.
    SetReferencePitch { a4_millihertz: u32 },
    /// Sets the loop. Not undone.
    SetLoop { range: LoopRange },
    /// Sets auto-punch with its pre-roll and post-roll. Not undone.
    SetPunch { punch: PunchRange },
    /// Sets click and count-in.
    SetMetronome { metronome: Metronome },
    /// Sets the master's fader.
    SetMasterGain { gain: Gain },
    /// Sets the master's balance.
    SetMasterPan { pan: Pan },
    /// Silences the master, or not.
    SetMasterMute { mute: bool },

    /// Adds a track, whole, as number `at` from the top (counted from 0).
    AddTrack { track: Track, at: usize },
    /// Removes a track with all its lanes.
    RemoveTrack { track: TrackId },
    /// Moves a track to number `to` from the top (counted from 0, without itself).
    MoveTrack { track: TrackId, to: usize },
    /// Renames a track.
    RenameTrack { track: TrackId, name: Name },
    /// Sets a track's colour.
    SetTrackColour { track: TrackId, colour: Colour },
    /// Sets which hardware channels a track records. Without any, an armed track is disarmed.
    SetTrackInput { track: TrackId, input: Input },
    /// Gives a track that has no input this one and arms it: takes back a [`Edit::SetTrackInput`] that disarmed.
    RestoreTrackInput { track: TrackId, input: Input },
    /// Sets how many channels a track has, while it has no clips.
    SetTrackLayout { track: TrackId, layout: Layout },
    /// Sets where a track's sound goes.
    SetTrackOutput { track: TrackId, output: Output },
    /// Sets a track's fader.
    SetTrackGain { track: TrackId, gain: Gain },
    /// Sets a track's pan or balance.
    SetTrackPan { track: TrackId, pan: Pan },
    /// Silences a track, or not.
    SetTrackMute { track: TrackId, mute: bool },
    /// Solos a track, or not. Not undone.
    SetTrackSolo { track: TrackId, solo: bool },
    /// Makes a track ready to record, or not; it needs an input. Not undone.
    SetTrackArm { track: TrackId, arm: bool },
    /// Sets when a track's input is heard. Not undone.
    SetTrackMonitor { track: TrackId, monitor: Monitor },
    /// Adds a lane, whole, as number `at` of the track's lanes (counted from 0).
    AddLane { track: TrackId, lane: Lane, at: usize },
    /// Removes a lane that is not heard by itself. Comps keep their picks of it as gaps.
    RemoveLane { lane: LaneId },
    /// Renames a lane.
    RenameLane { lane: LaneId, name: Name },
    /// Moves a lane to number `to` of its track's lanes (counted from 0, without itself).
    MoveLane { lane: LaneId, to: usize },
    /// Gives a lane a colour of its own, or its track's.
    SetLaneColour { lane: LaneId, colour: Option<Colour> },
    /// Says how good a lane is, 1 to 5, or nothing by 0.
    SetLaneRating { lane: LaneId, rating: u8 },
    /// Leaves a lane out where lanes are shown, or not. Not undone.
    SetLaneHidden { lane: LaneId, hidden: bool },
    /// Shows a track's lanes below it, or not. Not undone.
    SetTrackShowsLanes { track: TrackId, shows: bool },
    /// Sets which lane or comp of a track is heard.
    SetPlays { track: TrackId, plays: Plays },

    /// Adds a comp, whole, as number `at` of the track's comps (counted from 0).
    AddComp { track: TrackId, comp: Comp, at: usize },
    /// Removes a comp that is not heard. Its lanes stay.
    RemoveComp { comp: CompId },
    /// Renames a comp.
    RenameComp { comp: CompId, name: Name },
    /// Puts these picks in place of `remove` picks of a comp from number `at` on (counted from 0): a swipe, a moved
    /// boundary, another joint.
    SpliceComp { comp: CompId, at: usize, remove: usize, insert: Vec<Pick> },

    /// Adds an audio file, which lies in the song's `audio/` folder.
    AddMedia { media: Media },
    /// Forgets an audio file that no clip shows. The file itself stays.
    RemoveMedia { media: MediaId },
    /// Points to another file with the same sound; its hash, or none while it is unknown.
    RelinkMedia {
        media: MediaId,
        file: String,
        #[serde(default)]
        hash: Option<String>,
    },
    /// Notes the hash of an audio file once it is known. Not undone.
    SetMediaHash { media: MediaId, hash: Option<String> },

    /// Puts a clip on a lane, as number `at` of its stack (counted from 0), or on top.
    AddClip {
        lane: LaneId,
        clip: Clip,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<usize>,
    },
    /// Removes a clip.
    RemoveClip { clip: ClipId },
    /// Moves a clip in time and to the lane `to`, as number `at` of its stack (without itself), or on top.
    MoveClip {
        clip: ClipId,
        to: LaneId,
        start: Position,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<usize>,
    },
    /// Moves a clip's edges: another window into the same file. Fades that no longer fit become shorter.
    TrimClip { clip: ClipId, start: Position, offset: Samples, length: Samples },
    /// Gives a clip all its values back, where it is: takes back a change that shortened its fades.
    RestoreClip { clip: Clip },
    /// Cuts a clip in two at this song sample. The left part keeps the id and the fade-in; the right one becomes
    /// `new`, keeps the fade-out, and lies straight above. It stays fixed in bars if the cut is on a tick.
    SplitClip { clip: ClipId, at: i64, new: ClipId },
    /// Makes one clip of the two that [`Edit::SplitClip`] made, with these fades.
    JoinClips { clip: ClipId, right: ClipId, fade_in: Fade, fade_out: Fade },
    /// Sets a clip's gain.
    SetClipGain { clip: ClipId, gain: Gain },
    /// Sets a clip's fades.
    SetClipFades { clip: ClipId, fade_in: Fade, fade_out: Fade },
    /// Renames a clip.
    RenameClip { clip: ClipId, name: Name },
    /// Silences a clip, or not.
    SetClipMute { clip: ClipId, mute: bool },
    /// Sets which channels of its file a clip plays.
    SetClipChannels { clip: ClipId, channels: ClipChannels },
}
