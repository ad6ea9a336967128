//! Punching in and out: what is heard switches at the very frame, and a crash keeps what was punched.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dawg_engine::Engine;
use dawg_engine::capture::{CaptureError, Punch, Roll, RollRequest, recover, take};
use dawg_engine::device::manual::{Hand, Manual};
use dawg_media::wav::SampleFormat;
use dawg_session::{
    Access, Edit, Input, Lane, Layout, LoopRange, Monitor, Position, Session, Store, TrackId, apply_all,
};
use dawg_tests::{poll, torture};

/// What is on tape, and what comes in.
const TAPE: f32 = 0.5;
const LIVE: f32 = -0.25;
/// Frames of the crossfade from the one to the other.
const CROSSFADE: u32 = 256;

struct Studio {
    session: Arc<Session>,
    store: Arc<Store>,
    engine: Engine,
    hand: Hand,
    track: TrackId,
    folder: tempfile::TempDir,
}

/// An armed stereo track with `TAPE` on it, looping from 2,000 to 7,000.
fn studio(monitor: Monitor) -> Studio {
    let folder = tempfile::tempdir().unwrap();
    let audio = folder.path().join("tape");
    let mut song = torture::Song::new(48_000, &audio);
    let track = song.track("Voice", Layout::STEREO);
    let tape = vec![TAPE; 100_000];
    let media = song.media(&[tape.clone(), tape], SampleFormat::Float32);
    let clip = song.clip(media, 0);
    song.add(track, clip);
    let (start, end) = (Position::Samples(2_000), Position::Samples(7_000));
    song.edit(&[
        Edit::SetTrackInput { track, input: "1+2".parse::<Input>().unwrap() },
        Edit::SetTrackArm { track, arm: true },
        Edit::SetTrackMonitor { track, monitor },
        Edit::SetLoop { range: LoopRange { on: true, start, end } },
    ]);
    let session = Arc::new(song.session);
    let store = Arc::new(Store::create(&folder.path().join("song.dawg"), &session).unwrap());
    let (device, hand) = Manual::open(48_000);
    let engine = Engine::on_device(Arc::clone(&session), &audio, device).unwrap();
    Studio { session, store, engine, hand, track, folder }
}

impl Studio {
    fn roll(&mut self, punch: Punch, count_in: i64) -> Roll {
        let request = RollRequest {
            tracks: vec![self.track],
            from: 0,
            punch,
            count_in,
            latency: 777,
            format: SampleFormat::Int24,
        };
        let (roll, taps) = Roll::begin(&self.session, &self.store, &request).unwrap();
        self.engine.roll(Some(0), count_in, Some(taps));
        roll
    }

    /// The left side of so many frames, in blocks of at most `block`.
    fn hear(&mut self, frames: usize, block: usize) -> Vec<f32> {
        let mut heard = Vec::new();
        while heard.len() < frames {
            let live = vec![LIVE; block.min(frames - heard.len())];
            let [left, _] = self.hand.call([&live, &live]);
            heard.extend(left);
            self.engine.tick();
        }
        heard
    }

    fn finish(&mut self, roll: Roll) -> dawg_engine::capture::Recorded {
        self.engine.stop();
        self.hear(2_000, 256);
        let ended = poll(Duration::from_secs(20), || roll.is_finished().then_some(()));
        assert!(ended.is_some(), "the roll did not end");
        roll.finish()
    }
}

/// What is heard frame by frame if the input is to be heard in `live`, beginning with the input.
fn switched(live: impl Iterator<Item = bool>) -> Vec<f32> {
    let (mut from, mut target, mut done) = (1.0_f32, 1.0_f32, CROSSFADE);
    let heard = live.map(|live| {
        let wanted = if live { 1.0 } else { 0.0 };
        let now = if done >= CROSSFADE {
            target
        } else {
            from + (target - from) * (done as f32 / CROSSFADE as f32)
        };
        let now = if wanted == target {
            now
        } else {
            (from, target, done) = (now, wanted, 0);
            now
        };
        done += 1;
        TAPE * (1.0 - now) + LIVE * now
    });
    heard.collect()
}

