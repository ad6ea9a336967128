//! Takes by command: those of the selected track, in the selected stretch.
//!
//! Start at `Studio::step_take`, which tries one take after the other. What becomes of a comp is in
//! [`super::comps`]; what is heard for a moment without being chosen in `hearing`.

use std::sync::Arc;

use dawg_session::{Comp, CompId, Edit, EditError, Lane, LaneId, Pick, Plays, Samples, Session, Track, comp};

use super::super::Studio;
use super::super::notice::Gravity;
use super::super::view::{Named, Stretch, Swipe, View};
use super::comps::{self, Step};

impl Studio {
    /// One step of history, if there is any.
    fn take_step(&mut self, step: Option<Step>) -> bool {
        step.is_some_and(|(label, edits)| self.edit(&label, edits))
    }

    /// One step of history that the committed song tells.
    fn whole_step(
        &mut self,
        label: &str,
        edits: impl FnOnce(&Session) -> Result<Vec<Edit>, EditError>,
    ) -> bool {
        let edits = self.work().map(|work| edits(work.committed()));
        if let Some(Ok(edits)) = edits { self.edit(label, edits) } else { false }
    }

    /// The selected track as committed.
    fn takes_of(&mut self, view: &View) -> Option<Arc<Track>> {
        let track = view.selection.track.and_then(|id| self.work()?.committed().track(id).cloned());
        if track.is_none() && self.work().is_some() {
            self.notices.tell(Gravity::Told, "No track is selected", "Click a track’s name to select it.");
        }
        track
    }

    /// The lane that commands apply to: the selected one, or the one that is heard at the playhead.
    fn lane_meant(&mut self, view: &View) -> Option<(Arc<Track>, Arc<Lane>)> {
        let track = self.takes_of(view)?;
        let at = self.readout.playhead.position;
        let heard = match track.plays {
            Plays::Lane(lane) => Some(lane),
            _ => track.playing_comp().and_then(|comp| Some(segment_at(comp, at)?.lane)),
        };
        let chosen = view.selection.lane.filter(|lane| track.lane(*lane).is_some());
        let lane = chosen.or(heard).and_then(|lane| track.lane(lane).cloned());
        if lane.is_none() {
            self.notices.tell(Gravity::Told, "No take is selected", "Click a take to select it.");
        }
        Some((track, lane?))
    }

    /// The stretch that commands apply to: the selected one, or the part of the comp at the playhead.
    fn stretch_meant(&self, view: &View, track: &Track) -> Option<Stretch> {
        let at = self.readout.playhead.position;
        let chosen = view.selection.stretch.filter(|stretch| stretch.track == track.id);
        chosen.or_else(|| {
            let pick = segment_at(track.playing_comp()?, at)?;
            let (from, to) = bounded(self.work()?.committed(), track, pick)?;
            Some(Stretch { track: track.id, from, to })
        })
    }

    /// The take above or below becomes the one that is heard in the stretch: of those that sound there.
    pub(super) fn step_take(&mut self, view: &mut View, by: isize) {
        let Some(track) = self.takes_of(view) else { return };
        let Some(stretch) = self.stretch_meant(view, &track) else {
            return self.notices.tell(
                Gravity::Told,
                "No part of a take is selected",
                "Click or swipe a part of a take; these keys then try the other takes there.",
            );
        };
        // What is tried is to be heard, and not the take that was heard alone.
        self.hear(track.id, None);
        let Some(session) = self.work().map(|work| Arc::clone(work.committed())) else { return };
        let fits =
            |lane: &&Arc<Lane>| !lane.hidden && comps::sounds(&session, lane, stretch.from, stretch.to);
        let lanes: Vec<&Arc<Lane>> = track.lanes.iter().filter(fits).collect();
        let heard = match track.plays {
            Plays::Lane(lane) => Some(lane),
            _ => track.playing_comp().and_then(|comp| {
                let middle = stretch.from.midpoint(stretch.to);
                Some(segment_at(comp, middle)?.lane)
            }),
        };
        // The last swipe may still be on its way.
        let coming = self.swiping.last().filter(|swipe| (swipe.from, swipe.to) == (stretch.from, stretch.to));
        let heard = coming.map(|swipe| swipe.lane).or(heard);
        let now = heard.and_then(|heard| lanes.iter().position(|lane| lane.id == heard));
        let next = match now {
            Some(now) => now.saturating_add_signed(by),
            None if by > 0 => 0,
            None => lanes.len().saturating_sub(1),
        };
        view.selection.stretch = Some(stretch);
        if let Some(lane) = lanes.get(next).filter(|_| Some(next) != now) {
            view.selection.lane = Some(lane.id);
            let Stretch { track, from, to } = stretch;
            self.swipe(&Swipe { track, lane: lane.id, from, to, erase: false, fresh: CompId::fresh() });
        }
    }

