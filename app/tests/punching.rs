//! Punch, keep and calibration in the whole window: the bar, its recording panel, the ruler, the dialog.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "punching/window.rs"]
mod window;

use std::cell::Cell;
use std::path::PathBuf;

use ai_dawg::sound::{DeviceChoice, DeviceState};
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Theme;
use dawg_engine::device::Host;
use dawg_session::{Edit, LoopRange, Position, PunchRange, RollTime};
use dawg_tests::{JackServer, Loopback};
use egui::accesskit::Role;
use egui::{Key, Pos2, Rect};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use window::{
    Window, clips, command, files, open, perform, plain, seq, set, song, stop, studio, told, until,
};

/// A bar at 120 beats a minute, in frames.
const BAR: i64 = 96_000;

fn punch(start: i64, end: i64) -> PunchRange {
    let (pre_roll, post_roll) = (RollTime::Milliseconds(500), RollTime::Milliseconds(500));
    PunchRange { on: true, start: Position::Samples(start), end: Position::Samples(end), pre_roll, post_roll }
}

/// Seen red: with only what the sound thread has shown taken for rolling, a Stop right after Play goes to the start instead.
#[test]
fn play_captures_the_armed_record_punches_and_plays_on() {
    let mut harness = plain();
    harness.get_by_label("Play").click();
    until(&mut harness, "captures", |studio| studio.readout().punching == Some(false));
    until(&mut harness, "rolling", |studio| studio.readout().playhead.position > 9_600);
    assert_eq!(files(&harness), 1);
    harness.key_press(Key::R);
    until(&mut harness, "punched in", |studio| {
        studio.readout().punching == Some(true) && studio.readout().recording.is_some()
    });
    let from = studio(&harness).readout().playhead.position;
    until(&mut harness, "some of a take", |studio| studio.readout().playhead.position > from + 9_600);
    harness.key_press(Key::R);
    until(&mut harness, "punched out", |studio| studio.readout().punching == Some(false));
    assert!(studio(&harness).readout().playhead.rolling);
    stop(&mut harness);
    let takes = clips(&harness);
    assert!(matches!(takes[..], [(start, end)] if start >= 9_600 && end > start), "{takes:?}");
    command(&mut harness, Command::Undo);
    assert_eq!((clips(&harness).len(), files(&harness)), (0, 1), "undo deletes no file");
    command(&mut harness, Command::Play);
    until(&mut harness, "captures again", |studio| studio.readout().punching == Some(false));
    stop(&mut harness);
    assert_eq!((clips(&harness).len(), files(&harness)), (0, 1), "nothing is left when nobody punched");
    assert!(studio(&harness).notices().list().is_empty(), "and nothing is said");
}

/// Seen red: without the preference.
#[test]
fn with_quick_punch_off_play_only_plays_and_record_drops_in() {
    let mut harness = open([1_280.0, 720.0], 1.0, |preferences| preferences.no_quick_punch = true);
    command(&mut harness, Command::Play);
    until(&mut harness, "rolling", |studio| studio.readout().playhead.position > 9_600);
    assert_eq!((studio(&harness).readout().punching, files(&harness)), (None, 0));
    command(&mut harness, Command::Record);
    until(&mut harness, "recording", |studio| studio.readout().recording.is_some());
    assert!(studio(&harness).readout().playhead.rolling);
    let from = studio(&harness).readout().playhead.position;
    until(&mut harness, "some of a take", |studio| studio.readout().playhead.position > from + 9_600);
    command(&mut harness, Command::Record);
    until(&mut harness, "the take", |studio| !studio.readout().writing);
    harness.run_ok();
    assert!(matches!(clips(&harness)[..], [(start, _)] if start >= 9_600), "{:?}", clips(&harness));
}

/// Seen red: without the words when the range has gone by.
#[test]
fn auto_punch_rolls_in_takes_its_range_and_stops_by_itself() {
    let mut harness = plain();
    let range = (BAR / 2, BAR);
    set(&mut harness, Edit::SetPunch { punch: punch(range.0, range.1) });
    perform(&mut harness, Action::Locate(10 * BAR));
    until(&mut harness, "located", |studio| studio.readout().playhead.position == 10 * BAR);
    command(&mut harness, Command::Record);
    until(&mut harness, "the pre-roll", |studio| {
        let playhead = studio.readout().playhead;
        assert!(!playhead.counting_in, "a pre-roll is count-in enough");
        playhead.rolling && playhead.position < range.0
    });
    until(&mut harness, "stopped by itself", |studio| {
        !studio.readout().playhead.rolling && !studio.readout().writing
    });
    harness.run_ok();
    assert_eq!(clips(&harness), [range]);
    let stood = studio(&harness).readout().playhead.position;
    assert!((range.1 + 24_000..range.1 + 48_000).contains(&stood), "after the post-roll: {stood}");
    // While it plays past the range, Record says so.
    perform(&mut harness, Action::Locate(2 * BAR));
    command(&mut harness, Command::Play);
    until(&mut harness, "rolling", |studio| studio.readout().playhead.position > 2 * BAR);
    assert_eq!(studio(&harness).readout().punching, None, "with auto-punch on, Play only plays");
    command(&mut harness, Command::Record);
    assert!(told(&harness, "gone by") && !studio(&harness).readout().writing);
    stop(&mut harness);
}

