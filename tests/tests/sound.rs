//! The program on a real audio server: what it plays and records, to the bit and to the sample.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use dawg_tests::{JackServer, Listener, Loopback, Microphone, Output, Program, PulseServer, signal, torture};
use serde_json::Value;

const LIMIT: Duration = Duration::from_secs(20);

/// The samples of the take that `record --json` tells of: its window into its file.
fn take(program: &Program, song: &str, recorded: &Value) -> Vec<f32> {
    let file = program.path(song).join("audio").join(recorded["file"].as_str().unwrap());
    let info = program.run(&["info", song, "--json"]).json();
    let clips =
        info["tracks"].as_array().unwrap().iter().flat_map(|track| track["lanes"].as_array().unwrap());
    let mut clips = clips.flat_map(|lane| lane["clips"].as_array().unwrap());
    let clip = clips.find(|clip| clip["id"] == recorded["clip"]).unwrap();
    let number = |key: &str| usize::try_from(clip[key].as_i64().unwrap()).unwrap();
    let samples = signal::read_wav(&file).planar.swap_remove(0);
    samples[number("offset")..number("offset") + number("length")].to_vec()
}

fn export(program: &Program, song: &str, name: &str, depth: &str) -> Vec<Vec<f32>> {
    program.run(&["export", song, name, "--depth", depth]).success();
    signal::read_wav(program.path(name)).planar
}

// Seen red: with the metronome on whatever the song says.
#[test]
fn what_jack_gets_is_what_is_exported_to_the_last_bit() {
    let server = JackServer::start(48_000, 256);
    let program = Program::new().with_env(server.env());
    torture::save(&program, "torture.dawg");
    let listener = Listener::start(&server, Duration::from_secs(30));
    let played = program.run(&["play", "torture.dawg", "--host", "jack", "--json"]);
    let report = played.json();
    let exported = export(&program, "torture.dawg", "torture.wav", "32f");
    let heard = listener.take();
    let start = heard[0].iter().position(|sample| *sample != 0.0).unwrap();
    let first = exported[0].iter().position(|sample| *sample != 0.0).unwrap();
    assert_eq!(report["missed_frames"], 0, "{report}");
    for (heard, exported) in heard.iter().zip(&exported) {
        let heard = &heard[start - first..][..exported.len()];
        assert_eq!(signal::first_difference(heard, exported), None, "{report}");
    }
}

// Seen red: with 16-bit captures.
#[test]
fn what_a_client_plays_is_recorded_to_the_last_bit() {
    let server = JackServer::start(48_000, 256);
    let program = Program::new().with_env(server.env());
    program.run(&["new", "song.dawg"]).success();
    let sung = vec![signal::distinct(96_000, 1), signal::distinct(96_000, 2)];
    let microphone = Microphone::feed(&server, sung.clone(), &["ai-dawg:in_1", "ai-dawg:in_2"]);
    let mut recording = program.spawn(&[
        "record",
        "song.dawg",
        "--track",
        "Voice",
        "--input",
        "1+2",
        "--seconds",
        "3",
        "--host",
        "jack",
        "--json",
    ]);
    recording.wait_for_line("rolling", LIMIT);
    microphone.wait_connected(LIMIT);
    microphone.go();
    let recorded = recording.wait(LIMIT).json();
    assert_eq!((recorded["lost"].as_i64(), recorded["clipped"].as_i64()), (Some(0), Some(0)), "{recorded}");
    let file = program.path("song.dawg/audio").join(recorded["file"].as_str().unwrap());
    let wav = signal::read_wav(&file);
    assert_eq!((wav.bits, wav.planar.len()), (24, 2));
    let at = signal::find(&sung[0][..64], &wav.planar[0]).expect("the first samples were recorded");
    for (sung, recorded) in sung.iter().zip(&wav.planar) {
        assert_eq!(signal::first_difference(&recorded[at..at + sung.len()], sung), None);
    }
}

// Seen red: with the latency ignored the click lands 1,033 frames late.
#[test]
fn a_click_through_a_cable_that_the_driver_does_not_know_lands_where_it_was_played() {
    let server = JackServer::start(48_000, 256);
    let program = Program::new().with_env(server.env());
    let clicks = signal::click_at(120_000, 60_000);
    signal::write_wav_24(program.path("click.wav"), 48_000, &[clicks.clone(), clicks]);
    program.run(&["new", "song.dawg"]).success();
    program.run(&["import", "song.dawg", "click.wav"]).success();
    let cable = Loopback::start(&server, "ai-dawg", 777);
    let latency = cable.total_delay().to_string();
    let recorded = program
        .run(&[
            "record",
            "song.dawg",
            "--track",
            "Voice",
            "--seconds",
            "2",
            "--at",
            "10000smp",
            "--latency",
            &latency,
            "--host",
            "jack",
            "--json",
        ])
        .json();
    assert_eq!((recorded["start"].as_i64(), recorded["length"].as_i64()), (Some(10_000), Some(96_000)));
    let take = take(&program, "song.dawg", &recorded);
    assert_eq!(take.iter().position(|sample| sample.abs() > 0.2), Some(50_000));
    assert_eq!(take.iter().filter(|sample| **sample != 0.0).count(), 1);
}

