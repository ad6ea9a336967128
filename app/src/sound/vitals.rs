//! How the engine does, for the supervisor: written twice a second into a cell that the bridge reads, whether the window is in
//! sight or not.
//!
//! Start at [`Telling::follow`]. What gauges are called is decided here: the supervisor knows their names only.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use jarvis_bridge::vitals::{Scale, VitalsReader, VitalsWriter, cell};

use super::{DeviceState, Readout};

/// How often it is written.
const INTERVAL: Duration = Duration::from_millis(500);
/// What counts "in the last minute".
const MINUTE: Duration = Duration::from_secs(60);
/// How many gauges there are.
const GAUGES: usize = 9;

/// 1 while there is no device although one is wanted.
pub(crate) const MISSING: Scale =
    Scale { name: "audio_device_missing", unit: "count", warn: None, fail: Some(1.0) };
/// Share of the time allowed that the sound takes.
pub(crate) const LOAD: Scale = limited("audio_load", "share", 0.7, 0.95);
/// Drop-outs since the device was opened.
pub(crate) const XRUNS: Scale = plain("audio_xruns", "count");
/// Frames the device asks for at once; measured only while one is open.
pub(crate) const BUFFER: Scale = plain("audio_buffer", "frames");

/// What is measured. Counts are those since the device was opened, unless they say otherwise.
const SCALES: [Scale; GAUGES] = [
    MISSING,
    LOAD,
    XRUNS,
    // Drop-outs in the last minute.
    limited("audio_xruns_minute", "count", 1.0, 10.0),
    plain("audio_late_blocks", "count"),
    plain("audio_missed_frames", "frames"),
    // Looks in the last minute since which frames were missed, since the disk was late.
    limited("disk_stalls_minute", "count", 1.0, 10.0),
    plain("audio_round_trip", "ms"),
    BUFFER,
];

/// The bridge's end of the cell.
pub type Vitals = VitalsReader<GAUGES>;

const fn plain(name: &'static str, unit: &'static str) -> Scale {
    Scale { name, unit, warn: None, fail: None }
}

const fn limited(name: &'static str, unit: &'static str, warn: f64, fail: f64) -> Scale {
    Scale { name, unit, warn: Some(warn), fail: Some(fail) }
}

/// The sound thread's end of the cell.
#[derive(Debug)]
pub(super) struct Telling {
    cell: VitalsWriter<GAUGES>,
    told: Option<Instant>,
    /// Whether there ever was a device.
    ran: bool,
    /// Drop-outs and missed frames at each look of the last minute, oldest first.
    minute: VecDeque<(Instant, u64, u64)>,
}

impl Telling {
    pub(super) fn new() -> (Self, Vitals) {
        let (cell, reader) = cell(SCALES);
        (Self { cell, told: None, ran: false, minute: VecDeque::new() }, reader)
    }

    /// Tells how it is, if that is due. `song_rate`: of the song that is open, in whose frames the round trip is counted.
    pub(super) fn follow(&mut self, readout: &Readout, song_rate: Option<u32>) {
        let now = Instant::now();
        if self.told.is_some_and(|told| now - told < INTERVAL) {
            return;
        }
        self.told = Some(now);
        let values = self.values(now, readout, song_rate);
        self.cell.write(values);
    }

