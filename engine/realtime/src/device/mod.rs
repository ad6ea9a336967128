//! The seam to sound hardware: one trait, one clock, one call a block.
//!
//! Start at [`Device`]. JACK is a true duplex client; the cpal adapter joins two streams; the timer drives the
//! engine where there is no sound card. Nothing outside this folder knows which it is.

mod bridge;
pub mod cpal;
#[cfg(all(feature = "jack", target_os = "linux"))]
pub mod jack;
pub mod manual;
mod patience;
pub mod priority;
pub mod timer;

use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::processor::{Io, Processor};
use crate::roles::AudioThread;
use crate::vitals::Vitals;

/// Where sound comes from and goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Host {
    /// The JACK audio server.
    Jack,
    /// ALSA through cpal: the sound card, or what the desktop puts in its place. On other systems their own.
    Alsa,
    /// No sound: a clock alone.
    Timer,
}

impl Host {
    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jack => "jack",
            Self::Alsa => "alsa",
            Self::Timer => "timer",
        }
    }
}

/// What is asked of a device.
#[derive(Debug, Clone, Default)]
pub struct DeviceRequest {
    /// Which host; `None` takes JACK if a server runs, else the system's own.
    pub host: Option<Host>,
    /// Which device of it, by name; `None` for the default one.
    pub device: Option<String>,
    /// Frames a call; `None` for the device's own choice.
    pub buffer: Option<u32>,
    /// Frames a second that the song has.
    pub rate: u32,
    /// Hardware inputs needed; 0 opens for playback alone.
    pub inputs: u16,
}

/// What was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceFormat {
    /// Which host.
    pub host: Host,
    /// The device's name.
    pub name: String,
    /// Frames a second.
    pub rate: u32,
    /// Frames a call, as far as the device says; calls may differ.
    pub buffer: u32,
    /// Hardware inputs.
    pub inputs: u16,
    /// Hardware outputs.
    pub outputs: u16,
}

/// A device that could be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceListing {
    /// Its host.
    pub host: Host,
    /// Its name, as `--device` takes it.
    pub name: String,
    /// Whether it is the host's default.
    pub default: bool,
    /// Most inputs.
    pub inputs: u16,
    /// Most outputs.
    pub outputs: u16,
    /// Rates that it knows, of the usual ones.
    pub rates: Vec<u32>,
    /// Why it cannot be used, if so.
    pub error: Option<String>,
}

/// Latency by the driver's own figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct DriverLatency {
    /// Frames from the microphone to the call.
    pub input: u32,
    /// Frames from the call to the loudspeaker.
    pub output: u32,
}

impl DriverLatency {
    /// Frames from a sound in the headphones to its echo in the microphone's call.
    #[must_use]
    pub fn round_trip(self) -> i64 {
        i64::from(self.input) + i64::from(self.output)
    }
}

/// Why there is no sound.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// The host is not there.
    #[error("{host} is not available ({reason}). {advice}", host = host.name())]
    NoHost {
        /// Which host.
        host: Host,
        /// What it said.
        reason: String,
        /// What to do.
        advice: &'static str,
    },
    /// The host is there and does not answer. It may do so a moment later.
    #[error("{host} does not answer. Wait until it does, or start it anew, and try again", host = host.name())]
    Hangs {
        /// Which host.
        host: Host,
    },
    /// No such device, or none at all.
    #[error(
        "there is no {what} ({reason}). Plug one in or choose another (`ai-dawg devices` lists what is there), start \
         JACK, or work without sound by --host timer"
    )]
    NoDevice {
        /// "output device", "input device", or a name.
        what: String,
        /// What the host said.
        reason: String,
    },
    /// The device cannot do what the song needs.
    #[error("{device} cannot do {what}. {advice}")]
    Unsupported {
        /// The device.
        device: String,
        /// What it cannot do.
        what: String,
        /// What to do.
        advice: String,
    },
    /// The device failed.
    #[error(
        "the audio device {device} failed: {reason}. Check that it is plugged in and not in use, then try again"
    )]
    Failed {
        /// The device.
        device: String,
        /// What it said.
        reason: String,
    },
}

/// A device that was opened. Starts silent; [`start`](Self::start) gives it its voice.
pub trait Device: Send {
    /// What was opened.
    fn format(&self) -> &DeviceFormat;

    /// The driver's own figures, as they are now.
    fn latency(&self) -> DriverLatency;

    /// Calls `voice` for each block from now on, until the device is dropped.
    ///
    /// # Errors
    /// When the device cannot be started.
    fn start(&mut self, voice: Voice) -> Result<(), DeviceError>;

    /// Whether input and output flow and [`latency`](Self::latency) is known. Some devices need seconds.
    fn ready(&self) -> bool {
        true
    }

