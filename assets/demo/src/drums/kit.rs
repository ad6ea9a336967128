//! The kit: every drum as one sound, made once and struck many times.

use super::KICK_PITCH;
use crate::filter::StateVariable;
use crate::noise::Noise;
use crate::oscillator::{Phase, sine};
use crate::space::Stereo;
use crate::units::{Hertz, Seconds};

/// All sounds, each peaking near full scale.
pub(crate) struct Kit {
    pub(crate) kick: Vec<f32>,
    pub(crate) snare: Vec<f32>,
    pub(crate) clap: Stereo,
    /// Ghost and plain.
    pub(crate) closed_hat: [Vec<f32>; 2],
    pub(crate) open_hat: Vec<f32>,
    pub(crate) crash: Stereo,
    /// Swells for one bar into the next section.
    pub(crate) riser: Stereo,
}

impl Kit {
    pub(crate) fn new(rate: Hertz) -> Self {
        let metal = metal(Seconds(0.5), 3, rate);
        Self {
            kick: kick(rate),
            snare: snare(rate),
            clap: [clap(21, rate), clap(22, rate)],
            closed_hat: [hat(&metal, Seconds(0.011), rate), hat(&metal, Seconds(0.02), rate)],
            open_hat: hat(&metal, Seconds(0.13), rate),
            crash: [crash(31, rate), crash(32, rate)],
            riser: [riser(41, rate), riser(42, rate)],
        }
    }
}

/// Scaled to a peak of 1, its last 5 ms faded so that it ends in silence.
fn finished(mut sound: Vec<f32>, rate: Hertz) -> Vec<f32> {
    let peak = sound.iter().fold(1e-9f32, |peak, sample| peak.max(sample.abs()));
    let fade = Seconds(0.005).samples(rate).max(1) as f32;
    let length = sound.len();
    for (n, sample) in sound.iter_mut().enumerate() {
        *sample *= ((length - n) as f32 / fade).min(1.0) / peak;
    }
    sound
}

/// `count` samples' worth of a duration, each as seconds from the stroke.
fn moments(length: Seconds, rate: Hertz) -> impl Iterator<Item = f32> {
    (0..length.samples(rate)).map(move |n| n as f32 / rate.0)
}

/// A sine that falls from 5 × its pitch in some hundredths of a second, and a click for small speakers.
fn kick(rate: Hertz) -> Vec<f32> {
    let (mut phase, mut noise) = (Phase::default(), Noise::new(1));
    let mut click = StateVariable::new(Hertz(3_200.0), 0.9, rate);
    let base = KICK_PITCH.hertz().0;
    let sound = moments(Seconds(0.38), rate).map(|t| {
        let sweep = base * (1.0 + 4.2 * (-t / 0.022).exp() + 1.6 * (-t / 0.006).exp());
        let body = sine(phase.next(Hertz(sweep), rate)) * (-t / 0.13).exp();
        let click = click.split(noise.next()).band * (-t / 0.0022).exp();
        (1.7 * body).tanh() + 0.42 * click
    });
    finished(sound.collect(), rate)
}

/// Two modes of a skin and the rattle of wires.
fn snare(rate: Hertz) -> Vec<f32> {
    let (mut low, mut high, mut noise) = (Phase::default(), Phase::default(), Noise::new(2));
    let mut wires = StateVariable::new(Hertz(4_800.0), 0.45, rate);
    let mut thin = StateVariable::new(Hertz(900.0), 0.707, rate);
    let sound = moments(Seconds(0.32), rate).map(|t| {
        let bend = 1.0 + 0.55 * (-t / 0.012).exp();
        let skin = 0.7 * sine(low.next(Hertz(185.0 * bend), rate)) * (-t / 0.055).exp()
            + 0.35 * sine(high.next(Hertz(331.0 * bend), rate)) * (-t / 0.035).exp();
        let wires = thin.split(wires.split(noise.next()).band).high;
        skin + wires * (1.5 * (-t / 0.02).exp() + 0.75 * (-t / 0.085).exp())
    });
    finished(sound.collect(), rate)
}

