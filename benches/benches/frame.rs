//! What a frame of the window costs while 100 tracks with 100 clips each play: layout and tessellation, without the
//! renderer, at 1600 × 1000. At rest, and while the view is zoomed in every frame, so that nothing can be kept. The same
//! of one track with 100 lanes and a comp of 500 parts, and of the drawer with a minute of live pitch.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::look;
use ai_dawg::sound::DeviceChoice;
use ai_dawg::studio::Studio;
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Preferences;
use ai_dawg::window::Shell;
use dawg_benches::timing::{self, Times};
use dawg_benches::{data, song, tracks};
use dawg_dsp::pitch::Estimate;
use dawg_engine::device::Host;
use dawg_engine::pitch::Heard;
use dawg_session::{Access, Edit, TrackId, apply_all};

const TRACKS: usize = 100;
const CLIPS: usize = 100;
const LENGTH: usize = 240_000;
const PICKS: usize = 500;
/// So many tracks are in sight at least.
const IN_SIGHT: usize = 10;

struct Bare {
    ctx: egui::Context,
    shell: Shell,
    time: f64,
}

impl Bare {
    fn frame(&mut self) -> usize {
        self.time += 1.0 / 60.0;
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1_600.0, 1_000.0))),
            time: Some(self.time),
            ..Default::default()
        };
        let mut output = self.ctx.run_ui(input, |ui| {
            look::apply(ui.ctx(), self.shell.studio().preferences().theme);
            self.shell.frame(ui);
        });
        output.textures_delta.clear();
        self.ctx.tessellate(output.shapes, output.pixels_per_point).len()
    }

    fn until(&mut self, what: &str, done: impl Fn(&Shell) -> bool) {
        let start = Instant::now();
        while !done(&self.shell) {
            assert!(start.elapsed() < Duration::from_secs(60), "{what}");
            self.frame();
            timing::pause(Duration::from_millis(5));
        }
    }

    /// Frames as they come, each after `before`.
    fn times(&mut self, mut before: impl FnMut(&mut Shell, usize)) -> Times {
        let frames = if timing::quick() { 60 } else { 600 };
        let mut times = Times::default();
        for frame in 0..frames {
            before(&mut self.shell, frame);
            times.time(|| self.frame());
            timing::pause(Duration::from_millis(10));
        }
        times
    }
}

/// A window on a song that plays; its waveforms have come in.
fn open(home: &Path, folder: PathBuf) -> Bare {
    let device = DeviceChoice { host: Some(Host::Timer), ..DeviceChoice::default() };
    let preferences = Preferences { device, toured: true, ..Preferences::default() };
    let studio = Studio::start(preferences, home.join("data"), Arc::new(|| {})).unwrap();
    let ctx = egui::Context::default();
    look::fonts(&ctx);
    let mut bare = Bare { ctx, shell: Shell::new(studio), time: 0.0 };
    bare.shell.perform(Action::Open { folder, access: Access::Write });
    bare.until("the song does not open", |shell| shell.studio().work().is_some());
    bare.shell.perform(Action::Command(Command::Play));
    bare.until("it does not play", |shell| shell.studio().readout().playhead.rolling);
    // Waveforms come in meanwhile.
    bare.times(|_, _| ());
    bare
}

fn main() {
    let home = data::folder().join("frame");
    let _ = std::fs::remove_dir_all(&home);
    let files = home.join("files");
    tracks::make(&files, TRACKS, LENGTH);
    clips(&home, &files);
    takes(&home, &files);
    opening(&home, &files);
    pitch(&home, &files);
}

fn clips(home: &Path, files: &Path) {
    let folder = home.join("hundred.dawg");
    song::store(&folder, &song::clips(TRACKS, LENGTH, CLIPS), files);
    let mut bare = open(home, folder);
    println!("| 100 tracks × 100 clips, playing | median | worst of 100 but one | worst |");
    println!("| --- | --- | --- | --- |");
    println!("| still view {}", bare.times(|_, _| ()).cells());
    let zoomed = bare.times(|shell, frame| {
        let command = if frame % 20 < 10 { Command::ZoomIn } else { Command::ZoomOut };
        shell.perform(Action::Command(command));
    });
    println!("| zoomed in every frame {}", zoomed.cells());
    curves(&mut bare);
}

/// The same with the pitch of what was sung on every clip.
fn curves(bare: &mut Bare) {
    bare.shell.perform(Action::Command(Command::ToggleCurves));
    // Tracks with an input carry a voice.
    let tracks = bare.shell.studio().session().unwrap().tracks.iter().map(|track| track.id);
    let input: dawg_session::Input = "1".parse().unwrap();
    let edits =
        tracks.map(|track| dawg_session::Edit::SetTrackInput { track, input: input.clone() }).collect();
    bare.shell.perform(Action::Edit { label: "Inputs".to_owned(), edits });
    // The song may have played to its end by now, and the view gone with it.
    bare.shell.view_mut().timeline.follow = false;
    bare.shell.perform(Action::Command(Command::ZoomToAll));
    bare.frame();
    bare.until("curves are not found", |shell| {
        let shown = |media: &dawg_session::MediaId| shell.studio().pitches().known(*media).is_some();
        let found = shell.studio().session().unwrap().media.keys().filter(|media| shown(media)).count();
        found >= IN_SIGHT && shell.studio().jobs().running().next().is_none()
    });
    println!("| pitch shown, still view {}", bare.times(|_, _| ()).cells());
    let zoomed = bare.times(|shell, frame| {
        let command = if frame % 20 < 10 { Command::ZoomIn } else { Command::ZoomOut };
        shell.perform(Action::Command(command));
    });
    println!("| pitch shown, zoomed in every frame {}", zoomed.cells());
}

