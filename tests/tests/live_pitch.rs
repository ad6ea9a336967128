//! Live pitch through the engine: what is sung at an input is heard, in tune, at the song frame it was sung to, and soon;
//! nothing is allocated in the callback, nothing is lost of a recording, and nothing runs when nobody is followed.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests, which print what they measure")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use assert_no_alloc::AllocDisabler;
use dawg_engine::Engine;
use dawg_engine::device::manual::{Hand, Manual};
use dawg_engine::device::{DeviceRequest, Host, at_song_rate};
use dawg_engine::pitch::Heard;
use dawg_session::{Edit, Input, Layout, LoopRange, Position, TrackId};
use dawg_tests::sung::{Singer, Sung};
use dawg_tests::{JackServer, Microphone, Witness, monotonic, threads, torture, waits};

// Aborts on any allocation inside the callback.
#[global_allocator]
static GUARD: AllocDisabler = AllocDisabler;

const LIMIT: Duration = Duration::from_secs(20);
const RATE: u32 = 48_000;
const BLOCK: usize = 256;

/// An engine on a device that is called by hand.
struct Desk {
    song: torture::Song,
    engine: Engine,
    hand: Hand,
    // Frames of the device a second.
    rate: u32,
    heard: Vec<(TrackId, Heard)>,
    _folder: tempfile::TempDir,
}

impl Desk {
    /// A mono track for each of `inputs`.
    fn new(rate: u32, inputs: &[&str]) -> (Self, Vec<TrackId>) {
        let folder = tempfile::tempdir().unwrap();
        let mut song = torture::Song::new(RATE, folder.path());
        let tracks = inputs.iter().map(|input| track(&mut song, input)).collect();
        let (device, hand) = Manual::open(rate);
        let session = Arc::new(song.session.clone());
        let engine = Engine::on_device(session, folder.path(), at_song_rate(device, RATE)).unwrap();
        (Self { song, engine, hand, rate, heard: Vec::new(), _folder: folder }, tracks)
    }

    fn edit(&mut self, edits: &[Edit]) {
        self.song.edit(edits);
        self.engine.set_session(Arc::new(self.song.session.clone())).unwrap();
    }

    /// Sines of so many Hz on both inputs, waiting for the worker now and then.
    fn sing(&mut self, hertz: [f32; 2], seconds: f64) {
        let end = self.hand.time() + (seconds * f64::from(self.rate)) as u64;
        while self.hand.time() < end {
            let at = self.hand.time();
            let sine = |hertz: f32| -> Vec<f32> {
                let sample = |n: u64| (n as f64 * f64::from(hertz) / f64::from(self.rate)).fract() as f32;
                (at..at + BLOCK as u64).map(|n| 0.5 * (std::f32::consts::TAU * sample(n)).sin()).collect()
            };
            let input = [sine(hertz[0]), sine(hertz[1])];
            self.hand.call([&input[0], &input[1]]);
            self.engine.tick();
            if at / 4_800 != (at + BLOCK as u64) / 4_800 {
                self.settle();
            }
        }
        self.settle();
    }

    /// Until the worker has said all that it can: nothing more has come for a while, and it has looked in vain.
    fn settle(&mut self) {
        let mut quiet = Instant::now();
        let looked: Vec<(PathBuf, u64)> =
            threads("pitch").into_iter().map(|it| (it.clone(), waits(&it))).collect();
        // Each look ends with a wait, and some wait for the test besides.
        let looks = || {
            looked
                .iter()
                .all(|(thread, before)| !thread.exists() || waits(thread) >= before.saturating_add(4))
        };
        let start = Instant::now();
        loop {
            // Known before the last of it is fetched: this thread may stand still in between.
            let over = quiet.elapsed() >= Duration::from_millis(12) && (looks() || start.elapsed() >= LIMIT);
            let before = self.heard.len();
            self.engine.heard_pitch(&mut |track, heard| self.heard.push((track, heard)));
            if self.heard.len() > before {
                quiet = Instant::now();
            } else if over {
                return;
            }
            std::thread::park_timeout(Duration::from_millis(2));
        }
    }

    fn of(&self, track: TrackId) -> Vec<Heard> {
        self.heard.iter().filter(|(of, _)| *of == track).map(|(_, heard)| *heard).collect()
    }
}

fn track(song: &mut torture::Song, input: &str) -> TrackId {
    let track = song.track("Voice", if input.contains('+') { Layout::STEREO } else { Layout::MONO });
    song.edit(&[Edit::SetTrackInput { track, input: input.parse().unwrap() }]);
    track
}

fn cents(heard: &Heard, hertz: f32) -> f32 {
    1_200.0 * (heard.estimate.frequency / hertz).log2()
}

