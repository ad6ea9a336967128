//! The ruler: the loop and the punch above, bars in the middle, time below.
//!
//! Start at [`show`]. The upper part belongs to the loop and, while auto-punch is on, its lower half to the punch
//! ([`bands`]): drag draws, moves or stretches, a click turns on and off. In the lower part a click locates and a drag
//! scrubs.

pub mod bands;

use dawg_session::Session;
use egui::{CursorIcon, PointerButton, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::grid::{Grid, Strength};
use super::{Kept, gesture, menu};
use crate::look::{Tokens, regular, tokens};
use crate::studio::action::Action;
use crate::studio::view::{Gesture, Snap, Timeline};
use crate::window::Scene;
use bands::{Band, Grip};

/// Height of the part that belongs to loop and punch.
const LOOP: f32 = 18.0;

/// Fewest points between two times.
const TIME_ROOM: f64 = 72.0;

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

fn draw(ui: &Ui, scene: &Scene<'_>, session: &Session, place: Rect) {
    let tokens = tokens(ui.ctx());
    let timeline = &scene.view.timeline;
    let painter = ui.painter();
    painter.rect_filled(place, 0.0, tokens.panel);
    let pixel = 1.0 / ui.pixels_per_point();
    let sharp = |x: f32| ((x / pixel).floor() + 0.5) * pixel;
    let x = |frame: i64| place.left() + timeline.x(frame);
    for band in Band::shown(session) {
        bands::draw(ui, session, *band, scene.view.gesture.as_ref(), timeline, place);
    }
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
            return bands::drag(
                ui,
                scene,
                kept.hold.grip,
                session,
                response,
                place,
                (Band::Loop, start, end),
            );
        }
        Some(Gesture::Punch { start, end }) => {
            return bands::drag(
                ui,
                scene,
                kept.hold.grip,
                session,
                response,
                place,
                (Band::Punch, start, end),
            );
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
    let band = Band::at(session, place, at.y);
    if let (true, Some(band)) = (response.hovered(), band) {
        ui.ctx().set_cursor_icon(match band.grip_at(session, &scene.view.timeline, x) {
            Grip::Start | Grip::End => CursorIcon::ResizeHorizontal,
            Grip::All(_) => CursorIcon::Grab,
            Grip::New(_) | Grip::None => CursorIcon::Crosshair,
        });
    }
    if response.drag_started_by(PointerButton::Primary) {
        let origin = ui.input(|input| input.pointer.press_origin()).unwrap_or(at);
        if let Some(band) = Band::at(session, place, origin.y) {
            kept.hold.grip = band.grip_at(session, &scene.view.timeline, origin.x - place.left());
            scene.view.gesture = Some(band.gesture(band.range(session, None)));
        } else {
            scene.view.gesture = Some(Gesture::Scrub);
            locate(scene, session, snap, x);
        }
    } else if response.secondary_clicked() {
        kept.menu = Some(menu::Target { frame: scene.view.timeline.frame(x), ..menu::Target::default() });
    } else if let (true, Some(band)) = (response.clicked(), band) {
        scene.command(band.command());
    } else if response.clicked() {
        locate(scene, session, snap, x);
    }
}

fn locate(scene: &mut Scene<'_>, session: &Session, snap: Snap, x: f32) {
    let grid = Grid::of(session, &scene.view.timeline);
    let to = grid.snap(snap, scene.view.timeline.frame(x)).frame.max(0);
    if scene.studio.readout().playhead.position != to {
        scene.wish(Action::Locate(to));
    }
}
