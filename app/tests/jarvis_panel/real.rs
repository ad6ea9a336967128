//! A real supervisor behind it.

use std::sync::Arc;

use ai_dawg::sound::DeviceChoice;
use ai_dawg::studio::Studio;
use ai_dawg::studio::preferences::Preferences;
use ai_dawg::studio::view::Tab;
use ai_dawg::window::Shell;
use dawg_engine::device::Host;

/// A studio that owns a supervisor of nothing.
fn supervised(folder: &tempfile::TempDir) -> Shell {
    let jarvis = folder.path().join("jarvis");
    std::fs::create_dir_all(&jarvis).unwrap();
    std::fs::write(jarvis.join("sidecars.toml"), "").unwrap();
    let device = DeviceChoice { host: Some(Host::Timer), ..DeviceChoice::default() };
    let preferences = Preferences { toured: true, device, ..Preferences::default() };
    let mut studio = Studio::start(preferences, folder.path().to_owned(), Arc::new(|| {})).unwrap();
    studio.supervise(Arc::new(|| {}));
    Shell::new(studio)
}

/// Polls until something is so; says how long that took.
fn until(shell: &mut Shell, what: &str, test: impl Fn(&Studio) -> bool) -> std::time::Duration {
    let since = std::time::Instant::now();
    let mut view = ai_dawg::studio::view::View::default();
    while !test(shell.studio()) {
        assert!(since.elapsed() < std::time::Duration::from_secs(30), "{what}");
        std::thread::park_timeout(std::time::Duration::from_millis(5));
        shell.studio_mut().poll(&mut view);
        shell.studio_mut().watch_supervisor(std::iter::once(&ai_dawg::studio::view::View {
            tab: Tab::Jarvis,
            ..Default::default()
        }));
    }
    since.elapsed()
}

#[test]
fn a_real_supervisor_is_followed_within_a_second_and_its_refusals_are_told() {
    use ai_dawg::studio::action::Action;
    use ai_dawg::studio::operator::Wish;
    let folder = tempfile::tempdir().unwrap();
    let mut shell = supervised(&folder);
    until(&mut shell, "the supervisor", |studio| {
        let seen = studio.operator().seen();
        seen.services.as_deref() == Some(&[]) && seen.switch.as_ref().is_some_and(|switch| switch.on)
    });
    shell.perform(Action::Supervise(Wish::Autonomy(false)));
    let off = until(&mut shell, "the switch", |studio| {
        studio.operator().seen().switch.as_ref().is_some_and(|switch| !switch.on)
    });
    let told = until(&mut shell, "what happened", |studio| {
        let happened = studio.operator().seen().happened.clone();
        happened.is_some_and(|all| all.iter().any(|one| one.words.contains("switched off in the panel")))
    });
    println!("from the wish to the switch {off:?}, and to what happened {told:?} more");
    assert!(off + told < std::time::Duration::from_secs(1), "{off:?} and {told:?}");
    // Seen red: with a report's time taken after the one it is held against, so that it was never due.
    until(&mut shell, "the reports", |studio| {
        let reports = &studio.operator().seen().reports;
        reports.hour.is_some() && reports.day.is_some() && reports.month.is_some()
    });
    let stop = Wish::Act { service: "nobody".to_owned(), action: jarvis::event::Action::Stop };
    shell.perform(Action::Supervise(stop));
    until(&mut shell, "the refusal", |studio| {
        let notices = studio.notices().list();
        notices
            .iter()
            .any(|notice| notice.title == "Nobody was not stopped" && notice.detail.contains("no sidecar"))
    });
    shell.perform(Action::Supervise(Wish::Verify));
    until(&mut shell, "the trail whole", |studio| {
        let verified = studio.operator().seen().verified.clone();
        verified.is_some_and(|verified| matches!(verified.verdict, Ok(jarvis::audit::Verdict::Whole { .. })))
    });
}
