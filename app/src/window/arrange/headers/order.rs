//! Dragging a header to another place: a line shows where it would go, release makes one step of history of it.

use dawg_session::{Edit, Session, TrackId};
use egui::{Key, Rect, Response, Stroke, Ui};

use super::super::rows::Rows;
use crate::look::{Tokens, tokens};
use crate::studio::view::Gesture;
use crate::window::Scene;

/// Takes hold of a header.
pub fn take_hold(scene: &mut Scene<'_>, response: &Response, track: TrackId, session: &Session) {
    if response.drag_started_by(egui::PointerButton::Primary)
        && let Some(to) = session.tracks.iter().position(|other| other.id == track)
    {
        scene.view.gesture = Some(Gesture::MoveTrack { track, to });
    }
}

/// The place where a track of number `from` lands when it is let go at the gap `gap` (0 is above the first), as
/// `Edit::MoveTrack` counts: without itself.
#[must_use]
pub const fn place(from: usize, gap: usize) -> usize {
    if gap > from { gap - 1 } else { gap }
}

/// Follows the pointer, shows the line, and moves the track on release.
pub fn drag(ui: &Ui, scene: &mut Scene<'_>, session: &Session, rows: &Rows, area: Rect) {
    let Some(Gesture::MoveTrack { track, to }) = scene.view.gesture else { return };
    let from = session.tracks.iter().position(|other| other.id == track);
    let escaped = ui.input(|input| input.key_pressed(Key::Escape));
    let (Some(from), false) = (from, escaped) else {
        scene.view.gesture = None;
        return;
    };
    if !ui.input(|input| input.pointer.primary_down()) {
        scene.view.gesture = None;
        if to != from {
            let label = format!("Move “{}”", session.tracks[from].name);
            scene.edit(label, vec![Edit::MoveTrack { track, to }]);
        }
        return;
    }
    let Some(pointer) = ui.input(|input| input.pointer.latest_pos()) else { return };
    scroll_at_the_edges(ui, scene, rows, area, pointer.y);
    let gap = rows.gap_near(pointer.y - area.top() + scene.view.timeline.top).min(session.tracks.len());
    scene.view.gesture = Some(Gesture::MoveTrack { track, to: place(from, gap) });
    let edge = rows.group(gap).map_or(rows.height(), |(top, _)| top);
    let line = area.top() + edge - scene.view.timeline.top;
    show_line(ui, area, line, place(from, gap) != from);
}

/// The line between two rows; dim where the track would stay.
fn show_line(ui: &Ui, area: Rect, y: f32, moves: bool) {
    let tokens = tokens(ui.ctx());
    let colour = if moves { tokens.accent } else { tokens.faint };
    let y = y.clamp(area.top() + 1.0, area.bottom() - 1.0);
    ui.painter().hline(area.x_range(), y, Stroke::new(2.0, colour));
    ui.painter().circle_filled(egui::pos2(area.left() + Tokens::SPACE[1], y), Tokens::SPACE[0], colour);
}

fn scroll_at_the_edges(ui: &Ui, scene: &mut Scene<'_>, rows: &Rows, area: Rect, y: f32) {
    let edge = Tokens::SPACE[4];
    let beyond = (y - (area.bottom() - edge)).max(0.0) + (y - (area.top() + edge)).min(0.0);
    let all = rows.height();
    let before = scene.view.timeline.top;
    let after =
        (before + beyond.clamp(-edge, edge) / 2.0).clamp(0.0, (all - area.height()).max(0.0).max(before));
    if beyond != 0.0 && after != before {
        scene.view.timeline.top = after;
        ui.ctx().request_repaint();
    }
}
