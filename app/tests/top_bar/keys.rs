//! Palette and shortcuts.

use crate::window::Window;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Preferences;
use ai_dawg::studio::view::Tab;
use egui::Modifiers;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

// Seen red: with Enter left to the text field.
#[test]
fn the_palette_finds_and_runs_an_action() {
    let mut harness = Window::open(|_| {}).harness([1_280.0, 720.0], 1.0);
    harness.key_press_modifiers(Modifiers::COMMAND, egui::Key::K);
    harness.run_ok();
    harness.get_by_label("Find an action").type_text("export");
    harness.run_ok();
    assert!(harness.query_by_role_and_label(Role::ListBoxOption, "Export…").is_some());
    harness.key_press(egui::Key::Enter);
    harness.run_ok();
    assert!(harness.state().shell.view().palette.is_none());
    assert!(harness.state().shell.view().dialog.is_some());
    let mut harness = Window::open(|_| {}).harness([1_280.0, 720.0], 1.0);
    harness.key_press_modifiers(Modifiers::COMMAND, egui::Key::K);
    harness.run_ok();
    harness.get_by_label("Find an action").type_text("doub");
    harness.run_ok();
    harness.get_by_role_and_label(Role::ListBoxOption, "Go to track Doubles").click();
    harness.run_ok();
    let doubles = harness.state().shell.studio().session().unwrap().tracks[1].id;
    assert_eq!(harness.state().shell.view().selection.track, Some(doubles));
}

// Seen red: with the default keys in place of the chosen ones.
#[test]
fn chosen_keys_replace_the_default_and_text_keeps_its_letters() {
    let change = |preferences: &mut Preferences| {
        preferences.keys.insert(Command::ShowMix, "Ctrl+J".to_owned());
    };
    let mut harness = Window::open(change).harness([1_280.0, 720.0], 1.0);
    harness.key_press(egui::Key::F6);
    harness.run_ok();
    assert_eq!(harness.state().shell.view().tab, Tab::Arrange);
    harness.key_press_modifiers(Modifiers::COMMAND, egui::Key::J);
    harness.run_ok();
    assert_eq!(harness.state().shell.view().tab, Tab::Mix);
    let metronome =
        |harness: &Harness<'_, Window>| harness.state().shell.studio().session().unwrap().metronome.on;
    harness.get_by_label("Tempo").click();
    harness.run_ok();
    harness.key_press(egui::Key::K);
    harness.run_ok();
    assert!(!metronome(&harness), "a letter of a text was taken for a shortcut");
    harness.key_press(egui::Key::Escape);
    harness.run_ok();
    harness.key_press(egui::Key::K);
    harness.run_ok();
    assert!(metronome(&harness));
}
