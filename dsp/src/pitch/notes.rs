//! Notes in a curve of pitch: where each begins and ends, how far beside the key it is sung, how it drifts and trembles.
//!
//! Start at [`find`]. Centre, drift and modulation are three things: a note with vibrato is judged by its median.

use super::Estimate;
use super::tuning::{Note, Tuning};
use crate::units::{Cents, Hertz};

/// A note that was sung.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SungNote {
    /// Seconds since the curve began.
    pub start: f64,
    /// Seconds since the curve began.
    pub end: f64,
    /// Which key is nearest to its median.
    pub note: Note,
    /// The median pitch.
    pub pitch: Hertz,
    /// How far the median lies above the key, −50 to 50.
    pub cents: Cents,
    /// How far its end lies above its beginning, vibrato apart.
    pub drift: Cents,
    /// Vibrato, where there is one.
    pub vibrato: Option<Vibrato>,
}

/// A regular wave of pitch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vibrato {
    /// Waves a second: 4 to 8.
    pub rate: Hertz,
    /// From the lowest to the highest, 30 to 250.
    pub extent: Cents,
}

/// The notes of a curve, in order. `curve` are consecutive estimates of a tracker.
#[must_use]
pub fn find(curve: &[Estimate], tuning: Tuning) -> Vec<SungNote> {
    _ = (curve, tuning);
    Vec::new()
}
