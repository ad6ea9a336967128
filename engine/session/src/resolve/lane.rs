//! A lane's clips may overlap: the later in stacking order is heard, and what it covers of the others is cut away
//! here. Where it fades in exactly over the fade out of the clip below, both are heard: a crossfade.

use std::collections::BTreeMap;

use super::PlayedClip;
use crate::clip::Clip;
use crate::lane::Lane;
use crate::time::TempoMap;

/// What is heard of a lane when it plays, in order of time. Muted clips are silent and cover nothing. Two pieces
/// overlap only in a crossfade: where the topmost clip fades in over exactly the samples over which the one right
/// below it fades out.
#[must_use]
pub fn lane_clips(lane: &Lane, tempo: &TempoMap, rate: u32) -> Vec<PlayedClip> {
    let fades_meet = lane.clips.iter().any(|clip| clip.fade_in.length.0 > 0)
        && lane.clips.iter().any(|clip| clip.fade_out.length.0 > 0);
    let (mut covered, mut covered_twice) = (Covered::default(), Covered::default());
    let mut pieces = Vec::with_capacity(lane.clips.len());
    let mut below = Vec::new();
    let mut hidden = Vec::new();
    // From the top of the stack down: what is covered by then is covered for good.
    for clip in lane.clips.iter().rev().filter(|clip| !clip.mute) {
        let (start, end) = clip.span(tempo, rate);
        let mut at = start;
        covered.cover(start, end, |from, to| {
            pieces.push(piece(clip, start, from, to));
            hidden.push((at, from));
            at = to;
        });
        hidden.push((at, end));
        for (from, to) in hidden.drain(..).filter(|(from, to)| fades_meet && from < to) {
            covered_twice.cover(from, to, |from, to| {
                let from = from.max(end - clip.fade_out.length.0);
                if from < to {
                    below.push(piece(clip, start, from, to));
                }
            });
        }
    }
    pieces.sort_unstable_by_key(|piece| piece.from);
    if !below.is_empty() {
        crossfade(&mut pieces, &below);
    }
    pieces
}

/// Lets what lies right below the top, each within its fade out, be heard where the top fades in over the same samples.
fn crossfade(top: &mut Vec<PlayedClip>, below: &[PlayedClip]) {
    let mut longer = Vec::new();
    let mut more = Vec::new();
    for under in below {
        let zone = under.clip_end() - under.fade_out.length.0;
        let first = top.partition_point(|over| over.to <= under.from);
        for (number, over) in top.iter().enumerate().skip(first).take_while(|(_, over)| over.from < under.to)
        {
            if over.clip_start != zone || over.fade_in.length != under.fade_out.length {
                continue;
            }
            let (from, to) = (over.from.max(under.from), over.to.min(under.to));
            let before = number.checked_sub(1).filter(|before| {
                let before = &top[*before];
                before.clip == under.clip && before.to == from
            });
            match before {
                Some(before) => longer.push((before, to)),
                None => more.push(PlayedClip { from, to, ..under.clone() }),
            }
        }
    }
    for (number, to) in longer {
        top[number].to = to;
    }
    if !more.is_empty() {
        top.extend(more);
        top.sort_by_key(|piece| piece.from);
    }
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
#[derive(Debug, Default)]
pub(super) struct Covered(BTreeMap<i64, i64>);

impl Covered {
    /// Takes `[start, end)` and reports each part of it that was still free, in order. Stretches that it meets
    /// melt into one, so that each is met once: n clips cost n log n, however they lie.
    pub(super) fn cover(&mut self, start: i64, end: i64, mut free: impl FnMut(i64, i64)) {
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

    /// How far left of `at` nothing is taken.
    pub(super) fn free_before(&self, at: i64) -> i64 {
        self.0.range(..at).next_back().map_or(i64::MIN, |(_, end)| (*end).min(at))
    }

    /// How far right of `at` nothing is taken.
    pub(super) fn free_after(&self, at: i64) -> i64 {
        let reaches_in = self.0.range(..=at).next_back().is_some_and(|(_, end)| *end > at);
        if reaches_in { at } else { self.0.range(at..).next().map_or(i64::MAX, |(start, _)| *start) }
    }
}
