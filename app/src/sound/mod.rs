//! Sound for the window: the thread that owns the engine, what it is told, and what it last saw.
//!
//! Start at [`Sound`]. The window never waits for this thread: wishes go down a channel, the newest [`Readout`] comes
//! back through a cell, what must not be lost comes back as [`SoundEvent`]s. A device that takes seconds to open, or
//! hangs, holds up sound and nothing else.

mod audition;
mod calibrating;
mod complaints;
mod device;
mod figures;
mod keeping;
mod levels;
mod obey;
mod pitch;
mod recording;
mod returning;
mod shown;
mod thread;
mod vitals;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use dawg_engine::calibrate::Measured;
use dawg_engine::capture::{Punch, Recorded};
use dawg_engine::device::{DeviceFormat, DeviceListing, Host};
use dawg_engine::pitch::{Heard, Overheard};
use dawg_engine::retrospect::Retrospect;
use dawg_engine::{CueMix, Playhead, VitalsReading};
use dawg_session::{MediaId, Session, Store, TrackId};
use serde::{Deserialize, Serialize};

use crate::calibration::Source;
use crate::space::Warning;
pub use device::Opener;
use pitch::Following;
use thread::{Ends, SoundThread};
use vitals::Telling;
pub use vitals::Vitals;
pub(crate) use vitals::{BUFFER, LOAD, MISSING, XRUNS};

/// How long the thread has at the end to finish a recording. One that takes longer is found and kept at the next
/// opening.
const LONGEST_END: Duration = Duration::from_secs(3);
/// How long it has without one.
const QUICK_END: Duration = Duration::from_millis(500);

/// Wakes the window so that it draws a frame. Cheap; from any thread.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// The sound device that a person chose; all empty is the system's own choice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceChoice {
    /// JACK, ALSA or the timer.
    pub host: Option<Host>,
    /// The device of the host.
    pub device: Option<String>,
    /// Frames a block.
    pub buffer: Option<u32>,
}

/// What the sound thread is told.
#[derive(Debug)]
pub enum SoundCommand {
    /// Another song goes on the device, which is opened if need be (also again, if the rate differs).
    Song {
        /// The song.
        session: Arc<Session>,
        /// Its folder.
        folder: PathBuf,
        /// Where captures are noted; none when it is open for reading only.
        store: Option<Arc<Store>>,
    },
    /// No song: the device is let go.
    NoSong,
    /// Another state of the same song. Only the newest that waits is compiled.
    Session(Arc<Session>),
    /// Another device: the old one is closed, the new one opened.
    Device(DeviceChoice),
    /// What the headphones hear, on this device and those after it.
    Cue(CueMix),
    /// Where measured round trips are kept; read now, and whenever a device is opened.
    Calibrations(PathBuf),
    /// Measures the round trip through this hardware input (from 1), in some four seconds of noise; none ends that.
    /// Answers [`SoundEvent::Calibrated`].
    Calibrate(Option<u16>),
    /// Forgets what was measured of the device as it is open now.
    ForgetCalibration,
    /// Ask for devices: answers [`SoundEvent::Devices`].
    ListDevices,
    /// Roll from this song frame, or from where it stands.
    Play(Option<i64>),
    /// Stop; a recording ends one round trip later.
    Stop,
    /// Go to this song frame.
    Locate(i64),
    /// Record onto these tracks from this song frame, after so many frames of count-in.
    Record {
        /// The armed tracks.
        tracks: Vec<TrackId>,
        /// First song frame of the take.
        from: i64,
        /// Frames of count-in.
        count_in: i64,
        /// What of the roll becomes takes. [`Punch::Quick`] only captures, until [`SoundCommand::Punch`].
        punch: Punch,
        /// Song frame at which it stops by itself.
        until: Option<i64>,
        /// 32-bit float instead of 24 bit.
        float: bool,
    },
    /// Punch in or out, while captures run that are punched by hand.
    Punch(bool),
    /// Makes takes of what these armed tracks' inputs heard lately, recorded or not.
    Keep {
        /// The tracks.
        tracks: Vec<TrackId>,
        /// The last so many seconds; none is what was sung last, since the song rolled or stopped.
        seconds: Option<f64>,
        /// 32-bit float instead of 24 bit.
        float: bool,
    },
    /// Lets a file be heard beside the song; none stops it.
    Audition(Option<PathBuf>),
    /// A quiet sine through the outputs, or not.
    TestTone(bool),
    /// Meters the hardware inputs, whether tracks use them or not.
    WatchInputs(bool),
    /// Follows the pitch that these tracks' inputs bring in, and no others', on this device and those after it. Comes back
    /// through [`Sound::pitch`].
    FollowPitch(Vec<TrackId>),
    /// What comes in on this followed track's input goes to somebody who listens besides, on this device and those after
    /// it; none: to nobody. What finds no room there is left out.
    Overhear(Option<(TrackId, Sender<Overheard>)>),
    /// Clears a clip light; none is the master's.
    ClearClip(Option<TrackId>),
    /// Ends the thread; a running recording is finished first.
    End,
}

