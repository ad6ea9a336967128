//! Dialogs: new song, open, save a copy, import, export, audio settings, preferences, shortcuts, about, closing.

use egui::Ui;

use super::Scene;
use crate::studio::Studio;
use crate::studio::view::View;

/// The dialog that is open.
#[derive(Debug)]
pub enum Dialog {
    /// What this program is.
    About,
}

impl Dialog {
    /// A new song: where, name, rate, tempo.
    #[must_use]
    pub fn new_song(studio: &Studio) -> Self {
        let _ = studio;
        Self::About
    }

    /// Opening a song: recent ones, a path, the system's dialog.
    #[must_use]
    pub fn open_song(studio: &Studio) -> Self {
        let _ = studio;
        Self::About
    }

    /// Where a copy goes.
    #[must_use]
    pub fn save_copy(studio: &Studio) -> Self {
        let _ = studio;
        Self::About
    }

    /// Which files to import: paths, or the system's dialog.
    #[must_use]
    pub fn import(studio: &Studio, view: &View) -> Self {
        let _ = (studio, view);
        Self::About
    }

    /// What to export, and where to.
    #[must_use]
    pub fn export(studio: &Studio, view: &View) -> Self {
        let _ = (studio, view);
        Self::About
    }

    /// Device, rate, buffer, channels.
    #[must_use]
    pub fn audio_settings(studio: &Studio) -> Self {
        let _ = studio;
        Self::About
    }

    /// What a person chose for all songs.
    #[must_use]
    pub fn preferences(studio: &Studio) -> Self {
        let _ = studio;
        Self::About
    }

    /// Keys of all commands.
    #[must_use]
    pub fn shortcuts(studio: &Studio) -> Self {
        let _ = studio;
        Self::About
    }

    /// What this program is.
    #[must_use]
    pub fn about() -> Self {
        Self::About
    }
}

/// Draws the dialog that is open, and the question that closing asks.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let _ = (ui, scene);
}
