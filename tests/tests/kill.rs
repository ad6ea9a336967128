//! `kill -9` at any moment: the song opens, the take is there, at most 250 ms short, in its place; no finished
//! Edit is missing. Once or a few times in every run, twenty and fifty times in the soak (`DAWG_SOAK=1`).
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests; a failure shows its seed")]

use std::time::Duration;

use dawg_tests::{JackServer, Microphone, Program, Witness, monotonic, signal};
use serde_json::Value;

const LIMIT: Duration = Duration::from_secs(20);

fn soak() -> bool {
    std::env::var_os("DAWG_SOAK").is_some()
}

/// A number from 0 to `below`, different at each call and in each run.
fn chance(below: u64) -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish() % below
}

/// Frames for which a core stood still within the last second: a thread that no program could have run has nothing to
/// write, and a take that was cut off just now may be short by as many besides.
fn halted(witness: &Witness) -> usize {
    let now = monotonic();
    let halt = witness.longest_halt(now.saturating_sub(1_000_000_000), now);
    (halt.as_secs_f64() * 48_000.0) as usize
}

// Seen red: with the writer draining every 900 ms in place of 20; with the store rolling back in place of COMMIT.
#[test]
fn while_recording() {
    let server = JackServer::start(48_000, 256);
    let witness = Witness::start();
    for turn in 0..if soak() { 20 } else { 3 } {
        let program = Program::new().with_env(server.env());
        program.run(&["new", "song.dawg"]).success();
        let sung = signal::distinct(400_000, turn + 1);
        let microphone = Microphone::feed(&server, vec![sung.clone()], &["ai-dawg:in_1"]);
        let mut recording = program.spawn(&[
            "record",
            "song.dawg",
            "--track",
            "Voice",
            "--seconds",
            "8",
            "--at",
            "5|1|0",
            "--latency",
            "0",
            "--host",
            "jack",
        ]);
        recording.wait_for_line("rolling", LIMIT);
        microphone.wait_connected(LIMIT);
        microphone.go();
        let moment = 3_000 + chance(150_000) as usize;
        microphone.wait_played(moment + 1, LIMIT);
        let sent = microphone.played();
        recording.kill_9();
        let halted = halted(&witness);
        drop(microphone);

        // Reading shows the song and says that there is something to bring back; writing brings it back.
        program.run(&["info", "song.dawg"]).success();
        let tempo = r#"{"edit":"set_song_name","name":"After"}"#;
        let output = program.run_with_input(&["edit", "song.dawg", "-"], tempo);
        output.success();
        assert!(output.stderr.contains("kept") || output.stdout.contains("kept"), "{output}");
        let info = program.run(&["info", "song.dawg", "--json"]).json();
        // The Edit that prepared the track was finished before it rolled.
        assert_eq!(info["tracks"][0]["input"], "1", "turn {turn}: {info}");
        let clip = &info["tracks"][0]["lanes"][0]["clips"][0];
        assert_eq!(clip["start"], 4 * 96_000, "turn {turn}: {info}");
        let number = |key: &str| usize::try_from(clip[key].as_i64().unwrap()).unwrap();
        let file = program.path("song.dawg/audio").join(clip["file"].as_str().unwrap());
        let captured = signal::read_wav(&file).planar.swap_remove(0);
        let take = &captured[number("offset")..number("offset") + number("length")];
        let Some(at) = signal::find(&sung[..64], take) else {
            assert!(sent <= 3_000 + halted, "turn {turn}: nothing of {sent} frames is there");
            continue;
        };
        let there = take.len() - at;
        assert!(there + 12_000 + halted >= sent, "turn {turn}: {there} of {sent} frames are there");
        let n = there.min(sung.len());
        assert_eq!(signal::first_difference(&take[at..at + n], &sung[..n]), None, "turn {turn}");
    }
}

