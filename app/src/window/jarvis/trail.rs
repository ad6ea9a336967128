//! The audit trail: its end in a card, more of it on a page of its own, and whether it is whole.

use egui::{Color32, Rect, Ui, pos2};
use jarvis::audit::{Entry, Verdict};

use super::Panel;
use super::cell::{self, Ink, Sign, Strip};
use super::rows::{self, Cell, Column, Row};
use super::words::{NO_DATA, ago, count, moment, title, universal};
use crate::look::{Tokens, tokens};
use crate::studio::operator::table::Table;
use crate::studio::operator::{Seen, Wish};

/// Least height of the card.
pub(super) const HEIGHT: f32 = 140.0;
const TITLE: f32 = 46.0;
const ROW: f32 = 22.0;

/// Draws the card: the newest entries, the button that verifies, and what came of it.
pub(super) fn card(ui: &mut Ui, panel: &mut Panel<'_, '_>, rect: Rect) {
    let tokens = tokens(ui.ctx());
    let inner = cell::ground(ui, rect);
    let mut head = Strip(inner.with_max_y(rect.top() + TITLE));
    verify(ui, panel, &mut head);
    cell::text(ui, head.0, "Audit trail", &Ink::title(tokens.text), None);
    let foot = Rect::from_min_max(
        pos2(inner.left(), rect.bottom() - 12.0 - ROW),
        pos2(inner.right(), rect.bottom() - 12.0),
    );
    let (words, colour, sign) = verdict(panel.seen, &tokens);
    let at = pos2(foot.left() + 5.0, foot.center().y);
    sign.draw(ui.painter(), at, colour);
    cell::text(ui, foot.with_min_x(foot.left() + 18.0), &words, &Ink::body(colour), None);
    let list = Rect::from_min_max(pos2(inner.left(), head.0.bottom()), pos2(inner.right(), foot.top() - 2.0));
    let fit = (list.height() / ROW).floor().max(1.0) as usize;
    let line = |number: usize| {
        let top = list.top() + number as f32 * ROW;
        Rect::from_min_max(pos2(list.left(), top), pos2(list.right(), top + ROW))
    };
    match panel.seen.audit.as_deref().filter(|entries| !entries.is_empty()) {
        Some(entries) => {
            for (number, entry) in entries.iter().take(fit).enumerate() {
                let words = format!("#{} {}", entry.seq, in_short(entry));
                cell::text(ui, line(number), &words, &Ink::body(tokens.secondary), Some(&in_full(entry)));
            }
        }
        None => _ = cell::text(ui, line(0), NO_DATA, &Ink::body(tokens.faint), None),
    }
}

/// Draws the page.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, page: Rect) {
    let (words, colour, sign) = verdict(panel.seen, &tokens(ui.ctx()));
    let below = rows::card(ui, page, "Audit trail", |ui, strip| {
        verify(ui, panel, strip);
        strip.gap_right(Tokens::SPACE[1]);
        if rows::csv_button(ui, strip, "the audit trail") {
            panel.save(table(panel.seen));
        }
        let mut said = Strip(strip.0.with_min_x(strip.0.left() + 110.0));
        let sign_at = said.left(18.0);
        sign.draw(ui.painter(), pos2(sign_at.left() + 5.0, sign_at.center().y), colour);
        cell::text(
            ui,
            said.0,
            &words,
            &Ink::body(colour),
            Some("Tamper-evident: whoever holds the key beside it could forge it."),
        );
    });
    let columns = [
        Column("No.", 52.0, 0.0),
        Column("Time", 84.0, 0.0),
        Column("Who", 64.0, 0.4),
        Column("What", 88.0, 0.5),
        Column("To what", 104.0, 0.6),
        Column("Outcome", 76.0, 0.3),
        Column("Why", 160.0, 3.0),
    ];
    let seen = panel.seen;
    let entries = seen.audit.as_deref();
    let empty = if entries.is_some() { "Nothing has been done yet." } else { NO_DATA };
    let all = entries.map_or(0, |entries| entries.len());
    rows::show(ui, below, "audit", &columns, (all, empty), |number| {
        entries.and_then(|entries| entries.get(number)).map_or_else(Row::default, |entry| row(entry, seen))
    });
}

