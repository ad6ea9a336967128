//! Tables: columns with a head, rows of cells, of which only those in sight are laid out.

use egui::{Color32, Rect, Role, ScrollArea, Sense, Ui, pos2, vec2};

use super::cell::{self, Ink, Sign, Strip};
use super::words::NO_DATA;
use crate::look::{Tokens, tokens};

/// Height of the head, and of a row.
const HEAD: f32 = 30.0;
pub(super) const ROW: f32 = 34.0;
/// Between columns.
pub(super) const GAP: f32 = Tokens::SPACE[2];

/// A column: what it is called, its least width, and its share of what is to spare.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column(pub(super) &'static str, pub(super) f32, pub(super) f32);

/// A cell.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub(super) words: String,
    pub(super) sign: Option<(Sign, Color32)>,
    pub(super) strong: bool,
    pub(super) quiet: bool,
    pub(super) hint: Option<String>,
}

impl Cell {
    pub(super) fn new(words: impl Into<String>) -> Self {
        Self { words: words.into(), ..Self::default() }
    }

    /// A measured value; “no data yet” where there is none.
    pub(super) fn or_no_data(words: Option<String>) -> Self {
        words.map_or_else(|| Self { words: NO_DATA.to_owned(), quiet: true, ..Self::default() }, Self::new)
    }

    pub(super) fn strong(mut self) -> Self {
        self.strong = true;
        self
    }

    pub(super) fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    pub(super) fn sign(mut self, sign: (Sign, Color32)) -> Self {
        self.sign = Some(sign);
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A row: its name for those who listen, its cells, and a button at its end.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) cells: Vec<Cell>,
    /// What stands on it, and its name.
    pub(super) button: Option<(&'static str, String)>,
}

/// How high a table of so many rows is.
pub(super) fn height(rows: usize) -> f32 {
    HEAD + rows.max(1) as f32 * ROW
}

/// Draws a table into a box, which scrolls where it is too low. `empty` stands there without rows. Gives the row whose
/// button was clicked.
pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    name: &str,
    columns: &[Column],
    (count, empty): (usize, &str),
    mut row: impl FnMut(usize) -> Row,
) -> Option<usize> {
    let tokens = tokens(ui.ctx());
    let below = rect.with_min_y(rect.top() + HEAD);
    let fits = count as f32 * ROW <= below.height();
    // What scrolls lies beside the rows.
    let width = rect.width() - if fits { 0.0 } else { Tokens::SPACE[2] };
    let widths = widths(columns, width);
    let mut strip = Strip(rect.with_max_y(rect.top() + HEAD));
    for (column, width) in columns.iter().zip(&widths) {
        cell::text(ui, strip.left(*width), column.0, &Ink::label(tokens.faint), None);
        strip.gap(GAP);
    }
    if count == 0 {
        cell::hairline(ui, below);
        cell::text(ui, below.with_max_y(below.top() + ROW), empty, &Ink::body(tokens.faint), None);
        return None;
    }
    let mut clicked = None;
    let far = cell::scrolled_by_keys(ui, below, name, fits);
    let mut child = cell::child(ui, name, below);
    child.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().id_salt(name).auto_shrink(false).show_rows(&mut child, ROW, count, |ui, range| {
        cell::scroll(ui, far);
        for number in range {
            let (place, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
            let row = row(number);
            let pressed = ui.push_id(number, |ui| draw(ui, place, &row, &widths)).inner;
            if pressed {
                clicked = Some(number);
            }
        }
    });
    clicked
}

fn widths(columns: &[Column], width: f32) -> Vec<f32> {
    let least: f32 = columns.iter().map(|column| column.1).sum::<f32>() + GAP * columns.len() as f32;
    let shares: f32 = columns.iter().map(|column| column.2).sum();
    let spare = (width - least).max(0.0);
    columns
        .iter()
        .map(|column| column.1 + if shares > 0.0 { spare * column.2 / shares } else { 0.0 })
        .collect()
}

fn draw(ui: &mut Ui, place: Rect, row: &Row, widths: &[f32]) -> bool {
    let tokens = tokens(ui.ctx());
    cell::hairline(ui, place);
    cell::named(ui, place, Role::ListItem, &row.name, None);
    let mut strip = Strip(place);
    let mut pressed = false;
    if let Some((face, name)) = &row.button {
        pressed = cell::button(ui, strip.right(cell::button_width(ui, face), cell::BUTTON), face, name, None);
        strip.gap_right(GAP);
    }
    for (one, width) in row.cells.iter().zip(widths) {
        let mut box_of = strip.left(*width);
        strip.gap(GAP);
        if let Some((sign, colour)) = one.sign {
            sign.draw(ui.painter(), pos2(box_of.left() + 5.0, box_of.center().y), colour);
            box_of.min.x += Tokens::SPACE[3] + 2.0;
        }
        let ink = match (one.strong, one.quiet) {
            (true, _) => Ink::strong(tokens.text),
            (false, true) => Ink::body(tokens.faint),
            (false, false) => Ink::body(tokens.text),
        };
        cell::text(ui, box_of, &one.words, &ink, one.hint.as_deref());
    }
    pressed
}

/// A card with a title and what stands at its right, from the right. Gives what is below.
pub(super) fn card(ui: &mut Ui, rect: Rect, title: &str, at_right: impl FnOnce(&mut Ui, &mut Strip)) -> Rect {
    const TITLE: f32 = 46.0;
    let inner = cell::ground(ui, rect);
    let head = inner.with_max_y(inner.top() + TITLE);
    let mut strip = Strip(head);
    at_right(ui, &mut strip);
    cell::text(ui, strip.0, title, &Ink::title(tokens(ui.ctx()).text), None);
    Rect::from_min_max(
        pos2(inner.left(), head.bottom()),
        pos2(inner.right(), rect.bottom() - Tokens::SPACE[1]),
    )
}

/// A button that saves a table, at the right of a title.
pub(super) fn csv_button(ui: &mut Ui, strip: &mut Strip, of: &str) -> bool {
    let place = strip.right(cell::button_width(ui, "CSV"), cell::BUTTON);
    strip.gap_right(Tokens::SPACE[1]);
    cell::button(ui, place, "CSV", &format!("Save {of} as CSV"), None)
}
