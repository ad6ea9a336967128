//! What these tests share: the program in a home of its own, songs and files to begin with.
#![allow(dead_code, reason = "each test file uses its own part of it")]
#![allow(clippy::unwrap_used, reason = "test support: a panic is how it reports")]

use dawg_tests::{Program, signal};
use serde_json::Value;

/// The program as it was just built.
pub(crate) fn program() -> Program {
    Program::at(env!("CARGO_BIN_EXE_ai-dawg"))
}

/// The program with an empty song `s.dawg` at 48 kHz.
pub(crate) fn with_song() -> Program {
    let program = program();
    program.run(&["new", "s.dawg"]).success();
    program
}

/// What `info` says of `s.dawg`.
#[track_caller]
pub(crate) fn info(program: &Program) -> Value {
    program.run(&["info", "s.dawg", "--json"]).json()
}

/// Writes `channels` channels of `frames` samples that occur nowhere twice, as 24-bit WAV.
pub(crate) fn write_noise(
    program: &Program,
    name: &str,
    rate: u32,
    channels: u32,
    frames: usize,
) -> Vec<Vec<f32>> {
    let planes: Vec<Vec<f32>> = (0..channels).map(|channel| signal::distinct(frames, 7 + channel)).collect();
    signal::write_wav_24(program.path(name), rate, &planes);
    planes
}

/// Names in a folder of the program, sorted.
pub(crate) fn names(program: &Program, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(program.path(folder)).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Runs SQL on the database of `s.dawg`, to provoke faults.
pub(crate) fn sql(program: &Program, sql: &str) {
    let connection = rusqlite::Connection::open(program.path("s.dawg/song.db")).unwrap();
    connection.execute_batch(sql).unwrap();
}