/// What happened and must not be lost.
#[derive(Debug)]
pub enum SoundEvent {
    /// A device was opened.
    Opened(DeviceFormat),
    /// There is no sound: why, and what to do.
    NoDevice(String),
    /// The device vanished while it ran. A recording was ended and comes as [`SoundEvent::Recorded`].
    Gone(String),
    /// The device that vanished is back.
    Back {
        /// Whether the recording that it broke off goes on, as a new take.
        records: bool,
    },
    /// What devices there are.
    Devices(Vec<DeviceListing>),
    /// The round trip was measured and is kept, or why not.
    Calibrated(Result<Measured, String>),
    /// Recording has begun.
    Recording,
    /// Recording could not begin; the song is as it was.
    RecordRefused(String),
    /// What was sung without recording is whole on disk. The window makes takes of it.
    Kept {
        /// The song's folder: by now another song may be open.
        folder: PathBuf,
        /// What was kept.
        recorded: Recorded,
        /// What is to be said of its place.
        notice: Option<&'static str>,
    },
    /// What was sung could not be kept; why.
    KeepRefused(String),
    /// A recording is whole on disk. The window makes takes of it.
    Recorded {
        /// The song's folder: by now another song may be open.
        folder: PathBuf,
        /// What was recorded.
        recorded: Recorded,
    },
    /// The disk of the song fills up while something is recorded onto it.
    DiskFills(Warning),
    /// Something is wrong, told once: a file that cannot be read, a device that is unwell.
    Trouble(String),
    /// The file cannot be auditioned.
    AuditionRefused(String),
    /// The song cannot be played as it is now (routing in a circle).
    Refused(String),
}

/// Whether there is a device.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum DeviceState {
    /// No song, no device.
    #[default]
    Closed,
    /// It is being opened.
    Opening,
    /// It runs.
    Running(Running),
    /// There is none; why.
    Missing(String),
}

/// A device that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    /// What was opened.
    pub format: DeviceFormat,
    /// The round trip in frames of the song: measured, or the driver's figure.
    pub round_trip: i64,
    /// Which of the two.
    pub source: Source,
    /// Frames by which the Plan's output is late.
    pub plan_latency: u32,
}

/// A level as it is drawn: with fall-back, peak hold and clip light, so that every window shows the same.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Level {
    /// Linear peak, falling back by 20 dB a second.
    pub peak: f32,
    /// Linear RMS over 300 ms.
    pub rms: f32,
    /// Linear peak held for 1.5 s.
    pub held: f32,
    /// A sample was beyond full scale since it was last cleared.
    pub clipped: bool,
}

/// A track that records.
#[derive(Debug, Clone, PartialEq)]
pub struct Take {
    /// The track.
    pub track: TrackId,
    /// The medium that its file will be: its growing peaks are `peaks/<media>.peaks`.
    pub media: MediaId,
    /// Its channels.
    pub channels: u16,
}

/// A recording under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// What is recorded.
    pub takes: Vec<Take>,
    /// First song frame of the take.
    pub from: i64,
    /// Frame of the file that belongs to `from` (count-in and latency lie before).
    pub offset: i64,
}

