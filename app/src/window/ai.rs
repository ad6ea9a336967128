//! The view of the AI services: an honest page about what comes.

use egui::Ui;

use super::{Later, Scene, later};
use crate::look::icon::Icon;

/// Draws it.
pub fn show(ui: &mut Ui, _scene: &mut Scene<'_>) {
    later(
        ui,
        &Later {
            title: "Studio",
            words: "AI services come with a later version. None of them is here yet, and nothing listens.",
            comes: &[
                (Icon::Microphone, "Vocal coach", "Hears a take and says where it is flat, late or strong."),
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
