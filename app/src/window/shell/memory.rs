//! What of the main window is remembered: sizes of panels and of the window, snap, following.

use std::time::{Duration, Instant};

use egui::Context;

use super::Shell;
use crate::studio::action::Action;
use crate::studio::preferences::Preferences;
use crate::studio::view::{Panels, Snap, View};

/// How long it must have been left alone before it is written down.
const SETTLED: Duration = Duration::from_millis(600);

#[derive(Debug, Clone, PartialEq)]
struct Remembered {
    panels: Panels,
    no_follow: bool,
    snap: Snap,
    window: Option<[f32; 2]>,
}

/// What was remembered last, and what has changed since.
#[derive(Debug)]
pub(super) struct Memory {
    kept: Remembered,
    newer: Option<(Remembered, Instant)>,
}

impl Memory {
    pub(super) fn of(preferences: &Preferences) -> Self {
        Self { kept: Remembered::chosen(preferences), newer: None }
    }
}

impl Remembered {
    fn chosen(preferences: &Preferences) -> Self {
        Self {
            panels: preferences.panels.clone(),
            no_follow: preferences.no_follow,
            snap: preferences.snap,
            window: preferences.window,
        }
    }

    fn shown(view: &View, window: Option<[f32; 2]>) -> Self {
        Self {
            panels: view.panels.clone(),
            no_follow: !view.timeline.follow,
            snap: view.timeline.snap,
            window,
        }
    }
}

impl Shell {
    /// Writes down what has changed, once it rests. Returns when to look again.
    pub(super) fn remember(&mut self, ctx: &Context) -> Option<Duration> {
        self.follow_preferences();
        let shown = Remembered::shown(&self.view, size(ctx).or(self.memory.kept.window));
        if shown == self.memory.kept {
            self.memory.newer = None;
            return None;
        }
        let since = match &self.memory.newer {
            Some((newer, since)) if *newer == shown => *since,
            _ => Instant::now(),
        };
        self.memory.newer = Some((shown.clone(), since));
        if ctx.input(|input| input.pointer.any_down()) {
            return None; // letting go draws a frame
        }
        let rested = since.elapsed();
        if rested < SETTLED {
            return Some(SETTLED - rested);
        }
        let Remembered { panels, no_follow, snap, window } = shown.clone();
        let preferences =
            Preferences { panels, no_follow, snap, window, ..self.studio.preferences().clone() };
        self.memory.kept = shown;
        self.memory.newer = None;
        self.studio.perform(Action::Preferences(Box::new(preferences)), &mut self.view);
        None
    }

    /// Takes over what was chosen in the preferences meanwhile.
    fn follow_preferences(&mut self) {
        let chosen = Remembered::chosen(self.studio.preferences());
        if chosen.snap != self.memory.kept.snap {
            self.view.timeline.snap = chosen.snap;
            self.memory.kept.snap = chosen.snap;
        }
        if chosen.no_follow != self.memory.kept.no_follow {
            self.view.timeline.follow = !chosen.no_follow;
            self.memory.kept.no_follow = chosen.no_follow;
        }
    }
}

/// The window's size as the system counts it; none while it fills the screen, or is in no system.
fn size(ctx: &Context) -> Option<[f32; 2]> {
    let zoom = ctx.zoom_factor();
    ctx.input(|input| {
        let viewport = input.viewport();
        let filling = viewport.maximized == Some(true) || viewport.fullscreen == Some(true);
        let rect = viewport.inner_rect.filter(|_| !filling && viewport.minimized != Some(true))?;
        Some([(rect.width() * zoom).round(), (rect.height() * zoom).round()])
    })
}
