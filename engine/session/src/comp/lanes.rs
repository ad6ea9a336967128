//! Lanes that go, and what then plays; lanes that are listened to.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Comp;
use crate::check::plays_violation;
use crate::edit::{Edit, EditError};
use crate::id::{LaneId, TrackId};
use crate::lane::Lane;
use crate::song::{Plays, Session, Track};

#[cfg(test)]
mod tests;

/// The Edits that take a lane out of its track. If it plays, its nearest neighbour with something on it does, the one
/// below before the one above; an empty lane `fresh`, called as the track is, takes the place of the last one. In comps
/// it leaves gaps, which bear the name that it has now.
///
/// # Errors
/// [`EditError::NoLane`].
pub fn remove_lane(session: &Session, lane: LaneId, fresh: LaneId) -> Result<Vec<Edit>, EditError> {
    let place = |track: &Track| track.lanes.iter().position(|other| other.id == lane);
    let found = session.tracks.iter().find_map(|track| Some((track, place(track)?)));
    let (track, at) = found.ok_or(EditError::NoLane(lane))?;
    let mut edits: Vec<Edit> =
        track.comps.iter().filter_map(|comp| renamed_picks(comp, &track.lanes[at])).collect();
    let next = match neighbour(track, at) {
        Some(next) => next,
        None => {
            let empty = Lane::new(fresh, track.name.clone());
            edits.push(Edit::AddLane { track: track.id, lane: empty, at: 1 });
            fresh
        }
    };
    if track.plays == Plays::Lane(lane) {
        edits.push(Edit::SetPlays { track: track.id, plays: Plays::Lane(next) });
    }
    edits.push(Edit::RemoveLane { lane });
    Ok(edits)
}

/// The lane that plays in place of number `at`; none if there is no other.
fn neighbour(track: &Track, at: usize) -> Option<LaneId> {
    let others = || track.lanes[at + 1..].iter().chain(track.lanes[..at].iter().rev());
    others().find(|lane| !lane.clips.is_empty()).or_else(|| others().next()).map(|lane| lane.id)
}

/// Gives a comp's picks of a lane the name that it has now; none if they have it.
fn renamed_picks(comp: &Comp, lane: &Lane) -> Option<Edit> {
    let stale: Vec<usize> = (0..comp.picks.len())
        .filter(|number| comp.picks[*number].lane == lane.id && comp.picks[*number].name != lane.name)
        .collect();
    let (first, last) = (*stale.first()?, *stale.last()?);
    let mut insert = comp.picks[first..=last].to_vec();
    insert.iter_mut().filter(|pick| pick.lane == lane.id).for_each(|pick| pick.name = lane.name.clone());
    Some(Edit::SpliceComp { comp: comp.id, at: first, remove: insert.len(), insert })
}

impl Session {
    /// The song as it sounds while other lanes or comps than its own are listened to on some tracks. Tracks, lanes and
    /// comps that it does not have are passed over. It shares with the song whatever is not listened to otherwise.
    ///
    /// For the engine alone: never stored, shown as the song, or exported.
    #[must_use]
    pub fn hearing(&self, auditions: &BTreeMap<TrackId, Plays>) -> Self {
        let mut heard = self.clone();
        for track in &mut heard.tracks {
            let wanted = auditions.get(&track.id).filter(|plays| **plays != track.plays);
            if let Some(plays) = wanted.filter(|plays| plays_violation(track, **plays).is_none()) {
                Arc::make_mut(track).plays = *plays;
            }
        }
        heard
    }
}
