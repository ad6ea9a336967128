//! The cache under its hazards: eviction while reading, files that are not there, ends of files.

use std::sync::atomic::AtomicBool;

use super::*;
use crate::MediaError;

/// A float WAV in which sample `n` of channel `c` is `n + c / 2`.
fn counting_file(folder: &Path, channels: u16, frames: u32) -> PathBuf {
    let path = folder.join(format!("count-{channels}-{frames}.wav"));
    let spec = hound::WavSpec {
        channels,
        sample_rate: 48_000,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut writer = hound::WavWriter::create(&path, spec).unwrap();
    for frame in 0..frames {
        for channel in 0..channels {
            writer.write_sample(frame as f32 + f32::from(channel) / 2.0).unwrap();
        }
    }
    writer.finalize().unwrap();
    path
}

// Seen red: with the file's frames taken from the wrong block (block + 1) the first sample differs.
#[test]
fn a_fetched_block_holds_the_file_and_zeros_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let slots = Slots::with_bytes(1 << 20);
    let frames = BLOCK_FRAMES as u32 + 10;
    let stream = Stream::new(&slots, &counting_file(folder.path(), 2, frames), 2, u64::from(frames));
    let mut filler = Filler::new(&slots);
    assert!(stream.pin(1, 0).is_none());
    assert!(filler.fetch(&stream, 1).unwrap());
    let right = stream.pin(1, 1).unwrap();
    assert_eq!(right.samples()[0], BLOCK_FRAMES as f32 + 0.5);
    assert_eq!(right.samples()[9], BLOCK_FRAMES as f32 + 9.5);
    assert_eq!(right.samples()[10], 0.0);
    assert!(stream.pin(0, 0).is_none() && stream.pin(2, 0).is_none() && stream.pin(0, 2).is_none());
}

// Seen red: without the check of the count in `claim` the pinned block is overwritten under the reader.
#[test]
fn a_pinned_block_is_never_evicted() {
    let folder = tempfile::tempdir().unwrap();
    let slots = Slots::with_bytes(0);
    let frames = 20 * BLOCK_FRAMES as u32;
    let stream = Stream::new(&slots, &counting_file(folder.path(), 1, frames), 1, u64::from(frames));
    let mut filler = Filler::new(&slots);
    assert!(filler.fetch(&stream, 0).unwrap());
    let held = stream.pin(0, 0).unwrap();
    for block in 1..20 {
        filler.begin_round();
        assert!(filler.fetch(&stream, block).unwrap());
    }
    assert_eq!(held.samples()[5], 5.0);
    assert!(stream.pin(0, 0).is_some() && stream.pin(19, 0).is_some() && stream.pin(2, 0).is_none());
}

// Seen red: without `wanted` the fifth fetch of the round throws out the first.
#[test]
fn a_full_cache_says_so_and_keeps_what_the_round_wants() {
    let folder = tempfile::tempdir().unwrap();
    let slots = Slots::with_bytes(0);
    let frames = 6 * BLOCK_FRAMES as u32;
    let stream = Stream::new(&slots, &counting_file(folder.path(), 1, frames), 1, u64::from(frames));
    let mut filler = Filler::new(&slots);
    let fits: Vec<bool> = (0..6).map(|block| filler.fetch(&stream, block).unwrap()).collect();
    assert_eq!(fits, [true, true, true, true, false, false]);
    assert!(stream.pin(0, 0).is_some());
}

// Seen red: with the frames that were read left unchecked the cut-off end is silence and nobody is told.
#[test]
fn a_file_that_was_cut_short_is_broken_where_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let slots = Slots::with_bytes(1 << 20);
    let path = counting_file(folder.path(), 1, BLOCK_FRAMES as u32 + 10);
    let stream = Stream::new(&slots, &path, 1, BLOCK_FRAMES as u64 + 500);
    let mut filler = Filler::new(&slots);
    assert!(filler.fetch(&stream, 0).unwrap());
    assert!(matches!(filler.fetch(&stream, 1), Err(MediaError::Truncated { readable: 8_202, .. })));
    assert!(stream.broken() && stream.pin(0, 0).is_some() && stream.pin(1, 0).is_none());
}

// Seen red: with `broken` left alone after a failure the window would show the clip as sound.
#[test]
fn a_missing_file_is_broken_until_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let slots = Slots::with_bytes(1 << 20);
    let path = folder.path().join("count-1-100.wav");
    let stream = Stream::new(&slots, &path, 1, 100);
    let mut filler = Filler::new(&slots);
    assert!(filler.fetch(&stream, 0).is_err());
    assert!(stream.broken());
    counting_file(folder.path(), 1, 100);
    assert!(filler.fetch(&stream, 0).unwrap());
    assert!(!stream.broken());
}

/// Sets the flag when it goes.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

// Seen red: with `publish` before the file is read the assertion in `lend` stops it.
#[test]
fn readers_beside_the_filler_never_see_a_torn_block() {
    let folder = tempfile::tempdir().unwrap();
    let slots = Slots::with_bytes(0);
    let blocks = 12_u64;
    let frames = blocks as u32 * BLOCK_FRAMES as u32;
    let stream = Stream::new(&slots, &counting_file(folder.path(), 1, frames), 1, u64::from(frames));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0_u32;
            while !stop.load(Ordering::Relaxed) {
                for block in 0..blocks {
                    let Some(pinned) = stream.pin(block, 0) else { continue };
                    let first = (block as usize * BLOCK_FRAMES) as f32;
                    let samples = pinned.samples();
                    assert_eq!(
                        (samples[0], samples[BLOCK_FRAMES - 1]),
                        (first, first + BLOCK_FRAMES as f32 - 1.0)
                    );
                    seen += 1;
                }
            }
            seen
        });
        // Also when the filler panics, or the reader would read for ever.
        let ending = Ending(&stop);
        let mut filler = Filler::new(&slots);
        for turn in 0..2_000_u64 {
            filler.begin_round();
            filler.fetch(&stream, (turn * 7) % blocks).unwrap();
        }
        drop(ending);
        assert!(reader.join().unwrap() > 0);
    });
}
