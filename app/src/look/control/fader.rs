//! Faders and the scale they share with meters: 0 dB at about three quarters of the way, silence at the end.

use egui::{CornerRadius, CursorIcon, Id, Pos2, Rect, Response, Sense, Ui, Vec2, pos2};

use super::meter::{INSET, meter_scale};
use super::plate::{elide, focus_ring};
use super::turn::{Axis, Dial, describe, number_of};
use super::{Turn, decibels};
use crate::look::{Tokens, medium, mix, regular, tokens};

/// The most that a fader gives, in decibels: the top of its way, typed or stepped too.
const MOST: f32 = 6.0;
/// Below this there is silence.
const LEAST: f32 = -72.0;
/// Room for "−12.0" beside a fader.
const FIGURES: f32 = 38.0;
const THUMB: Vec2 = Vec2::new(5.0, 13.0);
const CAP: Vec2 = Vec2::new(26.0, 14.0);
const RAIL: f32 = 4.0;
const SCALE: [f32; 6] = [6.0, 0.0, -6.0, -12.0, -24.0, -48.0];

/// A horizontal fader with its value in decibels beside it. `gain` is linear; a person gives up to +6 dB,
/// the end of the way, and what a song has beyond it stays until it is touched.
/// Double-click resets to 0 dB, wheel and arrow keys step 0.5 dB (0.1 with Shift), Enter or a click on the value types.
pub fn fader(ui: &mut Ui, name: &str, gain: f32, width: f32) -> (Response, Turn) {
    let (_, rect) = ui.allocate_space(Vec2::new(width, Tokens::HEIGHT[0]));
    let way = Rect::from_min_max(rect.min, pos2((rect.right() - FIGURES).max(rect.left()), rect.bottom()));
    let figures = Rect::from_min_max(pos2(way.right(), rect.top()), rect.max);
    let response = ui.interact(way, ui.scope_id().with((name, "fader")), Sense::click_and_drag());
    let length = (way.width() - THUMB.x).max(1.0);
    let (shown, mut turn) = with_dial(gain, length, Axis::Right, |dial| dial.turn(ui, &response));
    describe(&response, name, to_decibels(shown), [LEAST, MOST], &spoken(shown));
    if ui.is_rect_visible(rect) {
        rail(ui, &response, way, shown);
    }
    let typed = value(ui, &response, figures, name, gain, shown);
    if typed != Turn::Rests {
        turn = typed;
    }
    let response = response.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
    (super::plate::tip(response, name, "double-click: 0 dB"), turn)
}

fn rail(ui: &Ui, response: &Response, way: Rect, gain: f32) {
    let tokens = tokens(ui.ctx());
    let lively = response.hovered() || response.dragged() || response.has_focus();
    let rail = Rect::from_center_size(way.center(), Vec2::new(way.width(), RAIL));
    let x = way.left() + THUMB.x / 2.0 + (way.width() - THUMB.x) * meter_scale(gain);
    let round = CornerRadius::same((RAIL / 2.0) as u8);
    let painter = ui.painter();
    painter.rect_filled(rail, round, if tokens.dark { tokens.hairline } else { tokens.pressed });
    let filled = Rect::from_min_max(rail.min, pos2(x, rail.bottom()));
    painter.rect_filled(
        filled,
        round,
        if lively { mix(tokens.rail_fill, tokens.text, 0.25) } else { tokens.rail_fill },
    );
    let thumb = Rect::from_center_size(pos2(x, way.center().y), THUMB);
    if !tokens.dark {
        painter.rect_filled(thumb.expand(Tokens::HAIRLINE), 3.0, tokens.rail_fill);
    }
    painter.rect_filled(thumb, 2.0, tokens.cap);
    focus_ring(ui, response, way.expand2(Vec2::new(2.0, -2.0)), Tokens::CORNER[0]);
}

