//! Uptime as a row of bars, one for each part of the time: how it was then.

use egui::{Color32, Rect, Sense, Ui, WidgetInfo, pos2};
use jarvis::intelligence::{Bar, Report, ServiceReport};

use super::words::{NO_DATA, moment, percent, span};
use crate::look::{Tokens, mix, tokens};
use crate::studio::operator::{Engine, Seen};

/// How far back it goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Span {
    #[default]
    Hour,
    Day,
    Month,
}

impl Span {
    pub(super) const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Month];
    pub(super) const NAMES: [&str; 3] = ["1 h", "24 h", "30 d"];

    /// What it is called in a sentence.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Hour => "last hour",
            Self::Day => "last 24 hours",
            Self::Month => "last 30 days",
        }
    }

    /// What was measured over it.
    pub(super) fn report(self, seen: &Seen) -> Option<&Report> {
        let reports = &seen.reports;
        match self {
            Self::Hour => reports.hour.as_deref(),
            Self::Day => reports.day.as_deref(),
            Self::Month => reports.month.as_deref(),
        }
    }

    /// How the engine was over it.
    pub(super) fn engine(self, seen: &Seen) -> Option<&Engine> {
        let [hour, day, month] = &seen.reports.engine;
        match self {
            Self::Hour => hour.as_deref(),
            Self::Day => day.as_deref(),
            Self::Month => month.as_deref(),
        }
    }

    /// What was measured of a service over it.
    pub(super) fn of<'a>(self, seen: &'a Seen, service: &str) -> Option<&'a ServiceReport> {
        self.report(seen)?.services.iter().find(|report| report.name == service)
    }
}

/// How a part of the time was: what was worst in it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Was {
    Unknown,
    Well,
    Unwell,
    Down,
}

impl Was {
    fn of(bar: &Bar) -> Self {
        match bar {
            bar if bar.down_ms > 0 => Self::Down,
            bar if bar.unwell_ms > 0 => Self::Unwell,
            bar if bar.healthy_ms > 0 => Self::Well,
            _ => Self::Unknown,
        }
    }

    /// Its colour, and which share of the height it takes: what was bad stands out without its hue as well.
    fn look(self, tokens: &Tokens) -> (Color32, f32) {
        match self {
            Self::Unknown => (tokens.hairline, 0.24),
            Self::Well => (mix(tokens.panel, tokens.in_tune, 0.62), 0.86),
            Self::Unwell => (tokens.attention, 1.0),
            Self::Down => (tokens.record, 1.0),
        }
    }
}

/// What they show.
pub(super) struct Told<'a> {
    /// What it is for those who listen: `Uptime`.
    pub(super) name: &'a str,
    pub(super) bars: &'a [Bar],
    /// The share of the measured time in which all was well.
    pub(super) well: Option<f64>,
    /// What is to be known of them besides.
    pub(super) hint: &'a str,
}

/// Draws them into a box.
pub(super) fn show(ui: &mut Ui, rect: Rect, told: &Told<'_>, seen: &Seen, span_of: Span) {
    let tokens = tokens(ui.ctx());
    let bars = told.bars;
    if bars.iter().all(|bar| Was::of(bar) == Was::Unknown) {
        let words = super::cell::Ink::body(tokens.faint);
        super::cell::text(ui, rect, NO_DATA, &words, Some(told.hint).filter(|hint| !hint.is_empty()));
        return;
    }
    let said = told.well.map_or_else(|| NO_DATA.to_owned(), percent);
    let response = ui.interact(rect, ui.next_auto_id(), Sense::hover());
    ui.skip_ahead_auto_ids(1);
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(said.clone()),
        ..WidgetInfo::labeled(egui::Role::Figure, true, format!("{}, {}", told.name, span_of.words()))
    });
    let step = rect.width() / bars.len() as f32;
    let pixels = ui.pixels_per_point();
    let edge = |number: usize| ((rect.left() + number as f32 * step) * pixels).round() / pixels;
    let gap = if step >= 2.2 { 1.0 } else { 0.0 };
    for (number, bar) in bars.iter().enumerate() {
        let (colour, share) = Was::of(bar).look(&tokens);
        let half = rect.height() * share / 2.0;
        let place = Rect::from_min_max(
            pos2(edge(number), rect.center().y - half),
            pos2(edge(number + 1) - gap, rect.center().y + half),
        );
        ui.painter().rect_filled(place, 1.0, colour);
    }
    if let Some(at) = response.hover_pos() {
        let number = (((at.x - rect.left()) / step) as usize).min(bars.len() - 1);
        let words = words_of(&bars[number], seen);
        let hint = format!("{words}\nHealthy over the {}: {said}\n{}", span_of.words(), told.hint);
        response.on_hover_text(hint.trim_end());
    }
}

/// "14:02:00 on: healthy 58 s, down 2 s".
fn words_of(bar: &Bar, seen: &Seen) -> String {
    let parts = [
        ("healthy", bar.healthy_ms),
        ("unwell", bar.unwell_ms),
        ("down", bar.down_ms),
        ("not measured", bar.unknown_ms),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter(|(_, ms)| *ms > 0)
        .map(|(word, ms)| format!("{word} {}", span(ms)))
        .collect();
    let from = moment(bar.from, seen.at, seen.local);
    format!("From {from}: {}", if said.is_empty() { NO_DATA.to_owned() } else { said.join(", ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_a_part_is_what_it_shows() {
        let bar = Bar { healthy_ms: 59_000, down_ms: 1_000, ..Bar::default() };
        // Seen red: with the longest state in place of the worst, which hides an outage of a second.
        assert_eq!(Was::of(&bar), Was::Down);
        assert_eq!(Was::of(&Bar { unknown_ms: 60_000, ..Bar::default() }), Was::Unknown);
    }
}
