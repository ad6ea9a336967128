//! The whole window on a song with two tracks, the first armed, without a sound card.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::intake::new_track;
use ai_dawg::look;
use ai_dawg::sound::{DeviceChoice, DeviceState};
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Preferences;
use ai_dawg::studio::{Stage, Studio};
use ai_dawg::window::Shell;
use dawg_engine::device::Host;
use dawg_session::{Access, Edit, Layout, Name, Session, SongId, Store, Tempo};
use dawg_tests::Program;
use egui::Vec2;
use egui_kittest::Harness;

const LIMIT: Duration = Duration::from_secs(20);

pub(crate) struct Window {
    pub(crate) shell: Shell,
    pub(crate) home: Program,
}

/// A window on a song with two tracks, the first armed, without a sound card.
pub(crate) fn open(
    size: [f32; 2],
    scale: f32,
    change: impl FnOnce(&mut Preferences),
) -> Harness<'static, Window> {
    let home = Program::at(PathBuf::from(env!("CARGO_BIN_EXE_ai-dawg")));
    let folder = home.path("Midnight Verse.dawg");
    let tempo = Tempo::from_bpm(120.0).unwrap();
    let mut song = Session::new(SongId::fresh(), Name::new("Midnight Verse").unwrap(), 48_000, tempo);
    for (number, name) in ["Lead vocal", "Doubles"].into_iter().enumerate() {
        let mut track = new_track(Name::new(name).unwrap(), Layout::MONO, number, Vec::new());
        (track.input, track.arm) = ("1".parse().unwrap(), number == 0);
        song.tracks.push(Arc::new(track));
    }
    drop(Store::create(&folder, &song).unwrap());
    let device = DeviceChoice { host: Some(Host::Timer), ..DeviceChoice::default() };
    let mut preferences = Preferences { toured: true, device, ..Preferences::default() };
    change(&mut preferences);
    let mut studio = Studio::start(preferences, home.path("data"), Arc::new(|| {})).unwrap();
    studio.open(folder, Access::Write);
    let mut harness = Harness::builder()
        .with_size(Vec2::from(size))
        .with_pixels_per_point(scale)
        .with_step_dt(0.02)
        .with_max_steps(60)
        .build_ui_state(
            |ui, window: &mut Window| {
                look::apply(ui.ctx(), window.shell.studio().preferences().theme);
                window.shell.frame(ui);
            },
            Window { shell: Shell::new(studio), home },
        );
    until(&mut harness, "a song and a device", |studio| {
        matches!(studio.stage(), Stage::Open(_)) && matches!(studio.readout().device, DeviceState::Running(_))
    });
    harness.run_ok();
    harness
}

pub(crate) fn plain() -> Harness<'static, Window> {
    open([1_280.0, 720.0], 1.0, |_| {})
}

#[track_caller]
pub(crate) fn until(harness: &mut Harness<'_, Window>, what: &str, test: impl Fn(&Studio) -> bool) {
    let since = Instant::now();
    while !test(studio(harness)) {
        let told = studio(harness).notices().list();
        assert!(since.elapsed() < LIMIT, "{what}: {:?}, told {told:?}", studio(harness).readout());
        std::thread::park_timeout(Duration::from_millis(5));
        harness.step();
    }
}

pub(crate) fn studio<'a>(harness: &'a Harness<'_, Window>) -> &'a Studio {
    harness.state().shell.studio()
}

pub(crate) fn song<'a>(harness: &'a Harness<'_, Window>) -> &'a Session {
    studio(harness).session().unwrap()
}

pub(crate) fn seq(harness: &Harness<'_, Window>) -> i64 {
    studio(harness).work().unwrap().document().last_seq()
}

pub(crate) fn perform(harness: &mut Harness<'_, Window>, action: Action) {
    harness.state_mut().shell.perform(action);
    harness.run_ok();
}

pub(crate) fn command(harness: &mut Harness<'_, Window>, command: Command) {
    perform(harness, Action::Command(command));
}

pub(crate) fn set(harness: &mut Harness<'_, Window>, edit: Edit) {
    perform(harness, Action::Edit { label: "Set".to_owned(), edits: vec![edit] });
}

pub(crate) fn told(harness: &Harness<'_, Window>, words: &str) -> bool {
    let list = studio(harness).notices().list();
    list.iter().any(|notice| notice.title.contains(words) || notice.detail.contains(words))
}

pub(crate) fn files(harness: &Harness<'_, Window>) -> usize {
    std::fs::read_dir(harness.state().home.path("Midnight Verse.dawg/audio")).unwrap().count()
}

pub(crate) fn clips(harness: &Harness<'_, Window>) -> Vec<(i64, i64)> {
    let song = song(harness);
    song.clips().map(|(_, _, clip)| clip.span(&song.tempo_map, 48_000)).collect()
}

pub(crate) fn stop(harness: &mut Harness<'_, Window>) {
    command(harness, Command::Stop);
    until(harness, "standing, and all on disk", |studio| {
        !studio.readout().playhead.rolling && !studio.readout().writing
    });
    harness.run_ok();
}
