//! The arrange view: track headers on the left, ruler and timeline beside them, a minimap above.

pub mod headers;
pub mod ruler;
pub mod timeline;

use egui::Ui;

use super::Scene;

/// Height of the ruler, and of the corner above the headers.
pub const RULER_HEIGHT: f32 = 52.0;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    headers::show(ui, scene);
    ruler::show(ui, scene);
    timeline::show(ui, scene);
}
