//! The command palette: finds every action by name.

use egui::Ui;

use super::Scene;

/// The palette while it is open.
#[derive(Debug, Default)]
pub struct Palette {
    /// What was typed.
    pub text: String,
    /// Which of the finds is chosen.
    pub chosen: usize,
}

/// Draws it, when open.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let _ = (ui, scene);
}
