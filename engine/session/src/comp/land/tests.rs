//! Where clips land, and that undo takes them off again.

use super::*;
use crate::testing::{bytes, clip, name, song, track_id};
use crate::{Comp, Pick, Plays, apply_all, resolve};

const COMP: CompId = CompId::from_u128(50);
const NEW: LaneId = LaneId::from_u128(60);

fn landed(session: &Session, clips: Vec<Clip>) -> Session {
    let edits = land(session, &session.tracks[0], clips, name("beat"), NEW);
    let applied = apply_all(session, &edits).unwrap();
    let back = apply_all(&applied.session, &applied.inverses).unwrap();
    assert_eq!(bytes(&back.session), bytes(session));
    applied.session
}

/// A track whose comp plays: its lane throughout.
fn comped(clips: u128) -> Session {
    let before = song(1, clips);
    let (base, track) = (&before.tracks[0].lanes[0], track_id(1));
    let joint = crate::Joint::usual(48_000, crate::FadeShape::EqualPower);
    let picks =
        vec![Pick { start: Pick::FIRST, end: Pick::LAST, lane: base.id, name: base.name.clone(), joint }];
    let comp = Comp { picks, ..Comp::new(COMP, name("Comp A")) };
    let plays = Plays::Comp(COMP);
    let edits = [Edit::AddComp { track, comp, at: 0 }, Edit::SetPlays { track, plays }];
    apply_all(&before, &edits).unwrap().session
}

/// Seen red: with a new lane always.
#[test]
fn clips_land_on_the_lane_that_plays() {
    let before = song(1, 1);
    let after = landed(&before, vec![clip(70, 100, 5), clip(71, 100, 9)]);
    let lanes = &after.tracks[0].lanes;
    let ids: Vec<u128> = lanes[0].clips[1..].iter().map(|clip| clip.id.as_u128()).collect();
    assert_eq!((lanes.len(), ids), (1, vec![70, 71]));
    assert_eq!(land(&before, &before.tracks[0], Vec::new(), name("beat"), NEW), []);
}

/// Seen red: with the range of the first clip alone; without `hear`.
#[test]
fn where_a_comp_plays_clips_land_on_a_lane_of_their_own_and_are_heard() {
    let before = comped(4);
    let after = landed(&before, vec![clip(70, 100, 10_000), clip(71, 100, 100_000)]);
    let track = &after.tracks[0];
    assert_eq!((track.lanes.len(), track.lanes[1].id, track.lanes[1].name.as_str()), (2, NEW, "beat"));
    let base = track.lanes[0].id;
    let picks: Vec<_> =
        track.comps[0].picks.iter().map(|pick| (pick.start.0, pick.end.0, pick.lane)).collect();
    assert_eq!(
        picks,
        [
            (Pick::FIRST.0, 10_000, base),
            (10_000, 58_000, NEW),
            (58_000, 100_000, base),
            (100_000, 148_000, NEW),
            (148_000, Pick::LAST.0, base),
        ]
    );
    let heard = resolve(&after, track);
    assert!([70, 71].iter().all(|id| heard.iter().any(|piece| piece.clip.as_u128() == *id)));
}

/// One transaction, also where clips meet, and on a track whose only lane is empty.
///
/// Seen red: with the range of the first clip alone; without `hear`.
#[test]
fn clips_that_meet_are_one_pick() {
    let before = comped(0);
    let after = landed(&before, vec![clip(70, 100, 0), clip(71, 100, 48_000)]);
    let picks = &after.tracks[0].comps[0].picks;
    assert_eq!((picks.len(), picks[1].start.0, picks[1].end.0), (3, 0, 96_000));
    assert_eq!(after.tracks[0].lanes.len(), 2);
}
