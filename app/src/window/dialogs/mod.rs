//! Dialogs: new song, open, save a copy, import, export, audio settings, preferences, shortcuts, about, closing.
//!
//! Start at [`show`]. Each dialog has a room of its own with its state; what they are made of stands in `form`.

mod about;
mod act;
mod audio;
mod calibrate;
mod closing;
mod copy;
mod export;
pub(in crate::window) mod form;
mod import;
mod key;
mod new_song;
mod open_song;
mod preferences;
mod rename_song;
mod shortcuts;
mod table;

use std::path::PathBuf;

use egui::Ui;

use super::Scene;
use crate::studio::Studio;
use crate::studio::action::Pick;
use crate::studio::view::View;
use form::Answer;
pub(in crate::window) use open_song::recent;

/// The dialog that is open.
#[derive(Debug)]
pub enum Dialog {
    /// A new song.
    NewSong(new_song::NewSongForm),
    /// Opening a song.
    OpenSong(open_song::OpenSongForm),
    /// Another name for the song.
    RenameSong(rename_song::RenameSongForm),
    /// The song's key and reference pitch.
    Key(key::KeyForm),
    /// A copy of the song.
    SaveCopy(copy::CopyForm),
    /// Files to take in.
    Import(import::ImportForm),
    /// A file of the song.
    Export(Box<export::ExportForm>),
    /// The sound device.
    Audio(audio::AudioForm),
    /// The round trip, measured.
    Calibrate(calibrate::CalibrateForm),
    /// What is chosen for all songs.
    Preferences(preferences::PreferencesForm),
    /// Keys of all commands.
    Shortcuts(shortcuts::ShortcutsForm),
    /// Whether a service is really to be stopped, restarted or started.
    Act(act::ActForm),
    /// Where a table goes.
    SaveTable(table::TableForm),
    /// What this program is.
    About,
}

impl Dialog {
    /// A new song: where, name, rate, tempo.
    #[must_use]
    pub fn new_song(studio: &Studio) -> Self {
        Self::NewSong(new_song::NewSongForm::new(studio))
    }

    /// Opening a song: recent ones, a path, the system's dialog.
    #[must_use]
    pub fn open_song(studio: &Studio) -> Self {
        let _ = studio;
        Self::OpenSong(open_song::OpenSongForm::default())
    }

    /// Another name for the song.
    #[must_use]
    pub fn rename_song(studio: &Studio) -> Self {
        Self::RenameSong(rename_song::RenameSongForm::new(studio))
    }

    /// The song's key and reference pitch.
    #[must_use]
    pub fn key(studio: &Studio) -> Self {
        Self::Key(key::KeyForm::new(studio))
    }

    /// Where a copy goes.
    #[must_use]
    pub fn save_copy(studio: &Studio) -> Self {
        Self::SaveCopy(copy::CopyForm::new(studio))
    }

    /// Which files to import: paths, or the system's dialog.
    #[must_use]
    pub fn import(studio: &Studio, view: &View) -> Self {
        Self::Import(import::ImportForm::new(studio, view))
    }

    /// What to export, and where to.
    #[must_use]
    pub fn export(studio: &Studio, view: &View) -> Self {
        Self::Export(Box::new(export::ExportForm::new(studio, view)))
    }

    /// Device, rate, buffer, channels.
    #[must_use]
    pub fn audio_settings(studio: &Studio) -> Self {
        let _ = studio;
        Self::Audio(audio::AudioForm::default())
    }

    /// Measuring the round trip, step by step.
    #[must_use]
    pub fn calibrate(studio: &Studio) -> Self {
        Self::Calibrate(calibrate::CalibrateForm::new(studio))
    }

    /// What a person chose for all songs.
    #[must_use]
    pub fn preferences(studio: &Studio) -> Self {
        Self::Preferences(preferences::PreferencesForm::new(studio))
    }

    /// Keys of all commands.
    #[must_use]
    pub fn shortcuts(studio: &Studio) -> Self {
        let _ = studio;
        Self::Shortcuts(shortcuts::ShortcutsForm::default())
    }

    /// What this program is.
    #[must_use]
    pub fn about() -> Self {
        Self::About
    }

    /// Whether something is really to be done to a service; `trying`: JARVIS is restarting it.
    #[must_use]
    pub fn act(service: &str, action: jarvis::event::Action, trying: bool) -> Self {
        Self::Act(act::ActForm::new(service, action, trying))
    }

    /// Where a table goes.
    #[must_use]
    pub fn save_table(studio: &Studio, table: crate::studio::operator::table::Table) -> Self {
        Self::SaveTable(table::TableForm::new(studio, table))
    }

    /// Takes in what a dialog of the system answered.
    pub fn picked(&mut self, pick: Pick, paths: &[PathBuf]) {
        match self {
            Self::NewSong(form) if pick == Pick::NewSongFolder => form.picked(paths),
            Self::Preferences(form) if pick == Pick::NewSongFolder => form.picked(paths),
            Self::SaveCopy(form) if pick == Pick::CopyTo => form.picked(paths),
            Self::Import(form) if pick == Pick::Audio => form.picked(paths),
            Self::Export(form) if pick == Pick::ExportTo => form.picked(paths),
            Self::SaveTable(form) if pick == Pick::TableTo => form.picked(paths),
            _ => {}
        }
    }
}

/// Draws the dialog that is open, and the question that closing asks.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    audio::watch(ui, scene);
    calibrate::watch(ui, scene);
    if let Some(mut dialog) = scene.view.dialog.take() {
        let answer = match &mut dialog {
            Dialog::NewSong(form) => form.show(ui, scene),
            Dialog::OpenSong(form) => form.show(ui, scene),
            Dialog::RenameSong(form) => form.show(ui, scene),
            Dialog::Key(form) => form.show(ui, scene),
            Dialog::SaveCopy(form) => form.show(ui, scene),
            Dialog::Import(form) => form.show(ui, scene),
            Dialog::Export(form) => form.show(ui, scene),
            Dialog::Audio(form) => form.show(ui, scene),
            Dialog::Calibrate(form) => form.show(ui, scene),
            Dialog::Preferences(form) => form.show(ui, scene),
            Dialog::Shortcuts(form) => form.show(ui, scene),
            Dialog::Act(form) => form.show(ui, scene),
            Dialog::SaveTable(form) => form.show(ui, scene),
            Dialog::About => about::show(ui),
        };
        if answer == Answer::Stays && scene.view.dialog.is_none() {
            scene.view.dialog = Some(dialog);
        } else {
            // It was drawn once more and is gone with the next frame.
            ui.ctx().request_repaint();
        }
    }
    if scene.studio.closing().is_some_and(|closing| !closing.is_over()) {
        closing::show(ui, scene);
    }
}
