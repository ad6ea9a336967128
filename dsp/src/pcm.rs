//! PCM: samples as bytes in files, and back.
//!
//! Start at [`Encoding`], then [`deinterleave`] and [`interleave`]. Bytes are interleaved (all channels of
//! frame 0, then of frame 1 …), samples are planar `f32` with full scale ±1. Integers of n bits are scaled by
//! 1/2^(n−1), so that −1.0 is the lowest integer and every value up to 24 bits survives the way to `f32` and
//! back exactly.
//!
//! `f32` → integer rounds half to even and clips to the range; a sample is counted as clipped when its rounded
//! value lay outside (so +1.0 is: the highest integer is one step below it). NaN becomes 0.
//!
//! Real-time safe: arithmetic only, no state, no allocation.

mod quantise;
mod unpack;

pub use quantise::{round_i16, round_i24, round_i32, round_u8};

/// How one sample is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Unsigned 8-bit with its zero at 128 (WAV).
    U8,
    /// Signed 8-bit (AIFF).
    I8,
    /// 16-bit, little endian.
    I16Le,
    /// 16-bit, big endian.
    I16Be,
    /// 24-bit in three bytes, little endian.
    I24Le,
    /// 24-bit in three bytes, big endian.
    I24Be,
    /// 32-bit, little endian.
    I32Le,
    /// 32-bit, big endian.
    I32Be,
    /// 32-bit IEEE float, little endian.
    F32Le,
    /// 32-bit IEEE float, big endian.
    F32Be,
    /// 64-bit IEEE float, little endian.
    F64Le,
    /// 64-bit IEEE float, big endian.
    F64Be,
}

impl Encoding {
    /// Bytes of one sample: 1 to 8.
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::I16Le | Self::I16Be => 2,
            Self::I24Le | Self::I24Be => 3,
            Self::I32Le | Self::I32Be | Self::F32Le | Self::F32Be => 4,
            Self::F64Le | Self::F64Be => 8,
        }
    }

    /// Bits of one sample.
    pub const fn bits(self) -> u8 {
        self.bytes() as u8 * 8
    }

    /// Whether samples are IEEE floats, which may exceed ±1 and may be NaN.
    pub const fn is_float(self) -> bool {
        matches!(self, Self::F32Le | Self::F32Be | Self::F64Le | Self::F64Be)
    }
}

/// Decodes interleaved `bytes` into `planes[c][at..at + n]` and returns n, the number of frames: as many as
/// `bytes` holds whole and every plane has room for.
///
/// 32-bit integers and 64-bit floats are rounded to the nearest `f32`. Floats pass as they are, NaN too.
pub fn deinterleave(encoding: Encoding, bytes: &[u8], planes: &mut [&mut [f32]], at: usize) -> usize {
    unpack::deinterleave(encoding, bytes, planes, at)
}

/// Encodes all of `planes` (equally long; the shortest counts) as interleaved bytes at the start of `bytes`,
/// and returns how many samples were clipped. What does not fit into `bytes` is left out.
///
/// Floats pass as they are and never count as clipped.
pub fn interleave(encoding: Encoding, planes: &[&[f32]], bytes: &mut [u8]) -> u64 {
    let channels = planes.len();
    let width = encoding.bytes();
    if channels == 0 {
        return 0;
    }
    let mut clipped = 0;
    for (channel, plane) in planes.iter().enumerate() {
        let slots = bytes.chunks_exact_mut(width * channels).map(|frame| &mut frame[channel * width..]);
        clipped += quantise::store(encoding, plane.iter().copied(), slots);
    }
    clipped
}

/// Encodes samples in the order they are in (already interleaved, or of one channel) and returns how many
/// were clipped. What does not fit into `bytes` is left out.
pub fn pack(encoding: Encoding, samples: &[f32], bytes: &mut [u8]) -> u64 {
    quantise::store(encoding, samples.iter().copied(), bytes.chunks_exact_mut(encoding.bytes()))
}

#[cfg(test)]
mod tests;
