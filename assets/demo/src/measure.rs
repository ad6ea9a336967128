//! Measurements for the tests: pitch, level, loudness.

use crate::units::{Hertz, Pitch, Seconds};

/// How far the sound is from a pitch, in cents: by the best lag of its normalised autocorrelation within a
/// tone to either side, refined by a parabola.
pub(crate) fn cents_off(sound: &[f32], expected: Pitch, rate: Hertz) -> f32 {
    let lag = |semitones: f32| rate.0 / expected.up(semitones).hertz().0;
    let (shortest, longest) = (lag(2.0) as usize, lag(-2.0).ceil() as usize);
    let scores: Vec<f64> =
        (shortest - 1..=longest + 1).map(|lag| similarity(sound, lag, longest + 1)).collect();
    let best = (1..scores.len() - 1).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap();
    let [before, at, after] = [scores[best - 1], scores[best], scores[best + 1]];
    let bend = (before - after) / (2.0 * (before - 2.0 * at + after));
    let found = (shortest - 1 + best) as f64 + bend;
    (1200.0 * (f64::from(lag(0.0)) / found).log2()) as f32
}

fn similarity(sound: &[f32], lag: usize, longest: usize) -> f64 {
    let length = sound.len().saturating_sub(longest);
    let (a, b) = (&sound[..length], &sound[lag..lag + length]);
    let dot = |x: &[f32], y: &[f32]| -> f64 { x.iter().zip(y).map(|(x, y)| f64::from(x * y)).sum() };
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(1e-12)
}

/// Cents from a pitch in windows of 40 ms (longer than any period sung), one every 10 ms.
pub(crate) fn pitch_curve(sound: &[f32], expected: Pitch, rate: Hertz) -> Vec<f32> {
    let (window, hop) = (Seconds(0.04).samples(rate), Seconds(0.01).samples(rate));
    sound.windows(window).step_by(hop).map(|part| cents_off(part, expected, rate)).collect()
}

pub(crate) fn median_cents_off(sound: &[f32], expected: Pitch, rate: Hertz) -> f32 {
    let mut cents = pitch_curve(sound, expected, rate);
    cents.sort_by(f32::total_cmp);
    cents[cents.len() / 2]
}

/// Level at one frequency, in decibels, seen through a window of Hann.
pub(crate) fn level(sound: &[f32], frequency: Hertz, rate: Hertz) -> f64 {
    let (mut re, mut im) = (0.0, 0.0);
    for (n, sample) in sound.iter().enumerate() {
        let window = 0.5 - 0.5 * (std::f64::consts::TAU * n as f64 / sound.len() as f64).cos();
        let angle = std::f64::consts::TAU * frequency.turns(rate) * n as f64;
        re += window * f64::from(*sample) * angle.cos();
        im += window * f64::from(*sample) * angle.sin();
    }
    20.0 * (4.0 * f64::hypot(re, im) / sound.len() as f64).log10()
}

/// In decibels of full scale.
pub(crate) fn peak(sound: &[f32]) -> f32 {
    20.0 * sound.iter().fold(1e-9f32, |peak, sample| peak.max(sample.abs())).log10()
}

pub(crate) fn mean(sound: &[f32]) -> f64 {
    sound.iter().map(|sample| f64::from(*sample)).sum::<f64>() / sound.len() as f64
}

/// Integrated loudness by ITU-R BS.1770-4 of a stereo sound at 48 kHz, the rate of its coefficients.
pub(crate) fn loudness(stereo: &[Vec<f32>; 2]) -> f64 {
    let squares = stereo.each_ref().map(|channel| weighted_squares(channel));
    let block = |at: usize| -> f64 {
        squares.iter().map(|side| side[at..at + 19_200].iter().sum::<f64>() / 19_200.0).sum()
    };
    let blocks: Vec<f64> = (0..squares[0].len() - 19_200).step_by(4_800).map(block).collect();
    let lufs = |power: f64| -0.691 + 10.0 * power.log10();
    let above = |gate: f64| {
        let loud: Vec<f64> = blocks.iter().copied().filter(|power| lufs(*power) > gate).collect();
        lufs(loud.iter().sum::<f64>() / loud.len() as f64)
    };
    above(above(-70.0) - 10.0)
}

fn weighted_squares(channel: &[f32]) -> Vec<f64> {
    let shelf = biquad(
        [1.53512485958697, -2.69169618940638, 1.19839281085285],
        [-1.69065929318241, 0.73248077421585],
    );
    let thin = biquad([1.0, -2.0, 1.0], [-1.99004745483398, 0.99007225036621]);
    let (mut shelf, mut thin) = (shelf, thin);
    channel.iter().map(|sample| thin(shelf(f64::from(*sample))).powi(2)).collect()
}

fn biquad(b: [f64; 3], a: [f64; 2]) -> impl FnMut(f64) -> f64 {
    let (mut x, mut y) = ([0.0; 2], [0.0; 2]);
    move |input| {
        let out = b[0] * input + b[1] * x[0] + b[2] * x[1] - a[0] * y[0] - a[1] * y[1];
        (x, y) = ([input, x[0]], [out, y[0]]);
        out
    }
}
