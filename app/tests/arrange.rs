//! The arrange view in a window without a display: what the pointer does to clips, loop, view and playhead.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "tests")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::intake::{layout_for, new_track, whole_clip};
use ai_dawg::look;
use ai_dawg::studio::Studio;
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::{Preferences, Theme};
use ai_dawg::studio::view::{Gesture, Snap};
use ai_dawg::window::Shell;
use dawg_engine::device::Host;
use dawg_session::{
    Access, Clip, Fade, FadeShape, Gain, Media, MediaId, Name, Position, Samples, Session, SongId, Store,
    Tempo,
};
use dawg_tests::signal;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use tempfile::TempDir;

const RATE: u32 = 48_000;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// Phrases that swell and fall: what a voice or a beat looks like from afar.
fn phrases(frames: usize, period: usize, seed: u32) -> Vec<f32> {
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
fn verse(folder: &Path) -> Session {
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
struct Desk {
    window: Harness<'static, Shell>,
    _home: TempDir,
}

impl Desk {
    fn open(size: [f32; 2], scale: f32, theme: Theme, make: impl FnOnce(&Path) -> Session) -> Self {
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

    fn verse() -> Self {
        Self::open([1_280.0, 720.0], 1.0, Theme::Dark, verse)
    }

    #[track_caller]
    fn until(&mut self, what: &str, done: impl Fn(&Shell) -> bool) {
        let start = Instant::now();
        while !done(self.window.state()) {
            assert!(start.elapsed() < Duration::from_secs(20), "not in 20 s: {what}");
            self.window.step();
            std::thread::yield_now();
        }
    }

    /// Until no waveform comes any more.
    fn settle(&mut self) {
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

    fn song(&self) -> Arc<Session> {
        Arc::clone(self.window.state().studio().session().unwrap())
    }

    fn clip(&self, row: usize, n: usize) -> Clip {
        Clip::clone(&self.song().tracks[row].playing().unwrap().clips[n])
    }

    fn start(&self, row: usize, n: usize) -> i64 {
        let song = self.song();
        self.clip(row, n).span(&song.tempo_map, RATE).0
    }

    /// The point of a song frame, at a height within a row.
    fn at(&self, frame: i64, row: usize, part: f32) -> Pos2 {
        let view = self.window.state().view();
        let timeline = &view.timeline;
        let y = timeline.lanes.top() - timeline.top + (row as f32 + part) * view.panels.track_height;
        pos2(timeline.lanes.left() + timeline.x(frame), y)
    }

    fn rows_of_history(&self) -> usize {
        self.window.state().studio().work().unwrap().document().entries().len()
    }

    fn press(&mut self, at: Pos2) {
        self.window.event(Event::PointerMoved(at));
        self.window.step();
        self.button(at, true);
    }

    fn button(&mut self, pos: Pos2, pressed: bool) {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        self.window.event(Event::PointerButton { pos, button, pressed, modifiers });
        self.window.step();
    }

    fn drag(&mut self, from: Pos2, to: Pos2) {
        self.press(from);
        for part in 1..=4 {
            self.window.event(Event::PointerMoved(from + (to - from) * (part as f32 / 4.0)));
            self.window.step();
        }
    }

    fn drop(&mut self, at: Pos2) {
        self.button(at, false);
        self.window.run_steps(2);
    }

    fn command(&mut self, command: Command) {
        self.window.state_mut().perform(Action::Command(command));
        self.window.run_steps(2);
    }

    fn picture(&mut self, what: &str) {
        self.settle();
        let folder = std::env::var("DAWG_PICTURES").unwrap_or_else(|_| "../target/pictures".to_owned());
        std::fs::create_dir_all(&folder).unwrap();
        self.window.render().unwrap().save(format!("{folder}/arrange-{what}.png")).unwrap();
    }
}

/// Pictures for the eye, beside the sketch; the assertions are those of the other tests.
#[test]
#[ignore = "takes a minute and compares nothing"]
fn pictures() {
    let mut desk = Desk::open([1_600.0, 1_000.0], 1.0, Theme::Dark, verse);
    let lead = desk.clip(0, 0).id;
    desk.window.state_mut().view_mut().selection.clips.insert(lead);
    desk.window.state_mut().perform(Action::Locate(1_100_000));
    desk.settle();
    desk.picture("1600");
    let hover = desk.at(desk.start(3, 0) + 200_000, 3, 0.6);
    desk.window.event(Event::PointerMoved(hover));
    desk.window.state_mut().view_mut().timeline.frames_per_point = 150.0;
    let left = desk.start(0, 0) as f64 - 9_000.0;
    desk.window.state_mut().view_mut().timeline.left = left;
    desk.picture("1600-near");
    desk.window.state_mut().view_mut().timeline.frames_per_point = 0.1;
    desk.window.state_mut().view_mut().timeline.left = left + 9_000.0 + 60_000.0;
    desk.picture("1600-samples");
    drop(desk);
    Desk::verse().picture("1280");
    Desk::open([1_706.0, 960.0], 1.5, Theme::Dark, verse).picture("2560");
    Desk::open([1_280.0, 720.0], 1.0, Theme::Dark, stacked).picture("1280-stacked");
    Desk::open([1_280.0, 720.0], 1.0, Theme::Light, verse).picture("1280-light");
    let empty = |_: &Path| Session::new(SongId::fresh(), name("New"), RATE, Tempo::DEFAULT);
    Desk::open([1_280.0, 720.0], 1.0, Theme::Dark, empty).picture("1280-empty");
}

/// Seen red: an Edit wished at each move of the pointer instead of a preview.
#[test]
fn a_drag_shows_itself_and_commits_one_step() {
    let mut desk = Desk::verse();
    let (rows, before) = (desk.rows_of_history(), desk.start(1, 0));
    let bar = 125_217;
    let (from, to) = (desk.at(before + bar, 1, 0.5), desk.at(before + 2 * bar, 2, 0.5));
    desk.drag(from, to);
    let shown = desk.song();
    let committed = Arc::clone(desk.window.state().studio().work().unwrap().committed());
    assert_eq!(shown.tracks[2].playing().unwrap().clips.len(), 3, "it is shown on the row below");
    assert_eq!(committed.tracks[2].playing().unwrap().clips.len(), 2, "and not done yet");
    assert_eq!(desk.rows_of_history(), rows);
    desk.drop(to);
    assert_eq!(desk.rows_of_history(), rows + 1);
    let moved = desk.clip(2, 2);
    assert_eq!((moved.name.as_str(), moved.start), ("Double L", Position::Ticks(5 * 7_680)));
    desk.command(Command::Undo);
    assert_eq!((desk.start(1, 0), desk.song().tracks[2].playing().unwrap().clips.len()), (before, 2));
}

/// Seen red: Escape that lets go of the gesture and leaves its preview standing.
#[test]
fn escape_takes_a_drag_back() {
    let mut desk = Desk::verse();
    let (rows, before) = (desk.rows_of_history(), desk.start(1, 0));
    let (from, to) = (desk.at(before + 100_000, 1, 0.5), desk.at(before + 400_000, 1, 0.5));
    desk.drag(from, to);
    assert_ne!(desk.start(1, 0), before);
    desk.window.key_press(Key::Escape);
    desk.window.run_steps(2);
    assert_eq!((desk.start(1, 0), desk.rows_of_history()), (before, rows));
    desk.drop(to);
    assert_eq!((desk.start(1, 0), desk.rows_of_history()), (before, rows));
    assert!(desk.window.state().view().gesture.is_none());
}

/// Seen red: a start that may lie before the file's first frame, which the song refuses.
#[test]
fn edges_trim_within_the_file_and_corners_fade() {
    let mut desk = Desk::verse();
    desk.window.state_mut().view_mut().timeline.snap = Snap::Off;
    let (clip, start) = (desk.clip(1, 0), desk.start(1, 0));
    let (edge, out) = (desk.at(start, 1, 0.8) + vec2(2.0, 0.0), desk.at(start + 60_000, 1, 0.8));
    desk.drag(edge, out);
    desk.drop(out);
    let trimmed = desk.clip(1, 0);
    let by = trimmed.offset.0;
    assert!((58_000..62_000 + 2_000).contains(&by), "{by}");
    assert_eq!((trimmed.length.0, desk.start(1, 0)), (clip.length.0 - by, start + by));
    let (edge, far) = (desk.at(start + by, 1, 0.8) + vec2(2.0, 0.0), desk.at(start - 300_000, 1, 0.8));
    desk.drag(edge, far);
    desk.drop(far);
    assert_eq!((desk.clip(1, 0).offset.0, desk.start(1, 0)), (0, start), "no further than the file goes");

    let height = desk.window.state().view().panels.track_height;
    let corner = desk.at(start, 1, 20.0 / height) + vec2(4.0, 0.0);
    let to = corner + vec2(40.0, 0.0);
    desk.drag(corner, to);
    desk.drop(to);
    let faded = desk.clip(1, 0);
    assert!(faded.fade_in.length.0 > 50_000 && faded.fade_out.length.0 == 0, "{:?}", faded.fade_in);
}

/// Seen red: a zoom about the view's left edge.
#[test]
fn a_zoom_keeps_the_frame_under_the_pointer() {
    let mut desk = Desk::verse();
    let at = desk.at(1_000_000, 3, 0.5);
    desk.window.event(Event::PointerMoved(at));
    desk.window.step();
    let before = desk.window.state().view().timeline.frames_per_point;
    desk.window.event(Event::Zoom(3.0));
    desk.window.run_steps(2);
    let timeline = &desk.window.state().view().timeline;
    assert!(timeline.frames_per_point < before * 0.5);
    let x = timeline.lanes.left() + timeline.x(1_000_000);
    assert!((x - at.x).abs() < 0.5, "{x} instead of {}", at.x);
}

/// Seen red: the playhead rounded up to the next pixel.
#[test]
fn the_playhead_stands_in_the_pixel_of_its_frame() {
    for scale in [1.0, 1.5] {
        let mut desk = Desk::open([1_280.0, 720.0], scale, Theme::Dark, verse);
        for frame in [300_001, 777_777] {
            desk.window.state_mut().perform(Action::Locate(frame));
            desk.until("the playhead is there", |shell| shell.studio().readout().playhead.position == frame);
            desk.window.run_steps(2);
            let place = desk.at(frame, 6, 0.5);
            let picture = desk.window.render().unwrap();
            let (y, width) = ((place.y * scale) as u32, picture.width());
            let white = |x: &u32| picture.get_pixel(*x, y).0[..3].iter().all(|part| *part > 240);
            let lanes = desk.window.state().view().timeline.lanes;
            let right = (lanes.right() * scale) as u32;
            let lit: Vec<u32> = ((lanes.left() * scale) as u32..right.min(width)).filter(white).collect();
            let pixel = (place.x * scale).floor() as u32;
            assert!(lit.contains(&pixel) && lit.len() <= 3, "{pixel} is not among {lit:?} at {scale}");
        }
    }
}

/// Seen red: a click on nothing that kept the selection.
#[test]
fn clips_are_chosen_by_name_and_a_click_on_nothing_locates() {
    let mut desk = Desk::verse();
    desk.window.get_by_label("Clip Double L on Doubles, bar 5 to 8").click();
    desk.window.run_steps(2);
    let chosen = desk.clip(1, 0).id;
    assert!(desk.window.state().view().selection.clips.contains(&chosen));
    assert_eq!(desk.window.state().view().selection.track, Some(desk.song().tracks[1].id));
    desk.command(Command::NextClip);
    assert!(desk.window.state().view().selection.clips.contains(&desk.clip(1, 1).id));
    let empty = desk.at(3 * 125_217 + 9_000, 3, 0.5);
    desk.press(empty);
    desk.button(empty, false);
    assert!(desk.window.state().view().selection.clips.is_empty());
    let bar_4 = desk.song().tempo_map.ticks_to_samples(3 * 7_680, RATE).0;
    desk.until("it went to bar 4", |shell| shell.studio().readout().playhead.position == bar_4);
    assert_eq!(desk.window.state().view().selection.track, Some(desk.song().tracks[3].id));
}

/// Seen red: the loop's ends stored as samples.
#[test]
fn the_ruler_sets_the_loop_and_a_rectangle_selects() {
    let mut desk = Desk::verse();
    let rows = desk.rows_of_history();
    let lanes = desk.window.state().view().timeline.lanes;
    let up = |at: Pos2| pos2(at.x, lanes.top() - 46.0);
    let bar = |n: i64| n * 125_217 + 3_000;
    let (from, to) = (up(desk.at(bar(13), 0, 0.0)), up(desk.at(bar(15), 0, 0.0)));
    desk.drag(from, to);
    assert!(matches!(desk.window.state().view().gesture, Some(Gesture::Loop { .. })));
    desk.drop(to);
    let range = desk.song().loop_range;
    assert_eq!(
        (range.on, range.start, range.end),
        (true, Position::Ticks(13 * 7_680), Position::Ticks(15 * 7_680))
    );
    assert_eq!(desk.rows_of_history(), rows + 1);

    let (from, to) = (desk.at(bar(8), 6, 0.5), desk.at(bar(3), 0, 0.5));
    desk.drag(from, to);
    desk.drop(to);
    let names: Vec<String> = desk
        .song()
        .clips()
        .filter(|(.., clip)| desk.window.state().view().selection.clips.contains(&clip.id))
        .map(|(.., clip)| clip.name.to_string())
        .collect();
    let touched =
        ["Comp A", "Double L", "Trap 92 · variation 1", "Trap 92 · variation 2", "808", "Keys · F♯ minor"];
    assert_eq!(names[..6], touched);
    assert_eq!(names.len(), 7, "and the ad lib: {names:?}");
}

/// Seen red: the lanes drawn anew in each frame.
#[test]
fn what_stands_still_is_drawn_once() {
    let mut desk = Desk::verse();
    // Numbers that were not shown before may make the glyphs' texture grow.
    desk.window.state_mut().perform(Action::Locate(399_000));
    desk.settle();
    let built = |desk: &Desk| desk.window.state().view().arrange.built();
    let before = built(&desk);
    desk.window.run_steps(5);
    desk.window.state_mut().perform(Action::Locate(400_000));
    desk.window.run_steps(5);
    assert_eq!(built(&desk), before);
    desk.command(Command::ZoomIn);
    assert!(built(&desk) > before);
}

/// A clip upon another's start, and one in the middle of another.
fn stacked(folder: &Path) -> Session {
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

/// Seen red: the seam left out.
#[test]
fn a_clip_upon_another_has_a_seam() {
    let mut desk = Desk::open([1_280.0, 720.0], 1.0, Theme::Dark, stacked);
    desk.window.run_steps(3);
    let room = look::tokens(&desk.window.ctx).room;
    let edge = desk.at(desk.start(1, 1), 1, 0.9);
    let picture = desk.window.render().unwrap();
    let is_room = |x: &u32| picture.get_pixel(*x, edge.y as u32).0 == room.to_array();
    let near = edge.x as u32;
    assert_eq!((near - 12..near + 12).filter(is_room).count(), 1);
}

/// Seen red: the width that a small window forces written over the one that was chosen.
#[test]
fn a_small_window_forgets_no_width_and_the_tools_never_overlap() {
    let mut desk = Desk::verse();
    for (chosen, zoom) in [(168.0, false), (200.0, false), (232.0, false), (280.0, true)] {
        desk.window.state_mut().view_mut().panels.headers = chosen;
        desk.window.run_steps(3);
        let shown = desk.window.query_by_label("Zoom out").is_some();
        assert!(shown || !zoom, "{chosen}");
        let follow = desk.window.get_by_label("Follow playhead").rect();
        let snap = desk.window.get_by_label("Snap: Snap: grid").rect();
        assert!(snap.right() <= follow.left(), "{chosen}: {snap} {follow}");
        if shown {
            let out = desk.window.get_by_label("Zoom out").rect();
            assert!(follow.right() <= out.left(), "{chosen}: {follow} {out}");
        }
    }
    desk.window.set_size(vec2(420.0, 500.0));
    desk.window.run_steps(3);
    desk.window.set_size(vec2(1_280.0, 720.0));
    desk.window.run_steps(3);
    assert_eq!(desk.window.state().view().panels.headers, 280.0);
}
