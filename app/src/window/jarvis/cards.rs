//! The row of figures on top: how the whole is, read from afar.

use egui::{Color32, Rect, Role, Ui, pos2};
use jarvis::alert::Severity;

use super::cell::{self, Ink};
use super::words::{NO_DATA, percent, span};
use super::{GAP, Panel};
use crate::look::{Tokens, tokens};
use crate::sound::DeviceState;

/// Their height.
pub(super) const HEIGHT: f32 = 78.0;

/// One of them.
struct Figure {
    name: &'static str,
    value: Option<(String, Color32)>,
    /// What follows in small letters.
    of: String,
    hint: &'static str,
}

/// Draws them.
pub(super) fn show(ui: &mut Ui, panel: &Panel<'_, '_>, rect: Rect) {
    let tokens = tokens(ui.ctx());
    let figures = figures(panel, &tokens);
    let width = (rect.width() - GAP * (figures.len() - 1) as f32) / figures.len() as f32;
    for (number, figure) in figures.iter().enumerate() {
        let left = rect.left() + number as f32 * (width + GAP);
        let card =
            Rect::from_min_max(pos2(left.round(), rect.top()), pos2((left + width).round(), rect.bottom()));
        draw(ui, card, figure, &tokens);
    }
}

fn draw(ui: &mut Ui, card: Rect, figure: &Figure, tokens: &Tokens) {
    let inner = cell::ground(ui, card);
    let said = match &figure.value {
        Some((value, _)) => format!("{value} {}", figure.of).trim().to_owned(),
        None => NO_DATA.to_owned(),
    };
    let hover = cell::named(ui, card, Role::Group, figure.name, Some(said));
    hover.on_hover_text(figure.hint);
    let name =
        Rect::from_min_max(pos2(inner.left(), card.top() + 12.0), pos2(inner.right(), card.top() + 30.0));
    cell::text(ui, name, figure.name, &Ink::label(tokens.secondary), None);
    let value = Rect::from_min_max(
        pos2(inner.left(), name.bottom() + 4.0),
        pos2(inner.right(), card.bottom() - 10.0),
    );
    match &figure.value {
        Some((words, colour)) => {
            let place = cell::text(ui, value, words, &Ink::large(*colour), None);
            let rest = value.with_min_x((place.right() + Tokens::SPACE[1]).min(value.right()));
            let baseline = rest.translate(egui::vec2(0.0, 3.0));
            cell::text(ui, baseline, &figure.of, &Ink::body(tokens.secondary), None);
        }
        None => _ = cell::text(ui, value, NO_DATA, &Ink::body(tokens.faint), None),
    }
}

fn figures(panel: &Panel<'_, '_>, tokens: &Tokens) -> [Figure; 5] {
    let seen = panel.seen;
    let services = seen.healthy().map(|(healthy, all)| {
        let colour = if healthy < all { tokens.attention } else { tokens.text };
        (healthy, all, if seen.silence.is_some() { tokens.faint } else { colour })
    });
    let uptime = seen.uptime();
    let errors = seen
        .errors()
        .map(|share| (percent(share), if share > 0.01 { tokens.attention } else { tokens.text }));
    let alerts = seen.open_alerts().map(|open| {
        let colour = match seen.gravest() {
            None | Some(Severity::Info) => tokens.text,
            Some(Severity::Warning) => tokens.attention,
            Some(Severity::Critical) => tokens.record,
        };
        (open.len().to_string(), if seen.silence.is_some() { tokens.faint } else { colour })
    });
    [
        Figure {
            name: "Services",
            of: match services {
                None => String::new(),
                Some((_, 0, _)) => "declared".to_owned(),
                Some((_, all, _)) => format!("of {all} healthy"),
            },
            value: services.map(|(healthy, _, colour)| (healthy.to_string(), colour)),
            hint: "Declared services that are ready now. The engine in the app is not counted.",
        },
        Figure {
            name: "Uptime, 30 days",
            value: uptime.map(|(share, _)| {
                (percent(share), if share < 0.999 { tokens.attention } else { tokens.text })
            }),
            of: uptime.map_or_else(String::new, |(_, measured)| of_measured(measured)),
            hint: "Share of the measured time in which services were healthy, all together, and how much was measured. Sleep, and what a human stopped, do not count.",
        },
        engine(panel, tokens),
        Figure {
            name: "Errors, 24 h",
            value: errors,
            of: String::new(),
            hint: "Share of questions to services, the supervisor's own included, that had no good answer.",
        },
        Figure {
            name: "Open alerts",
            value: alerts,
            of: String::new(),
            hint: "Alerts whose rule still holds.",
        },
    ]
}

/// How much of the 30 days was measured, unless it is all but all of them.
fn of_measured(measured_ms: u64) -> String {
    const ALL: u64 = 30 * 86_400_000;
    if measured_ms >= ALL / 100 * 99 { String::new() } else { format!("of {} measured", span(measured_ms)) }
}

/// What the sound of this program does.
fn engine(panel: &Panel<'_, '_>, tokens: &Tokens) -> Figure {
    let readout = panel.scene.studio.readout();
    let running = matches!(readout.device, DeviceState::Running(_));
    let value = running.then(|| {
        let xruns = readout.vitals.xruns;
        let look = readout.load > super::vitals::HEAVY || xruns > 0;
        (
            format!("{:.0} % · {xruns}", readout.load * 100.0),
            if look { tokens.attention } else { tokens.text },
        )
    });
    Figure {
        name: "Audio load · xruns",
        value,
        of: String::new(),
        hint: "Share of the time allowed that the sound takes, and drop-outs since the device was opened.",
    }
}
