//! Dialogs, browser and lyrics pad, by accessible name, in a window without a display.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "tests")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::look;
use ai_dawg::song::OpenSong;
use ai_dawg::studio::Studio;
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Preferences;
use ai_dawg::window::Shell;
use dawg_session::{Access, Edit, Name, Session, SongId, Tempo};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use tempfile::TempDir;

/// A window on a studio in a folder of its own.
struct Desk {
    window: Harness<'static, Shell>,
    home: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self::sized([1_280.0, 720.0], 1.0)
    }

    fn sized(size: [f32; 2], scale: f32) -> Self {
        let home = tempfile::tempdir().unwrap();
        let preferences = Preferences {
            songs_folder: Some(home.path().join("songs")),
            browser_folder: Some(home.path().join("sounds")),
            device: ai_dawg::sound::DeviceChoice {
                host: Some(dawg_engine::device::Host::Timer),
                ..Default::default()
            },
            toured: true,
            ..Preferences::default()
        };
        let studio = Studio::start(preferences, home.path().join("data"), Arc::new(|| {})).unwrap();
        let draw = |ui: &mut egui::Ui, shell: &mut Shell| {
            look::apply(ui.ctx(), shell.studio().preferences().theme);
            shell.frame(ui);
        };
        let window = Harness::builder()
            .with_size(size)
            .with_pixels_per_point(scale)
            .with_max_steps(24)
            .build_ui_state(draw, Shell::new(studio));
        Self { window, home }
    }

    /// The same, with a song open that plays 4 s of a beat.
    fn with_song() -> Self {
        let mut desk = Self::new();
        desk.open_song();
        desk
    }

    fn open_song(&mut self) {
        let folder = self.home.path().join("songs/Midnight Verse.dawg");
        std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
        let session =
            Session::new(SongId::fresh(), Name::new("Midnight Verse").unwrap(), 48_000, Tempo::DEFAULT);
        let mut song = OpenSong::create(&folder, &session).unwrap();
        let beat = self.home.path().join("Beat.wav");
        dawg_tests::signal::write_wav_24(&beat, 48_000, &[dawg_tests::signal::distinct(4 * 48_000, 7)]);
        let mut intake = ai_dawg::intake::Intake::into_song(&song).unwrap();
        intake.take(&beat, 48_000, false, &dawg_media::Progress::new()).unwrap();
        let media = intake.keep().remove(0).media;
        let clip = ai_dawg::intake::whole_clip(&media, dawg_session::Position::START);
        let name = Name::new("Beat").unwrap();
        let track = ai_dawg::intake::new_track(name, dawg_session::Layout::MONO, 0, vec![clip]);
        song.commit("Import", vec![Edit::AddMedia { media }, Edit::AddTrack { track, at: 0 }]).unwrap();
        song.close().unwrap();
        self.perform(Action::Open { folder, access: Access::Write });
        self.until("the song is open", |shell| shell.studio().work().is_some());
    }

    fn perform(&mut self, action: Action) {
        let shell = self.window.state_mut();
        // As the shell does it: the view is the main window's.
        shell.perform(action);
        self.window.run_ok();
    }

    fn command(&mut self, command: Command) {
        self.perform(Action::Command(command));
    }

    #[track_caller]
    fn until(&mut self, what: &str, done: impl Fn(&Shell) -> bool) {
        let start = Instant::now();
        while !done(self.window.state()) {
            let told = self.window.state().studio().notices().list();
            assert!(start.elapsed() < Duration::from_secs(20), "not in 20 s: {what}; told {told:?}");
            std::thread::park_timeout(Duration::from_millis(5));
            self.window.step();
        }
        self.window.run_ok();
    }

    fn click(&mut self, name: &str) {
        self.window.get_by_label(name).click();
        self.window.run_ok();
    }

    /// The field of this name.
    #[track_caller]
    fn field<'a>(&'a self, name: &'a str) -> egui_kittest::Node<'a> {
        let line = self.window.query_by_role_and_label(Role::TextInput, name);
        line.or_else(|| self.window.query_by_role_and_label(Role::MultilineTextInput, name)).unwrap()
    }

    /// Replaces the text of a field.
    #[track_caller]
    fn write(&mut self, field: &str, text: &str) {
        self.field(field).focus();
        self.window.run_ok();
        self.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.field(field).type_text(text);
        self.window.run_ok();
    }

    fn says(&self, words: &str) -> bool {
        self.window.query_all_by_label_contains(words).next().is_some()
    }

    /// A picture to be looked at, under `target/pictures`, when `DAWG_PICTURES` is set: each takes seconds.
    fn picture(&mut self, name: &str) {
        if std::env::var_os("DAWG_PICTURES").is_none() {
            return;
        }
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../pictures");
        std::fs::create_dir_all(&folder).unwrap();
        self.window.run_ok();
        let image = self.window.render().unwrap();
        image.save(folder.join(format!("dialog-{name}.png"))).unwrap();
    }
}

impl Desk {
    /// Files in the browser's folder: Loops, Kick, Snare.
    fn sounds(&self) {
        let folder = self.home.path().join("sounds");
        std::fs::create_dir_all(folder.join("Loops")).unwrap();
        for (name, seed) in [("Kick.wav", 1), ("Snare.wav", 2)] {
            let plane = dawg_tests::signal::distinct(48_000, seed);
            dawg_tests::signal::write_wav_24(folder.join(name), 48_000, &[plane]);
        }
    }
}