/// Seen red: with an end as without a loop: it stops after the first pass.
#[test]
fn auto_punch_in_a_loop_makes_a_take_of_each_pass() {
    let mut harness = plain();
    let metronome = dawg_session::Metronome { count_in_bars: 0, ..song(&harness).metronome };
    set(&mut harness, Edit::SetMetronome { metronome });
    let range =
        LoopRange { on: true, start: Position::Samples(24_000), end: Position::Samples(24_000 + 48_000) };
    set(&mut harness, Edit::SetLoop { range });
    set(&mut harness, Edit::SetPunch { punch: punch(36_000, 48_000) });
    command(&mut harness, Command::Record);
    // By the song: past the range in the second pass, three quarters of a second before it comes round again.
    let seen = Cell::new((i64::MIN, 0));
    until(&mut harness, "two passes", |studio| {
        let playhead = studio.readout().playhead;
        let (last, turns) = seen.get();
        let turns = turns + u32::from(playhead.rolling && playhead.position < last);
        seen.set((if playhead.rolling { playhead.position } else { i64::MIN }, turns));
        playhead.rolling && turns >= 1 && playhead.position > 48_000
    });
    stop(&mut harness);
    let takes = clips(&harness);
    assert!(takes.len() >= 2 && takes.iter().all(|take| *take == (36_000, 48_000)), "{takes:?}");
}

/// Seen red: without the notice.
#[test]
fn keep_makes_a_take_selects_it_and_says_where_it_is() {
    let mut harness = open([1_280.0, 720.0], 1.0, |preferences| preferences.no_quick_punch = true);
    perform(&mut harness, Action::Locate(2 * BAR));
    command(&mut harness, Command::Play);
    until(&mut harness, "a second", |studio| studio.readout().playhead.position > 2 * BAR + 48_000);
    command(&mut harness, Command::KeepLast);
    until(&mut harness, "a take", |studio| studio.session().unwrap().clips().next().is_some());
    harness.run_ok();
    assert!(studio(&harness).readout().playhead.rolling, "it plays on");
    let kept: Vec<_> = song(&harness).clips().map(|(_, _, clip)| clip.id).collect();
    let selected: Vec<_> = harness.state().shell.view().selection.clips.iter().copied().collect();
    assert_eq!(kept, selected);
    assert!(told(&harness, "“Lead vocal”, bar 3. It is selected"), "{:?}", studio(&harness).notices().list());
    stop(&mut harness);
    let track = song(&harness).tracks[0].id;
    set(&mut harness, Edit::SetTrackArm { track, arm: false });
    command(&mut harness, Command::KeepLast);
    assert!(told(&harness, "Nothing was listened to"));
}

/// Seen red: with what is shown as recording alone waited for: the file stays.
#[test]
fn closing_waits_for_captures_that_nobody_sees() {
    let mut harness = plain();
    command(&mut harness, Command::Play);
    until(&mut harness, "captures", |studio| studio.readout().punching == Some(false));
    command(&mut harness, Command::Quit);
    until(&mut harness, "closed", |studio| studio.closing() == Some(ai_dawg::studio::Closing::Done));
    assert_eq!(files(&harness), 0);
}

/// The panel, opened from the count-in.
fn panel(harness: &mut Harness<'_, Window>) {
    harness.get_by_role_and_label(Role::Button, "Count-in").click();
    harness.run_ok();
    harness.run_ok();
}