// Seen red: with a lock file that has to be made anew (create_new) in place of an OS lock, nobody can open the song
// after a kill.
#[test]
fn while_editing() {
    let program = Program::new();
    program.run(&["new", "song.dawg"]).success();
    let mut finished = 0;
    for turn in 1..=if soak() { 20_u64 } else { 5 } {
        // Finished Edits, then one that is cut off somewhere between start and end.
        let edit = |number: u64| format!(r#"{{"edit":"set_song_name","name":"{number}"}}"#);
        program.run_with_input(&["edit", "song.dawg", "-"], &edit(turn * 10)).success();
        std::fs::write(program.path("next.jsonl"), edit(turn * 10 + 1)).unwrap();
        let mut editing = program.spawn(&["edit", "song.dawg", "next.jsonl"]);
        dawg_tests::poll(Duration::from_millis(chance(40)), || None::<()>);
        let output = editing.kill_9();
        finished = if output.code() == Some(0) { turn * 10 + 1 } else { turn * 10 };
        let name = program.run(&["info", "song.dawg", "--json"]).json()["name"].as_str().unwrap().to_owned();
        let name: u64 = name.parse().unwrap();
        assert!(name == finished || name == turn * 10 + 1, "turn {turn}: {name}, finished {finished}");
    }
    assert!(finished > 0);
}

// Seen red: without the sweep at opening `audio/` keeps what the killed import had begun.
#[test]
fn while_importing() {
    let program = Program::new();
    program.run(&["new", "song.dawg"]).success();
    // At another rate, so that it takes a while.
    signal::write_wav_24(program.path("noise.wav"), 44_100, &[signal::distinct(3_000_000, 1)]);
    let audio = program.path("song.dawg/audio");
    let count = || std::fs::read_dir(&audio).unwrap().count();
    let mut cut_off = 0;
    for turn in 0..if soak() { 20 } else { 5 } {
        let mut importing = program.spawn(&["import", "song.dawg", "noise.wav"]);
        dawg_tests::poll(LIMIT, || (count() > known_files(&program)).then_some(()));
        dawg_tests::poll(Duration::from_millis(chance(60)), || None::<()>);
        cut_off += usize::from(importing.kill_9().code().is_none());
        let rename = r#"{"edit":"set_song_name","name":"After"}"#;
        program.run_with_input(&["edit", "song.dawg", "-"], rename).success();
        // A file that was whole but not yet in the song may stay; nothing half-made may.
        let names = std::fs::read_dir(&audio).unwrap().map(|entry| entry.unwrap().file_name());
        let half: Vec<_> = names.filter(|name| name.to_string_lossy().contains(".part-")).collect();
        assert!(half.is_empty() && count() >= known_files(&program), "turn {turn}: {half:?}");
    }
    assert!(cut_off > 0, "no import was cut off");
}

/// The moments of a run, from a seed that is told, so that they can be had again: `DAWG_SEED=7 DAWG_SOAK=1 …`.
struct Moments(u64);

impl Moments {
    fn of(test: &str) -> Self {
        let given = std::env::var("DAWG_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or(20_261_121);
        println!("{test}: DAWG_SEED={seed}");
        Self(seed)
    }

    /// A number from 0 to `below`, by SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % below
    }
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_i64().unwrap()).unwrap()
}

fn takes(program: &Program) -> Vec<Value> {
    let takes = program.run(&["takes", "song.dawg", "--track", "Voice", "--json"]).json();
    takes.as_array().unwrap().clone()
}

