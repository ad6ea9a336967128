//! The frame of the window: top bar, docked panels, the view, and what floats over them.
//!
//! Start at [`Shell::frame`]. Views in windows of their own stand in `detached`, what is remembered in `memory`.

mod detached;
mod memory;

use std::time::Duration;

use egui::{Ui, UiBuilder};

use super::dock::{Dock, Edge, Room};
use super::{
    Scene, ai, arrange, browser, dialogs, drop, headphones, jarvis, keys, lyrics, mix, notices, palette,
    pitch, stage,
};
use super::{strip, top_bar, tour};
use crate::studio::view::{Panels, Tab, View};
use crate::studio::{Stage, Studio, sooner};
use detached::Detached;
use memory::Memory;

/// All windows of the program, without the operating system: what tests drive and the real window shows.
#[derive(Debug)]
pub struct Shell {
    studio: Studio,
    view: View,
    detached: Vec<Detached>,
    memory: Memory,
}

/// Which window is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Main,
    Detached,
}

impl Shell {
    /// The window of a studio.
    #[must_use]
    pub fn new(studio: Studio) -> Self {
        let mut view = View { panels: studio.preferences().panels.clone(), ..View::default() };
        view.timeline.follow = !studio.preferences().no_follow;
        view.timeline.snap = studio.preferences().snap;
        let memory = Memory::of(studio.preferences());
        Self { studio, view, detached: Vec::new(), memory }
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

    /// How the windows of their own show it, oldest first.
    pub fn detached_views(&self) -> impl Iterator<Item = &View> {
        self.detached.iter().map(Detached::view)
    }

    /// Does what is asked for in the main window.
    pub fn perform(&mut self, action: crate::studio::action::Action) {
        self.studio.perform(action, &mut self.view);
    }

    /// Draws one frame and does what the person wished in it. Returns when the next one is due at the latest.
    pub fn frame(&mut self, ui: &mut Ui) -> Option<Duration> {
        let due = self.studio.poll(&mut self.view);
        if self.studio.closing().is_some() {
            self.studio.keep_lyrics(&mut self.view);
        }
        _ = window(ui, &mut self.studio, &mut self.view, Which::Main);
        self.show_detached(ui.ctx());
        let detached = self.detached.iter().map(Detached::view);
        self.studio.follow_pitch(std::iter::once(&self.view).chain(detached));
        let detached = self.detached.iter().map(Detached::view);
        self.studio.watch_supervisor(std::iter::once(&self.view).chain(detached));
        sooner(due, self.remember(ui.ctx()))
    }
}

/// Draws a window and does what the person wished in it. Returns whether its keys close it.
fn window(ui: &mut Ui, studio: &mut Studio, view: &mut View, which: Which) -> bool {
    let mut actions = Vec::new();
    let mut scene = Scene { studio, view, actions: &mut actions };
    let closes = keys::listen(ui.ctx(), &mut scene, which == Which::Main);
    tour::start(&mut scene, which == Which::Main);
    let mut ui = whole(ui, which);
    let ui = &mut ui;
    let mut room = Room::of(ui);
    let bar = room.top(ui, "top bar", top_bar::HEIGHT, |ui| top_bar::show(ui, &mut scene));
    scene.view.marks.bar = Some(bar);
    body(ui, room, &mut scene);
    headphones::show(ui, &mut scene);
    drop::show(ui, &mut scene);
    if which == Which::Main {
        notices::show(ui, &mut scene);
    }
    dialogs::show(ui, &mut scene);
    palette::show(ui, &mut scene);
    tour::show(ui, &mut scene);
    keys::remember_focus(ui.ctx());
    if !actions.is_empty() {
        // What was wished is drawn by the next frame, which nothing else may cause.
        ui.ctx().request_repaint();
    }
    for action in actions {
        studio.perform(action, view);
    }
    closes
}

/// A ui from edge to edge of the window, whatever margins whoever opened it has left.
fn whole(ui: &mut Ui, which: Which) -> Ui {
    let embedded = which == Which::Detached && ui.ctx().embed_viewports();
    let rect = if embedded { ui.max_rect() } else { ui.ctx().content_rect() };
    let mut whole = ui.new_child(UiBuilder::new().max_rect(rect));
    whole.set_clip_rect(rect);
    whole
}

/// Everything below the top bar.
fn body(ui: &mut Ui, room: Room, scene: &mut Scene<'_>) {
    // The services are there without a song as well.
    let supervisor = scene.view.tab == Tab::Jarvis && matches!(scene.studio.stage(), Stage::Empty);
    if !supervisor && !matches!(scene.studio.stage(), Stage::Open(_)) {
        return room.rest(ui, "stage", |ui| stage::show(ui, scene));
    }
    match scene.view.tab {
        Tab::Arrange => arrangement(ui, room, scene),
        Tab::Mix => room.rest(ui, "mix", |ui| mix::show(ui, scene)),
        Tab::Studio => room.rest(ui, "studio", |ui| ai::show(ui, scene)),
        Tab::Jarvis => room.rest(ui, "jarvis", |ui| jarvis::show(ui, scene)),
    }
}

/// The arrange view between its panels.
fn arrangement(ui: &mut Ui, mut room: Room, scene: &mut Scene<'_>) {
    let usual = Panels::default();
    let mut panels = scene.view.panels.clone();
    let before = panels.clone();
    scene.view.marks.browser = None;
    if panels.drawer_open {
        let (size, range) = (&mut panels.drawer, pitch::HEIGHT);
        let dock = Dock { name: "Pitch", edge: Edge::Bottom, size, range, usual: usual.drawer };
        room.dock(ui, dock, |ui| pitch::show(ui, scene));
    }
    if panels.browser_open {
        let (size, range) = (&mut panels.browser, 180.0..=480.0);
        let dock = Dock { name: "Browser", edge: Edge::Left, size, range, usual: usual.browser };
        scene.view.marks.browser = Some(room.dock(ui, dock, |ui| browser::show(ui, scene)));
    }
    if panels.strip_open {
        let (size, range) = (&mut panels.strip, 196.0..=360.0);
        let dock = Dock { name: "Channel strip", edge: Edge::Right, size, range, usual: usual.strip };
        room.dock(ui, dock, |ui| strip::show(ui, scene));
    }
    if panels.lyrics_open {
        let (size, range) = (&mut panels.lyrics, 200.0..=560.0);
        let dock = Dock { name: "Lyrics", edge: Edge::Right, size, range, usual: usual.lyrics };
        room.dock(ui, dock, |ui| lyrics::show(ui, scene));
    }
    // What the panels themselves changed meanwhile (closed, say) stays.
    for (now, old, new) in [
        (&mut scene.view.panels.browser, before.browser, panels.browser),
        (&mut scene.view.panels.strip, before.strip, panels.strip),
        (&mut scene.view.panels.lyrics, before.lyrics, panels.lyrics),
        (&mut scene.view.panels.drawer, before.drawer, panels.drawer),
    ] {
        if (old - new).abs() > f32::EPSILON {
            *now = new;
        }
    }
    scene.view.marks.arrange = Some(room.rect());
    room.rest(ui, "arrange", |ui| arrange::show(ui, scene));
}
