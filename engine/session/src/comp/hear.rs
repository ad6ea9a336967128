//! What becomes heard: a new pass of recording, a swipe, clips that come from elsewhere.
//!
//! Over their ranges they are heard, elsewhere what was heard before. A comp is made only if it takes one.

use super::{Comp, Joint, Pick, pick};
use crate::clip::FadeShape;
use crate::edit::Edit;
use crate::id::{CompId, LaneId};
use crate::lane::Lane;
use crate::song::{Plays, Session, Track};
use crate::time::Samples;
use crate::value::Name;

#[cfg(test)]
mod tests;

/// The number of a track's next take: one more than the highest. Those of lanes that were deleted below it stay free.
#[must_use]
pub fn next_take(track: &Track) -> u32 {
    let numbers = track.lanes.iter().filter_map(|lane| lane.take).map(|take| take.number);
    numbers.max().unwrap_or(0).saturating_add(1)
}

/// The Edits that make `lanes` heard over their ranges (song samples `start..end`), later ones over earlier ones. Lanes
/// that `track` does not have yet must be added by Edits before these, in the same transaction.
///
/// If a comp plays, it takes them. If a lane plays, and something of it (or of several of `lanes`) is to be heard beside,
/// they become a new comp, `comp`; otherwise the new lane alone plays. The one empty lane of a track on which nothing
/// has been recorded yet goes: its place is taken.
#[must_use]
pub fn hear(
    session: &Session,
    track: &Track,
    lanes: &[(&Lane, Vec<(Samples, Samples)>)],
    comp: CompId,
) -> Vec<Edit> {
    let joint = Joint::usual(session.sample_rate, FadeShape::EqualPower);
    if let Some(playing) = track.playing_comp() {
        return layered(Comp::clone(playing), lanes, joint).1;
    }
    let mut edits = match alone(session, track, lanes, joint) {
        Some(None) => return Vec::new(),
        Some(Some(lane)) => vec![Edit::SetPlays { track: track.id, plays: Plays::Lane(lane) }],
        None => play_new(track, layered(new_comp(track, comp), lanes, joint).0),
    };
    edits.extend(vacated(track, lanes).map(|lane| Edit::RemoveLane { lane }));
    edits
}

/// The Edits that let `lane` of `track` be heard in `start..end` of a comp: of the one that plays, or else of a new
/// one, `comp`, in which the lane that plays is heard elsewhere. None if nothing would change.
#[must_use]
pub fn swipe(
    track: &Track,
    lane: &Lane,
    (start, end): (Samples, Samples),
    joint: Joint,
    comp: CompId,
) -> Vec<Edit> {
    if let Some(playing) = track.playing_comp() {
        return pick(playing, start, end, lane, joint).into_iter().collect();
    }
    let mut new = new_comp(track, comp);
    match pick(&new, start, end, lane, joint) {
        Some(edit) => {
            apply(&mut new, &edit);
            play_new(track, new)
        }
        None => Vec::new(),
    }
}

/// The one lane that is all that is heard, if it is one, and not the one that plays already: then `Some(None)`.
fn alone(
    session: &Session,
    track: &Track,
    lanes: &[(&Lane, Vec<(Samples, Samples)>)],
    joint: Joint,
) -> Option<Option<LaneId>> {
    let (heard, _) = layered(Comp::new(CompId::from_u128(0), track.name.clone()), lanes, joint);
    let Some(first) = heard.picks.first() else { return Some(None) };
    let one = heard.picks.iter().all(|pick| pick.lane == first.lane);
    let (new, _) = lanes.iter().find(|(lane, _)| lane.id == first.lane)?;
    let played = track.playing().filter(|lane| lane.id != new.id);
    let covered = played.is_none_or(|lane| lies_within(session, lane, &heard));
    (one && covered && lies_within(session, new, &heard))
        .then(|| (track.plays != Plays::Lane(new.id)).then_some(new.id))
}

/// Whether no clip of the lane, muted or not, reaches beyond what is picked.
fn lies_within(session: &Session, lane: &Lane, heard: &Comp) -> bool {
    lane.clips.iter().all(|clip| {
        let (from, to) = clip.span(&session.tempo_map, session.sample_rate);
        let mut at = Samples(from);
        for pick in &heard.picks[heard.between(Samples(from), Samples(to))] {
            if pick.start > at {
                return false;
            }
            at = pick.end;
        }
        at >= Samples(to)
    })
}

/// A comp with these lanes on top, and the Edits that put them there.
fn layered(mut comp: Comp, lanes: &[(&Lane, Vec<(Samples, Samples)>)], joint: Joint) -> (Comp, Vec<Edit>) {
    let mut edits = Vec::new();
    for (lane, ranges) in lanes {
        for (start, end) in ranges {
            if let Some(edit) = pick(&comp, *start, *end, lane, joint) {
                apply(&mut comp, &edit);
                edits.push(edit);
            }
        }
    }
    (comp, edits)
}

fn apply(comp: &mut Comp, edit: &Edit) {
    if let Edit::SpliceComp { at, remove, insert, .. } = edit {
        comp.picks.splice(*at..at + remove, insert.iter().cloned());
    }
}

fn play_new(track: &Track, comp: Comp) -> Vec<Edit> {
    let plays = Edit::SetPlays { track: track.id, plays: Plays::Comp(comp.id) };
    vec![Edit::AddComp { track: track.id, comp, at: track.comps.len() }, plays]
}

/// A comp in which the lane that plays is heard throughout, if it has anything.
fn new_comp(track: &Track, id: CompId) -> Comp {
    let mut comp = Comp::new(id, free_name(track));
    let playing = track.playing().filter(|lane| !lane.clips.is_empty());
    comp.picks.extend(playing.map(|lane| Pick {
        start: Pick::FIRST,
        end: Pick::LAST,
        lane: lane.id,
        name: lane.name.clone(),
        joint: Joint { length: Samples::ZERO, shape: FadeShape::EqualPower },
    }));
    comp
}

/// The lane with which the track came, if nothing was ever put there and others take its place.
fn vacated(track: &Track, lanes: &[(&Lane, Vec<(Samples, Samples)>)]) -> Option<LaneId> {
    let [only] = track.lanes.as_slice() else { return None };
    let is_picked = || track.comps.iter().flat_map(|comp| &comp.picks).any(|pick| pick.lane == only.id);
    let stays = lanes.iter().any(|(lane, _)| lane.id == only.id);
    (only.clips.is_empty() && only.take.is_none() && !stays && !is_picked()).then_some(only.id)
}

/// "Comp A" to "Comp Z", then "Comp 27" and so on: the first that the track does not have.
#[must_use]
pub fn free_name(track: &Track) -> Name {
    let called = |number: u32| match u8::try_from(number) {
        Ok(letter @ 0..26) => format!("Comp {}", char::from(b'A' + letter)),
        _ => format!("Comp {}", u64::from(number) + 1),
    };
    let taken = |name: &String| track.comps.iter().any(|comp| comp.name.as_str() == name);
    let free = (0..).map(called).find(|name| !taken(name));
    free.and_then(|name| Name::new(&name).ok()).unwrap_or_else(|| track.name.clone())
}
