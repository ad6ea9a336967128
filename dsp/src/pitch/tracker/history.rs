//! The newest samples, by their number since the beginning, as one slice.
//!
//! Start at [`History::around`]. What was before the beginning is silence.

/// Keeps the newest `keep` samples at least.
#[derive(Debug)]
pub(super) struct History {
    samples: Vec<f32>,
    keep: usize,
    /// How many of `samples` are filled.
    filled: usize,
    /// The number of the sample after the last.
    end: i64,
}

impl History {
    pub(super) fn new(keep: usize) -> Self {
        let mut history = Self { samples: vec![0.0; keep * 2 + 4_096], keep, filled: 0, end: 0 };
        history.reset();
        history
    }

    /// As if just made.
    pub(super) fn reset(&mut self) {
        self.samples.fill(0.0);
        (self.filled, self.end) = (self.keep, 0);
    }

    /// The number of the sample that comes next.
    pub(super) fn end(&self) -> i64 {
        self.end
    }

    pub(super) fn push(&mut self, sample: f32) {
        if self.filled == self.samples.len() {
            self.samples.copy_within(self.filled - self.keep.., 0);
            self.filled = self.keep;
        }
        self.samples[self.filled] = sample;
        self.filled += 1;
        self.end += 1;
    }

    /// The samples from `centre − reach` to `centre + reach`, both included. Empty if they are not all here.
    pub(super) fn around(&self, centre: i64, reach: usize) -> &[f32] {
        let first = centre - reach as i64 - (self.end - self.filled as i64);
        let Ok(first) = usize::try_from(first) else { return &[] };
        self.samples[..self.filled].get(first..=first + 2 * reach).unwrap_or(&[])
    }
}
