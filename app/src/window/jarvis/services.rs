//! The table of services, the engine in the app first.

use egui::{Rect, Role, Ui, pos2, vec2};
use jarvis::event::Action;
use jarvis::health::State;
use jarvis::status::Status;

use super::bars::{self, Span};
use super::cell::{self, Ink, Sign, Strip};
use super::words::{DASH, NO_DATA, count, milliseconds, percent, title};
use super::{Panel, vitals};
use crate::look::control::segmented;
use crate::look::{Tokens, tokens};
use crate::studio::operator::Engine;
use crate::studio::operator::table::Table;

/// Height of the title, and of a row.
const TITLE: f32 = 46.0;
const ROW: f32 = 46.0;
/// Space below the last row.
const BELOW: f32 = Tokens::SPACE[1];

/// Widths of the columns that do not grow.
mod wide {
    pub(super) const STATE: f32 = 108.0;
    pub(super) const P95: f32 = 104.0;
    pub(super) const RESTARTS: f32 = 92.0;
    /// Port and version; with the process where there is room.
    pub(super) const WHERE: [f32; 2] = [116.0, 196.0];
    pub(super) const BUTTONS: f32 = 132.0;
    /// Least and most of name and bars.
    pub(super) const NAME: [f32; 2] = [120.0, 220.0];
    pub(super) const BARS: [f32; 2] = [100.0, 300.0];
}

/// How high it is.
pub(super) fn height(panel: &Panel<'_, '_>) -> f32 {
    let services = panel.seen.services.as_ref().map_or(1, |services| services.len().max(1));
    TITLE + (1 + services) as f32 * ROW + BELOW
}

/// The columns of a row this wide.
#[derive(Debug, Clone, Copy)]
struct Columns {
    name: f32,
    bars: f32,
    place: f32,
}

impl Columns {
    fn of(width: f32) -> Self {
        let fixed = wide::STATE + wide::P95 + wide::RESTARTS + wide::BUTTONS + 2.0 * Tokens::SPACE[2];
        let rest = width - fixed;
        let least = wide::NAME[0] + wide::BARS[0];
        let place = if rest - wide::WHERE[1] >= least + 80.0 { wide::WHERE[1] } else { wide::WHERE[0] };
        let spare = (rest - place - least).max(0.0);
        let name = (wide::NAME[0] + spare * 0.2).min(wide::NAME[1]);
        let bars = (rest - place - name).clamp(wide::BARS[0].min(rest), wide::BARS[1]);
        Self { name, bars, place }
    }
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, rect: Rect) {
    let inner = rect.shrink2(vec2(Tokens::SPACE[3], 0.0));
    head(ui, panel, inner.with_max_y(inner.top() + TITLE));
    let columns = Columns::of(inner.width());
    let row = |number: usize| {
        let top = inner.top() + TITLE + number as f32 * ROW;
        Rect::from_min_max(pos2(inner.left(), top), pos2(inner.right(), top + ROW))
    };
    engine(ui, panel, row(0), columns);
    let seen = panel.seen;
    match seen.services.as_deref() {
        Some([]) => empty(ui, row(1), "No service is declared in sidecars.toml."),
        Some(services) => {
            for (number, status) in services.iter().enumerate() {
                if ui.is_rect_visible(row(number + 1)) {
                    ui.push_id(&status.name, |ui| service(ui, panel, row(number + 1), columns, status));
                }
            }
        }
        None => empty(ui, row(1), NO_DATA),
    }
}

fn head(ui: &mut Ui, panel: &mut Panel<'_, '_>, rect: Rect) {
    let tokens = tokens(ui.ctx());
    let mut strip = Strip(rect);
    if cell::button(
        ui,
        strip.right(cell::button_width(ui, "CSV"), cell::BUTTON),
        "CSV",
        "Save services as CSV",
        None,
    ) {
        panel.save(table(panel));
    }
    strip.gap_right(Tokens::SPACE[2]);
    let place = strip.right(164.0, Tokens::HEIGHT[2]);
    let mut child = cell::child(ui, "span", place);
    let at = Span::ALL.iter().position(|span| *span == panel.kept.span).unwrap_or(0);
    if let Some(picked) = segmented(&mut child, "Uptime over", at, &Span::NAMES) {
        panel.kept.span = Span::ALL[picked];
    }
    cell::text(ui, strip.0, "Services", &Ink::title(tokens.text), None);
}

fn empty(ui: &mut Ui, rect: Rect, words: &str) {
    cell::hairline(ui, rect);
    cell::text(ui, rect, words, &Ink::body(tokens(ui.ctx()).secondary), None);
}

