//! A new song: its name, where it goes, its rate and tempo.

use std::path::PathBuf;

use egui::{Label, Ui};

use super::form::{Answer, Tone, card, path_of, path_words, say};
use crate::look::control::text_button;
use crate::studio::Studio;
use crate::studio::action::{Action, NewSong, Pick};
use crate::window::Scene;

/// The rates offered.
const RATES: [u32; 6] = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

/// What a person has typed so far.
#[derive(Debug)]
pub struct NewSongForm {
    name: String,
    folder: String,
    rate: u32,
    tempo: String,
}

impl NewSongForm {
    pub(super) fn new(studio: &Studio) -> Self {
        Self {
            name: String::new(),
            folder: path_words(&studio.songs_folder()),
            rate: 48_000,
            tempo: "120".to_owned(),
        }
    }

    pub(super) fn picked(&mut self, paths: &[PathBuf]) {
        if let Some(folder) = paths.first() {
            self.folder = path_words(folder);
        }
    }

    pub(super) fn show(&mut self, ui: &Ui, scene: &mut Scene<'_>) -> Answer {
        let mut answer = Answer::Stays;
        let ((), off) = card(ui, "New song", 520.0, |ui, form| {
            let mut choose = false;
            form.body(ui, |ui, form| {
                form.field(ui, "Name", &mut self.name, "Midnight Verse");
                choose = form.path(ui, "Folder", &mut self.folder, "Choose…");
                let rates = RATES.map(|rate| (rate, rate_words(rate)));
                form.combo(ui, "Sample rate", &mut self.rate, &rates);
                form.row(ui, "Tempo", |ui, form, label| {
                    form.line(ui, label, &mut self.tempo, "120", 72.0);
                    ui.add(Label::new("beats a minute").truncate());
                });
                self.tell(ui);
            });
            if choose {
                scene.wish(Action::Pick(Pick::NewSongFolder));
            }
            form.foot(ui, |ui, form| {
                let new = self.song();
                if form.confirm(ui, "Create", new.as_ref().err().map(String::as_str))
                    && let Ok(new) = new
                {
                    scene.wish(Action::NewSong(new));
                    answer = Answer::Closes;
                }
                if text_button(ui, "Cancel", false).clicked() {
                    answer = Answer::Closes;
                }
            });
        });
        if off { Answer::Closes } else { answer }
    }

    /// What will be made, or why it cannot be.
    fn tell(&self, ui: &mut Ui) {
        ui.add_space(crate::look::Tokens::SPACE[0]);
        match self.song() {
            Ok(new) => say(ui, Tone::Quiet, &format!("Makes {}", path_words(&new.folder))),
            Err(why) if self.name.trim().is_empty() => say(ui, Tone::Quiet, &why),
            Err(why) => say(ui, Tone::Wrong, &why),
        };
    }

    /// The song as typed.
    fn song(&self) -> Result<NewSong, String> {
        let name = self.name.trim();
        if name.is_empty() {
            return Err("Give the song a name. It can be changed later.".to_owned());
        }
        if let Err(error) = dawg_session::Name::new(name) {
            return Err(format!("This cannot be a name: {error}."));
        }
        let Some(folder) = path_of(&self.folder) else {
            return Err("Give the folder as a whole path, such as ~/Music/AI DAWG.".to_owned());
        };
        let bpm = self.tempo.trim().replace(',', ".").parse::<f64>().ok();
        let Some(bpm) = bpm.filter(|bpm| dawg_session::Tempo::from_bpm(*bpm).is_some()) else {
            return Err("Give a tempo from 10 to 999 beats a minute.".to_owned());
        };
        let folder = folder.join(dawg_media::files::safe_name(name, "dawg"));
        Ok(NewSong { folder, name: name.to_owned(), rate: self.rate, bpm })
    }
}

/// "44.1 kHz"
pub(super) fn rate_words(rate: u32) -> String {
    let kilohertz = f64::from(rate) / 1_000.0;
    format!("{kilohertz} kHz")
}
