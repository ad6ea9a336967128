//! What goes wrong in the window goes wrong gently: it says what happened, the song is safe, work goes on.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, Instant};

use dawg_tests::{Display, JackServer, Microphone, Program, SlowDisk, SmallDisk, Window, signal};

const LIMIT: Duration = Duration::from_secs(20);

/// The program of somebody who has seen the tour and uses JACK, with an empty song `song.dawg`.
fn program(display: &Display, env: Vec<(String, String)>) -> Program {
    let program = Program::new().with_env(display.env()).with_env(env);
    let preferences = r#"{"toured":true,"device":{"host":"jack"}}"#;
    std::fs::write(program.data().join("preferences.json"), preferences).unwrap();
    program.run(&["new", "song.dawg"]).success();
    program
}

fn no_server() -> Vec<(String, String)> {
    vec![("JACK_DEFAULT_SERVER".to_owned(), "dawgtest_none".to_owned())]
}

fn info(program: &Program) -> serde_json::Value {
    program.run(&["info", "song.dawg", "--json"]).json()
}

// Seen red: without the notice of `SoundEvent::NoDevice`.
#[test]
fn without_a_sound_device_it_says_so_and_the_song_can_be_edited() {
    let display = Display::start(1280, 720);
    let program = program(&display, no_server());
    let mut window = Window::open(&display, &program, &["song.dawg"]);
    window.wait_state("device", "missing");
    window.wait_for("There is no sound");
    window.picture("mishap-1-no-device");
    window.key("ctrl+t");
    window.wait_for("Arm Track 1");
    window.key("r");
    window.key("space");
    window.wait_state("save", "saved");
    let state = window.shown().state().clone();
    assert_eq!((&state["recording"], &state["rolling"]), (&false.into(), &false.into()));
    window.quit();
    let info = info(&program);
    assert_eq!(info["tracks"][0]["name"], "Track 1", "{info}");
}

/// Two seconds of `sung` are recorded on a new track, and more comes.
fn sing(window: &mut Window<'_>, server: &JackServer, sung: &[f32]) -> Microphone {
    window.wait_state("device", "running");
    window.key("ctrl+t");
    window.wait_for("Arm Track 1");
    window.key("shift+k"); // two bars of count-in, four, none
    window.key("shift+k");
    window.key("shift+k");
    let microphone = Microphone::feed(server, vec![sung.to_vec()], &["ai-dawg:in_1"]);
    microphone.wait_connected(LIMIT);
    window.key("r");
    wait_recording(window);
    microphone.go();
    microphone.wait_played(96_001, LIMIT);
    microphone
}

#[track_caller]
fn wait_recording(window: &mut Window<'_>) {
    window.wait("the recording", |shown| {
        (shown.state()["recording"] == true && shown.state()["rolling"] == true).then_some(())
    });
}

/// The device is back, and the recording goes on until it is stopped.
#[track_caller]
fn goes_on(mut window: Window<'_>, picture: &str) {
    window.wait_for("The sound device is back");
    window.wait_state("device", "running");
    wait_recording(&mut window);
    window.picture(picture);
    dawg_tests::poll(Duration::from_secs(1), || None::<()>);
    window.key("space");
    window.wait_state("recording", false);
    window.wait_state("save", "saved");
    window.quit();
}

/// The first of so many takes holds what was sung, to the sample, but for `short` frames at most of those that were sent.
#[track_caller]
fn first_take(program: &Program, sung: &[f32], takes: usize, sent: usize, short: usize) {
    let info = info(program);
    let lanes = info["tracks"][0]["lanes"].as_array().unwrap();
    let mut clips: Vec<_> = lanes.iter().flat_map(|lane| lane["clips"].as_array().unwrap()).collect();
    clips.sort_by_key(|clip| clip["start"].as_i64());
    assert_eq!(clips.len(), takes, "{info}");
    let file = program.path("song.dawg/audio").join(clips[0]["file"].as_str().unwrap());
    let captured = signal::read_wav(&file).planar.swap_remove(0);
    let at = signal::find(&sung[..64], &captured).unwrap();
    let there = captured.len() - at;
    assert!(there + short >= sent, "{there} of {sent} frames are there");
    assert_eq!(signal::first_difference(&captured[at..at + there.min(sent)], &sung[..there.min(sent)]), None);
}