fn kept(output: &Output) -> &str {
    assert_eq!(output.code(), Some(1), "{output}");
    assert!(!output.stderr.contains("panicked"), "{output}");
    &output.stderr
}

// Seen red: with the roll never abandoned the program waits for an audio thread that is gone.
#[test]
fn a_device_that_vanishes_keeps_the_take_so_far() {
    let mut server = JackServer::start(48_000, 256);
    let program = Program::new().with_env(server.env());
    program.run(&["new", "song.dawg"]).success();
    let sung = signal::distinct(240_000, 1);
    let microphone = Microphone::feed(&server, vec![sung.clone()], &["ai-dawg:in_1"]);
    let mut recording =
        program.spawn(&["record", "song.dawg", "--track", "Voice", "--seconds", "10", "--host", "jack"]);
    recording.wait_for_line("rolling", LIMIT);
    microphone.wait_connected(LIMIT);
    microphone.go();
    microphone.wait_played(48_001, LIMIT);
    server.kill();
    let sent = microphone.played();
    drop(microphone);
    let output = recording.wait(LIMIT);
    let said = kept(&output);
    assert!(said.contains("device") && said.contains("kept"), "{said}");
    let info = program.run(&["info", "song.dawg", "--json"]).json();
    let clip = &info["tracks"][0]["lanes"][0]["clips"][0];
    let file = program.path("song.dawg/audio").join(clip["file"].as_str().unwrap());
    let captured = signal::read_wav(&file).planar.swap_remove(0);
    let at = signal::find(&sung[..64], &captured).expect("the first samples are there");
    let there = captured.len() - at;
    assert!(there + 1_024 >= sent, "{there} of {sent} frames are there");
    assert_eq!(signal::first_difference(&captured[at..at + there.min(sent)], &sung[..there.min(sent)]), None);
}

// Seen red: without the check of `device_gone` play hangs until its end.
#[test]
fn a_device_that_vanishes_while_playing_is_said() {
    let mut server = JackServer::start(48_000, 256);
    let program = Program::new().with_env(server.env());
    torture::save(&program, "torture.dawg");
    let mut playing = program.spawn(&["play", "torture.dawg", "--host", "jack"]);
    playing.wait_for_line("playing", LIMIT);
    server.kill();
    assert!(kept(&playing.wait(LIMIT)).contains("device"));
}

// Seen red: with the track prepared before the device is open the song has a track too many.
#[test]
fn no_device_is_a_clear_error_and_the_song_stays_as_it_was() {
    let program = Program::new().with_env([
        ("JACK_DEFAULT_SERVER".to_owned(), "dawgtest_none".to_owned()),
        ("JACK_NO_START_SERVER".to_owned(), "1".to_owned()),
    ]);
    program.run(&["new", "song.dawg"]).success();
    let before = program.run(&["info", "song.dawg", "--json"]).json();
    for host in ["jack", "alsa"] {
        let record = ["record", "song.dawg", "--track", "Voice", "--seconds", "1", "--host", host];
        let output = program.run(&record);
        let said = output.refusal(1);
        assert!(said.contains("devices") || said.contains("server"), "{said}");
        program.run(&["play", "song.dawg", "--seconds", "1", "--host", host]).refusal(1);
    }
    let after = program.run(&["info", "song.dawg", "--json"]).json();
    assert_eq!(before["tracks"], after["tracks"]);
}

// Seen red: with no input stream opened the take is silent and nothing is said of it.
#[test]
fn the_default_device_of_a_desktop_works_and_says_what_it_lost() {
    let server = PulseServer::start(48_000);
    let program = Program::new().with_env(server.env()).with_env([
        ("JACK_DEFAULT_SERVER".to_owned(), "dawgtest_none".to_owned()),
        ("JACK_NO_START_SERVER".to_owned(), "1".to_owned()),
    ]);
    torture::save(&program, "torture.dawg");
    let played = program.run(&["play", "torture.dawg", "--seconds", "2", "--host", "alsa", "--json"]).json();
    assert!(played["xruns"].is_u64() && played["missed_frames"] == 0, "{played}");
    let recorded = program
        .run(&["record", "torture.dawg", "--track", "Voice", "--seconds", "3", "--host", "alsa", "--json"])
        .json();
    // The monitor of the sink is the default input: what is played comes back.
    let take = take(&program, "torture.dawg", &recorded);
    let silent = take.iter().filter(|sample| **sample == 0.0).count();
    assert_eq!(take.len(), 144_000);
    let told = recorded["xruns"].as_u64().unwrap() + recorded["lost"].as_u64().unwrap();
    assert!(silent < 72_000 || told > 0, "{silent} frames are silent and nothing is said of it: {recorded}");
}