    /// The next part of the comp that the selected track plays; returns whether it plays one.
    pub(super) fn select_part(&mut self, view: &mut View, by: isize) -> bool {
        let track = view.selection.track.and_then(|id| self.session()?.track(id).cloned());
        let Some((track, comp)) =
            track.and_then(|track| Some((track.clone(), track.playing_comp()?.clone())))
        else {
            return false;
        };
        let chosen = view.selection.stretch.filter(|stretch| stretch.track == track.id);
        let at = chosen.map_or(self.readout.playhead.position, |stretch| stretch.from);
        let now = comp.at(Samples(at));
        let next = match (now, chosen) {
            (Some(now), Some(_)) => now.saturating_add_signed(by),
            (now, _) => now.unwrap_or(0),
        };
        if let (Some(pick), Some(session)) = (comp.picks.get(next), self.session())
            && let Some((from, to)) = bounded(session, &track, pick)
        {
            view.selection.clips.clear();
            view.selection.lane = Some(pick.lane);
            view.selection.stretch = Some(Stretch { track: track.id, from, to });
        }
        true
    }

    /// The selected take is heard in the selected stretch.
    pub(super) fn pick_take(&mut self, view: &mut View) {
        let Some((track, lane)) = self.lane_meant(view) else { return };
        let Some(Stretch { from, to, .. }) = self.stretch_meant(view, &track) else {
            return self.take_whole(view);
        };
        self.hear(track.id, None);
        let fresh = CompId::fresh();
        self.swipe(&Swipe { track: track.id, lane: lane.id, from, to, erase: false, fresh });
    }

    pub(super) fn take_whole(&mut self, view: &View) {
        let Some((track, lane)) = self.lane_meant(view) else { return };
        let step = self.work().and_then(|work| comps::whole_lane(work.committed(), &track, &lane));
        self.take_step(step);
    }

    /// Nothing is heard in the selected stretch.
    pub(super) fn silence_stretch(&mut self, view: &View) {
        let Some(Stretch { track, from, to }) = view.selection.stretch else { return };
        let found =
            self.session().and_then(|session| session.track(track)?.lanes.first().map(|lane| lane.id));
        let Some(lane) = found else { return };
        self.swipe(&Swipe { track, lane, from, to, erase: true, fresh: CompId::fresh() });
    }

    pub(super) fn audition_take(&mut self, view: &View) {
        let Some((track, lane)) = self.lane_meant(view) else { return };
        let heard = self.auditions().get(&track.id) == Some(&lane.id);
        self.hear(track.id, (!heard).then_some(lane.id));
    }

    pub(super) fn rate_take(&mut self, view: &View, rating: u8) {
        let Some((_, lane)) = self.lane_meant(view) else { return };
        if lane.rating != rating {
            let (label, edit) = rated(&lane, rating);
            self.edit(&label, vec![edit]);
        }
    }

    pub(super) fn rename_take(&mut self, view: &mut View) {
        if let Some((track, lane)) = self.lane_meant(view) {
            if !track.shows_lanes {
                self.toggle_lanes(view);
            }
            view.renaming_take = Some((Named::Lane(lane.id), lane.name.to_string()));
        }
    }

    pub(super) fn hide_take(&mut self, view: &View) {
        if let Some((_, lane)) = self.lane_meant(view) {
            let label = format!("{} “{}”", if lane.hidden { "Show" } else { "Hide" }, lane.name);
            self.edit(&label, vec![Edit::SetLaneHidden { lane: lane.id, hidden: !lane.hidden }]);
        }
    }

    pub(super) fn show_hidden_takes(&mut self, view: &View) {
        let Some(track) = self.takes_of(view) else { return };
        let hidden = track.lanes.iter().filter(|lane| lane.hidden);
        let edits = hidden.map(|lane| Edit::SetLaneHidden { lane: lane.id, hidden: false }).collect();
        self.edit("Show hidden takes", edits);
    }

    pub(super) fn delete_take(&mut self, view: &mut View) {
        let Some((track, lane)) = self.lane_meant(view) else { return };
        if self.readout.recording.as_ref().is_some_and(|r| r.takes.iter().any(|take| take.track == track.id))
        {
            return self.notices.tell(
                Gravity::Attention,
                "This track is recording",
                "Stop the recording first; all takes are kept.",
            );
        }
        let label = format!("Delete “{}”", lane.name);
        if self.whole_step(&label, |session| comp::remove_lane(session, lane.id, LaneId::fresh())) {
            view.selection.lane = None;
        }
    }

