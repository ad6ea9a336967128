//! The whole song in a strip: its clips as thin bars, and the part in sight as a window that can be dragged.

use std::sync::Arc;

use dawg_session::SongId;
use egui::{CursorIcon, Mesh, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::grid::Grid;
use super::{Kept, Scene};
use crate::look::{Tokens, tokens, track_colour};

/// Bars that an empty song shows.
const BARS: i64 = 32;

/// The bars, and what they were made of.
#[derive(Debug, Default)]
pub struct Picture {
    mesh: Arc<Mesh>,
    made_of: Option<(SongId, u64, Rect, i64, Tokens)>,
    // Where in the window it was taken hold of, in frames.
    held: f64,
}

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, kept: &mut Kept) {
    let Some(work) = scene.studio.work() else { return };
    let session = work.session();
    let tokens = tokens(ui.ctx());
    let place = ui.max_rect();
    ui.painter().rect_filled(place, 0.0, tokens.panel);
    ui.painter().hline(place.x_range(), place.top(), Stroke::new(1.0, tokens.hairline));
    let place = place.shrink2(vec2(0.0, Tokens::SPACE[0])).translate(vec2(0.0, 0.5));
    let end = kept.index.end().max(Grid::of(session, &scene.view.timeline).bar(BARS + 1)).max(1);
    let made_of = (session.id, work.revision(), place, end, tokens);
    if kept.map.made_of.as_ref() != Some(&made_of) {
        kept.map.mesh = Arc::new(bars(session, kept, place, end));
        kept.map.made_of = Some(made_of);
    }
    ui.painter().add(Shape::Mesh(Arc::clone(&kept.map.mesh)));
    let playhead =
        place.left() + place.width() * (scene.studio.readout().playhead.position as f32 / end as f32);
    ui.painter().vline(playhead, place.y_range(), Stroke::new(1.0, tokens.secondary));
    window(ui, scene, kept, place, end);
}

fn bars(session: &dawg_session::Session, kept: &Kept, place: Rect, end: i64) -> Mesh {
    let mut mesh = Mesh::default();
    let inside = place.shrink2(vec2(0.0, 2.0));
    let height = inside.height() / session.tracks.len().max(1) as f32;
    let x = |frame: i64| inside.left() + inside.width() * (frame as f64 / end as f64) as f32;
    for (row, track) in session.tracks.iter().enumerate() {
        let top = inside.top() + row as f32 * height;
        let bottom = (top + height - if height > 2.5 { 1.0 } else { 0.0 }).max(top + 0.75);
        let colour = track_colour(track.colour).gamma_multiply(0.8);
        let mut covered = f32::NEG_INFINITY;
        for (from, to) in kept.index.heard(track) {
            let (from, to) = (x(from).max(covered), x(to));
            // What lies within a pixel that is drawn already shows nothing new.
            if to - from > 0.5 {
                let to = if to - from > 3.0 { to - 0.75 } else { to };
                mesh.add_colored_rect(Rect::from_min_max(pos2(from, top), pos2(to, bottom)), colour);
                covered = to;
            }
        }
    }
    mesh
}

/// The part in sight; dragging moves it, a click elsewhere brings it there.
fn window(ui: &Ui, scene: &mut Scene<'_>, kept: &mut Kept, place: Rect, end: i64) {
    let response = ui.interact(place, ui.scope_id().with("minimap"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Group, true, "Overview of the song"));
    let timeline = &mut scene.view.timeline;
    let width = f64::from(timeline.width) * timeline.frames_per_point;
    let frames_a_point = end as f64 / f64::from(place.width().max(1.0));
    let frame = |x: f32| f64::from(x - place.left()) * frames_a_point;
    let is_down = response.is_pointer_button_down_on();
    if let Some(at) = response.interact_pointer_pos() {
        if response.drag_started() || (is_down && ui.input(|input| input.pointer.primary_pressed())) {
            let within = frame(at.x) - timeline.left;
            kept.map.held = if (0.0..=width).contains(&within) { within } else { width / 2.0 };
        }
        if is_down || response.dragged() {
            timeline.left = frame(at.x) - kept.map.held;
        }
    }
    let x = |frame: f64| place.left() + (frame / frames_a_point) as f32;
    let (left, right) = (x(timeline.left).max(place.left()), x(timeline.left + width).min(place.right()));
    let seen = Rect::from_min_max(pos2(left, place.top()), pos2(right.max(left + 4.0), place.bottom()));
    let tokens = tokens(ui.ctx());
    ui.painter().rect_filled(seen, 3.0, tokens.text.gamma_multiply(0.07));
    let line = if response.hovered() || response.dragged() { tokens.secondary } else { tokens.faint };
    ui.painter().rect_stroke(seen, 3.0, Stroke::new(1.0, line), StrokeKind::Inside);
    response.on_hover_and_drag_cursor(CursorIcon::Grab);
}
