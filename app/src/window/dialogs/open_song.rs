//! Opening a song: the recent ones, a path, the system's dialog, the demo.

use std::path::PathBuf;

use dawg_session::Access;
use egui::{ScrollArea, Ui};

use super::form::{Answer, Tone, card, list_row, path_of, path_words, say, section, song_name, well};
use crate::look::control::{icon_button, text_button};
use crate::look::icon::Icon;
use crate::studio::action::{Action, Pick};
use crate::studio::command::Command;
use crate::window::Scene;

/// What a person has typed so far.
#[derive(Debug, Default)]
pub struct OpenSongForm {
    path: String,
}

impl OpenSongForm {
    pub(super) fn show(&mut self, ui: &Ui, scene: &mut Scene<'_>) -> Answer {
        let mut answer = Answer::Stays;
        let ((), off) = card(ui, "Open a song", 560.0, |ui, form| {
            let mut choose = false;
            form.body(ui, |ui, form| {
                choose = form.path(ui, "Folder", &mut self.path, "Choose folder…");
                if recent(ui, scene) {
                    answer = Answer::Closes;
                }
            });
            if choose {
                scene.wish(Action::Pick(Pick::Song));
            }
            form.foot(ui, |ui, form| {
                let folder = path_of(&self.path);
                let why_not = match folder {
                    Some(_) => None,
                    None => Some("Give the song's folder as a whole path, or choose one above."),
                };
                if form.confirm(ui, "Open", why_not)
                    && let Some(folder) = folder
                {
                    scene.wish(Action::Open { folder, access: Access::Write });
                    answer = Answer::Closes;
                }
                if text_button(ui, "Cancel", false).clicked() {
                    answer = Answer::Closes;
                }
                if text_button(ui, "Open the demo song", false).clicked() {
                    scene.command(Command::OpenDemo);
                    answer = Answer::Closes;
                }
            });
        });
        if off { Answer::Closes } else { answer }
    }
}

/// The songs opened last. Returns whether one was opened.
pub(in crate::window) fn recent(ui: &mut Ui, scene: &mut Scene<'_>) -> bool {
    section(ui, "Recent songs");
    let songs: Vec<PathBuf> = scene.studio.preferences().recent.clone();
    if songs.is_empty() {
        say(ui, Tone::Quiet, "Songs that you open are listed here.");
        return false;
    }
    let mut opened = false;
    let width = ui.available_width();
    well(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(244.0).id_salt("recent songs").show(ui, |ui| {
            for folder in songs {
                let name = song_name(&folder);
                ui.horizontal(|ui| {
                    let row = list_row(ui, &name, &path_words(&folder), false, width - 52.0);
                    if row.clicked() {
                        scene.wish(Action::Open { folder: folder.clone(), access: Access::Write });
                        opened = true;
                    }
                    let forget = icon_button(ui, Icon::Close, &format!("Forget “{name}”"), "");
                    if forget.on_hover_text("Takes it off this list; the song stays where it is").clicked() {
                        scene.wish(Action::ForgetRecent(folder));
                    }
                });
            }
        });
    });
    opened
}
