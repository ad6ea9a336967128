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
pub mod headphones;
pub mod jarvis;
pub mod keys;
pub mod lyrics;
pub mod menu;
pub mod mix;
pub mod notices;
pub mod palette;
pub mod pitch;
mod probe;
mod run;
mod shell;
pub mod stage;
pub mod strip;
pub mod top_bar;
pub mod tour;
mod waker;

pub use run::run;
pub use shell::Shell;

use egui::{RichText, Ui};

use crate::look::icon::Icon;
use crate::look::{self, Tokens, medium, regular, semibold, tokens};
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

/// What a page of a later version says.
pub(crate) struct Later<'a> {
    title: &'a str,
    words: &'a str,
    comes: &'a [(Icon, &'a str, &'a str)],
}

/// A page that says what will come here, for views of later versions.
pub(crate) fn later(ui: &mut Ui, page: &Later<'_>) {
    const WIDTH: f32 = 440.0;
    let tokens = tokens(ui.ctx());
    let height = 120.0 + 52.0 * page.comes.len() as f32;
    let size = egui::vec2(WIDTH.min(ui.max_rect().width() - 2.0 * Tokens::SPACE[4]), height);
    let place = egui::Rect::from_center_size(ui.max_rect().center(), size);
    ui.scope_builder(egui::UiBuilder::new().max_rect(place), |ui| {
        ui.label(RichText::new(page.title).font(semibold(Tokens::TYPE[4])));
        ui.label(RichText::new(page.words).font(regular(Tokens::TYPE[2])).color(tokens.secondary));
        ui.add_space(Tokens::SPACE[4]);
        for (icon, name, words) in page.comes {
            ui.horizontal_top(|ui| {
                let side = egui::Vec2::splat(Tokens::ICON[2]);
                let (rect, _) = ui.allocate_exact_size(side, egui::Sense::hover());
                look::icon::draw(ui.painter(), *icon, rect.shrink(Tokens::SPACE[0]), tokens.faint);
                ui.add_space(Tokens::SPACE[0]);
                ui.vertical(|ui| {
                    ui.label(RichText::new(*name).font(medium(Tokens::TYPE[2])));
                    let words = RichText::new(*words).font(regular(Tokens::TYPE[1])).color(tokens.secondary);
                    ui.label(words);
                });
            });
            ui.add_space(Tokens::SPACE[2]);
        }
    });
}
