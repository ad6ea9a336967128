//! A curve made ready for drawing: the middle of what is sung at each moment, and the whole seen from afar.
//!
//! Start at [`Curve::of`]. Everything is in keys of the piano at A4 = 440 Hz, so that another reference pitch shifts it
//! and computes nothing anew ([`shift`]).

use dawg_dsp::pitch::notes::IN_TUNE;
use dawg_dsp::pitch::tuning::Tuning;
use dawg_dsp::pitch::{ESTIMATES_A_SECOND, Estimate};
use dawg_dsp::units::Hertz;
use dawg_media::pitch::{Overview, PitchCurve};

/// Half of the estimates that a middle is the median of: together 200 ms, one wave of a vibrato.
const HALF: usize = 20;

/// Semitones between two estimates that no voice covers: there a line is broken, and another middle begins.
pub const BREAK: f32 = 0.75;

/// A curve, ready to be drawn.
#[derive(Debug)]
pub struct Curve {
    pitch: PitchCurve,
    // For each estimate, keys at A4 = 440 Hz; NaN where nobody sings.
    middle: Box<[f32]>,
    overview: Overview,
    reach: Option<(f32, f32)>,
}

impl Curve {
    /// Of what a tracker found in a whole file. Takes about a tenth of a second for an hour: for workers.
    #[must_use]
    pub fn of(pitch: PitchCurve) -> Self {
        let middle = middles(&pitch.estimates);
        let (overview, reach) = (Overview::of(&pitch), reach(&middle));
        Self { pitch, middle, overview, reach }
    }

    /// What was found, 200 estimates a second from the file's first frame on.
    #[must_use]
    pub fn estimates(&self) -> &[Estimate] {
        &self.pitch.estimates
    }

    /// Keys at A4 = 440 Hz of the middle of what is sung around each estimate, vibrato apart; NaN where nobody sings.
    #[must_use]
    pub fn middles(&self) -> &[f32] {
        &self.middle
    }

    /// The same seen from afar.
    #[must_use]
    pub fn overview(&self) -> &Overview {
        &self.overview
    }

    /// Lowest and highest key at A4 = 440 Hz that is sung, but for one estimate in a hundred at either end. None where
    /// nobody sings.
    #[must_use]
    pub fn reach(&self) -> Option<(f32, f32)> {
        self.reach
    }

    /// The number, with its fraction, of the estimate that speaks of a frame of the file.
    #[must_use]
    pub fn number(&self, frame: f64) -> f64 {
        frame * f64::from(ESTIMATES_A_SECOND) / f64::from(self.pitch.sample_rate.max(1))
    }

    /// The frame of the file of which an estimate speaks.
    #[must_use]
    pub fn frame(&self, number: f64) -> f64 {
        number * f64::from(self.pitch.sample_rate) / f64::from(ESTIMATES_A_SECOND)
    }

    /// The second of the file at a frame.
    #[must_use]
    pub fn seconds(&self, frame: f64) -> f64 {
        frame / f64::from(self.pitch.sample_rate.max(1))
    }

    /// The frame of the file at a second.
    #[must_use]
    pub fn frame_at(&self, seconds: f64) -> f64 {
        seconds * f64::from(self.pitch.sample_rate)
    }

    /// The estimate nearest to a frame of the file.
    #[must_use]
    pub fn at(&self, frame: f64) -> Option<&Estimate> {
        let number = self.number(frame).round();
        if number >= 0.0 { self.pitch.estimates.get(number as usize) } else { None }
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        self.pitch.estimates.len() * (size_of::<Estimate>() + size_of::<f32>() + size_of::<f32>())
    }
}

/// What keys at A4 = 440 Hz are to be raised by in another tuning.
#[must_use]
pub fn shift(tuning: Tuning) -> f32 {
    tuning.keys(Hertz(440.0)).map_or(0.0, |keys| keys - 69.0)
}

/// Keys at A4 = 440 Hz of an estimate; NaN where nobody sings.
#[must_use]
pub fn keys(estimate: &Estimate) -> f32 {
    let sung = Tuning::default().keys(Hertz(estimate.frequency)).filter(|_| estimate.voiced);
    sung.unwrap_or(f32::NAN)
}

/// Whether keys of a tuning are near enough to one of its notes.
#[must_use]
pub fn is_in_tune(keys: f32) -> bool {
    ((keys - keys.round()) * 100.0).abs() <= IN_TUNE.0
}

/// The running median of each line of voice.
fn middles(estimates: &[Estimate]) -> Box<[f32]> {
    let keys: Vec<f32> = estimates.iter().map(keys).collect();
    let mut middles = vec![f32::NAN; keys.len()];
    let mut from = 0;
    while from < keys.len() {
        if keys[from].is_nan() {
            from += 1;
            continue;
        }
        // What follows a silence or a leap (NaN fails the comparison) begins a line of its own.
        let goes_on = |n: &usize| (keys[*n] - keys[*n - 1]).abs() <= BREAK;
        let to = (from + 1..keys.len()).take_while(goes_on).last().map_or(from + 1, |last| last + 1);
        for (n, middle) in middles.iter_mut().enumerate().take(to).skip(from) {
            let around = n.saturating_sub(HALF).max(from)..(n + HALF + 1).min(to);
            *middle = median(&keys[around]);
        }
        from = to;
    }
    middles.into_boxed_slice()
}

fn median(around: &[f32]) -> f32 {
    let mut sorted = [0.0; 2 * HALF + 1];
    let sorted = &mut sorted[..around.len().min(2 * HALF + 1)];
    sorted.copy_from_slice(&around[..sorted.len()]);
    let half = sorted.len() / 2;
    *sorted.select_nth_unstable_by(half, f32::total_cmp).1
}

fn reach(middles: &[f32]) -> Option<(f32, f32)> {
    let mut sung: Vec<f32> = middles.iter().copied().filter(|keys| !keys.is_nan()).collect();
    let edge = sung.len() / 100;
    let last = sung.len().checked_sub(1 + edge)?;
    let (_, low, _) = sung.select_nth_unstable_by(edge, f32::total_cmp);
    let low = *low;
    let (_, high, _) = sung.select_nth_unstable_by(last, f32::total_cmp);
    Some((low, *high))
}
