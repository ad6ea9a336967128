//! `f32` to integers and bytes.

use super::Encoding;

/// Adding 1.5 × 2^52 to an `f64` rounds it to an integer, half to even, and leaves that integer in the low
/// bits: it vectorises on any x86-64 and ARM, where `round` is a library call without SSE4.1.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// `(sample, 1 if clipped)`; `scale` is 2^(bits−1), at most 2^31.
#[inline(always)]
fn round(sample: f32, scale: f64) -> (i32, u64) {
    let sample = if sample.is_nan() { 0.0 } else { f64::from(sample) };
    let (lowest, highest) = (-scale, scale - 1.0);
    // Clamping before rounding keeps the sum within 2^52; half a step more on each side cannot change what
    // is rounded, only what is clipped.
    let wide = (sample * scale).max(lowest - 1.0).min(highest + 1.0);
    let rounded = (wide + ROUND) - ROUND;
    let clipped = u64::from(rounded < lowest) + u64::from(rounded > highest);
    let kept = rounded.max(lowest).min(highest);
    ((kept + ROUND).to_bits() as i32, clipped)
}

/// Rounds to 16 bits; the flag is 1 if it clipped.
#[inline(always)]
pub fn round_i16(sample: f32) -> (i16, u64) {
    let (value, clipped) = round(sample, 32_768.0);
    (value as i16, clipped)
}

/// Rounds to 24 bits in the low bits of an `i32`, −8,388,608 to 8,388,607; the flag is 1 if it clipped.
#[inline(always)]
pub fn round_i24(sample: f32) -> (i32, u64) {
    round(sample, 8_388_608.0)
}

/// Rounds to 32 bits; the flag is 1 if it clipped.
#[inline(always)]
pub fn round_i32(sample: f32) -> (i32, u64) {
    round(sample, 2_147_483_648.0)
}

/// Rounds to unsigned 8 bits with zero at 128; the flag is 1 if it clipped.
#[inline(always)]
pub fn round_u8(sample: f32) -> (u8, u64) {
    let (value, clipped) = round(sample, 128.0);
    ((value + 128) as u8, clipped)
}

/// Writes one sample into each slot (its first bytes; a slot is at least as wide as the encoding).
#[inline(always)]
pub(super) fn store<'a>(
    encoding: Encoding,
    samples: impl Iterator<Item = f32>,
    slots: impl Iterator<Item = &'a mut [u8]>,
) -> u64 {
    macro_rules! each {
        ($width:literal, |$sample:ident| $bytes_and_clip:expr) => {{
            let mut clipped = 0;
            for ($sample, slot) in samples.zip(slots) {
                let (bytes, clip): ([u8; $width], u64) = $bytes_and_clip;
                clipped += clip;
                if let Some(slot) = slot.first_chunk_mut::<$width>() {
                    *slot = bytes;
                }
            }
            clipped
        }};
    }
    /// The value's bytes beside its flag.
    macro_rules! bytes {
        ($rounded:expr, |$value:ident| $to_bytes:expr) => {{
            let ($value, clip) = $rounded;
            ($to_bytes, clip)
        }};
    }
    match encoding {
        Encoding::U8 => each!(1, |s| bytes!(round_u8(s), |v| [v])),
        Encoding::I8 => each!(1, |s| bytes!(round_u8(s), |v| [v ^ 0x80])),
        Encoding::I16Le => each!(2, |s| bytes!(round_i16(s), |v| v.to_le_bytes())),
        Encoding::I16Be => each!(2, |s| bytes!(round_i16(s), |v| v.to_be_bytes())),
        Encoding::I24Le => each!(3, |s| bytes!(round_i24(s), |v| [v as u8, (v >> 8) as u8, (v >> 16) as u8])),
        Encoding::I24Be => each!(3, |s| bytes!(round_i24(s), |v| [(v >> 16) as u8, (v >> 8) as u8, v as u8])),
        Encoding::I32Le => each!(4, |s| bytes!(round_i32(s), |v| v.to_le_bytes())),
        Encoding::I32Be => each!(4, |s| bytes!(round_i32(s), |v| v.to_be_bytes())),
        Encoding::F32Le => each!(4, |s| (s.to_le_bytes(), 0)),
        Encoding::F32Be => each!(4, |s| (s.to_be_bytes(), 0)),
        Encoding::F64Le => each!(8, |s| (f64::from(s).to_le_bytes(), 0)),
        Encoding::F64Be => each!(8, |s| (f64::from(s).to_be_bytes(), 0)),
    }
}
