//! Writing a WAV file, valid whenever it was flushed.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use dawg_dsp::pcm;

use super::{Bext, Header, RF64_FROM, WavSpec};
use crate::MediaError;
use crate::error::OnPath;
use crate::files::{folder_of, write_counted};
use crate::pcm_source::check_shape;

/// Bytes gathered before they go to the operating system.
const GATHER: usize = 256 << 10;

/// Writes one WAV file from planar or interleaved blocks of any size.
///
/// RF64 once the whole file passes 4 GiB. Integers are rounded half to even, out-of-range samples are clipped
/// and counted; floats pass as they are. Dropping it without [`WavWriter::finish`] leaves a file whose header
/// is as old as the last flush. Blocks on the disk: not for the audio thread.
#[derive(Debug)]
pub struct WavWriter {
    file: File,
    path: PathBuf,
    header: Header,
    start: u64,
    /// Bytes of samples that the operating system has: whole frames.
    written: u64,
    /// Encoded frames that it has not.
    waiting: Vec<u8>,
    gather: usize,
    clipped: u64,
}

impl WavWriter {
    /// Makes (or empties) the file and writes its header.
    ///
    /// # Errors
    /// [`MediaError::NoFolder`], `TooManyChannels`, `UnsupportedRate`, or as the disk says.
    pub fn create(path: &Path, spec: WavSpec, bext: Option<Bext>) -> Result<Self, MediaError> {
        Self::with_threshold(path, spec, bext, RF64_FROM)
    }