// Seen red: with the passes after the first forgotten. (A recovery that ends with the last line of the log, up to 250 ms
// early, is within what is allowed here; the engine's own tests of `recover` see it.)
#[test]
fn while_loop_recording() {
    const PASS: usize = 24_000;
    let server = JackServer::start(48_000, 256);
    let witness = Witness::start();
    let mut moments = Moments::of("while_loop_recording");
    for turn in 0..if soak() { 50 } else { 5 } {
        let program = Program::new().with_env(server.env());
        program.run(&["new", "song.dawg"]).success();
        let sung = signal::distinct(400_000, turn + 1);
        let microphone = Microphone::feed(&server, vec![sung.clone()], &["ai-dawg:in_1"]);
        let mut recording = program.spawn(&[
            "record",
            "song.dawg",
            "--track",
            "Voice",
            "--loop",
            "1..1.5",
            "--passes",
            "100",
            "--latency",
            "0",
            "--host",
            "jack",
        ]);
        recording.wait_for_line("rolling", LIMIT);
        microphone.wait_connected(LIMIT);
        microphone.go();
        let moment = 3_000 + moments.next(200_000) as usize;
        microphone.wait_played(moment + 1, LIMIT);
        let sent = microphone.played();
        recording.kill_9();
        let halted = halted(&witness);
        drop(microphone);

        let rename = r#"{"edit":"set_song_name","name":"After"}"#;
        program.run_with_input(&["edit", "song.dawg", "-"], rename).success();
        let takes = takes(&program);
        let (last, whole) = takes.split_last().unwrap();
        let offset = |take: &Value| number(&take["clips"][0]["offset"]);
        for (index, take) in takes.iter().enumerate() {
            let told = (number(&take["number"]), number(&take["start"]), offset(take) - offset(&takes[0]));
            assert_eq!(told, (index + 1, 48_000, index * PASS), "turn {turn}: {takes:?}");
        }
        assert!(whole.iter().all(|take| number(&take["length"]) == PASS), "turn {turn}: {takes:?}");
        let file = program.path("song.dawg/audio").join(last["file"].as_str().unwrap());
        let captured = signal::read_wav(&file).planar.swap_remove(0);
        let taken = &captured[offset(&takes[0])..offset(last) + number(&last["length"])];
        let Some(at) = signal::find(&sung[..64], taken) else {
            assert!(sent <= 3_000 + halted, "turn {turn}: nothing of {sent} frames is there");
            continue;
        };
        let there = taken.len() - at;
        assert!(there + 12_000 + halted >= sent, "turn {turn}: {there} of {sent} frames are there");
        let n = there.min(sung.len());
        assert_eq!(signal::first_difference(&taken[at..at + n], &sung[..n]), None, "turn {turn}");
    }
}

// Seen red: with a comp that is committed before its picks.
#[test]
fn while_comping() {
    let program = Program::new();
    program.run(&["new", "song.dawg"]).success();
    let record =
        ["record", "song.dawg", "--track", "Voice", "--host", "timer", "--loop", "0..0.5", "--passes", "4"];
    program.run(&record).success();
    let mut moments = Moments::of("while_comping");
    let comp = |name: &str| {
        let all = ["comp", "song.dawg", "--track", "Voice", "--name", name];
        let picks = ["--pick", "0..0.2=1", "--pick", "0.2..0.3=2", "--pick", "0.3..0.5=4"];
        [all.as_slice(), picks.as_slice()].concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let mut finished = Vec::new();
    for turn in 0..if soak() { 50 } else { 5 } {
        program.run(&comp(&format!("whole {turn}"))).success();
        finished.push(format!("whole {turn}"));
        let mut comping = program.spawn(&comp(&format!("cut off {turn}")));
        dawg_tests::poll(Duration::from_millis(moments.next(60)), || None::<()>);
        if comping.kill_9().code() == Some(0) {
            finished.push(format!("cut off {turn}"));
        }
        let comps = program.run(&["comp", "song.dawg", "--track", "Voice", "--json"]).json();
        let comps = comps.as_array().unwrap();
        let names: Vec<&str> = comps.iter().map(|comp| comp["name"].as_str().unwrap()).collect();
        assert!(
            finished.iter().all(|name| names.contains(&name.as_str())),
            "turn {turn}: {finished:?}, {names:?}"
        );
        for comp in comps {
            let picked: Vec<_> = comp["picks"].as_array().unwrap().iter().map(|pick| &pick["take"]).collect();
            assert_eq!(picked, [1, 2, 4], "turn {turn}: {comp}");
        }
        assert_eq!(takes(&program).len(), 4, "turn {turn}");
    }
}

/// How many files the song knows.
fn known_files(program: &Program) -> usize {
    program.run(&["info", "song.dawg", "--json"]).json()["media"].as_array().unwrap().len()
}
