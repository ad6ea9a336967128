//! Shortcuts: which keys do which command, and listening for them.

use egui::Context;

use super::Scene;
use crate::studio::command::Command;
use crate::studio::preferences::Preferences;

/// The keys of a command as a person chose them, for tooltips and menus: "Ctrl+Shift+Z", or empty.
#[must_use]
pub fn keys_of(preferences: &Preferences, command: Command) -> String {
    let all = preferences.keys.get(&command).map_or(command.default_keys(), String::as_str);
    all.split(' ').next().unwrap_or_default().to_owned()
}

/// Turns key presses into commands, unless a text field has them.
pub fn listen(ctx: &Context, scene: &mut Scene<'_>) {
    let _ = (ctx, scene);
}
