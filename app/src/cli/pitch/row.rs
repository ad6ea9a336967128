//! One row of a curve, each 10 ms: for CSV and JSON.
//!
//! Start at [`Row::of`].

use std::fmt::{self, Display, Formatter};

use dawg_dsp::pitch::tuning::Tuning;
use dawg_dsp::pitch::{ESTIMATES_A_SECOND, Estimate};
use dawg_dsp::units::Hertz;
use serde::{Serialize, Serializer};

/// Rows a second.
const ROWS_A_SECOND: u32 = 100;

/// The first line of the CSV.
pub(super) const HEADER: &str = "time,frequency,note,cents,confidence,voiced\n";

/// What is known of one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Row {
    /// Seconds.
    time: f64,
    /// Hz; none where nobody sings: a guess would be taken for a pitch.
    frequency: Option<f64>,
    /// As `C#4`.
    note: Option<String>,
    cents: Option<f64>,
    /// 0 to 1.
    confidence: f64,
    voiced: bool,
}

impl Row {
    /// The row of an estimate; none for those between the rows.
    pub(super) fn of(estimate: &Estimate, tuning: Tuning) -> Option<Self> {
        if !estimate.number.is_multiple_of(u64::from(ESTIMATES_A_SECOND / ROWS_A_SECOND)) {
            return None;
        }
        let nearest = tuning.nearest(Hertz(estimate.frequency)).filter(|_| estimate.voiced);
        let confidence = if estimate.confidence.is_finite() { estimate.confidence } else { 0.0 };
        Some(Self {
            time: estimate.seconds(),
            frequency: nearest.map(|_| thousandths(estimate.frequency)),
            note: nearest.map(|(note, _)| note.ascii()),
            cents: nearest.map(|(_, cents)| tenths(cents.0)),
            confidence: thousandths(confidence.clamp(0.0, 1.0)),
            voiced: nearest.is_some(),
        })
    }
}

/// A line of the CSV, without its end.
impl Display for Row {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { time, frequency, note, cents, confidence, voiced } = self;
        match (frequency, note, cents) {
            (Some(frequency), Some(note), Some(cents)) => {
                write!(f, "{time:.2},{frequency:.3},{note},{cents:.1},")?;
            }
            _ => write!(f, "{time:.2},,,,")?,
        }
        write!(f, "{confidence:.3},{}", u8::from(*voiced))
    }
}

/// The rows of a whole curve, made while they are written.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    pub(super) curve: &'a [Estimate],
    pub(super) tuning: Tuning,
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.curve.iter().filter_map(|estimate| Row::of(estimate, self.tuning)))
    }
}

/// As many digits as mean something; never −0.
pub(super) fn tenths(value: f32) -> f64 {
    (f64::from(value) * 10.0).round() / 10.0 + 0.0
}

/// As [`tenths`].
pub(super) fn thousandths(value: f32) -> f64 {
    (f64::from(value) * 1_000.0).round() / 1_000.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: u64, frequency: f32, voiced: bool) -> Option<String> {
        let estimate = Estimate { number, frequency, confidence: 0.9, voiced };
        Row::of(&estimate, Tuning::default()).map(|row| row.to_string())
    }

    #[test]
    fn a_row_speaks_of_each_tenth_of_a_tenth_of_a_second() {
        assert_eq!(line(0, 440.0, true).as_deref(), Some("0.00,440.000,A4,0.0,0.900,1"));
        assert_eq!(line(1, 440.0, true), None);
        assert_eq!(line(14, 277.18, true).as_deref(), Some("0.07,277.180,C#4,0.0,0.900,1"));
        // Seen red: rounded without adding 0 it is -0.0.
        assert_eq!(line(720_000, 439.999, true).as_deref(), Some("3600.00,439.999,A4,0.0,0.900,1"));
    }

    #[test]
    fn where_nobody_sings_there_is_no_pitch() {
        // Seen red: without the filter the guess is told as a pitch.
        assert_eq!(line(2, 440.0, false).as_deref(), Some("0.01,,,,0.900,0"));
        assert_eq!(line(2, 0.0, true).as_deref(), Some("0.01,,,,0.900,0"));
        assert_eq!(line(2, f32::NAN, true).as_deref(), Some("0.01,,,,0.900,0"));
    }
}
