//! Track headers: a row for each track in sight, beside its lane.
//!
//! Start at [`show`]. Row i stands at `i × track height − scroll`, as its lane does. A row is laid out in [`row`], the
//! corner above in [`corner`]; dragging rows to another place is [`order`].

pub mod corner;
pub mod order;
pub mod row;

use std::sync::Arc;

use dawg_session::Session;
use egui::accesskit::Role;
use egui::{Rect, Ui, UiBuilder, WidgetInfo};

use super::RULER_HEIGHT;
use crate::look::{Tokens, tokens};
use crate::window::Scene;
use crate::window::channel;
use crate::window::channel::text::{Style, paint};

/// Draws them into the space there is: the corner as high as the ruler, the rows below it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(session) = scene.studio.session() else { return };
    let whole = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(whole);
    ui.painter().rect_filled(whole, 0.0, tokens(ui.ctx()).panel);
    let (above, area) = whole.split_top_bottom_at_y(whole.top() + RULER_HEIGHT);
    corner::show(ui, scene, above, session.tracks.len());
    let mut inside = ui.new_child(UiBuilder::new().id_salt("rows").max_rect(area));
    inside.set_clip_rect(area.intersect(ui.clip_rect()));
    keep_renamed_in_sight(scene, session, area);
    below(&inside, scene, session.tracks.len(), area);
    rows(&mut inside, scene, session, area);
    order::drag(&inside, scene, session, area);
    scroll(&inside, scene, session, area);
    channel::settle(ui, scene);
}

/// The rectangle of a row.
fn row_rect(scene: &Scene<'_>, area: Rect, row: usize) -> Rect {
    let height = scene.view.panels.track_height;
    let top = area.top() + row as f32 * height - scene.view.timeline.top;
    Rect::from_min_size(egui::pos2(area.left(), top), egui::vec2(area.width(), height))
}

fn rows(ui: &mut Ui, scene: &mut Scene<'_>, session: &Arc<Session>, area: Rect) {
    let soloed = session.any_solo();
    let height = scene.view.panels.track_height.max(1.0);
    let first = (scene.view.timeline.top / height).floor().max(0.0) as usize;
    let last = ((scene.view.timeline.top + area.height()) / height).ceil().max(0.0) as usize;
    for (number, track) in session.tracks.iter().enumerate().take(last).skip(first) {
        let rect = row_rect(scene, area, number);
        row::show(ui, scene, track, soloed, rect);
    }
}

/// The space below the last row: its menu adds tracks.
fn below(ui: &Ui, scene: &mut Scene<'_>, tracks: usize, area: Rect) {
    let rest = area.with_min_y(row_rect(scene, area, tracks).top().max(area.top()));
    if rest.height() < 1.0 {
        return;
    }
    let response = ui.interact(rest, ui.scope_id().with("below"), egui::Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Group, true, "Space below the tracks"));
    response.context_menu(|ui| corner::add(ui, scene));
    if tracks == 0 {
        let line = rest
            .shrink2(egui::vec2(Tokens::SPACE[2], 0.0))
            .with_max_y(rest.top() + rest.height().min(RULER_HEIGHT));
        paint(ui, line, "No tracks yet: + adds one", Style::label(tokens(ui.ctx()).secondary));
    }
}

/// The wheel scrolls headers and lanes together.
fn scroll(ui: &Ui, scene: &mut Scene<'_>, session: &Session, area: Rect) {
    let Some(pointer) = ui.input(|input| input.pointer.hover_pos()) else { return };
    if !ui.rect_contains_pointer(area) || on_a_dial(scene, area, pointer) {
        return;
    }
    let turned = ui.input(|input| if input.modifiers.any() { 0.0 } else { input.smooth_scroll_delta().y });
    if turned != 0.0 {
        let all = session.tracks.len() as f32 * scene.view.panels.track_height;
        let top = &mut scene.view.timeline.top;
        *top = (*top - turned).clamp(0.0, (all - area.height()).max(0.0).max(*top));
    }
}

/// Whether the wheel turns a fader or a knob there.
fn on_a_dial(scene: &Scene<'_>, area: Rect, at: egui::Pos2) -> bool {
    let y = (at.y - area.top() + scene.view.timeline.top) / scene.view.panels.track_height.max(1.0);
    let plan = row::Plan::of(row_rect(scene, area, y.max(0.0) as usize));
    plan.fader.is_some_and(|fader| fader.contains(at)) || plan.input.is_some_and(|(_, pan)| pan.contains(at))
}

/// A track that is being renamed by key may be out of sight.
fn keep_renamed_in_sight(scene: &mut Scene<'_>, session: &Session, area: Rect) {
    let Some((track, _)) = &scene.view.renaming else { return };
    if let Some(at) = session.tracks.iter().position(|other| other.id == *track) {
        let height = scene.view.panels.track_height;
        let top = at as f32 * height;
        let lowest = (top + height - area.height()).min(top);
        scene.view.timeline.top = scene.view.timeline.top.clamp(lowest, top);
    }
}
