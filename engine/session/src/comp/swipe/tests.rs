//! Swipes against a model that says for each sample which lane is heard.

use std::collections::BTreeMap;

use super::*;
use crate::testing::random::Dice;
use crate::testing::{bytes, lane, name, song, track_id};
use crate::*;

/// What is heard at each of the song samples −200 to 399.
type Cells = BTreeMap<i64, LaneId>;

const COMP: CompId = CompId::from_u128(50);
const CELLS: std::ops::Range<i64> = -200..400;

fn joint(length: i64) -> Joint {
    Joint { length: Samples(length), shape: FadeShape::EqualPower }
}

fn take(number: u64) -> Lane {
    lane(6_000 + u128::from(number))
}

fn cells(comp: &Comp) -> Cells {
    let heard = |at: i64| comp.picks.iter().find(|pick| pick.start.0 <= at && at < pick.end.0);
    // Seen red: with a pick's end taken for its own in `Comp::at`.
    assert!({ CELLS }.all(|at| comp.at(Samples(at)).map(|number| &comp.picks[number]) == heard(at)));
    CELLS.filter_map(|at| Some((at, heard(at)?.lane))).collect()
}

/// Sets or clears `from..to`.
fn fill(cells: &mut Cells, from: i64, to: i64, lane: Option<LaneId>) {
    for at in from.max(CELLS.start)..to.min(CELLS.end) {
        match lane {
            Some(lane) => cells.insert(at, lane),
            None => cells.remove(&at),
        };
    }
}

/// The joints, each with its place and the lanes on both sides.
fn joints(comp: &Comp) -> BTreeMap<(i64, Option<LaneId>, LaneId), Joint> {
    let before = |number: usize| comp.is_joined(number).then(|| comp.picks[number - 1].lane);
    let of = |(number, pick): (usize, &Pick)| ((pick.start.0, before(number), pick.lane), pick.joint);
    comp.picks.iter().enumerate().map(of).collect()
}

fn song_with(comp: Comp) -> Session {
    apply(&song(1, 0), &Edit::AddComp { track: track_id(1), comp, at: 0 }).unwrap().session
}

fn comp_of(session: &Session) -> &Comp {
    &session.tracks[0].comps[0]
}

fn of(picks: &[(i64, i64, u64)]) -> Comp {
    let picks = picks.iter().map(|(start, end, number)| {
        let lane = take(*number);
        Pick { start: Samples(*start), end: Samples(*end), lane: lane.id, name: lane.name, joint: joint(9) }
    });
    Comp { picks: picks.collect(), ..Comp::new(COMP, name("Comp A")) }
}

/// The comp after an Edit, which must be one that a song takes and gives back.
fn done(comp: &Comp, edit: &Edit) -> Comp {
    let before = song_with(comp.clone());
    let applied = apply(&before, edit).unwrap();
    let back = apply(&applied.session, &applied.inverse).unwrap();
    assert_eq!(bytes(&back.session), bytes(&before));
    comp_of(&applied.session).clone()
}

fn ranges(comp: &Comp) -> Vec<(i64, i64, u64)> {
    let number = |lane: LaneId| (lane.as_u128() - 6_000) as u64;
    comp.picks.iter().map(|pick| (pick.start.0, pick.end.0, number(pick.lane))).collect()
}

