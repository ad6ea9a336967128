//! A line of the browser: selected, heard, entered, or dragged onto the timeline.

use std::path::PathBuf;

use egui::{
    Color32, CursorIcon, DragAndDrop, EventFilter, Id, Key, Modifiers, Rect, Response, Role, Sense, Stroke,
    Ui, Vec2, WidgetInfo,
};

use super::{LINE, audition, enter, select};
use crate::jobs::listing::{Entry, EntryKind};
use crate::look::icon::{Icon, draw};
use crate::look::{Tokens, tokens};
use crate::window::dialogs::form::elided;
use crate::window::{Scene, drop};

/// What the list is called among egui's states.
pub(super) fn list_id() -> Id {
    Id::unique("browser list")
}

/// What a line is called, so that keys can move the focus to it.
pub(super) fn id(index: usize) -> Id {
    list_id().with(index)
}

/// Draws a line.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>, index: usize, entry: &Entry) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), LINE), Sense::hover());
    let selected = scene.view.browser.selected == Some(index);
    let response = ui.interact(rect, id(index), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, selected, &entry.name));
    let heard = scene.studio.readout().auditioning.as_ref() == Some(&entry.path);
    paint(ui, rect, &response, entry, selected, heard);
    let speaker = (entry.kind == EntryKind::Audio).then(|| speaker(ui, rect, index, entry, heard));
    if speaker.is_some_and(|speaker| speaker.clicked()) {
        audition(scene, entry);
    } else {
        react(ui, scene, index, entry, &response);
    }
    if entry.kind == EntryKind::Audio {
        drag(ui, scene, entry, &response);
    }
}

fn react(ui: &Ui, scene: &mut Scene<'_>, index: usize, entry: &Entry, response: &Response) {
    if response.has_focus() {
        // Up and Down go from line to line, not to what lies above and below the list.
        let ours = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, ours));
    }
    let press = |key| response.has_focus() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if press(Key::Enter) || response.double_clicked() {
        return enter(scene, entry);
    }
    if press(Key::Space) {
        if entry.kind == EntryKind::Audio {
            audition(scene, entry);
        }
        return;
    }
    if response.clicked() {
        response.request_focus();
        if entry.kind == EntryKind::Folder {
            return enter(scene, entry);
        }
        select(scene, index, entry);
    } else if response.gained_focus() {
        scene.view.browser.selected = Some(index);
    }
}

/// Carries a file to the timeline, whose lanes show where it would land.
fn drag(ui: &Ui, scene: &mut Scene<'_>, entry: &Entry, response: &Response) {
    let ctx = ui.ctx();
    if response.drag_started() {
        response.dnd_set_drag_payload(entry.path.clone());
    }
    // Escape takes the payload away, and ends the drag as letting go does.
    let carried = DragAndDrop::has_payload_of_type::<PathBuf>(ctx);
    if response.dragged() && carried {
        ctx.set_cursor_icon(CursorIcon::Grabbing);
        let pointer = response.interact_pointer_pos().filter(|pointer| drop::over_lanes(scene, *pointer));
        scene.view.ghost = pointer.and_then(|_| drop::ghost_at(scene, vec![entry.path.clone()], pointer));
    }
    if response.drag_stopped()
        && let Some(ghost) = scene.view.ghost.take()
        && carried
        && ui.input(|input| input.pointer.primary_released())
    {
        drop::import(scene, &ghost);
    }
}

fn paint(ui: &Ui, rect: Rect, response: &Response, entry: &Entry, selected: bool, heard: bool) {
    let look = tokens(ui.ctx());
    let fill = match (selected, response.hovered()) {
        (true, _) => look.accent_dim,
        (false, true) => look.control,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, Tokens::CORNER[0], fill);
    if response.has_focus() {
        let ring = Stroke::new(Tokens::HAIRLINE, look.accent);
        ui.painter().rect_stroke(rect, Tokens::CORNER[0], ring, egui::StrokeKind::Inside);
    }
    let inside = rect.shrink2(Vec2::new(Tokens::SPACE[1], 0.0));
    let (sign, name) = inside.split_left_right_at_x(inside.left() + Tokens::SPACE[3]);
    let (icon, colour) = match entry.kind {
        EntryKind::Folder => (Icon::Folder, look.secondary),
        EntryKind::Song => (Icon::Song, look.accent),
        EntryKind::Audio if heard => (Icon::Speaker, look.in_tune),
        EntryKind::Audio => (Icon::File, look.secondary),
    };
    draw(ui.painter(), icon, sign, colour);
    let name = Rect::from_min_max(name.min + Vec2::new(Tokens::SPACE[1], 0.0), name.max);
    let right = if entry.kind == EntryKind::Audio { Tokens::SPACE[4] } else { 0.0 };
    let name = Rect::from_min_max(name.min, name.max - Vec2::new(right, 0.0));
    elided(ui, name, &entry.name, Tokens::TYPE[2], look.text);
}

/// The small button at the right that lets a file be heard.
fn speaker(ui: &Ui, rect: Rect, index: usize, entry: &Entry, heard: bool) -> Response {
    let look = tokens(ui.ctx());
    let place = Rect::from_min_max(egui::pos2(rect.right() - LINE, rect.top()), rect.max);
    let response = ui.interact(place, id(index).with("hear"), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, heard, format!("Hear {}", entry.name)));
    let lit = heard || response.hovered() || response.has_focus();
    let colour = if lit { look.text } else { look.faint };
    let icon = if heard { Icon::Stop } else { Icon::Play };
    draw(ui.painter(), icon, place.shrink(Tokens::SPACE[1]), colour);
    response.on_hover_text(if heard { "Stop" } else { "Hear this file" })
}
