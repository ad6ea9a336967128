//! How it looks: design tokens, themes, fonts, icons, and the controls drawn from them.
//!
//! Start at [`Tokens`]; [`tokens`] gives those of the theme in force. No colour, size or corner is written anywhere
//! else. Controls ([`control`]) are drawn by us where a studio needs more than egui has: fader, knob, meter, field.

pub mod control;
pub mod icon;
mod theme;
mod tokens;

pub use theme::{apply, fonts};
pub use tokens::{Tokens, tokens, track_colour};
