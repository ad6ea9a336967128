//! The measured round trips as the sound thread uses them: read where they are kept when a device is opened.
//!
//! Start at [`Figures`].

use std::path::PathBuf;

use dawg_engine::Engine;

use crate::calibration::{Calibrations, RoundTrip, load, save};

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

    /// Changes what is known, here and where it is kept.
    ///
    /// # Errors
    /// When it cannot be written; it holds until the program ends all the same.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Calibrations)) -> anyhow::Result<()> {
        let folder = self.folder.as_deref();
        // Somebody else may have measured another device meanwhile.
        if let Some(folder) = folder {
            self.measured = load(folder).0;
        }
        change(&mut self.measured);
        folder.map_or(Ok(()), |folder| save(folder, &self.measured))
    }

    /// Frames of the song from what is heard to what is sung to it, without the Plan's own.
    pub(super) fn round_trip(&self, engine: &Engine) -> RoundTrip {
        self.measured.of(engine)
    }
}
