//! The song: main menu, name, what of it is saved, undo and redo.

use egui::accesskit::Role;
use egui::{Align2, Popup, Rect, Sense, Ui, WidgetInfo};

use super::Row;
use super::fit::{Fit, GAPS, wide};
use super::part::{self, Face, State};
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, medium, regular, semibold, tokens};
use crate::studio::Stage;
use crate::studio::action::Action;
use crate::studio::command::Command;
use crate::studio::work::SaveState;
use crate::window::keys::keys_of;
use crate::window::{Scene, menu};

pub(super) fn show(ui: &mut Ui, mut row: Row, fit: &Fit, scene: &mut Scene<'_>) {
    brand(ui, &mut row, fit, scene);
    if fit.song > 0.0 {
        row.space(GAPS[1]);
        let rect = row.part(fit.song, Tokens::HEIGHT[2] + Tokens::SPACE[0]);
        let (above, below) = rect.split_top_bottom_at_fraction(0.54);
        name(ui, above, scene);
        save_state(ui, below, scene);
    }
    if fit.history && scene.studio.work().is_some() {
        row.space(GAPS[1]);
        history(ui, &mut row, scene);
    }
}

/// The program's name opens its menu.
fn brand(ui: &mut Ui, row: &mut Row, fit: &Fit, scene: &mut Scene<'_>) {
    let rect = row.part(if fit.brand { wide::BRAND } else { wide::MENU }, Tokens::HEIGHT[2]);
    scene.view.marks.menu = Some(rect);
    let response = ui.interact(rect, ui.scope_id().with("menu"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Main menu"));
    part::hover_ground(ui, rect, &response);
    let tokens = tokens(ui.ctx());
    if fit.brand {
        let inner = rect.shrink2(egui::vec2(Tokens::SPACE[0], 0.0));
        part::text(ui, inner, Align2::LEFT_CENTER, "AI DAWG", semibold(Tokens::TYPE[3]), tokens.text);
    } else {
        let side = egui::Vec2::splat(Tokens::ICON[1]);
        icon::draw(ui.painter(), Icon::Menu, Rect::from_center_size(rect.center(), side), tokens.text);
    }
    let response = part::hint(response, "Main menu", "", "All that can be done, with its keys");
    Popup::menu(&response).show(|ui| menu::main(ui, scene));
}

fn name(ui: &mut Ui, rect: Rect, scene: &mut Scene<'_>) {
    let tokens = tokens(ui.ctx());
    let (words, ink) = match scene.studio.stage() {
        Stage::Open(work) => (work.session().name.to_string(), tokens.text),
        Stage::Opening(_) => ("Opening…".to_owned(), tokens.secondary),
        Stage::Failed { .. } | Stage::Empty => ("No song".to_owned(), tokens.secondary),
    };
    let response = ui.interact(rect, ui.scope_id().with("song"), Sense::click());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(words.clone()),
        ..WidgetInfo::labeled(Role::Button, true, "Song menu")
    });
    part::hover_ground(ui, rect, &response);
    let chevron = Tokens::SPACE[2];
    let inner = rect.shrink2(egui::vec2(Tokens::SPACE[0], 0.0));
    let room = inner.with_max_x(inner.right() - chevron);
    let shown = part::text(ui, room, Align2::LEFT_CENTER, &words, medium(Tokens::TYPE[3]), ink);
    let at = Rect::from_center_size(
        egui::pos2(shown.right() + chevron / 2.0 + 1.0, inner.center().y),
        egui::Vec2::splat(Tokens::TYPE[0]),
    );
    icon::draw(ui.painter(), Icon::ChevronDown, at, tokens.faint);
    let folder = scene.studio.work().map(|work| work.folder().display().to_string());
    let response = part::hint(response, &words, "", &folder.unwrap_or_default());
    Popup::menu(&response).show(|ui| menu::song(ui, scene));
}

/// Told by shape, word and colour; where it is not saved, a click tries again.
fn save_state(ui: &mut Ui, rect: Rect, scene: &mut Scene<'_>) {
    let Some(work) = scene.studio.work() else { return };
    let tokens = tokens(ui.ctx());
    let state = work.save_state();
    let (words, ink, more) = match &state {
        SaveState::Saved => ("saved", tokens.secondary, "All of it is on disk.".to_owned()),
        SaveState::Saving => {
            ("saving…", tokens.secondary, "The last steps are on their way to disk.".to_owned())
        }
        SaveState::Failed(why) => (
            "not saved — try again",
            tokens.attention,
            format!("{why}\nAll is kept in memory, and is tried again every few seconds."),
        ),
        SaveState::ReadOnly => (
            "read only",
            tokens.attention,
            "Another program has it open, or its folder cannot be written. Save a copy to work on."
                .to_owned(),
        ),
    };
    let failed = matches!(state, SaveState::Failed(_));
    let sense = if failed { Sense::click() } else { Sense::hover() };
    let response = ui.interact(rect, ui.scope_id().with("saved"), sense);
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(words.to_owned()),
        ..WidgetInfo::labeled(if failed { Role::Button } else { Role::Status }, true, "Save state")
    });
    if failed {
        part::hover_ground(ui, rect, &response);
    }
    let mark = Rect::from_center_size(
        egui::pos2(rect.left() + Tokens::SPACE[0] + Tokens::SPACE[0], rect.center().y),
        egui::Vec2::splat(Tokens::SPACE[2]),
    );
    let small = mark.shrink(Tokens::SPACE[0]);
    match &state {
        SaveState::Saved => {
            ui.painter().circle_filled(mark.center(), small.width() * 0.75, tokens.in_tune);
        }
        SaveState::Saving => {
            let stroke = egui::Stroke::new(Tokens::LINE, tokens.secondary);
            ui.painter().circle_stroke(mark.center(), small.width() * 0.75, stroke);
        }
        SaveState::Failed(_) => icon::draw(ui.painter(), Icon::Warning, mark, ink),
        SaveState::ReadOnly => icon::draw(ui.painter(), Icon::Info, mark, ink),
    }
    let room = rect.with_min_x(mark.right() + Tokens::SPACE[0]);
    part::text(ui, room, Align2::LEFT_CENTER, words, regular(Tokens::TYPE[1]), ink);
    if part::hint(response, words, "", &more).clicked() && failed {
        scene.wish(Action::SaveAgain);
    }
}

fn history(ui: &mut Ui, row: &mut Row, scene: &mut Scene<'_>) {
    let studio = scene.studio;
    let Some(document) = studio.work().map(crate::studio::work::Work::document) else { return };
    let steps = [
        (Icon::Undo, Command::Undo, "Undo", document.can_undo()),
        (Icon::Redo, Command::Redo, "Redo", document.can_redo()),
    ];
    for (icon, command, name, label) in steps {
        let rect = row.part(wide::BUTTON, Tokens::HEIGHT[2]);
        let state = if label.is_some() { State::Push } else { State::Idle };
        let response = part::button(ui, rect, command, name, &Face::Icon(icon), state);
        let keys = keys_of(studio.preferences(), command);
        let (title, more) = match label {
            Some(label) => (format!("{name} “{label}”"), ""),
            None => (
                name.to_owned(),
                if command == Command::Undo { "Nothing to undo" } else { "Nothing to redo" },
            ),
        };
        if part::hint(response, &title, &keys, more).clicked() {
            scene.command(command);
        }
        row.space(GAPS[0]);
    }
}
