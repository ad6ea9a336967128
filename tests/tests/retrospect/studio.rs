//! A singer by a microphone, driven by hand: a song of noise, a cable that brings it back, and what was kept as windows
//! with their places.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dawg_engine::device::manual::{Hand, Manual};
use dawg_engine::{Engine, Kept};
use dawg_media::wav::SampleFormat;
use dawg_session::{Edit, Input, Layout, LoopRange, Monitor, Position, Segment, Session, Store, TrackId};
use dawg_tests::{poll, signal, torture};

/// Frames from the output back to the input.
pub(crate) const CABLE: usize = 777;
/// Frames of a fade at Stop and locate.
pub(crate) const FADE: usize = 240;
pub(crate) const SONG: usize = 120_000;

pub(crate) struct Studio {
    pub(crate) song: torture::Song,
    pub(crate) engine: Engine,
    hand: Hand,
    noise: Vec<f32>,
    pub(crate) vocal: TrackId,
    // What is on its way back, and what is sung on top of it.
    cable: VecDeque<f32>,
    sings: bool,
    blocks: Box<dyn Iterator<Item = usize>>,
    _folder: tempfile::TempDir,
}

/// What is sung to nothing as device frame `at`: loud, no two alike.
pub(crate) fn sung(at: usize) -> f32 {
    0.5 + at as f32 / 16_777_216.0
}

/// A song of noise, with an armed mono track, all of it in memory.
pub(crate) fn studio(blocks: &[usize]) -> Studio {
    let folder = tempfile::tempdir().unwrap();
    let mut song = torture::Song::new(48_000, &folder.path().join("song.dawg/audio"));
    let beat = song.track("Noise", Layout::STEREO);
    let noise: Vec<f32> = signal::distinct(SONG, 3).iter().map(|sample| sample * 0.25).collect();
    let media = song.media(&[noise.clone(), noise.clone()], SampleFormat::Float32);
    let clip = song.clip(media, 0);
    song.add(beat, clip);
    let vocal = song.track("Vocal", Layout::MONO);
    song.edit(&[
        Edit::SetTrackInput { track: vocal, input: "1".parse::<Input>().unwrap() },
        Edit::SetTrackMonitor { track: vocal, monitor: Monitor::Off },
    ]);
    let (device, hand) = Manual::open(48_000);
    let mut engine = Engine::on_device(Arc::new(song.session.clone()), &song.audio, device).unwrap();
    engine.set_retrospect(4 * 48_000 * 100);
    let blocks: Vec<usize> = blocks.into();
    let blocks = Box::new(blocks.into_iter().cycle());
    let cable = vec![0.0; CABLE].into();
    let mut studio =
        Studio { song, engine, hand, noise, vocal, cable, sings: false, blocks, _folder: folder };
    studio.load();
    studio.arm(true);
    studio
}

impl Studio {
    pub(crate) fn edit(&mut self, edits: &[Edit]) {
        self.song.edit(edits);
        self.engine.set_session(Arc::new(self.song.session.clone())).unwrap();
    }

    pub(crate) fn arm(&mut self, on: bool) {
        self.edit(&[Edit::SetTrackArm { track: self.vocal, arm: on }]);
    }

    /// Goes through it until all of it is in memory.
    pub(crate) fn load(&mut self) {
        let loaded = poll(Duration::from_secs(30), || {
            for at in (0..SONG).step_by(8_192) {
                self.engine.locate(at as i64); // waits for what is there
                self.run(64);
            }
            let before = self.engine.vitals().missed_frames;
            self.engine.play(Some(0));
            self.run(SONG);
            self.engine.stop();
            self.run(2 * FADE);
            (self.engine.vitals().missed_frames == before).then_some(())
        });
        assert!(loaded.is_some(), "the disk reader does not get there");
        self.engine.locate(0);
        self.run(2 * CABLE);
    }

