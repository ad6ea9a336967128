//! Lanes taken away, and back; lanes listened to.

use super::*;
use crate::testing::{bytes, clip, lane, lane_id, name, song, track_id};
use crate::{CompId, FadeShape, Joint, Pick, Samples, apply_all, resolve};

const FIRST: LaneId = lane_id(1);
const FRESH: LaneId = LaneId::from_u128(60);
const COMP: CompId = CompId::from_u128(50);

const fn id(number: u128) -> LaneId {
    LaneId::from_u128(number)
}

/// The first track with lanes 5, 6, … below its own, those marked with a clip each.
fn with_lanes(below: &[bool]) -> Session {
    let add = |(n, full): (usize, &bool)| {
        let clips = full.then(|| clip(70 + n as u128, 100, 0).into()).into_iter().collect();
        Edit::AddLane { track: track_id(1), lane: Lane { clips, ..lane(5 + n as u128) }, at: n + 1 }
    };
    apply_all(&song(1, 1), &below.iter().enumerate().map(add).collect::<Vec<_>>()).unwrap().session
}

fn play(session: &Session, plays: Plays) -> Session {
    apply_all(session, &[Edit::SetPlays { track: track_id(1), plays }]).unwrap().session
}

fn removed(session: &Session, lane: LaneId) -> Session {
    let applied = apply_all(session, &remove_lane(session, lane, FRESH).unwrap()).unwrap();
    let back = apply_all(&applied.session, &applied.inverses).unwrap();
    assert_eq!(bytes(&back.session), bytes(session));
    assert!(applied.session.tracks[0].lane(lane).is_none());
    applied.session
}

/// Seen red: with those above first; with an empty one below preferred to a full one above.
#[test]
fn where_the_lane_that_plays_goes_the_nearest_with_something_on_it_plays() {
    let after = |below: &[bool], lane| {
        let session = with_lanes(below);
        removed(&play(&session, Plays::Lane(lane)), lane).tracks[0].plays
    };
    assert_eq!(after(&[true, true], FIRST), Plays::Lane(id(5)));
    assert_eq!(after(&[true, true], id(5)), Plays::Lane(id(6)));
    assert_eq!(after(&[true, true], id(6)), Plays::Lane(id(5)));
    assert_eq!(after(&[true, false], id(5)), Plays::Lane(FIRST));
    assert_eq!(after(&[false, false], FIRST), Plays::Lane(id(5)));
    let other = with_lanes(&[true]);
    assert_eq!(removed(&other, id(5)).tracks[0].plays, Plays::Lane(FIRST), "what plays, plays on");
}

/// Seen red: without the fresh lane.
#[test]
fn the_last_lane_makes_room_for_an_empty_one() {
    let after = removed(&song(1, 2), FIRST);
    let lane = &after.tracks[0].lanes[0];
    assert_eq!((lane.id, lane.name.as_str(), lane.clips.len()), (FRESH, "Voice", 0));
    assert_eq!(after.tracks[0].plays, Plays::Lane(FRESH));
    assert_eq!(remove_lane(&after, FIRST, FRESH).unwrap_err(), EditError::NoLane(FIRST));
}

fn comped() -> Session {
    let joint = Joint { length: Samples(480), shape: FadeShape::EqualPower };
    let pick = |start: i64, lane| {
        let (start, end) = (Samples(start), Samples(start + 1_000));
        Pick { start, end, lane, name: name("Take 1"), joint }
    };
    let picks =
        vec![pick(0, FIRST), pick(1_000, id(5)), pick(2_000, FIRST), pick(3_000, id(5)), pick(4_000, FIRST)];
    let comp = Comp { picks, ..Comp::new(COMP, name("Comp A")) };
    apply_all(&with_lanes(&[true]), &[Edit::AddComp { track: track_id(1), comp, at: 0 }]).unwrap().session
}

/// Seen red: without `renamed_picks`; with the other lane's picks renamed too.
#[test]
fn gaps_bear_the_name_that_the_lane_had_last() {
    let session = comped();
    assert_eq!(remove_lane(&session, id(5), FRESH).unwrap(), [Edit::RemoveLane { lane: id(5) }]);
    let rename = Edit::RenameLane { lane: id(5), name: name("the good one") };
    let renamed = apply_all(&session, &[rename]).unwrap().session;
    let after = removed(&play(&renamed, Plays::Comp(COMP)), id(5));
    let names: Vec<_> = after.tracks[0].comps[0].picks.iter().map(|pick| pick.name.as_str()).collect();
    assert_eq!(names, ["Take 1", "the good one", "Take 1", "the good one", "Take 1"]);
    assert_eq!(after.tracks[0].plays, Plays::Comp(COMP));
}

/// Seen red: with ids that the track does not have taken; with every track copied.
#[test]
fn a_lane_is_listened_to_without_a_change_of_the_song() {
    let session =
        apply_all(&comped(), &[Edit::AddTrack { track: crate::testing::track(900), at: 1 }]).unwrap().session;
    let before = bytes(&session);
    let hearing = |plays| session.hearing(&BTreeMap::from([(track_id(1), plays)]));
    let heard = hearing(Plays::Lane(id(5)));
    assert_eq!(heard.tracks[0].playing().unwrap().id, id(5));
    assert!(resolve(&heard, &heard.tracks[0]).iter().all(|piece| piece.clip.as_u128() == 70));
    assert!(Arc::ptr_eq(&heard.tracks[1], &session.tracks[1]), "the other track is shared");
    assert!(Arc::ptr_eq(&heard.tracks[0].lanes[0], &session.tracks[0].lanes[0]), "and so are lanes");
    assert_eq!(hearing(Plays::Comp(COMP)).tracks[0].plays, Plays::Comp(COMP));
    for unknown in [Plays::Lane(id(404)), Plays::Comp(CompId::from_u128(404)), session.tracks[0].plays] {
        assert!(Arc::ptr_eq(&hearing(unknown).tracks[0], &session.tracks[0]));
    }
    let elsewhere = BTreeMap::from([(TrackId::from_u128(404), Plays::Lane(id(5)))]);
    assert_eq!(session.hearing(&elsewhere), session);
    assert_eq!(bytes(&session), before);
}
