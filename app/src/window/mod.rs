//! The window: panels drawn with egui. Each is a function of `&Studio` that returns [`Action`]s.
//!
//! Start at [`Shell::frame`], which lays the panels out; [`run`] opens the real window. View state belongs to a window
//! ([`View`]), so that any view can open in one of its own.

pub mod ai;
pub mod arrange;
pub mod browser;
pub mod channel;
pub mod dialogs;
pub mod dock;
pub mod drop;
pub mod jarvis;
pub mod keys;
pub mod lyrics;
pub mod menu;
pub mod mix;
pub mod notices;
pub mod palette;
mod probe;
mod run;
mod shell;
pub mod stage;
pub mod strip;
pub mod top_bar;
pub mod tour;

pub use run::run;
pub use shell::Shell;

use egui::Ui;

use crate::studio::Studio;
use crate::studio::action::Action;
use crate::studio::view::View;

/// What a panel is drawn from and into.
pub struct Scene<'a> {
    /// What there is.
    pub studio: &'a Studio,
    /// How this window shows it.
    pub view: &'a mut View,
    /// What the person wishes.
    pub actions: &'a mut Vec<Action>,
}

impl Scene<'_> {
    /// Wishes something.
    pub fn wish(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// Wishes a named command.
    pub fn command(&mut self, command: crate::studio::command::Command) {
        self.actions.push(Action::Command(command));
    }

    /// Wishes a change of the song.
    pub fn edit(&mut self, label: impl Into<String>, edits: Vec<dawg_session::Edit>) {
        self.actions.push(Action::Edit { label: label.into(), edits });
    }
}

impl std::fmt::Debug for Scene<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scene").finish_non_exhaustive()
    }
}

/// A page that says what will come here, for views of later versions.
pub(crate) fn later(ui: &mut Ui, title: &str, words: &str) {
    ui.centered_and_justified(|ui| {
        ui.label(format!("{title}\n{words}"));
    });
}
