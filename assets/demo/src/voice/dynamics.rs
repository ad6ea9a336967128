//! A compressor, feed-forward, for the level of a voice.

use crate::units::{Hertz, Seconds};

/// Holds what is above a threshold nearer to it.
#[derive(Debug)]
pub(crate) struct Compressor {
    threshold: f32,
    slope: f32,
    attack: f32,
    release: f32,
    level: f32,
}

impl Compressor {
    /// `threshold` as a linear gain; `ratio` of input to output steps above it, in decibels.
    pub(crate) fn new(threshold: f32, ratio: f32, attack: Seconds, release: Seconds, rate: Hertz) -> Self {
        Self {
            threshold,
            slope: 1.0 / ratio - 1.0,
            attack: attack.decay(rate),
            release: release.decay(rate),
            level: 0.0,
        }
    }

    pub(crate) fn process(&mut self, sample: f32) -> f32 {
        let now = sample.abs();
        let keep = if now > self.level { self.attack } else { self.release };
        self.level = now + keep * (self.level - now);
        if self.level > self.threshold {
            sample * (self.level / self.threshold).powf(self.slope)
        } else {
            sample
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red when `slope` was `1 / ratio`.
    #[test]
    fn twelve_decibels_over_become_four() {
        let fast = Seconds(0.0001);
        let mut compressor = Compressor::new(0.1, 3.0, fast, Seconds(0.1), Hertz(48_000.0));
        let out = (0..4_800).map(|_| compressor.process(0.4)).last().unwrap();
        assert!((20.0 * (out / 0.1f32).log10() - 4.0).abs() < 0.1, "{out}");
    }
}
