//! One followed input: its tracker, and what its estimates are about.
//!
//! Start at [`Voice::hear`].

use dawg_dsp::pitch::{ESTIMATES_A_SECOND, Estimate, PitchError, PitchRange, Tracker};

use super::fold::Fold;

/// Peaks that are remembered, one an estimate: more than the tracker's latency.
const PEAKS: usize = 64;

/// What is to be followed: the tracks that share an input share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Never used twice by an engine.
    pub(super) id: u32,
    /// Hardware channels, from 1.
    pub(super) channels: Vec<u16>,
}

/// One that is followed.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) wanted: Wanted,
    tracker: Tracker,
    fold: Fold,
    mono: Vec<f32>,
    rate: u64,
    // Whole estimates begin on frames that are multiples of this, counted from the origin.
    grid: u64,
    run: Option<Run>,
    peaks: Peaks,
    // The number of the last estimate that was given.
    last: Option<u64>,
}

/// What came in without a gap.
#[derive(Debug, Clone, Copy)]
struct Run {
    // The frame that is moment 0 of the voice.
    origin: u64,
    // The frame that is moment 0 of the tracker.
    began: u64,
    // The frame that should come next.
    next: u64,
}

/// An estimate with the frame that it speaks of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    pub(super) estimate: Estimate,
    pub(super) frame: u64,
    pub(super) level: f32,
    /// Estimates that should have come before it.
    pub(super) missed: u64,
}

impl Voice {
    /// One that has heard nothing, at `rate` frames a second.
    ///
    /// # Errors
    /// When there is no tracker for this rate.
    pub(super) fn new(wanted: Wanted, rate: u32) -> Result<Self, PitchError> {
        Ok(Self {
            tracker: Tracker::live(rate, PitchRange::default())?,
            fold: Fold::new(wanted.channels.len(), rate),
            mono: Vec::new(),
            wanted,
            rate: u64::from(rate),
            grid: u64::from(rate / common(rate, ESTIMATES_A_SECOND)).max(1),
            run: None,
            peaks: Peaks::default(),
            last: None,
        })
    }

    /// The block that was heard last, as one channel.
    pub(super) fn mono(&self) -> &[f32] {
        &self.mono
    }

    /// Takes a block of its channels that begins with frame `at`, and gives what it has to say by now. After a gap it
    /// begins anew, on the next moment that lies on a frame; its numbers jump.
    pub(super) fn hear(&mut self, at: u64, channels: &[&[f32]], mut give: impl FnMut(Moment)) {
        self.fold.fold(channels, &mut self.mono);
        let Self { tracker, mono, rate, run, peaks, last, .. } = self;
        let until = at + mono.len() as u64;
        let fresh = Run { origin: at, began: at, next: at };
        let known = run.get_or_insert(fresh);
        if known.next != at {
            tracker.finish(&mut |_| ());
            known.began = known.origin + (at - known.origin).next_multiple_of(self.grid);
        }
        known.next = until;
        let Run { origin, began, .. } = *known;
        let skipped = began.saturating_sub(at).min(mono.len() as u64) as usize;
        let estimates = u64::from(ESTIMATES_A_SECOND);
        let mut from = at;
        while from < until {
            let hop = (from - origin) * estimates / *rate;
            let to = until.min(origin + ((hop + 1) * *rate).div_ceil(estimates));
            let part = (from - at) as usize..(to - at) as usize;
            let samples = channels.iter().filter_map(|channel| channel.get(part.clone())).flatten();
            peaks.add(hop, samples.fold(0.0, |peak, sample| peak.max(finite(*sample))));
            from = to;
        }
        let first = (began - origin) * estimates / *rate;
        tracker.push(&mono[skipped..], &mut |estimate| {
            let frame = began + estimate.number * *rate / estimates;
            let number = first + estimate.number;
            let missed = last.map_or(0, |last| number.saturating_sub(last + 1));
            *last = Some(number);
            let level = peaks.around(number);
            give(Moment { estimate: Estimate { number, ..estimate }, frame, level, missed });
        });
    }
}

fn finite(sample: f32) -> f32 {
    if sample.is_finite() { sample.abs() } else { 0.0 }
}

fn common(a: u32, b: u32) -> u32 {
    if b == 0 { a.max(1) } else { common(b, a % b) }
}

/// The peaks between the last moments: peak `n` lies between moments `n` and `n + 1`.
#[derive(Debug)]
struct Peaks {
    peaks: [f32; PEAKS],
    newest: u64,
}

impl Default for Peaks {
    fn default() -> Self {
        Self { peaks: [0.0; PEAKS], newest: 0 }
    }
}

impl Peaks {
    fn add(&mut self, number: u64, peak: f32) {
        let passed = number.saturating_sub(self.newest).min(PEAKS as u64);
        for back in 0..passed {
            self.peaks[(number - back) as usize % PEAKS] = 0.0;
        }
        self.newest = self.newest.max(number);
        let held = &mut self.peaks[number as usize % PEAKS];
        *held = held.max(peak);
    }

    /// On both sides of a moment.
    fn around(&self, number: u64) -> f32 {
        let of = |number: u64| {
            let held = number <= self.newest && self.newest - number < PEAKS as u64;
            if held { self.peaks[number as usize % PEAKS] } else { 0.0 }
        };
        of(number).max(number.checked_sub(1).map_or(0.0, of))
    }
}
