//! What a person chose for all songs. Each change holds at once; there is nothing to confirm.

use std::path::PathBuf;

use egui::{Label, Ui};

use super::form::{Answer, Form, Tone, card, path_of, path_words, say, section};
use crate::look::control::{icon_button, text_button};
use crate::look::icon::Icon;
use crate::studio::Studio;
use crate::studio::action::{Action, Pick};
use crate::studio::command::Command;
use crate::studio::preferences::{AtStart, Preferences, TextScale, Theme};
use crate::studio::view::Snap;
use crate::window::Scene;

/// Sizes of text that the buttons step through, in per cent.
const SIZES: [u16; 8] = [75, 90, 100, 110, 125, 150, 175, 200];

/// What is being typed.
#[derive(Debug)]
pub struct PreferencesForm {
    folder: String,
    picked: bool,
}

impl PreferencesForm {
    pub(super) fn new(studio: &Studio) -> Self {
        Self { folder: path_words(&studio.songs_folder()), picked: false }
    }

    pub(super) fn picked(&mut self, paths: &[PathBuf]) {
        if let Some(folder) = paths.first() {
            self.folder = path_words(folder);
            self.picked = true;
        }
    }

    pub(super) fn show(&mut self, ui: &Ui, scene: &mut Scene<'_>) -> Answer {
        let mut answer = Answer::Stays;
        let mut wanted = scene.studio.preferences().clone();
        let ((), off) = card(ui, "Preferences", 560.0, |ui, form| {
            form.body(ui, |ui, form| {
                looks(ui, form, &mut wanted);
                section(ui, "Songs");
                self.folder_row(ui, form, scene, &mut wanted);
                let starts =
                    [(AtStart::LastSong, "The last song", None), (AtStart::NewSong, "A new song", None)];
                form.segments(ui, "At start, open", &mut wanted.at_start, &starts);
                work(ui, form, scene, &mut wanted);
            });
            form.foot(ui, |ui, form| {
                if form.confirm(ui, "Close", None) {
                    answer = Answer::Closes;
                }
                for (words, command) in
                    [("Keyboard shortcuts…", Command::Shortcuts), ("Audio settings…", Command::AudioSettings)]
                {
                    if text_button(ui, words, false).clicked() {
                        scene.command(command);
                        answer = Answer::Closes;
                    }
                }
            });
        });
        if wanted != *scene.studio.preferences() {
            scene.wish(Action::Preferences(Box::new(wanted)));
        }
        if off { Answer::Closes } else { answer }
    }

    fn folder_row(&mut self, ui: &mut Ui, form: &mut Form, scene: &mut Scene<'_>, wanted: &mut Preferences) {
        let before = self.folder.clone();
        if form.path(ui, "Songs folder", &mut self.folder, "Choose…") {
            scene.wish(Action::Pick(Pick::NewSongFolder));
        }
        if before != self.folder || std::mem::take(&mut self.picked) {
            match path_of(&self.folder) {
                Some(folder) => wanted.songs_folder = Some(folder),
                None if self.folder.trim().is_empty() => wanted.songs_folder = None,
                None => {}
            }
        }
        if path_of(&self.folder).is_none() && !self.folder.trim().is_empty() {
            say(ui, Tone::Attention, "Give the folder as a whole path, such as ~/Music/AI DAWG.");
        }
    }
}

fn looks(ui: &mut Ui, form: &mut Form, wanted: &mut Preferences) {
    let themes = [
        (Theme::Dark, "Dark", None),
        (Theme::Light, "Light", None),
        (Theme::HighContrast, "High contrast", None),
    ];
    form.segments(ui, "Theme", &mut wanted.theme, &themes);
    form.row(ui, "Text size", |ui, _, _| {
        let now = (wanted.text_scale.get() * 100.0).round() as u16;
        let smaller = SIZES.iter().rev().copied().find(|size| *size < now);
        let larger = SIZES.iter().copied().find(|size| *size > now);
        let mut step = |ui: &mut Ui, icon, name, to: Option<u16>| {
            let button = ui.add_enabled_ui(to.is_some(), |ui| icon_button(ui, icon, name, "")).inner;
            if let (true, Some(to)) = (button.clicked(), to) {
                wanted.text_scale = TextScale(f32::from(to) / 100.0);
            }
        };
        step(ui, Icon::Minus, "Smaller text", smaller);
        ui.add_sized([52.0, 24.0], Label::new(format!("{now} %")));
        step(ui, Icon::Plus, "Larger text", larger);
    });
}

fn work(ui: &mut Ui, form: &mut Form, scene: &mut Scene<'_>, wanted: &mut Preferences) {
    section(ui, "Work");
    let snaps = [
        (Snap::Auto, "Grid", None),
        (Snap::Bar, "Bar", None),
        (Snap::Beat, "Beat", None),
        (Snap::Sixteenth, "1/16", None),
        (Snap::Off, "Off", None),
    ];
    if form.segments(ui, "Snap", &mut wanted.snap, &snaps) {
        scene.view.timeline.snap = wanted.snap;
    }
    let formats = [(false, "24 bit", None), (true, "32 bit float", None)];
    form.segments(ui, "Record as", &mut wanted.record_float, &formats);
    let mut follows = !wanted.no_follow;
    if form.check(ui, "Playhead", &mut follows, "The timeline follows it") {
        wanted.no_follow = !follows;
        scene.view.timeline.follow = follows;
    }
    form.row(ui, "Tour", |ui, _, _| {
        let again =
            ui.add_enabled_ui(wanted.toured, |ui| text_button(ui, "Show it again at the next start", false));
        if again.inner.clicked() {
            wanted.toured = false;
        }
    });
}
