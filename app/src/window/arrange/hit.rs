//! What lies under the pointer.

use dawg_session::Session;
use egui::{CursorIcon, Pos2, Rect};

use super::clips::Parts;
use super::index::{Index, Span};
use super::row_rect;
use crate::studio::view::View;

/// How near the pointer must come to an edge, a corner, a line.
const EDGE: f32 = 6.0;
const CORNER: f32 = 8.0;
const LINE: f32 = 3.5;

/// Narrower clips have a body and nothing else to take hold of.
const WIDE_ENOUGH: f32 = 28.0;

/// A part of a clip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What moves it.
    Body,
    /// Its left edge.
    Start,
    /// Its right edge.
    End,
    /// The handle of its fade-in.
    FadeIn,
    /// The handle of its fade-out.
    FadeOut,
    /// Its gain line.
    Gain,
}

impl Part {
    /// What the pointer looks like over it.
    #[must_use]
    pub fn cursor(self) -> CursorIcon {
        match self {
            Self::Body => CursorIcon::Grab,
            Self::Start | Self::End => CursorIcon::ResizeHorizontal,
            Self::FadeIn => CursorIcon::ResizeNwSe,
            Self::FadeOut => CursorIcon::ResizeNeSw,
            Self::Gain => CursorIcon::ResizeVertical,
        }
    }
}

/// A clip under the pointer.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Its track's row.
    pub row: usize,
    /// The clip.
    pub span: Span,
    /// Where it is on the screen.
    pub parts: Parts,
    /// The part under the pointer.
    pub part: Part,
}

/// The row at a height; those below the last track have none.
#[must_use]
pub fn row_at(view: &View, lanes: Rect, y: f32, tracks: usize) -> Option<usize> {
    let row = (y - lanes.top() + view.timeline.top) / view.panels.track_height.max(1.0);
    (row >= 0.0 && (row as usize) < tracks).then_some(row as usize)
}

/// The clip at a place, and its part.
#[must_use]
pub fn clip_at(session: &Session, index: &Index, view: &View, lanes: Rect, at: Pos2) -> Option<Hit> {
    let row = row_at(view, lanes, at.y, session.tracks.len())?;
    let track = session.tracks.get(row)?;
    let frame = view.timeline.frame(at.x - lanes.left());
    let span = index.at(track, frame)?.clone();
    let place = row_rect(lanes, view.timeline.top, view.panels.track_height, row);
    let x = |frame| lanes.left() + view.timeline.x(frame);
    let parts = Parts::of(place, x(span.from), x(span.to));
    if !parts.all.y_range().contains(at.y) {
        return None;
    }
    let part = part_at(&span, &parts, view.timeline.frames_per_point, at);
    Some(Hit { row, span, parts, part })
}

/// The places of the fade handles: the top corners of the body, moved inwards by the fades.
#[must_use]
pub fn fade_handles(span: &Span, parts: &Parts, frames_per_point: f64) -> [Pos2; 2] {
    let width = |frames: i64| (frames as f64 / frames_per_point) as f32;
    let left = parts.body.left() + width(span.clip.fade_in.length.0);
    let right = parts.body.right() - width(span.clip.fade_out.length.0);
    let y = parts.body.top();
    [Pos2::new(left.max(parts.body.left() + 4.0), y), Pos2::new(right.min(parts.body.right() - 4.0), y)]
}

fn part_at(span: &Span, parts: &Parts, frames_per_point: f64, at: Pos2) -> Part {
    if parts.all.width() < WIDE_ENOUGH {
        return Part::Body;
    }
    let [fade_in, fade_out] = fade_handles(span, parts, frames_per_point);
    let near = |handle: Pos2| (at - handle).abs().max_elem() <= CORNER && at.y >= parts.body.top() - LINE;
    if near(fade_in) {
        Part::FadeIn
    } else if near(fade_out) {
        Part::FadeOut
    } else if at.x <= parts.all.left() + EDGE {
        Part::Start
    } else if at.x >= parts.all.right() - EDGE {
        Part::End
    } else if (at.y - parts.gain_y(span.clip.gain.get())).abs() <= LINE && parts.body.contains(at) {
        Part::Gain
    } else {
        Part::Body
    }
}
