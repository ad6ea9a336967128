//! Playing and recording on the timer: everything but the sound.
#![allow(clippy::disallowed_methods, reason = "what is slept here is the time that is recorded")]

mod common;

use std::time::Duration;

use common::{info, with_song, write_noise};
use dawg_tests::{Witness, monotonic};

const LIMIT: Duration = Duration::from_secs(10);

/// Frames for which a core stood still since then.
fn halted(witness: &Witness, since: u64) -> i64 {
    (witness.longest_halt(since, monotonic()).as_secs_f64() * 48_000.0) as i64
}

/// Seen red: with the end put twice as far, it plays 36,096 frames of 12,000.
#[test]
fn play_ends_with_the_song_or_after_some_seconds() {
    let program = with_song();
    assert!(program.run(&["play", "s.dawg", "--host", "timer"]).refusal(1).contains("nothing to play"));
    write_noise(&program, "beat.wav", 48_000, 2, 24_000);
    program.run(&["import", "s.dawg", "beat.wav"]).success();
    let played = program.run(&["play", "s.dawg", "--host", "timer", "--from", "0.25s", "--json"]);
    assert!(played.stderr.contains("playing “s”"), "{played}");
    let played = played.json();
    assert_eq!(
        (&played["ended"], &played["from"], &played["host"]),
        (&"at_end".into(), &12_000.into(), &"timer".into())
    );
    assert!((12_000..24_000).contains(&played["frames"].as_u64().unwrap()), "{played}");
    for key in ["load", "xruns", "worst_callback_us", "missed_frames"] {
        assert!(played[key].is_number(), "{key}: {played}");
    }
    let (witness, from) = (Witness::start(), monotonic());
    let seconds = program.run(&["play", "s.dawg", "--host", "timer", "--seconds", "0.75", "--json"]).json();
    // After a halt the timer makes up for it at once, beyond the end too.
    let halt = halted(&witness, from).unsigned_abs();
    assert_eq!(seconds["ended"], "after_seconds");
    assert!((36_000..40_000 + halt).contains(&seconds["frames"].as_u64().unwrap()), "{halt}: {seconds}");
    for seconds in ["0", "-1", "nan", "1e9"] {
        assert!(
            program
                .run(&["play", "s.dawg", &format!("--seconds={seconds}")])
                .refusal(1)
                .contains("out of range")
        );
    }
}

/// Seen red: with the song's loop on, playing without `--seconds` never ended.
#[test]
fn a_loop_does_not_keep_play_for_ever() {
    let program = with_song();
    write_noise(&program, "beat.wav", 48_000, 2, 24_000);
    program.run(&["import", "s.dawg", "beat.wav"]).success();
    let range = r#"{"on": true, "start": {"samples": 0}, "end": {"samples": 12000}}"#;
    let script = format!("{{\"edit\": \"set_loop\", \"range\": {range}}}");
    program.run_with_input(&["edit", "s.dawg", "-"], &script).success();
    let played = program.spawn(&["play", "s.dawg", "--host", "timer", "--json"]).wait(LIMIT).json();
    assert_eq!(played["ended"], "at_end");
}

/// Seen red: with the key press passed over, it plays on for a minute.
#[test]
fn ctrl_c_stops_playing_properly() {
    let program = with_song();
    let mut play = program.spawn(&["play", "s.dawg", "--host", "timer", "--seconds", "60"]);
    play.wait_for_line("playing", LIMIT);
    play.interrupt();
    assert!(play.wait(LIMIT).success().contains("played 0:0"));
}

/// Seen red: with the take's end left open, it is longer than asked for by what the stop took.
#[test]
fn record_makes_a_track_and_a_take_of_exactly_its_length() {
    let program = with_song();
    let recorded = program.run(&[
        "record",
        "s.dawg",
        "--track",
        "Voice",
        "--seconds",
        "0.5",
        "--at",
        "1|2|0",
        "--latency",
        "777",
        "--host",
        "timer",
        "--json",
    ]);
    assert!(recorded.stderr.contains("rolling\n"), "{recorded}");
    let recorded = recorded.json();
    assert_eq!((&recorded["start"], &recorded["length"]), (&24_000.into(), &24_000.into()));
    assert_eq!((&recorded["latency"], &recorded["latency_source"]), (&777.into(), &"given".into()));
    assert_eq!(
        (&recorded["clipped"], &recorded["lost"], &recorded["file"]),
        (&0.into(), &0.into(), &"Voice.wav".into())
    );
    assert!(recorded["frames"].as_i64().unwrap() >= 24_777, "{recorded}");

    let info = info(&program);
    let track = &info["tracks"][0];
    assert_eq!(
        (&track["name"], &track["layout"], &track["input"]),
        (&"Voice".into(), &"mono".into(), &"1".into())
    );
    let clip = &track["lanes"][0]["clips"][0];
    assert_eq!((&clip["id"], &clip["offset"]), (&recorded["clip"], &777.into()));
    assert!(info["media"][0]["hash"].is_string());
}

