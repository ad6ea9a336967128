//! Edits of tracks and lanes.

use std::iter::once;
use std::mem::replace;
use std::sync::Arc;

use super::draft::{Draft, refuse_beyond};
use super::{Edit, EditError};
use crate::check::{Violation, clip_violation, plays_violation, rating_violation, track_violation};
use crate::id::{LaneId, TrackId};
use crate::lane::Lane;
use crate::song::{Plays, Track};
use crate::value::{Input, Layout, Name};

impl Draft {
    pub(super) fn add_track(&mut self, track: Track, at: usize) -> Result<Edit, EditError> {
        refuse_beyond(at, self.session.tracks.len())?;
        self.refuse_taken(
            once(track.id.as_u128())
                .chain(track.lanes.iter().flat_map(|lane| lane_ids(lane)))
                .chain(track.comps.iter().map(|comp| comp.id.as_u128())),
        )?;
        if let Some(violation) = track_violation(&track) {
            return Err(violation.into());
        }
        for lane in &track.lanes {
            self.refuse_clips(lane, track.layout)?;
        }
        for lane in &track.lanes {
            self.lane_came(lane);
        }
        let id = track.id;
        self.session.tracks.insert(at, Arc::new(track));
        self.note_structure(id);
        Ok(Edit::RemoveTrack { track: id })
    }

    pub(super) fn remove_track(&mut self, id: TrackId) -> Result<Edit, EditError> {
        let at = self.track_number(id)?;
        let track = self.session.tracks.remove(at);
        for lane in &track.lanes {
            self.lane_went(lane);
        }
        self.note_structure(id);
        Ok(Edit::AddTrack { track: Arc::unwrap_or_clone(track), at })
    }

    fn note_structure(&mut self, id: TrackId) {
        self.touched.structure = true;
        self.touched.tracks.insert(id);
        self.touched.contents.insert(id);
    }

    pub(super) fn move_track(&mut self, id: TrackId, to: usize) -> Result<Edit, EditError> {
        let from = self.track_number(id)?;
        refuse_beyond(to, self.session.tracks.len() - 1)?;
        let track = self.session.tracks.remove(from);
        self.session.tracks.insert(to, track);
        self.touched.order = true;
        Ok(Edit::MoveTrack { track: id, to: from })
    }

    pub(super) fn set_track_input(&mut self, id: TrackId, input: Input) -> Result<Edit, EditError> {
        let track = self.contents_mut(id)?;
        let disarms = track.arm && input.channels().is_empty();
        let before = replace(&mut track.input, input);
        if disarms {
            track.arm = false;
            return Ok(Edit::RestoreTrackInput { track: id, input: before });
        }
        Ok(Edit::SetTrackInput { track: id, input: before })
    }

    pub(super) fn restore_track_input(&mut self, id: TrackId, input: Input) -> Result<Edit, EditError> {
        if input.channels().is_empty() {
            return Err(EditError::NothingToRecord(id));
        }
        let track = self.contents_mut(id)?;
        if !track.input.channels().is_empty() {
            return Err(EditError::HasInput(id));
        }
        track.arm = true;
        Ok(Edit::SetTrackInput { track: id, input: replace(&mut track.input, input) })
    }

    pub(super) fn set_track_arm(&mut self, id: TrackId, arm: bool) -> Result<Edit, EditError> {
        let track = self.strip_mut(id)?;
        if arm && track.input.channels().is_empty() {
            return Err(EditError::NothingToRecord(id));
        }
        Ok(Edit::SetTrackArm { track: id, arm: replace(&mut track.arm, arm) })
    }

    pub(super) fn set_track_layout(&mut self, id: TrackId, layout: Layout) -> Result<Edit, EditError> {
        let track = self.contents_mut(id)?;
        if track.lanes.iter().any(|lane| !lane.clips.is_empty()) {
            return Err(EditError::LayoutFixed(id));
        }
        Ok(Edit::SetTrackLayout { track: id, layout: replace(&mut track.layout, layout) })
    }

    pub(super) fn add_lane(&mut self, id: TrackId, lane: Lane, at: usize) -> Result<Edit, EditError> {
        let track = &self.session.tracks[self.track_number(id)?];
        refuse_beyond(at, track.lanes.len())?;
        self.refuse_taken(lane_ids(&lane))?;
        self.refuse_clips(&lane, track.layout)?;
        if let Some(violation) = rating_violation(&lane) {
            return Err(violation.into());
        }
        self.lane_came(&lane);
        let lane_id = lane.id;
        self.contents_mut(id)?.lanes.insert(at, Arc::new(lane));
        Ok(Edit::RemoveLane { lane: lane_id })
    }

    pub(super) fn remove_lane(&mut self, id: LaneId) -> Result<Edit, EditError> {
        let (track, at) = self.lane_place(id)?;
        let track = &self.session.tracks[track];
        if track.lanes.len() == 1 {
            return Err(EditError::LastLane(id));
        }
        if track.plays == Plays::Lane(id) {
            return Err(EditError::LanePlays(id));
        }
        let track = track.id;
        let lane = self.contents_mut(track)?.lanes.remove(at);
        self.lane_went(&lane);
        Ok(Edit::AddLane { track, lane: Arc::unwrap_or_clone(lane), at })
    }

    /// A lane whose looks change: nothing that is heard.
    pub(super) fn lane_look(&mut self, id: LaneId) -> Result<&mut Lane, EditError> {
        let (track, lane) = self.lane_place(id)?;
        let track = &mut self.session.tracks[track];
        self.touched.tracks.insert(track.id);
        Ok(Arc::make_mut(&mut Arc::make_mut(track).lanes[lane]))
    }

    pub(super) fn rename_lane(&mut self, id: LaneId, name: Name) -> Result<Edit, EditError> {
        Ok(Edit::RenameLane { lane: id, name: replace(&mut self.lane_look(id)?.name, name) })
    }

    pub(super) fn set_lane_rating(&mut self, id: LaneId, rating: u8) -> Result<Edit, EditError> {
        if rating > Lane::BEST {
            return Err(Violation::Rating(rating).into());
        }
        Ok(Edit::SetLaneRating { lane: id, rating: replace(&mut self.lane_look(id)?.rating, rating) })
    }

    pub(super) fn move_lane(&mut self, id: LaneId, to: usize) -> Result<Edit, EditError> {
        let (track, from) = self.lane_place(id)?;
        refuse_beyond(to, self.session.tracks[track].lanes.len() - 1)?;
        let track = self.session.tracks[track].id;
        let lanes = &mut self.strip_mut(track)?.lanes;
        let lane = lanes.remove(from);
        lanes.insert(to, lane);
        Ok(Edit::MoveLane { lane: id, to: from })
    }

    pub(super) fn set_plays(&mut self, id: TrackId, plays: Plays) -> Result<Edit, EditError> {
        let track = self.contents_mut(id)?;
        if let Some(violation) = plays_violation(track, plays) {
            return Err(violation.into());
        }
        Ok(Edit::SetPlays { track: id, plays: replace(&mut track.plays, plays) })
    }

    fn refuse_clips(&self, lane: &Lane, layout: Layout) -> Result<(), EditError> {
        let media = &self.session.media;
        let violation = |clip| clip_violation(clip, media.get(&clip.media), layout);
        lane.clips.iter().find_map(|clip| violation(clip)).map_or(Ok(()), |violation| Err(violation.into()))
    }
}

fn lane_ids(lane: &Lane) -> impl Iterator<Item = u128> {
    once(lane.id.as_u128()).chain(lane.clips.iter().map(|clip| clip.id.as_u128()))
}
