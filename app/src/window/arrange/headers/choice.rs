//! The line in a track's header that says what of its takes is heard: a comp or a take, chosen in a menu, and whether
//! the lanes are shown.

use std::sync::Arc;

use dawg_session::{Edit, Name, Plays, Track};
use egui::{Align2, Popup, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::look::icon::{self, Icon};
use crate::look::{Tokens, tokens, track_colour};
use crate::studio::action::Action;
use crate::studio::command::Command;
use crate::studio::perform::lanes::shown_lanes;
use crate::studio::view::Named;
use crate::window::Scene;
use crate::window::channel::menu::entry;
use crate::window::channel::text::{Style, Typed, paint, rename};
use crate::window::keys::keys_of;

/// Side of the button that shows the lanes.
const FOLD: f32 = 20.0;

/// Room for the count of takes.
const COUNT: f32 = 58.0;

/// Least room for a name.
const NAME: f32 = 60.0;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, track: &Arc<Track>, line: Rect) {
    fold(ui, scene, track, Rect::from_min_size(line.min, vec2(FOLD, line.height())));
    let rest = line.with_min_x(line.left() + FOLD + 2.0);
    let (face, count) = if rest.width() > NAME + COUNT {
        rest.split_left_right_at_x(rest.right() - COUNT)
    } else {
        (rest, Rect::NOTHING)
    };
    if renaming(ui, scene, track, face) {
        return;
    }
    chooser(ui, scene, track, face);
    let hidden = track.lanes.iter().filter(|lane| lane.hidden).count();
    let words = match track.lanes.len() {
        1 => "1 take".to_owned(),
        all if hidden > 0 => format!("{} of {all}", all - hidden),
        all => format!("{all} takes"),
    };
    if count.is_positive() {
        let style = Style::label(tokens(ui.ctx()).faint).size(Tokens::TYPE[0]);
        paint(ui, count, &words, style.at(Align2::RIGHT_CENTER));
    }
}

/// Shows and hides the lanes.
fn fold(ui: &Ui, scene: &mut Scene<'_>, track: &Arc<Track>, rect: Rect) {
    let id = egui::Id::unique(("takes", track.id, "fold"));
    let response = ui.interact(rect, id, Sense::click());
    let what = if track.shows_lanes { "Hide" } else { "Show" };
    let name = format!("{what} the takes of {}", track.name);
    response.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, track.shows_lanes, &name));
    let tokens = tokens(ui.ctx());
    let colour = if response.hovered() || response.has_focus() { tokens.text } else { tokens.secondary };
    let shape = if track.shows_lanes { Icon::ChevronDown } else { Icon::ChevronRight };
    let picture = Rect::from_center_size(rect.center(), egui::Vec2::splat(Tokens::ICON[0]));
    icon::draw(ui.painter(), shape, picture, colour);
    crate::look::control::focus_ring(ui, &response, rect, Tokens::CORNER[0]);
    let keys = keys_of(scene.studio.preferences(), Command::ToggleTakes);
    if response.on_hover_text(format!("{name} ({keys})")).clicked() {
        let (label, edits) = shown_lanes(track, !track.shows_lanes);
        scene.edit(label, edits);
    }
}

