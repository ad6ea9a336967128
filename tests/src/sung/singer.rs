//! Singers who do not exist: a source of harmonics, exact in phase, through the formants of vowels.
//!
//! Start at [`Singer::numbered`]. Formants after the tables of a tenor in the Csound manual (appendix “Formant
//! values”); the resonances are those of a cascade (G. Fant, “Acoustic Theory of Speech Production”, 1960).

use std::f64::consts::TAU;

use super::chance::Chance;

/// Samples over which the strength of a harmonic moves in a straight line.
const BLOCK: usize = 64;
/// Above this there is only breath.
const BRIGHTEST: f64 = 11_500.0;
/// Hz between two points of an envelope.
const GRID: f64 = 5.0;
/// Centre and bandwidth in Hz of each formant of a vowel.
const FORMANTS: [[(f64, f64); 5]; 5] = [
    [(800.0, 80.0), (1150.0, 90.0), (2900.0, 120.0), (3900.0, 130.0), (4950.0, 140.0)],
    [(400.0, 60.0), (1700.0, 80.0), (2600.0, 100.0), (3200.0, 120.0), (4580.0, 120.0)],
    [(300.0, 50.0), (2000.0, 90.0), (2800.0, 100.0), (3600.0, 120.0), (4950.0, 120.0)],
    [(450.0, 60.0), (800.0, 80.0), (2830.0, 100.0), (3500.0, 120.0), (4950.0, 120.0)],
    [(325.0, 50.0), (700.0, 60.0), (2530.0, 170.0), (3500.0, 180.0), (4950.0, 200.0)],
];

/// What the mouth does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vowel {
    /// As in “father”.
    A,
    /// As in “bed”.
    E,
    /// As in “see”.
    I,
    /// As in “saw”.
    O,
    /// As in “soon”.
    U,
}

impl Vowel {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::A, Self::E, Self::I, Self::O, Self::U];
}

/// A voice.
#[derive(Debug, Clone)]
pub struct Singer {
    /// Frames a second of what is sung.
    pub rate: u32,
    /// How much shorter than a tenor's the throat is: formants lie as much higher.
    pub throat: f64,
    /// Harmonic k is k to the minus this in strength: 0.8 pressed, 2 flute-like.
    pub slope: f64,
    /// Noise beside the tone, as part of its level: 0.004 hardly any.
    pub breath: f64,
    /// Waves a second and cents to either side of the vibrato that this voice has by nature.
    pub vibrato: (f64, f64),
    /// Cents by which the pitch wanders, as throats do.
    pub wander: f64,
    /// The key (as MIDI counts) in the middle of the voice.
    pub middle: f64,
    pub(super) envelopes: Vec<Vec<f32>>,
}

impl Singer {
    /// A plain voice, as the set of `make_set.py` has it.
    #[must_use]
    pub fn plain(rate: u32) -> Self {
        Self::with(rate, 1.0, 1.2, 0.004)
    }

    /// The nth of any number of different people.
    #[must_use]
    pub fn numbered(rate: u32, number: u64) -> Self {
        let mut chance = Chance::named(number, "singer");
        let middle = chance.between(50.0, 72.0);
        let throat = 1.0 + (middle - 57.0) * 0.012 + chance.between(-0.04, 0.04);
        let slope = chance.between(0.9, 1.7);
        let breath = 0.002 * chance.between(0.0, 4.0).exp();
        let mut singer = Self::with(rate, throat, slope, breath);
        singer.vibrato = (chance.between(4.8, 6.8), chance.between(0.0, 60.0));
        singer.wander = chance.between(1.0, 6.0);
        singer.middle = middle;
        singer
    }

    fn with(rate: u32, throat: f64, slope: f64, breath: f64) -> Self {
        let envelopes = FORMANTS.iter().map(|formants| envelope(formants, throat)).collect();
        Self { rate, throat, slope, breath, vibrato: (5.5, 0.0), wander: 0.0, middle: 57.0, envelopes }
    }

    /// Sings this pitch (Hz in each sample) on a vowel: `level` × 0.4 in root mean square, with soft edges.
    #[must_use]
    pub fn sing(&self, pitch: &[f64], vowel: Vowel, level: f64, chance: &mut Chance) -> Vec<f32> {
        let mut samples = self.tone(pitch, vowel, chance.between(0.0, 1.0));
        let power: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
        let gain = level * 0.4 / ((power / samples.len().max(1) as f64).sqrt() + 1e-12);
        for sample in &mut samples {
            *sample = (f64::from(*sample) * gain + self.breath * level * chance.normal()) as f32;
        }
        soften(&mut samples, self.rate, 0.02, 0.03);
        samples
    }

