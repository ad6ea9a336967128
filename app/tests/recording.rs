//! Punch, keep and calibration through the sound thread, on a device that is called by hand: what is captured is what
//! was sung, and what nobody asked for leaves nothing.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "recording/desk.rs"]
mod desk;

use std::sync::Arc;
use std::time::Instant;

use ai_dawg::calibration::Source;
use ai_dawg::sound::{DeviceChoice, DeviceState, Readout, SoundCommand, SoundEvent};
use dawg_engine::capture::Punch;
use dawg_tests::signal;
use desk::{BLOCK, Desk, LIMIT, Mic, after, sung};

/// Seen red: with the growing take left where the song began to roll.
#[test]
fn play_captures_and_record_punches_in_and_out() {
    let mut desk = Desk::open(sung());
    desk.roll(Punch::Quick);
    let readout =
        desk.until("rolling", |_, readout| readout.playhead.rolling && readout.playhead.position > 9_600);
    assert_eq!((readout.punching, readout.writing), (Some(false), true));
    assert!(readout.recording.is_none() && !readout.playhead.recording, "a roll that nobody punched into");
    desk.send(SoundCommand::Punch(true));
    let readout = desk.until("punched in", |_, readout| readout.punching == Some(true));
    let shown = readout.recording.unwrap();
    assert!(shown.from >= 9_600 && shown.offset == shown.from, "{shown:?}");
    desk.until("some of a take", |_, readout| readout.playhead.position > shown.from + 9_600);
    desk.send(SoundCommand::Punch(false));
    let readout = desk.until("punched out", |_, readout| readout.punching == Some(false));
    assert!(readout.playhead.rolling && readout.recording.is_none(), "it plays on");
    desk.send(SoundCommand::Stop);
    desk.until("the take", |desk, _| desk.recorded().is_some());
    let takes = desk.takes();
    let [(start, heard)] = &takes[..] else { panic!("{} takes", takes.len()) };
    assert!((start - shown.from).abs() < 4_800, "drawn at {}, placed at {start}", shown.from);
    let Mic::Sung(sung) = &desk.mic else { panic!() };
    assert!(signal::find(&heard[..4_800], sung).is_some(), "what was sung");
    let file = desk.recorded().unwrap().tracks[0].row.frames;
    assert!(file > heard.len() as i64 + 9_000, "what was sung before is in the file: {file}");
}

/// Seen red: with captures hidden only until Stop, Record lights up at each Stop.
#[test]
fn what_nobody_punched_into_leaves_nothing_and_is_never_called_recording() {
    let mut desk = Desk::open(sung());
    desk.roll(Punch::Quick);
    let mut lit = false;
    let mut see = |readout: &Readout| lit |= readout.playhead.recording || readout.recording.is_some();
    desk.until("rolling", |_, readout| {
        see(readout);
        readout.playhead.position > 24_000
    });
    assert_eq!(desk.files(), 1, "a capture runs");
    desk.send(SoundCommand::Stop);
    desk.until("the end", |desk, readout| {
        see(readout);
        desk.recorded().is_some() && !readout.writing
    });
    assert!(desk.recorded().unwrap().unwanted && desk.files() == 0, "{:?}", desk.told);
    assert!(!lit, "red without a recording");
    desk.told.clear();
    desk.roll(Punch::Quick);
    desk.until("rolling again", |_, readout| readout.playhead.rolling);
    desk.send(SoundCommand::NoSong);
    desk.until("the song is left", |_, readout| readout.device == DeviceState::Closed);
    assert!(desk.recorded().is_some_and(|recorded| recorded.unwanted) && desk.files() == 0);
}

/// Seen red: with a Record that finds captures running left out.
#[test]
fn record_pressed_right_after_play_punches_in() {
    let mut desk = Desk::open(sung());
    desk.roll(Punch::Quick);
    desk.roll(Punch::All(None));
    desk.until("punched in", |_, readout| readout.punching == Some(true));
    desk.send(SoundCommand::Stop);
    desk.until("the take", |desk, _| desk.recorded().is_some());
    assert_eq!(desk.takes().len(), 1);
}

