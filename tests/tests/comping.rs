//! Takes from the first pass to the exported comp, by the command line on a real audio server: loop record, punch,
//! keep what was sung, comp, flatten, undo, all to the sample.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::PathBuf;
use std::time::Duration;

use dawg_tests::{JackServer, Microphone, Program, Running, signal};
use serde_json::Value;

const LIMIT: Duration = Duration::from_secs(30);
const RATE: usize = 48_000;
/// Half of a joint and a little, where two takes are heard at once; a comp's outer ends fade over 2 ms.
const JOINT: usize = 300;

/// A song with a beat of three seconds, and a stereo voice in front of the microphone.
struct Booth {
    server: JackServer,
    program: Program,
}

impl Booth {
    fn new() -> Self {
        let server = JackServer::start(RATE as u32, 256);
        let program = Program::new().with_env(server.env());
        let beat = vec![signal::distinct(3 * RATE, 91), signal::distinct(3 * RATE, 92)];
        signal::write_wav_24(program.path("beat.wav"), RATE as u32, &beat);
        program.run(&["new", "s.dawg"]).success();
        program.run(&["import", "s.dawg", "beat.wav", "--track", "Beat"]).success();
        let booth = Self { server, program };
        // What is exported is to be the voice alone.
        booth.edit(&format!(
            r#"{{"edit":"set_track_mute","track":{},"mute":true}}"#,
            booth.info()["tracks"][0]["id"]
        ));
        booth
    }

    /// Somebody sings these samples from the moment the song rolls.
    fn sing(&self, sung: &[Vec<f32>; 2], arguments: &[&str]) -> (Microphone, Running) {
        let microphone = Microphone::feed(&self.server, sung.to_vec(), &["ai-dawg:in_1", "ai-dawg:in_2"]);
        let mut all = vec!["record", "s.dawg", "--track", "Voice", "--host", "jack", "--json"];
        all.extend(arguments);
        let mut recording = self.program.spawn(&all);
        recording.wait_for_line("rolling", LIMIT);
        microphone.wait_connected(LIMIT);
        microphone.go();
        (microphone, recording)
    }

    /// The same until the command ends by itself.
    fn record(&self, sung: &[Vec<f32>; 2], arguments: &[&str]) -> Value {
        let (_microphone, mut recording) = self.sing(sung, arguments);
        let recorded = recording.wait(LIMIT).json();
        assert_eq!((&recorded["lost"], &recorded["clipped"]), (&0.into(), &0.into()), "{recorded}");
        recorded
    }

    fn run(&self, arguments: &[&str]) -> Value {
        self.program.run(arguments).json()
    }

    fn info(&self) -> Value {
        self.run(&["info", "s.dawg", "--json"])
    }

    fn takes(&self) -> Vec<Value> {
        self.run(&["takes", "s.dawg", "--track", "Voice", "--json"]).as_array().unwrap().clone()
    }

    fn edit(&self, line: &str) {
        self.program.run_with_input(&["edit", "s.dawg", "-"], line).success();
    }

    fn audio(&self, file: &Value) -> PathBuf {
        self.program.path("s.dawg/audio").join(file.as_str().unwrap())
    }

    /// What stands in the file of a take of one clip, from song frame `from` to `to`.
    fn heard(&self, take: &Value, from: usize, to: usize) -> [Vec<f32>; 2] {
        let planar = signal::read_wav(self.audio(&take["file"])).planar;
        let at = |frame: usize| number(&take["clips"][0]["offset"]) + frame - number(&take["start"]);
        [0, 1].map(|side| planar[side][at(from)..at(to)].to_vec())
    }

    /// The song in 24 bits.
    fn export(&self) -> Vec<Vec<f32>> {
        self.program.run(&["export", "s.dawg", "out.wav", "--depth", "24"]).success();
        signal::read_wav(self.program.path("out.wav")).planar
    }

    /// Outside of its joints, the export between these song frames is this take, to the bit.
    #[track_caller]
    fn assert_heard(&self, export: &[Vec<f32>], take: &Value, from: usize, to: usize) {
        let (from, to) = (from + JOINT, to - JOINT);
        let take = self.heard(take, from, to);
        for side in 0..2 {
            assert_eq!(signal::first_difference(&export[side][from..to], &take[side]), None, "{from}..{to}");
        }
    }
}

