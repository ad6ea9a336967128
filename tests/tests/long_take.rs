//! A long take: memory stays flat, the file turns into RF64 where a WAV file ends, its peaks are there, and the song
//! opens at once. Three minutes with the turn at 16 MB; with `DAWG_SOAK` four hours of stereo floats (5.5 GB of disk),
//! with the turn where it is. Engine time by hand, as fast as the disk takes it.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dawg_engine::Engine;
use dawg_engine::capture::tap::Taps;
use dawg_engine::capture::{Punch, RING_SECONDS, Recorded, Roll, RollRequest, take};
use dawg_engine::device::manual::{Hand, Manual};
use dawg_media::peaks::{PeakFile, file_for};
use dawg_media::source;
use dawg_media::wav::{RF64_FROM, SampleFormat};
use dawg_session::{Access, CaptureRow, Document, Edit, Input, Layout, Store, TrackId, Transaction, now_ms};
use dawg_tests::{poll, torture};

const RATE: u64 = 48_000;
const BLOCK: u64 = 1_024;
/// Bytes of a frame: two floats.
const FRAME: u64 = 8;

fn soak() -> bool {
    std::env::var_os("DAWG_SOAK").is_some()
}

/// Bytes of memory that this process holds.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1_024
}

/// What is sung as this frame: exact floats, alike only after 5.8 minutes.
fn sung(frame: u64) -> f32 {
    (frame % (1 << 24)) as f32 / (1 << 24) as f32
}

/// A song with one armed stereo track, on disk.
fn song(folder: &Path) -> (Arc<Store>, Document, TrackId) {
    let mut song = torture::Song::new(RATE as u32, &folder.join("spare"));
    let track = song.track("Voice", Layout::STEREO);
    song.edit(&[
        Edit::SetTrackInput { track, input: "1+2".parse::<Input>().unwrap() },
        Edit::SetTrackArm { track, arm: true },
    ]);
    let store = Arc::new(Store::create(&folder.join("song.dawg"), &song.session).unwrap());
    (store, Document::new(Arc::new(song.session)), track)
}

/// One block, also on the other side, where it is negative.
fn call(hand: &mut Hand, from: u64) {
    let left: Vec<f32> = (from..from + BLOCK).map(sung).collect();
    let right: Vec<f32> = left.iter().map(|sample| -sample).collect();
    hand.call([&left, &right]);
}

/// Sings `frames` frames, no faster than they are written; returns the memory after a quarter and at the end.
fn sing(engine: &mut Engine, hand: &mut Hand, file: &Path, frames: u64) -> (u64, u64) {
    let mut early = 0;
    for from in (0..frames).step_by(BLOCK as usize) {
        call(hand, from);
        if from % (RATE * 2 / BLOCK * BLOCK) == 0 {
            engine.tick();
            let written = || std::fs::metadata(file).unwrap().len() / FRAME;
            let close = poll(Duration::from_secs(60), || (written() + 5 * RATE > from).then_some(()));
            assert!(close.is_some(), "the writer does not keep up at {from}");
        }
        if from <= frames / 4 {
            early = resident();
        }
    }
    (early, resident())
}

/// Until everything is on disk.
fn stop(engine: &mut Engine, hand: &mut Hand, roll: Roll, mut at: u64) -> Recorded {
    engine.stop();
    let ended = poll(Duration::from_secs(60), || {
        call(hand, at);
        at += BLOCK;
        engine.tick();
        roll.is_finished().then_some(())
    });
    assert!(ended.is_some(), "the roll does not end");
    roll.finish()
}

fn magic(file: &Path) -> [u8; 4] {
    let mut magic = [0; 4];
    File::open(file).unwrap().read_exact(&mut magic).unwrap();
    magic
}

fn assert_there(path: &Path, row: &CaptureRow) {
    let mut source = source::open(path).unwrap();
    assert_eq!(source.frames() as i64, row.frames);
    let edge = RF64_FROM / FRAME;
    for from in [0, 1, edge - 50, edge + 1, row.frames as u64 / 2, row.frames as u64 - 100] {
        if from + 100 > row.frames as u64 {
            continue;
        }
        let (mut left, mut right) = (vec![0.0; 100], vec![0.0; 100]);
        source.read(from, &mut [&mut left, &mut right]).unwrap();
        let wanted: Vec<f32> = (from..from + 100).map(sung).collect();
        assert_eq!(left, wanted, "at {from}");
        assert!(right.iter().zip(&wanted).all(|(right, left)| *right == -left), "at {from}");
    }
}

