//! A song as in the sketch, and a window on it.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::intake::{layout_for, new_track, whole_clip};
use ai_dawg::look;
use ai_dawg::studio::Studio;
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::{Preferences, Theme};
use ai_dawg::window::Shell;
use dawg_engine::device::Host;
use dawg_session::{
    Access, Clip, Fade, FadeShape, Gain, Media, MediaId, Name, Position, Samples, Session, SongId, Store,
    Tempo,
};
use dawg_tests::signal;
use egui::{Event, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use tempfile::TempDir;

pub(crate) const RATE: u32 = 48_000;

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// Phrases that swell and fall: what a voice or a beat looks like from afar.
pub(crate) fn phrases(frames: usize, period: usize, seed: u32) -> Vec<f32> {
    let noise = signal::distinct(frames, seed);
    let shape = |n: usize| {
        let t = (n % period) as f32 / period as f32;
        let swell = (t * 3.3).min(1.0) * (1.0 - t).max(0.0).powf(0.7);
        if t > 0.82 { 0.01 } else { swell * (0.75 + 0.25 * ((n / period) as f32 * 2.1).sin()) }
    };
    noise
        .iter()
        .enumerate()
        .map(|(n, x)| ((x * 0.9 * shape(n)) * 8_388_607.0).round() / 8_388_608.0)
        .collect()
}

/// The song of the sketch, as far as its parts exist: six tracks with audio, fades, gain, a muted and a missing clip.
pub(crate) fn verse(folder: &Path) -> Session {
    let mut song =
        Session::new(SongId::fresh(), name("Midnight Verse"), RATE, Tempo::from_bpm(92.0).unwrap());
    let bar = 125_217usize;
    let ticks = |bar: i64| Position::Ticks((bar - 1) * 7_680);
    // Track, channels, clips: (name, bar, bars, phrases a bar).
    type Clips = &'static [(&'static str, i64, usize, usize)];
    let tracks: [(&str, u16, Clips); 6] = [
        ("Lead vocal", 1, &[("Comp A", 5, 8, 1), ("Take 5", 14, 3, 1)]),
        ("Doubles", 1, &[("Double L", 5, 3, 2), ("Double R", 10, 3, 2)]),
        ("Beat", 2, &[("Trap 92 · variation 1", 1, 8, 4), ("Trap 92 · variation 2", 9, 8, 4)]),
        ("808", 1, &[("808", 5, 8, 2), ("808", 13, 4, 2)]),
        ("Keys", 2, &[("Keys · F♯ minor", 1, 12, 1), ("Keys · F♯ minor", 13, 4, 1)]),
        ("Ad libs", 1, &[("Ad lib far too long a name for so short a clip", 7, 1, 3), ("Lost", 12, 3, 1)]),
    ];
    for (row, (track, channels, clips)) in tracks.into_iter().enumerate() {
        let mut placed = Vec::new();
        for (n, (clip, at, bars, per_bar)) in clips.iter().enumerate() {
            let frames = bar * bars;
            let media = Media {
                id: MediaId::fresh(),
                file: format!("{row}-{n}.wav"),
                name: name(clip),
                sample_rate: RATE,
                channels,
                frames: Samples(frames as i64),
                hash: None,
            };
            if *clip != "Lost" {
                let planes: Vec<_> = (0..channels)
                    .map(|c| phrases(frames, bar / per_bar, 7 + u32::from(c) + row as u32))
                    .collect();
                signal::write_wav_24(folder.join("audio").join(&media.file), RATE, &planes);
            }
            let mut clip = whole_clip(&media, ticks(*at));
            clip.name = media.name.clone();
            song.media.insert(media.id, Arc::new(media));
            placed.push(clip);
        }
        song.tracks.push(Arc::new(new_track(name(track), layout_for(channels), row, placed)));
    }
    let clip = |song: &mut Session, row: usize, n: usize, change: &dyn Fn(&mut Clip)| {
        let track = Arc::make_mut(&mut song.tracks[row]);
        let lane = Arc::make_mut(&mut track.lanes[0]);
        change(Arc::make_mut(&mut lane.clips[n]));
    };
    let fade = |frames| Fade { length: Samples(frames), shape: FadeShape::EqualPower };
    clip(&mut song, 0, 0, &|clip| (clip.fade_in, clip.fade_out) = (fade(60_000), fade(160_000)));
    clip(&mut song, 1, 1, &|clip| clip.mute = true);
    clip(&mut song, 3, 1, &|clip| clip.gain = Gain::new(0.6).unwrap());
    song.loop_range = dawg_session::LoopRange { on: true, start: ticks(5), end: ticks(13) };
    song
}

