//! Takes on a real audio server: a loop sung round and round, punches by hand, to the sample.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dawg_engine::Engine;
use dawg_engine::capture::{Punch, Recorded, Roll, RollRequest, take};
use dawg_engine::device::{DeviceRequest, Host};
use dawg_media::wav::SampleFormat;
use dawg_session::{
    Clip, Edit, Input, Lane, Layout, LoopRange, Position, Session, Store, TrackId, apply_all,
};
use dawg_tests::{JackServer, Loopback, Microphone, signal, torture, until, without_dropouts};

const RATE: u32 = 48_000;
const LIMIT: Duration = Duration::from_secs(20);
/// Where the loop starts, and its frames: no multiple of the period.
const START: i64 = 5_003;
const LOOP: i64 = 12_001;
/// Frames that the cable hides from the driver.
const HIDDEN: usize = 777;
/// Frames of the fade with which the beat ends at Stop.
const FADE: usize = 240;

/// A beat that plays on the right side alone and comes back by the cable on input 2; a voice on input 1; a track that
/// hears both.
struct Song {
    session: Session,
    beat: Vec<f32>,
    voice: TrackId,
    back: TrackId,
    both: TrackId,
    folder: tempfile::TempDir,
}

fn song(looped: bool) -> Song {
    let folder = tempfile::tempdir().unwrap();
    let mut song = torture::Song::new(RATE, &folder.path().join("beat"));
    let beat = signal::distinct(300_000, 9);
    let track = song.track("Beat", Layout::STEREO);
    let media = song.media(&[vec![0.0; beat.len()], beat.clone()], SampleFormat::Int24);
    let clip = song.clip(media, 0);
    song.add(track, clip);
    let armed = [("Voice", "1", Layout::MONO), ("Back", "2", Layout::MONO), ("Both", "1+2", Layout::STEREO)];
    let [voice, back, both] = armed.map(|(name, input, layout)| {
        let track = song.track(name, layout);
        let input = input.parse::<Input>().unwrap();
        song.edit(&[Edit::SetTrackInput { track, input }, Edit::SetTrackArm { track, arm: true }]);
        track
    });
    let (start, end) = (Position::Samples(START), Position::Samples(START + LOOP));
    song.edit(&[Edit::SetLoop { range: LoopRange { on: looped, start, end } }]);
    Song { session: song.session, beat, voice, back, both, folder }
}

/// Records, doing `deeds` while it rolls; returns the song with its takes, and whether the server had drop-outs.
fn record(song: &Song, sung: &[f32], punch: Punch, deeds: impl FnOnce(&mut Engine)) -> (Session, bool) {
    let server = JackServer::start(RATE, 256);
    let cable = Loopback::start(&server, "ai-dawg", HIDDEN);
    let microphone = Microphone::feed(&server, vec![sung.to_vec()], &["ai-dawg:in_1"]);
    let session = Arc::new(song.session.clone());
    let request = DeviceRequest { host: Some(Host::Jack), device: None, buffer: None, rate: RATE, inputs: 2 };
    let mut engine = Engine::start(Arc::clone(&session), &song.folder.path().join("beat"), &request).unwrap();
    cable.wait_connected(LIMIT);
    microphone.wait_connected(LIMIT);
    until(LIMIT, "the device", || engine.ready());
    microphone.go();
    microphone.wait_played(4_097, LIMIT);
    let store = Arc::new(Store::create(&song.folder.path().join("song.dawg"), &session).unwrap());
    let request = RollRequest {
        tracks: vec![song.voice, song.back, song.both],
        from: START,
        punch,
        count_in: 0,
        latency: cable.total_delay() as i64 + i64::from(engine.plan_latency()),
        format: SampleFormat::Int24,
    };
    let (roll, taps) = Roll::begin(&session, &store, &request).unwrap();
    let xruns = |engine: &Engine| {
        usize::try_from(engine.vitals().xruns).unwrap() + microphone.xruns() + cable.xruns()
    };
    let before = xruns(&engine);
    engine.roll(Some(START), 0, Some(taps));
    deeds(&mut engine);
    engine.stop();
    until(LIMIT, "the last frame on disk", || {
        engine.tick();
        roll.is_finished()
    });
    let dropouts = xruns(&engine) > before;
    let missed = engine.vitals().missed_frames > 0;
    drop(engine);
    let recorded = roll.finish();
    let lost = recorded.tracks.iter().any(|track| track.lost > 0);
    (placed(&session, &recorded), dropouts || missed || lost)
}

fn placed(session: &Session, recorded: &Recorded) -> Session {
    let place = |session: Session, track: &dawg_engine::capture::RecordedTrack| {
        assert_eq!(track.error, None);
        let edits = take::edits(&session, &track.row).unwrap().edits;
        apply_all(&session, &edits).unwrap().session
    };
    let session = recorded.tracks.iter().fold(session.clone(), place);
    session.check().unwrap();
    session
}

/// Waits until so many frames have been played from now on.
fn hear(engine: &mut Engine, frames: i64) {
    let from = engine.vitals().frames;
    until(LIMIT, "the song to go on", || {
        engine.tick();
        engine.vitals().frames >= from + frames as u64
    });
}

/// A track's lanes, oldest first.
fn lanes(session: &Session, track: TrackId) -> Vec<Arc<Lane>> {
    let mut lanes = session.track(track).unwrap().lanes.clone();
    lanes.sort_by_key(|lane| lane.take.unwrap().number);
    lanes
}

/// Start and samples of what a clip shows on a channel.
fn shown(folder: &Path, session: &Session, clip: &Clip, channel: usize) -> (i64, Vec<f32>) {
    let file = folder.join("song.dawg/audio").join(&session.media[&clip.media].file);
    let samples = signal::read_wav(file).planar.swap_remove(channel);
    let Position::Samples(start) = clip.start else { panic!("a take is fixed in samples") };
    (start, samples[clip.offset.0 as usize..][..clip.length.0 as usize].to_vec())
}

