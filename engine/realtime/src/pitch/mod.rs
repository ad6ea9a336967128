//! Live pitch: what the inputs of tracks sing, while they sing it.
//!
//! The audio thread copies the hardware channels that are followed into rings; a worker empties them, runs a
//! [`dawg_dsp::pitch::Tracker`] for each track, and hands its estimates on with the song frame they were sung to.
//! Start at [`Engine::follow_pitch`](crate::Engine::follow_pitch). If the worker falls behind, estimates are missing,
//! and are counted; nothing else waits for it.

mod controls;

use std::time::Instant;

use dawg_dsp::pitch::Estimate;

/// An estimate of what came in on a track's input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// The pitch. Its number counts since the track is followed, without a gap (but for what was missed).
    pub estimate: Estimate,
    /// Peak of the input around this moment, linear.
    pub level: f32,
    /// The song frame that was at the loudspeaker's end of the Plan when this came in: the device's round trip is not
    /// taken off.
    pub position: i64,
    /// Whether the song rolled.
    pub rolling: bool,
    /// When the last of the samples that this moment is about came in.
    pub at: Instant,
}
