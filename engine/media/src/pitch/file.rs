//! How a curve lies in its file.
//!
//! Header, 64 bytes, little endian: magic (8), version of the file (4), of the tracker (4), frames a second (4), 0 (4),
//! frames of the media (8), estimates (8), and the first 24 bytes of the BLAKE3 hash of all other bytes of the file.

use std::fs::File;
use std::path::Path;

use dawg_dsp::pitch::{Estimate, TRACKER_VERSION};

use super::VERSION;
use crate::MediaError;
use crate::error::OnPath;
use crate::files::{Positional, write_counted};

const MAGIC: [u8; 8] = *b"DAWGPITC";
const HEADER: usize = 64;
/// Where in the header the hash begins.
const HASH_AT: usize = 40;
/// Bytes of an estimate.
const ESTIMATE: usize = 5;
/// Steps of confidence.
const STEPS: f32 = 127.0;
const VOICED: u8 = 0x80;

/// What a curve is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Frames a second of the media.
    pub(super) rate: u32,
    /// Frames of the media.
    pub(super) frames: u64,
}

/// The estimate as it is after it was written and read.
pub(super) fn as_stored(estimate: Estimate) -> Estimate {
    unpack(estimate.number, frequency_of(estimate), marks_of(estimate))
}

fn frequency_of(estimate: Estimate) -> f32 {
    if estimate.frequency.is_finite() { estimate.frequency.max(0.0) } else { 0.0 }
}

fn marks_of(estimate: Estimate) -> u8 {
    // A NaN becomes 0.
    let steps = (estimate.confidence.clamp(0.0, 1.0) * STEPS).round() as u8;
    if estimate.voiced { steps | VOICED } else { steps }
}

fn unpack(number: u64, frequency: f32, marks: u8) -> Estimate {
    let confidence = f32::from(marks & !VOICED) / STEPS;
    Estimate { number, frequency, confidence, voiced: marks & VOICED != 0 }
}

/// Writes a curve into an empty file; `path` is for messages.
pub(super) fn write(
    file: &File,
    path: &Path,
    shape: &Shape,
    estimates: &[Estimate],
) -> Result<(), MediaError> {
    let mut bytes = Vec::with_capacity(HEADER + estimates.len() * ESTIMATE);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&TRACKER_VERSION.to_le_bytes());
    bytes.extend_from_slice(&shape.rate.to_le_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&shape.frames.to_le_bytes());
    bytes.extend_from_slice(&(estimates.len() as u64).to_le_bytes());
    bytes.resize(HEADER, 0);
    for estimate in estimates {
        bytes.extend_from_slice(&frequency_of(*estimate).to_le_bytes());
    }
    bytes.extend(estimates.iter().map(|estimate| marks_of(*estimate)));
    let hash = hash_of(&bytes);
    bytes[HASH_AT..HEADER].copy_from_slice(&hash);
    write_counted(file, &bytes, 0).1.on(path)
}

/// Reads a curve and what it is of.
pub(super) fn read(path: &Path) -> Result<(Shape, Vec<Estimate>), MediaError> {
    let file = Positional::open(path)?;
    let Some(header) = file.array::<HEADER>(0)? else { return Err(stale(path, "its header is cut off")) };
    if header[..8] != MAGIC {
        return Err(stale(path, "it is no pitch curve"));
    }
    if number(&header, 8, 4) != u64::from(VERSION) || number(&header, 12, 4) != u64::from(TRACKER_VERSION) {
        return Err(stale(path, "it is of another version"));
    }
    let count = number(&header, 32, 8);
    let needed = count.checked_mul(ESTIMATE as u64).and_then(|bytes| bytes.checked_add(HEADER as u64));
    // Compared before anything is allocated: a damaged length must not ask for all memory.
    if needed != Some(file.len()) {
        return Err(stale(path, "its length is not the one it was written with"));
    }
    let mut bytes = vec![0; usize::try_from(file.len()).map_err(|_| stale(path, "it is too long"))?];
    if file.read(&mut bytes, 0)? != bytes.len() || hash_of(&bytes) != header[HASH_AT..] {
        return Err(stale(path, "it is damaged"));
    }
    let (frequencies, marks) = bytes[HEADER..].split_at(count as usize * 4);
    let estimates = frequencies.as_chunks::<4>().0.iter().zip(marks).zip(0..);
    let estimates = estimates.map(|((hz, marks), number)| unpack(number, f32::from_le_bytes(*hz), *marks));
    let shape = Shape { rate: number(&header, 16, 4) as u32, frames: number(&header, 24, 8) };
    Ok((shape, estimates.collect()))
}

pub(super) fn stale(path: &Path, reason: impl Into<String>) -> MediaError {
    MediaError::StalePitch { path: path.to_owned(), reason: reason.into() }
}

/// The hash of all but the hash.
fn hash_of(bytes: &[u8]) -> [u8; HEADER - HASH_AT] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes[..HASH_AT]);
    hasher.update(&bytes[HEADER..]);
    let mut hash = [0; HEADER - HASH_AT];
    hasher.finalize_xof().fill(&mut hash);
    hash
}

/// A little-endian number of `bytes` bytes.
fn number(header: &[u8; HEADER], at: usize, bytes: usize) -> u64 {
    header[at..at + bytes].iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}
