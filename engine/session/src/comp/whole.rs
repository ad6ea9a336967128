//! A comp as a whole: copied, emptied, taken away.

use std::collections::BTreeMap;

use super::Comp;
use super::hear::free_name;
use crate::edit::{Edit, EditError};
use crate::id::{CompId, LaneId};
use crate::resolve::lane_clips;
use crate::song::{Plays, Session, Track};

#[cfg(test)]
mod tests;

/// The Edits that make a copy of a comp, `new`, below it: the first free of "Comp A", "Comp B", …. If the comp plays, the
/// copy plays instead: what is swiped from now on leaves the first as it is.
///
/// # Errors
/// [`EditError::NoComp`].
pub fn duplicate_comp(session: &Session, comp: CompId, new: CompId) -> Result<Vec<Edit>, EditError> {
    let (track, at) = place(session, comp)?;
    let copy = Comp { id: new, name: free_name(track), picks: track.comps[at].picks.clone() };
    let mut edits = vec![Edit::AddComp { track: track.id, comp: copy, at: at + 1 }];
    if track.plays == Plays::Comp(comp) {
        edits.push(Edit::SetPlays { track: track.id, plays: Plays::Comp(new) });
    }
    Ok(edits)
}

/// The Edits that empty a comp; none if it is empty.
///
/// # Errors
/// [`EditError::NoComp`].
pub fn clear_comp(session: &Session, comp: CompId) -> Result<Vec<Edit>, EditError> {
    let (track, at) = place(session, comp)?;
    let remove = track.comps[at].picks.len();
    Ok(if remove == 0 {
        Vec::new()
    } else {
        vec![Edit::SpliceComp { comp, at: 0, remove, insert: Vec::new() }]
    })
}

/// The Edits that take a comp away. If it plays, the lane plays of which most is heard in it.
///
/// # Errors
/// [`EditError::NoComp`].
pub fn remove_comp(session: &Session, comp: CompId) -> Result<Vec<Edit>, EditError> {
    let (track, at) = place(session, comp)?;
    let mut edits = Vec::new();
    if track.plays == Plays::Comp(comp) {
        let most = heard_most(session, track, &track.comps[at]).or(track.lanes.first().map(|lane| lane.id));
        edits.extend(most.map(|lane| Edit::SetPlays { track: track.id, plays: Plays::Lane(lane) }));
    }
    edits.push(Edit::RemoveComp { comp });
    Ok(edits)
}

fn place(session: &Session, id: CompId) -> Result<(&Track, usize), EditError> {
    let at = |track: &Track| track.comps.iter().position(|comp| comp.id == id);
    let found = session.tracks.iter().find_map(|track| Some((track.as_ref(), at(track)?)));
    found.ok_or(EditError::NoComp(id))
}

/// The lane of which most samples are heard in a comp, of several the uppermost; none if nothing is heard.
fn heard_most(session: &Session, track: &Track, comp: &Comp) -> Option<LaneId> {
    let mut heard = BTreeMap::<LaneId, i64>::new();
    for lane in &track.lanes {
        let mut picks = comp.picks.iter().filter(|pick| pick.lane == lane.id).peekable();
        if picks.peek().is_none() {
            continue;
        }
        let pieces = lane_clips(lane, &session.tempo_map, session.sample_rate);
        let within = |from: i64, to: i64| {
            pieces.iter().map(move |piece| (piece.to.min(to) - piece.from.max(from)).max(0)).sum::<i64>()
        };
        heard.insert(lane.id, picks.map(|pick| within(pick.start.0, pick.end.0)).sum());
    }
    let heard_of = |id: LaneId| heard.get(&id).copied().unwrap_or(0);
    // Of equals `max_by_key` takes the last.
    let most = track.lanes.iter().rev().map(|lane| lane.id).max_by_key(|id| heard_of(*id))?;
    (heard_of(most) > 0).then_some(most)
}
