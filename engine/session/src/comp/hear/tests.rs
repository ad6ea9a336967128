//! What is heard after a pass: each test sings, and undoes it to the last bit.

use super::*;
use crate::testing::{bytes, clip, lane, lane_id, name, song, track_id};
use crate::{AppliedAll, Position, apply_all};

const COMP: CompId = CompId::from_u128(50);
const BASE: LaneId = lane_id(1);

/// A take with one clip over `from..to`.
fn take(id: u128, from: i64, to: i64) -> Lane {
    let sung = crate::Clip { length: Samples(to - from), ..clip(id + 100, 100, from) };
    Lane { clips: vec![sung.into()], ..lane(id) }
}

/// The song after these takes (number, from, to) were sung onto its first track in one transaction.
fn sung(session: &Session, takes: &[(u128, i64, i64)]) -> AppliedAll {
    let track = &session.tracks[0];
    let takes: Vec<(Lane, (i64, i64))> =
        takes.iter().map(|(id, from, to)| (take(*id, *from, *to), (*from, *to))).collect();
    let mut edits: Vec<Edit> = takes
        .iter()
        .map(|(lane, _)| Edit::AddLane { track: track.id, lane: lane.clone(), at: track.lanes.len() })
        .collect();
    let heard: Vec<_> =
        takes.iter().map(|(lane, (from, to))| (lane, vec![(Samples(*from), Samples(*to))])).collect();
    edits.extend(hear(session, track, &heard, COMP));
    let applied = apply_all(session, &edits).unwrap();
    let back = apply_all(&applied.session, &applied.inverses).unwrap();
    assert_eq!(bytes(&back.session), bytes(session));
    applied
}

/// What plays: the lane's number alone, or the comp's picks.
fn plays(session: &Session) -> Result<u128, Vec<(i64, i64, u128)>> {
    let track = &session.tracks[0];
    match track.playing_comp() {
        None => Ok(track.playing().unwrap().id.as_u128()),
        Some(comp) => Err(picks(comp)),
    }
}

fn picks(comp: &Comp) -> Vec<(i64, i64, u128)> {
    comp.picks.iter().map(|pick| (pick.start.0, pick.end.0, pick.lane.as_u128())).collect()
}

const ALL: (i64, i64) = (Pick::FIRST.0, Pick::LAST.0);

/// Seen red: without `vacated`; with `vacated` taking any empty lane.
#[test]
fn a_first_take_simply_plays_in_place_of_the_empty_lane() {
    let after = sung(&song(1, 0), &[(5, 0, 9_000)]).session;
    assert_eq!(plays(&after), Ok(5));
    let lanes: Vec<_> = after.tracks[0].lanes.iter().map(|lane| lane.id.as_u128()).collect();
    assert_eq!((lanes, after.tracks[0].comps.len()), (vec![5], 0));
    // Where there are others, an empty lane was put there by somebody.
    let two = Edit::AddLane { track: track_id(1), lane: lane(7), at: 1 };
    let after = sung(&apply_all(&song(1, 0), &[two]).unwrap().session, &[(5, 0, 9_000)]).session;
    assert_eq!((plays(&after), after.tracks[0].lanes.len()), (Ok(5), 3));
}

/// Seen red: with `take` not looked at; with `is_picked` left out.
#[test]
fn an_empty_lane_that_a_take_recorded_or_a_comp_picks_stays() {
    let mut taken = song(1, 0);
    let only = &mut std::sync::Arc::make_mut(&mut taken.tracks[0]).lanes[0];
    std::sync::Arc::make_mut(only).take = Some(crate::Take { number: 1, at_ms: 0 });
    assert_eq!(sung(&taken, &[(5, 0, 9_000)]).session.tracks[0].lanes.len(), 2);
    let mut comp = Comp::new(CompId::from_u128(51), name("Comp A"));
    let joint = Joint { length: Samples(0), shape: FadeShape::Linear };
    let (start, end) = (Samples(0), Samples(10));
    comp.picks.push(Pick { start, end, lane: BASE, name: name("Take 1"), joint });
    let add = Edit::AddComp { track: track_id(1), comp, at: 0 };
    let picked = apply_all(&song(1, 0), &[add]).unwrap().session;
    assert_eq!(sung(&picked, &[(5, 0, 9_000)]).session.tracks[0].lanes.len(), 2);
}

