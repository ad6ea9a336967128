//! How the input's clock stands to the output's: a straight line through time stamps that jitter.
//!
//! While it is young each stamp counts as much as those before (the least-squares line); later it forgets, over some
//! seconds, so that it follows a clock that warms up. An alpha-beta filter of growing, then fading memory (Kalata, "The
//! tracking index", IEEE AES 1984; for sound cards F. Adriaensen, "Using a DLL to filter time", LAC 2005). Start at
//! [`Clock::note`]. Real-time safe.

/// Seconds over which it forgets.
const MEMORY: f64 = 6.0;
/// A stamp further off than this is not jitter, if the next ones say the same.
const JUMP_SECONDS: f64 = 0.03;
/// So many in a row.
const JUMPS: u32 = 3;

/// A line through the time stamps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    rate: f64,
    notes: u32,
    outliers: u32,
    // Output frame of the last note, input frames less output frames there, and their change per frame.
    at: u64,
    ahead: f64,
    slope: f64,
}

/// What a note was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noted {
    /// On the line, or near.
    Steady,
    /// Nowhere near, for the third time: the line begins anew here.
    Jumped,
}

impl Clock {
    pub(super) fn new(rate: u32) -> Self {
        Self { rate: f64::from(rate.max(1)), notes: 0, outliers: 0, at: 0, ahead: 0.0, slope: 0.0 }
    }

    /// Notes that input frame `input` is captured while output frame `output` is heard.
    pub(super) fn note(&mut self, output: u64, input: f64) -> Noted {
        let ahead = input - output as f64;
        if self.notes == 0 {
            (self.notes, self.at, self.ahead, self.slope) = (1, output, ahead, 0.0);
            return Noted::Steady;
        }
        let frames = output.saturating_sub(self.at) as f64;
        if frames <= 0.0 {
            return Noted::Steady;
        }
        let expected = self.ahead + self.slope * frames;
        let off = ahead - expected;
        if off.abs() > JUMP_SECONDS * self.rate {
            self.outliers += 1;
            if self.outliers >= JUMPS {
                *self = Self { notes: 1, outliers: 0, at: output, ahead, ..*self };
                return Noted::Jumped;
            }
            return Noted::Steady;
        }
        self.outliers = 0;
        self.notes = self.notes.saturating_add(1);
        let count = f64::from(self.notes);
        let fading = (-frames / self.rate / MEMORY).exp();
        let alpha = (2.0 * (2.0 * count - 1.0) / (count * (count + 1.0))).max(1.0 - fading * fading);
        let beta = (6.0 / (count * (count + 1.0))).max((1.0 - fading).powi(2));
        self.at = output;
        self.ahead = expected + alpha * off;
        self.slope += beta * off / frames;
        Noted::Steady
    }

    /// The input frame that is captured while output frame `output` is heard.
    pub(super) fn input_at(&self, output: u64) -> f64 {
        let frames = output as f64 - self.at as f64;
        output as f64 + self.ahead + self.slope * frames
    }

    /// Input frames per output frame, less one.
    pub(super) fn slope(&self) -> f64 {
        self.slope
    }
}
