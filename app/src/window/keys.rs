//! Shortcuts: which keys do which command, and listening for them.
//!
//! Start at [`listen`]. Keys are written as people read them: `Ctrl+Shift+Z`, alternatives with a space between. Ctrl
//! is Command on a Mac.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use egui::{Context, Event, Id, Key, Modifiers, Popup};

use super::Scene;
use crate::studio::command::Command;
use crate::studio::preferences::Preferences;

/// Keys pressed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Combo {
    /// Ctrl, on a Mac Command.
    pub ctrl: bool,
    /// Alt, on a Mac Option.
    pub alt: bool,
    /// Shift.
    pub shift: bool,
    /// The key itself.
    pub key: Key,
}

/// Why a text names no keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchKeys;

impl FromStr for Combo {
    type Err = NoSuchKeys;

    fn from_str(text: &str) -> Result<Self, NoSuchKeys> {
        let mut combo = Self { ctrl: false, alt: false, shift: false, key: Key::Space };
        let mut rest = text;
        while let Some((modifier, after)) = rest.split_once('+').filter(|(_, after)| !after.is_empty()) {
            match modifier {
                "Ctrl" | "Cmd" => combo.ctrl = true,
                "Alt" => combo.alt = true,
                "Shift" => combo.shift = true,
                _ => return Err(NoSuchKeys),
            }
            rest = after;
        }
        combo.key = Key::from_name(rest).ok_or(NoSuchKeys)?;
        Ok(combo)
    }
}

impl Display for Combo {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "Ctrl+"), (self.alt, "Alt+"), (self.shift, "Shift+")] {
            f.write_str(if held { name } else { "" })?;
        }
        f.write_str(key_name(self.key))
    }
}

/// The name that [`Combo`] reads back: egui's, and those by which defaults are written.
fn key_name(key: Key) -> &'static str {
    match key {
        Key::ArrowLeft => "ArrowLeft",
        Key::ArrowRight => "ArrowRight",
        Key::ArrowUp => "ArrowUp",
        Key::ArrowDown => "ArrowDown",
        other => other.name(),
    }
}

impl Combo {
    fn of(key: Key, modifiers: Modifiers) -> Self {
        Self { ctrl: modifiers.command, alt: modifiers.alt, shift: modifiers.shift, key }
    }

    /// Whether these keys were pressed for it: Shift may be what it takes to type a sign.
    fn is_pressed_by(self, pressed: Self) -> bool {
        self == pressed || (is_sign(self.key) && Self { shift: self.shift, ..pressed } == self)
    }
}

fn is_sign(key: Key) -> bool {
    matches!(
        key,
        Key::Plus | Key::Equals | Key::Minus | Key::Comma | Key::Period | Key::Slash | Key::Questionmark
    ) || matches!(key, Key::Colon | Key::Semicolon | Key::Pipe | Key::Exclamationmark | Key::Quote)
}

/// All keys of a command as a person chose them, in the order in which they are written.
pub fn combos(preferences: &Preferences, command: Command) -> impl Iterator<Item = Combo> {
    let all = preferences.keys.get(&command).map_or(command.default_keys(), String::as_str);
    all.split(' ').filter_map(|keys| keys.parse().ok())
}

/// The keys of a command as a person chose them, for tooltips and menus: "Ctrl+Shift+Z", or empty.
#[must_use]
pub fn keys_of(preferences: &Preferences, command: Command) -> String {
    combos(preferences, command).next().map(shown).unwrap_or_default()
}

/// Keys as people read them: arrows as arrows, signs as signs.
#[must_use]
pub fn shown(combo: Combo) -> String {
    let key = match combo.key {
        Key::ArrowLeft => "←",
        Key::ArrowRight => "→",
        Key::ArrowUp => "↑",
        Key::ArrowDown => "↓",
        Key::Plus => "+",
        Key::Minus => "−",
        Key::Equals => "=",
        Key::Comma => ",",
        Key::Period => ".",
        Key::Slash => "/",
        other => other.name(),
    };
    let mut text = combo.to_string();
    text.truncate(text.len() - key_name(combo.key).len());
    text + key
}

/// Commands that have keys in common with this one, each with those keys.
#[must_use]
pub fn conflicts(preferences: &Preferences, command: Command) -> Vec<(Command, Combo)> {
    let mine = combos(preferences, command).collect::<Vec<_>>();
    let others = Command::ALL.iter().copied().filter(|other| *other != command);
    others
        .flat_map(|other| combos(preferences, other).map(move |combo| (other, combo)))
        .filter(|(_, combo)| mine.contains(combo))
        .collect()
}

/// The keys that a person has just pressed, for choosing a shortcut: `Ctrl+Shift+Z`. Takes the press away from
/// everything else. Modifiers alone are none; nor is Escape, by which choosing ends.
pub fn pressed_combo(ctx: &Context) -> Option<String> {
    ctx.input_mut(|input| {
        let place = input.events.iter().position(|event| {
            matches!(event, Event::Key { key, pressed: true, .. } if *key != Key::Escape && *key != Key::Tab)
        })?;
        match input.events.remove(place) {
            Event::Key { key, modifiers, .. } => Some(Combo::of(key, modifiers).to_string()),
            _ => None,
        }
    })
}

