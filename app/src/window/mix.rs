//! The mix view: a strip for each track in sight, side by side, and the master at the right.

use dawg_session::Session;
use egui::{
    Align2, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use super::Scene;
use super::channel::controls::BUTTON;
use super::channel::text::{Style, paint};
use super::channel::{self, Channel, Place, menu};
use super::strip::console;
use crate::look::{Tokens, control, mix, tokens};

/// Width of a strip.
const STRIP: f32 = 112.0;
/// Width of the master's.
const MASTER: f32 = 136.0;
/// Greatest height of a strip: a longer fader is no better.
const TALLEST: f32 = 960.0;
/// Diameter of the pan knob.
const KNOB: f32 = 36.0;
/// Height of the name plate.
const PLATE: f32 = 26.0;
/// Height of the input field.
const INPUT: f32 = 24.0;

/// Height left for the scroll bar below the strips.
const SCROLL: f32 = Tokens::SPACE[2];

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(session) = scene.studio.session() else { return };
    let tokens = tokens(ui.ctx());
    let whole = ui.available_rect_before_wrap();
    ui.painter().rect_filled(whole, 0.0, tokens.room);
    let note = Tokens::SPACE[4];
    let inner = whole.shrink(Tokens::SPACE[1]);
    let strips = inner.with_max_y((inner.bottom() - note).min(inner.top() + TALLEST));
    let master =
        strips.with_max_y(strips.bottom() - SCROLL).with_min_x((strips.right() - MASTER).max(strips.left()));
    let tracks = strips.with_max_x(master.left() - Tokens::SPACE[2]);
    across(ui, scene, session, tracks);
    let channel = Channel::master(scene.studio, session, Place::Mixer);
    strip(ui, scene, &channel, master);
    let below =
        Rect::from_min_max(pos2(inner.left(), strips.bottom()), pos2(inner.right(), strips.bottom() + note));
    let words = "Inserts, sends and buses come with a later version.";
    paint(ui, below, words, Style::label(tokens.faint));
    channel::settle(ui, scene);
}

/// The tracks' strips, of which only those in sight are laid out.
fn across(ui: &mut Ui, scene: &mut Scene<'_>, session: &Session, rect: Rect) {
    if session.tracks.is_empty() {
        let style = Style::label(tokens(ui.ctx()).secondary).size(Tokens::TYPE[3]);
        paint(ui, rect, "No tracks yet. Drop a beat in, or add a track.", style.at(Align2::CENTER_CENTER));
        return;
    }
    let soloed = session.any_solo();
    let step = STRIP + Tokens::SPACE[0];
    let mut child = ui.new_child(UiBuilder::new().id_salt("strips").max_rect(rect));
    ScrollArea::horizontal().auto_shrink([false, false]).show_viewport(&mut child, |ui, seen| {
        let origin = ui.max_rect().min;
        ui.set_width(session.tracks.len() as f32 * step);
        let height = rect.height() - SCROLL;
        ui.set_height(height);
        let first = (seen.left() / step).floor().max(0.0) as usize;
        let last = (seen.right() / step).ceil().max(0.0) as usize;
        for (number, track) in session.tracks.iter().enumerate().take(last).skip(first) {
            let at = pos2(origin.x + number as f32 * step, origin.y);
            let channel = Channel::of(scene.studio, track, soloed, Place::Mixer);
            strip(ui, scene, &channel, Rect::from_min_size(at, vec2(STRIP, height)));
        }
    });
}

/// One strip.
fn strip(ui: &mut Ui, scene: &mut Scene<'_>, channel: &Channel<'_>, rect: Rect) {
    ground(ui, scene, channel, rect);
    let inner = rect.shrink(Tokens::SPACE[1]);
    let (rest, plate) = inner.split_top_bottom_at_y(inner.bottom() - PLATE);
    let field = rest.with_max_y(rest.top() + INPUT);
    if channel.track.is_some() {
        channel.input(ui, scene, field);
    } else {
        paint(ui, field, "Stereo", Style::label(tokens(ui.ctx()).secondary).at(Align2::CENTER_CENTER));
    }
    let top = field.bottom() + Tokens::SPACE[1];
    let head = Rect::from_min_max(pos2(rest.left(), top), pos2(rest.right(), top + KNOB + Tokens::SPACE[3]));
    pan(ui, scene, channel, head);
    buttons(ui, scene, channel, head);
    console(ui, scene, channel, rest.with_min_y(head.bottom() + Tokens::SPACE[1]));
    name_plate(ui, scene, channel, plate);
}

