//! The round trips that were measured: `calibrations.json` in the data folder, beside the preferences.
//!
//! What is stored is the analogue part, measured less the driver's own figure at that opening: cable, air, converters,
//! and what the driver does not know. A driver may start otherwise the next time (two streams never start equally far
//! apart), so the figure of the present opening is added fresh. Start at [`Calibrations::round_trip`].
//!
//! A figure belongs to a host, a device, its rate and its buffer. The device is named as the host tells its devices
//! apart (ALSA's `hw:CARD=…`), which two interfaces of one make do not share; JACK has one device, its server. An
//! input is not part of it: the inputs of a device are equally late.

use std::io::ErrorKind;
use std::path::Path;

use dawg_engine::Engine;
use dawg_engine::calibrate::Measured;
use dawg_engine::device::{DeviceFormat, DriverLatency, Host};
use dawg_media::MediaError;
use dawg_media::files::{publish, write_whole};
use dawg_session::{Samples, now_ms};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The file's name.
const FILE: &str = "calibrations.json";

/// A round trip longer than this is heard.
pub const LATE_MS: f64 = 10.0;

/// One measurement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Its host.
    pub host: Host,
    /// The device, as its host tells it apart.
    pub device: String,
    /// Frames a second of the device.
    pub rate: u32,
    /// Frames a call.
    pub buffer: u32,
    /// Frames of the device beyond the driver's figure; less than none where that says too much.
    pub extra_frames: i64,
    /// The hardware input that it was measured on.
    pub input: u16,
    /// When, in milliseconds since 1970.
    pub measured_ms: i64,
}

/// Where a round trip comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Measured at this moment (milliseconds since 1970).
    Calibrated {
        /// When.
        measured_ms: i64,
    },
    /// The driver's own figures.
    Driver,
}

/// What a take is moved by, for the device's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RoundTrip {
    /// Frames of the song.
    pub frames: i64,
    /// Where that comes from.
    pub source: Source,
}

/// All measurements of this person's devices.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Calibrations {
    calibrations: Vec<Calibration>,
}

impl Calibration {
    /// What `measured` says about a device, beside the driver's figure when it was measured; both are frames of a song
    /// at `song_rate`.
    #[must_use]
    pub fn new(format: &DeviceFormat, song_rate: u32, driver: DriverLatency, measured: &Measured) -> Self {
        let extra = measured.round_trip - driver.round_trip();
        Self {
            host: format.host,
            device: device_of(format),
            rate: format.rate,
            buffer: format.buffer,
            extra_frames: convert(extra, song_rate, format.rate),
            input: measured.input,
            measured_ms: now_ms(),
        }
    }

    /// No measurement comes to more than ten seconds; what does is damage, and must not move takes.
    fn is_plausible(&self) -> bool {
        self.extra_frames.unsigned_abs() <= 10 * u64::from(self.rate)
    }

    fn is_of(&self, format: &DeviceFormat) -> bool {
        self.host == format.host
            && self.rate == format.rate
            && self.buffer == format.buffer
            && self.device == device_of(format)
    }
}

impl Calibrations {
    /// What was measured of a device as it is open now.
    #[must_use]
    pub fn find(&self, format: &DeviceFormat) -> Option<&Calibration> {
        self.calibrations.iter().find(|calibration| calibration.is_of(format))
    }

    /// The round trip of a device as it is open now, for a song at `song_rate`: measured if it was, else by the driver.
    #[must_use]
    pub fn round_trip(&self, format: &DeviceFormat, song_rate: u32, driver: DriverLatency) -> RoundTrip {
        match self.find(format) {
            Some(found) => RoundTrip {
                frames: driver.round_trip() + convert(found.extra_frames, found.rate, song_rate),
                source: Source::Calibrated { measured_ms: found.measured_ms },
            },
            None => RoundTrip { frames: driver.round_trip(), source: Source::Driver },
        }
    }

    /// The same of a running engine.
    #[must_use]
    pub fn of(&self, engine: &Engine) -> RoundTrip {
        self.round_trip(engine.format(), engine.session().sample_rate, engine.driver_latency())
    }

    /// Puts `calibration` in the place of what was known of its device, rate and buffer.
    pub fn put(&mut self, calibration: Calibration) {
        let Calibration { host, ref device, rate, buffer, .. } = calibration;
        self.calibrations.retain(|known| {
            (known.host, &known.device, known.rate, known.buffer) != (host, device, rate, buffer)
        });
        self.calibrations.push(calibration);
    }

