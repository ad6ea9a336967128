//! How comps sound: named cases, and everything against a naive model that knows samples only (`model`).

use std::sync::Arc;

use super::*;
use crate::testing::{empty_song, lane, media, name, track};
use crate::{Clip, ClipId, Comp, CompId, Gain, Joint, LaneId, MediaId, Pick, Position, Samples};

mod flat;
mod model;

/// So slow that 2 ms are four frames.
const RATE: u32 = 2_000;
const FADE: i64 = 4;
/// Frames of the files 1, 2 and 3.
const FRAMES: i64 = 200;
const GONE: u128 = 77;

/// A song of one track that plays a comp: a lane (from 1) of each stack of clips, and picks `(start, end, lane, joint)`.
fn song(lanes: Vec<Vec<Clip>>, picks: &[(i64, i64, u128, i64)], shape: FadeShape) -> (Session, Track, Comp) {
    let mut session = Session { id: crate::SongId::from_u128(1_000), ..empty_song() };
    session.sample_rate = RATE;
    for id in 1..=3 {
        let file = crate::Media { frames: Samples(FRAMES), ..media(id) };
        session.media.insert(file.id, Arc::new(file));
    }
    let mut comp = Comp::new(CompId::from_u128(2_000), name("Comp A"));
    comp.picks = picks
        .iter()
        .map(|(start, end, lane, joint)| Pick {
            start: Samples(*start),
            end: Samples(*end),
            lane: LaneId::from_u128(100 + *lane),
            name: name("Take"),
            joint: Joint { length: Samples(*joint), shape },
        })
        .collect();
    let mut owner = track(3_000);
    owner.lanes = lanes
        .into_iter()
        .zip(1..)
        .map(|(clips, id)| {
            Arc::new(Lane { clips: clips.into_iter().map(Arc::new).collect(), ..lane(100 + id) })
        })
        .collect();
    owner.comps = vec![Arc::new(comp.clone())];
    owner.plays = Plays::Comp(comp.id);
    session.tracks.push(Arc::new(owner.clone()));
    (session, owner, comp)
}

/// File `media` from its frame `offset` on, at `start`.
fn clip(media: u128, start: i64, length: i64, offset: i64) -> Clip {
    Clip {
        id: ClipId::fresh(),
        start: Position::Samples(start),
        length: Samples(length),
        offset: Samples(offset),
        ..crate::testing::clip(0, media, 0)
    }
}

fn fade(length: i64) -> Fade {
    Fade { length: Samples(length), shape: FadeShape::Linear }
}

/// `(media, from, to, file frame at from, joint in, joint out)` of each piece.
#[allow(clippy::type_complexity, reason = "what a test wants to see of a piece")]
fn heard(
    song: &(Session, Track, Comp),
) -> Vec<(u128, i64, i64, i64, Option<(i64, i64)>, Option<(i64, i64)>)> {
    let ramp = |ramp: Option<JointRamp>| ramp.map(|ramp| (ramp.from, ramp.length));
    resolve(&song.0, &song.1)
        .iter()
        .map(|p| {
            (p.media.as_u128(), p.from, p.to, p.from - p.file_start(), ramp(p.joint_in), ramp(p.joint_out))
        })
        .collect()
}

/// Seen red: with the joint's halves exchanged (`length - length / 2` to the left).
#[test]
fn a_joint_is_centred_and_lets_both_lanes_on_beyond_the_boundary() {
    let lanes = vec![vec![clip(1, 0, 100, 0)], vec![clip(2, 0, 100, 0)]];
    let song = song(lanes, &[(0, 50, 1, 0), (50, 100, 2, 11)], FadeShape::EqualPower);
    let zone = Some((45, 11));
    let [first, last] = [Some((0, FADE)), Some((96, FADE))];
    assert_eq!(heard(&song), [(1, 0, 56, 0, first, zone), (2, 45, 100, 45, zone, last)]);
}

/// Seen red: with `reach` left at what is heard of the lane.
#[test]
fn a_joint_hears_the_file_beyond_its_clip() {
    let lanes = vec![vec![clip(1, 0, 50, 20)], vec![clip(2, 50, 50, 20)]];
    let song = song(lanes, &[(-10, 50, 1, 0), (50, 110, 2, 10)], FadeShape::EqualPower);
    let zone = Some((45, 10));
    assert_eq!(heard(&song), [(1, 0, 55, 20, None, zone), (2, 45, 100, 15, zone, None)]);
}

