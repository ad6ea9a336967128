//! The header of a lane: whether it is heard, its name, how good it is, and a button to hear it alone.

use std::sync::Arc;

use dawg_session::{Colour, Edit, Lane, Name, Plays, Track};
use egui::{Id, Rect, Response, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::row::BAR;
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, mix, tokens, track_colour};
use crate::studio::action::Action;
use crate::studio::command::Command;
use crate::studio::perform::comps::range_words;
use crate::studio::perform::lanes::rated;
use crate::studio::view::{Named, Selection};
use crate::window::Scene;
use crate::window::arrange::lane::colour as lane_colour;
use crate::window::channel::controls::BUTTON;
use crate::window::channel::menu::{COLOURS, entry};
use crate::window::channel::text::{Style, Typed, paint, rename};
use crate::window::keys::keys_of;

/// Width of one mark of the rating.
const MARK: f32 = 9.0;

/// Least room for the name, before the rating gives way.
const NAME: f32 = 56.0;

/// Where the parts of it stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// The sign of what is heard.
    pub dot: egui::Pos2,
    /// The name.
    pub name: Rect,
    /// The rating, where there is room.
    pub rating: Option<Rect>,
    /// Hear it alone.
    pub alone: Rect,
}

impl Plan {
    /// The plan for this rectangle.
    #[must_use]
    pub fn of(row: Rect) -> Self {
        let dot = pos2(row.left() + BAR + Tokens::SPACE[4] + Tokens::SPACE[1] + 2.0, row.center().y);
        let right = row.right() - Tokens::SPACE[1];
        let size = vec2(BUTTON.x, BUTTON.y.min(row.height()));
        let alone = Rect::from_center_size(pos2(right - size.x / 2.0, row.center().y), size);
        let left = dot.x + Tokens::SPACE[1];
        let marks = f32::from(Lane::BEST) * MARK;
        let end = alone.left() - Tokens::SPACE[1];
        let fits = end - marks - Tokens::SPACE[1] - left >= NAME;
        let rating = fits.then(|| Rect::from_min_max(pos2(end - marks, row.top()), pos2(end, row.bottom())));
        let end = rating.map_or(end, |rating| rating.left() - Tokens::SPACE[1]);
        let name = Rect::from_min_max(pos2(left, row.top()), pos2(end, row.bottom()));
        Self { dot, name, rating, alone }
    }
}

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, track: &Arc<Track>, lane: &Arc<Lane>, rect: Rect) {
    let plan = Plan::of(rect);
    let ground = ground(ui, scene, track, lane, rect);
    let tokens = tokens(ui.ctx());
    let heard = is_heard(track, lane);
    let alone = scene.studio.auditions().get(&track.id) == Some(&lane.id);
    let bright = if alone { tokens.attention } else { lane_colour(track, lane) };
    if heard || alone {
        ui.painter().circle_filled(plan.dot, 3.0, bright);
    } else {
        ui.painter().circle_stroke(plan.dot, 2.5, Stroke::new(1.0, tokens.faint));
    }
    if !renaming(ui, scene, lane, plan.name) {
        let selected = scene.view.selection.lane == Some(lane.id);
        let colour = if heard || alone || selected { tokens.text } else { tokens.secondary };
        paint(ui, plan.name, lane.name.as_str(), Style::label(colour).size(Tokens::TYPE[2]));
        let on = |at: Option<egui::Pos2>| at.is_some_and(|at| plan.name.contains(at));
        if ground.double_clicked() && on(ground.interact_pointer_pos()) {
            scene.view.renaming_take = Some((Named::Lane(lane.id), lane.name.to_string()));
        }
        if on(ground.hover_pos()) {
            ground.clone().on_hover_ui(|ui| tip(ui, scene, track, lane));
        }
    }
    if let Some(place) = plan.rating {
        rating(ui, scene, lane, place, ground.hovered() || ground.contains_pointer());
    }
    hear_alone(ui, scene, track, lane, plan.alone, alone);
}

/// The header of a pass of the recording under way.
pub fn pass(ui: &Ui, scene: &Scene<'_>, track: &Track, number: usize, rect: Rect) {
    let tokens = tokens(ui.ctx());
    let plan = Plan::of(rect);
    let of_track = scene.view.selection.track == Some(track.id);
    ui.painter().rect_filled(rect, 0.0, if of_track { tokens.raised } else { tokens.panel });
    ui.painter().rect_filled(rect.with_max_x(rect.left() + BAR), 0.0, track_colour(track.colour));
    ui.painter().circle_filled(plan.dot, 3.0, tokens.record);
    let name = format!("Take {}", dawg_session::comp::next_take(track) as usize + number);
    paint(ui, plan.name, &name, Style::label(tokens.text).size(Tokens::TYPE[2]));
}

/// Whether anything of a lane is heard.
#[must_use]
pub fn is_heard(track: &Track, lane: &Lane) -> bool {
    match track.plays {
        Plays::Lane(id) => id == lane.id,
        _ => track.playing_comp().is_some_and(|comp| comp.picks.iter().any(|pick| pick.lane == lane.id)),
    }
}