fn differs(expected: &[f32], heard: &[f32]) -> Option<usize> {
    assert_eq!(expected.len(), heard.len());
    expected.iter().zip(heard).position(|(a, b)| (a - b).abs() > 1e-6)
}

/// Song positions from 0 on, round the loop.
fn positions() -> impl Iterator<Item = i64> {
    (0..7_000).chain((2_000..7_000).cycle())
}

// Seen red: with the monitor following whether captures run, the input is heard from the first frame on.
#[test]
fn a_range_switches_the_monitor_at_its_very_frames_in_each_pass_whatever_the_blocks() {
    let expected = switched(positions().take(20_000).map(|position| (3_001..5_555).contains(&position)));
    for block in [1, 64, 333, 1_024, 5_000] {
        let mut studio = studio(Monitor::Auto);
        studio.hear(600, 100);
        let roll = studio.roll(Punch::Range(3_001, 5_555), 0);
        let heard = studio.hear(20_000, block);
        assert_eq!(differs(&expected, &heard), None, "in blocks of {block}");
        studio.finish(roll);
    }
}

// Seen red: the same.
#[test]
fn a_hand_switches_it_at_the_next_block_and_only_there() {
    let mut studio = studio(Monitor::Auto);
    studio.hear(600, 100);
    let roll = studio.roll(Punch::Quick, 0);
    let mut heard = studio.hear(3_100, 441);
    assert!(!studio.engine.playhead().punched);
    studio.engine.punch(true);
    studio.engine.punch(true);
    heard.extend(studio.hear(5_001, 441));
    assert!(studio.engine.playhead().punched && studio.engine.playhead().recording);
    studio.engine.punch(false);
    heard.extend(studio.hear(1_000, 441));
    let expected = switched((0..9_101).map(|frame| (3_100..8_101).contains(&frame)));
    assert_eq!(differs(&expected, &heard), None);
    let recorded = studio.finish(roll);
    let punched = take::passes(&recorded.tracks[0].row);
    let windows: Vec<(i64, i64, i64)> = punched
        .iter()
        .flat_map(|pass| pass.windows.iter().map(|at| (at.start, at.offset, at.length)))
        .collect();
    assert_eq!(windows, [(3_100, 3_100 + 777, 3_900), (2_000, 7_777, 1_101)]);
}

// Seen red: the same: in Auto the input is heard before and after the range.
#[test]
fn always_is_always_never_is_never_and_a_count_in_is_no_playback() {
    for (monitor, counting, rolling, punched) in
        [(Monitor::On, LIVE, LIVE, LIVE), (Monitor::Off, 0.0, TAPE, TAPE), (Monitor::Auto, LIVE, TAPE, LIVE)]
    {
        let mut studio = studio(monitor);
        studio.hear(600, 100);
        let roll = studio.roll(Punch::Range(1_000, 2_000), 96_000);
        // Between the clicks.
        assert_eq!(studio.hear(20_000, 500)[19_999], counting, "{monitor:?} in the count-in");
        let heard = studio.hear(76_000 + 2_500, 500);
        let song = &heard[76_000..];
        assert_eq!((song[900], song[1_900], song[2_400]), (rolling, punched, rolling), "{monitor:?}");
        studio.finish(roll);
    }
}

// Seen red: with what has no end read as empty there is no take.
#[test]
fn a_roll_of_all_is_not_punched_by_hand() {
    let mut studio = studio(Monitor::Auto);
    let roll = studio.roll(Punch::All(None), 0);
    studio.engine.punch(false);
    studio.hear(1_000, 100);
    assert!(studio.engine.playhead().punched);
    let recorded = studio.finish(roll);
    assert_eq!(recorded.tracks[0].row.log.punches, None);
    assert_eq!(take::passes(&recorded.tracks[0].row)[0].windows[0].length, 1_240);
}

