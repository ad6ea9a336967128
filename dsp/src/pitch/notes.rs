//! Notes in a curve of pitch: where each begins and ends, how far beside the key it is sung, how it drifts and trembles.
//!
//! Start at [`find`], or [`NoteFinder`] while somebody sings. Centre, drift and modulation are three things: a note with
//! vibrato is judged by its median.
//!
//! How: in what is sung without a break the regular waves are replaced by their middle (`waves`); where the rest stands
//! still for a moment is a note, where it moves is the way from one to the next (`steps`); each note is then measured
//! without its way in and out (`measure`). The parts are old: notes as states that a curve dwells in after Ryynänen and
//! Klapuri (“Modelling of note events for singing transcription”, 2004) and Mauch and others (“Computer-aided melody
//! note transcription using the Tony software”, 2015); the middle of a wave as its extremes' after Prame (“Measurements
//! of the vibrato rate of ten singers”, 1994).

mod finder;
mod measure;
mod steps;
mod waves;

pub use finder::NoteFinder;

use super::tuning::{Note, Tuning};
use super::{ESTIMATES_A_SECOND, Estimate};
use crate::units::{Cents, Hertz};

/// How far beside its key a note may be sung and still be in tune.
pub const IN_TUNE: Cents = Cents(15.0);

/// A note that was sung.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SungNote {
    /// Seconds since the curve began.
    pub start: f64,
    /// Seconds since the curve began.
    pub end: f64,
    /// Which key is nearest to its median.
    pub note: Note,
    /// The median pitch, of what is neither way in nor way out.
    pub pitch: Hertz,
    /// How far the median lies above the key, −50 to 50.
    pub cents: Cents,
    /// How far its end lies above its beginning, vibrato, way in and way out apart. 0 for notes too short to tell (a
    /// tenth of a second).
    pub drift: Cents,
    /// Vibrato, where there is one.
    pub vibrato: Option<Vibrato>,
}

impl SungNote {
    /// Whether its median is within [`IN_TUNE`] of its key.
    #[must_use]
    pub fn in_tune(&self) -> bool {
        self.cents.0.abs() <= IN_TUNE.0
    }
}

/// A regular wave of pitch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vibrato {
    /// Waves a second: 4 to 8.
    pub rate: Hertz,
    /// From the lowest to the highest, 30 to 250.
    pub extent: Cents,
}

/// The notes of a curve, in order. `curve` are consecutive estimates of a tracker; the times are those of their numbers.
///
/// Vibrato and trills are one note. A glide that nowhere stands still is none: the curve shows it. A slow one, below two
/// semitones a second, is one note that drifts. Holes of less than a twentieth of a second within one pitch are sung over.
#[must_use]
pub fn find(curve: &[Estimate], tuning: Tuning) -> Vec<SungNote> {
    let mut finder = NoteFinder::new(tuning);
    let mut notes = Vec::new();
    curve.iter().for_each(|estimate| finder.push(*estimate, &mut |note| notes.push(note)));
    finder.finish(&mut |note| notes.push(note));
    notes
}

/// How much of a note is sung within [`IN_TUNE`] of its key, 0 to 1: of its voiced moments, vibrato averaged out. `curve`
/// may be more than the note. 0 where the curve has nothing of it.
#[must_use]
pub fn share_in_tune(curve: &[Estimate], note: &SungNote, tuning: Tuning) -> f32 {
    let first = curve.first().map_or(0, |estimate| estimate.number);
    let at = |seconds: f64| {
        let number = (seconds * f64::from(ESTIMATES_A_SECOND)).round() as u64;
        usize::try_from(number.saturating_sub(first)).unwrap_or(usize::MAX).min(curve.len())
    };
    let (start, end) = (at(note.start), at(note.end));
    let voiced = curve[start.min(end)..end].iter().filter(|estimate| estimate.voiced);
    let sung: Vec<f32> = voiced.filter_map(|e| Some(tuning.keys(Hertz(e.frequency))? * 100.0)).collect();
    let steady = match note.vibrato {
        Some(vibrato) => measure::averaged(&sung, f64::from(ESTIMATES_A_SECOND) / f64::from(vibrato.rate.0)),
        None => sung,
    };
    let key = f32::from(note.note.0) * 100.0;
    let inside = steady.iter().filter(|cents| (**cents - key).abs() <= IN_TUNE.0).count();
    inside as f32 / (steady.len() as f32).max(1.0)
}

/// The median; 0 of nothing. Sorts what it is given.
fn median(values: &mut [f32]) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    values.sort_unstable_by(f32::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) { (values[middle - 1] + values[middle]) / 2.0 } else { values[middle] }
}

#[cfg(test)]
mod tests;
