//! What a frame costs while 100 tracks of 100 clips play: layout and tessellation, without the renderer.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::intake::{new_track, whole_clip};
use ai_dawg::look;
use ai_dawg::studio::Studio;
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Preferences;
use ai_dawg::window::Shell;
use dawg_engine::device::Host;
use dawg_session::{
    Access, Clip, Comp, CompId, FadeShape, Joint, Lane, LaneId, Media, MediaId, Name, Pick, Plays, Position,
    Samples, Session, SongId, Store, Tempo,
};
use dawg_tests::signal;

const FRAMES: i64 = 96_000;

/// A hundred tracks of a hundred clips of ten files.
fn song(folder: &Path) -> Session {
    let name = |text: &str| Name::new(text).unwrap();
    let mut song = Session::new(SongId::fresh(), name("Hundred"), 48_000, Tempo::DEFAULT);
    let mut media = Vec::new();
    for n in 0..10 {
        let file = format!("{n}.wav");
        signal::write_wav_24(folder.join(&file), 48_000, &[signal::distinct(FRAMES as usize, n)]);
        let one = Media {
            id: MediaId::fresh(),
            file,
            name: name("Loop"),
            sample_rate: 48_000,
            channels: 1,
            frames: Samples(FRAMES),
            hash: None,
        };
        song.media.insert(one.id, Arc::new(one.clone()));
        media.push(one);
    }
    for row in 0..100 {
        let clips: Vec<Clip> = (0..100)
            .map(|n| whole_clip(&media[(row + n) % 10], Position::Samples(n as i64 * FRAMES)))
            .collect();
        let track = new_track(name(&format!("Track {row}")), dawg_session::Layout::MONO, row, clips);
        song.tracks.push(Arc::new(track));
    }
    song
}

struct Bare {
    ctx: egui::Context,
    shell: Shell,
    time: f64,
}

impl Bare {
    /// One frame, and how long it took.
    fn frame(&mut self) -> (Duration, usize) {
        self.time += 1.0 / 60.0;
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1_600.0, 1_000.0))),
            time: Some(self.time),
            ..Default::default()
        };
        let start = Instant::now();
        let mut output = self.ctx.run_ui(input, |ui| {
            look::apply(ui.ctx(), self.shell.studio().preferences().theme);
            self.shell.frame(ui);
        });
        let primitives = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        output.textures_delta.clear();
        (start.elapsed(), primitives.len())
    }
}

/// A window on a song that is open.
fn open(home: &Path, song: impl FnOnce(&Path) -> Session) -> Bare {
    let folder = home.join("hundred.dawg");
    let kept = home.join("audio");
    std::fs::create_dir(&kept).unwrap();
    Store::create(&folder, &song(&kept)).unwrap().close().unwrap();
    for file in std::fs::read_dir(&kept).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), folder.join("audio").join(file.file_name())).unwrap();
    }
    let device = ai_dawg::sound::DeviceChoice { host: Some(Host::Timer), ..Default::default() };
    let preferences = Preferences { device, toured: true, ..Preferences::default() };
    let studio = Studio::start(preferences, home.join("data"), Arc::new(|| {})).unwrap();
    let ctx = egui::Context::default();
    look::fonts(&ctx);
    let mut bare = Bare { ctx, shell: Shell::new(studio), time: 0.0 };
    bare.shell.perform(Action::Open { folder, access: Access::Write });
    let start = Instant::now();
    while bare.shell.studio().work().is_none() || start.elapsed() < Duration::from_secs(2) {
        assert!(start.elapsed() < Duration::from_secs(60), "the song does not open");
        bare.frame();
    }
    bare
}

/// Seen red: the lanes drawn anew in each frame.
#[test]
fn a_hundred_tracks_of_a_hundred_clips_play_within_the_frame() {
    let home = tempfile::tempdir().unwrap();
    let mut bare = open(home.path(), song);
    bare.shell.perform(Action::Command(Command::Play));
    let start = Instant::now();
    while !bare.shell.studio().readout().playhead.rolling {
        assert!(start.elapsed() < Duration::from_secs(30), "it does not play");
        bare.frame();
    }
    let mut costs: Vec<Duration> = (0..300).map(|_| bare.frame().0).collect();
    costs.sort_unstable();
    let (median, worst) = (costs[150], costs[299]);
    println!("a frame of 100 x 100 clips playing: median {median:?}, slowest {worst:?}");
    let most = if cfg!(debug_assertions) { 60 } else { 4 };
    assert!(median <= Duration::from_millis(most), "{median:?}");
}

/// One track of so many takes, and a comp of five hundred parts of them.
fn takes(folder: &Path, lanes: usize) -> Session {
    let mut song = song(folder);
    song.tracks.truncate(1);
    let media: Vec<Media> = song.media.values().map(|media| Media::clone(media)).collect();
    let track = Arc::make_mut(&mut song.tracks[0]);
    track.lanes.clear();
    for n in 0..lanes {
        let mut lane = Lane::new(LaneId::fresh(), Name::new(&format!("Take {}", n + 1)).unwrap());
        lane.clips.push(Arc::new(whole_clip(&media[n % 10], Position::START)));
        track.lanes.push(Arc::new(lane));
    }
    let mut comp = Comp::new(CompId::fresh(), Name::new("Comp A").unwrap());
    let joint = Joint::usual(48_000, FadeShape::EqualPower);
    for part in 0..500 {
        let lane = &track.lanes[part as usize * 37 % lanes];
        let (start, end) = (Samples(part * FRAMES / 500), Samples((part + 1) * FRAMES / 500));
        comp.picks.push(Pick { start, end, lane: lane.id, name: lane.name.clone(), joint });
    }
    (track.plays, track.shows_lanes) = (Plays::Comp(comp.id), true);
    track.comps.push(Arc::new(comp));
    song
}

/// Seen red: with all rows in sight.
#[test]
fn a_hundred_takes_scroll_as_ten_do() {
    // As many as fill the window, and a hundred.
    let homes = [30, 100].map(|lanes| (lanes, tempfile::tempdir().unwrap()));
    let mut windows = homes.each_ref().map(|(lanes, home)| open(home.path(), |folder| takes(folder, *lanes)));
    let mut costs: [Vec<Duration>; 2] = Default::default();
    for frame in 0..60 {
        // In turn: whatever else the machine has to do, it has to do it to both.
        for (bare, costs) in windows.iter_mut().zip(&mut costs) {
            // A little up and down: nothing of what was drawn can be kept.
            bare.shell.view_mut().timeline.top = 20.0 + 3.0 * (frame % 10) as f32;
            costs.push(bare.frame().0);
        }
    }
    let [few, many] = costs.map(|mut costs| {
        costs.sort_unstable();
        costs[30]
    });
    println!("a frame of a comp of 500 parts, scrolled: {few:?} with 30 takes, {many:?} with 100");
    assert!(many < few * 3 / 2, "{few:?} {many:?}");
}
