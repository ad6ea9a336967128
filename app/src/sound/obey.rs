//! What the sound thread does at each command, and which of them have to wait.
//!
//! Start at [`SoundThread::obey_what_can_be`].

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dawg_engine::capture::Punch;
use dawg_engine::device;
use dawg_session::store::AUDIO_FOLDER;
use dawg_session::{Session, Store, TrackId};

use super::audition::{Beside, Sounding};
use super::complaints::Complaints;
use super::device::{NotOpened, Opened, inputs_of, open};
use super::recording::{Recorder, Wish};
use super::returning::Lost;
use super::thread::SoundThread;
use super::{DeviceState, Readout, SoundCommand, SoundEvent};
use crate::space::{SpaceWatch, bytes_per_second};

/// How long a device may take until its streams flow. Desktops may need two seconds.
const SLOW_START: Duration = Duration::from_secs(4);

/// The song on the device.
pub(super) struct Song {
    pub(super) session: Arc<Session>,
    pub(super) folder: PathBuf,
    pub(super) store: Option<Arc<Store>>,
}

impl SoundThread {
    /// Obeys what waits, in order, until something has to wait.
    pub(super) fn obey_what_can_be(&mut self) {
        self.take_newest_session();
        while let Some(command) = self.queue.pop_front() {
            if self.superseded(&command) {
                continue;
            }
            if self.must_wait(&command) {
                self.queue.push_front(command);
                return;
            }
            self.obey(command);
            self.take_newest_session();
        }
    }

    /// Of the states of the song that wait, the newest alone is of interest: it is the truth, whatever else waits.
    fn take_newest_session(&mut self) {
        let other_song = |command: &SoundCommand| {
            matches!(command, SoundCommand::Song { .. } | SoundCommand::NoSong | SoundCommand::End)
        };
        let end = self.queue.iter().position(other_song).unwrap_or(self.queue.len());
        let mut newest = None;
        let mut at = 0;
        self.queue.retain_mut(|command| {
            at += 1;
            match command {
                SoundCommand::Session(session) if at <= end => {
                    newest = Some(Arc::clone(session));
                    false
                }
                _ => true,
            }
        });
        if let Some(session) = newest {
            self.follow_session(session);
        }
    }

    /// A start that the person has already taken back while it waited.
    fn superseded(&self, command: &SoundCommand) -> bool {
        matches!(command, SoundCommand::Play(_) | SoundCommand::Record { .. })
            && self.queue.iter().any(|later| matches!(later, SoundCommand::Stop | SoundCommand::NoSong))
    }

    fn must_wait(&mut self, command: &SoundCommand) -> bool {
        match command {
            SoundCommand::Song { .. } | SoundCommand::NoSong | SoundCommand::End => {
                self.finishes_recording() | self.keeps()
            }
            SoundCommand::Device(_) => self.finishes_recording(),
            // What is still on its way in must not take the new start for its own.
            SoundCommand::Play(_) => {
                self.recorder.as_ref().is_some_and(Recorder::stopping)
                    && self.engine.as_mut().is_some_and(|engine| engine.playhead().recording)
            }
            SoundCommand::Record { .. } => {
                self.recorder.as_ref().is_some_and(Recorder::stopping) || self.gets_ready()
            }
            _ => false,
        }
    }

    /// Ends a running recording; whether there is one.
    fn finishes_recording(&mut self) -> bool {
        if let (Some(recorder), Some(engine)) = (&mut self.recorder, &mut self.engine) {
            recorder.stop(engine);
        }
        self.recorder.is_some()
    }

    /// Whether the device's streams are about to flow. Until then it does not know its latency.
    fn gets_ready(&mut self) -> bool {
        if self.engine.as_ref().is_none_or(dawg_engine::Engine::ready) {
            self.unready = None;
            return false;
        }
        self.unready.get_or_insert_with(Instant::now).elapsed() < SLOW_START
    }

