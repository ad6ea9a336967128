//! The headphone mix in the whole window: opened by key, bar and strip, turned by hand and by keyboard, and remembered.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "common/shell.rs"]
mod shell;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::intake::new_track;
use ai_dawg::look;
use ai_dawg::studio::preferences::{Preferences, Theme};
use ai_dawg::window::Shell;
use dawg_engine::CueMix;
use dawg_session::{Layout, Name, Session, SongId, Store, Tempo};
use dawg_tests::Program;
use egui::accesskit::Role;
use egui::{Key, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

struct Window {
    shell: Shell,
    home: Program,
}

fn open(size: [f32; 2], scale: f32, change: impl FnOnce(&mut Preferences)) -> Harness<'static, Window> {
    let home = Program::at(PathBuf::from(env!("CARGO_BIN_EXE_ai-dawg")));
    let folder = home.path("Midnight Verse.dawg");
    let mut song =
        Session::new(SongId::fresh(), Name::new("Midnight Verse").unwrap(), 48_000, Tempo::DEFAULT);
    for (number, name) in ["Lead vocal", "Doubles"].into_iter().enumerate() {
        let mut track = new_track(Name::new(name).unwrap(), Layout::MONO, number, Vec::new());
        track.input = "1".parse().unwrap();
        song.tracks.push(Arc::new(track));
    }
    drop(Store::create(&folder, &song).unwrap());
    let mut shell = shell::open(&home, folder, change);
    shell.view_mut().selection.track = Some(shell.studio().session().unwrap().tracks[0].id);
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
            Window { shell, home },
        );
    harness.run_ok();
    harness.run_ok();
    harness
}

fn mix(harness: &Harness<'_, Window>) -> CueMix {
    harness.state().shell.studio().preferences().cue
}

fn is_open(harness: &Harness<'_, Window>) -> bool {
    harness.query_by_role_and_label(Role::Slider, "Balance").is_some()
}

fn press(harness: &mut Harness<'_, Window>, key: Key) {
    harness.key_press(key);
    harness.run_ok();
}

#[test]
fn it_is_turned_by_keys_and_remembered() {
    let mut harness = open([1_280.0, 720.0], 1.0, |_| {});
    press(&mut harness, Key::H);
    assert!(is_open(&harness));
    for _ in 0..3 {
        press(&mut harness, Key::ArrowRight);
    }
    assert!((mix(&harness).balance - 0.15).abs() < 1e-6, "{:?}", mix(&harness));
    let balance = harness.get_by_role_and_label(Role::Slider, "Balance");
    assert_eq!(balance.accesskit_node().value().as_deref(), Some("Beat −1.4 dB"));
    harness.get_by_role_and_label(Role::Slider, "Reverb").focus();
    harness.run_ok();
    for _ in 0..5 {
        press(&mut harness, Key::ArrowUp);
    }
    assert!((mix(&harness).reverb - 0.25).abs() < 1e-6, "{:?}", mix(&harness));
    press(&mut harness, Key::Escape);
    assert!(!is_open(&harness));
    let (kept, folder) = (mix(&harness), harness.state().home.path("data"));
    let since = Instant::now();
    while ai_dawg::jobs::preferences::load(&folder).cue != kept {
        assert!(since.elapsed() < Duration::from_secs(5), "not written");
        std::thread::park_timeout(Duration::from_millis(10));
        harness.step();
    }
}

#[test]
fn a_double_click_brings_it_home() {
    let wild = CueMix { balance: -0.6, reverb: 0.4, decay: 3.0 };
    let mut harness = open([1_280.0, 720.0], 1.0, |preferences| preferences.cue = wild);
    press(&mut harness, Key::H);
    for name in ["Balance", "Reverb", "Decay"] {
        let at = harness.get_by_role_and_label(Role::Slider, name).rect().center();
        // So that it is not taken for the third click of the one before.
        harness.hover_at(at);
        for _ in 0..30 {
            harness.step();
        }
        for pressed in [true, false, true, false] {
            harness.event(egui::Event::PointerButton {
                pos: at,
                button: egui::PointerButton::Primary,
                pressed,
                modifiers: egui::Modifiers::NONE,
            });
            harness.step();
        }
        if name == "Reverb" {
            // Without reverb there is no decay to be turned.
            assert_eq!(mix(&harness).reverb, 0.0);
            harness.state_mut().shell.perform(ai_dawg::studio::action::Action::Cue {
                mix: CueMix { balance: 0.0, ..wild },
                keep: true,
            });
            harness.run_ok();
        }
    }
    assert_eq!(mix(&harness), CueMix { balance: 0.0, reverb: 0.4, decay: 1.4 });
}

#[test]
fn bar_and_strip_open_and_close_it() {
    for (size, name) in [([1_600.0, 900.0], "Headphone mix…"), ([1_280.0, 720.0], "Headphones")] {
        let mut harness = open(size, 1.0, |_| {});
        for expected in [true, false, true] {
            harness.get_by_role_and_label(Role::Button, name).click();
            harness.run_ok();
            assert_eq!(is_open(&harness), expected, "{name}");
        }
        // Beside it.
        let at = egui::pos2(size[0] / 2.0, size[1] - 40.0);
        harness.drag_at(at);
        harness.step();
        harness.drop_at(at);
        harness.run_ok();
        assert!(!is_open(&harness), "{name}");
    }
    // The smallest bar has no button; the key finds a place all the same, inside the window.
    let mut harness = open([960.0, 600.0], 1.0, |_| {});
    press(&mut harness, Key::H);
    let rect = harness.get_by_role_and_label(Role::Slider, "Balance").rect();
    assert!(
        egui::Rect::from_min_size(egui::Pos2::ZERO, Vec2::new(960.0, 600.0)).contains_rect(rect),
        "{rect:?}"
    );
}

/// Pictures for people: `cargo nextest run -p ai-dawg --test headphones --run-ignored all`.
#[test]
#[ignore = "compares nothing"]
fn pictures() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("pictures");
    std::fs::create_dir_all(&folder).unwrap();
    let warm = CueMix { balance: 0.3, reverb: 0.35, decay: 1.8 };
    for (name, theme, cue, size) in [
        ("plain", Theme::Dark, CueMix::default(), [1_280.0, 720.0]),
        ("warm", Theme::Dark, warm, [1_600.0, 900.0]),
        ("light", Theme::Light, warm, [1_600.0, 900.0]),
        ("contrast", Theme::HighContrast, warm, [1_600.0, 900.0]),
    ] {
        let mut harness = open(size, 1.5, |preferences| (preferences.theme, preferences.cue) = (theme, cue));
        if name != "plain" {
            press(&mut harness, Key::A);
        }
        press(&mut harness, Key::H);
        harness.run_ok();
        harness.render().unwrap().save(folder.join(format!("headphones-{name}.png"))).unwrap();
    }
}
