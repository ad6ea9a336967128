//! How like itself the signal is, one lag later: the normalised square difference over all lags.
//!
//! Start at [`Lags::load`]. After McLeod and Wyvill, “A smarter way to find pitch” (ICMC 2005): 1 where both segments
//! are the same, 0 where they have nothing in common; but both segments lie about the moment, a lag apart, and their
//! length grows with the lag, so that a high voice is judged over a shorter time than a low one. (de Cheveigné and
//! Kawahara's YIN, JASA 2002, minimises the same difference.)

use super::front::dot;

/// Segments are this many lags long,
const PERIODS: f64 = 2.0;
/// but not shorter than this (seconds)
const SHORTEST: f64 = 0.012;
/// nor longer than this.
const LONGEST: f64 = 0.015;

/// The measure and its memory.
#[derive(Debug)]
pub(super) struct Lags {
    windows: Vec<usize>,
    span: Vec<f32>,
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
        Self {
            span: vec![0.0; 2 * reach + 1],
            squares: vec![0.0; 2 * reach + 2],
            values: vec![0.0; windows.len()],
            windows,
            reach,
        }
    }

    /// Samples on either side of the moment that are looked at.
    pub(super) fn reach(&self) -> usize {
        self.reach
    }

    /// Takes in the `2 · reach + 1` samples about a moment. `floor` is the square of a sample below which everything is
    /// silence. False if they are not as many.
    pub(super) fn load(&mut self, span: &[f32], floor: f64) -> bool {
        if span.len() != self.span.len() {
            return false;
        }
        self.span.copy_from_slice(span);
        let mut sum = 0.0;
        for (square, sample) in self.squares[1..].iter_mut().zip(span) {
            sum += f64::from(*sample) * f64::from(*sample) + floor;
            *square = sum;
        }
        true
    }

    /// Where the first of two segments `window` long, `lag` apart, begins, if they lie about the moment.
    pub(super) fn begin(&self, lag: usize, window: usize) -> usize {
        self.reach.saturating_sub((window + lag) / 2)
    }

    /// The measure, from −1 to 1, of two segments `window` long, `lag` apart, the first at `a`. 0 beyond the span.
    pub(super) fn at(&self, a: usize, lag: usize, window: usize) -> f32 {
        let b = a + lag;
        if window == 0 || b + window > self.span.len() {
            return 0.0;
        }
        let energy = self.squares[a + window] - self.squares[a] + self.squares[b + window] - self.squares[b];
        let product = dot(&self.span[a..a + window], &self.span[b..b + window]);
        (2.0 * f64::from(product) / energy) as f32
    }

    /// The measure by lag.
    pub(super) fn measure(&mut self) -> &[f32] {
        for lag in 0..self.windows.len() {
            self.values[lag] = self.at(self.begin(lag, self.windows[lag]), lag, self.windows[lag]);
        }
        &self.values
    }

    /// The mean square over the samples within `reach` of the moment.
    pub(super) fn power(&self, reach: usize) -> f64 {
        let reach = reach.min(self.reach);
        let (from, to) = (self.reach - reach, self.reach + reach + 1);
        (self.squares[to] - self.squares[from]) / (to - from) as f64
    }
}
