//! JACK: a true duplex client, so input and output of one call belong to the same moment.
//!
//! The client is named `ai-dawg` (JACK may append a number), its ports `in_1`, `in_2`, …, `out_1`, `out_2`.
//! Start at [`Jack`].
#![allow(unsafe_code, reason = "the `jack` crate declares the shutdown notification as an unsafe fn")]

mod unanswered;

use std::ffi::CStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jack::{
    AsyncClient, AudioIn, AudioOut, Client, ClientOptions, ClientStatus, Control, Frames, LatencyType,
    NotificationHandler, Port, PortFlags, ProcessHandler, ProcessScope, Unowned,
};

use super::{
    Device, DeviceError, DeviceFormat, DeviceListing, DeviceRequest, DriverLatency, Host, Voice, patience,
};
use crate::processor::Io;
use crate::vitals::Vitals;

/// Most ports of one direction.
const MAX_PORTS: usize = 32;

/// What the thread that JACK calls is named, so that it can be told from outside from those of others; the threads that
/// libjack makes from it take the name along. At most 15 bytes.
pub const JACK_THREAD: &CStr = c"sound of JACK";

/// JACK's name for its kind of port.
const AUDIO: &str = "32 bit float mono audio";

const ADVICE: &str = "Start a JACK server (for example `jackd -d alsa`), or choose `--host alsa`.";

/// A client of the JACK server.
pub struct Jack {
    format: DeviceFormat,
    state: State,
    // Ports by name, to ask for their latency while the callback owns them.
    inputs: Vec<Port<Unowned>>,
    outputs: Vec<Port<Unowned>>,
    gone: Arc<AtomicBool>,
    // The server's block size before we changed it: others work with it.
    former_buffer: Option<u32>,
}

enum State {
    Open(Client, Ports),
    Running(AsyncClient<Notices, Handler>),
    Gone,
}

struct Ports {
    inputs: Vec<Port<AudioIn>>,
    outputs: Vec<Port<AudioOut>>,
}

/// The server as `ai-dawg devices` shows it.
#[must_use]
pub fn listing() -> DeviceListing {
    let mut listing = DeviceListing {
        host: Host::Jack,
        name: "JACK".to_owned(),
        default: true,
        inputs: 0,
        outputs: 0,
        rates: Vec::new(),
        error: None,
    };
    let look = || {
        let client = connect("ai-dawg-devices")?;
        let count = |flags| {
            let ports = client.ports(None, Some(AUDIO), flags | PortFlags::IS_PHYSICAL);
            u16::try_from(ports.len()).unwrap_or(u16::MAX)
        };
        Ok((count(PortFlags::IS_OUTPUT), count(PortFlags::IS_INPUT), client.sample_rate()))
    };
    match patiently(look) {
        Ok((inputs, outputs, rate)) => {
            (listing.inputs, listing.outputs, listing.rates) = (inputs, outputs, vec![rate]);
        }
        Err(error) => {
            listing.error = Some(match error {
                DeviceError::NoHost { reason, .. } => reason,
                other => other.to_string(),
            });
        }
    }
    listing
}

/// Asks the server, which may hang. It is asked for nothing while it owes us an answer.
fn patiently<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, DeviceError> + Send + 'static,
) -> Result<T, DeviceError> {
    let answer =
        if unanswered::any() { None } else { unanswered::wait(patience::OPENING, Arc::default(), ask) };
    answer.unwrap_or(Err(DeviceError::Hangs { host: Host::Jack }))
}

fn connect(name: &str) -> Result<Client, DeviceError> {
    jack::set_logger(jack::LoggerType::None);
    let opened = Client::new(name, ClientOptions::NO_START_SERVER);
    opened.map(|(client, _)| client).map_err(|error| no_host(why(&error)))
}

fn no_host(reason: String) -> DeviceError {
    DeviceError::NoHost { host: Host::Jack, reason, advice: ADVICE }
}

/// What it means that no client could be made.
fn why(error: &jack::Error) -> String {
    match error {
        jack::Error::ClientError(status) if status.contains(ClientStatus::SERVER_FAILED) => {
            "no JACK server is running".to_owned()
        }
        jack::Error::LibraryError(_) => "libjack is not installed".to_owned(),
        other => other.to_string(),
    }
}