/// Seen red: with the place that the window saw last: it jumps back over the locate.
#[test]
fn play_goes_on_from_where_the_song_stands() {
    let mut desk = Desk::open(sung());
    desk.send(SoundCommand::Locate(96_000));
    desk.roll(Punch::Quick);
    desk.until("rolling from there", |_, readout| {
        assert!(!readout.playhead.rolling || readout.playhead.position >= 96_000, "{readout:?}");
        readout.playhead.rolling
    });
}

/// Seen red: without the Play in place of what was refused.
#[test]
fn for_reading_only_play_plays_and_says_why_nothing_is_captured() {
    let mut desk = Desk::open(sung());
    let folder = desk.home.path().join("song.dawg");
    desk.send(SoundCommand::Song { session: Arc::clone(&desk.session), folder, store: None });
    desk.hand = desk.hands.recv_timeout(LIMIT).unwrap();
    desk.until("a device", |_, readout| matches!(readout.device, DeviceState::Running(_)));
    desk.roll(Punch::Quick);
    desk.until("rolling", |_, readout| readout.playhead.rolling && readout.punching.is_none());
    let said = |event: &SoundEvent| matches!(event, SoundEvent::Trouble(why) if why.contains("reading only"));
    assert!(desk.told.iter().any(said) && desk.files() == 0, "{:?}", desk.told);
}

/// Seen red: with the song let go while the keep is being written.
#[test]
fn what_was_sung_is_kept_rolling_and_standing_and_before_its_song_goes() {
    for rolls in [true, false] {
        let mut desk = Desk::open(sung());
        if rolls {
            desk.send(SoundCommand::Play(None));
        }
        let since = desk.hand.time();
        desk.until("a second", |desk, _| desk.hand.time() > since + 48_000);
        desk.keep();
        desk.send(SoundCommand::NoSong);
        desk.until("kept, then left", |_, readout| readout.device == DeviceState::Closed && !readout.writing);
        let takes = desk.takes();
        let [(start, heard)] = &takes[..] else { panic!("{} takes", takes.len()) };
        let Mic::Sung(sung) = &desk.mic else { panic!() };
        assert!(*start >= 0 && heard.len() > 24_000, "{start}, {}", heard.len());
        assert!(signal::find(&heard[..4_800], sung).is_some(), "what was sung, rolling: {rolls}");
        let notice = desk.told.iter().find_map(|event| match event {
            SoundEvent::Kept { notice, .. } => Some(*notice),
            _ => None,
        });
        assert_eq!(notice.unwrap().is_some(), !rolls, "where it lies is told when the song stood still");
    }
}

/// Seen red: with the measurement told and not put where it is kept.
#[test]
fn a_measured_round_trip_is_used_kept_and_forgotten() {
    let mut desk = Desk::open(after(777));
    let before = desk.running();
    assert_eq!((before.round_trip, before.source), (0, Source::Driver));
    desk.send(SoundCommand::Calibrate(Some(1)));
    let mut seen = Vec::new();
    desk.until("an outcome", |desk, readout| {
        seen.extend(readout.calibrating);
        !desk.calibrated().is_empty()
    });
    assert_eq!(desk.calibrated(), [Ok(777)], "{:?}", desk.told);
    assert!(seen.len() > 3 && seen.is_sorted(), "{seen:?}");
    let measured = |readout: &Readout| match &readout.device {
        DeviceState::Running(running) => matches!(running.source, Source::Calibrated { .. }),
        _ => false,
    };
    let readout = desk.until("it is used", |_, readout| measured(readout));
    assert!(readout.calibrating.is_none());
    assert_eq!(desk.running().round_trip, 777);
    let kept = std::fs::read_to_string(desk.home.path().join("data/calibrations.json")).unwrap();
    assert!(kept.contains("777"), "{kept}");
    desk.send(SoundCommand::ForgetCalibration);
    desk.until("the driver's figure", |_, readout| !measured(readout));
    assert_eq!(desk.running().round_trip, 0);
    let kept = std::fs::read_to_string(desk.home.path().join("data/calibrations.json")).unwrap();
    assert!(!kept.contains("777"), "{kept}");
}

