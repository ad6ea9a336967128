//! What a gesture makes of the song: Edits, for the preview while it moves and for the one step when it ends.
//!
//! All are counted from the song as committed, whatever the preview before has shown.

use std::sync::Arc;

use dawg_session::{Clip, ClipId, Edit, Fade, Gain, LaneId, Position, Samples, Session};

use super::grid::Snapped;
use crate::studio::perform::clips::moved;
use crate::studio::view::Selection;

/// A step of history in the making.
#[derive(Debug, Default)]
pub struct Step {
    /// What history calls it.
    pub label: String,
    /// What is done; nothing when the gesture came back to where it began.
    pub edits: Vec<Edit>,
    /// The clips that it makes.
    pub copies: Vec<ClipId>,
}

/// A move of clips.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    /// The clip under the pointer.
    pub anchor: ClipId,
    /// By so many frames.
    pub delta: i64,
    /// By so many rows.
    pub rows: i64,
    /// Copies instead.
    pub copy: bool,
    /// The tick on which the anchor comes to lie, if it was snapped to one.
    pub tick: Option<i64>,
}

/// Selected clips with their rows, in stacking order, from the top track down.
fn selected<'a>(session: &'a Session, selection: &Selection) -> Vec<(usize, LaneId, &'a Arc<Clip>)> {
    let lanes = session
        .tracks
        .iter()
        .enumerate()
        .flat_map(|(row, track)| track.lanes.iter().map(move |lane| (row, lane)));
    let clips = lanes.flat_map(|(row, lane)| lane.clips.iter().map(move |clip| (row, lane.id, clip)));
    clips.filter(|(.., clip)| selection.clips.contains(&clip.id)).collect()
}

/// Rows by which the selected clips can move at most, so that none leaves the tracks.
#[must_use]
pub fn rows_within(session: &Session, selection: &Selection, rows: i64) -> i64 {
    let taken = selected(session, selection);
    let (low, high) = taken
        .iter()
        .fold((i64::MAX, i64::MIN), |(low, high), (row, ..)| (low.min(*row as i64), high.max(*row as i64)));
    if low > high { 0 } else { rows.clamp(-low, (session.tracks.len() as i64 - 1 - high).max(0)) }
}

/// Moves or copies the selected clips.
#[must_use]
pub fn move_clips(session: &Session, selection: &Selection, how: Move) -> Step {
    let taken = selected(session, selection);
    let mut step = Step { label: named(if how.copy { "Copy" } else { "Move" }, &taken), ..Step::default() };
    if how.delta == 0 && how.rows == 0 {
        return step;
    }
    for (row, lane, clip) in taken {
        let start = match how.tick {
            Some(tick) if clip.id == how.anchor => Position::Ticks(tick),
            _ => moved(session, clip.start, how.delta),
        };
        let target = usize::try_from(row as i64 + how.rows).ok().and_then(|row| session.tracks.get(row));
        let to = match target.and_then(|track| track.playing()) {
            Some(playing) if how.rows != 0 => playing.id,
            _ => lane,
        };
        if how.copy {
            let copy = Clip { id: ClipId::fresh(), start, ..Clip::clone(clip) };
            step.copies.push(copy.id);
            step.edits.push(Edit::AddClip { lane: to, clip: copy, at: None });
        } else {
            step.edits.push(Edit::MoveClip { clip: clip.id, to, start, at: None });
        }
    }
    step
}

/// Moves an edge of a clip; its file bounds it.
#[must_use]
pub fn trim(session: &Session, id: ClipId, end: bool, to: Snapped) -> Step {
    let Some((_, _, clip)) = session.clip(id) else { return Step::default() };
    let Some(media) = session.media.get(&clip.media) else { return Step::default() };
    let (from, until) = clip.span(&session.tempo_map, session.sample_rate);
    let mut step = Step { label: format!("Trim “{}”", clip.name), ..Step::default() };
    let (start, offset, length) = if end {
        let most = from + media.frames.0 - clip.offset.0;
        (clip.start, clip.offset, Samples(to.frame.clamp(from + 1, most.max(from + 1)) - from))
    } else {
        let at = to.frame.clamp(from - clip.offset.0, until - 1);
        let start = match to.tick {
            Some(tick) if at == to.frame => Position::Ticks(tick),
            _ => moved(session, clip.start, at - from),
        };
        (start, clip.offset + Samples(at - from), Samples(until - at))
    };
    if (offset, length) != (clip.offset, clip.length) {
        step.edits.push(Edit::TrimClip { clip: id, start, offset, length });
    }
    step
}

/// Sets a fade's length.
#[must_use]
pub fn fade(session: &Session, id: ClipId, out: bool, length: i64) -> Step {
    let Some((_, _, clip)) = session.clip(id) else { return Step::default() };
    let (mut fade_in, mut fade_out) = (clip.fade_in, clip.fade_out);
    let (this, other) = if out { (&mut fade_out, fade_in) } else { (&mut fade_in, fade_out) };
    *this = Fade { length: Samples(length.clamp(0, clip.length.0 - other.length.0)), ..*this };
    let mut step = Step { label: format!("Fade “{}”", clip.name), ..Step::default() };
    if (fade_in, fade_out) != (clip.fade_in, clip.fade_out) {
        step.edits.push(Edit::SetClipFades { clip: id, fade_in, fade_out });
    }
    step
}

/// Sets a clip's gain.
#[must_use]
pub fn gain(session: &Session, id: ClipId, db: f32) -> Step {
    let Some((_, _, clip)) = session.clip(id) else { return Step::default() };
    let linear = if db == 0.0 { 1.0 } else { 10f32.powf(db / 20.0) };
    let mut step = Step { label: format!("Gain of “{}”", clip.name), ..Step::default() };
    if let Ok(gain) = Gain::new(linear)
        && gain != clip.gain
    {
        step.edits.push(Edit::SetClipGain { clip: id, gain });
    }
    step
}

fn named(what: &str, clips: &[(usize, LaneId, &Arc<Clip>)]) -> String {
    match clips {
        [(.., clip)] => format!("{what} “{}”", clip.name),
        many => format!("{what} {} clips", many.len()),
    }
}