// Seen red: with `rf64_from` not handed on to the file it stays RIFF; with rings of 4 s samples are lost.
#[test]
fn a_long_take_needs_no_more_memory_than_a_short_one_and_opens_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (seconds, rf64_from) = if soak() { (4 * 3_600, RF64_FROM) } else { (180, 16 << 20) };
    let frames = (seconds * RATE).next_multiple_of(BLOCK);
    let free = rustix::fs::statvfs(folder.path()).unwrap();
    let free = free.f_bavail * free.f_frsize;
    let needed = frames * FRAME + (512 << 20);
    assert!(free > needed, "{} needs {needed} bytes and has {free}: make room", folder.path().display());
    let (store, mut document, track) = song(folder.path());
    let (device, mut hand) = Manual::open(RATE as u32);
    let audio = store.folder().join("audio");
    let mut engine = Engine::on_device(Arc::clone(document.session()), &audio, device).unwrap();
    let request = RollRequest {
        tracks: vec![track],
        from: 0,
        punch: Punch::All(None),
        count_in: 0,
        latency: 0,
        format: SampleFormat::Float32,
    };
    let (roll, taps) = Roll::with_threshold(document.session(), &store, &request, rf64_from).unwrap();
    let file = audio.join(&roll.rows()[0].file);
    engine.roll(Some(0), 0, Some(taps));
    let (early, late) = sing(&mut engine, &mut hand, &file, frames);
    let recorded = stop(&mut engine, &mut hand, roll, frames);
    drop(engine);
    let row = &recorded.tracks[0].row;
    assert_eq!((recorded.tracks[0].lost, &recorded.tracks[0].error), (0, &None));
    assert!(row.frames as u64 >= frames);
    assert!(late < early + (8 << 20), "memory grew from {early} to {late} bytes");
    assert_eq!(&magic(&file), b"RF64");
    assert_there(&file, row);
    let edits = take::edits(document.session(), row).unwrap().edits;
    let transaction = Transaction { author: "test".to_owned(), label: "Record".to_owned(), edits };
    let journal = document.commit(transaction, now_ms()).unwrap();
    store.finish_captures(recorded.ids(), Some(journal)).wait().unwrap();
    drop(store);
    let start = Instant::now();
    let opened = Store::open(&folder.path().join("song.dawg"), Access::Write).unwrap();
    let media = opened.document.session().media.values().next().unwrap();
    let peaks = file_for(&opened.store.folder().join("peaks"), &media.id.to_string());
    PeakFile::open(&peaks, 2, media.frames.0 as u64).unwrap();
    source::open(&file).unwrap();
    let opening = start.elapsed();
    assert!(opened.unfinished.is_empty());
    assert!(opening < Duration::from_secs(1), "opening took {opening:?}");
    println!(
        "{seconds} s: {:.1} MB after a quarter, {:.1} MB at the end; opened in {:.1} ms",
        early as f64 / 1e6,
        late as f64 / 1e6,
        opening.as_secs_f64() * 1e3
    );
}

// Seen red: with `RING_SECONDS` at 4.
#[test]
fn the_disk_may_stall_for_five_seconds_at_any_rate() {
    for rate in [48_000, 96_000, 192_000] {
        for input in [&[1][..], &[1, 2]] {
            let (mut taps, readers, _log) = Taps::new(&[input], rate, RING_SECONDS, 0);
            let block = vec![0.0; 1_024];
            let mut heard = 0;
            while heard < rate as usize * 2 * RING_SECONDS as usize {
                taps.take(&[&block, &block], 0, 1_024);
                heard += 1_024;
            }
            let held = readers[0].samples.slots() / input.len();
            assert!(held >= 5 * rate as usize, "{held} frames at {rate} Hz");
        }
    }
}