/// The newest that the sound thread saw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readout {
    /// The device.
    pub device: DeviceState,
    /// The transport.
    pub playhead: Playhead,
    /// When `playhead` was read.
    pub at: Option<Instant>,
    /// The engine's counts.
    pub vitals: VitalsReading,
    /// Load over the last second, 0 to 1, steady enough to be read.
    pub load: f32,
    /// Levels by track, left and right.
    pub tracks: Arc<HashMap<TrackId, [Level; 2]>>,
    /// The master's levels.
    pub master: [Level; 2],
    /// Levels of the hardware inputs, from input 1 on. Only while watched or a track is armed.
    pub inputs: Vec<Level>,
    /// The recording under way; none while captures run that are not punched in.
    pub recording: Option<Recording>,
    /// While captures run that are punched by hand: whether they are punched in.
    pub punching: Option<bool>,
    /// Whether something that came in is still on its way to the disk, shown or not: a recording until its file is
    /// closed, captures that nobody has punched into, what is being kept.
    pub writing: bool,
    /// Whether what was sung without recording is among it, on its way to be kept.
    pub keeping: bool,
    /// Share of a measurement of the round trip that is done, while one runs.
    pub calibrating: Option<f32>,
    /// How much of the armed inputs is remembered.
    pub retrospect: Retrospect,
    /// The file that is auditioned.
    pub auditioning: Option<PathBuf>,
    /// Whether the test tone sounds.
    pub test_tone: bool,
}

/// The window's end of the sound thread. Dropping it ends the thread and gives it a moment to finish.
#[derive(Debug)]
pub struct Sound {
    commands: crossbeam_channel::Sender<SoundCommand>,
    readout: triple_buffer::Output<Readout>,
    events: crossbeam_channel::Receiver<SoundEvent>,
    pitch: crossbeam_channel::Receiver<(TrackId, Heard)>,
    vitals: Option<Vitals>,
    // Closed when the thread is through.
    ended: crossbeam_channel::Receiver<()>,
}

impl Sound {
    /// Starts the thread. It opens no device before there is a song.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(device: DeviceChoice, waker: Waker) -> std::io::Result<Self> {
        Self::start_with(device, waker, Box::new(dawg_engine::device::open))
    }

    /// The same with devices opened by `opener`, which may be slow: for tests.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start_with(device: DeviceChoice, waker: Waker, opener: Opener) -> std::io::Result<Self> {
        let (commands, inbox) = crossbeam_channel::unbounded();
        let (outbox, events) = crossbeam_channel::unbounded();
        let (seen, readout) = triple_buffer::triple_buffer(&Readout::default());
        let (end, ended) = crossbeam_channel::bounded(0);
        let (following, pitch) = Following::new();
        let (telling, vitals) = Telling::new();
        let ends = Ends { commands: inbox, readout: seen, events: outbox, waker, vitals: telling };
        std::thread::Builder::new().name("sound".to_owned()).spawn(move || {
            SoundThread::new(ends, opener, device, following).run();
            drop(end);
        })?;
        Ok(Self { commands, readout, events, pitch, vitals: Some(vitals), ended })
    }

    /// Tells it something. Returns at once.
    pub fn send(&self, command: SoundCommand) {
        // It ends only after this.
        _ = self.commands.send(command);
    }

    /// The newest that it saw.
    pub fn readout(&mut self) -> Readout {
        self.readout.read().clone()
    }

    /// How it does, for the one who reports that; none if it was taken before.
    pub fn take_vitals(&mut self) -> Option<Vitals> {
        self.vitals.take()
    }

    /// What happened since this was last asked.
    pub fn events(&mut self) -> Vec<SoundEvent> {
        self.events.try_iter().collect()
    }

    /// What the followed tracks have sung since this was last asked, each track's in order. Of what was not fetched for
    /// long, the newest.
    pub fn pitch(&mut self) -> Vec<(TrackId, Heard)> {
        self.pitch.try_iter().collect()
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        self.send(SoundCommand::End);
        // A device that hangs must not keep the program from ending; of a recording nothing is lost either way.
        let records = self.readout().writing;
        _ = self.ended.recv_timeout(if records { LONGEST_END } else { QUICK_END });
    }
}