impl Jack {
    /// Connects to the server.
    ///
    /// # Errors
    /// When none runs, when it hangs, or when it refuses the client or the buffer.
    pub fn open(request: &DeviceRequest) -> Result<Self, DeviceError> {
        let request = request.clone();
        patiently(move || Self::open_waiting(&request))
    }

    fn open_waiting(request: &DeviceRequest) -> Result<Self, DeviceError> {
        let client = connect("ai-dawg")?;
        let before = client.buffer_size();
        let former_buffer = request.buffer.is_some_and(|buffer| buffer != before).then_some(before);
        if let Some(buffer) = request.buffer
            && buffer != before
        {
            client.set_buffer_size(buffer).map_err(|_| DeviceError::Unsupported {
                device: "JACK".to_owned(),
                what: format!("buffers of {buffer} frames: its server runs with {}", client.buffer_size()),
                advice: format!("Restart the server with -p {buffer}, or leave --buffer out."),
            })?;
        }
        // As many inputs as the hardware has, two at least: what is asked of more would be silence.
        let hardware = client.ports(None, Some(AUDIO), PortFlags::IS_OUTPUT | PortFlags::IS_PHYSICAL).len();
        let count = u16::try_from(hardware.min(MAX_PORTS)).unwrap_or(2).min(request.inputs).max(2);
        let refused = |error: jack::Error| no_host(error.to_string());
        let inputs: Vec<_> = (1..=count)
            .map(|n| client.register_port(&format!("in_{n}"), AudioIn::default()))
            .collect::<Result<_, _>>()
            .map_err(refused)?;
        let outputs: Vec<_> = (1..=2)
            .map(|n| client.register_port(&format!("out_{n}"), AudioOut::default()))
            .collect::<Result<_, _>>()
            .map_err(refused)?;
        Ok(Self {
            format: DeviceFormat {
                host: Host::Jack,
                name: format!("JACK ({})", client.name()),
                rate: client.sample_rate(),
                buffer: client.buffer_size(),
                inputs: count,
                outputs: 2,
            },
            inputs: inputs.iter().map(Port::clone_unowned).collect(),
            outputs: outputs.iter().map(Port::clone_unowned).collect(),
            state: State::Open(client, Ports { inputs, outputs }),
            gone: Arc::new(AtomicBool::new(false)),
            former_buffer,
        })
    }
}

/// Plugs our ports into the hardware's, as far as there are any: what a person expects of a new client.
fn plug(client: &Client, inputs: &[Port<Unowned>], outputs: &[Port<Unowned>]) {
    let hardware = |flags| client.ports(None, Some(AUDIO), flags | PortFlags::IS_PHYSICAL);
    let sources = hardware(PortFlags::IS_OUTPUT);
    let sinks = hardware(PortFlags::IS_INPUT);
    for (ours, theirs) in inputs.iter().zip(&sources) {
        let _ = ours.name().map(|ours| client.connect_ports_by_name(theirs, &ours));
    }
    for (ours, theirs) in outputs.iter().zip(&sinks) {
        let _ = ours.name().map(|ours| client.connect_ports_by_name(&ours, theirs));
    }
}

impl Device for Jack {
    fn format(&self) -> &DeviceFormat {
        &self.format
    }

    fn latency(&self) -> DriverLatency {
        if self.gone.load(Ordering::Acquire) {
            return DriverLatency::default();
        }
        let most = |ports: &[Port<Unowned>], kind: fn() -> LatencyType| {
            ports.iter().map(|port| port.get_latency_range(kind()).1).max().unwrap_or(0)
        };
        DriverLatency {
            input: most(&self.inputs, || LatencyType::Capture),
            output: most(&self.outputs, || LatencyType::Playback),
        }
    }

