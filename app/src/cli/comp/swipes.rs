//! Swipes as they are typed, `A..B=LANE`, and what a comp becomes by them.
//!
//! Start at [`Swipe::read`], then [`swiped`].

use std::collections::HashSet;

use anyhow::{Result, bail};
use dawg_session::comp::pick;
use dawg_session::{
    Comp, Edit, FadeShape, Joint, Lane, LaneId, Pick, PlayedClip, Samples, Session, Track, lane_clips,
};

use crate::cli::format::Time;
use crate::cli::lanes;
use crate::cli::output::note;
use crate::cli::sound::range_in_song;
use crate::cli::takes::extent;

/// A range of a lane.
#[derive(Debug)]
pub(super) struct Swipe<'a> {
    start: i64,
    end: i64,
    lane: &'a Lane,
}

impl<'a> Swipe<'a> {
    /// Reads `A..B=LANE`.
    pub(super) fn read(text: &str, session: &Session, track: &'a Track) -> Result<Self> {
        let Some((range, lane)) = text.split_once('=').filter(|(_, lane)| !lane.trim().is_empty()) else {
            bail!("“{text}” is no pick: give a range and a lane, as 0:04..0:08=2");
        };
        let (start, end) = range_in_song(range, session)?;
        let lane = lanes::find(track, lane)?;
        let last = track.lanes.iter().filter_map(|lane| extent(session, lane)).map(|(_, end)| end).max();
        let last = last.unwrap_or(0).max(session.end().0);
        if start >= last {
            bail!(
                "{range} lies after the end of the song and of every take ({}): give an earlier range",
                Time { samples: last, rate: session.sample_rate }
            );
        }
        Ok(Self { start, end, lane })
    }

    /// Where the lane has no sound the comp is silent: legal, but good to know.
    pub(super) fn tell_of_silence(&self, session: &Session) {
        let rate = session.sample_rate;
        let within = |piece: &PlayedClip| (piece.to.min(self.end) - piece.from.max(self.start)).max(0);
        let heard: i64 = lane_clips(self.lane, &session.tempo_map, rate).iter().map(within).sum();
        let (from, to) = (Time { samples: self.start, rate }, Time { samples: self.end, rate });
        let title = lanes::title(self.lane);
        let silent = (self.end - self.start - heard) as f64 / f64::from(rate);
        if heard == 0 {
            note(&format!("{title} has no sound from {from} to {to}: the comp is silent there"));
        } else if silent > 0.0 {
            note(&format!(
                "{title} has no sound in {silent:.3} s of {from} to {to}: the comp is silent there"
            ));
        }
    }
}

/// What is heard of the track now, as picks.
pub(super) fn current(session: &Session, track: &Track) -> Vec<Pick> {
    let joint = Joint::usual(session.sample_rate, FadeShape::EqualPower);
    let whole = |lane: &Lane| Pick {
        start: Pick::FIRST,
        end: Pick::LAST,
        lane: lane.id,
        name: lane.name.clone(),
        joint,
    };
    if let Some(comp) = track.playing_comp() {
        return comp.picks.clone();
    }
    let lane = track.playing().filter(|lane| !lane.clips.is_empty());
    lane.map(|lane| whole(lane)).into_iter().collect()
}

/// The Edit that swipes all of these, one after the other; none if nothing changes by it. The joints that this makes are
/// `joint`; `shape_at` says which shape one has, between two lanes at a song frame.
pub(super) fn swiped(
    comp: &Comp,
    swipes: &[Swipe<'_>],
    joint: Joint,
    mut shape_at: impl FnMut((LaneId, LaneId), Samples) -> FadeShape,
) -> Option<Edit> {
    let mut now = comp.clone();
    for swipe in swipes {
        let edit = pick(&now, Samples(swipe.start), Samples(swipe.end), swipe.lane, joint);
        if let Some(Edit::SpliceComp { at, remove, insert, .. }) = edit {
            now.picks.splice(at..at + remove, insert);
        }
    }
    let known: HashSet<Boundary> = boundaries(comp).map(|(_, boundary)| boundary).collect();
    let new: Vec<(usize, Boundary)> =
        boundaries(&now).filter(|(_, boundary)| !known.contains(boundary)).collect();
    for (number, (lanes, at)) in new {
        now.picks[number].joint.shape = shape_at(lanes, at);
    }
    splice_between(comp, &now)
}

/// Where one lane follows another, and at which song frame.
type Boundary = ((LaneId, LaneId), Samples);

/// The joined boundaries of a comp, each with the number of the pick that starts there.
fn boundaries(comp: &Comp) -> impl Iterator<Item = (usize, Boundary)> {
    let pairs = comp.picks.windows(2).enumerate().filter(|(_, pair)| pair[0].end == pair[1].start);
    pairs.map(|(number, pair)| (number + 1, ((pair[0].lane, pair[1].lane), pair[1].start)))
}

/// Samples of a joint of so many milliseconds; of the usual one if nothing is said.
pub(super) fn joint_length(milliseconds: Option<f64>, rate: u32) -> Result<Samples> {
    let Some(milliseconds) = milliseconds else {
        return Ok(Joint::usual(rate, FadeShape::EqualPower).length);
    };
    if !(0.0..=1_000.0).contains(&milliseconds) {
        bail!("a joint of {milliseconds} ms is out of range: give 0 to 1000");
    }
    Ok(Samples((milliseconds * f64::from(rate) / 1_000.0).round() as i64))
}

/// One Edit from one state of a comp to another, of as few picks as can be.
fn splice_between(before: &Comp, now: &Comp) -> Option<Edit> {
    let (old, new) = (&before.picks, &now.picks);
    let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - same;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (remove, insert) = (old.len() - same - tail, new[same..new.len() - tail].to_vec());
    let changes = remove > 0 || !insert.is_empty();
    changes.then_some(Edit::SpliceComp { comp: before.id, at: same, remove, insert })
}
