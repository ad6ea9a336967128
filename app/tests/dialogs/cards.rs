//! Dialogs: focus, what they check, what they tell.

use crate::desk::Desk;
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Preferences;
use dawg_session::{Access, Edit};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};

/// Seen red: with Escape left to the fields, the first dialog stays; with `opened_just_now` always false, the focus is
/// nowhere.
#[test]
fn every_dialog_has_the_focus_and_closes_by_escape() {
    let mut desk = Desk::with_song();
    for (name, command) in [
        ("new", Command::NewSong),
        ("open", Command::OpenSong),
        ("copy", Command::SaveCopy),
        ("import", Command::Import),
        ("export", Command::Export),
        ("audio", Command::AudioSettings),
        ("preferences", Command::Preferences),
        ("shortcuts", Command::Shortcuts),
        ("about", Command::About),
    ] {
        desk.command(command);
        if name == "audio" {
            desk.until("devices", |shell| !shell.studio().devices().is_empty());
        }
        desk.picture(name);
        assert!(desk.window.ctx.memory(|memory| memory.focused().is_some()), "{name} has the focus");
        desk.window.key_press(Key::Escape);
        desk.window.run_ok();
        assert!(desk.window.state().view().dialog.is_none(), "Escape closes {name}");
    }
}

/// Seen red: with the reason left out of the card, it says only that it could not be opened.
#[test]
fn without_a_song_there_is_always_a_way_on() {
    let mut desk = Desk::new();
    desk.window.step();
    desk.picture("empty");
    assert!(desk.says("No song is open"));
    desk.perform(Action::Open { folder: desk.home.path().join("songs/Gone.dawg"), access: Access::Write });
    desk.until("it failed", |shell| matches!(shell.studio().stage(), ai_dawg::studio::Stage::Failed { .. }));
    assert!(desk.says("is not a song") && desk.says("Try again") && desk.says("Show in folder"));
    desk.picture("failed");
    desk.open_song();
    desk.sounds();
    desk.command(Command::ToggleLyrics);
    desk.command(Command::ToggleBrowser);
    desk.until("a list", |shell| !shell.studio().listing().entries.is_empty());
    desk.write("Lyrics", "[Verse]\nMidnight on the platform\nNobody around\n\n[Chorus]\nTake me home\n");
    desk.picture("panels");
}

/// Seen red: with the name taken as it is, “A/B” would go into a folder “A”; with 9 beats a minute let through, the
/// song is asked for and refused later.
#[test]
fn a_new_song_is_checked_while_it_is_typed() {
    let mut desk = Desk::new();
    desk.command(Command::NewSong);
    assert!(desk.field("Name").is_focused(), "the focus starts in the first field");
    assert!(desk.window.get_by_label("Create").accesskit_node().is_disabled());
    desk.write("Name", "A/B: Live");
    assert!(desk.says("AB Live.dawg") || desk.says("AB: Live.dawg"), "the folder it makes is shown");
    desk.write("Tempo", "9");
    assert!(desk.says("from 10 to 999"));
    desk.window.key_press(Key::Enter);
    desk.window.run_ok();
    assert!(desk.window.state().view().dialog.is_some(), "Enter does not make what cannot be");
    desk.write("Tempo", "92,5");
    desk.window.key_press(Key::Enter);
    desk.until("the song is open", |shell| shell.studio().work().is_some());
    let song = desk.window.state().studio().session().unwrap().clone();
    assert_eq!((song.name.as_str(), song.tempo_map.tempo_at(0).bpm()), ("A/B: Live", 92.5));
    assert!(desk.window.state().view().dialog.is_none());
}

/// Seen red: without taking the ending off, the file is called “Mix.flac.flac”; with the result asked for before
/// the job is done, the dialog asks again instead of telling; with the format forgotten, the second export is a WAV.
#[test]
fn an_export_is_named_made_and_told() {
    let mut desk = Desk::with_song();
    desk.command(Command::Export);
    desk.click("FLAC");
    desk.write("Name", "Mix.flac");
    assert!(desk.says("exports/Mix.flac"), "it says what it will be called");
    assert!(
        desk.window.get_by_role_and_label(Role::RadioButton, "Loop").accesskit_node().is_disabled(),
        "there is no loop range"
    );
    desk.window.key_press(Key::Enter);
    desk.until("it is made", |shell| shell.studio().exported().is_some());
    assert!(desk.says("The file is made") && desk.says("LUFS"));
    let made = desk.window.state().studio().exported().unwrap().path.clone();
    assert!(made.ends_with("Midnight Verse.dawg/exports/Mix.flac") && made.exists());
    desk.picture("exported");
    desk.click("Close");
    assert!(desk.window.state().view().dialog.is_none());
    desk.command(Command::Export);
    assert!(desk.says(".flac") && desk.says("If a file of this name is there"), "the format is remembered");
}