/// Seen red: with the base picked from the song's start on; without `covered`.
#[test]
fn a_punch_into_a_lane_that_plays_makes_a_comp_of_both() {
    let before = song(1, 4); // clips over 0..192,000
    let after = sung(&before, &[(5, 48_000, 60_000)]).session;
    let base = BASE.as_u128();
    assert_eq!(plays(&after), Err(vec![(ALL.0, 48_000, base), (48_000, 60_000, 5), (60_000, ALL.1, base)]));
    let comp = after.tracks[0].playing_comp().unwrap();
    let joints: Vec<i64> = comp.picks[1..].iter().map(|pick| pick.joint.length.0).collect();
    assert_eq!((comp.name.as_str(), joints), ("Comp A", vec![480, 480]));
    // The next punch goes into the comp.
    let again = sung(&after, &[(6, 55_000, 70_000)]).session;
    assert_eq!(
        plays(&again),
        Err(vec![(ALL.0, 48_000, base), (48_000, 55_000, 5), (55_000, 70_000, 6), (70_000, ALL.1, base)])
    );
    assert_eq!(again.tracks[0].comps.len(), 1);
}

/// Seen red: without `covered` in `alone`.
#[test]
fn a_take_over_all_that_played_plays_alone() {
    let before = song(1, 1); // one clip over 0..48,000
    assert_eq!(plays(&sung(&before, &[(5, -10, 48_000)]).session), Ok(5));
    assert_eq!(plays(&sung(&before, &[(5, 0, 24_000), (6, 24_000, 50_000), (7, 0, 50_000)]).session), Ok(7));
    let stays = sung(&before, &[(5, 0, 47_999)]).session;
    assert_eq!(plays(&stays).unwrap_err().len(), 3, "a sample of what played before is left");
}

/// Seen red: with the first pass over the later ones; with the empty lane picked in the new comp.
#[test]
fn of_loop_passes_the_last_is_heard_and_where_it_was_stopped_the_one_before() {
    let empty = song(1, 0);
    let passes = [(5, 0, 9_000), (6, 0, 9_000), (7, 0, 9_000)];
    assert_eq!(plays(&sung(&empty, &passes).session), Ok(7));
    let stopped = [(5, 0, 9_000), (6, 0, 9_000), (7, 0, 9_000), (8, 0, 2_000)];
    let after = sung(&empty, &stopped).session;
    assert_eq!(plays(&after), Err(vec![(0, 2_000, 8), (2_000, 9_000, 7)]));
    assert_eq!(after.tracks[0].lanes.len(), 4, "every pass is a lane, the empty one is gone");
    // A first pass that began before the loop.
    let lead_in = sung(&empty, &[(5, -4_000, 9_000), (6, 0, 9_000)]).session;
    assert_eq!(plays(&lead_in), Err(vec![(-4_000, 0, 5), (0, 9_000, 6)]));
}

/// Seen red: with the first pass over the later ones; with the Edits of later passes made for the comp as it was before the first.
#[test]
fn passes_go_into_the_comp_that_plays() {
    let before = sung(&song(1, 4), &[(5, 48_000, 60_000)]).session;
    let after = sung(&before, &[(6, 0, 96_000), (7, 0, 96_000), (8, 0, 30_000)]).session;
    let base = BASE.as_u128();
    assert_eq!(
        plays(&after),
        Err(vec![(ALL.0, 0, base), (0, 30_000, 8), (30_000, 96_000, 7), (96_000, ALL.1, base)])
    );
    assert_eq!(after.tracks[0].comps.len(), 1);
}

