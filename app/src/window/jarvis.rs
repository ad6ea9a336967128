//! The view of the supervisor: an honest page about what comes.

use egui::Ui;

use super::{Later, Scene, later};
use crate::look::icon::Icon;

/// Draws it.
pub fn show(ui: &mut Ui, _scene: &mut Scene<'_>) {
    later(
        ui,
        &Later {
            title: "JARVIS",
            words: "The supervisor comes with a later version. Nothing is supervised yet.",
            comes: &[
                (Icon::Heart, "Health", "Watches sound, disk and AI services, and says so in one place."),
                (
                    Icon::Loop,
                    "Recovery",
                    "Starts again what has died, without touching the song or the sound.",
                ),
                (Icon::Info, "Trail", "Keeps a record of what it noticed and what it did about it."),
            ],
        },
    );
}
