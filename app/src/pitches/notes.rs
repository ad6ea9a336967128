//! What is said of the notes in a part of a curve.
//!
//! Start at [`Summary::of`].

use dawg_dsp::pitch::notes::SungNote;

use dawg_dsp::pitch::ESTIMATES_A_SECOND;
use dawg_dsp::pitch::tuning::Tuning;

use super::Curve;
use super::curve::shift;

/// The notes that sound between two seconds of their curve, in order.
#[must_use]
pub fn notes_between(notes: &[SungNote], from: f64, to: f64) -> &[SungNote] {
    let first = notes.partition_point(|note| note.end <= from);
    let last = notes.partition_point(|note| note.start < to);
    notes.get(first..last).unwrap_or_default()
}

/// The middle of what is sung, from moment to moment: in a note with vibrato its median and drift, which no wave moves;
/// else what is sung around the moment.
#[derive(Debug)]
pub struct Centre<'a> {
    curve: &'a Curve,
    // Those that are not over yet.
    notes: &'a [SungNote],
    tuning: Tuning,
    shift: f32,
}

impl<'a> Centre<'a> {
    /// Of a curve and its notes, in this tuning.
    #[must_use]
    pub fn of(curve: &'a Curve, notes: &'a [SungNote], tuning: Tuning) -> Self {
        Self { curve, notes, tuning, shift: shift(tuning) }
    }

    /// Key in the tuning at an estimate; NaN where nobody sings. To be asked in order.
    pub fn at(&mut self, number: usize) -> f32 {
        let Some(middle) = self.curve.middles().get(number) else { return f32::NAN };
        let second = number as f64 / f64::from(ESTIMATES_A_SECOND);
        while let [first, rest @ ..] = self.notes
            && first.end <= second
        {
            self.notes = rest;
        }
        let waves = self.notes.first().filter(|note| note.start <= second && note.vibrato.is_some());
        let level = waves.filter(|_| !middle.is_nan()).and_then(|note| {
            let part = (second - note.start) / (note.end - note.start).max(1e-3) - 0.5;
            Some(self.tuning.keys(note.pitch)? + note.drift.0 / 100.0 * part as f32)
        });
        level.unwrap_or(middle + self.shift)
    }
}

/// How many notes there are, and how many are in tune.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// All.
    pub notes: usize,
    /// Those within 15 cents.
    pub in_tune: usize,
}

impl Summary {
    /// Of these.
    #[must_use]
    pub fn of(notes: &[SungNote]) -> Self {
        Self { notes: notes.len(), in_tune: notes.iter().filter(|note| note.in_tune()).count() }
    }
}

impl std::fmt::Display for Summary {
    /// "12 notes, 83 % in tune".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = 100.0 * self.in_tune as f64 / self.notes.max(1) as f64;
        match self.notes {
            0 => f.write_str("no notes"),
            1 => write!(f, "1 note, {}in tune", if self.in_tune == 1 { "" } else { "not " }),
            many => write!(f, "{many} notes, {share:.0} % in tune"),
        }
    }
}
