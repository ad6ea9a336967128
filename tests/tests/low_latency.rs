//! Latency inside the song: takes land whatever the Plan is late by, the singer is heard at once, and what would make
//! them late is left out while they record.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dawg_engine::capture::{Punch, Roll, RollRequest, take};
use dawg_engine::compile::{Place, Skipped};
use dawg_engine::device::manual::{Hand, Manual};
use dawg_engine::{Engine, LowLatency};
use dawg_media::wav::SampleFormat;
use dawg_session::{
    Clip, Document, Edit, Layout, Monitor, Name, Position, Session, SongId, Store, Tempo, TrackId,
    Transaction, apply_all, now_ms,
};
use dawg_tests::{signal, torture, turns};

const CLICK: usize = 20_000;

/// A beat of one click, and an armed voice on input 1.
struct Studio {
    folder: tempfile::TempDir,
    document: Document,
    store: Arc<Store>,
    beat: TrackId,
    voice: TrackId,
}

fn studio() -> Studio {
    let folder = tempfile::tempdir().unwrap();
    let session = Session::new(SongId::fresh(), Name::new("Song").unwrap(), 48_000, Tempo::DEFAULT);
    let path = folder.path().join("song.dawg");
    let store = Store::create(&path, &session).unwrap();
    let mut song = torture::Song::of(session.clone(), &path.join("audio"));
    let beat = song.track("Beat", Layout::STEREO);
    let clicks = signal::click_at(90_000, CLICK);
    let media = song.media(&[clicks.clone(), clicks], SampleFormat::Int24);
    let clip = song.clip(media, 0);
    song.add(beat, clip);
    let voice = song.track("Voice", Layout::MONO);
    let mut edits: Vec<Edit> =
        song.session.media.values().map(|media| Edit::AddMedia { media: (**media).clone() }).collect();
    for (at, track) in song.session.tracks.iter().enumerate() {
        edits.push(Edit::AddTrack { track: (**track).clone(), at });
    }
    edits.push(Edit::SetTrackInput { track: voice, input: "1".parse().unwrap() });
    edits.push(Edit::SetTrackArm { track: voice, arm: true });
    let mut document = Document::new(Arc::new(session));
    let transaction = Transaction { author: "test".to_owned(), label: "Edit".to_owned(), edits };
    let row = document.commit(transaction, now_ms()).unwrap();
    store.append(row).wait().unwrap();
    Studio { folder, document, store: Arc::new(store), beat, voice }
}

impl Studio {
    fn audio(&self) -> std::path::PathBuf {
        self.folder.path().join("song.dawg/audio")
    }

    fn engine(&self) -> (Engine, Hand) {
        let (device, hand) = Manual::open(48_000);
        let engine = Engine::on_device(Arc::clone(self.document.session()), &self.audio(), device).unwrap();
        // All of the song lies within the two seconds that are read ahead.
        turns("disk reader", 4);
        (engine, hand)
    }

    /// Records a second through a cable of `delay` frames; returns the song frame of the take's click.
    fn record(&self, engine: &mut Engine, hand: &mut Hand, delay: usize) -> i64 {
        engine.prepare_to_record(&[self.voice]).unwrap();
        let request = RollRequest {
            tracks: vec![self.voice],
            from: 5_000,
            punch: Punch::All(Some(53_000)),
            count_in: 0,
            latency: delay as i64 + i64::from(engine.plan_latency()),
            format: SampleFormat::Int24,
        };
        let (roll, taps) = Roll::begin(self.document.session(), &self.store, &request).unwrap();
        engine.roll(Some(5_000), 0, Some(taps));
        let mut cable: VecDeque<f32> = vec![0.0; delay].into();
        let mut stopped = false;
        while !roll.is_finished() {
            let input: Vec<f32> = cable.drain(..256).collect();
            let [left, _] = hand.call([&input, &input]);
            cable.extend(left);
            engine.tick();
            if !stopped && engine.playhead().position >= 53_000 {
                engine.stop();
                stopped = true;
            }
            if stopped {
                dawg_tests::poll(Duration::from_millis(5), || roll.is_finished().then_some(()));
            }
        }
        let recorded = roll.finish();
        assert_eq!(recorded.tracks[0].lost, 0);
        click_of(&recorded.tracks[0].row, self.document.session(), &self.audio())
    }
}

fn click_of(row: &dawg_session::CaptureRow, session: &Session, audio: &Path) -> i64 {
    let edits = take::edits(session, row).unwrap().edits;
    let applied = apply_all(session, &edits).unwrap().session;
    let clips = applied.tracks.iter().flat_map(|track| &track.lanes).flat_map(|lane| &lane.clips);
    let clip: &Clip = clips.map(AsRef::as_ref).find(|clip| clip.media == row.media).unwrap();
    let samples = signal::read_wav(audio.join(&row.file)).planar.swap_remove(0);
    let at = samples.iter().position(|sample| sample.abs() > 0.2).unwrap() as i64;
    let Position::Samples(start) = clip.start else { panic!("a take is fixed in samples") };
    start + at - clip.offset.0
}

