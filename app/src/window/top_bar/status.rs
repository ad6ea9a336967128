//! What a worried person looks for: round trip, load, JARVIS; and the views.

use dawg_session::Samples;
use egui::accesskit::Role;
use egui::{Align2, Color32, Popup, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo};

use super::Row;
use super::fit::{Fit, GAPS, wide};
use super::{part, supervisor};
use crate::calibration::{Source, advice};
use crate::look::control::Light;
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, medium, regular, tokens};
use crate::sound::DeviceState;
use crate::studio::command::Command;
use crate::studio::view::Tab;
use crate::window::Scene;
use crate::window::keys::keys_of;

/// A load above this is near to drop-outs.
const HEAVY: f32 = 0.7;

pub(super) fn show(ui: &mut Ui, mut row: Row, fit: &Fit, scene: &mut Scene<'_>) {
    if fit.tabs {
        tabs(ui, &mut row, fit, scene);
    } else {
        tab_menu(ui, &mut row, fit, scene);
    }
    scene.view.marks.headphones = None;
    if fit.headphones {
        row.space(GAPS[1]);
        headphones(ui, row.part(wide::BUTTON, Tokens::HEIGHT[2]), scene);
    }
    if fit.status {
        row.space(GAPS[1]);
        let rect = row.part(wide::STATUS, Tokens::HEIGHT[2] + Tokens::SPACE[0]);
        let (above, below) = rect.split_top_bottom_at_fraction(0.5);
        round_trip(ui, above, scene);
        load(ui, below, scene);
    }
    if fit.jarvis {
        row.space(GAPS[1]);
        supervisor::show(ui, row.part(wide::JARVIS, Tokens::HEIGHT[1]), scene);
    }
}

/// What the singer hears; lit while it is not simply what there is.
fn headphones(ui: &mut Ui, rect: Rect, scene: &mut Scene<'_>) {
    let mix = scene.studio.preferences().cue;
    let state = part::State::Toggle(super::super::headphones::shapes(mix), Light::Accent);
    let name = Command::HeadphoneMix.name();
    let response = part::button(ui, rect, "headphones", name, &part::Face::Icon(Icon::Headphones), state);
    let keys = keys_of(scene.studio.preferences(), Command::HeadphoneMix);
    let more = format!("{}. Never recorded or exported.", super::super::headphones::words(mix));
    if part::hint(response, "Headphone mix", &keys, &more).clicked() {
        super::super::headphones::click(scene.view, rect);
    }
    scene.view.marks.headphones = Some(rect);
}

fn command_of(tab: Tab) -> Command {
    match tab {
        Tab::Arrange => Command::ShowArrange,
        Tab::Mix => Command::ShowMix,
        Tab::Studio => Command::ShowStudio,
        Tab::Jarvis => Command::ShowJarvis,
    }
}

fn tabs(ui: &mut Ui, row: &mut Row, fit: &Fit, scene: &mut Scene<'_>) {
    for (tab, width) in Tab::ALL.into_iter().zip(wide::TABS) {
        let rect = row.part(width, Tokens::HEIGHT[2]);
        let on = scene.view.tab == tab;
        let response = ui.interact(rect, ui.scope_id().with(tab), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, on, tab.name()));
        let tokens = tokens(ui.ctx());
        let ground = match (on, response.hovered()) {
            (true, _) => tokens.accent_dim,
            (false, true) => tokens.hover,
            (false, false) => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, Tokens::CORNER[1], ground);
        if on {
            let outline = Stroke::new(Tokens::HAIRLINE, tokens.outline);
            ui.painter().rect_stroke(rect, Tokens::CORNER[1], outline, StrokeKind::Inside);
        }
        let ink = if on { tokens.text } else { tokens.secondary };
        part::text(ui, rect, Align2::CENTER_CENTER, tab.name(), medium(Tokens::TYPE[2]), ink);
        part::focus_ring(ui, rect, &response);
        let signed = tab == Tab::Jarvis && !fit.jarvis;
        let more = if signed { supervisor::sign(ui, rect, scene) } else { about(tab).to_owned() };
        let keys = keys_of(scene.studio.preferences(), command_of(tab));
        let response = part::hint(response, tab.name(), &keys, &more);
        // A second press of its key leaves the supervisor's view; a second click on its tab does not.
        if response.clicked() && !on {
            scene.command(command_of(tab));
        }
        Popup::context_menu(&response).show(|ui| {
            if ui.button("Open in a window of its own").clicked() {
                scene.wish(crate::studio::action::Action::Detach(tab));
                ui.close();
            }
        });
    }
}

fn about(tab: Tab) -> &'static str {
    match tab {
        Tab::Arrange => "Tracks over time",
        Tab::Mix => "The mixer",
        Tab::Studio => "AI services: what is here, and what comes",
        Tab::Jarvis => "The supervisor: how the services are, and what happened",
    }
}

