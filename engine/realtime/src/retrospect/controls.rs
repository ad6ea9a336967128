//! What the engine's owner can ask of it.

use super::{KeepError, Kept, Retrospect};
use crate::engine::Engine;
use crate::processor::command::Command;

impl Engine {
    /// Allows so many bytes of memory for what the armed tracks' channels bring in, 0 for none. Each channel has
    /// equally much of it, for at most [`MOST_SECONDS`](super::MOST_SECONDS); what was remembered stays, as far as it
    /// fits.
    pub fn set_retrospect(&mut self, budget_bytes: u64) {
        self.controls.history.set_budget(budget_bytes);
        self.listen();
    }

    /// What is remembered.
    #[must_use]
    pub fn retrospect(&self) -> Retrospect {
        self.controls.history.reading()
    }

    /// Copies what came in on these hardware channels (from 1, of armed tracks), with the song positions that belong to
    /// it. It goes on being remembered.
    ///
    /// With `seconds`, the last so many; without, what was sung last: while the song rolls, all since it began to,
    /// with its count-in; while it stands still, all since it stopped — or, if nothing but noise came in since then,
    /// all of the last roll. While it stands still, what was sung since it stopped ends at the playhead.
    ///
    /// `round_trip`: the device's, in frames; the Plan's latency is known here. Copies up to 23 MB a channel at 48 kHz:
    /// some milliseconds.
    ///
    /// # Errors
    /// [`KeepError`], when nothing is remembered of a channel.
    pub fn keep(&mut self, input: &[u16], seconds: Option<f64>, round_trip: i64) -> Result<Kept, KeepError> {
        self.controls.history.keep(input, seconds, round_trip)
    }

    /// Listens to what the song has armed now.
    pub(crate) fn listen(&mut self) {
        let inputs = self.format().inputs;
        let session = std::sync::Arc::clone(self.session());
        if let Some(bank) = self.controls.history.listen(&session, inputs) {
            self.send(Command::Listen(bank));
        }
    }
}
