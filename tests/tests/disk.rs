//! A disk that is full: clear words, nothing half-made under a final name, and every take kept as far as it came.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "disk/recording.rs"]
mod recording;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use dawg_tests::{JackServer, Microphone, Program, SmallDisk, signal};
use recording::{Recording, take_in};

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

/// Everything that lies in a folder of the song, to the last bit.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    files(folder).into_iter().map(|name| (name.clone(), std::fs::read(folder.join(name)).unwrap())).collect()
}

/// The samples of the newest clip of the song's first track, and what `info` says of it.
fn newest_take(program: &Program, song: &Path) -> (Vec<f32>, serde_json::Value) {
    let info = program.run(&["info", song.to_str().unwrap(), "--json"]).json();
    let clip = info["tracks"][0]["lanes"][0]["clips"][0].clone();
    let file = song.join("audio").join(clip["file"].as_str().unwrap_or_else(|| panic!("no take: {info}")));
    (signal::read_wav(&file).planar.swap_remove(0), clip)
}

// Seen red: with no reserve the song has no room for the take's rows, and takes it in only when there is room again.
#[test]
fn a_take_that_fills_the_disk_is_in_the_song_as_far_as_it_came() {
    let server = JackServer::start(48_000, 256);
    let program = Program::new().with_env(server.env());
    let disk = SmallDisk::mount(16 << 20);
    let song = disk.path().join("song.dawg");
    let name = song.to_str().unwrap();
    program.run(&["new", name]).success();
    let short = ["record", name, "--track", "Voice", "--seconds", "1", "--host", "jack"];
    program.run(&short).success();
    let before = contents(&song.join("audio"));
    assert_eq!(before.len(), 1);
    leave(&disk, 2_600_000);
    let sung = signal::distinct(960_000, 1);
    let microphone = Microphone::feed(&server, vec![sung.clone()], &["ai-dawg:in_1"]);
    let arguments =
        ["record", name, "--track", "Voice", "--seconds", "60", "--host", "jack", "--at", "10s", "--float"];
    let mut recording = program.spawn(&arguments);
    recording.wait_for_line("rolling", LIMIT);
    microphone.wait_connected(LIMIT);
    microphone.go();
    let output = recording.wait(Duration::from_secs(60));
    assert_eq!(output.code(), Some(1), "{output}");
    for said in ["room for", " % full: ", "the disk is full", "is kept up to there"] {
        assert!(output.stderr.contains(said), "{said}: {output}");
    }
    assert!(!output.stderr.contains("panicked"), "{output}");
    assert!(output.stdout.contains("recorded"), "{output}");
    // It is in the song without anybody having made room.
    let (captured, clip) = newest_take(&program, &song);
    let at = signal::find(&sung[..64], &captured).expect("the first samples are there");
    let there = captured.len() - at;
    assert!(there > 2 * 48_000, "only {there} frames are there");
    assert_eq!(signal::first_difference(&captured[at..], &sung[..there]), None);
    let reaches = clip["offset"].as_i64().unwrap_or(0) + clip["length"].as_i64().unwrap();
    assert_eq!(reaches, captured.len() as i64, "{clip}");
    let after = contents(&song.join("audio"));
    for (file, bytes) in &before {
        assert!(after[file] == *bytes, "{file} is not what it was");
    }
    // Nothing is left of what was held back, and the song goes on as any other.
    assert!(!files(&song).iter().any(|name| name.starts_with(".reserve")), "{:?}", files(&song));
    let rename = r#"{"edit":"set_song_name","name":"After"}"#;
    program.run_with_input(&["edit", name, "-"], rename).success();
    let out = program.path("mix.wav");
    program.run(&["export", name, out.to_str().unwrap()]).success();
}

// Seen red: with no reserve there is no take.
#[test]
fn where_there_was_hardly_room_to_begin_the_take_is_kept() {
    let server = JackServer::start(48_000, 256);
    let program = Program::new().with_env(server.env());
    let disk = SmallDisk::mount(12 << 20);
    let song = disk.path().join("song.dawg");
    program.run(&["new", song.to_str().unwrap()]).success();
    leave(&disk, 600_000);
    let output = program.run(&[
        "record",
        song.to_str().unwrap(),
        "--track",
        "Voice",
        "--seconds",
        "9",
        "--host",
        "jack",
    ]);
    assert_eq!(output.code(), Some(1), "{output}");
    assert!(output.stderr.contains("full"), "{output}");
    let (captured, _) = newest_take(&program, &song);
    assert!(captured.len() > 24_000, "only {} frames are there", captured.len());
}

// Several tracks, through the engine by hand.
// Seen red: with no reserve the commit fails, the disk being full.
#[test]
fn tracks_that_fill_the_disk_together_end_together() {
    let Recording { disk: _disk, folder, store, document, mut engine, mut hand, roll } = Recording::begin(3);
    let sung = signal::distinct(2_000_000, 1);
    let mut blocks = sung.chunks(512);
    while !roll.failed() {
        // No faster than the disk: ten seconds fit into the rings.
        for _ in 0..8 {
            let block = blocks.next().expect("the disk was to become full");
            hand.call([block, block]);
        }
        engine.tick();
        dawg_tests::poll(Duration::from_millis(5), || None::<()>);
    }
    engine.stop();
    hand.silence(1_024);
    engine.tick();
    assert!(dawg_tests::poll(LIMIT, || roll.is_finished().then_some(())).is_some());
    let recorded = roll.finish();
    let lengths: Vec<i64> = recorded.tracks.iter().map(|track| track.row.frames).collect();
    for track in &recorded.tracks {
        assert!(track.error.as_ref().is_some_and(|error| error.contains("full")), "{track:?}");
        let captured = signal::read_wav(folder.join("audio").join(&track.row.file)).planar.swap_remove(0);
        assert_eq!(captured.len() as i64, track.row.frames);
        assert_eq!(signal::first_difference(&captured, &sung[..captured.len()]), None);
    }
    let (least, most) = (lengths.iter().min().unwrap(), lengths.iter().max().unwrap());
    assert!(*least > 48_000 && most - least < 48_000, "{lengths:?}");
    // The disk is full; what was held back is what the takes are committed with.
    let opened = take_in(store, document, engine, &recorded);
    assert!(opened.report.is_clean(), "{:?}", opened.report);
    assert!(
        opened
            .document
            .session()
            .tracks
            .iter()
            .all(|track| track.lanes.iter().any(|lane| !lane.clips.is_empty()))
    );
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
