//! Export: planar blocks in, a finished file of a chosen kind out.
//!
//! Start at [`Encoder`]. A half-written file never has the final name: it is written beside it, hidden, and
//! published at the end. Blocks on the disk: not for the audio thread.

mod flac;
#[cfg(feature = "mp3")]
mod mp3;
mod wav;

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::MediaError;
use crate::error::OnPath;
use crate::files::PartFile;
use crate::pcm_source::check_shape;
use crate::wav::SampleFormat;

/// The kind of file to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// WAV. 16 bits are dithered; 24 and 32 bits are rounded; floats pass as they are, beyond ±1 too.
    Wav(SampleFormat),
    /// FLAC, up to 8 channels and 96 kHz.
    Flac {
        /// 16 (dithered, the same samples as a 16-bit WAV) or 24 (the same as a 24-bit WAV).
        bits: u8,
    },
    /// MP3 with a constant bit rate, mono or stereo. 44.1, 48 and 32 kHz stay; other rates become 48 kHz.
    Mp3 {
        /// Kilobits a second: 32, 40, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256 or 320.
        kbps: u16,
    },
}

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncodeSpec {
    /// Frames a second of the blocks that come in.
    pub sample_rate: u32,
    /// Channels, 1 to [`crate::MAX_CHANNELS`] (FLAC 8, MP3 2).
    pub channels: u16,
    /// The kind of file.
    pub kind: Kind,
    /// Chooses the dither noise; the same seed and samples give the same bytes.
    pub dither_seed: u64,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The file.
    pub path: PathBuf,
    /// Frames in it, at its own rate.
    pub frames: u64,
    /// Its size.
    pub bytes: u64,
    /// Samples that were out of range and clipped; always 0 for floats.
    pub clipped: u64,
    /// What was done that was not asked for, for people.
    pub note: Option<String>,
}

/// What a sink says when it is done: frames and clipped samples.
struct Done {
    frames: u64,
    clipped: u64,
    note: Option<String>,
}

/// One kind of file being written.
trait Sink: Send {
    /// One plane a channel, all equally long: the encoder checked.
    fn write(&mut self, planes: &[&[f32]]) -> Result<(), MediaError>;

    /// Writes what is left; the file is complete then, but not synced.
    fn finish(self: Box<Self>) -> Result<Done, MediaError>;
}

/// Writes one file; dropped without [`Encoder::finish`] it leaves nothing.
pub struct Encoder {
    sink: Box<dyn Sink>,
    part: PartFile,
    path: PathBuf,
    channels: u16,
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Encoder {
    /// Starts a file that will be `final_path`, replacing what is there when it is finished.
    ///
    /// # Errors
    /// [`MediaError::NoFolder`], `ReadOnly`, `DiskFull`, `TooManyChannels`, `UnsupportedRate`, `CannotEncode`
    /// (MP3 left out of this build; a bit depth or bit rate that does not exist), or as the disk says.
    pub fn create(final_path: &Path, spec: EncodeSpec) -> Result<Self, MediaError> {
        check_shape(final_path, spec.channels, spec.sample_rate)?;
        if final_path.is_dir() || final_path.file_name().is_none() {
            let reason = "a folder has this name: choose another for the file".to_owned();
            return Err(MediaError::CannotEncode { path: final_path.to_owned(), reason });
        }
        let (part, file) = PartFile::create(final_path)?;
        // An error from here on drops `part`, which removes the file.
        let sink = sink(final_path, part.path(), file, &spec)?;
        Ok(Self { sink, part, path: final_path.to_owned(), channels: spec.channels })
    }

    /// Appends a block of any length: one plane a channel, all equally long.
    ///
    /// # Errors
    /// `CannotEncode` for another shape; [`MediaError::DiskFull`] or as the disk says.
    pub fn write(&mut self, planes: &[&[f32]]) -> Result<(), MediaError> {
        let frames = planes.first().map_or(0, |plane| plane.len());
        if planes.len() != usize::from(self.channels) || planes.iter().any(|plane| plane.len() != frames) {
            let reason = format!(
                "a block does not have {} channels of equal length; this is a bug, report it",
                self.channels
            );
            return Err(MediaError::CannotEncode { path: self.path.clone(), reason });
        }
        self.sink.write(planes).map_err(|error| self.about(error))
    }

    /// Completes the file, makes it durable and gives it its name.
    ///
    /// # Errors
    /// As [`Encoder::write`]; nothing is left behind then, and what had the name before is still there.
    pub fn finish(self) -> Result<Encoded, MediaError> {
        let Self { sink, part, path, .. } = self;
        let done = sink.finish().map_err(|error| rename_in(error, part.path(), &path))?;
        let bytes = std::fs::metadata(part.path()).on(&path)?.len();
        part.publish(&path)?;
        Ok(Encoded { path, frames: done.frames, bytes, clipped: done.clipped, note: done.note })
    }

    fn about(&self, error: MediaError) -> MediaError {
        rename_in(error, self.part.path(), &self.path)
    }
}

/// People know the name of the file they asked for, not of the hidden one.
fn rename_in(error: MediaError, part: &Path, path: &Path) -> MediaError {
    let swap = |named: PathBuf| if named == part { path.to_owned() } else { named };
    match error {
        MediaError::DiskFull { path } => MediaError::DiskFull { path: swap(path) },
        MediaError::ReadOnly { path } => MediaError::ReadOnly { path: swap(path) },
        MediaError::Io { path, source } => MediaError::Io { path: swap(path), source },
        error => error,
    }
}

fn sink(path: &Path, part: &Path, file: File, spec: &EncodeSpec) -> Result<Box<dyn Sink>, MediaError> {
    match spec.kind {
        Kind::Wav(format) => Ok(Box::new(wav::WavSink::create(part, file, spec, format)?)),
        Kind::Flac { bits } => Ok(Box::new(flac::FlacSink::create(path, part, file, spec, bits)?)),
        #[cfg(feature = "mp3")]
        Kind::Mp3 { kbps } => Ok(Box::new(mp3::Mp3Sink::create(path, part, file, spec, kbps)?)),
        #[cfg(not(feature = "mp3"))]
        Kind::Mp3 { .. } => {
            let reason =
                "this program was built without MP3: export WAV or FLAC, or build with the feature \"mp3\"";
            Err(MediaError::CannotEncode { path: path.to_owned(), reason: reason.to_owned() })
        }
    }
}

#[cfg(test)]
mod tests;
