//! Import of ten minutes of stereo: an MP3, a 24-bit WAV at the song's rate (copied), and at another (resampled).
//! With peaks, and until the file is durable on the disk of the target folder.
#![allow(clippy::unwrap_used, reason = "a bench")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode};
use dawg_benches::data;
use dawg_benches::tracks::{self, RATE};
use dawg_media::Progress;
use dawg_media::encode::{EncodeSpec, Encoder, Kind};
use dawg_media::import::{ImportTarget, import};
use dawg_media::source;

const FRAMES: usize = 600 * RATE as usize;
const BLOCK: usize = 65_536;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(1))
        .measurement_time(Duration::from_secs(1))
        .sample_size(10)
        .configure_from_args();
    let wav = data::folder().join("ten-minutes.wav");
    tracks::stereo(&wav, 40, FRAMES);
    let mp3 = mp3(&wav);
    let mut group = criterion.benchmark_group("import 10 min stereo");
    group.sampling_mode(SamplingMode::Flat);
    for (name, file, rate, copied) in [
        ("24-bit WAV, copied", &wav, RATE, true),
        ("24-bit WAV, 48 → 44.1 kHz", &wav, 44_100, false),
        ("MP3, 256 kbit/s", &mp3, RATE, false),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| (0..times).map(|_| imported(file, rate, copied)).sum());
        });
    }
    group.finish();
    criterion.final_summary();
}

/// The time of one import into a folder that is gone afterwards.
fn imported(file: &Path, song_rate: u32, copied: bool) -> Duration {
    let folder = tempfile::tempdir_in(data::folder()).unwrap();
    let target = ImportTarget {
        audio_folder: folder.path(),
        peaks_folder: folder.path(),
        media_id: "bench",
        song_rate,
        repair: false,
    };
    let start = Instant::now();
    let imported = import(file, &target, &Progress::new()).unwrap();
    let time = start.elapsed();
    assert_eq!(imported.copied, copied);
    assert!(imported.frames >= 600 * u64::from(song_rate));
    time
}

/// The same ten minutes as an MP3, made by our own encoder.
fn mp3(wav: &Path) -> PathBuf {
    let path = wav.with_extension("mp3");
    if path.exists() {
        return path;
    }
    let spec = EncodeSpec { sample_rate: RATE, channels: 2, kind: Kind::Mp3 { kbps: 256 }, dither_seed: 0 };
    let mut encoder = Encoder::create(&path, spec).unwrap();
    let mut file = source::open(wav).unwrap();
    let mut planes = [vec![0.0; BLOCK], vec![0.0; BLOCK]];
    for from in (0..FRAMES).step_by(BLOCK) {
        let [left, right] = &mut planes;
        let frames = file.read(from as u64, &mut [left, right]).unwrap();
        encoder.write(&[&planes[0][..frames], &planes[1][..frames]]).unwrap();
    }
    encoder.finish().unwrap();
    path
}
