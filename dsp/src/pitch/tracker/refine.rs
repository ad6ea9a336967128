//! The exact pitch of what the path chose.
//!
//! Start at [`Refine::about`].

use super::curve::{Curve, SIDE, Top};
use super::lags::Lags;

/// Lags about the peak that are measured.
const AROUND: usize = 4 + SIDE;

/// Spans in seconds
const SPANS: [f32; 5] = [0.012, 0.016, 0.022, 0.030, 0.042];
/// Which of them tells noise from a tone.
const LONG: usize = 3;
/// Shortest in periods.
const PERIODS: f32 = 2.5;
/// Standard deviations of trust.
const TRUST: f32 = 4.0;
/// Least noise.
const LEAST_NOISE: f32 = 0.001;

/// Measures anew about a lag.
#[derive(Debug)]
pub(super) struct Refine {
    curve: Curve,
    values: [f32; 2 * AROUND + 1],
    rate: f32,
}

/// One reading of the period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// Log2 of the frequency.
    pub(super) octave: f32,
    /// Its variance.
    pub(super) variance: f32,
    /// The measure where it is highest.
    pub(super) likeness: f32,
    /// The measure at the farthest lag.
    far: f32,
}

impl Refine {
    pub(super) fn new(rate: f64) -> Self {
        Self { curve: Curve::new(), values: [0.0; 2 * AROUND + 1], rate: rate as f32 }
    }

    /// The pitch about `lag`, and how like itself the sound is over a longer time.
    pub(super) fn about(&mut self, lags: &Lags, lag: f32) -> Option<(Reading, f32)> {
        let (mut low, mut high) = (f32::MIN, f32::MAX);
        let mut best: Option<Reading> = None;
        let (mut before, mut lack, mut long) = (0.0, 1.0_f32, 0.0);
        for (n, seconds) in SPANS.into_iter().enumerate() {
            let span =
                (seconds * self.rate).max(PERIODS * lag).min(lags.reach() as f32 * 2.0 - 2.0 * AROUND as f32);
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
    pub(super) fn over(&mut self, lags: &Lags, lag: f32, span: f32) -> Option<Reading> {
        let most = ((span * 0.5 / lag).round().max(1.0)) as usize;
        let mut period = lag;
        let (mut sum, mut weight) = (0.0, 0.0);
        let mut variance = f32::MAX;
        let (mut likeness, mut far) = (0.0_f32, 0.0);
        for multiple in 1..=most {
            if multiple > 1 && multiple < most - (most / 2).min(2) {
                continue;
            }
            let window = span - multiple as f32 * lag;
            if let Some(r) = self.read(lags, period, multiple, window as usize) {
                let v = r.variance * (1.003 - r.likeness);
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

    fn read(&mut self, lags: &Lags, period: f32, multiple: usize, window: usize) -> Option<Reading> {
        let centre = (period * multiple as f32).round() as usize;
        // The first segment stays, so that the measure changes as smoothly with the lag as the sound does.
        let begin = lags.begin(centre, window);
        for (n, value) in self.values.iter_mut().enumerate() {
            *value = lags.at(begin, (centre + n).abs_diff(AROUND), window);
        }
        let values = &self.values;
        let within = if multiple == 1 { (0.03 * period).ceil().min(4.0) as i32 } else { 2 };
        let Top { lag, likeness, bend } = self.curve.top(
            |n| values.get((n + AROUND as i32 - centre as i32) as usize).copied().unwrap_or(0.0),
            centre as i32,
            within,
        );
        if bend <= 0.0 || likeness <= 0.0 {
            return None;
        }
        let relative = 1.0 / (bend * window as f32) / (lag * lag);
        Some(Reading {
            octave: (self.rate * multiple as f32 / lag).log2(),
            variance: relative * 2.08,
            likeness,
            far: likeness,
        })
    }
}
