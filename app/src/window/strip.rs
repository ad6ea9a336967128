//! The channel strip: the selected track, or the master when none is. Below it the clip, when exactly one is selected.
//!
//! Start at [`show`]. The clip's fields are in [`clip`].

pub mod clip;
pub mod joint;

use std::sync::Arc;

use dawg_session::{Session, Track};
use egui::{Align2, Rect, ScrollArea, Ui, UiBuilder, Vec2, pos2, vec2};

use super::Scene;
use super::channel::controls::{BUTTON, word_button};
use super::channel::text::{Style, paint};
use super::channel::{self, Channel, Place, menu};
use crate::look::{Tokens, control, tokens};

/// Height of a line of text or a field.
pub(crate) const LINE: f32 = Tokens::HEIGHT[1];
/// What the label of a line takes of its width.
pub(crate) const LABEL: f32 = 60.0;
/// Height of the pan knob.
const KNOB: f32 = 44.0;
/// Width of a tall fader with its scale.
const TALL_FADER: f32 = 48.0;
/// Width of the meter.
const METER: f32 = 20.0;
/// Least and greatest height of the fader.
const FADER: [f32; 2] = [132.0, 360.0];

/// Least height in which the clip scrolls by itself; with less the whole strip scrolls.
const LEAST_CLIP: f32 = 3.0 * LINE;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(session) = scene.studio.session() else { return };
    let panel = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(panel);
    ui.painter().rect_filled(panel, 0.0, tokens(ui.ctx()).panel);
    let whole = panel.shrink2(vec2(Tokens::SPACE[0], 0.0));
    let mut inside = ui.new_child(UiBuilder::new().id_salt("strip").max_rect(whole));
    let track = scene.view.selection.track.and_then(|id| session.track(id));
    let clip = clip::chosen(scene, session);
    let joint = joint::chosen(scene, session);
    ScrollArea::vertical().auto_shrink([false, false]).show(&mut inside, |ui| {
        ui.spacing_mut().item_spacing.y = Tokens::SPACE[0];
        let channel = match track {
            Some(track) => Channel::of(scene.studio, track, session.any_solo(), Place::Strip),
            None => Channel::master(scene.studio, session, Place::Strip),
        };
        heading(ui, scene, &channel);
        later(ui);
        if let Some(track) = track {
            routing(ui, scene, &channel, track);
        }
        pan(ui, scene, &channel);
        // Room for the clip is kept whether or not one is selected: the fader stands still.
        let left = |ui: &Ui| whole.height() - (ui.cursor().top() - ui.max_rect().top()) - Tokens::SPACE[0];
        let free = left(ui) - clip::HEIGHT;
        board(ui, scene, &channel, free.clamp(FADER[0], FADER[1]));
        if let Some((comp, number)) = &joint {
            return joint::show(ui, scene, session, comp, *number);
        }
        let Some((lane, clip)) = clip else { return };
        let rest = left(ui);
        let mut clip = |ui: &mut Ui| clip::show(ui, scene, session, &lane, &clip);
        if rest < LEAST_CLIP {
            clip(ui);
        } else {
            ScrollArea::vertical().id_salt("clip").max_height(rest).show(ui, clip);
        }
    });
    channel::settle(ui, scene);
}

/// A line as wide as the strip.
fn line(ui: &mut Ui, height: f32) -> Rect {
    ui.allocate_space(vec2(ui.available_width(), height)).1
}

/// Colour and name; the way to the master at the right.
fn heading(ui: &mut Ui, scene: &mut Scene<'_>, channel: &Channel<'_>) {
    let tokens = tokens(ui.ctx());
    let rect = line(ui, LINE);
    let side = Tokens::SPACE[2];
    let swatch = Rect::from_min_size(pos2(rect.left(), rect.center().y - side / 2.0), Vec2::splat(side));
    ui.painter().rect_filled(swatch, side / 4.0, channel.colour(&tokens));
    let mut name = rect.with_min_x(swatch.right() + Tokens::SPACE[1]);
    if channel.track.is_some() {
        let button = rect.with_min_x(rect.right() - MASTER).shrink2(vec2(0.0, 2.0));
        name.max.x = button.left() - Tokens::SPACE[1];
        let response = word_button(ui, button, channel.id("master"), "Master", "Show the master");
        if response.on_hover_text("Shows the master’s strip").clicked() {
            scene.view.selection.track = None;
        }
    }
    let response = ui.interact(name, channel.id("title"), egui::Sense::hover());
    let style = Style::label(tokens.text).size(Tokens::TYPE[3]).strong();
    if paint(ui, name, channel.name, style.at(Align2::LEFT_CENTER)) {
        response.on_hover_text(channel.name);
    }
}

/// Width of the button that shows the master.
const MASTER: f32 = 52.0;