    /// What has to be done now and then, on the control thread: restarting what failed.
    fn tick(&mut self) {}

    /// What is wrong, in words, if it works but not as it should (drift, lost input).
    fn trouble(&self) -> Option<String> {
        None
    }
}

/// Opens what was asked for; with resamplers around it if it does not run at the song's rate (its
/// [`format`](Device::format) tells its own).
///
/// # Errors
/// When it is not there, or cannot do what is asked.
pub fn open(request: &DeviceRequest) -> Result<Box<dyn Device>, DeviceError> {
    // A name is one of ALSA's: JACK has one device, chosen at its server, and the timer none. Nobody who mistypes
    // it must play or record elsewhere.
    if let (Some(host @ (Host::Jack | Host::Timer)), Some(name)) = (request.host, &request.device)
        && !name.eq_ignore_ascii_case(host.name())
    {
        return Err(DeviceError::NoDevice {
            what: format!("device “{name}” with {}", host.name()),
            reason: "it has no devices to choose from; leave --device out, or use --host alsa".to_owned(),
        });
    }
    let device: Box<dyn Device> = match request.host {
        Some(Host::Timer) => Box::new(timer::Timer::open(request)),
        Some(Host::Jack) => open_jack(request)?,
        Some(Host::Alsa) => cpal::open(request)?,
        None if request.device.is_some() => cpal::open(request)?,
        // Without a server the system's own; a server that refuses is told.
        None => match open_jack(request) {
            Err(DeviceError::NoHost { .. }) => cpal::open(request)?,
            jack => jack?,
        },
    };
    Ok(at_song_rate(device, request.rate))
}

/// The device as a song at `rate` needs it: itself, or with resamplers around it.
#[must_use]
pub fn at_song_rate(device: Box<dyn Device>, rate: u32) -> Box<dyn Device> {
    if device.format().rate == rate { device } else { Box::new(bridge::Resampled::new(device, rate)) }
}

/// What there is to open, JACK first, the timer last. Opens and closes devices: not for the window's thread.
#[must_use]
pub fn list() -> Vec<DeviceListing> {
    let mut listings = Vec::new();
    #[cfg(all(feature = "jack", target_os = "linux"))]
    listings.push(jack::listing());
    listings.extend(cpal::list());
    listings.push(DeviceListing {
        host: Host::Timer,
        name: "timer".to_owned(),
        default: false,
        inputs: 2,
        outputs: 2,
        rates: vec![44_100, 48_000, 88_200, 96_000, 176_400, 192_000],
        error: None,
    });
    listings
}

#[cfg(all(feature = "jack", target_os = "linux"))]
fn open_jack(request: &DeviceRequest) -> Result<Box<dyn Device>, DeviceError> {
    Ok(Box::new(jack::Jack::open(request)?))
}

#[cfg(not(all(feature = "jack", target_os = "linux")))]
fn open_jack(_: &DeviceRequest) -> Result<Box<dyn Device>, DeviceError> {
    Err(DeviceError::NoHost {
        host: Host::Jack,
        reason: "this build has no JACK".to_owned(),
        advice: "Choose another host, or build with the cargo feature `jack`.",
    })
}

/// A Processor with its stopwatch: what a device calls.
#[derive(Debug)]
pub struct Voice {
    processor: Processor,
    vitals: Arc<Vitals>,
    // Of the device's calls.
    rate: u32,
    bridge: Option<Box<bridge::Bridge>>,
}

impl Voice {
    /// The voice of `processor`, which renders at `rate` frames a second.
    #[must_use]
    pub fn new(processor: Processor, vitals: Arc<Vitals>, rate: u32) -> Self {
        Self { processor, vitals, rate, bridge: None }
    }

    /// The same for a device that calls at `rate`, through resamplers.
    fn bridged(self, bridge: Box<bridge::Bridge>, rate: u32) -> Self {
        Self { bridge: Some(bridge), rate, ..self }
    }

    /// Where the device reports xruns and its own end.
    #[must_use]
    pub fn vitals(&self) -> &Arc<Vitals> {
        &self.vitals
    }

    /// One block. Real-time safe, and guarded: in debug builds and tests an allocation in here aborts.
    pub fn call(&mut self, io: &mut Io<'_, '_>) {
        let start = Instant::now();
        let audio_thread = AudioThread::enter();
        let Self { processor, bridge, .. } = self;
        assert_no_alloc::assert_no_alloc(|| match bridge {
            None => processor.process(&audio_thread, io),
            Some(bridge) => bridge.call(io, |io| processor.process(&audio_thread, io)),
        });
        let busy = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let allowed = io.frames as u64 * 1_000_000_000 / u64::from(self.rate.max(1));
        self.vitals.called(busy, allowed);
    }
}
