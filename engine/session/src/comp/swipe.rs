//! Changing a comp: each function says which Edit does it, and changes nothing itself.

use super::{Comp, Joint, Pick};
use crate::edit::Edit;
use crate::lane::Lane;
use crate::time::Samples;

/// Lets `lane` be heard in `start..end`, whatever was heard there. What is left of picks at the edges stays; picks of
/// the same lane that now meet become one. `joint` is given to both new boundaries. None if nothing would change.
#[must_use]
pub fn pick(comp: &Comp, start: Samples, end: Samples, lane: &Lane, joint: Joint) -> Option<Edit> {
    let new = Pick { start, end, lane: lane.id, name: lane.name.clone(), joint };
    splice(comp, start, end, Some(new))
}

/// Lets nothing be heard in `start..end`. None if nothing was.
#[must_use]
pub fn unpick(comp: &Comp, start: Samples, end: Samples) -> Option<Edit> {
    splice(comp, start, end, None)
}

/// Moves the start of pick `number` to song sample `to`, and with it the end of the pick before, if they are joined.
/// It stops one frame short of swallowing either. None if there is no such pick, or nothing to move.
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
        Some(before) if joined => {
            let insert = vec![Pick { end: to, ..before.clone() }, moved];
            Edit::SpliceComp { comp: comp.id, at: number - 1, remove: 2, insert }
        }
        _ => Edit::SpliceComp { comp: comp.id, at: number, remove: 1, insert: vec![moved] },
    })
}

/// Gives the boundary at the start of pick `number` another joint. None if there is no such pick.
#[must_use]
pub fn set_joint(comp: &Comp, number: usize, joint: Joint) -> Option<Edit> {
    let pick = comp.picks.get(number).filter(|pick| pick.joint != joint)?;
    let insert = vec![Pick { joint, ..pick.clone() }];
    Some(Edit::SpliceComp { comp: comp.id, at: number, remove: 1, insert })
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
    let mut insert: Vec<Pick> = Vec::new();
    for pick in old.iter().filter(|pick| pick.start < start) {
        insert.push(Pick { end: pick.end.min(start), ..pick.clone() });
    }
    insert.extend(new);
    for pick in old.iter().filter(|pick| pick.end > end) {
        let cut = pick.start < end;
        let joint = if cut || pick.start == end { joint.unwrap_or(pick.joint) } else { pick.joint };
        insert.push(Pick { start: pick.start.max(end), joint, ..pick.clone() });
    }
    let mut melted: Vec<Pick> = Vec::with_capacity(insert.len());
    for pick in insert {
        match melted.last_mut() {
            Some(before) if before.lane == pick.lane && before.end == pick.start => before.end = pick.end,
            _ => melted.push(pick),
        }
    }
    (melted != old).then(|| Edit::SpliceComp { comp: comp.id, at: first, remove: old.len(), insert: melted })
}
