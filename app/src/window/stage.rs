//! What is shown while no song is open: opening, failed, none.

use std::path::Path;

use dawg_session::Access;
use egui::{Align, Frame, Label, Layout, Margin, RichText, ScrollArea, Stroke, Ui, Vec2};

use super::Scene;
use super::dialogs::form::{Tone, path_words, say, song_name};
use super::dialogs::recent;
use crate::look::control::text_button;
use crate::look::{Tokens, semibold, tokens};
use crate::studio::Stage;
use crate::studio::action::Action;
use crate::studio::command::Command;

/// Width of the card in the middle.
const WIDTH: f32 = 520.0;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    match scene.studio.stage() {
        Stage::Opening(folder) => opening(ui, folder),
        Stage::Failed { folder, why, readable } => {
            let (folder, why, readable) = (folder.clone(), why.clone(), *readable);
            card(ui, |ui| failed(ui, scene, &folder, &why, readable));
        }
        Stage::Empty => card(ui, |ui| empty(ui, scene)),
        Stage::Open(_) => {}
    }
}

fn opening(ui: &mut Ui, folder: &Path) {
    let look = tokens(ui.ctx());
    let height = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space(height * 0.4);
        let name = RichText::new(song_name(folder)).font(semibold(Tokens::TYPE[4])).color(look.text);
        ui.add(Label::new(name).truncate());
        ui.add_space(Tokens::SPACE[1]);
        ui.add(Label::new(RichText::new("Opening…").color(look.secondary)));
    });
}

/// A card in the middle, which scrolls where the window is too low.
fn card(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let look = tokens(ui.ctx());
    let area = ui.available_size();
    let width = WIDTH.min(area.x - 2.0 * Tokens::SPACE[4]);
    ScrollArea::vertical().id_salt("stage").auto_shrink(false).show(ui, |ui| {
        ui.add_space((area.y * 0.16).max(Tokens::SPACE[4]));
        ui.horizontal(|ui| {
            ui.add_space(((area.x - width) / 2.0 - Tokens::SPACE[4]).max(0.0));
            Frame::new()
                .fill(look.panel)
                .stroke(Stroke::new(Tokens::HAIRLINE, look.hairline))
                .corner_radius(Tokens::CORNER[2])
                .inner_margin(Margin::same(Tokens::SPACE[4] as i8))
                .show(ui, |ui| {
                    ui.allocate_ui_with_layout(Vec2::new(width, 0.0), Layout::top_down(Align::Min), |ui| {
                        ui.set_width(width);
                        ui.spacing_mut().item_spacing = Vec2::splat(Tokens::SPACE[1]);
                        add(ui);
                    });
                });
        });
    });
}

fn title(ui: &mut Ui, words: &str) {
    let words = RichText::new(words).font(semibold(Tokens::TYPE[4])).color(tokens(ui.ctx()).text);
    ui.add(Label::new(words).truncate());
}

fn failed(ui: &mut Ui, scene: &mut Scene<'_>, folder: &Path, why: &str, readable: bool) {
    title(ui, &format!("“{}” could not be opened", song_name(folder)));
    say(ui, Tone::Wrong, why);
    say(ui, Tone::Quiet, &path_words(folder));
    ui.add_space(Tokens::SPACE[1]);
    ui.horizontal_wrapped(|ui| {
        if text_button(ui, "Try again", true).clicked() {
            scene.wish(Action::Open { folder: folder.to_owned(), access: Access::Write });
        }
        if readable && text_button(ui, "Open for reading", false).clicked() {
            scene.wish(Action::Open { folder: folder.to_owned(), access: Access::ReadOnly });
        }
        if text_button(ui, "Open another…", false).clicked() {
            scene.command(Command::OpenSong);
        }
        if text_button(ui, "New song…", false).clicked() {
            scene.command(Command::NewSong);
        }
        if text_button(ui, "Show in folder", false).clicked() {
            scene.wish(Action::ShowInFolder(folder.to_owned()));
        }
    });
}

fn empty(ui: &mut Ui, scene: &mut Scene<'_>) {
    title(ui, "No song is open");
    say(ui, Tone::Quiet, "Make one, open one, or look around in the demo.");
    ui.add_space(Tokens::SPACE[0]);
    ui.horizontal_wrapped(|ui| {
        if text_button(ui, "New song…", true).clicked() {
            scene.command(Command::NewSong);
        }
        if text_button(ui, "Open song…", false).clicked() {
            scene.command(Command::OpenSong);
        }
        if text_button(ui, "Open the demo song", false).clicked() {
            scene.command(Command::OpenDemo);
        }
    });
    recent(ui, scene);
}
