//! The notes that were found: a box each, with the band that is in tune, and where it was missed, by how much.
//!
//! Start at [`draw`].

use dawg_dsp::pitch::notes::SungNote;
use egui::{Align2, Color32, CornerRadius, Painter, Rect, Shape, Stroke, StrokeKind, pos2};

use super::curve::colour;
use super::history::{History, RATE};
use super::reach::Field;
use super::voice::{IN_TUNE, Tune};
use crate::look::{Tokens, medium, mix};

/// A sign and a number need a box of so many points.
const SIGN_ROOM: f32 = 26.0;
const SIGN_HEIGHT: f32 = 14.0;

/// Where a note is drawn.
#[must_use]
pub(super) fn place(field: &Field, note: &SungNote) -> Rect {
    let row = field.row(note.note.0);
    let (from, to) = (field.x(note.start * RATE), field.x(note.end * RATE).min(field.now));
    Rect::from_min_max(pos2(from, row.top()), pos2(to.max(from + 2.0), row.bottom()))
}

/// Draws those in sight, in the track's colour.
pub(super) fn draw(painter: &Painter, field: &Field, history: &History, track: Color32, tokens: &Tokens) {
    let (body, line) = (mix(tokens.room, track, 0.17), mix(tokens.room, track, 0.5));
    for note in history.notes() {
        let place = place(field, note);
        if !place.intersects(field.roll) || place.width() < 3.0 {
            continue;
        }
        let corner = CornerRadius::same(Tokens::CORNER[0].min(place.height() / 3.0) as u8);
        let stroke = Stroke::new(Tokens::HAIRLINE, line);
        painter.rect(place.shrink2(egui::vec2(0.0, 0.5)), corner, body, stroke, StrokeKind::Inside);
        band(painter, place, mix(body, track, 0.2));
        sign(painter, field, place, note, tokens);
    }
}

/// Where it would be in tune.
fn band(painter: &Painter, place: Rect, ink: Color32) {
    let half = place.height() * IN_TUNE / 100.0;
    if half >= 1.0 && place.width() > 4.0 {
        let middle = place.center().y;
        let inside = place.x_range().shrink(1.0);
        painter.rect_filled(Rect::from_x_y_ranges(inside, middle - half..=middle + half), 0.0, ink);
    }
}

/// An arrow to where the voice lies, and how far: not by colour alone.
fn sign(painter: &Painter, field: &Field, place: Rect, note: &SungNote, tokens: &Tokens) {
    let tune = Tune::of(note.cents.0);
    if tune == Tune::In || place.width() < SIGN_ROOM {
        return;
    }
    let ink = colour(tune, tokens);
    // On the side to which it was missed, if there is room.
    let above = match tune {
        Tune::Sharp => place.top() - SIGN_HEIGHT > field.roll.top(),
        _ => place.bottom() + SIGN_HEIGHT > field.roll.bottom(),
    };
    let (y, align) = match above {
        true => (place.top() - 2.0, Align2::LEFT_BOTTOM),
        false => (place.bottom() + 2.0, Align2::LEFT_TOP),
    };
    let x = place.left() + Tokens::SPACE[0] / 2.0;
    let words = super::words::cents(note.cents.0);
    let text = painter.text(pos2(x + 9.0, y), align, words, medium(Tokens::TYPE[0]), ink);
    arrow(painter, pos2(x + 3.5, text.center().y), 3.5, tune, ink);
}

/// A triangle that points up for sharp and down for flat.
pub(super) fn arrow(painter: &Painter, middle: egui::Pos2, half: f32, tune: Tune, ink: Color32) {
    let tip = if tune == Tune::Sharp { -half } else { half };
    let points = vec![
        pos2(middle.x - half, middle.y - tip * 0.8),
        pos2(middle.x + half, middle.y - tip * 0.8),
        pos2(middle.x, middle.y + tip * 0.8),
    ];
    painter.add(Shape::convex_polygon(points, ink, Stroke::NONE));
}
