//! The selected clip's values, each changed by one Edit.

use std::sync::Arc;

use dawg_session::{Clip, Edit, Fade, FadeShape, Gain, Lane, Name, Position, Samples, Session, parse_time};
use egui::{Align2, Id, Rect, Ui, UiBuilder};

use super::{LABEL, LINE, line, place_words, time_words};
use crate::look::control::{self, Light};
use crate::look::{Tokens, tokens};
use crate::studio::command::Command;
use crate::window::Scene;
use crate::window::channel::controls::{BUTTON, word_button};
use crate::window::channel::follow;
use crate::window::channel::text::{Style, field, paint};
use crate::window::keys::keys_of;

/// Height of the whole.
pub(super) const HEIGHT: f32 = 8.0 * (LINE + Tokens::SPACE[0]) + Tokens::SPACE[1];

/// The clip, when exactly one is selected, and its lane.
pub(super) fn chosen(scene: &Scene<'_>, session: &Session) -> Option<(Arc<Lane>, Arc<Clip>)> {
    let mut clips = scene.view.selection.clips.iter();
    let (Some(id), None) = (clips.next(), clips.next()) else { return None };
    session.clip(*id).map(|(_, lane, clip)| (Arc::clone(lane), Arc::clone(clip)))
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>, session: &Session, lane: &Lane, clip: &Arc<Clip>) {
    ui.add_space(Tokens::SPACE[1]);
    heading(ui, scene, clip);
    name(ui, scene, clip);
    times(ui, scene, session, lane, clip);
    gain(ui, scene, clip);
    let rate = session.sample_rate;
    fade(ui, scene, clip, rate, false);
    fade(ui, scene, clip, rate, true);
}

fn id(clip: &Clip, part: &str) -> Id {
    Id::unique(("clip", clip.id, part))
}

/// A line with a label at its left; the rest is returned.
fn labelled(ui: &mut Ui, label: &str) -> Rect {
    let rect = line(ui, LINE);
    let (left, right) = rect.split_left_right_at_x(rect.left() + LABEL);
    paint(ui, left, label, Style::label(tokens(ui.ctx()).secondary));
    right
}

fn put<R>(ui: &mut Ui, rect: Rect, id: Id, add: impl FnOnce(&mut Ui) -> R) -> R {
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    let mut child = ui.new_child(UiBuilder::new().scope_id(id).max_rect(rect).layout(layout));
    child.spacing_mut().item_spacing.x = Tokens::SPACE[0];
    add(&mut child)
}

/// The title, with the clip's mute at the right.
fn heading(ui: &mut Ui, scene: &mut Scene<'_>, clip: &Clip) {
    let rect = line(ui, LINE);
    let rule = egui::Stroke::new(1.0, tokens(ui.ctx()).hairline);
    ui.painter().hline(rect.x_range(), rect.top() - Tokens::SPACE[0], rule);
    paint(ui, rect, "CLIP", Style::label(tokens(ui.ctx()).secondary).size(Tokens::TYPE[0]));
    let button = Align2::RIGHT_CENTER.align_size_within_rect(BUTTON, rect);
    let keys = keys_of(scene.studio.preferences(), Command::MuteClips);
    let called = format!("Mute clip {}", clip.name);
    let response = put(ui, button, id(clip, "mute"), |ui| {
        control::letter_toggle(ui, "M", &called, &keys, clip.mute, Light::Amber)
    });
    if response.clicked() {
        let label = format!("{} “{}”", if clip.mute { "Unmute" } else { "Mute" }, clip.name);
        scene.edit(label, vec![Edit::SetClipMute { clip: clip.id, mute: !clip.mute }]);
    }
}

fn name(ui: &mut Ui, scene: &mut Scene<'_>, clip: &Clip) {
    let rect = labelled(ui, "Name");
    let typed = typed(ui, rect, clip, "name", "Name of clip", clip.name.as_str());
    // A name of nothing is no name: the old one stays.
    if let Some(name) = typed.and_then(|text| Name::new(&text).ok()) {
        let label = format!("Rename “{}” to “{name}”", clip.name);
        scene.edit(label, vec![Edit::RenameClip { clip: clip.id, name }]);
    }
}

fn typed(ui: &mut Ui, rect: Rect, clip: &Clip, part: &str, what: &str, value: &str) -> Option<String> {
    let name = format!("{what} {}", clip.name);
    put(ui, rect, id(clip, part), |ui| field(ui, id(clip, part).with("text"), &name, value, rect.size()))
}

