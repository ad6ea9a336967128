//! The view of the AI services: an honest page about what is here and what comes.

use egui::Ui;

use super::{Later, Scene, later};
use crate::look::icon::Icon;

/// Draws it.
pub fn show(ui: &mut Ui, _scene: &mut Scene<'_>) {
    later(
        ui,
        &Later {
            title: "Studio",
            words: "The vocal coach is here: arm a track and open the pitch drawer (Shift+P), and it says there what it hears. JARVIS \
                    (F8) shows how it is. Others come with a later version.",
            comes: &[
                (Icon::Metronome, "Beat producer", "Builds drums, bass and chords around a key and a tempo."),
                (
                    Icon::Song,
                    "Music brain",
                    "Finds key, chords and sections, and answers questions about the song.",
                ),
            ],
        },
    );
}
