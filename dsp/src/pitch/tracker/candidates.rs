//! The lags that might be the period: the best few peaks of the measure, between the samples.
//!
//! Start at [`Peaks::find`].

use super::curve::{Curve, SIDE};

/// Candidates of one moment.
pub(super) const MOST: usize = 10;
/// Peaks lower than this are no candidates.
const LOWEST: f32 = 0.25;

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
    curve: Curve,
    rate: f32,
    found: Vec<Candidate>,
}

impl Peaks {
    /// `rate`: of the samples that lags are counted in.
    pub(super) fn new(rate: f64) -> Self {
        Self { curve: Curve::new(), rate: rate as f32, found: Vec::with_capacity(MOST + 1) }
    }

    /// The best peaks of the measure by lag, the best first by `likeness` less a little for long lags.
    pub(super) fn find(&mut self, measure: &[f32], shortest: usize) -> &[Candidate] {
        self.found.clear();
        for lag in shortest.max(2)..measure.len().saturating_sub(SIDE + 1) {
            let here = measure[lag];
            if here > LOWEST && here > measure[lag - 1] && here >= measure[lag + 1] {
                let (before, _) = Curve::reach(1);
                let about: [f32; 2 * (SIDE + 1)] = std::array::from_fn(|n| {
                    // The measure is the same for a lag back in time.
                    measure.get((lag + n).abs_diff(before)).copied().unwrap_or(0.0)
                });
                let top = self.curve.top(&about, lag, 1);
                let (lag, likeness) = (top.lag, top.likeness);
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
}