/// A row's begin: its line, its name for those who listen, its sign and word.
fn begin(
    ui: &mut Ui,
    rect: Rect,
    name: &str,
    state: (Sign, egui::Color32, &str),
    why: &str,
    columns: Columns,
) -> Strip {
    let tokens = tokens(ui.ctx());
    cell::hairline(ui, rect);
    let mut strip = Strip(rect);
    let place = strip.left(columns.name);
    cell::text(ui, place.with_max_x(place.right() - Tokens::SPACE[1]), name, &Ink::title(tokens.text), None);
    let mut place = strip.left(wide::STATE);
    state.0.draw(ui.painter(), pos2(place.left() + 5.0, place.center().y), state.1);
    place.min.x += Tokens::SPACE[3] + 2.0;
    cell::text(ui, place, state.2, &Ink::body(tokens.text), Some(why));
    strip
}

/// The sound of this program: its values come from here, at any time.
fn engine(ui: &mut Ui, panel: &Panel<'_, '_>, rect: Rect, columns: Columns) {
    let tokens = tokens(ui.ctx());
    let engine = vitals::engine(panel);
    let (sign, colour) = Sign::of_state(engine.state, &tokens);
    cell::named(
        ui,
        rect,
        Role::ListItem,
        &format!("Studio engine: {}", engine.word),
        Some(engine.why.clone()),
    );
    let mut strip = begin(ui, rect, "Studio engine", (sign, colour, engine.word), &engine.why, columns);
    let place = strip.left(columns.bars);
    let measured = panel.kept.span.engine(panel.seen);
    let told = bars::Told {
        name: "Engine well",
        bars: measured.map_or(&[], |engine| &engine.bars),
        well: measured.and_then(Engine::well),
        hint: "Each minute is as the worst that was measured in it: the device missing, a drop-out, a load near the limit. A week is kept.",
    };
    bars::show(ui, place.shrink2(vec2(0.0, 13.0)), &told, panel.seen, panel.kept.span);
    strip.gap(Tokens::SPACE[2]);
    let place = strip.left(wide::P95);
    match engine.round_trip {
        Some(ms) => cell::value(ui, place, &milliseconds(ms), "trip", Some("From headphones to microphone.")),
        None => cell::value(ui, place, DASH, "trip", Some(NO_DATA)),
    }
    let place = strip.left(wide::RESTARTS);
    match engine.xruns {
        Some(xruns) => {
            let of = if xruns == 1 { "xrun" } else { "xruns" };
            cell::value(ui, place, &count(xruns), of, Some("Drop-outs since the device was opened."));
        }
        None => cell::value(ui, place, DASH, "xruns", Some(NO_DATA)),
    }
    cell::text(ui, strip.0, "in the app", &Ink::body(tokens.faint).right(), None);
}

fn service(ui: &mut Ui, panel: &mut Panel<'_, '_>, rect: Rect, columns: Columns, status: &Status) {
    let tokens = tokens(ui.ctx());
    let name = title(&status.name);
    // As it was last heard: nobody knows whether it still is.
    let (sign, colour) = match panel.seen.silence {
        Some(_) => (Sign::Ring, tokens.faint),
        None => Sign::of_state(status.state, &tokens),
    };
    let word = word(panel, status);
    let report = panel.kept.span.of(panel.seen, &status.name);
    cell::named(ui, rect, Role::ListItem, &format!("{name}: {}", status.state), Some(said(panel, status)));
    let why = why(panel, status);
    let mut strip = begin(ui, rect, &name, (sign, colour, &word), &why, columns);
    let place = strip.left(columns.bars);
    let told = bars::Told {
        name: "Uptime",
        bars: report.map_or(&[], |report| &report.bars),
        well: report.and_then(|report| report.uptime),
        hint: "",
    };
    bars::show(ui, place.shrink2(vec2(0.0, 13.0)), &told, panel.seen, panel.kept.span);
    strip.gap(Tokens::SPACE[2]);
    let place = strip.left(wide::P95);
    let hint = format!("95 of 100 answers of the {} came within this time.", panel.kept.span.words());
    match report.and_then(|report| report.p95_ms) {
        Some(ms) => cell::value(ui, place, &milliseconds(ms), "p95", Some(&hint)),
        None => cell::value(ui, place, DASH, "p95", Some(NO_DATA)),
    }
    let place = strip.left(wide::RESTARTS);
    let hint = "Restarts that nobody asked for, since the supervisor began.";
    let of = if status.restarts == 1 { "restart" } else { "restarts" };
    cell::value(ui, place, &status.restarts.to_string(), of, Some(hint));
    buttons(ui, panel, &mut strip, status, &name);
    strip.gap_right(Tokens::SPACE[2]);
    let (words, hint) = place_of(status, columns.place > wide::WHERE[0]);
    cell::text(ui, strip.0, &words, &Ink::body(tokens.faint).right(), Some(&hint));
}

