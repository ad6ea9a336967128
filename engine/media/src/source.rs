//! Random access to the decoded frames of a file of the song.
//!
//! Start at [`open`] and [`Source`]. The song's own files are WAV, AIFF and FLAC (see [`crate::import`]);
//! everything else is converted when it is imported.

use std::path::Path;

use crate::files::Positional;
use crate::pcm_source::PcmSource;
use crate::{MediaError, aiff, flac, sniff, wav};

/// The decoded frames of one file. Blocks on the disk: not for the audio thread, which reads through the
/// cache.
pub trait Source: Send {
    /// Channels, 1 to [`crate::MAX_CHANNELS`].
    fn channels(&self) -> u16;

    /// Length in frames.
    fn frames(&self) -> u64;

    /// Frames a second.
    fn sample_rate(&self) -> u32;

    /// Fills `planes` (one for each channel, all equally long) with the frames from `from` on, and returns how
    /// many of them the file has; the others are zero. Any order of reads gives the same samples. Integers are
    /// scaled to ±1, floats pass as they are (also beyond ±1, also NaN in files that were never imported).
    /// Nothing is allocated that grows with the number of reads.
    ///
    /// # Errors
    /// As the disk says; [`MediaError::Damaged`] where the contents make no sense, or where `planes` has
    /// another shape. `planes` then holds anything.
    fn read(&mut self, from: u64, planes: &mut [&mut [f32]]) -> Result<usize, MediaError>;
}

/// Opens WAV, AIFF/AIFC (uncompressed) or FLAC for random access, by content, not by name.
///
/// A WAV or AIFF that is cut off opens with the frames that are there: a capture after a crash, a disk that was
/// full. (An import refuses it.)
///
/// # Errors
/// [`MediaError::Missing`], `Empty`, `UnknownKind` (also for what must be imported first), `Damaged`,
/// `Unsupported`, `TooManyChannels`, `UnsupportedRate`, or as the disk says.
pub fn open(path: &Path) -> Result<Box<dyn Source>, MediaError> {
    let file = Positional::open(path)?;
    match sniff::sniff(&file)? {
        sniff::Sniffed::Wav => {
            let layout = wav::parse(&file)?.layout;
            Ok(Box::new(PcmSource::new(file, layout)))
        }
        sniff::Sniffed::Aiff => {
            let layout = aiff::parse(&file)?.layout;
            Ok(Box::new(PcmSource::new(file, layout)))
        }
        sniff::Sniffed::Flac => Ok(Box::new(flac::FlacSource::open(path)?)),
        sniff::Sniffed::Other => Err(MediaError::UnknownKind { path: path.to_owned() }),
    }
}

/// Checks that `planes` fit, and returns their length.
pub(crate) fn prepare(channels: u16, planes: &[&mut [f32]], path: &Path) -> Result<usize, MediaError> {
    let frames = planes.first().map_or(0, |plane| plane.len());
    if planes.len() == usize::from(channels) && planes.iter().all(|plane| plane.len() == frames) {
        Ok(frames)
    } else {
        Err(MediaError::damaged(path, format!("it was read as {} channels but has {channels}", planes.len())))
    }
}

#[cfg(test)]
mod tests;
