//! One device call with 8, 32 and 100 stereo tracks playing, at 64, 128 and 256 frames, as a share of its deadline.
//!
//! The live engine with its meters and its disk reader, on a device called by hand; every block is in memory, since
//! the songs loop over 1.4 s of different audio on each track (50 MB at 100 tracks: more than the processor's own
//! caches hold).
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion};
use dawg_benches::timing::{self, Times};
use dawg_benches::tracks::{self, RATE};
use dawg_benches::{data, song};
use dawg_engine::Engine;
use dawg_engine::device::manual::{Hand, Manual};
use dawg_session::{Edit, LoopRange, Position};

/// Frames of the loop: eight cache blocks.
const LOOP: usize = 65_536;
const TRACKS: [usize; 3] = [8, 32, 100];
const FRAMES: [usize; 3] = [64, 128, 256];

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .sample_size(20)
        .configure_from_args();
    let mut rows = Vec::new();
    for count in TRACKS {
        let (engine, mut hand) = playing(count);
        let missed = engine.vitals().missed_frames;
        let mut group = criterion.benchmark_group("callback");
        for frames in FRAMES {
            group.bench_function(BenchmarkId::new(format!("{count} tracks"), frames), |bencher| {
                bencher.iter(|| black_box(hand.silence(frames)[0][0]));
            });
            rows.push(row(count, frames, &mut hand));
        }
        group.finish();
        assert_eq!(engine.vitals().missed_frames, missed, "a block was not in memory");
    }
    println!("\n| tracks | frames | deadline | median | worst of 100 but one | worst |");
    println!("| --- | --- | --- | --- | --- | --- |");
    rows.iter().for_each(|row| println!("{row}"));
    criterion.final_summary();
}

/// A song of `count` tracks that plays in a loop, all of it in memory.
fn playing(count: usize) -> (Engine, Hand) {
    let folder = data::folder().join("loops");
    tracks::make(&folder, count, LOOP);
    let mut builder = song::Builder { session: song::mix(count, LOOP) };
    let (start, end) = (Position::Samples(0), Position::Samples(LOOP as i64));
    builder.edit(&[Edit::SetLoop { range: LoopRange { on: true, start, end } }]);
    let (device, mut hand) = Manual::open(RATE);
    let mut engine = Engine::on_device(Arc::new(builder.session), &folder, device).unwrap();
    hand.silence(64);
    engine.play(Some(0));
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let before = engine.vitals().missed_frames;
        for _ in 0..2 * LOOP / 256 {
            hand.silence(256);
        }
        engine.tick();
        if engine.vitals().missed_frames == before {
            break;
        }
        assert!(Instant::now() < deadline, "the disk reader does not get there");
        timing::pause(Duration::from_millis(100));
    }
    let loudest = (0..LOOP / 256).map(|_| hand.silence(256)[0].iter().fold(0.0, |a: f32, b| a.max(b.abs())));
    assert!(loudest.fold(0.0, f32::max) > 0.05, "nothing is heard");
    (engine, hand)
}

/// A row of the table: shares of the deadline.
fn row(count: usize, frames: usize, hand: &mut Hand) -> String {
    let calls = if timing::quick() { 500 } else { 20_000 };
    let mut times = Times::default();
    for _ in 0..calls {
        times.time(|| black_box(hand.silence(frames)[0][0]));
    }
    let deadline = frames as f64 / f64::from(RATE);
    let cell = |time: Duration| {
        let (us, share) = (time.as_secs_f64() * 1e6, time.as_secs_f64() / deadline * 100.0);
        format!(" {us:.0} µs, {share:.1} % |")
    };
    let [median, most, worst] = [times.median(), times.quantile(0.99), times.worst()].map(cell);
    format!("| {count} | {frames} | {:.2} ms |{median}{most}{worst}", deadline * 1e3)
}
