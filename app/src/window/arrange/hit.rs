//! What lies under the pointer.
//!
//! Start at [`spot_at`]. In the row of a lane the strip above the wave belongs to its clips, the wave to swiping; in
//! that of a track that plays one lane all belongs to its clips.

use dawg_session::{CompId, LaneId, Samples, Session, Track};
use egui::{CursorIcon, Pos2, Rect};

use super::clips::Parts;
use super::index::{Index, Span};
use super::rows::{Kind, Row, Rows};
use crate::studio::view::{Edge, View};

/// How near the pointer must come to an edge, a corner, a line.
const EDGE: f32 = 6.0;
const CORNER: f32 = 8.0;
const LINE: f32 = 3.5;
const BOUNDARY: f32 = 4.0;

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
    /// The number of its track.
    pub row: usize,
    /// The clip.
    pub span: Span,
    /// Where it is on the screen.
    pub parts: Parts,
    /// The part under the pointer.
    pub part: Part,
}

/// What is under the pointer.
#[derive(Debug, Clone)]
pub enum Spot {
    /// A clip.
    Clip(Hit),
    /// A boundary of the comp that plays.
    Boundary {
        /// The comp.
        comp: CompId,
        /// Which edge of which pick.
        edge: Edge,
        /// Its song frame.
        frame: i64,
    },
    /// A lane where it can be swiped.
    Lane {
        /// The number of its track.
        row: usize,
        /// Which.
        lane: LaneId,
    },
    /// What a comp plays.
    Comp {
        /// The number of its track.
        row: usize,
    },
    /// A track where nothing is.
    Empty {
        /// Its number.
        row: usize,
    },
    /// Below the last track.
    Below,
}

impl Spot {
    /// The clip, if it is one.
    #[must_use]
    pub fn clip(&self) -> Option<&Hit> {
        if let Self::Clip(hit) = self { Some(hit) } else { None }
    }
}

/// What is needed to tell what is where.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The song as shown.
    pub session: &'a Session,
    /// Its clips.
    pub index: &'a Index,
    /// Its rows.
    pub rows: &'a Rows,
    /// How the window shows it.
    pub view: &'a View,
    /// Where the lanes are on the screen.
    pub lanes: Rect,
}

impl Ground<'_> {
    /// The row at a height on the screen.
    #[must_use]
    pub fn row_at(&self, y: f32) -> Option<Row> {
        self.rows.at(y - self.lanes.top() + self.view.timeline.top).copied()
    }

    /// A song frame on the screen.
    #[must_use]
    pub fn x(&self, frame: i64) -> f32 {
        self.lanes.left() + self.view.timeline.x(frame)
    }

    /// The song frame at a point of the screen.
    #[must_use]
    pub fn frame(&self, x: f32) -> i64 {
        self.view.timeline.frame(x - self.lanes.left())
    }

    /// Where a row is.
    #[must_use]
    pub fn place(&self, row: &Row) -> Rect {
        row.place(self.lanes, self.view.timeline.top)
    }
}

impl std::fmt::Debug for Ground<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ground").finish_non_exhaustive()
    }
}

/// What is at a place.
#[must_use]
pub fn spot_at(ground: Ground<'_>, at: Pos2) -> Spot {
    let Some(row) = ground.row_at(at.y) else { return Spot::Below };
    let Some(track) = ground.session.tracks.get(row.track) else { return Spot::Below };
    if let Some(spot) = boundary_at(ground, track, &row, at) {
        return spot;
    }
    let empty = Spot::Empty { row: row.track };
    let clip = |lane: LaneId, slim: bool| {
        let span = ground.index.at(lane, ground.frame(at.x))?.clone();
        let place = ground.place(&row);
        let (from, to) = (ground.x(span.from), ground.x(span.to));
        let parts = if slim { Parts::slim(place, from, to) } else { Parts::of(place, from, to) };
        let on = if slim { parts.header } else { parts.all };
        if !on.y_range().contains(at.y) {
            return None;
        }
        let part = part_at(&span, &parts, slim, ground.view.timeline.frames_per_point, at);
        Some(Spot::Clip(Hit { row: row.track, span, parts, part }))
    };
    match (row.kind, track.playing()) {
        (Kind::Lane(number), _) => {
            let Some(lane) = track.lanes.get(number) else { return empty };
            // Below the last lane of a track there is a gap.
            if at.y > ground.place(&row).bottom() {
                return empty;
            }
            clip(lane.id, true).unwrap_or(Spot::Lane { row: row.track, lane: lane.id })
        }
        (Kind::Pass(_), _) => empty,
        (Kind::Track, Some(lane)) => clip(lane.id, false).unwrap_or(empty),
        (Kind::Track, None) => {
            let inside = Parts::of(ground.place(&row), at.x, at.x).all;
            let comp = track.playing_comp().filter(|_| inside.y_range().contains(at.y));
            if comp.is_some_and(|comp| comp.at(Samples(ground.frame(at.x))).is_some()) {
                Spot::Comp { row: row.track }
            } else {
                empty
            }
        }
    }
}

/// The boundary near a place: in the row of the track, and in those of the lanes that meet there.
fn boundary_at(ground: Ground<'_>, track: &Track, row: &Row, at: Pos2) -> Option<Spot> {
    let comp = track.playing_comp()?;
    let lane = match row.kind {
        Kind::Track => None,
        Kind::Pass(_) => return None,
        Kind::Lane(number) => Some(track.lanes.get(number)?.id),
    };
    let near = (ground.frame(at.x - BOUNDARY), ground.frame(at.x + BOUNDARY));
    let first = comp.picks.partition_point(|pick| pick.end.0 < near.0);
    let mut best: Option<(f32, Edge, i64)> = None;
    for (number, pick) in comp.picks.iter().enumerate().skip(first) {
        if pick.start.0 > near.1 {
            break;
        }
        let before = number.checked_sub(1).filter(|_| comp.is_joined(number)).and_then(|n| comp.picks.get(n));
        let starts =
            lane.is_none_or(|lane| pick.lane == lane || before.is_some_and(|other| other.lane == lane));
        let ends = lane.is_none_or(|lane| pick.lane == lane) && !comp.is_joined(number + 1);
        let edges = [(starts, Edge::Start(number), pick.start.0), (ends, Edge::End(number), pick.end.0)];
        for (here, edge, frame) in edges {
            let away = (ground.x(frame) - at.x).abs();
            if here && away <= BOUNDARY && best.is_none_or(|(least, ..)| away < least) {
                best = Some((away, edge, frame));
            }
        }
    }
    best.map(|(_, edge, frame)| Spot::Boundary { comp: comp.id, edge, frame })
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

fn part_at(span: &Span, parts: &Parts, slim: bool, frames_per_point: f64, at: Pos2) -> Part {
    if parts.all.width() < WIDE_ENOUGH {
        return Part::Body;
    }
    let [fade_in, fade_out] = fade_handles(span, parts, frames_per_point);
    let near =
        |handle: Pos2| !slim && (at - handle).abs().max_elem() <= CORNER && at.y >= parts.body.top() - LINE;
    let on_gain = || (at.y - parts.gain_y(span.clip.gain.get())).abs() <= LINE && parts.body.contains(at);
    if near(fade_in) {
        Part::FadeIn
    } else if near(fade_out) {
        Part::FadeOut
    } else if at.x <= parts.all.left() + EDGE {
        Part::Start
    } else if at.x >= parts.all.right() - EDGE {
        Part::End
    } else if !slim && on_gain() {
        Part::Gain
    } else {
        Part::Body
    }
}
