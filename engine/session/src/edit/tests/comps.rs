//! Edits of comps.

use crate::testing::{bytes, lane, lane_id, name, song, track_id};
use crate::*;

const COMP: CompId = CompId::from_u128(50);
const LANE: LaneId = lane_id(1);
const OTHER: LaneId = LaneId::from_u128(5);

fn pick(start: i64, end: i64, lane: LaneId) -> Pick {
    let joint = Joint { length: Samples(480), shape: FadeShape::EqualPower };
    Pick { start: Samples(start), end: Samples(end), lane, name: name("Take 1"), joint }
}

/// A track of two lanes and a comp of three picks; the first lane plays.
fn comped() -> Session {
    let picks = vec![pick(0, 100, LANE), pick(100, 200, OTHER), pick(300, 400, LANE)];
    let comp = Comp { picks, ..Comp::new(COMP, name("Comp A")) };
    let edits = [
        Edit::AddLane { track: track_id(1), lane: lane(OTHER.as_u128()), at: 1 },
        Edit::AddComp { track: track_id(1), comp, at: 0 },
    ];
    apply_all(&song(1, 1), &edits).unwrap().session
}

fn plays(plays: Plays) -> Edit {
    Edit::SetPlays { track: track_id(1), plays }
}

fn splice(at: usize, remove: usize, insert: Vec<Pick>) -> Edit {
    Edit::SpliceComp { comp: COMP, at, remove, insert }
}

/// The picks after an Edit, which its inverse takes back to the last bit.
fn after(session: &Session, edit: &Edit) -> Vec<(i64, i64, LaneId)> {
    let applied = apply(session, edit).unwrap();
    let back = apply(&applied.session, &applied.inverse).unwrap();
    assert_eq!(bytes(&back.session), bytes(session), "{edit:?}");
    assert!(applied.touched.contents.contains(&track_id(1)), "what is picked is compiled");
    let picks = &applied.session.tracks[0].comp(COMP).unwrap().picks;
    picks.iter().map(|pick| (pick.start.0, pick.end.0, pick.lane)).collect()
}

/// Seen red: with the inverse removing as many picks as were removed.
#[test]
fn picks_are_put_in_place_of_others_and_go_back() {
    let song = comped();
    let all = || vec![(0, 100, LANE), (100, 200, OTHER), (300, 400, LANE)];
    assert_eq!(after(&song, &splice(1, 1, vec![])), [all()[0], all()[2]]);
    assert_eq!(after(&song, &splice(0, 3, vec![])), []);
    assert_eq!(after(&song, &splice(3, 0, vec![])), all());
    let (first, last) = (pick(Pick::FIRST.0, 0, OTHER), pick(400, Pick::LAST.0, OTHER));
    let at_first = after(&song, &splice(0, 0, vec![first]));
    assert_eq!(at_first[0], (Pick::FIRST.0, 0, OTHER));
    assert_eq!(after(&song, &splice(3, 0, vec![last])).len(), 4);
    let three = vec![pick(50, 60, OTHER), pick(60, 70, LANE), pick(70, 300, OTHER)];
    assert_eq!(
        after(&song, &splice(0, 2, three)),
        [(50, 60, OTHER), (60, 70, LANE), (70, 300, OTHER), (300, 400, LANE)]
    );
}

/// Seen red: with the picks before and after those inserted not looked at; with an empty pick taken; with the reach not
/// looked at; with a joint of any length taken.
#[test]
fn picks_that_overlap_or_are_out_of_order_or_reach_are_refused() {
    let song = comped();
    let refused = |edit: Edit| apply(&song, &edit).unwrap_err();
    let wrong = EditError::Breaks(Violation::Picks(COMP));
    for insert in [
        vec![pick(99, 150, OTHER)],                        // over the one before
        vec![pick(150, 301, OTHER)],                       // over the one after
        vec![pick(120, 130, OTHER), pick(129, 140, LANE)], // over each other
        vec![pick(130, 140, OTHER), pick(120, 130, LANE)], // in the wrong order
        vec![pick(150, 150, OTHER)],                       // empty
        vec![pick(160, 150, OTHER)],                       // backwards
    ] {
        assert_eq!(refused(splice(1, 1, insert.clone())), wrong, "{insert:?}");
    }
    assert_eq!(refused(splice(3, 0, vec![pick(400, Pick::LAST.0 + 1, LANE)])), wrong);
    assert_eq!(refused(splice(0, 0, vec![pick(Pick::FIRST.0 - 1, 0, LANE)])), wrong);
    for length in [-1, Joint::LONGEST.0 + 1] {
        let joint = Joint { length: Samples(length), shape: FadeShape::Linear };
        let long = Pick { joint, ..pick(200, 300, LANE) };
        assert_eq!(refused(splice(2, 0, vec![long])), EditError::Breaks(Violation::JointLength(COMP)));
    }
    assert_eq!(refused(splice(4, 0, vec![])), EditError::NoPlace { given: 4, most: 3 });
    let most = EditError::NoPicks { comp: COMP, at: 2, given: 2, most: 1 };
    assert_eq!(refused(splice(2, 2, vec![])), most);
    let gone = CompId::from_u128(404);
    let of_none = Edit::SpliceComp { comp: gone, at: 0, remove: 0, insert: vec![] };
    assert_eq!(refused(of_none), EditError::NoComp(gone));
}

