//! The channel strip.

use std::sync::Arc;

use crate::desk::{Desk, click, desk, drag, track, undo};
use dawg_session::{Position, Samples};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// Seen red: with `Turn::Moves` made an Edit, each move is a step; with `TakenBack` ignored, Escape leaves the preview.
#[test]
fn a_fader_previews_while_it_moves_and_lands_once() {
    let mut harness = desk(&["Lead vocal", "Doubles"]);
    let before = track(&harness, 0).gain;
    let fader = harness.get_by_label("Volume Lead vocal").rect();
    let (from, to) =
        (fader.left_center() + egui::vec2(90.0, 0.0), fader.left_center() + egui::vec2(30.0, 0.0));
    drag(&mut harness, from, to);
    assert_ne!(track(&harness, 0).gain, before, "the preview is shown");
    assert_eq!((harness.state().edits, harness.state().previews > 0), (0, true));
    let committed = harness.state().studio.work().unwrap().committed().tracks[0].gain;
    assert_eq!(committed, before);
    harness.drop_at(to);
    harness.run_steps(2);
    assert_eq!(harness.state().edits, 1);
    let landed = track(&harness, 0).gain;
    assert_ne!(landed, before);

    drag(&mut harness, from, from + egui::vec2(40.0, 0.0));
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert_eq!((track(&harness, 0).gain, harness.state().edits), (landed, 1));
    harness.drop_at(from);
    harness.run_steps(2);
    assert_eq!((track(&harness, 0).gain, harness.state().edits), (landed, 1));
    undo(&mut harness);
    assert_eq!(track(&harness, 0).gain, before);
}

/// Seen red: with the fades exchanged, the fade-out grows; with the length clamped to what is not there, it is one frame.
#[test]
fn the_selected_clip_is_changed_by_what_is_typed() {
    let mut harness = desk(&["Lead vocal"]);
    let clip = |harness: &Harness<'_, Desk>| Arc::clone(&track(harness, 0).lanes[0].clips[0]);
    let id = clip(&harness).id;
    harness.state_mut().view.selection.clips.insert(id);
    harness.run_steps(2);
    let before = clip(&harness);
    let type_in = |harness: &mut Harness<'_, Desk>, name: &str, text: &str| {
        click(harness, name);
        harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
        harness.run_steps(1);
        harness.event(egui::Event::Text(text.to_owned()));
        harness.run_steps(1);
        harness.key_press(Key::Enter);
        harness.run_steps(3);
    };
    type_in(&mut harness, "Start in bars of clip Lead vocal", "3|2|0");
    assert_eq!(clip(&harness).start, Position::Ticks(9 * 1_920));
    type_in(&mut harness, "Length of clip Lead vocal", "0:05");
    assert_eq!(clip(&harness).length, Samples(240_000));
    type_in(&mut harness, "Name of clip Lead vocal", "Take 3");
    assert_eq!(clip(&harness).name.as_str(), "Take 3");
    type_in(&mut harness, "Fade in of clip Take 3", "250");
    assert_eq!(
        (clip(&harness).fade_in.length, clip(&harness).fade_out.length),
        (Samples(12_000), Samples(0))
    );
    type_in(&mut harness, "Gain of clip Take 3", "−6");
    assert!((clip(&harness).gain.get() - 0.501).abs() < 0.001);
    click(&mut harness, "Mute clip Take 3");
    assert_eq!((clip(&harness).mute, harness.state().edits), (true, 6));
    for _ in 0..6 {
        undo(&mut harness);
    }
    assert_eq!(clip(&harness), before);
}

/// Seen red: with the clip's height taken from the fader only when a clip is selected, it shrinks.
#[test]
fn the_fader_in_the_strip_stands_still() {
    let mut harness = desk(&["Lead vocal"]);
    let id = track(&harness, 0).lanes[0].clips[0].id;
    let fader = |harness: &Harness<'_, Desk>| {
        let all = harness.get_all_by_role_and_label(Role::Slider, "Volume Lead vocal in the strip");
        all.map(|node| node.rect()).max_by(|a, b| a.height().total_cmp(&b.height())).unwrap()
    };
    let before = fader(&harness);
    harness.state_mut().view.selection.clips.insert(id);
    harness.run_steps(3);
    assert_eq!(fader(&harness), before);
}
