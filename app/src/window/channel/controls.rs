//! The controls of a channel: fader, pan, meter and buttons. Each says what it is and wishes what it does.

use dawg_session::{Edit, Gain, Monitor, Pan};
use egui::{Rect, Sense, Ui, Vec2};

use super::text::{Style, paint};
use super::{Channel, follow};
use crate::look::control::{self, Light, Turn};
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, tokens};
use crate::studio::action::Action;
use crate::studio::command::Command;
use crate::studio::perform::tracks::{next_monitor, toggled_arm};
use crate::window::Scene;
use crate::window::keys::keys_of;

/// Size of the small buttons.
pub const BUTTON: Vec2 = Vec2::new(22.0, 20.0);

/// A small push button with a word, exactly as large as its rectangle.
pub fn word_button(ui: &Ui, rect: Rect, id: egui::Id, word: &str, name: &str) -> egui::Response {
    let tokens = tokens(ui.ctx());
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, name));
    let fill = if response.hovered() { tokens.hover } else { tokens.control };
    ui.painter().rect_filled(rect, Tokens::CORNER[0], fill);
    let outline = egui::Stroke::new(Tokens::HAIRLINE, tokens.outline);
    ui.painter().rect_stroke(rect, Tokens::CORNER[0], outline, egui::StrokeKind::Inside);
    control::focus_ring(ui, &response, rect, Tokens::CORNER[0]);
    paint(ui, rect, word, Style::label(tokens.text).at(egui::Align2::CENTER_CENTER));
    response
}

