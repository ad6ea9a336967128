//! Bytes to planar `f32`. 24-bit little endian in one and two channels is the hot loop of an export of a
//! hundred tracks, so it has loops of its own.

use super::Encoding;

/// 2^−31: an integer moved to the top of an `i32` times this is the sample, whatever its width.
const TOP: f32 = 1.0 / 2_147_483_648.0;

pub(super) fn deinterleave(encoding: Encoding, bytes: &[u8], planes: &mut [&mut [f32]], at: usize) -> usize {
    let stride = encoding.bytes() * planes.len();
    if stride == 0 {
        return 0;
    }
    let room = planes.iter().map(|plane| plane.len().saturating_sub(at)).min().unwrap_or(0);
    let frames = (bytes.len() / stride).min(room);
    if frames == 0 {
        return 0; // `at` may lie beyond the planes
    }
    let bytes = &bytes[..frames * stride];
    match (encoding, planes) {
        (Encoding::I24Le, [mono]) => i24_mono(bytes, &mut mono[at..at + frames]),
        (Encoding::I24Le, [left, right]) => {
            i24_stereo(bytes, &mut left[at..at + frames], &mut right[at..at + frames]);
        }
        (_, planes) => {
            for (channel, plane) in planes.iter_mut().enumerate() {
                any(encoding, bytes, stride, channel * encoding.bytes(), &mut plane[at..at + frames]);
            }
        }
    }
    frames
}

#[inline(always)]
fn one(bytes: &[u8]) -> f32 {
    match bytes {
        [a, b, c, ..] => i32::from_le_bytes([0, *a, *b, *c]) as f32 * TOP,
        _ => 0.0,
    }
}

/// The four bytes from `at` on. Overlapping word loads, shifted into place, beat single bytes twice over.
#[inline(always)]
fn word(bytes: &[u8; 12], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn i24_mono(bytes: &[u8], out: &mut [f32]) {
    let (quads, rest) = bytes.as_chunks::<12>();
    let (out_quads, out_rest) = out.as_chunks_mut::<4>();
    for (quad, out) in quads.iter().zip(out_quads) {
        // The last one ends with the chunk, so it begins a byte early.
        let words = [word(quad, 0), word(quad, 3), word(quad, 6), word(quad, 8) >> 8];
        *out = words.map(|word| (word << 8) as i32 as f32 * TOP);
    }
    for (sample, out) in rest.chunks_exact(3).zip(out_rest) {
        *out = one(sample);
    }
}

/// The eight bytes from `at` on: a frame of two samples in the lower six.
#[inline(always)]
fn frame(bytes: &[u8; 24], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

fn i24_stereo(bytes: &[u8], left: &mut [f32], right: &mut [f32]) {
    let (quads, rest) = bytes.as_chunks::<24>();
    let (left_quads, left_rest) = left.as_chunks_mut::<4>();
    let (right_quads, right_rest) = right.as_chunks_mut::<4>();
    for ((quad, left), right) in quads.iter().zip(left_quads).zip(right_quads) {
        let frames = [frame(quad, 0), frame(quad, 6), frame(quad, 12), frame(quad, 16) >> 16];
        *left = frames.map(|frame| ((frame << 8) as u32) as i32 as f32 * TOP);
        *right = frames.map(|frame| ((frame >> 16) as u32 & 0xffff_ff00) as i32 as f32 * TOP);
    }
    for ((frame, left), right) in rest.chunks_exact(6).zip(left_rest).zip(right_rest) {
        *left = one(frame);
        *right = one(&frame[3..]);
    }
}

/// One channel of any encoding: samples at `offset` in every `stride` bytes.
fn any(encoding: Encoding, bytes: &[u8], stride: usize, offset: usize, out: &mut [f32]) {
    macro_rules! each {
        ($width:literal, |$bytes:ident| $sample:expr) => {
            for (frame, out) in bytes.chunks_exact(stride).zip(out) {
                if let Some($bytes) = frame[offset..].first_chunk::<$width>() {
                    *out = $sample;
                }
            }
        };
    }
    match encoding {
        Encoding::U8 => each!(1, |b| (f32::from(b[0]) - 128.0) / 128.0),
        Encoding::I8 => each!(1, |b| f32::from(b[0] as i8) / 128.0),
        Encoding::I16Le => each!(2, |b| f32::from(i16::from_le_bytes(*b)) / 32_768.0),
        Encoding::I16Be => each!(2, |b| f32::from(i16::from_be_bytes(*b)) / 32_768.0),
        Encoding::I24Le => each!(3, |b| i32::from_le_bytes([0, b[0], b[1], b[2]]) as f32 * TOP),
        Encoding::I24Be => each!(3, |b| i32::from_be_bytes([b[0], b[1], b[2], 0]) as f32 * TOP),
        Encoding::I32Le => each!(4, |b| i32::from_le_bytes(*b) as f32 * TOP),
        Encoding::I32Be => each!(4, |b| i32::from_be_bytes(*b) as f32 * TOP),
        Encoding::F32Le => each!(4, |b| f32::from_le_bytes(*b)),
        Encoding::F32Be => each!(4, |b| f32::from_be_bytes(*b)),
        Encoding::F64Le => each!(8, |b| f64::from_le_bytes(*b) as f32),
        Encoding::F64Be => each!(8, |b| f64::from_be_bytes(*b) as f32),
    }
}
