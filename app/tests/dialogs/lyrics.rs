//! The lyrics pad.

use crate::desk::{Desk, seq};
use ai_dawg::studio::command::Command;
use egui::{Key, Modifiers};

/// Seen red: with an Edit for each key, something is written while one types; without `keep_lyrics`, undo takes back
/// the line before as well.
#[test]
fn lyrics_are_one_step_of_history() {
    let mut desk = Desk::with_song();
    desk.command(Command::ToggleLyrics);
    let before = seq(desk.window.state());
    desk.write("Lyrics", "Midnight");
    desk.field("Lyrics").type_text(" on the platform");
    desk.window.run_ok();
    assert_eq!(seq(desk.window.state()), before, "nothing is written while one types");
    desk.window.event(egui::Event::Key {
        key: Key::Escape,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    });
    desk.window.run_ok();
    let song = |desk: &Desk| desk.window.state().studio().session().unwrap().lyrics.to_string();
    assert_eq!((seq(desk.window.state()), song(&desk).as_str()), (before + 1, "Midnight on the platform"));
    desk.write("Lyrics", "Gone");
    desk.command(Command::Undo);
    assert_eq!(song(&desk), "Midnight on the platform", "undo takes back what was being typed");
}

/// Seen red: with the focus left where it was, M mutes the track and no word is written.
#[test]
fn the_lyrics_pad_opens_with_the_focus() {
    let mut desk = Desk::with_song();
    desk.command(Command::ToggleLyrics);
    desk.window.key_press(Key::M);
    desk.window.event(egui::Event::Text("m".to_owned()));
    desk.window.run_ok();
    assert_eq!(desk.window.state().view().lyrics.as_deref(), Some("m"));
    desk.command(Command::ToggleLyrics);
    let song = desk.window.state().studio().session().unwrap().clone();
    assert_eq!((&*song.lyrics, song.tracks[0].mute), ("m", false), "what was typed is kept");
    desk.window.key_press(Key::M);
    desk.window.run_ok();
    let song = desk.window.state().studio().session().unwrap().clone();
    assert!(song.tracks[0].mute, "once it is hidden, keys are shortcuts again");
}
