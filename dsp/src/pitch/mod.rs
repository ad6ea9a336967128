//! Pitch of one voice: which note is sung, how far beside it, and how sure that is.
//!
//! Lives here: the tracker ([`Tracker`]: live, or over a whole take), the notes found in its curve ([`notes`]), and
//! their names ([`tuning`]). Start at [`Tracker::push`]. Nothing here is for the audio thread: a worker feeds it from a
//! ring.

pub mod notes;
mod tracker;
pub mod tuning;

pub use tracker::Tracker;

use crate::units::Hertz;

/// Estimates a second. Estimate k speaks of the moment k / 200 s, exactly.
pub const ESTIMATES_A_SECOND: u32 = 200;

/// Version of what [`Tracker::whole`] gives: raised when a curve of the same audio would differ, so that stored curves
/// are made anew.
pub const TRACKER_VERSION: u32 = 1;

/// How a live tracker's estimates lag behind what came in: an estimate for the moment `t` depends on nothing that came
/// in later than `t` plus this.
pub const LIVE_LATENCY_SECONDS: f64 = 0.030;

/// Frequencies that a tracker looks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PitchRange {
    /// The lowest that is told.
    pub lowest: Hertz,
    /// The highest that is told.
    pub highest: Hertz,
}

impl Default for PitchRange {
    /// What people sing: E2 to C6, with room for two semitones beyond both, as people also sing flat and sharp.
    fn default() -> Self {
        Self { lowest: Hertz(73.0), highest: Hertz(1_180.0) }
    }
}

/// What is known of the pitch at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Estimate {
    /// Its number since the tracker began: it speaks of the moment `number / ESTIMATES_A_SECOND` seconds.
    pub number: u64,
    /// Hz; 0 where there is not even a guess. Of an unvoiced moment a guess, or 0.
    pub frequency: f32,
    /// 0 (no idea) to 1 (certain).
    pub confidence: f32,
    /// Whether somebody sings.
    pub voiced: bool,
}

impl Estimate {
    /// The moment that it speaks of, in seconds since the tracker began.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.number as f64 / f64::from(ESTIMATES_A_SECOND)
    }
}

/// Why there is no tracker for this.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PitchError {
    /// The rate is not one of audio.
    #[error("pitch is tracked in audio of 8,000 to 192,000 frames a second, not of {0}: convert it first")]
    Rate(u32),
    /// The range is empty or beyond what can be told.
    #[error("pitch is looked for between 50 and 2,000 Hz, the lowest an octave below the highest at least")]
    Range,
}
