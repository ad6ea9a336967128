//! The question that closing asks while something is under way.

use egui::Ui;

use super::form::{Tone, card, say};
use crate::look::control::text_button;
use crate::studio::Closing;
use crate::studio::action::{Action, CloseAnswer};
use crate::studio::work::{SaveState, Work};
use crate::window::Scene;

/// What is under way, as the person is told.
#[derive(Clone, Copy)]
struct Busy {
    /// It is being brought to its end.
    finishing: bool,
    /// That takes long.
    slow: bool,
    works: bool,
    /// All the work was asked to stop.
    cancelled: bool,
    recording: bool,
    /// What was sung without recording is being written.
    keeping: bool,
    /// What the disk has of the song.
    song: &'static str,
}

impl Busy {
    fn of(scene: &Scene<'_>) -> Self {
        let (studio, readout) = (&scene.studio, scene.studio.readout());
        let closing = studio.closing();
        Self {
            finishing: closing.is_some_and(Closing::finishes),
            slow: closing.is_some_and(Closing::is_slow),
            works: studio.jobs().missed().next().is_some(),
            cancelled: studio.jobs().missed().all(|job| job.progress.is_cancelled()),
            recording: readout.recording.is_some(),
            keeping: readout.keeping,
            song: match studio.work().map(Work::save_state) {
                None | Some(SaveState::Saved | SaveState::ReadOnly) => "The song itself is safe.",
                Some(SaveState::Saving) => "The song’s last steps are still on their way to disk.",
                Some(SaveState::Failed(_)) => "The song’s last steps are not on disk: it refuses them.",
            },
        }
    }
}

/// Draws it.
pub(super) fn show(ui: &Ui, scene: &mut Scene<'_>) {
    let busy = Busy::of(scene);
    let title = if busy.finishing { "Closing…" } else { "Close now?" };
    let mut answer = None;
    let ((), off) = card(ui, title, 480.0, |ui, form| {
        form.body(ui, |ui, _| under_way(ui, scene, busy));
        form.foot(ui, |ui, form| {
            // The focus starts where nothing is lost.
            if !busy.finishing {
                let finish = match (busy.works, busy.recording) {
                    (true, _) => "Finish the work, then close",
                    (false, true) => "Keep the take and close",
                    (false, false) => "Close",
                };
                if form.confirm(ui, finish, None) {
                    answer = Some(CloseAnswer::WaitAndClose);
                }
            }
            // A recording alone only has the one end. What is cancelled cleans up, what is left behind does not: first the one.
            if busy.works && !busy.cancelled {
                if text_button(ui, "Cancel the work and close", false).clicked() {
                    answer = Some(CloseAnswer::StopAndClose);
                }
            } else if busy.slow && text_button(ui, "Close without waiting", false).clicked() {
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

/// What is under way, and what is safe.
fn under_way(ui: &mut Ui, scene: &Scene<'_>, busy: Busy) {
    if busy.recording {
        let words = if busy.slow {
            "A recording has not come to its end. What the disk has of it is kept, and becomes a take."
        } else {
            "A recording is under way. What is recorded so far is on disk, and becomes a take."
        };
        say(ui, Tone::Attention, words);
    }
    if busy.keeping {
        say(ui, Tone::Attention, "What was sung without recording is being written.");
    }
    for job in scene.studio.jobs().missed() {
        let percent =
            job.progress.fraction().map_or(String::new(), |part| format!(" · {:.0} %", part * 100.0));
        say(ui, Tone::Attention, &format!("{}{percent}", job.title));
    }
    if busy.finishing && scene.studio.supervision().ends() {
        say(ui, Tone::Quiet, "The AI services are being ended, in order.");
    }
    if busy.slow {
        say(ui, Tone::Attention, takes_long(busy));
    }
    let words = match (busy.finishing, busy.works, busy.recording) {
        (true, _, _) => "The window closes when this has come to its end.",
        (false, true, true) => {
            "Closing ends the recording and keeps the take. Cancelled work leaves no half-made file behind."
        }
        (false, true, false) => "Cancelled work leaves no half-made file behind.",
        (false, false, true) => "Closing ends the recording and keeps the take.",
        (false, false, false) if busy.keeping => "Closing waits until it is.",
        (false, false, false) => "All of it is done.",
    };
    say(ui, Tone::Quiet, &format!("{words} {}", busy.song));
}

/// What may be done when something hangs, and what that costs.
fn takes_long(busy: Busy) -> &'static str {
    if busy.works && !busy.cancelled {
        "This takes long. The work can be cancelled."
    } else if busy.works {
        "The work is being cancelled. If a disk hangs, close without waiting: a half-made file may stay on it."
    } else if busy.keeping {
        "This takes long. If a disk hangs, close without waiting: what it does not have yet of what was sung is lost."
    } else if busy.recording {
        "This takes long. If a disk or a sound device hangs, close without waiting: a take is found on the disk when the \
         song is opened next."
    } else {
        "This takes long. If a disk or a sound device hangs, close without waiting."
    }
}
