//! What this program is, and what it is made of.

use egui::{RichText, Ui};

use super::form::{Answer, Tone, card, say, section};
use crate::look::{Tokens, semibold};

/// What is bundled or built in, and under which licence.
const PARTS: &[(&str, &str)] = &[
    ("Inter, the typeface", "SIL Open Font License 1.1 · Copyright The Inter Project Authors"),
    ("egui and eframe, the window", "MIT or Apache-2.0"),
    ("Symphonia, decoding", "MPL-2.0"),
    ("LAME, MP3 encoding", "LGPL-2.0"),
    ("SQLite, the song's file", "public domain"),
];

/// Draws it.
pub(super) fn show(ui: &Ui) -> Answer {
    let mut answer = Answer::Stays;
    let ((), off) = card(ui, "About AI DAWG", 460.0, |ui, form| {
        form.body(ui, |ui, _| {
            ui.label(RichText::new("AI DAWG").font(semibold(Tokens::TYPE[4])));
            say(ui, Tone::Quiet, concat!("Version ", env!("CARGO_PKG_VERSION"), " · a music studio"));
            say(ui, Tone::Quiet, concat!("Licence: ", env!("CARGO_PKG_LICENSE")));
            section(ui, "Made with");
            for (part, licence) in PARTS {
                ui.label(*part);
                say(ui, Tone::Quiet, licence);
            }
        });
        form.foot(ui, |ui, form| {
            if form.confirm(ui, "Close", None) {
                answer = Answer::Closes;
            }
        });
    });
    if off { Answer::Closes } else { answer }
}