fn tab_menu(ui: &mut Ui, row: &mut Row, fit: &Fit, scene: &mut Scene<'_>) {
    let rect = row.part(wide::TAB_MENU, Tokens::HEIGHT[2]);
    let name = scene.view.tab.name();
    let response = ui.interact(rect, ui.scope_id().with("views"), Sense::click());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(name.to_owned()),
        ..WidgetInfo::labeled(Role::Button, true, "View")
    });
    let tokens = tokens(ui.ctx());
    let ground = if response.hovered() { tokens.hover } else { tokens.control };
    ui.painter().rect_filled(rect, Tokens::CORNER[1], ground);
    let (inner, side) = (rect.shrink2(egui::vec2(Tokens::SPACE[1] + 2.0, 0.0)), Tokens::TYPE[0]);
    part::text(ui, inner, Align2::LEFT_CENTER, name, medium(Tokens::TYPE[2]), tokens.text);
    let at = egui::pos2(inner.right() - side / 2.0, inner.center().y);
    icon::draw(
        ui.painter(),
        Icon::ChevronDown,
        Rect::from_center_size(at, egui::Vec2::splat(side)),
        tokens.secondary,
    );
    part::focus_ring(ui, rect, &response);
    let state =
        if fit.jarvis { String::new() } else { format!("\nJARVIS · {}", supervisor::sign(ui, rect, scene)) };
    let more = format!("{}{state}", about(scene.view.tab));
    let response = part::hint(response, "View", "", &more);
    Popup::menu(&response).show(|ui| {
        for tab in Tab::ALL {
            let keys = keys_of(scene.studio.preferences(), command_of(tab));
            let entry = egui::Button::selectable(scene.view.tab == tab, tab.name()).shortcut_text(keys);
            if ui.add(entry).clicked() {
                scene.command(command_of(tab));
            }
        }
    });
}

/// How something is, in a line: what, how much, and whether to look here.
struct Line<'a> {
    name: &'a str,
    what: &'a str,
    value: &'a str,
    look: bool,
    more: &'a str,
}

fn line(ui: &mut Ui, rect: Rect, line: &Line<'_>, scene: &mut Scene<'_>) {
    let response = ui.interact(rect, ui.scope_id().with(line.name), Sense::click());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(line.value.to_owned()),
        ..WidgetInfo::labeled(Role::Button, true, line.name)
    });
    part::hover_ground(ui, rect, &response);
    let tokens = tokens(ui.ctx());
    let inner = rect.shrink2(egui::vec2(Tokens::SPACE[0], 0.0));
    let ink = if line.look { tokens.attention } else { tokens.secondary };
    let mut from = inner.left();
    if line.look {
        let at = Rect::from_center_size(
            egui::pos2(inner.left() + Tokens::SPACE[2] / 2.0, inner.center().y),
            egui::Vec2::splat(Tokens::SPACE[2]),
        );
        icon::draw(ui.painter(), Icon::Warning, at, tokens.attention);
        from += Tokens::SPACE[3];
    }
    let words = inner.with_min_x(from);
    part::text(ui, words, Align2::LEFT_CENTER, line.what, regular(Tokens::TYPE[1]), ink);
    let strong = if line.look { tokens.attention } else { tokens.text };
    part::text(ui, inner, Align2::RIGHT_CENTER, line.value, medium(Tokens::TYPE[1]), strong);
    if part::hint(response, line.name, "", line.more).clicked() {
        scene.command(Command::AudioSettings);
    }
}

fn round_trip(ui: &mut Ui, rect: Rect, scene: &mut Scene<'_>) {
    let rate = scene.studio.session().map_or(48_000, |session| session.sample_rate);
    let (value, look, more) = match &scene.studio.readout().device {
        DeviceState::Running(running) => {
            let ms = Samples(running.round_trip).milliseconds(rate);
            let source = match running.source {
                Source::Calibrated { .. } => "measured",
                Source::Driver => "by the driver's own figures: measure it for takes that land to the sample",
            };
            let late = advice(&running.format, running.round_trip, rate);
            let more = late.as_deref().unwrap_or("Click for audio settings.");
            let more = format!("From headphones to microphone, {source}.\n{more}");
            (format!("{ms:.1} ms"), late.is_some(), more)
        }
        DeviceState::Opening => {
            ("opening…".to_owned(), false, "The sound device is being opened.".to_owned())
        }
        DeviceState::Missing(why) => {
            ("no device".to_owned(), true, format!("{why}\nClick for audio settings."))
        }
        DeviceState::Closed => {
            ("off".to_owned(), false, "The sound device is opened with a song.".to_owned())
        }
    };
    let what = if look && value == "no device" { "sound" } else { "round trip" };
    line(ui, rect, &Line { name: "Round trip", what, value: &value, look, more: &more }, scene);
}

fn load(ui: &mut Ui, rect: Rect, scene: &mut Scene<'_>) {
    let readout = scene.studio.readout();
    let running = matches!(readout.device, DeviceState::Running(_));
    let value = if running { format!("{:.0} %", readout.load * 100.0) } else { "–".to_owned() };
    let vitals = &readout.vitals;
    let mut more = format!(
        "Share of the time allowed that the sound takes.\nDrop-outs: {}, late calls: {}, longest call {:.2} ms.",
        vitals.xruns,
        vitals.late_callbacks,
        vitals.worst_callback_us / 1_000.0,
    );
    if vitals.priority_refused {
        more += "\nThe system refuses real-time priority: drop-outs are likely under load.";
    }
    let look = running && readout.load > HEAVY;
    line(ui, rect, &Line { name: "Load", what: "load", value: &value, look, more: &more }, scene);
}
