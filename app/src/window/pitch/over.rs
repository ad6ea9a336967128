//! What belongs to the pointer over the curve: dragging, wheel and keys that look elsewhere, and what lies under it.
//!
//! Start at [`listen`].

use dawg_session::Session;
use egui::{CursorIcon, Key, Painter, Rect, Response, Stroke, StrokeKind, Ui, pos2, vec2};

use super::boxes;
use super::curve::colour;
use super::history::{History, Moment, RATE};
use super::reach::{Field, Reach};
use super::scale::Scale;
use super::voice::Tune;
use super::words;
use crate::look::{Tokens, medium, regular, tokens};

/// What a turn of the wheel is worth: points that zoom by a factor of e.
const WHEEL: f32 = 240.0;
/// What a key is worth: semitones, seconds, zoom.
const STEP: [f32; 3] = [1.0, 1.0, 1.25];
/// Points around the pointer in which a moment is looked for.
const NEAR: f32 = 4.0;

/// Takes in what hands do over the curve.
pub(super) fn listen(ui: &Ui, response: &Response, reach: &mut Reach, field: &Field) {
    if response.double_clicked() {
        reach.come_back();
    } else if response.dragged() {
        let by = response.drag_delta();
        if by != egui::Vec2::ZERO {
            reach.pan(by.y / field.row, by.x / field.points / RATE as f32);
        }
        ui.set_cursor_icon(CursorIcon::Grabbing);
    }
    if response.contains_pointer() {
        wheel(ui, response, reach, field);
    }
    if response.has_focus() {
        keys(ui, response, reach, field);
    }
}

fn wheel(ui: &Ui, response: &Response, reach: &mut Reach, field: &Field) {
    let (scroll, zoom, alt) =
        ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta(), input.modifiers.alt));
    let at = response.hover_pos().map_or(field.rect.center().y, |at| at.y);
    if (zoom - 1.0).abs() > f32::EPSILON {
        reach.zoom_time(1.0 / zoom);
    } else if alt && scroll.y != 0.0 {
        reach.zoom_keys((-scroll.y / WHEEL).exp(), field.keys(at));
    } else if scroll != egui::Vec2::ZERO {
        reach.pan(scroll.y / field.row, scroll.x / field.points / RATE as f32);
    }
}

fn keys(ui: &Ui, response: &Response, reach: &mut Reach, field: &Field) {
    let filter =
        egui::EventFilter { horizontal_arrows: true, vertical_arrows: true, ..egui::EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let [semitone, second, zoom] = STEP;
    for (key, keys, seconds) in [
        (Key::ArrowUp, semitone, 0.0),
        (Key::ArrowDown, -semitone, 0.0),
        (Key::PageUp, 12.0, 0.0),
        (Key::PageDown, -12.0, 0.0),
        (Key::ArrowLeft, 0.0, second),
        (Key::ArrowRight, 0.0, -second),
    ] {
        if ui.input(|input| input.key_pressed(key)) {
            reach.pan(keys, seconds);
        }
    }
    let middle = field.keys(field.rect.center().y);
    for (key, by) in [(Key::Plus, 1.0 / zoom), (Key::Equals, 1.0 / zoom), (Key::Minus, zoom)] {
        let (pressed, shift) = ui.input(|input| (input.key_pressed(key), input.modifiers.shift));
        match (pressed, shift && key == Key::Minus) {
            (true, false) => reach.zoom_time(by),
            (true, true) => reach.zoom_keys(by, middle),
            _ => {}
        }
    }
    if ui.input(|input| input.key_pressed(Key::Enter)) {
        reach.come_back();
    }
}

/// What lies under the pointer, in figures.
pub(super) fn hover(
    ui: &Ui,
    response: &Response,
    field: &Field,
    history: &History,
    (scale, session): (Scale, &Session),
) {
    let Some(at) = response.hover_pos().filter(|at| field.roll.contains(*at) && !response.dragged()) else {
        return;
    };
    let tokens = tokens(ui.ctx());
    let painter = ui.painter();
    let Some((number, moment)) = nearest(field, history, at.x) else { return };
    let on = pos2(field.x(number as f64), field.y(moment.keys));
    painter.vline(on.x, field.roll.y_range(), Stroke::new(Tokens::HAIRLINE, tokens.faint));
    let Some((name, cents)) = named(scale, moment) else { return };
    let ink = colour(Tune::of(cents), &tokens);
    painter.circle(on, 3.5, ink, Stroke::new(1.5, tokens.room));
    let mut lines = vec![
        format!("{name}  {}", words::cents(cents)),
        format!("{:.1} Hz · {:.0} % sure", moment.hertz, moment.confidence * 100.0),
        when(history, number, moment, session),
    ];
    let inside = |place: Rect| place.expand(NEAR).contains(at);
    if let Some(note) = history.notes().find(|note| inside(boxes::place(field, note))) {
        lines.push(of_note(note, scale));
    }
    card(painter, field, on, &lines, &tokens);
}

/// The moment with a voice that is nearest to the pointer.
fn nearest<'a>(field: &Field, history: &'a History, x: f32) -> Option<(u64, &'a Moment)> {
    let under = field.moment(x);
    let reach = f64::from(NEAR / field.points).max(1.0);
    let (from, to) = ((under - reach).max(0.0) as u64, (under + reach).max(0.0) as u64 + 1);
    let sung = history.range(from, to).filter(|(_, moment)| moment.sung());
    sung.min_by(|(a, _), (b, _)| {
        let far = |number: &u64| (*number as f64 - under).abs();
        far(a).total_cmp(&far(b))
    })
}