    /// Takes out what was measured of a device as it is open now; whether there was anything.
    pub fn forget(&mut self, format: &DeviceFormat) -> bool {
        let before = self.calibrations.len();
        self.calibrations.retain(|calibration| !calibration.is_of(format));
        self.calibrations.len() < before
    }

    /// Whether nothing was ever measured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.calibrations.is_empty()
    }
}

/// The device by what lasts: JACK numbers its clients, and its server is the device.
fn device_of(format: &DeviceFormat) -> String {
    match format.host {
        Host::Jack => "JACK".to_owned(),
        _ => format.name.clone(),
    }
}

fn convert(frames: i64, from: u32, to: u32) -> i64 {
    if from == to { frames } else { (frames as f64 * f64::from(to) / f64::from(from.max(1))).round() as i64 }
}

/// What was measured, with what has to be told: entries that cannot be read are left out; a file that is none is kept
/// as `calibrations.json.broken`.
#[must_use]
pub fn load(folder: &Path) -> (Calibrations, Option<String>) {
    let path = folder.join(FILE);
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return (Calibrations::default(), None),
        Err(error) => {
            let why = format!(
                "the measured latencies ({}) cannot be read: {error}. Until then the driver's own figures hold",
                path.display()
            );
            return (Calibrations::default(), Some(why));
        }
    };
    let Some(entries) = entries(&text) else {
        let broken = folder.join(format!("{FILE}.broken"));
        let kept = match publish(&path, &broken) {
            Ok(()) => format!("kept as {}", broken.display()),
            Err(error) => format!("left where it is: {error}"),
        };
        let why = format!(
            "the measured latencies were damaged ({kept}), so the driver's own figures hold: measure again with \
             `ai-dawg calibrate`"
        );
        return (Calibrations::default(), Some(why));
    };
    let all = entries.len();
    let calibrations: Vec<_> = entries
        .into_iter()
        .filter_map(|entry| serde_json::from_value(entry).ok().filter(Calibration::is_plausible))
        .collect();
    let unread = all - calibrations.len();
    let notice = (unread > 0).then(|| {
        format!("{unread} of the measured latencies cannot be read: measure again with `ai-dawg calibrate`")
    });
    (Calibrations { calibrations }, notice)
}

fn entries(text: &[u8]) -> Option<Vec<Value>> {
    match serde_json::from_slice::<Value>(text).ok()?.get_mut("calibrations")?.take() {
        Value::Array(entries) => Some(entries),
        _ => None,
    }
}

/// Writes all of it, whole or not at all.
///
/// # Errors
/// As the disk says; what was stored before is still there.
pub fn save(folder: &Path, calibrations: &Calibrations) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| MediaError::io(folder, error))?;
    Ok(write_whole(&folder.join(FILE), &serde_json::to_vec_pretty(calibrations)?)?)
}

/// What to do about a round trip that is heard; none for one that is not. `frames` are the song's, at `song_rate`.
#[must_use]
pub fn advice(format: &DeviceFormat, frames: i64, song_rate: u32) -> Option<String> {
    let ms = |frames: i64, rate: u32| Samples(frames).milliseconds(rate);
    let round_trip = ms(frames, song_rate);
    if round_trip <= LATE_MS || format.host == Host::Timer {
        return None;
    }
    let direct =
        "or listen to yourself through the interface (direct monitoring) and turn the track's monitoring off";
    // A block waits once on its way in and once on its way out, so that much is saved by a smaller one.
    let with =
        |buffer: u32| round_trip - ms(2 * i64::from(format.buffer.saturating_sub(buffer)), format.rate);
    let smaller = || (5..=9).rev().map(|power| 1 << power).filter(|buffer| *buffer < format.buffer);
    let enough = smaller().find(|buffer| with(*buffer) <= LATE_MS);
    let buffer = enough.or_else(|| smaller().next_back().filter(|buffer| with(*buffer) < round_trip / 2.0));
    let what = match buffer {
        Some(buffer) => format!(
            "A buffer of {buffer} frames in place of {} brings it to about {:.0} ms; {direct}",
            format.buffer,
            with(buffer).max(1.0)
        ),
        None if round_trip > 60.0 => format!(
            "Wireless headphones and the desktop's sound server take that long: plug wired ones into the interface and \
             open it directly (or with JACK), {direct}"
        ),
        None => format!(
            "A smaller buffer would not help enough. Open the interface directly or with JACK, {direct}"
        ),
    };
    Some(format!(
        "{round_trip:.1} ms pass until you hear yourself, and more than {LATE_MS:.0} ms are heard. {what}. Takes land in their place all the same."
    ))
}

#[cfg(test)]
mod tests;