/// Seen red: with a figure stored whatever came of it.
#[test]
fn with_nothing_connected_nothing_changes() {
    let mut desk = Desk::open(Mic::Silence);
    desk.send(SoundCommand::Calibrate(Some(1)));
    desk.until("an outcome", |desk, _| !desk.calibrated().is_empty());
    let outcomes = desk.calibrated();
    assert!(matches!(&outcomes[..], [Err(why)] if why.contains("came back")), "{outcomes:?}");
    desk.until("a slow look", |desk, _| desk.hand.time().is_multiple_of(BLOCK as u64 * 300));
    let running = desk.running();
    assert_eq!((running.round_trip, running.source), (0, Source::Driver));
    assert!(!desk.home.path().join("data/calibrations.json").exists());
}

/// Seen red: without the question whether it measures.
#[test]
fn while_it_measures_nothing_rolls_and_while_it_rolls_nothing_is_measured() {
    let mut desk = Desk::open(after(777));
    desk.send(SoundCommand::Calibrate(Some(1)));
    desk.until("measuring", |_, readout| readout.calibrating.is_some_and(|share| share > 0.0));
    desk.roll(Punch::All(None));
    desk.roll(Punch::Quick);
    desk.send(SoundCommand::Play(None));
    desk.until("an outcome", |desk, readout| {
        assert!(!readout.playhead.rolling && readout.recording.is_none(), "{readout:?}");
        !desk.calibrated().is_empty()
    });
    assert_eq!(desk.calibrated(), [Ok(777)], "it is not disturbed");
    let words = |event: &SoundEvent| match event {
        SoundEvent::RecordRefused(why) | SoundEvent::Trouble(why) => why.contains("being measured"),
        _ => false,
    };
    assert_eq!(desk.told.iter().filter(|event| words(event)).count(), 3, "{:?}", desk.told);
    desk.told.clear();
    desk.send(SoundCommand::Play(None));
    desk.until("rolling", |_, readout| readout.playhead.rolling);
    desk.send(SoundCommand::Calibrate(Some(1)));
    desk.until("a refusal", |desk, _| !desk.calibrated().is_empty());
    assert!(matches!(&desk.calibrated()[..], [Err(why)] if why.contains("stop")), "{:?}", desk.told);
}

/// Seen red: without the answer when the engine goes: the dialog waits for ever.
#[test]
fn a_device_that_goes_while_it_is_measured_answers() {
    let mut desk = Desk::open(after(777));
    desk.send(SoundCommand::Calibrate(Some(1)));
    desk.until("measuring", |_, readout| readout.calibrating.is_some());
    desk.send(SoundCommand::Device(DeviceChoice::default()));
    desk.hand = desk.hands.recv_timeout(LIMIT).unwrap();
    let readout = desk.until("an answer", |desk, _| !desk.calibrated().is_empty());
    assert!(readout.calibrating.is_none());
    assert!(matches!(&desk.calibrated()[..], [Err(why)] if why.contains("closed")), "{:?}", desk.told);
    let running = desk.running();
    assert_eq!((running.round_trip, running.source), (0, Source::Driver));
}

/// How long Play takes to roll with so many armed tracks, and after a Stop: `TMPDIR=/a/real/disk cargo nextest run -p
/// ai-dawg --test recording --run-ignored only --no-capture`.
#[test]
#[ignore = "a measurement"]
fn how_long_play_takes_to_roll() {
    for tracks in [0, 1, 8] {
        let mut desk = Desk::with_tracks(sung(), tracks.max(1));
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        for _ in 0..20 {
            let began = Instant::now();
            if tracks == 0 {
                desk.send(SoundCommand::Play(None));
            } else {
                desk.roll(Punch::Quick);
            }
            desk.until("rolling", |_, readout| readout.playhead.rolling);
            starts.push(began.elapsed());
            let began = Instant::now();
            desk.send(SoundCommand::Stop);
            desk.until("ended", |_, readout| !readout.playhead.rolling && !readout.writing);
            ends.push(began.elapsed());
        }
        starts.sort_unstable();
        ends.sort_unstable();
        println!(
            "{tracks} armed: rolls after {:?} (worst {:?}), ended after {:?} (worst {:?})",
            starts[10], starts[19], ends[10], ends[19]
        );
    }
}
