//! A song of tracks, and what shows it: headers, strip, or mixer.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::intake::{new_track, whole_clip};
use ai_dawg::look;
use ai_dawg::sound::DeviceChoice;
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::{Preferences, Theme};
use ai_dawg::studio::view::{Tab, View};
use ai_dawg::studio::{Stage, Studio};
use ai_dawg::window::{Scene, arrange, mix, strip};
use dawg_engine::device::Host;
use dawg_session::{
    Access, Gain, Media, MediaId, Name, Pan, Position, Samples, Session, SongId, Store, Tempo, Track,
};
use dawg_tests::{Program, signal};
use egui::{Panel, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// A song with these tracks, each with a clip of its own.
pub(crate) fn song(names: &[&str]) -> Session {
    let name = Name::new("Midnight Verse").unwrap();
    let mut song = Session::new(SongId::fresh(), name, 48_000, Tempo::from_bpm(92.0).unwrap());
    for (number, name) in names.iter().enumerate() {
        let media = Media {
            id: MediaId::fresh(),
            file: format!("{number}.wav"),
            name: Name::new(name).unwrap(),
            sample_rate: 48_000,
            channels: 1 + (number % 2) as u16,
            frames: Samples(480_000),
            hash: None,
        };
        let clip = whole_clip(&media, Position::Ticks(0));
        let layout = ai_dawg::intake::layout_for(media.channels);
        let mut track = new_track(Name::new(name).unwrap(), layout, number, vec![clip]);
        track.gain = Gain::new(1.0 / (1.0 + number as f32 / 4.0)).unwrap();
        track.pan = Pan::new(((number * 37) % 201) as f32 / 100.0 - 1.0).unwrap();
        song.media.insert(media.id, Arc::new(media));
        song.tracks.push(Arc::new(track));
    }
    song
}

/// What these tests show: headers at the left, the strip at the right; or the mixer.
pub(crate) struct Desk {
    pub(crate) studio: Studio,
    pub(crate) view: View,
    /// How often the song was changed.
    pub(crate) edits: usize,
    pub(crate) previews: usize,
    pub(crate) _home: Program,
}

impl Desk {
    pub(crate) fn frame(&mut self, ui: &mut Ui) {
        look::apply(ui.ctx(), Theme::Dark);
        _ = self.studio.poll(&mut self.view);
        let mut actions = Vec::new();
        let mut scene = Scene { studio: &self.studio, view: &mut self.view, actions: &mut actions };
        match scene.view.tab {
            Tab::Mix => mix::show(ui, &mut scene),
            _ => {
                let (left, right) = (scene.view.panels.headers, scene.view.panels.strip);
                Panel::left("headers").exact_size(left).frame(egui::Frame::NONE).show(ui, |ui| {
                    let mut rows = arrange::rows::Rows::default();
                    if let Some(session) = scene.studio.session() {
                        rows.follow(session, scene.view.panels.track_height, &Default::default());
                    }
                    arrange::headers::show(ui, &mut scene, &rows);
                });
                let strip = Panel::right("strip").exact_size(right).frame(egui::Frame::NONE);
                strip.show(ui, |ui| strip::show(ui, &mut scene));
            }
        }
        for action in actions {
            self.edits += usize::from(matches!(action, Action::Edit { .. }));
            self.previews += usize::from(matches!(action, Action::Preview { .. }));
            self.studio.perform(action, &mut self.view);
        }
    }
}

thread_local! {
    /// Whether songs that are opened have their audio.
    pub(crate) static AUDIBLE: Cell<bool> = const { Cell::new(false) };
}

pub(crate) fn open(song: &Session, size: [f32; 2], scale: f32) -> Harness<'static, Desk> {
    let home = Program::at(env!("CARGO_BIN_EXE_ai-dawg"));
    let folder = home.path("song.dawg");
    Store::create(&folder, song).unwrap().close().unwrap();
    for (number, media) in song.media.values().enumerate().filter(|_| AUDIBLE.get()) {
        let planes: Vec<Vec<f32>> = (0..u32::from(media.channels))
            .map(|channel| {
                let loud = 0.9 / (1.0 + (number % 6) as f32) / (1.0 + channel as f32 / 4.0);
                signal::distinct(media.frames.0 as usize, 7 + channel)
                    .iter()
                    .map(|x| (x * loud * 8_388_608.0).round() / 8_388_608.0)
                    .collect()
            })
            .collect();
        signal::write_wav_24(folder.join("audio").join(&media.file), song.sample_rate, &planes);
    }
    let device = DeviceChoice { host: Some(Host::Timer), ..DeviceChoice::default() };
    let mut studio = Studio::start(
        Preferences { device, toured: true, ..Preferences::default() },
        home.path("data"),
        Arc::new(|| {}),
    )
    .unwrap();
    studio.open(folder, Access::Write);
    let mut view = View::default();
    let start = Instant::now();
    while !matches!(studio.stage(), Stage::Open(_)) {
        assert!(start.elapsed() < Duration::from_secs(20), "the song does not open");
        _ = studio.poll(&mut view);
        std::thread::yield_now();
    }
    view.selection.track = song.tracks.first().map(|track| track.id);
    let desk = Desk { studio, view, edits: 0, previews: 0, _home: home };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_pixels_per_point(scale)
        .with_step_dt(1.0 / 60.0)
        .allow_missing_glyphs()
        .with_context_setup(look::fonts)
        .build_ui_state(|ui, desk: &mut Desk| desk.frame(ui), desk);
    harness.run_steps(3);
    harness
}

pub(crate) fn desk(names: &[&str]) -> Harness<'static, Desk> {
    open(&song(names), [1280.0, 720.0], 1.0)
}

pub(crate) fn track(harness: &Harness<'_, Desk>, number: usize) -> Arc<Track> {
    Arc::clone(&harness.state().studio.session().unwrap().tracks[number])
}

pub(crate) fn order(harness: &Harness<'_, Desk>) -> Vec<String> {
    harness.state().studio.session().unwrap().tracks.iter().map(|track| track.name.to_string()).collect()
}

pub(crate) fn undo(harness: &mut Harness<'_, Desk>) {
    let desk = harness.state_mut();
    desk.studio.perform(Action::Command(Command::Undo), &mut desk.view);
    harness.run_steps(2);
}

pub(crate) fn click(harness: &mut Harness<'_, Desk>, name: &str) {
    harness.get_by_label(name).click();
    harness.run_steps(3);
}

pub(crate) fn drag(harness: &mut Harness<'_, Desk>, from: egui::Pos2, to: egui::Pos2) {
    harness.drag_at(from);
    harness.run_steps(1);
    for part in [0.2, 0.6, 1.0] {
        harness.hover_at(from.lerp(to, part));
        harness.run_steps(1);
    }
}
