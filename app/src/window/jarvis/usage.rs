//! What was used, how well the services served over the chosen time, and what keeps happening.

use egui::{Rect, ScrollArea, Sense, Ui, vec2};
use jarvis::intelligence::{FeatureUse, Pattern, ServiceReport};

use super::bars::Span;
use super::cell::{self};
use super::rows::{self, Cell, Column, Row};
use super::words::{NO_DATA, count, milliseconds, moment, percent, title, universal};
use super::{GAP, Panel};
use crate::look::Tokens;
use crate::look::control::segmented;
use crate::studio::operator::Seen;
use crate::studio::operator::table::Table;

/// What a card takes besides its rows.
const AROUND: f32 = 46.0 + Tokens::SPACE[1];

/// Draws the page.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, page: Rect) {
    let report = panel.kept.span.report(panel.seen).cloned();
    let (services, usage, patterns) = match &report {
        Some(report) => (&report.services[..], &report.usage[..], &report.patterns[..]),
        None => (&[][..], &[][..], &[][..]),
    };
    let known = report.is_some();
    let mut wide = super::scrolling(ui, page);
    let ui = &mut wide;
    ScrollArea::vertical().id_salt("usage").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = GAP;
        let next = |ui: &mut Ui, rows: usize| {
            let size = vec2(page.width(), AROUND + rows::height(rows));
            ui.allocate_exact_size(size, Sense::hover()).0
        };
        let place = next(ui, services.len());
        served(ui, panel, place, services, known);
        let place = next(ui, usage.len());
        used(ui, panel, place, usage, known);
        let place = next(ui, patterns.len());
        found(ui, panel, place, patterns, known);
    });
}

fn served(ui: &mut Ui, panel: &mut Panel<'_, '_>, place: Rect, services: &[ServiceReport], known: bool) {
    let below = rows::card(ui, place, "How well the services served", |ui, strip| {
        if rows::csv_button(ui, strip, "how well the services served") {
            panel.save(served_table(services));
        }
        let place = strip.right(164.0, Tokens::HEIGHT[2]);
        let mut child = cell::child(ui, "span", place);
        let at = Span::ALL.iter().position(|span| *span == panel.kept.span).unwrap_or(0);
        if let Some(picked) = segmented(&mut child, "Over", at, &Span::NAMES) {
            panel.kept.span = Span::ALL[picked];
        }
    });
    let columns = [
        Column("Service", 130.0, 1.0),
        Column("Uptime", 84.0, 0.3),
        Column("Left of 99.9 %", 104.0, 0.3),
        Column("p50", 70.0, 0.3),
        Column("p95", 70.0, 0.3),
        Column("p99", 70.0, 0.3),
        Column("Asked", 70.0, 0.3),
        Column("Routed", 70.0, 0.3),
        Column("Errors", 70.0, 0.3),
        Column("Restarts", 70.0, 0.3),
    ];
    let empty = if known { "No service was measured." } else { NO_DATA };
    rows::show(ui, below, "served", &columns, (services.len(), empty), |number| {
        let one = &services[number];
        let measured = |value: Option<f64>| Cell::or_no_data(value.map(milliseconds));
        let left = one.budget_left.map(|left| if left < 0.0 { "missed".to_owned() } else { percent(left) });
        Row {
            name: format!("Measured of {}", title(&one.name)),
            cells: vec![
                Cell::new(title(&one.name)).strong(),
                Cell::or_no_data(one.uptime.map(percent)),
                Cell::or_no_data(left)
                    .hint("Of the time in which it may be unwell within the aim of 99.9 %."),
                measured(one.p50_ms),
                measured(one.p95_ms).hint(slow_budget(one)),
                measured(one.p99_ms),
                Cell::new(count(one.asked)).hint("The supervisor's own questions included."),
                Cell::new(count(one.routed)).hint("Through the control plane."),
                Cell::new(count(one.errors)),
                Cell::new(count(one.restarts)),
            ],
            button: None,
        }
    });
}

