//! `ai-dawg calibrate`

use std::fmt::{self, Display, Formatter};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use dawg_engine::Engine;
use dawg_engine::calibrate::Measured;
use dawg_engine::device::{DeviceFormat, DriverLatency, Host};
use dawg_session::{Name, Samples, Session, SongId, Tempo};
use serde::Serialize;

use super::output::{Output, note};
use super::sound::{SoundOptions, Waited, Watch};
use crate::calibration::{self, Calibration, advice};

/// Measure how late what is played comes back, so that takes land to the sample.
///
/// Connect output 1 of the interface to its input by a cable; or, for the way that you will sing, hold one side of the
/// headphones to the microphone and turn both up as for singing. With JACK, connect ai-dawg:out_1 to ai-dawg:in_1
/// through whatever is to be measured. Some four seconds of noise at −12 dBFS are played: take the headphones off.
///
/// What is found is stored for this device, rate and buffer, and used by every recording from then on, here and in the
/// window. If nothing comes back, nothing is changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ai-dawg calibrate
  ai-dawg calibrate --host jack --buffer 128 --input 2
  ai-dawg calibrate --forget")]
pub struct Arguments {
    /// The hardware input that the cable or the microphone is on
    #[arg(long, value_name = "N", default_value_t = 1)]
    input: u16,
    /// Frames a second: that of your songs [default: the device's own, 48000 if it can]
    #[arg(long, value_name = "HZ")]
    rate: Option<u32>,
    /// Forget what was measured for this device, rate and buffer
    #[arg(long)]
    forget: bool,
    #[command(flatten)]
    sound: SoundOptions,
}

/// What was measured, and of what.
#[derive(Serialize)]
struct Report {
    host: Host,
    device: String,
    rate: u32,
    buffer: u32,
    input: u16,
    round_trip_frames: i64,
    round_trip_ms: f64,
    driver_frames: i64,
    /// What the driver does not know.
    extra_frames: i64,
    confidence: f64,
    level_db: f64,
    inverted: bool,
    stored: bool,
    advice: Option<String>,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { device, rate, buffer, input, round_trip_frames, round_trip_ms, .. } = self;
        let Self { driver_frames, extra_frames, confidence, level_db, .. } = self;
        writeln!(f, "{device}, {rate} Hz, {buffer} frames, input {input}")?;
        writeln!(f, "round trip {round_trip_frames} frames ({round_trip_ms:.1} ms)")?;
        writeln!(f, "of these the driver says {driver_frames}; {extra_frames} were hidden from it")?;
        let upside_down = if self.inverted { ", upside down" } else { "" };
        let confidence = confidence * 100.0;
        writeln!(f, "it came back at {level_db:.0} dB{upside_down}, confidence {confidence:.0} %")?;
        write!(f, "stored: every recording with this device, rate and buffer uses it")?;
        match &self.advice {
            Some(advice) => write!(f, "\n{advice}"),
            None => Ok(()),
        }
    }
}

/// What was forgotten.
#[derive(Serialize)]
struct Forgotten {
    host: Host,
    device: String,
    rate: u32,
    buffer: u32,
    forgotten: bool,
}

impl Display for Forgotten {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { device, rate, buffer, .. } = self;
        match self.forgotten {
            true => write!(
                f,
                "forgotten: {device}, {rate} Hz, {buffer} frames uses the driver's own figures again"
            ),
            false => write!(f, "nothing was measured of {device} at {rate} Hz and {buffer} frames"),
        }
    }
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<()> {
    let data = super::data_folder()?;
    let mut watch = Watch::begin()?;
    let mut engine = open(arguments)?;
    if arguments.forget {
        return forget(engine.format(), &data, output);
    }
    wait(watch.settle(&mut engine), &engine)?;
    if !engine.ready() {
        bail!(
            "the device's streams do not flow: check that its input is there, and try again; nothing was changed"
        );
    }
    let measured = measure(&mut engine, &mut watch, arguments.input)?;
    let (format, driver) = (engine.format().clone(), engine.driver_latency());
    let rate = engine.session().sample_rate;
    drop(engine);
    let (mut calibrations, notice) = calibration::load(&data);
    notice.iter().for_each(|notice| note(notice));
    calibrations.put(Calibration::new(&format, rate, driver, &measured));
    calibration::save(&data, &calibrations)
        .with_context(|| format!("{} frames were measured, but not stored", measured.round_trip))?;
    output.say(&report(&format, rate, driver, &measured))
}

/// An empty song on the device.
fn open(arguments: &Arguments) -> Result<Engine> {
    if let Some(rate) = arguments.rate
        && !(8_000..=192_000).contains(&rate)
    {
        bail!("a rate of {rate} Hz is out of range: give 8000 to 192000");
    }
    let start = |rate: u32| -> Result<Engine> {
        let session = Session::new(SongId::fresh(), Name::new("Calibration")?, rate, Tempo::DEFAULT);
        let request = arguments.sound.request(rate, arguments.input.max(1))?;
        Ok(Engine::start(Arc::new(session), Path::new(""), &request)?)
    };
    let engine = start(arguments.rate.unwrap_or(48_000))?;
    let rate = engine.format().rate;
    if arguments.rate.is_some() || rate == 48_000 {
        return Ok(engine);
    }
    // Without resamplers between, the figure is the device's own.
    drop(engine);
    start(rate)
}

fn forget(format: &DeviceFormat, data: &Path, output: &mut Output) -> Result<()> {
    let (mut calibrations, notice) = calibration::load(data);
    notice.iter().for_each(|notice| note(notice));
    let forgotten = calibrations.forget(format);
    if forgotten {
        calibration::save(data, &calibrations).context("it could not be forgotten")?;
    }
    let DeviceFormat { host, name, rate, buffer, .. } = format.clone();
    output.say(&Forgotten { host, device: name, rate, buffer, forgotten })
}

fn measure(engine: &mut Engine, watch: &mut Watch, input: u16) -> Result<Measured> {
    engine.calibrate(input).map_err(|error| anyhow!("{error}"))?;
    loop {
        wait(watch.tick(engine), engine)?;
        if let Some(outcome) = engine.calibrated() {
            return Ok(outcome?);
        }
    }
}

fn wait(waited: Waited, engine: &Engine) -> Result<()> {
    match waited {
        Waited::Passed => Ok(()),
        Waited::Interrupted => bail!("stopped before anything was measured; nothing was changed"),
        Waited::Gone => Err(super::play::gone(engine)),
    }
}

fn report(format: &DeviceFormat, rate: u32, driver: DriverLatency, measured: &Measured) -> Report {
    Report {
        host: format.host,
        device: format.name.clone(),
        rate,
        buffer: format.buffer,
        input: measured.input,
        round_trip_frames: measured.round_trip,
        round_trip_ms: Samples(measured.round_trip).milliseconds(rate),
        driver_frames: driver.round_trip(),
        extra_frames: measured.round_trip - driver.round_trip(),
        confidence: measured.confidence,
        level_db: measured.level_db,
        inverted: measured.inverted,
        stored: true,
        advice: advice(format, measured.round_trip, rate),
    }
}
