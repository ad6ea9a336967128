//! Track headers: a row for each track in sight, beside its lane.
//!
//! Start at [`show`]. Rows stand where [`Rows`] says, as the lanes do. That of a track is laid out in [`row`], the line
//! in it that chooses among takes in [`choice`], that of a lane in [`take`], the corner above in [`corner`]; dragging
//! rows to another place is [`order`].

pub mod choice;
pub mod corner;
pub mod order;
pub mod row;
pub mod take;

use std::sync::Arc;

use dawg_session::Session;
use egui::accesskit::Role;
use egui::{Rect, Ui, UiBuilder, WidgetInfo};

use super::RULER_HEIGHT;
use super::rows::{Kind, Rows};
use crate::look::{Tokens, tokens};
use crate::window::Scene;
use crate::window::channel;
use crate::window::channel::text::{Style, paint};

/// Draws them into the space there is: the corner as high as the ruler, the rows below it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, rows: &Rows) {
    let Some(session) = scene.studio.session() else { return };
    let whole = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(whole);
    ui.painter().rect_filled(whole, 0.0, tokens(ui.ctx()).panel);
    let (above, area) = whole.split_top_bottom_at_y(whole.top() + RULER_HEIGHT);
    corner::show(ui, scene, above, session.tracks.len());
    let mut inside = ui.new_child(UiBuilder::new().id_salt("rows").max_rect(area));
    inside.set_clip_rect(area.intersect(ui.clip_rect()));
    keep_renamed_in_sight(scene, rows, area);
    below(&inside, scene, rows, area);
    each(&mut inside, scene, session, rows, area);
    order::drag(&inside, scene, session, rows, area);
    scroll(&inside, scene, rows, area);
    channel::settle(ui, scene);
}

fn each(ui: &mut Ui, scene: &mut Scene<'_>, session: &Arc<Session>, rows: &Rows, area: Rect) {
    let soloed = session.any_solo();
    for place in rows.in_sight(area.height(), scene.view.timeline.top) {
        let Some(track) = session.tracks.get(place.track) else { continue };
        let rect = place.place(area, scene.view.timeline.top);
        match place.kind {
            Kind::Track => row::show(ui, scene, track, soloed, rect),
            Kind::Pass(number) => take::pass(ui, scene, track, number, rect),
            Kind::Lane(number) => {
                if let Some(lane) = track.lanes.get(number) {
                    take::show(ui, scene, track, lane, rect);
                }
            }
        }
    }
}

/// The space below the last row: its menu adds tracks.
fn below(ui: &Ui, scene: &mut Scene<'_>, rows: &Rows, area: Rect) {
    let end = area.top() + rows.height() - scene.view.timeline.top;
    let rest = area.with_min_y(end.max(area.top()));
    if rest.height() < 1.0 {
        return;
    }
    let response = ui.interact(rest, ui.scope_id().with("below"), egui::Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Group, true, "Space below the tracks"));
    response.context_menu(|ui| corner::add(ui, scene));
    if rows.is_empty() {
        let line = rest
            .shrink2(egui::vec2(Tokens::SPACE[2], 0.0))
            .with_max_y(rest.top() + rest.height().min(RULER_HEIGHT));
        paint(ui, line, "No tracks yet: + adds one", Style::label(tokens(ui.ctx()).secondary));
    }
}

/// The wheel scrolls headers and lanes together.
fn scroll(ui: &Ui, scene: &mut Scene<'_>, rows: &Rows, area: Rect) {
    let Some(pointer) = ui.input(|input| input.pointer.hover_pos()) else { return };
    if !ui.rect_contains_pointer(area) || on_a_dial(scene, rows, area, pointer) {
        return;
    }
    let turned = ui.input(|input| if input.modifiers.any() { 0.0 } else { input.smooth_scroll_delta().y });
    if turned != 0.0 {
        let top = &mut scene.view.timeline.top;
        *top = (*top - turned).clamp(0.0, (rows.height() - area.height()).max(0.0).max(*top));
    }
}

/// Whether the wheel turns a fader or a knob there.
fn on_a_dial(scene: &Scene<'_>, rows: &Rows, area: Rect, at: egui::Pos2) -> bool {
    let scrolled = scene.view.timeline.top;
    let Some(found) = rows.at(at.y - area.top() + scrolled).filter(|row| row.kind == Kind::Track) else {
        return false;
    };
    let session = scene.studio.session();
    let Some(track) = session.and_then(|session| session.tracks.get(found.track)) else { return false };
    let plan = row::Plan::of(row::without_choice(track, found.place(area, scrolled)).0);
    plan.fader.is_some_and(|fader| fader.contains(at)) || plan.input.is_some_and(|(_, pan)| pan.contains(at))
}

/// A track that is being renamed by key may be out of sight.
fn keep_renamed_in_sight(scene: &mut Scene<'_>, rows: &Rows, area: Rect) {
    let Some((track, _)) = &scene.view.renaming else { return };
    if let Some((top, _)) = rows.group_of(*track) {
        let lowest = (top + scene.view.panels.track_height - area.height()).min(top);
        scene.view.timeline.top = scene.view.timeline.top.clamp(lowest, top);
    }
}
