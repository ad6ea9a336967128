//! A take lands where it was sung, to the sample, whatever the blocks are; and edits under the playhead never click.
#![allow(clippy::unwrap_used, clippy::panic, clippy::too_many_arguments, reason = "tests")]

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dawg_engine::Engine;
use dawg_engine::capture::{Punch, Recorded, Roll, RollRequest, recover, take};
use dawg_engine::device::at_song_rate;
use dawg_engine::device::manual::{Hand, Manual};
use dawg_media::wav::SampleFormat;
use dawg_session::{
    Access, Document, Edit, Input, Layout, Name, Position, Session, SongId, Store, Tempo, TrackId,
    Transaction, now_ms,
};
use dawg_tests::{signal, torture};
use proptest::prelude::*;

/// A cable from the outputs back to the inputs that is `delay` frames long.
struct Cable {
    frames: VecDeque<[f32; 2]>,
    sung: VecDeque<f32>,
}

impl Cable {
    fn new(delay: usize) -> Self {
        Self { frames: vec![[0.0; 2]; delay].into(), sung: VecDeque::new() }
    }

    /// One block: what went in `delay` frames ago comes out. Blocks must not be longer than the delay.
    fn call(&mut self, hand: &mut Hand, frames: usize) {
        let back: Vec<[f32; 2]> = self.frames.drain(..frames).collect();
        let mut left: Vec<f32> = back.iter().map(|frame| frame[0]).collect();
        let right: Vec<f32> = back.iter().map(|frame| frame[1]).collect();
        for sample in &mut left {
            *sample += self.sung.pop_front().unwrap_or(0.0);
        }
        let [left, right] = hand.call([&left, &right]);
        self.frames.extend(left.into_iter().zip(right).map(|(left, right)| [left, right]));
    }
}

/// A song folder with a click on one track and an armed one beside it.
fn studio(folder: &Path, click: usize) -> (Arc<Store>, Document, TrackId) {
    let session = Session::new(SongId::fresh(), Name::new("Song").unwrap(), 48_000, Tempo::DEFAULT);
    let path = folder.join("song.dawg");
    let store = Store::create(&path, &session).unwrap();
    let mut song = torture::Song::of(session, &path.join("audio"));
    let before = song.session.clone();
    let beat = song.track("Beat", Layout::STEREO);
    let clicks = signal::click_at(60_000, click);
    let media = song.media(&[clicks.clone(), clicks], SampleFormat::Int24);
    let clip = song.clip(media, 0);
    song.add(beat, clip);
    let vocal = song.track("Vocal", Layout::MONO);
    let mut document = Document::new(Arc::new(before));
    let session = song.session;
    let input = Edit::SetTrackInput { track: vocal, input: "1".parse::<Input>().unwrap() };
    let mut edits: Vec<Edit> =
        session.media.values().map(|media| Edit::AddMedia { media: (**media).clone() }).collect();
    for (at, track) in session.tracks.iter().enumerate() {
        edits.push(Edit::AddTrack { track: (**track).clone(), at });
    }
    edits.push(input);
    commit(&store, &mut document, edits);
    (Arc::new(store), document, vocal)
}

fn commit(store: &Store, document: &mut Document, edits: Vec<Edit>) {
    let transaction = Transaction { author: "test".to_owned(), label: "Edit".to_owned(), edits };
    let row = document.commit(transaction, now_ms()).unwrap();
    store.append(row).wait().unwrap();
}

fn request(track: TrackId, latency: i64) -> RollRequest {
    RollRequest {
        tracks: vec![track],
        from: 5_000,
        punch: Punch::All(Some(45_000)),
        count_in: 0,
        latency,
        format: SampleFormat::Int24,
    }
}

/// Records through a cable of `delay` frames in blocks of these sizes; returns what came of it.
fn record(
    folder: &Path,
    store: &Arc<Store>,
    document: &Document,
    vocal: TrackId,
    delay: usize,
    blocks: &[usize],
    sung: &[f32],
) -> Recorded {
    record_at(48_000, folder, store, document, vocal, delay, blocks, sung)
}

