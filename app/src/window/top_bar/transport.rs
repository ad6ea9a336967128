//! Transport, the well with position and tempo, metronome and count-in.

use egui::{Rect, Ui};

use super::fit::{CountIn, Fit, GAPS, wide};
use super::part::{self, Face, State};
use super::{Row, position, recording, signature};
use crate::look::control::Light;
use crate::look::icon::{self, Icon};
use crate::look::{Tokens, tokens};
use crate::studio::command::Command;
use crate::window::Scene;
use crate::window::keys::keys_of;

/// The well is a little higher than the buttons.
const WELL: f32 = 40.0;

pub(super) fn show(ui: &mut Ui, mut row: Row, fit: &Fit, scene: &mut Scene<'_>) {
    let from = row.rect.left();
    let readout = scene.studio.readout();
    let playhead = readout.playhead;
    let recording = readout.recording.is_some() || playhead.recording;
    let looping = scene.studio.session().is_some_and(|session| session.loop_range.on);
    let punches = scene.studio.session().is_some_and(|session| session.punch.on);
    let buttons = [
        (Icon::ToStart, Command::ToStart, "Go to start", State::Push),
        (Icon::Stop, Command::Stop, "Stop", State::Push),
        (Icon::Play, Command::Play, "Play", State::Toggle(playhead.rolling, Light::Accent)),
        (Icon::Record, Command::Record, "Record", State::Toggle(recording, Light::Record)),
        (Icon::Loop, Command::ToggleLoop, "Loop", State::Toggle(looping, Light::Accent)),
        (
            Icon::Punch,
            Command::TogglePunch,
            "Auto-punch",
            State::Toggle(punches, if punches { Light::Record } else { Light::Accent }),
        ),
    ];
    for (icon, command, name, state) in buttons {
        if command == Command::ToStart && !fit.to_start {
            continue;
        }
        let rect = row.part(wide::BUTTON, Tokens::HEIGHT[2]);
        let response = part::button(ui, rect, command, name, &Face::Icon(icon), state);
        let keys = match command {
            Command::Play | Command::Stop => keys_of(scene.studio.preferences(), Command::PlayStop),
            other => keys_of(scene.studio.preferences(), other),
        };
        let response = part::hint(response, name, &keys, more(command));
        if response.clicked() {
            scene.command(command);
        }
        if matches!(command, Command::Record | Command::TogglePunch) {
            recording::hang(ui, egui::Popup::context_menu(&response), scene);
        }
        row.space(GAPS[0]);
    }
    scene.view.marks.transport = Some(
        row.rect
            .with_min_x(from)
            .with_max_x(row.rect.left())
            .shrink2(egui::vec2(0.0, ((row.rect.height() - WELL) / 2.0).max(0.0))),
    );
    row.space(GAPS[1] - GAPS[0]);
    let well = row.part(fit.well(), WELL);
    paint_well(ui, well, recording);
    let mut inner = Row { rect: well };
    position::show(ui, &mut inner, fit, scene);
    signature::show(ui, &mut inner, fit, scene);
    row.space(GAPS[1]);
    click(ui, &mut row, fit, scene);
}

fn more(command: Command) -> &'static str {
    match command {
        Command::Stop => "Once more: back to where it started, then to the start of the song.",
        Command::Record => {
            "Onto the armed tracks; without any, onto the selected one. While they play, punches in and out."
        }
        Command::TogglePunch => {
            "Record makes a take of the red range in the ruler alone. Right-click for pre-roll."
        }
        _ => "",
    }
}

fn paint_well(ui: &Ui, well: Rect, recording: bool) {
    let tokens = tokens(ui.ctx());
    let ground = if recording { tokens.record_dim } else { tokens.well };
    let edge = if recording { tokens.record } else { tokens.outline };
    let stroke = egui::Stroke::new(Tokens::HAIRLINE, edge);
    ui.painter().rect(well, Tokens::CORNER[1], ground, stroke, egui::StrokeKind::Inside);
}

/// Metronome and count-in.
fn click(ui: &mut Ui, row: &mut Row, fit: &Fit, scene: &mut Scene<'_>) {
    let Some(session) = scene.studio.session() else { return };
    let metronome = session.metronome;
    let rect = row.part(wide::BUTTON, Tokens::HEIGHT[2]);
    let state = State::Toggle(metronome.on, Light::Accent);
    let response = part::button(ui, rect, "metronome", "Metronome", &Face::Icon(Icon::Metronome), state);
    let keys = keys_of(scene.studio.preferences(), Command::ToggleMetronome);
    let bars = count_in(metronome.count_in_bars);
    let more = format!("It is never exported. Before recording: {bars}.");
    let response = part::hint(response, "Metronome", &keys, &more);
    if response.clicked() {
        scene.command(Command::ToggleMetronome);
    }
    let short = || format!("{} bar{}", metronome.count_in_bars, plural(metronome.count_in_bars));
    let (width, words) = match fit.count_in {
        CountIn::Hidden => return,
        CountIn::Words => (wide::COUNT_IN, Some(bars)),
        CountIn::Short => (wide::COUNT_IN_SHORT, Some(short())),
        CountIn::Sign => (wide::COUNT_IN_SIGN, None),
    };
    row.space(if words.is_some() { GAPS[0] } else { 0.0 });
    let rect = row.part(width, Tokens::HEIGHT[2]);
    let response = match &words {
        Some(words) => part::button(ui, rect, "count-in", "Count-in", &Face::Text(words), State::Push),
        None => sign(ui, rect),
    };
    let response = part::hint(
        response,
        "Count-in",
        &keys_of(scene.studio.preferences(), Command::CycleCountIn),
        "How a recording begins: count-in, pre-roll, punch, and what was sung before Record.",
    );
    recording::hang(ui, egui::Popup::menu(&response), scene);
}

/// The count-in where there is no room for words.
fn sign(ui: &Ui, rect: egui::Rect) -> egui::Response {
    let response = ui.interact(rect, ui.scope_id().with("count-in"), egui::Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, "Count-in"));
    part::hover_ground(ui, rect, &response);
    let place = egui::Rect::from_center_size(rect.center(), egui::Vec2::splat(Tokens::ICON[0]));
    icon::draw(ui.painter(), Icon::ChevronDown, place, tokens(ui.ctx()).secondary);
    response
}

pub(super) fn count_in(bars: u8) -> String {
    match bars {
        0 => "no count-in".to_owned(),
        bars => format!("count-in {bars} bar{}", plural(bars)),
    }
}

fn plural(bars: u8) -> &'static str {
    if bars == 1 { "" } else { "s" }
}
