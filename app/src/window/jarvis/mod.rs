//! The view of the supervisor: how the services are, what happened, and what can be done about it.
//!
//! Start at [`show`]. All that is shown is [`Seen`], which another thread puts together; what
//! is not known yet says so. The pages stand in rooms of their own; `cell` and `rows` are what they are painted from.

mod alerts;
mod bars;
mod cards;
mod cell;
mod happened;
mod head;
mod latency;
mod logs;
mod overview;
mod rows;
mod services;
mod trail;
mod urgent;
mod usage;
mod vitals;
mod words;

use std::time::Duration;

use egui::{Rect, Ui, UiBuilder};
use jarvis::event::Action as Act;

use super::Scene;
use super::dialogs::Dialog;
use crate::look::{Tokens, tokens};
use crate::studio::action::Action;
use crate::studio::operator::table::Table;
use crate::studio::operator::{Seen, Wish};
use crate::supervision::Role;

/// The panel's pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Page {
    /// How everything is, on one page.
    #[default]
    Overview,
    /// What was measured of engine and machine.
    Vitals,
    /// What the services write.
    Logs,
    /// Alerts, rules, history.
    Alerts,
    /// Who did what.
    Audit,
    /// What was used, how well it was served, what keeps happening.
    Usage,
}

impl Page {
    const ALL: [Self; 6] = [Self::Overview, Self::Vitals, Self::Logs, Self::Alerts, Self::Audit, Self::Usage];
    const NAMES: [&str; 6] = ["Overview", "Vitals", "Logs", "Alerts", "Audit", "Usage"];
}

/// What the panel keeps from frame to frame.
#[derive(Debug, Default)]
pub struct Kept {
    page: Page,
    span: bars::Span,
    logs: logs::Kept,
}

impl Kept {
    /// Opens a page.
    pub fn open(&mut self, page: Page) {
        self.page = page;
    }
}

/// What the pages are drawn from.
struct Panel<'a, 's> {
    scene: &'a mut Scene<'s>,
    seen: &'a Seen,
    kept: &'a mut Kept,
}

impl Panel<'_, '_> {
    /// Why nothing can be asked of the supervisor, if that is so.
    fn why_not(&self) -> Option<&'static str> {
        match (&self.seen.role, &self.seen.silence) {
            (Role::Without { .. }, _) => Some("There is no supervisor to ask."),
            (Role::Starting, _) => Some("The supervisor is still starting."),
            (_, Some(_)) => Some("The supervisor does not answer."),
            _ => None,
        }
    }

    /// Asks whether it is meant, and then does it.
    fn confirm(&mut self, service: &str, action: Act) {
        let trying = self.seen.attempts.contains_key(service);
        self.scene.view.dialog = Some(Dialog::act(service, action, trying));
    }

    fn wish(&mut self, wish: Wish) {
        self.scene.wish(Action::Supervise(wish));
    }

    /// Asks where a table goes.
    fn save(&mut self, table: Table) {
        self.scene.view.dialog = Some(Dialog::save_table(self.scene.studio, table));
    }

    /// Opens the log of a service.
    fn open_log(&mut self, service: &str) {
        self.kept.page = Page::Logs;
        self.kept.logs.choose(service);
    }
}

/// The margin around the panel.
const MARGIN: f32 = Tokens::SPACE[3];
/// Between cards.
const GAP: f32 = Tokens::SPACE[2];

/// A page that scrolls: its bar lies in the margin, beside the cards.
fn scrolling(ui: &mut Ui, page: Rect) -> Ui {
    cell::child(ui, "scrolling", page.with_max_x(page.right() + MARGIN - Tokens::SPACE[0] / 2.0))
}

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let operator = scene.studio.operator();
    // Large parts are shared. Nothing comes in while nothing happens, but time passes.
    let seen = Seen { at: operator.now(), ..Seen::clone(operator.seen()) };
    let mut kept = std::mem::take(&mut scene.view.jarvis);
    let whole = ui.available_rect_before_wrap();
    ui.painter().rect_filled(whole, 0.0, tokens(ui.ctx()).room);
    let inner = whole.shrink2(egui::vec2(MARGIN, GAP));
    let mut panel = Panel { scene, seen: &seen, kept: &mut kept };
    let below = head::show(ui, &mut panel, inner);
    let page = Rect::from_min_max(egui::pos2(inner.left(), below + GAP), inner.max);
    let mut ui = ui.new_child(UiBuilder::new().id_salt(panel.kept.page as u8).max_rect(page));
    match panel.kept.page {
        Page::Overview => overview::show(&mut ui, &mut panel, page),
        Page::Vitals => vitals::show(&mut ui, &mut panel, page),
        Page::Logs => logs::show(&mut ui, &mut panel, page),
        Page::Alerts => alerts::show(&mut ui, &mut panel, page),
        Page::Audit => trail::show(&mut ui, &mut panel, page),
        Page::Usage => usage::show(&mut ui, &mut panel, page),
    }
    scene.view.jarvis = kept;
    // What is said of how long ago it was, and of the engine, ages.
    ui.ctx().request_repaint_after(Duration::from_secs(1));
}
