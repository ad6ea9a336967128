//! The channel strip of the selected track.

use egui::Ui;

use super::Scene;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let _ = (ui, scene);
}
