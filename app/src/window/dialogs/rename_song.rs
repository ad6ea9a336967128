//! Another name for the song. Its folder keeps its own: whoever opens it by that finds it.

use dawg_session::{Edit, Name};
use egui::Ui;

use super::form::{Answer, Tone, card, say};
use crate::look::control::text_button;
use crate::studio::Studio;
use crate::window::Scene;

/// What a person has typed so far.
#[derive(Debug)]
pub struct RenameSongForm {
    name: String,
}

impl RenameSongForm {
    pub(super) fn new(studio: &Studio) -> Self {
        Self { name: studio.session().map(|session| session.name.to_string()).unwrap_or_default() }
    }

    pub(super) fn show(&mut self, ui: &Ui, scene: &mut Scene<'_>) -> Answer {
        let mut answer = Answer::Stays;
        let ((), off) = card(ui, "Rename song", 440.0, |ui, form| {
            form.body(ui, |ui, form| {
                let field = form.field(ui, "Name", &mut self.name, "Midnight Verse");
                form.first(&field);
                say(
                    ui,
                    Tone::Quiet,
                    "The folder on disk keeps its name, so that whatever points to it still finds it.",
                );
            });
            form.foot(ui, |ui, form| {
                let name = Name::new(&self.name);
                let why_not = name.as_ref().err().map(ToString::to_string);
                if form.confirm(ui, "Rename", why_not.as_deref())
                    && let Ok(name) = name
                {
                    scene.edit(format!("Rename song to “{name}”"), vec![Edit::SetSongName { name }]);
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