/// Seen red: with the comp that plays removable; with `plays` let to name a comp of another track.
#[test]
fn a_comp_plays_only_on_its_track_and_stays_while_it_does() {
    let song = comped();
    let playing = apply(&song, &plays(Plays::Comp(COMP))).unwrap();
    assert_eq!(apply(&playing.session, &playing.inverse).unwrap().session, song);
    let refused = apply(&playing.session, &Edit::RemoveComp { comp: COMP }).unwrap_err();
    assert_eq!(refused, EditError::CompPlays(COMP));
    let removed = apply(&song, &Edit::RemoveComp { comp: COMP }).unwrap();
    assert_eq!(bytes(&apply(&removed.session, &removed.inverse).unwrap().session), bytes(&song));
    let (track, comp) = (track_id(1), CompId::from_u128(404));
    let none = apply(&song, &plays(Plays::Comp(comp))).unwrap_err();
    assert_eq!(none, EditError::Breaks(Violation::PlaysNoComp { track, comp }));
}

#[test]
fn a_lane_that_goes_leaves_its_picks_as_gaps_and_undo_fills_them() {
    let song = apply(&comped(), &plays(Plays::Comp(COMP))).unwrap().session;
    let gone = apply(&song, &Edit::RemoveLane { lane: LANE }).unwrap();
    assert_eq!(gone.session.tracks[0].comps, song.tracks[0].comps);
    assert_eq!(gone.session.check(), Ok(()));
    let heard = |session: &Session| resolve(session, &session.tracks[0]).len();
    assert_eq!((heard(&song), heard(&gone.session)), (2, 0));
    assert_eq!(bytes(&apply(&gone.session, &gone.inverse).unwrap().session), bytes(&song));
}

/// Seen red: with ids of comps not looked at by `refuse_taken`; with picks not looked at by `add_comp`.
#[test]
fn a_comp_that_cannot_be_is_not_added() {
    let song = comped();
    let add = |comp: Comp, at| Edit::AddComp { track: track_id(1), comp, at };
    let refused = |edit: &Edit| apply(&song, edit).unwrap_err();
    let named = |id| Comp::new(id, name("Comp B"));
    assert_eq!(refused(&add(named(COMP), 0)), EditError::IdTaken(COMP.to_string()));
    let as_lane = Edit::AddLane { track: track_id(1), lane: lane(COMP.as_u128()), at: 0 };
    assert_eq!(refused(&as_lane), EditError::IdTaken(COMP.to_string()));
    let twin = CompId::from_u128(LANE.as_u128());
    assert_eq!(refused(&add(named(twin), 0)), EditError::IdTaken(LANE.to_string()));
    let fresh = CompId::from_u128(51);
    assert_eq!(refused(&add(named(fresh), 2)), EditError::NoPlace { given: 2, most: 1 });
    let empty = Comp { picks: vec![pick(5, 5, LANE)], ..named(fresh) };
    assert_eq!(refused(&add(empty, 0)), EditError::Breaks(Violation::Picks(fresh)));
    let mut track = crate::testing::track(70);
    track.comps = vec![named(COMP).into()];
    assert_eq!(refused(&Edit::AddTrack { track, at: 0 }), EditError::IdTaken(COMP.to_string()));
}

/// Seen red: with `rename_comp` noting contents, so that a name was compiled.
#[test]
fn a_comp_is_renamed_and_nothing_is_compiled() {
    let song = comped();
    let applied = apply(&song, &Edit::RenameComp { comp: COMP, name: name("the one") }).unwrap();
    assert_eq!(applied.session.tracks[0].comps[0].name, name("the one"));
    assert!(applied.touched.contents.is_empty() && applied.touched.tracks.contains(&track_id(1)));
    assert_eq!(bytes(&apply(&applied.session, &applied.inverse).unwrap().session), bytes(&song));
}

/// A removed track brings its comps back, and plays the one it did.
///
/// Seen red: with `add_track` dropping the comps.
#[test]
fn a_track_comes_back_with_its_comps() {
    let song = apply(&comped(), &plays(Plays::Comp(COMP))).unwrap().session;
    let gone = apply(&song, &Edit::RemoveTrack { track: track_id(1) }).unwrap();
    assert_eq!(bytes(&apply(&gone.session, &gone.inverse).unwrap().session), bytes(&song));
}
