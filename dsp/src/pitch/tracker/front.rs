//! What comes before the search: silence for what is no number, a rate of some 12,000, no DC, upper partials raised.
//!
//! Start at [`Front::take`]. The filter before the lower rate has linear phase and its delay is counted, so that sample
//! j of what comes out speaks of the moment `j · decimation / rate` exactly.

use std::f64::consts::{PI, TAU};

/// Samples a second that the search works at, about.
const AIM: u32 = 12_000;
/// Of the filter before the lower rate, on either side of its centre, in samples of the lower rate.
const REACH: usize = 8;
/// Above this a sample is not sound but an accident; held here so that squares stay finite.
const LOUDEST: f32 = 16.0;
/// Below this (Hz) there is no voice: DC and rumble go.
const RUMBLE: f64 = 20.0;
/// From here (Hz) partials are raised by 6 dB an octave: a voice's fall by as much, and so does most noise.
const TILT: f64 = 3_000.0;

/// Inputs that are taken before the newest are moved to the front of their buffer.
const ROOM: usize = 4_096;

/// Input in, analysis signal out.
#[derive(Debug)]
pub(super) struct Front {
    decimation: usize,
    taps: Vec<f32>,
    /// The newest inputs, at least as many as there are taps,
    line: Vec<f32>,
    /// up to here.
    filled: usize,
    /// Inputs until the next sample comes out.
    wait: usize,
    rumble: f32,
    tilt: f32,
    before: f32,
    steady: f32,
    steady_before: f32,
}

impl Front {
    /// For input of this rate.
    pub(super) fn new(rate: u32) -> Self {
        let decimation = ((rate + AIM / 2) / AIM).max(1) as usize;
        let lower = f64::from(rate) / decimation as f64;
        let taps = low_pass(decimation);
        Self {
            decimation,
            line: vec![0.0; taps.len() * 2 + ROOM],
            filled: taps.len(),
            wait: taps.len() / 2 + 1,
            rumble: (-TAU * RUMBLE / lower).exp() as f32,
            tilt: (-TAU * TILT / lower).exp() as f32,
            before: 0.0,
            steady: 0.0,
            steady_before: 0.0,
            taps,
        }
    }

    /// Inputs for each sample that comes out.
    pub(super) fn decimation(&self) -> usize {
        self.decimation
    }

    /// Inputs after its moment until a sample comes out.
    pub(super) fn delay(&self) -> usize {
        self.taps.len() / 2
    }

    /// As if just made.
    pub(super) fn reset(&mut self) {
        self.line.fill(0.0);
        (self.filled, self.wait) = (self.taps.len(), self.taps.len() / 2 + 1);
        (self.before, self.steady, self.steady_before) = (0.0, 0.0, 0.0);
    }

    /// Takes inputs up to the one with which a sample of the lower rate is due: how many, and that sample.
    pub(super) fn take(&mut self, samples: &[f32]) -> (usize, Option<f32>) {
        let (length, count) = (self.taps.len(), samples.len().min(self.wait));
        if self.filled + count > self.line.len() {
            self.line.copy_within(self.filled - length..self.filled, 0);
            self.filled = length;
        }
        for (cell, sample) in self.line[self.filled..].iter_mut().zip(&samples[..count]) {
            *cell = if sample.is_finite() { sample.clamp(-LOUDEST, LOUDEST) } else { 0.0 };
        }
        self.filled += count;
        self.wait -= count;
        if self.wait > 0 {
            return (count, None);
        }
        self.wait = self.decimation;
        let low = dot(&self.line[self.filled - length..self.filled], &self.taps);
        (count, Some(self.shape(low)))
    }

    /// Takes DC and rumble away and raises the upper partials.
    fn shape(&mut self, sample: f32) -> f32 {
        let steady = sample - self.before + self.rumble * self.steady;
        self.before = sample;
        // A tail that decays for ever would become denormal, which is slow.
        self.steady = if steady.abs() < 1e-15 { 0.0 } else { steady };
        let raised = self.steady - self.tilt * self.steady_before;
        self.steady_before = self.steady;
        raised
    }
}

/// The low-pass before the lower rate: a sinc under Blackman's window. One tap of 1 if the rate stays.
fn low_pass(decimation: usize) -> Vec<f32> {
    if decimation == 1 {
        return vec![1.0];
    }
    let half = (REACH * decimation) as f64;
    let cutoff = 0.36 / decimation as f64;
    let taps: Vec<f64> = (0..=2 * REACH * decimation)
        .map(|n| {
            let x = n as f64 - half;
            let sinc = if x == 0.0 { 2.0 * cutoff } else { (TAU * cutoff * x).sin() / (PI * x) };
            let turn = PI * (x / (half + 1.0) + 1.0);
            sinc * (0.42 - 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos())
        })
        .collect();
    let sum: f64 = taps.iter().sum();
    taps.iter().map(|tap| (tap / sum) as f32).collect()
}

/// Σ a · b, in eight lanes so that it is computed in vectors.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (a, b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    lanes.iter().sum::<f32>() + rest
}