// Seen red: with the Plan's latency said to be 0 the take lands at 22,048.
#[test]
fn with_2048_frames_of_latency_on_the_master_a_take_lands_on_the_same_sample() {
    let studio = studio();
    for (latency, mode) in [(0, LowLatency::Off), (2_048, LowLatency::Off), (2_048, LowLatency::Auto)] {
        let (mut engine, mut hand) = studio.engine();
        engine.set_low_latency(mode).unwrap();
        engine.probe_latency(Place::Master, latency).unwrap();
        assert_eq!(studio.record(&mut engine, &mut hand, 777), CLICK as i64, "{latency} frames, {mode:?}");
    }
}

/// Frames at which what comes out is loud.
fn loud(out: &[f32]) -> Vec<usize> {
    (0..out.len()).filter(|at| out[*at].abs() > 0.2).collect()
}

// Seen red: with the compensation in the way of the input nothing is heard in the call that it came with.
#[test]
fn a_monitored_voice_goes_round_the_compensation_and_what_is_played_does_not() {
    let studio = studio();
    let (mut engine, mut hand) = studio.engine();
    engine.probe_latency(Place::Track(studio.beat), 2_048).unwrap();
    // The voice has a click on tape, too: both are heard together, late.
    engine.play(Some(CLICK as i64 - 1_000));
    let mut out = Vec::new();
    (0..50).for_each(|_| out.extend(hand.silence(100)[0].clone()));
    assert_eq!(loud(&out), [1_000 + 2_048]);
    engine.stop();
    (0..10).for_each(|_| drop(hand.silence(256)));
    let monitor = [Edit::SetTrackMonitor { track: studio.voice, monitor: Monitor::On }];
    let session = apply_all(studio.document.session(), &monitor).unwrap().session;
    engine.set_session(Arc::new(session)).unwrap();
    (0..10).for_each(|_| drop(hand.silence(256)));
    let click = signal::click_at(256, 77);
    let [left, _] = hand.call([&click, &click]);
    assert_eq!(loud(&left), [77]);
    let after: Vec<f32> = (0..20).flat_map(|_| hand.silence(256)[0].clone()).collect();
    assert_eq!(loud(&after), [0_usize; 0]);
}

// Seen red: with the master skipped whether anything records or not.
#[test]
fn while_recording_slow_inserts_are_skipped_on_the_path_that_records_and_shown() {
    let studio = studio();
    let (mut engine, mut hand) = studio.engine();
    for (place, frames) in
        [(Place::Master, 2_048), (Place::Track(studio.voice), 100), (Place::Track(studio.beat), 4_096)]
    {
        engine.probe_latency(place, frames).unwrap();
    }
    assert_eq!((engine.plan_latency(), engine.skipped()), (2_048 + 4_096, &[][..]));
    engine.prepare_to_record(&[studio.voice]).unwrap();
    // What is not on the path stays, and so does what is quick.
    assert_eq!(engine.skipped(), [Skipped { place: Place::Master, frames: 2_048 }]);
    assert_eq!(engine.plan_latency(), 4_096);
    assert_eq!(studio.record(&mut engine, &mut hand, 777), CLICK as i64);
    for _ in 0..10 {
        hand.silence(256);
        engine.tick();
    }
    assert_eq!((engine.plan_latency(), engine.skipped()), (2_048 + 4_096, &[][..]));
    engine.set_low_latency(LowLatency::On).unwrap();
    assert_eq!(engine.skipped().len(), 1);
    engine.set_low_latency(LowLatency::Off).unwrap();
    engine.prepare_to_record(&[studio.voice]).unwrap();
    assert_eq!(engine.skipped(), []);
}

// Seen red: with the Plan put in without the dip there is a step of the full 0.4.
#[test]
fn the_switch_does_not_click_and_gives_the_same_samples_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut song = torture::Song::new(48_000, folder.path());
    let track = song.track("DC", Layout::STEREO);
    let dc = vec![0.4_f32; 200_000];
    let media = song.media(&[dc.clone(), dc], SampleFormat::Float32);
    let clip = song.clip(media, 0);
    song.add(track, clip);
    let (device, mut hand) = Manual::open(48_000);
    let mut engine = Engine::on_device(Arc::new(song.session.clone()), &song.audio, device).unwrap();
    engine.probe_latency(Place::Master, 1_000).unwrap();
    engine.play(Some(10_000));
    let mut out = Vec::new();
    for turn in 0..4 {
        for _ in 0..40 {
            out.extend(hand.silence(100)[0].clone());
            engine.tick();
        }
        let quick = [track];
        engine.prepare_to_record(if turn % 2 == 0 { &quick } else { &[] }).unwrap();
    }
    // It begins with the 1,000 frames of the probe, without a fade.
    assert!(out[..1_000].iter().all(|sample| *sample == 0.0));
    let step = out[1_000..].windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    assert!(step < 0.01, "a step of {step}");
    assert!(out.iter().filter(|sample| **sample == 0.4).count() > 10_000);
}
