//! Context menus of clips, lanes and ruler, and the field in which a clip is renamed.

use dawg_session::{ClipId, CompId, Edit, LaneId, Name, Session};
use egui::{Area, Button, Frame, Key, Order, Pos2, Rect, Response, TextEdit, Ui};

use super::clips::Parts;
use super::hit::Spot;
use super::rows::Row;
use super::{Kept, Scene};
use crate::look::{Tokens, medium, tokens};
use crate::studio::command::Command;
use crate::window::keys::keys_of;

/// What a context menu was opened on.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The song frame under the pointer.
    pub frame: i64,
    /// The clip.
    pub clip: Option<ClipId>,
    /// The lane, where it can be swiped.
    pub lane: Option<LaneId>,
    /// The comp that is heard there.
    pub comp: Option<CompId>,
}

/// Notes what a menu is opened on; a click on a lane selects its track.
pub fn target(scene: &mut Scene<'_>, session: &Session, lanes: Rect, at: Pos2, spot: &Spot) -> Target {
    let frame = scene.view.timeline.frame(at.x - lanes.left());
    let mut target = Target { frame, ..Target::default() };
    let row = match spot {
        Spot::Clip(hit) => {
            target.clip = Some(hit.span.clip.id);
            Some(hit.row)
        }
        Spot::Lane { row, lane } => {
            target.lane = Some(*lane);
            scene.view.selection.lane = Some(*lane);
            Some(*row)
        }
        Spot::Comp { row } | Spot::Empty { row } => Some(*row),
        Spot::Boundary { comp, frame, .. } => {
            target.comp = Some(*comp);
            super::swipe::choose_joint(scene, session, *comp, *frame);
            None
        }
        Spot::Below => None,
    };
    if let Some(track) = row.and_then(|row| session.tracks.get(row)) {
        scene.view.selection.track = Some(track.id);
        target.comp = track.playing_comp().map(|comp| comp.id);
    }
    target
}

/// The menu of a clip or of an empty lane.
pub fn show(scene: &mut Scene<'_>, kept: &mut Kept, response: &Response) {
    response.context_menu(|ui| {
        let Some(target) = kept.menu else { return };
        match target.clip {
            Some(clip) => of_clip(ui, scene, kept, target.frame, clip),
            None if target.lane.is_some() => of_take(ui, scene),
            None if target.comp.is_some() => of_comp(ui, scene),
            None => of_lane(ui, scene),
        }
    });
}

fn of_clip(ui: &mut Ui, scene: &mut Scene<'_>, kept: &mut Kept, frame: i64, id: ClipId) {
    let found = scene.studio.session().and_then(|session| {
        let (_, _, clip) = session.clip(id)?;
        Some((clip.name.to_string(), clip.span(&session.tempo_map, session.sample_rate).0))
    });
    let Some((name, start)) = found else { return };
    for command in [Command::Split, Command::Duplicate, Command::MuteClips, Command::ResetClips] {
        item(ui, scene, command);
    }
    if ui.button("Rename clip…").clicked() {
        kept.renaming = Some((id, name));
    }
    item(ui, scene, Command::Delete);
    ui.separator();
    downbeat(ui, scene, "First downbeat is here", frame);
    downbeat(ui, scene, "First downbeat at clip start", start);
    ui.separator();
    item(ui, scene, Command::LoopSelection);
    item(ui, scene, Command::ZoomToSelection);
}

/// What can be done with the take under the pointer.
fn of_take(ui: &mut Ui, scene: &mut Scene<'_>) {
    use Command as C;
    for command in [C::PickTake, C::UseWholeTake, C::AuditionTake] {
        item(ui, scene, command);
    }
    ui.separator();
    for command in [C::RenameTake, C::HideTake, C::DeleteTake] {
        item(ui, scene, command);
    }
    ui.separator();
    item(ui, scene, C::LoopSelection);
    item(ui, scene, C::ZoomToSelection);
}

/// What can be done with the comp under the pointer.
fn of_comp(ui: &mut Ui, scene: &mut Scene<'_>) {
    use Command as C;
    for command in [C::PreviousTake, C::NextTake] {
        item(ui, scene, command);
    }
    ui.separator();
    for command in [C::NewComp, C::DuplicateComp, C::RenameComp, C::ClearComp, C::FlattenComp, C::DeleteComp]
    {
        item(ui, scene, command);
    }
    ui.separator();
    item(ui, scene, C::ToggleTakes);
    item(ui, scene, C::LoopSelection);
    item(ui, scene, C::ZoomToSelection);
}