/// Two hand punches of one roll. Seen red: with `lies_within` left out, all of the lane was heard.
#[test]
fn a_lane_of_which_more_is_there_than_is_to_be_heard_does_not_play_alone() {
    let empty = song(1, 0);
    let track = &empty.tracks[0];
    let roll = take(5, 0, 9_000);
    let ranges = vec![(Samples(1_000), Samples(2_000)), (Samples(5_000), Samples(6_000))];
    let mut edits = vec![Edit::AddLane { track: track.id, lane: roll.clone(), at: 0 }];
    edits.extend(hear(&empty, track, &[(&roll, ranges)], COMP));
    let after = apply_all(&empty, &edits).unwrap().session;
    assert_eq!(plays(&after), Err(vec![(1_000, 2_000, 5), (5_000, 6_000, 5)]));
}

/// Seen red: with a comp made of nothing.
#[test]
fn nothing_sung_changes_nothing() {
    for session in [song(1, 0), song(1, 2)] {
        let track = &session.tracks[0];
        assert_eq!(hear(&session, track, &[], COMP), []);
        let nothing = take(5, 7, 9_000);
        assert_eq!(hear(&session, track, &[(&nothing, vec![(Samples(9), Samples(9))])], COMP), []);
    }
}

/// Seen red: with the lane that plays left out of the new comp; with a new comp for each swipe.
#[test]
fn a_swipe_makes_a_comp_once_and_then_goes_into_it() {
    let other = Edit::AddLane { track: track_id(1), lane: take(5, 0, 96_000), at: 1 };
    let before = apply_all(&song(1, 2), &[other]).unwrap().session;
    let joint = Joint::usual(48_000, FadeShape::Linear);
    let swiped = |session: &Session, id: LaneId, range: (i64, i64)| {
        let track = &session.tracks[0];
        let range = (Samples(range.0), Samples(range.1));
        let edits = swipe(track, track.lane(id).unwrap(), range, joint, COMP);
        apply_all(session, &edits).unwrap().session
    };
    let base = BASE.as_u128();
    let first = swiped(&before, LaneId::from_u128(5), (0, 1_000));
    assert_eq!(plays(&first), Err(vec![(ALL.0, 0, base), (0, 1_000, 5), (1_000, ALL.1, base)]));
    let second = swiped(&first, BASE, (500, 1_000));
    assert_eq!(plays(&second), Err(vec![(ALL.0, 0, base), (0, 500, 5), (500, ALL.1, base)]));
    assert_eq!(bytes(&swiped(&before, BASE, (0, 1_000))), bytes(&before), "it plays already");
}

/// Seen red: with the count of lanes taken for the number.
#[test]
fn takes_are_numbered_on_from_the_highest() {
    let mut track = song(1, 0).tracks[0].as_ref().clone();
    assert_eq!(next_take(&track), 1);
    for number in [1, 7] {
        let take = Some(crate::Take { number, at_ms: 0 });
        track.lanes.push(Lane { take, ..lane(u128::from(number)) }.into());
    }
    assert_eq!(next_take(&track), 8);
}

/// Seen red: with the number of comps taken for the letter.
#[test]
fn comps_are_lettered_and_then_numbered() {
    let mut track = song(1, 0).tracks[0].as_ref().clone();
    let mut names = Vec::new();
    for number in 0..28 {
        let name = free_name(&track);
        names.push(name.to_string());
        track.comps.push(Comp::new(CompId::from_u128(number), name).into());
    }
    assert_eq!(
        [&names[0], &names[1], &names[25], &names[26], &names[27]],
        ["Comp A", "Comp B", "Comp Z", "Comp 27", "Comp 28"]
    );
    track.comps.remove(1);
    assert_eq!(free_name(&track).as_str(), "Comp B");
}

/// A clip fixed in bars counts where it lies. Seen red: with its ticks taken for samples.
#[test]
fn what_lies_in_bars_is_heard_where_it_lies() {
    let mut before = song(1, 1);
    let lane = &mut std::sync::Arc::make_mut(&mut before.tracks[0]).lanes[0];
    let clip = &mut std::sync::Arc::make_mut(lane).clips[0];
    std::sync::Arc::make_mut(clip).start = Position::Ticks(1_920); // 24,000 at 120
    assert_eq!(plays(&sung(&before, &[(5, 0, 72_000)]).session), Ok(5));
    assert!(plays(&sung(&before, &[(5, 0, 71_999)]).session).is_err());
}
