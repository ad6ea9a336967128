//! The live pitch in a window without a display, sung into by tests: what is read, drawn, and said to those who
//! listen.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "tests")]

#[path = "lanes/desk.rs"]
#[allow(dead_code, reason = "this file uses its own part of it")]
mod desk;
#[path = "live_pitch/singer.rs"]
mod singer;

use std::sync::Arc;

use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Theme;
use dawg_session::{Edit, Key, Mode};
use desk::{Desk, verse};
use egui::{Event, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use singer::{Singer, melody};

/// A window on the verse in F♯ minor, with the drawer open and the lead vocal armed.
fn desk(size: [f32; 2], theme: Theme) -> Desk {
    let mut desk = Desk::open(size, theme, |folder| {
        let mut song = verse(folder);
        song.key = Some(Key { tonic: 6, mode: Mode::Minor });
        let track = Arc::make_mut(&mut song.tracks[0]);
        (track.arm, track.input) = (true, "1".parse().unwrap());
        song
    });
    desk.command(Command::TogglePitch);
    desk
}

fn value(desk: &Desk, label: &str) -> String {
    desk.window.get_by_label(label).accesskit_node().value().unwrap_or_default()
}

/// Seen red: what is held taken for what is sung.
#[test]
fn what_is_sung_is_read_and_held_and_gone() {
    let mut desk = desk([1_280.0, 720.0], Theme::Dark);
    let track = desk.song().tracks[0].id;
    assert_eq!(value(&desk, "Live pitch"), "no voice");
    let mut singer = Singer::new(track);
    singer.sing(&mut desk, 0.5, |_| 60.94);
    assert_eq!(value(&desk, "Live pitch"), "C♯4 −6 cents, in tune");
    singer.sing(&mut desk, 0.5, |_| 59.7);
    assert_eq!(value(&desk, "Live pitch"), "C4 −30 cents, flat");
    // It is still shown, dimmed, but nobody sings.
    singer.rest(&mut desk, 0.5);
    assert_eq!(value(&desk, "Live pitch"), "no voice");
}

fn picture(desk: &mut Desk, what: &str) {
    desk.save(&format!("pitch-{what}"));
}

fn curve(desk: &Desk) -> egui::Rect {
    desk.window.get_by_label("Pitch curve").rect()
}

/// Seen red: a drag that moves nothing.
#[test]
fn the_view_is_dragged_and_a_double_click_follows_again() {
    let (mut desk, mut singer) = sung([1_280.0, 720.0], Theme::Dark);
    assert_eq!(value(&desk, "Pitch curve"), "10 notes from F♯3 to E4, 8 in tune");
    let at = curve(&desk).center();
    desk.drag(at, at + vec2(120.0, 30.0));
    desk.drop(at + vec2(120.0, 30.0));
    assert!(desk.window.query_by_label("Follow the voice").is_some());
    singer.note(&mut desk, 57.0, 0.4, 0.0);
    assert!(desk.window.query_by_label("Follow the voice").is_some());
    desk.window.event(Event::PointerMoved(at));
    desk.window.step();
    // In one frame: a step of the harness takes longer than a double click may.
    for pressed in [true, false, true, false] {
        let (button, modifiers) = (egui::PointerButton::Primary, egui::Modifiers::NONE);
        let click = Event::PointerButton { pos: at, button, pressed, modifiers };
        desk.window.input_mut().events.push(click);
    }
    desk.window.run_steps(3);
    assert!(desk.window.query_by_label("Follow the voice").is_none());
}

/// Seen red: a drawer whose height is told to nobody.
#[test]
fn the_drawer_opens_by_its_keys_and_its_height_is_remembered() {
    let mut desk = desk([1_280.0, 720.0], Theme::Dark);
    let open = |desk: &Desk| desk.window.query_by_label("Live pitch").is_some();
    assert!(open(&desk));
    desk.key(egui::Key::P, egui::Modifiers::SHIFT);
    assert!(!open(&desk));
    desk.key(egui::Key::P, egui::Modifiers::SHIFT);
    let before = desk.window.get_by_label("Live pitch").rect().height();
    let divider = desk.window.get_by_label("Height of Pitch").rect().center();
    desk.drag(divider, divider - vec2(0.0, 40.0));
    desk.drop(divider - vec2(0.0, 40.0));
    let after = desk.window.get_by_label("Live pitch").rect().height();
    assert!((after - before - 40.0).abs() < 2.0, "{before} {after}");
    let panels = &desk.window.state().view().panels;
    assert!((panels.drawer - after).abs() < 2.0 && panels.drawer_open);
}

/// What was sung stays in sight, and a window in which nobody sings rests.
///
/// Seen red: frames asked for as long as the drawer is open.
#[test]
fn a_silent_drawer_asks_for_no_frame() {
    let mut desk = desk([1_280.0, 720.0], Theme::Dark);
    let mut singer = Singer::new(desk.song().tracks[0].id);
    singer.note(&mut desk, 57.0, 1.0, 0.0);
    let asks = |desk: &mut Desk| {
        desk.window.run_steps(20);
        let delay =
            desk.window.output().viewport_output.values().map(|viewport| viewport.repaint_delay).min();
        delay.is_some_and(|delay| delay < std::time::Duration::from_millis(500))
    };
    assert!(asks(&mut desk), "the note will go");
    singer.rest(&mut desk, 10.0);
    desk.settle();
    assert!(!asks(&mut desk));
    assert_eq!(value(&desk, "Pitch curve"), "1 note, A3, in tune");
}

/// The melody, while the song rolls.
fn sung(size: [f32; 2], theme: Theme) -> (Desk, Singer) {
    let mut desk = desk(size, theme);
    let mut singer = Singer::new(desk.song().tracks[0].id);
    singer.roll(desk.bar(9));
    melody(&mut singer, &mut desk);
    (desk, singer)
}

fn hover(desk: &mut Desk, x: f32, y: f32) {
    let place = desk.window.get_by_label("Pitch curve").rect();
    let at = place.min + vec2(place.width() * x, place.height() * y);
    desk.window.event(Event::PointerMoved(at));
    desk.window.run_steps(3);
}

#[test]
#[ignore = "takes a minute and compares nothing"]
fn pictures() {
    let (mut desk, mut singer) = sung([1_600.0, 1_000.0], Theme::Dark);
    picture(&mut desk, "1600");
    hover(&mut desk, 0.29, 0.35);
    picture(&mut desk, "1600-hover");
    hover(&mut desk, 0.95, 0.9);
    singer.rest(&mut desk, 0.5);
    singer.note(&mut desk, 58.66, 0.8, 0.0);
    picture(&mut desk, "1600-flat");
    singer.rest(&mut desk, 0.5);
    picture(&mut desk, "1600-held");
    drop(desk);
    let (mut desk, _) = sung([2_560.0 / 1.5, 1_440.0 / 1.5], Theme::Dark);
    desk.window.set_pixels_per_point(1.5);
    desk.window.run_steps(2);
    picture(&mut desk, "2560");
    drop(desk);
    let (mut desk, _) = sung([1_280.0, 720.0], Theme::Light);
    picture(&mut desk, "1280-light");
    let (mut desk, _) = sung([960.0, 600.0], Theme::HighContrast);
    desk.window.state_mut().view_mut().panels.drawer = 168.0;
    desk.window.run_steps(2);
    picture(&mut desk, "960-contrast");
}

#[test]
#[ignore = "takes a minute and compares nothing"]
fn pictures_of_nothing() {
    let mut desk = desk([1_280.0, 720.0], Theme::Dark);
    let track = desk.song().tracks[0].id;
    picture(&mut desk, "1280-silent");
    let edits = vec![
        Edit::SetTrackArm { track, arm: false },
        Edit::SetTrackInput { track, input: dawg_session::Input::NONE },
    ];
    desk.window.state_mut().perform(Action::Edit { label: "Off".to_owned(), edits });
    picture(&mut desk, "1280-not-armed");
}
