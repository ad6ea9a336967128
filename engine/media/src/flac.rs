//! FLAC as a [`Source`]: sample-accurate random access, with consecutive reads as fast as decoding.

use std::path::Path;

use crate::demux::Demux;
use crate::{MediaError, Source};

/// A read this many frames ahead decodes up to there; further ahead it seeks. FLAC blocks have 4,096 frames as
/// a rule, and a seek costs about ten reads of them.
const NEAR: u64 = 32_768;

/// A FLAC file and the block that was decoded last.
pub(crate) struct FlacSource {
    demux: Demux,
    path: std::path::PathBuf,
    frames: u64,
    /// The block in `demux.planes`.
    block_at: u64,
    block_frames: u64,
    /// From here to `block_at` the stream has nothing (a damaged frame was skipped): silence.
    gap_at: u64,
}

impl FlacSource {
    pub(crate) fn open(path: &Path) -> Result<Self, MediaError> {
        let demux = Demux::open(path, false)?;
        let frames = match demux.promised {
            Some(frames) => frames,
            None => count(path)?,
        };
        Ok(Self { demux, path: path.to_owned(), frames, block_at: 0, block_frames: 0, gap_at: 0 })
    }

    fn block_end(&self) -> u64 {
        self.block_at + self.block_frames
    }

    /// Decodes the next block; false at the end.
    fn advance(&mut self) -> Result<bool, MediaError> {
        let end = self.block_end();
        let Some(block) = self.demux.next()? else { return Ok(false) };
        self.gap_at = end;
        self.block_at = u64::try_from(block.at).unwrap_or(0);
        self.block_frames = block.frames as u64;
        Ok(true)
    }

    fn seek(&mut self, frame: u64) -> Result<(), MediaError> {
        self.demux.seek(frame)?;
        (self.block_at, self.block_frames, self.gap_at) = (frame, 0, frame);
        Ok(())
    }
}

/// The length of a stream whose header does not know it.
fn count(path: &Path) -> Result<u64, MediaError> {
    let mut demux = Demux::open(path, false)?;
    let mut frames = 0;
    while let Some(block) = demux.next()? {
        frames = frames.max(u64::try_from(block.at).unwrap_or(0) + block.frames as u64);
    }
    Ok(frames)
}

impl Source for FlacSource {
    fn channels(&self) -> u16 {
        self.demux.channels
    }

    fn frames(&self) -> u64 {
        self.frames
    }

    fn sample_rate(&self) -> u32 {
        self.demux.rate
    }

    fn read(&mut self, from: u64, planes: &mut [&mut [f32]]) -> Result<usize, MediaError> {
        let wanted = crate::source::prepare(self.demux.channels, planes, &self.path)?;
        let there = usize::try_from(self.frames.saturating_sub(from)).unwrap_or(usize::MAX).min(wanted);
        let mut done = 0;
        while done < there {
            let at = from + done as u64;
            if at >= self.block_at && at < self.block_end() {
                let offset = (at - self.block_at) as usize;
                let n = (self.block_frames as usize - offset).min(there - done);
                for (plane, block) in planes.iter_mut().zip(&self.demux.planes) {
                    plane[done..done + n].copy_from_slice(&block[offset..offset + n]);
                }
                done += n;
            } else if at >= self.gap_at && at < self.block_at {
                let n = usize::try_from(self.block_at - at).unwrap_or(usize::MAX).min(there - done);
                planes.iter_mut().for_each(|plane| plane[done..done + n].fill(0.0));
                done += n;
            } else if at < self.block_at || at > self.block_end() + NEAR {
                self.seek(at)?;
            } else if !self.advance()? {
                break; // the stream ends before its header says: the rest is silent
            }
        }
        for plane in planes {
            plane[done..].fill(0.0);
        }
        Ok(done)
    }
}
