//! Making a peak file, at once or while its media grows.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use super::{HEADER_BYTES, LEVELS, MAGIC, POINT, Peak, SECTION, VERSION, points_before, section_bytes};
use crate::MediaError;
use crate::error::OnPath;
use crate::files::{PartFile, folder_of, write_counted};

/// Takes the frames of a media in order and writes their peaks.
///
/// [`PeakBuilder::create`] publishes the file at the end; [`PeakBuilder::grow`] writes under the final name from
/// the start, for what is being recorded: after each [`PeakBuilder::flush`] readers see all frames so far.
#[derive(Debug)]
pub struct PeakBuilder {
    file: File,
    path: PathBuf,
    part: Option<PartFile>,
    channels: u16,
    frames: u64,
    /// The points of the section being filled, as in the file; `None` where no frame fell yet.
    section: Vec<Option<Peak>>,
    bytes: Vec<u8>,
}

impl PeakBuilder {
    /// A file that appears under its name when it is finished, and not at all if this is dropped before.
    ///
    /// # Errors
    /// [`MediaError::NoFolder`], or as the disk says.
    pub fn create(path: &Path, channels: u16) -> Result<Self, MediaError> {
        let (part, file) = PartFile::create(path)?;
        Self::on_file(file, path, Some(part), channels)
    }

    /// A file that is there from the start and grows with its media.
    ///
    /// # Errors
    /// [`MediaError::NoFolder`], or as the disk says.
    pub fn grow(path: &Path, channels: u16) -> Result<Self, MediaError> {
        folder_of(path)?;
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(path).on(path)?;
        Self::on_file(file, path, None, channels)
    }

    fn on_file(file: File, path: &Path, part: Option<PartFile>, channels: u16) -> Result<Self, MediaError> {
        crate::pcm_source::check_shape(path, channels, 48_000)?;
        let section = vec![None; points_before(LEVELS.len()) * usize::from(channels)];
        let builder =
            Self { file, path: path.to_owned(), part, channels, frames: 0, section, bytes: Vec::new() };
        builder.write_header()?;
        Ok(builder)
    }

    /// Adds a block: one plane a channel, all equally long.
    ///
    /// # Errors
    /// As the disk says when a section is full and is written.
    pub fn push(&mut self, planes: &[&[f32]]) -> Result<(), MediaError> {
        let frames = planes.iter().map(|plane| plane.len()).min().unwrap_or(0);
        let finest = LEVELS[0];
        let mut done = 0;
        while done < frames {
            let within = self.frames % SECTION;
            let now = ((finest - within % finest) as usize).min(frames - done);
            for (channel, plane) in planes.iter().enumerate().take(usize::from(self.channels)) {
                let peak = peak_of(&plane[done..done + now]);
                self.add(channel, within, peak);
            }
            done += now;
            self.frames += now as u64;
            if self.frames.is_multiple_of(SECTION) {
                self.write_section(self.frames / SECTION - 1)?;
                self.section.fill(None);
            }
        }
        Ok(())
    }

    /// Merges the peak of a stretch that begins `within` the section into the point of every level.
    fn add(&mut self, channel: usize, within: u64, peak: Peak) {
        for (level, frames) in LEVELS.iter().enumerate() {
            let in_level = (SECTION / frames) as usize;
            let first = points_before(level) * usize::from(self.channels) + in_level * channel;
            let point = &mut self.section[first + (within / frames) as usize];
            *point = Some(match *point {
                None => peak,
                Some(old) => Peak { min: old.min.min(peak.min), max: old.max.max(peak.max) },
            });
        }
    }

    /// Writes what is there of the last section and the header: readers see all frames so far.
    ///
    /// # Errors
    /// As the disk says.
    pub fn flush(&mut self) -> Result<(), MediaError> {
        if !self.frames.is_multiple_of(SECTION) {
            self.write_section(self.frames / SECTION)?;
        }
        self.write_header()
    }

    /// Frames taken so far.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Flushes; a file made by [`PeakBuilder::create`] gets its name now.
    ///
    /// # Errors
    /// As the disk says; a file made by [`PeakBuilder::create`] is then gone.
    pub fn finish(mut self) -> Result<(), MediaError> {
        self.flush()?;
        match self.part.take() {
            Some(part) => part.publish(&self.path),
            None => Ok(()),
        }
    }

    fn write_section(&mut self, index: u64) -> Result<(), MediaError> {
        self.bytes.clear();
        self.bytes.reserve(self.section.len() * POINT);
        for point in &self.section {
            let Peak { min, max } = point.unwrap_or_default();
            self.bytes.extend_from_slice(&min.to_le_bytes());
            self.bytes.extend_from_slice(&max.to_le_bytes());
        }
        let at = HEADER_BYTES + index * section_bytes(self.channels);
        write_counted(&self.file, &self.bytes, at).1.on(&self.path)
    }

    fn write_header(&self) -> Result<(), MediaError> {
        let mut header = Vec::with_capacity(HEADER_BYTES as usize);
        header.extend_from_slice(&MAGIC);
        header.extend_from_slice(&VERSION.to_le_bytes());
        header.extend_from_slice(&u32::from(self.channels).to_le_bytes());
        header.extend_from_slice(&self.frames.to_le_bytes());
        header.resize(HEADER_BYTES as usize, 0);
        write_counted(&self.file, &header, 0).1.on(&self.path)
    }
}

/// NaN is left out; it is nowhere in a waveform.
fn peak_of(samples: &[f32]) -> Peak {
    let mut peak = Peak { min: f32::INFINITY, max: f32::NEG_INFINITY };
    for sample in samples {
        peak.min = peak.min.min(*sample);
        peak.max = peak.max.max(*sample);
    }
    if peak.min > peak.max { Peak::default() } else { peak }
}
