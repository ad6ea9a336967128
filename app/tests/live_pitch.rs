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

/// A window on the verse in F♯ minor, with the drawer open and the lead vocal armed. It has no input: nothing comes in
/// between what the tests sing.
fn desk(size: [f32; 2], theme: Theme) -> Desk {
    let mut desk = Desk::open(size, theme, |folder| {
        let mut song = verse(folder);
        song.key = Some(Key { tonic: 6, mode: Mode::Minor });
        let track = Arc::make_mut(&mut song.tracks[0]);
        track.arm = true;
        song
    });
    desk.command(Command::TogglePitch);
    desk
}

fn value(desk: &Desk, label: &str) -> String {
    desk.window.get_by_label(label).accesskit_node().value().unwrap_or_default()
}

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
    assert!(desk.window.query_by_label_contains("A little flat").is_none());
}

fn picture(desk: &mut Desk, what: &str) {
    let folder = std::env::var("DAWG_PICTURES").unwrap_or_else(|_| "../target/pictures".to_owned());
    std::fs::create_dir_all(&folder).unwrap();
    desk.settle();
    desk.window.render().unwrap().save(format!("{folder}/pitch-{what}.png")).unwrap();
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
    picture(&mut desk, "1280-no-input");
    let edits = vec![Edit::SetTrackInput { track, input: "1".parse().unwrap() }];
    desk.window.state_mut().perform(Action::Edit { label: "Input".to_owned(), edits });
    picture(&mut desk, "1280-silent");
    let edits = vec![
        Edit::SetTrackArm { track, arm: false },
        Edit::SetTrackInput { track, input: dawg_session::Input::NONE },
    ];
    desk.window.state_mut().perform(Action::Edit { label: "Off".to_owned(), edits });
    picture(&mut desk, "1280-not-armed");
}
