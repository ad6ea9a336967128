//! Keys of all commands: a table that can be searched, and changed by pressing the keys.

use egui::{Align, Layout, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, Vec2};

use super::form::{Answer, Tone, card, elided, say, well};
use crate::look::control::{icon_button, text_button};
use crate::look::icon::Icon;
use crate::look::{Tokens, tokens};
use crate::studio::action::Action;
use crate::studio::command::{Command, Group};
use crate::studio::preferences::Preferences;
use crate::window::Scene;
use crate::window::keys::{self, Combo};

/// Height of a line of the table.
const LINE: f32 = 32.0;

/// The dialog's state.
#[derive(Debug, Default)]
pub struct ShortcutsForm {
    query: String,
    /// The command whose keys are awaited.
    waits: Option<Command>,
    said: Option<String>,
}

/// A line of the table.
enum Line {
    Title(Group),
    Command(Command),
}

impl ShortcutsForm {
    pub(super) fn show(&mut self, ui: &Ui, scene: &mut Scene<'_>) -> Answer {
        let mut answer = Answer::Stays;
        let mut wanted = scene.studio.preferences().clone();
        self.listen(ui, &mut wanted);
        let ((), off) = card(ui, "Keyboard shortcuts", 600.0, |ui, form| {
            form.field(ui, "Find", &mut self.query, "Name or keys");
            let lines = lines(&self.query, &wanted);
            let height = (ui.ctx().content_rect().height() - 300.0).clamp(96.0, 420.0);
            let width = ui.available_width();
            well(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                let area =
                    ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink(false);
                area.show_rows(ui, LINE, lines.len(), |ui, rows| {
                    for line in lines.get(rows).unwrap_or_default() {
                        self.line(ui, line, width - 2.0 * Tokens::SPACE[1], &mut wanted);
                    }
                });
            });
            let words = self
                .said
                .as_deref()
                .unwrap_or("Press a key cap to change it, then the keys. Escape leaves it.");
            let tone = if self.said.is_some() { Tone::Attention } else { Tone::Quiet };
            say(ui, tone, words);
            form.foot(ui, |ui, form| {
                // Enter may be the key that is being set.
                if self.waits.is_none() && form.confirm(ui, "Close", None) {
                    answer = Answer::Closes;
                }
                let changed = !wanted.keys.is_empty();
                if ui.add_enabled_ui(changed, |ui| text_button(ui, "Reset all", false)).inner.clicked() {
                    wanted.keys.clear();
                    self.said = None;
                }
            });
        });
        if wanted != *scene.studio.preferences() {
            scene.wish(Action::Preferences(Box::new(wanted)));
        }
        if off { Answer::Closes } else { answer }
    }

    /// Takes the keys that were waited for before anything else can. Escape leaves them as they are.
    fn listen(&mut self, ui: &Ui, wanted: &mut Preferences) {
        let Some(command) = self.waits else { return };
        if ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape)) {
            self.waits = None;
        } else if let Some(pressed) = keys::pressed_combo(ui.ctx()) {
            self.waits = None;
            self.said = set(wanted, command, pressed);
        }
    }

    fn line(&mut self, ui: &mut Ui, line: &Line, width: f32, wanted: &mut Preferences) {
        let look = tokens(ui.ctx());
        let (rect, _) = ui.allocate_exact_size(Vec2::new(width, LINE), Sense::hover());
        let inside = rect.shrink2(Vec2::new(Tokens::SPACE[1], 0.0));
        match line {
            Line::Title(group) => {
                elided(ui, inside, &group.name().to_uppercase(), Tokens::TYPE[0], look.faint);
            }
            Line::Command(command) => {
                let (left, right) = inside.split_left_right_at_fraction(0.5);
                elided(ui, left, command.name(), Tokens::TYPE[2], look.text);
                self.keys_of_line(ui, right, *command, wanted);
            }
        }
    }

    fn keys_of_line(&mut self, ui: &mut Ui, place: Rect, command: Command, wanted: &mut Preferences) {
        let layout = Layout::right_to_left(Align::Center);
        let mut ui = ui.new_child(UiBuilder::new().max_rect(place).layout(layout).id_salt(command.name()));
        ui.spacing_mut().item_spacing.x = Tokens::SPACE[0];
        let changed = wanted.keys.contains_key(&command);
        let reset = format!("Reset the keys of {}", command.name());
        if changed && icon_button(&mut ui, Icon::Undo, &reset, "").clicked() {
            wanted.keys.remove(&command);
            self.said = None;
        }
        let waits = self.waits == Some(command);
        let keys = keys::combos(wanted, command).map(keys::shown).collect::<Vec<_>>().join("   ");
        let words = match (waits, keys.is_empty()) {
            (true, _) => "Press keys…".to_owned(),
            (false, true) => "—".to_owned(),
            (false, false) => keys,
        };
        let cap = egui::Button::new(RichText::new(words).size(Tokens::TYPE[1]))
            .truncate()
            .corner_radius(Tokens::CORNER[0]);
        let name = format!("Keys of {}", command.name());
        let cap = ui.add(cap.selected(waits)).accessible_name(name);
        if cap.clicked() {
            self.waits = (!waits).then_some(command);
            cap.surrender_focus();
        }
    }
}

/// Gives a command these keys alone and takes them from others. Returns what is to be said of it.
fn set(preferences: &mut Preferences, command: Command, pressed: String) -> Option<String> {
    preferences.keys.insert(command, pressed);
    let conflicts = keys::conflicts(preferences, command);
    for (other, _) in &conflicts {
        let left = |combo: &Combo| !conflicts.contains(&(*other, *combo));
        let left = keys::combos(preferences, *other).filter(left).map(|combo| combo.to_string());
        let left = left.collect::<Vec<_>>().join(" ");
        preferences.keys.insert(*other, left);
    }
    if preferences.keys.get(&command).is_some_and(|keys| keys == command.default_keys()) {
        preferences.keys.remove(&command);
    }
    let (_, combo) = conflicts.first()?;
    let others = conflicts.iter().map(|(other, _)| format!("“{}”", other.name())).collect::<Vec<_>>();
    let keys = keys::shown(*combo);
    Some(format!("{keys} belonged to {}; now it means “{}”.", others.join(", "), command.name()))
}

/// The commands whose name or keys hold what was typed, by group.
fn lines(query: &str, preferences: &Preferences) -> Vec<Line> {
    let query = query.trim().to_lowercase();
    let fits = |command: Command| {
        command.name().to_lowercase().contains(&query)
            || keys::combos(preferences, command)
                .any(|combo| combo.to_string().to_lowercase().contains(&query))
    };
    let mut lines = Vec::new();
    for group in Group::ALL {
        let commands =
            Command::ALL.iter().copied().filter(|command| command.group() == group && fits(*command));
        let before = lines.len();
        lines.extend(commands.map(Line::Command));
        if lines.len() > before {
            lines.insert(before, Line::Title(group));
        }
    }
    lines
}
