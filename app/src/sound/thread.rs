//! The thread that owns the engine: takes commands in order, looks after what runs, shows what it sees.
//!
//! Start at [`SoundThread::run`]. Commands are obeyed in `obey`; this file is the clockwork around them.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use dawg_engine::{CueMix, Engine, Playhead};
use dawg_session::Monitor;

use crate::calibration::RoundTrip;

use super::audition::{Beside, Sounding};
use super::complaints::Complaints;
use super::device::{Opener, inputs_of, vanished};
use super::figures::Figures;
use super::levels::Levels;
use super::obey::Song;
use super::pitch::Following;
use super::recording::Recorder;
use super::returning::Lost;
use super::shown::{Load, Shown};
use super::vitals::Telling;
use super::{DeviceChoice, DeviceState, Readout, Running, SoundCommand, SoundEvent, Waker};
use crate::space::{SpaceWatch, Warning};

/// How often it looks while the song rolls.
const ROLLING: Duration = Duration::from_millis(5);
/// While meters move.
const METERING: Duration = Duration::from_millis(16);
/// While nothing moves: for the engine's own sake, and for what changes slowly. A command wakes it at once.
const STILL: Duration = SLOW;
/// How long after a command the engine is looked at closely: its answer comes with a later block.
const STIRRED: Duration = Duration::from_millis(400);
/// Said when captures end that nobody has punched into.
const BROKE_OFF: &str = "The song was stopped, since what comes in could not be written any more. Nobody had punched in, so nothing is \
     lost. Make room on the disk, or switch quick-punch off to play without capturing.";
/// How often it looks for what changes slowly.
const SLOW: Duration = Duration::from_millis(250);

/// The thread's ends of what leads to the window.
pub(super) struct Ends {
    pub(super) commands: Receiver<SoundCommand>,
    pub(super) readout: triple_buffer::Input<Readout>,
    pub(super) events: Sender<SoundEvent>,
    pub(super) waker: Waker,
    pub(super) vitals: Telling,
}

/// The thread's state.
pub(super) struct SoundThread {
    pub(super) ends: Ends,
    pub(super) opener: Opener,
    pub(super) choice: DeviceChoice,
    pub(super) queue: VecDeque<SoundCommand>,
    pub(super) song: Option<Song>,
    pub(super) engine: Option<Engine>,
    pub(super) recorder: Option<Recorder>,
    pub(super) sounding: Option<Sounding>,
    pub(super) levels: Levels,
    pub(super) complaints: Complaints,
    pub(super) readout: Readout,
    pub(super) watching: bool,
    pub(super) cue: CueMix,
    // A device that vanished, or did not answer, and is looked for.
    pub(super) lost: Option<Lost>,
    // While something is recorded.
    pub(super) space: Option<SpaceWatch>,
    // The song whose disk was told to fill up.
    pub(super) fills: Option<PathBuf>,
    // Inputs that the device was asked for.
    pub(super) asked_inputs: u16,
    // A Session that cannot be played was told of.
    pub(super) refused: bool,
    pub(super) ended: bool,
    // Since when a recording waits for the device's streams.
    pub(super) unready: Option<Instant>,
    pub(super) figures: Figures,
    pub(super) following: Following,
    // They write what was kept.
    pub(super) keepers: Vec<std::thread::JoinHandle<()>>,
    load: Load,
    shown: Shown,
    stirred: Instant,
    // Where a device that was opened just now is to stand.
    pub(super) due: Option<i64>,
    metered: Option<Instant>,
    looked: Option<Instant>,
}

impl SoundThread {
    pub(super) fn new(ends: Ends, opener: Opener, choice: DeviceChoice, following: Following) -> Self {
        Self {
            ends,
            opener,
            choice,
            queue: VecDeque::new(),
            song: None,
            engine: None,
            recorder: None,
            sounding: None,
            levels: Levels::default(),
            complaints: Complaints::default(),
            readout: Readout::default(),
            watching: false,
            cue: CueMix::default(),
            lost: None,
            space: None,
            fills: None,
            asked_inputs: 0,
            refused: false,
            ended: false,
            unready: None,
            figures: Figures::default(),
            following,
            keepers: Vec::new(),
            load: Load::default(),
            shown: Shown::default(),
            stirred: Instant::now(),
            due: None,
            metered: None,
            looked: None,
        }
    }

