//! The question that closing asks while something is under way.

use egui::Ui;

use super::form::{Tone, card, say};
use crate::look::control::text_button;
use crate::studio::Closing;
use crate::studio::action::{Action, CloseAnswer};
use crate::window::Scene;

/// Draws it.
pub(super) fn show(ui: &Ui, scene: &mut Scene<'_>) {
    let closing = scene.studio.closing();
    let (finishing, slow) = (closing.is_some_and(Closing::finishes), closing.is_some_and(Closing::is_slow));
    let title = if finishing { "Closing…" } else { "Close now?" };
    let mut answer = None;
    let ((), off) = card(ui, title, 480.0, |ui, form| {
        form.body(ui, |ui, _| under_way(ui, scene, finishing, slow));
        form.foot(ui, |ui, form| {
            // The focus starts where nothing is lost.
            if !finishing {
                let (works, recording) = busy(scene);
                let finish = match (works, recording) {
                    (true, _) => "Finish the work, then close",
                    (false, true) => "Keep the take and close",
                    (false, false) => "Close",
                };
                if form.confirm(ui, finish, None) {
                    answer = Some(CloseAnswer::WaitAndClose);
                }
                // A recording alone only has the one end.
                if works && text_button(ui, "Cancel the work and close", false).clicked() {
                    answer = Some(CloseAnswer::StopAndClose);
                }
            }
            if slow && text_button(ui, "Close without waiting", false).clicked() {
                answer = Some(CloseAnswer::CloseAnyway);
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

/// Whether jobs are at work, and whether a recording is under way.
fn busy(scene: &Scene<'_>) -> (bool, bool) {
    let works = scene.studio.jobs().missed().next().is_some();
    (works, scene.studio.readout().recording.is_some())
}

/// What is under way, and what is safe.
fn under_way(ui: &mut Ui, scene: &Scene<'_>, finishing: bool, slow: bool) {
    let (works, recording) = busy(scene);
    if recording {
        let words = if slow {
            "A recording has not come to its end. What the disk has of it is kept, and becomes a take."
        } else {
            "A recording is under way. What is recorded so far is on disk, and becomes a take."
        };
        say(ui, Tone::Attention, words);
    }
    for job in scene.studio.jobs().missed() {
        let percent =
            job.progress.fraction().map_or(String::new(), |part| format!(" · {:.0} %", part * 100.0));
        say(ui, Tone::Attention, &format!("{}{percent}", job.title));
    }
    if finishing && scene.studio.supervision().ends() {
        say(ui, Tone::Quiet, "The AI services are being ended, in order.");
    }
    if slow {
        let words = if works {
            "Closing without waiting gives up what is not done."
        } else {
            "This takes long. If a disk or a sound device hangs, close without waiting: a take is found on the disk when the \
             song is opened next."
        };
        say(ui, Tone::Attention, words);
    }
    let words = match (finishing, works, recording) {
        (true, _, _) => "The window closes when this has come to its end. The song itself is safe.",
        (false, true, true) => {
            "Closing ends the recording and keeps the take. Cancelled work leaves no half-made file behind. The song itself is safe."
        }
        (false, true, false) => "Cancelled work leaves no half-made file behind. The song itself is safe.",
        (false, false, true) => "Closing ends the recording and keeps the take. The song itself is safe.",
        (false, false, false) => "All of it is done. The song itself is safe.",
    };
    say(ui, Tone::Quiet, words);
}
