//! A comp as clips on a lane of its own: what is heard stays the same.

use std::sync::Arc;

use super::Comp;
use crate::id::{ClipId, LaneId};
use crate::lane::Lane;
use crate::resolve::resolve_comp;
use crate::song::{Clip, Session, Track};
use crate::time::{Position, Samples};

/// The lane that sounds as `comp` of `track` does, named after it.
#[must_use]
pub fn flatten(session: &Session, track: &Track, comp: &Comp, lane: LaneId) -> Lane {
    let pieces = resolve_comp(session, track, comp);
    let clips = pieces.iter().filter_map(|piece| {
        let (_, _, clip) = session.clip(piece.clip)?;
        let at = piece.from - piece.clip_start;
        Some(Arc::new(Clip {
            id: ClipId::fresh(),
            start: Position::Samples(piece.from),
            length: Samples(piece.to - piece.from),
            offset: Samples(piece.offset + at),
            ..Clip::clone(clip)
        }))
    });
    Lane { clips: clips.collect(), ..Lane::new(lane, comp.name.clone()) }
}
