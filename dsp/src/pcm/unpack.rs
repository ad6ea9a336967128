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

/// Four 24-bit samples from twelve bytes, each at the top of an `i32`: three word loads instead of twelve
/// byte loads.
#[inline(always)]
fn four(bytes: &[u8; 12]) -> [i32; 4] {
    let [a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3] = *bytes;
    let a = u32::from_le_bytes([a0, a1, a2, a3]);
    let b = u32::from_le_bytes([b0, b1, b2, b3]);
    let c = u32::from_le_bytes([c0, c1, c2, c3]);
    let top = 0xffff_ff00;
    [
        (a << 8) as i32,
        ((b << 16) | ((a >> 16) & 0xff00)) as i32,
        ((c << 24) | ((b >> 8) & top)) as i32,
        (c & top) as i32,
    ]
}

#[inline(always)]
fn one(bytes: &[u8]) -> f32 {
    match bytes {
        [a, b, c, ..] => i32::from_le_bytes([0, *a, *b, *c]) as f32 * TOP,
        _ => 0.0,
    }
}

fn i24_mono(bytes: &[u8], out: &mut [f32]) {
    let (quads, rest) = bytes.as_chunks::<12>();
    let (out_quads, out_rest) = out.as_chunks_mut::<4>();
    for (quad, out) in quads.iter().zip(out_quads) {
        *out = four(quad).map(|sample| sample as f32 * TOP);
    }
    for (sample, out) in rest.chunks_exact(3).zip(out_rest) {
        *out = one(sample);
    }
}

fn i24_stereo(bytes: &[u8], left: &mut [f32], right: &mut [f32]) {
    let (quads, rest) = bytes.as_chunks::<12>();
    let (left_pairs, left_rest) = left.as_chunks_mut::<2>();
    let (right_pairs, right_rest) = right.as_chunks_mut::<2>();
    for ((quad, left), right) in quads.iter().zip(left_pairs).zip(right_pairs) {
        let [l0, r0, l1, r1] = four(quad).map(|sample| sample as f32 * TOP);
        *left = [l0, l1];
        *right = [r0, r1];
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
