//! The bar on top.

use crate::window::{Window, until};
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;

// Seen red: with the keys listened to after the panels were drawn (Space then also pressed the button that had the
// focus).
#[test]
fn space_plays_and_stops_whatever_has_the_focus() {
    let mut harness = Window::open(|_| {}).harness([1_280.0, 720.0], 1.0);
    harness.get_by_label("Play").click();
    until(&mut harness, "the button plays", Window::rolling);
    harness.key_press(egui::Key::Space);
    until(&mut harness, "Space stops", |window| !window.rolling());
    harness.get_by_role_and_label(Role::Button, "Metronome").focus();
    harness.run_ok();
    let steps = harness.state().steps();
    harness.key_press(egui::Key::Space);
    until(&mut harness, "Space plays", Window::rolling);
    assert_eq!(harness.state().steps(), steps, "the metronome's button was pressed too");
    harness.key_press(egui::Key::Space);
    until(&mut harness, "Space stops again", |window| !window.rolling());
}

// Seen red: with the gaps left out of `Fit::width` (at 720 points the views ran into the tempo).
#[test]
fn no_part_of_the_bar_overlaps_another() {
    let names = [
        "Main menu",
        "Song menu",
        "Save state",
        "Undo",
        "Redo",
        "Go to start",
        "Stop",
        "Play",
        "Record",
        "Loop",
        "Transport",
        "Position",
        "Time",
        "Tempo",
        "Tap tempo",
        "Meter",
        "Key",
        "Metronome",
        "Count-in",
        "Arrange",
        "Mix",
        "Studio",
        "JARVIS",
        "View",
        "Round trip",
        "Load",
        "JARVIS state",
    ];
    for width in [720.0, 960.0, 1_100.0, 1_280.0, 1_440.0, 1_600.0, 1_920.0] {
        let harness = Window::open(|_| {}).harness([width, 600.0], 1.0);
        let found = |name| harness.query_all_by_label(name).map(move |node| (name, node.rect()));
        let parts = names.into_iter().flat_map(found).filter(|(_, rect)| rect.bottom() <= 56.0);
        let parts = parts.collect::<Vec<_>>();
        assert!(parts.len() >= 13, "{width}: {parts:?}");
        for (at, (name, rect)) in parts.iter().enumerate() {
            assert!(rect.left() >= 0.0 && rect.right() <= width, "{width}: {name} {rect:?}");
            for (other, beside) in &parts[at + 1..] {
                let shared = rect.intersect(*beside);
                assert!(shared.width() < 1.0 || shared.height() < 2.0, "{width}: {name} over {other}");
            }
        }
    }
}

// Seen red: with a repaint asked for in each frame of the bar.
#[test]
fn a_window_at_rest_draws_nothing() {
    let mut harness = Window::open(|_| {}).harness([1_280.0, 720.0], 1.0);
    until(&mut harness, "sound", |window| {
        matches!(window.shell.studio().readout().device, ai_dawg::sound::DeviceState::Running(_))
    });
    harness.run_ok();
    assert!(harness.try_run().is_ok());
}

// Seen red: with the text taken on every change instead of when the field is left.
#[test]
fn a_typed_tempo_is_one_step_of_history_and_escape_leaves_it() {
    let mut harness = Window::open(|_| {}).harness([1_280.0, 720.0], 1.0);
    let steps = harness.state().steps();
    harness.get_by_label("Tempo").click();
    harness.run_ok();
    harness.get_by_label("Tempo").type_text("128.5");
    harness.run_ok();
    harness.key_press(egui::Key::Enter);
    harness.run_ok();
    assert!((harness.state().bpm() - 128.5).abs() < 1e-9, "{}", harness.state().bpm());
    assert_eq!(harness.state().steps(), steps + 1);
    harness.get_by_label("Tempo").click();
    harness.run_ok();
    harness.get_by_label("Tempo").type_text("70");
    harness.key_press(egui::Key::Escape);
    harness.run_ok();
    assert!((harness.state().bpm() - 128.5).abs() < 1e-9, "{}", harness.state().bpm());
    assert_eq!(harness.state().steps(), steps + 1);
}
