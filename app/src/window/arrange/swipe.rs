//! What the pointer does with takes and comps: swipes across a lane, boundaries, joints, and stretches of a comp.
//!
//! Start at [`begin`] for a drag, at [`choose_part`] for a click. As everywhere, a drag shows the song as it would be
//! and its release makes one step of history.

use dawg_session::{CompId, FadeShape, Joint, LaneId, Samples, Session};
use egui::{Modifiers, Pos2, Rect, Response, Ui};

use super::gesture::{snap_now, taken_back};
use super::grid::Grid;
use super::hit::Spot;
use super::{Kept, Scene, scroll};
use crate::studio::action::Action;
use crate::studio::perform::comps::{self, Step};
use crate::studio::perform::lanes::bounded;
use crate::studio::view::{Edge, Gesture, Selection, Stretch, Swipe};

/// Whether a gesture is one of takes and comps.
#[must_use]
pub fn is_ours(gesture: &Gesture) -> bool {
    matches!(
        gesture,
        Gesture::Swipe { .. } | Gesture::Boundary { .. } | Gesture::Joint { .. } | Gesture::Stretch { .. }
    )
}

/// Takes hold of what a drag begins on. Returns whether it is something of ours. With Alt a boundary's joint is
/// changed instead; with Ctrl a swipe silences.
pub fn begin(
    scene: &mut Scene<'_>,
    session: &Session,
    spot: &Spot,
    frame: i64,
    modifiers: Modifiers,
) -> bool {
    let track = |row: &usize| session.tracks.get(*row).map(|track| track.id);
    // Alt copies, changes a joint, or suspends snap; which, is known only as the drag goes on.
    let snap = if modifiers.alt { crate::studio::view::Snap::Off } else { scene.view.timeline.snap };
    let anchor = Grid::of(session, &scene.view.timeline).snap(snap, frame).frame;
    let gesture = match spot {
        Spot::Lane { row, lane } => track(row).map(|track| {
            let erase = modifiers.command;
            let swipe = Swipe { track, lane: *lane, from: anchor, to: anchor, erase, fresh: CompId::fresh() };
            Gesture::Swipe { anchor, swipe }
        }),
        Spot::Comp { row } => track(row).map(|track| {
            let stretch = Stretch { track, from: anchor, to: anchor };
            Gesture::Stretch { anchor, stretch }
        }),
        Spot::Boundary { comp, edge, frame } => Some(match (modifiers.alt, joined(session, *comp, *edge)) {
            (true, Some((number, joint))) => Gesture::Joint { comp: *comp, number, length: joint.length.0 },
            _ => Gesture::Boundary { comp: *comp, edge: *edge, to: *frame },
        }),
        Spot::Clip(_) | Spot::Empty { .. } | Spot::Below => None,
    };
    let Some(gesture) = gesture else { return false };
    let selection = &mut scene.view.selection;
    match &gesture {
        Gesture::Swipe { swipe, .. } => {
            *selection =
                Selection { track: Some(swipe.track), lane: Some(swipe.lane), ..Selection::default() };
        }
        Gesture::Stretch { stretch, .. } => {
            *selection = Selection { track: Some(stretch.track), ..Selection::default() };
        }
        _ => {}
    }
    if let Spot::Boundary { comp, frame, .. } = spot {
        choose_joint(scene, session, *comp, *frame);
    }
    scene.view.gesture = Some(gesture);
    true
}

/// The joint at an edge, if there is one.
fn joined(session: &Session, comp: CompId, edge: Edge) -> Option<(usize, Joint)> {
    let (_, comp) = comps::comp_of(session, comp)?;
    let Edge::Start(number) = edge else { return None };
    comp.is_joined(number).then(|| Some((number, comp.picks.get(number)?.joint)))?
}

/// Goes on with a drag of ours: follows the pointer, ends it, or takes it back.
pub fn listen(ui: &Ui, scene: &mut Scene<'_>, response: &Response, session: &Session, lanes: Rect) {
    if taken_back(ui) {
        scene.view.gesture = None;
        scene.view.selection.stretch = None;
        return scene.wish(Action::CancelPreview);
    }
    // The frame of the release may bring the last way of the pointer with it: a flick of the hand.
    if let Some(at) = response.interact_pointer_pos() {
        follow(ui, scene, session, lanes, at);
    }
    if response.drag_stopped() || !response.dragged() {
        release(scene, session);
    }
}

