//! Sound cards and desktop sound servers through cpal (ALSA on Linux).
//!
//! cpal opens input and output apart, each with its own callback. The output is the clock; what comes in waits
//! in a stamped ring, whose offset is measured at every opening (see `join`). Start at [`open`].

mod clock;
mod follow;
mod join;
mod line;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use cpal::traits::{DeviceTrait, HostTrait};
use cpal::{
    BufferSize, ErrorKind, FromSample, InputCallbackInfo, OutputCallbackInfo, Sample, SampleFormat,
    SizedSample, Stream, StreamConfig,
};

use super::{
    Device, DeviceError, DeviceFormat, DeviceListing, DeviceRequest, DriverLatency, Host, Voice, patience,
};
use crate::vitals::Vitals;
use join::{InputSide, Joint, Offset, OutputSide};
use line::{Health, Held, Line, NotStarted};

/// What is asked for when nothing else is: well below 10 ms.
const BUFFER: u32 = 256;

const ADVICE: &str =
    "Plug a sound card in or start the desktop's sound server; `--host timer` works without.";

/// A pair of cpal streams.
struct Card {
    format: DeviceFormat,
    output: Side,
    input: Option<Side>,
    offset: Arc<Offset>,
    listening: Option<Line<InputSide>>,
    speaking: Option<Line<OutputSide>>,
    vitals: Option<Arc<Vitals>>,
}

/// One direction of a device with the format chosen for it.
#[derive(Clone)]
struct Side {
    device: cpal::Device,
    config: StreamConfig,
    sample_format: SampleFormat,
}

/// Opens the device asked for, or the default one.
///
/// # Errors
/// When there is none, when it cannot run at the song's rate, or when its sound server hangs.
pub fn open(request: &DeviceRequest) -> Result<Box<dyn Device>, DeviceError> {
    let request = request.clone();
    let opened = patience::within(patience::OPENING, move || open_waiting(&request));
    opened.unwrap_or(Err(DeviceError::Hangs { host: Host::Alsa }))
}

fn open_waiting(request: &DeviceRequest) -> Result<Box<dyn Device>, DeviceError> {
    quiet();
    let host = cpal::default_host();
    let output = find(&host, request, false)?;
    let output = side(output, request, false)?;
    // The output may have had to take another rate; the input follows it.
    let request = &DeviceRequest { rate: output.config.sample_rate, ..request.clone() };
    let input = match request.inputs {
        0 => None,
        _ => Some(side(find(&host, request, true)?, request, true)?),
    };
    let format = DeviceFormat {
        host: Host::Alsa,
        name: name_of(&output.device),
        rate: request.rate,
        buffer: request.buffer.unwrap_or(BUFFER),
        inputs: input.as_ref().map_or(0, |side| side.config.channels),
        outputs: output.config.channels,
    };
    Ok(Box::new(Card {
        format,
        output,
        input,
        offset: Arc::default(),
        listening: None,
        speaking: None,
        vitals: None,
    }))
}

/// Every device of cpal's that can be opened, and the default one even if it cannot. ALSA also names plug-ins
/// that lead nowhere; nobody looks for those.
#[must_use]
pub fn list() -> Vec<DeviceListing> {
    quiet();
    let host = cpal::default_host();
    let default = host.default_output_device().map(|device| name_of(&device));
    let Ok(devices) = host.devices() else { return Vec::new() };
    let listings = devices.map(|device| listing(&device, default.as_deref()));
    listings.filter(|listing| listing.default || listing.error.is_none() && listing.name != "null").collect()
}

/// ALSA's library writes what it tries in vain to standard error; on this thread it keeps it to itself from now on.
fn quiet() {
    #[cfg(target_os = "linux")]
    drop(alsa::Output::local_error_handler());
}