/// A gain in decibels as words that can be typed: a click begins it. For where a fader has no room for its value.
pub fn gain_value(ui: &mut Ui, name: &str, gain: f32, size: Vec2) -> (Response, Turn) {
    let (_, rect) = ui.allocate_space(size);
    let response = ui.interact(rect, ui.scope_id().with((name, "value")), Sense::click_and_drag());
    let (shown, turn) = with_dial(gain, VALUE_WAY, Axis::Up, |dial| dial.turn(ui, &response));
    describe(&response, name, to_decibels(shown), [LEAST, MOST], &spoken(shown));
    let begin = response.clicked();
    let typed = with_dial(gain, VALUE_WAY, Axis::Up, |dial| dial.typed(ui, &response, rect, begin, name));
    if typed.is_none() {
        figure(ui, &response, rect, shown);
    }
    focus_ring(ui, &response, rect, Tokens::CORNER[0]);
    (response, typed.filter(|typed| *typed != Turn::Rests).unwrap_or(turn))
}

const VALUE_WAY: f32 = 200.0;

/// The figures beside a fader, and their typing.
fn value(ui: &mut Ui, fader: &Response, rect: Rect, name: &str, gain: f32, shown: f32) -> Turn {
    let figures = ui.interact(rect, fader.id.with("figures"), not_focused());
    let begin = figures.clicked();
    let typed = with_dial(gain, 1.0, Axis::Right, |dial| dial.typed(ui, fader, rect, begin, name));
    if typed.is_none() {
        figure(ui, &figures, rect, shown);
    }
    figures.on_hover_cursor(CursorIcon::Text);
    typed.unwrap_or(Turn::Rests)
}

/// A click that the Tab key passes by, because the fader itself is there already.
fn not_focused() -> Sense {
    Sense::CLICK
}

fn figure(ui: &Ui, response: &Response, rect: Rect, gain: f32) {
    let tokens = tokens(ui.ctx());
    let ink = if response.hovered() { tokens.text } else { tokens.secondary };
    let galley = elide(ui, &decibels(gain), regular(Tokens::TYPE[1]), ink, rect.width());
    let at = pos2(rect.right() - galley.size().x, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, ink);
}

/// A vertical fader with a scale in decibels at its left. A vertical [`super::meter`] of the same top and height is on
/// the same scale. Enter types the value; [`gain_value`] shows it.
pub fn tall_fader(ui: &mut Ui, name: &str, gain: f32, height: f32) -> (Response, Turn) {
    let (_, rect) = ui.allocate_space(Vec2::new(TALL, height));
    let response = ui.interact(rect, ui.scope_id().with((name, "tall fader")), Sense::click_and_drag());
    let length = (height - 2.0 * INSET).max(1.0);
    let (shown, mut turn) = with_dial(gain, length, Axis::Up, |dial| dial.turn(ui, &response));
    describe(&response, name, to_decibels(shown), [LEAST, MOST], &spoken(shown));
    if ui.is_rect_visible(rect) {
        tall(ui, &response, shown);
    }
    let cap = cap_at(rect, shown);
    let field = Rect::from_center_size(cap.center(), Vec2::new(TALL, Tokens::HEIGHT[0]));
    if let Some(typed) =
        with_dial(gain, length, Axis::Up, |dial| dial.typed(ui, &response, field, false, name))
    {
        turn = typed;
    }
    if response.dragged() && !Dial::is_typed(ui, &response) {
        bubble(ui, cap, &format!("{} dB", decibels(shown)));
    }
    let response = response.on_hover_and_drag_cursor(CursorIcon::ResizeVertical);
    (super::plate::tip(response, &format!("{name}: {} dB", decibels(shown)), "double-click: 0 dB"), turn)
}

/// Its width: scale and fader.
const TALL: f32 = 48.0;

fn cap_at(rect: Rect, gain: f32) -> Rect {
    let y = rect.bottom() - INSET - (rect.height() - 2.0 * INSET) * meter_scale(gain);
    Rect::from_center_size(pos2(rect.right() - CAP.x / 2.0, y), CAP)
}

fn tall(ui: &Ui, response: &Response, gain: f32) {
    let tokens = tokens(ui.ctx());
    let rect = response.rect;
    let painter = ui.painter();
    let cap = cap_at(rect, gain);
    let slot = Rect::from_x_y_ranges(
        cap.center().x - RAIL / 2.0..=cap.center().x + RAIL / 2.0,
        rect.top() + INSET - RAIL..=rect.bottom() - INSET + RAIL,
    );
    painter.rect_filled(slot, RAIL / 2.0, tokens.well);
    let mut last = f32::NEG_INFINITY;
    for mark in SCALE {
        let y = cap_at(rect, from_decibels(mark)).center().y;
        let ink = if mark == 0.0 { tokens.secondary } else { tokens.faint };
        let words = if mark > 0.0 { format!("+{mark:.0}") } else { format!("{mark:.0}").replace('-', "−") };
        let galley = elide(ui, &words, regular(Tokens::TYPE[0]), ink, TALL - CAP.x);
        // On a short fader the scale thins out.
        if y - last >= galley.size().y {
            last = y;
            let at = pos2(cap.left() - 4.0 - galley.size().x, y - galley.size().y / 2.0);
            painter.galley(at, galley, ink);
        }
    }
    paint_cap(ui, response, cap);
}

