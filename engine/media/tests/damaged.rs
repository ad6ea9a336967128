//! Damaged files of every kind: an error or audio, never a panic, a hang or a huge allocation.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)] // tests, and the helpers beside them
#![allow(unsafe_code)] // the counting allocator below

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dawg_media::decode::Decoder;
use dawg_media::encode::{EncodeSpec, Encoder, Kind};
use dawg_media::import::{ImportTarget, import};
use dawg_media::peaks::PeakFile;
use dawg_media::wav::SampleFormat;
use dawg_media::{MediaError, Progress, source};
use proptest::prelude::*;

/// The largest single allocation so far.
static LARGEST: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LARGEST.fetch_max(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        LARGEST.fetch_max(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        LARGEST.fetch_max(size, Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const KINDS: [&str; 11] = [
    "i24.wav",
    "f32.wav",
    "rf64.wav",
    "i16.flac",
    "cbr.mp3",
    "a.aiff",
    "sine.m4a",
    "sine-alac.m4a",
    "sine.ogg",
    "sine.aac",
    "sine-plain.mp3",
];

fn fixture(folder: &Path, name: &str) -> Vec<u8> {
    let path = folder.join(name);
    let sine: Vec<f32> = (0..9_000).map(|n| (n as f32 * 0.05).sin() * 0.5).collect();
    let kind = match name {
        "i24.wav" => Kind::Wav(SampleFormat::Int24),
        "f32.wav" => Kind::Wav(SampleFormat::Float32),
        "i16.flac" => Kind::Flac { bits: 16 },
        #[cfg(feature = "mp3")]
        "cbr.mp3" => Kind::Mp3 { kbps: 64 },
        "rf64.wav" => {
            let spec =
                dawg_media::wav::WavSpec { sample_rate: 48_000, channels: 2, format: SampleFormat::Int24 };
            let mut wav = dawg_media::wav::WavWriter::with_threshold(&path, spec, None, 1_000).unwrap();
            wav.write_planar(&[&sine, &sine]).unwrap();
            wav.finish().unwrap();
            return fs::read(path).unwrap();
        }
        "a.aiff" => {
            let mut bytes = b"FORM\0\0\x20\x2eAIFFCOMM\0\0\0\x12\0\x01\0\0\x10\0\0\x10\x40\x0e\xac\x44\0\0\0\0\0\0SSND\0\0\x20\x08\0\0\0\0\0\0\0\0".to_vec();
            bytes.extend((0..8_192u32).map(|n| (n * 7) as u8));
            return bytes;
        }
        name => {
            return fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name))
                .unwrap();
        }
    };
    let spec = EncodeSpec { sample_rate: 48_000, channels: 2, kind, dither_seed: 0 };
    let mut encoder = Encoder::create(&path, spec).unwrap();
    encoder.write(&[&sine, &sine]).unwrap();
    encoder.finish().unwrap();
    fs::read(path).unwrap()
}

#[derive(Debug, Clone)]
enum Damage {
    Flip(usize, u8),
    Set(usize, [u8; 4]),
    Cut(usize),
    Insert(usize, Vec<u8>),
    Remove(usize, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    // Headers are small and lie at the front: half of the damage goes there.
    let place = || prop_oneof![0..200usize, any::<usize>()];
    let word = prop_oneof![
        Just([0xff; 4]),
        Just([0; 4]),
        Just([0x7f, 0xff, 0xff, 0xff]),
        Just([0xff, 0xff, 0xff, 0x7f]),
        any::<[u8; 4]>()
    ];
    prop_oneof![
        (place(), any::<u8>()).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        (place(), word).prop_map(|(at, word)| Damage::Set(at, word)),
        place().prop_map(Damage::Cut),
        (place(), proptest::collection::vec(any::<u8>(), 1..40))
            .prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        (place(), 1..5_000usize).prop_map(|(at, n)| Damage::Remove(at, n)),
    ]
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage) {
    let len = bytes.len().max(1);
    match damage {
        Damage::Flip(at, bits) => bytes.iter_mut().skip(at % len).take(1).for_each(|byte| *byte ^= bits),
        Damage::Set(at, word) => {
            bytes.iter_mut().skip(at % len).zip(word).for_each(|(byte, new)| *byte = *new);
        }
        Damage::Cut(at) => bytes.truncate(at % len),
        Damage::Insert(at, new) => drop(bytes.splice(at % len..at % len, new.iter().copied())),
        Damage::Remove(at, n) => drop(bytes.drain(at % len..(at % len).saturating_add(*n).min(bytes.len()))),
    }
}

/// Frames decoded, or why not; checks what holds of any chunk.
fn decode(path: &Path, repair: bool) -> Result<u64, MediaError> {
    let mut decoder = Decoder::open(path)?.repairing(repair);
    let mut frames = 0;
    while let Some(planes) = decoder.next_chunk()? {
        assert!(!planes[0].is_empty() && planes.iter().all(|plane| plane.len() == planes[0].len()));
        frames += planes[0].len() as u64;
        assert!(frames < 50_000_000, "audio without end");
    }
    Ok(frames)
}

fn read_at_random(path: &Path) -> Result<(), MediaError> {
    let mut source = source::open(path)?;
    let mut planes = vec![vec![0.0; 500]; source.channels().into()];
    for from in [0, source.frames() / 2, source.frames().saturating_sub(100), 3, u64::MAX - 5] {
        let mut slices: Vec<&mut [f32]> = planes.iter_mut().map(Vec::as_mut_slice).collect();
        assert!(source.read(from, &mut slices)? <= 500);
    }
    Ok(())
}

fn scratch() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged");
    (folder, path)
}

/// Seen red: memory allocated for the frames that a WAV header promises. (No damage made symphonia 0.6.1 panic so
/// far; its guard has a test of its own.)
#[test]
fn any_damage_is_an_error_or_audio() {
    std::panic::set_hook(Box::new(|info| {
        // Panics inside third-party decoders are caught; only ours are news.
        if !info.location().is_some_and(|place| place.file().contains("symphonia")) {
            eprintln!("{info}");
        }
    }));
    let (folder, path) = scratch();
    let whole: Vec<Vec<u8>> = KINDS
        .iter()
        .filter(|name| cfg!(feature = "mp3") || **name != "cbr.mp3")
        .map(|name| fixture(folder.path(), name))
        .collect();
    for (bytes, name) in whole.iter().zip(KINDS) {
        fs::write(&path, bytes).unwrap();
        assert!(decode(&path, false).unwrap() > 1_000, "{name}");
    }
    let peaks = folder.path().join("peaks");
    fs::create_dir(&peaks).unwrap();
    fs::create_dir(folder.path().join("audio")).unwrap();
    let cases = ProptestConfig { cases: 900, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(cases);
    let which = 0..whole.len();
    let damages = proptest::collection::vec(damage(), 1..4);
    let outcome = runner.run(&(which, damages, any::<bool>()), |(which, damages, repair)| {
        let mut bytes = whole[which].clone();
        damages.iter().for_each(|damage| apply(&mut bytes, damage));
        fs::write(&path, &bytes).unwrap();
        let start = Instant::now();
        let outcome = decode(&path, repair);
        let _ = read_at_random(&path);
        let _ = PeakFile::open_growing(&path, 1);
        prop_assert!(start.elapsed() < Duration::from_secs(10), "took {:?}", start.elapsed());
        let largest = LARGEST.load(Ordering::Relaxed);
        prop_assert!(largest < 64 << 20, "allocated {largest} bytes at once");
        if let Err(error) = outcome {
            let told = error.to_string();
            prop_assert!(told.contains("damaged") && told.len() > 30, "{}", told);
        }
        Ok(())
    });
    let _ = std::panic::take_hook();
    outcome.unwrap();
    // And the whole way in.
    fs::write(&path, &whole[0][..whole[0].len() / 2]).unwrap();
    let to = ImportTarget {
        audio_folder: &folder.path().join("audio"),
        peaks_folder: &peaks,
        media_id: "m",
        song_rate: 44_100,
        repair: false,
    };
    assert!(import(&path, &to, &Progress::new()).is_err());
    assert_eq!(fs::read_dir(&peaks).unwrap().count(), 0);
}
