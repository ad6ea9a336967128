//! Opening a device for a song: with its inputs if that is possible, without them if not.
//!
//! Start at [`open`]. Everything here may take seconds.

use std::path::Path;
use std::sync::Arc;

use dawg_engine::device::{Device, DeviceError, DeviceRequest, Host};
use dawg_engine::{Engine, EngineError};
use dawg_session::Session;

use super::DeviceChoice;

/// What opens a device: [`dawg_engine::device::open`], or a test's own.
pub type Opener = Box<dyn Fn(&DeviceRequest) -> Result<Box<dyn Device>, DeviceError> + Send>;

/// A song on a device.
pub(super) struct Opened {
    pub(super) engine: Engine,
    /// Inputs that were asked for; the device may have fewer.
    pub(super) inputs: u16,
    /// Why nothing can be recorded, if so.
    pub(super) no_microphone: Option<String>,
}

/// No device was opened.
pub(super) struct NotOpened {
    /// Why, in words for people.
    pub(super) why: String,
    /// The host that did not answer, if so: it may do so a moment later.
    pub(super) hangs: Option<Host>,
}

impl From<&EngineError> for NotOpened {
    fn from(error: &EngineError) -> Self {
        let hangs = match error {
            EngineError::Device(DeviceError::Hangs { host }) => Some(*host),
            _ => None,
        };
        Self { why: explain(error), hangs }
    }
}

/// The highest hardware input that a track of the song uses; two at least, for whoever sings next.
pub(super) fn inputs_of(session: &Session) -> u16 {
    let channels = session.tracks.iter().flat_map(|track| track.input.channels());
    channels.copied().max().unwrap_or(0).max(2)
}

/// Puts the song on the chosen device. Without an input device it is opened for playing alone.
///
/// # Errors
/// When there is none that works.
pub(super) fn open(
    opener: &Opener,
    choice: &DeviceChoice,
    session: &Arc<Session>,
    audio_folder: &Path,
) -> Result<Opened, NotOpened> {
    let start = |inputs: u16| {
        let DeviceChoice { host, device, buffer } = choice.clone();
        let request = DeviceRequest { host, device, buffer, rate: session.sample_rate, inputs };
        let device = opener(&request)?;
        Engine::on_device(Arc::clone(session), audio_folder, device)
    };
    let inputs = inputs_of(session);
    let error = match start(inputs) {
        Ok(engine) => return Ok(Opened { engine, inputs, no_microphone: None }),
        Err(error) if is_of_host(&error) => return Err(NotOpened::from(&error)),
        Err(error) => error,
    };
    let engine = start(0).map_err(|error| NotOpened::from(&error))?;
    let why = format!(
        "no microphone: {} The song can be played; recording needs an input device.",
        explain(&error)
    );
    Ok(Opened { engine, inputs, no_microphone: Some(why) })
}

/// Whether the host is why, so that leaving the microphone out mends nothing. Trying it all the same would open a server that
/// came up between the two tries, and nobody could record with it.
fn is_of_host(error: &EngineError) -> bool {
    matches!(error, EngineError::Device(DeviceError::NoHost { .. } | DeviceError::Hangs { .. }))
}

/// Why there is no sound and what to do, for somebody before a window.
pub(super) fn explain(error: &EngineError) -> String {
    let EngineError::Device(error) = error else { return sentence(&error.to_string()) };
    match error {
        DeviceError::NoHost { host, reason, .. } => format!(
            "{} cannot be used ({reason}). Start it and open it again, or choose another host in the audio settings.",
            host.name().to_uppercase()
        ),
        DeviceError::Hangs { host } => format!(
            "{} does not answer. It is opened by itself as soon as it does; if it does not, start it anew, or choose another \
             host in the audio settings.",
            host.name().to_uppercase()
        ),
        DeviceError::NoDevice { what, .. } => format!(
            "There is no {what}. Plug one in or start the desktop's sound server and open it again, or choose another \
             in the audio settings."
        ),
        DeviceError::Unsupported { device, what, .. } => {
            format!("{device} cannot do {what}. Choose another device or buffer in the audio settings.")
        }
        other => sentence(&other.to_string()),
    }
}

/// What to say when a device has vanished.
pub(super) fn vanished(name: &str) -> String {
    format!(
        "The sound device {name} has vanished. Plug it in or start its server again: it is opened by itself then."
    )
}

/// With a capital and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    let text: String = first.into_iter().flatten().chain(chars).collect();
    if text.ends_with(['.', '!', '?', '…']) { text } else { text + "." }
}
