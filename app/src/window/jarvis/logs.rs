//! What the services write, as it comes in: whose, and which lines.

use std::collections::BTreeSet;

use egui::{Align2, Color32, Rect, ScrollArea, Sense, TextEdit, Ui, vec2};
use regex::{Regex, RegexBuilder};

use super::Panel;
use super::cell::{self, Ink, Sign, Strip};
use super::rows;
use super::words::{NO_DATA, count, plain, title};
use crate::look::control::{checkbox, combo};
use crate::look::{Tokens, regular, tokens};
use crate::studio::operator::table::Table;
use crate::studio::operator::{Line, Seen};

const ROW: f32 = 20.0;
/// Height of what chooses.
const TOOLS: f32 = 38.0;
/// Width of whose line it is.
const WHOSE: f32 = 128.0;
/// A pattern that is larger compiled is refused: it comes from a keyboard.
const LARGEST: usize = 1 << 20;

/// What is chosen, and what that leaves.
#[derive(Debug)]
pub(super) struct Kept {
    service: Option<String>,
    filter: String,
    follow: bool,
    compiled: Result<Option<Regex>, String>,
    // Of which lines `found` are the numbers.
    of: Option<u64>,
    found: Vec<usize>,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            service: None,
            filter: String::new(),
            follow: true,
            compiled: Ok(None),
            of: None,
            found: Vec::new(),
        }
    }
}

impl Kept {
    /// Shows what this service writes.
    pub(super) fn choose(&mut self, service: &str) {
        self.service = Some(service.to_owned());
        self.of = None;
    }

    fn compile(&mut self) {
        self.of = None;
        let filter = self.filter.trim();
        self.compiled = if filter.is_empty() { Ok(None) } else { pattern(filter).map(Some) };
    }

    /// Finds the lines anew where they, or what is chosen, have changed.
    fn find(&mut self, seen: &Seen) {
        if self.of == Some(seen.lines_read) {
            return;
        }
        self.of = Some(seen.lines_read);
        let pattern = self.compiled.as_ref().ok().and_then(Option::as_ref);
        let chosen = |line: &Line| {
            self.service.as_deref().is_none_or(|service| *line.service == *service)
                && pattern.is_none_or(|pattern| pattern.is_match(&line.text))
        };
        self.found = seen
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| chosen(line))
            .map(|(number, _)| number)
            .collect();
    }
}

/// What is looked for, whatever its case; why not, where it is no pattern.
fn pattern(filter: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(filter).case_insensitive(true).size_limit(LARGEST).build();
    built.map_err(|error| {
        let words = error.to_string();
        words.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })
}

/// Draws the page.
pub(super) fn show(ui: &mut Ui, panel: &mut Panel<'_, '_>, page: Rect) {
    panel.kept.logs.find(panel.seen);
    let below = rows::card(ui, page, "Logs", |ui, strip| {
        if rows::csv_button(ui, strip, "these lines") {
            panel.save(table(panel.seen, &panel.kept.logs));
        }
    });
    tools(ui, panel, below.with_max_y(below.top() + TOOLS));
    // What was typed just now counts at once.
    panel.kept.logs.find(panel.seen);
    list(ui, panel, below.with_min_y(below.top() + TOOLS));
}

fn tools(ui: &mut Ui, panel: &mut Panel<'_, '_>, place: Rect) {
    let tokens = tokens(ui.ctx());
    let services = services(panel.seen);
    let kept = &mut panel.kept.logs;
    let mut ui = cell::child(ui, "tools", place);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = Tokens::SPACE[2];
        let mut names = vec!["All services".to_owned()];
        names.extend(services.iter().map(|service| plain(&title(service))));
        let chosen = kept.service.as_ref().and_then(|one| services.iter().position(|service| service == one));
        let words: Vec<&str> = names.iter().map(String::as_str).collect();
        if let Some(picked) = combo(ui, "Whose lines", chosen.map_or(0, |at| at + 1), &words, 180.0) {
            kept.service = picked.checked_sub(1).and_then(|at| services.get(at)).cloned();
            kept.of = None;
        }
        let edit = TextEdit::singleline(&mut kept.filter)
            .hint_text("Find: a word, or a pattern such as error|warn")
            .desired_width(300.0)
            .min_size(vec2(0.0, Tokens::HEIGHT[1]))
            .align(Align2::LEFT_CENTER);
        if ui.add(edit).accessible_name("Find in the logs").changed() {
            kept.compile();
        }
        if checkbox(ui, kept.follow, "Follow").on_hover_text("The newest line stays in sight.").clicked() {
            kept.follow = !kept.follow;
        }
        let (words, colour) = match &kept.compiled {
            Err(why) => (format!("This is no pattern: {why}"), tokens.attention),
            Ok(None) if kept.found.len() == 1 => ("1 line".to_owned(), tokens.faint),
            Ok(None) => (format!("{} lines", count(kept.found.len() as u64)), tokens.faint),
            Ok(Some(_)) => (
                format!(
                    "{} of {} lines",
                    count(kept.found.len() as u64),
                    count(panel.seen.lines.len() as u64)
                ),
                tokens.secondary,
            ),
        };
        let rest = ui.available_rect_before_wrap();
        let rest = rest.with_max_y(rest.top() + Tokens::HEIGHT[1]);
        if kept.compiled.is_err() {
            Sign::Triangle.draw(ui.painter(), egui::pos2(rest.left() + 5.0, rest.center().y), colour);
        }
        let left = if kept.compiled.is_err() { 18.0 } else { 0.0 };
        cell::text(ui, rest.with_min_x(rest.left() + left), &words, &Ink::label(colour), None);
    });
}

