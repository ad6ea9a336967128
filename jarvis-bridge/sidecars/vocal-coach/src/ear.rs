//! What the coach hears pitch with: one place, so that another tracker is another line.

use dawg_dsp::pitch::{PitchError, PitchRange, TRACKER_VERSION, Tracker};

/// The tracker, for `/health`.
pub(crate) fn name() -> String {
    format!("AI DAWG's pitch tracker, version {TRACKER_VERSION}")
}

/// For what is sung now.
pub(crate) fn live(rate: u32) -> Result<Tracker, PitchError> {
    Tracker::live(rate, PitchRange::default())
}

/// For what is recorded: it may look ahead.
pub(crate) fn whole(rate: u32) -> Result<Tracker, PitchError> {
    Tracker::whole(rate, PitchRange::default())
}
