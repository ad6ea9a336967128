//! The measured round trips as the sound thread uses them: read where they are kept when a device is opened.
//!
//! Start at [`Figures`].

use std::path::PathBuf;

use dawg_engine::Engine;

use crate::calibration::{Calibrations, RoundTrip, load};

/// What was measured, and where that is kept.
#[derive(Debug, Default)]
pub(super) struct Figures {
    folder: Option<PathBuf>,
    measured: Calibrations,
}

impl Figures {
    /// They are kept here from now on.
    pub(super) fn kept_in(&mut self, folder: PathBuf) {
        self.folder = Some(folder);
    }

    /// Reads them; returns what has to be told.
    pub(super) fn read(&mut self) -> Option<String> {
        let (measured, notice) = load(self.folder.as_deref()?);
        self.measured = measured;
        notice
    }

    /// Frames of the song from what is heard to what is sung to it, without the Plan's own.
    pub(super) fn round_trip(&self, engine: &Engine) -> RoundTrip {
        self.measured.of(engine)
    }
}
