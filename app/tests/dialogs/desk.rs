//! A window on a studio in a folder of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::look;
use ai_dawg::song::OpenSong;
use ai_dawg::studio::Studio;
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Preferences;
use ai_dawg::window::Shell;
use dawg_session::{Access, Edit, Name, Session, SongId, Tempo};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use tempfile::TempDir;

/// A window on a studio in a folder of its own.
pub(crate) struct Desk {
    pub(crate) window: Harness<'static, Shell>,
    pub(crate) home: TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::sized([1_280.0, 720.0], 1.0)
    }

    pub(crate) fn sized(size: [f32; 2], scale: f32) -> Self {
        let home = tempfile::tempdir().unwrap();
        let preferences = Preferences {
            songs_folder: Some(home.path().join("songs")),
            browser_folder: Some(home.path().join("sounds")),
            device: ai_dawg::sound::DeviceChoice {
                host: Some(dawg_engine::device::Host::Timer),
                ..Default::default()
            },
            toured: true,
            ..Preferences::default()
        };
        let studio = Studio::start(preferences, home.path().join("data"), Arc::new(|| {})).unwrap();
        let draw = |ui: &mut egui::Ui, shell: &mut Shell| {
            look::apply(ui.ctx(), shell.studio().preferences().theme);
            shell.frame(ui);
        };
        let window = Harness::builder()
            .with_size(size)
            .with_pixels_per_point(scale)
            .with_max_steps(24)
            .build_ui_state(draw, Shell::new(studio));
        Self { window, home }
    }

    /// The same, with a song open that plays 4 s of a beat.
    pub(crate) fn with_song() -> Self {
        let mut desk = Self::new();
        desk.open_song();
        desk
    }

    pub(crate) fn open_song(&mut self) {
        let folder = self.home.path().join("songs/Midnight Verse.dawg");
        std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
        let session =
            Session::new(SongId::fresh(), Name::new("Midnight Verse").unwrap(), 48_000, Tempo::DEFAULT);
        let mut song = OpenSong::create(&folder, &session).unwrap();
        let beat = self.home.path().join("Beat.wav");
        dawg_tests::signal::write_wav_24(&beat, 48_000, &[dawg_tests::signal::distinct(4 * 48_000, 7)]);
        let mut intake = ai_dawg::intake::Intake::into_song(&song).unwrap();
        intake.take(&beat, 48_000, false, &dawg_media::Progress::new()).unwrap();
        let media = intake.keep().remove(0).media;
        let clip = ai_dawg::intake::whole_clip(&media, dawg_session::Position::START);
        let name = Name::new("Beat").unwrap();
        let track = ai_dawg::intake::new_track(name, dawg_session::Layout::MONO, 0, vec![clip]);
        song.commit("Import", vec![Edit::AddMedia { media }, Edit::AddTrack { track, at: 0 }]).unwrap();
        song.close().unwrap();
        self.perform(Action::Open { folder, access: Access::Write });
        self.until("the song is open", |shell| shell.studio().work().is_some());
    }

    pub(crate) fn perform(&mut self, action: Action) {
        let shell = self.window.state_mut();
        // As the shell does it: the view is the main window's.
        shell.perform(action);
        self.window.run_ok();
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.perform(Action::Command(command));
    }

    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, done: impl Fn(&Shell) -> bool) {
        let start = Instant::now();
        while !done(self.window.state()) {
            let told = self.window.state().studio().notices().list();
            assert!(start.elapsed() < Duration::from_secs(20), "not in 20 s: {what}; told {told:?}");
            std::thread::park_timeout(Duration::from_millis(5));
            self.window.step();
        }
        self.window.run_ok();
    }

    pub(crate) fn click(&mut self, name: &str) {
        self.window.get_by_label(name).click();
        self.window.run_ok();
    }

    /// The field of this name.
    #[track_caller]
    pub(crate) fn field<'a>(&'a self, name: &'a str) -> egui_kittest::Node<'a> {
        let line = self.window.query_by_role_and_label(Role::TextInput, name);
        line.or_else(|| self.window.query_by_role_and_label(Role::MultilineTextInput, name)).unwrap()
    }

    /// Replaces the text of a field.
    #[track_caller]
    pub(crate) fn write(&mut self, field: &str, text: &str) {
        self.field(field).focus();
        self.window.run_ok();
        self.window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.field(field).type_text(text);
        self.window.run_ok();
    }

    pub(crate) fn says(&self, words: &str) -> bool {
        self.window.query_all_by_label_contains(words).next().is_some()
    }

    /// A picture to be looked at, under `target/pictures`, when `DAWG_PICTURES` is set: each takes seconds.
    pub(crate) fn picture(&mut self, name: &str) {
        if std::env::var_os("DAWG_PICTURES").is_none() {
            return;
        }
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../pictures");
        std::fs::create_dir_all(&folder).unwrap();
        self.window.run_ok();
        let image = self.window.render().unwrap();
        image.save(folder.join(format!("dialog-{name}.png"))).unwrap();
    }
}

impl Desk {
    /// Files in the browser's folder: Loops, Kick, Snare.
    pub(crate) fn sounds(&self) {
        let folder = self.home.path().join("sounds");
        std::fs::create_dir_all(folder.join("Loops")).unwrap();
        for (name, seed) in [("Kick.wav", 1), ("Snare.wav", 2)] {
            let plane = dawg_tests::signal::distinct(48_000, seed);
            dawg_tests::signal::write_wav_24(folder.join(name), 48_000, &[plane]);
        }
    }
}

pub(crate) fn seq(shell: &Shell) -> i64 {
    shell.studio().work().map_or(0, |work| work.document().last_seq())
}
