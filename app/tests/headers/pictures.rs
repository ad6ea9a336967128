//! Pictures for the eye.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::desk::{AUDIBLE, Desk, open, song, track};
use ai_dawg::look;
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Theme;
use ai_dawg::studio::view::Tab;
use ai_dawg::window::Shell;
use dawg_session::{Monitor, Session, Track};
use egui::PointerButton;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// Plays until meters show something.
fn play(harness: &mut Harness<'_, Desk>) {
    let desk = harness.state_mut();
    let start = Instant::now();
    let levels = |desk: &Desk| desk.studio.readout().tracks.values().any(|levels| levels[0].held > 0.0);
    desk.studio.perform(Action::Command(Command::Play), &mut desk.view);
    while !levels(desk) && start.elapsed() < Duration::from_secs(5) {
        _ = desk.studio.poll(&mut desk.view);
        std::thread::yield_now();
    }
    while start.elapsed() < Duration::from_millis(700) {
        std::thread::yield_now();
    }
}

fn picture(harness: &mut Harness<'_, Desk>, name: &str) {
    if std::env::var("PICTURE").is_ok_and(|wanted| !name.contains(&wanted)) {
        return;
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pictures");
    std::fs::create_dir_all(&folder).unwrap();
    harness.run_steps(2);
    harness.render().unwrap().save(folder.join(format!("{name}.png"))).unwrap();
}

/// The whole window, for people. Not compared.
#[test]
#[ignore = "compares nothing"]
fn whole_window() {
    let names =
        ["Lead vocal", "Doubles", "Beat", "808", "Keys", "Vocal reverb", "Guitar", "Bass", "Hats", "Snare"];
    for (size, scale) in [([1280.0, 720.0], 1.0), ([1600.0, 1000.0], 1.0), ([1706.0, 960.0], 1.5)] {
        AUDIBLE.set(true);
        let mut desk = open(&song(&names), [200.0, 200.0], 1.0);
        play(&mut desk);
        let desk = desk.into_state();
        let mut shell = Shell::new(desk.studio);
        shell.view_mut().selection = desk.view.selection;
        let first = shell.studio().session().unwrap().tracks[0].lanes[0].clips[0].id;
        let mut harness = Harness::builder()
            .with_size(size)
            .with_pixels_per_point(scale)
            .allow_missing_glyphs()
            .with_context_setup(look::fonts)
            .build_ui_state(
                |ui, shell: &mut Shell| {
                    look::apply(ui.ctx(), Theme::Dark);
                    _ = shell.frame(ui);
                },
                shell,
            );
        harness.run_steps(5);
        let save = |harness: &mut Harness<'_, Shell>, name: &str| {
            let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pictures");
            std::fs::create_dir_all(&folder).unwrap();
            harness.run_steps(3);
            harness.render().unwrap().save(folder.join(format!("{name}-{}.png", size[0]))).unwrap();
        };
        save(&mut harness, "window");
        harness.state_mut().view_mut().selection.clips.insert(first);
        save(&mut harness, "window-clip");
        harness.state_mut().view_mut().tab = Tab::Mix;
        save(&mut harness, "window-mix");
    }
}

/// Pictures for people; they are looked at, not compared: `cargo nextest run -p ai-dawg --test headers --run-ignored all`.
#[test]
#[ignore = "takes a minute and compares nothing"]
fn pictures() {
    let names = [
        "Lead vocal",
        "Doubles",
        "Beat",
        "808",
        "Keys",
        "Vocal reverb",
        "深夜の歌 — メインボーカル、二回目のテイク",
        "A very long name of a track that nobody would ever give it, but somebody did",
        "Guitar",
        "Lead vocal",
        "Bass",
        "Hats",
        "Snare",
        "Room",
        "Strings",
    ];
    let mut made = song(&names);
    let set = |song: &mut Session, number: usize, change: &dyn Fn(&mut Track)| {
        change(Arc::make_mut(&mut song.tracks[number]));
    };
    set(&mut made, 0, &|track| {
        (track.arm, track.monitor) = (true, Monitor::On);
        track.input = "1".parse().unwrap();
    });
    set(&mut made, 1, &|track| (track.mute, track.monitor) = (true, Monitor::Auto));
    AUDIBLE.set(true);
    for (size, scale, heights) in [
        ([1280.0, 720.0], 1.0, [40.0, 72.0]),
        ([1600.0, 948.0], 1.0, [56.0, 110.0]),
        ([1600.0, 948.0], 2.0, [72.0, 160.0]),
    ] {
        for height in heights {
            let mut harness = open(&made, size, scale);
            harness.state_mut().view.panels.track_height = height;
            picture(&mut harness, &format!("headers-{}@{scale}-{height}", size[0]));
        }
        let mut harness = open(&made, size, scale);
        let clip = track(&harness, 0).lanes[0].clips[0].id;
        play(&mut harness);
        harness.state_mut().view.selection.clips.insert(clip);
        picture(&mut harness, &format!("clip-{}@{scale}", size[0]));
        harness.state_mut().view.tab = Tab::Mix;
        picture(&mut harness, &format!("mixer-{}@{scale}", size[0]));
    }
    set(&mut made, 2, &|track| track.solo = true);
    let mut harness = open(&made, [1280.0, 720.0], 1.0);
    harness.state_mut().view.selection.track = None;
    picture(&mut harness, "solo-master");
    harness.get_by_label("Track Doubles").click_button(PointerButton::Secondary);
    picture(&mut harness, "menu");
}
