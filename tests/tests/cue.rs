//! The cue mix: heard in the headphones, gliding, never recorded, never exported, and nothing at all at its centre.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use assert_no_alloc::AllocDisabler;
use dawg_engine::Engine;
use dawg_engine::capture::{Punch, Roll, RollRequest};
use dawg_engine::device::manual::{Hand, Manual};
use dawg_engine::offline::Renderer;
use dawg_engine::processor::cue::CueMix;
use dawg_media::Progress;
use dawg_media::wav::SampleFormat;
use dawg_session::{Edit, Gain, Layout, Monitor, Pan, SongId, Store, TrackId};
use dawg_tests::{poll, signal, torture, turns};

// Aborts on any allocation inside the callback: the cue mix is at work in all of these tests.
#[global_allocator]
static GUARD: AllocDisabler = AllocDisabler;

const GLIDE: usize = 256;
const ROOM: CueMix = CueMix { balance: 0.0, reverb: 0.5, decay: 0.5 };

/// A beat of noise, and a mono track whose input is let through, panned hard left so that its gain is 1 there.
struct Studio {
    song: torture::Song,
    engine: Engine,
    hand: Hand,
    beat: Vec<f32>,
    vocal: TrackId,
    sung: f32,
    _folder: tempfile::TempDir,
}

fn studio(monitor: Monitor) -> Studio {
    let folder = tempfile::tempdir().unwrap();
    let mut song = torture::Song::new(48_000, folder.path());
    let track = song.track("Beat", Layout::STEREO);
    let beat: Vec<f32> = signal::distinct(200_000, 3).iter().map(|sample| sample * 0.5).collect();
    let media = song.media(&[beat.clone(), beat.clone()], SampleFormat::Float32);
    let clip = song.clip(media, 0);
    song.add(track, clip);
    let vocal = song.track("Vocal", Layout::MONO);
    song.edit(&[
        Edit::SetTrackInput { track: vocal, input: "1".parse().unwrap() },
        Edit::SetTrackMonitor { track: vocal, monitor },
        Edit::SetTrackPan { track: vocal, pan: Pan::new(-1.0).unwrap() },
    ]);
    let (device, mut hand) = Manual::open(48_000);
    let engine = Engine::on_device(Arc::new(song.session.clone()), &song.audio, device).unwrap();
    hand.silence(1_024);
    Studio { song, engine, hand, beat, vocal, sung: 0.0, _folder: folder }
}

impl Studio {
    fn edit(&mut self, edit: Edit) {
        self.song.edit(&[edit]);
        self.engine.set_session(Arc::new(self.song.session.clone())).unwrap();
    }

    fn play(&mut self) {
        self.engine.play(Some(0));
        turns("disk reader", 4);
    }

    /// Both sides of so many frames, in odd blocks, while `sung` comes in at a steady level.
    fn hear(&mut self, frames: usize) -> [Vec<f32>; 2] {
        let mut heard = [Vec::new(), Vec::new()];
        while heard[0].len() < frames {
            let input = vec![self.sung; (frames - heard[0].len()).min(333)];
            let sides = self.hand.call([&input, &input]);
            for (heard, side) in heard.iter_mut().zip(sides) {
                heard.extend(side);
            }
            self.engine.tick();
        }
        heard
    }
}

fn loudest(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |loudest, sample| loudest.max(sample.abs()))
}

fn balance(balance: f32) -> CueMix {
    CueMix { balance, ..CueMix::default() }
}

// Seen red: with the playback not scaled, and with the gain set at once (`set` in place of `glide`).
#[test]
fn the_beat_gives_way_and_comes_back_to_the_last_bit() {
    let mut studio = studio(Monitor::Off);
    studio.play();
    let [left, _] = studio.hear(1_000);
    assert_eq!(signal::first_difference(&left, &studio.beat[..1_000]), None);
    studio.engine.set_cue(balance(0.75));
    let [left, right] = studio.hear(1_000);
    for (at, (out, beat)) in left.iter().zip(&studio.beat[1_000..]).enumerate() {
        let gain = 1.0 - 0.75 * (at.min(GLIDE) as f32 / GLIDE as f32);
        assert!((out - beat * gain).abs() < 1e-6, "frame {at}: {out} of {beat}");
    }
    assert_eq!(left, right);
    studio.engine.set_cue(balance(1.0));
    let [left, _] = studio.hear(1_000);
    assert!(left[GLIDE..].iter().all(|sample| *sample == 0.0));
    // Only the beat: that is the beat as it is.
    studio.engine.set_cue(balance(-1.0));
    let [left, _] = studio.hear(1_000);
    assert_eq!(signal::first_difference(&left[GLIDE..], &studio.beat[3_000 + GLIDE..4_000]), None);
}

// Seen red: with `me` left out in `monitor_into`.
#[test]
fn what_comes_in_is_scaled_without_a_step() {
    let mut studio = studio(Monitor::On);
    studio.sung = 0.5;
    studio.hear(1_000);
    for (mix, gain) in
        [(0.0, 1.0), (-0.5, 0.5), (0.5, 1.0), (-1.0, 0.0), (f32::NAN, 1.0), (-7.0, 0.0), (0.0, 1.0)]
    {
        studio.engine.set_cue(balance(mix));
        let [left, _] = studio.hear(1_000);
        let steepest = left.windows(2).fold(0.0_f32, |steep, pair| steep.max((pair[1] - pair[0]).abs()));
        assert!(steepest <= 0.5 / GLIDE as f32 + 1e-6, "{mix}: a step of {steepest}");
        assert!(left[GLIDE..].iter().all(|sample| *sample == 0.5 * gain), "{mix}: {}", left[999]);
    }
}