    fn values(&mut self, now: Instant, readout: &Readout, song_rate: Option<u32>) -> [f64; GAUGES] {
        let DeviceState::Running(device) = &readout.device else {
            self.minute.clear();
            let missing = matches!(readout.device, DeviceState::Missing(_));
            // The last figures of a device that is closed must not stand for ever; those that describe it say nothing new.
            let gone = if self.ran { 0.0 } else { f64::NAN };
            let [trip, buffer, xruns, late, missed] = [f64::NAN; 5];
            return [f64::from(u8::from(missing)), gone, xruns, gone, late, missed, gone, trip, buffer];
        };
        self.ran = true;
        let vitals = &readout.vitals;
        self.minute.push_back((now, vitals.xruns, vitals.missed_frames));
        while self.minute.front().is_some_and(|(at, ..)| now - *at > MINUTE) {
            self.minute.pop_front();
        }
        let xruns = self.minute.front().map_or(0, |first| vitals.xruns.saturating_sub(first.1));
        let looks = self.minute.iter().zip(self.minute.iter().skip(1));
        let stalls = looks.filter(|(before, after)| after.2 > before.2).count();
        let frames = device.round_trip + i64::from(device.plan_latency);
        let trip = song_rate.map_or(f64::NAN, |rate| frames as f64 / f64::from(rate.max(1)) * 1_000.0);
        [
            0.0,
            f64::from(readout.load),
            vitals.xruns as f64,
            xruns as f64,
            vitals.late_callbacks as f64,
            vitals.missed_frames as f64,
            stalls as f64,
            trip,
            f64::from(device.format.buffer),
        ]
    }
}

#[cfg(test)]
mod tests {
    use dawg_engine::VitalsReading;
    use dawg_engine::device::{DeviceFormat, Host};

    use super::*;
    use crate::calibration::Source;
    use crate::sound::Running;

    /// The device runs at 48,000.
    const SONG: Option<u32> = Some(96_000);

    fn readout(xruns: u64, missed_frames: u64) -> Readout {
        let format = DeviceFormat {
            host: Host::Timer,
            name: "timer".to_owned(),
            rate: 48_000,
            buffer: 256,
            inputs: 0,
            outputs: 2,
        };
        let device = Running { format, round_trip: 480, source: Source::Driver, plan_latency: 96 };
        let vitals = VitalsReading { xruns, missed_frames, ..VitalsReading::default() };
        Readout { device: DeviceState::Running(device), vitals, load: 0.25, ..Readout::default() }
    }

    #[test]
    fn what_happened_in_the_last_minute_is_over_after_it() {
        // Seen red: with nothing taken off the front, and with the last count taken for that of the minute.
        let (mut telling, _) = Telling::new();
        let begun = Instant::now();
        let mut at = |seconds, xruns, missed| {
            let values = telling.values(begun + Duration::from_secs(seconds), &readout(xruns, missed), SONG);
            [values[2], values[3], values[5], values[6]]
        };
        assert_eq!(at(0, 5, 0), [5.0, 0.0, 0.0, 0.0], "what was before it looked is nobody's minute");
        assert_eq!(at(1, 7, 100), [7.0, 2.0, 100.0, 1.0]);
        assert_eq!(at(30, 7, 900), [7.0, 2.0, 900.0, 2.0]);
        assert_eq!(at(80, 7, 900), [7.0, 0.0, 900.0, 0.0]);
    }

    #[test]
    fn the_round_trip_is_told_in_milliseconds_of_the_songs_frames() {
        // Seen red: with the device's rate in place of the song's.
        let (mut telling, _) = Telling::new();
        let now = Instant::now();
        let all = telling.values(now, &readout(7, 900), SONG);
        assert_eq!([all[0], all[1], all[7], all[8]], [0.0, 0.25, 6.0, 256.0], "576 frames of the song");
        assert!(telling.values(now, &readout(7, 900), None)[7].is_nan(), "there is no song");
    }

    #[test]
    fn a_device_that_is_gone_is_told_and_its_load_with_it() {
        // Seen red: with nothing told of a device that is closed, and with its last load left standing.
        let (mut telling, _) = Telling::new();
        let now = Instant::now();
        let none = telling.values(now, &Readout::default(), None);
        assert_eq!(none[0], 0.0, "nobody wants a device");
        assert!(none[1].is_nan(), "nothing was measured yet");
        telling.values(now, &readout(3, 0), SONG);
        let gone = Readout { device: DeviceState::Missing(String::new()), ..Readout::default() };
        let values = telling.values(now, &gone, SONG);
        assert_eq!([values[0], values[1], values[3]], [1.0, 0.0, 0.0]);
        assert!(values[2].is_nan() && values[7].is_nan(), "{values:?}");
    }
}