fn listing(device: &cpal::Device, default: Option<&str>) -> DeviceListing {
    let most = |configs: Result<Vec<cpal::SupportedStreamConfigRange>, cpal::Error>| match configs {
        Ok(configs) => (configs.iter().map(|config| config.channels()).max().unwrap_or(0), configs, None),
        Err(error) => (0, Vec::new(), Some(error.to_string())),
    };
    let (inputs, _, input_error) = most(device.supported_input_configs().map(Iterator::collect));
    let (outputs, configs, output_error) = most(device.supported_output_configs().map(Iterator::collect));
    let rates = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000].into_iter().filter(|rate| {
        configs.iter().any(|config| (config.min_sample_rate()..=config.max_sample_rate()).contains(rate))
    });
    let name = name_of(device);
    DeviceListing {
        host: Host::Alsa,
        default: default == Some(name.as_str()),
        name,
        inputs,
        outputs,
        rates: rates.collect(),
        error: if inputs + outputs == 0 { output_error.or(input_error) } else { None },
    }
}

fn name_of(device: &cpal::Device) -> String {
    device.id().map_or_else(|_| device.to_string(), |id| id.id().to_owned())
}

fn find(host: &cpal::Host, request: &DeviceRequest, input: bool) -> Result<cpal::Device, DeviceError> {
    let kind = if input { "input device" } else { "output device" };
    let none = |what: String, reason: String| DeviceError::NoDevice { what, reason };
    match &request.device {
        Some(wanted) => {
            let devices = host.devices().map_err(|error| none(kind.to_owned(), error.to_string()))?;
            let named = devices
                .into_iter()
                .filter(|device| name_of(device) == *wanted || device.to_string() == *wanted);
            choose(named.map(|device| (name_of(&device), device)).collect(), wanted)
                .map_err(|reason| none(format!("{kind} “{wanted}”"), reason))
        }
        None if input => host.default_input_device().ok_or_else(|| none(kind.to_owned(), ADVICE.to_owned())),
        None => host.default_output_device().ok_or_else(|| none(kind.to_owned(), ADVICE.to_owned())),
    }
}

/// The one of several devices with their own names that is meant by `wanted`: nobody whose two interfaces are called the
/// same may record from the other one.
fn choose<T>(mut named: Vec<(String, T)>, wanted: &str) -> Result<T, String> {
    let exact = named.iter().position(|(name, _)| name == wanted);
    match (exact, named.len()) {
        (Some(at), _) => Ok(named.swap_remove(at).1),
        (None, 1) => Ok(named.swap_remove(0).1),
        (None, 0) => Err("nothing has that name".to_owned()),
        (None, several) => {
            let names: Vec<_> = named.iter().map(|(name, _)| format!("“{name}”")).collect();
            Err(format!(
                "{several} devices are called that: name the one that is meant, {}",
                names.join(" or ")
            ))
        }
    }
}

