//! What the pointer does in the lanes: click, drag, and what a drag becomes by where it began.
//!
//! Start at [`listen`]. A drag is a [`Gesture`] of the view from its first point to its release or Escape; each frame
//! shows the song as it would be, the release commits one step of history.

use dawg_session::{ClipId, Session};
use egui::{Key, Modifiers, PointerButton, Pos2, Rect, Response, Ui};

use super::edits::{self, Move, Step};
use super::grid::{Grid, Snapped};
use super::hit::{Ground, Hit, Part, Spot, spot_at};
use super::rows::Kind;
use super::{Kept, Scene, menu, swipe};
use crate::studio::action::Action;
use crate::studio::command::Command;
use crate::studio::view::{Gesture, Selection, Snap, View};

/// Gain near 0 dB is 0 dB.
const NOTCH: f32 = 0.4;

/// What a drag needs to know beyond its gesture.
#[derive(Debug, Default, Clone, Copy)]
pub struct Hold {
    /// The tick that the anchor was snapped to.
    pub tick: Option<i64>,
    /// Where an edge was snapped to.
    pub edge: Option<Snapped>,
    /// The gain at the start, and the height where the pointer took hold.
    pub gain: (f32, f32),
    /// Decibels a point.
    pub db_per_point: f32,
    /// What of the loop is held, and where in it.
    pub grip: super::ruler::bands::Grip,
}

/// Whether a gesture is one of the lanes.
fn is_ours(gesture: &Gesture) -> bool {
    matches!(
        gesture,
        Gesture::MoveClips { .. }
            | Gesture::TrimClip { .. }
            | Gesture::FadeClip { .. }
            | Gesture::GainClip { .. }
            | Gesture::Marquee { .. }
    )
}

/// The snap in force: Alt suspends it.
#[must_use]
pub fn snap_now(ui: &Ui, view: &View) -> Snap {
    if ui.input(|input| input.modifiers.alt) { Snap::Off } else { view.timeline.snap }
}

/// What tells what is where.
pub fn ground<'a>(view: &'a View, kept: &'a Kept, session: &'a Session, lanes: Rect) -> Ground<'a> {
    Ground { session, index: &kept.index, rows: &kept.rows, view, lanes }
}

/// Takes in what the pointer does in the lanes.
pub fn listen(ui: &Ui, scene: &mut Scene<'_>, kept: &mut Kept, response: &Response, lanes: Rect) {
    let Some(work) = scene.studio.work() else { return };
    let (shown, committed) = (work.session().clone(), work.committed().clone());
    if scene.view.gesture.as_ref().is_some_and(is_ours) {
        if taken_back(ui) {
            return cancel(scene, kept);
        }
        // The frame of the release may bring the last way of the pointer with it: a flick of the hand.
        if let Some(at) = response.interact_pointer_pos() {
            follow(ui, scene, kept, &committed, lanes, at);
        }
        if response.drag_stopped() || !response.dragged() {
            release(scene, kept, &committed);
        }
        return;
    }
    if scene.view.gesture.as_ref().is_some_and(swipe::is_ours) {
        return swipe::listen(ui, scene, response, &committed, lanes);
    }
    let modifiers = ui.input(|input| input.modifiers);
    if response.drag_started_by(PointerButton::Primary) {
        let origin = ui.input(|input| input.pointer.press_origin()).or(response.interact_pointer_pos());
        if let Some(at) = origin {
            begin(scene, kept, &shown, lanes, at, modifiers);
        }
        return;
    }
    if response.dragged_by(PointerButton::Middle) {
        let by = response.drag_delta();
        scene.view.timeline.left -= f64::from(by.x) * scene.view.timeline.frames_per_point;
        scene.view.timeline.top -= by.y;
        return;
    }
    let Some(at) = response.interact_pointer_pos() else { return };
    let spot = spot_at(ground(scene.view, kept, &shown, lanes), at);
    if response.secondary_clicked() {
        kept.menu = Some(menu::target(scene, &shown, lanes, at, &spot));
        if let Spot::Clip(hit) = &spot
            && !scene.view.selection.clips.contains(&hit.span.clip.id)
        {
            select(scene, &shown, hit, false);
        }
    } else if response.double_clicked() {
        double_click(scene, &shown, &spot);
    } else if response.clicked() {
        click(ui, scene, kept, &shown, (lanes, at), &spot);
    }
}

fn double_click(scene: &mut Scene<'_>, session: &Session, spot: &Spot) {
    match spot {
        Spot::Clip(hit) => {
            select(scene, session, hit, false);
            scene.command(Command::ZoomToSelection);
        }
        // The first click let it be heard.
        Spot::Lane { .. } => scene.command(Command::PickTake),
        Spot::Boundary { comp, edge, .. } => swipe::reset(scene, session, *comp, *edge),
        Spot::Comp { .. } => scene.command(Command::ZoomToSelection),
        Spot::Empty { .. } | Spot::Below => {}
    }
}