/// A window on a song in a folder of its own.
pub(crate) struct Desk {
    pub(crate) window: Harness<'static, Shell>,
    pub(crate) _home: TempDir,
}

impl Desk {
    pub(crate) fn open(
        size: [f32; 2],
        scale: f32,
        theme: Theme,
        make: impl FnOnce(&Path) -> Session,
    ) -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("Midnight Verse.dawg");
        std::fs::create_dir_all(folder.join("audio")).unwrap();
        let kept = home.path().join("kept");
        std::fs::create_dir_all(kept.join("audio")).unwrap();
        let song = make(&kept);
        std::fs::remove_dir_all(&folder).unwrap();
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

    pub(crate) fn verse() -> Self {
        Self::open([1_280.0, 720.0], 1.0, Theme::Dark, verse)
    }

    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, done: impl Fn(&Shell) -> bool) {
        let start = Instant::now();
        while !done(self.window.state()) {
            assert!(start.elapsed() < Duration::from_secs(20), "not in 20 s: {what}");
            self.window.step();
            std::thread::yield_now();
        }
    }

    /// Until no waveform comes any more.
    pub(crate) fn settle(&mut self) {
        let (mut last, mut since) = (u64::MAX, Instant::now());
        while since.elapsed() < Duration::from_millis(400) {
            self.window.step();
            let now = self.window.state().studio().waves().revision();
            if now != last {
                (last, since) = (now, Instant::now());
            }
            std::thread::yield_now();
        }
    }

    pub(crate) fn song(&self) -> Arc<Session> {
        Arc::clone(self.window.state().studio().session().unwrap())
    }

    pub(crate) fn clip(&self, row: usize, n: usize) -> Clip {
        Clip::clone(&self.song().tracks[row].playing().unwrap().clips[n])
    }

    pub(crate) fn start(&self, row: usize, n: usize) -> i64 {
        let song = self.song();
        self.clip(row, n).span(&song.tempo_map, RATE).0
    }

    /// The point of a song frame, at a height within a row.
    pub(crate) fn at(&self, frame: i64, row: usize, part: f32) -> Pos2 {
        let view = self.window.state().view();
        let timeline = &view.timeline;
        let y = timeline.lanes.top() - timeline.top + (row as f32 + part) * view.panels.track_height;
        pos2(timeline.lanes.left() + timeline.x(frame), y)
    }

    pub(crate) fn rows_of_history(&self) -> usize {
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

    pub(crate) fn drag(&mut self, from: Pos2, to: Pos2) {
        self.press(from);
        for part in 1..=4 {
            self.window.event(Event::PointerMoved(from + (to - from) * (part as f32 / 4.0)));
            self.window.step();
        }
    }

    pub(crate) fn drop(&mut self, at: Pos2) {
        self.button(at, false);
        self.window.run_steps(2);
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.window.state_mut().perform(Action::Command(command));
        self.window.run_steps(2);
    }

    pub(crate) fn picture(&mut self, what: &str) {
        self.settle();
        let folder = std::env::var("DAWG_PICTURES").unwrap_or_else(|_| "../target/pictures".to_owned());
        std::fs::create_dir_all(&folder).unwrap();
        self.window.render().unwrap().save(format!("{folder}/arrange-{what}.png")).unwrap();
    }
}

/// A clip upon another's start, and one in the middle of another.
pub(crate) fn stacked(folder: &Path) -> Session {
    let mut song = verse(folder);
    for (row, from, to) in [(0, 1, 4), (1, 1, 6)] {
        let track = Arc::make_mut(&mut song.tracks[row]);
        let lane = Arc::make_mut(&mut track.lanes[0]);
        Arc::make_mut(&mut lane.clips[0]).start = Position::Ticks((if row == 0 { 4 } else { 5 }) * 7_680);
        Arc::make_mut(&mut lane.clips[from]).start = Position::Ticks(to * 7_680);
        Arc::make_mut(&mut lane.clips[from]).length = Samples(125_217);
    }
    song
}