/// Seen red: with an Edit in each frame; with menus for the rolls, which took the place of the panel as they opened.
#[test]
fn each_control_of_the_recording_panel_is_one_step() {
    let mut harness = plain();
    let mut steps = seq(&harness);
    let mut one = |harness: &Harness<'_, Window>, what: &str| {
        steps += 1;
        assert_eq!(seq(harness), steps, "{what}");
    };
    panel(&mut harness);
    harness.query_all_by_label("2 bars").next().unwrap().click();
    harness.run_ok();
    one(&harness, "count-in");
    assert_eq!(song(&harness).metronome.count_in_bars, 2);
    harness.get_by_label("Record the red range alone").click();
    harness.run_ok();
    one(&harness, "auto-punch");
    assert!(song(&harness).punch.on && song(&harness).punch.end != Position::START);
    // Count-in, pre-roll, post-roll offer the same bars, in this order.
    for (name, chosen, nth) in [("pre-roll", "2 s", 0), ("post-roll", "4 bars", 2)] {
        harness.query_all_by_label(chosen).nth(nth).unwrap().click();
        harness.run_ok();
        one(&harness, name);
    }
    let punch = song(&harness).punch;
    assert_eq!((punch.pre_roll, punch.post_roll), (RollTime::Milliseconds(2_000), RollTime::Bars(4)));
    harness.get_by_label("Quick-punch").click();
    harness.run_ok();
    assert!(studio(&harness).preferences().no_quick_punch);
    assert_eq!(seq(&harness), steps, "what is the person's is no step of the song");
}

/// The ruler's place, and points of it by song frame.
fn ruler(harness: &Harness<'_, Window>) -> (Rect, impl Fn(i64, f32) -> Pos2 + use<>) {
    let place = harness.get_by_label("Ruler").rect();
    let timeline = harness.state().shell.view().timeline.clone();
    (place, move |frame, y| Pos2::new(place.left() + timeline.x(frame), place.top() + y))
}

fn drag(harness: &mut Harness<'_, Window>, from: Pos2, to: Pos2) {
    harness.drag_at(from);
    harness.step();
    for step in 1..=4_u8 {
        harness.hover_at(from + (to - from) * f32::from(step) / 4.0);
        harness.step();
    }
    harness.drop_at(to);
    harness.run_ok();
}

fn ranges(harness: &Harness<'_, Window>) -> [(bool, i64, i64); 2] {
    let song = song(harness);
    let at = |position| song.tempo_map.to_samples(position, 48_000).0;
    let (punch, range) = (song.punch, song.loop_range);
    [(punch.on, at(punch.start), at(punch.end)), (range.on, at(range.start), at(range.end))]
}

/// Seen red: with the loop's strip as high as without a punch.
#[test]
fn punch_and_loop_share_the_ruler_without_getting_in_each_others_way() {
    let mut harness = plain();
    set(&mut harness, Edit::SetPunch { punch: punch(2 * BAR, 4 * BAR) });
    let steps = seq(&harness);
    let (_, at) = ruler(&harness);
    let (above, below) = (4.0, 14.0);
    drag(&mut harness, at(6 * BAR, below), at(8 * BAR, below));
    assert_eq!(ranges(&harness)[0], (true, 6 * BAR, 8 * BAR), "drawn anew");
    drag(&mut harness, at(8 * BAR, below), at(9 * BAR, below));
    assert_eq!(ranges(&harness)[0], (true, 6 * BAR, 9 * BAR), "its end");
    drag(&mut harness, at(6 * BAR, below), at(5 * BAR, below));
    assert_eq!(ranges(&harness)[0], (true, 5 * BAR, 9 * BAR), "its start");
    drag(&mut harness, at(6 * BAR, below), at(7 * BAR, below));
    assert_eq!(ranges(&harness)[0], (true, 6 * BAR, 10 * BAR), "all of it");
    drag(&mut harness, at(4 * BAR, above), at(7 * BAR, above));
    assert_eq!(ranges(&harness)[1], (true, 4 * BAR, 7 * BAR), "the loop, above");
    assert_eq!(ranges(&harness)[0], (true, 6 * BAR, 10 * BAR));
    assert_eq!(seq(&harness), steps + 5, "a step each");
    // Its start dragged past its end stays before it: no range is reversed or empty.
    drag(&mut harness, at(6 * BAR, below), at(12 * BAR, below));
    let (_, start, end) = ranges(&harness)[0];
    assert!(start < end && end == 10 * BAR, "{start}..{end}");
    let click = |harness: &mut Harness<'_, Window>, place: Pos2| {
        harness.drag_at(place);
        harness.step();
        harness.drop_at(place);
        harness.run_ok();
    };
    click(&mut harness, at(5 * BAR, above));
    assert!(!ranges(&harness)[1].0 && ranges(&harness)[0].0, "a click above is the loop's");
    click(&mut harness, at(5 * BAR, below));
    assert!(!ranges(&harness)[0].0 && !ranges(&harness)[1].0, "a click below is the punch's");
}

