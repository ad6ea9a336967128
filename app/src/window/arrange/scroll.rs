//! Scrolling and zooming by wheel and pinch, and the view that follows the playhead.

use egui::{Pos2, Rect, Ui};

use super::{Kept, Scene};
use crate::studio::command::Command;
use crate::studio::perform::zoom;

/// Empty points below the last track, for drops.
const BELOW: f32 = 96.0;

/// How the view follows the playhead.
#[derive(Debug, Default)]
pub struct Follow {
    // The person looked elsewhere while it rolled.
    away: bool,
    seen: i64,
}

/// A song is fitted into the lanes when it is opened; the first time their width is not known yet.
pub fn fit_once(scene: &mut Scene<'_>, kept: &mut Kept, known: bool) {
    let Some(session) = scene.studio.session() else { return };
    if kept.fitted != Some(session.id) {
        kept.fitted = Some(session.id);
        kept.follow = Follow { away: false, seen: scene.studio.readout().playhead.position };
        if !known {
            scene.command(Command::ZoomToAll);
        }
    }
}

/// Takes in wheel and pinch over the arrange view, then follows the playhead.
pub fn listen(ui: &Ui, scene: &mut Scene<'_>, kept: &mut Kept, all: Rect) {
    let lanes = scene.view.timeline.lanes;
    let over = ui.rect_contains_pointer(all);
    let mut looked = false;
    if over && scene.studio.session().is_some() {
        let (scroll, pinch, at) =
            ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta(), input.pointer.hover_pos()));
        let x = at.map_or(0.0, |at| (at.x - lanes.left()).clamp(0.0, lanes.width()));
        let timeline = &mut scene.view.timeline;
        if (pinch - 1.0).abs() > f32::EPSILON {
            zoom::around(timeline, x, 1.0 / f64::from(pinch), zoom::widest(scene.studio));
            looked = true;
        } else if scroll != egui::Vec2::ZERO {
            timeline.left -= f64::from(scroll.x) * timeline.frames_per_point;
            timeline.top -= scroll.y;
            looked = scroll.x != 0.0;
        }
    }
    bound(ui, scene, kept);
    follow(scene, kept, looked);
}

/// Keeps the view where there is something to see.
fn bound(ui: &Ui, scene: &mut Scene<'_>, kept: &Kept) {
    let Some(session) = scene.studio.session() else { return };
    let content = kept.rows.height() + BELOW;
    let recorded = scene.studio.readout().playhead.position;
    let timeline = &mut scene.view.timeline;
    let pixels = ui.pixels_per_point();
    let top = timeline.top.clamp(0.0, (content - timeline.height).max(0.0));
    timeline.top = (top * pixels).round() / pixels;
    // A little before the song's start, and one view behind its end.
    let width = f64::from(timeline.width) * timeline.frames_per_point;
    let end = kept.index.end().max(recorded).max(0) as f64;
    let hour = f64::from(session.sample_rate) * 600.0;
    timeline.left = timeline.left.clamp(-width / 2.0, end.max(hour) + width / 2.0);
}

/// Turns the page when the playhead leaves the view; a person's own scrolling is respected until it is back in sight.
fn follow(scene: &mut Scene<'_>, kept: &mut Kept, looked: bool) {
    let playhead = scene.studio.readout().playhead;
    let moved = playhead.position != std::mem::replace(&mut kept.follow.seen, playhead.position);
    let timeline = &mut scene.view.timeline;
    let x = timeline.x(playhead.position);
    let in_sight = (0.0..=timeline.width).contains(&x);
    kept.follow.away = !in_sight && (kept.follow.away || (looked && playhead.rolling));
    if moved && !in_sight && timeline.follow && !kept.follow.away && scene.view.gesture.is_none() {
        timeline.left = playhead.position as f64 - 8.0 * timeline.frames_per_point;
    }
}

/// A drag beyond the lanes' edges scrolls.
pub fn at_edges(ui: &Ui, scene: &mut Scene<'_>, lanes: Rect, at: Pos2) {
    let beyond = |low: f32, high: f32, at: f32| (at - high).max(0.0) + (at - low).min(0.0);
    let x = beyond(lanes.left(), lanes.right(), at.x).clamp(-40.0, 40.0);
    let y = beyond(lanes.top(), lanes.bottom(), at.y).clamp(-40.0, 40.0);
    if x != 0.0 || y != 0.0 {
        scene.view.timeline.left += f64::from(x) * 0.3 * scene.view.timeline.frames_per_point;
        scene.view.timeline.top += y * 0.3;
        ui.ctx().request_repaint();
    }
}
