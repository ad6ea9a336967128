//! Captures: what comes in from the microphone, on its way to the disk and into the song.
//!
//! One continuous file per track and roll, begun at count-in or play and ended one round trip after Stop, with a
//! transport log beside it. [`tap`] is the audio side, [`Roll`] the control side with its writer thread, [`take`]
//! turns what was captured into clips, and [`recover`] does so after a crash. Start at [`Roll::begin`].

mod keep;
mod log;
mod place;
mod punch;
mod recorded;
mod recover;
mod roll;
pub mod take;
pub mod tap;
mod writer;

pub use keep::keep;
pub use punch::Punch;
pub use recorded::{Recorded, RecordedTrack, remove};
pub use recover::{Recovered, recover};
pub use roll::{CaptureError, RING_SECONDS, Roll, RollRequest};
