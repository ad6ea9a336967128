//! The browser: folders and audio files, with audition.

use egui::Ui;

use super::Scene;

/// The browser's state in one window.
#[derive(Debug, Default)]
pub struct Browser {
    /// The line that is selected.
    pub selected: Option<usize>,
}

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let _ = (ui, scene);
}
