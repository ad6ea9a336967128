//! A slider with words of its own: for what is neither a gain nor a pan.

use egui::{CornerRadius, CursorIcon, Rect, Response, Sense, Ui, Vec2, pos2};

use super::Turn;
use super::plate::{focus_ring, tip};
use super::turn::{Axis, Dial, describe};
use crate::look::{Tokens, mix, tokens};

/// What a slider goes along.
pub struct Way<'a> {
    /// Its ends.
    pub ends: [f32; 2],
    /// Where a double-click brings it.
    pub home: f32,
    /// Filled from the middle outwards, which is marked and holds the thumb for a moment; for what has two sides.
    pub centred: bool,
    /// Equal ways are equal ratios, as times and frequencies are heard. Its ends are above 0 then.
    pub ratio: bool,
    /// A step, and a fine one with Shift.
    pub steps: [f32; 2],
    /// The words for a value.
    pub words: &'a dyn Fn(f32) -> String,
    /// What typed words mean.
    pub parse: &'a dyn Fn(&str) -> Option<f32>,
}

impl std::fmt::Debug for Way<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Way").field("ends", &self.ends).finish_non_exhaustive()
    }
}

/// A centred slider is held in the middle along this share of its way.
const DETENT: f32 = 0.03;
const THUMB: Vec2 = Vec2::new(8.0, 18.0);
const RAIL: f32 = 4.0;
const TICK: f32 = 10.0;

/// A horizontal slider as wide as `width`. Double-click brings it home, wheel and arrow keys step (fine with Shift),
/// Enter types. The words are the caller's to show.
pub fn slider(ui: &mut Ui, name: &str, value: f32, way: &Way<'_>, width: f32) -> (Response, Turn) {
    let (_, rect) = ui.allocate_space(Vec2::new(width, Tokens::HEIGHT[1]));
    let response = ui.interact(rect, ui.scope_id().with((name, "slider")), Sense::click_and_drag());
    let [low, high] = way.ends;
    let fit = |value: f32| ((value / way.steps[1]).round() * way.steps[1]).clamp(low, high);
    let dial = Dial {
        value,
        home: Some(way.home),
        place: &|value| way.place(value),
        at: &|place| fit(way.at(place)),
        step: &|value, steps, fine| fit(value + steps * way.steps[usize::from(fine)]),
        parse: &|words| (way.parse)(words).map(|value| value.clamp(low, high)),
        words: &|value| (way.words)(value),
        length: (rect.width() - THUMB.x).max(1.0),
        axis: Axis::Right,
    };
    let (shown, mut turn) = dial.turn(ui, &response);
    describe(&response, name, shown, way.ends, &(way.words)(shown));
    if ui.is_rect_visible(rect) {
        paint(ui, &response, rect, way, shown);
    }
    if let Some(typed) = dial.typed(ui, &response, rect, false, name) {
        turn = typed;
    }
    let response = response.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
    let home = format!("double-click: {}", (way.words)(way.home));
    (tip(response, name, &home), turn)
}

impl Way<'_> {
    fn place(&self, value: f32) -> f32 {
        let [low, high] = self.ends;
        let place =
            if self.ratio { (value / low).ln() / (high / low).ln() } else { (value - low) / (high - low) };
        if place.is_finite() { place.clamp(0.0, 1.0) } else { 0.0 }
    }

    fn at(&self, place: f32) -> f32 {
        if self.centred && (place - 0.5).abs() < DETENT {
            return f32::midpoint(self.ends[0], self.ends[1]);
        }
        let [low, high] = self.ends;
        if self.ratio { low * (high / low).powf(place) } else { low + (high - low) * place }
    }
}

fn paint(ui: &Ui, response: &Response, rect: Rect, way: &Way<'_>, value: f32) {
    let tokens = tokens(ui.ctx());
    let lively = response.hovered() || response.dragged() || response.has_focus();
    let x = |place: f32| rect.left() + THUMB.x / 2.0 + (rect.width() - THUMB.x) * place;
    let (middle, at) = (rect.center().y, x(way.place(value)));
    let rail = Rect::from_center_size(rect.center(), Vec2::new(rect.width(), RAIL));
    let round = CornerRadius::same((RAIL / 2.0) as u8);
    let painter = ui.painter();
    painter.rect_filled(rail, round, if tokens.dark { tokens.hairline } else { tokens.pressed });
    let from = if way.centred { x(0.5) } else { rail.left() };
    if way.centred {
        let tick = Rect::from_center_size(pos2(from, middle), Vec2::new(Tokens::LINE, TICK));
        painter.rect_filled(tick, 0.0, tokens.faint);
    }
    let filled = Rect::from_x_y_ranges(from.min(at)..=from.max(at), rail.y_range());
    painter.rect_filled(
        filled,
        round,
        if lively { mix(tokens.accent, tokens.text, 0.25) } else { tokens.accent },
    );
    let thumb = Rect::from_center_size(pos2(at, middle), THUMB);
    if !tokens.dark {
        painter.rect_filled(thumb.expand(Tokens::HAIRLINE), 4.0, tokens.rail_fill);
    }
    painter.rect_filled(thumb, 3.0, tokens.cap);
    focus_ring(ui, response, rect.expand2(Vec2::new(2.0, -1.0)), Tokens::CORNER[0]);
}