fn row(entry: &Entry, seen: &Seen) -> Row {
    let record = &entry.record;
    let correlation = record.by.correlation.as_ref().map(|id| format!("Correlation id {id}"));
    let who = Cell { hint: correlation, ..Cell::new(record.by.who.as_str()) };
    Row {
        name: format!("#{} {}", entry.seq, in_short(entry)),
        cells: vec![
            Cell::new(format!("#{}", entry.seq)).quiet().hint(format!("Hash {}", entry.hash)),
            Cell::new(moment(record.at, seen.at, seen.local)).quiet().hint(universal(record.at)),
            who,
            Cell::new(record.action.as_str()).strong(),
            Cell::new(target(&record.target)),
            Cell::new(record.outcome.as_str()),
            Cell::new(record.reason.as_str()),
        ],
        button: None,
    }
}

/// A service's name, or that of JARVIS itself.
fn target(name: &str) -> String {
    if name == "jarvis" { "JARVIS".to_owned() } else { title(name) }
}

/// “restart Producer · down · allowed”.
fn in_short(entry: &Entry) -> String {
    let record = &entry.record;
    let target =
        if record.target == "jarvis" { String::new() } else { format!(" {}", title(&record.target)) };
    let reason = if record.reason.is_empty() { String::new() } else { format!(" · {}", record.reason) };
    format!("{}{target}{reason} · {}", record.action, record.outcome)
}

fn in_full(entry: &Entry) -> String {
    let record = &entry.record;
    format!("{}\nby {}\n{}", universal(record.at), record.by.who, entry.hash)
}

fn verify(ui: &mut Ui, panel: &mut Panel<'_, '_>, strip: &mut Strip) {
    let why_not = panel.why_not().or(panel.seen.verifying.then_some("It is being verified."));
    let place = strip.right(cell::button_width(ui, "Verify"), cell::BUTTON);
    if cell::button(ui, place, "Verify", "Verify the audit trail", why_not) {
        panel.wish(Wish::Verify);
    }
}

/// What the last verification came to.
fn verdict(seen: &Seen, tokens: &Tokens) -> (String, Color32, Sign) {
    if seen.verifying {
        return ("verifying…".to_owned(), tokens.secondary, Sign::Ring);
    }
    let Some(verified) = &seen.verified else {
        return ("not verified yet".to_owned(), tokens.faint, Sign::Ring);
    };
    let ago = ago(verified.at, seen.at);
    match &verified.verdict {
        Ok(Verdict::Whole { entries, .. }) => {
            let (entries, of) = (count(*entries), if *entries == 1 { "entry" } else { "entries" });
            (format!("chain intact · {entries} {of} · checked {ago}"), tokens.in_tune, Sign::Disc)
        }
        Ok(Verdict::Tampered { seq, kind, file }) => {
            let file = file.as_ref().map_or_else(String::new, |file| format!(" of {file}"));
            (format!("tampered with: {kind} at #{seq}{file} · checked {ago}"), tokens.record, Sign::Cross)
        }
        Ok(Verdict::CannotTell { reason }) => {
            (format!("cannot tell: {reason} · checked {ago}"), tokens.attention, Sign::Triangle)
        }
        Err(why) => (format!("could not be verified: {why}"), tokens.attention, Sign::Triangle),
    }
}

fn table(seen: &Seen) -> Table {
    let mut table = Table::new(
        "audit",
        &["seq", "time", "by", "correlation", "action", "target", "outcome", "reason", "hash"],
    );
    for entry in seen.audit.iter().flat_map(|entries| entries.iter()) {
        let record = &entry.record;
        table.rows.push(vec![
            entry.seq.to_string(),
            universal(record.at),
            record.by.who.clone(),
            record.by.correlation.clone().unwrap_or_default(),
            record.action.clone(),
            record.target.clone(),
            record.outcome.clone(),
            record.reason.clone(),
            entry.hash.clone(),
        ]);
    }
    table
}