fn paint_cap(ui: &Ui, response: &Response, cap: Rect) {
    let tokens = tokens(ui.ctx());
    let painter = ui.painter();
    let lively = response.hovered() || response.dragged();
    painter.rect_filled(cap.translate(Vec2::new(0.0, 1.5)).expand(0.5), 4.0, tokens.shadow);
    let ground = if lively || !tokens.dark { tokens.cap } else { mix(tokens.cap, tokens.panel, 0.06) };
    painter.rect_filled(cap, 3.5, ground);
    let line = Rect::from_center_size(cap.center(), Vec2::new(CAP.x - 8.0, 2.0));
    painter.rect_filled(line, 1.0, tokens.cap_line);
    focus_ring(ui, response, cap, 3.0);
}

/// A value beside what is being turned.
pub(super) fn bubble(ui: &Ui, beside: Rect, words: &str) {
    let tokens = tokens(ui.ctx());
    let layer = egui::LayerId::new(egui::Order::Tooltip, Id::unique("turned value"));
    let painter = ui.ctx().layer_painter(layer);
    let galley = painter.layout_no_wrap(words.to_owned(), medium(Tokens::TYPE[1]), tokens.text);
    let size = galley.size() + Vec2::new(2.0 * Tokens::SPACE[1], Tokens::SPACE[0] + 2.0);
    let screen = ui.ctx().content_rect();
    let left =
        (beside.center().x - size.x / 2.0).clamp(screen.left(), (screen.right() - size.x).max(screen.left()));
    let rect = Rect::from_min_size(Pos2::new(left, beside.top() - size.y - Tokens::SPACE[1]), size);
    painter.rect_filled(rect, Tokens::CORNER[0], tokens.pressed);
    painter.galley(rect.center() - galley.size() / 2.0, galley, tokens.text);
}

fn with_dial<R>(gain: f32, length: f32, axis: Axis, then: impl FnOnce(&Dial<'_>) -> R) -> R {
    then(&Dial {
        value: gain,
        home: Some(1.0),
        place: &meter_scale,
        at: &gain_at,
        step: &step,
        parse: &parse,
        words: &decibels,
        length,
        axis,
    })
}

/// Half a decibel, or a tenth, on the grid of tenths.
fn step(gain: f32, steps: f32, fine: bool) -> f32 {
    let size = if fine { 0.1 } else { 0.5 };
    let from = if gain <= 0.0 { LEAST } else { to_decibels(gain) };
    let to = ((from + steps * size) * 10.0).round() / 10.0;
    // A song may hold more than a fader gives: a step up does not turn it down.
    from_decibels(to.min(MOST.max(from)))
}

/// The gain at a place along the way, on the grid of tenths of a decibel.
fn gain_at(place: f32) -> f32 {
    let decibels = super::meter::decibels_at(place);
    from_decibels((decibels * 10.0).round() / 10.0)
}

fn parse(words: &str) -> Option<f32> {
    let plain = words.trim().replace('−', "-").to_lowercase();
    if plain.starts_with("-inf") || plain.starts_with("-∞") {
        return Some(0.0);
    }
    number_of(words).map(|decibels| from_decibels(decibels.min(MOST)))
}

fn spoken(gain: f32) -> String {
    format!("{} dB", decibels(gain))
}

fn to_decibels(gain: f32) -> f32 {
    if gain > 0.0 { (20.0 * gain.log10()).max(LEAST) } else { LEAST }
}

fn from_decibels(decibels: f32) -> f32 {
    if decibels <= LEAST {
        0.0
    } else if decibels == 0.0 {
        1.0
    } else {
        10.0_f32.powf(decibels / 20.0)
    }
}
