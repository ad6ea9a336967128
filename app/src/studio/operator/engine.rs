//! How the engine in the app was over time: minute by minute, from what was measured and kept of it.
//!
//! Start at [`read`]. A minute is as the worst that was measured in it; one without a measurement is not known. The minute
//! that goes on is not kept yet.

use std::collections::BTreeMap;

use jarvis::clock::Wall;
use jarvis::intelligence::Bar;
use jarvis::layout::Layout;
use jarvis::store::{GaugeMinute, Reader, StoreError};

use crate::sound::{BUFFER, LOAD, MISSING, XRUNS};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// The engine over one span of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Engine {
    /// The time in equal parts, oldest first: of each, how it was.
    pub bars: Vec<Bar>,
}

impl Engine {
    /// The share of the measured time in which it was well; none: nothing was measured.
    #[must_use]
    pub fn well(&self) -> Option<f64> {
        let (well, all) = self.bars.iter().fold((0, 0), |(well, all), bar| {
            (well + bar.healthy_ms, all + bar.healthy_ms + bar.unwell_ms + bar.down_ms)
        });
        (all > 0).then(|| well as f64 / all as f64)
    }
}

/// How a minute was, worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Was {
    Well,
    /// Near to drop-outs, or beyond.
    Unwell,
    /// The device was not there.
    Down,
}

/// The engine in the last hours, in so many parts.
///
/// # Errors
/// [`StoreError`]: what is kept cannot be read.
pub(super) fn read(layout: &Layout, now: Wall, hours: u32, parts: u32) -> Result<Engine, StoreError> {
    let reader = Reader::open(&layout.events())?;
    let since = Wall(now.0 - i64::from(hours) * HOUR);
    let of = |name: &str| reader.gauge(name, since);
    let measured = Measured {
        buffer: of(BUFFER.name)?,
        load: of(LOAD.name)?,
        xruns: of(XRUNS.name)?,
        missing: of(MISSING.name)?,
    };
    Ok(Engine { bars: bars(&measured.judged(), since, now, parts) })
}

/// What was kept of some gauges, minute by minute, oldest first.
#[derive(Debug, Default)]
struct Measured {
    /// Only while a device is open: a program that rests says nothing of the engine.
    buffer: Vec<GaugeMinute>,
    load: Vec<GaugeMinute>,
    xruns: Vec<GaugeMinute>,
    missing: Vec<GaugeMinute>,
}

impl Measured {
    fn judged(&self) -> BTreeMap<i64, Was> {
        let mut minutes: BTreeMap<i64, Was> =
            self.buffer.iter().map(|minute| (minute.at.0, Was::Well)).collect();
        let heavy = |minute: &&GaugeMinute| LOAD.warn.is_some_and(|limit| minute.most >= limit);
        let unwell = self.load.iter().filter(heavy).map(|minute| minute.at.0).chain(self.dropped_out());
        for at in unwell {
            minutes.entry(at).and_modify(|was| *was = Was::Unwell);
        }
        let missing =
            self.missing.iter().filter(|minute| MISSING.fail.is_some_and(|limit| minute.most >= limit));
        minutes.extend(missing.map(|minute| (minute.at.0, Was::Down)));
        minutes
    }

    /// The minutes in which drop-outs were counted. The count begins anew with each device.
    fn dropped_out(&self) -> Vec<i64> {
        let mut before: Option<&GaugeMinute> = None;
        let mut minutes = Vec::new();
        for minute in &self.xruns {
            let last = before.filter(|before| minute.at.0 - before.at.0 == MINUTE).map(|before| before.last);
            if minute.last > last.map_or(minute.least, |last| last.min(minute.least)) {
                minutes.push(minute.at.0);
            }
            before = Some(minute);
        }
        minutes
    }
}

fn bars(minutes: &BTreeMap<i64, Was>, since: Wall, now: Wall, parts: u32) -> Vec<Bar> {
    let edge = |part: u32| since.0 + (now.0 - since.0) * i64::from(part) / i64::from(parts.max(1));
    let mut bars: Vec<Bar> =
        (0..parts).map(|part| Bar { from: Wall(edge(part)), ..Bar::default() }).collect();
    for (number, bar) in bars.iter_mut().enumerate() {
        let (begin, end) = (bar.from.0, edge(number as u32 + 1));
        // A minute may lie across an edge: each part has its share of it.
        for (at, was) in minutes.range(begin - MINUTE + 1..end) {
            let share = ((at + MINUTE).min(end) - (*at).max(begin)).max(0).unsigned_abs();
            match was {
                Was::Well => bar.healthy_ms += share,
                Was::Unwell => bar.unwell_ms += share,
                Was::Down => bar.down_ms += share,
            }
        }
        let known = bar.healthy_ms + bar.unwell_ms + bar.down_ms;
        bar.unknown_ms = (end - begin).unsigned_abs().saturating_sub(known);
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(at: i64, least: f64, last: f64) -> GaugeMinute {
        GaugeMinute { at: Wall(at * MINUTE), least, most: least.max(last), last }
    }

    #[test]
    fn a_minute_is_as_the_worst_in_it_and_what_was_not_measured_is_not_known() {
        let flat =
            |values: &[(i64, f64)]| values.iter().map(|(at, value)| minute(*at, *value, *value)).collect();
        let measured = Measured {
            buffer: flat(&[(0, 256.0), (1, 256.0)]),
            load: flat(&[(0, 0.2), (1, 0.8), (2, 0.0), (3, 0.9)]),
            xruns: Vec::new(),
            missing: flat(&[(0, 0.0), (1, 0.0), (2, 1.0), (3, 0.0), (4, 0.0)]),
        };
        let minutes = measured.judged();
        // Five minutes in parts of two and a half, of which the last two were not measured.
        // Seen red: with a minute as the best that was measured in it.
        let bars = bars(&minutes, Wall(0), Wall(5 * MINUTE), 2);
        let told: Vec<_> =
            bars.iter().map(|bar| (bar.healthy_ms, bar.unwell_ms, bar.down_ms, bar.unknown_ms)).collect();
        assert_eq!(told, [(60_000, 60_000, 30_000, 0), (0, 0, 30_000, 120_000)]);
        assert_eq!(Engine { bars }.well(), Some(60.0 / 180.0));
        assert_eq!(Engine::default().well(), None);
    }

    #[test]
    fn a_drop_out_makes_one_minute_unwell_and_a_new_device_none() {
        // Seen red: with each minute judged by the count alone.
        let xruns = vec![
            minute(0, 0.0, 0.0),
            minute(1, 0.0, 2.0),
            minute(2, 2.0, 2.0),
            // Counted between the last look at one minute and the first at the next.
            minute(3, 3.0, 3.0),
            // Another device.
            minute(4, 0.0, 0.0),
        ];
        let measured = Measured { xruns, ..Measured::default() };
        assert_eq!(measured.dropped_out(), [MINUTE, 3 * MINUTE]);
    }
}