/// One step of random work and what the model says to it.
fn step(dice: &mut Dice, comp: &Comp, model: &mut Cells) -> Option<Edit> {
    let at = dice.below(260) as i64 - 30;
    let to = at + dice.below(60) as i64;
    let number = dice.below(comp.picks.len() as u64 + 1) as usize;
    let known = comp.picks.get(number);
    match dice.below(6) {
        0..=1 => {
            let lane = take(dice.below(4));
            fill(model, at, to, Some(lane.id));
            let edit = pick(comp, Samples(at), Samples(to), &lane, joint(at + 30));
            told(comp, edit.as_ref(), Some((at, to, joint(at + 30))));
            edit
        }
        2 => {
            fill(model, at, to, None);
            let edit = unpick(comp, Samples(at), Samples(to));
            told(comp, edit.as_ref(), None);
            edit
        }
        3 => {
            let edit = move_boundary(comp, number, Samples(at));
            let known = known?;
            let before = number.checked_sub(1).map(|before| &comp.picks[before]);
            let joined = before.filter(|before| before.end == known.start);
            let least = match (before, joined) {
                (_, Some(joined)) => joined.start.0 + 1,
                (Some(before), None) => before.end.0,
                (None, None) => i64::MIN,
            };
            let at = at.max(least).min(known.end.0 - 1);
            fill(model, at, known.start.0, Some(known.lane));
            fill(model, known.start.0, at, joined.map(|before| before.lane));
            edit
        }
        4 => {
            let edit = move_end(comp, number, Samples(at));
            let known = known?;
            let after = comp.picks.get(number + 1);
            let joined = after.filter(|after| after.start == known.end);
            let most = match (after, joined) {
                (_, Some(joined)) => joined.end.0 - 1,
                (Some(after), None) => after.start.0,
                (None, None) => i64::MAX,
            };
            let at = at.max(known.start.0 + 1).min(most);
            fill(model, known.end.0, at, Some(known.lane));
            fill(model, at, known.end.0, joined.map(|after| after.lane));
            edit
        }
        _ => {
            let edit = set_joint(comp, number, joint(to));
            if let (Some(edit), Some(_)) = (&edit, known) {
                assert_eq!(done(comp, edit).picks[number].joint, joint(to.max(0)));
            }
            edit
        }
    }
}

/// Boundaries between the same lanes at the same place keep their joints, between others the length; of a swipe, all
/// others have its own.
fn told(comp: &Comp, edit: Option<&Edit>, swiped: Option<(i64, i64, Joint)>) {
    let Some(edit) = edit else { return };
    let (before, after) = (joints(comp), joints(&done(comp, edit)));
    for (boundary, joint) in &after {
        match (before.get(boundary), swiped) {
            (Some(old), _) => assert_eq!(joint, old, "at {boundary:?}"),
            (None, Some((from, to, new))) => {
                assert!(boundary.0 == from || boundary.0 == to, "a new boundary at {boundary:?}");
                let is_it = |(at, was, _): &(i64, Option<LaneId>, LaneId)| {
                    *at == boundary.0 && was.is_some() && boundary.1.is_some()
                };
                let old = before.iter().find(|(at, _)| is_it(at)).map(|(_, old)| old.length);
                let new = Joint { length: old.unwrap_or(new.length), ..new };
                assert_eq!(*joint, new, "at {boundary:?}");
            }
            (None, None) => {}
        }
    }
}

/// What a person has adjusted stays, what is heard is what the model says, and a comp stays disjoint, in order, without
/// empty picks or neighbours that are one.
///
/// Seen red: without `melted`; with `left` not cut at the swipe's start; with `<` for `<=` in `partition_point`s (a
/// neighbour that only touches did not melt); without `keep_joints`; with the right piece's own joint kept; with the end
/// of the pick before not moved by `move_boundary`; with its limits taken out; without melting in `move_boundary` and in
/// `move_end`.
#[test]
fn swipes_are_what_a_model_of_every_sample_says() {
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let mut comp = of(&[]);
        let mut model = Cells::new();
        for _ in 0..60 {
            let Some(edit) = step(&mut dice, &comp, &mut model) else {
                assert_eq!(cells(&comp), model, "seed {seed}: nothing to do where there was");
                continue;
            };
            let next = done(&comp, &edit);
            assert_eq!(cells(&next), model, "seed {seed}: {edit:?}\n{:?}", ranges(&comp));
            assert!(next != comp, "seed {seed}: an Edit that changes nothing: {edit:?}");
            let meet = |pair: &[Pick]| pair[0].end == pair[1].start && pair[0].lane == pair[1].lane;
            assert!(!next.picks.windows(2).any(meet), "seed {seed}: {:?}", ranges(&next));
            comp = next;
        }
    }
}

