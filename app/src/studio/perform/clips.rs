//! Selected clips by command.

use std::collections::HashSet;
use std::sync::Arc;

use dawg_session::{
    Clip, ClipId, CompId, Edit, Fade, Gain, Lane, LaneId, Position, Samples, Session, Track, comp, resolve,
};

use super::super::Studio;
use super::super::notice::Gravity;
use super::super::view::{Snap, View};

impl Studio {
    fn selected_clips(&self, view: &View) -> Vec<(LaneId, Arc<Clip>)> {
        let Some(session) = self.session() else { return Vec::new() };
        let clips = session.clips().filter(|(_, _, clip)| view.selection.clips.contains(&clip.id));
        clips.map(|(_, lane, clip)| (lane.id, Arc::clone(clip))).collect()
    }

    pub(super) fn some_clips(&mut self, view: &View) -> Option<Vec<(LaneId, Arc<Clip>)>> {
        let clips = self.selected_clips(view);
        if clips.is_empty() && self.session().is_some() {
            self.notices.tell(Gravity::Told, "No clip is selected", "Click a clip to select it.");
        }
        (!clips.is_empty()).then_some(clips)
    }

    pub(super) fn select_all(&mut self, view: &mut View) {
        if let Some(session) = self.session() {
            let heard = session.tracks.iter().flat_map(|track| heard(track, session));
            view.selection.clips = heard.map(|(_, clip)| clip.id).collect();
        }
    }

    /// The next clip of the selected track, in time, from the one selected or else from the playhead on.
    pub(super) fn select_clip(&mut self, view: &mut View, direction: i64) {
        if self.select_part(view, direction as isize) {
            return;
        }
        let Some(session) = self.session() else { return };
        let track = view.selection.track.and_then(|id| session.track(id)).or(session.tracks.first());
        let Some(track) = track else { return };
        let span = |clip: &Clip| clip.span(&session.tempo_map, session.sample_rate);
        let mut clips: Vec<_> = heard(track, session).iter().map(|(_, clip)| (span(clip), clip.id)).collect();
        clips.sort_unstable();
        let track = track.id;
        let selected = clips.iter().position(|(_, id)| view.selection.clips.contains(id));
        let at = self.readout.playhead.position;
        let next = match (selected, direction) {
            (Some(selected), ..0) => selected.checked_sub(1),
            (Some(selected), _) => Some(selected + 1),
            (None, ..0) => clips.iter().rposition(|((from, _), _)| *from <= at),
            (None, _) => clips.iter().position(|((_, to), _)| *to > at),
        };
        let Some(((from, to), id)) = next.and_then(|next| clips.get(next)).copied() else { return };
        view.selection.clips = std::iter::once(id).collect();
        view.selection.track = Some(track);
        let timeline = &mut view.timeline;
        if timeline.x(from) < 0.0 || timeline.x(from) > timeline.width - 24.0 || timeline.x(to) <= 0.0 {
            timeline.left = from as f64 - f64::from(timeline.width) * 0.2 * timeline.frames_per_point;
        }
    }

    pub(super) fn delete_clips(&mut self, view: &mut View) {
        let Some(clips) = self.some_clips(view) else { return };
        let edits = clips.iter().map(|(_, clip)| Edit::RemoveClip { clip: clip.id }).collect();
        if self.edit(&labelled("Delete", &clips), edits) {
            view.selection.clips.clear();
        }
    }

    /// Copies go straight after the selection, as far as it is long.
    pub(super) fn duplicate_clips(&mut self, view: &mut View) {
        let Some(clips) = self.some_clips(view) else { return };
        let Some(session) = self.session() else { return };
        let spans = clips.iter().map(|(_, clip)| clip.span(&session.tempo_map, session.sample_rate));
        let Some((from, to)) = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else { return };
        let (edits, ids) = copies(session, &clips, to - from);
        if self.edit(&labelled("Duplicate", &clips), edits) {
            view.selection.clips = ids.into_iter().collect();
        }
    }

    pub(super) fn split_clips(&mut self, view: &View) {
        let at = self.readout.playhead.position;
        let mut clips = self.selected_clips(view);
        if clips.is_empty() {
            // Nothing selected: what the playhead crosses on the selected track.
            let session = self.session();
            let track = view.selection.track.and_then(|id| Some((session?, session?.track(id)?)));
            clips = track.map_or_else(Vec::new, |(session, track)| heard(track, session));
        }
        let Some(session) = self.session() else { return };
        let crossed = clips.iter().filter(|(_, clip)| {
            let (from, to) = clip.span(&session.tempo_map, session.sample_rate);
            from < at && at < to
        });
        let edits: Vec<Edit> =
            crossed.map(|(_, clip)| Edit::SplitClip { clip: clip.id, at, new: ClipId::fresh() }).collect();
        if edits.is_empty() {
            return self.notices.tell(
                Gravity::Told,
                "Nothing to split here",
                "Put the playhead inside a selected clip.",
            );
        }
        self.edit("Split", edits);
    }

    pub(super) fn mute_clips(&mut self, view: &View) {
        let Some(clips) = self.some_clips(view) else { return };
        let mute = clips.iter().any(|(_, clip)| !clip.mute);
        let edits = clips.iter().map(|(_, clip)| Edit::SetClipMute { clip: clip.id, mute }).collect();
        self.edit(&labelled(if mute { "Mute" } else { "Unmute" }, &clips), edits);
    }

