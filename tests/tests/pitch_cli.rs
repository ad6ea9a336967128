//! `ai-dawg pitch`: what was sung in files and on tracks, in rows and notes; bad files; and live, through JACK.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests")]

#[path = "pitch_cli/bad.rs"]
mod bad;
#[path = "pitch_cli/live.rs"]
mod live;
#[path = "pitch_cli/song.rs"]
mod song;

use std::path::Path;
use std::process::Stdio;

use dawg_tests::sung::score::{Guess, Tally};
use dawg_tests::sung::{Chance, Kind, Piece, Set, Singer, Sung, Vowel};
use dawg_tests::{Output, Program};

const RATE: u32 = 48_000;
const HEADER: &str = "time,frequency,note,cents,confidence,voiced";

/// A row of the CSV.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    /// Hundredths of a second.
    at: usize,
    frequency: Option<f64>,
    note: String,
    cents: Option<f64>,
    confidence: f64,
    voiced: bool,
}

impl Row {
    fn guess(&self) -> Guess {
        let frequency = self.frequency.unwrap_or_default();
        Guess { time: self.at as f64 / 100.0, frequency, voiced: self.voiced }
    }
}

/// The rows of a CSV, its header and its shape checked.
#[track_caller]
fn rows(csv: &str) -> Vec<Row> {
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some(HEADER));
    let rows: Vec<Row> = lines.map(row).collect();
    for row in &rows {
        assert_eq!(row.voiced, row.frequency.is_some(), "{row:?}");
        assert_eq!((row.note.is_empty(), row.cents.is_none()), (!row.voiced, !row.voiced), "{row:?}");
        assert!((0.0..=1.0).contains(&row.confidence) && row.note.is_ascii(), "{row:?}");
    }
    rows
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line.split(',').collect();
    let [time, frequency, note, cents, confidence, voiced] = cells.as_slice() else { panic!("{line}") };
    assert!(cents.is_empty() || cents.split('.').nth(1).is_some_and(|digits| digits.len() == 1), "{line}");
    assert!(["0", "1"].contains(voiced), "{line}");
    Row {
        at: (time.parse::<f64>().unwrap() * 100.0).round() as usize,
        frequency: frequency.parse().ok(),
        note: (*note).to_owned(),
        cents: cents.parse().ok(),
        confidence: confidence.parse().unwrap(),
        voiced: *voiced == "1",
    }
}

/// Which notes are told at these hundredths of a second.
fn notes_at(rows: &[Row], at: &[usize]) -> Vec<String> {
    let note = |at: &usize| rows.iter().find(|row| row.at == *at).map_or("?", |row| &row.note).to_owned();
    at.iter().map(note).collect()
}

