//! The lanes: what stands still, what moves over it, and what the pointer does to both.
//!
//! Start at [`show`].

use dawg_session::{LaneId, TrackId};
use egui::{CursorIcon, Pos2, Rect, Role, Sense, Ui, WidgetInfo};

use super::gesture::ground;
use super::grid::Grid;
use super::hit::{Spot, spot_at};
use super::{Kept, access, empty, gesture, growing, live, menu};
use crate::studio::view::Gesture;
use crate::window::Scene;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, kept: &mut Kept) {
    let lanes = ui.max_rect();
    let response = ui.interact(lanes, ui.scope_id().with("lanes"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Group, true, "Timeline"));
    gesture::listen(ui, scene, kept, &response, lanes);
    kept.canvas.draw(ui, scene, (&kept.index, &kept.rows), lanes);
    growing::show(ui, scene, kept, lanes);
    live::over(ui, scene, kept, &response, lanes);
    live::ghost(ui, scene, kept, lanes);
    cursor(ui, scene, kept, &response, lanes);
    access::describe(ui, scene, kept, lanes);
    menu::show(scene, kept, &response);
    menu::rename(ui, scene, kept, lanes);
    empty::show(ui, scene, kept, lanes);
}

/// Where files would land that are dropped at a point of the screen: the song frame, snapped, and the track if it is
/// one. Below the last track, they make tracks of their own.
#[must_use]
pub fn place_at(at: Pos2, scene: &Scene<'_>) -> (i64, Option<(TrackId, LaneId)>) {
    let (Some(session), lanes) = (scene.studio.session(), scene.view.timeline.lanes) else {
        return (0, None);
    };
    if !lanes.contains(at) {
        return (0, None);
    }
    let frame = scene.view.timeline.frame(at.x - lanes.left());
    let frame = Grid::of(session, &scene.view.timeline).snap(scene.view.timeline.snap, frame).frame.max(0);
    let row = scene.view.arrange.rows.at(at.y - lanes.top() + scene.view.timeline.top);
    let target = row.and_then(|row| {
        let track = session.tracks.get(row.track)?;
        // What is dropped comes to be heard, wherever among the takes it was let go.
        let lane = track.playing().or(track.lanes.first())?;
        Some((track.id, lane.id))
    });
    (frame, target)
}

/// What the pointer looks like.
fn cursor(ui: &Ui, scene: &Scene<'_>, kept: &Kept, response: &egui::Response, lanes: Rect) {
    let icon = match &scene.view.gesture {
        Some(Gesture::MoveClips { copy: true, .. }) => CursorIcon::Copy,
        Some(Gesture::MoveClips { .. }) => CursorIcon::Grabbing,
        Some(Gesture::TrimClip { .. }) => CursorIcon::ResizeHorizontal,
        Some(Gesture::FadeClip { out, .. }) if *out => CursorIcon::ResizeNeSw,
        Some(Gesture::FadeClip { .. }) => CursorIcon::ResizeNwSe,
        Some(Gesture::GainClip { .. }) => CursorIcon::ResizeVertical,
        Some(Gesture::Marquee { .. }) => CursorIcon::Crosshair,
        Some(Gesture::Swipe { .. } | Gesture::Stretch { .. }) => CursorIcon::Text,
        Some(Gesture::Boundary { .. } | Gesture::Joint { .. }) => CursorIcon::ResizeColumn,
        Some(_) => return,
        None => {
            let Some(at) = response.hover_pos() else { return };
            let Some(session) = scene.studio.session() else { return };
            match spot_at(ground(scene.view, kept, session, lanes), at) {
                Spot::Clip(hit) => hit.part.cursor(),
                Spot::Boundary { .. } => CursorIcon::ResizeColumn,
                Spot::Lane { .. } | Spot::Comp { .. } => CursorIcon::Text,
                Spot::Empty { .. } | Spot::Below => return,
            }
        }
    };
    ui.ctx().set_cursor_icon(icon);
}
