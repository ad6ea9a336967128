//! Where a copy of the song goes.

use std::path::PathBuf;

use egui::Ui;

use super::form::{Answer, Tone, card, path_of, path_words, say};
use crate::look::control::text_button;
use crate::studio::Studio;
use crate::studio::action::{Action, Pick};
use crate::window::Scene;

/// What a person has typed so far.
#[derive(Debug)]
pub struct CopyForm {
    path: String,
    name: String,
}

impl CopyForm {
    pub(super) fn new(studio: &Studio) -> Self {
        let song = studio.session().map(|session| session.name.to_string()).unwrap_or_default();
        let name = dawg_media::files::safe_name(&format!("{song} copy"), "dawg");
        Self { path: path_words(&studio.songs_folder().join(&name)), name }
    }

    pub(super) fn picked(&mut self, paths: &[PathBuf]) {
        if let Some(folder) = paths.first() {
            let is_song = folder.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("dawg"));
            let to = if is_song { folder.clone() } else { folder.join(&self.name) };
            self.path = path_words(&to);
        }
    }

    pub(super) fn show(&mut self, ui: &Ui, scene: &mut Scene<'_>) -> Answer {
        let mut answer = Answer::Stays;
        let ((), off) = card(ui, "Save a copy", 520.0, |ui, form| {
            let mut choose = false;
            form.body(ui, |ui, form| {
                choose = form.path(ui, "Copy to", &mut self.path, "Choose…");
                say(
                    ui,
                    Tone::Quiet,
                    "The copy has the song, its history and all its audio. You go on working in the song that is \
                     open. Nothing that is there already is replaced.",
                );
            });
            if choose {
                scene.wish(Action::Pick(Pick::CopyTo));
            }
            form.foot(ui, |ui, form| {
                let to = path_of(&self.path);
                let why_not = to.is_none().then_some("Give the folder as a whole path.");
                if form.confirm(ui, "Save the copy", why_not)
                    && let Some(to) = to
                {
                    scene.wish(Action::SaveCopy(with_ending(to)));
                    answer = Answer::Closes;
                }
                if text_button(ui, "Cancel", false).clicked() {
                    answer = Answer::Closes;
                }
            });
        });
        if off { Answer::Closes } else { answer }
    }
}

/// Songs end in `.dawg`, so that people and file managers know them.
fn with_ending(path: PathBuf) -> PathBuf {
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("dawg")) {
        return path;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".dawg");
    path.with_file_name(name)
}
