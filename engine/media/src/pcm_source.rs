//! Random access to uncompressed samples in a file: what WAV and AIFF have in common.

use std::path::Path;

use dawg_dsp::pcm::{self, Encoding};

use crate::error::{MAX_CHANNELS, RATES};
use crate::files::Positional;
use crate::{MediaError, Source};

/// Bytes read at once. Small enough to stay in the second-level cache until it is decoded.
const SCRATCH: usize = 128 << 10;

/// Where the samples lie in a file and how they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PcmLayout {
    /// Byte of the first sample.
    pub(crate) start: u64,
    pub(crate) frames: u64,
    pub(crate) channels: u16,
    pub(crate) rate: u32,
    pub(crate) encoding: Encoding,
}

/// Refuses channel counts and rates that nothing here can handle.
pub(crate) fn check_shape(path: &Path, channels: u16, rate: u32) -> Result<(), MediaError> {
    if channels == 0 {
        return Err(MediaError::NoAudio { path: path.to_owned() });
    }
    if channels > MAX_CHANNELS {
        let path = path.to_owned();
        return Err(MediaError::TooManyChannels { path, channels: channels.into(), limit: MAX_CHANNELS });
    }
    if !RATES.contains(&rate) {
        return Err(MediaError::UnsupportedRate { path: path.to_owned(), rate });
    }
    Ok(())
}

/// A [`Source`] of uncompressed samples, read by position: any order costs the same.
#[derive(Debug)]
pub(crate) struct PcmSource {
    file: Positional,
    layout: PcmLayout,
    scratch: Vec<u8>,
}

impl PcmSource {
    pub(crate) fn new(file: Positional, layout: PcmLayout) -> Self {
        let frame = layout.encoding.bytes() * usize::from(layout.channels);
        let scratch = vec![0; (SCRATCH / frame).max(1) * frame];
        Self { file, layout, scratch }
    }
}

impl Source for PcmSource {
    fn channels(&self) -> u16 {
        self.layout.channels
    }

    fn frames(&self) -> u64 {
        self.layout.frames
    }

    fn sample_rate(&self) -> u32 {
        self.layout.rate
    }

    fn read(&mut self, from: u64, planes: &mut [&mut [f32]]) -> Result<usize, MediaError> {
        let wanted = crate::source::prepare(self.layout.channels, planes, self.file.path())?;
        let there =
            usize::try_from(self.layout.frames.saturating_sub(from)).unwrap_or(usize::MAX).min(wanted);
        let frame = self.layout.encoding.bytes() * planes.len();
        let mut done = 0;
        while done < there {
            let bytes = (self.scratch.len() / frame).min(there - done) * frame;
            let at = self.layout.start + (from + done as u64) * frame as u64;
            let read = self.file.read(&mut self.scratch[..bytes], at)?;
            let got = pcm::deinterleave(self.layout.encoding, &self.scratch[..read], planes, done);
            done += got;
            if read < bytes {
                break; // the file became shorter while it was open: the rest is silent
            }
        }
        for plane in planes {
            plane[done..].fill(0.0);
        }
        Ok(done)
    }
}
