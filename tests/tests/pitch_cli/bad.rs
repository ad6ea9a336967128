//! Files that nobody sings in, that are damaged, or that are none; and every kind that is.

use dawg_tests::sung::{Singer, Sung};
use dawg_tests::{Program, signal};

use super::{RATE, Row, melody, melody_file, notes_at, pitch, rows, write};

fn told(program: &Program, file: &str) -> Vec<Row> {
    rows(pitch(program, &[file, "--csv"]).success())
}

// Seen red: with the mean of the sides, two that cancel out are silent.
#[test]
fn each_rate_and_each_shape_of_file_is_heard() {
    let program = Program::new();
    for rate in [8_000, 11_025, 44_100, 96_000, 192_000] {
        write(&program.path("voice.wav"), rate, &[melody(rate, &[57.0]).samples]);
        assert_eq!(notes_at(&told(&program, "voice.wav"), &[30, 60]), ["A3", "A3"], "{rate} Hz");
    }
    let sung = melody(RATE, &[57.0]).samples;
    let dead = vec![0.0; sung.len()];
    let upside_down: Vec<f32> = sung.iter().map(|sample| -sample).collect();
    let shapes = [
        vec![sung.clone(), dead.clone()],
        vec![dead.clone(), sung.clone()],
        vec![sung.clone(), upside_down],
        vec![dead.clone(), dead.clone(), sung.clone(), dead.clone(), dead.clone(), dead],
    ];
    for shape in shapes {
        write(&program.path("voice.wav"), RATE, &shape);
        for how in [None, Some("--causal")] {
            let arguments: Vec<&str> = ["voice.wav", "--csv"].into_iter().chain(how).collect();
            let told = rows(pitch(&program, &arguments).success());
            assert_eq!(notes_at(&told, &[30, 60]), ["A3", "A3"], "{} channels {how:?}", shape.len());
        }
    }
}

#[test]
fn every_kind_of_file_that_import_reads_is_heard() {
    let program = Program::new();
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/media/tests/fixtures");
    for name in ["sine.m4a", "sine-faststart.m4a", "sine-alac.m4a", "sine.aac", "sine.ogg", "sine-plain.mp3"]
    {
        let file = fixtures.join(name);
        let told = told(&program, file.to_str().unwrap());
        assert_eq!(notes_at(&told, &[10, 15]), ["A4", "A4"], "{name}");
    }
    melody_file(&program, "voice.wav", &[57.0]);
    program.run(&["new", "song.dawg"]).success();
    program.run(&["import", "song.dawg", "voice.wav"]).success();
    program.run(&["export", "song.dawg", "voice.flac"]).success();
    assert_eq!(notes_at(&told(&program, "voice.flac"), &[30, 60]), ["A3", "A3"]);
}

// Seen red: with the guess of unvoiced moments told.
#[test]
fn where_nobody_sings_nothing_is_told() {
    let program = Program::new();
    let second = RATE as usize;
    let broken = |n: usize| if n.is_multiple_of(2) { f32::NAN } else { f32::INFINITY };
    let files: [(&str, Vec<f32>); 5] = [
        ("silence", vec![0.0; second]),
        ("offset", vec![0.7; second]),
        ("no numbers", (0..second).map(broken).collect()),
        ("one sample", vec![1.0]),
        ("a whistle above the range", signal::sine(second, 3_000.0, RATE, 0.5)),
    ];
    for (what, samples) in files {
        write(&program.path("voice.wav"), RATE, &[samples]);
        let told = told(&program, "voice.wav");
        // An edge may sound like something for a moment.
        let voiced = told.iter().skip(10).filter(|row| row.voiced).count();
        assert_eq!(voiced, 0, "{what}: {told:?}");
        let summary = pitch(&program, &["voice.wav"]);
        assert!(summary.success().contains("no notes were found"), "{what}: {summary}");
        let json = pitch(&program, &["voice.wav", "--json"]).json();
        assert_eq!(json["notes"].as_array().unwrap().len(), 0, "{what}");
    }
}

#[test]
fn a_hole_in_a_file_takes_nothing_else_with_it() {
    let program = Program::new();
    let mut sung = melody(RATE, &[57.0, 57.0]).samples;
    sung[40_000..40_100].fill(f32::NAN);
    sung[41_000] = f32::INFINITY;
    sung[42_000] = f32::MAX;
    write(&program.path("voice.wav"), RATE, &[sung]);
    assert_eq!(notes_at(&told(&program, "voice.wav"), &[30, 130, 180]), ["A3", "A3", "A3"]);
}

