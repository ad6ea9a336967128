//! Which note to show, calmly: what a singer reads while singing.
//!
//! Start at [`Voice::hear`]. A tuner that follows each estimate cannot be read: vibrato would turn the name over and
//! over. So the name changes at once when the voice leaps or begins, and else only when the middle of what is sung has
//! come to another note; the cents are those of that middle, the needle alone trembles with the voice.

use std::collections::VecDeque;

use dawg_dsp::pitch::tuning::Note;

/// Estimates that the needle is the median of, against single strays: 25 ms.
const FAST: usize = 5;
/// Estimates that the middle is taken of: 180 ms, one wave of a usual vibrato.
const CALM: usize = 36;
/// Semitones from the note shown beyond which the voice has leapt to another. A wide vibrato stays within.
const LEAP: f32 = 0.75;
/// Semitones by which the middle may lie beside the note shown, before it is another one's.
const STAY: f32 = 0.55;
/// Estimates of silence within which the voice goes on: a consonant of 60 ms.
const BRIDGED: u32 = 12;
/// How long the last note is held, in estimates.
pub(super) const HELD: u32 = 300;
/// In tune is up to here, in cents.
pub(super) const IN_TUNE: f32 = dawg_dsp::pitch::notes::IN_TUNE.0;

/// How a note is sung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tune {
    /// Within 15 cents.
    In,
    /// Below.
    Flat,
    /// Above.
    Sharp,
}

impl Tune {
    /// How so many cents above a note are.
    #[must_use]
    pub(super) fn of(cents: f32) -> Self {
        // As it is written: what reads 15 is within 15.
        match cents.round() {
            cents if cents < -IN_TUNE => Self::Flat,
            cents if cents > IN_TUNE => Self::Sharp,
            _ => Self::In,
        }
    }

    /// For those who listen: "in tune".
    #[must_use]
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::In => "in tune",
            Self::Flat => "flat",
            Self::Sharp => "sharp",
        }
    }
}

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reading {
    /// The note.
    pub note: Note,
    /// How far above it the middle of the voice lies.
    pub cents: f32,
    /// How far above it the voice is just now.
    pub needle: f32,
    /// The voice just now, in Hz.
    pub hertz: f32,
    /// Whether it is the last one, held after the voice has ended.
    pub held: bool,
}

impl Reading {
    /// How it is sung.
    #[must_use]
    pub(super) fn tune(&self) -> Tune {
        Tune::of(self.cents)
    }
}

/// What was sung within the last moments.
#[derive(Debug, Default)]
pub(super) struct Voice {
    fast: VecDeque<f32>,
    calm: VecDeque<f32>,
    note: Option<Note>,
    middle: f32,
    needle: f32,
    hertz: f32,
    // Estimates without a voice since the last with one.
    silent: u32,
}

impl Voice {
    /// Takes in one estimate: the pitch in keys of the piano and in Hz, or none while nobody sings.
    pub(super) fn hear(&mut self, sung: Option<(f32, f32)>) {
        let Some((keys, hertz)) = sung else {
            self.silent = self.silent.saturating_add(1);
            if self.silent > BRIDGED {
                self.fast.clear();
                self.calm.clear();
            }
            return;
        };
        let begins = self.calm.is_empty();
        self.silent = 0;
        push(&mut self.fast, keys, FAST);
        let fast = median(&self.fast);
        let shown = self.note.filter(|_| !begins).map(|note| f32::from(note.0));
        if shown.is_none_or(|note| (fast - note).abs() > LEAP) {
            self.calm.clear();
            self.note = nearest(fast);
        }
        push(&mut self.calm, keys, CALM);
        let middle = middle(&self.calm);
        if self.note.is_none_or(|note| (middle - f32::from(note.0)).abs() > STAY) {
            self.note = nearest(middle);
        }
        (self.middle, self.needle, self.hertz) = (middle, fast, hertz);
    }

    /// What there is to read; none when it is long over.
    #[must_use]
    pub(super) fn reading(&self) -> Option<Reading> {
        let note = self.note?;
        if self.silent > HELD {
            return None;
        }
        let above = |keys: f32| (keys - f32::from(note.0)) * 100.0;
        let held = self.silent > BRIDGED;
        let needle = if held { self.middle } else { self.needle };
        Some(Reading { note, cents: above(self.middle), needle: above(needle), hertz: self.hertz, held })
    }

    /// Where the voice is, in keys of the piano: for the view that follows it.
    #[must_use]
    pub(super) fn middle(&self) -> Option<f32> {
        (!self.calm.is_empty()).then_some(self.middle)
    }

    /// Estimates since the last with a voice.
    #[must_use]
    pub(super) fn silent(&self) -> u32 {
        self.silent
    }
}

fn push(last: &mut VecDeque<f32>, keys: f32, most: usize) {
    while last.len() >= most {
        last.pop_front();
    }
    last.push_back(keys);
}

fn nearest(keys: f32) -> Option<Note> {
    let note = keys.round();
    (0.0..=127.0).contains(&note).then_some(Note(note as u8))
}

/// The middle one; 0 of none.
pub(super) fn median<'a>(of: impl IntoIterator<Item = &'a f32>) -> f32 {
    let (sorted, count) = sorted(of);
    if count == 0 { 0.0 } else { sorted[count / 2] }
}

/// The mean of the middle half: as steady in a wave as the mean, as deaf to strays and to the way up to a note as the
/// median. 0 of none.
fn middle<'a>(of: impl IntoIterator<Item = &'a f32>) -> f32 {
    let (sorted, count) = sorted(of);
    let kept = &sorted[count / 4..count - count / 4];
    kept.iter().sum::<f32>() / (kept.len() as f32).max(1.0)
}

/// In order; the first 64 of them, and how many they are.
fn sorted<'a>(of: impl IntoIterator<Item = &'a f32>) -> ([f32; 64], usize) {
    let mut kept = [0.0_f32; 64];
    let mut count = 0;
    for (place, value) in kept.iter_mut().zip(of) {
        *place = *value;
        count += 1;
    }
    kept[..count].sort_unstable_by(f32::total_cmp);
    (kept, count)
}

#[cfg(test)]
mod tests;
