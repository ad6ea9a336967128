//! Comps copied, emptied and taken away, and back.

use super::*;
use crate::testing::{bytes, clip, lane, lane_id, name, song, track_id};
use crate::{FadeShape, Joint, Lane, Pick, Samples, apply_all};

const COMP: CompId = CompId::from_u128(50);
const NEW: CompId = CompId::from_u128(51);
const FIRST: LaneId = lane_id(1);
const SECOND: LaneId = LaneId::from_u128(5);
const GONE: LaneId = LaneId::from_u128(404);

/// Two lanes over 0..96,000 and a comp of these picks, which plays.
fn comped(picks: &[(i64, i64, LaneId)]) -> Session {
    let track = track_id(1);
    let clips = (0..2).map(|n| clip(70 + n, 100, n as i64 * 48_000).into()).collect();
    let second = Lane { clips, ..lane(SECOND.as_u128()) };
    let joint = Joint { length: Samples(480), shape: FadeShape::EqualPower };
    let pick = |(start, end, lane): &(i64, i64, LaneId)| Pick {
        start: Samples(*start),
        end: Samples(*end),
        lane: *lane,
        name: name("Take 1"),
        joint,
    };
    let comp = Comp { picks: picks.iter().map(pick).collect(), ..Comp::new(COMP, name("Comp A")) };
    let edits = [
        Edit::AddLane { track, lane: second, at: 1 },
        Edit::AddComp { track, comp, at: 0 },
        Edit::SetPlays { track, plays: Plays::Comp(COMP) },
    ];
    apply_all(&song(1, 2), &edits).unwrap().session
}

fn done(session: &Session, edits: Result<Vec<Edit>, EditError>) -> Session {
    let applied = apply_all(session, &edits.unwrap()).unwrap();
    let back = apply_all(&applied.session, &applied.inverses).unwrap();
    assert_eq!(bytes(&back.session), bytes(session));
    applied.session
}

/// Seen red: with the copy under the first one's name; with the first playing on; with the copy at the end.
#[test]
fn a_copy_takes_the_next_letter_and_plays_if_the_first_did() {
    let session = comped(&[(0, 10, FIRST), (10, 20, GONE)]);
    let after = done(&session, duplicate_comp(&session, COMP, NEW));
    let track = &after.tracks[0];
    assert_eq!(
        (track.plays, track.comps[1].id, track.comps[1].name.as_str()),
        (Plays::Comp(NEW), NEW, "Comp B")
    );
    assert_eq!(track.comps[1].picks, track.comps[0].picks);
    let third = CompId::from_u128(52);
    let after = done(&after, duplicate_comp(&after, COMP, third));
    let track = &after.tracks[0];
    let names: Vec<_> = track.comps.iter().map(|comp| comp.name.to_string()).collect();
    assert_eq!(
        (track.plays, names),
        (Plays::Comp(NEW), ["Comp A", "Comp C", "Comp B"].map(str::to_owned).to_vec())
    );
}

/// Seen red: with an Edit for an empty one.
#[test]
fn a_comp_is_emptied_and_stays() {
    let session = comped(&[(0, 10, FIRST), (10, 20, SECOND)]);
    let after = done(&session, clear_comp(&session, COMP));
    assert_eq!((after.tracks[0].plays, after.tracks[0].comps[0].picks.len()), (Plays::Comp(COMP), 0));
    assert_eq!(clear_comp(&after, COMP).unwrap(), []);
}

/// Seen red: with the first lane always; with picks counted in place of what is heard in them.
#[test]
fn where_a_comp_goes_the_lane_plays_of_which_most_was_heard() {
    let plays = |picks: &[(i64, i64, LaneId)]| {
        let session = comped(picks);
        let after = done(&session, remove_comp(&session, COMP));
        assert!(after.tracks[0].comps.is_empty());
        after.tracks[0].plays
    };
    assert_eq!(plays(&[(0, 1_000, FIRST), (1_000, 9_000, SECOND)]), Plays::Lane(SECOND));
    assert_eq!(plays(&[(0, 5_000, FIRST), (5_000, 9_000, SECOND)]), Plays::Lane(FIRST));
    // Most of what is picked may be silence.
    assert_eq!(plays(&[(Pick::FIRST.0, 9, FIRST), (9, 90_000, SECOND)]), Plays::Lane(SECOND));
    assert_eq!(
        plays(&[(0, 5_000, SECOND), (5_000, 10_000, FIRST)]),
        Plays::Lane(FIRST),
        "of equals the upper"
    );
    for nothing in [&[][..], &[(0, 10, GONE)], &[(500_000, 600_000, SECOND)]] {
        assert_eq!(plays(nothing), Plays::Lane(FIRST));
    }
}

/// Seen red: with the lane changed although another plays.
#[test]
fn a_comp_that_does_not_play_goes_quietly_and_one_that_is_not_there_is_told() {
    let session = comped(&[(0, 10, SECOND)]);
    let lane = Edit::SetPlays { track: track_id(1), plays: Plays::Lane(FIRST) };
    let session = apply_all(&session, &[lane]).unwrap().session;
    assert_eq!(remove_comp(&session, COMP).unwrap(), [Edit::RemoveComp { comp: COMP }]);
    assert_eq!(duplicate_comp(&session, COMP, NEW).unwrap().len(), 1);
    for gone in [remove_comp(&session, NEW), clear_comp(&session, NEW), duplicate_comp(&session, NEW, COMP)] {
        assert_eq!(gone.unwrap_err(), EditError::NoComp(NEW));
    }
}
