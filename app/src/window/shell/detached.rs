//! Views in windows of their own: each with its own scroll, zoom, selection and dialogs.

use egui::{Context, Ui, ViewportBuilder, ViewportId};

use super::{Shell, Which, window};
use crate::studio::Studio;
use crate::studio::view::{Selection, View};

/// A view in a window of its own.
#[derive(Debug)]
pub(super) struct Detached {
    view: View,
    number: u64,
    // Which song it shows, to forget what was selected in another one.
    song: Option<dawg_session::SongId>,
    open: bool,
}

impl Detached {
    pub(super) fn view(&self) -> &View {
        &self.view
    }

    fn title(&self, studio: &Studio) -> String {
        let song = studio.session().map(|session| format!(" — {}", session.name));
        format!("AI DAWG · {}{}", self.view.tab.name(), song.unwrap_or_default())
    }

    fn follow_song(&mut self, studio: &Studio) {
        let song = studio.session().map(|session| session.id);
        if song != self.song {
            let track = studio.session().and_then(|session| session.tracks.first()).map(|track| track.id);
            self.view.selection = Selection { track, ..Selection::default() };
            (self.view.gesture, self.view.lyrics, self.view.renaming) = (None, None, None);
            self.song = song;
        }
    }
}

impl Shell {
    pub(super) fn show_detached(&mut self, ctx: &Context) {
        for tab in self.studio.take_detached() {
            let number = self.detached.last().map_or(1, |last| last.number + 1);
            let song = self.studio.session().map(|session| session.id);
            let mut view = View { tab, panels: self.view.panels.clone(), ..View::default() };
            view.timeline = self.view.timeline.clone();
            view.selection = self.view.selection.clone();
            self.detached.push(Detached { view, number, song, open: true });
        }
        for one in &mut self.detached {
            one.follow_song(&self.studio);
            show(ctx, &mut self.studio, one);
        }
        self.detached.retain(|one| one.open);
    }
}

fn show(ctx: &Context, studio: &mut Studio, one: &mut Detached) {
    let title = one.title(studio);
    let id = ViewportId::from_hash_of(("detached", one.number));
    if ctx.embed_viewports() {
        return embedded(ctx, studio, one, title);
    }
    let builder = ViewportBuilder::default()
        .with_title(title)
        .with_app_id("ai-dawg")
        .with_inner_size([1_200.0, 760.0])
        .with_min_inner_size([720.0, 420.0]);
    ctx.show_viewport_immediate(id, builder, |ui, _| {
        one.open &= !window(ui, studio, &mut one.view, Which::Detached);
        one.open &= !ui.ctx().input(|input| input.viewport().close_requested());
    });
    if !one.open {
        studio.keep_lyrics(&mut one.view);
    }
}

/// Where the system has no windows to give (and in tests): a window within the window.
fn embedded(ctx: &Context, studio: &mut Studio, one: &mut Detached, title: String) {
    let (mut open, number) = (one.open, one.number);
    let shown = egui::Window::new(title).id(egui::Id::unique(("detached", number)));
    shown.open(&mut open).default_size([760.0, 460.0]).show(ctx, |ui: &mut Ui| {
        ui.push_id(number, |ui| {
            ui.set_min_size(ui.available_size());
            one.open &= !window(ui, studio, &mut one.view, Which::Detached);
        });
    });
    one.open &= open;
}
