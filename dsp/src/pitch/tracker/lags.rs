//! How like itself the signal is, one lag later: the normalised square difference over all lags.
//!
//! Start at [`Lags::measure`]. After McLeod and Wyvill, “A smarter way to find pitch” (ICMC 2005): 1 where both segments
//! are the same, 0 where they have nothing in common; but both segments lie about the moment, a lag apart, and their
//! length grows with the lag, so that a high voice is judged over a shorter time than a low one. (de Cheveigné and
//! Kawahara's YIN, JASA 2002, minimises the same difference.)

use super::front::dot;

/// Segments are this many lags long,
const PERIODS: f64 = 2.0;
/// but not shorter than this (seconds)
const SHORTEST: f64 = 0.012;
/// nor longer than this.
const LONGEST: f64 = 0.018;

/// The measure and its memory.
#[derive(Debug)]
pub(super) struct Lags {
    windows: Vec<usize>,
    /// Sums of squares from the beginning of the span.
    squares: Vec<f64>,
    values: Vec<f32>,
    reach: usize,
}

impl Lags {
    /// For lags up to `highest` samples at `rate`.
    pub(super) fn new(rate: f64, highest: usize) -> Self {
        let windows: Vec<usize> = (0..=highest)
            .map(|lag| (PERIODS * lag as f64).clamp(SHORTEST * rate, LONGEST * rate).round() as usize)
            .collect();
        let reach = windows.iter().enumerate().map(|(lag, window)| (window + lag).div_ceil(2)).max();
        let reach = reach.unwrap_or(0);
        Self { squares: vec![0.0; 2 * reach + 2], values: vec![0.0; windows.len()], windows, reach }
    }

    /// Samples on either side of the moment that are looked at.
    pub(super) fn reach(&self) -> usize {
        self.reach
    }

    /// Measures all lags in the `2 · reach + 1` samples about a moment. `floor` is the square of a sample below which
    /// everything is silence. Returns the measure, from −1 to 1, by lag.
    pub(super) fn measure(&mut self, span: &[f32], floor: f64) -> &[f32] {
        if span.len() != 2 * self.reach + 1 {
            self.values.fill(0.0);
            return &self.values;
        }
        let mut sum = 0.0;
        for (square, sample) in self.squares[1..].iter_mut().zip(span) {
            sum += f64::from(*sample) * f64::from(*sample);
            *square = sum;
        }
        for (lag, (value, &window)) in self.values.iter_mut().zip(&self.windows).enumerate() {
            let a = self.reach - (window + lag) / 2;
            let b = a + lag;
            let energy =
                self.squares[a + window] - self.squares[a] + self.squares[b + window] - self.squares[b];
            let product = dot(&span[a..a + window], &span[b..b + window]);
            *value = (2.0 * f64::from(product) / (energy + 2.0 * floor * window as f64)) as f32;
        }
        &self.values
    }
}
