//! The round trip: measured through a loop that no driver knows, stored, and taken off every take.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::time::Duration;

use dawg_tests::{JackServer, Loopback, Microphone, Output, Program, signal};
use serde_json::Value;

const LIMIT: Duration = Duration::from_secs(30);
/// Frames that the cable adds and nobody reports.
const HIDDEN: usize = 777;

/// A signal in which every sample can be told apart.
fn told_apart() -> Vec<f32> {
    signal::distinct(96_000, 3)
}

fn calibrate(program: &Program) -> Output {
    program.run(&["calibrate", "--host", "jack", "--json"])
}

/// Records for a second, from song frame 10,000 on, what a new song of this name plays; returns the report and the take.
fn record(program: &Program, song: &str) -> (Value, Vec<f32>) {
    let played = told_apart();
    signal::write_wav_24(program.path("told apart.wav"), 48_000, &[played.clone(), played]);
    program.run(&["new", song]).success();
    program.run(&["import", song, "told apart.wav"]).success();
    let arguments = ["record", song, "--track", "Voice", "--seconds", "1", "--at", "10000smp"];
    let report = program.run(&[&arguments[..], &["--host", "jack", "--json"]].concat()).json();
    assert_eq!((report["start"].as_i64(), report["length"].as_i64()), (Some(10_000), Some(48_000)));
    let take = take(program, song, &report);
    (report, take)
}

/// The samples of a take's window.
fn take(program: &Program, song: &str, report: &Value) -> Vec<f32> {
    let info = program.run(&["info", song, "--json"]).json();
    let tracks = info["tracks"].as_array().unwrap().iter();
    let lanes = tracks.flat_map(|track| track["lanes"].as_array().unwrap());
    let mut clips = lanes.flat_map(|lane| lane["clips"].as_array().unwrap());
    let clip = clips.find(|clip| clip["id"] == report["clip"]).unwrap();
    let number = |key: &str| usize::try_from(clip[key].as_i64().unwrap()).unwrap();
    let file = program.path(song).join("audio").join(report["file"].as_str().unwrap());
    let samples = signal::read_wav(file).planar.swap_remove(0);
    samples[number("offset")..number("offset") + number("length")].to_vec()
}

#[test]
fn hidden_frames_are_found_and_takes_land_to_the_sample() {
    let server = JackServer::start(48_000, 256);
    let program = Program::new().with_env(server.env());
    let played = told_apart();
    let cable = Loopback::start(&server, "ai-dawg", HIDDEN);
    // Without calibration the take is off by exactly what the driver does not know.
    let (report, early) = record(&program, "before.dawg");
    assert_eq!(report["latency_source"], "driver");
    let measured = calibrate(&program).json();
    let number = |key: &str| measured[key].as_i64().unwrap();
    assert_eq!(number("round_trip_frames"), cable.total_delay() as i64, "{measured}");
    assert_eq!(number("extra_frames"), number("round_trip_frames") - number("driver_frames"));
    assert_eq!(report["latency"], measured["driver_frames"]);
    assert_eq!((&measured["stored"], &measured["host"]), (&Value::Bool(true), &Value::from("jack")));
    assert!(measured["advice"].as_str().unwrap().contains("ms"), "{measured}");
    let off = usize::try_from(number("extra_frames")).unwrap();
    assert!(off > 0);
    assert_eq!(early[..off], vec![0.0; off]);
    assert_eq!(signal::first_difference(&early[off..], &played[10_000..58_000 - off]), None);
    let (report, landed) = record(&program, "after.dawg");
    assert_eq!(report["latency_source"], "calibrated");
    assert_eq!(report["latency"], measured["round_trip_frames"]);
    assert_eq!(signal::first_difference(&landed, &played[10_000..58_000]), None);
    // Forgotten, it is as before.
    let forgotten = program.run(&["calibrate", "--host", "jack", "--forget", "--json"]).json();
    assert_eq!(forgotten["forgotten"], true);
    let (report, again) = record(&program, "forgotten.dawg");
    assert_eq!(report["latency_source"], "driver");
    assert_eq!(signal::first_difference(&again, &early), None);
}

#[test]
fn with_nothing_connected_it_says_so_and_changes_nothing() {
    let server = JackServer::start(48_000, 256);
    let program = Program::new().with_env(server.env());
    let stored = program.data().join("calibrations.json");
    let said = calibrate(&program);
    assert!(said.refusal(1).contains("nothing of the test signal came back on input 1"), "{said}");
    assert!(!stored.exists());
    // Neither is what was measured before.
    let cable = Loopback::start(&server, "ai-dawg", HIDDEN);
    calibrate(&program).success();
    drop(cable);
    let before = std::fs::read(&stored).unwrap();
    assert!(calibrate(&program).refusal(1).contains("nothing was changed"));
    assert_eq!(std::fs::read(&stored).unwrap(), before);
    let said = program.run(&["calibrate", "--host", "jack", "--input", "7"]);
    assert!(said.refusal(1).contains("input 7 is wanted"), "{said}");
}

#[test]
fn a_recording_without_playback_keeps_everything_that_came_in() {
    let server = JackServer::start(48_000, 256);
    let program = Program::new().with_env(server.env());
    program.run(&["new", "song.dawg"]).success();
    let sung = signal::distinct(24_000, 9);
    let microphone = Microphone::feed(&server, vec![sung.clone()], &["ai-dawg:in_1"]);
    let mut recording = program.spawn(&[
        "record",
        "song.dawg",
        "--track",
        "Voice",
        "--seconds",
        "2",
        "--latency",
        "1033",
        "--host",
        "jack",
        "--json",
    ]);
    recording.wait_for_line("rolling", LIMIT);
    microphone.wait_connected(LIMIT);
    microphone.go();
    let report = recording.wait(LIMIT).json();
    assert_eq!((report["start"].as_i64(), report["length"].as_i64()), (Some(0), Some(96_000)));
    assert!(report["frames"].as_i64().unwrap() >= 96_000 + 1_033, "{report}");
    let file = program.path("song.dawg/audio").join(report["file"].as_str().unwrap());
    let whole = signal::read_wav(file).planar.swap_remove(0);
    let at = signal::find(&sung[..64], &whole).expect("the first samples were recorded");
    assert_eq!(signal::first_difference(&whole[at..at + sung.len()], &sung), None);
    // In the take it lies one round trip earlier: where the song was when it was sung.
    let take = take(&program, "song.dawg", &report);
    assert_eq!(signal::find(&sung[..64], &take), at.checked_sub(1_033));
}
