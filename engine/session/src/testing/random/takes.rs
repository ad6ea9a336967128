//! Random lanes, comps, and Edits of them.

use std::sync::Arc;

use super::{Dice, KINDS};
use crate::*;

/// The kinds of Edit made here.
pub(super) const KINDS_HERE: std::ops::Range<u64> = KINDS - 9..KINDS;

impl Dice {
    pub(super) fn lane(&mut self, session: &Session) -> Lane {
        let clips = (0..self.below(3)).filter_map(|_| self.clip(session)).map(Arc::new).collect();
        Lane {
            clips,
            take: self
                .flip()
                .then(|| Take { number: self.below(5) as u32 + 1, at_ms: self.range(-5, 1 << 41) }),
            colour: self.lane_colour(),
            rating: if self.flip() { 0 } else { self.below(6) as u8 },
            hidden: self.below(4) == 0,
            ..Lane::new(LaneId::from_u128(self.fresh()), self.name())
        }
    }

    fn lane_colour(&mut self) -> Option<Colour> {
        self.flip().then(|| Colour::PALETTE[self.below(8) as usize])
    }

    fn joint(&mut self) -> Joint {
        let shape = if self.flip() { FadeShape::EqualPower } else { FadeShape::Linear };
        let length =
            if self.below(40) == 0 { Joint::LONGEST + Samples(1) } else { Samples(self.range(0, 960)) };
        Joint { length, shape }
    }

    /// Picks that mostly fit between `from` and `to`: of these lanes, and of lanes that are gone.
    fn picks(&mut self, lanes: &[LaneId], mut from: i64, to: i64) -> Vec<Pick> {
        let mut picks = Vec::new();
        for _ in 0..self.below(4) {
            let start = from + if self.flip() { 0 } else { self.range(0, 50_000) };
            let end = start + self.range(0, 80_000);
            // Seldom too far: then the Edit is refused.
            if end > to && self.below(20) != 0 {
                break;
            }
            let gone = LaneId::from_u128(self.fresh());
            let lane = if self.below(6) == 0 { gone } else { self.one(lanes).copied().unwrap_or(gone) };
            let (start, end) = (Samples(start), Samples(end));
            picks.push(Pick { start, end, lane, name: self.name(), joint: self.joint() });
            from = end.0;
        }
        picks
    }

    pub(super) fn comp(&mut self, lanes: &[LaneId]) -> Comp {
        let mut picks = self.picks(lanes, -50_000, i64::MAX >> 8);
        if let (Some(first), 0) = (picks.first_mut(), self.below(3)) {
            first.start = Pick::FIRST;
        }
        if let (Some(last), 0) = (picks.last_mut(), self.below(3)) {
            last.end = Pick::LAST;
        }
        Comp { picks, ..Comp::new(CompId::from_u128(self.fresh()), self.name()) }
    }

    /// Comps that a track of these lanes may have.
    pub(super) fn comps(&mut self, lanes: &[Arc<Lane>]) -> Vec<Arc<Comp>> {
        let lanes: Vec<LaneId> = lanes.iter().map(|lane| lane.id).collect();
        let comps = std::iter::repeat_with(|| self.comp(&lanes)).take(2).collect::<Vec<_>>();
        let valid = |comp: &Comp| crate::check::picks_violation(comp.id, &comp.picks).is_none();
        let count = self.below(3) as usize;
        comps.into_iter().filter(valid).take(count).map(Arc::new).collect()
    }

    /// What a track may play.
    pub(super) fn plays(&mut self, lanes: &[Arc<Lane>], comps: &[Arc<Comp>]) -> Option<Plays> {
        let comp = if self.flip() { self.one(comps).map(|comp| Plays::Comp(comp.id)) } else { None };
        comp.or_else(|| self.one(lanes).map(|lane| Plays::Lane(lane.id)))
    }
}

/// An Edit of one of the kinds made here, if the song has what it takes.
pub(super) fn edit(dice: &mut Dice, session: &Session, kind: u64) -> Option<Edit> {
    let owner = dice.one(&session.tracks)?;
    let lane = dice.one(&owner.lanes)?.id;
    Some(match kind - KINDS_HERE.start {
        0 => Edit::MoveLane { lane, to: dice.below(owner.lanes.len() as u64 + 1) as usize },
        1 => Edit::SetLaneColour { lane, colour: dice.lane_colour() },
        2 => Edit::SetLaneRating { lane, rating: dice.below(7) as u8 },
        3 => Edit::SetLaneHidden { lane, hidden: dice.flip() },
        4 => Edit::SetTrackShowsLanes { track: owner.id, shows: dice.flip() },
        5 => add_comp(dice, owner),
        kind => of_comp(dice, session, kind)?,
    })
}

fn add_comp(dice: &mut Dice, owner: &Track) -> Edit {
    let lanes: Vec<LaneId> = owner.lanes.iter().map(|lane| lane.id).collect();
    let at = dice.below(owner.comps.len() as u64 + 1) as usize;
    Edit::AddComp { track: owner.id, comp: dice.comp(&lanes), at }
}

fn of_comp(dice: &mut Dice, session: &Session, kind: u64) -> Option<Edit> {
    let comps: Vec<(&Arc<Track>, &Arc<Comp>)> =
        session.tracks.iter().flat_map(|track| track.comps.iter().map(move |comp| (track, comp))).collect();
    let (owner, comp) = *dice.one(&comps)?;
    Some(match kind {
        6 => {
            let spare = comps.iter().find(|(track, comp)| track.plays != Plays::Comp(comp.id));
            Edit::RemoveComp { comp: spare.map_or(comp.id, |(_, spare)| spare.id) }
        }
        7 => Edit::RenameComp { comp: comp.id, name: dice.name() },
        _ => splice(dice, owner, comp),
    })
}

fn splice(dice: &mut Dice, owner: &Track, comp: &Comp) -> Edit {
    let lanes: Vec<LaneId> = owner.lanes.iter().map(|lane| lane.id).collect();
    let at = dice.below(comp.picks.len() as u64 + 1) as usize;
    let most = comp.picks.len() - at;
    let beyond = u64::from(dice.below(20) == 0);
    let remove = dice.below(most as u64 + 1 + beyond) as usize;
    let from = at.checked_sub(1).map_or(-50_000, |before| comp.picks[before].end.0);
    let to = comp.picks.get(at + remove).map_or(Pick::LAST.0, |after| after.start.0);
    Edit::SpliceComp { comp: comp.id, at, remove, insert: dice.picks(&lanes, from, to) }
}
