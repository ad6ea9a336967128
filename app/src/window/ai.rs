//! The view of the AI services.

use egui::Ui;

use super::{Scene, later};

/// Draws it.
pub fn show(ui: &mut Ui, _scene: &mut Scene<'_>) {
    later(ui, "Studio", "The vocal coach, the beat producer and the music brain come with a later version.");
}