impl Channel<'_> {
    /// A horizontal fader with its value.
    pub fn fader(&self, ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) {
        let name = self.called("Volume");
        let (_, turn) = self.put(ui, rect, "fader", |ui| control::fader(ui, &name, self.gain, rect.width()));
        self.set_gain(scene, turn);
    }

    /// A vertical fader with its scale. Returns what it took.
    pub fn tall_fader(&self, ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) -> Rect {
        let name = self.called("Volume");
        let (response, turn) =
            self.put(ui, rect, "fader", |ui| control::tall_fader(ui, &name, self.gain, rect.height()));
        self.set_gain(scene, turn);
        response.rect
    }

    fn set_gain(&self, scene: &mut Scene<'_>, turn: Turn) {
        let committed = scene.studio.work().map(|work| work.committed());
        let was = committed.and_then(|song| match self.track {
            Some(track) => song.track(track.id).map(|track| track.gain.get()),
            None => Some(song.master.gain.get()),
        });
        let id = self.track_id();
        let label = || format!("Fader of “{}”", self.name);
        follow(scene, turn, was, true, label, |to| {
            let gain = Gain::new(to.clamp(0.0, Gain::MAX.get())).unwrap_or_default();
            vec![id.map_or(Edit::SetMasterGain { gain }, |track| Edit::SetTrackGain { track, gain })]
        });
    }

    /// A knob for pan or balance.
    pub fn knob(&self, ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) {
        let name = self.called("Pan");
        let diameter = rect.size().min_elem();
        let (_, turn) = self.put(ui, rect, "pan", |ui| control::pan_knob(ui, &name, self.pan, diameter));
        let committed = scene.studio.work().map(|work| work.committed());
        let was = committed.and_then(|song| match self.track {
            Some(track) => song.track(track.id).map(|track| track.pan.get()),
            None => Some(song.master.pan.get()),
        });
        let id = self.track_id();
        let label = || format!("Pan of “{}”", self.name);
        follow(scene, turn, was, true, label, |to| {
            let pan = Pan::new(to.clamp(-1.0, 1.0)).unwrap_or_default();
            vec![id.map_or(Edit::SetMasterPan { pan }, |track| Edit::SetTrackPan { track, pan })]
        });
    }

    /// The meter; a click on it puts out the clip light.
    pub fn meter(&self, ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) {
        control::meter(ui, rect, &self.levels);
        if !self.levels.iter().any(|level| level.clipped) {
            return;
        }
        let response =
            ui.interact(rect.expand(Tokens::SPACE[0] / 2.0), self.id("clip light"), Sense::click());
        let name = self.called("Clear the clip light of");
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, &name));
        if response.on_hover_text("It was beyond full scale. Click to clear.").clicked() {
            scene.wish(Action::ClearClip(self.track_id()));
        }
    }

    /// M: silenced or not.
    pub fn mute(&self, ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) {
        let keys =
            self.track.map(|_| keys_of(scene.studio.preferences(), Command::ToggleMute)).unwrap_or_default();
        let name = self.called("Mute");
        let response = self.put(ui, rect, "mute", |ui| {
            control::letter_toggle(ui, "M", &name, &keys, self.mute, Light::Amber)
        });
        if response.clicked() {
            let label = format!("{} “{}”", if self.mute { "Unmute" } else { "Mute" }, self.name);
            let mute = !self.mute;
            let edit = self
                .track_id()
                .map_or(Edit::SetMasterMute { mute }, |track| Edit::SetTrackMute { track, mute });
            scene.edit(label, vec![edit]);
        }
    }

    /// S: heard alone, or not.
    pub fn solo(&self, ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) {
        let Some(track) = self.track else { return };
        let keys = keys_of(scene.studio.preferences(), Command::ToggleSolo);
        let name = self.called("Solo");
        let response = self.put(ui, rect, "solo", |ui| {
            control::letter_toggle(ui, "S", &name, &keys, track.solo, Light::Accent)
        });
        if response.clicked() {
            let label = format!("{} “{}”", if track.solo { "Unsolo" } else { "Solo" }, self.name);
            scene.edit(label, vec![Edit::SetTrackSolo { track: track.id, solo: !track.solo }]);
        }
    }

    /// The red dot: ready to record, or not; all red while a take runs.
    pub fn arm(&self, ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) {
        let Some(track) = self.track else { return };
        let keys = keys_of(scene.studio.preferences(), Command::ToggleArm);
        let name = self.called("Arm");
        let response = self.put(ui, rect, "arm", |ui| {
            control::letter_toggle(ui, "", &name, &keys, track.arm, Light::Record)
        });
        let tokens = tokens(ui.ctx());
        let dot = match (self.records, track.arm) {
            (true, _) => {
                ui.painter().rect_filled(response.rect, Tokens::CORNER[0], tokens.record);
                tokens.on_colour
            }
            (false, true) => tokens.record,
            (false, false) => tokens.secondary,
        };
        icon::draw(ui.painter(), Icon::Record, response.rect.shrink(Tokens::SPACE[0]), dot);
        if response.clicked() {
            let (label, edits) = toggled_arm(track);
            scene.edit(label, edits);
        }
    }

    /// I or A: whether the input is heard; off, while armed, always.
    pub fn monitor(&self, ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) {
        let Some(track) = self.track else { return };
        let keys = keys_of(scene.studio.preferences(), Command::ToggleMonitor);
        let name = self.called("Monitor");
        let (letter, words) = match track.monitor {
            Monitor::Off => ("I", "The input is not heard."),
            Monitor::Auto => ("A", "The input is heard while armed and not playing back."),
            Monitor::On => ("I", "The input is always heard."),
        };
        let on = track.monitor != Monitor::Off;
        let response = self.put(ui, rect, "monitor", |ui| {
            control::letter_toggle(ui, letter, &name, &keys, on, Light::Green)
        });
        let response = response.on_hover_text(words);
        if response.clicked() {
            let monitor = next_monitor(track.monitor);
            let edit = Edit::SetTrackMonitor { track: track.id, monitor };
            scene.edit(format!("Monitor “{}”", self.name), vec![edit]);
        }
    }

    /// The fader's value at the left, which can be typed, and the held peak at the right.
    pub fn figures(&self, ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) {
        let (left, right) = rect.split_left_right_at_x(rect.center().x);
        let name = self.called("Decibels of");
        let left = left.with_max_x(left.right() - Tokens::SPACE[1]);
        let (_, turn) =
            self.put(ui, left, "decibels", |ui| control::gain_value(ui, &name, self.gain, left.size()));
        self.set_gain(scene, turn);
        let tokens = tokens(ui.ctx());
        let held = self.levels[0].held.max(self.levels[1].held);
        let clipped = self.levels.iter().any(|level| level.clipped);
        let style = Style::label(if clipped { tokens.record } else { tokens.secondary });
        paint(ui, right, &control::decibels(held), style.at(egui::Align2::CENTER_CENTER));
    }
}
