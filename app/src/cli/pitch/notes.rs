//! The notes that were found: for CSV, JSON, and people.
//!
//! Start at [`NoteReport`].

use std::fmt::{self, Display, Formatter};

use dawg_dsp::pitch::notes::SungNote;
use dawg_dsp::pitch::tuning::Spelling;
use serde::Serialize;

use super::row::{tenths, thousandths};
use crate::cli::format::Time;

/// The first line of the CSV.
pub(super) const HEADER: &str = "start,end,note,frequency,cents,drift,vibrato_rate,vibrato_extent\n";

/// A note, as `--json` says it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct NoteReport {
    /// Seconds.
    start: f64,
    /// Seconds.
    end: f64,
    /// As `C#4`.
    note: String,
    /// The median, in Hz.
    frequency: f64,
    /// How far that lies above the key.
    cents: f64,
    /// How far its end lies above its beginning, in cents.
    drift: f64,
    vibrato: Option<VibratoReport>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct VibratoReport {
    /// Waves a second.
    rate: f64,
    /// From the lowest to the highest, in cents.
    extent: f64,
}

impl From<&SungNote> for NoteReport {
    fn from(sung: &SungNote) -> Self {
        let seconds = |time: f64| (time * 1_000.0).round() / 1_000.0;
        Self {
            start: seconds(sung.start),
            end: seconds(sung.end),
            note: sung.note.ascii(),
            frequency: thousandths(sung.pitch.0),
            cents: tenths(sung.cents.0),
            drift: tenths(sung.drift.0),
            vibrato: sung.vibrato.map(|vibrato| VibratoReport {
                rate: (f64::from(vibrato.rate.0) * 100.0).round() / 100.0,
                extent: tenths(vibrato.extent.0),
            }),
        }
    }
}

/// A line of the CSV, without its end.
impl Display for NoteReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { start, end, note, frequency, cents, drift, vibrato } = self;
        write!(f, "{start:.3},{end:.3},{note},{frequency:.3},{cents:.1},{drift:.1},")?;
        match vibrato {
            Some(VibratoReport { rate, extent }) => write!(f, "{rate:.2},{extent:.1}"),
            None => f.write_str(","),
        }
    }
}

/// The notes as a table for people.
#[derive(Debug)]
pub(super) struct Table<'a>(pub(super) &'a [SungNote]);

impl Display for Table<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return writeln!(f, "no notes were found");
        }
        writeln!(
            f,
            "{:>10}  {:>10}  note  {:>6}  {:>8}  {:>6}  vibrato",
            "start", "end", "cents", "Hz", "drift"
        )?;
        self.0.iter().try_for_each(|note| line(f, note))
    }
}

fn line(f: &mut Formatter<'_>, sung: &SungNote) -> fmt::Result {
    let time = |seconds: f64| time(seconds).to_string();
    let (start, end, note) = (time(sung.start), time(sung.end), sung.note.name(Spelling::Sharps));
    let (cents, drift) = (sung.cents.0.round() as i32, sung.drift.0.round() as i32);
    write!(f, "{start:>10}  {end:>10}  {note:<4}  {cents:>+6}  {:>8.2}  {drift:>+6}", sung.pitch.0)?;
    if let Some(vibrato) = sung.vibrato {
        write!(f, "  {:.1} Hz, {:.0} cents", vibrato.rate.0, vibrato.extent.0)?;
    }
    writeln!(f)
}

/// Seconds as people read them: `1:02.500`.
pub(super) fn time(seconds: f64) -> Time {
    Time { samples: (seconds * 1_000.0).round() as i64, rate: 1_000 }
}

#[cfg(test)]
mod tests {
    use dawg_dsp::pitch::notes::Vibrato;
    use dawg_dsp::pitch::tuning::Note;
    use dawg_dsp::units::{Cents, Hertz};

    use super::*;

    fn sung(vibrato: Option<Vibrato>) -> SungNote {
        SungNote {
            start: 0.5,
            end: 61.25,
            note: Note(61),
            pitch: Hertz(278.0),
            cents: Cents(5.06),
            drift: Cents(-0.04),
            vibrato,
        }
    }

    #[test]
    fn a_note_without_vibrato_leaves_its_places_empty() {
        let text = NoteReport::from(&sung(None)).to_string();
        assert_eq!(text, "0.500,61.250,C#4,278.000,5.1,0.0,,");
        assert_eq!(text.split(',').count(), HEADER.split(',').count());
        let vibrato = Vibrato { rate: Hertz(5.54), extent: Cents(80.0) };
        let text = NoteReport::from(&sung(Some(vibrato))).to_string();
        assert_eq!(text, "0.500,61.250,C#4,278.000,5.1,0.0,5.54,80.0");
    }

    #[test]
    fn people_read_a_sharp_as_a_sharp() {
        let table = Table(&[sung(None)]).to_string();
        assert!(table.contains("1:01.250  C♯4       +5    278.00      +0"), "{table}");
    }
}
