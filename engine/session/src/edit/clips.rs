//! Edits of clips.

use std::mem::replace;
use std::sync::Arc;

use super::draft::{Draft, refuse_beyond};
use super::{Edit, EditError};
use crate::check::clip_violation;
use crate::clip::{Clip, Fade};
use crate::id::{ClipId, LaneId};
use crate::time::{Position, Samples, TempoMap};

impl Draft {
    fn refuse_clip(&self, clip: &Clip, track: usize) -> Result<(), EditError> {
        let layout = self.session.tracks[track].layout;
        clip_violation(clip, self.session.media.get(&clip.media), layout).map_or(Ok(()), |v| Err(v.into()))
    }

    /// Changes a clip where it is, if the result holds, and returns what it was.
    pub(super) fn change_clip(
        &mut self,
        id: ClipId,
        change: impl FnOnce(Clip) -> Clip,
    ) -> Result<Clip, EditError> {
        let place = self.clip_place(id)?;
        let changed = change(self.clip(place).as_ref().clone());
        self.refuse_clip(&changed, place.track)?;
        Ok(replace(self.clip_mut(place), changed))
    }

    pub(super) fn add_clip(
        &mut self,
        lane: LaneId,
        clip: Clip,
        at: Option<usize>,
    ) -> Result<Edit, EditError> {
        let place = self.lane_place(lane)?;
        let most = self.lane(place).clips.len();
        let at = at.unwrap_or(most);
        refuse_beyond(at, most)?;
        self.refuse_taken(std::iter::once(clip.id.as_u128()))?;
        self.refuse_clip(&clip, place.0)?;
        let id = clip.id;
        self.insert_clip(place, at, Arc::new(clip));
        Ok(Edit::RemoveClip { clip: id })
    }

    pub(super) fn remove_clip(&mut self, id: ClipId) -> Result<Edit, EditError> {
        let place = self.clip_place(id)?;
        let lane = self.lane((place.track, place.lane)).id;
        let clip = Arc::unwrap_or_clone(self.take_clip(place));
        Ok(Edit::AddClip { lane, clip, at: Some(place.clip) })
    }

    pub(super) fn move_clip(
        &mut self,
        id: ClipId,
        to: LaneId,
        start: Position,
        at: Option<usize>,
    ) -> Result<Edit, EditError> {
        let from = self.clip_place(id)?;
        let target = self.lane_place(to)?;
        let source = self.lane((from.track, from.lane)).id;
        let most = self.lane(target).clips.len() - usize::from(source == to);
        let at = at.unwrap_or(most);
        refuse_beyond(at, most)?;
        let moved = Clip { start, ..self.clip(from).as_ref().clone() };
        self.refuse_clip(&moved, target.0)?;
        let before = self.take_clip(from);
        self.insert_clip(target, at, Arc::new(moved));
        Ok(Edit::MoveClip { clip: id, to: source, start: before.start, at: Some(from.clip) })
    }

    pub(super) fn trim_clip(
        &mut self,
        id: ClipId,
        start: Position,
        offset: Samples,
        length: Samples,
    ) -> Result<Edit, EditError> {
        let mut shortened = false;
        let before = self.change_clip(id, |clip| {
            let trimmed = shorten_fades(Clip { start, offset, length, ..clip.clone() });
            shortened = (trimmed.fade_in, trimmed.fade_out) != (clip.fade_in, clip.fade_out);
            trimmed
        })?;
        Ok(if shortened {
            Edit::RestoreClip { clip: before }
        } else {
            Edit::TrimClip { clip: id, start: before.start, offset: before.offset, length: before.length }
        })
    }

    pub(super) fn split_clip(&mut self, id: ClipId, at: i64, new: ClipId) -> Result<Edit, EditError> {
        let place = self.clip_place(id)?;
        let clip = self.clip(place).as_ref().clone();
        let (tempo, rate) = (&self.session.tempo_map, self.session.sample_rate);
        let (from, to) = clip.span(tempo, rate);
        if at <= from || at >= to {
            return Err(EditError::CutOutside { clip: id, at, from, to });
        }
        self.refuse_taken(std::iter::once(new.as_u128()))?;
        let (left, right) = cut(&clip, at, new, tempo, rate);
        self.refuse_clip(&right, place.track)?;
        *self.clip_mut(place) = left;
        self.insert_clip((place.track, place.lane), place.clip + 1, Arc::new(right));
        Ok(Edit::JoinClips { clip: id, right: new, fade_in: clip.fade_in, fade_out: clip.fade_out })
    }

    /// Only what a cut makes can be joined, so that a join and a cut are each other's exact inverse.
    pub(super) fn join_clips(
        &mut self,
        id: ClipId,
        right: ClipId,
        fade_in: Fade,
        fade_out: Fade,
    ) -> Result<Edit, EditError> {
        let not_parts = EditError::NotParts { clip: id, right };
        let (place, other) = (self.clip_place(id)?, self.clip_place(right)?);
        if (place.track, place.lane, place.clip + 1) != (other.track, other.lane, other.clip) {
            return Err(not_parts);
        }
        let (first, second) = (self.clip(place).clone(), self.clip(other).clone());
        let joined =
            Clip { length: first.length + second.length, fade_in, fade_out, ..first.as_ref().clone() };
        self.refuse_clip(&joined, place.track)?;
        let (tempo, rate) = (&self.session.tempo_map, self.session.sample_rate);
        let at = first.span(tempo, rate).1;
        if cut(&joined, at, right, tempo, rate) != (first.as_ref().clone(), second.as_ref().clone()) {
            return Err(not_parts);
        }
        self.take_clip(other);
        *self.clip_mut(place) = joined;
        Ok(Edit::SplitClip { clip: id, at, new: right })
    }
}

/// The two parts of a clip that starts before and ends after song sample `at`.
///
/// The right part stays fixed in bars only if a tick stands exactly there: rounded to the nearest tick it would
/// start some samples early or late, which is heard.
fn cut(clip: &Clip, at: i64, new: ClipId, tempo: &TempoMap, rate: u32) -> (Clip, Clip) {
    let length = Samples(at) - tempo.to_samples(clip.start, rate);
    let nearest = Position::Ticks(tempo.samples_to_ticks(at, rate));
    let is_on_tick =
        matches!(clip.start, Position::Ticks(_)) && tempo.to_samples(nearest, rate) == Samples(at);
    let start = if is_on_tick { nearest } else { Position::Samples(at) };
    let left = Clip { length, fade_out: Fade::NONE, ..clip.clone() };
    let right = Clip {
        id: new,
        start,
        length: clip.length - length,
        offset: clip.offset + length,
        fade_in: Fade::NONE,
        ..clip.clone()
    };
    (shorten_fades(left), shorten_fades(right))
}

/// Fades cut to what fits: the fade-in first, the fade-out in what is left.
fn shorten_fades(mut clip: Clip) -> Clip {
    clip.fade_in.length = clip.fade_in.length.min(clip.length);
    clip.fade_out.length = clip.fade_out.length.min(clip.length - clip.fade_in.length);
    clip
}