/// Several hands, a few milliseconds apart, and the room they stand in.
fn clap(seed: u32, rate: Hertz) -> Vec<f32> {
    let mut noise = Noise::new(seed);
    let mut colour = StateVariable::new(Hertz(1_350.0), 1.1, rate);
    let mut air = StateVariable::new(Hertz(5_200.0), 0.6, rate);
    let sound = moments(Seconds(0.36), rate).map(|t| {
        let hands: f32 = [0.0, 0.0095, 0.0185]
            .iter()
            .map(|&at| if t < at { 0.0 } else { (-(t - at) / 0.0032).exp() })
            .sum();
        let room = if t < 0.0265 { 0.0 } else { 0.8 * (-(t - 0.0265) / 0.065).exp() };
        let white = noise.next();
        (colour.split(white).band + 0.35 * air.split(white).band) * (hands + room)
    });
    finished(sound.collect(), rate)
}

/// Six inharmonic square waves as the TR-808 has them, built from only those harmonics that its high-pass
/// lets through and that stay below 17 kHz and the Nyquist frequency: nothing can alias.
fn metal(length: Seconds, seed: u32, rate: Hertz) -> Vec<f32> {
    const SQUARES: [f32; 6] = [205.3, 304.4, 369.6, 522.7, 540.0, 800.0];
    let top = Hertz(17_000.0).below_nyquist(rate).0;
    let mut start = Noise::new(seed);
    let mut sum = vec![0.0f32; length.samples(rate)];
    for square in SQUARES {
        for harmonic in (1..).step_by(2).take_while(|n| square * (*n as f32) < top) {
            let frequency = square * harmonic as f32;
            if frequency < 6_000.0 {
                continue;
            }
            // Steps in level by pitch: a shelf up to 9 kHz and a slow fall beyond it.
            let gain = ((frequency - 5_000.0) / 4_000.0).min(1.0) * (9_000.0 / frequency).min(1.0);
            let mut phase = Phase::new(0.5 + 0.49 * start.next());
            let step = Hertz(frequency).turns(rate);
            for sample in &mut sum {
                *sample += gain * sine(phase.advance(step));
            }
        }
    }
    sum
}

/// Metal and a little sizzle under one decay.
fn hat(metal: &[f32], decay: Seconds, rate: Hertz) -> Vec<f32> {
    let mut noise = Noise::new(4);
    let mut sizzle = StateVariable::new(Hertz(8_500.0), 0.8, rate);
    let length = Seconds(8.0 * decay.0).samples(rate).min(metal.len());
    let fall = decay.decay(rate);
    let mut level = 1.0f32;
    let sound = metal.iter().take(length).enumerate().map(|(n, metal)| {
        level *= fall;
        let attack = (n as f32 / (0.0006 * rate.0)).min(1.0);
        attack * level * (metal + 3.2 * sizzle.split(noise.next()).high)
    });
    finished(sound.collect(), rate)
}

/// A cymbal: metal that darkens, in a cloud of noise.
fn crash(seed: u32, rate: Hertz) -> Vec<f32> {
    let metal = metal(Seconds(2.4), seed, rate);
    let mut noise = Noise::new(seed + 1);
    let mut bright = StateVariable::new(Hertz(5_000.0), 0.6, rate);
    let mut dark = StateVariable::new(Hertz(12_000.0), 0.5, rate);
    let sound = metal.iter().zip(moments(Seconds(2.4), rate)).enumerate().map(|(n, (metal, t))| {
        if n % 64 == 0 {
            dark.tune(Hertz(3_500.0 + 10_000.0 * (-t / 0.5).exp()), rate);
        }
        let cloud = 5.0 * bright.split(noise.next()).high;
        let level = (t / 0.002).min(1.0) * (0.5 * (-t / 0.12).exp() + 0.5 * (-t / 0.62).exp());
        dark.split((0.6 * metal + cloud) * level).low
    });
    finished(sound.collect(), rate)
}

/// Noise through a rising band, one bar of 90 BPM long.
fn riser(seed: u32, rate: Hertz) -> Vec<f32> {
    let length = 8.0 / 3.0;
    let mut noise = Noise::new(seed);
    let mut band = StateVariable::new(Hertz(500.0), 1.4, rate);
    let sound = moments(Seconds(length), rate).enumerate().map(|(n, t)| {
        let way = t / length;
        if n % 64 == 0 {
            band.tune(Hertz(500.0 * 14f32.powf(way)), rate);
        }
        band.split(noise.next()).band * way * way * (1.0 - way.powi(24))
    });
    finished(sound.collect(), rate)
}
