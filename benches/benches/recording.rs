//! What recording costs: a callback while 1, 8 and 32 stereo tracks record, the capture writer's throughput, how long it
//! may stall before a sample is lost, and what it costs to remember what came in and to keep it.
//!
//! The live engine on a device called by hand, no more than four times as fast as it would be played, with captures
//! running on real files in the target folder.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dawg_benches::timing::{self, Times};
use dawg_benches::tracks::RATE;
use dawg_benches::{data, song};
use dawg_engine::Engine;
use dawg_engine::capture::tap::Taps;
use dawg_engine::capture::{Punch, RING_SECONDS, Recorded, Roll, RollRequest};
use dawg_engine::device::manual::{Hand, Manual};
use dawg_media::wav::SampleFormat;
use dawg_session::{Edit, Input, Lane, LaneId, Layout, Name, Session, Store, Track, TrackId};

const TRACKS: [usize; 3] = [1, 8, 32];
const FRAMES: [usize; 2] = [64, 128];
/// Bytes of a stereo frame of 24 bits.
const FRAME: f64 = 6.0;

fn main() {
    callbacks();
    throughput();
    stalls();
    remembering();
}

/// A song of `count` armed stereo tracks, in a folder that is made anew.
fn armed(count: usize) -> (Arc<Store>, Session, Vec<TrackId>) {
    let mut builder = song::Builder::new();
    let mut tracks = Vec::new();
    for at in 0..count {
        let lane = Lane::new(LaneId::fresh(), Name::new("Take 1").unwrap());
        let name = Name::new(&format!("Voice {at}")).unwrap();
        let track = Track::with_lane(TrackId::fresh(), name, Layout::STEREO, lane);
        let input = "1+2".parse::<Input>().unwrap();
        tracks.push(track.id);
        builder.edit(&[Edit::AddTrack { track: Track { input, arm: true, ..track }, at }]);
    }
    let folder = data::folder().join("recording.dawg");
    let _ = std::fs::remove_dir_all(&folder);
    let store = Arc::new(Store::create(&folder, &builder.session).unwrap());
    (store, builder.session, tracks)
}

fn engine(session: &Session, audio: &Path) -> (Engine, Hand) {
    let (device, mut hand) = Manual::open(RATE);
    let engine = Engine::on_device(Arc::new(session.clone()), audio, device).unwrap();
    hand.silence(64);
    (engine, hand)
}

fn begin(store: &Arc<Store>, session: &Session, tracks: &[TrackId]) -> (Roll, Box<Taps>) {
    let request = RollRequest {
        tracks: tracks.to_vec(),
        from: 0,
        punch: Punch::All(None),
        count_in: 0,
        latency: 0,
        format: SampleFormat::Int24,
    };
    Roll::begin(session, store, &request).unwrap()
}

/// What is sung: a block of noise.
fn noise(frames: usize) -> Vec<f32> {
    (0..frames as u32)
        .map(|frame| (frame.wrapping_mul(0x9E37_79B1) as i32 as f32) / 4_294_967_296.0)
        .collect()
}

fn callbacks() {
    println!("\n| tracks | frames | deadline | median | worst of 100 but one | worst | one core |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for frames in FRAMES {
        println!("{}", row(0, frames));
    }
    for count in TRACKS {
        for frames in FRAMES {
            println!("{}", row(count, frames));
        }
    }
}

/// A row of the table: shares of the deadline; and the processor time of all threads, as a share of one core at the
/// speed at which it would be played. With no track recording: one that is armed.
fn row(count: usize, frames: usize) -> String {
    let (store, session, tracks) = armed(count.max(1));
    let (mut engine, mut hand) = engine(&session, &store.folder().join("audio"));
    let roll = (count > 0).then(|| {
        let (roll, taps) = begin(&store, &session, &tracks);
        engine.roll(Some(0), 0, Some(taps));
        roll
    });
    let (calls, input) = (if timing::quick() { 500 } else { 10_000 }, noise(frames));
    let mut times = Times::default();
    let (start, processor) = (Instant::now(), processor_time());
    for call in 0..calls {
        times.time(|| black_box(hand.call([&input, &input])[0][0]));
        if call % 50 == 0 {
            engine.tick();
            let played = (call * frames) as f64 / f64::from(RATE) / 4.0;
            timing::pause(Duration::from_secs_f64(played).saturating_sub(start.elapsed()));
        }
    }
    let busy = processor_time() - processor;
    if let Some(roll) = roll {
        let recorded = stop(&mut engine, &mut hand, roll);
        assert!(recorded.tracks.iter().all(|track| track.lost == 0 && track.error.is_none()));
        assert_eq!(recorded.tracks.len(), count);
    }
    let deadline = frames as f64 / f64::from(RATE);
    let cell = |time: Duration| {
        let (us, share) = (time.as_secs_f64() * 1e6, time.as_secs_f64() / deadline * 100.0);
        format!(" {us:.1} µs, {share:.1} % |")
    };
    let [median, most, worst] = [times.median(), times.quantile(0.99), times.worst()].map(cell);
    let share = busy / (calls as f64 * deadline) * 100.0;
    format!("| {count} | {frames} | {:.2} ms |{median}{most}{worst} {share:.1} % |", deadline * 1e3)
}

