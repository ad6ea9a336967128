//! Audio files that any program can read: stereo, 24 bits, 48 kHz, with the plainest header there is.
//!
//! Start at [`stereo`]. The same sounds as the peers' `make_tracks.py`: a plucked harmonic tone of its own pitch
//! for each track, detuned between left and right, and a little noise, so that no two samples are alike.

use std::f64::consts::TAU;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use dawg_dsp::pcm::{self, Encoding};

/// Frames a second.
pub const RATE: u32 = 48_000;
/// Bytes before the first sample.
pub const HEADER: u64 = 44;
/// Frames that are made at a time.
const PIECE: usize = 4_096;
/// Bytes of a stereo frame of 24 bits.
const FRAME: usize = 6;

/// The file of track `index` in `folder`: `t007.wav`.
#[must_use]
pub fn path(folder: &Path, index: usize) -> PathBuf {
    folder.join(format!("t{index:03}.wav"))
}

/// Makes the files of `count` tracks of `frames` frames in `folder`; keeps those that are there and whole.
pub fn make(folder: &Path, count: usize, frames: usize) {
    std::fs::create_dir_all(folder).unwrap();
    for index in 0..count {
        stereo(&path(folder, index), index, frames);
    }
}

/// Makes one file of `frames` frames with the sound of track `index`, unless it is there already.
pub fn stereo(path: &Path, index: usize, frames: usize) {
    let whole = HEADER + (frames * FRAME) as u64;
    if std::fs::metadata(path).is_ok_and(|file| file.len() == whole) {
        return;
    }
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    file.write_all(&header(frames)).unwrap();
    let mut sides = [Voice::new(index, 0), Voice::new(index, 1)];
    let mut planes = [vec![0.0_f32; PIECE], vec![0.0_f32; PIECE]];
    let mut bytes = vec![0; PIECE * FRAME];
    for from in (0..frames).step_by(PIECE) {
        let n = PIECE.min(frames - from);
        for (side, plane) in sides.iter_mut().zip(&mut planes) {
            plane.iter_mut().zip(from..).for_each(|(sample, frame)| *sample = side.sample(frame));
        }
        pcm::interleave(Encoding::I24Le, &[&planes[0][..n], &planes[1][..n]], &mut bytes);
        file.write_all(&bytes[..n * FRAME]).unwrap();
    }
    file.into_inner().unwrap().sync_all().unwrap();
}

/// The 44 bytes of a WAV header without any extra.
fn header(frames: usize) -> [u8; HEADER as usize] {
    let data = u32::try_from(frames * FRAME).unwrap();
    let mut header = [0; HEADER as usize];
    let mut at = 0;
    let mut put = |bytes: &[u8]| {
        header[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len();
    };
    put(b"RIFF");
    put(&(data + 36).to_le_bytes());
    put(b"WAVEfmt ");
    put(&16_u32.to_le_bytes());
    put(&1_u16.to_le_bytes()); // integers
    put(&2_u16.to_le_bytes());
    put(&RATE.to_le_bytes());
    put(&(RATE * FRAME as u32).to_le_bytes());
    put(&(FRAME as u16).to_le_bytes());
    put(&24_u16.to_le_bytes());
    put(b"data");
    put(&data.to_le_bytes());
    header
}

/// One side of one track.
struct Voice {
    index: usize,
    hertz: f64,
    phase: f64,
    noise: u32,
}

impl Voice {
    fn new(index: usize, side: u32) -> Self {
        let hertz = 55.0 * 2_f64.powf(index as f64 / 24.0) * (1.0 + 0.002 * f64::from(side));
        let noise = (index as u32 * 2 + side + 1).wrapping_mul(0x9e37_79b9) | 1;
        Self { index, hertz, phase: f64::from(noise) / f64::from(u32::MAX), noise }
    }

    fn sample(&mut self, frame: usize) -> f32 {
        let seconds = frame as f64 / f64::from(RATE);
        let (sin, cos) = (TAU * (self.phase + self.hertz * seconds)).sin_cos();
        let tone = sin + 0.4 * (2.0 * sin * cos) + 0.2 * (3.0 * sin - 4.0 * sin * sin * sin);
        let envelope = (-3.0 * (2.0 * seconds + 0.13 * self.index as f64).fract()).exp();
        // Xorshift (Marsaglia, JSS 8(14), 2003).
        self.noise ^= self.noise << 13;
        self.noise ^= self.noise >> 17;
        self.noise ^= self.noise << 5;
        let noise = f64::from(self.noise) / f64::from(u32::MAX) - 0.5;
        (0.12 * envelope * tone + 0.03 * noise) as f32
    }
}