    /// As [`WavWriter::create`], with another file size from which RF64 is used (so that tests need no 4 GiB).
    pub fn with_threshold(
        path: &Path,
        spec: WavSpec,
        bext: Option<Bext>,
        rf64_from: u64,
    ) -> Result<Self, MediaError> {
        folder_of(path)?;
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path).on(path)?;
        Self::on_file(file, path, spec, bext, rf64_from)
    }

    /// As [`WavWriter::with_threshold`], on an empty file that is open already.
    pub(crate) fn on_file(
        file: File,
        path: &Path,
        spec: WavSpec,
        bext: Option<Bext>,
        rf64_from: u64,
    ) -> Result<Self, MediaError> {
        check_shape(path, spec.channels, spec.sample_rate)?;
        let header = Header { spec, bext, rf64_from };
        let bytes = header.bytes(0);
        let mut writer = Self {
            file,
            path: path.to_owned(),
            start: bytes.len() as u64,
            header,
            written: 0,
            waiting: Vec::new(),
            gather: GATHER,
            clipped: 0,
        };
        writer.write_header()?;
        Ok(writer)
    }

    /// Sends every block to the operating system at once, so that what one append could not write costs none
    /// of those before it.
    pub(crate) fn ungathered(mut self) -> Self {
        self.gather = 0;
        self
    }

    /// Appends a block: one plane a channel, all equally long.
    ///
    /// # Errors
    /// `CannotEncode` for another number of planes; a full disk as in [`WavWriter::flush`].
    pub fn write_planar(&mut self, planes: &[&[f32]]) -> Result<(), MediaError> {
        let frames = planes.first().map_or(0, |plane| plane.len());
        self.expect(
            planes.len() == usize::from(self.spec().channels) && planes.iter().all(|p| p.len() == frames),
        )?;
        let room = self.grow(frames);
        self.clipped += pcm::interleave(self.spec().format.encoding(), planes, &mut self.waiting[room..]);
        self.pass_on(self.gather)
    }

    /// Appends interleaved frames.
    ///
    /// # Errors
    /// `CannotEncode` for a part of a frame; a full disk as in [`WavWriter::flush`].
    pub fn write_interleaved(&mut self, samples: &[f32]) -> Result<(), MediaError> {
        let channels = usize::from(self.spec().channels);
        self.expect(samples.len().is_multiple_of(channels))?;
        let room = self.grow(samples.len() / channels);
        self.clipped += pcm::pack(self.spec().format.encoding(), samples, &mut self.waiting[room..]);
        self.pass_on(self.gather)
    }

    /// Gives everything to the operating system and brings the header up to date: the file is valid now, also
    /// if the program is killed.
    ///
    /// # Errors
    /// As the disk says. When it is full, the frames that still fit are kept, those that did not are gone, and
    /// the file is valid with what is there; [`WavWriter::frames`] says how much that is.
    pub fn flush(&mut self) -> Result<(), MediaError> {
        let passed = self.pass_on(0);
        self.write_header()?;
        passed
    }

    /// Waits until everything flushed has reached the disk itself (`fdatasync`).
    ///
    /// # Errors
    /// As the disk says.
    pub fn sync(&self) -> Result<(), MediaError> {
        self.file.sync_data().on(&self.path)
    }

    /// Frames appended and not lost.
    pub fn frames(&self) -> u64 {
        (self.written + self.waiting.len() as u64) / self.spec().frame_bytes() as u64
    }

    /// Samples that were out of range and clipped.
    pub fn clipped(&self) -> u64 {
        self.clipped
    }

    /// The shape.
    pub fn spec(&self) -> WavSpec {
        self.header.spec
    }

    /// Flushes and syncs; returns the number of frames.
    ///
    /// # Errors
    /// As [`WavWriter::flush`] and [`WavWriter::sync`].
    pub fn finish(mut self) -> Result<u64, MediaError> {
        let flushed = self.flush();
        // What could be written is brought to the disk, also when the header could not.
        self.sync()?;
        flushed?;
        Ok(self.frames())
    }

    fn expect(&self, fits: bool) -> Result<(), MediaError> {
        if fits {
            return Ok(());
        }
        let reason = format!(
            "a block does not have {} channels of equal length; this is a bug, report it",
            self.spec().channels
        );
        Err(MediaError::CannotEncode { path: self.path.clone(), reason })
    }

    /// Makes room for `frames` at the end of what waits, and returns where it begins.
    fn grow(&mut self, frames: usize) -> usize {
        let room = self.waiting.len();
        self.waiting.resize(room + frames * self.spec().frame_bytes(), 0);
        room
    }

    /// Hands what waits to the operating system if it is more than `limit` bytes.
    fn pass_on(&mut self, limit: usize) -> Result<(), MediaError> {
        if self.waiting.is_empty() || self.waiting.len() <= limit {
            return Ok(());
        }
        let (done, outcome) = write_counted(&self.file, &self.waiting, self.start + self.written);
        let frame = self.spec().frame_bytes();
        self.written += (done - done % frame) as u64;
        self.waiting.clear();
        outcome.map_err(|error| {
            // Part of a frame may lie at the end: cut it off, so that length and header agree.
            if let Err(error) = self.file.set_len(self.start + self.written) {
                tracing::warn!(path = %self.path.display(), %error, "part of a frame stays at the end");
            }
            MediaError::io(&self.path, error)
        })
    }

    fn write_header(&mut self) -> Result<(), MediaError> {
        let frames = self.written / self.spec().frame_bytes() as u64;
        if self.written % 2 == 1 {
            // RIFF chunks have even lengths. The next frame overwrites this; when the disk is full, a missing
            // pad byte at the very end is no reason to fail.
            let _ = write_counted(&self.file, &[0], self.start + self.written);
        }
        write_counted(&self.file, &self.header.bytes(frames), 0).1.on(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::recover;
    use crate::wav::SampleFormat;

    fn spec() -> WavSpec {
        WavSpec { sample_rate: 48_000, channels: 1, format: SampleFormat::Int24 }
    }

    /// A capture of 1,500 frames, the header of which knows 1,000.
    fn behind(path: &Path) -> (WavWriter, Vec<f32>) {
        let sung: Vec<f32> = (0..1_500).map(|frame| frame as f32 / 8_192.0).collect();
        let mut writer = WavWriter::create(path, spec(), None).unwrap().ungathered();
        writer.write_interleaved(&sung[..1_000]).unwrap();
        writer.flush().unwrap();
        writer.write_interleaved(&sung[1_000..]).unwrap();
        (writer, sung)
    }

    // Seen red: with `recover` that believes the header.
    #[test]
    fn a_header_that_cannot_be_written_costs_no_sample() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take.wav");
        let (mut writer, sung) = behind(&path);
        // Nothing can be written through it from here on.
        writer.file = File::open(&path).unwrap();
        writer.finish().unwrap_err();
        assert_eq!(recover(&path).unwrap(), 1_500);
        let mut mended = hound::WavReader::open(&path).unwrap();
        let there: Vec<f32> = mended.samples::<i32>().map(|it| it.unwrap() as f32 / 8_388_608.0).collect();
        assert_eq!(there, sung);
    }

    // Seen red: with the header's error given back before the disk is asked.
    #[test]
    fn the_disk_is_asked_for_its_word_also_when_the_header_failed() {
        let folder = tempfile::tempdir().unwrap();
        let (mut writer, _) = behind(&folder.path().join("take.wav"));
        // It takes no header (EBADF), and has no disk behind it that could give its word (EINVAL).
        writer.file = File::open("/dev/null").unwrap();
        let MediaError::Io { source, .. } = writer.finish().unwrap_err() else { panic!("another error") };
        assert_eq!(source.kind(), std::io::ErrorKind::InvalidInput, "{source}");
    }
}