fn seq(shell: &Shell) -> i64 {
    shell.studio().work().map_or(0, |work| work.document().last_seq())
}

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

/// Seen red: without the browser's claim, Space starts the transport; without the focus lock, Down leaves the list.
#[test]
fn the_browser_works_by_keys() {
    let mut desk = Desk::with_song();
    desk.sounds();
    desk.command(Command::ToggleBrowser);
    desk.until("a list", |shell| !shell.studio().listing().entries.is_empty());
    desk.click("Kick.wav");
    desk.window.key_press(Key::ArrowDown);
    desk.window.run_ok();
    assert_eq!(desk.window.state().view().browser.selected, Some(2));
    desk.window.key_press(Key::Space);
    desk.until("it is heard", |shell| {
        shell.studio().readout().auditioning.as_ref().is_some_and(|file| file.ends_with("Snare.wav"))
    });
    assert!(!desk.window.state().studio().readout().playhead.rolling);
    let before = seq(desk.window.state());
    desk.window.key_press(Key::Enter);
    desk.until("it is imported", |shell| seq(shell) > before);
    let song = desk.window.state().studio().session().unwrap().clone();
    assert_eq!(song.tracks.last().unwrap().name.as_str(), "Snare");
    desk.click("Loops");
    desk.until("the folder", |shell| shell.studio().listing().folder.ends_with("Loops"));
    desk.click("Folder above");
    desk.until("back", |shell| shell.studio().listing().folder.ends_with("sounds"));
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

#[derive(Debug)]
struct Carried(PathBuf);

impl egui::DroppedFile for Carried {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the window reads no files".to_owned())
    }
}

/// Seen red: with `hovered_files` alone looked at, nothing lands.
#[test]
fn files_from_the_desktop_land_in_the_song() {
    let mut desk = Desk::with_song();
    desk.sounds();
    let kick = desk.home.path().join("sounds/Kick.wav");
    desk.window.input_mut().hovered_files =
        vec![egui::HoveredFile { path: Some(kick.clone()), ..Default::default() }];
    desk.window.run_ok();
    assert_eq!(desk.window.state().view().ghost.as_ref().map(|ghost| ghost.files.len()), Some(1));
    desk.picture("hover");
    desk.window.input_mut().hovered_files.clear();
    desk.window.input_mut().dropped_files = vec![Arc::new(Carried(kick))];
    let before = seq(desk.window.state());
    desk.until("it is imported", |shell| seq(shell) > before);
    assert!(desk.window.state().view().ghost.is_none());
    let song = desk.window.state().studio().session().unwrap().clone();
    assert_eq!(song.tracks.last().unwrap().name.as_str(), "Kick");
}

/// Carries a file of the browser over a lane; returns where the pointer is.
fn carry(desk: &mut Desk) -> egui::Pos2 {
    desk.sounds();
    desk.command(Command::ToggleBrowser);
    desk.until("a list", |shell| !shell.studio().listing().entries.is_empty());
    let from = desk.window.get_by_label("Snare.wav").rect().left_center() + egui::vec2(40.0, 0.0);
    let lanes = desk.window.state().view().timeline.lanes;
    let to = lanes.left_top() + egui::vec2(lanes.width() * 0.5, 20.0);
    desk.window.drag_at(from);
    desk.window.run_ok();
    for at in [from + egui::vec2(30.0, 0.0), to] {
        desk.window.hover_at(at);
        desk.window.run_ok();
    }
    to
}

/// Seen red: with the playhead taken for the pointer, the clip starts at 0.
#[test]
fn a_file_is_dragged_from_the_browser_to_a_lane() {
    let mut desk = Desk::with_song();
    let to = carry(&mut desk);
    let ghost = desk.window.state().view().ghost.clone().unwrap();
    assert!(ghost.at > 0 && ghost.track.is_some());
    desk.picture("carried");
    let before = seq(desk.window.state());
    desk.window.drop_at(to);
    desk.until("it is imported", |shell| seq(shell) > before);
    let song = desk.window.state().studio().session().unwrap().clone();
    let starts = song.clips().map(|(_, _, clip)| clip.span(&song.tempo_map, song.sample_rate).0);
    assert_eq!((song.tracks.len(), starts.max()), (1, Some(ghost.at)));
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

/// Seen red: with every end of a drag taken for a drop, the file is imported.
#[test]
fn escape_leaves_a_carried_file_where_it_was() {
    let mut desk = Desk::with_song();
    let to = carry(&mut desk);
    assert!(desk.window.state().view().ghost.is_some());
    desk.window.key_press(Key::Escape);
    desk.window.run_ok();
    assert!(desk.window.state().view().ghost.is_none());
    desk.window.hover_at(to + egui::vec2(9.0, 0.0));
    desk.window.run_ok();
    assert!(desk.window.state().view().ghost.is_none(), "it does not come back");
    let jobs = desk.window.state().studio().jobs().list().len();
    desk.window.drop_at(to);
    desk.window.run_ok();
    assert_eq!(desk.window.state().studio().jobs().list().len(), jobs);
    assert_eq!(desk.window.state().studio().session().unwrap().clips().count(), 1);
}
