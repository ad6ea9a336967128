//! The question that closing asks while something is under way.

use egui::Ui;

use super::form::{Tone, card, say};
use crate::look::control::text_button;
use crate::studio::Closing;
use crate::studio::action::{Action, CloseAnswer};
use crate::window::Scene;

/// Draws it.
pub(super) fn show(ui: &Ui, scene: &mut Scene<'_>) {
    let finishing = scene.studio.closing() == Some(Closing::Finishing);
    let title = if finishing { "Closing…" } else { "Close now?" };
    let mut answer = None;
    let ((), off) = card(ui, title, 480.0, |ui, form| {
        form.body(ui, |ui, _| under_way(ui, scene, finishing));
        form.foot(ui, |ui, form| {
            // The focus starts where nothing is lost.
            if !finishing {
                if form.confirm(ui, "Finish, then close", None) {
                    answer = Some(CloseAnswer::WaitAndClose);
                }
                if text_button(ui, "Stop and close", false).clicked() {
                    answer = Some(CloseAnswer::StopAndClose);
                }
            }
            if text_button(ui, "Stay", false).clicked() {
                answer = Some(CloseAnswer::Stay);
            }
        });
    });
    if off {
        answer = Some(CloseAnswer::Stay);
    }
    if let Some(answer) = answer {
        scene.wish(Action::Close(answer));
    }
}

/// What is under way, and what is safe.
fn under_way(ui: &mut Ui, scene: &Scene<'_>, finishing: bool) {
    let recording = scene.studio.readout().recording.is_some();
    if recording {
        say(
            ui,
            Tone::Attention,
            "A recording is under way. What is recorded so far is on disk, and becomes a take.",
        );
    }
    for job in scene.studio.jobs().running() {
        let percent =
            job.progress.fraction().map_or(String::new(), |part| format!(" · {:.0} %", part * 100.0));
        say(ui, Tone::Attention, &format!("{}{percent}", job.title));
    }
    let words = match (finishing, recording) {
        (true, _) => "The window closes when this has come to its end. The song itself is safe.",
        (false, true) => {
            "“Finish” and “Stop” both end the recording and keep the take. The song itself is safe."
        }
        (false, false) => "“Stop” leaves no half-made file behind. The song itself is safe.",
    };
    say(ui, Tone::Quiet, words);
}