// Seen red: with the recorder dropped in place of finished when the device is gone.
#[test]
fn a_server_that_is_killed_while_recording_leaves_the_take() {
    let mut server = JackServer::start(48_000, 256);
    let display = Display::start(1280, 720);
    let program = program(&display, server.env());
    let sung = signal::distinct(480_000, 1);
    let mut window = Window::open(&display, &program, &["song.dawg"]);
    let microphone = sing(&mut window, &server, &sung);
    server.kill();
    let sent = microphone.played();
    drop(microphone);
    window.wait_for("The sound device vanished");
    window.wait_state("recording", false);
    window.wait_for("Clip Take 1");
    window.wait_state("save", "saved");
    window.picture("mishap-2-server-killed");

    // The device comes back, and the recording goes on by itself, as a new take.
    server.restart();
    goes_on(window, "mishap-2-device-back");
    first_take(&program, &sung, 2, sent, 1_024);
}

// Seen red: with the client of a server that hangs closed by the thread that keeps the take, without a bound.
#[test]
fn a_server_that_hangs_while_recording_leaves_the_take() {
    let server = JackServer::start(48_000, 256);
    let display = Display::start(1280, 720);
    let program = program(&display, server.env());
    let sung = signal::distinct(480_000, 2);
    let mut window = Window::open(&display, &program, &["song.dawg"]);
    let microphone = sing(&mut window, &server, &sung);
    let hangs = server.hang();
    let sent = microphone.played();
    window.wait_for("The sound device vanished");
    window.wait_state("recording", false);
    window.wait_for("Clip Take 1");
    window.wait_state("save", "saved");
    // While it hangs the song can be worked on.
    window.key("ctrl+t");
    window.wait_for("Arm Track 2");
    window.wait_state("save", "saved");

    // It goes on, and so does the recording, as a new take.
    drop(hangs);
    goes_on(window, "mishap-7-server-goes-on");
    first_take(&program, &sung, 2, sent, 1_024);
}

// Seen red: without the way out, and with one that waits for the song as long as ever.
#[test]
fn a_disk_that_hangs_while_recording_keeps_nobody_in_the_window() {
    let server = JackServer::start(48_000, 256);
    let display = Display::start(1280, 720);
    let disk = SlowDisk::make();
    let program = program(&display, server.env());
    let slow = disk.env(&program);
    let program = program.with_env(slow);
    let sung = signal::distinct(480_000, 3);
    let mut window = Window::open(&display, &program, &["song.dawg"]);
    let microphone = sing(&mut window, &server, &sung);
    let sent = microphone.played();
    disk.hang(true);
    window.key("ctrl+q");
    window.click("Keep the take and close");
    window.wait_for("Close without waiting");
    window.picture("mishap-6-disk-hangs");
    window.click("Close without waiting");
    let clicked = Instant::now();
    window.ended();
    assert!(clicked.elapsed() < Duration::from_secs(8), "it waited for {:?}", clicked.elapsed());
    disk.hang(false);

    // What was written is found, and is a take.
    let rename = r#"{"edit":"set_song_name","name":"After"}"#;
    program.run_with_input(&["edit", "song.dawg", "-"], rename).success();
    first_take(&program, &sung, 1, sent, 24_000);
}

// Seen red: with the copy made by the thread that writes the song.
#[test]
fn a_stick_that_hangs_beneath_a_copy_holds_up_no_step_and_no_take() {
    let server = JackServer::start(48_000, 256);
    let display = Display::start(1280, 720);
    let stick = tempfile::tempdir().unwrap();
    let disk = SlowDisk::make();
    let program = program(&display, server.env()).with_env(disk.env_under(&[stick.path()]));
    let mut window = Window::open(&display, &program, &["song.dawg"]);
    window.wait_state("stage", "open");
    disk.hang(true);
    window.key("ctrl+shift+s");
    let copy = stick.path().join("copy.dawg");
    window.fill("Copy to", copy.to_str().unwrap());
    window.click("Save the copy");
    let sung = signal::distinct(480_000, 4);
    let microphone = sing(&mut window, &server, &sung);
    let sent = microphone.played();
    window.key("space");
    window.wait_state("recording", false);
    window.wait_for("Clip Take 1");
    window.wait_state("save", "saved");
    let begun: Vec<_> = std::fs::read_dir(stick.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(begun.len() == 1 && begun[0].join("song.db").exists() && begun[0] != copy, "{begun:?}");

    disk.hang(false);
    window.wait_for("The song was copied");
    window.quit();
    first_take(&program, &sung, 1, sent, 1_024);
    program.run(&["info", copy.to_str().unwrap()]).success();
}

// Seen red: with the way out that leaves a half-made file behind offered beside the one that cleans up.
#[test]
fn a_copy_that_hangs_is_cancelled_before_it_is_left_behind() {
    let display = Display::start(1280, 720);
    let stick = tempfile::tempdir().unwrap();
    let disk = SlowDisk::make();
    let program = program(&display, no_server()).with_env(disk.env_under(&[stick.path()]));
    let mut window = Window::open(&display, &program, &["song.dawg"]);
    window.wait_state("stage", "open");
    disk.hang(true);
    window.key("ctrl+shift+s");
    window.fill("Copy to", stick.path().join("copy.dawg").to_str().unwrap());
    window.click("Save the copy");
    window.key("ctrl+q");
    window.click("Finish the work, then close");
    window.wait_for("This takes long. The work can be cancelled.");
    let offered = |window: &Window<'_>| {
        window.shown().controls().iter().any(|control| control.name == "Close without waiting")
    };
    assert!(!offered(&window));
    window.click("Cancel the work and close");
    window.wait_for("Close without waiting");
    window.picture("mishap-8-copy-hangs");
    window.click("Close without waiting");
    window.ended();
    disk.hang(false);
    program.run(&["info", "song.dawg"]).success();
}

