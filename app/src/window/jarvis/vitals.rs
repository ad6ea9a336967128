//! What was measured of engine and machine: gauges with their limits, and how the control loop does.

use egui::{Rect, ScrollArea, Sense, Ui, vec2};
use jarvis::gauge::{Gauge, Level};
use jarvis::health::State;

use super::cell::Sign;
use super::rows::{self, Cell, Column, Row};
use super::words::{DASH, NO_DATA, count, gauge_name, limits, measured, milliseconds};
use super::{GAP, Panel};
use crate::look::{Tokens, tokens};
use crate::sound::DeviceState;
use crate::studio::operator::Seen;
use crate::studio::operator::table::Table;

/// A load above this is near to drop-outs.
pub(super) const HEAVY: f32 = 0.7;
/// What a card takes besides its rows.
const AROUND: f32 = 46.0 + Tokens::SPACE[1];

/// How the sound of this program is.
pub(super) struct Engine {
    pub(super) state: State,
    pub(super) word: &'static str,
    pub(super) why: String,
    /// Milliseconds; none without a device.
    pub(super) round_trip: Option<f64>,
    pub(super) xruns: Option<u64>,
}

/// How the sound of this program is, as it says itself.
pub(super) fn engine(panel: &Panel<'_, '_>) -> Engine {
    let studio = panel.scene.studio;
    let readout = studio.readout();
    let without = |state, word, why: String| Engine { state, word, why, round_trip: None, xruns: None };
    match &readout.device {
        DeviceState::Running(running) => {
            let heavy = readout.load > HEAVY;
            let (state, word) =
                if heavy { (State::Degraded, "heavy load") } else { (State::Healthy, "healthy") };
            Engine {
                state,
                word,
                why: format!(
                    "The sound device runs at {} Hz, at {:.0} % of the time allowed.",
                    running.format.rate,
                    readout.load * 100.0
                ),
                // Counted in frames of the song.
                round_trip: studio
                    .session()
                    .map(|song| dawg_session::Samples(running.round_trip).milliseconds(song.sample_rate)),
                xruns: Some(readout.vitals.xruns),
            }
        }
        DeviceState::Opening => {
            without(State::Starting, "opening", "The sound device is being opened.".to_owned())
        }
        DeviceState::Missing(why) => without(State::Down, "no device", why.clone()),
        DeviceState::Closed => {
            without(State::Stopped, "closed", "The sound device is opened with a song.".to_owned())
        }
    }
}

/// Draws the page.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, page: Rect) {
    let gauges = panel.seen.gauges.clone();
    let count = gauges.as_ref().map_or(0, Vec::len);
    let beats = loop_rows(panel.seen);
    let mut wide = super::scrolling(ui, page);
    let ui = &mut wide;
    ScrollArea::vertical().id_salt("vitals").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = GAP;
        let next = |ui: &mut Ui, rows: usize| {
            ui.allocate_exact_size(vec2(page.width(), AROUND + rows::height(rows)), Sense::hover()).0
        };
        let place = next(ui, count);
        measures(ui, panel, place, gauges.as_deref());
        let place = next(ui, beats.len());
        control_loop(ui, place, &beats);
    });
}

fn measures(ui: &mut Ui, panel: &mut Panel<'_, '_>, place: Rect, gauges: Option<&[Gauge]>) {
    let tokens = tokens(ui.ctx());
    let below = rows::card(ui, place, "Engine and machine", |ui, strip| {
        if rows::csv_button(ui, strip, "vitals") {
            panel.save(table(gauges.unwrap_or_default()));
        }
    });
    let columns = [
        Column("What", 180.0, 1.2),
        Column("Now", 120.0, 0.6),
        Column("How it is", 110.0, 0.4),
        Column("Limits", 220.0, 1.6),
    ];
    let all = gauges.unwrap_or_default();
    let empty = if gauges.is_some() { "Nothing is measured." } else { NO_DATA };
    rows::show(ui, below, "gauges", &columns, (all.len(), empty), |number| {
        let gauge = &all[number];
        let judged = gauge.warn.is_some() || gauge.fail.is_some();
        let (word, hint) = match (gauge.stale, judged) {
            (true, _) => ("not now", "Nobody has measured it for two minutes."),
            (false, false) => (DASH, "It has no limits: it is shown, and not judged."),
            (false, true) => (word(gauge.level()), ""),
        };
        let value = measured(gauge.value, &gauge.unit);
        let name = gauge_name(&gauge.name);
        Row {
            name: if word == DASH { format!("{name}: {value}") } else { format!("{name}: {value}, {word}") },
            cells: vec![
                Cell::new(name).strong().hint(gauge.name.clone()),
                Cell::new(value),
                match hint {
                    "" => Cell::new(word).sign(Sign::of_level(gauge.level(), &tokens)),
                    hint => Cell::new(word).quiet().hint(hint),
                },
                Cell::new(limits(gauge)).quiet(),
            ],
            button: None,
        }
    });
}

fn control_loop(ui: &mut Ui, place: Rect, beats: &[(&'static str, Option<String>)]) {
    let below = rows::card(ui, place, "Control loop", |_, _| {});
    // As wide as those above, the last three of them together.
    let columns = [Column("What", 180.0, 1.2), Column("Measured", 450.0 + 2.0 * rows::GAP, 2.6)];
    rows::show(ui, below, "control loop", &columns, (beats.len(), NO_DATA), |number| {
        let (what, value) = beats[number].clone();
        let said = value.clone().unwrap_or_else(|| NO_DATA.to_owned());
        Row {
            name: format!("{what}: {said}"),
            cells: vec![Cell::new(what), Cell::or_no_data(value)],
            button: None,
        }
    });
}

fn loop_rows(seen: &Seen) -> Vec<(&'static str, Option<String>)> {
    // Before the first round there is nothing to say of rounds.
    let rounds = seen.rounds.as_ref().filter(|rounds| rounds.met + rounds.besides > 0);
    vec![
        ("Rounds at their deadline", rounds.map(|rounds| count(rounds.met))),
        ("Rounds besides, after sleep", rounds.map(|rounds| count(rounds.besides))),
        ("Latest begin of a round", rounds.map(|rounds| milliseconds(rounds.latest_ms as f64))),
        ("Longest round", rounds.map(|rounds| milliseconds(rounds.longest_ms as f64))),
    ]
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Fine => "fine",
        Level::Warn => "warning",
        Level::Fail => "failing",
    }
}

fn table(gauges: &[Gauge]) -> Table {
    let mut table = Table::new("vitals", &["name", "value", "unit", "level", "warn", "fail", "at", "stale"]);
    let or = |limit: Option<f64>| limit.map(|limit| limit.to_string()).unwrap_or_default();
    table.rows.extend(gauges.iter().map(|gauge| {
        let level = word(gauge.level()).to_owned();
        vec![
            gauge.name.clone(),
            gauge.value.to_string(),
            gauge.unit.clone(),
            level,
            or(gauge.warn),
            or(gauge.fail),
            gauge.at.map(|at| at.to_string()).unwrap_or_default(),
            gauge.stale.to_string(),
        ]
    }));
    table
}