// Seen red: with the send not emptied (`begin`) it never sleeps; with nodes not followed (`passed`) there is no room.
#[test]
fn the_room_is_around_what_comes_in_and_sleeps_without_it() {
    let mut studio = studio(Monitor::Off);
    studio.engine.set_cue(ROOM);
    studio.sung = 0.5;
    studio.play();
    // Nothing is let through: the beat alone, untouched.
    let [left, right] = studio.hear(4_000);
    for side in [&left, &right] {
        assert_eq!(signal::first_difference(side, &studio.beat[..4_000]), None);
    }
    studio.engine.stop();
    studio.edit(Edit::SetTrackMonitor { track: studio.vocal, monitor: Monitor::On });
    studio.hear(48_000);
    // The voice itself is hard left; on the right there is its room alone.
    let [_, right] = studio.hear(4_800);
    assert!((0.01..0.5).contains(&loudest(&right)), "{}", loudest(&right));
    studio.edit(Edit::SetTrackMonitor { track: studio.vocal, monitor: Monitor::Off });
    let [_, tail] = studio.hear(4_800);
    assert!(loudest(&tail[4_000..]) > 1e-3, "the room falls silent with the voice");
    studio.hear(96_000);
    let [left, right] = studio.hear(1_000);
    assert!(left.iter().chain(&right).all(|sample| sample.to_bits() == 0), "it never sleeps");
}

// Seen red: with the master's gain taken as 1, and with nodes not followed.
#[test]
fn fader_mute_and_master_hold_for_the_room_too() {
    let room = |edit: fn(TrackId) -> Edit| {
        let mut studio = studio(Monitor::On);
        studio.engine.set_cue(ROOM);
        studio.sung = 0.5;
        studio.edit(edit(studio.vocal));
        studio.hear(48_000);
        let [_, right] = studio.hear(4_800);
        loudest(&right)
    };
    let quarter = Gain::new(0.25).unwrap();
    let as_it_is = room(|track| Edit::SetTrackMute { track, mute: false });
    assert_eq!(room(|track| Edit::SetTrackMute { track, mute: true }), 0.0);
    for share in [
        room(move |track| Edit::SetTrackGain { track, gain: Gain::new(0.25).unwrap() }),
        room(|_| Edit::SetMasterGain { gain: Gain::new(0.25).unwrap() }),
    ] {
        assert!((share / as_it_is - quarter.get()).abs() < 0.01, "{share} of {as_it_is}");
    }
}

/// Records a second of noise with this cue mix; returns what the file holds.
fn recorded(cue: CueMix, folder: &Path) -> Vec<f32> {
    let path = folder.join("song.dawg");
    let session = dawg_session::Session::new(
        SongId::fresh(),
        dawg_session::Name::new("Song").unwrap(),
        48_000,
        dawg_session::Tempo::DEFAULT,
    );
    let store = Arc::new(Store::create(&path, &session).unwrap());
    let mut song = torture::Song::of(session, &path.join("audio"));
    let track = song.track("Vocal", Layout::MONO);
    song.edit(&[
        Edit::SetTrackInput { track, input: "1".parse().unwrap() },
        Edit::SetTrackMonitor { track, monitor: Monitor::On },
    ]);
    let session = Arc::new(song.session.clone());
    let (device, mut hand) = Manual::open(48_000);
    let mut engine = Engine::on_device(Arc::clone(&session), &song.audio, device).unwrap();
    engine.set_cue(cue);
    let request = RollRequest {
        tracks: vec![track],
        from: 0,
        punch: Punch::All(None),
        count_in: 0,
        latency: 0,
        format: SampleFormat::Float32,
    };
    let (roll, taps) = Roll::begin(&session, &store, &request).unwrap();
    engine.roll(Some(0), 0, Some(taps));
    let sung = signal::distinct(48_000, 5);
    for piece in sung.chunks(256) {
        hand.call([piece, piece]);
        engine.tick();
    }
    engine.stop();
    hand.silence(1_024);
    engine.tick();
    poll(Duration::from_secs(5), || roll.is_finished().then_some(())).unwrap();
    let file = path.join("audio").join(&roll.finish().tracks[0].row.file);
    let mut captured = signal::read_wav(&file).planar.swap_remove(0);
    captured.truncate(sung.len());
    assert_eq!(signal::first_difference(&captured, &sung), None, "{cue:?}");
    captured
}

#[test]
fn nothing_of_it_is_recorded() {
    let mixes = [ROOM, balance(-1.0), balance(1.0), CueMix { balance: 0.3, reverb: 1.0, decay: 8.0 }];
    for cue in mixes {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(recorded(cue, folder.path()).len(), 48_000);
    }
}

// Seen red: with a fresh mix that starts at 0.9 for the beat.
#[test]
fn nothing_of_it_is_exported() {
    let mut studio = studio(Monitor::On);
    studio.engine.set_cue(CueMix { balance: 0.9, ..ROOM });
    studio.sung = 0.5;
    studio.hear(4_000);
    let mut renderer = Renderer::new(&studio.song.session, &studio.song.audio, 0, 512).unwrap();
    let mut exported = Vec::new();
    let sink = |planes: &[&[f32]]| {
        exported.extend_from_slice(planes[0]);
        Ok(())
    };
    renderer.render(10_000, &Progress::new(), sink).unwrap();
    assert_eq!(signal::first_difference(&exported, &studio.beat[..10_000]), None);
}
