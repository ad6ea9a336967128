//! What a roll came to, track by track.

use std::path::Path;

use dawg_session::{CaptureId, CaptureRow, Store};

use super::place;

/// What is said of a file that is not closed: see [`RecordedTrack::closed`].
pub(super) const MENDED_LATER: &str = "Its end may be silent until the song is opened again.";

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
    /// Whether the file was closed properly. If not, its header may promise less than is there: the capture stays unfinished,
    /// and is mended when the song is opened next.
    pub closed: bool,
}

/// What a roll recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    /// One a track, in the order asked for. Empty if `unwanted`.
    pub tracks: Vec<RecordedTrack>,
    /// Nobody punched in: there is nothing to keep, and nothing is left of it.
    pub unwanted: bool,
}

impl Recorded {
    /// Of a writer that failed itself: nobody knows how much of these reached the disk.
    pub(super) fn broken_off(rows: Vec<CaptureRow>) -> Self {
        let why = "The program could not go on writing. What it wrote becomes a take when the song is opened again.";
        let track =
            |row| RecordedTrack { row, clipped: 0, lost: 0, error: Some(why.to_owned()), closed: false };
        Self { tracks: rows.into_iter().map(track).collect(), unwanted: false }
    }

    /// The ids of the captures that are to be marked finished together with the take's Edits.
    #[must_use]
    pub fn ids(&self) -> Vec<CaptureId> {
        self.tracks.iter().filter(|track| track.closed).map(|track| track.row.id).collect()
    }

    /// Takes back what was begun, the row before the file: a crash in between leaves a file that nobody misses. If the
    /// row cannot be written, everything stays until the song is opened next.
    pub(super) fn leave_nothing(self, store: &Store) -> Self {
        if store.finish_captures(self.ids(), None).wait().is_err() {
            return self;
        }
        for track in &self.tracks {
            remove(store.folder(), &track.row);
        }
        Self { tracks: Vec::new(), unwanted: true }
    }
}

/// Removes the file of a capture of which nothing was wanted, its peaks and its pitch, from the song in `folder`. Its row
/// must be finished.
pub fn remove(folder: &Path, row: &CaptureRow) {
    // Should they stay, they are in nobody's way.
    let _ = std::fs::remove_file(place::file(folder, row));
    let _ = std::fs::remove_file(place::peaks(folder, row));
    let _ = std::fs::remove_file(place::pitch(folder, row));
}
