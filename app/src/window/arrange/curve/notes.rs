//! The notes found in a clip: a translucent bar each where its key is, with its name where there is room.

use dawg_dsp::pitch::notes::SungNote;
use egui::{Rect, Shape, pos2, vec2};

use super::super::canvas::Sheet;
use super::{Scale, ink};
use crate::look::{Tokens, medium};
use crate::pitches::{Sung, notes_between};
use crate::window::pitch::scale::Scale as InKey;

/// Narrower notes are left to the line; a name needs more.
const SEEN: f32 = 2.0;
const NAMED: f32 = 16.0;

/// A lower body has no room for names.
const HIGH: f32 = 34.0;

/// Least height of a bar.
const THICK: f32 = 6.0;

/// Strength of a bar.
const BAR: f32 = 0.28;

/// Draws the bars.
pub(super) fn bars(sheet: &Sheet<'_>, scale: &Scale, sung: &Sung, strength: f32, out: &mut Vec<Shape>) {
    for note in in_sight(scale, sung) {
        let place = place(scale, sung, note);
        if place.width() >= SEEN {
            let colour = ink(&sheet.tokens, note.in_tune()).gamma_multiply(BAR * strength);
            out.push(Shape::rect_filled(place, (place.height() / 2.0).min(3.0), colour));
        }
    }
}

/// Draws the names, and says where they are.
pub(super) fn names(
    sheet: &Sheet<'_>,
    scale: &Scale,
    sung: &Sung,
    strength: f32,
    out: &mut Vec<Shape>,
) -> Vec<Rect> {
    let mut places = Vec::new();
    if scale.place.height() < HIGH {
        return places;
    }
    let colour = if strength < 1.0 { sheet.tokens.secondary } else { sheet.tokens.text };
    let mut taken = f32::NEG_INFINITY;
    let in_key = InKey::of(sheet.session.key);
    for note in in_sight(scale, sung) {
        let bar = place(scale, sung, note);
        if bar.width() < NAMED || bar.left() < taken {
            continue;
        }
        let words = in_key.name(note.note);
        let galley = sheet.text(&words, medium(Tokens::TYPE[0]), colour, f32::INFINITY);
        let size = galley.size();
        if size.x > bar.width() + 2.0 {
            continue;
        }
        // Above the voice, or below where there is no room.
        let above = bar.top().min(bar.center().y - 4.0) - size.y;
        let below = bar.bottom().max(bar.center().y + 4.0);
        let y = if above >= scale.place.top() { above } else { below };
        if y + size.y > scale.place.bottom() + 2.0 {
            continue;
        }
        let at = pos2(bar.left() + 1.0, y);
        let back = Rect::from_min_size(at, size).expand2(vec2(2.0, -1.0));
        out.push(Shape::rect_filled(back, 2.0, sheet.tokens.room.gamma_multiply(0.5)));
        out.push(Shape::galley(at, galley, colour));
        taken = at.x + size.x + 3.0;
        places.push(back);
    }
    places
}

fn in_sight<'a>(scale: &Scale, sung: &'a Sung) -> &'a [SungNote] {
    let second = |x: f32| sung.curve.seconds(scale.frame(x));
    notes_between(&sung.notes, second(scale.place.left()), second(scale.place.right()))
}

/// Where a note is, as far as it is in sight.
fn place(scale: &Scale, sung: &Sung, note: &SungNote) -> Rect {
    let x =
        |seconds: f64| scale.x(sung.curve.frame_at(seconds)).clamp(scale.place.left(), scale.place.right());
    let middle = scale.y(f32::from(note.note.0));
    let half = scale.row.max(THICK) / 2.0;
    Rect::from_x_y_ranges(x(note.start)..=x(note.end), middle - half..=middle + half)
}
