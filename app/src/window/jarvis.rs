//! The view of the supervisor.

use egui::Ui;

use super::{Scene, later};

/// Draws it.
pub fn show(ui: &mut Ui, _scene: &mut Scene<'_>) {
    later(ui, "JARVIS", "The supervisor comes with a later version. Nothing is supervised yet.");
}
