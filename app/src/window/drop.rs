//! Files dragged in from the desktop: the ghost that shows where they land, and the drop.

use egui::Ui;

use super::Scene;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let _ = (ui, scene);
}
