//! A comp made flat sounds as it did.

use proptest::prelude::*;

use super::model::{any_lane, rise};
use super::*;
use crate::comp::flatten;

/// File, its frame and the gain of all that is heard at `at`.
fn sound(pieces: &[PlayedClip], at: i64) -> Vec<(MediaId, i64, f64)> {
    let mut sound: Vec<_> = pieces
        .iter()
        .filter(|piece| piece.from <= at && at < piece.to)
        .map(|piece| {
            let rising = piece.joint_in.map_or(1.0, |ramp| rise(ramp.shape, at - ramp.from, ramp.length));
            let falling = piece
                .joint_out
                .map_or(1.0, |ramp| rise(ramp.shape, ramp.from + ramp.length - 1 - at, ramp.length));
            let gain = rise(piece.fade_in.shape, at - piece.clip_start, piece.fade_in.length.0)
                * rise(piece.fade_out.shape, piece.clip_end() - 1 - at, piece.fade_out.length.0);
            (piece.media, at - piece.file_start(), gain * rising * falling * f64::from(piece.gain))
        })
        .collect();
    sound.sort_by_key(|(media, frame, _)| (*media, *frame));
    sound
}

fn same(a: &[(MediaId, i64, f64)], b: &[(MediaId, i64, f64)]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a.0, a.1) == (b.0, b.1) && (a.2 - b.2).abs() < 1e-9)
}

fn flat(song: &(Session, Track, Comp)) -> (Session, Vec<PlayedClip>) {
    let (session, owner, comp) = song;
    let lane = flatten(session, owner, comp, LaneId::from_u128(50));
    let pieces = lane_clips(&lane, &session.tempo_map, RATE);
    // A song of this rate is refused; its clips are not.
    let mut flat = Session { sample_rate: 8_000, ..session.clone() };
    Arc::make_mut(&mut flat.tracks[0]).lanes.push(Arc::new(lane));
    (flat, pieces)
}

fn picks(cuts: Vec<(i64, u128, i64, u8)>) -> Vec<(i64, i64, u128, i64)> {
    let mut cuts = cuts;
    cuts.sort_unstable();
    cuts.dedup_by_key(|cut| cut.0);
    let pairs = cuts.windows(2).filter(|pair| pair[0].3 > 0);
    pairs.map(|pair| (pair[0].0, pair[1].0, pair[0].1, pair[0].2)).collect()
}

/// The joints in which a side falls silent half-way: flat, they are short fades.
fn broken(pieces: &[PlayedClip]) -> Vec<JointRamp> {
    let sides: [fn(&PlayedClip) -> Option<JointRamp>; 2] = [|piece| piece.joint_in, |piece| piece.joint_out];
    let broken = |(side, ramp): &(fn(&PlayedClip) -> Option<JointRamp>, JointRamp)| {
        let of_it = pieces.iter().filter(|piece| side(piece) == Some(*ramp));
        let parts = of_it.map(|piece| piece.to.min(ramp.from + ramp.length) - piece.from.max(ramp.from));
        parts.sum::<i64>() < ramp.length
    };
    let all =
        sides.into_iter().flat_map(|side| pieces.iter().filter_map(move |piece| Some((side, side(piece)?))));
    all.filter(broken).map(|(_, ramp)| ramp).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Takes: each lane shows its file in windows that go on in one another, without fades.
    ///
    /// Seen red: with a piece that falls silent at the end of its joint melted with what goes on in its file there.
    #[test]
    fn takes_sound_as_their_comp(
        windows in prop::collection::vec((-10_i64..30, 20_i64..80, 1_i64..60), 3),
        cuts in prop::collection::vec((-20_i64..150, 1_u128..5, 0_i64..50, 0_u8..6), 2..8),
        power in any::<bool>(),
    ) {
        let lanes = windows.iter().zip(1..).map(|((start, first, second), media)| {
            vec![clip(media, *start, *first, 20), clip(media, start + first, *second, 20 + first)]
        });
        let shape = if power { FadeShape::EqualPower } else { FadeShape::Linear };
        let song = song(lanes.collect(), &picks(cuts), shape);
        let comp = resolve(&song.0, &song.1);
        let (session, lane) = flat(&song);
        prop_assert_eq!(session.check(), Ok(()));
        let broken = broken(&comp);
        let in_broken = |at: &i64| broken.iter().any(|ramp| (ramp.from - FADE..ramp.from + ramp.length + FADE).contains(at));
        for at in (-60..260).filter(|at| !in_broken(at)) {
            let (comp, lane) = (sound(&comp, at), sound(&lane, at));
            prop_assert!(same(&comp, &lane), "at {}: {:?}, not {:?}", at, lane, comp);
        }
    }

    /// Whatever lies on the lanes, the flat lane is one that a song may have, and sounds the same where no joint and no
    /// fade is.
    #[test]
    fn any_lanes_sound_as_their_comp_outside_its_joints(
        lanes in prop::collection::vec(any_lane(), 3),
        cuts in prop::collection::vec((-20_i64..150, 1_u128..5, 0_i64..50, 0_u8..6), 2..8),
    ) {
        let song = song(lanes, &picks(cuts), FadeShape::EqualPower);
        let comp = resolve(&song.0, &song.1);
        let (session, lane) = flat(&song);
        prop_assert_eq!(session.check(), Ok(()));
        for at in -60..260 {
            let (expected, found) = (sound(&comp, at), sound(&lane, at));
            let plain = |piece: &PlayedClip| {
                let heard = piece.from <= at && at < piece.to;
                let near = |ramp: &JointRamp| {
                    (ramp.from - FADE..ramp.from + ramp.length + FADE).contains(&at)
                };
                !(heard && (piece.fade_in.length.0 > 0 || piece.fade_out.length.0 > 0))
                    && ![piece.joint_in, piece.joint_out].iter().flatten().any(near)
            };
            if comp.iter().all(plain) {
                prop_assert!(same(&expected, &found), "at {}: {:?}, not {:?}", at, found, expected);
            }
        }
    }
}
