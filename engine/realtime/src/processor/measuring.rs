//! A measurement on the audio thread: the last to touch a call's output.

use super::command::Garbage;
use super::{Io, Processor};
use crate::calibrate::Run;

impl Processor {
    /// Lets a running measurement play and listen; gives it back when it is over.
    pub(super) fn measure(&mut self, io: &mut Io<'_, '_>) {
        let Some(run) = &mut self.measuring else { return };
        run.call(io);
        if self.waiting.is_none()
            && self.measuring.as_deref().is_some_and(Run::ended)
            && let Some(run) = self.measuring.take()
        {
            self.discard(Garbage::Measured(run));
        }
    }
}
