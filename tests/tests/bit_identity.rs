//! The same samples, to the last bit, however the song is cut into blocks, live or offline.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;
use std::time::Duration;

use dawg_engine::Engine;
use dawg_engine::device::manual::Manual;
use dawg_engine::offline::Renderer;
use dawg_media::Progress;
use dawg_session::{Edit, LoopRange, Position, Session};
use dawg_tests::{signal, torture};

const FRAMES: usize = 400_000;

fn offline(song: &torture::Song, from: i64, block: usize, frames: usize) -> [Vec<f32>; 2] {
    let mut renderer = Renderer::new(&song.session, &song.audio, from, block).unwrap();
    let mut sides = [Vec::new(), Vec::new()];
    let sink = |planes: &[&[f32]]| {
        sides[0].extend_from_slice(planes[0]);
        sides[1].extend_from_slice(planes[1]);
        Ok(())
    };
    renderer.render(frames as u64, &Progress::new(), sink).unwrap();
    sides
}

/// Plays through the live engine in blocks of the given sizes, over and over.
fn live(session: &Session, audio: &std::path::Path, blocks: &[usize], frames: usize) -> [Vec<f32>; 2] {
    let (device, mut hand) = Manual::open(session.sample_rate);
    let mut engine = Engine::on_device(Arc::new(session.clone()), audio, device).unwrap();
    hand.silence(64);
    engine.play(Some(0));
    let mut sides = [Vec::new(), Vec::new()];
    let mut rest_at = 0;
    for block in blocks.iter().cycle() {
        // Faster than real time, but not faster than the disk reader's look ahead of two seconds.
        if sides[0].len() >= rest_at {
            rest_at = sides[0].len() + 24_000;
            dawg_tests::poll(Duration::from_millis(50), || None::<()>);
        }
        let [left, right] = hand.silence(*block);
        sides[0].extend(left);
        sides[1].extend(right);
        engine.tick();
        if sides[0].len() >= frames {
            break;
        }
    }
    assert_eq!(engine.vitals().missed_frames, 0, "the disk reader was late");
    sides.map(|mut side| {
        side.truncate(frames);
        side
    })
}

fn assert_same(a: &[Vec<f32>; 2], b: &[Vec<f32>; 2], what: &str) {
    for (a, b) in a.iter().zip(b) {
        assert_eq!(signal::first_difference(a, b), None, "{what}");
    }
}

// Seen red: with fades counted from the block's start (`at = 0` in `read_piece`) every size differs.
#[test]
fn every_block_size_offline() {
    let folder = tempfile::tempdir().unwrap();
    let song = torture::make(folder.path());
    let reference = offline(&song, 0, 4_096, FRAMES);
    assert!(reference[0].iter().any(|sample| sample.abs() > 0.1));
    for block in [32, 64, 100, 441, 1_024] {
        assert_same(&offline(&song, 0, block, FRAMES), &reference, &format!("blocks of {block}"));
    }
}

// Seen red: with the disk reader looking no further than the playhead (AHEAD = 0) blocks are missing.
#[test]
fn live_at_every_block_size_is_what_is_exported() {
    let folder = tempfile::tempdir().unwrap();
    let song = torture::make(folder.path());
    let reference = offline(&song, 0, 4_096, FRAMES);
    for blocks in [&[32][..], &[64], &[100], &[441], &[1_024], &[1, 700, 33, 2_000, 256]] {
        assert_same(
            &live(&song.session, &song.audio, blocks, FRAMES),
            &reference,
            &format!("blocks of {blocks:?}"),
        );
    }
}

// Seen red: with the block that crosses the loop's end not cut there (`reach` ignoring it) every size differs.
#[test]
fn a_loop_over_the_torture_song_repeats_to_the_last_bit() {
    let folder = tempfile::tempdir().unwrap();
    let mut song = torture::make(folder.path());
    let (start, end) = (30_011, 61_003);
    let range = LoopRange { on: true, start: Position::Samples(start), end: Position::Samples(end) };
    song.edit(&[Edit::SetLoop { range }]);
    let pass = offline(&song, start, 4_096, (end - start) as usize);
    let mut expected = offline(&song, 0, 4_096, start as usize);
    for (expected, pass) in expected.iter_mut().zip(&pass) {
        for _ in 0..4 {
            expected.extend(pass);
        }
    }
    let frames = expected[0].len();
    for blocks in [&[64][..], &[441], &[1_024], &[1, 700, 33, 2_000, 256]] {
        assert_same(
            &live(&song.session, &song.audio, blocks, frames),
            &expected,
            &format!("blocks of {blocks:?}"),
        );
    }
}

// Seen red: starting the position at 0 whatever `from` says.
#[test]
fn a_range_is_a_part_of_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let song = torture::make(folder.path());
    let whole = offline(&song, 0, 4_096, 120_000);
    let part = offline(&song, 55_001, 4_096, 60_000);
    for (whole, part) in whole.iter().zip(&part) {
        assert_eq!(signal::first_difference(&whole[55_001..115_001], part), None);
    }
}