fn voice(seconds: usize, seed: u32) -> [Vec<f32>; 2] {
    // No two values alike, and quiet enough that two of them in a joint do not clip.
    [0, 1].map(|side| {
        let half = |sample: f32| (sample * signal::FULL_SCALE_24 / 2.0).trunc() / signal::FULL_SCALE_24;
        signal::distinct(seconds * RATE, seed + side).into_iter().map(half).collect()
    })
}

#[track_caller]
fn number(value: &Value) -> usize {
    usize::try_from(value.as_i64().unwrap()).unwrap()
}

// Seen red: with a loop that stays on and nothing cut after the last pass there are six takes; with a flatten that leaves
// out the fades its first sample differs.
#[test]
fn five_passes_become_five_takes_and_the_comp_of_them_exports_as_picked() {
    let booth = Booth::new();
    let sung = voice(12, 1);
    let loop_record = ["--input", "1+2", "--loop", "1..2.5", "--passes", "5", "--pre-roll", "1s"];
    let recorded = booth.record(&sung, &loop_record);

    let takes = booth.takes();
    assert_eq!(recorded["takes"], Value::Array(takes.clone()), "record tells what takes tells");
    let told: Vec<_> = takes.iter().map(|take| (number(&take["number"]), number(&take["start"]))).collect();
    assert_eq!(told, [1, 2, 3, 4, 5].map(|n| (n, RATE)), "{takes:?}");
    let length = 3 * RATE / 2;
    assert!(takes.iter().all(|take| number(&take["length"]) == length && take["file"] == recorded["file"]));
    // Every sample that was sung stands once, in the take of its pass.
    let first = booth.heard(&takes[0], RATE, RATE + length);
    let began = signal::find(&first[0][..64], &sung[0]).expect("what was sung is in the first take");
    for (index, take) in takes.iter().enumerate() {
        let take = booth.heard(take, RATE, RATE + length);
        for side in 0..2 {
            let wanted = &sung[side][began + index * length..][..length];
            assert_eq!(signal::first_difference(&take[side], wanted), None, "take {}", index + 1);
        }
    }

    let picks = ["--pick", "1..1.5=2", "--pick", "1.5..2.5=Take 4", "--pick", "2..2.5=5"];
    let mut comp = vec!["comp", "s.dawg", "--track", "Voice", "--name", "Best", "--json"];
    comp.extend(picks);
    let comp = booth.run(&comp);
    let picked: Vec<_> = comp["picks"].as_array().unwrap().iter().map(|pick| number(&pick["take"])).collect();
    assert_eq!((picked, &comp["plays"], &comp["name"]), (vec![2, 4, 5], &true.into(), &"Best".into()));
    assert_eq!(comp["picks"][1]["joint"]["length"], 480, "10 ms");
    let export = booth.export();
    for (number, from, to) in [(2, 48_000, 72_000), (4, 72_000, 96_000), (5, 96_000, 120_000)] {
        booth.assert_heard(&export, &takes[number - 1], from, to);
    }
    assert!(export.iter().all(|side| side[..RATE].iter().all(|sample| *sample == 0.0)), "silent before");

    // Flattened it is the same; undone and redone it is what it was.
    let flat = booth.run(&["comp", "s.dawg", "--track", "Voice", "--flatten", "--json"]);
    let lanes = booth.info()["tracks"][1]["lanes"].clone();
    let lane = lanes.as_array().unwrap().iter().find(|lane| lane["id"] == flat["flattened"]).unwrap();
    assert_eq!((&lane["plays"], &lane["take"]), (&true.into(), &Value::Null));
    assert_same(&booth.export(), &export);
    booth.program.run(&["undo", "s.dawg"]).success();
    assert_eq!(booth.info()["tracks"][1]["comps"][0]["plays"], true);
    booth.program.run(&["undo", "s.dawg"]).success();
    assert_eq!(booth.takes()[4]["plays"], true, "the last pass, as before the comp");
    booth.assert_heard(&booth.export(), &takes[4], RATE, RATE + length);
    for _ in 0..2 {
        booth.program.run(&["redo", "s.dawg"]).success();
    }
    assert_same(&booth.export(), &export);
    assert_eq!(booth.takes().len(), 5);
}

