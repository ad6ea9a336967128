//! A comp as clips on a lane of its own: what is heard stays the same.
//!
//! Start at [`flatten`]. A joint becomes two clips that overlap, the fade out of the one exactly below the fade in of the
//! other, which a lane plays as a crossfade. That says all but two things, for which the joint becomes a short fade on
//! each side of the boundary: a clip's edge or a clip's own fade inside a joint.

use std::collections::HashMap;
use std::sync::Arc;

use super::Comp;
use crate::clip::{Clip, Fade, FadeShape};
use crate::id::{ClipId, LaneId};
use crate::lane::Lane;
use crate::resolve::{FADES_A_SECOND, JointRamp, PlayedClip, resolve_comp};
use crate::song::{Session, Track};
use crate::time::{Position, Samples};
use crate::value::Name;

/// The lane that sounds as `comp` of `track` does, named after it, with clips of its own.
#[must_use]
pub fn flatten(session: &Session, track: &Track, comp: &Comp, lane: LaneId) -> Lane {
    let clips: HashMap<ClipId, &Arc<Clip>> =
        track.lanes.iter().flat_map(|lane| &lane.clips).map(|clip| (clip.id, clip)).collect();
    let mut runs = runs(resolve_comp(session, track, comp));
    part_what_cannot_cross(&mut runs, i64::from(session.sample_rate / FADES_A_SECOND));
    let clips = runs.iter().filter_map(|run| Some(Arc::new(run.clip(clips.get(&run.first.clip)?))));
    // The comp stays beside it: two of one name would be told apart by nobody.
    let name = Name::new(&format!("{} flat", comp.name)).unwrap_or_else(|_| comp.name.clone());
    Lane { clips: clips.collect(), ..Lane::new(lane, name) }
}

/// Pieces that go on in the same file as if they were one.
struct Run {
    from: i64,
    to: i64,
    first: PlayedClip,
    last: PlayedClip,
}

/// Whether the clip's own fades leave this sample as it is; beyond an edge without a fade its file goes on.
fn is_unfaded(piece: &PlayedClip, at: i64) -> bool {
    let (rise, fall) = (piece.fade_in.length.0, piece.fade_out.length.0);
    (rise == 0 || at >= piece.clip_start + rise) && (fall == 0 || at < piece.clip_end() - fall)
}

fn goes_on(a: &PlayedClip, b: &PlayedClip) -> bool {
    a.shows_as(b)
        && is_unfaded(a, a.to - 1)
        && is_unfaded(b, b.from)
        && a.joint_out.is_none_or(|ramp| ramp.from + ramp.length > a.to)
        && b.joint_in.is_none_or(|ramp| ramp.from < b.from)
}

fn runs(pieces: Vec<PlayedClip>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::with_capacity(pieces.len());
    let mut ending: HashMap<i64, Vec<usize>> = HashMap::new();
    for piece in pieces {
        let before = ending.get(&piece.from).into_iter().flatten().copied();
        let number = match before.into_iter().find(|number| goes_on(&runs[*number].last, &piece)) {
            Some(number) => {
                runs[number].to = piece.to;
                runs[number].last = piece;
                number
            }
            None => {
                runs.push(Run { from: piece.from, to: piece.to, last: piece.clone(), first: piece });
                runs.len() - 1
            }
        };
        ending.entry(runs[number].to).or_default().push(number);
    }
    runs
}

/// Where a joint is more than one clip fading into one other, both sides end at its middle with a fade of `fade` frames.
fn part_what_cannot_cross(runs: &mut Vec<Run>, fade: i64) {
    let mut joints: HashMap<(i64, i64), [Vec<usize>; 2]> = HashMap::new();
    for (number, run) in runs.iter().enumerate() {
        for (side, ramp) in [run.last.joint_out, run.first.joint_in].into_iter().enumerate() {
            if let Some(ramp) = ramp {
                joints.entry((ramp.from, ramp.length)).or_default()[side].push(number);
            }
        }
    }
    for ((from, length), [falling, rising]) in joints {
        if falling.is_empty() || rising.is_empty() || crosses(runs, &falling, &rising, from..from + length) {
            continue;
        }
        let middle = from + length / 2;
        for run in falling {
            let run = &mut runs[run];
            run.to = run.to.min(middle);
            let from = run.from.max(middle - fade);
            run.last.joint_out = (run.to == middle).then_some(JointRamp {
                from,
                length: (middle - from).max(1),
                shape: FadeShape::Linear,
            });
        }
        for run in rising {
            let run = &mut runs[run];
            run.from = run.from.max(middle);
            run.first.joint_in = (run.from == middle).then_some(JointRamp {
                from: middle,
                length: (run.to - middle).clamp(1, fade),
                shape: FadeShape::Linear,
            });
        }
    }
    runs.retain(|run| run.from < run.to);
    runs.sort_by_key(|run| run.from);
}

/// Whether this joint is one whole run fading into one other, neither with a fade of its own there.
fn crosses(runs: &[Run], falling: &[usize], rising: &[usize], zone: std::ops::Range<i64>) -> bool {
    let ([a], [b]) = (falling, rising) else { return false };
    let (a, b) = (&runs[*a], &runs[*b]);
    let plain = |run: &Run| {
        [&run.first, &run.last]
            .iter()
            .all(|piece| is_unfaded(piece, zone.start) && is_unfaded(piece, zone.end - 1))
    };
    (a.from <= zone.start && a.to == zone.end && b.from == zone.start && b.to >= zone.end)
        && plain(a)
        && plain(b)
}

impl Run {
    fn clip(&self, original: &Clip) -> Clip {
        let length = self.to - self.from;
        let fade_in = self.fade_in(length);
        let fade_out = self.fade_out(length - fade_in.length.0);
        Clip {
            id: ClipId::fresh(),
            start: Position::Samples(self.from),
            length: Samples(length),
            offset: Samples(self.from - self.first.file_start()),
            fade_in,
            fade_out,
            ..original.clone()
        }
    }

    fn fade_in(&self, most: i64) -> Fade {
        let own = self.first.fade_in;
        let own_rest = if own.length.0 > 0 { self.first.clip_start + own.length.0 - self.from } else { 0 };
        let joint = self.first.joint_in;
        let joint_rest = joint.map_or(0, |ramp| ramp.from + ramp.length - self.from);
        fade(joint.map(|ramp| (joint_rest, ramp.shape)), (own_rest, own.shape), most)
    }

    fn fade_out(&self, most: i64) -> Fade {
        let own = self.last.fade_out;
        let own_rest = if own.length.0 > 0 { self.to - (self.last.clip_end() - own.length.0) } else { 0 };
        let joint = self.last.joint_out;
        let joint_rest = joint.map_or(0, |ramp| self.to - ramp.from);
        fade(joint.map(|ramp| (joint_rest, ramp.shape)), (own_rest, own.shape), most)
    }
}

/// The longer of a joint and a clip's own fade, of what is left of each.
fn fade(joint: Option<(i64, FadeShape)>, own: (i64, FadeShape), most: i64) -> Fade {
    let (length, shape) = match joint {
        Some(joint) if joint.0 >= own.0 => joint,
        _ => own,
    };
    match length.clamp(0, most.max(0)) {
        0 => Fade::NONE,
        length => Fade { length: Samples(length), shape },
    }
}
