//! What is to be written at the end of the turn, or as soon as the disk takes it.
//!
//! Start at [`Waiting`]. Bounded: while nothing can be written the newest is kept, and what had to go is counted.

use std::collections::{BTreeMap, VecDeque};

use super::lived::Span;
use super::row::Row;
use crate::alert::Alert;
use crate::clock::Wall;
use crate::gauge::Gauge;
use crate::latency::Sample;

/// The most events and the most samples that wait: some 15 MB, and hours of any trouble but a storm.
pub(super) const MOST: usize = 50_000;
/// The most spans, and minutes of gauges, that wait.
const MOST_OTHERS: usize = 10_000;
/// So many samples are written at once, and so many milliseconds they wait for that at most.
const SAMPLES: usize = 1000;
const SAMPLES_MS: u64 = 10_000;
const MINUTE_MS: i64 = 60_000;

/// What was read off a gauge in one minute.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Minute {
    pub(super) unit: String,
    pub(super) least: f64,
    pub(super) most: f64,
    pub(super) last: f64,
    pub(super) warn: Option<f64>,
    pub(super) fail: Option<f64>,
}

/// What waits.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    pub(super) events: VecDeque<Row>,
    pub(super) samples: VecDeque<(Wall, String, Sample)>,
    pub(super) settings: BTreeMap<String, String>,
    pub(super) alerts: BTreeMap<u64, Alert>,
    pub(super) spans: BTreeMap<(String, i64), Span>,
    pub(super) versions: Vec<(Wall, String, String)>,
    /// By minute and name. The newest minute still grows and waits until it is over.
    pub(super) gauges: BTreeMap<(i64, String), Minute>,
    minute: i64,
    /// Events and samples that had to go.
    pub(super) lost: u64,
}

impl Waiting {
    pub(super) fn event(&mut self, row: Row) {
        self.events.push_back(row);
        if self.events.len() > MOST {
            self.events.pop_front();
            self.lost += 1;
        }
    }

    pub(super) fn sample(&mut self, at: Wall, service: &str, sample: Sample) {
        self.samples.push_back((at, service.to_owned(), sample));
        if self.samples.len() > MOST {
            self.samples.pop_front();
            self.lost += 1;
        }
    }

    pub(super) fn spans(&mut self, spans: Vec<Span>) {
        for span in spans {
            self.spans.insert((span.service.clone(), span.since), span);
        }
        while self.spans.len() > MOST_OTHERS {
            self.spans.pop_first();
        }
    }

    pub(super) fn gauge(&mut self, at: Wall, gauge: &Gauge) {
        self.minute = at.0.div_euclid(MINUTE_MS);
        let value = gauge.value;
        let entry = self.gauges.entry((self.minute, gauge.name.clone()));
        let minute = entry.or_insert_with(|| Minute {
            unit: gauge.unit.clone(),
            least: value,
            most: value,
            last: value,
            warn: gauge.warn,
            fail: gauge.fail,
        });
        minute.least = minute.least.min(value);
        minute.most = minute.most.max(value);
        minute.last = value;
        while self.gauges.len() > MOST_OTHERS {
            self.gauges.pop_first();
        }
    }

    /// The minutes of gauges that are over by `now`; with none, all.
    pub(super) fn minutes(&self, now: Option<Wall>) -> Vec<(i64, String)> {
        let minute = now.map(|now| now.0.div_euclid(MINUTE_MS));
        self.gauges.keys().filter(|(of, _)| Some(*of) != minute).cloned().collect()
    }

    /// All of that is on the disk.
    pub(super) fn written(&mut self, now: Option<Wall>) {
        for key in self.minutes(now) {
            self.gauges.remove(&key);
        }
        let gauges = std::mem::take(&mut self.gauges);
        *self = Self { gauges, minute: self.minute, ..Self::default() };
    }

    /// Something is to be written now. Samples may wait a while for more: they come singly, all the time.
    pub(super) fn is_due(&self, now: Wall) -> bool {
        let first = self.samples.front().map(|(at, ..)| now.0.abs_diff(at.0));
        self.len() > self.samples.len()
            || self.samples.len() >= SAMPLES
            || first.is_some_and(|waited| waited >= SAMPLES_MS)
            || !self.minutes(Some(now)).is_empty()
    }

    /// How many rows wait that should not wait for long.
    pub(super) fn len(&self) -> usize {
        let many = self.events.len() + self.samples.len() + self.spans.len() + self.versions.len();
        many + self.settings.len() + self.alerts.len()
    }
}
