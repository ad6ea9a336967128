//! Pitch curves on the disk: what was sung in a file, beside its peaks.
//!
//! One file for each media, `peaks/<media id>.pitch`, in Hz and in the file's own frames, never per clip: trimmed and
//! moved clips show another part of it. Rebuildable. Start at [`build`] and [`read`]; [`open_or_build`] does what is
//! needed. Blocks on the disk: for workers.
//!
//! The file: 64 bytes of header (see `file.rs`), then all frequencies as `f32`, little endian, then a byte for each
//! estimate: its confidence in 127ths, and whether it is voiced in the highest bit. Five bytes an estimate: an hour is
//! 3.6 MB.

mod file;
mod fold;
mod overview;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dawg_dsp::pitch::{ESTIMATES_A_SECOND, Estimate, PitchError, PitchRange, Tracker};

pub use fold::Fold;
pub use overview::{Overview, Span};

use crate::files::PartFile;
use crate::{MediaError, Progress, Source};

/// Version of the file. The tracker's own version stands beside it; a file of another of either is built anew.
pub const VERSION: u32 = 1;

/// The curve of a whole file.
#[derive(Debug, Clone, PartialEq)]
pub struct PitchCurve {
    /// Frames a second of the file.
    pub sample_rate: u32,
    /// Consecutive estimates from the file's first frame on.
    pub estimates: Arc<[Estimate]>,
}

impl PitchCurve {
    /// The estimates that speak of a moment from `from_frame` up to, not including, `to_frame`; frames of the file.
    /// What lies beyond the file is empty.
    #[must_use]
    pub fn range(&self, from_frame: u64, to_frame: u64) -> &[Estimate] {
        let end = self.first_from(to_frame);
        &self.estimates[self.first_from(from_frame).min(end)..end]
    }

    /// The first estimate that speaks of a moment at `frame` or later.
    fn first_from(&self, frame: u64) -> usize {
        let rate = u128::from(self.sample_rate.max(1));
        let number = (u128::from(frame) * u128::from(ESTIMATES_A_SECOND)).div_ceil(rate);
        usize::try_from(number).unwrap_or(usize::MAX).min(self.estimates.len())
    }
}

/// The name of the pitch file of a media in the song's `peaks/` folder.
#[must_use]
pub fn file_for(peaks_folder: &Path, media_id: &str) -> PathBuf {
    crate::peaks::file_for(peaks_folder, media_id).with_extension("pitch")
}

/// Tracks a whole file, writes its curve to `path`, and returns it, to the bit as [`read`] will. Progress counts frames.
///
/// Several channels are folded down so that none can silence another (see `fold.rs`).
///
/// # Errors
/// [`MediaError::Cancelled`], [`MediaError::UnsupportedRate`] where pitch is not tracked at the file's rate, or as the
/// disk says; nothing is left behind then.
pub fn build(source: &mut dyn Source, path: &Path, progress: &Progress) -> Result<PitchCurve, MediaError> {
    // Made first: a folder that is gone is told before an hour of work.
    let (part, out) = PartFile::create(path)?;
    let curve = follow(source, path, progress)?;
    write_to(&out, part.path(), &curve, source.frames())?;
    progress.check()?;
    part.publish(path)?;
    Ok(curve)
}

/// Tracks a whole file and writes nothing: for songs that may only be read. The curve is that of [`build`]; `path` is for
/// messages. Progress counts frames.
///
/// # Errors
/// As [`build`], but for writing.
pub fn follow(source: &mut dyn Source, path: &Path, progress: &Progress) -> Result<PitchCurve, MediaError> {
    let rate = source.sample_rate();
    let mut tracker = Tracker::whole(rate, PitchRange::default()).map_err(|error| match error {
        PitchError::Rate(rate) => MediaError::UnsupportedRate { path: path.to_owned(), rate },
        PitchError::Range => MediaError::unsupported(path, error.to_string()),
    })?;
    let estimates = track(source, &mut tracker, progress)?;
    Ok(PitchCurve { sample_rate: rate, estimates: estimates.into() })
}

/// Writes the curve of a media with this many frames.
///
/// # Errors
/// As the disk says; nothing is left behind then.
pub fn write(curve: &PitchCurve, frames: u64, path: &Path) -> Result<(), MediaError> {
    let (part, out) = PartFile::create(path)?;
    write_to(&out, part.path(), curve, frames)?;
    part.publish(path)
}

fn write_to(out: &std::fs::File, path: &Path, curve: &PitchCurve, frames: u64) -> Result<(), MediaError> {
    file::write(out, path, &file::Shape { rate: curve.sample_rate, frames }, &curve.estimates)
}

/// The estimates of a whole file, each as the file on the disk can hold it.
fn track(
    source: &mut dyn Source,
    tracker: &mut Tracker,
    progress: &Progress,
) -> Result<Vec<Estimate>, MediaError> {
    let frames = source.frames();
    progress.set_total(frames);
    let mut fold = fold::Fold::new(source.channels(), source.sample_rate());
    let mut estimates = Vec::new();
    let mut give = |estimate: Estimate| estimates.push(file::as_stored(estimate));
    let mut planes = vec![vec![0.0f32; fold.block()]; usize::from(source.channels())];
    let mut at = 0;
    while at < frames {
        progress.check()?;
        let wanted = usize::try_from(frames - at).unwrap_or(usize::MAX).min(fold.block());
        let mut slices: Vec<&mut [f32]> = planes.iter_mut().map(|plane| &mut plane[..wanted]).collect();
        let read = source.read(at, &mut slices)?;
        if read == 0 {
            break;
        }
        let slices: Vec<&[f32]> = planes.iter().map(|plane| &plane[..read]).collect();
        fold.push(&slices, &mut |mono| tracker.push(mono, &mut give));
        at += read as u64;
        progress.set_done(at);
    }
    fold.finish(&mut |mono| tracker.push(mono, &mut give));
    tracker.finish(&mut give);
    Ok(estimates)
}

/// Reads a curve.
///
/// # Errors
/// [`MediaError::Missing`] when there is none, [`MediaError::StalePitch`] for one of another version or a damaged one:
/// build it anew.
pub fn read(path: &Path) -> Result<PitchCurve, MediaError> {
    let (shape, estimates) = file::read(path)?;
    Ok(PitchCurve { sample_rate: shape.rate, estimates: estimates.into() })
}

/// Reads the curve of a media with this rate and this many frames.
///
/// # Errors
/// As [`read`]; [`MediaError::StalePitch`] also for the curve of another length or rate.
pub fn read_for(path: &Path, sample_rate: u32, frames: u64) -> Result<PitchCurve, MediaError> {
    let (shape, estimates) = file::read(path)?;
    if shape != (file::Shape { rate: sample_rate, frames }) {
        return Err(file::stale(path, format!("it covers {} frames of {frames}", shape.frames)));
    }
    Ok(PitchCurve { sample_rate, estimates: estimates.into() })
}

/// Reads the curve of a file, tracking it first where the curve is missing, damaged, of another version or another length.
///
/// # Errors
/// As [`build`].
pub fn open_or_build(
    path: &Path,
    source: &mut dyn Source,
    progress: &Progress,
) -> Result<PitchCurve, MediaError> {
    match read_for(path, source.sample_rate(), source.frames()) {
        Err(MediaError::StalePitch { .. } | MediaError::Missing { .. }) => build(source, path, progress),
        known => known,
    }
}

#[cfg(test)]
mod tests;
