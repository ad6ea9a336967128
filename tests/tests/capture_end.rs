//! The last moment of a recording: whatever happens between its last block and its header, the take is whole up to the
//! last block that was written, and who sang is told.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::sync::Arc;
use std::time::Duration;

use dawg_engine::Engine;
use dawg_engine::capture::{Punch, Roll, RollRequest, take};
use dawg_engine::device::manual::Manual;
use dawg_media::wav::SampleFormat;
use dawg_session::{
    Access, Document, Edit, Layout, Name, Session, SongId, Store, Tempo, Track, Transaction, now_ms,
};
use dawg_tests::{LastHeader, Output, Program, SmallDisk, Then, signal, torture};
use serde_json::Value;

const LIMIT: Duration = Duration::from_secs(60);
/// Frames of the take that is recorded at the command line.
const FRAMES: u64 = 2 * 48_000;
/// More frames than a header has room for: a file of `FRAMES` frames may lack so many of them.
const HEADER: u64 = 512;

/// A song into which a take of two seconds is recorded from the timer, with this at its last header; and what was said.
fn recorded(then: Then) -> (Program, Output) {
    let program = Program::new();
    program.run(&["new", "song.dawg"]).success();
    let header = LastHeader::make();
    let program = program.with_env(header.env(FRAMES * 3, then));
    let record =
        ["record", "song.dawg", "--track", "Voice", "--seconds", "2", "--host", "timer", "--latency", "0"];
    let said = program.run(&record);
    (program.with_env([("LD_PRELOAD".to_owned(), String::new())]), said)
}

/// The only take: its length in the song, and the frames that another program finds in its file.
fn take(program: &Program) -> (u64, u64) {
    let takes = program.run(&["takes", "song.dawg", "--track", "Voice", "--json"]).json();
    let [take] = takes.as_array().unwrap().as_slice() else { panic!("{takes}") };
    let file = program.path("song.dawg/audio").join(take["file"].as_str().unwrap());
    (take["length"].as_u64().unwrap(), signal::read_wav(file).planar[0].len() as u64)
}

/// Opens the song for writing, as whoever works on it next does.
fn opened_again(program: &Program) -> Output {
    program.run_with_input(&["edit", "song.dawg", "-"], r#"{"edit":"set_song_name","name":"After"}"#)
}

// Seen red: with `recover` that believes the header.
#[test]
fn killed_between_the_last_block_and_the_header_it_is_whole_when_the_song_is_opened() {
    let (program, killed) = recorded(Then::Kill);
    assert_eq!(killed.code(), None, "{killed}");
    let opened = opened_again(&program);
    opened.success();
    assert!(opened.stderr.contains("was interrupted; the take is kept (2."), "{opened}");
    let (length, there) = take(&program);
    assert!(length + HEADER >= FRAMES && there >= length, "{length} frames of {there}");
}

// Seen red: with the capture noted as finished, the song has 96,000 frames and the file for good 91,904.
#[test]
fn a_header_that_the_disk_refuses_is_told_and_mended_when_the_song_is_opened() {
    let (program, refused) = recorded(Then::Fail);
    assert_eq!(refused.code(), Some(1), "{refused}");
    assert!(refused.stderr.contains("until the song is opened again"), "{refused}");
    opened_again(&program).success();
    let (length, there) = take(&program);
    assert!(length + HEADER >= FRAMES && there >= length, "{length} frames of {there}");
    // Once: the next opening has nothing to mend.
    let info: Value = program.run(&["info", "song.dawg", "--json"]).json();
    assert_eq!(info["tracks"][0]["lanes"][0]["clips"].as_array().map(Vec::len), Some(1), "{info}");
}

// Seen red: with the row as long as what came in, the song knows more than the file has; with what is held back not given
// back, the take cannot be committed.
#[test]
fn a_disk_that_is_full_at_the_very_end_costs_only_what_came_after() {
    let disk = SmallDisk::mount(8 << 20);
    let folder = disk.path().join("song.dawg");
    let session = Session::new(SongId::fresh(), Name::new("Song").unwrap(), 48_000, Tempo::DEFAULT);
    let store = Arc::new(Store::create(&folder, &session).unwrap());
    let mut document = Document::new(Arc::new(session.clone()));
    let mut song = torture::Song::of(session, &folder.join("audio"));
    let voice = song.track("Voice", Layout::MONO);
    let track = Track { input: "1".parse().unwrap(), ..Track::clone(&song.session.tracks[0]) };
    let transaction = |label: &str, edits| Transaction { author: "test".into(), label: label.into(), edits };
    let row = document.commit(transaction("Edit", vec![Edit::AddTrack { track, at: 0 }]), now_ms()).unwrap();
    store.append(row).wait().unwrap();
    let (device, mut hand) = Manual::open(48_000);
    let mut engine =
        Engine::on_device(Arc::clone(document.session()), &folder.join("audio"), device).unwrap();
    let request = RollRequest {
        tracks: vec![voice],
        from: 0,
        punch: Punch::All(None),
        count_in: 0,
        latency: 0,
        format: SampleFormat::Int24,
    };
    let (roll, taps) = Roll::begin(document.session(), &store, &request).unwrap();
    let file = folder.join("audio").join(&roll.rows()[0].file);
    engine.roll(Some(0), 0, Some(taps));
    let sung = signal::distinct(96_000, 1);
    let (before, last) = sung.split_at(24_000);
    for block in before.chunks(500) {
        hand.call([block, block]);
    }
    engine.tick();
    dawg_tests::until(LIMIT, "the blocks before the last", || {
        std::fs::metadata(&file).unwrap().len() >= before.len() as u64 * 3
    });
    disk.fill();
    // More than the last page of the file has room for; and Stop, before the writer has come to it.
    for block in last.chunks(500) {
        hand.call([block, block]);
    }
    engine.stop();
    roll.hurry();
    hand.silence(1_024);
    engine.tick();
    dawg_tests::until(LIMIT, "the end of the recording", || roll.is_finished());
    let recorded = roll.finish();
    let [track] = recorded.tracks.as_slice() else { panic!("{recorded:?}") };
    assert!(track.error.as_ref().is_some_and(|error| error.contains("full")), "{track:?}");
    let captured = signal::read_wav(&file).planar.swap_remove(0);
    assert_eq!(captured.len() as i64, track.row.frames, "the song and the file agree");
    assert!((before.len()..sung.len()).contains(&captured.len()), "{} frames", captured.len());
    assert_eq!(signal::first_difference(&captured, &sung[..captured.len()]), None);
    // There is room for what the song has to note.
    let edits = take::edits(document.session(), &track.row).unwrap().edits;
    let row = document.commit(transaction("Record", edits), now_ms()).unwrap();
    store.finish_captures(recorded.ids(), Some(row)).wait().unwrap();
    drop((engine, store));
    let opened = Store::open(&folder, Access::Write).unwrap();
    assert!(opened.report.is_clean() && opened.unfinished.is_empty(), "{:?}", opened.report);
}
