//! The engine's controls: what the window and the command line hold while there is sound.
//!
//! Owned by one thread (device control), never the audio thread. It compiles what changed, sends it down the
//! ring, collects garbage, and asks the disk reader before the transport goes anywhere. Start at
//! [`Engine::start`]; call [`Engine::tick`] every few milliseconds.

mod calibration;
mod changes;
mod low_latency;

use std::cell::Cell;
use std::collections::{BTreeSet, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dawg_media::cache::Slots;
use dawg_session::{Session, Track, TrackId};

use crate::calibrate::Calibration;
use crate::capture::tap::Taps;
use crate::compile::{Compiler, Feedback};
use crate::device::{self, Device, DeviceError, DeviceFormat, DeviceRequest, DriverLatency, Voice};
use crate::disk::DiskReader;
use crate::meter::{MeterCell, MeterReading};
use crate::pitch::Following;
use crate::plan::NodeId;
use crate::processor::beside::Feed;
use crate::processor::command::{Command, Garbage, Playhead};
use crate::processor::cue::CueMix;
use crate::processor::strip::AUDIBLE;
use crate::processor::{Controls, Processor};
use crate::vitals::VitalsReading;
use changes::needs_plan;
pub use low_latency::LowLatency;

/// Longest block that is rendered in one go while live.
const LIVE_BLOCK: usize = 1_024;
/// Room for streaming: two seconds of 130 stereo tracks at 48 kHz.
const CACHE_BYTES: usize = 128 << 20;
/// A Plan or locate goes live when its first blocks are in, or after this.
const PATIENCE: Duration = Duration::from_millis(50);

/// What is said of a loop below [`shortest_loop`].
const SHORT_LOOP: &str =
    "the loop is shorter than 10 ms, so the song plays on past it: drag one of its ends outwards";

/// A device that calls no more for this long is gone, whatever it says. Desktops may start seconds late.
const SILENCE: Duration = Duration::from_secs(5);

/// Why the engine could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No device.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The routing goes in a circle.
    #[error(transparent)]
    Feedback(#[from] Feedback),
    /// The system gives no thread.
    #[error("the disk reader could not start ({0}). Close other programs and try again")]
    Thread(#[from] std::io::Error),
}

/// A device with a song on it.
pub struct Engine {
    session: Arc<Session>,
    compiler: Compiler,
    pub(crate) controls: Controls,
    // What did not fit into the ring, in order.
    backlog: VecDeque<Command>,
    disk: DiskReader,
    // Tracks fading out of the Plan, and the frame count at which each is silent.
    dying: Vec<(Arc<Track>, u64)>,
    latency: u32,
    tail: u32,
    // Frames processed when they last changed, and when that was.
    heartbeat: (u64, Instant),
    // Feeds that were sent and have not come back.
    beside: usize,
    calibration: Option<Calibration>,
    // Whether a loop was set that is too short to play, and nobody has been told.
    short_loop: Cell<bool>,
    low_latency: LowLatency,
    pub(crate) following: Following,
    // Tracks that are about to record or do, and the rolls under way.
    recording: BTreeSet<TrackId>,
    rolls: usize,
    // Last, so that the audio thread ends before what it plays from.
    device: Box<dyn Device>,
}

impl Engine {
    /// Opens a device and puts `session` on it, stopped at the song's start.
    ///
    /// # Errors
    /// When there is no device, or it cannot do what the song needs.
    pub fn start(
        session: Arc<Session>,
        audio_folder: &Path,
        request: &DeviceRequest,
    ) -> Result<Self, EngineError> {
        let device = device::open(request)?;
        Self::on_device(session, audio_folder, device)
    }

    /// The same on a device that is open already.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn on_device(
        session: Arc<Session>,
        audio_folder: &Path,
        mut device: Box<dyn Device>,
    ) -> Result<Self, EngineError> {
        let rate = session.sample_rate;
        let slots = Slots::with_bytes(CACHE_BYTES);
        let (processor, controls) = Processor::new(rate, LIVE_BLOCK, true);
        let disk = DiskReader::start(&slots, &controls.vitals, rate)?;
        let voice = Voice::new(processor, Arc::clone(&controls.vitals), rate);
        let compiler = Compiler::new(audio_folder.to_owned(), slots, LIVE_BLOCK);
        device.start(voice)?;
        let mut engine = Self {
            session,
            compiler,
            controls,
            backlog: VecDeque::new(),
            disk,
            dying: Vec::new(),
            latency: 0,
            tail: 0,
            heartbeat: (0, Instant::now()),
            beside: 0,
            calibration: None,
            short_loop: Cell::new(false),
            low_latency: LowLatency::default(),
            following: Following::default(),
            recording: BTreeSet::new(),
            rolls: 0,
            device,
        };
        engine.send_settings(&Arc::clone(&engine.session));
        engine.install()?;
        engine.listen();
        Ok(engine)
    }

    /// What was opened.
    #[must_use]
    pub fn format(&self) -> &DeviceFormat {
        self.device.format()
    }

    /// The driver's figures.
    #[must_use]
    pub fn driver_latency(&self) -> DriverLatency {
        self.device.latency()
    }

    /// Whether the device's streams flow and its latency is known. Some need seconds; wait for it before recording.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.device.ready()
    }

    /// Frames by which the Plan's output is late.
    #[must_use]
    pub fn plan_latency(&self) -> u32 {
        self.latency
    }

    /// Frames for which the song sounds on after its last clip.
    #[must_use]
    pub fn plan_tail(&self) -> u32 {
        self.tail
    }

    /// The song that sounds.
    #[must_use]
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Where the transport is.
    pub fn playhead(&mut self) -> Playhead {
        *self.controls.playhead.read()
    }

    /// How the engine is.
    #[must_use]
    pub fn vitals(&self) -> VitalsReading {
        self.controls.vitals.read()
    }

    /// What is wrong: files that cannot be read, a device that is unwell.
    pub fn trouble(&self) -> Vec<String> {
        let short = self.short_loop.take().then(|| SHORT_LOOP.to_owned());
        self.disk
            .trouble()
            .chain(self.device.trouble())
            .chain(short)
            .chain(self.following.trouble())
            .collect()
    }

    /// Level of a track's strip since the last reading, left and right.
    #[must_use]
    pub fn track_level(&self, track: TrackId) -> Option<[MeterReading; 2]> {
        self.compiler.meter(NodeId::Strip(track)).map(|meter| MeterCell::read(meter))
    }

    /// Level of the master since the last reading.
    #[must_use]
    pub fn master_level(&self) -> Option<[MeterReading; 2]> {
        self.compiler.meter(NodeId::MasterStrip).map(|meter| MeterCell::read(meter))
    }

    /// Levels of the hardware inputs since the last reading, from input 1 on: at most
    /// [`METERED_INPUTS`](crate::meter::METERED_INPUTS).
    #[must_use]
    pub fn input_levels(&self) -> Vec<MeterReading> {
        self.controls.inputs.read(self.device.format().inputs)
    }

    /// Lets something be heard beside the song, after the master, in place of what was heard there; none ends that.
    pub fn beside(&mut self, feed: Option<Box<Feed>>) {
        self.beside += usize::from(feed.is_some());
        self.send(Command::Beside(feed));
    }

    /// Whether something is heard beside the song, as of the last [`tick`](Self::tick).
    #[must_use]
    pub fn hears_beside(&self) -> bool {
        self.beside > 0
    }

    /// What the headphones hear of what comes in and of what is played. Never recorded, never exported.
    pub fn set_cue(&mut self, mix: CueMix) {
        self.send(Command::Cue(mix));
    }

    /// Goes on with another state of the song: gestures glide, everything else becomes a new Plan.
    ///
    /// # Errors
    /// When the routing goes in a circle; the former state plays on.
    pub fn set_session(&mut self, session: Arc<Session>) -> Result<(), Feedback> {
        let before = std::mem::replace(&mut self.session, session);
        let session = Arc::clone(&self.session);
        for track in &before.tracks {
            if session.track(track.id).is_none() {
                self.fade_out(track);
            }
        }
        self.dying.retain(|(track, _)| session.track(track.id).is_none());
        let quick = self.quick_paths(&session) != *self.compiler.quick();
        let result = if quick || needs_plan(&before, &session) { self.install() } else { Ok(()) };
        if result.is_err() {
            self.session = before;
            return result;
        }
        self.send_changes(&before, &session);
        self.listen();
        self.follow();
        Ok(())
    }

    /// Rolls from song frame `from`, or from where it stands.
    pub fn play(&mut self, from: Option<i64>) {
        self.roll(from, 0, None);
    }

    /// Rolls from `from` after `count_in` frames of clicks, with captures running from now on.
    pub fn roll(&mut self, from: Option<i64>, count_in: i64, taps: Option<Box<Taps>>) {
        let place = from.unwrap_or_else(|| self.controls.vitals.position());
        // Not in time is no reason to stay: what is missing is silent and counted.
        let _ = self.disk.prepare(place, PATIENCE);
        self.rolls += usize::from(taps.is_some());
        self.send(Command::Play { from, count_in, taps });
    }

    /// Stops after a 5 ms fade.
    pub fn stop(&mut self) {
        self.send(Command::Stop);
    }

    /// Punches in or out at the next block: with captures of [`Punch::Quick`](crate::capture::Punch) running, what lies
    /// between becomes takes. Without, nothing happens.
    pub fn punch(&mut self, on: bool) {
        self.send(Command::Punch(on));
    }

    /// Goes to song frame `to`.
    pub fn locate(&mut self, to: i64) {
        let _ = self.disk.prepare(to, PATIENCE);
        self.send(Command::Locate(to));
    }

    /// What has to be done now and then: collects garbage, sends what waited, ends fades.
    pub fn tick(&mut self) {
        while let Ok(garbage) = self.controls.garbage.pop() {
            self.beside -= usize::from(matches!(garbage, Garbage::Beside(_)));
            if let (Garbage::Measured(run), Some(calibration)) = (&garbage, &mut self.calibration) {
                calibration.end(run);
            }
            let ended = matches!(garbage, Garbage::Taps(_));
            drop::<Garbage>(garbage);
            if ended {
                self.recording_ended();
            }
        }
        self.controls.history.tick();
        self.send_backlog();
        self.device.tick();
        let now = self.controls.vitals.frames();
        if now != self.heartbeat.0 {
            self.heartbeat = (now, Instant::now());
        } else if self.heartbeat.1.elapsed() > SILENCE {
            self.controls.vitals.lost_device();
        }
        let before = self.dying.len();
        self.dying.retain(|(_, silent)| now < *silent);
        if self.dying.len() < before {
            // The same song without what has faded: a circle was ruled out before.
            let _ = self.install();
        }
    }

    fn install(&mut self) -> Result<(), Feedback> {
        let dying: Vec<Arc<Track>> = self.dying.iter().map(|(track, _)| Arc::clone(track)).collect();
        self.compiler.set_quick(self.quick_paths(&self.session));
        let installation = self.compiler.compile(&self.session, &dying)?;
        (self.latency, self.tail) = (installation.plan.latency, installation.plan.tail);
        self.disk.play(installation.plan.timelines().cloned().collect());
        let _ = self.disk.prepare(self.controls.vitals.position(), PATIENCE);
        self.send(Command::Install(installation));
        Ok(())
    }

    fn fade_out(&mut self, track: &Arc<Track>) {
        if let Some(slot) = self.compiler.slot(NodeId::Strip(track.id)) {
            self.send(Command::Glide { slot, param: AUDIBLE, value: 0.0 });
            let silent = self.controls.vitals.frames() + 2 * LIVE_BLOCK as u64;
            self.dying.push((Arc::clone(track), silent));
        }
    }

    pub(crate) fn send(&mut self, command: Command) {
        self.backlog.push_back(command);
        self.send_backlog();
    }

    fn send_backlog(&mut self) {
        while let Some(command) = self.backlog.pop_front() {
            if let Err(rtrb::PushError::Full(command)) = self.controls.commands.push(command) {
                self.backlog.push_front(command);
                return;
            }
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("device", self.device.format()).finish_non_exhaustive()
    }
}
