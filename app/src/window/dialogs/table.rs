//! Where a table goes.

use std::path::PathBuf;

use egui::Ui;

use super::form::{Answer, Tone, card, path_of, path_words, say};
use crate::look::control::text_button;
use crate::studio::Studio;
use crate::studio::action::{Action, Pick};
use crate::studio::operator::table::Table;
use crate::window::Scene;

/// What a person has typed so far.
#[derive(Debug)]
pub struct TableForm {
    path: String,
    table: Table,
}

impl TableForm {
    pub(super) fn new(studio: &Studio, table: Table) -> Self {
        let places = studio.places();
        let folder = places.downloads.clone().or_else(|| places.home.clone());
        let folder = folder.filter(|folder| folder.is_dir()).or_else(|| places.home.clone());
        let folder = folder.unwrap_or_else(|| studio.data_folder().to_owned());
        Self { path: path_words(&folder.join(format!("jarvis-{}.csv", table.name))), table }
    }

    pub(super) fn picked(&mut self, paths: &[PathBuf]) {
        if let Some(path) = paths.first() {
            self.path = path_words(path);
        }
    }

    pub(super) fn show(&mut self, ui: &Ui, scene: &mut Scene<'_>) -> Answer {
        let mut answer = Answer::Stays;
        let ((), off) = card(ui, "Save as CSV", 520.0, |ui, form| {
            let mut choose = false;
            form.body(ui, |ui, form| {
                choose = form.path(ui, "File", &mut self.path, "Choose…");
                let rows = self.table.rows.len();
                let of = if rows == 1 { "row" } else { "rows" };
                say(
                    ui,
                    Tone::Quiet,
                    &format!("{rows} {of}, as they are now. Nothing that is there already is replaced."),
                );
            });
            if choose {
                scene.wish(Action::Pick(Pick::TableTo));
            }
            form.foot(ui, |ui, form| {
                let to = path_of(&self.path);
                let why_not = to.is_none().then_some("Give the file as a whole path.");
                if form.confirm(ui, "Save", why_not)
                    && let Some(path) = to
                {
                    scene.wish(Action::SaveTable { path, table: self.table.clone() });
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
