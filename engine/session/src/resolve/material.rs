//! What there is of a lane for a joint: what is heard of it, and what its clips' files hold beyond their edges.
//!
//! A take is a window into one continuous capture, so what was sung before and after it is there, and may be heard
//! where nothing else lies on the lane. A faded edge has an end of its own: nothing lies beyond. A muted clip is
//! silence that somebody wanted: nothing is heard there either.

use super::lane::{Covered, lane_clips};
use super::{JointRamp, PlayedClip};
use crate::clip::Clip;
use crate::lane::Lane;
use crate::song::Session;

/// A lane, indexed by time.
pub(super) struct Material {
    pieces: Vec<PlayedClip>,
    /// How far each piece's file reaches to both sides, over what its lane has free there.
    reach: Vec<(i64, i64)>,
    /// The furthest end of this piece and all before it.
    furthest: Vec<i64>,
    stretches: Vec<Stretch>,
}

/// Song samples of which each is heard from some clip.
struct Stretch {
    from: i64,
    to: i64,
    /// How far the files at its edges reach.
    left: i64,
    right: i64,
    first: usize,
    last: usize,
}

impl Material {
    pub(super) fn of(session: &Session, lane: &Lane) -> Self {
        let (tempo, rate) = (&session.tempo_map, session.sample_rate);
        let pieces = lane_clips(lane, tempo, rate);
        let mut furthest = Vec::with_capacity(pieces.len());
        for piece in &pieces {
            furthest.push(furthest.last().copied().unwrap_or(i64::MIN).max(piece.to));
        }
        let mut muted = Covered::default();
        for clip in lane.clips.iter().filter(|clip| clip.mute) {
            let (from, to) = Clip::span(clip, tempo, rate);
            muted.cover(from, to, |_, _| {});
        }
        let mut stretches = stretches(&pieces);
        let mut reach: Vec<_> = pieces.iter().map(|piece| (piece.from, piece.to)).collect();
        for number in 0..stretches.len() {
            let before = number.checked_sub(1).map_or(i64::MIN, |before| stretches[before].to);
            let after = stretches.get(number + 1).map_or(i64::MAX, |after| after.from);
            let stretch = &mut stretches[number];
            let first = &pieces[stretch.first];
            if first.from == first.clip_start && first.fade_in.length.0 == 0 {
                let free = before.max(muted.free_before(stretch.from));
                stretch.left = first.file_start().max(free).min(stretch.from);
                reach[stretch.first].0 = stretch.left;
            }
            let last = &pieces[stretch.last];
            if last.to == last.clip_end() && last.fade_out.length.0 == 0 {
                let frames = session.media.get(&last.media).map_or(0, |media| media.frames.0);
                let free = after.min(muted.free_after(stretch.to));
                stretch.right = (last.file_start() + frames).min(free).max(stretch.to);
                reach[stretch.last].1 = stretch.right;
            }
        }
        Self { pieces, reach, furthest, stretches }
    }

    /// The stretch in which song sample `at` is heard.
    fn stretch(&self, at: i64) -> Option<&Stretch> {
        let stretch = self.stretches.get(self.stretches.partition_point(|stretch| stretch.to <= at));
        stretch.filter(|stretch| stretch.from <= at)
    }

    /// How many samples from `at` on are heard on the lane itself.
    pub(super) fn heard_from(&self, at: i64) -> i64 {
        self.stretch(at).map_or(0, |stretch| stretch.to - at)
    }

    /// How many samples before `at` are heard on the lane itself.
    pub(super) fn heard_until(&self, at: i64) -> i64 {
        self.stretch(at - 1).map_or(0, |stretch| at - stretch.from)
    }

    /// How many samples there are left of `at`, which is heard, without a hole.
    pub(super) fn reach_left(&self, at: i64) -> i64 {
        let mut number = self.stretches.partition_point(|stretch| stretch.to <= at);
        let Some(stretch) = self.stretches.get(number) else { return 0 };
        let mut left = stretch.left;
        while let Some(before) = number.checked_sub(1).map(|before| &self.stretches[before]) {
            if before.to != left {
                break;
            }
            left = before.left;
            number -= 1;
        }
        at - left
    }

    /// How many samples there are from `at` on, the sample before being heard, without a hole.
    pub(super) fn reach_right(&self, at: i64) -> i64 {
        let mut rest = self.stretches[self.stretches.partition_point(|stretch| stretch.to < at)..].iter();
        let Some(mut right) = rest.next().map(|stretch| stretch.right) else { return 0 };
        for after in rest {
            if after.from != right {
                break;
            }
            right = after.right;
        }
        right - at
    }

    /// The pieces that are heard at `at`.
    fn at(&self, at: i64) -> impl Iterator<Item = &PlayedClip> {
        self.between(at, at + 1).map(|number| &self.pieces[number])
    }

    /// The numbers of the pieces that are heard in `from..to`.
    fn between(&self, from: i64, to: i64) -> impl Iterator<Item = usize> {
        let first = self.furthest.partition_point(|furthest| *furthest <= from);
        let last = self.pieces.partition_point(|piece| piece.from < to);
        (first..last.max(first)).filter(move |number| self.pieces[*number].to > from)
    }

    /// Whether going from this lane to `other` at `at` goes on in the same file as if nothing were there.
    pub(super) fn goes_on_in(&self, other: &Self, at: i64) -> bool {
        let (mut earlier, mut later) = (self.at(at - 1), other.at(at));
        let (Some(a), Some(b), None, None) = (earlier.next(), later.next(), earlier.next(), later.next())
        else {
            return false;
        };
        a.shows_as(b) && a.is_plain(at - 1) && b.is_plain(at)
    }

    /// What is heard in `start..end`, and of what lies outside it `before` samples to the left and `after` to the right.
    pub(super) fn take(&self, range: (i64, i64), ramps: [Option<JointRamp>; 2], out: &mut Vec<PlayedClip>) {
        let (start, end) = range;
        let [joint_in, joint_out] = ramps;
        let from = joint_in.map_or(start, |ramp| ramp.from.min(start));
        let to = joint_out.map_or(end, |ramp| end.max(ramp.from + ramp.length));
        for number in self.between(from, to) {
            let (piece, (left, right)) = (&self.pieces[number], self.reach[number]);
            // Inside the pick a lane is as it is; outside, files go on beyond their clips.
            let from = if piece.from <= start { left.max(from) } else { piece.from };
            let to = if piece.to >= end { right.min(to) } else { piece.to };
            out.push(PlayedClip {
                from,
                to,
                joint_in: joint_in.filter(|ramp| from < ramp.from + ramp.length),
                joint_out: joint_out.filter(|ramp| ramp.from < to),
                ..piece.clone()
            });
        }
    }
}

fn stretches(pieces: &[PlayedClip]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::with_capacity(pieces.len());
    for (number, piece) in pieces.iter().enumerate() {
        match stretches.last_mut() {
            Some(stretch) if piece.from <= stretch.to => {
                // Of two that end together, the one that fades out has its end there.
                if piece.to > stretch.to || piece.to == stretch.to && piece.fade_out.length.0 == 0 {
                    (stretch.to, stretch.right, stretch.last) = (piece.to, piece.to, number);
                }
            }
            _ => stretches.push(Stretch {
                from: piece.from,
                to: piece.to,
                left: piece.from,
                right: piece.to,
                first: number,
                last: number,
            }),
        }
    }
    stretches
}
