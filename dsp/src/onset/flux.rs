//! By how much the bands of the spectrum have become louder.

use std::collections::VecDeque;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// Seconds that one look takes in.
const WINDOW: f64 = 0.04;
/// Looks between the two that are compared: 10 ms.
const LAG: usize = 2;
/// The lowest and the highest band, in Hz.
const BANDS: std::ops::Range<f64> = 80.0..8_000.0;
/// Bands an octave, where the spectrum is fine enough.
const AN_OCTAVE: f64 = 24.0;
/// What is quieter than this, as amplitude, is silence: −100 dB.
const FLOOR: f32 = 1e-5;

/// The spectrum now and a little before.
pub(super) struct Flux {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    /// The newest samples, as many as the window has.
    samples: VecDeque<f32>,
    shaped: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    /// The first bin of each band; the last entry is the end of the last band.
    edges: Vec<usize>,
    /// Levels of the bands in dB, the oldest look first.
    before: VecDeque<Vec<f32>>,
}

impl std::fmt::Debug for Flux {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Flux").field("window", &self.window.len()).finish_non_exhaustive()
    }
}

impl Flux {
    pub(super) fn new(rate: f64) -> Self {
        let length = ((WINDOW * rate) as usize).next_power_of_two().max(16);
        let fft = RealFftPlanner::new().plan_fft_forward(length);
        let turn = std::f32::consts::TAU / length as f32;
        let window: Vec<f32> = (0..length).map(|n| 0.5 - 0.5 * (turn * n as f32).cos()).collect();
        let bin = |hertz: f64| ((hertz * length as f64 / rate).round() as usize).clamp(1, length / 2);
        let steps = ((BANDS.end / BANDS.start).log2() * AN_OCTAVE) as i32;
        let mut edges: Vec<usize> =
            (0..=steps).map(|step| bin(BANDS.start * (f64::from(step) / AN_OCTAVE).exp2())).collect();
        edges.dedup();
        Self {
            shaped: fft.make_input_vec(),
            spectrum: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            samples: VecDeque::from(vec![0.0; length]),
            before: VecDeque::new(),
            fft,
            window,
            edges,
        }
    }

    /// Samples on either side of the moment that a look is of.
    pub(super) fn reach(&self) -> usize {
        self.window.len() / 2
    }

    pub(super) fn push(&mut self, sample: f32) {
        self.samples.pop_front();
        self.samples.push_back(sample);
    }

    /// The mean rise of the bands since two looks ago, in dB; falls count as nothing.
    pub(super) fn look(&mut self) -> f32 {
        let shaped = self.samples.iter().zip(&self.window).map(|(sample, window)| sample * window);
        self.shaped.iter_mut().zip(shaped).for_each(|(to, from)| *to = from);
        // The lengths are those that the plan itself gave.
        if self.fft.process_with_scratch(&mut self.shaped, &mut self.spectrum, &mut self.scratch).is_err() {
            return 0.0;
        }
        let scale = 4.0 / self.window.len() as f32;
        let level = |band: &[usize]| {
            let bins = &self.spectrum[band[0]..band[1]];
            let loudest = bins.iter().map(Complex::norm_sqr).fold(0.0, f32::max);
            20.0 * (loudest.sqrt() * scale + FLOOR).log10()
        };
        let now: Vec<f32> = self.edges.windows(2).map(level).collect();
        let flux =
            self.before.front().filter(|_| self.before.len() == LAG).map_or(0.0, |then| rise(then, &now));
        self.before.push_back(now);
        if self.before.len() > LAG {
            self.before.pop_front();
        }
        flux
    }
}

/// The mean over the bands of how much louder each is than it and its neighbours were.
fn rise(then: &[f32], now: &[f32]) -> f32 {
    let around = |band: usize| {
        let (from, to) = (band.saturating_sub(1), (band + 2).min(then.len()));
        then[from..to].iter().copied().fold(f32::NEG_INFINITY, f32::max)
    };
    let sum: f32 = now.iter().enumerate().map(|(band, level)| (level - around(band)).max(0.0)).sum();
    sum / now.len().max(1) as f32
}
