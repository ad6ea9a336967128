//! What one turn of the loop has at hand.

use super::Parts;
use super::limit::Limit;
use crate::clock::{Moment, Wall};
use crate::event::What;
use crate::process::RunId;
use crate::recovery::Recovery;

/// One turn: its time, and the world.
pub(super) struct Turn<'a> {
    pub(super) now: Moment,
    pub(super) wall: Wall,
    pub(super) autonomous: bool,
    pub(super) parts: &'a mut Parts,
    pub(super) limit: &'a mut Limit,
    pub(super) runs: &'a mut u64,
}

impl Turn<'_> {
    /// Something happened to `sidecar`.
    pub(super) fn record(&mut self, sidecar: &str, what: What) {
        self.parts.record(self.wall, Some(sidecar), what);
    }

    /// A human wants `sidecar` to run, or does not; none: what is declared holds. Kept for the next owner.
    pub(super) fn want(&mut self, sidecar: &str, wanted: Option<bool>) {
        // What cannot be read may say anything.
        if self.parts.store.is_unread() || self.parts.store.wanted(sidecar) != wanted {
            self.parts.store.set_wanted(sidecar, wanted);
        }
    }

    /// A number from 0 up to 1.
    pub(super) fn chance(&mut self) -> f64 {
        self.parts.entropy.chance()
    }

    /// A new run: its id, its nonce, its token.
    pub(super) fn new_run(&mut self) -> (RunId, String, String) {
        *self.runs += 1;
        (RunId(*self.runs), self.parts.entropy.nonce(), self.parts.entropy.nonce())
    }

    /// Which restarts count is kept, by the calendar, for the next owner.
    pub(super) fn keep_restarts(&mut self, sidecar: &str, recovery: &Recovery) {
        let walls: Vec<Wall> = recovery.restarts().map(|at| self.wall.before(self.now.since(at))).collect();
        self.parts.store.set_restarts(sidecar, &walls);
    }
}
