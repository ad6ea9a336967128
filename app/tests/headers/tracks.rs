//! Track headers.

use crate::desk::{Desk, click, desk, drag, order, track, undo};
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::view::Tab;
use dawg_session::Monitor;
use egui::accesskit::Role;
use egui::{Key, PointerButton};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// Seen red: with `solo` in the place of `mute`, nothing is muted; with the Edit wished twice, two steps are counted.
#[test]
fn a_button_found_by_name_is_one_step_and_undo_takes_it_back() {
    let mut harness = desk(&["Lead vocal", "Doubles"]);
    click(&mut harness, "Mute Doubles");
    assert!(track(&harness, 1).mute && !track(&harness, 0).mute);
    assert_eq!(harness.state().edits, 1);
    undo(&mut harness);
    assert!(!track(&harness, 1).mute);

    click(&mut harness, "Arm Lead vocal");
    assert!(track(&harness, 0).arm, "a track without an input gets one and is armed");
    click(&mut harness, "Monitor Lead vocal");
    assert_eq!(track(&harness, 0).monitor, Monitor::Auto);
    click(&mut harness, "Solo Doubles");
    assert!(track(&harness, 1).solo);
    click(&mut harness, "Mute Lead vocal in the strip");
    assert!(track(&harness, 0).mute);
}

/// Seen red: with ids made of the name, there is one button for all namesakes.
#[test]
fn namesakes_do_not_answer_for_each_other() {
    let mut harness = desk(&["Vocal", "Vocal", "Vocal"]);
    let second = harness.get_all_by_label("Mute Vocal").nth(1).unwrap();
    second.click();
    harness.run_steps(3);
    let muted: Vec<bool> = (0..3).map(|number| track(&harness, number).mute).collect();
    assert_eq!(muted, [false, true, false]);
}

/// Seen red: with `place` counting the dragged track too, the track lands one below the line; with Escape ignored, it
/// lands all the same.
#[test]
fn a_header_is_dragged_to_another_place() {
    let mut harness = desk(&["A", "B", "C", "D"]);
    let at = |harness: &Harness<'_, Desk>, name: &str| {
        let rect = harness.get_by_label(&format!("Track {name}")).rect();
        egui::pos2(rect.left() + 20.0, rect.bottom() - 3.0)
    };
    let (from, to) = (at(&harness, "A"), at(&harness, "C"));
    drag(&mut harness, from, to);
    assert_eq!(order(&harness), ["A", "B", "C", "D"], "nothing moves before release");
    harness.key_press(Key::Escape);
    harness.run_steps(1);
    harness.drop_at(to);
    harness.run_steps(2);
    assert_eq!(
        (order(&harness), harness.state().edits),
        (["A", "B", "C", "D"].map(String::from).to_vec(), 0)
    );
    drag(&mut harness, from, to);
    harness.drop_at(to);
    harness.run_steps(2);
    assert_eq!(
        (order(&harness), harness.state().edits),
        (["B", "C", "A", "D"].map(String::from).to_vec(), 1)
    );
    undo(&mut harness);
    assert_eq!(order(&harness), ["A", "B", "C", "D"]);
}

/// Seen red: with Escape taken for “kept”, the second name stays.
#[test]
fn a_track_is_renamed_in_its_place() {
    let mut harness = desk(&["Lead vocal", "Doubles"]);
    let desk = harness.state_mut();
    desk.studio.perform(Action::Command(Command::RenameTrack), &mut desk.view);
    harness.run_steps(3);
    let field = harness.get_by_role_and_label(Role::TextInput, "Name of Lead vocal");
    assert!(field.is_focused());
    field.type_text("主唱");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_eq!((order(&harness), harness.state().edits), (vec!["主唱".to_owned(), "Doubles".to_owned()], 1));

    let rect = harness.get_by_label("Track Doubles").rect();
    let name = rect.left_top() + egui::vec2(30.0, 18.0);
    for _ in 0..2 {
        for pressed in [true, false] {
            let (pos, button) = (name, PointerButton::Primary);
            harness.event(egui::Event::PointerMoved(pos));
            let modifiers = egui::Modifiers::NONE;
            harness.event(egui::Event::PointerButton { pos, button, pressed, modifiers });
            harness.run_steps(1);
        }
    }
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::TextInput, "Name of Doubles").type_text("x");
    harness.run_steps(2);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert_eq!((order(&harness)[1].as_str(), harness.state().edits), ("Doubles", 1));
}

/// Seen red: with the range of rows or of strips left out, all 500 have a node.
#[test]
fn only_what_is_in_sight_is_laid_out() {
    let names: Vec<String> = (0..500).map(|number| format!("T{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut harness = desk(&names);
    assert!(harness.query_by_label("Mute T0").is_some() && harness.query_by_label("Mute T20").is_none());
    harness.state_mut().view.timeline.top = 72.0 * 300.0;
    harness.run_steps(2);
    assert!(harness.query_by_label("Mute T300").is_some() && harness.query_by_label("Mute T0").is_none());
    harness.state_mut().view.tab = Tab::Mix;
    harness.run_steps(3);
    assert!(harness.query_by_label("Mute T0").is_some() && harness.query_by_label("Mute T20").is_none());
}