/// The card: selects the track, has its menu.
fn ground(ui: &Ui, scene: &mut Scene<'_>, channel: &Channel<'_>, rect: Rect) {
    let tokens = tokens(ui.ctx());
    let response = ui.interact(rect, channel.id("ground"), Sense::click());
    let selected = channel.track_id() == scene.view.selection.track;
    let name = if channel.track.is_some() { format!("Track {}", channel.name) } else { "Master".to_owned() };
    response.widget_info(|| WidgetInfo::selected(egui::accesskit::Role::ListItem, true, selected, &name));
    let painter = ui.painter();
    painter.rect_filled(rect, Tokens::CORNER[1], if selected { tokens.raised } else { tokens.panel });
    if selected || response.has_focus() {
        let stroke = Stroke::new(if response.has_focus() { 2.0 } else { 1.0 }, tokens.accent);
        painter.rect_stroke(rect, Tokens::CORNER[1], stroke, StrokeKind::Inside);
    }
    if response.clicked() || response.container_secondary_clicked() {
        scene.view.selection.track = channel.track_id();
    }
    if let Some(track) = channel.track {
        response.container_context_menu(|ui| menu::show(ui, scene, track));
    }
}

fn pan(ui: &mut Ui, scene: &mut Scene<'_>, channel: &Channel<'_>, head: Rect) {
    let knob = Rect::from_min_size(head.min, Vec2::splat(KNOB));
    channel.knob(ui, scene, knob);
    let words = Rect::from_min_max(knob.left_bottom(), pos2(knob.right(), head.bottom()));
    let style = Style::label(tokens(ui.ctx()).secondary).at(Align2::CENTER_CENTER);
    paint(ui, words, &control::pan_words(channel.pan), style);
}

/// Two by two at the right.
fn buttons(ui: &mut Ui, scene: &mut Scene<'_>, channel: &Channel<'_>, head: Rect) {
    let step = BUTTON + Vec2::splat(Tokens::SPACE[0]);
    let corner = pos2(head.right() - 2.0 * step.x + Tokens::SPACE[0], head.top());
    let at = |x: f32, y: f32| Rect::from_min_size(corner + vec2(x * step.x, y * step.y), BUTTON);
    channel.mute(ui, scene, at(0.0, 0.0));
    channel.solo(ui, scene, at(1.0, 0.0));
    channel.monitor(ui, scene, at(0.0, 1.0));
    channel.arm(ui, scene, at(1.0, 1.0));
}

/// The name on the track's colour.
fn name_plate(ui: &mut Ui, scene: &mut Scene<'_>, channel: &Channel<'_>, rect: Rect) {
    if channel.rename(ui, scene, rect) {
        return;
    }
    let tokens = tokens(ui.ctx());
    let full = channel.colour(&tokens);
    let colour = if channel.silent() { mix(tokens.panel, full, 0.4) } else { full };
    ui.painter().rect_filled(rect, Tokens::CORNER[0], colour);
    let style = Style::label(tokens.on(colour)).strong();
    let box_ = rect.shrink2(vec2(Tokens::SPACE[0], 0.0));
    paint(ui, box_, channel.name, style.at(Align2::CENTER_CENTER));
    let response = ui.interact(rect, channel.id("plate"), Sense::click());
    let name = channel.called("Name plate of");
    response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Button, true, &name));
    if response.clicked() {
        scene.view.selection.track = channel.track_id();
    }
    if response.double_clicked()
        && let Some(track) = channel.track
    {
        scene.view.renaming = Some((track.id, track.name.to_string()));
    }
    response.on_hover_text(match (channel.mute, channel.outshone) {
        (true, _) => format!("{}\nMuted", channel.name),
        (false, true) => format!("{}\nSilenced by solo: another track is soloed", channel.name),
        _ => channel.name.to_owned(),
    });
}
