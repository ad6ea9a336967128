//! What was sung, in a few lines for people.
//!
//! Start at [`Summary::of`].

use std::fmt::{self, Display, Formatter};

use dawg_dsp::pitch::notes::{self, SungNote};
use dawg_dsp::pitch::tuning::Spelling;
use dawg_dsp::pitch::{ESTIMATES_A_SECOND, Estimate};

use super::notes::{Table, time};

/// In tune is within so many cents; so is steady.
const IN_TUNE: f32 = notes::IN_TUNE.0;

/// A few lines, then the notes.
#[derive(Debug)]
pub(super) struct Summary<'a> {
    title: &'a str,
    seconds: f64,
    sung: f64,
    notes: &'a [SungNote],
}

impl<'a> Summary<'a> {
    /// Of what `title` names.
    pub(super) fn of(title: &'a str, curve: &[Estimate], notes: &'a [SungNote]) -> Self {
        let seconds = |estimates: usize| estimates as f64 / f64::from(ESTIMATES_A_SECOND);
        let voiced = curve.iter().filter(|estimate| estimate.voiced).count();
        Self { title, seconds: seconds(curve.len()), sung: seconds(voiced), notes }
    }

    fn range(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let by_pitch = |a: &&SungNote, b: &&SungNote| a.pitch.0.total_cmp(&b.pitch.0);
        let (Some(low), Some(high)) =
            (self.notes.iter().min_by(by_pitch), self.notes.iter().max_by(by_pitch))
        else {
            return Ok(());
        };
        let named =
            |note: &SungNote| format!("{} ({:.1} Hz)", note.note.name(Spelling::Sharps), note.pitch.0);
        writeln!(f, "range    {} to {}", named(low), named(high))
    }

    fn intonation(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let count = self.notes.len();
        let within =
            |wide: fn(&SungNote) -> f32| self.notes.iter().filter(|note| wide(note).abs() <= IN_TUNE).count();
        let in_tune = within(|note| note.cents.0);
        let share = 100.0 * in_tune as f64 / count.max(1) as f64;
        write!(f, "notes    {count}: {in_tune} in tune, within {IN_TUNE} cents ({share:.0} %)")?;
        if let Some(beside) = median(self.notes.iter().map(|note| note.cents.0)) {
            write!(f, "; in the middle {:+} cents", beside.round() as i32)?;
        }
        let steady = within(|note| note.drift.0);
        write!(f, "\nsteady   {steady} of {count}, with a drift of at most {IN_TUNE} cents")
    }

    fn vibrato(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let all = || self.notes.iter().filter_map(|note| note.vibrato);
        write!(f, "\nvibrato  on {} of {}", all().count(), self.notes.len())?;
        let rate = median(all().map(|vibrato| vibrato.rate.0));
        let extent = median(all().map(|vibrato| vibrato.extent.0));
        if let (Some(rate), Some(extent)) = (rate, extent) {
            write!(f, ": {rate:.1} Hz, {extent:.0} cents from lowest to highest")?;
        }
        writeln!(f)
    }
}

impl Display for Summary<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} long, {} of it sung", self.title, time(self.seconds), time(self.sung))?;
        if self.notes.is_empty() {
            return writeln!(
                f,
                "no notes were found: is one voice alone there? Listened for is E2 to C6, or what --range says"
            );
        }
        self.range(f)?;
        self.intonation(f)?;
        self.vibrato(f)?;
        write!(f, "\n{}", Table(self.notes))
    }
}

/// The middle value; none of nothing.
fn median(values: impl Iterator<Item = f32>) -> Option<f32> {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}