/// Seen red: with the outcome of an earlier dialog shown.
#[test]
fn the_dialog_measures_says_that_nothing_came_back_and_stops_when_it_is_closed() {
    let mut harness = plain();
    command(&mut harness, Command::Calibrate);
    assert!(harness.query_by_label_contains("not measured").is_some());
    harness.get_by_label("Measure").click();
    until(&mut harness, "measuring", |studio| studio.readout().calibrating.is_some());
    harness.run_ok();
    assert!(harness.query_by_label("Measure").is_none() && harness.query_by_label("Measuring").is_some());
    until(&mut harness, "an outcome", |studio| studio.calibrated().is_some());
    harness.run_ok();
    assert!(harness.query_by_label_contains("came back on input 1").is_some());
    assert!(harness.query_by_label_contains("Forget").is_none(), "there is nothing to be forgotten");
    harness.get_by_label("Measure").click();
    until(&mut harness, "measuring again", |studio| studio.readout().calibrating.is_some());
    harness.key_press(Key::Escape);
    harness.run_ok();
    until(&mut harness, "ended", |studio| studio.readout().calibrating.is_none());
    command(&mut harness, Command::Calibrate);
    assert!(harness.query_by_label_contains("cancelled").is_none(), "a new dialog begins anew");
}

fn save(harness: &mut Harness<'_, Window>, name: &str) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("pictures");
    std::fs::create_dir_all(&folder).unwrap();
    harness.run_ok();
    harness.render().unwrap().save(folder.join(format!("punch-{name}.png"))).unwrap();
}

fn with_ranges(harness: &mut Harness<'_, Window>) {
    let range = LoopRange { on: true, start: Position::Samples(2 * BAR), end: Position::Samples(8 * BAR) };
    set(harness, Edit::SetLoop { range });
    set(harness, Edit::SetPunch { punch: punch(4 * BAR, 6 * BAR) });
}

/// Pictures for people: `cargo nextest run -p ai-dawg --test punching --run-ignored all`.
#[test]
#[ignore = "pictures, to be looked at"]
fn pictures() {
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        for width in [960.0_f32, 1_280.0, 1_600.0] {
            let mut harness = open([width, 600.0], 1.0, |preferences| preferences.theme = theme);
            with_ranges(&mut harness);
            save(&mut harness, &format!("bar-{width}-{name}"));
        }
        let mut harness = open([1_280.0, 720.0], 1.5, |preferences| preferences.theme = theme);
        with_ranges(&mut harness);
        panel(&mut harness);
        save(&mut harness, &format!("panel-{name}"));
        let mut harness = open([1_280.0, 720.0], 1.5, |preferences| preferences.theme = theme);
        command(&mut harness, Command::Play);
        until(&mut harness, "captures", |studio| studio.readout().playhead.position > 48_000);
        command(&mut harness, Command::Record);
        until(&mut harness, "punched in", |studio| studio.readout().playhead.position > 96_000);
        save(&mut harness, &format!("punched-{name}"));
        stop(&mut harness);
        command(&mut harness, Command::AudioSettings);
        until(&mut harness, "devices", |studio| !studio.devices().is_empty());
        save(&mut harness, &format!("audio-{name}"));
        harness.key_press(Key::Escape);
        harness.run_ok();
        calibration(&mut harness, name);
    }
}

fn calibration(harness: &mut Harness<'_, Window>, name: &str) {
    command(harness, Command::Calibrate);
    save(harness, &format!("calibrate-before-{name}"));
    harness.get_by_label("Measure").click();
    until(harness, "measuring", |studio| studio.readout().calibrating.is_some_and(|share| share > 0.3));
    save(harness, &format!("calibrate-measuring-{name}"));
    until(harness, "an outcome", |studio| studio.calibrated().is_some());
    save(harness, &format!("calibrate-nothing-{name}"));
    harness.key_press(Key::Escape);
    harness.run_ok();
    let server = JackServer::start(48_000, 256);
    let choice = DeviceChoice { host: Some(Host::Jack), ..DeviceChoice::default() };
    perform(harness, Action::Device(choice));
    until(
        harness,
        "JACK",
        |studio| matches!(&studio.readout().device, DeviceState::Running(running) if running.format.host == Host::Jack),
    );
    let _cable = Loopback::start(&server, "ai-dawg", 777);
    command(harness, Command::Calibrate);
    harness.get_by_label("Measure").click();
    until(harness, "a result", |studio| studio.calibrated().is_some());
    until(harness, "used", |studio| {
        matches!(&studio.readout().device, DeviceState::Running(running)
            if running.source != ai_dawg::calibration::Source::Driver)
    });
    save(harness, &format!("calibrate-result-{name}"));
    harness.key_press(Key::Escape);
    harness.run_ok();
}