/// The same on a device that runs at `rate`; the latency is what the device says and the cable.
fn record_at(
    rate: u32,
    folder: &Path,
    store: &Arc<Store>,
    document: &Document,
    vocal: TrackId,
    delay: usize,
    blocks: &[usize],
    sung: &[f32],
) -> Recorded {
    let (device, mut hand) = Manual::open(rate);
    let device = at_song_rate(device, 48_000);
    let mut engine =
        Engine::on_device(Arc::clone(document.session()), &folder.join("song.dawg/audio"), device).unwrap();
    let cable = (delay as f64 * 48_000.0 / f64::from(rate)).round() as i64;
    let latency = engine.driver_latency().round_trip() + cable;
    let (roll, taps) = Roll::begin(document.session(), store, &request(vocal, latency)).unwrap();
    let mut cable = Cable::new(delay);
    engine.roll(Some(5_000), 0, Some(taps));
    cable.sung = sung.iter().copied().collect();
    let mut blocks = blocks.iter().cycle().copied();
    let mut stopped = false;
    let mut next_rest = 0;
    while !roll.is_finished() {
        cable.call(&mut hand, blocks.next().unwrap().min(delay));
        engine.tick();
        if !stopped && engine.playhead().position >= 45_000 {
            engine.stop();
            stopped = true;
        }
        if hand.time() > next_rest || stopped {
            next_rest = hand.time() + 24_000;
            dawg_tests::poll(Duration::from_millis(20), || roll.is_finished().then_some(()));
        }
    }
    roll.finish()
}

fn place(store: &Store, document: &mut Document, recorded: &Recorded) {
    let row = &recorded.tracks[0].row;
    let take::TakeEdits { edits, clips, .. } = take::edits(document.session(), row).unwrap();
    assert_eq!(clips.len(), 1);
    let transaction = Transaction { author: "test".to_owned(), label: "Record".to_owned(), edits };
    let journal = document.commit(transaction, now_ms()).unwrap();
    store.finish_captures(recorded.ids(), Some(journal)).wait().unwrap();
}

/// The song frame at which the take's one click is.
fn click_in_take(folder: &Path, session: &Session, vocal: TrackId) -> i64 {
    in_take(folder, session, vocal, |samples| samples.iter().position(|sample| sample.abs() > 0.2).unwrap())
}

/// The song frame at which the take is loudest.
fn loudest_in_take(folder: &Path, session: &Session, vocal: TrackId) -> i64 {
    in_take(folder, session, vocal, |samples| {
        (0..samples.len()).max_by(|a, b| samples[*a].abs().total_cmp(&samples[*b].abs())).unwrap()
    })
}

fn in_take(folder: &Path, session: &Session, vocal: TrackId, find: impl Fn(&[f32]) -> usize) -> i64 {
    let clip = &session.track(vocal).unwrap().lanes[0].clips[0];
    let file = folder.join("song.dawg/audio").join(&session.media[&clip.media].file);
    let samples = &signal::read_wav(&file).planar[0];
    let at = find(samples) as i64;
    let Position::Samples(start) = clip.start else { panic!("a take is fixed in samples") };
    assert!((clip.offset.0..clip.offset.0 + clip.length.0).contains(&at), "the click is outside the take");
    start + at - clip.offset.0
}

