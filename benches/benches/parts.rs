//! The inner loops: bytes to samples, sums, gains, levels, samples to bytes, resampling. In nanoseconds a sample.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use dawg_benches::timing::{self, Times};
use dawg_dsp::dither::Dither;
use dawg_dsp::level::Level;
use dawg_dsp::loudness::LoudnessMeter;
use dawg_dsp::mix;
use dawg_dsp::pcm::{self, Encoding};
use dawg_dsp::resample::Resampler;

/// Frames of a block, as the cache has them.
const FRAMES: usize = 8_192;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(500))
        .sample_size(20)
        .configure_from_args();
    let rows = measure(&mut criterion);
    println!("\n| part | ns a sample |\n| --- | --- |");
    rows.iter().for_each(|row| println!("{row}"));
    criterion.final_summary();
}

/// Times every part; the rows of the table.
fn measure(criterion: &mut Criterion) -> Vec<String> {
    let mut parts = Parts { group: criterion.benchmark_group("parts"), rows: Vec::new() };

    let left: Vec<f32> = (0..FRAMES).map(|n| (n as f32 * 0.01).sin() * 0.3).collect();
    let right: Vec<f32> = left.iter().map(|sample| -0.9 * sample).collect();
    let mut bytes = vec![0; FRAMES * 6];
    let (mut out, mut other) = (vec![0.0_f32; FRAMES], vec![0.0_f32; FRAMES]);
    let mut sum = vec![0.0_f64; FRAMES];
    let mut short = vec![0_i16; FRAMES];
    let mut loudness = LoudnessMeter::new(48_000, 2).unwrap();

    parts.bench("pcm: samples to 24 bits, stereo", 2, || {
        black_box(pcm::interleave(Encoding::I24Le, &[&left, &right], &mut bytes));
    });
    parts.bench("pcm: 24 bits to samples, stereo", 2, || {
        black_box(pcm::deinterleave(Encoding::I24Le, &bytes, &mut [&mut out, &mut other], 0));
    });
    parts.bench("mix: accumulate in f64", 1, || mix::accumulate(black_box(&mut sum), &left));
    parts.bench("mix: round the sum", 1, || mix::round_into(black_box(&mut out), &sum));
    parts.bench("mix: gain", 1, || mix::scale_into(black_box(&mut out), &left, 0.7));
    parts.bench("level: peak and RMS", 1, || {
        black_box(Level::of(black_box(&left)));
    });
    parts.bench("dither to 16 bits", 1, || {
        black_box(Dither::new(1, 0).quantise(0, &left, &mut short));
    });
    parts.bench("loudness, stereo", 2, || loudness.push(&[&left, &right]));
    for (from, to) in [(44_100, 48_000), (48_000, 44_100)] {
        let mut resampler = Resampler::new(from, to, 2).unwrap();
        let mut made = [Vec::with_capacity(2 * FRAMES), Vec::with_capacity(2 * FRAMES)];
        parts.bench(&format!("resample {from} to {to}, stereo"), 2, || {
            made.iter_mut().for_each(Vec::clear);
            resampler.process(&[&left, &right], &mut made).unwrap();
        });
    }
    parts.rows
}

struct Parts<'a> {
    group: BenchmarkGroup<'a, WallTime>,
    rows: Vec<String>,
}

impl Parts<'_> {
    /// Times `work`, which does a block of `channels` channels.
    fn bench(&mut self, name: &str, channels: usize, mut work: impl FnMut()) {
        let samples = FRAMES * channels;
        self.group.throughput(Throughput::Elements(samples as u64));
        self.group.bench_function(name, |bencher| bencher.iter(&mut work));
        let mut times = Times::default();
        for _ in 0..if timing::quick() { 20 } else { 500 } {
            times.time(&mut work);
        }
        let ns = times.median().as_nanos() as f64 / samples as f64;
        self.rows.push(format!("| {name} | {ns:.2} |"));
    }
}
