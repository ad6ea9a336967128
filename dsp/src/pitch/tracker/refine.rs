//! The exact pitch of what the path chose: over the longest time that agrees with the shorter ones.
//!
//! Start at [`Refine::about`]. A lag of several periods tells the period several times as exactly as a lag of one, and a
//! longer span is less troubled by noise; but where the pitch moves it is smeared. So spans grow, centred on the moment,
//! as long as each reading lies within what noise explains of all before it (the intersection of confidence intervals:
//! Goldenshluger and Nemirovski, “On spatially adaptive estimation of nonparametric regression”, 1997). What noise explains
//! follows from how sharp the peak is and how much the segments differ.

use super::curve::{Curve, FARTHEST, MOST, Top};
use super::lags::Lags;
use std::f32::consts::LOG2_E;

/// Lags about a peak that must lie within what is loaded.
const AROUND: f32 = 10.0;

/// Spans of time that are read, in seconds, both segments together.
const SPANS: [f32; 5] = [0.012, 0.016, 0.022, 0.030, 0.042];
/// Which of them tells noise from a tone.
const LONG: usize = 3;
/// No span is shorter than this many periods.
const PERIODS: f32 = 2.5;
/// Standard deviations within which readings agree.
const TRUST: f32 = 4.0;
/// As much noise as is always assumed, in units of 1 − likeness: the measure between the samples is no better.
const LEAST_NOISE: f32 = 0.001;

/// Measures anew about a lag.
#[derive(Debug)]
pub(super) struct Refine {
    curve: Curve,
    values: [f32; MOST],
    rate: f32,
}

/// One reading of the period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// Log2 of the frequency.
    pub(super) octave: f32,
    /// Its variance, for segments that have nothing in common.
    pub(super) variance: f32,
    /// The measure where it is highest.
    pub(super) likeness: f32,
    /// The measure at the farthest lag.
    far: f32,
}

impl Refine {
    pub(super) fn new(rate: f64) -> Self {
        Self { curve: Curve::new(), values: [0.0; MOST], rate: rate as f32 }
    }

    /// The pitch about `lag`, and how like itself the sound is over a longer time.
    pub(super) fn about(&mut self, lags: &Lags, lag: f32) -> Option<(Reading, f32)> {
        let (mut low, mut high) = (f32::MIN, f32::MAX);
        let mut best: Option<Reading> = None;
        let (mut before, mut lack, mut long) = (0.0, 1.0_f32, 0.0);
        for (n, seconds) in SPANS.into_iter().enumerate() {
            let span = (seconds * self.rate).max(PERIODS * lag).min(lags.reach() as f32 * 2.0 - 2.0 * AROUND);
            let agree = low <= high;
            if span < before * 1.1 || !agree && n > LONG {
                continue;
            }
            before = span;
            let period = best.map_or(lag, |best| self.rate / best.octave.exp2());
            let reading = self.over(lags, period, span);
            if n <= LONG {
                long = reading.map_or(0.0, |reading| reading.far);
            }
            let (true, Some(reading)) = (agree, reading) else { continue };
            lack = lack.min(1.0 - reading.likeness);
            let trust = TRUST * (reading.variance * (lack + LEAST_NOISE)).sqrt();
            low = low.max(reading.octave - trust);
            high = high.min(reading.octave + trust);
            if low <= high {
                best = Some(reading);
            }
        }
        best.map(|best| (best, long))
    }

    /// The frequency in a span.
    fn over(&mut self, lags: &Lags, lag: f32, span: f32) -> Option<Reading> {
        let most = ((span * 0.5 / lag).round().max(1.0)) as usize;
        let mut period = lag;
        // The farthest three lags; each is found from what the nearer ones tell, so that no period is skipped.
        let (mut sum, mut weight) = (0.0, 0.0);
        let mut variance = f32::MAX;
        let (mut likeness, mut far) = (0.0_f32, 0.0);
        for multiple in 1..=most {
            if multiple > 1 && multiple < most - (most / 2).min(2) {
                continue;
            }
            let window = span - multiple as f32 * lag;
            if let Some(r) = self.read(lags, period, multiple, window as usize) {
                let v = r.variance * (1.0 - r.likeness + 0.003);
                sum += r.octave / v;
                weight += 1.0 / v;
                variance = variance.min(r.variance);
                likeness = r.likeness.max(likeness);
                far = r.likeness;
                period = self.rate / (sum / weight).exp2();
            }
        }
        (weight > 0.0).then(|| Reading { octave: sum / weight, variance, likeness, far })
    }

    /// The period from one lag of so many periods.
    fn read(&mut self, lags: &Lags, period: f32, multiple: usize, window: usize) -> Option<Reading> {
        let centre = (period * multiple as f32).round() as usize;
        // The first segment stays, so that the measure changes as smoothly with the lag as the sound does.
        let begin = lags.begin(centre, window);
        let near = (0.03 * period).ceil().min(FARTHEST as f32) as usize;
        let within = if multiple == 1 { near.max(1) } else { 2 };
        let (before, from) = Curve::reach(within);
        let values = &mut self.values[..before + from];
        for (n, value) in values.iter_mut().enumerate() {
            *value = lags.at(begin, (centre + n).abs_diff(before), window);
        }
        let Top { lag, likeness, bend } = self.curve.top(values, centre, within);
        if bend <= 0.0 || likeness <= 0.0 {
            return None;
        }
        let relative = 1.0 / (bend * window as f32) / (lag * lag);
        Some(Reading {
            octave: (self.rate * multiple as f32 / lag).log2(),
            variance: relative * LOG2_E * LOG2_E,
            likeness,
            far: likeness,
        })
    }
}