/// One track of a hundred lanes with a comp of five hundred parts.
fn takes(home: &Path, files: &Path) {
    let folder = home.join("takes.dawg");
    song::store(&folder, &song::takes(TRACKS, LENGTH, PICKS), files);
    let mut bare = open(home, folder);
    println!();
    println!(
        "| one track of 100 lanes, comp of 500 parts, playing | median | worst of 100 but one | worst |"
    );
    println!("| --- | --- | --- | --- |");
    println!("| still view {}", bare.times(|_, _| ()).cells());
    let scrolled = bare.times(|shell, frame| {
        shell.view_mut().timeline.top = 7.0 * (frame % 300) as f32;
    });
    println!("| scrolled down in every frame {}", scrolled.cells());
    let zoomed = bare.times(|shell, frame| {
        let command = if frame % 20 < 10 { Command::ZoomIn } else { Command::ZoomOut };
        shell.perform(Action::Command(command));
    });
    println!("| zoomed in every frame {}", zoomed.cells());
}

/// From the wish to open a song to its first frame, in a window that shows an empty one: of one track with two takes, and with
/// a hundred, in turn.
fn opening(home: &Path, files: &Path) {
    let [few, many, empty] =
        ["opened-few.dawg", "opened-many.dawg", "opened-empty.dawg"].map(|name| home.join(name));
    // Lanes are drawn where they are in sight; as a song is opened by most, they are folded away.
    let folded = |lanes| {
        let session = song::takes(lanes, LENGTH, 20);
        let track = session.tracks[0].id;
        apply_all(&session, &[Edit::SetTrackShowsLanes { track, shows: false }]).unwrap().session
    };
    song::store(&few, &folded(2), files);
    song::store(&many, &folded(TRACKS), files);
    song::store(&empty, &song::clips(1, LENGTH, 1), files);
    let (woken, news) = std::sync::mpsc::channel();
    let preferences = Preferences { toured: true, ..Preferences::default() };
    let waker = Arc::new(move || _ = woken.send(()));
    let studio = Studio::start(preferences, home.join("data"), waker).unwrap();
    let ctx = egui::Context::default();
    look::fonts(&ctx);
    let mut bare = Bare { ctx, shell: Shell::new(studio), time: 0.0 };
    let mut open = |folder: &PathBuf| {
        bare.shell.perform(Action::Open { folder: folder.clone(), access: Access::Write });
        while bare.shell.studio().work().is_none_or(|work| work.folder() != *folder) {
            bare.frame();
            _ = news.recv_timeout(Duration::from_millis(5));
        }
        bare.frame();
    };
    let mut times: [Times; 2] = Default::default();
    for turn in 0..if timing::quick() { 5 } else { 60 } {
        for (side, folder) in [&few, &many].into_iter().enumerate() {
            open(&empty);
            timing::pause(Duration::from_millis(50));
            let start = Instant::now();
            open(folder);
            // The first ones have their waveforms made.
            if turn > 1 {
                times[side].add(start.elapsed());
            }
            timing::pause(Duration::from_millis(if turn > 1 { 50 } else { 3_000 }));
        }
    }
    let [few, many] = times.map(|times| times.median().as_secs_f64() * 1e3);
    println!();
    println!("| a song opened, until its first frame is laid out | 2 takes | 100 takes | ratio |");
    println!("| --- | --- | --- | --- |");
    println!("| median | {few:.2} ms | {many:.2} ms | {:.2} |", many / few);
}

/// A minute of singing in the drawer, all of it in sight, while more comes in with every frame; and the same window with
/// the drawer shut.
fn pitch(home: &Path, files: &Path) {
    let folder = home.join("pitch.dawg");
    song::store(&folder, &song::clips(1, LENGTH, 1), files);
    let mut bare = open(home, folder);
    let track = bare.shell.studio().session().unwrap().tracks[0].id;
    let edits = vec![
        Edit::SetTrackInput { track, input: "1".parse().unwrap() },
        Edit::SetTrackArm { track, arm: true },
    ];
    bare.shell.perform(Action::Edit { label: "Arm".to_owned(), edits });
    println!();
    println!("| a minute of live pitch | median | worst of 100 but one | worst |");
    println!("| --- | --- | --- | --- |");
    println!("| drawer shut {}", bare.times(|_, _| ()).cells());
    let mut singer = Singer { track, number: 0 };
    (0..12_000).for_each(|_| singer.sing(&mut bare.shell));
    bare.shell.perform(Action::Command(Command::TogglePitch));
    let sung = |shell: &mut Shell, _| (0..4).for_each(|_| singer.sing(shell));
    println!("| ten seconds in sight {}", bare.times(sung).cells());
    bare.shell.view_mut().pitch.zoom_time(6.0);
    let sung = |shell: &mut Shell, _| (0..4).for_each(|_| singer.sing(shell));
    println!("| all of it in sight {}", bare.times(sung).cells());
}

/// A voice of figures: phrases with vibrato, and rests.
struct Singer {
    track: TrackId,
    number: u64,
}

impl Singer {
    fn sing(&mut self, shell: &mut Shell) {
        let seconds = self.number as f32 / 200.0;
        let voiced = self.number % 300 < 270;
        let keys = 57.0 + (seconds * 0.7).sin().mul_add(4.0, 0.4 * (seconds * 35.0).sin()).round_ties_even();
        let frequency = 440.0 * ((keys - 69.0 + 0.3 * (seconds * 35.0).sin()) / 12.0).exp2();
        let estimate = Estimate { number: self.number, frequency, confidence: 0.9, voiced };
        let at = Instant::now();
        let position = self.number as i64 * 240;
        shell.studio_mut().sing(self.track, Heard { estimate, level: 0.2, position, rolling: true, at });
        self.number += 1;
    }
}
