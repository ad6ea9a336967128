//! What of a track is heard: the one answer for the compiler, the drawing and flatten.
//!
//! Start at [`resolve`]. Clips on a lane may overlap; the later in stacking order is heard, and what it covers
//! of the others is cut away here, never in the song.

use std::collections::BTreeMap;

use crate::comp::Comp;
use crate::id::{ClipId, MediaId};
use crate::lane::Lane;
use crate::song::{Clip, ClipChannels, Fade, FadeShape, Plays, Track};
use crate::time::TempoMap;

#[cfg(test)]
mod tests;

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
    /// Song sample of the whole clip's first frame, at or before `from`.
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

/// What is heard of a track, in order of time. Pieces of a lane never overlap; those of a comp do in its joints, where
/// both are heard.
#[must_use]
pub fn resolve(track: &Track, tempo: &TempoMap, rate: u32) -> Vec<PlayedClip> {
    match track.plays {
        Plays::Lane(id) => track.lane(id).map(|lane| lane_clips(lane, tempo, rate)),
        Plays::Comp(id) => track.comp(id).map(|comp| resolve_comp(track, comp, tempo, rate)),
    }
    .unwrap_or_default()
}

/// What is heard of a comp when it plays, as [`resolve`] says.
#[must_use]
pub fn resolve_comp(track: &Track, comp: &Comp, tempo: &TempoMap, rate: u32) -> Vec<PlayedClip> {
    let mut pieces = Vec::new();
    for pick in &comp.picks {
        let Some(lane) = track.lane(pick.lane) else { continue };
        for piece in lane_clips(lane, tempo, rate) {
            let (from, to) = (piece.from.max(pick.start.0), piece.to.min(pick.end.0));
            if from < to {
                pieces.push(PlayedClip { from, to, ..piece });
            }
        }
    }
    pieces
}

/// Where the last clip that is heard of a track ends; none when nothing is heard.
#[must_use]
pub fn end(track: &Track, tempo: &TempoMap, rate: u32) -> Option<i64> {
    let lane_end = |lane: &Lane| {
        let clips = lane.clips.iter().filter(|clip| !clip.mute);
        clips.map(|clip| clip.span(tempo, rate).1).max()
    };
    match track.plays {
        Plays::Lane(id) => lane_end(track.lane(id)?),
        Plays::Comp(_) => resolve(track, tempo, rate).iter().map(|piece| piece.to).max(),
    }
}

/// What is heard of a lane when it plays: in order of time, and no two pieces overlap. Muted clips are silent
/// and cover nothing.
#[must_use]
pub fn lane_clips(lane: &Lane, tempo: &TempoMap, rate: u32) -> Vec<PlayedClip> {
    let mut covered = Covered::default();
    let mut pieces = Vec::with_capacity(lane.clips.len());
    // From the top of the stack down: what is covered by then is covered for good.
    for clip in lane.clips.iter().rev().filter(|clip| !clip.mute) {
        let (start, end) = clip.span(tempo, rate);
        covered.cover(start, end, |from, to| pieces.push(piece(clip, start, from, to)));
    }
    pieces.sort_unstable_by_key(|piece| piece.from);
    pieces
}

fn piece(clip: &Clip, clip_start: i64, from: i64, to: i64) -> PlayedClip {
    PlayedClip {
        clip: clip.id,
        media: clip.media,
        channels: clip.channels.clone(),
        from,
        to,
        clip_start,
        clip_length: clip.length.0,
        offset: clip.offset.0,
        gain: clip.gain.get(),
        fade_in: clip.fade_in,
        fade_out: clip.fade_out,
        joint_in: None,
        joint_out: None,
    }
}

/// The song samples already taken, as disjoint stretches `start → end`.
#[derive(Default)]
struct Covered(BTreeMap<i64, i64>);

impl Covered {
    /// Takes `[start, end)` and reports each part of it that was still free, in order. Stretches that it meets
    /// melt into one, so that each is met once: n clips cost n log n, however they lie.
    fn cover(&mut self, start: i64, end: i64, mut free: impl FnMut(i64, i64)) {
        if start >= end {
            return;
        }
        let (mut whole_start, mut whole_end, mut at) = (start, end, start);
        if let Some((&before, &before_end)) = self.0.range(..start).next_back()
            && before_end >= start
        {
            (whole_start, whole_end, at) = (before, end.max(before_end), before_end);
        }
        while let Some((&next, &next_end)) = self.0.range(start..=end).next() {
            if at < next {
                free(at, next);
            }
            at = at.max(next_end);
            whole_end = whole_end.max(next_end);
            self.0.remove(&next);
        }
        if at < end {
            free(at, end);
        }
        self.0.insert(whole_start, whole_end);
    }
}
