//! Selected clips by command.

use std::sync::Arc;

use dawg_session::{Clip, ClipId, Edit, Fade, Gain, LaneId, Position, Session};

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
            let playing = session.tracks.iter().filter_map(|track| track.playing());
            view.selection.clips = playing.flat_map(|lane| lane.clips.iter().map(|clip| clip.id)).collect();
        }
    }

    /// The next clip of the selected track, in time, from the one selected or else from the playhead on.
    pub(super) fn select_clip(&mut self, view: &mut View, direction: i64) {
        let Some(session) = self.session() else { return };
        let track = view.selection.track.and_then(|id| session.track(id)).or(session.tracks.first());
        let Some((track, lane)) = track.and_then(|track| Some((track.id, track.playing()?))) else { return };
        let span = |clip: &Clip| clip.span(&session.tempo_map, session.sample_rate);
        let mut clips: Vec<_> = lane.clips.iter().map(|clip| (span(clip), clip.id)).collect();
        clips.sort_unstable();
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
            let track = view.selection.track.and_then(|id| self.session()?.track(id).cloned());
            let lane = track.as_ref().and_then(|track| track.playing());
            clips = lane.map_or_else(Vec::new, |lane| {
                lane.clips.iter().map(|clip| (lane.id, Arc::clone(clip))).collect()
            });
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
pub(super) fn labelled(what: &str, clips: &[(LaneId, Arc<Clip>)]) -> String {
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

/// The Edits that put copies of clips `by` frames later on their lanes, and the copies' ids.
#[must_use]
pub fn copies(session: &Session, clips: &[(LaneId, Arc<Clip>)], by: i64) -> (Vec<Edit>, Vec<ClipId>) {
    let mut ids = Vec::new();
    let edits = clips.iter().map(|(lane, clip)| {
        let copy = Clip { id: ClipId::fresh(), start: moved(session, clip.start, by), ..Clip::clone(clip) };
        ids.push(copy.id);
        Edit::AddClip { lane: *lane, clip: copy, at: None }
    });
    (edits.collect(), ids)
}