/// Start in bars and in time, and length.
fn times(ui: &mut Ui, scene: &mut Scene<'_>, session: &Session, lane: &Lane, clip: &Clip) {
    let (map, rate) = (&session.tempo_map, session.sample_rate);
    let start = map.to_samples(clip.start, rate).0;
    let (bars, time) = place_words(session, start);
    let rect = labelled(ui, "Start");
    let by_bars = typed(ui, rect, clip, "bars", "Start in bars of clip", &bars);
    let rect = labelled(ui, "");
    let by_time = typed(ui, rect, clip, "time", "Start in time of clip", &time);
    let to = by_bars.or(by_time).and_then(|text| parse_time(&text, map, rate).ok());
    if let Some(to) = to {
        let at = lane.clips.iter().position(|other| other.id == clip.id);
        let edit = Edit::MoveClip { clip: clip.id, to: lane.id, start: to, at };
        scene.edit(format!("Move “{}”", clip.name), vec![edit]);
    }
    let rect = labelled(ui, "Length");
    let long = typed(ui, rect, clip, "length", "Length of clip", &time_words(clip.length.0, rate));
    let parsed = long.and_then(|text| parse_time(&text, map, rate).ok());
    let most = session.media.get(&clip.media).map_or(clip.length, |media| media.frames - clip.offset);
    if let Some(Position::Samples(frames)) = parsed {
        let length = Samples(frames.clamp(1, most.0.max(1)));
        let edit = Edit::TrimClip { clip: clip.id, start: clip.start, offset: clip.offset, length };
        scene.edit(format!("Length of “{}”", clip.name), vec![edit]);
    }
}

fn gain(ui: &mut Ui, scene: &mut Scene<'_>, clip: &Clip) {
    let rect = labelled(ui, "Gain");
    let db = 20.0 * clip.gain.get().max(SILENT).log10();
    let called = format!("Gain of clip {}", clip.name);
    let (_, turn) =
        put(ui, rect, id(clip, "gain"), |ui| control::number(ui, &called, db, -60.0..=24.0, 1, "dB"));
    let clip_id = clip.id;
    follow(
        scene,
        turn,
        None,
        false,
        || format!("Gain of “{}”", clip.name),
        |db| {
            let linear = if db <= -60.0 { 0.0 } else { 10f32.powf(db / 20.0) };
            let gain = Gain::new(linear.min(Gain::MAX.get())).unwrap_or_default();
            vec![Edit::SetClipGain { clip: clip_id, gain }]
        },
    );
}

/// −60 dB: from here down it is called silence.
const SILENT: f32 = 0.001;

/// A fade's length in milliseconds, and its shape.
fn fade(ui: &mut Ui, scene: &mut Scene<'_>, clip: &Clip, rate: u32, out: bool) {
    let (words, this, other) = if out {
        ("Fade out", clip.fade_out, clip.fade_in)
    } else {
        ("Fade in", clip.fade_in, clip.fade_out)
    };
    let rect = labelled(ui, words);
    let per_ms = rate as f32 / 1_000.0;
    let most = (clip.length - other.length).0.clamp(0, i64::from(rate) * LONGEST);
    let shape_button = rect.with_min_x(rect.right() - SHAPE).shrink2(egui::vec2(0.0, 2.0));
    let number = rect.with_max_x(shape_button.left() - Tokens::SPACE[0]);
    let called = format!("{words} of clip {}", clip.name);
    let ms = this.length.0 as f32 / per_ms;
    let (_, turn) = put(ui, number, id(clip, words), |ui| {
        control::number(ui, &called, ms, 0.0..=most as f32 / per_ms, 0, "ms")
    });
    let with = |fade: Fade| {
        let (fade_in, fade_out) = if out { (clip.fade_in, fade) } else { (fade, clip.fade_out) };
        vec![Edit::SetClipFades { clip: clip.id, fade_in, fade_out }]
    };
    let label = || format!("{words} of “{}”", clip.name);
    follow(scene, turn, None, false, label, |ms| {
        let length = Samples(((ms * per_ms).round() as i64).clamp(0, most));
        with(Fade { length, shape: this.shape })
    });
    let (sign, name, next) = match this.shape {
        FadeShape::Linear => ("Lin", "linear", FadeShape::EqualPower),
        FadeShape::EqualPower => ("Pow", "equal power", FadeShape::Linear),
    };
    let shape = format!("Shape of {called}");
    let response = word_button(ui, shape_button, id(clip, words).with("shape"), sign, &shape);
    if response.on_hover_text(format!("Shape: {name}. Click to change.")).clicked() {
        scene.edit(label(), with(Fade { shape: next, ..this }));
    }
}

/// Seconds of the longest fade that can be typed here: its field stays as wide.
const LONGEST: i64 = 600;
/// Width of the button for the shape.
const SHAPE: f32 = 28.0;
