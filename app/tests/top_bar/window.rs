//! The whole window with a song open.

#[path = "../common/shell.rs"]
mod shell;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::intake::{layout_for, new_track, whole_clip};
use ai_dawg::look;
use ai_dawg::studio::preferences::Preferences;
use ai_dawg::window::Shell;
use dawg_session::{Key, Media, MediaId, Mode, Name, Position, Samples, Session, SongId, Store, Tempo};
use dawg_tests::{Program, signal};
use egui::Vec2;
use egui_kittest::Harness;

/// Length of each clip.
pub(crate) const FRAMES: usize = 96_000;

/// A song of four tracks at 92 beats a minute, in F♯ minor.
pub(crate) fn song() -> Session {
    let name = Name::new("Midnight Verse").unwrap();
    let mut song = Session::new(SongId::fresh(), name, 48_000, Tempo::from_bpm(92.0).unwrap());
    song.key = Some(Key { tonic: 6, mode: Mode::Minor });
    for (number, name) in ["Lead vocal", "Doubles", "Beat", "808"].into_iter().enumerate() {
        let media = Media {
            id: MediaId::fresh(),
            file: format!("{number}.wav"),
            name: Name::new(name).unwrap(),
            sample_rate: 48_000,
            channels: 2,
            frames: Samples(FRAMES as i64),
            hash: None,
        };
        let clip = whole_clip(&media, Position::Ticks(number as i64 * 7_680));
        let track = new_track(Name::new(name).unwrap(), layout_for(2), number, vec![clip]);
        song.media.insert(media.id, Arc::new(media));
        song.tracks.push(Arc::new(track));
    }
    song
}

/// The whole window with this song open, on a timer for a sound card.
pub(crate) struct Window {
    pub(crate) shell: Shell,
    pub(crate) _home: Program,
}

impl Window {
    pub(crate) fn open(change: impl FnOnce(&mut Preferences)) -> Self {
        let home = Program::at(PathBuf::from(env!("CARGO_BIN_EXE_ai-dawg")));
        let folder = home.path("Midnight Verse.dawg");
        drop(Store::create(&folder, &song()).unwrap());
        for number in 0..4 {
            let noise = [signal::distinct(FRAMES, number), signal::distinct(FRAMES, number + 9)];
            signal::write_wav_24(folder.join(format!("audio/{number}.wav")), 48_000, &noise);
        }
        let shell = shell::open(&home, folder, change);
        Self { shell, _home: home }
    }

    pub(crate) fn harness(self, size: [f32; 2], scale: f32) -> Harness<'static, Self> {
        let mut harness = Harness::builder()
            .with_size(Vec2::from(size))
            .with_pixels_per_point(scale)
            .with_max_steps(30)
            .build_ui_state(
                |ui, window: &mut Self| {
                    look::apply(ui.ctx(), window.shell.studio().preferences().theme);
                    window.shell.frame(ui);
                },
                self,
            );
        harness.run_ok();
        harness.run_ok();
        harness
    }

    pub(crate) fn rolling(&self) -> bool {
        self.shell.studio().readout().playhead.rolling
    }

    pub(crate) fn bpm(&self) -> f64 {
        self.shell.studio().session().unwrap().tempo_map.tempo_at(0).bpm()
    }

    pub(crate) fn steps(&self) -> i64 {
        self.shell.studio().work().unwrap().document().last_seq()
    }
}

/// Draws frames until something is so.
#[track_caller]
pub(crate) fn until(harness: &mut Harness<'_, Window>, what: &str, test: impl Fn(&Window) -> bool) {
    let since = Instant::now();
    while !test(harness.state()) {
        assert!(since.elapsed() < Duration::from_secs(5), "{what}");
        std::thread::park_timeout(Duration::from_millis(10));
        harness.step();
    }
}

pub(crate) fn save(harness: &mut Harness<'_, Window>, name: &str) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("pictures");
    std::fs::create_dir_all(&folder).unwrap();
    harness.render().unwrap().save(folder.join(format!("{name}.png"))).unwrap();
}
