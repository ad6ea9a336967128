//! What happened, newest first: time, how grave, a sentence.

use egui::{Rect, Role, ScrollArea, Sense, Ui, pos2, vec2};

use super::Panel;
use super::cell::{self, Ink, Sign, Strip};
use super::words::{clock, moment, universal};
use crate::look::{Tokens, tokens};
use crate::studio::operator::table::Table;
use crate::studio::operator::{Happening, Seen};

const TITLE: f32 = 44.0;
const ROW: f32 = 26.0;
const BELOW: f32 = Tokens::SPACE[2];
/// Widths of the time and the sign.
const TIME: f32 = 84.0;
const SIGN: f32 = 20.0;

/// How high it is with so many rows in sight.
pub(super) fn height(rows: usize) -> f32 {
    TITLE + rows as f32 * ROW + BELOW
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, rect: Rect) {
    let inner = rect.shrink2(vec2(Tokens::SPACE[3], 0.0));
    let tokens = tokens(ui.ctx());
    let head = inner.with_max_y(inner.top() + TITLE);
    cell::hairline(ui, head);
    let mut strip = Strip(head);
    let width = cell::button_width(ui, "CSV");
    if cell::button(ui, strip.right(width, cell::BUTTON), "CSV", "Save what happened as CSV", None) {
        panel.save(table(panel.seen));
    }
    cell::text(ui, strip.0, "What happened", &Ink::title(tokens.text), None);
    let list =
        Rect::from_min_max(pos2(inner.left(), head.bottom()), pos2(rect.right(), rect.bottom() - BELOW));
    match panel.seen.happened.as_deref() {
        Some(all) if !all.is_empty() => {
            let seen = panel.seen;
            let fits = all.len() as f32 * ROW <= list.height();
            let far = cell::scrolled_by_keys(ui, list, "What happened, newest first", fits);
            let mut child = cell::child(ui, "happened", list);
            child.spacing_mut().item_spacing.y = 0.0;
            ScrollArea::vertical().auto_shrink(false).show_rows(&mut child, ROW, all.len(), |ui, range| {
                cell::scroll(ui, far);
                for one in range.filter_map(|number| all.get(number)) {
                    let size = vec2(ui.available_width(), ROW);
                    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
                    row(ui, rect, one, seen);
                }
            });
        }
        told => {
            let words = if told.is_some() { "Nothing has happened yet." } else { super::words::NO_DATA };
            cell::text(ui, list.with_max_y(list.top() + ROW), words, &Ink::body(tokens.faint), None);
        }
    }
}

fn row(ui: &mut Ui, rect: Rect, one: &Happening, seen: &Seen) {
    let tokens = tokens(ui.ctx());
    let at = moment(one.at, seen.at, seen.local);
    cell::named(ui, rect, Role::ListItem, &format!("{at} {}", one.words), Some(one.tone.word().to_owned()));
    let mut strip = Strip(rect);
    let full = format!("{} ({})", universal(one.at), clock(one.at, seen.local));
    cell::text(ui, strip.left(TIME), &at, &Ink::body(tokens.faint), Some(&full));
    let place = strip.left(SIGN);
    let (sign, colour) = Sign::of_tone(one.tone, &tokens);
    sign.draw(ui.painter(), pos2(place.left() + 4.0, place.center().y), colour);
    cell::text(ui, strip.0, &one.words, &Ink::body(tokens.text), None);
}

fn table(seen: &Seen) -> Table {
    let mut table = Table::new("happened", &["time", "service", "severity", "what"]);
    let all = seen.happened.iter().flat_map(|all| all.iter());
    table.rows.extend(all.map(|one| {
        let service = one.service.clone().unwrap_or_default();
        vec![universal(one.at), service, one.tone.word().to_owned(), one.words.clone()]
    }));
    table
}
