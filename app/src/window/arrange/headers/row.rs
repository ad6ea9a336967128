//! One header: what fits its height, always in the same places.

use std::sync::Arc;

use dawg_session::{Edit, Name, Track};
use egui::{Align2, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::super::rows::{CHOICE, has_choice};
use super::{choice, order};
use crate::look::{Tokens, mix, tokens};
use crate::studio::command::Command;
use crate::studio::view::Gesture;
use crate::window::Scene;
use crate::window::channel::controls::BUTTON;
use crate::window::channel::text::{Style, Typed, paint, rename};
use crate::window::channel::{Channel, Place, menu};
use crate::window::keys::keys_of;

/// Width of the colour at the left edge.
pub const BAR: f32 = 4.0;
/// Height of the fader.
const FADER: f32 = 20.0;
/// Height of the meter.
const METER: f32 = 6.0;
/// Width of the input field.
const INPUT: f32 = 96.0;

/// Width of the pan knob with its words, of which "L 100" is the longest.
const PAN: f32 = 64.0;

/// Where everything of a header stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// The name.
    pub name: Rect,
    /// Record, monitor, mute, solo.
    pub buttons: [Rect; 4],
    /// The fader, where there is room.
    pub fader: Option<Rect>,
    /// The meter.
    pub meter: Rect,
    /// Input and pan, where there is room.
    pub input: Option<(Rect, Rect)>,
}

impl Plan {
    /// The plan for this rectangle.
    #[must_use]
    pub fn of(row: Rect) -> Self {
        let tall = row.height();
        let pad = if tall < 64.0 { Tokens::SPACE[0] } else { Tokens::SPACE[1] };
        let (left, right) = (row.left() + BAR + Tokens::SPACE[1], row.right() - Tokens::SPACE[1]);
        let thin = METER / 2.0;
        let low = tall < 58.0;
        let top = if low { row.center().y - BUTTON.y / 2.0 - thin / 2.0 } else { row.top() + pad };
        let step = BUTTON.x + Tokens::SPACE[0];
        let first = right - 4.0 * step + Tokens::SPACE[0];
        let buttons = [0, 1, 2, 3].map(|n| Rect::from_min_size(pos2(first + n as f32 * step, top), BUTTON));
        let name = Rect::from_min_max(pos2(left, top), pos2(first - Tokens::SPACE[1], top + BUTTON.y));
        let mut y = top + BUTTON.y + if tall < 68.0 { 0.0 } else { Tokens::SPACE[0] };
        let mut line = |height: f32| {
            let rect = Rect::from_min_max(pos2(left, y), pos2(right, y + height));
            y += height + Tokens::SPACE[0];
            rect
        };
        if low {
            let meter =
                Rect::from_min_max(pos2(left, row.bottom() - thin - 2.0), pos2(right, row.bottom() - 2.0));
            return Self { name, buttons, fader: None, meter, input: None };
        }
        let fader = Some(line(FADER));
        let meter = line(METER.min(row.bottom() - 2.0 - (top + BUTTON.y + FADER + Tokens::SPACE[0])));
        let field = line(Tokens::SPACE[4]);
        let fits = field.bottom() + Tokens::SPACE[0] <= row.bottom();
        let input = fits.then(|| {
            let knob = Rect::from_min_max(pos2(right - PAN, field.top()), field.max);
            (field.with_max_x((left + INPUT).min(knob.left() - Tokens::SPACE[1])), knob)
        });
        Self { name, buttons, fader, meter, input }
    }
}

/// Draws a track's header.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, track: &Arc<Track>, soloed: bool, rect: Rect) {
    let channel = Channel::of(scene.studio, track, soloed, Place::Header);
    let (upper, choices) = without_choice(track, rect);
    let plan = Plan::of(upper);
    let response = ground(ui, scene, &channel, track, rect);
    name(ui, scene, &channel, track, &response, plan.name);
    channel.arm(ui, scene, plan.buttons[0]);
    channel.monitor(ui, scene, plan.buttons[1]);
    channel.mute(ui, scene, plan.buttons[2]);
    channel.solo(ui, scene, plan.buttons[3]);
    if let Some(fader) = plan.fader {
        channel.fader(ui, scene, fader);
    }
    channel.meter(ui, scene, plan.meter);
    if let Some((input, pan)) = plan.input {
        channel.input(ui, scene, input);
        channel.pan(ui, scene, pan);
    }
    if let Some(line) = choices {
        choice::show(ui, scene, track, line);
    }
}

/// The row without the line that chooses among takes, and that line, if the track has one.
#[must_use]
pub fn without_choice(track: &Track, row: Rect) -> (Rect, Option<Rect>) {
    if !has_choice(track) {
        return (row, None);
    }
    let (upper, line) = row.split_top_bottom_at_y(row.bottom() - CHOICE);
    let line =
        line.with_min_x(line.left() + BAR + Tokens::SPACE[0]).with_max_x(line.right() - Tokens::SPACE[1]);
    (upper, Some(line.translate(vec2(0.0, -2.0))))
}

