//! The same samples, to the last bit, however the song is cut into blocks, live or offline.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use dawg_engine::Engine;
use dawg_engine::device::manual::Manual;
use dawg_engine::offline::Renderer;
use dawg_media::Progress;
use dawg_session::{
    CompId, Edit, FadeShape, LaneId, Layout, LoopRange, Plays, Position, Samples, Session, TrackId,
    comp::flatten,
};
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
            dawg_tests::turns("disk reader", 4);
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

/// The song with this track playing that, and all others muted.
fn alone(song: &torture::Song, track: TrackId, plays: Plays) -> torture::Song {
    let mut alone = torture::Song::of(song.session.clone(), &song.audio);
    let solo = Edit::SetTrackSolo { track, solo: true };
    alone.edit(&[Edit::SetTrackMute { track, mute: false }, solo, Edit::SetPlays { track, plays }]);
    alone
}

#[test]
fn a_comp_made_flat_is_the_comp_to_the_last_bit() {
    let folder = tempfile::tempdir().unwrap();
    let mut song = torture::make(folder.path());
    let track = song.session.track_named("comp").unwrap().clone();
    let comp = track.playing_comp().unwrap();
    let lane = flatten(&song.session, &track, comp, LaneId::fresh());
    let flat = Plays::Lane(lane.id);
    assert!(lane.clips.len() == 8, "{} clips", lane.clips.len());
    song.edit(&[Edit::AddLane { track: track.id, lane, at: 0 }]);
    let heard = offline(&alone(&song, track.id, Plays::Comp(comp.id)), 0, 4_096, FRAMES);
    assert!(heard[0].iter().any(|sample| sample.abs() > 0.1));
    assert_same(&offline(&alone(&song, track.id, flat), 0, 4_096, FRAMES), &heard, "flat");
}

#[test]
fn takes_that_go_on_in_one_file_null_with_the_uncut_lane() {
    let folder = tempfile::tempdir().unwrap();
    let mut song = torture::make(folder.path());
    let track = song.session.track_named("comp").unwrap().clone();
    // The lanes that show one file: the first of four takes, and the last.
    let [.., one, _, _, same] = track.lanes.as_slice() else { panic!("four takes") };
    let mut comp = dawg_session::Comp::new(CompId::fresh(), track.name.clone());
    let template = track.comps[0].picks[0].clone();
    for (start, end, lane) in [(-1_000, 50_001, one), (50_001, 80_000, same), (80_000, 400_000, one)] {
        comp.picks.push(dawg_session::Pick {
            start: Samples(start),
            end: Samples(end),
            lane: lane.id,
            joint: dawg_session::Joint { length: Samples(480), shape: FadeShape::EqualPower },
            ..template.clone()
        });
    }
    let plays = Plays::Comp(comp.id);
    song.edit(&[Edit::AddComp { track: track.id, comp, at: 0 }]);
    let uncut = offline(&alone(&song, track.id, Plays::Lane(one.id)), 0, 4_096, FRAMES);
    assert!(uncut[0].iter().any(|sample| sample.abs() > 0.1));
    assert_same(&offline(&alone(&song, track.id, plays), 0, 4_096, FRAMES), &uncut, "comp");
}

// Seen red: with a third take that is the first one, quieter.
#[test]
fn a_joint_of_the_same_takes_equal_gain_and_nulls_of_others_equal_power() {
    let folder = tempfile::tempdir().unwrap();
    let mut song = torture::Song::new(48_000, folder.path());
    let track = song.track("comp", Layout::STEREO);
    let planes = vec![signal::distinct(100_000, 91), signal::distinct(100_000, 92)];
    let format = dawg_media::wav::SampleFormat::Float32;
    // The same sound in two files: nothing tells the engine that they go on in each other.
    let medias = [song.media(&planes, format), song.media(&planes, format), song.noise(2, 100_000, format)];
    let lanes = medias.map(|media| {
        let name = dawg_session::Name::new("Take").unwrap();
        let mut lane = dawg_session::Lane::new(LaneId::fresh(), name);
        lane.clips.push(Arc::new(song.clip(media, 0)));
        let id = lane.id;
        song.edit(&[Edit::AddLane { track, lane, at: 1 }]);
        id
    });
    let owner = song.session.track(track).unwrap().clone();
    let shape = |a: LaneId, b: LaneId| {
        let (at, length) = (Samples(50_000), Samples(480));
        dawg_engine::joints::joint_shape(&song.session, &song.audio, &owner, (a, b), at, length).unwrap()
    };
    assert_eq!(shape(lanes[0], lanes[1]), FadeShape::Linear);
    assert_eq!(shape(lanes[0], lanes[2]), FadeShape::EqualPower);
    let mut comp = dawg_session::Comp::new(CompId::fresh(), owner.name.clone());
    let joint = dawg_session::Joint { length: Samples(480), shape: FadeShape::Linear };
    for (start, end, lane) in [(-9, 50_000, lanes[0]), (50_000, 200_000, lanes[1])] {
        let (start, end, name) = (Samples(start), Samples(end), owner.name.clone());
        comp.picks.push(dawg_session::Pick { start, end, lane, name, joint });
    }
    let plays = Plays::Comp(comp.id);
    song.edit(&[Edit::AddComp { track, comp, at: 0 }]);
    let uncut = offline(&alone(&song, track, Plays::Lane(lanes[0])), 0, 4_096, 100_000);
    let joined = offline(&alone(&song, track, plays), 0, 4_096, 100_000);
    let furthest = uncut[0].iter().zip(&joined[0]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(furthest <= 1e-7, "{furthest:e}");
}
