//! How it looks: design tokens, themes, fonts, icons, and the controls drawn from them.
//!
//! Start at [`Tokens`]; [`tokens`] gives those of the theme in force. No colour, size or corner is written anywhere
//! else. Controls ([`control`]) are drawn by us where a studio needs more than egui has: fader, knob, meter, field.

mod clip;
pub mod control;
mod fonts;
pub mod icon;
mod theme;
mod tokens;

pub use clip::{ClipColours, Standing};
pub use fonts::{MEDIUM, SEMIBOLD, fonts, medium, regular, semibold};
pub use theme::apply;
pub use tokens::{Tokens, contrast, mix, tokens, track_colour};
