//! What becomes of a comp: pure functions that say which Edits a gesture or a command makes. Nothing is changed here.
//!
//! Start at [`swiped`]. The commands that use them are in [`super::lanes`].

use std::sync::Arc;

use dawg_session::{
    Comp, CompId, Edit, FadeShape, Joint, Lane, LaneId, Pick, Plays, Samples, Session, Track, apply_all, comp,
};

use super::super::view::{Edge, Swipe};
use super::reveal::revealed;

/// A step of history: what it is called, and what is done.
pub type Step = (String, Vec<Edit>);

/// What a swipe makes of the song; none if nothing would change. Without a comp that plays, one is made in which the
/// lane that played is heard everywhere else.
#[must_use]
pub fn swiped(session: &Session, swipe: &Swipe, shape: FadeShape) -> Option<Step> {
    let track = session.track(swipe.track)?;
    let lane = track.lane(swipe.lane)?;
    let (from, to) = (Samples(swipe.from.max(0)), Samples(swipe.to));
    let joint = Joint::usual(session.sample_rate, shape);
    let edits = if swipe.erase {
        silenced(session, track, from, to, swipe.fresh)
    } else {
        comp::swipe(track, lane, (from, to), joint, swipe.fresh)
    };
    let (what, where_to) = (lane.name.as_str(), range_words(session, from.0, to.0));
    let name = track.playing_comp().map_or_else(|| made(&edits), |comp| comp.name.to_string());
    let label = format!("{name}: {} at {where_to}", if swipe.erase { "nothing" } else { what });
    (!edits.is_empty()).then_some((label, edits))
}

/// The name of the comp that is made.
fn made(edits: &[Edit]) -> String {
    let mut names = edits.iter().filter_map(|edit| match edit {
        Edit::AddComp { comp, .. } => Some(comp.name.to_string()),
        _ => None,
    });
    names.next().unwrap_or_else(|| "Comp".to_owned())
}

/// Lets nothing be heard: of the comp that plays, or of a new one of the lane that does.
fn silenced(session: &Session, track: &Track, from: Samples, to: Samples, fresh: CompId) -> Vec<Edit> {
    if let Some(comp) = track.playing_comp() {
        return comp::unpick(comp, from, to).into_iter().collect();
    }
    let Some(lane) = track.playing().filter(|lane| sounds(session, lane, from.0, to.0)) else {
        return Vec::new();
    };
    let mut comp = Comp::new(fresh, comp::free_name(track));
    let pick = whole(session, lane);
    comp.picks = vec![Pick { end: from, ..pick.clone() }, Pick { start: to, ..pick }];
    added(track, comp, track.comps.len())
}

/// All of a lane.
fn whole(session: &Session, lane: &Lane) -> Pick {
    let joint = Joint::usual(session.sample_rate, FadeShape::EqualPower);
    Pick { start: Pick::FIRST, end: Pick::LAST, lane: lane.id, name: lane.name.clone(), joint }
}

/// The new boundaries that a swipe makes: the lanes before and after, and the song sample.
#[must_use]
pub fn seams(session: &Session, swipe: &Swipe) -> Vec<((LaneId, LaneId), Samples)> {
    let Some((_, edits)) = swiped(session, swipe, FadeShape::EqualPower) else { return Vec::new() };
    let Ok(applied) = apply_all(session, &edits) else { return Vec::new() };
    let comp = applied.session.track(swipe.track).and_then(|track| track.playing_comp());
    let Some(comp) = comp else { return Vec::new() };
    let ends = [swipe.from.max(0), swipe.to];
    let seam = |at: &i64| {
        let number = joint_at(comp, *at)?;
        Some(((comp.picks.get(number.checked_sub(1)?)?.lane, comp.picks[number].lane), Samples(*at)))
    };
    ends.iter().filter_map(seam).collect()
}

/// The Edits with the joints that begin at these song frames in these shapes.
#[must_use]
pub fn with_shapes(mut edits: Vec<Edit>, shapes: &[(i64, FadeShape)]) -> Vec<Edit> {
    for edit in &mut edits {
        let picks = match edit {
            Edit::SpliceComp { insert, .. } => insert,
            Edit::AddComp { comp, .. } => &mut comp.picks,
            _ => continue,
        };
        for pick in picks {
            if let Some((_, shape)) = shapes.iter().find(|(at, _)| *at == pick.start.0) {
                pick.joint.shape = *shape;
            }
        }
    }
    edits
}

/// Whether a lane sounds anywhere in these song frames.
#[must_use]
pub fn sounds(session: &Session, lane: &Lane, from: i64, to: i64) -> bool {
    lane.clips.iter().filter(|clip| !clip.mute).any(|clip| {
        let (start, end) = clip.span(&session.tempo_map, session.sample_rate);
        start < to && end > from
    })
}

/// The comp with the track that owns it.
#[must_use]
pub fn comp_of(session: &Session, id: CompId) -> Option<(&Arc<Track>, &Arc<Comp>)> {
    session.tracks.iter().find_map(|track| Some((track, track.comp(id)?)))
}

/// The lane with the track that owns it.
#[must_use]
pub fn lane_of(session: &Session, id: LaneId) -> Option<(&Arc<Track>, &Arc<Lane>)> {
    session.tracks.iter().find_map(|track| Some((track, track.lane(id)?)))
}

