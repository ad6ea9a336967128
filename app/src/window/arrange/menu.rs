//! Context menus of clips, lanes and ruler, and the field in which a clip is renamed.

use dawg_session::{ClipId, Edit, Name, Session};
use egui::{Area, Button, Frame, Key, Order, Pos2, Rect, Response, TextEdit, Ui};

use super::clips::Parts;
use super::hit::Hit;
use super::{Kept, Scene, row_rect};
use crate::look::{Tokens, medium, tokens};
use crate::studio::command::Command;
use crate::window::keys::keys_of;

/// What a context menu was opened on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The song frame under the pointer.
    pub frame: i64,
    /// The clip.
    pub clip: Option<ClipId>,
}

/// Notes what a menu is opened on; a click on a lane selects its track.
pub fn target(scene: &mut Scene<'_>, session: &Session, lanes: Rect, at: Pos2, hit: Option<&Hit>) -> Target {
    if let Some(row) = super::hit::row_at(scene.view, lanes, at.y, session.tracks.len()) {
        scene.view.selection.track = session.tracks.get(row).map(|track| track.id);
    }
    let frame = scene.view.timeline.frame(at.x - lanes.left());
    Target { frame, clip: hit.map(|hit| hit.span.clip.id) }
}

/// The menu of a clip or of an empty lane.
pub fn show(scene: &mut Scene<'_>, kept: &mut Kept, response: &Response) {
    response.context_menu(|ui| {
        let Some(target) = kept.menu else { return };
        match target.clip {
            Some(clip) => of_clip(ui, scene, kept, target.frame, clip),
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

/// The field in which a clip is renamed, over its header.
pub fn rename(ui: &Ui, scene: &mut Scene<'_>, kept: &mut Kept, lanes: Rect) {
    let Some((id, mut text)) = kept.renaming.take() else { return };
    let Some(session) = scene.studio.session().cloned() else { return };
    let place = session.tracks.iter().enumerate().find_map(|(row, track)| {
        let span = kept.index.all(track).iter().find(|span| span.clip.id == id)?;
        let row = row_rect(lanes, scene.view.timeline.top, scene.view.panels.track_height, row);
        let x = |frame| lanes.left() + scene.view.timeline.x(frame);
        Some((Parts::of(row, x(span.from), x(span.to)).header, span.clip.name.clone()))
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
