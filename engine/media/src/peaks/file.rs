//! Reading a peak file.

use std::path::Path;

use super::{
    HEADER_BYTES, LEVELS, MAGIC, POINT, Peak, SECTION, VERSION, point_at, points_in_section, section_bytes,
};
use crate::MediaError;
use crate::files::Positional;

/// An open peak file. Reading allocates nothing that grows.
#[derive(Debug)]
pub struct PeakFile {
    file: Positional,
    channels: u16,
    frames: u64,
    bytes: Vec<u8>,
}

impl PeakFile {
    /// Opens the peaks of a media with this many channels and frames.
    ///
    /// # Errors
    /// [`MediaError::Missing`], [`MediaError::StalePeaks`] (rebuild them then), or as the disk says.
    pub fn open(path: &Path, channels: u16, frames: u64) -> Result<Self, MediaError> {
        let opened = Self::open_growing(path, channels)?;
        if opened.frames == frames {
            Ok(opened)
        } else {
            Err(stale(path, format!("it covers {} frames of {frames}", opened.frames)))
        }
    }

    /// Opens the peaks of a media that is still being recorded, with the frames that were flushed so far.
    ///
    /// # Errors
    /// As [`PeakFile::open`].
    pub fn open_growing(path: &Path, channels: u16) -> Result<Self, MediaError> {
        let file = Positional::open(path)?;
        let Some(header) = file.array::<24>(0)? else { return Err(stale(path, "its header is cut off")) };
        let (magic, rest) = header.split_at(8);
        let number = |at: usize| u32::from_le_bytes([rest[at], rest[at + 1], rest[at + 2], rest[at + 3]]);
        if magic != MAGIC || number(0) != VERSION {
            return Err(stale(path, "it is of another version"));
        }
        if number(4) != u32::from(channels) || channels == 0 {
            return Err(stale(path, "it has another number of channels"));
        }
        let frames = u64::from(number(8)) | u64::from(number(12)) << 32;
        let sections = frames.div_ceil(SECTION);
        let needed = sections.checked_mul(section_bytes(channels)).and_then(|n| n.checked_add(HEADER_BYTES));
        if needed.is_none_or(|needed| file.len() < needed) {
            return Err(stale(path, "it is cut off"));
        }
        Ok(Self { file, channels, frames, bytes: vec![0; points_in_section(0) * POINT] })
    }

    /// Channels.
    pub fn channels(&self) -> u16 {
        self.channels
    }

    /// Frames covered.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Points of a level; the last may cover fewer frames than [`LEVELS`] says.
    pub fn points(&self, level: usize) -> u64 {
        LEVELS.get(level).map_or(0, |frames| self.frames.div_ceil(*frames))
    }

    /// Fills `out` with the points of a channel from `from_point` on, and returns how many there are; the
    /// others are 0. A level or channel that does not exist has no points.
    ///
    /// # Errors
    /// As the disk says.
    pub fn read(
        &mut self,
        level: usize,
        channel: u16,
        from_point: u64,
        out: &mut [Peak],
    ) -> Result<usize, MediaError> {
        out.fill(Peak::default());
        if channel >= self.channels {
            return Ok(0);
        }
        let left = self.points(level).saturating_sub(from_point);
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(out.len());
        let mut done = 0;
        while done < count {
            let point = from_point + done as u64;
            let in_section = points_in_section(level);
            let (section, first) = (point / in_section as u64, (point % in_section as u64) as usize);
            let now = (in_section - first).min(count - done);
            let at = HEADER_BYTES
                + section * section_bytes(self.channels)
                + point_at(self.channels, level, channel, first);
            let bytes = &mut self.bytes[..now * POINT];
            let read = self.file.read(bytes, at)? / POINT;
            for (out, point) in out[done..].iter_mut().zip(bytes.as_chunks::<POINT>().0) {
                let [a, b, c, d, e, f, g, h] = *point;
                *out = Peak { min: f32::from_le_bytes([a, b, c, d]), max: f32::from_le_bytes([e, f, g, h]) };
            }
            done += read.min(now);
            if read < now {
                break;
            }
        }
        Ok(done)
    }
}

fn stale(path: &Path, reason: impl Into<String>) -> MediaError {
    MediaError::StalePeaks { path: path.to_owned(), reason: reason.into() }
}