/// Turns key presses into commands, unless a text field, dialog or menu has them. Returns whether the window is to be
/// closed: in one that is not the main one, the keys that close the song mean the window.
#[must_use]
pub fn listen(ctx: &Context, scene: &mut Scene<'_>, main: bool) -> bool {
    if ctx.options(|options| options.zoom_with_keyboard) {
        // Ctrl+Plus zooms the timeline; text is scaled by its own commands.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
    }
    let floating = scene.view.dialog.is_some() || scene.view.palette.is_some();
    if floating || scene.studio.closing().is_some() || Popup::is_any_open(ctx) {
        return false;
    }
    let mut closes = false;
    let focus = Focus::of(ctx, scene);
    let pressed = ctx.input(|input| input.events.iter().filter_map(press).collect::<Vec<_>>());
    for (combo, repeat) in pressed {
        let Some(command) = command_of(scene.studio.preferences(), combo) else { continue };
        if !focus.leaves(combo, command) {
            continue;
        }
        let modifiers = ctx.input(|input| input.modifiers);
        ctx.input_mut(|input| {
            input.events.retain(|event| press(event).is_none_or(|(other, _)| other != combo));
        });
        if command == Command::PlayStop && !modifiers.any() {
            // Else the button that has the focus would take the letting go of Space, or its text.
            ctx.input_mut(|input| {
                input.events.retain(|event| !matches!(event, Event::Text(text) if text == " "));
            });
        }
        if matches!(command, Command::Copy | Command::Cut) {
            // The system tells of a paste only while its clipboard holds something.
            ctx.copy_text("AI DAWG: clips".to_owned());
        }
        if command == Command::CloseSong && !main {
            closes |= !repeat;
        } else if !repeat || repeats(command) {
            scene.command(command);
        }
    }
    closes
}

fn press(event: &Event) -> Option<(Combo, bool)> {
    match event {
        Event::Key { key, pressed: true, repeat, modifiers, .. } => {
            Some((Combo::of(*key, *modifiers), *repeat))
        }
        // The system's own keys for the clipboard come by their meaning.
        Event::Copy => Some((Combo::of(Key::C, Modifiers::COMMAND), false)),
        Event::Cut => Some((Combo::of(Key::X, Modifiers::COMMAND), false)),
        Event::Paste(_) | Event::PasteImage(_) => Some((Combo::of(Key::V, Modifiers::COMMAND), false)),
        _ => None,
    }
}

fn command_of(preferences: &Preferences, pressed: Combo) -> Option<Command> {
    let has = |test: &dyn Fn(Combo) -> bool| {
        Command::ALL.iter().copied().find(|command| combos(preferences, *command).any(test))
    };
    has(&|combo| combo == pressed).or_else(|| has(&|combo| combo.is_pressed_by(pressed)))
}

/// What is done again and again while its key is held.
fn repeats(command: Command) -> bool {
    use Command as C;
    matches!(
        command,
        C::Undo
            | C::Redo
            | C::NudgeLeft
            | C::NudgeRight
            | C::BarBack
            | C::BarForward
            | C::ZoomIn
            | C::ZoomOut
    ) || matches!(
        command,
        C::TracksTaller | C::TracksLower | C::PreviousTrack | C::NextTrack | C::TrackUp | C::TrackDown
    ) || matches!(command, C::TextLarger | C::TextSmaller)
}

/// What has the keyboard.
struct Focus {
    text: bool,
    control: bool,
    busy: bool,
    browser: bool,
}

impl Focus {
    fn of(ctx: &Context, scene: &Scene<'_>) -> Self {
        // egui lets go of the focus on Escape before anyone is asked: what counts is who had it.
        // Asked for outside `data`, which holds egui's lock: within it, both this and whoever wakes the window at that
        // moment would wait for ever.
        let id = had_focus(ctx);
        let had = ctx.data(|data| data.get_temp::<bool>(id)).unwrap_or_default();
        let control = had || ctx.memory(|memory| memory.focused().is_some());
        let busy = scene.view.gesture.is_some()
            || scene.view.renaming.is_some()
            || scene.view.renaming_take.is_some()
            || scene.view.tour.is_some();
        let browser = super::browser::has_keyboard(ctx, scene);
        Self { text: ctx.text_edit_focused(), control, busy: busy || ctx.dragged_id().is_some(), browser }
    }

    /// Whether these keys are free for commands.
    fn leaves(&self, combo: Combo, command: Command) -> bool {
        let plain = !combo.ctrl && !combo.alt;
        if self.text {
            // Signs, moving about and editing belong to the text.
            let function = combo.key >= Key::F1 && combo.key <= Key::F20;
            let asks =
                matches!(command, Command::Palette | Command::Quit | Command::NewSong | Command::OpenSong);
            return function || (combo.ctrl && asks);
        }
        match combo.key {
            // Escape takes back the gesture, the name or the tour first, then lets go of the focus.
            Key::Escape => !self.busy && !self.control,
            Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp | Key::ArrowDown => !(plain && self.control),
            Key::Enter => !(plain && self.control),
            // A file is heard by it.
            Key::Space => !(plain && self.browser),
            _ => true,
        }
    }
}

fn had_focus(ctx: &Context) -> Id {
    Id::unique(("had focus", ctx.viewport_id()))
}

/// Remembers who has the focus for the next frame. Once a frame, after everything was drawn.
pub fn remember_focus(ctx: &Context) {
    let has = ctx.memory(|memory| memory.focused().is_some());
    let id = had_focus(ctx);
    ctx.data_mut(|data| data.insert_temp(id, has));
}

#[cfg(test)]
mod tests;
