//! A number that is dragged, stepped and typed.

use std::ops::RangeInclusive;

use egui::{CursorIcon, Response, Sense, Ui, Vec2};

use super::Turn;
use super::plate::{centred, elide, plate, tip};
use super::turn::{Axis, Dial, describe, number_of};
use crate::look::{Tokens, medium, tokens};

/// A number that can be dragged and typed, in `unit`, with `decimals`. A click or Enter types, wheel and arrow keys
/// step. As wide as its widest value, so that nothing beside it moves.
pub fn number(
    ui: &mut Ui,
    name: &str,
    value: f32,
    range: RangeInclusive<f32>,
    decimals: usize,
    unit: &str,
) -> (Response, Turn) {
    let (low, high) = (*range.start(), *range.end());
    let grid = 10.0_f32.powi(decimals as i32);
    let fit = |value: f32| ((value * grid).round() / grid).clamp(low, high);
    let size = step_of(high - low).max(1.0 / grid);
    let words = |value: f32| format!("{value:.decimals$}").replace('-', "−");
    let dial = Dial {
        value,
        home: None,
        place: &|value| (value - low) / (high - low).max(f32::EPSILON),
        at: &|place| fit(low + place * (high - low)),
        step: &|value, steps, fine| fit(value + steps * if fine { 1.0 / grid } else { size }),
        parse: &|words| number_of(words).map(fit),
        words: &words,
        // Four points a step, however wide the range.
        length: (high - low) / size * 4.0,
        axis: Axis::Both,
    };
    let width =
        [low, high].map(|end| text_width(ui, &with_unit(&words(end), unit))).into_iter().fold(0.0, f32::max);
    let (_, rect) = ui.allocate_space(Vec2::new(width + 2.0 * Tokens::SPACE[1], Tokens::HEIGHT[1]));
    let response = ui.interact(rect, ui.scope_id().with((name, "number")), Sense::click_and_drag());
    let (shown, turn) = dial.turn(ui, &response);
    let text = with_unit(&words(shown), unit);
    describe(&response, name, shown, [low, high], &text);
    let begin = response.clicked() && !ui.input(|input| input.key_pressed(egui::Key::Space));
    let typed = dial.typed(ui, &response, rect, begin, name);
    if typed.is_none() && ui.is_rect_visible(rect) {
        let ink = plate(ui, &response, None, Tokens::CORNER[1]);
        centred(ui, rect, elide(ui, &text, medium(Tokens::TYPE[2]), ink, rect.width()), ink);
    }
    let response = response.on_hover_and_drag_cursor(CursorIcon::ResizeVertical);
    (tip(response, name, "drag, or click to type"), typed.filter(|turn| *turn != Turn::Rests).unwrap_or(turn))
}

fn with_unit(words: &str, unit: &str) -> String {
    if unit.is_empty() { words.to_owned() } else { format!("{words} {unit}") }
}

fn text_width(ui: &Ui, text: &str) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), medium(Tokens::TYPE[2]), tokens(ui.ctx()).text).size().x
}

/// A handy step for a range: 1 for tempos and milliseconds, 0.5 for decibels, a hundredth for what is small.
fn step_of(span: f32) -> f32 {
    match span {
        wide if wide > 120.0 => 1.0,
        middle if middle > 20.0 => 0.5,
        small if small > 2.0 => 0.1,
        _ => 0.01,
    }
}