/// The surface: selects by click or key, is dragged to another place, has the menu.
fn ground(ui: &Ui, scene: &mut Scene<'_>, channel: &Channel<'_>, track: &Arc<Track>, rect: Rect) -> Response {
    let tokens = tokens(ui.ctx());
    let response = ui.interact(rect, channel.id("ground"), Sense::click_and_drag());
    let selected = scene.view.selection.track == Some(track.id);
    let name = format!("Track {}", track.name);
    response.widget_info(|| WidgetInfo::selected(egui::accesskit::Role::ListItem, true, selected, &name));
    let moved =
        matches!(scene.view.gesture, Some(Gesture::MoveTrack { track: held, .. }) if held == track.id);
    let fill = match (selected, moved || response.hovered()) {
        (true, _) => tokens.raised,
        (false, true) => mix(tokens.panel, tokens.raised, 0.5),
        (false, false) => tokens.panel,
    };
    let painter = ui.painter();
    painter.rect_filled(rect, 0.0, fill);
    if !track.shows_lanes {
        painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.hairline));
    }
    let bar =
        if channel.silent() { channel.colour(&tokens).gamma_multiply(0.5) } else { channel.colour(&tokens) };
    painter.rect_filled(
        rect.with_max_x(rect.left() + BAR)
            .with_max_y(rect.bottom() - if track.shows_lanes { 0.0 } else { 1.0 }),
        0.0,
        bar,
    );
    if response.has_focus() {
        painter.rect_stroke(rect, 0.0, Stroke::new(1.5, tokens.accent), StrokeKind::Inside);
    }
    if response.clicked() || response.container_secondary_clicked() || response.drag_started() {
        scene.view.selection.track = Some(track.id);
    }
    if let Some(session) = scene.studio.session() {
        order::take_hold(scene, &response, track.id, session);
    }
    response.container_context_menu(|ui| menu::show(ui, scene, track));
    response
}

/// The name, or the field in which it is being typed.
fn name(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    channel: &Channel<'_>,
    track: &Track,
    ground: &Response,
    rect: Rect,
) {
    if channel.rename(ui, scene, rect) {
        return;
    }
    let tokens = tokens(ui.ctx());
    let colour = if channel.silent() { tokens.secondary } else { tokens.text };
    let style = Style::label(colour).size(Tokens::TYPE[2]).strong();
    paint(ui, rect, channel.name, style);
    let on_name = |at: Option<egui::Pos2>| at.is_some_and(|at| rect.contains(at));
    if ground.double_clicked() && on_name(ground.interact_pointer_pos()) {
        scene.view.renaming = Some((track.id, track.name.to_string()));
    }
    if on_name(ground.hover_pos()) {
        ground.clone().on_hover_ui(|ui| tip(ui, scene, channel, track));
    }
}

/// What the name has no room for.
fn tip(ui: &mut Ui, scene: &Scene<'_>, channel: &Channel<'_>, track: &Track) {
    ui.label(channel.name);
    let secondary = tokens(ui.ctx()).secondary;
    let mut say = |text: String| {
        ui.label(egui::RichText::new(text).color(secondary).size(Tokens::TYPE[1]));
    };
    if channel.records {
        say("Recording".to_owned());
    } else if channel.mute {
        say("Muted".to_owned());
    } else if channel.outshone {
        say("Silenced by solo: another track is soloed".to_owned());
    }
    let layout = if track.layout.channels() == 1 { "Mono" } else { "Stereo" };
    say(format!("{layout} · {}", crate::window::channel::input::words(&track.input)));
    say(format!("Double-click or {} renames it", keys_of(scene.studio.preferences(), Command::RenameTrack)));
}

impl Channel<'_> {
    /// The field in which the name is being typed, if it is. Returns whether it was drawn.
    pub fn rename(&self, ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) -> bool {
        let Some(track) = self.track else { return false };
        let Some((_, mut text)) = scene.view.renaming.take_if(|(id, _)| *id == track.id) else {
            return false;
        };
        let field = Rect::from_center_size(rect.center(), vec2(rect.width(), BUTTON.y));
        match rename(ui, field, self.id("name"), &self.called("Name of"), &mut text) {
            Typed::Goes => scene.view.renaming = Some((track.id, text)),
            Typed::TakenBack => {}
            Typed::Kept => {
                // A name of nothing is no name: the old one stays.
                if let Ok(name) = Name::new(&text)
                    && name != track.name
                {
                    let label = format!("Rename “{}” to “{name}”", track.name);
                    scene.edit(label, vec![Edit::RenameTrack { track: track.id, name }]);
                }
            }
        }
        true
    }

    /// A small knob with its words beside it.
    pub fn pan(&self, ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) {
        let knob = Rect::from_min_size(rect.min, egui::Vec2::splat(rect.height()));
        self.knob(ui, scene, knob);
        let words = rect.with_min_x(knob.right());
        let style = Style::label(tokens(ui.ctx()).secondary).at(Align2::RIGHT_CENTER);
        paint(ui, words, &crate::look::control::pan_words(self.pan), style);
    }
}
