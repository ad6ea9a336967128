//! Where clips go that come from elsewhere: imported, dropped, pasted.

use std::sync::Arc;

use super::hear;
use crate::clip::Clip;
use crate::edit::Edit;
use crate::id::{CompId, LaneId};
use crate::lane::Lane;
use crate::song::{Session, Track};
use crate::time::Samples;
use crate::value::Name;

#[cfg(test)]
mod tests;

/// The Edits that put `clips` on a track so that they are heard: on top of the lane that plays; if a comp plays, on a
/// new lane `lane` called `name`, below the others, heard in the comp where the clips lie.
///
/// `session` tells tempo and rate; the clips' media may still be on their way into it.
#[must_use]
pub fn land(session: &Session, track: &Track, clips: Vec<Clip>, name: Name, lane: LaneId) -> Vec<Edit> {
    if clips.is_empty() {
        return Vec::new();
    }
    if let Some(playing) = track.playing() {
        return clips.into_iter().map(|clip| Edit::AddClip { lane: playing.id, clip, at: None }).collect();
    }
    let ranges = clips.iter().map(|clip| {
        let (from, to) = clip.span(&session.tempo_map, session.sample_rate);
        (Samples(from), Samples(to))
    });
    let ranges = ranges.collect();
    let new = Lane { clips: clips.into_iter().map(Arc::new).collect(), ..Lane::new(lane, name) };
    // A comp plays, so none is made, and this id is never used.
    let heard = hear(session, track, &[(&new, ranges)], CompId::from_u128(0));
    let mut edits = vec![Edit::AddLane { track: track.id, lane: new, at: track.lanes.len() }];
    edits.extend(heard);
    edits
}
