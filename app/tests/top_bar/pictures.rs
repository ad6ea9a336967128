//! Pictures for the eye.

use std::path::PathBuf;
use std::time::Duration;

use crate::window::{Window, save, until};
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Theme;
use ai_dawg::studio::view::Tab;
use dawg_session::Position;
use egui::Modifiers;
use egui_kittest::kittest::Queryable as _;

#[test]
#[ignore = "pictures, to be looked at"]
fn pictures() {
    let sizes = [
        ("bar-960", [960.0, 600.0], 1.0, Theme::Dark),
        ("bar-1280", [1_280.0, 720.0], 1.0, Theme::Dark),
        ("bar-1600", [1_600.0, 1_000.0], 1.0, Theme::Dark),
        ("bar-2560", [1_706.0, 960.0], 1.5, Theme::Dark),
        ("bar-light", [1_600.0, 1_000.0], 1.0, Theme::Light),
        ("bar-contrast", [1_600.0, 1_000.0], 1.0, Theme::HighContrast),
    ];
    for (name, size, scale, theme) in sizes {
        let mut harness = Window::open(|preferences| preferences.theme = theme).harness(size, scale);
        until(&mut harness, "sound", |window| {
            matches!(window.shell.studio().readout().device, ai_dawg::sound::DeviceState::Running(_))
        });
        harness.run_ok();
        save(&mut harness, name);
    }
    let mut harness = Window::open(|_| {}).harness([1_280.0, 720.0], 2.0);
    harness.key_press_modifiers(Modifiers::COMMAND, egui::Key::K);
    harness.run_ok();
    harness.get_by_label("Find an action").type_text("tr");
    harness.run_ok();
    save(&mut harness, "palette");
    let mut harness = Window::open(|preferences| preferences.toured = false).harness([1_280.0, 720.0], 1.0);
    for step in 0..6 {
        save(&mut harness, &format!("tour-{step}"));
        harness.get_by_label(if step == 5 { "Done" } else { "Next" }).click();
        harness.run_ok();
    }
    assert!(harness.state().shell.studio().preferences().toured);
    let mut harness = Window::open(|_| {}).harness([1_280.0, 720.0], 1.0);
    for tab in [Tab::Studio, Tab::Jarvis] {
        harness.state_mut().shell.view_mut().tab = tab;
        harness.run_ok();
        save(&mut harness, &format!("page-{}", tab.name()));
    }
    harness.get_by_label("Main menu").click();
    harness.run_ok();
    harness.get_by_label_contains("Edit").click();
    harness.run_ok();
    harness.run_ok();
    save(&mut harness, "menu");
    notices();
    recording();
}

fn recording() {
    let mut harness = Window::open(|_| {}).harness([1_280.0, 720.0], 1.0);
    let shell = &mut harness.state_mut().shell;
    shell.view_mut().selection.track = Some(shell.studio().session().unwrap().tracks[0].id);
    harness.key_press(egui::Key::R);
    until(&mut harness, "count-in", |window| window.shell.studio().readout().playhead.counting_in);
    save(&mut harness, "count-in");
    until(&mut harness, "recording", |window| window.shell.studio().readout().playhead.rolling);
    for _ in 0..60 {
        std::thread::park_timeout(Duration::from_millis(20));
        harness.step();
    }
    save(&mut harness, "recording");
    harness.key_press(egui::Key::Space);
    until(&mut harness, "the take", |window| window.shell.studio().readout().recording.is_none());
}

fn notices() {
    let mut harness = Window::open(|_| {}).harness([1_280.0, 720.0], 1.0);
    let window = harness.state_mut();
    let mut view = ai_dawg::studio::view::View::default();
    for _ in 0..2 {
        window.shell.studio_mut().perform(Action::Command(Command::TapTempo), &mut view);
    }
    window.shell.studio_mut().perform(Action::Command(Command::LoopSelection), &mut view);
    let files = vec![PathBuf::from("/nowhere/a very long name of a file that is not there.wav")];
    let wish = ai_dawg::studio::action::ImportWish { files, at: Position::START, track: None, repair: false };
    window.shell.studio_mut().perform(Action::Import(wish), &mut view);
    std::thread::park_timeout(Duration::from_millis(300));
    harness.run_ok();
    save(&mut harness, "notices");
}
