//! The lags that might be the period: the best few peaks of the measure, between the samples.
//!
//! Start at [`Peaks::find`].

use std::f32::consts::PI;

/// Candidates of one moment.
pub(super) const MOST: usize = 10;
/// Peaks lower than this are no candidates.
const LOWEST: f32 = 0.25;
/// Steps between two samples at which the measure is interpolated.
const STEPS: usize = 8;
/// Samples on either side that the interpolation uses.
const SIDE: usize = 6;

/// A lag that might be the period.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Candidate {
    /// In samples of the lower rate.
    pub(super) lag: f32,
    /// The logarithm, base 2, of the frequency in Hz.
    pub(super) octave: f32,
    /// The measure, up to 1.
    pub(super) likeness: f32,
}

/// Finds peaks.
#[derive(Debug)]
pub(super) struct Peaks {
    kernels: Vec<[f32; 2 * SIDE]>,
    rate: f32,
    found: Vec<Candidate>,
}

impl Peaks {
    /// `rate`: of the samples that lags are counted in.
    pub(super) fn new(rate: f64) -> Self {
        let kernels = (0..STEPS)
            .map(|step| {
                let part = step as f32 / STEPS as f32;
                std::array::from_fn(|tap| sinc(tap as f32 - (SIDE as f32 - 1.0) - part))
            })
            .collect();
        Self { kernels, rate: rate as f32, found: Vec::with_capacity(MOST + 1) }
    }

    /// The best peaks of the measure by lag, the best first by `likeness` less a little for long lags.
    pub(super) fn find(&mut self, measure: &[f32], shortest: usize) -> &[Candidate] {
        self.found.clear();
        for lag in shortest.max(2)..measure.len().saturating_sub(SIDE + 1) {
            let here = measure[lag];
            if here > LOWEST && here > measure[lag - 1] && here >= measure[lag + 1] {
                let (lag, likeness) = self.between(measure, lag);
                self.keep(Candidate { lag, octave: (self.rate / lag).log2(), likeness });
            }
        }
        &self.found
    }

    fn keep(&mut self, candidate: Candidate) {
        let worth = |c: &Candidate| c.likeness + 0.05 * c.octave;
        let at = self.found.partition_point(|kept| worth(kept) >= worth(&candidate));
        if at < MOST {
            self.found.truncate(MOST - 1);
            self.found.insert(at, candidate);
        }
    }

    /// Where about `lag` the measure is highest, and how high.
    fn between(&self, measure: &[f32], lag: usize) -> (f32, f32) {
        let value = |step: i32| {
            let place = lag as i32 * STEPS as i32 + step;
            let (whole, part) = (place.div_euclid(STEPS as i32), place.rem_euclid(STEPS as i32));
            let kernel = &self.kernels[part as usize];
            let first = whole - (SIDE as i32 - 1);
            // The measure is the same for a negative lag.
            let tap =
                |n: usize| measure.get((first + n as i32).unsigned_abs() as usize).copied().unwrap_or(0.0);
            (0..2 * SIDE).map(|n| kernel[n] * tap(n)).sum::<f32>()
        };
        let (mut best, mut top) = (0, f32::MIN);
        let around = -(STEPS as i32) + 1..STEPS as i32;
        for step in around.step_by(2) {
            let value = value(step);
            if value > top {
                (best, top) = (step, value);
            }
        }
        let (before, after) = (value(best - 1), value(best + 1));
        let (offset, top) = parabola(before, top, after);
        (lag as f32 + (best as f32 + offset) / STEPS as f32, top.min(1.0))
    }
}

/// Where between −1 and 1 a parabola through three points is highest, and how high.
fn parabola(before: f32, here: f32, after: f32) -> (f32, f32) {
    let bend = before - 2.0 * here + after;
    if bend >= 0.0 {
        return (0.0, here);
    }
    let offset = (0.5 * (before - after) / bend).clamp(-1.0, 1.0);
    (offset, here - 0.25 * (before - after) * offset)
}

/// A sinc under a cosine window `SIDE` samples wide on either side.
fn sinc(x: f32) -> f32 {
    if x.abs() < 1e-6 {
        return 1.0;
    }
    if x.abs() >= SIDE as f32 {
        return 0.0;
    }
    (PI * x).sin() / (PI * x) * (0.5 + 0.5 * (PI * x / SIDE as f32).cos())
}
