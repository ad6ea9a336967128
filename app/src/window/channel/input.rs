//! The choice of the hardware channels that a track records.

use dawg_session::{Edit, Input, Track};
use egui::{Popup, Rect, Sense, Ui, WidgetInfo};

use super::Channel;
use super::text::{Style, paint};
use crate::look::control::focus_ring;
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, tokens};
use crate::sound::DeviceState;
use crate::studio::Studio;
use crate::window::Scene;

/// What an input is called: "In 1", "In 1+2", "No input".
#[must_use]
pub fn words(input: &Input) -> String {
    if input.channels().is_empty() { "No input".to_owned() } else { format!("In {input}") }
}

/// The inputs that a track of so many channels can have on this device: a mono track each input, a stereo track each
/// pair. Without a device those of a small interface, so that a song can be prepared.
#[must_use]
pub fn choices(studio: &Studio, track: &Track) -> Vec<Input> {
    let most = match &studio.readout().device {
        DeviceState::Running(running) => running.format.inputs,
        _ => 2,
    };
    let width = track.layout.channels().max(1);
    let sets = (1..=most / width).filter_map(|set| {
        let first = (set - 1) * width + 1;
        let channels: Vec<String> = (first..first + width).map(|channel| channel.to_string()).collect();
        channels.join("+").parse().ok()
    });
    let mut all: Vec<Input> = std::iter::once(Input::NONE).chain(sets).collect();
    if !all.contains(&track.input) {
        all.push(track.input.clone());
    }
    all
}

impl Channel<'_> {
    /// A field that shows the input and opens the choice.
    pub fn input(&self, ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) {
        let Some(track) = self.track else { return };
        let now = words(&track.input);
        let quiet = track.input.channels().is_empty();
        self.chooser(ui, rect, "Input", &now, quiet, |ui| list(ui, scene, track));
    }

    /// A field that shows `now` and opens a menu; `quiet` when what it shows is nothing.
    pub fn chooser(
        &self,
        ui: &Ui,
        rect: Rect,
        what: &str,
        now: &str,
        quiet: bool,
        menu: impl FnOnce(&mut Ui),
    ) {
        let tokens = tokens(ui.ctx());
        let response = ui.interact(rect, self.id(what), Sense::click());
        let name = self.called(what);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(egui::accesskit::Role::ComboBox, true, &name);
            info.current_text_value = Some(now.to_owned());
            info
        });
        let fill = if response.hovered() { tokens.hover } else { tokens.control };
        ui.painter().rect_filled(rect, Tokens::CORNER[0], fill);
        ui.painter().rect_stroke(
            rect,
            Tokens::CORNER[0],
            egui::Stroke::new(Tokens::HAIRLINE, tokens.outline),
            egui::StrokeKind::Inside,
        );
        focus_ring(ui, &response, rect, Tokens::CORNER[0]);
        let inner = rect.shrink2(egui::vec2(Tokens::SPACE[1], 0.0));
        let (text, chevron) = inner.split_left_right_at_x(inner.right() - Tokens::SPACE[2]);
        let colour = if quiet { tokens.secondary } else { tokens.text };
        let elided = paint(ui, text, now, Style::label(colour));
        icon::draw(ui.painter(), Icon::ChevronDown, chevron, tokens.secondary);
        let tip = if elided { format!("{name}: {now}") } else { name };
        let response = response.on_hover_text(tip);
        Popup::menu(&response).show(menu);
    }
}

/// The inputs, to be chosen.
pub fn list(ui: &mut Ui, scene: &mut Scene<'_>, track: &Track) {
    for input in choices(scene.studio, track) {
        if ui.selectable_label(input == track.input, words(&input)).clicked() {
            if input != track.input {
                let label = format!("Input of “{}”", track.name);
                scene.edit(label, vec![Edit::SetTrackInput { track: track.id, input }]);
            }
            ui.close();
        }
    }
    if !matches!(scene.studio.readout().device, DeviceState::Running(_)) {
        ui.label(
            egui::RichText::new("No device is open").size(Tokens::TYPE[1]).color(tokens(ui.ctx()).secondary),
        );
    }
}
