//! What `play` and `record` share: the device that was asked for, the watch over it, and how it went.
//!
//! Start at [`SoundOptions`] and [`Watch`].

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use dawg_engine::device::{DeviceRequest, Host};
use dawg_engine::{Engine, VitalsReading};
use dawg_session::{Position, Session, parse_range, parse_time};
use serde::Serialize;

use super::format::Time;
use super::output::note;
use crate::interrupt::Interrupt;

/// How often the engine is looked after.
pub(super) const TICK: Duration = Duration::from_millis(5);
/// Between opening the device and rolling, for whoever wants to connect to our ports.
const SETTLING: Duration = Duration::from_millis(500);
/// How long a device may take until its streams flow. Desktops may need two seconds.
const SLOW_START: Duration = Duration::from_secs(4);

/// Which sound device.
#[derive(Debug, Args)]
pub(super) struct SoundOptions {
    /// Where sound goes: jack, alsa, or timer (a clock without sound) [default: JACK if it runs, else the system's]
    #[arg(long, value_enum)]
    host: Option<HostName>,
    /// The device, by a name from `ai-dawg devices` [default: the host's own choice]
    #[arg(long, value_name = "NAME")]
    device: Option<String>,
    /// Frames a block: smaller reacts faster and costs more. With JACK it is the whole server's, and put back at the
    /// end [default: the device's own choice]
    #[arg(long, value_name = "FRAMES")]
    buffer: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HostName {
    /// The JACK audio server
    Jack,
    /// The sound card or the desktop's sound server
    Alsa,
    /// A clock without sound
    Timer,
}

impl SoundOptions {
    /// The system's own choice in all.
    pub(super) const fn any() -> Self {
        Self { host: None, device: None, buffer: None }
    }

    /// Whether nothing was chosen.
    pub(super) const fn is_any(&self) -> bool {
        self.host.is_none() && self.device.is_none() && self.buffer.is_none()
    }

    /// What to ask of the engine, for a song of this rate and with so many inputs (0 to play alone).
    pub(super) fn request(&self, rate: u32, inputs: u16) -> Result<DeviceRequest> {
        if let Some(buffer) = self.buffer
            && !(16..=8_192).contains(&buffer)
        {
            bail!("a buffer of {buffer} frames is out of range: give 16 to 8192");
        }
        let host = self.host.map(|host| match host {
            HostName::Jack => Host::Jack,
            HostName::Alsa => Host::Alsa,
            HostName::Timer => Host::Timer,
        });
        Ok(DeviceRequest { host, device: self.device.clone(), buffer: self.buffer, rate, inputs })
    }
}

/// The session with its loop off, so that playing comes to an end.
pub(super) fn without_loop(session: &Arc<Session>) -> Arc<Session> {
    let mut session = Session::clone(session);
    session.loop_range.on = false;
    Arc::new(session)
}

/// Frames of so many seconds, which must be more than none and less than a day.
pub(super) fn frames(seconds: f64, rate: u32) -> Result<i64> {
    let frames = (seconds * f64::from(rate)).round();
    if !(seconds <= 86_400.0 && frames >= 1.0) {
        bail!("{seconds} seconds are out of range: give more than 0 and at most 86400 (a day)");
    }
    Ok(frames as i64)
}

/// A place to put something or to start from: not before the song, and within a day.
pub(super) fn place(text: &str, session: &Session, rate: u32) -> Result<Position> {
    let position = parse_time(text, &session.tempo_map, rate)?;
    let samples = session.tempo_map.to_samples(position, rate).0;
    if samples < 0 {
        let start = match session.tempo_map.downbeat {
            0 => "0s, or bar 1: 1|1|0".to_owned(),
            downbeat => format!("0s; bar 1 begins at {}", Time { samples: downbeat, rate }),
        };
        bail!("{text} lies before the song's start ({start}), where nothing is played or exported");
    }
    if samples > 86_400 * i64::from(rate) {
        bail!("{text} is more than a day into the song: give an earlier time");
    }
    Ok(position)
}

/// A range of the song in frames: neither before its start, nor more than a day in.
pub(super) fn range_in_song(range: &str, session: &Session) -> Result<(i64, i64)> {
    let rate = session.sample_rate;
    let (start, end) = parse_range(range, &session.tempo_map, rate)?;
    for side in range.splitn(2, "..") {
        place(side, session, rate)?;
    }
    let at = |position| session.tempo_map.to_samples(position, rate).0;
    Ok((at(start), at(end)))
}

/// Looks after a running engine: collects what it gives back, passes on what it complains of, and finds out when
/// its device is gone.
pub(super) struct Watch {
    interrupt: Interrupt,
    said: BTreeSet<String>,
}

/// What happened while waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waited {
    /// Time passed.
    Passed,
    /// Ctrl-C was pressed.
    Interrupted,
    /// The device calls no more.
    Gone,
}

impl Watch {
    /// Begins, with Ctrl-C as ours.
    pub(super) fn begin() -> Result<Self> {
        Ok(Self { interrupt: Interrupt::listen()?, said: BTreeSet::new() })
    }

    /// Lets one tick pass.
    pub(super) fn tick(&mut self, engine: &mut Engine) -> Waited {
        let interrupted = self.interrupt.within(TICK);
        engine.tick();
        for trouble in engine.trouble() {
            if self.said.insert(trouble.clone()) {
                note(&trouble);
            }
        }
        match interrupted {
            true => Waited::Interrupted,
            false if engine.vitals().device_gone => Waited::Gone,
            false => Waited::Passed,
        }
    }

    /// Lets the device settle until its streams flow, and gives others time to connect to it.
    pub(super) fn settle(&mut self, engine: &mut Engine) -> Waited {
        let start = Instant::now();
        while start.elapsed() < SETTLING || (!engine.ready() && start.elapsed() < SLOW_START) {
            let waited = self.tick(engine);
            if waited != Waited::Passed {
                return waited;
            }
        }
        Waited::Passed
    }

    /// Waits until the transport stands, at most a second. A device that is gone needs no more.
    pub(super) fn until_stopped(&mut self, engine: &mut Engine) {
        let start = Instant::now();
        while engine.playhead().rolling && start.elapsed() < Duration::from_secs(1) {
            if self.tick(engine) == Waited::Gone {
                return;
            }
        }
    }
}

/// How the device and the engine did.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Health {
    /// Share of the time allowed that calls took, 0 to 1.
    load: f64,
    xruns: u64,
    worst_callback_us: f64,
    /// The largest share of its own deadline that a call took.
    worst_callback_share: f64,
    late_callbacks: u64,
    missed_frames: u64,
}

impl From<VitalsReading> for Health {
    fn from(vitals: VitalsReading) -> Self {
        Self {
            load: vitals.load,
            xruns: vitals.xruns,
            worst_callback_us: vitals.worst_callback_us,
            worst_callback_share: vitals.worst_callback_share,
            late_callbacks: vitals.late_callbacks,
            missed_frames: vitals.missed_frames,
        }
    }
}

impl Display for Health {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { load, xruns, worst_callback_us, worst_callback_share, missed_frames, .. } = self;
        let (load, share) = (load * 100.0, worst_callback_share * 100.0);
        write!(
            f,
            "load {load:.1} %, {xruns} xruns, worst callback {worst_callback_us:.0} µs ({share:.0} % of its time)"
        )?;
        if *missed_frames > 0 {
            write!(
                f,
                ", {missed_frames} frames of its tracks were silent: the disk was late, or a file is missing"
            )?;
        }
        Ok(())
    }
}
