//! A new pass becomes what is heard over its range; what was heard elsewhere stays.

use super::{Comp, Joint, Pick, pick};
use crate::edit::Edit;
use crate::id::CompId;
use crate::lane::Lane;
use crate::song::{FadeShape, Plays, Session, Track};
use crate::time::Samples;
use crate::value::Name;

/// The number of a track's next take.
#[must_use]
pub fn next_take(track: &Track) -> u32 {
    track.lanes.iter().filter_map(|lane| lane.take).map(|take| take.number).max().unwrap_or(0) + 1
}

/// The Edits that make `lanes`, which other Edits add to `track` before, heard over their ranges, later ones over
/// earlier ones. `comp` names a new comp, if one is needed: the track played a lane that is still to be heard
/// elsewhere, or no lane of the new ones is heard alone.
#[must_use]
pub fn hear(
    session: &Session,
    track: &Track,
    lanes: &[(&Lane, Vec<(Samples, Samples)>)],
    comp: CompId,
) -> Vec<Edit> {
    let joint = Joint::usual(session.sample_rate, FadeShape::EqualPower);
    let mut edits = Vec::new();
    let mut heard = match track.plays {
        Plays::Comp(id) => track.comp(id).map_or_else(|| new_comp(track, comp), |comp| Comp::clone(comp)),
        Plays::Lane(id) => {
            let mut new = new_comp(track, comp);
            if let Some(lane) = track.lane(id).filter(|lane| !lane.clips.is_empty()) {
                new.picks.push(Pick {
                    start: Pick::FIRST,
                    end: Pick::LAST,
                    lane: id,
                    name: lane.name.clone(),
                    joint,
                });
            }
            new
        }
    };
    let is_new = heard.id == comp;
    for (lane, ranges) in lanes {
        for (start, end) in ranges {
            let Some(edit) = pick(&heard, *start, *end, lane, joint) else { continue };
            if let Edit::SpliceComp { at, remove, insert, .. } = &edit {
                heard.picks.splice(*at..at + remove, insert.iter().cloned());
            }
            if !is_new {
                edits.push(edit);
            }
        }
    }
    if !is_new {
        return edits;
    }
    // One lane alone needs no comp.
    if let [only] = heard.picks.as_slice() {
        return vec![Edit::SetPlays { track: track.id, plays: Plays::Lane(only.lane) }];
    }
    if heard.picks.is_empty() {
        return edits;
    }
    let plays = Plays::Comp(heard.id);
    edits.push(Edit::AddComp { track: track.id, comp: heard, at: track.comps.len() });
    edits.push(Edit::SetPlays { track: track.id, plays });
    edits
}

fn new_comp(track: &Track, id: CompId) -> Comp {
    Comp::new(id, free_name(track))
}

/// "Comp A" to "Comp Z", then "Comp 27" and so on: the first that the track does not have.
#[must_use]
pub(super) fn free_name(track: &Track) -> Name {
    let called = |number: u32| match u8::try_from(number) {
        Ok(letter @ 0..26) => format!("Comp {}", char::from(b'A' + letter)),
        _ => format!("Comp {}", number + 1),
    };
    let taken = |name: &String| track.comps.iter().any(|comp| comp.name.as_str() == name);
    let free = (0..).map(called).find(|name| !taken(name));
    free.and_then(|name| Name::new(&name).ok()).unwrap_or_else(|| track.name.clone())
}
