//! What is shown while no song is open: opening, failed, none.

use egui::Ui;

use super::Scene;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let _ = (ui, scene);
}
