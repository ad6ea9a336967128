//! The whole window with a song open, without a display, on a timer for a sound card.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::sound::DeviceChoice;
use ai_dawg::studio::preferences::Preferences;
use ai_dawg::studio::{Stage, Studio};
use ai_dawg::window::Shell;
use dawg_engine::device::Host;
use dawg_session::Access;
use dawg_tests::Program;

/// With the song of this folder; `change` is what differs from the preferences of a new user who has seen the tour.
pub(crate) fn open(home: &Program, folder: PathBuf, change: impl FnOnce(&mut Preferences)) -> Shell {
    let device = DeviceChoice { host: Some(Host::Timer), ..DeviceChoice::default() };
    let mut preferences = Preferences { toured: true, device, ..Preferences::default() };
    change(&mut preferences);
    let mut studio = Studio::start(preferences, home.path("data"), Arc::new(|| {})).unwrap();
    studio.open(folder, Access::Write);
    let mut shell = Shell::new(studio);
    let since = Instant::now();
    while !matches!(shell.studio().stage(), Stage::Open(_)) {
        assert!(since.elapsed() < Duration::from_secs(10), "{:?}", shell.studio().stage());
        std::thread::park_timeout(Duration::from_millis(5));
        let view = &mut ai_dawg::studio::view::View::default();
        shell.studio_mut().poll(view);
    }
    shell
}