    fn start(&mut self, voice: Voice) -> Result<(), DeviceError> {
        let State::Open(client, ports) = std::mem::replace(&mut self.state, State::Gone) else {
            return Err(DeviceError::Failed {
                device: "JACK".to_owned(),
                reason: "started twice".to_owned(),
            });
        };
        let notices = Notices { vitals: Arc::clone(voice.vitals()), gone: Arc::clone(&self.gone) };
        let handler = Handler { voice, ports, last: 0, time: 0 };
        let again = |ports: &[Port<Unowned>]| ports.iter().map(Port::clone_unowned).collect::<Vec<_>>();
        let (inputs, outputs) = (again(&self.inputs), again(&self.outputs));
        let begin = move || {
            let running = client.activate_async(notices, handler)?;
            plug(running.as_client(), &inputs, &outputs);
            Ok(running)
        };
        let begun = unanswered::wait(patience::OPENING, Arc::default(), begin);
        let begun = begun.ok_or(DeviceError::Hangs { host: Host::Jack })?;
        let failed =
            |error: jack::Error| DeviceError::Failed { device: "JACK".to_owned(), reason: error.to_string() };
        self.state = State::Running(begun.map_err(failed)?);
        Ok(())
    }
}

impl Drop for Jack {
    fn drop(&mut self) {
        let state = std::mem::replace(&mut self.state, State::Gone);
        if matches!(state, State::Gone) {
            return;
        }
        let gone = self.gone.load(Ordering::Acquire);
        let buffer = self.former_buffer.filter(|_| !gone);
        // For a server that died libjack may wait for ever.
        let patience = if gone { Duration::ZERO } else { patience::CLOSING };
        unanswered::wait(patience, Arc::clone(&self.gone), move || state.close(buffer));
    }
}

impl State {
    /// Leaves the server, with the block size that it had before, if that was changed.
    fn close(self, buffer: Option<Frames>) {
        let client = match &self {
            Self::Open(client, _) => Some(client),
            Self::Running(running) => Some(running.as_client()),
            Self::Gone => None,
        };
        if let (Some(client), Some(buffer)) = (client, buffer) {
            // A server that refuses keeps ours; nobody is left to be told.
            let _ = client.set_buffer_size(buffer);
        }
    }
}

/// What the server tells besides blocks.
struct Notices {
    vitals: Arc<Vitals>,
    gone: Arc<AtomicBool>,
}

impl NotificationHandler for Notices {
    fn thread_init(&self, _: &Client) {
        // One short call of the system, once, before the first block. Without its name it works as well.
        #[cfg(target_os = "linux")]
        let _ = rustix::thread::set_name(JACK_THREAD);
    }

    // SAFETY: declared unsafe by the trait because it must be safe in a signal handler; two atomic stores are.
    unsafe fn shutdown(&mut self, _: ClientStatus, _: &str) {
        self.gone.store(true, Ordering::Release);
        self.vitals.lost_device();
    }

    fn xrun(&mut self, _: &Client) -> Control {
        self.vitals.xrun();
        Control::Continue
    }
}

struct Handler {
    voice: Voice,
    ports: Ports,
    last: Frames,
    time: u64,
}

impl ProcessHandler for Handler {
    fn process(&mut self, _: &Client, scope: &ProcessScope) -> Control {
        // JACK's frame counter has 32 bits and wraps once a day; ours does not.
        let now = scope.last_frame_time();
        self.time += u64::from(now.wrapping_sub(self.last));
        self.last = now;
        let mut inputs: [&[f32]; MAX_PORTS] = [&[]; MAX_PORTS];
        for (slot, port) in inputs.iter_mut().zip(&self.ports.inputs) {
            *slot = port.as_slice(scope);
        }
        let mut outputs: [&mut [f32]; MAX_PORTS] = std::array::from_fn(|_| &mut [] as &mut [f32]);
        let count = self.ports.outputs.len();
        for (slot, port) in outputs.iter_mut().zip(&mut self.ports.outputs) {
            *slot = port.as_mut_slice(scope);
        }
        self.voice.call(&mut Io {
            input: &inputs[..self.ports.inputs.len()],
            output: &mut outputs[..count],
            frames: scope.n_frames() as usize,
            frame_time: self.time,
        });
        Control::Continue
    }
}