/// All whose lines there are, or could be.
fn services(seen: &Seen) -> Vec<String> {
    let declared = seen.services.iter().flatten().map(|status| status.name.clone());
    let wrote = seen.lines.iter().map(|line| line.service.to_string());
    declared.chain(wrote).collect::<BTreeSet<_>>().into_iter().collect()
}

fn list(ui: &mut Ui, panel: &Panel<'_, '_>, place: Rect) {
    let tokens = tokens(ui.ctx());
    ui.painter().rect_filled(place, Tokens::CORNER[1], tokens.well);
    let inner = place.shrink2(vec2(Tokens::SPACE[2], Tokens::SPACE[1]));
    let kept = &panel.kept.logs;
    if kept.found.is_empty() {
        let words = match (panel.seen.lines.is_empty(), kept.compiled.is_err()) {
            (true, _) => NO_DATA,
            (false, true) => "Nothing is looked for until the pattern is one.",
            (false, false) => "No line of those that are kept is like this.",
        };
        cell::text(ui, inner.with_max_y(inner.top() + ROW), words, &Ink::body(tokens.faint), None);
        return;
    }
    let fits = kept.found.len() as f32 * ROW <= inner.height();
    let far = cell::scrolled_by_keys(ui, inner, "Lines of the logs", fits);
    let mut child = cell::child(ui, "lines", inner);
    child.spacing_mut().item_spacing.y = 0.0;
    let area = ScrollArea::vertical().id_salt("lines").auto_shrink(false).stick_to_bottom(kept.follow);
    area.show_rows(&mut child, ROW, kept.found.len(), |ui, range| {
        cell::scroll(ui, far);
        for number in range {
            let Some(line) = kept.found.get(number).and_then(|at| panel.seen.lines.get(*at)) else {
                continue;
            };
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
            let mut strip = Strip(rect);
            let ink = Ink { font: regular(Tokens::TYPE[1]), ..Ink::body(tokens.faint) };
            cell::text(ui, strip.left(WHOSE), &title(&line.service), &ink, None);
            let ink = Ink { colour: colour_of(&line.text, &tokens), ..ink };
            cell::text(ui, strip.0, &line.text, &ink, None);
        }
    });
}

/// Lines that say of themselves that something is wrong stand out.
pub(super) fn colour_of(text: &str, tokens: &Tokens) -> Color32 {
    let head: String = text.chars().take(80).collect::<String>().to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| head.contains(word));
    if says(&["error", "panic", "fatal"]) {
        tokens.record
    } else if says(&["warn"]) {
        tokens.attention
    } else {
        tokens.text
    }
}

fn table(seen: &Seen, kept: &Kept) -> Table {
    let mut table = Table::new("logs", &["service", "line"]);
    let found = kept.found.iter().filter_map(|at| seen.lines.get(*at));
    table.rows.extend(found.map(|line| vec![line.service.to_string(), line.text.to_string()]));
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_by_service_and_pattern_and_a_wrong_pattern_says_why() {
        let lines = [("coach", "ready"), ("coach", "ERROR: no model"), ("producer", "error 3")];
        let seen = Seen {
            lines: std::sync::Arc::new(
                lines.iter().map(|(service, text)| Line::new(service, text)).collect(),
            ),
            ..Seen::default()
        };
        let mut kept = Kept::default();
        let mut found = |service: Option<&str>, filter: &str| {
            kept.service = service.map(str::to_owned);
            kept.filter = filter.to_owned();
            kept.compile();
            kept.find(&seen);
            kept.found.clone()
        };
        assert_eq!(found(None, ""), [0, 1, 2]);
        assert_eq!(found(None, "error"), [1, 2]);
        // Seen red: with the service left out.
        assert_eq!(found(Some("coach"), "^error"), [1]);
        assert_eq!(found(None, "("), [0, 1, 2]);
        assert!(kept.compiled.as_ref().unwrap_err().contains("unclosed"), "{:?}", kept.compiled);
        kept.filter = "x{1000}{1000}{1000}".to_owned();
        kept.compile();
        assert!(kept.compiled.is_err());
    }
}
