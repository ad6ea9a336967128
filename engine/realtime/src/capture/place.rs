//! Where a capture lies in its song's folder: its file, and the peaks that are drawn of it.

use std::path::{Path, PathBuf};

use dawg_media::peaks::{self, PeakBuilder};
use dawg_media::pitch;
use dawg_session::CaptureRow;
use dawg_session::store::{AUDIO_FOLDER, PEAKS_FOLDER};

/// The file of a capture, in the song in `folder`.
pub(super) fn file(folder: &Path, row: &CaptureRow) -> PathBuf {
    folder.join(AUDIO_FOLDER).join(&row.file)
}

/// The peaks of a capture.
pub(super) fn peaks(folder: &Path, row: &CaptureRow) -> PathBuf {
    peaks::file_for(&folder.join(PEAKS_FOLDER), &row.media.to_string())
}

/// The pitch curve of a capture.
pub(super) fn pitch(folder: &Path, row: &CaptureRow) -> PathBuf {
    pitch::file_for(&folder.join(PEAKS_FOLDER), &row.media.to_string())
}

/// Peaks that grow with a capture. Without them, where they cannot be written: a waveform can be built again later; a
/// take cannot.
pub(super) fn grow_peaks(folder: &Path, row: &CaptureRow) -> Option<PeakBuilder> {
    PeakBuilder::grow(&peaks(folder, row), row.channels).ok()
}
