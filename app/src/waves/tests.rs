use std::path::Path;

use dawg_media::peaks::{LEVELS, PeakBuilder};
use dawg_tests::signal;

use super::*;

const FRAMES: usize = 300_000;

fn wanted(folder: &Path, from: f64, frames_per_column: f64, columns: usize) -> Wanted {
    Wanted {
        media: MediaId::fresh(),
        file: folder.join("a.wav"),
        peaks: folder.join("a.peaks"),
        channels: 2,
        frames: FRAMES as u64,
        channel: 1,
        from,
        frames_per_column,
        columns,
    }
}

fn waves() -> Waves {
    Waves::start(Arc::new(|| {})).unwrap()
}

/// Asks until all is there.
fn all(waves: &Waves, wanted: &Wanted) -> Vec<Peak> {
    let (start, mut out) = (Instant::now(), Vec::new());
    while !waves.columns(wanted, &mut out) {
        assert!(start.elapsed() < Duration::from_secs(20), "it does not come");
        std::thread::yield_now();
    }
    out
}

/// Seen red: the first channel's samples for the second.
#[test]
fn columns_hold_the_lowest_and_highest_of_their_frames_at_every_zoom() {
    let folder = tempfile::tempdir().unwrap();
    let planes: Vec<Vec<f32>> = (0..2).map(|channel| signal::distinct(FRAMES, 7 + channel)).collect();
    signal::write_wav_24(folder.path().join("a.wav"), 48_000, &planes);
    let waves = waves();
    for (from, per_column) in [(16_380.0, 1.0), (16_000.0, 3.0), (100.0, 16.0), (0.0, 300.0), (0.0, 5_000.0)]
    {
        let wanted = wanted(folder.path(), from, per_column, 60);
        let out = all(&waves, &wanted);
        let step = STEPS[columns::level_for(per_column)];
        for (column, peak) in out.iter().enumerate() {
            let a = ((from + column as f64 * per_column) as u64 / step * step) as usize;
            let b = ((from + (column + 1) as f64 * per_column).ceil() as u64).div_ceil(step) * step;
            let part = &planes[1][a.min(FRAMES)..(b as usize).min(FRAMES)];
            let ideal = part.iter().copied().map(|x| Peak { min: x, max: x }).reduce(tiles::join);
            let near = |x: f32, y: f32| (x - y).abs() < 1e-6;
            let ideal = ideal.unwrap_or_default();
            assert!(
                near(peak.min, ideal.min) && near(peak.max, ideal.max),
                "column {column} at {per_column}"
            );
        }
    }
    assert!(folder.path().join("a.peaks").exists(), "missing peaks were built");
}

/// Seen red: a missing file asked for at each drawing, each answer being news.
#[test]
fn a_lookup_never_waits_and_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let waves = waves();
    let wanted = wanted(folder.path(), 0.0, 300.0, 100);
    let mut out = Vec::new();
    assert!(!waves.columns(&wanted, &mut out));
    assert_eq!(out, vec![Peak::default(); 100]);
    let start = Instant::now();
    while waves.unseen(wanted.media, &wanted.file).is_none() {
        assert!(start.elapsed() < Duration::from_secs(20));
        waves.columns(&wanted, &mut out);
        std::thread::yield_now();
    }
    assert_eq!(waves.unseen(wanted.media, &wanted.file), Some(Unseen::Missing));
    let revision = waves.revision();
    for _ in 0..100 {
        waves.columns(&wanted, &mut out);
    }
    assert_eq!(waves.revision(), revision, "and is not asked for again at once");
}

/// Seen red: the last point, half full when it was read, not read again.
#[test]
fn a_recording_is_followed_while_it_grows() {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = PeakBuilder::grow(&folder.path().join("a.peaks"), 2).unwrap();
    let plane = signal::distinct(FRAMES, 3);
    let waves = waves();
    let wanted = Wanted { frames: 0, ..wanted(folder.path(), 0.0, LEVELS[0] as f64, 200) };
    let (mut at, mut out) = (0, Vec::new());
    for block in [1_000, 30_000, 700] {
        builder.push(&[&plane[at..at + block], &plane[at..at + block]]).unwrap();
        builder.flush().unwrap();
        at += block;
        let start = Instant::now();
        let mut ideal: Vec<Peak> = plane[..at].chunks(256).map(peak_of).collect();
        ideal.resize(200, Peak::default());
        loop {
            waves.columns(&wanted, &mut out);
            if out == ideal {
                break;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "after {at} frames");
            std::thread::yield_now();
        }
    }
}

fn peak_of(samples: &[f32]) -> Peak {
    samples.iter().map(|x| Peak { min: *x, max: *x }).reduce(tiles::join).unwrap_or_default()
}

/// Seen red: nothing let go.
#[test]
fn tiles_stay_within_their_budget() {
    let mut tiles = Tiles::new(100_000);
    let media = MediaId::fresh();
    let key = |tile| Key { media, channel: 0, level: 2, tile };
    for tile in 0..200 {
        tiles.insert(key(tile), tiles::Points::Peaks(vec![Peak::default(); 1_024].into()));
        assert!(tiles.bytes() <= 100_000);
        assert!(tiles.get(key(tile)).is_some());
    }
    assert!(tiles.get(key(0)).is_none());
}