/// The surface: selects the lane, has its menu.
fn ground(ui: &Ui, scene: &mut Scene<'_>, track: &Arc<Track>, lane: &Arc<Lane>, rect: Rect) -> Response {
    let tokens = tokens(ui.ctx());
    let response = ui.interact(rect, Id::unique(("take", lane.id, "ground")), Sense::click());
    let selected = scene.view.selection.lane == Some(lane.id);
    let name = format!("{} of {}", lane.name, track.name);
    response.widget_info(|| WidgetInfo::selected(egui::Role::ListItem, true, selected, &name));
    let of_track = scene.view.selection.track == Some(track.id);
    let under = if of_track { tokens.raised } else { tokens.panel };
    let fill = match (selected, response.hovered()) {
        (true, _) => mix(under, tokens.accent, 0.14),
        (false, true) => mix(under, tokens.control, 0.6),
        (false, false) => under,
    };
    let painter = ui.painter();
    // The gap below the last lane is the track's too.
    painter.rect_filled(rect.with_max_y(rect.bottom() + 9.0), 0.0, under);
    painter.rect_filled(rect, 0.0, fill);
    let colour = track_colour(track.colour);
    painter.rect_filled(rect.with_max_x(rect.left() + BAR).with_max_y(rect.bottom() + 8.0), 0.0, colour);
    painter.hline(rect.x_range(), rect.bottom() + 8.5, Stroke::new(1.0, tokens.hairline));
    crate::look::control::focus_ring(ui, &response, rect.shrink(1.0), 0.0);
    if response.clicked() || response.container_secondary_clicked() {
        // The take, and no longer a stretch of another: Delete must mean what is lit.
        scene.view.selection =
            Selection { track: Some(track.id), lane: Some(lane.id), ..Selection::default() };
    }
    response.container_context_menu(|ui| menu(ui, scene, track, lane));
    response
}

/// Five small marks; a click on the one that is lit last takes the rating away.
fn rating(ui: &Ui, scene: &mut Scene<'_>, lane: &Lane, place: Rect, near: bool) {
    let tokens = tokens(ui.ctx());
    let id = Id::unique(("take", lane.id, "rating"));
    let response = ui.interact(place, id, Sense::click());
    let name = format!("Rating of {}: {} of {}", lane.name, lane.rating, Lane::BEST);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &name));
    let under = response.hover_pos().map(|at| mark_at(place, at.x));
    for n in 1..=Lane::BEST {
        let at = pos2(place.left() + (f32::from(n) - 0.5) * MARK, place.center().y);
        let lit = n <= lane.rating;
        let hovered = under.is_some_and(|under| n <= under);
        if lit || hovered {
            let colour = if hovered { tokens.text } else { tokens.attention };
            ui.painter().circle_filled(at, 2.5, colour);
        } else if near || lane.rating > 0 || response.has_focus() {
            ui.painter().circle_filled(at, 1.5, tokens.faint);
        }
    }
    crate::look::control::focus_ring(ui, &response, place.shrink2(vec2(0.0, 8.0)), Tokens::CORNER[0]);
    if response.clicked() {
        let at = response.interact_pointer_pos().map(|at| mark_at(place, at.x));
        // By key it goes round.
        let to = at.unwrap_or((lane.rating + 1) % (Lane::BEST + 1));
        let (label, edit) = rated(lane, if to == lane.rating { 0 } else { to });
        scene.edit(label, vec![edit]);
    }
    response.on_hover_text("How good it is. Keys 1 to 5 rate the selected take.");
}

fn mark_at(place: Rect, x: f32) -> u8 {
    (((x - place.left()) / MARK).floor() as i64 + 1).clamp(1, i64::from(Lane::BEST)) as u8
}

/// Hear this one in place of what plays.
fn hear_alone(ui: &Ui, scene: &mut Scene<'_>, track: &Track, lane: &Lane, rect: Rect, on: bool) {
    let tokens = tokens(ui.ctx());
    let response = ui.interact(rect, Id::unique(("take", lane.id, "alone")), Sense::click());
    let name = format!("Hear {} of {} alone", lane.name, track.name);
    response.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, on, &name));
    let (ground, ink) = match (on, response.hovered()) {
        (true, _) => (tokens.attention_dim, tokens.attention),
        (false, true) => (tokens.hover, tokens.text),
        (false, false) => (tokens.control.gamma_multiply(0.0), tokens.faint),
    };
    ui.painter().rect_filled(rect, Tokens::CORNER[0], ground);
    let picture = Rect::from_center_size(rect.center(), egui::Vec2::splat(Tokens::ICON[0]));
    icon::draw(ui.painter(), Icon::Headphones, picture, ink);
    crate::look::control::focus_ring(ui, &response, rect, Tokens::CORNER[0]);
    if response.clicked() {
        scene.wish(Action::Hear { track: track.id, lane: (!on).then_some(lane.id) });
    }
    let keys = keys_of(scene.studio.preferences(), Command::AuditionTake);
    let words = if on { "Back to what plays (Escape)" } else { "Hear this take alone" };
    response.on_hover_text(format!("{words} ({keys})"));
}

