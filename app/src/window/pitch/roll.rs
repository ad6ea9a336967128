//! What lies behind the curve: a row for each key of the piano, those of the song's key lighter, lines of time.
//!
//! Start at [`rows`].

use dawg_dsp::pitch::tuning::Note;
use dawg_session::{BarBeatTick, Session};
use egui::{Align2, Mesh, Painter, Rangef, Rect, Shape, Stroke, pos2};

use super::history::{History, Mark, RATE};
use super::reach::Field;
use super::scale::Scale;
use crate::look::{Tokens, medium, mix, regular};

/// Fewest points between the middles of two names.
const NAME_ROOM: f32 = 12.5;
/// Fewest points between two lines of time, and between two numbers of bars.
const LINE_ROOM: f32 = 9.0;
const NUMBER_ROOM: f32 = 28.0;

/// The rows.
pub(super) fn rows(painter: &Painter, field: &Field, scale: Scale, tokens: &Tokens) {
    let mut mesh = Mesh::default();
    let pixels = painter.pixels_per_point();
    let whole = |y: f32| (y * pixels).round() / pixels;
    for key in field.rows() {
        let note = Note(key);
        let row = field.row(key);
        let row =
            Rect::from_min_max(pos2(row.left(), whole(row.top())), pos2(row.right(), whole(row.bottom())));
        let ground = match (scale.is_tonic(note), scale.has(note)) {
            (true, _) => mix(tokens.panel, tokens.accent_dim, 0.42),
            (false, true) => mix(tokens.room, tokens.panel, 0.8),
            (false, false) => mix(tokens.room, tokens.well, 0.6),
        };
        mesh.add_colored_rect(row, ground);
        // Neighbours that both belong to the key are told apart.
        if scale.has(note) && key > 0 && scale.has(Note(key - 1)) {
            let line = row.with_min_y(row.bottom() - 1.0 / pixels);
            mesh.add_colored_rect(line, tokens.grid_weak);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// The names of the rows, over all that scrolls below them. The tonic's comes first, then those of the key as far as
/// there is room.
pub(super) fn names(painter: &Painter, field: &Field, scale: Scale, tokens: &Tokens) {
    let column = field.rect.with_max_x(field.roll.left());
    let mut taken: Vec<f32> = Vec::new();
    let fifth = |note: Note| scale.has(note) && scale.is_tonic(Note(note.0.saturating_sub(7)));
    for pass in 0..3 {
        for key in field.rows().rev() {
            let note = Note(key);
            let wanted = match pass {
                0 => scale.is_tonic(note),
                1 => fifth(note),
                _ => scale.has(note),
            };
            let y = field.y(f32::from(key));
            let inside = y - 6.0 >= column.top() && y + 6.0 <= column.bottom();
            if !wanted || !inside || taken.iter().any(|other| (other - y).abs() < NAME_ROOM) {
                continue;
            }
            taken.push(y);
            let (font, ink) = match pass {
                0 => (medium(Tokens::TYPE[0]), tokens.accent),
                _ => (regular(Tokens::TYPE[0]), tokens.secondary),
            };
            let at = pos2(column.left() + Tokens::SPACE[1], y);
            painter.text(at, Align2::LEFT_CENTER, scale.name(note), font, ink);
        }
    }
}

/// The lines of time, those of what is to come as well.
pub(super) fn lines(painter: &Painter, field: &Field, history: &History, session: &Session, tokens: &Tokens) {
    let pen = Pen { painter, field, tokens };
    let beats = pen.has_room(history, session);
    let mut numbered = f32::NEG_INFINITY;
    for (moment, mark) in history.marks() {
        let x = field.x(moment as f64);
        if x < field.roll.left() {
            continue;
        }
        pen.line(x, mark, beats, &mut numbered);
    }
    if let Some(position) = history.at(history.end().saturating_sub(1)).and_then(|last| last.position) {
        pen.ahead(history, position, session, beats, &mut numbered);
    }
}

struct Pen<'a> {
    painter: &'a Painter,
    field: &'a Field,
    tokens: &'a Tokens,
}

impl Pen<'_> {
    /// Whether beats are far enough apart to be drawn.
    fn has_room(&self, history: &History, session: &Session) -> bool {
        let last = history.at(history.end().saturating_sub(1)).and_then(|last| last.position);
        let tick = session.tempo_map.samples_to_ticks(last.unwrap_or_default(), session.sample_rate);
        let beat = 60.0 / session.tempo_map.tempo_at(tick).bpm();
        (beat * RATE) as f32 * self.field.points >= LINE_ROOM
    }

    fn line(&self, x: f32, mark: Mark, beats: bool, numbered: &mut f32) {
        let (painter, tokens) = (self.painter, self.tokens);
        let pixels = painter.pixels_per_point();
        let x = ((x * pixels).floor() + 0.5) / pixels;
        let tall = self.field.roll.y_range();
        let stroke = |colour| Stroke::new(1.0 / pixels.max(1.0) * pixels.floor().max(1.0), colour);
        match mark {
            Mark::Bar(bar) => {
                painter.vline(x, tall, stroke(tokens.hairline));
                if x - *numbered > NUMBER_ROOM {
                    *numbered = x;
                    let at = pos2(x + Tokens::SPACE[0], tall.min + Tokens::SPACE[0] / 2.0);
                    let font = regular(Tokens::TYPE[0]);
                    painter.text(at, Align2::LEFT_TOP, bar.to_string(), font, tokens.faint);
                }
            }
            Mark::Beat if beats => {
                painter.vline(x, tall, stroke(tokens.grid_weak));
            }
            Mark::Second => {
                painter.vline(x, tall, stroke(tokens.grid_strong));
            }
            Mark::Fold => self.fold(x, tall),
            Mark::Beat => {}
        }
    }

    /// Where time is left out: a dotted line.
    fn fold(&self, x: f32, tall: Rangef) {
        let stroke = Stroke::new(Tokens::HAIRLINE, self.tokens.faint);
        let ends = [pos2(x, tall.min), pos2(x, tall.max)];
        self.painter.extend(Shape::dashed_line(&ends, stroke, 2.0, 4.0));
    }

    /// Bars and beats that the song will come to, as far as there is room right of now.
    fn ahead(&self, history: &History, position: i64, session: &Session, beats: bool, numbered: &mut f32) {
        let (map, rate) = (&session.tempo_map, session.sample_rate);
        let now = history.end() as f64 - 1.0;
        let frames = f64::from(rate) / RATE;
        let last = position + ((self.field.moment(self.field.roll.right()) - now) * frames) as i64;
        let mut place = map.bar_beat_tick(map.samples_to_ticks(position, rate));
        // Lines are so far apart that a screen cannot hold this many.
        for _ in 0..2_000 {
            let (bar, beat) = (place.bar, place.beat + 1);
            place = map.bar_beat_tick(map.ticks_at(BarBeatTick { bar, beat, tick: 0 }));
            let frame = map.ticks_to_samples(map.ticks_at(place), rate).0;
            if frame > last {
                break;
            }
            let mark = if place.beat == 1 { Mark::Bar(place.bar) } else { Mark::Beat };
            let x = self.field.x(now + (frame - position) as f64 / frames);
            self.line(x, mark, beats, numbered);
        }
    }
}

/// The line of now: bright, but not as bright as the playhead.
pub(super) fn now(painter: &Painter, field: &Field, lit: bool, tokens: &Tokens) {
    let pixels = painter.pixels_per_point();
    let width = (Tokens::LINE * pixels).round().max(1.0) / pixels;
    let line = Rect::from_x_y_ranges(field.now..=field.now + width, field.roll.y_range());
    let ink = if lit { mix(tokens.secondary, tokens.text, 0.7) } else { tokens.faint };
    painter.rect_filled(line, 0.0, ink);
}