/// The note of a moment and how far above it the voice was.
fn named(scale: Scale, moment: &Moment) -> Option<(String, f32)> {
    let key = moment.keys.round();
    let note = (0.0..=127.0).contains(&key).then_some(dawg_dsp::pitch::tuning::Note(key as u8))?;
    Some((scale.name(note), (moment.keys - key) * 100.0))
}

/// “bar 17.3.1”, or how long ago where the song stood.
fn when(history: &History, number: u64, moment: &Moment, session: &Session) -> String {
    match moment.position {
        Some(position) => {
            let tick = session.tempo_map.samples_to_ticks(position, session.sample_rate);
            let place = session.tempo_map.bar_beat_tick(tick);
            let meter = session.tempo_map.meter_at(place.bar);
            let part = place.tick * 4 / meter.beat_ticks().max(1) + 1;
            let seconds = position as f64 / f64::from(session.sample_rate.max(1));
            format!("{}.{}.{part} · {seconds:.2} s", place.bar, place.beat)
        }
        None => {
            let ago = (history.end() - number) as f64 / RATE;
            format!("{ago:.2} s before the end")
        }
    }
}

/// “Note: B3 −12 ¢, 0.84 s, vibrato 5.6 Hz ±41 ¢”.
fn of_note(note: &dawg_dsp::pitch::notes::SungNote, scale: Scale) -> String {
    let length = note.end - note.start;
    let mut words = format!("Note: {} {}, {length:.2} s", scale.name(note.note), words::cents(note.cents.0));
    if let Some(vibrato) = note.vibrato {
        words += &format!(", vibrato {:.1} Hz ±{:.0} ¢", vibrato.rate.0, vibrato.extent.0 / 2.0);
    }
    if note.drift.0.abs() >= 5.0 {
        words += &format!(", drift {}", words::cents(note.drift.0));
    }
    words
}

/// A card beside a point, within the field.
fn card(painter: &Painter, field: &Field, on: egui::Pos2, lines: &[String], tokens: &Tokens) {
    let mut galleys = Vec::new();
    for (line, words) in lines.iter().enumerate() {
        let (font, ink) = match line {
            0 => (medium(Tokens::TYPE[2]), tokens.text),
            _ => (regular(Tokens::TYPE[1]), tokens.secondary),
        };
        galleys.push((painter.layout_no_wrap(words.clone(), font, ink), ink));
    }
    let wide = galleys.iter().map(|(galley, _)| galley.size().x).fold(0.0, f32::max);
    let tall: f32 = galleys.iter().map(|(galley, _)| galley.size().y + 2.0).sum();
    let size = vec2(wide, tall) + vec2(2.0 * Tokens::SPACE[1], 2.0 * Tokens::SPACE[0] + 2.0);
    let gap = Tokens::SPACE[2];
    let left = if on.x + gap + size.x > field.roll.right() { on.x - gap - size.x } else { on.x + gap };
    let lowest = (field.rect.bottom() - size.y - Tokens::SPACE[0]).max(field.rect.top());
    let top = (on.y - size.y - gap).clamp(
        field.rect.top() + Tokens::SPACE[0].min(lowest),
        lowest.max(field.rect.top() + Tokens::SPACE[0]),
    );
    let place = Rect::from_min_size(pos2(left, top), size);
    let stroke = Stroke::new(Tokens::HAIRLINE, tokens.hairline);
    painter.rect(place, Tokens::CORNER[1], tokens.raised, stroke, StrokeKind::Inside);
    let mut y = place.top() + Tokens::SPACE[0] + 1.0;
    for (galley, ink) in galleys {
        let height = galley.size().y;
        painter.galley(pos2(place.left() + Tokens::SPACE[1], y), galley, ink);
        y += height + 2.0;
    }
}