    /// Shows or hides the lanes of the selected track.
    pub(super) fn toggle_lanes(&mut self, view: &View) {
        if let Some(track) = self.takes_of(view) {
            let (label, edits) = shown_lanes(&track, !track.shows_lanes);
            self.edit(&label, edits);
        }
    }

    pub(super) fn new_comp(&mut self, view: &View) {
        let Some(track) = self.takes_of(view) else { return };
        let (label, mut edits) = comps::new_comp(&track, CompId::fresh());
        if !track.shows_lanes {
            edits.push(Edit::SetTrackShowsLanes { track: track.id, shows: true });
        }
        self.edit(&label, edits);
    }

    /// The comp that the selected track plays.
    fn comp_meant(&mut self, view: &View) -> Option<(Arc<Track>, Arc<Comp>)> {
        let track = self.takes_of(view)?;
        let comp = track.playing_comp().cloned();
        if comp.is_none() {
            self.notices.tell(
                Gravity::Told,
                format!("“{}” plays no comp", track.name),
                "Swipe across a take, or choose a comp in the track’s header.",
            );
        }
        Some((track, comp?))
    }

    pub(super) fn duplicate_comp(&mut self, view: &View) {
        if let Some((_, comp)) = self.comp_meant(view) {
            let label = format!("Duplicate “{}”", comp.name);
            self.whole_step(&label, |session| comp::duplicate_comp(session, comp.id, CompId::fresh()));
        }
    }

    pub(super) fn rename_comp(&mut self, view: &mut View) {
        if let Some((_, comp)) = self.comp_meant(view) {
            view.renaming_take = Some((Named::Comp(comp.id), comp.name.to_string()));
        }
    }

    pub(super) fn clear_comp(&mut self, view: &View) {
        if let Some((_, comp)) = self.comp_meant(view) {
            let label = format!("Clear “{}”", comp.name);
            self.whole_step(&label, |session| comp::clear_comp(session, comp.id));
        }
    }

    pub(super) fn flatten_comp(&mut self, view: &View) {
        let Some((track, comp)) = self.comp_meant(view) else { return };
        let Some(work) = self.work() else { return };
        let lane = comp::flatten(work.committed(), &track, &comp, LaneId::fresh());
        let plays = Plays::Lane(lane.id);
        let label = format!("Flatten “{}”", comp.name);
        let edits =
            vec![Edit::AddLane { track: track.id, lane, at: 0 }, Edit::SetPlays { track: track.id, plays }];
        self.edit(&label, edits);
    }

    pub(super) fn delete_comp(&mut self, view: &View) {
        if let Some((_, comp)) = self.comp_meant(view) {
            let label = format!("Delete “{}”", comp.name);
            self.whole_step(&label, |session| comp::remove_comp(session, comp.id));
        }
    }
}

/// The pick that is heard at a song frame.
fn segment_at(comp: &Comp, frame: i64) -> Option<&Pick> {
    comp.picks.get(comp.at(Samples(frame))?)
}

/// The song frames of a pick, as far as its track has anything.
#[must_use]
pub fn bounded(session: &Session, track: &Track, pick: &Pick) -> Option<(i64, i64)> {
    let clips = track.lanes.iter().flat_map(|lane| &lane.clips);
    let spans = clips.map(|clip| clip.span(&session.tempo_map, session.sample_rate));
    let (first, last) = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
    let (from, to) = (pick.start.0.max(first), pick.end.0.min(last));
    (from < to).then_some((from, to))
}

/// First and last song frame of what is selected: clips, or a stretch of a track.
#[must_use]
pub fn selected_span(session: &Session, view: &View) -> Option<(i64, i64)> {
    let clips = session.clips().filter(|(_, _, clip)| view.selection.clips.contains(&clip.id));
    let spans = clips.map(|(_, _, clip)| clip.span(&session.tempo_map, session.sample_rate));
    let stretch = view.selection.stretch.map(|stretch| (stretch.from, stretch.to));
    spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).or(stretch)
}

/// Rates a lane: its label and Edit.
#[must_use]
pub fn rated(lane: &Lane, rating: u8) -> (String, Edit) {
    let label = if rating == 0 {
        format!("No rating for “{}”", lane.name)
    } else {
        format!("Rate “{}” {rating} of {}", lane.name, Lane::BEST)
    };
    (label, Edit::SetLaneRating { lane: lane.id, rating })
}

/// Shows or hides a track's lanes: its label and Edits.
#[must_use]
pub fn shown_lanes(track: &Track, shows: bool) -> Step {
    let label = format!("{} the takes of “{}”", if shows { "Show" } else { "Hide" }, track.name);
    (label, vec![Edit::SetTrackShowsLanes { track: track.id, shows }])
}
