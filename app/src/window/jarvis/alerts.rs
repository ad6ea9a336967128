//! Alerts: those that are open, the rules by which they open, and those that are over.

use egui::{Color32, Rect, ScrollArea, Sense, Ui, vec2};
use jarvis::alert::{Alert, Severity};

use super::cell::Sign;
use super::rows::{self, Cell, Column, Row};
use super::words::{NO_DATA, moment, span, title, universal};
use super::{GAP, Panel};
use crate::look::{Tokens, tokens};
use crate::studio::operator::table::Table;
use crate::studio::operator::{Seen, Wish};

/// What a card takes besides its rows.
const AROUND: f32 = 46.0 + Tokens::SPACE[1];
/// Fewest rows of history in sight.
const FEWEST: usize = 6;

/// Draws the page.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, page: Rect) {
    let open: Vec<Alert> = panel.seen.open_alerts().unwrap_or_default().into_iter().cloned().collect();
    let over: Vec<Alert> =
        panel.seen.alerts.iter().flatten().filter(|alert| alert.until.is_some()).cloned().collect();
    let rules = panel.seen.rules.clone();
    let fixed = AROUND + rows::height(open.len()) + GAP;
    let of_rules = AROUND + rows::height(rules.as_ref().map_or(1, Vec::len)) + GAP;
    let history = (page.height() - fixed - of_rules).max(AROUND + rows::height(FEWEST));
    let mut wide = super::scrolling(ui, page);
    let ui = &mut wide;
    ScrollArea::vertical().id_salt("alerts").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = GAP;
        let next =
            |ui: &mut Ui, height: f32| ui.allocate_exact_size(vec2(page.width(), height), Sense::hover()).0;
        let place = next(ui, fixed - GAP);
        open_ones(ui, panel, place, &open);
        let place = next(ui, of_rules - GAP);
        by_rules(ui, panel, place);
        let place = next(ui, history);
        those_over(ui, panel, place, &over);
    });
}

fn open_ones(ui: &mut Ui, panel: &mut Panel<'_, '_>, place: Rect, open: &[Alert]) {
    let below = rows::card(ui, place, "Open alerts", |ui, strip| {
        if rows::csv_button(ui, strip, "alerts") {
            panel.save(table(panel.seen));
        }
    });
    let tokens = tokens(ui.ctx());
    let columns = [
        Column("How grave", 96.0, 0.0),
        Column("Since", 84.0, 0.0),
        Column("About", 120.0, 0.4),
        Column("What is wrong", 240.0, 3.0),
        Column("Rule", 110.0, 0.4),
        Column("", 100.0, 0.0),
    ];
    let empty = if panel.seen.alerts.is_some() { "No alert is open." } else { NO_DATA };
    let seen = panel.seen;
    let can = panel.why_not().is_none();
    let clicked = rows::show(ui, below, "open alerts", &columns, (open.len(), empty), |number| {
        let alert = &open[number];
        let fresh = alert.acknowledged.is_none();
        let button = (fresh && can).then(|| ("Acknowledge", format!("Acknowledge: {}", alert.message)));
        let seen_at = alert.acknowledged.map(|at| format!("seen {}", moment(at, seen.at, seen.local)));
        let mut cells = cells(alert, seen, &tokens);
        cells.push(Cell::new(seen_at.unwrap_or_default()).quiet());
        Row { name: format!("{} alert: {}", word(alert.severity), alert.message), cells, button }
    });
    if let Some(alert) = clicked.and_then(|number| open.get(number)) {
        panel.wish(Wish::Acknowledge(alert.id));
    }
}