fn follow(ui: &Ui, scene: &mut Scene<'_>, session: &Session, lanes: Rect, at: Pos2) {
    scroll::at_edges(ui, scene, lanes, at);
    let frame = scene.view.timeline.frame(at.x - lanes.left());
    let snapped = Grid::of(session, &scene.view.timeline).snap(snap_now(ui, scene.view), frame).frame;
    let Some(mut gesture) = scene.view.gesture.take() else { return };
    match &mut gesture {
        Gesture::Swipe { anchor, swipe } => {
            (swipe.from, swipe.to) = ((*anchor).min(snapped), (*anchor).max(snapped));
            let Swipe { track, from, to, .. } = *swipe;
            scene.view.selection.stretch = (from < to).then_some(Stretch { track, from, to });
        }
        Gesture::Stretch { anchor, stretch } => {
            (stretch.from, stretch.to) = ((*anchor).min(snapped), (*anchor).max(snapped));
            scene.view.selection.stretch = (stretch.from < stretch.to).then_some(*stretch);
        }
        Gesture::Boundary { to, .. } => *to = snapped,
        Gesture::Joint { comp, number, length } => {
            let boundary = comps::comp_of(session, *comp).and_then(|(_, comp)| comp.picks.get(*number));
            let away = boundary.map_or(0, |pick| (frame - pick.start.0).abs());
            *length = (2 * away).min(Joint::LONGEST.0);
        }
        _ => {}
    }
    if !matches!(gesture, Gesture::Stretch { .. }) {
        let edits = step(session, &gesture).map(|(_, edits)| edits).unwrap_or_default();
        scene.wish(Action::Preview { edits, sound: false });
    }
    scene.view.gesture = Some(gesture);
}

/// What a gesture makes of the song.
fn step(session: &Session, gesture: &Gesture) -> Option<Step> {
    match gesture {
        Gesture::Swipe { swipe, .. } => comps::swiped(session, swipe, FadeShape::EqualPower),
        Gesture::Boundary { comp, edge, to } => comps::moved_edge(session, *comp, *edge, *to),
        Gesture::Joint { comp, number, length } => {
            let (_, whole) = comps::comp_of(session, *comp)?;
            let shape = whole.picks.get(*number)?.joint.shape;
            comps::jointed(session, *comp, *number, Joint { length: Samples(*length), shape })
        }
        _ => None,
    }
}

fn release(scene: &mut Scene<'_>, session: &Session) {
    let Some(gesture) = scene.view.gesture.take() else { return };
    let step = step(session, &gesture);
    match (gesture, step) {
        // How it is joined is found out off this thread; what is shown stays until then.
        (Gesture::Swipe { swipe, .. }, Some(_)) => scene.wish(Action::Swipe(swipe)),
        (Gesture::Boundary { comp, .. }, Some((label, edits))) => {
            if let Some(dawg_session::Edit::SpliceComp { insert, .. }) = edits.first() {
                scene.view.selection.joint = insert.last().map(|pick| (comp, pick.start.0));
            }
            scene.edit(label, edits);
        }
        (_, Some((label, edits))) => scene.edit(label, edits),
        (Gesture::Stretch { .. }, None) => {}
        (_, None) => scene.wish(Action::CancelPreview),
    }
}

/// Selects a joint.
pub fn choose_joint(scene: &mut Scene<'_>, session: &Session, comp: CompId, frame: i64) {
    let track = comps::comp_of(session, comp).map(|(track, _)| track.id);
    scene.view.selection = Selection { track, joint: Some((comp, frame)), ..Selection::default() };
}

/// A joint as a swipe makes it.
pub fn reset(scene: &mut Scene<'_>, session: &Session, comp: CompId, edge: Edge) {
    let Some((number, joint)) = joined(session, comp, edge) else { return };
    let usual = Joint::usual(session.sample_rate, joint.shape);
    if let Some((label, edits)) = comps::jointed(session, comp, number, usual) {
        scene.edit(label, edits);
    }
}

/// Selects what a comp plays at a song frame.
pub fn choose_segment(scene: &mut Scene<'_>, session: &Session, row: usize, frame: i64) {
    let Some(track) = session.tracks.get(row) else { return };
    let mut selection = Selection { track: Some(track.id), ..Selection::default() };
    if let Some(comp) = track.playing_comp()
        && let Some(pick) = comp.at(Samples(frame)).and_then(|number| comp.picks.get(number))
    {
        selection.lane = Some(pick.lane);
        let stretch = bounded(session, track, pick);
        selection.stretch = stretch.map(|(from, to)| Stretch { track: track.id, from, to });
    }
    scene.view.selection = selection;
}

/// Selects the part of a lane under the pointer, as long as what the comp plays there; what is not heard there is
/// heard now, alone.
pub fn choose_part(
    scene: &mut Scene<'_>,
    kept: &Kept,
    session: &Session,
    (row, lane): (usize, LaneId),
    frame: i64,
) {
    let Some(track) = session.tracks.get(row) else { return };
    let pick = track.playing_comp().and_then(|comp| comp.picks.get(comp.at(Samples(frame))?));
    let part = match pick {
        Some(pick) => bounded(session, track, pick),
        None => kept.index.at(lane, frame).map(|span| (span.from, span.to)),
    };
    let stretch = part.map(|(from, to)| Stretch { track: track.id, from, to });
    scene.view.selection =
        Selection { track: Some(track.id), lane: Some(lane), stretch, ..Selection::default() };
    let heard = pick.map(|pick| pick.lane).or(track.playing().map(|lane| lane.id)) == Some(lane);
    match stretch {
        Some(stretch) if !heard => scene.wish(Action::HearStretch { lane, stretch }),
        _ => scene.wish(Action::Hear { track: track.id, lane: None }),
    }
}