/// What is heard; its menu chooses another.
fn chooser(ui: &Ui, scene: &mut Scene<'_>, track: &Arc<Track>, rect: Rect) {
    let tokens = tokens(ui.ctx());
    let heard = match track.plays {
        Plays::Comp(id) => track.comp(id).map(|comp| comp.name.as_str()),
        _ => track.playing().map(|lane| lane.name.as_str()),
    };
    let heard = heard.unwrap_or("Nothing");
    let alone = scene.studio.auditions().get(&track.id).and_then(|lane| track.lane(*lane));
    let id = egui::Id::unique(("takes", track.id, "chooser"));
    let response = ui.interact(rect, id, Sense::click());
    let name = format!("What plays on {}", track.name);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(egui::Role::ComboBox, true, &name);
        info.current_text_value = Some(heard.to_owned());
        info
    });
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, Tokens::CORNER[0], tokens.control);
    }
    let dot = pos2(rect.left() + Tokens::SPACE[1], rect.center().y);
    let colour = if alone.is_some() { tokens.attention } else { track_colour(track.colour) };
    ui.painter().circle_filled(dot, 3.5, colour);
    let text = rect.with_min_x(dot.x + Tokens::SPACE[1]);
    let (words, ink) = match alone {
        Some(lane) => (format!("{} alone", lane.name), tokens.attention),
        None => (heard.to_owned(), tokens.text),
    };
    let style = Style::label(ink).size(Tokens::TYPE[2]).strong();
    let chevron = Tokens::ICON[0];
    let galley = crate::look::control::elide(
        ui,
        &words,
        crate::look::medium(style.size),
        ink,
        (text.width() - chevron - Tokens::SPACE[0]).max(0.0),
    );
    let elided = galley.elided;
    let at = pos2(text.left(), text.center().y - galley.size().y / 2.0);
    let after = at.x + galley.size().x + Tokens::SPACE[0] + chevron / 2.0;
    ui.painter().galley(at, galley, ink);
    let picture = Rect::from_center_size(pos2(after, rect.center().y), egui::Vec2::splat(chevron - 2.0));
    icon::draw(ui.painter(), Icon::ChevronDown, picture, tokens.secondary);
    Popup::menu(&response).width(200.0).show(|ui| list(ui, scene, track));
    let hint = if elided { format!("{name}: {words}") } else { name };
    response.on_hover_text(hint);
}

/// All that could be heard, and what can be done with the comp.
pub fn list(ui: &mut Ui, scene: &mut Scene<'_>, track: &Arc<Track>) {
    use Command as C;
    scene.view.selection.track = Some(track.id);
    for comp in &track.comps {
        plays(ui, scene, track, Plays::Comp(comp.id), &comp.name);
    }
    if !track.comps.is_empty() {
        ui.separator();
    }
    let all = |ui: &mut Ui, scene: &mut Scene<'_>| {
        for lane in &track.lanes {
            plays(ui, scene, track, Plays::Lane(lane.id), &lane.name);
        }
    };
    // A hundred takes scroll.
    egui::ScrollArea::vertical().max_height(260.0).show(ui, |ui| all(ui, scene));
    ui.separator();
    entry(ui, scene, C::NewComp);
    if track.playing_comp().is_some() {
        for command in [C::DuplicateComp, C::RenameComp, C::ClearComp, C::FlattenComp, C::DeleteComp] {
            entry(ui, scene, command);
        }
    }
    ui.separator();
    entry(ui, scene, C::ToggleTakes);
    if track.lanes.iter().any(|lane| lane.hidden) {
        entry(ui, scene, C::ShowHiddenTakes);
    }
}

fn plays(ui: &mut Ui, scene: &mut Scene<'_>, track: &Track, what: Plays, name: &Name) {
    let chosen = track.plays == what;
    if ui.selectable_label(chosen, name.as_str()).clicked() {
        if !chosen {
            let label = format!("“{}” plays “{name}”", track.name);
            scene.edit(label, vec![Edit::SetPlays { track: track.id, plays: what }]);
        }
        if scene.studio.auditions().contains_key(&track.id) {
            scene.wish(Action::Hear { track: track.id, lane: None });
        }
        ui.close();
    }
}

/// The field in which the comp's name is typed, if it is.
fn renaming(ui: &mut Ui, scene: &mut Scene<'_>, track: &Track, rect: Rect) -> bool {
    let Some(comp) = track.playing_comp() else { return false };
    let ours = |(named, _): &mut (Named, String)| *named == Named::Comp(comp.id);
    let Some((named, mut text)) = scene.view.renaming_take.take_if(ours) else { return false };
    let id = egui::Id::unique(("takes", comp.id, "name"));
    match rename(ui, rect, id, &format!("Name of {}", comp.name), &mut text) {
        Typed::Goes => scene.view.renaming_take = Some((named, text)),
        Typed::TakenBack => {}
        Typed::Kept => {
            if let Ok(name) = Name::new(&text)
                && name != comp.name
            {
                let label = format!("Rename “{}” to “{name}”", comp.name);
                scene.edit(label, vec![Edit::RenameComp { comp: comp.id, name }]);
            }
        }
    }
    true
}