/// Writes WAV of 32-bit floats.
fn write(path: &Path, rate: u32, planar: &[Vec<f32>]) {
    let spec = hound::WavSpec {
        channels: planar.len() as u16,
        sample_rate: rate,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut wav = hound::WavWriter::create(path, spec).unwrap();
    for frame in 0..planar[0].len() {
        planar.iter().for_each(|plane| wav.write_sample(plane[frame]).unwrap());
    }
    wav.finalize().unwrap();
}

/// The piece of a kind, without noise.
fn piece(seed: u64, kind: Kind) -> Piece {
    Set::make(seed, &[kind]).pieces.swap_remove(0)
}

/// Keys, each for a second.
fn melody(rate: u32, keys: &[f64]) -> Piece {
    let notes: Vec<Sung> = keys.iter().map(|key| Sung::note(*key, 1.0)).collect();
    Singer::plain(rate).melody(&notes)
}

/// The same, as a file.
fn melody_file(program: &Program, name: &str, keys: &[f64]) -> Vec<f32> {
    let piece = melody(RATE, keys);
    write(&program.path(name), RATE, std::slice::from_ref(&piece.samples));
    piece.samples
}

fn pitch(program: &Program, arguments: &[&str]) -> Output {
    program.run(&[&["pitch"], arguments].concat())
}

// Seen red: with every estimate a row there are twice as many.
#[test]
fn a_row_each_ten_milliseconds_from_the_first_frame_to_the_last() {
    let program = Program::new();
    let sung = melody(RATE, &[57.0]).samples;
    for (frames, last) in [(1, 0), (480, 0), (481, 1), (47_999, 99), (48_000, 99)] {
        write(&program.path("voice.wav"), RATE, &[sung[..frames].to_vec()]);
        for how in [None, Some("--causal")] {
            let arguments: Vec<&str> = ["voice.wav", "--csv"].into_iter().chain(how).collect();
            let rows = rows(pitch(&program, &arguments).success());
            let told: Vec<usize> = rows.iter().map(|row| row.at).collect();
            assert_eq!(told, (0..=last).collect::<Vec<usize>>(), "{frames} frames {how:?}");
        }
    }
}

// Seen red: with rows that are 20 ms late.
#[test]
fn what_is_told_of_singing_is_true_live_and_afterwards() {
    let program = Program::new();
    let piece = piece(11, Kind::ScalesGlides);
    write(&program.path("voice.wav"), piece.rate, std::slice::from_ref(&piece.samples));
    for (how, within) in [(None, 0.97), (Some("--causal"), 0.93)] {
        let arguments: Vec<&str> = ["voice.wav", "--csv"].into_iter().chain(how).collect();
        let rows = rows(pitch(&program, &arguments).success());
        let guesses: Vec<Guess> = rows.iter().map(Row::guess).collect();
        let mut tally = Tally::default();
        tally.add(&piece.truth, &guesses);
        let score = tally.score();
        println!("{how:?}: {score}");
        assert!(score.within_15 >= within && score.recall >= 0.97, "{how:?}: {score}");
    }
}

// Seen red: with a fold that looks ahead for the stereo file.
#[test]
fn a_causal_row_depends_on_nothing_that_comes_more_than_thirty_milliseconds_later() {
    let program = Program::new();
    let noisy = Set::make(3, &[Kind::ScalesGlides]).pieces.pop().unwrap().samples;
    let sung = &noisy[..12 * RATE as usize];
    // The left side goes dead on the way, and the right is upside down.
    let left: Vec<f32> = sung.iter().enumerate().map(|(n, it)| if n < 96_000 { *it } else { 0.0 }).collect();
    let right: Vec<f32> = sung.iter().map(|sample| -0.4 * sample).collect();
    for sides in [vec![sung.to_vec()], vec![left, right]] {
        write(&program.path("whole.wav"), RATE, &sides);
        let whole = rows(pitch(&program, &["whole.wav", "--causal", "--csv"]).success());
        let ahead = rows(pitch(&program, &["whole.wav", "--csv"]).success());
        // Cut where looking ahead would change most: 30 ms after a row that is another with it.
        let others = whole.iter().zip(&ahead).filter(|(live, ahead)| live.note != ahead.note);
        let after = others.map(|(row, _)| row.at * 480 + 1_440 + 1).filter(|cut| *cut < sung.len()).take(8);
        for cut in after.chain([9_001, 96_500, 100_800, 300_003]) {
            let cut_sides: Vec<Vec<f32>> = sides.iter().map(|side| side[..cut].to_vec()).collect();
            write(&program.path("cut.wav"), RATE, &cut_sides);
            let told = rows(pitch(&program, &["cut.wav", "--causal", "--csv"]).success());
            // What speaks of a moment up to 30 ms before the cut knew everything that it may know.
            let sure = (cut - RATE as usize * 30 / 1_000) * 100 / RATE as usize;
            assert_eq!(told[..=sure], whole[..=sure], "cut at {cut} of {} sides", sides.len());
        }
    }
}

// Seen red: with 440 Hz whatever is asked for.
#[test]
fn names_follow_the_pitch_of_a4() {
    let program = Program::new();
    // 415.3 Hz.
    melody_file(&program, "voice.wav", &[68.0]);
    for (a4, note, cents) in [("440", "G#4", 0.0), ("415", "A4", 1.3), ("466", "G4", 0.6)] {
        let rows = rows(pitch(&program, &["voice.wav", "--csv", "--a4", a4]).success());
        assert_eq!(rows[50].note, note);
        assert!((rows[50].cents.unwrap() - cents).abs() < 3.0, "{:?}", rows[50]);
    }
    for a4 in ["414.9", "466.1", "0", "nan", "a", "-440"] {
        let output = pitch(&program, &["voice.wav", &format!("--a4={a4}")]);
        assert!(output.refusal(2).contains("415 to 466"), "{output}");
    }
}

// Seen red: with the notes' times in estimates.
#[test]
fn json_is_one_object_and_says_what_the_csv_says() {
    let program = Program::new();
    melody_file(&program, "voice.wav", &[57.0, 60.0, 64.0]);
    let csv = rows(pitch(&program, &["voice.wav", "--csv", "--a4", "442"]).success());
    let json = pitch(&program, &["voice.wav", "--json", "--a4", "442"]).json();
    assert_eq!((json["rate"].as_u64(), json["a4"].as_f64()), (Some(48_000), Some(442.0)));
    let rows = json["rows"].as_array().unwrap();
    assert_eq!(rows.len(), csv.len());
    for (row, csv) in rows.iter().zip(&csv) {
        assert_eq!(row["time"].as_f64().unwrap(), csv.at as f64 / 100.0);
        assert_eq!(row["frequency"].as_f64(), csv.frequency);
        assert_eq!(row["note"].as_str().unwrap_or_default(), csv.note);
        assert_eq!(row["cents"].as_f64(), csv.cents);
        assert_eq!(row["confidence"].as_f64().unwrap(), csv.confidence);
        assert_eq!(row["voiced"].as_bool(), Some(csv.voiced));
    }
    let notes = json["notes"].as_array().unwrap();
    let names: Vec<&str> = notes.iter().map(|note| note["note"].as_str().unwrap()).collect();
    assert_eq!(names, ["A3", "C4", "E4"], "{notes:?}");
    for (number, note) in notes.iter().enumerate() {
        let at = |key: &str| note[key].as_f64().unwrap();
        assert!(
            (at("start") - number as f64).abs() < 0.1 && (at("end") - at("start") - 1.0).abs() < 0.15,
            "{note}"
        );
        assert!((at("cents") + 7.9).abs() < 3.0 && at("drift").abs() < 10.0, "A4 is 442 Hz: {note}");
        assert!(note.get("vibrato").unwrap().is_null(), "{note}");
    }
}

// Seen red: with the table in place of CSV.
#[test]
fn notes_come_as_a_table_for_people_and_as_csv_for_programs() {
    let program = Program::new();
    let waves = |n: usize| 6.0 * (std::f64::consts::TAU * 5.5 * n as f64 / f64::from(RATE)).sin() / 12.0;
    let hertz: Vec<f64> = (0..96_000).map(|n| 220.0 * (waves(n) / 10.0).exp2()).collect();
    let mut chance = Chance::new(1);
    let sung = Singer::plain(RATE).sing(&hertz, Vowel::A, 0.5, &mut chance);
    write(&program.path("voice.wav"), RATE, &[sung]);
    let csv = pitch(&program, &["voice.wav", "--notes", "--csv"]);
    let lines: Vec<&str> = csv.success().lines().collect();
    assert_eq!(lines[0], "start,end,note,frequency,cents,drift,vibrato_rate,vibrato_extent");
    let cells: Vec<&str> = lines[1].split(',').collect();
    let number = |at: usize| cells[at].parse::<f64>().unwrap();
    assert_eq!((lines.len(), cells.len(), cells[2]), (2, 8, "A3"), "{csv}");
    assert!((number(3) - 220.0).abs() < 1.0 && number(4).abs() < 8.0, "{csv}");
    assert!((number(6) - 5.5).abs() < 0.3 && (number(7) - 120.0).abs() < 20.0, "{csv}");
    let table = pitch(&program, &["voice.wav", "--notes"]);
    assert!(table.success().lines().nth(1).unwrap().contains("  A3 "), "{table}");
    let summary = pitch(&program, &["voice.wav"]);
    for word in ["0:02.000 long", "range    A3", "1 in tune", "vibrato  on 1 of 1: 5.", "steady   1 of 1"] {
        assert!(summary.success().contains(word), "no {word}: {summary}");
    }
    assert!(summary.stdout.contains(table.stdout.trim()), "the notes are in the summary: {summary}");
}

// Seen red: with a range that is read and not used.
#[test]
fn the_range_that_is_listened_for_can_be_set() {
    let program = Program::new();
    let low = Singer::plain(RATE).melody(&[Sung::note(36.0, 1.0)]);
    write(&program.path("low.wav"), RATE, &[low.samples]);
    let notes = |range: &[&str]| {
        let arguments = [&["low.wav", "--csv"], range].concat();
        notes_at(&rows(pitch(&program, &arguments).success()), &[50])
    };
    assert_eq!(notes(&["--range", "C2..C5"]), ["C2"]);
    assert_eq!(notes(&["--range", "60..700"]), ["C2"]);
    assert_ne!(notes(&[]), ["C2"], "C2 lies below what is usual");
    for range in ["C2", "C2..D2", "10..100", "500..100", "H2..C4", "..", "C2..C9"] {
        let output = pitch(&program, &["low.wav", "--range", range]);
        assert!(output.refusal(2).contains("--range"), "{output}");
    }
}

// Seen red: with a closed pipe as an error like any other.
#[test]
fn a_reader_who_goes_is_no_error() {
    let program = Program::new();
    melody_file(&program, "voice.wav", &[57.0; 30]);
    for how in [vec!["--csv"], vec!["--json"], vec!["--notes"], vec![]] {
        let mut command = program.command(&[&["pitch", "voice.wav"], how.as_slice()].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert!(ended.status.success(), "{how:?}: {ended:?}");
        assert!(ended.stderr.is_empty(), "{how:?}: {ended:?}");
    }
}