/// Seen red: with the halves shortened one by one (off centre), and with 2 × left in place of 2 × left + 1.
#[test]
fn a_joint_is_shortened_to_what_both_sides_have() {
    for (offset, zone) in [(3, (47, 7)), (1, (49, 3))] {
        let lanes = vec![vec![clip(1, 0, 100, 0)], vec![clip(2, 50, 50, offset)]];
        let song = song(lanes, &[(0, 50, 1, 0), (50, 100, 2, 20)], FadeShape::EqualPower);
        assert_eq!(heard(&song)[1].4, Some(zone));
    }
    // The earlier's file ends six frames after the boundary.
    let lanes = vec![vec![clip(1, 0, 50, FRAMES - 56)], vec![clip(2, 0, 100, 0)]];
    let song = song(lanes, &[(0, 50, 1, 0), (50, 100, 2, 20)], FadeShape::EqualPower);
    assert_eq!(heard(&song)[0].5, Some((44, 12)));
}

/// Seen red: with the later side's edge left as the joint's.
#[test]
fn with_nothing_on_one_side_both_fade_within_their_own() {
    // The later take's file begins at the boundary.
    let lanes = vec![vec![clip(1, 0, 100, 0)], vec![clip(2, 50, 50, 0)]];
    let two = song(lanes, &[(0, 50, 1, 0), (50, 100, 2, 20)], FadeShape::EqualPower);
    let [first, last] = [Some((0, FADE)), Some((96, FADE))];
    let [out, back] = [Some((50 - FADE, FADE)), Some((50, FADE))];
    assert_eq!(heard(&two), [(1, 0, 50, 0, first, out), (2, 50, 100, 0, back, last)]);
    // Nothing of the later take is there at all, or its lane is gone.
    for lane in [3, GONE] {
        let lanes = vec![vec![clip(1, 0, 100, 0)], vec![], vec![clip(2, 60, 40, 0)]];
        let one = song(lanes, &[(0, 50, 1, 0), (50, 60, lane, 20)], FadeShape::EqualPower);
        assert_eq!(heard(&one), [(1, 0, 50, 0, first, out)]);
    }
}

/// Seen red: without the share, the pick's two ramps overlapped.
#[test]
fn two_joints_of_a_short_pick_share_it() {
    let lanes = || vec![vec![clip(1, 0, 200, 0)], vec![clip(2, 0, 200, 0)], vec![clip(3, 0, 200, 0)]];
    let picks = [(0, 100, 1, 0), (100, 110, 2, 20), (110, 200, 3, 60)];
    let zones = heard(&song(lanes(), &picks, FadeShape::EqualPower));
    // 10 and 30 frames of ten wished for: 2 and 8, and the other halves as long.
    assert_eq!((zones[1].4, zones[1].5), (Some((98, 4)), Some((102, 17))));
    let picks = [(0, 100, 1, 0), (100, 101, 2, 20), (101, 200, 3, 20)];
    let one = heard(&song(lanes(), &picks, FadeShape::EqualPower));
    assert_eq!((one[1].1, one[1].2, one[1].4, one[1].5), (100, 103, None, Some((100, 3))));
}

/// Seen red: without `goes_on_in`, and with `is_plain` taken out of it for the faded case.
#[test]
fn in_the_same_file_going_on_there_is_no_joint() {
    let picks = [(0, 50, 1, 0), (50, 100, 2, 10)];
    let lanes = |other: Clip| vec![vec![clip(1, 0, 100, 20)], vec![other]];
    let joined = |other: Clip| heard(&song(lanes(other), &picks, FadeShape::Linear))[1].4.is_some();
    assert!(!joined(clip(1, 30, 70, 50)));
    assert!(joined(clip(1, 30, 70, 51)));
    assert!(joined(clip(2, 30, 70, 50)));
    assert!(joined(Clip { gain: Gain::HALF, ..clip(1, 30, 70, 50) }));
    assert!(joined(Clip { channels: ClipChannels::FoldDown, ..clip(1, 30, 70, 50) }));
    assert!(joined(Clip { fade_in: fade(30), ..clip(1, 30, 70, 50) }));
    assert!(!joined(Clip { fade_in: fade(20), ..clip(1, 30, 70, 50) }));
}

/// Seen red: with the muted clips left out of what is taken.
#[test]
fn a_muted_clip_is_not_revealed_by_its_neighbours() {
    let muted = Clip { mute: true, ..clip(1, 52, 48, 52) };
    let lanes = vec![vec![clip(1, 0, 50, 0), muted], vec![clip(2, 0, 100, 0)]];
    let song = song(lanes, &[(0, 50, 1, 0), (50, 100, 2, 20)], FadeShape::EqualPower);
    assert_eq!(heard(&song)[0].5, Some((48, 4)));
}

