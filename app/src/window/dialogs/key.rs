//! The song's key and the pitch of its A4: what notes are called, and what they are measured against.

use dawg_session::{Edit, Key, Mode, Session};
use egui::{Label, Ui};

use super::form::{Answer, Form, Tone, card, say};
use crate::look::control::{icon_button, text_button};
use crate::look::icon::Icon;
use crate::studio::Studio;
use crate::window::Scene;
use crate::window::top_bar::{key_name, reference};

/// A step of the buttons, in millihertz.
const STEP: i64 = 100;

/// What a person has chosen so far.
#[derive(Debug)]
pub struct KeyForm {
    key: Option<Key>,
    a4: String,
}

impl KeyForm {
    pub(super) fn new(studio: &Studio) -> Self {
        let session = studio.session();
        Self {
            key: session.and_then(|session| session.key),
            a4: reference::hertz(session.map_or(Session::DEFAULT_A4, |session| session.a4_millihertz)),
        }
    }

    pub(super) fn show(&mut self, ui: &Ui, scene: &mut Scene<'_>) -> Answer {
        let mut answer = Answer::Stays;
        let ((), off) = card(ui, "Key and reference pitch", 480.0, |ui, form| {
            form.body(ui, |ui, form| {
                form.combo(ui, "Key", &mut self.key, &choices());
                self.reference(ui, form);
                match reference::millihertz(&self.a4) {
                    Some(_) => say(
                        ui,
                        Tone::Quiet,
                        "Notes are named, and cents counted, from this A4. Nothing of the sound changes.",
                    ),
                    None => say(ui, Tone::Wrong, &format!("Give A4 as {}.", reference::WORDS)),
                };
            });
            form.foot(ui, |ui, form| {
                let a4 = reference::millihertz(&self.a4);
                let why_not = a4.is_none().then(|| format!("Give A4 as {}.", reference::WORDS));
                if form.confirm(ui, "Set", why_not.as_deref())
                    && let Some(a4) = a4
                {
                    self.set(scene, a4);
                    answer = Answer::Closes;
                }
                if text_button(ui, "Cancel", false).clicked() {
                    answer = Answer::Closes;
                }
            });
        });
        if off { Answer::Closes } else { answer }
    }

    /// The field, with steps of a tenth of a hertz and a way back to 440.
    fn reference(&mut self, ui: &mut Ui, form: &mut Form) {
        form.row(ui, "A4", |ui, form, label| {
            form.line(ui, label, &mut self.a4, "440", 72.0);
            ui.add(Label::new("Hz"));
            let now = reference::millihertz(&self.a4);
            for (icon, name, by) in
                [(Icon::Minus, "0.1 Hz lower", -STEP), (Icon::Plus, "0.1 Hz higher", STEP)]
            {
                let to = now.map(|now| reference::hertz((i64::from(now) + by) as u32));
                let to = to.filter(|to| reference::millihertz(to).is_some());
                let button = ui.add_enabled_ui(to.is_some(), |ui| icon_button(ui, icon, name, "")).inner;
                if let (true, Some(to)) = (button.clicked(), to) {
                    self.a4 = to;
                }
            }
            let usual = now == Some(Session::DEFAULT_A4);
            if ui.add_enabled_ui(!usual, |ui| text_button(ui, "Reset to 440", false)).inner.clicked() {
                self.a4 = reference::hertz(Session::DEFAULT_A4);
            }
        });
    }

    /// What is new, as one step of history.
    fn set(&self, scene: &mut Scene<'_>, a4_millihertz: u32) {
        let Some(session) = scene.studio.session() else { return };
        let (mut labels, mut edits) = (Vec::new(), Vec::new());
        if session.key != self.key {
            labels.push(self.key.map_or_else(|| "No key".to_owned(), |key| format!("Key {}", key_name(key))));
            edits.push(Edit::SetKey { key: self.key });
        }
        if session.a4_millihertz != a4_millihertz {
            labels.push(reference::label(a4_millihertz));
            edits.push(Edit::SetReferencePitch { a4_millihertz });
        }
        if !edits.is_empty() {
            scene.edit(labels.join(", "), edits);
        }
    }
}

/// None, and all keys, major and minor in turn.
fn choices() -> Vec<(Option<Key>, String)> {
    let keys = (0..12).flat_map(|tonic| [Mode::Major, Mode::Minor].map(|mode| Key { tonic, mode }));
    let named = keys.map(|key| (Some(key), key_name(key)));
    std::iter::once((None, "No key".to_owned())).chain(named).collect()
}