/// Whether all of these but the first tenth of a second is a voice in tune.
#[track_caller]
fn in_tune(heard: &[Heard], hertz: f32) {
    assert!(heard.len() > 40, "hardly anything: {}", heard.len());
    for heard in &heard[20..] {
        assert!(heard.estimate.voiced && cents(heard, hertz).abs() < 5.0, "{heard:?}");
    }
}

// Seen red: with every channel taken from where the first one lies.
#[test]
fn tracks_are_heard_each_on_its_input() {
    for rate in [48_000, 44_100] {
        let (mut desk, tracks) = Desk::new(rate, &["1", "2", "1+2", "1", "none", "9"]);
        desk.engine.follow_pitch(&tracks);
        desk.sing([220.0, 329.63], 1.0);
        let heard: Vec<Vec<Heard>> = tracks.iter().map(|track| desk.of(*track)).collect();
        in_tune(&heard[0], 220.0);
        in_tune(&heard[1], 329.63);
        assert!(!heard[2].is_empty());
        assert_eq!(heard[0], heard[3], "tracks that share an input share a tracker");
        assert!(heard[4].is_empty() && heard[5].is_empty());
        for heard in &heard[..2] {
            let numbers: Vec<u64> = heard.iter().map(|it| it.estimate.number).collect();
            assert_eq!(numbers, (0..heard.len() as u64).collect::<Vec<_>>());
            assert!((185..=201).contains(&heard.len()), "{} in a second", heard.len());
            assert!(heard[40..].iter().all(|heard| (heard.level - 0.5).abs() < 0.02), "{:?}", heard[40]);
        }
        assert_eq!((desk.engine.missed_pitch(), desk.engine.trouble()), (0, Vec::new()));
    }
}

// Seen red: with the latency taken off the position instead of looking back in time.
#[test]
fn each_moment_lies_where_it_was_sung_round_and_round_a_loop() {
    let (mut desk, tracks) = Desk::new(RATE, &["1"]);
    let (start, end, trip) = (10_000_i64, 10_000 + 31_007, 2_345_i64);
    let range = LoopRange { on: true, start: Position::Samples(start), end: Position::Samples(end) };
    desk.edit(&[Edit::SetLoop { range }]);
    desk.engine.set_pitch_round_trip(trip);
    desk.engine.follow_pitch(&tracks);
    desk.engine.locate(start);
    desk.sing([220.0; 2], 0.2);
    let began = desk.hand.time() as i64;
    desk.engine.play(None);
    desk.sing([220.0; 2], 2.5);
    let heard = desk.of(tracks[0]);
    in_tune(&heard, 220.0);
    // The tracker began with a block.
    let first = heard[0].estimate.number;
    assert_eq!(first, 0);
    let mut rounds = 0;
    for heard in &heard {
        let sung = heard.estimate.number as i64 * 240 - trip;
        let rolling = sung >= began;
        let expected = if rolling { start + (sung - began) % (end - start) } else { start };
        assert_eq!((heard.position, heard.rolling), (expected, rolling), "moment {}", heard.estimate.number);
        rounds = rounds.max((sung - began) / (end - start));
    }
    assert_eq!(rounds, 3);
}

// Seen red: with inputs followed as they were when the song changes.
#[test]
fn who_is_followed_changes_while_it_plays() {
    let (mut desk, tracks) = Desk::new(RATE, &["1", "2"]);
    assert!(threads("pitch").is_empty());
    desk.engine.play(None);
    for turn in 0..60 {
        desk.engine.follow_pitch(&tracks[..turn % 3]);
        desk.sing([220.0, 330.0], 0.006);
    }
    desk.engine.follow_pitch(&tracks);
    desk.heard.clear();
    desk.sing([220.0, 330.0], 0.5);
    in_tune(&desk.of(tracks[0]), 220.0);
    in_tune(&desk.of(tracks[1]), 330.0);

    // Another input, and a track that goes.
    desk.edit(&[Edit::SetTrackInput { track: tracks[0], input: "2".parse().unwrap() }]);
    desk.heard.clear();
    desk.sing([220.0, 330.0], 0.5);
    in_tune(&desk.of(tracks[0]), 330.0);
    desk.edit(&[Edit::RemoveTrack { track: tracks[1] }]);
    desk.heard.clear();
    desk.sing([220.0, 330.0], 0.5);
    assert!(desk.of(tracks[1]).is_empty());
    let heard = desk.of(tracks[0]);
    in_tune(&heard, 330.0);
    assert!(heard.windows(2).all(|two| two[0].estimate.number + 1 == two[1].estimate.number));
    desk.edit(&[Edit::SetTrackInput { track: tracks[0], input: Input::NONE }]);
    dawg_tests::until(LIMIT, "the end of the worker", || threads("pitch").is_empty());
    desk.edit(&[Edit::SetTrackInput { track: tracks[0], input: "1".parse().unwrap() }]);
    desk.heard.clear();
    desk.sing([220.0, 330.0], 0.5);
    in_tune(&desk.of(tracks[0]), 220.0);
    dawg_tests::until(LIMIT, "the worker", || threads("pitch").len() == 1);
    drop(desk);
    dawg_tests::until(LIMIT, "the end of the worker", || threads("pitch").is_empty());
}

