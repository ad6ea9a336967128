//! A window without pixels, and devices that are called by hand.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ai_dawg::song::OpenSong;
use ai_dawg::sound::{DeviceChoice, DeviceState, Opener, Readout, Sound, SoundCommand, SoundEvent, Waker};
use dawg_engine::capture::Punch;
use dawg_engine::device::manual::{Hand, Manual};
use dawg_engine::device::{DeviceError, Host};
use dawg_media::wav::SampleFormat;
use dawg_session::{Edit, Input, Layout, Name, Session, SongId, Store, Tempo, TrackId};
use dawg_tests::{signal, torture};

pub(crate) const LIMIT: Duration = Duration::from_secs(20);

pub(crate) const FRAME: Duration = Duration::from_millis(16);

/// A window without pixels: a song, the sound thread, and all that it has told.
pub(crate) struct Window {
    pub(crate) sound: Sound,
    pub(crate) wakes: Arc<AtomicUsize>,
    pub(crate) told: Vec<SoundEvent>,
    pub(crate) song: PathBuf,
    pub(crate) session: Arc<Session>,
    pub(crate) store: Arc<Store>,
    pub(crate) beat: Vec<f32>,
    pub(crate) voice: TrackId,
    pub(crate) _home: tempfile::TempDir,
}

impl Window {
    /// A song with four seconds of noise on one track (the same on both sides) and an empty one with inputs 1 and
    /// 2 beside it.
    pub(crate) fn open(host: Option<Host>, opener: Option<Opener>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let song = home.path().join("song.dawg");
        let empty = Session::new(SongId::fresh(), Name::new("Song").unwrap(), 48_000, Tempo::DEFAULT);
        let mut open = OpenSong::create(&song, &empty).unwrap();
        let mut made = torture::Song::of(empty, &song.join("audio"));
        let beat = signal::distinct(192_000, 3);
        let media = made.media(&[beat.clone(), beat.clone()], SampleFormat::Int24);
        let track = made.track("Beat", Layout::STEREO);
        let clip = made.clip(media, 0);
        made.add(track, clip);
        let voice = made.track("Voice", Layout::STEREO);
        made.edit(&[Edit::SetTrackInput { track: voice, input: "1+2".parse::<Input>().unwrap() }]);
        let mut edits: Vec<Edit> =
            made.session.media.values().map(|media| Edit::AddMedia { media: (**media).clone() }).collect();
        for (at, track) in made.session.tracks.iter().enumerate() {
            edits.push(Edit::AddTrack { track: (**track).clone(), at });
        }
        open.commit("Make", edits).unwrap();
        let session = Arc::clone(open.session());
        let (store, _, _) = open.into_parts();
        let wakes = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&wakes);
        let waker: Waker = Arc::new(move || {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        let choice = DeviceChoice { host, ..DeviceChoice::default() };
        let sound = match opener {
            Some(opener) => Sound::start_with(choice, waker, opener),
            None => Sound::start(choice, waker),
        };
        let window = Self {
            sound: sound.unwrap(),
            wakes,
            told: Vec::new(),
            song,
            session,
            store,
            beat,
            voice,
            _home: home,
        };
        window.show_song();
        window
    }

    pub(crate) fn show_song(&self) {
        self.send(SoundCommand::Song {
            session: Arc::clone(&self.session),
            folder: self.song.clone(),
            store: Some(Arc::clone(&self.store)),
        });
    }

    pub(crate) fn send(&self, command: SoundCommand) {
        self.sound.send(command);
    }

    pub(crate) fn record(&self) {
        self.send(SoundCommand::Record {
            tracks: vec![self.voice],
            from: 0,
            count_in: 0,
            punch: Punch::All(None),
            until: None,
            float: false,
        });
    }

    /// A frame: takes in what there is.
    pub(crate) fn frame(&mut self) -> Readout {
        let readout = self.sound.readout();
        self.told.extend(self.sound.events());
        readout
    }

    /// Draws until `seen`.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, mut seen: impl FnMut(&Self, &Readout) -> bool) -> Readout {
        let start = Instant::now();
        loop {
            let readout = self.frame();
            if seen(self, &readout) {
                return readout;
            }
            assert!(start.elapsed() < LIMIT, "waited in vain: {what}. {readout:?}, told {:?}", self.told);
            std::thread::sleep(Duration::from_millis(4));
        }
    }

    #[track_caller]
    pub(crate) fn until_running(&mut self) {
        self.until("a device", |_, readout| matches!(readout.device, DeviceState::Running(_)));
    }

    pub(crate) fn has_recorded(&self) -> bool {
        self.told.iter().any(|event| matches!(event, SoundEvent::Recorded { .. }))
    }

    pub(crate) fn count(&self, wanted: impl Fn(&SoundEvent) -> bool) -> usize {
        self.told.iter().filter(|event| wanted(event)).count()
    }
}

/// A device that is called by hand; the hand comes with each opening.
pub(crate) fn by_hand() -> (Opener, crossbeam_channel::Receiver<Hand>) {
    let (send, hands) = crossbeam_channel::unbounded();
    let opener: Opener = Box::new(move |request| {
        let (device, hand) = Manual::open(request.rate);
        send.send(hand).unwrap();
        Ok(device)
    });
    (opener, hands)
}

pub(crate) fn no_device(what: &str) -> DeviceError {
    DeviceError::NoDevice { what: what.to_owned(), reason: "for a test".to_owned() }
}
