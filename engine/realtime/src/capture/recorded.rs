//! What a roll came to, track by track.

use dawg_session::{CaptureId, CaptureRow};

/// What one track recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedTrack {
    /// The capture with its final length and log.
    pub row: CaptureRow,
    /// Samples beyond full scale.
    pub clipped: u64,
    /// Frames that did not reach the disk in time and are silence in the file.
    pub lost: u64,
    /// Why the file is shorter than what was sung, if it is.
    pub error: Option<String>,
}

/// What a roll recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// One a track, in the order asked for.
    pub tracks: Vec<RecordedTrack>,
}

impl Recorded {
    /// The captures' ids, to be marked finished together with the take's Edits.
    #[must_use]
    pub fn ids(&self) -> Vec<CaptureId> {
        self.tracks.iter().map(|track| track.row.id).collect()
    }
}