    pub(super) fn reset_clips(&mut self, view: &View) {
        let Some(clips) = self.some_clips(view) else { return };
        let reset = |clip: &Clip| {
            [
                Edit::SetClipGain { clip: clip.id, gain: Gain::UNITY },
                Edit::SetClipFades { clip: clip.id, fade_in: Fade::NONE, fade_out: Fade::NONE },
            ]
        };
        let edits = clips.iter().flat_map(|(_, clip)| reset(clip)).collect();
        self.edit(&labelled("Reset", &clips), edits);
    }

    /// By the snap's step; without snap by 10 ms.
    pub(super) fn nudge(&mut self, view: &View, direction: i64) {
        let Some(clips) = self.some_clips(view) else { return };
        let Some(session) = self.session() else { return };
        let meter = session.tempo_map.meter_at(1);
        let ticks = match view.timeline.snap {
            Snap::Bar => Some(meter.bar_ticks()),
            Snap::Auto | Snap::Beat => Some(meter.beat_ticks()),
            Snap::Sixteenth => Some(dawg_session::TICKS_PER_QUARTER / 4),
            Snap::Off => None,
        };
        let step = |ticks| {
            (session.tempo_map.ticks_to_samples(ticks, session.sample_rate)
                - session.tempo_map.ticks_to_samples(0, session.sample_rate))
            .0
        };
        let by = direction * ticks.map_or(i64::from(session.sample_rate / 100), step);
        let edits = clips.iter().filter_map(|(lane, clip)| {
            let at = session.clip(clip.id)?.1.clips.iter().position(|other| other.id == clip.id);
            Some(Edit::MoveClip { clip: clip.id, to: *lane, start: moved(session, clip.start, by), at })
        });
        let edits = edits.collect();
        self.edit(&labelled("Nudge", &clips), edits);
    }
}

/// "Delete “Take 3”", "Delete 4 clips".
pub(super) fn labelled<Owner>(what: &str, clips: &[(Owner, Arc<Clip>)]) -> String {
    match clips {
        [(_, clip)] => format!("{what} “{}”", clip.name),
        many => format!("{what} {} clips", many.len()),
    }
}

/// A position `by` frames later: fixed in bars if it was, and on the exact tick where there is one.
#[must_use]
pub fn moved(session: &Session, start: Position, by: i64) -> Position {
    let (map, rate) = (&session.tempo_map, session.sample_rate);
    let to = map.to_samples(start, rate).0 + by;
    match start {
        Position::Samples(_) => Position::Samples(to),
        Position::Ticks(_) => {
            let tick = map.samples_to_ticks(to, rate);
            if map.ticks_to_samples(tick, rate).0 == to {
                Position::Ticks(tick)
            } else {
                Position::Samples(to)
            }
        }
    }
}

/// The Edits that put copies of clips `by` frames later on their lanes, and the copies' ids. Where a comp plays, what is
/// heard of a clip is heard of its copy too.
#[must_use]
pub fn copies(session: &Session, clips: &[(LaneId, Arc<Clip>)], by: i64) -> (Vec<Edit>, Vec<ClipId>) {
    let mut ids = Vec::new();
    let edits = clips.iter().map(|(lane, clip)| {
        let copy = Clip { id: ClipId::fresh(), start: moved(session, clip.start, by), ..Clip::clone(clip) };
        ids.push(copy.id);
        Edit::AddClip { lane: *lane, clip: copy, at: None }
    });
    let mut edits: Vec<Edit> = edits.collect();
    for track in &session.tracks {
        edits.extend(heard_too(session, track, clips, by));
    }
    (edits, ids)
}

/// Lets the comp that plays, if one does, have the copies of what it has of these clips.
fn heard_too(session: &Session, track: &Track, clips: &[(LaneId, Arc<Clip>)], by: i64) -> Vec<Edit> {
    let Some(playing) = track.playing_comp() else { return Vec::new() };
    let ranges = |lane: LaneId, clip: &Clip| {
        let (from, to) = clip.span(&session.tempo_map, session.sample_rate);
        let within = &playing.picks[playing.between(Samples(from), Samples(to))];
        let parts = within.iter().filter(|pick| pick.lane == lane);
        let part = |from: i64, to: i64| (Samples(from + by), Samples(to + by));
        parts.map(|pick| part(pick.start.0.max(from), pick.end.0.min(to))).collect::<Vec<_>>()
    };
    let copied = clips.iter().filter_map(|(id, clip)| {
        let lane = track.lane(*id)?;
        Some((lane.as_ref(), ranges(*id, clip)))
    });
    // A comp plays, so none is made of this id.
    comp::hear(session, track, &copied.collect::<Vec<_>>(), CompId::fresh())
}

/// The clips of a track that are heard, wholly or in part, each with its lane.
fn heard(track: &Track, session: &Session) -> Vec<(LaneId, Arc<Clip>)> {
    let of = |lane: &Arc<Lane>| {
        let id = lane.id;
        lane.clips.iter().map(move |clip| (id, Arc::clone(clip))).collect::<Vec<_>>()
    };
    if let Some(lane) = track.playing() {
        return of(lane);
    }
    let heard: HashSet<ClipId> = resolve(session, track).iter().map(|piece| piece.clip).collect();
    track.lanes.iter().flat_map(of).filter(|(_, clip)| heard.contains(&clip.id)).collect()
}
