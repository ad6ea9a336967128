//! The least that a mix of files can cost: reads N files in pieces, scales, sums, writes. No clips, no Plan, no
//! double precision, no peak, no loudness; 24-bit files with a header of 44 bytes only.
//!
//! `floor N OUT`, run in the folder that holds `mix/in/`.
#![allow(clippy::unwrap_used, reason = "a program of the benches")]

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;

use dawg_benches::{song, tracks};

const FRAMES: usize = 8_192;
const BYTES: usize = 6;

struct Input {
    file: File,
    gains: [f32; 2],
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().unwrap().parse().unwrap();
    let mut out = File::create(arguments.next().unwrap()).unwrap();
    let inputs: Vec<Input> = (0..count).map(open).collect();
    let mut bytes = vec![0_u8; FRAMES * BYTES];
    let mut sum = vec![0.0_f32; FRAMES * 2];
    for from in (0..song::MIX_SECONDS * tracks::RATE as usize).step_by(FRAMES) {
        let frames = FRAMES.min(song::MIX_SECONDS * tracks::RATE as usize - from);
        let (bytes, sum) = (&mut bytes[..frames * BYTES], &mut sum[..frames * 2]);
        sum.fill(0.0);
        for input in &inputs {
            input.file.read_exact_at(bytes, tracks::HEADER + (from * BYTES) as u64).unwrap();
            add(bytes, input.gains, sum);
        }
        store(sum, bytes);
        out.write_all(bytes).unwrap();
    }
}

fn open(index: usize) -> Input {
    let file = File::open(tracks::path(Path::new("mix/in"), index)).unwrap();
    let (gain, pan) = (song::gain(index), song::pan(index));
    let top = 2_147_483_648.0;
    Input { file, gains: [gain * (1.0 - pan).min(1.0) / top, gain * (1.0 + pan).min(1.0) / top] }
}

fn add(bytes: &[u8], gains: [f32; 2], sum: &mut [f32]) {
    let (pairs, _) = bytes.as_chunks::<12>();
    let (sums, _) = sum.as_chunks_mut::<4>();
    for (pair, sum) in pairs.iter().zip(sums) {
        let word = |at: usize| u32::from_le_bytes([pair[at], pair[at + 1], pair[at + 2], pair[at + 3]]);
        let (a, b, c) = (word(0), word(4), word(8));
        sum[0] += gains[0] * (a << 8) as i32 as f32;
        sum[1] += gains[1] * ((b << 16) | ((a >> 16) & 0xff00)) as i32 as f32;
        sum[2] += gains[0] * ((c << 24) | ((b >> 8) & 0x00ff_ff00)) as i32 as f32;
        sum[3] += gains[1] * (c & 0xffff_ff00) as i32 as f32;
    }
}

fn store(sum: &[f32], bytes: &mut [u8]) {
    for (sample, bytes) in sum.iter().zip(bytes.chunks_exact_mut(3)) {
        let value = (sample * 8_388_608.0).clamp(-8_388_608.0, 8_388_607.0) as i32;
        bytes.copy_from_slice(&value.to_le_bytes()[..3]);
    }
}