// Seen red: with the file's name left out where its rate is refused.
#[test]
fn what_cannot_be_read_says_what_to_do() {
    let program = Program::new();
    melody_file(&program, "voice.wav", &[57.0, 60.0]);
    let whole = std::fs::read(program.path("voice.wav")).unwrap();
    std::fs::write(program.path("cut.wav"), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(program.path("empty.wav"), []).unwrap();
    std::fs::write(program.path("text.wav"), "no sound at all\n".repeat(100)).unwrap();
    write(&program.path("slow.wav"), 4_000, &[vec![0.0; 4_000]]);
    write(&program.path("fast.wav"), 384_000, &[vec![0.0; 4_000]]);
    for (file, why) in [
        ("cut.wav", "cut off"),
        ("empty.wav", "empty"),
        ("text.wav", "convert it"),
        ("nowhere.wav", "Check the name"),
        ("slow.wav", "convert it first"),
        ("fast.wav", "convert it first"),
    ] {
        for how in ["--csv", "--json", "--notes"] {
            let output = pitch(&program, &[file, how]);
            let said = output.refusal(1);
            assert!(said.contains(file) && said.contains(why), "{file} {how}: {output}");
            assert!(how == "--csv" || output.stdout.is_empty(), "{file} {how}: {output}");
        }
    }
    let repaired = rows(pitch(&program, &["cut.wav", "--repair", "--csv"]).success());
    assert_eq!(notes_at(&repaired, &[50]), ["A3"]);
}

#[test]
fn what_is_typed_wrongly_is_refused_before_anything_is_done() {
    let program = Program::new();
    melody_file(&program, "voice.wav", &[57.0]);
    program.run(&["new", "song.dawg"]).success();
    let wrong: [&[&str]; 11] = [
        &[],
        &["voice.wav", "--live"],
        &["voice.wav", "--csv", "--json"],
        &["voice.wav", "--lane", "1"],
        &["voice.wav", "--track", "Voice"],
        &["voice.wav", "--seconds", "3"],
        &["voice.wav", "--input", "1"],
        &["voice.wav", "--host", "timer"],
        &["song.dawg"],
        &["--live", "--input", "1+2+3"],
        &["--live", "--seconds", "0"],
    ];
    for arguments in wrong {
        let output = pitch(&program, arguments);
        output.refusal(2);
        assert!(output.stdout.is_empty(), "{arguments:?}: {output}");
    }
}

// Seen red: with all estimates gathered for rows too.
#[test]
fn hours_need_no_more_memory_than_minutes() {
    let program = Program::new();
    let peak = |minutes: usize| {
        // A sparse file: half a second of a voice, then nothing.
        let sung = Singer::plain(8_000).melody(&[Sung::note(57.0, 0.5)]).samples;
        let path = program.path(format!("{minutes}.wav"));
        write(&path, 8_000, &[sung]);
        lengthen(&path, minutes * 60 * 8_000);
        let mut running = program.spawn(&["pitch", path.to_str().unwrap(), "--csv"]);
        let status = format!("/proc/{}/status", running.id());
        let mut most = 0;
        while running.is_running() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find(|line| line.starts_with("VmHWM:"));
            most = most.max(line.map_or(0, |line| line.split_whitespace().nth(1).unwrap().parse().unwrap()));
            std::thread::park_timeout(std::time::Duration::from_millis(5));
        }
        let output = running.wait(std::time::Duration::from_secs(60));
        assert_eq!(output.success().lines().count(), minutes * 6_000 + 1);
        most
    };
    let (short, long): (u64, u64) = (peak(2), peak(60));
    println!("{short} kB for 2 minutes, {long} kB for an hour");
    assert!(short > 0 && long < short + 4_096, "{short} kB for 2 minutes, {long} kB for an hour");
}

/// Makes a mono WAV of floats as long as this, by silence that takes no room.
fn lengthen(path: &std::path::Path, frames: usize) {
    use std::io::{Seek, SeekFrom, Write};
    let mut file = std::fs::OpenOptions::new().read(true).write(true).open(path).unwrap();
    let before = std::fs::read(path).unwrap();
    let data = before.windows(4).position(|four| four == b"data").unwrap();
    let bytes = u32::try_from(frames * 4).unwrap();
    for (at, size) in [(4, bytes + data as u32), (data as u64 + 4, bytes)] {
        file.seek(SeekFrom::Start(at)).unwrap();
        file.write_all(&size.to_le_bytes()).unwrap();
    }
    file.set_len(data as u64 + 8 + u64::from(bytes)).unwrap();
}
