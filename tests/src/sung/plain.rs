//! The kinds of the set that other trackers were measured on: steady, detuned, vibrato, scales and glides, quiet, tones.
//!
//! Of the kinds of `make_set.py` and as long, with other numbers. Start at [`piece`].

use std::f64::consts::TAU;

use super::chance::Chance;
use super::line::Line;
use super::singer::{Singer, Vowel, soften};
use super::{Kind, RATE, hertz};

/// What a piece is made with.
struct Maker {
    chance: Chance,
    singer: Singer,
    line: Line,
    /// Keys by which this seed lies higher.
    shift: f64,
}

/// The piece of this kind, if it is one of the plain ones.
pub(super) fn piece(kind: Kind, seed: u64) -> Option<Line> {
    let shift = Chance::named(seed, "shift").between(-1.5, 1.5);
    let chance = Chance::named(seed, kind.name());
    let mut maker = Maker { chance, singer: Singer::plain(RATE), line: Line::new(RATE), shift };
    match kind {
        Kind::Steady => maker.steady(),
        Kind::Detuned => maker.detuned(),
        Kind::Vibrato => maker.vibrato(),
        Kind::ScalesGlides => maker.scales_and_glides(),
        Kind::QuietAndUnvoiced => maker.quiet_and_unvoiced(),
        Kind::TonesSine => maker.tones(sine),
        Kind::TonesSaw => maker.tones(saw),
        _ => return None,
    }
    Some(maker.line)
}

impl Maker {
    fn sing(&mut self, pitch: &[f64], level: f64, rest: f64) {
        let vowel = self.chance.one_of(&Vowel::ALL);
        let samples = self.singer.sing(pitch, vowel, level, &mut self.chance);
        self.line.sung(&samples, pitch);
        self.line.rest(rest);
    }

    /// One pitch for these seconds.
    fn held(&self, key: f64, seconds: f64) -> Vec<f64> {
        vec![hertz(key + self.shift); self.line.frames(seconds)]
    }

    fn steady(&mut self) {
        for key in (40..85).step_by(3) {
            for _ in 0..2 {
                self.sing(&self.held(f64::from(key), 0.7), 0.25, 0.12);
            }
        }
    }

    fn detuned(&mut self) {
        for key in [45, 52, 57, 64, 69, 76] {
            for cents in [0, -30, -20, -15, -10, -5, 5, 10, 15, 20, 30] {
                let pitch = self.held(f64::from(key) + f64::from(cents) / 100.0, 0.5);
                self.sing(&pitch, 0.25, 0.06);
            }
        }
    }

    fn vibrato(&mut self) {
        for key in [48.0, 57.0, 66.0, 74.0] {
            for rate in [5.0, 6.0, 7.0] {
                for cents in [20.0, 50.0, 100.0] {
                    let (centre, rate) = (hertz(key + self.shift), rate + 0.1 * self.shift);
                    let wave = |n: usize| (TAU * rate * n as f64 / f64::from(RATE)).sin();
                    let pitch = |n| centre * (cents / 1_200.0 * wave(n)).exp2();
                    let pitch: Vec<f64> = (0..self.line.frames(1.1)).map(pitch).collect();
                    self.sing(&pitch, 0.25, 0.06);
                }
            }
        }
    }

    fn scales_and_glides(&mut self) {
        const SCALE: [i32; 15] = [0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2, 0];
        for (root, seconds) in [(45, 0.25), (52, 0.2), (57, 0.16), (64, 0.12)] {
            let keys: Vec<f64> = SCALE
                .iter()
                .flat_map(|step| vec![f64::from(root + step) + self.shift; self.line.frames(seconds)])
                .collect();
            let pitch: Vec<f64> = smooth(&keys, self.line.frames(0.02)).into_iter().map(hertz).collect();
            self.sing(&pitch, 0.25, 0.2);
        }
        for key in [41.0, 48.0, 55.0, 62.0, 69.0] {
            for seconds in [0.4, 1.2] {
                let up = glide(key + self.shift, 12.0, self.line.frames(seconds));
                self.sing(&up, 0.25, 0.1);
                let down: Vec<f64> = up.into_iter().rev().collect();
                self.sing(&down, 0.25, 0.1);
            }
        }
    }

