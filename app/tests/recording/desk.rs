//! A window without pixels, a song with armed tracks, and a device that is called by hand.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::intake::new_track;
use ai_dawg::song::OpenSong;
use ai_dawg::sound::{DeviceChoice, DeviceState, Opener, Readout, Running, Sound, SoundCommand, SoundEvent};
use dawg_engine::capture::{Punch, Recorded, take};
use dawg_engine::device::manual::{Hand, Manual};
use dawg_session::{Edit, Layout, Name, Session, SongId, Store, Tempo, TrackId};
use dawg_tests::signal;

pub(crate) const LIMIT: Duration = Duration::from_secs(20);
pub(crate) const BLOCK: usize = 256;

/// What comes in.
pub(crate) enum Mic {
    /// Nothing.
    Silence,
    /// Samples that can be told apart, from the first block on.
    Sung(Vec<f32>),
    /// What went out, as many frames later.
    Loop(VecDeque<f32>),
}

/// A window without pixels, a song with an armed track, and a device that is called by hand as fast as it goes.
pub(crate) struct Desk {
    pub(crate) sound: Sound,
    pub(crate) hands: crossbeam_channel::Receiver<Hand>,
    pub(crate) hand: Hand,
    pub(crate) mic: Mic,
    pub(crate) told: Vec<SoundEvent>,
    pub(crate) session: Arc<Session>,
    _store: Arc<Store>,
    pub(crate) voice: TrackId,
    pub(crate) home: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn open(mic: Mic) -> Self {
        Self::with_tracks(mic, 1)
    }

    /// The same with so many armed tracks.
    pub(crate) fn with_tracks(mic: Mic, tracks: usize) -> Self {
        let home = tempfile::tempdir().unwrap();
        let song = home.path().join("song.dawg");
        let empty = Session::new(SongId::fresh(), Name::new("Song").unwrap(), 48_000, Tempo::DEFAULT);
        let mut open = OpenSong::create(&song, &empty).unwrap();
        let add = |at: usize| {
            let name = if at == 0 { "Voice".to_owned() } else { format!("Voice {}", at + 1) };
            let mut track = new_track(Name::new(&name).unwrap(), Layout::MONO, at, Vec::new());
            (track.arm, track.input, track.monitor) =
                (true, "1".parse().unwrap(), dawg_session::Monitor::Off);
            Edit::AddTrack { track, at }
        };
        open.commit("Make", (0..tracks).map(add).collect()).unwrap();
        let session = Arc::clone(open.session());
        let voice = session.tracks[0].id;
        let (store, _, _) = open.into_parts();
        let (send, hands) = crossbeam_channel::unbounded();
        let opener: Opener = Box::new(move |request| {
            let (device, hand) = Manual::open(request.rate);
            send.send(hand).unwrap();
            Ok(device)
        });
        let sound = Sound::start_with(DeviceChoice::default(), Arc::new(|| {}), opener).unwrap();
        sound.send(SoundCommand::Calibrations(home.path().join("data")));
        sound.send(SoundCommand::Song {
            session: Arc::clone(&session),
            folder: song,
            store: Some(Arc::clone(&store)),
        });
        let hand = hands.recv_timeout(LIMIT).unwrap();
        let told = Vec::new();
        let mut desk = Self { sound, hands, hand, mic, told, session, _store: store, voice, home };
        desk.until("a device", |_, readout| matches!(readout.device, DeviceState::Running(_)));
        desk
    }

    pub(crate) fn send(&self, command: SoundCommand) {
        self.sound.send(command);
    }

    pub(crate) fn roll(&self, punch: Punch) {
        let tracks = self.session.tracks.iter().map(|track| track.id).collect();
        self.send(SoundCommand::Record { tracks, from: 0, count_in: 0, punch, until: None, float: false });
    }

    pub(crate) fn keep(&self) {
        self.send(SoundCommand::Keep { tracks: vec![self.voice], seconds: None, float: false });
    }

    /// One block.
    pub(crate) fn block(&mut self) {
        let at = self.hand.time() as usize;
        let input: Vec<f32> = match &mut self.mic {
            Mic::Silence => vec![0.0; BLOCK],
            Mic::Sung(samples) => (at..at + BLOCK).map(|at| samples[at % samples.len()]).collect(),
            Mic::Loop(way) => way.drain(..BLOCK).collect(),
        };
        let [left, _] = self.hand.call([&input, &[0.0; BLOCK]]);
        if let Mic::Loop(way) = &mut self.mic {
            way.extend(left.iter().map(|sample| if sample.is_nan() { 0.0 } else { *sample }));
        }
    }

    /// Calls blocks until `seen`.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, mut seen: impl FnMut(&Self, &Readout) -> bool) -> Readout {
        let start = Instant::now();
        loop {
            self.block();
            let readout = self.sound.readout();
            self.told.extend(self.sound.events());
            if seen(self, &readout) {
                return readout;
            }
            assert!(start.elapsed() < LIMIT, "waited in vain: {what}. {readout:?}, told {:?}", self.told);
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }

    pub(crate) fn recorded(&self) -> Option<&Recorded> {
        self.told.iter().find_map(|event| match event {
            SoundEvent::Recorded { recorded, .. } | SoundEvent::Kept { recorded, .. } => Some(recorded),
            _ => None,
        })
    }

    pub(crate) fn files(&self) -> usize {
        std::fs::read_dir(self.home.path().join("song.dawg/audio")).unwrap().count()
    }

    /// What a recorded track holds, and where its clips lie: song frame, and the file's frames of each.
    pub(crate) fn takes(&self) -> Vec<(i64, Vec<f32>)> {
        let track = &self.recorded().unwrap().tracks[0];
        let file = signal::read_wav(self.home.path().join("song.dawg/audio").join(&track.row.file));
        let takes = take::edits(&self.session, &track.row).unwrap();
        let session = dawg_session::apply_all(&self.session, &takes.edits).unwrap().session;
        let clips = session.clips().filter(|(_, _, clip)| takes.clips.contains(&clip.id));
        clips
            .map(|(_, _, clip)| {
                let (start, end) = clip.span(&session.tempo_map, session.sample_rate);
                let from = clip.offset.0 as usize;
                (start, file.planar[0][from..from + (end - start) as usize].to_vec())
            })
            .collect()
    }

    pub(crate) fn running(&mut self) -> Running {
        let readout = self.until("a device", |_, readout| matches!(readout.device, DeviceState::Running(_)));
        let DeviceState::Running(running) = readout.device else { panic!("{:?}", readout.device) };
        running
    }

    pub(crate) fn calibrated(&self) -> Vec<Result<i64, String>> {
        let outcomes = self.told.iter().filter_map(|event| match event {
            SoundEvent::Calibrated(outcome) => Some(outcome.clone().map(|measured| measured.round_trip)),
            _ => None,
        });
        outcomes.collect()
    }
}

pub(crate) fn sung() -> Mic {
    Mic::Sung(signal::distinct(480_000, 5))
}

pub(crate) fn after(frames: usize) -> Mic {
    Mic::Loop(std::iter::repeat_n(0.0, frames).collect())
}
