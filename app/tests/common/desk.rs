//! A window without a display on a song in a folder of its own, and the hand at it.
//!
//! Whoever takes it in gives it songs, says what lies where in them, and how long it waits: [`LIMIT`], [`QUIET`].

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::look;
use ai_dawg::studio::Studio;
use ai_dawg::studio::action::Action;
use ai_dawg::studio::preferences::{Preferences, Theme};
use ai_dawg::window::Shell;
use dawg_engine::device::Host;
use dawg_session::{Access, Name, Session, Store};
use egui::{Event, Modifiers, PointerButton, Pos2};
use egui_kittest::Harness;
use tempfile::TempDir;

use super::{LIMIT, QUIET};

pub(crate) const RATE: u32 = 48_000;

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// A window on a song in a folder of its own.
pub(crate) struct Desk {
    pub(crate) window: Harness<'static, Shell>,
    _home: TempDir,
}

impl Desk {
    /// On the song that `make` makes; it is given the folder that its `audio` is to be in.
    pub(crate) fn on(size: [f32; 2], scale: f32, theme: Theme, make: impl FnOnce(&Path) -> Session) -> Self {
        let home = tempfile::tempdir().unwrap();
        let (folder, kept) = (home.path().join("Midnight Verse.dawg"), home.path().join("kept"));
        std::fs::create_dir_all(kept.join("audio")).unwrap();
        let song = make(&kept);
        Store::create(&folder, &song).unwrap().close().unwrap();
        for file in std::fs::read_dir(kept.join("audio")).unwrap() {
            let file = file.unwrap().path();
            std::fs::copy(&file, folder.join("audio").join(file.file_name().unwrap())).unwrap();
        }
        let device = ai_dawg::sound::DeviceChoice { host: Some(Host::Timer), ..Default::default() };
        let preferences = Preferences { device, theme, toured: true, ..Preferences::default() };
        let studio = Studio::start(preferences, home.path().join("data"), Arc::new(|| {})).unwrap();
        let draw = |ui: &mut egui::Ui, shell: &mut Shell| {
            look::apply(ui.ctx(), shell.studio().preferences().theme);
            shell.frame(ui);
        };
        let mut window = Harness::builder()
            .with_size(size)
            .with_pixels_per_point(scale)
            .with_max_steps(64)
            .with_context_setup(look::fonts)
            .build_ui_state(draw, Shell::new(studio));
        window.state_mut().perform(Action::Open { folder, access: Access::Write });
        let mut desk = Self { window, _home: home };
        desk.until("the song is open", |shell| shell.studio().work().is_some());
        desk.window.run_steps(3);
        desk
    }

    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, done: impl Fn(&Shell) -> bool) {
        let start = Instant::now();
        while !done(self.window.state()) {
            assert!(start.elapsed() < LIMIT, "not in {LIMIT:?}: {what}");
            self.window.step();
            std::thread::park_timeout(Duration::from_millis(2));
        }
    }

    /// Until no waveform comes any more.
    pub(crate) fn settle(&mut self) {
        let (mut last, mut since) = (u64::MAX, Instant::now());
        while since.elapsed() < QUIET {
            self.window.step();
            let now = self.window.state().studio().waves().revision();
            if now != last {
                (last, since) = (now, Instant::now());
            }
            std::thread::park_timeout(Duration::from_millis(2));
        }
    }

    /// As it is shown.
    pub(crate) fn song(&self) -> Arc<Session> {
        Arc::clone(self.window.state().studio().session().unwrap())
    }

    /// Rows of its history.
    pub(crate) fn steps(&self) -> usize {
        self.window.state().studio().work().unwrap().document().entries().len()
    }

    pub(crate) fn press(&mut self, at: Pos2) {
        self.window.event(Event::PointerMoved(at));
        self.window.step();
        self.button(at, true);
    }

    pub(crate) fn button(&mut self, pos: Pos2, pressed: bool) {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        self.window.event(Event::PointerButton { pos, button, pressed, modifiers });
        self.window.step();
    }

    /// The button stays pressed.
    pub(crate) fn drag(&mut self, from: Pos2, to: Pos2) {
        self.press(from);
        for part in 1..=4 {
            self.window.event(Event::PointerMoved(from + (to - from) * (part as f32 / 4.0)));
            self.window.step();
        }
    }

    /// A picture for the eye, when all waveforms are there.
    pub(crate) fn save(&mut self, name: &str) {
        self.settle();
        let folder = std::env::var("DAWG_PICTURES").unwrap_or_else(|_| "../target/pictures".to_owned());
        std::fs::create_dir_all(&folder).unwrap();
        self.window.render().unwrap().save(format!("{folder}/{name}.png")).unwrap();
    }
}
