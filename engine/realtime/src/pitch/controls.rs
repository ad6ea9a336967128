//! What the engine's owner can ask of it.

use dawg_session::TrackId;

use super::Heard;
use crate::engine::Engine;

impl Engine {
    /// Follows the inputs of these tracks, and of no others. Tracks without an input are passed over. Allocates and may
    /// start a thread: for the control thread.
    pub fn follow_pitch(&mut self, tracks: &[TrackId]) {
        _ = tracks;
    }

    /// Gives what was heard since this was last asked, each track's in order.
    pub fn heard_pitch(&mut self, give: &mut dyn FnMut(TrackId, Heard)) {
        _ = give;
    }

    /// How many estimates were missed, since the worker fell behind.
    #[must_use]
    pub fn missed_pitch(&self) -> u64 {
        0
    }
}
