//! Tracks by command: those of the selected track.

use std::collections::HashMap;
use std::sync::Arc;

use dawg_session::{
    Clip, ClipId, Comp, CompId, Edit, Lane, LaneId, Layout, Monitor, Name, Pick, Plays, Track, TrackId,
};

use super::super::Studio;
use super::super::notice::Gravity;
use super::super::view::View;
use super::transport::arming;
use crate::intake::{new_track, next_colour};

impl Studio {
    fn selected_track(&mut self, view: &View) -> Option<(usize, Arc<Track>)> {
        let found = view.selection.track.and_then(|id| {
            let session = self.session()?;
            let at = session.tracks.iter().position(|track| track.id == id)?;
            Some((at, Arc::clone(&session.tracks[at])))
        });
        if found.is_none() && self.session().is_some() {
            self.notices.tell(Gravity::Told, "No track is selected", "Click a track's name to select it.");
        }
        found
    }

    pub(super) fn add_track(&mut self, view: &mut View, layout: Layout) {
        let Some(session) = self.session() else { return };
        let at = view
            .selection
            .track
            .and_then(|id| session.tracks.iter().position(|track| track.id == id))
            .map_or(session.tracks.len(), |at| at + 1);
        let number = (1..).find(|n| session.track_named(&format!("Track {n}")).is_none()).unwrap_or(1);
        let Ok(name) = Name::new(&format!("Track {number}")) else { return };
        let mut track = new_track(name, layout, next_colour(session), Vec::new());
        if let Ok(input) = if layout == Layout::MONO { "1" } else { "1+2" }.parse() {
            track.input = input;
        }
        let id = track.id;
        if self.edit("Add track", vec![Edit::AddTrack { track, at }]) {
            view.selection.track = Some(id);
        }
    }

    pub(super) fn duplicate_track(&mut self, view: &mut View) {
        let Some((at, track)) = self.selected_track(view) else { return };
        let copy = duplicate(&track);
        let id = copy.id;
        if self.edit(&format!("Duplicate “{}”", track.name), vec![Edit::AddTrack { track: copy, at: at + 1 }])
        {
            view.selection.track = Some(id);
        }
    }

    pub(super) fn delete_track(&mut self, view: &mut View) {
        let Some((at, track)) = self.selected_track(view) else { return };
        if self.readout.recording.as_ref().is_some_and(|r| r.takes.iter().any(|take| take.track == track.id))
        {
            return self.notices.tell(
                Gravity::Attention,
                "This track is recording",
                "Stop the recording first; the take is kept.",
            );
        }
        if self.edit(&format!("Delete “{}”", track.name), vec![Edit::RemoveTrack { track: track.id }]) {
            let tracks =
                self.session().map(|session| session.tracks.iter().map(|t| t.id).collect::<Vec<TrackId>>());
            let tracks = tracks.unwrap_or_default();
            view.selection.track = tracks.get(at).or(tracks.last()).copied();
            let gone: Vec<ClipId> =
                track.lanes.iter().flat_map(|lane| lane.clips.iter().map(|clip| clip.id)).collect();
            view.selection.clips.retain(|clip| !gone.contains(clip));
        }
    }

    pub(super) fn rename_track(&mut self, view: &mut View) {
        if let Some((_, track)) = self.selected_track(view) {
            view.renaming = Some((track.id, track.name.to_string()));
        }
    }

    pub(super) fn move_track(&mut self, view: &View, by: i64) {
        let Some((at, track)) = self.selected_track(view) else { return };
        let last = self.session().map_or(0, |session| session.tracks.len().saturating_sub(1));
        let to = at.saturating_add_signed(by as isize).min(last);
        if to != at {
            self.edit(&format!("Move “{}”", track.name), vec![Edit::MoveTrack { track: track.id, to }]);
        }
    }

