//! A window without a display on a song with takes: the verse of the sketch.

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
    Access, Clip, Comp, CompId, FadeShape, Joint, Lane, LaneId, Media, MediaId, Name, Pick, Plays, Position,
    Samples, Session, SongId, Store, Take, Tempo, Track,
};
use dawg_tests::signal;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use tempfile::TempDir;

pub(crate) const RATE: u32 = 48_000;
/// Frames of a bar at 92 beats a minute.
pub(crate) const BAR: usize = 125_217;

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub(crate) fn bar(number: i64) -> Position {
    Position::Ticks((number - 1) * 7_680)
}

/// The song frame of a bar.
pub(crate) fn frame(song: &Session, number: i64) -> i64 {
    song.tempo_map.to_samples(bar(number), RATE).0
}

/// A sung phrase every `period` frames, of uneven lengths and strengths.
fn sung(frames: usize, period: usize, seed: u32) -> Vec<f32> {
    let noise = signal::distinct(frames, seed);
    let at = |n: usize| {
        let phrase = (n + seed as usize * 31_007) / period;
        let t = ((n + seed as usize * 31_007) % period) as f32 / period as f32;
        let length = 0.55 + 0.3 * ((phrase as f32 * 2.7 + seed as f32).sin() * 0.5 + 0.5);
        let strength = 0.55 + 0.45 * ((phrase as f32 * 1.3 + seed as f32 * 0.7).sin() * 0.5 + 0.5);
        let t = t / length;
        let swell = if t < 1.0 { (t * 5.0).min(1.0) * (1.0 - t).powf(0.45) } else { 0.004 };
        let syllables = 0.72 + 0.28 * (n as f32 / 5_200.0 + seed as f32).sin();
        strength * swell * syllables
    };
    let whole = |x: f32| (x * 8_388_607.0).round() / 8_388_608.0;
    noise.iter().enumerate().map(|(n, x)| whole(x * 0.92 * at(n))).collect()
}

fn media(song: &mut Session, folder: &Path, called: &str, planes: &[Vec<f32>]) -> Media {
    let id = MediaId::fresh();
    let file = format!("{id}.wav");
    signal::write_wav_24(folder.join("audio").join(&file), RATE, planes);
    let frames = Samples(planes[0].len() as i64);
    let channels = planes.len() as u16;
    let media = Media { id, file, name: name(called), sample_rate: RATE, channels, frames, hash: None };
    song.media.insert(id, Arc::new(media.clone()));
    media
}

fn at(media: &Media, start: Position) -> Clip {
    Clip { name: media.name.clone(), ..whole_clip(media, start) }
}

/// Four takes of bars 5 to 13 in a comp, doubles, a beat, an 808 and keys.
pub(crate) fn verse(folder: &Path) -> Session {
    let mut song =
        Session::new(SongId::fresh(), name("Midnight Verse"), RATE, Tempo::from_bpm(92.0).unwrap());
    let lead = lead(&mut song, folder);
    song.tracks.push(Arc::new(lead));
    type Clips = &'static [(&'static str, i64, usize, usize)];
    let tracks: [(&str, u16, Clips); 4] = [
        ("Doubles", 1, &[("Double L", 5, 3, 2), ("Double R", 10, 3, 2)]),
        ("Beat", 2, &[("Trap 92 · variation 1", 1, 8, 8), ("Trap 92 · variation 2", 9, 8, 8)]),
        ("808", 1, &[("808", 5, 8, 2), ("808", 13, 4, 2)]),
        ("Keys", 2, &[("Keys · F♯ minor", 1, 12, 1), ("Keys · F♯ minor", 13, 4, 1)]),
    ];
    for (row, (track, channels, clips)) in tracks.into_iter().enumerate() {
        let mut placed = Vec::new();
        for (called, start, bars, per_bar) in clips {
            let planes: Vec<_> = (0..u32::from(channels))
                .map(|c| sung(BAR * bars, BAR / per_bar, 20 + c + row as u32))
                .collect();
            let media = media(&mut song, folder, called, &planes);
            placed.push(at(&media, bar(*start)));
        }
        song.tracks.push(Arc::new(new_track(name(track), layout_for(channels), row + 1, placed)));
    }
    song.loop_range = dawg_session::LoopRange { on: true, start: bar(5), end: bar(13) };
    song
}

