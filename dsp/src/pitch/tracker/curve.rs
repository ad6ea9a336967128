//! The measure between the samples: a curve through its values, and where that is highest.
//!
//! Start at [`Curve::top`].

use std::f32::consts::PI;

/// Steps between two samples at which the curve is looked at.
const STEPS: usize = 8;
/// Samples on either side that it is drawn from.
pub(super) const SIDE: usize = 6;
/// As far from a lag as its top is looked for, in samples.
pub(super) const FARTHEST: usize = 4;
/// As many values as that may take.
pub(super) const MOST: usize = 2 * (FARTHEST + SIDE);

/// Draws it, by windowed sincs.
#[derive(Debug)]
pub(super) struct Curve {
    /// For each sample that it is drawn from, what that counts for at each step.
    kernels: [[f32; STEPS]; 2 * SIDE],
}

/// A peak.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Top {
    pub(super) lag: f32,
    pub(super) likeness: f32,
    /// How sharply it is bent there, per sample squared.
    pub(super) bend: f32,
}

impl Curve {
    pub(super) fn new() -> Self {
        let weight = |tap, step| sinc(tap as f32 + 1.0 - SIDE as f32 - step as f32 / STEPS as f32);
        Self { kernels: std::array::from_fn(|tap| std::array::from_fn(|step| weight(tap, step))) }
    }

    /// How many values `top` needs before and from `lag` on, so that it is looked for within `within` samples of it.
    pub(super) const fn reach(within: usize) -> (usize, usize) {
        (within + SIDE - 1, within + SIDE + 1)
    }

    /// Where within so many samples of `lag` the curve through `values` is highest: those of the lags about it, as many as
    /// [`reach`](Self::reach) tells, for `within` of 1 to [`FARTHEST`].
    pub(super) fn top(&self, values: &[f32], lag: usize, within: usize) -> Top {
        // All steps from one sample to the next side by side.
        let mut drawn = [0.0_f32; 2 * FARTHEST * STEPS + STEPS];
        for (whole, drawn) in drawn.chunks_exact_mut(STEPS).take(2 * within + 1).enumerate() {
            for (kernel, value) in self.kernels.iter().zip(values.get(whole..).unwrap_or(&[])) {
                for (drawn, kernel) in drawn.iter_mut().zip(kernel) {
                    *drawn += kernel * value;
                }
            }
        }
        let middle = within * STEPS;
        let (mut best, mut highest) = (middle, f32::MIN);
        for step in (1..2 * middle).step_by(2) {
            if drawn[step] > highest {
                (best, highest) = (step, drawn[step]);
            }
        }
        let (before, after) = (drawn[best - 1], drawn[best + 1]);
        let bend = 2.0 * highest - before - after;
        let best = best as f32 - middle as f32;
        if bend <= 0.0 {
            return Top { lag: lag as f32 + best / STEPS as f32, likeness: highest.min(1.0), bend: 0.0 };
        }
        let offset = (0.5 * (after - before) / bend).clamp(-1.0, 1.0);
        Top {
            lag: lag as f32 + (best + offset) / STEPS as f32,
            likeness: (highest + 0.25 * (after - before) * offset).min(1.0),
            bend: bend * (STEPS * STEPS) as f32,
        }
    }
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
