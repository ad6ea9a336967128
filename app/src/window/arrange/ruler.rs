//! The ruler: the loop above, bars in the middle, time below.
//!
//! Start at [`show`]. The upper part is the loop's: drag draws, moves or stretches it, a click turns it on and off. In
//! the lower part a click locates and a drag scrubs.

use dawg_session::{Edit, LoopRange, Position, Session};
use egui::{CursorIcon, PointerButton, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2};

use super::grid::{Grid, Strength};
use super::{Kept, gesture, menu};
use crate::look::{Tokens, regular, tokens};
use crate::studio::action::Action;
use crate::studio::command::Command;
use crate::studio::view::{Gesture, Snap, Timeline};
use crate::window::Scene;

/// Height of the part that is the loop's.
const LOOP: f32 = 18.0;

/// Points to either side of the loop's ends that take hold of them.
const EDGE: f32 = 6.0;

/// Fewest points between two times.
const TIME_ROOM: f64 = 72.0;

/// What of the loop is held.
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

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, kept: &mut Kept) {
    let Some(session) = scene.studio.session().cloned() else { return };
    let place = ui.max_rect();
    let response = ui.interact(place, ui.scope_id().with("ruler"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Group, true, "Ruler"));
    listen(ui, scene, kept, &session, &response, place);
    draw(ui, scene, &session, place);
    response.context_menu(|ui| menu::ruler(ui, scene, kept));
}

/// The loop as frames, as it is shown.
fn range(session: &Session, gesture: Option<&Gesture>) -> (i64, i64) {
    if let Some(Gesture::Loop { start, end }) = gesture {
        return (*start, *end);
    }
    let at = |position| session.tempo_map.to_samples(position, session.sample_rate).0;
    (at(session.loop_range.start), at(session.loop_range.end))
}

fn draw(ui: &Ui, scene: &Scene<'_>, session: &Session, place: Rect) {
    let tokens = tokens(ui.ctx());
    let timeline = &scene.view.timeline;
    let painter = ui.painter();
    painter.rect_filled(place, 0.0, tokens.panel);
    let pixel = 1.0 / ui.pixels_per_point();
    let sharp = |x: f32| ((x / pixel).floor() + 0.5) * pixel;
    let x = |frame: i64| place.left() + timeline.x(frame);
    draw_loop(ui, session, range(session, scene.view.gesture.as_ref()), timeline, place, &tokens);
    let (from, to) = (timeline.frame(-60.0), timeline.frame(place.width()));
    Grid::of(session, timeline).lines(from, to, |frame, strength| {
        let x = sharp(x(frame));
        let (top, colour) = match strength {
            Strength::Numbered(bar) => {
                let words = bar.to_string().replace('-', "−");
                let at = pos2(x + Tokens::SPACE[0], place.top() + LOOP + 1.0);
                let text = painter.layout_no_wrap(words, regular(Tokens::TYPE[0]), tokens.secondary);
                painter.galley(at, text, tokens.secondary);
                (place.top() + LOOP, tokens.hairline)
            }
            Strength::Bar => (place.bottom() - 9.0, tokens.hairline),
            Strength::Beat => (place.bottom() - 5.0, tokens.grid_strong),
            Strength::Fine => return,
        };
        painter.vline(x, top..=place.bottom(), Stroke::new(pixel, colour));
    });
    times(ui, session, timeline, place, &tokens);
    painter.hline(place.x_range(), sharp(place.bottom() - pixel), Stroke::new(pixel, tokens.hairline));
}

/// Minutes and seconds, in round steps.
fn times(ui: &Ui, session: &Session, timeline: &Timeline, place: Rect, tokens: &Tokens) {
    const STEPS: [f64; 15] =
        [0.001, 0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 3_600.0];
    let rate = f64::from(session.sample_rate);
    let points_a_second = rate / timeline.frames_per_point;
    let step = STEPS.into_iter().find(|step| step * points_a_second >= TIME_ROOM).unwrap_or(86_400.0);
    let mut n = (timeline.left / rate / step).floor().max(0.0);
    loop {
        let x = place.left() + ((n * step * rate - timeline.left) / timeline.frames_per_point) as f32;
        if x > place.right() {
            break;
        }
        let text = ui.painter().layout_no_wrap(clock(n * step, step), regular(Tokens::TYPE[0]), tokens.faint);
        let y = place.bottom() - text.size().y - 2.0;
        // Clear of the playhead's head, which stands on a time as often as not.
        ui.painter().galley(pos2(x + Tokens::SPACE[1], y), text, tokens.faint);
        n += 1.0;
    }
}

/// "1:02", below a second with decimals.
fn clock(seconds: f64, step: f64) -> String {
    let minutes = (seconds / 60.0).floor();
    let rest = seconds - minutes * 60.0;
    match step {
        step if step >= 1.0 => format!("{minutes}:{:02}", rest.round()),
        step if step >= 0.1 => format!("{minutes}:{rest:04.1}"),
        step if step >= 0.01 => format!("{minutes}:{rest:05.2}"),
        _ => format!("{minutes}:{rest:06.3}"),
    }
}

