//! The ranges in the ruler: the loop, and the punch while auto-punch is on.

use dawg_session::{Edit, LoopRange, Position, PunchRange, Session};
use egui::{Rect, Response, Shape, Ui, pos2};

use super::LOOP;
use crate::look::tokens;
use crate::studio::command::Command;
use crate::studio::view::{Gesture, Snap, Timeline};
use crate::window::Scene;
use crate::window::arrange::gesture;
use crate::window::arrange::grid::Grid;

/// Points to either side of a range's ends that take hold of them.
const EDGE: f32 = 6.0;

/// Which range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// What is played again and again.
    Loop,
    /// What becomes a take.
    Punch,
}

/// What of a range is held.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Grip {
    /// Nothing.
    #[default]
    None,
    /// A new range, from this frame.
    New(i64),
    /// Its start.
    Start,
    /// Its end.
    End,
    /// All of it, so many frames after its start.
    All(i64),
}

impl Band {
    /// Those that the ruler shows.
    #[must_use]
    pub fn shown(session: &Session) -> &'static [Self] {
        if session.punch.on { &[Self::Loop, Self::Punch] } else { &[Self::Loop] }
    }

    /// The range that a height of the ruler belongs to.
    #[must_use]
    pub fn at(session: &Session, place: Rect, y: f32) -> Option<Self> {
        let shown = Self::shown(session).iter().copied();
        shown.into_iter().find(|band| y < band.strip(session, place).bottom())
    }

    fn strip(self, session: &Session, place: Rect) -> Rect {
        let top = place.top();
        let (from, to) = match (self, session.punch.on) {
            (Self::Loop, false) => (top, top + LOOP),
            (Self::Loop, true) => (top, top + LOOP / 2.0 + 1.0),
            (Self::Punch, _) => (top + LOOP / 2.0 + 1.0, top + LOOP),
        };
        Rect::from_min_max(pos2(place.left(), from), pos2(place.right(), to))
    }

    /// Its frames, as they are shown.
    #[must_use]
    pub fn range(self, session: &Session, gesture: Option<&Gesture>) -> (i64, i64) {
        match (self, gesture) {
            (Self::Loop, Some(Gesture::Loop { start, end }))
            | (Self::Punch, Some(Gesture::Punch { start, end })) => return (*start, *end),
            _ => {}
        }
        let at = |position| session.tempo_map.to_samples(position, session.sample_rate).0;
        match self {
            Self::Loop => (at(session.loop_range.start), at(session.loop_range.end)),
            Self::Punch => (at(session.punch.start), at(session.punch.end)),
        }
    }

    /// What lies at a point from the left.
    #[must_use]
    pub fn grip_at(self, session: &Session, timeline: &Timeline, x: f32) -> Grip {
        let (start, end) = self.range(session, None);
        let (from, to) = (timeline.x(start), timeline.x(end));
        if end <= start || x < from - EDGE || x > to + EDGE {
            Grip::New(timeline.frame(x))
        } else if (x - to).abs() <= EDGE {
            Grip::End
        } else if (x - from).abs() <= EDGE {
            Grip::Start
        } else {
            Grip::All(timeline.frame(x) - start)
        }
    }

    /// The gesture that changes it.
    #[must_use]
    pub const fn gesture(self, (start, end): (i64, i64)) -> Gesture {
        match self {
            Self::Loop => Gesture::Loop { start, end },
            Self::Punch => Gesture::Punch { start, end },
        }
    }

    /// What a click on it does.
    #[must_use]
    pub const fn command(self) -> Command {
        match self {
            Self::Loop => Command::ToggleLoop,
            Self::Punch => Command::TogglePunch,
        }
    }

    fn set(self, session: &Session, start: Position, end: Position) -> Option<(&'static str, Edit)> {
        match self {
            Self::Loop => {
                let range = LoopRange { on: true, start, end };
                (range != session.loop_range).then_some(("Set the loop", Edit::SetLoop { range }))
            }
            Self::Punch => {
                let punch = PunchRange { on: true, start, end, ..session.punch };
                (punch != session.punch).then_some(("Set the punch", Edit::SetPunch { punch }))
            }
        }
    }
}