    pub(super) fn select_track(&mut self, view: &mut View, by: i64) {
        let Some(session) = self.session() else { return };
        let at = view.selection.track.and_then(|id| session.tracks.iter().position(|track| track.id == id));
        let to = at.map_or(0, |at| at.saturating_add_signed(by as isize));
        if let Some(track) = session.tracks.get(to.min(session.tracks.len().saturating_sub(1))) {
            view.selection.track = Some(track.id);
            let Some((y, bottom)) = view.arrange.rows().group_of(track.id) else { return };
            let lowest = (bottom - view.timeline.height).min(y);
            view.timeline.top = view.timeline.top.clamp(lowest, y);
        }
    }

    pub(super) fn toggle_arm(&mut self, view: &View) {
        let Some((_, track)) = self.selected_track(view) else { return };
        let (label, edits) = toggled_arm(&track);
        self.edit(&label, edits);
    }

    pub(super) fn toggle_mute(&mut self, view: &View) {
        let Some((_, track)) = self.selected_track(view) else { return };
        let label = if track.mute { "Unmute" } else { "Mute" };
        let edit = Edit::SetTrackMute { track: track.id, mute: !track.mute };
        self.edit(&format!("{label} “{}”", track.name), vec![edit]);
    }

    pub(super) fn toggle_solo(&mut self, view: &View) {
        let Some((_, track)) = self.selected_track(view) else { return };
        let label = if track.solo { "Unsolo" } else { "Solo" };
        let edit = Edit::SetTrackSolo { track: track.id, solo: !track.solo };
        self.edit(&format!("{label} “{}”", track.name), vec![edit]);
    }

    pub(super) fn cycle_monitor(&mut self, view: &View) {
        let Some((_, track)) = self.selected_track(view) else { return };
        let monitor = next_monitor(track.monitor);
        let edit = Edit::SetTrackMonitor { track: track.id, monitor };
        self.edit(&format!("Monitor “{}”", track.name), vec![edit]);
    }

    pub(super) fn clear_solos(&mut self) {
        let Some(session) = self.session() else { return };
        let soloed = session.tracks.iter().filter(|track| track.solo);
        let edits = soloed.map(|track| Edit::SetTrackSolo { track: track.id, solo: false }).collect();
        self.edit("Clear all solos", edits);
    }
}

/// Arms or disarms a track: its label and Edits, for the command and the button.
#[must_use]
pub fn toggled_arm(track: &Track) -> (String, Vec<Edit>) {
    if track.arm {
        (format!("Disarm “{}”", track.name), vec![Edit::SetTrackArm { track: track.id, arm: false }])
    } else {
        (format!("Arm “{}”", track.name), arming(track))
    }
}

/// Off, while armed, always.
#[must_use]
pub const fn next_monitor(monitor: Monitor) -> Monitor {
    match monitor {
        Monitor::Off => Monitor::Auto,
        Monitor::Auto => Monitor::On,
        Monitor::On => Monitor::Off,
    }
}

/// A copy of a track with ids of its own; not armed, since two tracks seldom record the same.
fn duplicate(track: &Track) -> Track {
    let mut fresh = HashMap::new();
    let lanes = track.lanes.iter().map(|lane| {
        let id = *fresh.entry(lane.id).or_insert_with(LaneId::fresh);
        let clips = lane.clips.iter().map(|clip| Arc::new(Clip { id: ClipId::fresh(), ..Clip::clone(clip) }));
        Arc::new(Lane { id, clips: clips.collect(), ..Lane::clone(lane) })
    });
    let lanes = lanes.collect();
    let lane = |id: LaneId| fresh.get(&id).copied().unwrap_or(id);
    let mut plays = match track.plays {
        Plays::Lane(id) => Plays::Lane(lane(id)),
        other => other,
    };
    let comps = track.comps.iter().map(|comp| {
        let id = CompId::fresh();
        if track.plays == Plays::Comp(comp.id) {
            plays = Plays::Comp(id);
        }
        let picks = comp.picks.iter().map(|pick| Pick { lane: lane(pick.lane), ..pick.clone() });
        Arc::new(Comp { id, name: comp.name.clone(), picks: picks.collect() })
    });
    let comps = comps.collect();
    let name = Name::new(&format!("{} copy", track.name)).unwrap_or_else(|_| track.name.clone());
    Track { id: TrackId::fresh(), name, lanes, comps, plays, arm: false, ..track.clone() }
}
