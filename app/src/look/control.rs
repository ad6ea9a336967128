//! Controls that a studio needs and egui does not have. Each has an accessible name and role, a visible focus, a hit
//! area larger than its picture, and works by keyboard.
//!
//! Buttons and what is lit: `button.rs`. Values that are turned ([`Turn`]): `fader.rs`, `knob.rs`, `number.rs`, all by
//! the one gesture of `turn.rs`. What forms and panels are made of: `form.rs`, `choice.rs`.
//!
//! A control that holds state (a value being dragged or typed) takes its id from its name and the `Ui`'s scope: where
//! several of one name stand together, give each a scope of its own (`ui.push_id(track.id, …)`).

mod button;
mod choice;
mod fader;
mod form;
mod knob;
mod meter;
mod number;
mod plate;
mod slider;
mod turn;

pub use button::{
    chip, danger_button, icon_button, icon_toggle, letter_toggle, menu_button, state_dot, text_button,
};
pub use choice::{checkbox, combo, segmented, switch};
pub use fader::{fader, gain_value, tall_fader};
pub use form::{card, empty_hint, field_label, key_cap, path_field, progress_bar, section_title};
pub use knob::pan_knob;
pub use meter::{meter, meter_scale};
pub use number::number;
pub use plate::{elide, focus_ring};
pub use slider::{Way, slider};
pub use turn::number_of;

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

/// The words for a linear gain: "+1.5", "0.0", "−3.0", "−∞".
#[must_use]
pub fn decibels(gain: f32) -> String {
    // Below what 24 bits hold, a number of decibels says nothing.
    const SILENCE: f32 = 1.0e-7;
    if gain.is_nan() || gain < SILENCE {
        return "−∞".to_owned();
    }
    let tenths = (200.0 * gain.log10()).round() / 10.0;
    if tenths == 0.0 { "0.0".to_owned() } else { format!("{tenths:+.1}").replace('-', "−") }
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