    /// The harmonics alone, at no particular level. `turn` is where in its cycle it begins.
    fn tone(&self, pitch: &[f64], vowel: Vowel, mut turn: f64) -> Vec<f32> {
        let envelope = &self.envelopes[vowel as usize];
        let mut out = vec![0.0; pitch.len()];
        let brightest = BRIGHTEST.min(0.46 * f64::from(self.rate));
        for (out, pitch) in out.chunks_mut(BLOCK).zip(pitch.chunks(BLOCK)) {
            let (mut step, mut at) = ([[0.0_f32; BLOCK]; 2], [[0.0_f32; BLOCK]; 2]);
            for (n, hertz) in pitch.iter().enumerate() {
                turn = (turn + hertz / f64::from(self.rate)).fract();
                let (sine, cosine) = (TAU * turn).sin_cos();
                (step[0][n], step[1][n]) = (cosine as f32, sine as f32);
            }
            at[0].fill(1.0);
            let (first, last) = (pitch[0], pitch[pitch.len() - 1]);
            let harmonics = (brightest / first.min(last).max(20.0)) as u32;
            for k in 1..=harmonics {
                let k = f64::from(k);
                let strength = |hertz: f64| {
                    // Fades out below the limit, so that no harmonic begins with a click.
                    let edge = ((brightest - hertz * k) / (0.05 * brightest)).clamp(0.0, 1.0);
                    strength(envelope, hertz * k) * k.powf(-self.slope) * edge
                };
                add_harmonic(out, &step, &mut at, [strength(first), strength(last)], 0.37 * k * k);
            }
        }
        out
    }
}

/// Turns `at` by `step` and adds what it is now, `phase` further on, with a strength that moves from the first to the last.
fn add_harmonic(
    out: &mut [f32],
    step: &[[f32; BLOCK]; 2],
    at: &mut [[f32; BLOCK]; 2],
    strength: [f64; 2],
    phase: f64,
) {
    let (sine, cosine) = (phase.sin() as f32, phase.cos() as f32);
    let mut wave = [0.0_f32; BLOCK];
    let (first, rise) = (strength[0] as f32, ((strength[1] - strength[0]) / BLOCK as f64) as f32);
    let [at_re, at_im] = at;
    for n in 0..BLOCK {
        let (re, im) = (at_re[n], at_im[n]);
        at_re[n] = re * step[0][n] - im * step[1][n];
        at_im[n] = re * step[1][n] + im * step[0][n];
        wave[n] = (first + rise * n as f32) * (at_im[n] * cosine + at_re[n] * sine);
    }
    out.iter_mut().zip(&wave).for_each(|(out, wave)| *out += wave);
}

/// The gain of a vowel at each point of the grid, 1 at its strongest.
fn envelope(formants: &[(f64, f64); 5], throat: f64) -> Vec<f32> {
    let gain = |hertz: f64| {
        formants.iter().fold(1.0, |gain, (centre, width)| {
            let (centre, half) = (centre * throat, width * width / 4.0);
            let below = ((hertz - centre).powi(2) + half) * ((hertz + centre).powi(2) + half);
            gain * (centre * centre + half) / below.sqrt()
        })
    };
    let gains: Vec<f64> = (0..=4_800).map(|point| gain(f64::from(point) * GRID)).collect();
    let most = gains.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    gains.iter().map(|gain| (gain / most) as f32).collect()
}

/// An envelope between two points.
fn strength(envelope: &[f32], hertz: f64) -> f64 {
    let (point, part) = ((hertz / GRID) as usize, (hertz / GRID).fract());
    let at = |point: usize| f64::from(envelope[point.min(envelope.len() - 1)]);
    at(point) + (at(point + 1) - at(point)) * part
}

/// Fades the edges by half a cosine.
pub(super) fn soften(samples: &mut [f32], rate: u32, attack: f64, release: f64) {
    let rate = f64::from(rate);
    let gain = |n: usize, over: f64| 0.5 - 0.5 * (std::f64::consts::PI * (n as f64 / over).min(1.0)).cos();
    let last = samples.len();
    for (n, sample) in samples.iter_mut().enumerate() {
        *sample *= (gain(n, attack * rate) * gain(last - n, release * rate)) as f32;
    }
}
