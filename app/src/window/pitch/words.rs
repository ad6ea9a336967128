//! What the pitch is in words: for people beside the note, and for those who listen.
//!
//! Start at [`of_reading`].

use dawg_dsp::pitch::notes::SungNote;

use super::scale::Scale;
use super::voice::{Reading, Tune};

/// Beyond this, a note is not a little beside any more, in cents.
const A_LITTLE: f32 = 30.0;
/// From here on, a note is said to drift, in cents.
const DRIFTS: f32 = 25.0;

/// “−6 ¢”.
#[must_use]
pub(super) fn cents(cents: f32) -> String {
    format!("{}\u{a0}¢", signed(cents))
}

/// “+6”, “−6”, “0”.
#[must_use]
pub(super) fn signed(cents: f32) -> String {
    match cents.round() as i32 {
        0 => "0".to_owned(),
        below if below < 0 => format!("−{}", below.unsigned_abs()),
        above => format!("+{above}"),
    }
}

/// For those who listen: “C♯4 −6 cents, in tune”, or “no voice”.
#[must_use]
pub(super) fn aloud(reading: Option<&Reading>, scale: Scale) -> String {
    let Some(reading) = reading.filter(|reading| !reading.held) else { return "no voice".to_owned() };
    let name = scale.name(reading.note);
    format!("{name} {} cents, {}", signed(reading.cents), reading.tune().words())
}

/// “A little flat, steady vibrato 5.6 Hz”.
#[must_use]
pub(super) fn of_reading(reading: &Reading, note: Option<&SungNote>) -> String {
    let mut words = match (reading.tune(), reading.cents.abs() < A_LITTLE) {
        (Tune::In, _) => "In tune",
        (Tune::Flat, true) => "A little flat",
        (Tune::Flat, false) => "Flat",
        (Tune::Sharp, true) => "A little sharp",
        (Tune::Sharp, false) => "Sharp",
    }
    .to_owned();
    let Some(note) = note.filter(|note| note.note == reading.note) else { return words };
    if let Some(vibrato) = note.vibrato {
        words += &format!(", steady vibrato {:.1} Hz", vibrato.rate.0);
    } else if note.drift.0 <= -DRIFTS {
        words += ", sinking";
    } else if note.drift.0 >= DRIFTS {
        words += ", rising";
    }
    words
}

/// A rest of so many seconds ends a phrase.
const REST: f64 = 0.8;

/// What was sung since the last rest: “5 of 7 notes in tune”.
#[must_use]
pub(super) fn of_phrase<'a>(notes: impl DoubleEndedIterator<Item = &'a SungNote>) -> String {
    let (mut all, mut good) = (0_u32, 0_u32);
    let mut next: Option<f64> = None;
    for note in notes.rev() {
        if next.replace(note.start).is_some_and(|next| next - note.end > REST) {
            break;
        }
        all += 1;
        good += u32::from(Tune::of(note.cents.0) == Tune::In);
    }
    match (all, good) {
        (0, _) => String::new(),
        (1, _) => format!("1 note, {}", if good == 1 { "in tune" } else { "not in tune" }),
        (all, good) if all == good => format!("All {all} notes in tune"),
        (all, good) => format!("{good} of {all} notes in tune"),
    }
}

/// For those who listen: “5 notes from A3 to E4, 4 in tune”.
#[must_use]
pub(super) fn of_curve<'a>(notes: impl Iterator<Item = &'a SungNote>, scale: Scale) -> String {
    let (mut all, mut good) = (0_u32, 0_u32);
    let mut ends = None;
    for note in notes {
        all += 1;
        good += u32::from(Tune::of(note.cents.0) == Tune::In);
        let (low, high) = ends.unwrap_or((note.note, note.note));
        ends = Some((note.note.min(low), note.note.max(high)));
    }
    match ends {
        None => "no notes yet".to_owned(),
        Some((low, _)) if all == 1 => {
            format!("1 note, {}, {}", scale.name(low), if good == 1 { "in tune" } else { "not in tune" })
        }
        Some((low, high)) => {
            format!("{all} notes from {} to {}, {good} in tune", scale.name(low), scale.name(high))
        }
    }
}
