//! Edits of lanes as takes: their order, looks and ratings.

use crate::testing::{bytes, lane, lane_id, song, track_id};
use crate::*;

const FIRST: LaneId = lane_id(1);
const SECOND: LaneId = LaneId::from_u128(5);
const THIRD: LaneId = LaneId::from_u128(6);

/// A track of three lanes, the first of which plays.
fn three() -> Session {
    let add = |id: LaneId, at| Edit::AddLane { track: track_id(1), lane: lane(id.as_u128()), at };
    apply_all(&song(1, 2), &[add(SECOND, 1), add(THIRD, 2)]).unwrap().session
}

fn order(session: &Session) -> Vec<LaneId> {
    session.tracks[0].lanes.iter().map(|lane| lane.id).collect()
}

/// Applies an Edit, sees that its inverse takes it back to the last bit, and returns what came of it.
fn there_and_back(session: &Session, edit: &Edit) -> Applied {
    let applied = apply(session, edit).unwrap();
    let back = apply(&applied.session, &applied.inverse).unwrap();
    assert_eq!(bytes(&back.session), bytes(session), "{edit:?}");
    assert_eq!(bytes(&apply(&back.session, &back.inverse).unwrap().session), bytes(&applied.session));
    applied
}

/// Seen red: with `to` counted with the lane itself in place; with the inverse going to `to`.
#[test]
fn a_lane_moves_among_its_tracks_lanes_and_nothing_is_compiled() {
    let song = three();
    for (lane, to, after) in [
        (FIRST, 2, [SECOND, THIRD, FIRST]),
        (FIRST, 1, [SECOND, FIRST, THIRD]),
        (THIRD, 0, [THIRD, FIRST, SECOND]),
        (SECOND, 1, [FIRST, SECOND, THIRD]),
    ] {
        let applied = there_and_back(&song, &Edit::MoveLane { lane, to });
        assert_eq!(order(&applied.session), after, "{to}");
        assert!(applied.touched.tracks.contains(&track_id(1)) && applied.touched.contents.is_empty());
    }
    let far = apply(&song, &Edit::MoveLane { lane: FIRST, to: 3 });
    assert_eq!(far.unwrap_err(), EditError::NoPlace { given: 3, most: 2 });
}

/// Seen red: with `lane_look` noting contents, so that a colour was compiled.
#[test]
fn looks_of_a_lane_change_and_go_back_and_nothing_is_compiled() {
    let song = three();
    let colour = Some(Colour::PALETTE[3]);
    for edit in [
        Edit::SetLaneColour { lane: SECOND, colour },
        Edit::SetLaneColour { lane: SECOND, colour: None },
        Edit::SetLaneRating { lane: SECOND, rating: Lane::BEST },
        Edit::SetLaneHidden { lane: SECOND, hidden: true },
        Edit::RenameLane { lane: SECOND, name: crate::testing::name("the good one") },
        Edit::SetTrackShowsLanes { track: track_id(1), shows: true },
    ] {
        let applied = there_and_back(&song, &edit);
        assert!(applied.touched.contents.is_empty(), "{edit:?}");
        assert!(applied.touched.tracks.contains(&track_id(1)), "{edit:?}");
    }
    let rated = apply(&song, &Edit::SetLaneRating { lane: SECOND, rating: 4 }).unwrap().session;
    assert_eq!(rated.tracks[0].lane(SECOND).unwrap().rating, 4);
    let coloured = apply(&song, &Edit::SetLaneColour { lane: THIRD, colour }).unwrap().session;
    assert_eq!(coloured.tracks[0].lane(THIRD).unwrap().colour, colour);
}

/// Seen red: with a rating of 6 taken by `set_lane_rating`; with one taken by `add_lane`.
#[test]
fn a_rating_out_of_range_and_a_lane_that_is_not_there_are_refused() {
    let song = three();
    let six = EditError::Breaks(Violation::Rating(6));
    assert_eq!(apply(&song, &Edit::SetLaneRating { lane: SECOND, rating: 6 }).unwrap_err(), six);
    let rated = Lane { rating: 6, ..lane(9) };
    let add = Edit::AddLane { track: track_id(1), lane: rated.clone(), at: 0 };
    assert_eq!(apply(&song, &add).unwrap_err(), six);
    let mut track = crate::testing::track(70);
    track.lanes.push(rated.into());
    assert_eq!(apply(&song, &Edit::AddTrack { track, at: 0 }).unwrap_err(), six);
    let lane = LaneId::from_u128(404);
    for edit in [
        Edit::MoveLane { lane, to: 0 },
        Edit::SetLaneColour { lane, colour: None },
        Edit::SetLaneRating { lane, rating: 1 },
        Edit::SetLaneHidden { lane, hidden: true },
    ] {
        assert_eq!(apply(&song, &edit).unwrap_err(), EditError::NoLane(lane), "{edit:?}");
    }
    let (track, shows) = (TrackId::from_u128(404), true);
    assert_eq!(
        apply(&song, &Edit::SetTrackShowsLanes { track, shows }).unwrap_err(),
        EditError::NoTrack(track)
    );
}

#[test]
fn what_is_shown_of_lanes_is_no_work_to_undo() {
    let hidden = Edit::SetLaneHidden { lane: FIRST, hidden: true };
    let shows = Edit::SetTrackShowsLanes { track: track_id(1), shows: true };
    let rating = Edit::SetLaneRating { lane: FIRST, rating: 1 };
    assert_eq!([hidden, shows].map(|edit| edit.undo_kind()), [Undo::JournalledOnly; 2]);
    assert_eq!(rating.undo_kind(), Undo::Undoable);
}

/// What recorded a lane, its colour and rating, go and come with it.
#[test]
fn a_take_comes_back_whole() {
    let take = Some(Take { number: 3, at_ms: 1_795_244_656_553 });
    let take = Lane { take, colour: Some(Colour::PALETTE[2]), rating: 5, hidden: true, ..lane(9) };
    let edit = Edit::AddLane { track: track_id(1), lane: take.clone(), at: 1 };
    let edit: Edit = serde_json::from_str(&serde_json::to_string(&edit).unwrap()).unwrap();
    let song = there_and_back(&three(), &edit).session;
    assert_eq!(*song.tracks[0].lanes[1].as_ref(), take);
    let gone = there_and_back(&song, &Edit::RemoveLane { lane: take.id });
    assert_eq!(gone.session.tracks[0].lanes.len(), 3);
}