/// What can be done with a lane.
pub fn menu(ui: &mut Ui, scene: &mut Scene<'_>, track: &Track, lane: &Lane) {
    use Command as C;
    (scene.view.selection.track, scene.view.selection.lane) = (Some(track.id), Some(lane.id));
    for command in [C::PickTake, C::UseWholeTake, C::AuditionTake] {
        entry(ui, scene, command);
    }
    if track.plays != Plays::Lane(lane.id) && ui.button("Play this take, not the comp").clicked() {
        let label = format!("“{}” plays “{}”", track.name, lane.name);
        scene.edit(label, vec![Edit::SetPlays { track: track.id, plays: Plays::Lane(lane.id) }]);
        ui.close();
    }
    ui.separator();
    entry(ui, scene, C::RenameTake);
    ui.menu_button("Colour", |ui| colours(ui, scene, lane));
    ui.menu_button("Rating", |ui| {
        for command in [C::RateTake5, C::RateTake4, C::RateTake3, C::RateTake2, C::RateTake1, C::RateTake0] {
            entry(ui, scene, command);
        }
    });
    ui.separator();
    entry(ui, scene, C::HideTake);
    if track.lanes.iter().any(|lane| lane.hidden) {
        entry(ui, scene, C::ShowHiddenTakes);
    }
    entry(ui, scene, C::DeleteTake);
    ui.separator();
    for command in [C::NewComp, C::FlattenComp, C::ToggleTakes] {
        entry(ui, scene, command);
    }
}

fn colours(ui: &mut Ui, scene: &mut Scene<'_>, lane: &Lane) {
    let mut choose = |ui: &mut Ui, colour: Option<Colour>, name: &str| {
        let response = ui.selectable_label(lane.colour == colour, format!("      {name}"));
        if let Some(colour) = colour {
            let side = Tokens::SPACE[2];
            let at = pos2(response.rect.left() + Tokens::SPACE[0] + side / 2.0, response.rect.center().y);
            let swatch = Rect::from_center_size(at, egui::Vec2::splat(side));
            ui.painter().rect_filled(swatch, Tokens::CORNER[0] / 2.0, track_colour(colour));
        }
        if response.clicked() {
            let edits = vec![Edit::SetLaneColour { lane: lane.id, colour }];
            scene.edit(format!("Colour of “{}”", lane.name), edits);
            ui.close();
        }
    };
    choose(ui, None, "The track’s");
    for (colour, name) in Colour::PALETTE.into_iter().zip(COLOURS) {
        choose(ui, Some(colour), name);
    }
}

/// The field in which the name is typed, if it is.
fn renaming(ui: &mut Ui, scene: &mut Scene<'_>, lane: &Lane, rect: Rect) -> bool {
    let ours = |(named, _): &mut (Named, String)| *named == Named::Lane(lane.id);
    let Some((named, mut text)) = scene.view.renaming_take.take_if(ours) else { return false };
    let field = Rect::from_center_size(rect.center(), vec2(rect.width(), BUTTON.y));
    let id = Id::unique(("take", lane.id, "name"));
    match rename(ui, field, id, &format!("Name of {}", lane.name), &mut text) {
        Typed::Goes => scene.view.renaming_take = Some((named, text)),
        Typed::TakenBack => {}
        Typed::Kept => {
            if let Ok(name) = Name::new(&text)
                && name != lane.name
            {
                let label = format!("Rename “{}” to “{name}”", lane.name);
                scene.edit(label, vec![Edit::RenameLane { lane: lane.id, name }]);
            }
        }
    }
    true
}

/// When it was sung, where, and how long it is.
fn tip(ui: &mut Ui, scene: &Scene<'_>, track: &Track, lane: &Lane) {
    let Some(session) = scene.studio.session() else { return };
    ui.label(format!("{} of {}", lane.name, track.name));
    let secondary = tokens(ui.ctx()).secondary;
    let mut say = |text: String| {
        ui.label(egui::RichText::new(text).color(secondary).size(Tokens::TYPE[1]));
    };
    let spans = lane.clips.iter().map(|clip| clip.span(&session.tempo_map, session.sample_rate));
    match spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) {
        Some((from, to)) => {
            let seconds = (to - from) as f64 / f64::from(session.sample_rate.max(1));
            say(format!("Bars {}, {seconds:.1} s", range_words(session, from, to)));
        }
        None => say("Empty".to_owned()),
    }
    if let Some(take) = lane.take {
        say(format!("Sung {}", moment(take.at_ms)));
    }
    say("Double-click renames it".to_owned());
}

/// How long ago, in words: a singer looks for "the one just now", not for a date.
fn moment(at_ms: i64) -> String {
    let minutes = (dawg_session::now_ms() - at_ms).max(0) / 60_000;
    match minutes {
        0 => "just now".to_owned(),
        1 => "a minute ago".to_owned(),
        2..60 => format!("{minutes} minutes ago"),
        60..120 => "an hour ago".to_owned(),
        120..2_880 => format!("{} hours ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1_440),
    }
}
