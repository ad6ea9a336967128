//! Recording to disk so that nothing is lost: a WAV file that is valid after every flush, and that is mended
//! after a crash.
//!
//! Start at [`CaptureFile`]; [`recover`] mends what a crash left. Used by the capture writer thread, never by
//! the audio thread: everything here blocks on the disk.

mod recover;

use std::fs::OpenOptions;
use std::path::Path;

pub use recover::recover;

use crate::MediaError;
use crate::error::OnPath;
use crate::files::{folder_of, sync_folder};
use crate::wav::{Bext, RF64_FROM, SampleFormat, WavSpec, WavWriter};

/// The shape and place of a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureSpec {
    /// Frames a second.
    pub sample_rate: u32,
    /// Channels, 1 to [`crate::MAX_CHANNELS`].
    pub channels: u16,
    /// [`SampleFormat::Int24`] by default, [`SampleFormat::Float32`] by choice.
    pub format: SampleFormat,
    /// Samples from the start of the song to the first frame (Broadcast Wave time stamp).
    pub time_reference: u64,
    /// What is recorded, for other programs: at most 256 bytes are kept.
    pub description: String,
}

/// What a capture came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FinishedCapture {
    /// Frames in the file.
    pub frames: u64,
    /// Samples that were out of range and clipped.
    pub clipped: u64,
}

/// One capture, growing.
///
/// Integers are rounded half to even; a sample is clipped, and counted, when its rounded value is out of range
/// (+1.0 is, by one step). Floats are kept as they are. Every append goes to the operating system before it
/// returns, so that a killed program loses none of it; the header follows at [`CaptureFile::flush`], and
/// [`recover`] does without it.
#[derive(Debug)]
pub struct CaptureFile {
    wav: WavWriter,
    silence: Vec<f32>,
}

impl CaptureFile {
    /// Makes the file and writes its header.
    ///
    /// # Errors
    /// [`MediaError::NoFolder`], `ReadOnly`, `DiskFull`, `TooManyChannels`, `UnsupportedRate`, or as the disk
    /// says; also when there is a file of this name already, which stays as it is.
    pub fn create(path: &Path, spec: CaptureSpec) -> Result<Self, MediaError> {
        Self::with_threshold(path, spec, RF64_FROM)
    }

    /// As [`CaptureFile::create`], with another file size from which RF64 is used.
    pub fn with_threshold(path: &Path, spec: CaptureSpec, rf64_from: u64) -> Result<Self, MediaError> {
        let CaptureSpec { sample_rate, channels, format, time_reference, description } = spec;
        let bext = Bext { description, time_reference };
        let spec = WavSpec { sample_rate, channels, format };
        let folder = folder_of(path)?;
        // Never over a file that is there: it may be somebody's take.
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(path).on(path)?;
        let wav = WavWriter::on_file(file, path, spec, Some(bext), rf64_from)?.ungathered();
        // Its name, too, must outlive a power cut.
        sync_folder(&folder)?;
        Ok(Self { wav, silence: vec![0.0; usize::from(channels) * 4_096] })
    }

    /// Appends interleaved frames.
    ///
    /// # Errors
    /// [`MediaError::DiskFull`] or as the disk says. The whole frames of this block that still fitted are kept,
    /// everything before it too, and [`CaptureFile::finish`] still works; [`CaptureFile::frames`] says how much
    /// there is. Stop then: a later append that succeeds would lie too early by what was lost.
    pub fn append_interleaved(&mut self, samples: &[f32]) -> Result<(), MediaError> {
        self.wav.write_interleaved(samples)
    }

    /// Appends silence: where blocks were dropped, so that what follows lies in its place.
    ///
    /// # Errors
    /// As [`CaptureFile::append_interleaved`].
    pub fn append_silence(&mut self, frames: u64) -> Result<(), MediaError> {
        let channels = u64::from(self.wav.spec().channels);
        let mut left = frames;
        while left > 0 {
            let now = left.min(4_096);
            self.wav.write_interleaved(&self.silence[..(now * channels) as usize])?;
            left -= now;
        }
        Ok(())
    }

    /// Brings the header up to date: the file is valid at this moment for any program.
    ///
    /// # Errors
    /// As the disk says.
    pub fn flush(&mut self) -> Result<(), MediaError> {
        self.wav.flush()
    }

    /// Waits until what was flushed has reached the disk itself (`fdatasync`), so that it survives a power cut.
    ///
    /// # Errors
    /// As the disk says.
    pub fn sync(&self) -> Result<(), MediaError> {
        self.wav.sync()
    }

    /// Frames in the file.
    pub fn frames(&self) -> u64 {
        self.wav.frames()
    }

    /// Samples clipped so far.
    pub fn clipped(&self) -> u64 {
        self.wav.clipped()
    }

    /// Flushes, syncs and closes.
    ///
    /// # Errors
    /// As the disk says; the file is then valid as of the last flush, and [`recover`] finds the rest.
    pub fn finish(self) -> Result<FinishedCapture, MediaError> {
        let clipped = self.clipped();
        let frames = self.wav.finish()?;
        Ok(FinishedCapture { frames, clipped })
    }
}

#[cfg(test)]
mod tests;