/// Draws one into the ruler at `place`.
pub fn draw(
    ui: &Ui,
    session: &Session,
    band: Band,
    gesture: Option<&Gesture>,
    timeline: &Timeline,
    place: Rect,
) {
    let (start, end) = band.range(session, gesture);
    if end <= start {
        return;
    }
    let tokens = tokens(ui.ctx());
    let (from, to) = (place.left() + timeline.x(start), place.left() + timeline.x(end));
    let strip = band.strip(session, place);
    let space = if session.punch.on { 1.0 } else { 2.0 };
    let whole = Rect::from_min_max(pos2(from, strip.top() + space), pos2(to, strip.bottom() - space));
    let (fill, line, wash) = match (band, session.loop_range.on) {
        (Band::Loop, true) => (tokens.accent_dim, tokens.accent, Some(tokens.accent)),
        (Band::Loop, false) => (tokens.control, tokens.faint, None),
        (Band::Punch, _) => (tokens.record_dim, tokens.record, Some(tokens.record)),
    };
    ui.painter().rect_filled(whole, 3.0, fill);
    for edge in [whole.left(), whole.right() - 2.0] {
        let grip = Rect::from_min_max(pos2(edge, whole.top()), pos2(edge + 2.0, whole.bottom()));
        ui.painter().rect_filled(grip, 1.0, line);
    }
    let top = Rect::from_min_max(whole.min, pos2(whole.right(), whole.top() + 2.0));
    ui.painter().rect_filled(top, 1.0, line);
    if let Some(wash) = wash {
        let over = Rect::from_min_max(pos2(from, place.top() + LOOP), pos2(to, place.bottom()));
        ui.painter().add(Shape::rect_filled(over, 0.0, wash.gamma_multiply(0.07)));
    }
}

/// Goes on with a drag, and at its end changes the song.
pub fn drag(
    ui: &Ui,
    scene: &mut Scene<'_>,
    grip: Grip,
    session: &Session,
    response: &Response,
    place: Rect,
    (band, start, end): (Band, i64, i64),
) {
    if gesture::taken_back(ui) {
        scene.view.gesture = None;
        return;
    }
    let snap = gesture::snap_now(ui, scene.view);
    // The frame of the release may bring the last way of the pointer with it.
    let (start, end) = match response.interact_pointer_pos() {
        Some(at) => {
            let grid = Grid::of(session, &scene.view.timeline);
            let pointer = scene.view.timeline.frame(at.x - place.left());
            let snapped = |frame: i64| grid.snap(snap, frame).frame.max(0);
            let (first, last) = band.range(session, None);
            match grip {
                Grip::New(from) => (snapped(from.min(pointer)), snapped(from.max(pointer))),
                Grip::Start => (snapped(pointer).min(last - 1), last),
                Grip::End => (first, snapped(pointer).max(first + 1)),
                Grip::All(within) => {
                    let start = snapped(pointer - within);
                    (start, start + last - first)
                }
                Grip::None => (start, end),
            }
        }
        None => (start, end),
    };
    if !response.dragged() {
        scene.view.gesture = None;
        let position = |frame| position(session, snap, frame);
        if end > start
            && let Some((label, edit)) = band.set(session, position(start), position(end))
        {
            scene.edit(label, vec![edit]);
        }
        return;
    }
    scene.view.gesture = Some(band.gesture((start, end)));
}

/// Fixed in bars if it was snapped and a tick stands exactly there.
fn position(session: &Session, snap: Snap, frame: i64) -> Position {
    let (map, rate) = (&session.tempo_map, session.sample_rate);
    let tick = map.samples_to_ticks(frame, rate);
    if snap != Snap::Off && map.ticks_to_samples(tick, rate).0 == frame {
        Position::Ticks(tick)
    } else {
        Position::Samples(frame)
    }
}
