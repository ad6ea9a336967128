//! Changing a comp: each function says which Edit does it, and changes nothing itself.

use super::{Comp, Joint, Pick};
use crate::edit::Edit;
use crate::lane::Lane;
use crate::time::Samples;

#[cfg(test)]
mod tests;

/// Lets `lane` be heard in `start..end`, whatever was heard there. What is left of picks at the edges stays; picks of
/// the same lane that now meet become one. `joint` is given to both new boundaries. None if nothing would change.
#[must_use]
pub fn pick(comp: &Comp, start: Samples, end: Samples, lane: &Lane, joint: Joint) -> Option<Edit> {
    let (start, end) = (start.max(Pick::FIRST), end.min(Pick::LAST));
    let joint = joint.in_range();
    splice(comp, start, end, Some(Pick { start, end, lane: lane.id, name: lane.name.clone(), joint }))
}

/// Lets nothing be heard in `start..end`. None if nothing was.
#[must_use]
pub fn unpick(comp: &Comp, start: Samples, end: Samples) -> Option<Edit> {
    splice(comp, start, end, None)
}

/// Moves the start of pick `number` to song sample `to`, and with it the end of the pick before, if they are joined.
/// It stops one frame short of swallowing either, and at the pick before if there is a gap between. None if there is
/// no such pick, or nothing to move.
#[must_use]
pub fn move_boundary(comp: &Comp, number: usize, to: Samples) -> Option<Edit> {
    let pick = comp.picks.get(number)?;
    let joined = comp.is_joined(number);
    let before = number.checked_sub(1).and_then(|before| comp.picks.get(before));
    let least = match before {
        Some(before) if joined => before.start + Samples(1),
        Some(before) => before.end,
        None => Pick::FIRST,
    };
    let to = to.max(least).min(pick.end - Samples(1));
    if to == pick.start {
        return None;
    }
    let moved = Pick { start: to, ..pick.clone() };
    Some(match before {
        Some(before) if joined => put(comp, number - 1, 2, vec![Pick { end: to, ..before.clone() }, moved]),
        Some(before) if before.end == to => put(comp, number - 1, 2, melted([before.clone(), moved])),
        _ => put(comp, number, 1, vec![moved]),
    })
}

/// Moves the end of pick `number` to song sample `to`, and with it the start of the next pick, if they are joined; with
/// the limits of [`move_boundary`]. None if there is no such pick, or nothing to move.
#[must_use]
pub fn move_end(comp: &Comp, number: usize, to: Samples) -> Option<Edit> {
    if comp.is_joined(number.checked_add(1)?) {
        return move_boundary(comp, number + 1, to);
    }
    let pick = comp.picks.get(number)?;
    let after = comp.picks.get(number + 1);
    let to = to.min(after.map_or(Pick::LAST, |after| after.start)).max(pick.start + Samples(1));
    if to == pick.end {
        return None;
    }
    let moved = Pick { end: to, ..pick.clone() };
    Some(match after {
        Some(after) if after.start == to => put(comp, number, 2, melted([moved, after.clone()])),
        _ => put(comp, number, 1, vec![moved]),
    })
}

/// Gives the boundary at the start of pick `number` another joint. None if there is no such pick, or it has it already.
#[must_use]
pub fn set_joint(comp: &Comp, number: usize, joint: Joint) -> Option<Edit> {
    let joint = joint.in_range();
    let pick = comp.picks.get(number).filter(|pick| pick.joint != joint)?;
    Some(put(comp, number, 1, vec![Pick { joint, ..pick.clone() }]))
}

fn put(comp: &Comp, at: usize, remove: usize, insert: Vec<Pick>) -> Edit {
    Edit::SpliceComp { comp: comp.id, at, remove, insert }
}

fn splice(comp: &Comp, start: Samples, end: Samples, new: Option<Pick>) -> Option<Edit> {
    if start >= end {
        return None;
    }
    // Neighbours that only touch are taken in too: they may be of the same lane.
    let first = comp.picks.partition_point(|pick| pick.end < start);
    let last = comp.picks.partition_point(|pick| pick.start <= end).max(first);
    let old = &comp.picks[first..last];
    let joint = new.as_ref().map(|pick| pick.joint);
    let left = old.iter().filter(|pick| pick.start < start);
    let left = left.map(|pick| Pick { end: pick.end.min(start), ..pick.clone() });
    let right = old.iter().filter(|pick| pick.end > end);
    // A boundary that comes to lie at the new pick's end is a new one.
    let right = right.map(|pick| Pick {
        start: pick.start.max(end),
        joint: joint.unwrap_or(pick.joint),
        ..pick.clone()
    });
    let mut insert = melted(left.chain(new).chain(right));
    keep_joints(old, &mut insert);
    (insert != old).then(|| put(comp, first, old.len(), insert))
}

/// A boundary that was there before keeps its joint, which may have been adjusted: between the same lanes all of it,
/// between others its length.
fn keep_joints(old: &[Pick], new: &mut [Pick]) {
    let before = |picks: &[Pick], number: usize| {
        let before = number.checked_sub(1).and_then(|before| picks.get(before))?;
        (before.end == picks[number].start).then_some(before.lane)
    };
    for number in 0..new.len() {
        let Some(known) = old.iter().position(|pick| pick.start == new[number].start) else { continue };
        let (was, is) = (before(old, known), before(new, number));
        if (was, old[known].lane) == (is, new[number].lane) {
            new[number].joint = old[known].joint;
        } else if was.is_some() && is.is_some() {
            new[number].joint.length = old[known].joint.length;
        }
    }
}

/// Picks of one lane that meet, as one: there is no boundary between.
fn melted(picks: impl IntoIterator<Item = Pick>) -> Vec<Pick> {
    let mut melted: Vec<Pick> = Vec::new();
    for pick in picks {
        match melted.last_mut() {
            Some(before) if before.lane == pick.lane && before.end == pick.start => before.end = pick.end,
            _ => melted.push(pick),
        }
    }
    melted
}