/// What is said of its state: "restarting" while JARVIS is at it.
fn word(panel: &Panel<'_, '_>, status: &Status) -> String {
    let trying = panel.seen.attempts.contains_key(&status.name);
    match status.state {
        state if panel.seen.silence.is_some() => format!("was {state}"),
        State::Down | State::Starting if trying => "restarting".to_owned(),
        state => state.to_string(),
    }
}

fn why(panel: &Panel<'_, '_>, status: &Status) -> String {
    let progress = status.progress.filter(|_| status.state == State::Starting);
    let progress = progress.map_or_else(String::new, |part| format!(", {:.0} % of its start", part * 100.0));
    let attempt = panel.seen.attempts.get(&status.name);
    let attempt = attempt.map_or_else(String::new, |attempt| format!(", attempt {}", attempt.in_words()));
    let identity = if status.unprovable { ", identity not provable" } else { "" };
    format!("{}: {}{progress}{attempt}{identity}", status.state, status.reason)
}

/// Port, version and, where there is room, process.
fn place_of(status: &Status, with_pid: bool) -> (String, String) {
    let port = status.port.map_or_else(|| DASH.to_owned(), |port| format!(":{port}"));
    let version = status.version.clone().unwrap_or_else(|| DASH.to_owned());
    let pid = status.pid.map_or_else(|| DASH.to_owned(), |pid| pid.to_string());
    let or = |known: bool, words: String| if known { words } else { NO_DATA.to_owned() };
    let hint = format!(
        "Port: {}\nVersion: {}\nProcess: {}",
        or(status.port.is_some(), port.clone()),
        or(status.version.is_some(), version.clone()),
        or(status.pid.is_some(), pid.clone())
    );
    let words =
        if with_pid { format!("{port} · {version} · pid {pid}") } else { format!("{port} · {version}") };
    (words, hint)
}

fn buttons(ui: &mut Ui, panel: &mut Panel<'_, '_>, strip: &mut Strip, status: &Status, name: &str) {
    let why_not = panel.why_not();
    let mut place = Strip(strip.right(wide::BUTTONS, cell::BUTTON));
    let runs = status.state != State::Stopped;
    let offered: &[(Action, &str)] = if runs {
        &[(Action::Stop, "Stop"), (Action::Restart, "Restart")]
    } else {
        &[(Action::Start, "Start")]
    };
    for (action, face) in offered {
        let at = place.right(cell::button_width(ui, face), cell::BUTTON);
        place.gap_right(Tokens::SPACE[0] + 2.0);
        if cell::button(ui, at, face, &format!("{face} {name}"), why_not) {
            panel.confirm(&status.name, *action);
        }
    }
}

/// The row for those who listen.
fn said(panel: &Panel<'_, '_>, status: &Status) -> String {
    let report = panel.kept.span.of(panel.seen, &status.name);
    let or = |value: Option<String>| value.unwrap_or_else(|| NO_DATA.to_owned());
    format!(
        "{}, uptime {}, p95 {}, restarts {}, version {}, port {}, process {}",
        status.reason,
        or(report.and_then(|report| report.uptime).map(percent)),
        or(report.and_then(|report| report.p95_ms).map(milliseconds)),
        status.restarts,
        or(status.version.clone()),
        or(status.port.map(|port| port.to_string())),
        or(status.pid.map(|pid| pid.to_string())),
    )
}

/// All of it, as a file has it.
fn table(panel: &Panel<'_, '_>) -> Table {
    let head = [
        "service",
        "state",
        "reason",
        "uptime_share",
        "p95_ms",
        "restarts",
        "version",
        "port",
        "pid",
        "uptime_s",
    ];
    let mut table = Table::new("services", &head);
    let engine = vitals::engine(panel);
    let well = panel.kept.span.engine(panel.seen).and_then(Engine::well);
    let mut row = vec![String::new(); head.len()];
    let known = ["studio-engine".to_owned(), engine.state.to_string(), engine.why];
    let known = known.into_iter().chain(well.map(|share| share.to_string()));
    row.iter_mut().zip(known).for_each(|(cell, known)| *cell = known);
    table.rows.push(row);
    for status in panel.seen.services.iter().flatten() {
        let report = panel.kept.span.of(panel.seen, &status.name);
        let or = |value: Option<String>| value.unwrap_or_default();
        table.rows.push(vec![
            status.name.clone(),
            status.state.to_string(),
            status.reason.clone(),
            or(report.and_then(|report| report.uptime).map(|share| share.to_string())),
            or(report.and_then(|report| report.p95_ms).map(|ms| ms.to_string())),
            status.restarts.to_string(),
            or(status.version.clone()),
            or(status.port.map(|port| port.to_string())),
            or(status.pid.map(|pid| pid.to_string())),
            or(status.uptime_s.map(|seconds| seconds.to_string())),
        ]);
    }
    table
}
