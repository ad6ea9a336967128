//! A song while it is being changed: where things are found, and copied before they change.

use std::collections::HashMap;
use std::sync::Arc;

use super::{EditError, Touched};
use crate::clip::Clip;
use crate::id::{ClipId, LaneId, TrackId};
use crate::lane::Lane;
use crate::song::{Session, Track};

/// A song on its way from one state to the next. Thrown away when an Edit is refused.
///
/// The first change to a track, lane or clip copies that one (a list of pointers); later ones find it unshared.
pub(super) struct Draft {
    pub(super) session: Session,
    pub(super) touched: Touched,
    /// Which lane each clip is on, for transactions long enough to pay for it.
    clip_lanes: Option<HashMap<ClipId, LaneId>>,
}

/// Where a clip is: numbers of its track, of its lane, and its own.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) track: usize,
    pub(super) lane: usize,
    pub(super) clip: usize,
}

/// From so many Edits on, one walk over all clips is cheaper than one search each.
const INDEXED_FROM: usize = 16;

impl Draft {
    pub(super) fn new(session: &Session, edits: usize) -> Self {
        let session = session.clone();
        let clip_lanes = (edits >= INDEXED_FROM)
            .then(|| session.clips().map(|(_, lane, clip)| (clip.id, lane.id)).collect());
        Self { session, touched: Touched::default(), clip_lanes }
    }

    pub(super) fn track_number(&self, id: TrackId) -> Result<usize, EditError> {
        self.session.tracks.iter().position(|track| track.id == id).ok_or(EditError::NoTrack(id))
    }

    /// A track whose strip changes.
    pub(super) fn strip_mut(&mut self, id: TrackId) -> Result<&mut Track, EditError> {
        let number = self.track_number(id)?;
        self.touched.tracks.insert(id);
        Ok(Arc::make_mut(&mut self.session.tracks[number]))
    }

    /// A track whose lanes, layout or input change.
    pub(super) fn contents_mut(&mut self, id: TrackId) -> Result<&mut Track, EditError> {
        self.touched.contents.insert(id);
        self.strip_mut(id)
    }

    /// Numbers of the lane's track and of the lane.
    pub(super) fn lane_place(&self, id: LaneId) -> Result<(usize, usize), EditError> {
        let lane_of = |track: &Arc<Track>| track.lanes.iter().position(|lane| lane.id == id);
        let mut tracks = self.session.tracks.iter().enumerate();
        tracks.find_map(|(number, track)| Some((number, lane_of(track)?))).ok_or(EditError::NoLane(id))
    }

    pub(super) fn lane(&self, (track, lane): (usize, usize)) -> &Arc<Lane> {
        &self.session.tracks[track].lanes[lane]
    }

    pub(super) fn lane_mut(&mut self, (track, lane): (usize, usize)) -> &mut Lane {
        let track = &mut self.session.tracks[track];
        self.touched.tracks.insert(track.id);
        self.touched.contents.insert(track.id);
        Arc::make_mut(&mut Arc::make_mut(track).lanes[lane])
    }

    pub(super) fn clip_place(&self, id: ClipId) -> Result<Place, EditError> {
        // Backwards: what a long transaction added last, its inverse removes first.
        let clip_of = |lane: &Arc<Lane>| lane.clips.iter().rposition(|clip| clip.id == id);
        if let Some(clip_lanes) = &self.clip_lanes {
            let lane = *clip_lanes.get(&id).ok_or(EditError::NoClip(id))?;
            let (track, lane) = self.lane_place(lane)?;
            let clip = clip_of(self.lane((track, lane))).ok_or(EditError::NoClip(id))?;
            return Ok(Place { track, lane, clip });
        }
        for (track, owner) in self.session.tracks.iter().enumerate() {
            for (lane, shelf) in owner.lanes.iter().enumerate() {
                if let Some(clip) = clip_of(shelf) {
                    return Ok(Place { track, lane, clip });
                }
            }
        }
        Err(EditError::NoClip(id))
    }

    pub(super) fn clip(&self, place: Place) -> &Arc<Clip> {
        &self.lane((place.track, place.lane)).clips[place.clip]
    }

    pub(super) fn clip_mut(&mut self, place: Place) -> &mut Clip {
        Arc::make_mut(&mut self.lane_mut((place.track, place.lane)).clips[place.clip])
    }

    pub(super) fn insert_clip(&mut self, lane: (usize, usize), at: usize, clip: Arc<Clip>) {
        let lane = self.lane_mut(lane);
        let (lane_id, clip_id) = (lane.id, clip.id);
        lane.clips.insert(at, clip);
        if let Some(clip_lanes) = &mut self.clip_lanes {
            clip_lanes.insert(clip_id, lane_id);
        }
    }

    pub(super) fn take_clip(&mut self, place: Place) -> Arc<Clip> {
        let clip = self.lane_mut((place.track, place.lane)).clips.remove(place.clip);
        if let Some(clip_lanes) = &mut self.clip_lanes {
            clip_lanes.remove(&clip.id);
        }
        clip
    }

    /// Tells the index of a whole lane that came or went.
    pub(super) fn lane_came(&mut self, lane: &Lane) {
        if let Some(clip_lanes) = &mut self.clip_lanes {
            clip_lanes.extend(lane.clips.iter().map(|clip| (clip.id, lane.id)));
        }
    }

    pub(super) fn lane_went(&mut self, lane: &Lane) {
        if let Some(clip_lanes) = &mut self.clip_lanes {
            for clip in &lane.clips {
                clip_lanes.remove(&clip.id);
            }
        }
    }

    /// Refuses ids that something in the song has already, or that come twice.
    pub(super) fn refuse_taken(&self, ids: impl Iterator<Item = u128>) -> Result<(), EditError> {
        let mut ids: Vec<u128> = ids.collect();
        ids.sort_unstable();
        let taken = |id: u128| EditError::IdTaken(ClipId::from_u128(id).to_string());
        if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(taken(twice[0]));
        }
        let wanted = |id: u128| ids.binary_search(&id).is_ok();
        let tracks = self.session.tracks.iter().map(|track| track.id.as_u128());
        let lanes = self.session.tracks.iter().flat_map(|track| {
            let comps = track.comps.iter().map(|comp| comp.id.as_u128());
            track.lanes.iter().map(|lane| lane.id.as_u128()).chain(comps)
        });
        let clips = self.session.clips().map(|(_, _, clip)| clip.id.as_u128());
        let by_search = match &self.clip_lanes {
            Some(_) => tracks.chain(lanes).find(|id| wanted(*id)),
            None => tracks.chain(lanes).chain(clips).find(|id| wanted(*id)),
        };
        let by_key = ids.iter().copied().find(|id| self.has_key(*id));
        by_search.or(by_key).map_or(Ok(()), |id| Err(taken(id)))
    }

    fn has_key(&self, id: u128) -> bool {
        self.session.media.contains_key(&crate::id::MediaId::from_u128(id))
            || self.clip_lanes.as_ref().is_some_and(|clips| clips.contains_key(&ClipId::from_u128(id)))
    }
}

/// Refuses a place beyond the end of a list of `most` things.
pub(super) fn refuse_beyond(given: usize, most: usize) -> Result<(), EditError> {
    if given <= most { Ok(()) } else { Err(EditError::NoPlace { given, most }) }
}