fn by_rules(ui: &mut Ui, panel: &mut Panel<'_, '_>, place: Rect) {
    let below = rows::card(ui, place, "Rules, as declared in sidecars.toml", |ui, strip| {
        if rows::csv_button(ui, strip, "rules") {
            panel.save(rules_table(panel.seen));
        }
    });
    let tokens = tokens(ui.ctx());
    let columns = [
        Column("How grave", 96.0, 0.0),
        Column("Rule", 150.0, 0.5),
        Column("What", 240.0, 3.0),
        Column("For how long", 110.0, 0.4),
    ];
    let rules = panel.seen.rules.as_deref();
    let empty = if rules.is_some() { "There are no rules." } else { NO_DATA };
    rows::show(ui, below, "rules", &columns, (rules.map_or(0, <[_]>::len), empty), |number| {
        let Some(rule) = rules.and_then(|rules| rules.get(number)) else { return Row::default() };
        let held = if rule.held_ms == 0 { "at once".to_owned() } else { span(rule.held_ms) };
        Row {
            name: format!("Rule {}", rule.name),
            cells: vec![
                Cell::new(word(rule.severity)).sign(sign(rule.severity, &tokens)),
                Cell::new(title(&rule.name)).strong().hint(rule.name.clone()),
                Cell::new(rule.what.as_str()),
                Cell::new(held),
            ],
            button: None,
        }
    });
}

fn those_over(ui: &mut Ui, panel: &mut Panel<'_, '_>, place: Rect, over: &[Alert]) {
    let below = rows::card(ui, place, "History", |_, _| {});
    let tokens = tokens(ui.ctx());
    let columns = [
        Column("How grave", 96.0, 0.0),
        Column("Since", 84.0, 0.0),
        Column("About", 120.0, 0.4),
        Column("What was wrong", 240.0, 3.0),
        Column("Rule", 110.0, 0.4),
        Column("Lasted", 100.0, 0.0),
    ];
    let seen = panel.seen;
    let empty = if seen.alerts.is_some() { "No alert is over yet." } else { NO_DATA };
    rows::show(ui, below, "history", &columns, (over.len(), empty), |number| {
        let alert = &over[number];
        let mut cells = cells(alert, seen, &tokens);
        let lasted = alert.until.map(|until| span(until.since(alert.since).as_millis() as u64));
        cells.push(Cell::new(lasted.unwrap_or_default()));
        Row { name: format!("Over: {}", alert.message), cells, button: None }
    });
}

fn cells(alert: &Alert, seen: &Seen, tokens: &Tokens) -> Vec<Cell> {
    let about = alert.service.as_deref().or(alert.about.as_deref());
    let about = about.map_or_else(|| "JARVIS".to_owned(), title);
    vec![
        Cell::new(word(alert.severity)).sign(sign(alert.severity, tokens)),
        Cell::new(moment(alert.since, seen.at, seen.local)).quiet().hint(universal(alert.since)),
        Cell::new(about).strong(),
        Cell::new(alert.message.as_str()),
        Cell::new(title(&alert.rule)).quiet(),
    ]
}

/// How grave, in a word.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}

fn sign(severity: Severity, tokens: &Tokens) -> (Sign, Color32) {
    match severity {
        Severity::Info => (Sign::Ring, tokens.secondary),
        Severity::Warning => (Sign::Triangle, tokens.attention),
        Severity::Critical => (Sign::Cross, tokens.record),
    }
}

fn rules_table(seen: &Seen) -> Table {
    let mut table = Table::new("rules", &["severity", "rule", "what", "for_s"]);
    for rule in seen.rules.iter().flatten() {
        let held = (rule.held_ms as f64 / 1_000.0).to_string();
        table.rows.push(vec![word(rule.severity).to_owned(), rule.name.clone(), rule.what.clone(), held]);
    }
    table
}

fn table(seen: &Seen) -> Table {
    let head = ["id", "severity", "rule", "service", "message", "since", "until", "acknowledged"];
    let mut table = Table::new("alerts", &head);
    for alert in seen.alerts.iter().flatten() {
        let or = |at: Option<jarvis::clock::Wall>| at.map(universal).unwrap_or_default();
        table.rows.push(vec![
            alert.id.to_string(),
            word(alert.severity).to_owned(),
            alert.rule.clone(),
            alert.service.clone().unwrap_or_default(),
            alert.message.clone(),
            universal(alert.since),
            or(alert.until),
            or(alert.acknowledged),
        ]);
    }
    table
}
