//! The frame of the window: top bar, docked panels, the view, and what floats over them.

use std::time::Duration;

use egui::{CentralPanel, Panel, Ui};

use super::{Scene, ai, arrange, browser, dialogs, drop, jarvis, keys, lyrics, mix, notices, palette, stage};
use super::{strip, top_bar, tour};
use crate::studio::view::{Tab, View};
use crate::studio::{Stage, Studio};

/// All windows of the program, without the operating system: what tests drive and the real window shows.
#[derive(Debug)]
pub struct Shell {
    studio: Studio,
    view: View,
    // Views in windows of their own.
    others: Vec<View>,
}

impl Shell {
    /// The window of a studio.
    #[must_use]
    pub fn new(studio: Studio) -> Self {
        let mut view = View { panels: studio.preferences().panels.clone(), ..View::default() };
        view.timeline.follow = !studio.preferences().no_follow;
        view.timeline.snap = studio.preferences().snap;
        Self { studio, view, others: Vec::new() }
    }

    /// What the window works on.
    #[must_use]
    pub fn studio(&self) -> &Studio {
        &self.studio
    }

    /// The same, to be told.
    pub fn studio_mut(&mut self) -> &mut Studio {
        &mut self.studio
    }

    /// How the main window shows it.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The same, to be set.
    pub fn view_mut(&mut self) -> &mut View {
        &mut self.view
    }

    /// Draws one frame and does what the person wished in it. Returns when the next one is due at the latest.
    pub fn frame(&mut self, ui: &mut Ui) -> Option<Duration> {
        let due = self.studio.poll(&mut self.view);
        if self.studio.closing().is_some() {
            self.studio.keep_lyrics(&mut self.view);
        }
        let mut actions = Vec::new();
        let mut scene = Scene { studio: &self.studio, view: &mut self.view, actions: &mut actions };
        keys::listen(ui.ctx(), &mut scene);
        Panel::top("top bar").resizable(false).show(ui, |ui| top_bar::show(ui, &mut scene));
        body(ui, &mut scene);
        drop::show(ui, &mut scene);
        notices::show(ui, &mut scene);
        dialogs::show(ui, &mut scene);
        palette::show(ui, &mut scene);
        tour::show(ui, &mut scene);
        if !actions.is_empty() {
            // What they change is drawn with the next frame.
            ui.ctx().request_repaint();
        }
        for action in actions {
            self.studio.perform(action, &mut self.view);
        }
        self.detached(ui);
        due
    }

    /// Views in windows of their own: each with its scroll, zoom and selection.
    fn detached(&mut self, ui: &Ui) {
        for tab in self.studio.take_detached() {
            let mut view = View { tab, panels: self.view.panels.clone(), ..View::default() };
            view.timeline = self.view.timeline.clone();
            view.selection = self.view.selection.clone();
            self.others.push(view);
        }
        let _ = ui;
    }
}

/// Everything below the top bar.
fn body(ui: &mut Ui, scene: &mut Scene<'_>) {
    if !matches!(scene.studio.stage(), Stage::Open(_)) {
        CentralPanel::default().show(ui, |ui| stage::show(ui, scene));
        return;
    }
    match scene.view.tab {
        Tab::Arrange => {
            if scene.view.panels.browser_open {
                Panel::left("browser").default_size(scene.view.panels.browser).show(ui, |ui| {
                    browser::show(ui, scene);
                });
            }
            if scene.view.panels.strip_open {
                Panel::right("strip").default_size(scene.view.panels.strip).show(ui, |ui| {
                    strip::show(ui, scene);
                });
            }
            if scene.view.panels.lyrics_open {
                Panel::right("lyrics").default_size(scene.view.panels.lyrics).show(ui, |ui| {
                    lyrics::show(ui, scene);
                });
            }
            CentralPanel::default().show(ui, |ui| arrange::show(ui, scene));
        }
        Tab::Mix => {
            CentralPanel::default().show(ui, |ui| mix::show(ui, scene));
        }
        Tab::Studio => {
            CentralPanel::default().show(ui, |ui| ai::show(ui, scene));
        }
        Tab::Jarvis => {
            CentralPanel::default().show(ui, |ui| jarvis::show(ui, scene));
        }
    }
}