    /// So many frames, in blocks.
    pub(crate) fn run(&mut self, frames: usize) {
        let mut left = frames;
        while left > 0 {
            let block = self.blocks.next().unwrap().min(left).min(CABLE);
            let at = self.hand.time() as usize;
            let back: Vec<f32> = self.cable.drain(..block).collect();
            let alone: Vec<f32> = (at..at + block).map(sung).collect();
            let input = if self.sings { &alone } else { &back };
            let other: Vec<f32> = input.iter().map(|sample| -sample).collect();
            let [left_out, _] = self.hand.call([input, &other]);
            self.cable.extend(left_out);
            self.engine.tick();
            left -= block;
        }
    }

    /// What is sung to nothing for so many frames; the device frame of the first.
    pub(crate) fn sing(&mut self, frames: usize) -> usize {
        let at = self.hand.time() as usize;
        self.sings = true;
        self.run(frames);
        self.sings = false;
        at
    }

    pub(crate) fn keep(&mut self, seconds: Option<f64>) -> Kept {
        self.engine.keep(&[1], seconds, CABLE as i64).unwrap()
    }

    pub(crate) fn loops(&mut self, start: i64, end: i64) {
        let (start, end) = (Position::Samples(start), Position::Samples(end));
        self.edit(&[Edit::SetLoop { range: LoopRange { on: true, start, end } }]);
    }

    /// Each sample of this window is the song's at its place, but for `fades` at its beginning and end.
    pub(crate) fn assert_song(&self, window: &Window, fades: (usize, usize)) {
        let at = usize::try_from(window.start).unwrap();
        let song = &self.noise[at..at + window.samples.len()];
        let from = fades.0.min(song.len());
        let to = song.len().saturating_sub(fades.1).max(from);
        let differs = signal::first_difference(&song[from..to], &window.samples[from..to]);
        assert_eq!(differs, None, "of a window of {} frames at {}", song.len(), window.start);
    }
}

/// A part of what was kept, and where it belongs.
#[derive(PartialEq)]
pub(crate) struct Window {
    pub(crate) start: i64,
    pub(crate) samples: Vec<f32>,
}

impl std::fmt::Debug for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (first, last) = (self.samples.first(), self.samples.last());
        write!(f, "{} frames at {}, {first:?} to {last:?}", self.samples.len(), self.start)
    }
}

/// What a log means: a segment's window begins one latency later in the file, and ends with the file at the latest.
pub(crate) fn windows(kept: &Kept) -> Vec<Window> {
    let frames = kept.channels[0].len() as i64;
    let window = |segment: &Segment| {
        let from = segment.capture_frame + kept.latency;
        assert!(from >= 0, "{segment:?} begins before its file");
        let to = (from + segment.length).min(frames);
        (from < to).then(|| Window {
            start: segment.song_position,
            samples: kept.channels[0][from as usize..to as usize].to_vec(),
        })
    };
    kept.segments.iter().filter_map(window).collect()
}

pub(crate) fn places(windows: &[Window]) -> Vec<(i64, usize)> {
    windows.iter().map(|window| (window.start, window.samples.len())).collect()
}

/// The song on disk, as it is without what was kept.
pub(crate) fn stored(studio: &Studio) -> Arc<Store> {
    let folder = studio.song.audio.parent().unwrap().with_file_name("stored.dawg");
    Arc::new(Store::create(&folder, &studio.song.session).unwrap())
}

/// What lies on a track at which place: song frame and the samples of the file.
pub(crate) fn taken(session: &Session, folder: &Path, track: TrackId) -> Vec<Window> {
    let lanes = session.track(track).unwrap().lanes.iter();
    let clips = lanes.flat_map(|lane| lane.clips.iter());
    let window = |clip: &Arc<dawg_session::Clip>| {
        let Position::Samples(start) = clip.start else { unreachable!("a take is fixed in samples") };
        let file = folder.join("audio").join(&session.media[&clip.media].file);
        let from = clip.offset.0 as usize;
        let samples = signal::read_wav(&file).planar[0][from..from + clip.length.0 as usize].to_vec();
        Window { start, samples }
    };
    clips.map(window).collect()
}