// Seen red: with an export that fails without a word.
#[test]
fn a_disk_that_is_full_refuses_the_export_and_leaves_nothing_behind() {
    let display = Display::start(1280, 720);
    let program = program(&display, no_server());
    signal::write_wav_24(program.path("noise.wav"), 48_000, &[signal::distinct(480_000, 1)]);
    program.run(&["import", "song.dawg", "noise.wav"]).success();
    let disk = SmallDisk::mount(256 << 10);
    let mut window = Window::open(&display, &program, &["song.dawg"]);
    window.wait_state("stage", "open");
    window.key("ctrl+e");
    window.fill("Name", "Mix");
    window.fill("Folder", disk.path().to_str().unwrap());
    window.click("Export");
    let said = window.wait_for("“Mix.wav” was not exported");
    window.picture("mishap-3-disk-full");
    let words: Vec<String> = window.shown().controls().into_iter().map(|control| control.name).collect();
    assert!(words.iter().any(|words| words.contains("full")), "{said:?} {words:#?}");
    assert_eq!(std::fs::read_dir(disk.path()).unwrap().count(), 0, "something was left on the disk");
    window.key("Escape");
    window.key("Escape");
    // Another place has room, and the song is as it was.
    window.key("ctrl+e");
    window.fill("Name", "Mix");
    window.fill("Folder", program.folder().to_str().unwrap());
    window.click("Export");
    window.wait_for("The file is made.");
    window.click("Close");
    window.quit();
    let wav = signal::read_wav(program.path("Mix.wav"));
    assert_eq!(wav.planar[0].len(), 480_000);
}

// Seen red: with repair offered but not asked for; and with it offered for a file that is no audio at all.
#[test]
fn a_damaged_file_is_refused_with_a_reason_and_what_is_sound_of_it_is_offered() {
    let display = Display::start(1280, 720);
    let program = program(&display, no_server());
    signal::write_wav_24(program.path("whole.wav"), 48_000, &[signal::distinct(96_000, 1)]);
    let whole = std::fs::read(program.path("whole.wav")).unwrap();
    std::fs::write(program.path("cut.wav"), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(program.path("no.wav"), b"This is a letter, not music.").unwrap();
    let path = |name: &str| program.path(name).to_str().unwrap().to_owned();
    let mut window = Window::open(&display, &program, &["song.dawg"]);
    window.wait_state("stage", "open");
    for name in ["no.wav", "cut.wav"] {
        window.key("ctrl+i");
        window.fill("Files", &path(name));
        window.click("Import");
        window.wait_for(&format!("“{name}” was not imported"));
        window.key("Escape");
        window.wait_gone("Import audio");
    }
    window.picture("mishap-4-damaged-file");
    assert_eq!(info(&program)["tracks"].as_array().unwrap().len(), 0, "nothing is in the song yet");
    window.click("Import what is sound of it");
    window.wait_for("Clip cut");
    window.wait_state("save", "saved");
    window.picture("mishap-5-what-was-sound");
    window.quit();
    let info = info(&program);
    let length = info["tracks"][0]["lanes"][0]["clips"][0]["length"].as_i64().unwrap();
    assert!((47_000..=48_000).contains(&length), "{info}");
}
