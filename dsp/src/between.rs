//! What a signal is between its samples: windowed sinc of 32 taps, for streams whose clocks differ by a hair.
//!
//! At a sample it is that sample, to the bit, so that a stream may pass into interpolation and out of it without a
//! trace. For rates that differ by less than a thousandth nothing has to be filtered away. (For other rates see
//! [`crate::stream_rate`].) Kaiser window, β = 9: flat to 0.01 dB up to three quarters of half the rate. J. O. Smith,
//! Digital Audio Resampling (CCRMA). Start at [`Between::weights`]. Real-time safe but for [`Between::new`].

/// Samples that a value between two of them is made of.
pub const TAPS: usize = 32;
/// Of these so many lie after the place.
pub const AFTER: usize = TAPS / 2;
/// Places between two samples that are in the table; a line joins their weights.
const PHASES: usize = 1_024;
const BETA: f64 = 9.0;

/// The table of weights.
#[derive(Debug)]
pub struct Between {
    // PHASES + 1 rows.
    rows: Box<[[f32; TAPS]]>,
}

impl Between {
    /// Not real-time safe.
    #[must_use]
    pub fn new() -> Self {
        Self { rows: (0..=PHASES).map(row).collect() }
    }

    /// Weights of the samples around a place `fraction` (0 to 1) after a sample: that sample is number `TAPS - AFTER - 1`
    /// of them.
    #[must_use]
    pub fn weights(&self, fraction: f64) -> [f32; TAPS] {
        let at = fraction.clamp(0.0, 1.0) * PHASES as f64;
        let row = (at as usize).min(PHASES - 1);
        let part = (at - row as f64) as f32;
        let (near, far) = (&self.rows[row], &self.rows[row + 1]);
        std::array::from_fn(|tap| near[tap] * (1.0 - part) + far[tap] * part)
    }
}

impl Default for Between {
    fn default() -> Self {
        Self::new()
    }
}

/// The value that `weights` make of as many samples.
#[must_use]
pub fn weigh(weights: &[f32; TAPS], samples: &[f32]) -> f32 {
    weights.iter().zip(samples).map(|(weight, sample)| weight * sample).sum()
}

fn row(phase: usize) -> [f32; TAPS] {
    let centre = (TAPS - AFTER - 1) as f64 + phase as f64 / PHASES as f64;
    std::array::from_fn(|tap| {
        let distance = tap as f64 - centre;
        if distance == 0.0 {
            return 1.0;
        }
        if phase.is_multiple_of(PHASES) {
            return 0.0; // exactly, not sin(π) almost
        }
        let angle = std::f64::consts::PI * distance;
        let edge = 1.0 - (distance / AFTER as f64).powi(2);
        let window = if edge > 0.0 { bessel(BETA * edge.sqrt()) / bessel(BETA) } else { 0.0 };
        (angle.sin() / angle * window) as f32
    })
}

/// Modified Bessel function of the first kind, order 0.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..40 {
        term *= (x / 2.0 / f64::from(k)).powi(2);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_a_sample_it_is_that_sample_and_between_it_is_the_sine() {
        let between = Between::new();
        let sine = |at: f64, hertz: f64| (std::f64::consts::TAU * hertz * at / 48_000.0).sin();
        for (hertz, least) in [(440.0, 1e-4), (5_000.0, 1e-4), (15_000.0, 1e-3)] {
            let samples: Vec<f32> = (0..200).map(|at| sine(f64::from(at), hertz) as f32).collect();
            for step in 0..1_000 {
                let place = 50.0 + f64::from(step) * 0.0637;
                let first = place as usize + 1 + AFTER - TAPS;
                let value = weigh(&between.weights(place.fract()), &samples[first..]);
                let error = (f64::from(value) - sine(place, hertz)).abs();
                assert!(error < least, "{hertz} Hz at {place}: off by {error}");
            }
            let weights = between.weights(0.0);
            assert_eq!(weigh(&weights, &samples[40..]), samples[40 + TAPS - AFTER - 1]);
        }
    }
}
