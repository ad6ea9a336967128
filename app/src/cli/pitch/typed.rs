//! What is typed: the pitch of A4, the range to listen for, how long, which input.
//!
//! Start at [`Bounds::range`]. What is refused here was typed wrongly, and nothing has been begun.

use clap::Error;
use clap::error::ErrorKind;
use dawg_dsp::pitch::PitchRange;
use dawg_dsp::pitch::tuning::{Note, Tuning};
use dawg_dsp::units::Hertz;
use dawg_session::Input;

/// How far beyond a note it still counts: nearly a semitone, so that one sung beside it is heard.
const BESIDE: f32 = 0.95;

/// Says that a command was typed wrongly, which shows only once its file was looked at.
pub(super) fn wrongly(what: &str) -> anyhow::Error {
    Error::raw(ErrorKind::ArgumentConflict, format!("{what}\n")).into()
}

/// The pitch of A4 in Hz.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct A4(pub(super) f64);

impl A4 {
    /// What is meant where nobody says.
    pub(super) const USUAL: Self = Self(440.0);

    pub(super) fn tuning(self) -> Tuning {
        Tuning { a4: Hertz(self.0 as f32) }
    }
}

/// One end of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Bound {
    Note(Note),
    Hertz(f32),
}

/// The range to listen for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    low: Bound,
    high: Bound,
}

impl Bounds {
    /// In Hz: notes with a little less than a semitone beyond them.
    pub(super) fn range(self, tuning: Tuning) -> PitchRange {
        let hertz = |bound, beside: f32| match bound {
            Bound::Note(note) => Hertz(tuning.frequency(note).0 * (beside / 12.0).exp2()),
            Bound::Hertz(hertz) => Hertz(hertz),
        };
        PitchRange { lowest: hertz(self.low, -BESIDE), highest: hertz(self.high, BESIDE) }
    }
}

/// Reads `442`.
pub(super) fn a4(text: &str) -> Result<A4, String> {
    match text.trim().parse::<f64>() {
        Ok(hertz) if Tuning::REFERENCES.contains(&(hertz as f32)) => Ok(A4(hertz)),
        _ => Err("A4 is given in Hz, 415 to 466; 440 is usual".to_owned()),
    }
}

/// Reads `A2..E5` or `100..700`.
pub(super) fn bounds(text: &str) -> Result<Bounds, String> {
    const LIKE: &str = "give LOW..HIGH in notes or Hz, as A2..E5 or 100..700";
    let (low, high) = text.split_once("..").ok_or(LIKE)?;
    let (low, high) = (bound(low).ok_or(LIKE)?, bound(high).ok_or(LIKE)?);
    let bounds = Bounds { low, high };
    let PitchRange { lowest, highest } = bounds.range(Tuning::default());
    if !(lowest.0 >= 50.0 && highest.0 <= 2_000.0 && highest.0 >= 2.0 * lowest.0) {
        return Err(format!(
            "it is {:.0} to {:.0} Hz; voices are looked for between 50 and 2000 Hz, the lowest an octave below the \
             highest at least",
            lowest.0, highest.0
        ));
    }
    Ok(bounds)
}

fn bound(text: &str) -> Option<Bound> {
    let text = text.trim();
    if let Some(note) = note(text) {
        return Some(Bound::Note(note));
    }
    let number = text.trim_end_matches(['H', 'h', 'Z', 'z', ' ']);
    number.parse::<f32>().ok().filter(|hertz| hertz.is_finite()).map(Bound::Hertz)
}

/// Reads `C4`, `c#4`, `C♯4`, `Db4`, `D♭4`.
fn note(text: &str) -> Option<Note> {
    let mut letters = text.chars();
    let class = match letters.next()?.to_ascii_uppercase() {
        'C' => 0,
        'D' => 2,
        'E' => 4,
        'F' => 5,
        'G' => 7,
        'A' => 9,
        'B' => 11,
        _ => return None,
    };
    let rest = letters.as_str();
    let (shift, octave) = match rest.chars().next()? {
        '#' | '♯' => (1, &rest[rest.chars().next()?.len_utf8()..]),
        'b' | '♭' => (-1, &rest[rest.chars().next()?.len_utf8()..]),
        _ => (0, rest),
    };
    let octave = octave.parse::<i32>().ok().filter(|octave| (-1..=9).contains(octave))?;
    u8::try_from((octave + 1) * 12 + class + shift).ok().filter(|key| *key < 128).map(Note)
}

/// Reads a length in seconds, at most a day.
pub(super) fn seconds(text: &str) -> Result<f64, String> {
    match text.trim().trim_end_matches('s').parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 86_400.0 => Ok(seconds),
        _ => Err("give more than 0 and at most 86400 seconds (a day)".to_owned()),
    }
}

/// Reads `1` or `1+2`.
pub(super) fn input(text: &str) -> Result<Input, String> {
    let input = text.parse::<Input>().map_err(|error| error.to_string())?;
    match input.channels().len() {
        1 | 2 => Ok(input),
        _ => Err("give one hardware channel (1), or two (1+2)".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_read_as_people_write_them() {
        for (text, key) in [
            ("C4", 60),
            ("a4", 69),
            ("C#4", 61),
            ("C♯4", 61),
            ("Db4", 61),
            ("B♭3", 58),
            ("C-1", 0),
            ("G9", 127),
        ] {
            assert_eq!(note(text), Some(Note(key)), "{text}");
        }
        for text in ["", "H4", "C", "C##4", "Cb-1", "G#9", "A4x", "440", "♯"] {
            assert_eq!(note(text), None, "{text}");
        }
    }

    #[test]
    fn a_range_of_notes_has_room_for_those_who_sing_beside_them() {
        let range = bounds("A2..A4").unwrap().range(Tuning::default());
        assert!((103.9..104.5).contains(&range.lowest.0) && (464.0..465.5).contains(&range.highest.0));
        let range = bounds("100 .. 700Hz").unwrap().range(Tuning::default());
        assert_eq!((range.lowest.0, range.highest.0), (100.0, 700.0));
        for text in
            ["A2", "A2..", "..A4", "700..100", "100..150", "10..700", "100..9000", "nan..inf", "A2..Z4"]
        {
            assert!(bounds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_an_a4_that_orchestras_know_is_taken() {
        assert_eq!(a4("442.5"), Ok(A4(442.5)));
        assert!(a4("414.9").is_err() && a4("466.1").is_err() && a4("nan").is_err() && a4("").is_err());
        assert!(seconds("0").is_err() && seconds("nan").is_err() && seconds("1e9").is_err());
        assert_eq!(seconds("2.5s"), Ok(2.5));
    }
}
