//! Pitch curves on the disk: what was sung in a file, beside its peaks.
//!
//! One file for each media, `peaks/<media id>.pitch`, in Hz and in the file's own frames, never per clip: trimmed and
//! moved clips show another part of it. Rebuildable. Start at [`build`] and [`read`]. Blocks on the disk: for workers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dawg_dsp::pitch::Estimate;

use crate::{MediaError, Progress, Source};

/// Version of the file and of the tracker whose estimates it holds: another one is built anew.
pub const VERSION: u32 = 1;

/// The curve of a whole file.
#[derive(Debug, Clone, PartialEq)]
pub struct PitchCurve {
    /// Frames a second of the file.
    pub sample_rate: u32,
    /// Consecutive estimates from the file's first frame on.
    pub estimates: Arc<[Estimate]>,
}

/// The name of the pitch file of a media in the song's `peaks/` folder.
#[must_use]
pub fn file_for(peaks_folder: &Path, media_id: &str) -> PathBuf {
    crate::peaks::file_for(peaks_folder, media_id).with_extension("pitch")
}

/// Tracks a whole file, writes its curve to `path`, and returns it. Progress counts frames.
///
/// # Errors
/// [`MediaError::Cancelled`], or as the disk says; nothing is left behind then.
pub fn build(source: &mut dyn Source, path: &Path, progress: &Progress) -> Result<PitchCurve, MediaError> {
    _ = (source, progress);
    Err(MediaError::Missing { path: path.to_owned() })
}

/// Reads a curve.
///
/// # Errors
/// When there is none, or one of another version, or a damaged one: build it anew.
pub fn read(path: &Path) -> Result<PitchCurve, MediaError> {
    Err(MediaError::Missing { path: path.to_owned() })
}
