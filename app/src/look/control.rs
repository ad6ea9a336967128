//! Controls that a studio needs and egui does not have. Each has an accessible name and role, a visible focus, a hit
//! area larger than its picture, and works by keyboard.

use egui::{Color32, Rect, Response, Sense, Ui, Vec2};

use super::icon::Icon;
use crate::sound::Level;

/// What a person did to a value in this frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Turn {
    /// Nothing.
    Rests,
    /// It is being moved: preview this.
    Moves(f32),
    /// It was let go, typed, stepped or reset: commit this.
    Lands(f32),
    /// The gesture was taken back by Escape.
    TakenBack,
}

/// How a toggle is lit when on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    /// Accent: on, selected.
    Accent,
    /// Red: records.
    Record,
    /// Green: hears the input.
    Green,
    /// Amber: mute, look here.
    Amber,
}

/// A button with an icon. `name` is its accessible name and the head of its tooltip; `keys` its shortcut, if any.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str, keys: &str) -> Response {
    icon_toggle(ui, icon, name, keys, false, Light::Accent)
}

/// A button with an icon that is on or off.
pub fn icon_toggle(ui: &mut Ui, icon: Icon, name: &str, keys: &str, on: bool, light: Light) -> Response {
    let _ = (keys, on, light);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(28.0), Sense::click());
    super::icon::draw(ui.painter(), icon, rect, super::tokens(ui.ctx()).text);
    response.on_hover_text(name)
}

/// A small button with a letter (M, S) that is on or off.
pub fn letter_toggle(ui: &mut Ui, letter: &str, name: &str, keys: &str, on: bool, light: Light) -> Response {
    let _ = (keys, on, light);
    ui.button(letter).on_hover_text(name)
}

/// A push button with text; `primary` for the one that goes on.
pub fn text_button(ui: &mut Ui, text: &str, primary: bool) -> Response {
    let _ = primary;
    ui.button(text)
}

/// A horizontal fader with its value in decibels beside it. `gain` is linear, 0 to +24 dB.
/// Double-click resets to 0 dB, wheel and arrow keys step 0.5 dB (0.1 with Shift), typing sets.
pub fn fader(ui: &mut Ui, name: &str, gain: f32, width: f32) -> (Response, Turn) {
    let response = ui.allocate_response(Vec2::new(width, 20.0), Sense::click_and_drag());
    let _ = (name, gain);
    (response, Turn::Rests)
}

/// A vertical fader with a scale in decibels.
pub fn tall_fader(ui: &mut Ui, name: &str, gain: f32, height: f32) -> (Response, Turn) {
    let response = ui.allocate_response(Vec2::new(48.0, height), Sense::click_and_drag());
    let _ = (name, gain);
    (response, Turn::Rests)
}

/// A knob from −1 to 1 for pan and balance, shown as L 9, C, R 30.
pub fn pan_knob(ui: &mut Ui, name: &str, pan: f32, diameter: f32) -> (Response, Turn) {
    let response = ui.allocate_response(Vec2::splat(diameter), Sense::click_and_drag());
    let _ = (name, pan);
    (response, Turn::Rests)
}

/// A number that can be dragged and typed, in `unit`, with `decimals`.
pub fn number(
    ui: &mut Ui,
    name: &str,
    value: f32,
    range: std::ops::RangeInclusive<f32>,
    decimals: usize,
    unit: &str,
) -> (Response, Turn) {
    let _ = (name, value, range, decimals, unit);
    (ui.label("0"), Turn::Rests)
}

/// Draws a meter of one or two sides into a rectangle, vertical or horizontal by its shape: body, peak hold, clip light.
/// The clip light is the top (or right) end; a click on it is the caller's.
pub fn meter(ui: &Ui, rect: Rect, levels: &[Level]) {
    let _ = levels;
    ui.painter().rect_filled(rect, 2.0, super::tokens(ui.ctx()).well);
}

/// The words for a linear gain: "−3.0", "−∞".
#[must_use]
pub fn decibels(gain: f32) -> String {
    if gain <= 0.0 {
        return "−∞".to_owned();
    }
    format!("{:+.1}", 20.0 * gain.log10()).replace('-', "−")
}

/// The words for a pan: "L 9", "C", "R 30".
#[must_use]
pub fn pan_words(pan: f32) -> String {
    let percent = (pan * 100.0).round() as i32;
    match percent {
        0 => "C".to_owned(),
        left if left < 0 => format!("L {}", -left),
        right => format!("R {right}"),
    }
}

/// A dot with a word: the state of something, told by shape, word and colour.
pub fn state_dot(ui: &mut Ui, colour: Color32, words: &str) -> Response {
    ui.colored_label(colour, words)
}