/// Moves an edge of a comp's pick; none if it would not move.
#[must_use]
pub fn moved_edge(session: &Session, comp: CompId, edge: Edge, to: i64) -> Option<Step> {
    let (track, comp) = comp_of(session, comp)?;
    let edit = match edge {
        Edge::Start(number) => comp::move_boundary(comp, number, Samples(to.max(0))),
        Edge::End(number) => comp::move_end(comp, number, Samples(to)),
    }?;
    let more =
        grown(comp, edge, &edit).and_then(|(lane, from, to)| revealed(session, track.lane(lane)?, from, to));
    let edits = std::iter::once(edit).chain(more).collect();
    Some((format!("{}: boundary to {}", comp.name, place_words(session, to)), edits))
}

/// The lane that is heard for longer once a boundary has moved, and from where to where the boundary went.
fn grown(comp: &Comp, edge: Edge, edit: &Edit) -> Option<(LaneId, i64, i64)> {
    let Edit::SpliceComp { insert, .. } = edit else { return None };
    let start = match edge {
        Edge::Start(number) => Some(number),
        Edge::End(number) => Some(number + 1).filter(|next| comp.is_joined(*next)),
    };
    let (old, new, left, right) = match (start, edge) {
        (Some(number), _) => {
            let before = number.checked_sub(1).filter(|_| comp.is_joined(number));
            let pick = comp.picks.get(number)?;
            (pick.start, insert.last()?.start, before.and_then(|it| comp.picks.get(it)), Some(pick))
        }
        (None, Edge::End(number) | Edge::Start(number)) => {
            let pick = comp.picks.get(number)?;
            (pick.end, insert.first()?.end, Some(pick), None)
        }
    };
    let pick = if new < old { right } else { left };
    Some((pick?.lane, old.0, new.0))
}

/// Gives the joint at the start of a pick another length or shape; none if it has it.
#[must_use]
pub fn jointed(session: &Session, comp: CompId, number: usize, joint: Joint) -> Option<Step> {
    let (_, comp) = comp_of(session, comp)?;
    let length = joint.length.clamp(Samples::ZERO, Joint::LONGEST);
    let edit = comp::set_joint(comp, number, Joint { length, ..joint })?;
    let ms = length.milliseconds(session.sample_rate);
    let at = comp.picks.get(number).map_or(0, |pick| pick.start.0);
    Some((format!("{}: joint of {ms:.0} ms at {}", comp.name, place_words(session, at)), vec![edit]))
}

/// The pick that begins at a song frame, if the one before ends there.
#[must_use]
pub fn joint_at(comp: &Comp, frame: i64) -> Option<usize> {
    let number = comp.picks.partition_point(|pick| pick.start.0 < frame);
    comp.picks.get(number).filter(|pick| pick.start.0 == frame)?;
    comp.is_joined(number).then_some(number)
}

/// An empty comp that plays.
#[must_use]
pub fn new_comp(track: &Track, id: CompId) -> Step {
    let comp = Comp::new(id, comp::free_name(track));
    (format!("New {}", comp.name), added(track, comp, track.comps.len()))
}

fn added(track: &Track, comp: Comp, at: usize) -> Vec<Edit> {
    let plays = Plays::Comp(comp.id);
    vec![Edit::AddComp { track: track.id, comp, at }, Edit::SetPlays { track: track.id, plays }]
}

/// All of a lane into the comp that plays; without a comp the lane itself plays.
#[must_use]
pub fn whole_lane(session: &Session, track: &Track, lane: &Lane) -> Option<Step> {
    let label = format!("Use all of “{}”", lane.name);
    if let Some(comp) = track.playing_comp() {
        let pick = whole(session, lane);
        if let [only] = comp.picks.as_slice()
            && (only.lane, only.start, only.end) == (pick.lane, pick.start, pick.end)
        {
            return None;
        }
        let edit = Edit::SpliceComp { comp: comp.id, at: 0, remove: comp.picks.len(), insert: vec![pick] };
        return Some((label, vec![edit]));
    }
    let plays = Plays::Lane(lane.id);
    (track.plays != plays).then(|| (label, vec![Edit::SetPlays { track: track.id, plays }]))
}

/// "15.1": bar and beat, and the tick where it is not on one.
#[must_use]
pub fn place_words(session: &Session, frame: i64) -> String {
    let map = &session.tempo_map;
    let place = map.bar_beat_tick(map.samples_to_ticks(frame, session.sample_rate));
    if place.tick == 0 {
        format!("{}.{}", place.bar, place.beat)
    } else {
        format!("{}.{}.{:03}", place.bar, place.beat, place.tick)
    }
}

/// "15.1–17.1".
#[must_use]
pub fn range_words(session: &Session, from: i64, to: i64) -> String {
    match (from <= Pick::FIRST.0, to >= Pick::LAST.0) {
        (true, true) => "all".to_owned(),
        (true, false) => format!("start–{}", place_words(session, to)),
        (false, true) => format!("{}–end", place_words(session, from)),
        (false, false) => format!("{}–{}", place_words(session, from), place_words(session, to)),
    }
}
