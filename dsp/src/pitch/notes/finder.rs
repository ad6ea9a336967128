//! Notes while they are sung.
//!
//! Start at [`NoteFinder::push`].

use super::steps::{Span, split};
use super::{SungNote, measure};
use crate::pitch::Estimate;
use crate::pitch::tuning::Tuning;
use crate::units::Hertz;

/// Estimates without voice that are sung over: less than 40 ms. (A tracker's holes are shorter than the consonant's.)
const HOLE: usize = 7;
/// Estimates between two looks for notes.
const EVERY: usize = 40;
/// Estimates that a look takes in: what is older is part of the note that is held.
const WINDOW: usize = 600;
/// Estimates after a note's end until it is told: by then it is known to be no wave of a vibrato.
const SURE: usize = 120;
/// Estimates of the longest note, 60 s: who holds one for longer gets another.
const LONGEST: usize = 12_000;

/// Finds notes in estimates as they come. Keeps no more than a minute of them, and takes a few microseconds for each.
/// Allocates: not for the audio thread.
#[derive(Debug, Clone)]
pub struct NoteFinder {
    tuning: Tuning,
    /// What is sung without a break and not told yet, in cents; holes are filled.
    curve: Vec<f32>,
    /// The number of the first estimate in `curve`.
    first: u64,
    /// The number of the estimate that comes next.
    next: u64,
    /// Estimates without voice behind `curve`.
    hole: usize,
    /// How long `curve` was when notes were looked for.
    looked: usize,
    /// Where the note that is older than the window began to stand still.
    held_from: usize,
}

impl NoteFinder {
    /// One that has heard nothing yet.
    #[must_use]
    pub fn new(tuning: Tuning) -> Self {
        Self { tuning, curve: Vec::new(), first: 0, next: 0, hole: 0, looked: 0, held_from: 0 }
    }

    /// Takes the next estimate, and gives the notes that are finished by now, in order. A number that does not follow the
    /// one before begins anew.
    pub fn push(&mut self, estimate: Estimate, give: &mut dyn FnMut(SungNote)) {
        if estimate.number != self.next {
            self.finish(give);
        }
        self.next = estimate.number + 1;
        let keys = estimate.voiced.then(|| self.tuning.keys(Hertz(estimate.frequency))).flatten();
        let Some(keys) = keys else {
            self.hole += 1;
            if self.hole > HOLE {
                self.finish(give);
            }
            return;
        };
        self.take(keys * 100.0, estimate.number);
        if self.curve.len() >= LONGEST {
            self.finish(give);
        } else if self.curve.len() >= self.looked + EVERY {
            self.settle(false, give);
        }
    }

    /// Ends what is being sung, and gives what is left.
    pub fn finish(&mut self, give: &mut dyn FnMut(SungNote)) {
        self.settle(true, give);
        self.curve.clear();
        (self.hole, self.looked, self.held_from) = (0, 0, 0);
    }

    /// The note that is being sung, as far as it is known.
    #[must_use]
    pub fn running(&self) -> Option<SungNote> {
        let last = self.spans().pop()?;
        let sounds = last.whole.end == self.curve.len();
        sounds.then(|| measure::measure(&self.curve, self.first, &last, self.tuning)).flatten()
    }

    /// All notes that are not given yet, as far as they are known: the one that is being sung, and before it those that
    /// might still change.
    pub fn pending(&self) -> impl Iterator<Item = SungNote> + '_ {
        self.spans()
            .into_iter()
            .filter_map(|span| measure::measure(&self.curve, self.first, &span, self.tuning))
    }

    /// Appends a voiced moment; a hole before it becomes a straight line, which is a stand or a step as any other.
    fn take(&mut self, cents: f32, number: u64) {
        if let Some(last) = self.curve.last().copied() {
            let step = (cents - last) / (self.hole + 1) as f32;
            self.curve.extend((1..=self.hole).map(|n| last + step * n as f32));
        } else {
            self.first = number;
        }
        self.hole = 0;
        self.curve.push(cents);
    }

    /// Gives the notes that can no longer change, and forgets them.
    fn settle(&mut self, ended: bool, give: &mut dyn FnMut(SungNote)) {
        let spans = self.spans();
        let length = self.curve.len();
        let mut told = 0;
        for span in &spans {
            if ended || span.whole.end + SURE <= length {
                measure::measure(&self.curve, self.first, span, self.tuning).into_iter().for_each(&mut *give);
                told = span.whole.end;
            }
        }
        if told == 0 && length > WINDOW {
            // A glide that nowhere stands still is nobody's; nor is what comes before the first note.
            told = spans.first().map_or(length - WINDOW / 2, |first| first.whole.start);
        }
        if told > 0 {
            self.curve.drain(..told);
            self.first += told as u64;
            self.held_from = 0;
        } else if length <= WINDOW {
            self.held_from = spans.first().map_or(0, |span| span.still.start);
        }
        self.looked = self.curve.len();
    }

    /// The notes of what is not told yet. The first of a curve longer than the window goes on from before it.
    fn spans(&self) -> Vec<Span> {
        let before = self.curve.len().saturating_sub(WINDOW);
        let mut spans = split(&self.curve[before..]);
        for span in &mut spans {
            span.whole = span.whole.start + before..span.whole.end + before;
            span.still = span.still.start + before..span.still.end + before;
        }
        if before > 0
            && let Some(first) = spans.first_mut()
        {
            (first.whole.start, first.still.start) = (0, self.held_from.min(first.still.start));
        }
        spans
    }
}
