//! A short tour of the window, which can be skipped.

use egui::{Rect, Ui};

use super::Scene;

/// Where the parts were drawn that the tour points at.
#[derive(Debug, Default, Clone, Copy)]
pub struct Marks {
    /// The top bar.
    pub bar: Option<Rect>,
    /// The main menu's button in it.
    pub menu: Option<Rect>,
    /// Play, stop, record and their neighbours.
    pub transport: Option<Rect>,
    /// The browser, while it is open.
    pub browser: Option<Rect>,
    /// Track headers and timeline together.
    pub arrange: Option<Rect>,
}

/// Starts it when a person has never seen it.
pub fn start(scene: &mut Scene<'_>, main: bool) {
    let _ = (scene, main);
}

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let _ = (ui, scene);
}
