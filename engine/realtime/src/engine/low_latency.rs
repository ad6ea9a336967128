//! Low-latency mode: what makes a singer hear themselves late is left out of their path while they record.

use std::collections::BTreeSet;

use dawg_session::{Session, TrackId};

use super::Engine;
use crate::compile::{Feedback, Place, Quick, Skipped};

/// Inserts above this latency are skipped: beyond it one hears oneself late.
const LIMIT_MS: u32 = 10;

/// When inserts with much latency are skipped on the path of armed tracks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LowLatency {
    /// Never.
    Off,
    /// While recording, on the tracks that record.
    #[default]
    Auto,
    /// Always, on the tracks that are armed.
    On,
}

impl Engine {
    /// Chooses when inserts are skipped. Changes what is heard at once, by a dip of some milliseconds.
    ///
    /// # Errors
    /// When the routing goes in a circle; the former Plan plays on.
    pub fn set_low_latency(&mut self, mode: LowLatency) -> Result<(), Feedback> {
        self.low_latency = mode;
        self.follow_low_latency()
    }

    /// Makes the path of these tracks quick, if that is the mode: to be called before
    /// [`plan_latency`](Self::plan_latency) is taken for a recording of them. The last of the recording puts it back, or
    /// a call without tracks.
    ///
    /// # Errors
    /// As [`set_low_latency`](Self::set_low_latency).
    pub fn prepare_to_record(&mut self, tracks: &[TrackId]) -> Result<(), Feedback> {
        self.recording = tracks.iter().copied().collect();
        self.follow_low_latency()
    }

    /// The inserts that are skipped now.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        self.compiler.skipped()
    }

    /// Puts an insert of nothing but latency into the song, in place of the one that was there; 0 takes it out. There
    /// are no other inserts yet: this is how tests see that latency is compensated.
    ///
    /// # Errors
    /// As [`set_low_latency`](Self::set_low_latency).
    #[doc(hidden)]
    pub fn probe_latency(&mut self, place: Place, frames: u32) -> Result<(), Feedback> {
        self.compiler.probe(place, frames);
        self.install()
    }

    /// The paths that are to be quick while `session` plays.
    pub(super) fn quick_paths(&self, session: &Session) -> Quick {
        let armed = || session.tracks.iter().filter(|track| track.arm).map(|track| track.id);
        let tracks = match self.low_latency {
            LowLatency::Off => BTreeSet::new(),
            LowLatency::Auto => self.recording.clone(),
            LowLatency::On => self.recording.iter().copied().chain(armed()).collect(),
        };
        Quick { tracks, limit: session.sample_rate * LIMIT_MS / 1_000 }
    }

    fn follow_low_latency(&mut self) -> Result<(), Feedback> {
        if self.quick_paths(&self.session) == *self.compiler.quick() { Ok(()) } else { self.install() }
    }

    /// A capture has ended.
    pub(super) fn recording_ended(&mut self) {
        self.rolls = self.rolls.saturating_sub(1);
        if self.rolls == 0 {
            // Without tracks there is no circle that there was not before.
            let _ = self.prepare_to_record(&[]);
        }
    }
}
