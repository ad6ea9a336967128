//! How the engine in the app was over time: minute by minute, from what was measured and kept of it.
//!
//! Start at [`read`]. A minute is as the worst that was measured in it; one without a measurement is not known. The minute
//! that goes on is not kept yet.

use std::collections::BTreeMap;

use jarvis::clock::Wall;
use jarvis::intelligence::Bar;
use jarvis::layout::Layout;
use jarvis::store::{GaugeMinute, Reader, StoreError};

use crate::sound::{LOAD, MISSING, XRUNS_MINUTE};

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
    let mut minutes = BTreeMap::new();
    for scale in [MISSING, LOAD, XRUNS_MINUTE] {
        for minute in reader.gauge(scale.name, since)? {
            note(&mut minutes, &minute, judge(&minute, scale.warn, scale.fail, scale.name == MISSING.name));
        }
    }
    Ok(Engine { bars: bars(&minutes, since, now, parts) })
}

fn judge(minute: &GaugeMinute, warn: Option<f64>, fail: Option<f64>, is_device: bool) -> Was {
    let over = |limit: Option<f64>| limit.is_some_and(|limit| minute.most >= limit);
    match (is_device && over(fail), over(warn) || over(fail)) {
        (true, _) => Was::Down,
        (false, true) => Was::Unwell,
        (false, false) => Was::Well,
    }
}

fn note(minutes: &mut BTreeMap<i64, Was>, minute: &GaugeMinute, was: Was) {
    let known = minutes.entry(minute.at.0).or_insert(was);
    *known = (*known).max(was);
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

    fn minute(at: i64, most: f64) -> GaugeMinute {
        GaugeMinute { at: Wall(at * MINUTE), least: 0.0, most, last: 0.0 }
    }

    #[test]
    fn a_minute_is_as_the_worst_in_it_and_what_was_not_measured_is_not_known() {
        let mut minutes = BTreeMap::new();
        for (at, load, xruns, missing) in [(0, 0.2, 0.0, 0.0), (1, 0.2, 1.0, 0.0), (2, 0.0, 0.0, 1.0)] {
            for (scale, value) in [(LOAD, load), (XRUNS_MINUTE, xruns), (MISSING, missing)] {
                let minute = minute(at, value);
                note(&mut minutes, &minute, judge(&minute, scale.warn, scale.fail, scale == MISSING));
            }
        }
        // Five minutes in parts of two and a half, of which the last two were not measured.
        // Seen red: with a minute as the best that was measured in it.
        let bars = bars(&minutes, Wall(0), Wall(5 * MINUTE), 2);
        let told: Vec<_> =
            bars.iter().map(|bar| (bar.healthy_ms, bar.unwell_ms, bar.down_ms, bar.unknown_ms)).collect();
        assert_eq!(told, [(60_000, 60_000, 30_000, 0), (0, 0, 30_000, 120_000)]);
        assert_eq!(Engine { bars }.well(), Some(60.0 / 180.0));
        assert_eq!(Engine::default().well(), None);
    }
}