// Seen red: without the check in `Roll::begin`.
#[test]
fn a_range_that_ends_before_it_starts_is_refused_and_leaves_no_file() {
    let studio = studio(Monitor::Auto);
    for (first, last) in [(5_000, 5_000), (5_000, 4_000)] {
        let request = RollRequest {
            tracks: vec![studio.track],
            from: 0,
            punch: Punch::Range(first, last),
            count_in: 0,
            latency: 0,
            format: SampleFormat::Int24,
        };
        let refused = Roll::begin(&studio.session, &studio.store, &request);
        assert!(matches!(refused, Err(CaptureError::PunchRange)));
    }
    assert_eq!(std::fs::read_dir(studio.store.folder().join("audio")).unwrap().count(), 0);
}

// Seen red: with nothing said in `Engine::set_session`.
#[test]
fn a_loop_that_is_too_short_is_told_once() {
    let mut studio = studio(Monitor::Auto);
    let range = LoopRange { on: true, start: Position::Samples(0), end: Position::Samples(479) };
    let session = apply_all(&studio.session, &[Edit::SetLoop { range }]).unwrap().session;
    studio.engine.set_session(Arc::new(session)).unwrap();
    let told = studio.engine.trouble();
    assert!(told.iter().any(|said| said.contains("10 ms")), "{told:?}");
    assert!(studio.engine.trouble().is_empty());
    studio.engine.play(Some(0));
    studio.hear(2_000, 100);
    assert_eq!(studio.engine.playhead().position, 2_000);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// The name of a lane, and of its clips the start, the offset and the length.
type Placed = (String, Vec<(Position, i64, i64)>);

fn lanes(session: &Session, track: TrackId) -> Vec<Placed> {
    let clips = |lane: &Arc<Lane>| {
        lane.clips.iter().map(|clip| (clip.start, clip.offset.0, clip.length.0)).collect::<Vec<_>>()
    };
    let track = session.track(track).unwrap();
    track.lanes.iter().rev().map(|lane| (lane.name.to_string(), clips(lane))).collect()
}

// Seen red: with an empty log given to the store.
#[test]
fn after_a_crash_the_same_lanes_are_there() {
    // What of the running pass had come in: a round trip less than what was played of it.
    for (punch, came) in
        [(Punch::All(None), 2_723), (Punch::Range(3_000, 6_000), 1_723), (Punch::Quick, 2_723)]
    {
        let mut studio = studio(Monitor::Auto);
        let roll = studio.roll(punch, 0);
        studio.hear(2_500, 256);
        studio.engine.punch(true);
        studio.hear(18_000, 256);
        // Until all of it is on disk, but for what the crash may cost.
        poll(Duration::from_millis(700), || None::<()>);
        let crashed = studio.folder.path().join("crashed.dawg");
        copy(studio.store.folder(), &crashed);
        let opened = Store::open(&crashed, Access::Write).unwrap();
        let recovered = recover(opened.document.session(), &crashed.join("audio"), opened.unfinished);
        let after_crash = apply_all(opened.document.session(), &recovered.edits).unwrap().session;
        after_crash.check().unwrap();
        let recorded = studio.finish(roll);
        let takes = take::edits(&studio.session, &recorded.tracks[0].row).unwrap();
        let stopped = apply_all(&studio.session, &takes.edits).unwrap().session;
        let (after_crash, stopped) = (lanes(&after_crash, studio.track), lanes(&stopped, studio.track));
        // The lane that was there lies below the takes; the last take was running.
        assert_eq!(after_crash.len(), stopped.len(), "{punch:?}");
        assert!(after_crash.len() >= 4, "{after_crash:?}");
        let finished = after_crash.len() - 1;
        assert_eq!(after_crash[..finished], stopped[..finished], "{punch:?}");
        let ends = |lane: &(String, Vec<(Position, i64, i64)>)| {
            let (start, offset, length) = lane.1[0];
            (lane.0.clone(), start, offset, length)
        };
        let (running, its) = (ends(&after_crash[finished]), ends(&stopped[finished]));
        assert_eq!((&running.0, running.1, running.2), (&its.0, its.1, its.2));
        assert_eq!(running.3, came, "{punch:?}");
    }
}