    fn quiet_and_unvoiced(&mut self) {
        for decibels in [-6.0, -18.0, -30.0, -42.0, -54.0] {
            for key in [45.0, 55.0, 64.0, 72.0] {
                let level = 0.5 * 10.0_f64.powf(decibels / 20.0);
                self.sing(&self.held(key, 0.6), level, 0.0);
                let white = self.chance.white(self.line.frames(0.25));
                let mut hiss: Vec<f32> = white.windows(2).map(|pair| pair[1] - pair[0]).collect();
                hiss.iter_mut().for_each(|sample| *sample *= (level * 0.25) as f32);
                soften(&mut hiss, RATE, 0.02, 0.03);
                self.line.unpitched(&hiss);
                self.line.rest(0.15);
            }
        }
        let noise = self.chance.white(self.line.samples.len());
        self.line.under(&noise, 1e-5);
    }

    fn tones(&mut self, tone: fn(&[f64]) -> Vec<f32>) {
        let mut keys: Vec<Vec<f64>> =
            (40..85).step_by(4).map(|key| self.held(f64::from(key) + 0.07, 0.5)).collect();
        keys.push(glide(40.0 + self.shift, 44.0, self.line.frames(3.0)));
        for pitch in keys {
            let mut samples = tone(&pitch);
            soften(&mut samples, RATE, 0.02, 0.03);
            self.line.sung(&samples, &pitch);
            self.line.rest(0.1);
        }
    }
}

/// From this key over so many keys, evenly.
pub(super) fn glide(key: f64, over: f64, frames: usize) -> Vec<f64> {
    (0..frames).map(|n| hertz(key + over * n as f64 / frames.max(2).saturating_sub(1) as f64)).collect()
}

/// The mean over so many frames around each.
pub(super) fn smooth(values: &[f64], over: usize) -> Vec<f64> {
    let last = values.len().saturating_sub(1) as isize;
    let at = |n: isize| values[n.clamp(0, last) as usize];
    let (over, half) = (over.max(1) as isize, over as isize / 2);
    let mut sum: f64 = (-half..over - half).map(at).sum();
    (0..values.len() as isize)
        .map(|n| {
            let mean = sum / over as f64;
            sum += at(n + over - half) - at(n - half);
            mean
        })
        .collect()
}

fn sine(pitch: &[f64]) -> Vec<f32> {
    phases(pitch).map(|turn| (0.25 * (TAU * turn).sin()) as f32).collect()
}

/// All harmonics below 20 kHz, k of them 1/k as strong: summed in closed form would alias, so one by one.
fn saw(pitch: &[f64]) -> Vec<f32> {
    let highest = |hertz: f64| (20_000.0 / hertz) as u32;
    let wave = |(turn, hertz): (f64, &f64)| {
        // Chebyshev: sin kx = 2 cos x · sin (k−1)x − sin (k−2)x.
        let (mut last, mut now) = (0.0, (TAU * turn).sin());
        let twice = 2.0 * (TAU * turn).cos();
        let mut sum = 0.0;
        for k in 1..=highest(*hertz) {
            sum += now / f64::from(k);
            (last, now) = (now, twice * now - last);
        }
        (0.15 * sum) as f32
    };
    phases(pitch).zip(pitch).map(wave).collect()
}

/// Where each sample stands in its cycle, 0 to 1.
fn phases(pitch: &[f64]) -> impl Iterator<Item = f64> {
    pitch.iter().scan(0.0, |turn: &mut f64, hertz| {
        *turn = (*turn + hertz / f64::from(RATE)).fract();
        Some(*turn)
    })
}
