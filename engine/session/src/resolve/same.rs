//! Whether two states of a track sound the same, for whoever keeps what was made of the one.

use std::collections::HashSet;
use std::sync::Arc;

use crate::clip::Clip;
use crate::comp::Comp;
use crate::id::LaneId;
use crate::lane::Lane;
use crate::song::{Plays, Track};

/// Whether both play the same clips: names, colours, ratings, lanes and comps that are not heard make no difference,
/// nor do faders and the like. Costs O(lanes + picks + clips heard), far less where they are shared.
#[must_use]
pub fn plays_the_same(before: &Track, now: &Track) -> bool {
    if before.plays != now.plays {
        return false;
    }
    match now.plays {
        Plays::Lane(id) => same_lane(before.lane(id), now.lane(id)),
        Plays::Comp(id) => match (before.comp(id), now.comp(id)) {
            (None, None) => true,
            (Some(a), Some(b)) => (Arc::ptr_eq(a, b) || same_picks(a, b)) && same_lanes(before, now, b),
            _ => false,
        },
    }
}

fn same_picks(a: &Comp, b: &Comp) -> bool {
    a.picks.len() == b.picks.len()
        && a.picks
            .iter()
            .zip(&b.picks)
            .all(|(a, b)| (a.start, a.end, a.lane, a.joint) == (b.start, b.end, b.lane, b.joint))
}

fn same_lanes(before: &Track, now: &Track, comp: &Comp) -> bool {
    let heard: HashSet<LaneId> = comp.picks.iter().map(|pick| pick.lane).collect();
    let lanes = |track: &Track| -> Vec<Arc<Lane>> {
        let mut lanes: Vec<_> = track.lanes.iter().filter(|lane| heard.contains(&lane.id)).cloned().collect();
        lanes.sort_unstable_by_key(|lane| lane.id);
        lanes
    };
    let (before, now) = (lanes(before), lanes(now));
    before.len() == now.len() && before.iter().zip(&now).all(|(a, b)| same_lane(Some(a), Some(b)))
}

fn same_lane(a: Option<&Arc<Lane>>, b: Option<&Arc<Lane>>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            Arc::ptr_eq(a, b)
                || (a.id == b.id
                    && a.clips.len() == b.clips.len()
                    && a.clips.iter().zip(&b.clips).all(|(a, b)| Arc::ptr_eq(a, b) || same_clip(a, b)))
        }
        _ => false,
    }
}

fn same_clip(a: &Clip, b: &Clip) -> bool {
    let sound = |clip: &Clip| {
        (clip.media, clip.start, clip.length, clip.offset, clip.gain, clip.fade_in, clip.fade_out, clip.mute)
    };
    sound(a) == sound(b) && a.channels == b.channels
}
