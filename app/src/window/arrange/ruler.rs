//! The ruler: bars, time, the loop range.

use egui::Ui;

use crate::window::Scene;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let _ = (ui, scene);
}
