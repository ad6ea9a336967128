//! Names of notes: which key of the piano a frequency is nearest to, and how many cents beside it.
//!
//! Start at [`Tuning::nearest`]. Equal temperament, from the pitch of A4.

mod scale;

pub use scale::Scale;

use crate::units::{Cents, Hertz};

/// Equal temperament with this A4.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tuning {
    /// The pitch of A4: 415 to 466 Hz is usual.
    pub a4: Hertz,
}

/// A key of the piano, as MIDI counts: 60 is C4, 69 is A4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Note(pub u8);

/// How the black keys are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Spelling {
    /// C♯.
    #[default]
    Sharps,
    /// D♭.
    Flats,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { a4: Hertz(440.0) }
    }
}

impl Tuning {
    /// Pitches of A4 that are in use, in Hz: from baroque pitch to choir pitch.
    pub const REFERENCES: std::ops::RangeInclusive<f32> = 415.0..=466.0;

    /// The nearest note and how far the frequency lies above it, −50 to 50. None for what is no frequency, or beyond
    /// MIDI's notes.
    #[must_use]
    pub fn nearest(self, frequency: Hertz) -> Option<(Note, Cents)> {
        let keys = self.keys(frequency)?;
        let nearest = keys.round();
        (0.0..=127.0).contains(&nearest).then_some((Note(nearest as u8), Cents((keys - nearest) * 100.0)))
    }

    /// The frequency as a fractional key of the piano: 69 is A4. None for what is no frequency.
    #[must_use]
    pub fn keys(self, frequency: Hertz) -> Option<f32> {
        (frequency.0.is_finite() && frequency.0 > 0.0).then(|| 69.0 + 12.0 * (frequency.0 / self.a4.0).log2())
    }

    /// The frequency of a fractional key of the piano: 69 is A4.
    #[must_use]
    pub fn pitch(self, keys: f32) -> Hertz {
        Hertz(self.a4.0 * ((keys - 69.0) / 12.0).exp2())
    }

    /// The frequency of a note.
    #[must_use]
    pub fn frequency(self, note: Note) -> Hertz {
        self.pitch(f32::from(note.0))
    }
}

impl Note {
    /// 0 = C to 11 = B.
    #[must_use]
    pub fn class(self) -> u8 {
        self.0 % 12
    }

    /// The octave, as C4 is the middle one.
    #[must_use]
    pub fn octave(self) -> i8 {
        (self.0 / 12) as i8 - 1
    }

    /// For people: “C♯4”.
    #[must_use]
    pub fn name(self, spelling: Spelling) -> String {
        format!("{}{}", class_name(self.class(), spelling), self.octave())
    }

    /// For programs: “C#4”, always with sharps.
    #[must_use]
    pub fn ascii(self) -> String {
        self.name(Spelling::Sharps).replace('♯', "#")
    }
}

/// The name of a pitch class, 0 = C to 11 = B; others wrap round.
#[must_use]
pub fn class_name(class: u8, spelling: Spelling) -> &'static str {
    const SHARPS: [&str; 12] = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
    const FLATS: [&str; 12] = ["C", "D♭", "D", "E♭", "E", "F", "G♭", "G", "A♭", "A", "B♭", "B"];
    let names = if spelling == Spelling::Sharps { SHARPS } else { FLATS };
    names[usize::from(class % 12)]
}

#[cfg(test)]
mod tests;
