//! The measure between the samples: a curve through its values, and where that is highest.
//!
//! Start at [`Curve::top`].

use std::f32::consts::PI;

/// Steps between two samples at which the curve is looked at.
const STEPS: i32 = 8;
/// Samples on either side that it is drawn from.
pub(super) const SIDE: usize = 6;

/// Draws it, by windowed sincs.
#[derive(Debug)]
pub(super) struct Curve {
    kernels: [[f32; 2 * SIDE]; STEPS as usize],
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
        let kernel = |step| {
            std::array::from_fn(|tap| sinc(tap as f32 + 1.0 - SIDE as f32 - step as f32 / STEPS as f32))
        };
        Self { kernels: std::array::from_fn(kernel) }
    }

    /// Where within `within` samples of `lag` the curve through `value` is highest.
    pub(super) fn top(&self, value: impl Fn(i32) -> f32, lag: i32, within: i32) -> Top {
        let between = |step: i32| {
            let (whole, part) = (lag + step.div_euclid(STEPS), step.rem_euclid(STEPS));
            let taps = (whole + 1 - SIDE as i32..).map(&value);
            self.kernels[part as usize].iter().zip(taps).map(|(kernel, tap)| kernel * tap).sum::<f32>()
        };
        let (mut best, mut highest) = (0, f32::MIN);
        for step in (-within * STEPS + 1..within * STEPS).step_by(2) {
            let here = between(step);
            if here > highest {
                (best, highest) = (step, here);
            }
        }
        let (before, after) = (between(best - 1), between(best + 1));
        let bend = 2.0 * highest - before - after;
        if bend <= 0.0 {
            return Top {
                lag: lag as f32 + best as f32 / STEPS as f32,
                likeness: highest.min(1.0),
                bend: 0.0,
            };
        }
        let offset = (0.5 * (after - before) / bend).clamp(-1.0, 1.0);
        Top {
            lag: lag as f32 + (best as f32 + offset) / STEPS as f32,
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
