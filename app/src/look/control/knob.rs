//! The knob for pan and balance.

use egui::{CursorIcon, Rect, Response, Sense, Shape, Stroke, Ui, Vec2, pos2};

use super::fader::bubble;
use super::plate::{focus_ring, tip};
use super::turn::{Axis, Dial, describe, number_of};
use super::{Turn, pan_words};
use crate::look::{Tokens, tokens};

/// A knob from −1 to 1 for pan and balance, shown as L 9, C, R 30 by the caller ([`pan_words`]); while it is turned, it
/// shows it itself. Double-click centres it, wheel and arrow keys step 5 (1 with Shift), Enter types ("L 30", "C", "12").
pub fn pan_knob(ui: &mut Ui, name: &str, pan: f32, diameter: f32) -> (Response, Turn) {
    let (_, rect) = ui.allocate_space(Vec2::splat(diameter));
    let response = ui.interact(rect, ui.scope_id().with((name, "knob")), Sense::click_and_drag());
    let dial = Dial {
        value: pan,
        home: Some(0.0),
        place: &|pan| f32::midpoint(pan, 1.0),
        at: &|place| ((2.0 * place - 1.0) * 100.0).round() / 100.0,
        step: &step,
        parse: &parse,
        words: &pan_words,
        length: WAY,
        axis: Axis::Both,
    };
    let (shown, mut turn) = dial.turn(ui, &response);
    describe(&response, name, shown, [-1.0, 1.0], &pan_words(shown));
    if ui.is_rect_visible(rect) {
        paint(ui, &response, shown);
    }
    let field = Rect::from_center_size(rect.center(), Vec2::new(FIELD, Tokens::HEIGHT[0]));
    if let Some(typed) = dial.typed(ui, &response, field, false, name) {
        turn = typed;
    }
    if response.dragged() {
        bubble(ui, rect, &pan_words(shown));
    }
    let response = response.on_hover_and_drag_cursor(CursorIcon::ResizeVertical);
    (tip(response, &format!("{name}: {}", pan_words(shown)), "double-click: centre"), turn)
}

/// Points from hard left to hard right.
const WAY: f32 = 200.0;
const FIELD: f32 = 48.0;
/// From this diameter on there is room for a pointer.
const POINTED: f32 = 32.0;
/// Half of the turn, in degrees from the top.
const SWEEP: f32 = 135.0;

fn paint(ui: &Ui, response: &Response, pan: f32) {
    let tokens = tokens(ui.ctx());
    let rect = response.rect;
    let width = (rect.width() / 11.0).clamp(2.0, 4.0);
    let radius = rect.width() / 2.0 - width / 2.0 - 1.0;
    let arc = |from: f32, to: f32, colour| {
        let steps = ((to - from).abs() / 9.0).ceil().max(1.0);
        let point = |step: usize| {
            let angle = (from + (to - from) * step as f32 / steps).to_radians();
            rect.center() + radius * Vec2::new(angle.sin(), -angle.cos())
        };
        let points: Vec<_> = (0..=steps as usize).map(point).collect();
        for end in [points.first(), points.last()].into_iter().flatten() {
            ui.painter().circle_filled(*end, width / 2.0, colour);
        }
        ui.painter().add(Shape::line(points, Stroke::new(width, colour)));
    };
    let lively = response.hovered() || response.dragged();
    arc(-SWEEP, SWEEP, if lively { tokens.pressed } else { tokens.hover });
    let to = SWEEP * pan.clamp(-1.0, 1.0);
    if pan.abs() < 0.005 {
        // At the centre a tick instead of an arc: centred is a place of its own.
        let top = rect.center().y - radius;
        let tick = Stroke::new(2.0, tokens.secondary);
        ui.painter().line_segment([pos2(rect.center().x, top - 2.0), pos2(rect.center().x, top + 3.0)], tick);
    } else {
        arc(0.0, to, tokens.accent);
    }
    focus_ring(ui, response, rect, rect.width() / 2.0);
    if rect.width() < POINTED {
        return;
    }
    let angle = to.to_radians();
    let pointer = Vec2::new(angle.sin(), -angle.cos());
    let (from, until) = (rect.center() + radius * 0.28 * pointer, rect.center() + radius * 0.62 * pointer);
    ui.painter()
        .line_segment([from, until], Stroke::new(2.0, if lively { tokens.text } else { tokens.secondary }));
}

fn step(pan: f32, steps: f32, fine: bool) -> f32 {
    let size = if fine { 0.01 } else { 0.05 };
    (((pan + steps * size) * 100.0).round() / 100.0).clamp(-1.0, 1.0)
}

fn parse(words: &str) -> Option<f32> {
    let plain = words.trim().to_lowercase();
    if plain == "c" || plain == "centre" || plain == "center" {
        return Some(0.0);
    }
    let left = plain.starts_with('l') || plain.ends_with('l');
    let digits = plain.trim_matches(|sign: char| sign.is_alphabetic() || sign.is_whitespace());
    let percent = number_of(digits)?;
    Some((if left { -percent.abs() } else { percent } / 100.0).clamp(-1.0, 1.0))
}