/// Seen red: with `ask_to_close` blind to the recording, the window closes without a question; with Stop left out of
/// the answer, it never closes; with all answers always shown, two of them mean the same.
#[test]
fn closing_while_recording_asks() {
    let mut desk = Desk::with_song();
    desk.command(Command::AddMonoTrack);
    let track = desk.window.state().studio().session().unwrap().tracks.last().unwrap().id;
    let arm =
        [Edit::SetTrackInput { track, input: "1".parse().unwrap() }, Edit::SetTrackArm { track, arm: true }];
    desk.perform(Action::Edit { label: "Arm".to_owned(), edits: arm.into() });
    desk.command(Command::Record);
    desk.until("it records", |shell| {
        let (recording, playhead) = (&shell.studio().readout().recording, &shell.studio().readout().playhead);
        recording.is_some() && !playhead.counting_in && playhead.position > 4_800
    });
    desk.command(Command::Quit);
    assert!(desk.says("A recording is under way") && desk.says("The song itself is safe"));
    desk.picture("closing");
    desk.click("Stay");
    let closing = |desk: &Desk| desk.window.state().studio().closing();
    assert_eq!(closing(&desk), None);
    desk.command(Command::Quit);
    assert!(!desk.says("Cancel the work"), "there is no work but the recording");
    desk.click("Keep the take and close");
    desk.until("it may close", |shell| shell.studio().closing() == Some(ai_dawg::studio::Closing::Done));
    let song = desk.window.state().studio().session().unwrap().clone();
    assert_eq!(song.clips().count(), 2, "the take is kept");
}

/// Seen red: with the body as high as its content, the buttons lie below the window.
#[test]
fn dialogs_fit_every_window() {
    let mut desk = Desk::sized([1_280.0, 720.0], 2.0);
    desk.open_song();
    desk.command(Command::Export);
    desk.picture("export-2x");
    let mut desk = Desk::sized([960.0, 600.0], 1.0);
    desk.open_song();
    let light = Preferences {
        theme: ai_dawg::studio::preferences::Theme::Light,
        ..desk.window.state().studio().preferences().clone()
    };
    desk.perform(Action::Preferences(Box::new(light)));
    desk.command(Command::AudioSettings);
    desk.until("devices", |shell| !shell.studio().devices().is_empty());
    desk.picture("audio-light");
    let mut desk = Desk::sized([480.0, 300.0], 2.0);
    desk.open_song();
    for (name, command) in [("audio", Command::AudioSettings), ("shortcuts", Command::Shortcuts)] {
        desk.command(command);
        desk.picture(&format!("{name}-large-text"));
        let close = desk.window.get_by_label("Close").rect();
        assert!(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(480.0, 300.0)).contains_rect(close));
        desk.window.key_press(Key::Escape);
        desk.window.run_ok();
    }
}

/// Seen red: without taking them away from the other, Ctrl+Z means two commands.
#[test]
fn keys_are_set_by_pressing_them() {
    let mut desk = Desk::new();
    desk.command(Command::Shortcuts);
    desk.write("Find", "metronome");
    desk.click("Keys of Metronome on or off");
    desk.window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    desk.window.run_ok();
    assert!(desk.says("belonged to “Undo”"));
    let keys = desk.window.state().studio().preferences().keys.clone();
    assert_eq!((keys[&Command::ToggleMetronome].as_str(), keys[&Command::Undo].as_str()), ("Ctrl+Z", ""));
    desk.click("Reset all");
    assert!(desk.window.state().studio().preferences().keys.is_empty());
}

/// Seen red: with the dialog closed as soon as the import begins, nothing is left to mend; with the list left as it
/// was, what has landed is named again.
#[test]
fn a_refused_file_stays_in_the_import_dialog() {
    let mut desk = Desk::with_song();
    desk.sounds();
    let sounds = desk.home.path().join("sounds");
    std::fs::write(sounds.join("Broken.wav"), b"no audio").unwrap();
    let lines = ["Kick.wav", "Broken.wav"].map(|name| sounds.join(name).display().to_string());
    desk.command(Command::Import);
    desk.write("Files", &lines.join("\n"));
    desk.click("Import");
    desk.until("one has landed", |shell| shell.studio().session().unwrap().tracks.len() == 2);
    assert_eq!(desk.field("Files").value().as_deref(), Some(lines[1].as_str()));
    std::fs::copy(sounds.join("Snare.wav"), sounds.join("Broken.wav")).unwrap();
    desk.click("Import");
    desk.until("the other too", |shell| shell.studio().session().unwrap().tracks.len() == 3);
    assert!(desk.window.state().view().dialog.is_none());
}