    fn obey(&mut self, command: SoundCommand) {
        self.heed(&command);
        match command {
            SoundCommand::Song { session, folder, store } => {
                self.song = Some(Song { session, folder, store });
                self.readout.playhead.position = 0;
                self.open_device();
            }
            SoundCommand::NoSong => self.no_song(),
            SoundCommand::Session(session) => self.follow_session(session),
            SoundCommand::Device(choice) => {
                self.choice = choice;
                self.open_device();
            }
            SoundCommand::Cue(mix) => {
                self.cue = mix;
                if let Some(engine) = &mut self.engine {
                    engine.set_cue(mix);
                }
            }
            SoundCommand::Calibrations(folder) => {
                self.figures.kept_in(folder);
                self.read_figures();
            }
            SoundCommand::Calibrate(input) => self.calibrate(input),
            SoundCommand::ForgetCalibration => self.forget_calibration(),
            SoundCommand::ListDevices => self.list_devices(),
            SoundCommand::Record { tracks, from, count_in, punch, until, float } => {
                self.record(Wish { tracks, from, count_in, punch, until, float });
            }
            SoundCommand::Punch(on) => {
                if let (Some(recorder), Some(engine)) = (&mut self.recorder, &mut self.engine) {
                    recorder.punch(engine, on);
                }
            }
            SoundCommand::Keep { tracks, seconds, float } => self.keep(&tracks, seconds, float),
            SoundCommand::Audition(file) => self.sound_beside(file.map(Beside::File)),
            SoundCommand::TestTone(on) => self.sound_beside(on.then_some(Beside::Tone)),
            SoundCommand::WatchInputs(on) => self.watching = on,
            SoundCommand::FollowPitch(tracks) => self.follow(tracks),
            SoundCommand::Overhear(listener) => self.overhear(listener),
            SoundCommand::ClearClip(track) => {
                self.levels.clear_clip(track);
                self.show_levels();
            }
            SoundCommand::End => {
                self.no_song();
                self.ended = true;
            }
            SoundCommand::Play(_) | SoundCommand::Stop | SoundCommand::Locate(_) => self.transport(&command),
        }
    }

    fn transport(&mut self, command: &SoundCommand) {
        self.due = None;
        match (command, &mut self.engine) {
            // Rolling on is what a recording does anyway.
            (SoundCommand::Play(_), Some(_)) if self.recorder.as_ref().is_some_and(|it| !it.stopping()) => {}
            (SoundCommand::Play(_), Some(engine)) if engine.calibrating().is_some() => {
                let why = self.measures().unwrap_or_default();
                self.tell(SoundEvent::Trouble(why));
            }
            (SoundCommand::Play(from), Some(engine)) => engine.play(*from),
            (SoundCommand::Stop, Some(engine)) => match &mut self.recorder {
                Some(recorder) => recorder.stop(engine),
                None => engine.stop(),
            },
            (SoundCommand::Locate(to), Some(engine)) => engine.locate(*to),
            (SoundCommand::Locate(to) | SoundCommand::Play(Some(to)), None) => {
                self.readout.playhead.position = *to;
            }
            _ => {}
        }
    }

    fn no_song(&mut self) {
        self.engine = None;
        self.song = None;
        self.due = None;
        self.break_off_calibration();
        self.readout = Readout::default();
        self.without_engine(DeviceState::Closed);
    }

    fn read_figures(&mut self) {
        if let Some(notice) = self.figures.read() {
            self.tell(SoundEvent::Trouble(super::device::sentence(&notice)));
        }
        self.look_again();
    }

    /// Opens the chosen device for the song, in place of the one that is open. The song stands where it was.
    pub(super) fn open_device(&mut self) {
        let Some(song) = &self.song else { return };
        let (session, audio) = (Arc::clone(&song.session), song.folder.join(AUDIO_FOLDER));
        // The old one first: it may be the same.
        self.engine = None;
        self.without_engine(DeviceState::Opening);
        self.show();
        self.complaints = Complaints::default();
        self.refused = false;
        match open(&self.opener, &self.choice, &session, &audio) {
            Ok(opened) => self.put_on(opened),
            Err(NotOpened { why, hangs }) => {
                self.lost = hangs.map(|host| Lost::new(host, None));
                self.readout.device = DeviceState::Missing(why.clone());
                self.tell(SoundEvent::NoDevice(why));
            }
        }
        self.look_again();
    }

    /// Goes on with a device that was opened, from where the song stands.
    pub(super) fn put_on(&mut self, opened: Opened) {
        self.asked_inputs = opened.inputs;
        let mut engine = opened.engine;
        engine.set_cue(self.cue);
        let position = self.readout.playhead.position;
        self.due = (position != 0).then_some(position);
        if let Some(position) = self.due {
            engine.locate(position);
        }
        let format = engine.format().clone();
        self.engine = Some(engine);
        self.tell(SoundEvent::Opened(format));
        self.read_figures();
        self.follow_on();
        if let Some(why) = opened.no_microphone {
            self.tell(SoundEvent::Trouble(why));
        }
    }

