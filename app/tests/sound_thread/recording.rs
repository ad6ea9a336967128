//! What is recorded, whatever becomes of the device or the song.

use std::time::{Duration, Instant};

use crate::window::{LIMIT, Window};
use ai_dawg::sound::{DeviceState, SoundCommand, SoundEvent};
use dawg_engine::device::Host;
use dawg_tests::{JackServer, Microphone, signal};

/// A window that has recorded more than so many frames, and goes on.
#[track_caller]
fn recording(host: Host, frames: i64) -> Window {
    let mut window = Window::open(Some(host), None);
    window.until_running();
    window.record();
    window.until("some of a take", |_, readout| readout.playhead.position > frames);
    window
}

/// Seen red: with the latency left out of `offset` the growing waveform is drawn 512 frames late.
#[test]
fn what_is_sung_is_recorded_to_the_last_bit() {
    let server = JackServer::start(48_000, 256);
    let mut window = Window::open(Some(Host::Jack), None);
    let sung = vec![signal::distinct(48_000, 1), signal::distinct(48_000, 2)];
    let microphone = Microphone::feed(&server, sung.clone(), &["ai-dawg:in_1", "ai-dawg:in_2"]);
    window.until_running();
    microphone.wait_connected(LIMIT);
    window.record();
    let readout = window.until("recording", |_, readout| readout.playhead.recording);
    microphone.go();
    let recording = readout.recording.unwrap();
    assert_eq!((recording.takes[0].track, recording.takes[0].channels), (window.voice, 2));
    microphone.wait_finished(LIMIT);
    let peaks = window.song.join(format!("peaks/{}.peaks", recording.takes[0].media));
    assert!(std::fs::metadata(peaks).unwrap().len() > 1_000, "the growing waveform");
    let loud = window.frame();
    assert_eq!(loud.tracks.len(), 2);
    window.send(SoundCommand::Stop);
    window.until("the take", |window, readout| window.has_recorded() && readout.recording.is_none());
    let recorded = window.told.iter().find_map(|event| match event {
        SoundEvent::Recorded { recorded, .. } => Some(recorded.tracks[0].clone()),
        _ => None,
    });
    let recorded = recorded.unwrap();
    assert_eq!((recorded.lost, recorded.error, recorded.row.media), (0, None, recording.takes[0].media));
    assert_eq!(recorded.row.log.segments[0].capture_frame + recorded.row.latency, recording.offset);
    let file = signal::read_wav(window.song.join("audio").join(&recorded.row.file));
    let at = signal::find(&sung[0], &file.planar[0]).expect("what was sung");
    assert_eq!(signal::first_difference(&sung[1], &file.planar[1][at..at + 48_000]), None);
}

/// Seen red: with the recorder dropped together with the engine the take is never told of.
#[test]
fn a_device_that_vanishes_leaves_the_take_and_comes_back() {
    let mut server = JackServer::start(48_000, 256);
    let mut window = recording(Host::Jack, 24_000);
    server.kill();
    let killed = Instant::now();
    window.until("the take", |window, _| window.has_recorded());
    assert!(killed.elapsed() < Duration::from_secs(8), "{:?}", killed.elapsed());
    let readout = window.until("no device and no recording", |_, readout| {
        matches!(&readout.device, DeviceState::Missing(_)) && readout.recording.is_none()
    });
    assert!(readout.playhead.position > 24_000, "{readout:?}");
    assert_eq!(window.count(|event| matches!(event, SoundEvent::Gone(_))), 1);
    let frames = window.told.iter().find_map(|event| match event {
        SoundEvent::Recorded { recorded, .. } => Some(recorded.tracks[0].row.frames),
        _ => None,
    });
    assert!(frames.unwrap() > 20_000, "{frames:?}");
    // It is found by itself, and the recording goes on from where the song stood.
    let stood = readout.playhead.position;
    server.restart();
    window.until_running();
    let readout = window.until("recording goes on", |_, readout| {
        readout.recording.is_some() && readout.playhead.rolling && readout.playhead.position > stood + 24_000
    });
    assert_eq!(readout.recording.unwrap().from, stood);
    assert_eq!(window.count(|event| matches!(event, SoundEvent::Back { records: true })), 1);
    window.send(SoundCommand::Stop);
    window.until("the second take", |window, _| {
        window.count(|event| matches!(event, SoundEvent::Recorded { .. })) == 2
    });
}

/// What a person does with a server that hangs: ends it by force and starts it anew. Seen red: with its client closed without a
/// bound.
#[test]
fn a_device_that_hangs_and_is_killed_leaves_the_take_and_comes_back() {
    let mut server = JackServer::start(48_000, 256);
    let mut window = recording(Host::Jack, 24_000);
    let hangs = server.hang();
    window.until("the take", |window, _| window.has_recorded());
    let readout = window.until("no device and no recording", |_, readout| {
        matches!(&readout.device, DeviceState::Missing(_)) && readout.recording.is_none()
    });
    assert!(readout.playhead.position > 24_000, "{readout:?}");
    server.kill();
    std::mem::forget(hangs); // There is nobody to be told to go on.
    server.restart();
    window.until_running();
    window.until("recording goes on", |_, readout| readout.recording.is_some() && readout.playhead.rolling);
    window.send(SoundCommand::Stop);
    window.until("the second take", |window, _| {
        window.count(|event| matches!(event, SoundEvent::Recorded { .. })) == 2
    });
}

// A stop counts, whatever comes back.
#[test]
fn a_stop_while_the_device_is_away_ends_the_recording_for_good() {
    let mut server = JackServer::start(48_000, 256);
    let mut window = recording(Host::Jack, 12_000);
    server.kill();
    window.until("the take", |window, _| window.has_recorded());
    window.send(SoundCommand::Stop);
    server.restart();
    window.until_running();
    window.until("it is told", |window, _| {
        window.count(|event| matches!(event, SoundEvent::Back { records: false })) == 1
    });
    std::thread::sleep(Duration::from_millis(500));
    let readout = window.frame();
    assert!(readout.recording.is_none() && !readout.playhead.rolling, "{readout:?}");
    window.send(SoundCommand::Play(None));
    window.until("rolling", |_, readout| readout.playhead.rolling && readout.playhead.position > 20_000);
}

/// Seen red: with `NoSong` obeyed at once, and the recorder going with the engine, the take is never told of.
#[test]
fn closing_the_song_finishes_the_recording_first() {
    let mut window = recording(Host::Timer, 9_600);
    window.send(SoundCommand::NoSong);
    window.send(SoundCommand::Play(None));
    window.until("the end", |window, readout| {
        readout.device == DeviceState::Closed && readout.recording.is_none() && window.has_recorded()
    });
}