// Seen red: with the reserve left out of `Bridge::latency` the click lands 137 frames early; with the streams in
// the wrong places (`down` from song to device) it is nowhere near.
#[test]
fn a_take_lands_in_place_on_a_device_at_another_rate() {
    for (rate, blocks) in [(44_100, [256, 100, 441]), (96_000, [64, 333, 512]), (32_000, [128, 128, 77])] {
        let folder = tempfile::tempdir().unwrap();
        let (store, mut document, vocal) = studio(folder.path(), 20_000);
        let recorded = record_at(rate, folder.path(), &store, &document, vocal, 900, &blocks, &[]);
        assert_eq!(recorded.tracks[0].lost, 0);
        place(&store, &mut document, &recorded);
        let at = loudest_in_take(folder.path(), document.session(), vocal);
        assert!((at - 20_000).abs() <= 1, "{rate} Hz: the click lands at {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    // Seen red: with the log's segment noted one block late (after `taps.take`) the take is a block off.
    #[test]
    fn a_click_lands_where_it_was_played(
        delay in prop::sample::select(vec![777_usize, 256, 1_024, 3_000]),
        blocks in prop::collection::vec(1_usize..1_024, 1..6),
        click in 6_000_usize..44_000,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (store, mut document, vocal) = studio(folder.path(), click);
        let recorded = record(folder.path(), &store, &document, vocal, delay, &blocks, &[]);
        prop_assert_eq!((recorded.tracks[0].lost, &recorded.tracks[0].error), (0, &None));
        place(&store, &mut document, &recorded);
        prop_assert_eq!(click_in_take(folder.path(), document.session(), vocal), click as i64);
        let clip = &document.session().track(vocal).unwrap().lanes[0].clips[0];
        prop_assert_eq!((clip.start, clip.length.0), (Position::Samples(5_000), 40_000));
    }
}

// Seen red: with `floor` in place of rounding to nearest in the 24-bit writer half of the samples differ.
#[test]
fn what_is_sung_is_on_disk_to_the_last_bit() {
    let folder = tempfile::tempdir().unwrap();
    let (store, document, vocal) = studio(folder.path(), 59_000);
    let sung = signal::distinct(40_000, 5);
    let recorded = record(folder.path(), &store, &document, vocal, 777, &[256], &sung);
    let file = folder.path().join("song.dawg/audio").join(&recorded.tracks[0].row.file);
    let captured = &signal::read_wav(&file).planar[0];
    assert_eq!(signal::first_difference(&captured[..40_000], &sung), None);
}

// Seen red: with `recover` trusting the row's frames (0 at the beginning) nothing of the take is there.
#[test]
fn a_recording_that_nobody_finished_becomes_a_take() {
    let folder = tempfile::tempdir().unwrap();
    let (store, document, vocal) = studio(folder.path(), 20_000);
    let recorded = record(folder.path(), &store, &document, vocal, 777, &[441], &[]);
    let frames = recorded.tracks[0].row.frames;
    // The program ends here, before the take is part of the song.
    drop(document);
    drop(Arc::into_inner(store).unwrap());
    let path = folder.path().join("song.dawg");
    let mut opened = Store::open(&path, Access::Write).unwrap();
    let recovered = recover(opened.document.session(), &path.join("audio"), opened.unfinished);
    assert_eq!((recovered.finished.len(), recovered.notices.len()), (1, 1));
    let transaction =
        Transaction { author: "test".to_owned(), label: "Recover".to_owned(), edits: recovered.edits };
    let row = opened.document.commit(transaction, now_ms()).unwrap();
    opened.store.finish_captures(recovered.finished, Some(row)).wait().unwrap();
    let session = opened.document.session();
    assert_eq!(click_in_take(folder.path(), session, vocal), 20_000);
    let clip = &session.track(vocal).unwrap().lanes[0].clips[0];
    assert!(clip.length.0 >= 40_000 - 12_000 && clip.offset.0 + clip.length.0 <= frames);
}

// Seen red: with the notice left out a count-in that was sung into is finished without a word.
#[test]
fn a_recording_that_ended_in_its_count_in_is_told_and_its_file_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (store, document, vocal) = studio(folder.path(), 20_000);
    let recorded = record(folder.path(), &store, &document, vocal, 777, &[441], &[]);
    let mut row = recorded.tracks[0].row.clone();
    row.log.segments.clear();
    let audio = folder.path().join("song.dawg/audio");
    let recovered = recover(document.session(), &audio, vec![row.clone()]);
    assert!(recovered.edits.is_empty());
    assert_eq!(recovered.finished, [row.id]);
    assert!(recovered.notices[0].contains(&row.file), "{:?}", recovered.notices);
    assert!(audio.join(&row.file).is_file());
}

// Seen red: without the crossfade in `SourceState::process` the step at the swap is the full 0.8.
#[test]
fn moving_a_clip_under_the_playhead_never_clicks() {
    let folder = tempfile::tempdir().unwrap();
    let mut song = torture::Song::new(48_000, folder.path());
    let track = song.track("DC", Layout::STEREO);
    let dc = vec![0.4_f32; 200_000];
    let media = song.media(&[dc.clone(), dc], SampleFormat::Float32);
    let clip = song.clip(media, 0);
    let clip = song.add(track, clip);
    let lane = song.session.tracks[0].lanes[0].id;
    let (device, mut hand) = Manual::open(48_000);
    let mut engine = Engine::on_device(Arc::new(song.session.clone()), &song.audio, device).unwrap();
    hand.silence(64);
    engine.play(Some(10_000));
    let mut out = left(hand.silence(1_000)).split_off(100);
    for turn in 0..6 {
        // Away, and back again; the third time the track itself goes.
        let start = Position::Samples(if turn % 2 == 0 { 500_000 } else { 0 });
        song.edit(&[Edit::MoveClip { clip, to: lane, start, at: None }]);
        engine.set_session(Arc::new(song.session.clone())).unwrap();
        for _ in 0..10 {
            engine.tick();
            out.extend(left(hand.silence(100)));
        }
    }
    song.edit(&[Edit::RemoveTrack { track }]);
    engine.set_session(Arc::new(song.session.clone())).unwrap();
    for _ in 0..40 {
        engine.tick();
        out.extend(left(hand.silence(100)));
    }
    let step = out.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    assert!(step < 0.01, "a step of {step}");
    assert_eq!(out.last(), Some(&0.0));
    assert!(out.iter().filter(|sample| **sample == 0.4).count() > 1_000);
}

fn left([left, _]: [Vec<f32>; 2]) -> Vec<f32> {
    left
}