/// Whether Escape was pressed; nobody else hears of it.
#[must_use]
pub fn taken_back(ui: &Ui) -> bool {
    ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape) || input.key_pressed(Key::Escape))
}

fn click(
    ui: &Ui,
    scene: &mut Scene<'_>,
    kept: &Kept,
    session: &Session,
    (lanes, at): (Rect, Pos2),
    spot: &Spot,
) {
    let modifiers = ui.input(|input| input.modifiers);
    let frame = scene.view.timeline.frame(at.x - lanes.left());
    match spot {
        Spot::Clip(hit) => return select(scene, session, hit, modifiers.command || modifiers.shift),
        Spot::Boundary { comp, frame, .. } => return swipe::choose_joint(scene, session, *comp, *frame),
        Spot::Lane { row, lane } => return swipe::choose_part(scene, kept, session, (*row, *lane), frame),
        Spot::Comp { row } => return swipe::choose_segment(scene, session, *row, frame),
        Spot::Empty { .. } | Spot::Below => {}
    }
    let track = match spot {
        Spot::Empty { row } => session.tracks.get(*row).map(|track| track.id),
        _ => scene.view.selection.track,
    };
    scene.view.selection = Selection { track, ..Selection::default() };
    let to = Grid::of(session, &scene.view.timeline).snap(snap_now(ui, scene.view), frame).frame;
    scene.wish(Action::Locate(to.max(0)));
}

/// Selects a clip alone, or adds and removes it.
pub fn select(scene: &mut Scene<'_>, session: &Session, hit: &Hit, toggle: bool) {
    let (id, clips) = (hit.span.clip.id, &mut scene.view.selection.clips);
    if !toggle {
        clips.clear();
        clips.insert(id);
    } else if !clips.remove(&id) {
        clips.insert(id);
    }
    let selection = &mut scene.view.selection;
    selection.track = session.tracks.get(hit.row).map(|track| track.id);
    (selection.stretch, selection.joint) = (None, None);
    selection.lane = session.clip(id).map(|(_, lane, _)| lane.id);
}

fn begin(
    scene: &mut Scene<'_>,
    kept: &mut Kept,
    session: &Session,
    lanes: Rect,
    at: Pos2,
    modifiers: Modifiers,
) {
    let frame = scene.view.timeline.frame(at.x - lanes.left());
    let spot = spot_at(ground(scene.view, kept, session, lanes), at);
    if swipe::begin(scene, session, &spot, frame, modifiers) {
        return;
    }
    let Spot::Clip(hit) = spot else {
        let place = (frame, at.y - lanes.top() + scene.view.timeline.top);
        let add = modifiers.command || modifiers.shift;
        kept.base = if add { scene.view.selection.clips.clone() } else { Default::default() };
        scene.view.gesture = Some(Gesture::Marquee { from: place, to: place, add });
        return;
    };
    let clip = hit.span.clip.id;
    if !scene.view.selection.clips.contains(&clip) {
        select(scene, session, &hit, modifiers.shift || (modifiers.command && hit.part != Part::Body));
    }
    let gain = hit.span.clip.gain.get();
    kept.hold = Hold {
        gain: (20.0 * gain.max(1e-6).log10(), at.y),
        db_per_point: hit.parts.db_per_point(),
        ..Hold::default()
    };
    scene.view.gesture = Some(match hit.part {
        Part::Body => Gesture::MoveClips {
            anchor: clip,
            from: frame,
            row: hit.row,
            delta: 0,
            rows: 0,
            copy: modifiers.command || modifiers.alt,
        },
        Part::Start => Gesture::TrimClip { clip, end: false, to: hit.span.from },
        Part::End => Gesture::TrimClip { clip, end: true, to: hit.span.to },
        Part::FadeIn => Gesture::FadeClip { clip, out: false, length: hit.span.clip.fade_in.length.0 },
        Part::FadeOut => Gesture::FadeClip { clip, out: true, length: hit.span.clip.fade_out.length.0 },
        Part::Gain => Gesture::GainClip { clip, db: kept.hold.gain.0 },
    });
}

