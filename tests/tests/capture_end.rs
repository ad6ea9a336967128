//! The last moment of a recording: whatever happens between its last block and its header, the take is whole up to the
//! last block that was written, and who sang is told.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "disk/recording.rs"]
mod recording;

use std::time::Duration;

use dawg_tests::{LastHeader, Output, Program, Then, signal};
use recording::{Recording, take_in};
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
    let Recording { disk, folder, store, document, mut engine, mut hand, roll } = Recording::begin(1);
    let file = folder.join("audio").join(&roll.rows()[0].file);
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
    let opened = take_in(store, document, engine, &recorded);
    assert!(opened.report.is_clean() && opened.unfinished.is_empty(), "{:?}", opened.report);
}