/// Seen red: with `splice` not asking whether anything changed.
#[test]
fn what_is_so_already_is_no_edit() {
    let comp = of(&[(0, 100, 1), (100, 200, 2)]);
    assert_eq!(pick(&comp, Samples(20), Samples(100), &take(1), joint(7)), None);
    assert_eq!(pick(&comp, Samples(100), Samples(150), &take(2), joint(7)), None);
    assert_eq!(pick(&comp, Samples(50), Samples(50), &take(2), joint(7)), None);
    assert_eq!(pick(&comp, Samples(50), Samples(40), &take(2), joint(7)), None);
    assert_eq!(unpick(&comp, Samples(200), Samples(300)), None);
    assert_eq!(move_boundary(&comp, 1, Samples(100)), None);
    assert_eq!(move_boundary(&comp, 2, Samples(100)), None);
    assert_eq!(move_end(&comp, 1, Samples(200)), None);
    assert_eq!(move_end(&comp, usize::MAX, Samples(200)), None);
    assert_eq!(set_joint(&comp, 1, joint(9)), None);
    assert_eq!(set_joint(&comp, 2, joint(5)), None);
}

/// Seen red: with the ends not brought into reach; with the joint not brought into range.
#[test]
fn what_a_drag_beyond_all_bounds_asks_for_is_brought_into_reach() {
    let (least, most) = (Samples(i64::MIN), Samples(i64::MAX));
    let all = done(&of(&[]), &pick(&of(&[]), least, most, &take(1), joint(i64::MAX)).unwrap());
    assert_eq!(
        (all.picks[0].start, all.picks[0].end, all.picks[0].joint.length),
        (Pick::FIRST, Pick::LAST, Joint::LONGEST)
    );
    let comp = of(&[(0, 100, 1), (100, 200, 2)]);
    let moved = |edit: Option<Edit>| ranges(&done(&comp, &edit.unwrap()));
    assert_eq!(moved(move_boundary(&comp, 1, least)), [(0, 1, 1), (1, 200, 2)]);
    assert_eq!(moved(move_boundary(&comp, 1, most)), [(0, 199, 1), (199, 200, 2)]);
    assert_eq!(moved(move_boundary(&comp, 0, least))[0], (Pick::FIRST.0, 100, 1));
    assert_eq!(moved(move_end(&comp, 1, most))[1], (100, Pick::LAST.0, 2));
    assert_eq!(moved(move_end(&comp, 1, least))[1], (100, 101, 2));
    let short = done(&comp, &set_joint(&comp, 1, joint(i64::MIN)).unwrap());
    assert_eq!(short.picks[1].joint.length, Samples::ZERO);
}

/// A swipe in a comp of 500 picks on 100 lanes, and its Edit applied: far below a millisecond, also unoptimised.
#[test]
fn a_swipe_among_five_hundred_picks_costs_little() {
    let picks: Vec<_> = (0..500).map(|n| (n * 1_000, (n + 1) * 1_000, n as u64 % 100)).collect();
    let add = |n: u64| Edit::AddLane { track: track_id(1), lane: take(n), at: n as usize + 1 };
    let mut session =
        apply_all(&song_with(of(&picks)), &(0..100).map(add).collect::<Vec<_>>()).unwrap().session;
    let start = std::time::Instant::now();
    for n in 0..200_i64 {
        let at = n * 2_477 % 500_000;
        // A lane that is heard nowhere near.
        let lane = take((at / 1_000 + 50) as u64 % 100);
        let edit = pick(comp_of(&session), Samples(at), Samples(at + 700), &lane, joint(480)).unwrap();
        session = apply(&session, &edit).unwrap().session;
    }
    let each = start.elapsed() / 200;
    println!("one swipe among {} picks: {each:?} (unoptimised)", comp_of(&session).picks.len());
    assert!(each < std::time::Duration::from_millis(4), "{each:?}");
}