/// Seen red: with a mono layout for `1+2`, the track cannot take two channels.
#[test]
fn record_counts_in_and_takes_stereo_and_floats() {
    let program = with_song();
    let record = |options: &[&str]| {
        let fixed = ["record", "s.dawg", "--track", "Piano", "--host", "timer", "--json"];
        program.run(&[&fixed, options].concat())
    };
    let first = record(&["--seconds", "0.2", "--input", "1+2", "--float", "--count-in", "1"]).json();
    // A bar at 120 beats a minute is two seconds, all of it in the file and none in the take.
    assert_eq!((&first["start"], &first["length"]), (&0.into(), &9_600.into()));
    assert!(first["frames"].as_i64().unwrap() >= 96_000 + 9_600, "{first}");
    let second = record(&["--seconds", "0.2", "--at", "1s"]).json();
    assert_eq!(second["file"], "Piano-2.wav");
    let track = info(&program)["tracks"][0].clone();
    let lanes: Vec<usize> = track["lanes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|lane| lane["clips"].as_array().unwrap().len())
        .collect();
    assert_eq!((&track["layout"], lanes), (&"stereo".into(), vec![1, 1]), "a lane for each take");
    for (option, reason) in [
        (["--seconds", "1", "--input", "1"], "2 channel(s)"),
        (["--seconds", "1", "--input", "x"], "is no input"),
        (["--seconds", "1", "--input", "none"], "one channel"),
        (["--seconds", "1", "--count-in", "5"], "0 to 4"),
        (["--seconds", "1", "--buffer", "7"], "16 to 8192"),
    ] {
        assert!(record(&option).refusal(1).contains(reason), "{option:?}");
    }
}

/// Seen red: with the track made before the device was opened, the history had a step by then.
#[test]
fn without_a_device_nothing_is_recorded_and_nothing_changed() {
    let program = with_song();
    let arguments = ["record", "s.dawg", "--track", "Voice", "--seconds", "1", "--host", "jack"];
    assert!(program.run(&arguments).refusal(1).contains("jack"));
    assert_eq!((&info(&program)["seq"], info(&program)["tracks"].as_array().unwrap().len()), (&0.into(), 0));
}

/// Seen red: with an error in place of the end, the take has to be recovered at the next opening.
#[test]
fn ctrl_c_keeps_the_take_so_far() {
    let program = with_song();
    let mut record =
        program.spawn(&["record", "s.dawg", "--track", "Voice", "--seconds", "60", "--host", "timer"]);
    record.wait_for_line("rolling", LIMIT);
    let (witness, from) = (Witness::start(), monotonic());
    std::thread::sleep(Duration::from_millis(300));
    let halt = halted(&witness, from);
    record.interrupt();
    assert!(record.wait(LIMIT).success().contains("recorded 0."));
    let samples = info(&program)["length"]["samples"].as_i64().unwrap();
    assert!((9_600 - halt..96_000).contains(&samples), "{samples}");
}

/// Seen red: with the take recovered first, undo takes it back instead of what the person had done.
#[test]
fn a_killed_recording_comes_back_and_undo_passes_it_by() {
    let program = with_song();
    program.run_with_input(&["edit", "s.dawg", "-"], r#"{"edit": "set_tempo", "tempo": 90000000}"#).success();
    let arguments = ["record", "s.dawg", "--track", "Voice", "--seconds", "60", "--host", "timer"];
    // The track exists before: making it is a step of history, too.
    let mut first = program.spawn(&arguments);
    first.wait_for_line("rolling", LIMIT);
    first.interrupt();
    first.wait(LIMIT).success();
    program.run(&["undo", "s.dawg"]).success();
    let mut record = program.spawn(&arguments);
    record.wait_for_line("rolling", LIMIT);
    let (witness, from) = (Witness::start(), monotonic());
    std::thread::sleep(Duration::from_millis(700));
    record.kill_9();
    let halt = halted(&witness, from);
    assert!(info(&program)["notices"][0].as_str().unwrap().contains("interrupted"));
    let undone = program.run(&["undo", "s.dawg"]);
    assert!(undone.success().contains("Prepare “Voice” to record"), "{undone}");
    assert!(undone.stderr.contains("the take is kept"), "{undone}");
    let clip = info(&program)["tracks"][0]["lanes"][0]["clips"][0].clone();
    assert!(clip["length"].as_i64().unwrap() > 48_000 * 2 / 5 - halt, "{clip}");
}

/// Seen red: with the device's name looked at for ALSA alone, and with the timer having as many inputs as are asked
/// for; with the place not checked the take of the last cannot be put into the song.
#[test]
fn what_would_be_silence_or_lost_is_refused_before_it_rolls() {
    let program = with_song();
    let record = ["record", "s.dawg", "--track", "Voice", "--seconds", "0.2", "--host", "timer"];
    for (more, said) in [
        (["--device", "nope"], "device"),
        (["--input", "9"], "2 input"),
        (["--at", "-1s"], "before the song"),
        (["--at", "99999999999|1|0"], "more than a day"),
    ] {
        let arguments: Vec<&str> = record.iter().copied().chain(more).collect();
        assert!(program.run(&arguments).refusal(1).contains(said), "{more:?}");
    }
    assert_eq!(info(&program)["tracks"], serde_json::json!([]));
}