/// Chooses the format: the song's rate, float before integers, the fewest channels that suffice.
fn side(device: cpal::Device, request: &DeviceRequest, input: bool) -> Result<Side, DeviceError> {
    let kind = if input { "input" } else { "output" };
    let gone = |error: cpal::Error| match error.kind() {
        ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable => {
            DeviceError::NoDevice { what: format!("{kind} device"), reason: error.to_string() }
        }
        _ => DeviceError::Failed { device: name_of(&device), reason: error.to_string() },
    };
    let configs: Vec<_> = if input {
        device.supported_input_configs().map_err(gone)?.collect()
    } else {
        device.supported_output_configs().map_err(gone)?.collect()
    };
    let needed = if input { request.inputs } else { 2 };
    let rank = |format: SampleFormat| match format {
        SampleFormat::F32 => Some(0),
        SampleFormat::I32 => Some(1),
        SampleFormat::I16 => Some(2),
        _ => None,
    };
    // The song's rate; for an output also the next best, with resamplers around it.
    let runs_at = |rate: u32| {
        configs.iter().any(|config| (config.min_sample_rate()..=config.max_sample_rate()).contains(&rate))
    };
    let others = if input { &[][..] } else { &[48_000, 44_100, 96_000, 192_000][..] };
    let rate =
        [request.rate].iter().chain(others).copied().find(|rate| runs_at(*rate)).unwrap_or(request.rate);
    let best = configs
        .iter()
        .filter(|config| (config.min_sample_rate()..=config.max_sample_rate()).contains(&rate))
        .filter_map(|config| Some((config.channels() < needed, rank(config.sample_format())?, config)))
        .min_by_key(|(short, rank, config)| (*short, *rank, config.channels()));
    let Some((_, _, best)) = best else {
        return Err(DeviceError::Unsupported {
            device: name_of(&device),
            what: format!("{rate} Hz in a known format as {kind}"),
            advice: "Choose another device, or make a song at a rate that it knows (`ai-dawg devices`)."
                .to_owned(),
        });
    };
    let channels =
        if best.channels() < needed { best.channels() } else { best.channels().min(needed.max(2)) };
    let buffer_size = BufferSize::Fixed(request.buffer.unwrap_or(BUFFER));
    let config = StreamConfig { channels, sample_rate: rate, buffer_size };
    let sample_format = best.sample_format();
    Ok(Side { device, config, sample_format })
}

impl Device for Card {
    fn format(&self) -> &DeviceFormat {
        &self.format
    }

    fn latency(&self) -> DriverLatency {
        self.offset.latency()
    }

    fn start(&mut self, voice: Voice) -> Result<(), DeviceError> {
        let vitals = Arc::clone(voice.vitals());
        let inputs = self.input.as_ref().map_or(0, |side| usize::from(side.config.channels));
        let (input, output) =
            Joint::new(voice, inputs, usize::from(self.format.outputs), self.format.rate, &self.offset)
                .split();
        let device = self.format.name.clone();
        let failed = |error: NotStarted| match error {
            NotStarted::Hangs => DeviceError::Hangs { host: Host::Alsa },
            NotStarted::Failed(error) => {
                DeviceError::Failed { device: device.clone(), reason: error.to_string() }
            }
        };
        // The input first, so that something has come in when the output first asks.
        if let Some(side) = &self.input {
            let mut line = Line::new(input);
            line.start(side.listening(&vitals)).map_err(failed)?;
            self.listening = Some(line);
        }
        let mut line = Line::new(output);
        let buffer = line.start(self.output.speaking(&vitals)).map_err(failed)?;
        self.format.buffer = buffer.unwrap_or(self.format.buffer);
        self.speaking = Some(line);
        self.vitals = Some(vitals);
        Ok(())
    }

    fn tick(&mut self) {
        let Some(vitals) = &self.vitals else { return };
        let heard = match (&mut self.listening, &self.input) {
            (Some(line), Some(side)) => line.tend(|| side.listening(vitals)),
            _ => true,
        };
        let said = match &mut self.speaking {
            Some(line) => line.tend(|| self.output.speaking(vitals)),
            None => true,
        };
        if !heard || !said {
            vitals.lost_device();
        }
    }

    fn ready(&self) -> bool {
        self.input.is_none() || self.offset.measured()
    }

    fn trouble(&self) -> Option<String> {
        let restarts =
            |health: Option<&Arc<Health>>| health.map_or(0, |health| health.restarts.load(Ordering::Relaxed));
        let count = restarts(self.listening.as_ref().map(|line| &line.health))
            + restarts(self.speaking.as_ref().map(|line| &line.health));
        self.offset.trouble().or_else(|| {
            (count > 0).then(|| format!("the sound device failed and was started again ({count} time(s)): what sounded then is lost"))
        })
    }
}

