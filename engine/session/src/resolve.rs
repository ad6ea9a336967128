//! What of a track is heard: the one answer for the compiler, the drawing and flatten.
//!
//! Start at [`resolve`]. What covers what on a lane is decided in `lane`, how the picks of a comp are joined in `comp`
//! and what lies beyond their edges in `material`; the song itself is never cut.

mod comp;
mod lane;
mod material;
mod same;

pub(crate) use comp::FADES_A_SECOND;
pub use comp::resolve_comp;
pub use lane::lane_clips;
pub use same::plays_the_same;

use crate::clip::{ClipChannels, Fade, FadeShape};
use crate::id::{ClipId, MediaId};
use crate::lane::Lane;
use crate::song::{Plays, Session, Track};

/// A piece of a clip that is heard at song samples `[from, to)`.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayedClip {
    /// The clip.
    pub clip: ClipId,
    /// The file it shows.
    pub media: MediaId,
    /// Which of the file's channels it plays.
    pub channels: ClipChannels,
    /// First song sample that is heard.
    pub from: i64,
    /// First song sample that is not, after `from`.
    pub to: i64,
    /// Song sample of the whole clip's first frame. In a joint a piece may begin before it, and end after the clip:
    /// there its file is heard beyond the clip's edge, which then has no fade.
    pub clip_start: i64,
    /// Frames of the whole clip.
    pub clip_length: i64,
    /// Frame of the file that stands at `clip_start`.
    pub offset: i64,
    /// Linear gain before fades.
    pub gain: f32,
    /// Fade at the start of the whole clip, not of this piece.
    pub fade_in: Fade,
    /// Fade at the end of the whole clip, not of this piece.
    pub fade_out: Fade,
    /// A comp's joint in which it rises, besides its own fades.
    pub joint_in: Option<JointRamp>,
    /// A comp's joint in which it falls.
    pub joint_out: Option<JointRamp>,
}

/// One side of a joint: rises (or falls) over song samples `from..from + length`, whatever clip's edge lies within.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JointRamp {
    /// First song sample.
    pub from: i64,
    /// Frames, ≥ 1.
    pub length: i64,
    /// How it rises; falling is the same backwards.
    pub shape: FadeShape,
}

impl PlayedClip {
    /// Song sample after the whole clip's last.
    #[must_use]
    pub const fn clip_end(&self) -> i64 {
        self.clip_start + self.clip_length
    }

    /// Song sample at which frame 0 of the file would stand.
    #[must_use]
    pub const fn file_start(&self) -> i64 {
        self.clip_start - self.offset
    }

    /// Whether both hear the same frame of the same file at each place, as loud, but for fades.
    pub(crate) fn shows_as(&self, other: &Self) -> bool {
        self.media == other.media
            && self.file_start() == other.file_start()
            && self.gain.to_bits() == other.gain.to_bits()
            && self.channels == other.channels
    }

    /// Whether the clip's own fades leave song sample `at` as it is.
    #[must_use]
    pub const fn is_plain(&self, at: i64) -> bool {
        at >= self.clip_start + self.fade_in.length.0 && at < self.clip_end() - self.fade_out.length.0
    }
}

/// What is heard of a track, in order of `from`. Pieces of a lane overlap only where two clips fade into each other,
/// those of a comp in its joints too: all that lie at one place are heard there.
#[must_use]
pub fn resolve(session: &Session, track: &Track) -> Vec<PlayedClip> {
    let of_lane = |lane: &Lane| lane_clips(lane, &session.tempo_map, session.sample_rate);
    match track.plays {
        Plays::Lane(id) => track.lane(id).map(|lane| of_lane(lane)),
        Plays::Comp(id) => track.comp(id).map(|comp| resolve_comp(session, track, comp)),
    }
    .unwrap_or_default()
}

/// Where the last clip that is heard of a track ends; none when nothing is heard.
#[must_use]
pub fn end(session: &Session, track: &Track) -> Option<i64> {
    let lane_end = |lane: &Lane| {
        let clips = lane.clips.iter().filter(|clip| !clip.mute);
        clips.map(|clip| clip.span(&session.tempo_map, session.sample_rate).1).max()
    };
    match track.plays {
        Plays::Lane(id) => lane_end(track.lane(id)?),
        Plays::Comp(_) => resolve(session, track).iter().map(|piece| piece.to).max(),
    }
}

#[cfg(test)]
mod comp_tests;
#[cfg(test)]
mod tests;
