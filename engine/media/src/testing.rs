//! What the tests of this crate share: signals, files made byte by byte, ways to read a file whole.

use std::path::{Path, PathBuf};

use crate::decode::Decoder;
use crate::encode::{EncodeSpec, Encoded, Encoder, Kind};
use crate::{MediaError, Source};

/// A sine of 440 Hz at half of full scale, as in the fixtures; channel 1 an octave higher, and so on.
pub(crate) fn sine(rate: u32, frames: usize, channel: usize) -> Vec<f32> {
    let step = std::f64::consts::TAU * 440.0 * (channel + 1) as f64 / f64::from(rate);
    (0..frames).map(|n| ((n as f64 * step).sin() * 0.5) as f32).collect()
}

pub(crate) fn sines(rate: u32, frames: usize, channels: usize) -> Vec<Vec<f32>> {
    (0..channels).map(|channel| sine(rate, frames, channel)).collect()
}

/// Multiples of 2^-23, reaching both ends: what 24 bits hold exactly.
pub(crate) fn noise24(frames: usize, channel: usize) -> Vec<f32> {
    let mut state = 0x1234_5678u32.wrapping_add(channel as u32 * 77);
    (0..frames)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((state >> 8) as i32 - 0x80_0000) as f32 / 8_388_608.0
        })
        .collect()
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

pub(crate) fn slices(planes: &[Vec<f32>]) -> Vec<&[f32]> {
    planes.iter().map(Vec::as_slice).collect()
}

/// Writes a file with our encoder, in blocks of uneven size.
pub(crate) fn export(path: &Path, rate: u32, kind: Kind, planes: &[Vec<f32>]) -> Result<Encoded, MediaError> {
    let spec = EncodeSpec { sample_rate: rate, channels: planes.len() as u16, kind, dither_seed: 1 };
    let mut encoder = Encoder::create(path, spec)?;
    let mut at = 0;
    for block in (1..).map(|n| n * 331 % 5_000 + 1) {
        let end = (at + block).min(planes[0].len());
        let part: Vec<&[f32]> = planes.iter().map(|plane| &plane[at..end]).collect();
        encoder.write(&part)?;
        at = end;
        if at == planes[0].len() {
            break;
        }
    }
    encoder.finish()
}

pub(crate) fn decode_all(path: &Path) -> Result<Vec<Vec<f32>>, MediaError> {
    decode_rest(Decoder::open(path)?)
}

pub(crate) fn decode_rest(mut decoder: Decoder) -> Result<Vec<Vec<f32>>, MediaError> {
    let mut out = vec![Vec::new(); decoder.channels().into()];
    while let Some(planes) = decoder.next_chunk()? {
        out.iter_mut().zip(planes).for_each(|(out, plane)| out.extend_from_slice(plane));
    }
    Ok(out)
}

pub(crate) fn read_all(source: &mut dyn Source) -> Vec<Vec<f32>> {
    let mut out = vec![vec![f32::NAN; source.frames() as usize]; source.channels().into()];
    let mut slices: Vec<&mut [f32]> = out.iter_mut().map(Vec::as_mut_slice).collect();
    assert_eq!(source.read(0, &mut slices).unwrap() as u64, source.frames());
    out
}

/// A RIFF-like chunk with its pad byte.
pub(crate) fn chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = [id.as_slice(), &(body.len() as u32).to_le_bytes(), body].concat();
    out.resize(out.len() + body.len() % 2, 0);
    out
}

/// The body of a plain `fmt ` chunk.
pub(crate) fn fmt(tag: u16, channels: u16, rate: u32, bits: u16) -> Vec<u8> {
    let frame = channels * bits / 8;
    let bytes_a_second = rate * u32::from(frame);
    [
        tag.to_le_bytes().as_slice(),
        &channels.to_le_bytes(),
        &rate.to_le_bytes(),
        &bytes_a_second.to_le_bytes(),
        &frame.to_le_bytes(),
        &bits.to_le_bytes(),
    ]
    .concat()
}

/// A RIFF file of these chunks.
pub(crate) fn riff(id: &[u8; 4], chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = chunks.concat();
    [id.as_slice(), &(body.len() as u32 + 4).to_le_bytes(), b"WAVE", &body].concat()
}

/// An AIFF or AIFC file of 44,100 Hz; `compression` makes it AIFC.
pub(crate) fn aiff(
    channels: u16,
    bits: u16,
    frames: u32,
    compression: Option<&[u8; 4]>,
    data: &[u8],
) -> Vec<u8> {
    let be_chunk = |id: &[u8; 4], body: &[u8]| {
        let mut out = [id.as_slice(), &(body.len() as u32).to_be_bytes(), body].concat();
        out.resize(out.len() + body.len() % 2, 0);
        out
    };
    // 44,100 as an 80-bit float: 2^15 × 1.3458…
    let rate = [0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0];
    let mut common =
        [channels.to_be_bytes().as_slice(), &frames.to_be_bytes(), &bits.to_be_bytes(), &rate].concat();
    if let Some(compression) = compression {
        common.extend_from_slice(compression);
        common.extend_from_slice(&[0, 0]);
    }
    let sound = [[0; 8].as_slice(), data].concat();
    let form: &[u8; 4] = if compression.is_some() { b"AIFC" } else { b"AIFF" };
    let body = [be_chunk(b"NAME", b"odd"), be_chunk(b"COMM", &common), be_chunk(b"SSND", &sound)].concat();
    [b"FORM".as_slice(), &(body.len() as u32 + 4).to_be_bytes(), form, &body].concat()
}