/// Seen red: without the question for a length of 0, where the later take's file begins at the boundary.
#[test]
fn a_joint_of_no_length_is_a_plain_cut() {
    for later in [clip(2, 0, 100, 0), clip(2, 50, 50, 0)] {
        let song = song(
            vec![vec![clip(1, 0, 100, 0)], vec![later]],
            &[(-5, 50, 1, 0), (50, 105, 2, 0)],
            FadeShape::Linear,
        );
        let pieces = heard(&song);
        assert_eq!(pieces[0], (1, 0, 50, 0, None, None));
        assert_eq!((pieces[1].1, pieces[1].2, pieces[1].4, pieces[1].5), (50, 100, None, None));
    }
}

/// Seen red: with the crossfade's share of the clip below left out (as every other overlap).
#[test]
fn fades_that_lie_over_each_other_cross_on_a_lane() {
    let below = Clip { fade_out: fade(20), ..clip(1, 0, 60, 0) };
    let above = Clip { fade_in: fade(20), ..clip(2, 40, 60, 0) };
    let lanes = |above: Clip| vec![vec![below.clone(), above]];
    let pieces = |above: Clip| -> Vec<(u128, i64, i64)> {
        let (session, mut owner, _) = song(lanes(above), &[], FadeShape::Linear);
        owner.plays = Plays::Lane(LaneId::from_u128(101));
        resolve(&session, &owner).iter().map(|p| (p.media.as_u128(), p.from, p.to)).collect()
    };
    assert_eq!(pieces(above.clone()), [(1, 0, 60), (2, 40, 100)]);
    assert_eq!(pieces(Clip { fade_in: fade(19), ..above.clone() }), [(1, 0, 40), (2, 40, 100)]);
    assert_eq!(pieces(Clip { start: Position::Samples(41), ..above }), [(1, 0, 41), (2, 41, 101)]);
}

/// Seen red: with names compared too (`Comp` and `Clip` as a whole).
#[test]
fn what_is_not_heard_makes_no_other_sound() {
    let lanes = || vec![vec![clip(1, 0, 100, 0)], vec![clip(2, 0, 100, 0)], vec![clip(3, 0, 100, 0)]];
    let (_, before, comp) = song(lanes(), &[(0, 50, 1, 0), (50, 100, 2, 10)], FadeShape::Linear);
    let change = |number: usize, change: &dyn Fn(&mut Lane)| {
        let mut now = before.clone();
        change(Arc::make_mut(&mut now.lanes[number]));
        plays_the_same(&before, &now)
    };
    let lane_looks = |lane: &mut Lane| (lane.rating, lane.name, lane.hidden) = (5, name("Best"), true);
    let gone = |lane: &mut Lane| lane.clips.clear();
    let clip_name = |lane: &mut Lane| Arc::make_mut(&mut lane.clips[0]).name = name("Ooh");
    let clip_start = |lane: &mut Lane| Arc::make_mut(&mut lane.clips[0]).start = Position::Samples(1);
    assert!((0..3).all(|number| change(number, &lane_looks) && change(number, &clip_name)));
    assert_eq!((0..3).map(|number| change(number, &gone)).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!((0..3).map(|number| change(number, &clip_start)).collect::<Vec<_>>(), [false, false, true]);
    let comp_is = |comp: Comp| {
        let mut now = before.clone();
        now.comps = vec![Arc::new(comp)];
        plays_the_same(&before, &now)
    };
    assert!(comp_is(Comp { name: name("Comp B"), ..comp.clone() }));
    let mut longer = comp;
    longer.picks[1].joint.length = Samples(11);
    assert!(!comp_is(longer));
}

/// Seen red: with the end of the last pick's last clip taken, though the clip lies beyond the pick.
#[test]
fn a_comp_ends_where_its_last_piece_does() {
    let lanes = vec![vec![clip(1, 0, 100, 0)], vec![clip(2, 0, 52, 0)]];
    let (session, ..) = song(lanes, &[(0, 50, 1, 0), (50, 90, 2, 20)], FadeShape::EqualPower);
    assert_eq!(session.end(), Samples(60));
}

#[test]
fn a_comp_of_a_hundred_lanes_and_five_hundred_picks_resolves_at_once() {
    let lane = |offset: i64| (0..20).map(|n| clip(1, n * 1_000, 1_000 - offset, offset)).collect();
    let picks: Vec<_> = (0..500).map(|n| (n * 40, n * 40 + 40, 1 + n as u128 * 7 % 100, 10)).collect();
    let (session, owner, _) = song((0..100).map(lane).collect(), &picks, FadeShape::EqualPower);
    let mut times: Vec<_> = (0..9)
        .map(|_| {
            let start = std::time::Instant::now();
            assert!(resolve(&session, &owner).len() > 400);
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("100 lanes of 20 clips, 500 picks: {:?} (unoptimised)", times[4]);
    assert!(times[0] < std::time::Duration::from_millis(100), "{times:?}");
}