/// What is left of the answers that may be late.
fn slow_budget(one: &ServiceReport) -> String {
    let (Some(aim), Some(left)) = (one.p95_aim_ms, one.p95_budget_left) else { return NO_DATA.to_owned() };
    let aim = milliseconds(aim);
    if left < 0.0 {
        return format!("The aim is missed: of 100 answers more than 5 took {aim} or longer, or were none.");
    }
    format!(
        "95 of 100 answers are to come within {aim}; {} of the 5 that may be later is left.",
        percent(left)
    )
}

fn used(ui: &mut Ui, panel: &mut Panel<'_, '_>, place: Rect, usage: &[FeatureUse], known: bool) {
    let span = panel.kept.span.words();
    let below = rows::card(ui, place, &format!("Use of features, {span}"), |ui, strip| {
        if rows::csv_button(ui, strip, "use of features") {
            panel.save(used_table(usage));
        }
    });
    let columns = [Column("Feature", 200.0, 2.0), Column("Times", 90.0, 0.5), Column("Last", 120.0, 1.0)];
    let empty = if known { "Nothing was used in this time." } else { NO_DATA };
    let seen = panel.seen;
    rows::show(ui, below, "used", &columns, (usage.len(), empty), |number| {
        let one = &usage[number];
        Row {
            name: format!("{}: {} times", title(&one.what), one.times),
            cells: vec![
                Cell::new(title(&one.what)).strong(),
                Cell::new(count(one.times)),
                Cell::new(moment(one.last, seen.at, seen.local)).quiet().hint(universal(one.last)),
            ],
            button: None,
        }
    });
}

fn found(ui: &mut Ui, panel: &mut Panel<'_, '_>, place: Rect, patterns: &[Pattern], known: bool) {
    let below = rows::card(ui, place, "Patterns found", |ui, strip| {
        if rows::csv_button(ui, strip, "patterns") {
            panel.save(pattern_table(patterns));
        }
    });
    let columns = [
        Column("Service", 130.0, 0.6),
        Column("What keeps happening", 260.0, 3.0),
        Column("Evidence", 110.0, 0.4),
        Column("How sure", 80.0, 0.2),
    ];
    let empty = if known { "Nothing that keeps happening was found." } else { NO_DATA };
    let seen = panel.seen;
    rows::show(ui, below, "patterns", &columns, (patterns.len(), empty), |number| {
        let one = &patterns[number];
        Row {
            name: one.says.clone(),
            cells: vec![
                Cell::new(title(&one.service)).strong(),
                Cell::new(one.says.as_str()),
                Cell::new(format!("{} times", one.evidence.len())).hint(evidence(one, seen)),
                Cell::new(format!("{:.0} %", one.confidence * 100.0)),
            ],
            button: None,
        }
    });
}

fn evidence(pattern: &Pattern, seen: &Seen) -> String {
    let times = pattern.evidence.iter().map(|at| moment(*at, seen.at, seen.local));
    times.collect::<Vec<_>>().join("\n")
}

fn served_table(services: &[ServiceReport]) -> Table {
    let head = [
        "service",
        "uptime_share",
        "budget_left_share",
        "p95_budget_left_share",
        "p50_ms",
        "p95_ms",
        "p99_ms",
        "asked",
        "routed",
        "errors",
        "restarts",
    ];
    let mut table = Table::new("served", &head);
    let or = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    for one in services {
        let measured =
            [one.uptime, one.budget_left, one.p95_budget_left, one.p50_ms, one.p95_ms, one.p99_ms].map(or);
        let counted = [one.asked, one.routed, one.errors, one.restarts].map(|number| number.to_string());
        table.rows.push(std::iter::once(one.name.clone()).chain(measured).chain(counted).collect());
    }
    table
}

fn used_table(usage: &[FeatureUse]) -> Table {
    let mut table = Table::new("usage", &["feature", "times", "last"]);
    table
        .rows
        .extend(usage.iter().map(|one| vec![one.what.clone(), one.times.to_string(), universal(one.last)]));
    table
}

fn pattern_table(patterns: &[Pattern]) -> Table {
    let mut table = Table::new("patterns", &["service", "kind", "says", "evidence", "confidence"]);
    table.rows.extend(patterns.iter().map(|one| {
        let evidence = one.evidence.iter().map(|at| universal(*at)).collect::<Vec<_>>().join("; ");
        vec![one.service.clone(), one.kind.clone(), one.says.clone(), evidence, one.confidence.to_string()]
    }));
    table
}