fn of_lane(ui: &mut Ui, scene: &mut Scene<'_>) {
    for command in [Command::AddMonoTrack, Command::AddStereoTrack, Command::Import] {
        item(ui, scene, command);
    }
    ui.separator();
    item(ui, scene, Command::SelectAll);
    item(ui, scene, Command::ZoomToAll);
}

/// The menu of the ruler.
pub fn ruler(ui: &mut Ui, scene: &mut Scene<'_>, kept: &Kept) {
    if let Some(target) = kept.menu {
        downbeat(ui, scene, "First downbeat is here", target.frame);
    }
    ui.separator();
    item(ui, scene, Command::LoopSelection);
    item(ui, scene, Command::ToggleLoop);
    ui.separator();
    for command in [Command::ZoomIn, Command::ZoomOut, Command::ZoomToSelection, Command::ZoomToAll] {
        item(ui, scene, command);
    }
}

fn item(ui: &mut Ui, scene: &mut Scene<'_>, command: Command) {
    let keys = keys_of(scene.studio.preferences(), command);
    if ui.add(Button::new(command.name()).shortcut_text(keys)).clicked() {
        scene.command(command);
    }
}

fn downbeat(ui: &mut Ui, scene: &mut Scene<'_>, words: &str, at: i64) {
    if ui.button(words).clicked() {
        scene.edit("First downbeat is here", vec![Edit::SetDownbeat { at }]);
    }
}

/// The row in which a lane's clips are edited, and whether it is the low one of the lane.
#[must_use]
pub fn row_of(session: &Session, kept: &Kept, track: usize, lane: usize) -> Option<(Row, bool)> {
    let plays = session.tracks.get(track)?.playing().map(|lane| lane.id);
    if plays == session.tracks[track].lanes.get(lane).map(|lane| lane.id) {
        return Some((*kept.rows.of(track)?, false));
    }
    Some((*kept.rows.of_lane(track, lane)?, true))
}

/// The field in which a clip is renamed, over its header.
pub fn rename(ui: &Ui, scene: &mut Scene<'_>, kept: &mut Kept, lanes: Rect) {
    let Some((id, mut text)) = kept.renaming.take() else { return };
    let Some(session) = scene.studio.session().cloned() else { return };
    let place = kept.index.find(&session, id).and_then(|(track, lane, span)| {
        let (row, slim) = row_of(&session, kept, track, lane)?;
        let row = row.place(lanes, scene.view.timeline.top);
        let x = |frame| lanes.left() + scene.view.timeline.x(frame);
        let (from, to) = (x(span.from), x(span.to));
        let parts = if slim { Parts::slim(row, from, to) } else { Parts::of(row, from, to) };
        Some((parts.header, span.clip.name.clone()))
    });
    let Some((header, name)) = place else { return };
    let width = header.width().clamp(140.0, 320.0);
    let left = header.left().clamp(lanes.left(), (lanes.right() - width).max(lanes.left()));
    let tokens = tokens(ui.ctx());
    let shown = Area::new(ui.scope_id().with("rename clip"))
        .order(Order::Foreground)
        .fixed_pos(Pos2::new(left, header.top()));
    let response = shown.show(ui.ctx(), |ui| {
        Frame::new().fill(tokens.raised).corner_radius(Tokens::CORNER[0]).show(ui, |ui| {
            let field = TextEdit::singleline(&mut text).font(medium(Tokens::TYPE[1])).desired_width(width);
            let response = ui.add(field).accessible_name("Name of the clip");
            if !response.has_focus() && !response.lost_focus() {
                response.request_focus();
            }
            response
        })
    });
    let response = response.inner.inner;
    if !response.lost_focus() {
        kept.renaming = Some((id, text));
        return;
    }
    let escaped = ui.input(|input| input.key_pressed(Key::Escape));
    if let (false, Ok(new)) = (escaped, Name::new(&text))
        && new != name
    {
        scene.edit(format!("Rename “{name}”"), vec![Edit::RenameClip { clip: id, name: new }]);
    }
}
