//! Whether a service is really to be stopped, restarted or started.

use egui::Ui;
use jarvis::event::Action as Act;

use super::form::{Answer, Tone, card, say};
use crate::look::control::text_button;
use crate::studio::action::Action;
use crate::studio::operator::Wish;
use crate::studio::operator::happening::title;
use crate::window::Scene;

/// What is asked.
#[derive(Debug)]
pub struct ActForm {
    service: String,
    action: Act,
    /// JARVIS is restarting it.
    trying: bool,
}

impl ActForm {
    pub(super) fn new(service: &str, action: Act, trying: bool) -> Self {
        Self { service: service.to_owned(), action, trying }
    }

    pub(super) fn show(&mut self, ui: &Ui, scene: &mut Scene<'_>) -> Answer {
        let mut answer = Answer::Stays;
        let (verb, words) = self.words();
        let title = format!("{verb} {}?", title(&self.service));
        let ((), off) = card(ui, &title, 460.0, |ui, form| {
            form.body(ui, |ui, _| {
                say(ui, Tone::Quiet, words);
                say(ui, Tone::Quiet, "The song and the sound are not touched.");
            });
            form.foot(ui, |ui, form| {
                if form.confirm(ui, verb, None) {
                    let (service, action) = (self.service.clone(), self.action);
                    scene.wish(Action::Supervise(Wish::Act { service, action }));
                    answer = Answer::Closes;
                }
                if text_button(ui, "Cancel", false).clicked() {
                    answer = Answer::Closes;
                }
            });
        });
        if off { Answer::Closes } else { answer }
    }

    fn words(&self) -> (&'static str, &'static str) {
        match (self.action, self.trying) {
            (Act::Start, _) => (
                "Start",
                "It runs until somebody stops it; if it falls, it is restarted while automatic actions are on.",
            ),
            (Act::Stop, true) => {
                ("Stop", "JARVIS stops trying to restart it. It stays stopped until somebody starts it.")
            }
            (Act::Stop, false) => (
                "Stop",
                "It is asked to end, and killed if it does not. It stays stopped until somebody starts it, and what it is working on is lost.",
            ),
            (Act::Restart, _) => (
                "Restart",
                "It is asked to end, and killed if it does not; then it is started again. What it is working on is lost.",
            ),
        }
    }
}
