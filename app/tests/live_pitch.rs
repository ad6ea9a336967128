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
use dawg_session::{Edit, Key as SongKey, Mode};
use desk::{Desk, verse};
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use singer::{Singer, melody};

/// A window on the verse in F♯ minor, with the drawer open and the lead vocal armed.
fn desk(size: [f32; 2], theme: Theme) -> Desk {
    let mut desk = Desk::open(size, theme, |folder| {
        let mut song = verse(folder);
        song.key = Some(SongKey { tonic: 6, mode: Mode::Minor });
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

#[test]
#[ignore = "takes a minute and compares nothing"]
fn pictures() {
    for (size, theme, name) in [
        ([1_600.0, 1_000.0], Theme::Dark, "1600"),
        ([1_280.0, 720.0], Theme::Light, "1280-light"),
        ([960.0, 600.0], Theme::HighContrast, "960-contrast"),
    ] {
        let mut desk = desk(size, theme);
        let track = desk.song().tracks[0].id;
        let mut singer = Singer::new(track);
        singer.roll(desk.bar(9));
        melody(&mut singer, &mut desk);
        picture(&mut desk, name);
    }
    _ = (Action::Locate(0), Key::A, Modifiers::NONE, vec2(0.0, 0.0), Edit::SetKey { key: None });
}
