//! Sounds with a known pitch.

use std::f64::consts::TAU;

/// Partials with these amplitudes, faded over 10 ms at both ends.
pub(super) fn partials(rate: u32, frequency: f64, amplitudes: &[f64], seconds: f64) -> Vec<f32> {
    sung(
        rate,
        seconds,
        |_| frequency,
        |partial| amplitudes.get(partial - 1).copied().unwrap_or(0.0),
        amplitudes.len(),
    )
}

/// A bright voice on one note.
pub(super) fn voice(rate: u32, frequency: f64, seconds: f64) -> Vec<f32> {
    sung(rate, seconds, |_| frequency, |partial| 0.2 / partial as f64, 30)
}

/// A bright voice that glides evenly on the scale of notes.
pub(super) fn glide(rate: u32, from: f64, to: f64, seconds: f64) -> Vec<f32> {
    let pitch = move |second: f64| from * (to / from).powf(second / seconds);
    sung(rate, seconds, pitch, |partial| 0.2 / partial as f64, 12)
}

fn sung(
    rate: u32,
    seconds: f64,
    pitch: impl Fn(f64) -> f64,
    gain: impl Fn(usize) -> f64,
    most: usize,
) -> Vec<f32> {
    let rate = f64::from(rate);
    let mut turns = 0.0;
    (0..(seconds * rate) as usize)
        .map(|n| {
            let second = n as f64 / rate;
            let frequency = pitch(second);
            // The phase at the sample is that of the pitch in the middle of the step towards it.
            turns += pitch(second - 0.5 / rate) / rate;
            let audible =
                (1..=most).filter(|&partial| frequency * partial as f64 <= rate.min(22_000.0) * 0.45);
            let sum: f64 = audible.map(|partial| gain(partial) * (TAU * turns * partial as f64).sin()).sum();
            let edge = (second.min(seconds - second) / 0.01).clamp(0.0, 1.0);
            (sum * edge) as f32
        })
        .collect()
}

/// White noise of this root mean square, about.
pub(super) fn noise(length: usize, seed: u64, level: f32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            // Marsaglia's xorshift.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            level * 3.0_f32.sqrt() * ((state >> 40) as f32 / (1 << 23) as f32 - 1.0)
        })
        .collect()
}

/// Both at once.
pub(super) fn mixed(one: &[f32], other: &[f32]) -> Vec<f32> {
    one.iter().zip(other).map(|(a, b)| a + b).collect()
}