    fn follow_session(&mut self, session: Arc<Session>) {
        let Some(song) = &mut self.song else { return };
        song.session = Arc::clone(&session);
        let Some(engine) = &mut self.engine else { return };
        if engine.session().sample_rate != session.sample_rate {
            return self.open_device();
        }
        match engine.set_session(session) {
            Ok(()) => self.refused = false,
            Err(_) if self.refused => {}
            Err(feedback) => {
                self.refused = true;
                let why = super::device::sentence(&feedback.to_string());
                self.tell(SoundEvent::Refused(why));
            }
        }
        if self.song.as_ref().is_some_and(|song| inputs_of(&song.session) > self.asked_inputs) {
            self.look_again();
        }
    }

    fn record(&mut self, wish: Wish) {
        if let (Some(recorder), Some(engine)) = (&mut self.recorder, &mut self.engine) {
            // Record was pressed before the window saw that Play captures: it punches in all the same.
            if matches!(wish.punch, Punch::All(_)) {
                recorder.punch(engine, true);
            }
            return;
        }
        if let Some(why) = self.measures() {
            let by_hand = wish.punch == Punch::Quick;
            let event = if by_hand { SoundEvent::Trouble(why) } else { SoundEvent::RecordRefused(why) };
            return self.tell(event);
        }
        let (Some(song), Some(engine)) = (&self.song, &mut self.engine) else {
            let why = "There is no sound device. Open one in the audio settings and try again.".to_owned();
            return self.tell(SoundEvent::RecordRefused(why));
        };
        let by_hand = wish.punch == Punch::Quick;
        let bytes =
            bytes_per_second(channels_of(&song.session, &wish.tracks), song.session.sample_rate, wish.float);
        match Recorder::begin(engine, &self.figures, &song.session, song.store.as_ref(), wish) {
            Ok(recorder) => {
                self.readout.recording = recorder.shown().cloned();
                self.readout.punching = recorder.punching();
                self.recorder = Some(recorder);
                // A disk that cannot be watched is no reason not to record.
                let told = self.fills.as_ref() == Some(&song.folder);
                self.space = SpaceWatch::begin(&song.folder, bytes, told).ok();
                if !by_hand {
                    self.tell(SoundEvent::Recording);
                }
            }
            // Who pressed Play is to hear the song, whatever becomes of the captures.
            Err(why) if by_hand => {
                engine.play(None);
                self.tell(SoundEvent::Trouble(format!("Playing without capturing. {why}")));
            }
            Err(why) => self.tell(SoundEvent::RecordRefused(why)),
        }
    }

    fn sound_beside(&mut self, what: Option<Beside>) {
        let Some(engine) = &mut self.engine else {
            if matches!(what, Some(Beside::File(_))) {
                let why =
                    "There is no sound device to hear it on. Open one in the audio settings.".to_owned();
                self.tell(SoundEvent::AuditionRefused(why));
            }
            return;
        };
        let Some(what) = what else {
            if self.sounding.take().is_some() {
                engine.beside(None);
            }
            return;
        };
        match Sounding::begin(engine, what) {
            Ok(sounding) => self.sounding = Some(sounding),
            Err(error) => {
                let why = format!("The system gives no thread to play it ({error}). Close other programs.");
                self.tell(SoundEvent::AuditionRefused(why));
            }
        }
    }

    /// Asking may take seconds: by a thread of its own.
    fn list_devices(&mut self) {
        let (events, waker) = (self.ends.events.clone(), Arc::clone(&self.ends.waker));
        let list = move || {
            // The window may be gone by then.
            _ = events.send(SoundEvent::Devices(device::list()));
            waker();
        };
        let thread = std::thread::Builder::new().name("device list".to_owned()).spawn(list);
        if let Err(error) = thread {
            self.tell(SoundEvent::Trouble(format!("The devices could not be listed ({error}).")));
        }
    }
}

fn channels_of(session: &Session, tracks: &[TrackId]) -> u64 {
    tracks.iter().filter_map(|id| session.track(*id)).map(|track| u64::from(track.layout.channels())).sum()
}