    /// Until it is told to end and nothing is left to be finished.
    pub(super) fn run(mut self) {
        while !self.ended {
            match self.ends.commands.recv_timeout(self.pace()) {
                Ok(command) => {
                    self.stirred = Instant::now();
                    self.queue.push_back(command);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => self.nobody_is_there(),
            }
            self.queue.extend(self.ends.commands.try_iter());
            self.obey_what_can_be();
            self.look_after();
            self.show();
        }
    }

    /// The window went without a word.
    fn nobody_is_there(&mut self) {
        if !self.queue.iter().any(|command| matches!(command, SoundCommand::End)) {
            self.queue.push_back(SoundCommand::End);
        }
        // The channel does not wait any more.
        std::thread::park_timeout(ROLLING);
    }

    fn pace(&self) -> Duration {
        let playhead = &self.readout.playhead;
        let moves = playhead.rolling || playhead.counting_in || self.recorder.is_some();
        if self.engine.is_none() {
            // A recording whose device is gone still has to be brought in, and what waits for that obeyed.
            return if self.recorder.is_some() || !self.queue.is_empty() { METERING } else { STILL };
        }
        if moves
            || self.readout.calibrating.is_some()
            || self.following.any()
            || !self.queue.is_empty()
            || self.stirred.elapsed() < STIRRED
        {
            ROLLING
        } else if self.sounding.is_some() || self.listens() || !self.levels.at_rest() || !self.flows() {
            METERING
        } else {
            STILL
        }
    }

    /// Whether the device has given a first block, and stands where the song does: until then it is not known what Play
    /// has done.
    fn flows(&self) -> bool {
        self.readout.vitals.frames > 0 && self.due.is_none()
    }

    /// Whether the inputs' levels are of interest.
    fn listens(&self) -> bool {
        let listens =
            |song: &Song| song.session.tracks.iter().any(|track| track.arm || track.monitor == Monitor::On);
        self.watching || self.following.any() || self.song.as_ref().is_some_and(listens)
    }

    /// Lets the engine do what it must, and finds out what has happened.
    fn look_after(&mut self) {
        if let Some(engine) = &mut self.engine {
            engine.tick();
            self.readout.vitals = engine.vitals();
            // Before its first block it knows nothing of where the song stands.
            if self.readout.vitals.frames > 0 {
                let playhead = engine.playhead();
                // Nor in its first blocks, which may come before it is told.
                if self.due.is_none_or(|due| playhead.position == due || playhead.rolling) {
                    self.due = None;
                    self.readout.playhead = playhead;
                }
            }
            self.readout.at = Some(Instant::now());
        }
        self.follow_pitch();
        if self.readout.vitals.device_gone {
            self.device_is_gone();
        }
        self.follow_recording();
        self.follow_calibration();
        self.look_for_lost();
        self.follow_sounding();
        self.meter();
        if self.looked.is_none_or(|looked| looked.elapsed() >= SLOW) {
            self.looked = Some(Instant::now());
            self.look_slowly();
        }
    }

    fn follow_recording(&mut self) {
        if self.recorder.as_mut().is_some_and(|recorder| recorder.follow(self.engine.as_mut()))
            && let Some(recorder) = self.recorder.take()
        {
            // The capture ends by itself only with its file; the song must not roll on as if it were recorded.
            if let (false, Some(engine)) = (recorder.stopping(), &mut self.engine) {
                engine.stop();
            }
            let folder = self.song.as_ref().map(|song| song.folder.clone()).unwrap_or_default();
            let broke_off = recorder.broke_off();
            let recorded = recorder.finish();
            if broke_off && recorded.unwanted {
                self.tell(SoundEvent::Trouble(BROKE_OFF.to_owned()));
            }
            self.tell(SoundEvent::Recorded { folder, recorded });
        }
        self.follow_space();
        self.readout.keeping = self.keeps();
        self.readout.writing = self.recorder.is_some() || self.readout.keeping;
        let recorder = self.recorder.as_ref();
        self.readout.recording = recorder.and_then(Recorder::shown).cloned();
        self.readout.punching = recorder.and_then(Recorder::punching);
        // Captures that nobody has punched into are no recording to anyone.
        self.readout.playhead.recording &= recorder.is_none_or(|recorder| recorder.shown().is_some());
    }

    /// The disk is watched as long as something is recorded onto it.
    fn follow_space(&mut self) {
        if self.recorder.is_none() {
            self.space = None;
        }
        let news: Vec<Warning> = self.space.iter().flat_map(SpaceWatch::news).collect();
        for warning in news {
            if matches!(warning, Warning::Filling(_)) {
                self.fills = self.song.as_ref().map(|song| song.folder.clone());
            }
            self.tell(SoundEvent::DiskFills(warning));
        }
    }

    fn follow_sounding(&mut self) {
        if let Some(why) = self.sounding.as_ref().and_then(Sounding::refused) {
            self.sounding = None;
            self.tell(SoundEvent::AuditionRefused(why));
        }
        if !self.engine.as_ref().is_some_and(Engine::hears_beside) {
            self.sounding = None;
        }
        let what = self.sounding.as_ref().map(|sounding| &sounding.what);
        self.readout.test_tone = what == Some(&Beside::Tone);
        self.readout.auditioning = match what {
            Some(Beside::File(path)) => Some(path.clone()),
            _ => None,
        };
    }

    fn meter(&mut self) {
        let due = self.metered.is_none_or(|metered| metered.elapsed() >= METERING - ROLLING / 2);
        let (true, Some(engine)) = (due, &self.engine) else { return };
        self.metered = Some(Instant::now());
        self.levels.read(engine, self.listens());
        self.show_levels();
    }

    pub(super) fn show_levels(&mut self) {
        self.readout.tracks = self.levels.tracks();
        self.readout.master = self.levels.master();
        self.readout.inputs = self.levels.inputs();
    }

    /// What changes seldom: complaints, load, latency, inputs that the device was not asked for.
    fn look_slowly(&mut self) {
        let Some(engine) = &mut self.engine else { return };
        self.readout.load = self.load.follow(&self.readout.vitals);
        self.readout.retrospect = engine.retrospect();
        let RoundTrip { frames, source } = self.figures.round_trip(engine);
        engine.set_pitch_round_trip(frames);
        let state = DeviceState::Running(Running {
            format: engine.format().clone(),
            round_trip: frames,
            source,
            plan_latency: engine.plan_latency(),
        });
        for trouble in self.complaints.new_ones(engine, &self.readout.vitals) {
            self.tell(SoundEvent::Trouble(trouble));
        }
        self.readout.device = state;
        let moves = self.readout.playhead.rolling || self.recorder.is_some();
        let wanted = self.song.as_ref().map_or(0, |song| inputs_of(&song.session));
        if wanted > self.asked_inputs && !moves && self.queue.is_empty() {
            self.open_device();
        }
    }

    fn device_is_gone(&mut self) {
        let Some(engine) = self.engine.take() else { return };
        let (host, name) = (engine.format().host, engine.format().name.clone());
        let why = vanished(&name);
        let position = self.readout.playhead.position;
        let wish = self.recorder.as_ref().and_then(|recorder| recorder.again(position));
        self.lost = Some(Lost::new(host, wish.map(|wish| (name, wish))));
        if let Some(recorder) = &mut self.recorder {
            recorder.abandon();
        }
        self.without_engine(DeviceState::Missing(why.clone()));
        self.tell(SoundEvent::Gone(why));
        self.show();
        // Last: one that hangs takes its time even for this.
        drop(engine);
    }

    /// Shows that there is no engine. The playhead stays where it was.
    pub(super) fn without_engine(&mut self, state: DeviceState) {
        self.break_off_calibration();
        self.readout = Readout {
            device: state,
            playhead: Playhead { position: self.readout.playhead.position, ..Playhead::default() },
            at: Some(Instant::now()),
            recording: self.readout.recording.take(),
            writing: self.readout.writing,
            keeping: self.readout.keeping,
            ..Readout::default()
        };
        self.levels = Levels::default();
        self.load = Load::default();
        self.sounding = None;
        self.unready = None;
    }

    pub(super) fn tell(&mut self, event: SoundEvent) {
        // The window may be gone; what was recorded is safe on disk and found at the next opening.
        _ = self.ends.events.send(event);
        (self.ends.waker)();
    }

    /// Lets the window see the newest, and wakes it if that looks different.
    pub(super) fn show(&mut self) {
        let song_rate = self.song.as_ref().map(|song| song.session.sample_rate);
        self.ends.vitals.follow(&self.readout, song_rate);
        self.ends.readout.write(self.readout.clone());
        let lively = self.readout.playhead.rolling || self.recorder.is_some();
        if self.shown.wants_waking(&self.readout, lively, self.following.has_news()) {
            self.following.told();
            (self.ends.waker)();
        }
    }

    /// What changes slowly is looked at with the next round.
    pub(super) fn look_again(&mut self) {
        self.looked = None;
    }
}
