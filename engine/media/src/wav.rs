//! WAV files: our own reader and writer, because captures must be valid while they grow and nothing may stop
//! at 4 GiB (RF64, EBU Tech 3306), and because the Broadcast Wave time stamp (`bext`, EBU Tech 3285) is kept.
//!
//! Start at [`WavWriter`] to write; reading goes through [`crate::source::open`].

mod header;
mod parse;
mod writer;

use dawg_dsp::pcm::Encoding;

pub(crate) use header::Header;
pub use header::RF64_FROM;
pub(crate) use parse::{Extent, is_wav, parse};
pub use writer::WavWriter;

/// How the samples of a WAV file are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SampleFormat {
    /// 16-bit integers.
    Int16,
    /// 24-bit integers.
    Int24,
    /// 32-bit integers.
    Int32,
    /// 32-bit floats, which may exceed ±1.
    Float32,
}

impl SampleFormat {
    /// The encoding in the file.
    pub const fn encoding(self) -> Encoding {
        match self {
            Self::Int16 => Encoding::I16Le,
            Self::Int24 => Encoding::I24Le,
            Self::Int32 => Encoding::I32Le,
            Self::Float32 => Encoding::F32Le,
        }
    }

    /// Bytes of one sample.
    pub const fn bytes(self) -> usize {
        self.encoding().bytes()
    }

    /// Bits of one sample.
    pub const fn bits(self) -> u8 {
        self.encoding().bits()
    }
}

/// The shape of a WAV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WavSpec {
    /// Frames a second, 1,000 to 768,000.
    pub sample_rate: u32,
    /// Channels, 1 to [`crate::MAX_CHANNELS`].
    pub channels: u16,
    /// How samples are stored.
    pub format: SampleFormat,
}

impl WavSpec {
    /// Bytes of one frame.
    pub fn frame_bytes(&self) -> usize {
        usize::from(self.channels) * self.format.bytes()
    }
}

/// The Broadcast Wave extension that is written: where the file lies in time and what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bext {
    /// What the file is; the first 256 bytes are kept.
    pub description: String,
    /// Samples from the start of the song to the file's first frame.
    pub time_reference: u64,
}

#[cfg(test)]
mod tests;
