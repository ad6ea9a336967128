//! What nobody sings: noise of rooms and breath, consonants, claps, a beat that leaks out of headphones.
//!
//! Start at [`pink`].

use std::f64::consts::TAU;

use super::chance::Chance;
use super::singer::soften;

/// Pink noise of root mean square 1. Filter: P. Kellet (music-dsp list, 1999), 1/f within 0.05 dB above 10 Hz at 44.1 kHz.
pub fn pink(frames: usize, chance: &mut Chance) -> Vec<f32> {
    const POLES: [(f64, f64); 6] = [
        (0.99886, 0.055_517_9),
        (0.99332, 0.075_075_9),
        (0.96900, 0.153_852),
        (0.86650, 0.310_485_6),
        (0.55000, 0.532_952_2),
        (-0.7616, -0.016_898),
    ];
    let (mut states, mut late) = ([0.0; 6], 0.0);
    let mut noise: Vec<f32> = (0..frames)
        .map(|_| {
            let white = chance.normal();
            for (state, (pole, gain)) in states.iter_mut().zip(POLES) {
                *state = *state * pole + white * gain;
            }
            let sum = states.iter().sum::<f64>() + late + white * 0.5362;
            late = white * 0.115_926;
            sum as f32
        })
        .collect();
    level(&mut noise, 1.0);
    noise
}

/// Sets the root mean square.
pub fn level(samples: &mut [f32], to: f64) {
    let power: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    let gain = to / ((power / samples.len().max(1) as f64).sqrt() + 1e-12);
    samples.iter_mut().for_each(|sample| *sample = (f64::from(*sample) * gain) as f32);
}

/// White noise through a resonance (two poles) at `hertz`, `width` Hz wide; root mean square 1.
pub fn band(frames: usize, rate: u32, hertz: f64, width: f64, chance: &mut Chance) -> Vec<f32> {
    let mut noise = chance.white(frames);
    resonate(&mut noise, rate, hertz, width);
    level(&mut noise, 1.0);
    noise
}

/// Two poles at `hertz`, zeros at 0 and half the rate.
fn resonate(samples: &mut [f32], rate: u32, hertz: f64, width: f64) {
    let rate = f64::from(rate);
    let radius = (-std::f64::consts::PI * width / rate).exp();
    let (a, b) = (2.0 * radius * (TAU * hertz.min(0.45 * rate) / rate).cos(), -radius * radius);
    let (mut y1, mut y2, mut x1, mut x2) = (0.0, 0.0, 0.0, 0.0);
    for sample in samples {
        let x = f64::from(*sample);
        let y = x - x2 + a * y1 + b * y2;
        (x2, x1, y2, y1) = (x1, x, y1, y);
        *sample = y as f32;
    }
}

/// Somebody breathes in or out: noise through a throat, swelling and ebbing.
pub fn breath(frames: usize, rate: u32, to: f64, chance: &mut Chance) -> Vec<f32> {
    let mut noise = vec![0.0; frames];
    for (hertz, width, gain) in [(500.0, 400.0, 0.5), (1_600.0, 500.0, 1.0), (3_500.0, 1_500.0, 0.7)] {
        let hertz = hertz * chance.between(0.85, 1.15);
        let band = band(frames, rate, hertz, width, chance);
        noise.iter_mut().zip(&band).for_each(|(noise, band)| *noise += gain * band);
    }
    level(&mut noise, to);
    soften(&mut noise, rate, 0.4 * frames as f64 / f64::from(rate), 0.3 * frames as f64 / f64::from(rate));
    noise
}

/// An s, sh or f.
pub fn sibilant(frames: usize, rate: u32, to: f64, chance: &mut Chance) -> Vec<f32> {
    let (hertz, width) = chance.one_of(&[(6_500.0, 2_500.0), (3_200.0, 1_500.0), (7_500.0, 9_000.0)]);
    let mut noise = band(frames, rate, hertz, width, chance);
    level(&mut noise, to);
    soften(&mut noise, rate, 0.015, 0.02);
    noise
}

/// A clap of hands, or a snap of fingers: a burst or a few, gone in some 20 ms, in a resonance of the hands.
pub fn clap(frames: usize, rate: u32, to: f64, chance: &mut Chance) -> Vec<f32> {
    let hertz = chance.between(700.0, 2_500.0);
    let mut samples = band(frames, rate, hertz, hertz * 0.8, chance);
    let (hands, decay) = (chance.one_of(&[1.0, 2.0, 3.0]), chance.between(0.004, 0.015));
    let shape = |seconds: f64| {
        let last = (seconds / 0.007).floor().min(hands - 1.0);
        (-(seconds - last * 0.007) / decay).exp()
    };
    let most = samples.iter().fold(1e-9_f32, |most, sample| most.max(sample.abs()));
    for (n, sample) in samples.iter_mut().enumerate() {
        *sample *= (to * shape(n as f64 / f64::from(rate))) as f32 / most * 2.0;
    }
    samples
}

/// A beat at 100 in the minute: kick, snare, hats; its peak about 1. As headphones leak it, if `thin`.
pub fn beat(frames: usize, rate: u32, thin: bool, chance: &mut Chance) -> Vec<f32> {
    let mut out = vec![0.0; frames];
    let half = (0.3 * f64::from(rate)) as usize;
    let seconds = |n: usize| n as f64 / f64::from(rate);
    for (number, start) in (0..frames).step_by(half).enumerate() {
        let length = half.min(frames - start);
        let white = chance.white(length);
        let mut turn = 0.0;
        for n in 0..length {
            let t = seconds(n);
            let hat = 0.05 * f64::from(white[n] - white[n.saturating_sub(1)]) * (-t / 0.03).exp();
            let hit = match number % 4 {
                0 => {
                    turn += (48.0 + 110.0 * (-t / 0.03).exp()) / f64::from(rate);
                    (TAU * turn).sin() * (-t / 0.12).exp()
                }
                2 => {
                    let drum = (TAU * 185.0 * t).sin() * (-t / 0.05).exp();
                    0.4 * drum + 0.2 * f64::from(white[n]) * (-t / 0.07).exp()
                }
                _ => 0.0,
            };
            out[start + n] = (hat + 0.8 * hit) as f32;
        }
    }
    if thin {
        high_pass(&mut out, rate, 600.0);
        high_pass(&mut out, rate, 600.0);
    }
    out
}

/// One pole: 6 dB an octave away below `hertz`.
pub fn high_pass(samples: &mut [f32], rate: u32, hertz: f64) {
    let pole = (-TAU * hertz / f64::from(rate)).exp();
    let (mut last, mut state) = (0.0, 0.0);
    for sample in samples {
        let x = f64::from(*sample);
        state = pole * (state + x - last);
        last = x;
        *sample = state as f32;
    }
}
