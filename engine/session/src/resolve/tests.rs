use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::testing::{RATE, clip, empty_song, lane, track};
use crate::{Clip, Position, Samples, Tempo, TempoMap};

fn tempo() -> TempoMap {
    TempoMap::fixed(Tempo::DEFAULT, crate::Meter::DEFAULT)
}

fn placed(id: u128, start: i64, length: i64) -> Clip {
    Clip { length: Samples(length), ..clip(id, 100, start) }
}

fn stack(clips: Vec<Clip>) -> Lane {
    Lane { clips: clips.into_iter().map(Arc::new).collect(), ..lane(1) }
}

fn heard(lane: &Lane) -> Vec<(u128, i64, i64)> {
    let pieces = lane_clips(lane, &tempo(), RATE);
    pieces.iter().map(|p| (p.clip.as_u128(), p.from, p.to)).collect()
}

/// Seen red: with the stack walked from the bottom.
#[test]
fn a_later_clip_cuts_the_earlier_in_two() {
    let lane = stack(vec![placed(1, 0, 100), placed(2, 40, 20)]);
    assert_eq!(heard(&lane), [(1, 0, 40), (2, 40, 60), (1, 60, 100)]);
    let pieces = lane_clips(&lane, &tempo(), RATE);
    assert_eq!((pieces[2].clip_start, pieces[2].offset, pieces[2].clip_length), (0, 0, 100));
}

/// Seen red: without the filter, the muted clip cut a hole.
#[test]
fn a_muted_clip_covers_nothing() {
    let lane = stack(vec![placed(1, 0, 100), Clip { mute: true, ..placed(2, 40, 20) }]);
    assert_eq!(heard(&lane), [(1, 0, 100)]);
}

/// Seen red: with the first lane taken.
#[test]
fn a_track_is_heard_through_the_lane_it_plays() {
    let mut owner = track(10);
    let song = empty_song();
    assert_eq!(resolve(&song, &owner), []);
    owner.lanes.push(Arc::new(Lane { id: crate::LaneId::from_u128(5), ..stack(vec![placed(1, 0, 9)]) }));
    assert_eq!(resolve(&song, &owner).len(), 0);
    owner.plays = crate::Plays::Lane(crate::LaneId::from_u128(5));
    assert_eq!(resolve(&song, &owner).len(), 1);
}

/// Seen red: with ticks taken for samples.
#[test]
fn a_clip_fixed_in_bars_follows_the_tempo() {
    let on_beat = Clip { start: Position::Ticks(1_920), ..placed(1, 0, 10) };
    let slow = TempoMap::fixed(Tempo(60_000_000), crate::Meter::DEFAULT);
    let lane = stack(vec![on_beat]);
    assert_eq!(lane_clips(&lane, &tempo(), RATE)[0].from, 24_000);
    assert_eq!(lane_clips(&lane, &slow, RATE)[0].from, 48_000);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Against the definition, frame by frame: the topmost clip there is heard.
    ///
    /// Seen red: with a stretch that reaches in from the left not melted into.
    #[test]
    fn each_frame_is_heard_from_the_topmost_clip(clips in prop::collection::vec((-20_i64..60, 1_i64..30), 0..12)) {
        let lane = stack(clips.iter().enumerate().map(|(n, (at, len))| placed(n as u128, *at, *len)).collect());
        let pieces = heard(&lane);
        for pair in pieces.windows(2) {
            prop_assert!(pair[0].2 <= pair[1].1, "{:?}", pieces);
        }
        for frame in -25..95 {
            let covers = |clip: &&Arc<Clip>| clip.span(&tempo(), RATE).0 <= frame && frame < clip.span(&tempo(), RATE).1;
            let topmost = lane.clips.iter().rev().find(covers).map(|clip| clip.id.as_u128());
            let piece = pieces.iter().find(|(_, from, to)| *from <= frame && frame < *to).map(|piece| piece.0);
            prop_assert_eq!(piece, topmost, "frame {}", frame);
        }
    }
}

/// Seen red: with the stretch before a clip searched from the first.
#[test]
fn ten_thousand_clips_resolve_at_once() {
    for step in [200, 100, 50, 0] {
        let lane = stack((0..10_000).map(|n| placed(n, n as i64 * step, 100)).collect());
        let start = Instant::now();
        let pieces = lane_clips(&lane, &tempo(), RATE).len();
        println!("10,000 clips {step} apart: {pieces} pieces in {:?} (unoptimised)", start.elapsed());
        assert!(start.elapsed() < Duration::from_millis(700), "{:?}", start.elapsed());
    }
}