#[track_caller]
fn assert_same(one: &[Vec<f32>], other: &[Vec<f32>]) {
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(other) {
        assert_eq!(signal::first_difference(one, other), None);
    }
}

// Seen red: with takes listed as they lie, newest first, the half pass is not the last.
#[test]
fn ctrl_c_keeps_the_pass_that_was_begun() {
    let booth = Booth::new();
    let sung = voice(8, 11);
    let loop_record = ["--input", "1+2", "--loop", "0..1", "--passes", "100"];
    let (microphone, mut recording) = booth.sing(&sung, &loop_record);
    microphone.wait_played(5 * RATE / 2 + 1, LIMIT); // two passes and a half
    recording.interrupt();
    let recorded = recording.wait(LIMIT).json();
    let takes = booth.takes();
    let (last, whole) = takes.split_last().unwrap();
    assert!(whole.len() >= 2 && whole.iter().all(|take| number(&take["length"]) == RATE), "{recorded}");
    assert!((1..RATE).contains(&number(&last["length"])), "{recorded}");
}

// Seen red: with all that was sung from the pre-roll on as the take.
#[test]
fn a_punch_replaces_its_range_and_nothing_else() {
    let booth = Booth::new();
    booth.record(&voice(4, 21), &["--input", "1+2", "--seconds", "3"]);
    let before = booth.takes().swap_remove(0);
    let base = std::fs::read(booth.audio(&before["file"])).unwrap();
    let punch = ["--punch", "1..1.5", "--pre-roll", "500ms", "--post-roll", "0.25s"];
    let recorded = booth.record(&voice(4, 31), &punch);
    assert_eq!((number(&recorded["start"]), number(&recorded["length"])), (RATE, RATE / 2), "{recorded}");
    // What was sung in pre-roll and post-roll is in the file, for edges that are dragged outwards.
    let offset = number(&recorded["takes"][0]["clips"][0]["offset"]);
    assert!(offset >= RATE / 2 && number(&recorded["frames"]) >= offset + 3 * RATE / 4, "{recorded}");
    assert_eq!(std::fs::read(booth.audio(&before["file"])).unwrap(), base, "the first take was changed");
    let takes = booth.takes();
    let export = booth.export();
    for (take, from, to) in [(0, 0, RATE), (1, RATE, 3 * RATE / 2), (0, 3 * RATE / 2, 5 * RATE / 2)] {
        booth.assert_heard(&export, &takes[take], from, to);
    }
    booth.program.run(&["undo", "s.dawg"]).success();
    booth.assert_heard(&booth.export(), &before, 0, 5 * RATE / 2);
}

// Seen red: with everything kept that is remembered, whatever was asked for.
#[test]
fn what_was_sung_before_record_was_pressed_is_kept() {
    let booth = Booth::new();
    let sung = voice(8, 41);
    let recorded = booth.record(&sung, &["--input", "1+2", "--keep-last", "2", "--seconds", "3"]);
    let take = &booth.takes()[0];
    let (start, length) = (number(&take["start"]), number(&take["length"]));
    // The last two seconds of three, but for what the round trip and a tick took.
    assert!((RATE - 12_000..=RATE + 12_000).contains(&start) && length <= 2 * RATE, "{recorded}");
    assert!(length + 12_000 >= 2 * RATE, "{recorded}");
    let kept = booth.heard(take, start, start + length);
    let began = signal::find(&kept[0][..64], &sung[0]).expect("what was sung is in the take");
    for side in 0..2 {
        assert_eq!(signal::first_difference(&kept[side], &sung[side][began..began + length]), None);
    }
    let names = std::fs::read_dir(booth.program.path("s.dawg/audio")).unwrap();
    assert_eq!(names.count(), 2, "the beat and what was kept");
}