/// A melody that steps up by a fourth after a second.
fn step() -> Vec<f32> {
    Singer::plain(RATE).melody(&[Sung::note(57.0, 1.0), Sung::note(62.0, 1.0)]).samples
}

/// Processor time of a thread so far.
fn busy(task: &Path) -> Duration {
    let stat = std::fs::read_to_string(task.join("schedstat")).unwrap();
    Duration::from_nanos(stat.split_whitespace().next().unwrap().parse().unwrap())
}

#[test]
fn through_jack_voices_are_heard_soon() {
    let server = JackServer::start(RATE, BLOCK as u32);
    let folder = tempfile::tempdir().unwrap();
    let mut song = torture::Song::new(RATE, folder.path());
    let tracks: Vec<TrackId> = ["1", "2", "1+2", "2+1"].map(|input| track(&mut song, input)).to_vec();
    let request = DeviceRequest { host: Some(Host::Jack), rate: RATE, inputs: 2, ..DeviceRequest::default() };
    let mut engine = Engine::start(Arc::new(song.session.clone()), folder.path(), &request).unwrap();
    let samples: Vec<f32> = (0..3).flat_map(|_| step()).collect();
    let ports = ["ai-dawg:in_1", "ai-dawg:in_2"];
    let length = samples.len();
    let microphone = Microphone::feed(&server, vec![samples; 2], &ports);
    microphone.wait_connected(LIMIT);
    engine.follow_pitch(&tracks);
    let mut heard: Vec<(TrackId, Heard, Instant)> = Vec::new();
    let witness = Witness::start();
    microphone.go();
    // It names itself when it begins.
    dawg_tests::until(LIMIT, "the worker", || threads("pitch").len() == 1);
    let (began, task) = (Instant::now(), threads("pitch").pop().unwrap());
    let before = busy(&task);
    // The device's time: where the machine halts, it falls behind the clock's.
    let mut until = None;
    let (mut played, mut going) = (0, Instant::now());
    while until.is_none_or(|until| Instant::now() < until) {
        if microphone.played() != played {
            (played, going) = (microphone.played(), Instant::now());
        }
        assert!(going.elapsed() < LIMIT, "{played} of {length} frames sung");
        if until.is_none() && microphone.played() >= length {
            until = Some(Instant::now() + Duration::from_millis(100));
        }
        engine.tick();
        engine.heard_pitch(&mut |track, it| heard.push((track, it, Instant::now())));
        std::thread::park_timeout(Duration::from_millis(1));
    }
    let share = (busy(&task) - before).as_secs_f64() / began.elapsed().as_secs_f64();
    println!("4 followed inputs: {:.2} % of a core", share * 100.0);
    // What no halt of the machine fell into; where that is hardly anything, all less the halts.
    let moment = |at: Instant| monotonic() - at.elapsed().as_nanos() as u64;
    let delay = |(_, heard, when): &(TrackId, Heard, Instant)| {
        let halt = witness.hindered(moment(heard.at), moment(*when));
        ((*when - heard.at).as_secs_f64() * 1e3, halt.as_secs_f64() * 1e3)
    };
    let all: Vec<(f64, f64)> = heard.iter().map(delay).collect();
    let mut delays: Vec<f64> = all.iter().filter(|(_, halt)| *halt < 1.0).map(|(delay, _)| *delay).collect();
    if delays.len() < all.len() / 4 {
        delays = all.iter().map(|(delay, halt)| delay - halt).collect();
    }
    delays.sort_by(f64::total_cmp);
    let at = |share: f64| delays[(delays.len() as f64 * share) as usize];
    println!(
        "sound at the input to Heard: median {:.1} ms, p95 {:.1} ms, p99 {:.1} ms",
        at(0.5),
        at(0.95),
        at(0.99)
    );
    assert!(at(0.5) < 45.0, "{}", at(0.5));
    assert_eq!(engine.missed_pitch(), 0);
    for track in tracks {
        let voiced = heard.iter().filter(|(of, heard, _)| *of == track && heard.estimate.voiced).count();
        assert!(voiced > 1_000, "{voiced} of 1,200");
    }
}