/// The gesture follows the pointer, and the song is shown as it would be.
fn follow(ui: &Ui, scene: &mut Scene<'_>, kept: &mut Kept, session: &Session, lanes: Rect, at: Pos2) {
    super::scroll::at_edges(ui, scene, lanes, at);
    let frame = scene.view.timeline.frame(at.x - lanes.left());
    let grid = Grid::of(session, &scene.view.timeline);
    let snap = snap_now(ui, scene.view);
    let y = at.y - lanes.top() + scene.view.timeline.top;
    // Beyond the last row it is as if on it.
    let last = session.tracks.len().saturating_sub(1);
    let row = if y < 0.0 { 0 } else { kept.rows.at(y).map_or(last, |row| row.track) };
    let span = |clip: ClipId| {
        session.clip(clip).map(|(_, _, clip)| clip.span(&session.tempo_map, session.sample_rate))
    };
    let Some(mut gesture) = scene.view.gesture.take() else { return };
    match &mut gesture {
        Gesture::MoveClips { anchor, from, row: grabbed, delta, rows, copy } => {
            let Some((start, _)) = span(*anchor) else { return };
            // Alt copies when it is held at the start and suspends snap when it comes later.
            let snap = if *copy { scene.view.timeline.snap } else { snap };
            let moved = frame - *from;
            let snapped = if moved == 0 {
                Snapped { frame: start, tick: None }
            } else {
                grid.snap(snap, start + moved)
            };
            *delta = snapped.frame - start;
            kept.hold.tick = snapped.tick;
            let wished = row as i64 - *grabbed as i64;
            *rows = edits::rows_within(session, &scene.view.selection, wished);
        }
        Gesture::TrimClip { to, .. } => {
            let snapped = grid.snap(snap, frame);
            (*to, kept.hold.edge) = (snapped.frame, Some(snapped));
        }
        Gesture::FadeClip { clip, out, length } => {
            let Some((start, end)) = span(*clip) else { return };
            *length = if *out { end - frame } else { frame - start };
        }
        Gesture::GainClip { db, .. } => {
            let (from, y) = kept.hold.gain;
            let fine = if ui.input(|input| input.modifiers.shift) { 0.2 } else { 1.0 };
            let to = (from + (y - at.y) * kept.hold.db_per_point * fine).clamp(-60.0, 24.0);
            *db = if to.abs() < NOTCH { 0.0 } else { (to * 10.0).round() / 10.0 };
        }
        Gesture::Marquee { from, to, .. } => {
            *to = (frame, at.y - lanes.top() + scene.view.timeline.top);
            let (from, to) = (*from, *to);
            let found = inside(kept, session, from, to);
            scene.view.selection.clips = &kept.base | &found;
        }
        _ => {}
    }
    let step = step(session, scene.view, kept, &gesture);
    let is_marquee = matches!(gesture, Gesture::Marquee { .. });
    scene.view.gesture = Some(gesture);
    if !is_marquee {
        scene.wish(Action::Preview { edits: step.edits, sound: false });
    }
}

/// The clips that a rectangle touches.
fn inside(
    kept: &Kept,
    session: &Session,
    a: (i64, f32),
    b: (i64, f32),
) -> std::collections::BTreeSet<ClipId> {
    let (from, to) = (a.0.min(b.0), a.0.max(b.0));
    let (top, bottom) = (a.1.min(b.1), a.1.max(b.1));
    let rows = kept.rows.in_sight(bottom - top, top);
    let lanes = rows.iter().filter_map(|row| match row.kind {
        Kind::Track => Some(session.tracks.get(row.track)?.playing()?.id),
        Kind::Lane(_) | Kind::Pass(_) => Some(row.lane(session)?.1.id),
    });
    lanes.flat_map(|lane| kept.index.between(lane, from, to + 1)).map(|span| span.clip.id).collect()
}

/// The step that a gesture makes.
fn step(session: &Session, view: &View, kept: &Kept, gesture: &Gesture) -> Step {
    match gesture {
        Gesture::MoveClips { anchor, delta, rows, copy, .. } => {
            let how = Move { anchor: *anchor, delta: *delta, rows: *rows, copy: *copy, tick: kept.hold.tick };
            edits::move_clips(session, &view.selection, how)
        }
        Gesture::TrimClip { clip, end, to } => match kept.hold.edge {
            Some(edge) => edits::trim(session, *clip, *end, edge),
            None => edits::trim(session, *clip, *end, Snapped { frame: *to, tick: None }),
        },
        Gesture::FadeClip { clip, out, length } => edits::fade(session, *clip, *out, *length),
        Gesture::GainClip { clip, db } => edits::gain(session, *clip, *db),
        _ => Step::default(),
    }
}

fn release(scene: &mut Scene<'_>, kept: &Kept, session: &Session) {
    let Some(gesture) = scene.view.gesture.take() else { return };
    if matches!(gesture, Gesture::Marquee { .. }) {
        return;
    }
    let step = step(session, scene.view, kept, &gesture);
    if step.edits.is_empty() {
        return scene.wish(Action::CancelPreview);
    }
    if !step.copies.is_empty() {
        scene.view.selection.clips = step.copies.into_iter().collect();
    }
    scene.edit(step.label, step.edits);
}

fn cancel(scene: &mut Scene<'_>, kept: &Kept) {
    if let Some(Gesture::Marquee { .. }) = scene.view.gesture.take() {
        scene.view.selection.clips = kept.base.clone();
    } else {
        scene.wish(Action::CancelPreview);
    }
}
