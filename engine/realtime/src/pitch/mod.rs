//! Live pitch: what the inputs of tracks sing, while they sing it.
//!
//! The audio thread copies the hardware channels that are followed into a ring, each block with a line that says where
//! the song was (`feed`). One worker empties it (`worker`), folds each track's channels into one (`fold`), runs a
//! [`dawg_dsp::pitch::Tracker`] for each input (`voice`), and hands its estimates on with the song frame they were sung to
//! (`past`). It is there while something is followed. Start at [`Engine::follow_pitch`](crate::Engine::follow_pitch). If
//! the worker falls behind, estimates are missing, and are counted; nothing else waits for it.

mod controls;
pub(crate) mod feed;
mod fold;
mod overhear;
mod past;
mod voice;
mod worker;

use std::time::Instant;

pub(crate) use controls::Following;
use dawg_dsp::pitch::Estimate;
pub use fold::Fold;
pub use overhear::Overheard;

/// An estimate of what came in on a track's input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// The pitch. Its number counts 200 a second since the track's input is followed, without a gap but for what was
    /// missed.
    pub estimate: Estimate,
    /// Peak of the input around this moment, linear: of its loudest channel, within 5 ms on both sides.
    pub level: f32,
    /// The song frame that the singer heard at this moment: the Plan's latency and the
    /// [round trip](crate::Engine::set_pitch_round_trip) are taken off, also around a loop's edge.
    pub position: i64,
    /// Whether the song rolled there.
    pub rolling: bool,
    /// When the block came in that holds this moment. The estimate itself is ready
    /// [the tracker's latency](dawg_dsp::pitch::LIVE_LATENCY_SECONDS) later at the latest, and a block.
    pub at: Instant,
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
