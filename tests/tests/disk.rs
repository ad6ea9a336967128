//! A disk that is full: clear words, nothing half-made under a final name, and every take kept as far as it came.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::time::Duration;

use dawg_tests::{JackServer, Microphone, Program, SmallDisk, signal};

const LIMIT: Duration = Duration::from_secs(30);

/// Leaves about `bytes` free.
fn leave(disk: &SmallDisk, bytes: u64) {
    let ballast = disk.fill();
    let full = std::fs::metadata(&ballast).unwrap().len();
    std::fs::OpenOptions::new().write(true).open(&ballast).unwrap().set_len(full - bytes).unwrap();
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

// Seen red: with recovery left out at opening, what was recorded is on the disk and not in the song.
#[test]
fn recording_keeps_what_fits_and_says_so() {
    let server = JackServer::start(48_000, 256);
    let program = Program::new().with_env(server.env());
    let disk = SmallDisk::mount(12 << 20);
    let song = disk.path().join("song.dawg");
    let song = song.to_str().unwrap();
    program.run(&["new", song]).success();
    leave(&disk, 400_000);
    let sung = signal::distinct(480_000, 1);
    let microphone = Microphone::feed(&server, vec![sung.clone()], &["ai-dawg:in_1"]);
    let mut recording =
        program.spawn(&["record", song, "--track", "Voice", "--seconds", "9", "--host", "jack"]);
    recording.wait_for_line("rolling", LIMIT);
    microphone.wait_connected(LIMIT);
    microphone.go();
    let output = recording.wait(LIMIT);
    assert_eq!(output.code(), Some(1), "{output}");
    assert!(output.stderr.contains("full") && !output.stderr.contains("panicked"), "{output}");
    // Room again: the song opens, and the take is in it.
    std::fs::remove_file(dawg_tests_ballast(&disk)).unwrap();
    let rename = r#"{"edit":"set_song_name","name":"After"}"#;
    program.run_with_input(&["edit", song, "-"], rename).success();
    let info = program.run(&["info", song, "--json"]).json();
    let clip = &info["tracks"][0]["lanes"][0]["clips"][0];
    let file = Path::new(song).join("audio").join(clip["file"].as_str().unwrap());
    let captured = signal::read_wav(&file).planar.swap_remove(0);
    let at = signal::find(&sung[..64], &captured).expect("the first samples are there");
    let there = captured.len() - at;
    assert!(there > 48_000, "only {there} frames are there");
    assert_eq!(signal::first_difference(&captured[at..], &sung[..there]), None);
}

fn dawg_tests_ballast(disk: &SmallDisk) -> std::path::PathBuf {
    let largest = std::fs::read_dir(disk.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .max_by_key(|path| std::fs::metadata(path).unwrap().len());
    largest.unwrap()
}

// Seen red: with the temporary file kept on error `audio/` has a leftover.
#[test]
fn importing_leaves_the_song_as_it_was() {
    let program = Program::new();
    let disk = SmallDisk::mount(12 << 20);
    let song = disk.path().join("song.dawg");
    let name = song.to_str().unwrap();
    let noise = signal::distinct(500_000, 1);
    signal::write_wav_24(program.path("noise.wav"), 48_000, &[noise]);
    program.run(&["new", name]).success();
    leave(&disk, 600_000);
    let output = program.run(&["import", name, "noise.wav"]);
    let said = output.refusal(1);
    assert!(said.contains("full"), "{said}");
    assert_eq!(files(&song.join("audio")), Vec::<String>::new());
    assert_eq!(program.run(&["info", name, "--json"]).json()["tracks"], serde_json::json!([]));
}

// Seen red: with the temporary file kept on error it lies there, hidden.
#[test]
fn exporting_leaves_no_half_file() {
    let program = Program::new();
    let disk = SmallDisk::mount(1 << 20);
    let noise = signal::distinct(500_000, 1);
    signal::write_wav_24(program.path("noise.wav"), 48_000, &[noise]);
    program.run(&["new", "song.dawg"]).success();
    program.run(&["import", "song.dawg", "noise.wav"]).success();
    for name in ["mix.wav", "mix.flac"] {
        let out = disk.path().join(name);
        let output = program.run(&["export", "song.dawg", out.to_str().unwrap()]);
        let said = output.refusal(1);
        assert!(said.contains("full"), "{said}");
        assert_eq!(files(disk.path()), Vec::<String>::new());
    }
}
