//! The bar on top, the same in every view.

use egui::Ui;

use super::Scene;

/// Its height.
pub const HEIGHT: f32 = 56.0;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let _ = (ui, scene);
}