fn stop(engine: &mut Engine, hand: &mut Hand, roll: Roll) -> Recorded {
    engine.stop();
    while !roll.is_finished() {
        hand.silence(64);
        engine.tick();
        timing::pause(Duration::from_millis(1));
    }
    roll.finish()
}

/// Seconds of processor time of this process, from the kernel's count of hundredths.
fn processor_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    let ticks = |field: usize| fields[field].parse::<f64>().unwrap();
    (ticks(11) + ticks(12)) / 100.0
}

/// As much as the rings hold at once: how fast it is on disk, synced, with its peaks.
fn throughput() {
    println!("\n| tracks | on disk and synced | MB/s | times as fast as it is sung |");
    println!("| --- | --- | --- | --- |");
    let rounds = if timing::quick() { 1 } else { 5 };
    for count in TRACKS {
        let mut times = Times::default();
        let seconds = f64::from(RING_SECONDS - 1);
        for _ in 0..rounds {
            let (store, session, tracks) = armed(count);
            let (roll, mut taps) = begin(&store, &session, &tracks);
            let input = noise(1_024);
            times.time(|| {
                taps.started(0);
                taps.segment(0);
                for _ in 0..(seconds * f64::from(RATE)) as usize / 1_024 {
                    taps.take(&[&input, &input], 0, 1_024);
                }
                taps.stopped();
                assert!(taps.ended());
                let recorded = roll.finish();
                assert!(recorded.tracks.iter().all(|track| track.lost == 0 && track.error.is_none()));
            });
        }
        let time = times.median().as_secs_f64();
        let bytes = seconds * f64::from(RATE) * FRAME * count as f64;
        println!(
            "| {count} | {:.0} ms | {:.0} | {:.0} |",
            time * 1e3,
            bytes / time / 1e6,
            seconds * count as f64 / time
        );
    }
}

/// A writer that stands still, from its first sample on.
fn stalls() {
    println!("\n| rate | mono, 64 | mono, 1024 | stereo, 64 | stereo, 1024 |");
    println!("| --- | --- | --- | --- | --- |");
    for rate in [48_000, 96_000, 192_000] {
        let cells = [(1, 64), (1, 1_024), (2, 64), (2, 1_024)].map(|(channels, frames)| {
            let held = stalled(rate, channels, frames);
            assert!(held >= 5.0);
            format!(" {held:.3} s |")
        });
        println!("| {} kHz |{}", rate / 1_000, cells.concat());
    }
}

/// Seconds until the first sample is lost.
fn stalled(rate: u32, channels: usize, frames: usize) -> f64 {
    let (mut taps, readers, _log) = Taps::new(&[&[1, 2][..channels]], rate, RING_SECONDS, 0);
    let input = noise(frames);
    let mut heard = 0;
    loop {
        taps.take(&[&input, &input], 0, frames);
        heard += frames;
        let held = readers[0].samples.slots() / channels;
        if held < heard {
            return held as f64 / f64::from(rate);
        }
    }
}

/// Arming a channel, and keeping the last two minutes of it.
fn remembering() {
    let mut builder = song::Builder::new();
    let lane = Lane::new(LaneId::fresh(), Name::new("Take 1").unwrap());
    let track = Track::with_lane(TrackId::fresh(), Name::new("Voice").unwrap(), Layout::STEREO, lane);
    let input = "1+2".parse::<Input>().unwrap();
    let id = track.id;
    builder.edit(&[Edit::AddTrack { track: Track { input, ..track }, at: 0 }]);
    let (mut engine, mut hand) = engine(&builder.session, &data::folder());
    let mut arming = Times::default();
    for arm in [true, false].repeat(if timing::quick() { 1 } else { 10 }).into_iter().chain([true]) {
        builder.edit(&[Edit::SetTrackArm { track: id, arm }]);
        let session = Arc::new(builder.session.clone());
        let start = Instant::now();
        engine.set_session(session).unwrap();
        if arm {
            arming.add(start.elapsed());
        }
        hand.silence(64);
        engine.tick();
    }
    let input = noise(1_024);
    for _ in 0..125 * RATE as usize / 1_024 {
        hand.call([&input, &input]);
    }
    let mut keeping = Times::default();
    for _ in 0..if timing::quick() { 1 } else { 20 } {
        keeping.time(|| black_box(engine.keep(&[1, 2], Some(119.0), 0).unwrap().channels.len()));
    }
    println!("\n| remembering | median | worst of 100 but one | worst |");
    println!("| --- | --- | --- | --- |");
    println!("| a stereo track is armed (46 MB are made) {}", arming.cells());
    println!("| its last 119 s are copied {}", keeping.cells());
}