/// What the strip has no place for yet.
fn later(ui: &mut Ui) {
    let tokens = tokens(ui.ctx());
    ui.add_space(Tokens::SPACE[0]);
    for (title, words) in [("INSERTS", "come with a later version"), ("SENDS", "come with a later version")] {
        let rect = line(ui, Tokens::SPACE[3]);
        paint(ui, rect, title, Style::label(tokens.secondary).size(Tokens::TYPE[0]));
        let style = Style::label(tokens.faint).size(Tokens::TYPE[0]);
        paint(ui, rect, words, style.at(Align2::RIGHT_CENTER));
    }
    ui.add_space(Tokens::SPACE[0]);
}

/// Input, output and channels.
fn routing(ui: &mut Ui, scene: &mut Scene<'_>, channel: &Channel<'_>, track: &Arc<Track>) {
    let tokens = tokens(ui.ctx());
    let label = Style::label(tokens.secondary);
    let parts = |rect: Rect| {
        let (name, field) = rect.split_left_right_at_x(rect.left() + LABEL);
        (name, field.shrink2(vec2(0.0, 1.0)))
    };
    let (name, field) = parts(line(ui, LINE));
    paint(ui, name, "Input", label);
    channel.input(ui, scene, field);
    let (name, field) = parts(line(ui, LINE));
    paint(ui, name, "Output", label);
    paint(ui, field.shrink2(vec2(Tokens::SPACE[1], 0.0)), "Master", Style::label(tokens.text));
    let (name, field) = parts(line(ui, LINE));
    paint(ui, name, "Channels", label);
    let words = if track.layout.channels() == 1 { "Mono" } else { "Stereo" };
    channel.chooser(ui, field, "Channels", words, false, |ui| menu::layouts(ui, scene, track));
    let (name, field) = parts(line(ui, LINE));
    paint(ui, name, "Phones", label);
    super::headphones::opener(ui, scene, field);
    ui.add_space(Tokens::SPACE[1]);
}

/// The knob with its words.
fn pan(ui: &mut Ui, scene: &mut Scene<'_>, channel: &Channel<'_>) {
    let rect = line(ui, KNOB + LINE / 2.0);
    let knob = Rect::from_center_size(pos2(rect.center().x, rect.top() + KNOB / 2.0), Vec2::splat(KNOB));
    channel.knob(ui, scene, knob);
    let words = rect.with_min_y(knob.bottom());
    let style = Style::label(tokens(ui.ctx()).secondary).at(Align2::CENTER_CENTER);
    paint(ui, words, &control::pan_words(channel.pan), style);
}

/// Fader, meter, buttons, and the figures below.
fn board(ui: &mut Ui, scene: &mut Scene<'_>, channel: &Channel<'_>, height: f32) {
    let rect = line(ui, height);
    let column = rect.with_min_x(rect.right() - BUTTON.x);
    let space = rect.with_max_x(column.left() - Tokens::SPACE[2]);
    console(ui, scene, channel, space);
    let step = BUTTON.y + Tokens::SPACE[1];
    let at = |n: f32| Rect::from_min_size(pos2(column.left(), column.top() + n * step), BUTTON);
    if channel.track.is_some() {
        channel.monitor(ui, scene, at(0.0));
        channel.mute(ui, scene, at(1.0));
        channel.solo(ui, scene, at(2.0));
        channel.arm(ui, scene, at(3.0));
    } else {
        channel.mute(ui, scene, at(0.0));
    }
}

/// A tall fader with the meter beside it, in the middle of a rectangle, and their figures below them.
pub(crate) fn console(ui: &mut Ui, scene: &mut Scene<'_>, channel: &Channel<'_>, rect: Rect) {
    let (tall, figures) = rect.split_top_bottom_at_y(rect.bottom() - LINE);
    let width = TALL_FADER + Tokens::SPACE[1] + METER;
    let left = (tall.center().x - width / 2.0).max(tall.left());
    let fader = Rect::from_min_size(pos2(left, tall.top()), vec2(TALL_FADER, tall.height()));
    channel.tall_fader(ui, scene, fader);
    let at = pos2(fader.right() + Tokens::SPACE[1], tall.top());
    channel.meter(ui, scene, Rect::from_min_size(at, vec2(METER, tall.height())));
    channel.figures(ui, scene, figures);
}

/// A song's place for people: "5|1|0 · 0:08.000".
pub(crate) fn place_words(session: &Session, frame: i64) -> (String, String) {
    let tick = session.tempo_map.samples_to_ticks(frame, session.sample_rate);
    (session.tempo_map.bar_beat_tick(tick).to_string(), time_words(frame, session.sample_rate))
}

/// A length for people: "0:08.000".
pub(crate) fn time_words(frames: i64, rate: u32) -> String {
    let rate = i128::from(rate.max(1));
    let ms = (i128::from(frames.unsigned_abs()) * 1_000 + rate / 2) / rate;
    let sign = if frames < 0 { "-" } else { "" };
    format!("{sign}{}:{:02}.{:03}", ms / 60_000, ms / 1_000 % 60, ms % 1_000)
}