/// Whether the beat comes back as it was played, as long as it was not faded out by Stop.
fn in_time(song: &Song, start: i64, samples: &[f32], to_stop: bool) -> Result<(), String> {
    let heard = &samples[..samples.len() - if to_stop { FADE } else { 0 }];
    same("what played", &song.beat[start as usize..][..heard.len()], heard)
}

fn same(what: &str, original: &[f32], copy: &[f32]) -> Result<(), String> {
    let differs = |at| format!("{what} differs from frame {at} on");
    signal::first_difference(original, copy).map_or(Ok(()), |at| Err(differs(at)))
}

fn twenty_passes(song: &Song, session: &Session, sung: &[f32]) -> Result<(), String> {
    let folder = song.folder.path();
    let mut voice = Vec::new();
    for (track, channel) in [(song.voice, 0), (song.both, 0)] {
        voice.clear();
        let lanes = lanes(session, track);
        assert_eq!(lanes.len(), 21, "twenty passes, and one that was stopped half-way");
        for (at, lane) in lanes.iter().enumerate() {
            let [clip] = lane.clips.as_slice() else { panic!("one clip a pass") };
            assert_eq!(lane.name.as_str(), format!("Take {}", at + 1));
            let (start, samples) = shown(folder, session, clip, channel);
            assert_eq!(start, START);
            assert!(if at < 20 { samples.len() == LOOP as usize } else { samples.len() < LOOP as usize });
            voice.extend(samples);
        }
        let first = signal::find(&voice[..64], sung).ok_or("the voice is not in its takes")?;
        same("what was sung", &sung[first..first + voice.len()], &voice)?;
    }
    for (track, channel) in [(song.back, 0), (song.both, 1)] {
        for (at, lane) in lanes(session, track).iter().enumerate() {
            let (start, samples) = shown(folder, session, &lane.clips[0], channel);
            in_time(song, start, &samples, at == 20)?;
        }
    }
    Ok(())
}

// Seen red: with the latency left out of the window.
#[test]
fn twenty_passes_of_a_loop_hold_each_sample_once_and_in_time_with_what_played() {
    without_dropouts(|| {
        let song = song(true);
        let sung = signal::distinct(20 * RATE as usize, 4);
        let deeds = |engine: &mut Engine| hear(engine, 20 * LOOP + LOOP / 2);
        let (session, dropouts) = record(&song, &sung, Punch::All(None), deeds);
        (twenty_passes(&song, &session, &sung), dropouts)
    });
}

fn punches(song: &Song, session: &Session, sung: &[f32], clips: usize, to_stop: bool) -> Result<(), String> {
    let folder = song.folder.path();
    for (track, channel) in [(song.voice, 0), (song.back, 0), (song.both, 0), (song.both, 1)] {
        let lanes = lanes(session, track);
        assert_eq!(lanes.len(), 1, "one pass");
        assert_eq!(lanes[0].clips.len(), clips);
        let mut ends = START;
        for (number, clip) in lanes[0].clips.iter().enumerate() {
            let (start, samples) = shown(folder, session, clip, channel);
            assert!(start > ends && samples.len() > 2_000, "{} frames at {start}", samples.len());
            ends = start + samples.len() as i64;
            if (track, channel) == (song.voice, 0) || (track, channel) == (song.both, 0) {
                let at = signal::find(&samples[..64], sung).ok_or("the voice is not in its take")?;
                same("what was sung", &sung[at..at + samples.len()], &samples)?;
            } else {
                in_time(song, start, &samples, to_stop && number + 1 == clips)?;
            }
        }
    }
    Ok(())
}

// Seen red: with a lane for each punch.
#[test]
fn what_is_punched_by_hand_lands_where_it_was_sung() {
    without_dropouts(|| {
        let song = song(false);
        let sung = signal::distinct(20 * RATE as usize, 4);
        let deeds = |engine: &mut Engine| {
            for pause in [3_000, 5_001, 2_077] {
                hear(engine, pause);
                engine.punch(true);
                hear(engine, 4_000);
                // The last one is left to Stop.
                if pause != 2_077 {
                    engine.punch(false);
                }
            }
        };
        let (session, dropouts) = record(&song, &sung, Punch::Quick, deeds);
        (punches(&song, &session, &sung, 3, true), dropouts)
    });
}

// Seen red: with the latency left out of the window what comes back is a round trip late.
#[test]
fn a_range_is_punched_to_the_sample() {
    without_dropouts(|| {
        let song = song(false);
        let sung = signal::distinct(20 * RATE as usize, 4);
        let (from, to) = (START + 7_013, START + 19_999);
        let deeds = |engine: &mut Engine| hear(engine, 30_000);
        let (session, dropouts) = record(&song, &sung, Punch::Range(from, to), deeds);
        let clip = &lanes(&session, song.voice)[0].clips[0];
        assert_eq!((clip.start, clip.length.0), (Position::Samples(from), to - from));
        (punches(&song, &session, &sung, 1, false), dropouts)
    });
}

// Seen red: with such a roll finished like any other its files stay.
#[test]
fn a_roll_into_which_nobody_punched_leaves_nothing() {
    let song = song(false);
    let (session, _) = record(&song, &signal::distinct(20 * RATE as usize, 4), Punch::Quick, |engine| {
        hear(engine, 5_000);
    });
    assert_eq!(session, song.session);
    let left = std::fs::read_dir(song.folder.path().join("song.dawg/audio")).unwrap().count();
    assert_eq!(left, 0, "files without a take");
}
