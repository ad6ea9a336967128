//! The lanes: grid, clips, waveforms, playhead, and what the pointer does to them.

use egui::Ui;

use crate::window::Scene;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let _ = (ui, scene);
}