fn draw_loop(
    ui: &Ui,
    session: &Session,
    (start, end): (i64, i64),
    timeline: &Timeline,
    place: Rect,
    tokens: &Tokens,
) {
    if end <= start {
        return;
    }
    let (from, to) = (place.left() + timeline.x(start), place.left() + timeline.x(end));
    let band = Rect::from_min_max(pos2(from, place.top() + 2.0), pos2(to, place.top() + LOOP - 2.0));
    let on = session.loop_range.on;
    let (fill, line) = if on { (tokens.accent_dim, tokens.accent) } else { (tokens.control, tokens.faint) };
    ui.painter().rect_filled(band, 3.0, fill);
    for edge in [band.left(), band.right() - 2.0] {
        let grip = Rect::from_min_max(pos2(edge, band.top()), pos2(edge + 2.0, band.bottom()));
        ui.painter().rect_filled(grip, 1.0, line);
    }
    let top = Rect::from_min_max(band.min, pos2(band.right(), band.top() + 2.0));
    ui.painter().rect_filled(top, 1.0, line);
    if on {
        let over = Rect::from_min_max(pos2(from, place.top() + LOOP), pos2(to, place.bottom()));
        ui.painter().add(Shape::rect_filled(over, 0.0, tokens.accent.gamma_multiply(0.07)));
    }
}

fn listen(
    ui: &Ui,
    scene: &mut Scene<'_>,
    kept: &mut Kept,
    session: &Session,
    response: &Response,
    place: Rect,
) {
    let snap = gesture::snap_now(ui, scene.view);
    match scene.view.gesture {
        Some(Gesture::Loop { start, end }) => {
            return drag_loop(ui, scene, kept, session, response, place, (start, end));
        }
        Some(Gesture::Scrub) => {
            if gesture::taken_back(ui) || !response.dragged() {
                scene.view.gesture = None;
            } else if let Some(at) = response.interact_pointer_pos() {
                locate(scene, session, snap, at.x - place.left());
            }
            return;
        }
        Some(_) => return,
        None => {}
    }
    let Some(at) = response.interact_pointer_pos().or(response.hover_pos()) else { return };
    let x = at.x - place.left();
    let upper = at.y < place.top() + LOOP;
    let grip = grip_at(session, &scene.view.timeline, x);
    if response.hovered() && upper {
        ui.ctx().set_cursor_icon(match grip {
            Grip::Start | Grip::End => CursorIcon::ResizeHorizontal,
            Grip::All(_) => CursorIcon::Grab,
            Grip::New(_) | Grip::None => CursorIcon::Crosshair,
        });
    }
    if response.drag_started_by(PointerButton::Primary) {
        let origin = ui.input(|input| input.pointer.press_origin()).unwrap_or(at);
        if origin.y < place.top() + LOOP {
            kept.hold.grip = grip_at(session, &scene.view.timeline, origin.x - place.left());
            let (start, end) = range(session, None);
            scene.view.gesture = Some(Gesture::Loop { start, end });
        } else {
            scene.view.gesture = Some(Gesture::Scrub);
            locate(scene, session, snap, x);
        }
    } else if response.secondary_clicked() {
        kept.menu = Some(menu::Target { frame: scene.view.timeline.frame(x), clip: None });
    } else if response.clicked() && upper {
        scene.command(Command::ToggleLoop);
    } else if response.clicked() {
        locate(scene, session, snap, x);
    }
}

/// What of the loop lies at a point from the left.
fn grip_at(session: &Session, timeline: &Timeline, x: f32) -> Grip {
    let (start, end) = range(session, None);
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

fn locate(scene: &mut Scene<'_>, session: &Session, snap: Snap, x: f32) {
    let grid = Grid::of(session, &scene.view.timeline);
    let to = grid.snap(snap, scene.view.timeline.frame(x)).frame.max(0);
    if scene.studio.readout().playhead.position != to {
        scene.wish(Action::Locate(to));
    }
}

fn drag_loop(
    ui: &Ui,
    scene: &mut Scene<'_>,
    kept: &Kept,
    session: &Session,
    response: &Response,
    place: Rect,
    (start, end): (i64, i64),
) {
    if gesture::taken_back(ui) {
        scene.view.gesture = None;
        return;
    }
    let snap = gesture::snap_now(ui, scene.view);
    if !response.dragged() {
        scene.view.gesture = None;
        let position = |frame| position(session, snap, frame);
        let range = LoopRange { on: true, start: position(start), end: position(end) };
        if end > start && range != session.loop_range {
            scene.edit("Set the loop", vec![Edit::SetLoop { range }]);
        }
        return;
    }
    let Some(at) = response.interact_pointer_pos() else { return };
    let grid = Grid::of(session, &scene.view.timeline);
    let pointer = scene.view.timeline.frame(at.x - place.left());
    let snapped = |frame: i64| grid.snap(snap, frame).frame.max(0);
    let (first, last) = range(session, None);
    let (start, end) = match kept.hold.grip {
        Grip::New(from) => (snapped(from.min(pointer)), snapped(from.max(pointer))),
        Grip::Start => (snapped(pointer).min(last - 1), last),
        Grip::End => (first, snapped(pointer).max(first + 1)),
        Grip::All(within) => {
            let start = snapped(pointer - within);
            (start, start + last - first)
        }
        Grip::None => (start, end),
    };
    scene.view.gesture = Some(Gesture::Loop { start, end });
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
