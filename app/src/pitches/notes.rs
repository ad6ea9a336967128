//! What is said of the notes in a part of a curve.
//!
//! Start at [`Summary::of`].

use dawg_dsp::pitch::notes::SungNote;

use super::IN_TUNE;

/// The notes that sound between two seconds of their curve, in order.
#[must_use]
pub fn notes_between(notes: &[SungNote], from: f64, to: f64) -> &[SungNote] {
    let first = notes.partition_point(|note| note.end <= from);
    let last = notes.partition_point(|note| note.start < to);
    notes.get(first..last).unwrap_or_default()
}

/// Whether a note is in tune: its middle is.
#[must_use]
pub fn is_in_tune(note: &SungNote) -> bool {
    note.cents.0.round().abs() <= IN_TUNE
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
        Self { notes: notes.len(), in_tune: notes.iter().filter(|note| is_in_tune(note)).count() }
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
