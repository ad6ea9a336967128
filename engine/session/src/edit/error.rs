//! Why an Edit was refused.

use crate::check::Violation;
use crate::id::{ClipId, CompId, LaneId, MediaId, TrackId};

/// Why an Edit was refused. The song is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// A track that is not there.
    #[error(
        "the song has no track {0}: give the id of one that it has (`ai-dawg info SONG --json` lists them)"
    )]
    NoTrack(TrackId),
    /// A lane that is not there.
    #[error(
        "the song has no lane {0}: give the id of one that it has (`ai-dawg info SONG --json` lists them)"
    )]
    NoLane(LaneId),
    /// A comp that is not there.
    #[error(
        "the song has no comp {0}: give the id of one that it has (`ai-dawg info SONG --json` lists them)"
    )]
    NoComp(CompId),
    /// The comp that is heard.
    #[error("the comp {0} is the one that is heard: let the track play a lane or another comp first")]
    CompPlays(CompId),
    /// More picks to be replaced than there are.
    #[error("the comp {comp} cannot lose {given} picks from number {at} on: give at most {most}")]
    NoPicks {
        /// The comp.
        comp: CompId,
        /// The first to go, counted from 0.
        at: usize,
        /// How many should go.
        given: usize,
        /// How many there are from there on.
        most: usize,
    },
    /// A clip that is not there.
    #[error(
        "the song has no clip {0}: give the id of one that it has (`ai-dawg info SONG --json` lists them)"
    )]
    NoClip(ClipId),
    /// A medium that is not there.
    #[error("the song has no audio file {0}: import it first, or give the id of one that it has")]
    NoMedia(MediaId),
    /// An id that is taken.
    #[error("the id {0} is taken: give what is new a fresh one")]
    IdTaken(String),
    /// A place beyond the end of a list.
    #[error("there is no place {given} here: give 0 to {most}")]
    NoPlace {
        /// What was given.
        given: usize,
        /// The end of the list.
        most: usize,
    },
    /// A new rate for a song with audio.
    #[error("the song has audio, so its rate stays: make a new song with the rate and import there")]
    RateFixed,
    /// A new layout for a track with clips.
    #[error(
        "the track {0} has clips, so its layout stays: add a track with that layout and move the clips there"
    )]
    LayoutFixed(TrackId),
    /// An arm without an input.
    #[error("the track {0} has nothing to record: give it an input first")]
    NothingToRecord(TrackId),
    /// An input to be restored where there is one.
    #[error("the track {0} has an input already: set it instead of restoring one")]
    HasInput(TrackId),
    /// The last lane of a track.
    #[error("the lane {0} is the last of its track: remove the track, or add another lane first")]
    LastLane(LaneId),
    /// The lane that is heard.
    #[error("the lane {0} is the one that is heard: let the track play another lane first")]
    LanePlays(LaneId),
    /// A file that clips show.
    #[error("the audio file {media} is shown by the clip {clip}: remove its clips first")]
    MediaInUse {
        /// The file.
        media: MediaId,
        /// One of the clips.
        clip: ClipId,
    },
    /// A cut outside a clip.
    #[error(
        "the clip {clip} cannot be cut at sample {at}: give a place inside, after {from} and before {to}"
    )]
    CutOutside {
        /// The clip.
        clip: ClipId,
        /// Where to cut.
        at: i64,
        /// Its first sample.
        from: i64,
        /// The sample after its last.
        to: i64,
    },
    /// Two clips that were not cut from one.
    #[error(
        "the clips {clip} and {right} are not two parts of one, or have changed since the cut: they stay two"
    )]
    NotParts {
        /// The left one.
        clip: ClipId,
        /// The right one.
        right: ClipId,
    },
    /// A value that no song may have.
    #[error(transparent)]
    Breaks(#[from] Violation),
}

/// Which Edit of a transaction was refused, and why. None of them was applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("edit {} was refused, and so none was applied: {error}", index + 1)]
pub struct RejectedEdit {
    /// Which, counted from 0.
    pub index: usize,
    /// Why.
    pub error: EditError,
}
