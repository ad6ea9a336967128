//! Peaks: the lowest and highest sample of every stretch of a file, at several resolutions, for drawing.
//!
//! One file for each media, `peaks/<media id>.peaks`; rebuildable, so it is never worth more than a rebuild.
//! Start at [`PeakBuilder`] to make one, [`PeakFile`] to read one. Blocks on the disk: for workers, not for the
//! window or the audio thread.
//!
//! The file: 64 bytes of header, then one section for every 131,072 frames; in a section level after level, in
//! a level channel after channel, and of each channel its points as two `f32`, little endian. So a growing
//! file only ever rewrites its last section.

mod builder;
mod file;

use std::path::{Path, PathBuf};

pub use builder::PeakBuilder;
pub use file::PeakFile;

use crate::{MediaError, Progress, Source};

/// Frames that one point covers, by level.
pub const LEVELS: [u64; 4] = [256, 2_048, 16_384, 131_072];

/// Frames that one section covers: a point of the coarsest level.
const SECTION: u64 = LEVELS[LEVELS.len() - 1];

const VERSION: u32 = 1;
const HEADER_BYTES: u64 = 64;
const MAGIC: [u8; 8] = *b"DAWGPEAK";
/// Bytes of a point.
const POINT: usize = 8;

/// The lowest and highest sample of a stretch; not clamped to ±1. Without frames both are 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Peak {
    /// The lowest sample.
    pub min: f32,
    /// The highest sample.
    pub max: f32,
}

/// Points of a level in a section, of one channel.
const fn points_in_section(level: usize) -> usize {
    (SECTION / LEVELS[level]) as usize
}

/// Points of a channel before `level` begins, in a section.
const fn points_before(level: usize) -> usize {
    let mut points = 0;
    let mut at = 0;
    while at < level {
        points += points_in_section(at);
        at += 1;
    }
    points
}

/// Bytes of a section.
fn section_bytes(channels: u16) -> u64 {
    (points_before(LEVELS.len()) * POINT) as u64 * u64::from(channels)
}

/// Byte of a point within its section.
fn point_at(channels: u16, level: usize, channel: u16, point: usize) -> u64 {
    let points =
        points_before(level) * usize::from(channels) + points_in_section(level) * usize::from(channel);
    ((points + point) * POINT) as u64
}

/// The name of the peak file of a media in the song's `peaks/` folder.
pub fn file_for(peaks_folder: &Path, media_id: &str) -> PathBuf {
    let safe: String = media_id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(64).collect();
    peaks_folder.join(format!("{safe}.peaks"))
}

/// Builds the peaks of a whole file anew.
///
/// # Errors
/// [`MediaError::Cancelled`], or as the disk says; nothing is left behind then.
pub fn rebuild(source: &mut dyn Source, path: &Path, progress: &Progress) -> Result<(), MediaError> {
    let frames = source.frames();
    progress.set_total(frames);
    let mut builder = PeakBuilder::create(path, source.channels())?;
    let mut planes = vec![vec![0.0f32; 16_384]; usize::from(source.channels())];
    let mut at = 0;
    while at < frames {
        progress.check()?;
        let mut slices: Vec<&mut [f32]> = planes.iter_mut().map(Vec::as_mut_slice).collect();
        let read = source.read(at, &mut slices)?;
        if read == 0 {
            break;
        }
        let slices: Vec<&[f32]> = planes.iter().map(|plane| &plane[..read]).collect();
        builder.push(&slices)?;
        at += read as u64;
        progress.set_done(at);
    }
    builder.finish()
}

/// Opens the peaks of a file, building them first where they are missing, damaged, of another version or of
/// another length.
///
/// # Errors
/// As [`rebuild`].
pub fn open_or_rebuild(
    path: &Path,
    source: &mut dyn Source,
    progress: &Progress,
) -> Result<PeakFile, MediaError> {
    let (channels, frames) = (source.channels(), source.frames());
    match PeakFile::open(path, channels, frames) {
        Err(MediaError::StalePeaks { .. } | MediaError::Missing { .. }) => {
            rebuild(source, path, progress)?;
            PeakFile::open(path, channels, frames)
        }
        opened => opened,
    }
}

#[cfg(test)]
mod tests;
