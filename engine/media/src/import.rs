//! Taking a file into a song: copied unchanged where its samples can be used as they are, else converted to
//! 32-bit float at the song's rate, with its peaks.
//!
//! Start at [`import`]; [`probe`] answers what a file is before. For worker threads.

mod convert;
mod copy;

use std::path::{Path, PathBuf};

use crate::decode::{Decoder, FileKind};
use crate::files::{PartFile, safe_name};
use crate::peaks::{self, PeakBuilder};
use crate::{MediaError, Progress};

/// Where an import goes, and how.
#[derive(Debug, Clone)]
pub struct ImportTarget<'a> {
    /// The song's `audio/` folder; must exist.
    pub audio_folder: &'a Path,
    /// The song's `peaks/` folder; must exist.
    pub peaks_folder: &'a Path,
    /// The new media's id as text; names the peak file.
    pub media_id: &'a str,
    /// The song's rate, in frames a second.
    pub song_rate: u32,
    /// Take what is there of a file that is cut off or damaged in places, instead of refusing it.
    pub repair: bool,
}

/// What was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The file's name inside `audio/`.
    pub file: String,
    /// What the original was called, without folder and ending: for the track and for people.
    pub name: String,
    /// Frames a second of the stored file: the song's rate.
    pub sample_rate: u32,
    /// Channels, as in the original.
    pub channels: u16,
    /// Frames of the stored file.
    pub frames: u64,
    /// Frames a second of the original.
    pub source_rate: u32,
    /// Whether the bytes are the original's.
    pub copied: bool,
    /// What was done to it, for people; `None` where nothing was.
    pub converted: Option<String>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// What kind of file.
    pub kind: FileKind,
    /// Frames a second.
    pub sample_rate: u32,
    /// Channels.
    pub channels: u16,
    /// Length in frames, where the header knows it.
    pub frames: Option<u64>,
    /// Bits of each sample of a lossless integer file.
    pub bits: Option<u8>,
    /// Samples from the start of the song to the first frame, where the file is Broadcast Wave.
    pub time_reference: Option<u64>,
}

/// Looks at a file without reading it whole: for the question whether an empty song takes its rate.
///
/// # Errors
/// As [`Decoder::open`].
pub fn probe(path: &Path) -> Result<Probe, MediaError> {
    let decoder = Decoder::open(path)?;
    Ok(Probe {
        kind: decoder.kind(),
        sample_rate: decoder.sample_rate(),
        channels: decoder.channels(),
        frames: decoder.frames(),
        bits: decoder.lossless_bits(),
        time_reference: decoder.time_reference(),
    })
}

/// Takes a file into a song.
///
/// WAV, AIFF and FLAC with integers up to 24 bits at the song's rate are copied byte for byte; everything else
/// is stored as 32-bit float WAV (RF64 past 4 GiB), resampled where its rate differs. All channels are kept.
/// Streamed: memory does not grow with the file. The file appears in `audio/` whole and durable, its peaks
/// before it; after an error or a cancel nothing is left behind. `progress` counts bytes of the source.
///
/// # Errors
/// As [`Decoder::open`]; [`MediaError::Truncated`] and `Damaged` unless `repair`; `DiskFull`, `ReadOnly`,
/// `NoFolder`, [`MediaError::Cancelled`].
pub fn import(source: &Path, to: &ImportTarget<'_>, progress: &Progress) -> Result<Imported, MediaError> {
    let decoder = Decoder::open(source)?.repairing(to.repair);
    let as_it_is = matches!(decoder.kind(), FileKind::Wav | FileKind::Aiff | FileKind::Flac)
        && decoder.lossless_bits().is_some_and(|bits| bits <= 24)
        && decoder.sample_rate() == to.song_rate;
    if as_it_is && !to.repair {
        drop(decoder);
        return copy::copy(source, to, progress);
    }
    // A sound file is copied also when repair is allowed.
    if as_it_is && copy::is_whole(source, progress)? {
        drop(decoder);
        return copy::copy(source, to, progress);
    }
    convert::convert(source, decoder, to, progress)
}

/// What both ways share: the names, and the two files that are published together.
struct Landing {
    audio: PartFile,
    audio_folder: PathBuf,
    wanted: String,
    peaks_path: PathBuf,
}

impl Landing {
    fn create(
        source: &Path,
        ending: &str,
        to: &ImportTarget<'_>,
    ) -> Result<(Self, std::fs::File), MediaError> {
        if !to.peaks_folder.is_dir() {
            return Err(MediaError::NoFolder { path: to.peaks_folder.to_owned() });
        }
        let wanted = safe_name(&stem(source), ending);
        let (audio, file) = PartFile::create(&to.audio_folder.join(&wanted))?;
        let peaks_path = peaks::file_for(to.peaks_folder, to.media_id);
        Ok((Self { audio, audio_folder: to.audio_folder.to_owned(), wanted, peaks_path }, file))
    }

    /// Peaks first: they are worth nothing without the audio, and easy to take back.
    fn publish(self, peaks: PeakBuilder, progress: &Progress) -> Result<String, MediaError> {
        progress.check()?;
        peaks.finish()?;
        let published = self.audio.publish_unique(&self.audio_folder, &self.wanted);
        if published.is_err()
            && let Err(error) = std::fs::remove_file(&self.peaks_path)
        {
            tracing::warn!(path = %self.peaks_path.display(), %error, "peaks without audio stay behind");
        }
        published
    }
}

fn stem(source: &Path) -> String {
    source.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