impl Side {
    /// What builds the stream of an input, on whichever thread.
    fn listening(
        &self,
        vitals: &Arc<Vitals>,
    ) -> impl FnOnce(Held<InputSide>, Arc<Health>) -> Result<Stream, cpal::Error> + Send + use<> {
        let (side, vitals) = (self.clone(), Arc::clone(vitals));
        move |held, health| side.listen(held, health, &vitals)
    }

    /// The same of an output.
    fn speaking(
        &self,
        vitals: &Arc<Vitals>,
    ) -> impl FnOnce(Held<OutputSide>, Arc<Health>) -> Result<Stream, cpal::Error> + Send + use<> {
        let (side, vitals) = (self.clone(), Arc::clone(vitals));
        move |held, health| side.speak(held, health, &vitals)
    }

    fn listen(
        &self,
        held: Held<InputSide>,
        health: Arc<Health>,
        vitals: &Arc<Vitals>,
    ) -> Result<Stream, cpal::Error> {
        match self.sample_format {
            SampleFormat::I32 => self.listen_as::<i32>(held, health, vitals),
            SampleFormat::I16 => self.listen_as::<i16>(held, health, vitals),
            _ => self.listen_as::<f32>(held, health, vitals),
        }
    }

    fn listen_as<T: SizedSample>(
        &self,
        mut held: Held<InputSide>,
        health: Arc<Health>,
        vitals: &Arc<Vitals>,
    ) -> Result<Stream, cpal::Error>
    where
        f32: FromSample<T>,
    {
        let convert = |sample: &T| f32::from_sample(*sample);
        let errors = complain(&health, vitals);
        self.device.build_input_stream(
            self.config,
            move |samples: &[T], info: &InputCallbackInfo| {
                health.alive();
                if let Some(side) = held.side() {
                    side.take(samples, convert, info.timestamp().capture.as_nanos() as u64);
                }
            },
            errors,
            None,
        )
    }

    fn speak(
        &self,
        held: Held<OutputSide>,
        health: Arc<Health>,
        vitals: &Arc<Vitals>,
    ) -> Result<Stream, cpal::Error> {
        match self.sample_format {
            SampleFormat::I32 => self.speak_as::<i32>(held, health, vitals),
            SampleFormat::I16 => self.speak_as::<i16>(held, health, vitals),
            _ => self.speak_as::<f32>(held, health, vitals),
        }
    }

    fn speak_as<T: SizedSample + FromSample<f32>>(
        &self,
        mut held: Held<OutputSide>,
        health: Arc<Health>,
        vitals: &Arc<Vitals>,
    ) -> Result<Stream, cpal::Error> {
        let errors = complain(&health, vitals);
        self.device.build_output_stream(
            self.config,
            move |samples: &mut [T], info: &OutputCallbackInfo| {
                health.alive();
                let (played, now) = (info.timestamp().playback, info.timestamp().callback);
                if let Some(side) = held.side() {
                    side.give(samples, T::from_sample, played.as_nanos() as u64, now.as_nanos() as u64);
                }
            },
            errors,
            None,
        )
    }
}

/// Passes on what the host reports. Called on the stream's thread: no locks, no logs.
fn complain(health: &Arc<Health>, vitals: &Arc<Vitals>) -> impl FnMut(cpal::Error) + Send + 'static {
    let (health, vitals) = (Arc::clone(health), Arc::clone(vitals));
    move |error| health.report(error.kind(), &vitals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_devices_with_one_name_none_is_taken_at_random() {
        let two = || vec![("hw:CARD=A".to_owned(), 1), ("hw:CARD=B".to_owned(), 2)];
        assert_eq!(choose(two(), "hw:CARD=B"), Ok(2));
        let said = choose(two(), "USB Audio").unwrap_err();
        assert!(said.contains("2 devices") && said.contains("“hw:CARD=A” or “hw:CARD=B”"), "{said}");
        assert_eq!(choose(two()[..1].to_vec(), "USB Audio"), Ok(1));
        assert!(choose(Vec::<(String, i32)>::new(), "USB Audio").is_err());
    }
}