fn lead(song: &mut Session, folder: &Path) -> Track {
    let mut track = new_track(name("Lead vocal"), layout_for(1), 0, Vec::new());
    track.lanes.clear();
    for number in (1..=4u32).rev() {
        let called = format!("Take {number}");
        let media = media(song, folder, &called, &[sung(BAR * 8, BAR * 2, number)]);
        let mut lane = Lane::new(LaneId::fresh(), name(&called));
        lane.clips.push(Arc::new(at(&media, bar(5))));
        lane.take = Some(Take { number, at_ms: 1_700_000_000_000 + i64::from(number) * 60_000 });
        lane.rating = [0, 2, 4, 3, 5][number as usize];
        track.lanes.push(Arc::new(lane));
    }
    let mut comp = Comp::new(CompId::fresh(), name("Comp A"));
    // Bar and beat at which each part starts, and its lane from the top.
    for (n, (start, end, lane)) in
        [(5, 7, 0usize), (7, 9, 2), (9, 11, 3), (11, 13, 2)].into_iter().enumerate()
    {
        let (start, end) = (Samples(frame(song, start)), Samples(frame(song, end)));
        let start = if n == 0 { start } else { start + Samples(BAR as i64 / 8) };
        let end = if n == 3 { end } else { end + Samples(BAR as i64 / 8) };
        let lane = &track.lanes[lane];
        let joint = Joint::usual(RATE, FadeShape::EqualPower);
        comp.picks.push(Pick { start, end, lane: lane.id, name: lane.name.clone(), joint });
    }
    track.plays = Plays::Comp(comp.id);
    track.comps.push(Arc::new(comp));
    track.shows_lanes = true;
    track
}

/// A window on a song in a folder of its own.
pub(crate) struct Desk {
    pub(crate) window: Harness<'static, Shell>,
    _home: TempDir,
}

impl Desk {
    pub(crate) fn open(size: [f32; 2], theme: Theme, make: impl FnOnce(&Path) -> Session) -> Self {
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
            .with_max_steps(64)
            .with_context_setup(look::fonts)
            .build_ui_state(draw, Shell::new(studio));
        window.state_mut().perform(Action::Open { folder, access: Access::Write });
        let mut desk = Self { window, _home: home };
        desk.until("the song is open", |shell| shell.studio().work().is_some());
        desk.window.run_steps(3);
        let track = desk.song().tracks[0].id;
        desk.window.state_mut().view_mut().selection.track = Some(track);
        desk
    }

    pub(crate) fn verse() -> Self {
        Self::open([1_280.0, 720.0], Theme::Dark, verse)
    }

    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, done: impl Fn(&Shell) -> bool) {
        let start = Instant::now();
        while !done(self.window.state()) {
            assert!(start.elapsed() < Duration::from_secs(30), "not in 30 s: {what}");
            self.window.step();
            std::thread::park_timeout(Duration::from_millis(2));
        }
    }

    /// Until no waveform comes any more.
    pub(crate) fn settle(&mut self) {
        let (mut last, mut since) = (u64::MAX, Instant::now());
        while since.elapsed() < Duration::from_millis(600) {
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

    /// As it is committed.
    pub(crate) fn committed(&self) -> Arc<Session> {
        Arc::clone(self.window.state().studio().work().unwrap().committed())
    }

    /// What the lead vocal's comp plays, in words: take and bars.
    pub(crate) fn comp(&self) -> Vec<(String, i64, i64)> {
        let song = self.committed();
        let comp = song.tracks[0].playing_comp().unwrap();
        let bars = |x: Samples| ((x.0 as f64 / BAR as f64 * 8.0).round() as i64) + 8;
        comp.picks.iter().map(|pick| (pick.name.to_string(), bars(pick.start), bars(pick.end))).collect()
    }

    /// The point of a song frame in a lane of the lead vocal (none: in its own row), at a height within the row.
    pub(crate) fn at(&self, frame: i64, lane: Option<usize>, part: f32) -> Pos2 {
        let view = self.window.state().view();
        let timeline = &view.timeline;
        let rows = view.arrange.rows();
        let row = lane.map_or_else(|| rows.of(0), |lane| rows.of_lane(0, lane)).unwrap();
        let y = timeline.lanes.top() - timeline.top + row.top + part * row.height;
        pos2(timeline.lanes.left() + timeline.x(frame), y)
    }

    pub(crate) fn bar(&self, number: i64) -> i64 {
        frame(&self.song(), number)
    }

    pub(crate) fn steps(&self) -> usize {
        self.window.state().studio().work().unwrap().document().entries().len()
    }

    pub(crate) fn label(&self) -> String {
        let work = self.window.state().studio().work().unwrap();
        work.document().can_undo().unwrap_or_default().to_owned()
    }

    pub(crate) fn press(&mut self, at: Pos2) {
        self.window.event(Event::PointerMoved(at));
        self.window.step();
        self.button(at, true);
    }

    fn button(&mut self, pos: Pos2, pressed: bool) {
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
        self.window.run_steps(3);
        self.until("the swipe is done", |shell| !shell.studio().is_swiping());
    }

    pub(crate) fn click(&mut self, at: Pos2) {
        self.press(at);
        self.drop(at);
    }

    /// A key, and what comes of it.
    pub(crate) fn key(&mut self, key: Key, modifiers: Modifiers) {
        self.window.key_press_modifiers(modifiers, key);
        self.window.run_steps(3);
        self.until("the swipe is done", |shell| !shell.studio().is_swiping());
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.window.state_mut().perform(Action::Command(command));
        self.window.run_steps(3);
    }

    pub(crate) fn picture(&mut self, what: &str) {
        self.settle();
        let folder = std::env::var("DAWG_PICTURES").unwrap_or_else(|_| "../target/pictures".to_owned());
        std::fs::create_dir_all(&folder).unwrap();
        self.window.render().unwrap().save(format!("{folder}/lanes-{what}.png")).unwrap();
    }
}
