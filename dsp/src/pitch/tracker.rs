//! The tracker: samples in, estimates out.
//!
//! Start at [`Tracker::push`].

use super::{Estimate, PitchError, PitchRange};

/// Follows the pitch of one voice. Allocates when it is made, never while it runs.
#[derive(Debug)]
pub struct Tracker {
    latency: f64,
}

impl Tracker {
    /// One whose estimates come while somebody sings, at most [`LIVE_LATENCY_SECONDS`](super::LIVE_LATENCY_SECONDS)
    /// after the moment of which they speak. `rate` in frames a second.
    ///
    /// # Errors
    /// When rate or range are not of voices.
    pub fn live(rate: u32, range: PitchRange) -> Result<Self, PitchError> {
        _ = (rate, range);
        Ok(Self { latency: super::LIVE_LATENCY_SECONDS })
    }

    /// One that may look ahead, for what is recorded. It needs no more memory for hours than for seconds.
    ///
    /// # Errors
    /// When rate or range are not of voices.
    pub fn whole(rate: u32, range: PitchRange) -> Result<Self, PitchError> {
        Self::live(rate, range)
    }

    /// Takes mono samples, any number at a time, and gives the estimates that are due, in order. NaN and infinities count
    /// as silence.
    pub fn push(&mut self, samples: &[f32], give: &mut dyn FnMut(Estimate)) {
        _ = (samples, give);
    }

    /// Gives what is left, up to the last sample, as if silence followed. Then it begins anew, as if just made.
    pub fn finish(&mut self, give: &mut dyn FnMut(Estimate)) {
        _ = give;
    }

    /// Seconds after a moment at which its estimate comes at the latest.
    #[must_use]
    pub fn latency(&self) -> f64 {
        self.latency
    }
}
