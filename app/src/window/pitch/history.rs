//! What was sung lately, as the drawer draws it: a line of moments, 200 a second, on which long silences are folded.
//!
//! Start at [`History::take_in`]. While the song stands and nobody sings, time stands as well: what was sung last stays
//! in sight, and nothing has to be drawn.

use std::collections::VecDeque;
use std::sync::Arc;

use dawg_dsp::pitch::notes::{NoteFinder, SungNote};
use dawg_dsp::pitch::tuning::Tuning;
use dawg_dsp::pitch::{ESTIMATES_A_SECOND, Estimate};
use dawg_dsp::units::Hertz;
use dawg_engine::pitch::Heard;
use dawg_session::{BarBeatTick, Session, TrackId};

use super::voice::{HELD, Reading, Voice, median};
use crate::studio::live_pitch::LivePitch;

/// Moments a second.
pub(super) const RATE: f64 = ESTIMATES_A_SECOND as f64;
/// The most that is kept.
const MOST: usize = LivePitch::SECONDS * ESTIMATES_A_SECOND as usize;
/// Half of the moments that a centre is the median of.
const HALF: u64 = 20;
/// A missing stretch of more moments than this is folded.
const GAP: u64 = 100;

/// One estimate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// Hz; 0 while nobody sings.
    pub hertz: f32,
    /// Key of the piano with its fraction; NaN while nobody sings.
    pub keys: f32,
    /// The middle of what is sung around it, vibrato apart; NaN while nobody sings.
    pub centre: f32,
    /// 0 to 1.
    pub confidence: f32,
    /// The song frame to which it was sung; none while the song stood.
    pub position: Option<i64>,
}

impl Moment {
    /// Whether somebody sings.
    #[must_use]
    pub(super) fn sung(&self) -> bool {
        !self.keys.is_nan()
    }
}

/// What stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A bar begins.
    Bar(i64),
    /// A beat within a bar.
    Beat,
    /// A second, while the song stands.
    Second,
    /// Silence was left out here, or the song went elsewhere.
    Fold,
}

/// What one track has sung.
#[derive(Debug)]
pub(super) struct History {
    /// Whose.
    pub track: TrackId,
    /// What is read just now.
    pub voice: Voice,
    tuning: Tuning,
    moments: VecDeque<Moment>,
    // The number of the first moment that is kept, as moments are counted here.
    first: u64,
    marks: VecDeque<(u64, Mark)>,
    notes: VecDeque<SungNote>,
    // Those of `notes`, at the end, that may still change.
    pending: usize,
    finder: NoteFinder,
    // The newest estimate that was taken in.
    newest: Option<Heard>,
    folding: bool,
    standing: u64,
    place: Option<(i64, BarBeatTick)>,
}

impl History {
    /// Nothing so far.
    #[must_use]
    pub(super) fn of(track: TrackId, tuning: Tuning) -> Self {
        Self {
            track,
            voice: Voice::default(),
            tuning,
            moments: VecDeque::new(),
            first: 0,
            marks: VecDeque::new(),
            notes: VecDeque::new(),
            pending: 0,
            finder: NoteFinder::new(tuning),
            newest: None,
            folding: true,
            standing: 0,
            place: None,
        }
    }

    /// Takes in what came since it was last asked. Returns whether there was anything.
    pub(super) fn take_in(&mut self, heard: &VecDeque<Heard>, session: &Arc<Session>) -> bool {
        let Some(last) = heard.back().map(|last| last.estimate.number) else { return false };
        let mut seen = self.newest.map(|newest| newest.estimate.number);
        if seen.is_some_and(|seen| last < seen) {
            // It is followed anew, and counted from 0.
            (self.newest, self.place, self.folding, seen) = (None, None, true, None);
        }
        let is_old = |heard: &Heard| {
            let number = heard.estimate.number;
            number > last || seen.is_some_and(|seen| number <= seen)
        };
        let from = heard.iter().rposition(is_old).map_or(0, |old| old + 1);
        if from == heard.len() {
            return false;
        }
        let before = self.end();
        self.forget_pending();
        for heard in heard.range(from..) {
            self.take(heard, session);
        }
        self.centre(before.saturating_sub(HALF));
        self.add_pending();
        true
    }

    fn take(&mut self, heard: &Heard, session: &Session) {
        let number = heard.estimate.number;
        let missed = self.newest.map_or(0, |newest| number.saturating_sub(newest.estimate.number + 1));
        if missed > 0 {
            self.miss(missed);
        }
        self.newest = Some(*heard);
        let hertz = if heard.estimate.voiced { heard.estimate.frequency } else { 0.0 };
        let keys = self.tuning.keys(Hertz(hertz)).unwrap_or(f32::NAN);
        self.voice.hear((!keys.is_nan()).then_some((keys, hertz)));
        let silent = keys.is_nan() && (self.voice.silent() > HELD || self.moments.is_empty());
        if silent && !heard.rolling {
            (self.folding, self.place) = (true, None);
            return;
        }
        if std::mem::take(&mut self.folding) && !self.moments.is_empty() {
            self.fold();
        }
        let position = heard.rolling.then_some(heard.position);
        self.lines(position, session);
        let confidence = heard.estimate.confidence.clamp(0.0, 1.0);
        self.push(Moment { hertz, keys, centre: keys, confidence, position });
    }

    /// Estimates that the worker had no time for.
    fn miss(&mut self, missed: u64) {
        self.place = None;
        if missed > GAP {
            self.folding = true;
        }
        let nothing =
            Moment { hertz: 0.0, keys: f32::NAN, centre: f32::NAN, confidence: 0.0, position: None };
        for _ in 0..missed.min(u64::from(HELD) + 1) {
            self.voice.hear(None);
            if missed <= GAP && !self.folding {
                self.push(nothing);
            }
        }
    }

    fn push(&mut self, moment: Moment) {
        let number = self.end();
        find(&mut self.finder, &mut self.notes, number, &moment);
        if self.moments.len() >= MOST {
            self.moments.pop_front();
            self.first += 1;
            while self.marks.front().is_some_and(|(at, _)| *at < self.first) {
                self.marks.pop_front();
            }
            let start = self.first as f64 / RATE;
            while self.notes.front().is_some_and(|note| note.end < start) {
                // None of them is pending: those are forgotten before anything is taken in.
                self.notes.pop_front();
            }
        }
        self.moments.push_back(moment);
    }

    /// Time is left out before the moment that comes.
    fn fold(&mut self) {
        self.finder.finish(&mut |note| self.notes.push_back(note));
        self.mark(Mark::Fold);
    }

    fn forget_pending(&mut self) {
        self.notes.truncate(self.notes.len() - self.pending);
        self.pending = 0;
    }

    fn add_pending(&mut self) {
        let before = self.notes.len();
        self.notes.extend(self.finder.pending());
        self.pending = self.notes.len() - before;
    }

    fn mark(&mut self, mark: Mark) {
        self.marks.push_back((self.end(), mark));
    }

    /// Lines at the moment that comes: beats while the song rolls, seconds while it stands.
    fn lines(&mut self, position: Option<i64>, session: &Session) {
        let Some(position) = position else {
            self.place = None;
            if self.standing.is_multiple_of(u64::from(ESTIMATES_A_SECOND)) {
                self.mark(Mark::Second);
            }
            self.standing += 1;
            return;
        };
        let (map, rate) = (&session.tempo_map, session.sample_rate);
        let place = map.bar_beat_tick(map.samples_to_ticks(position, rate));
        let step = i64::from(rate / ESTIMATES_A_SECOND.max(1));
        if let Some((before, was)) = self.place.replace((position, place)) {
            // What comes in blocks comes a little early or late.
            if !(0..=step * 40).contains(&(position - before)) {
                self.fold();
            } else if place.bar != was.bar {
                self.mark(Mark::Bar(place.bar));
            } else if place.beat != was.beat {
                self.mark(Mark::Beat);
            }
        }
        self.standing = 0;
    }

    /// Finds the middles from a moment on.
    fn centre(&mut self, from: u64) {
        let from = from.max(self.first);
        for at in from..self.end() {
            if !self.at(at).is_some_and(Moment::sung) {
                continue;
            }
            let (low, high) = (self.reach(at, -1), self.reach(at, 1));
            let (low, high) = ((low - self.first) as usize, (high - self.first) as usize);
            let centre = median(self.moments.range(low..=high).map(|moment| &moment.keys));
            if let Some(moment) = self.moments.get_mut((at - self.first) as usize) {
                moment.centre = centre;
            }
        }
    }

    /// How far the voice goes on around a moment, within half a wave of a vibrato.
    fn reach(&self, at: u64, step: i64) -> u64 {
        let mut reached = at;
        for _ in 0..HALF {
            let Some(next) = reached.checked_add_signed(step) else { break };
            if !self.at(next).is_some_and(Moment::sung) {
                break;
            }
            reached = next;
        }
        reached
    }

    /// A moment.
    #[must_use]
    pub(super) fn at(&self, number: u64) -> Option<&Moment> {
        self.moments.get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// Moments by number, those that are kept.
    pub(super) fn range(&self, from: u64, to: u64) -> impl Iterator<Item = (u64, &Moment)> {
        let low = from.max(self.first).min(self.end());
        let high = to.clamp(low, self.end());
        let (first, last) = ((low - self.first) as usize, (high - self.first) as usize);
        (low..high).zip(self.moments.range(first..last))
    }

    /// The number of the first moment that is kept.
    #[must_use]
    pub(super) fn start(&self) -> u64 {
        self.first
    }

    /// The number of the moment that comes next: now.
    #[must_use]
    pub(super) fn end(&self) -> u64 {
        self.first + self.moments.len() as u64
    }

    /// Lines, oldest first, by the moment before which they stand.
    pub(super) fn marks(&self) -> impl Iterator<Item = (u64, Mark)> + '_ {
        self.marks.iter().copied()
    }

    /// The notes found, oldest first; their times are moments divided by [`RATE`].
    pub(super) fn notes(&self) -> impl DoubleEndedIterator<Item = &SungNote> + '_ {
        self.notes.iter()
    }

    /// What is read just now. A note with vibrato is judged by its median, once the wave is known.
    #[must_use]
    pub(super) fn reading(&self) -> Option<Reading> {
        let mut reading = self.voice.reading()?;
        let last = self.notes.back().filter(|note| note.vibrato.is_some() && note.note == reading.note);
        if let Some(note) = last {
            reading.cents = note.cents.0;
        }
        Some(reading)
    }

    /// The newest estimate, silent or not.
    #[must_use]
    pub(super) fn newest(&self) -> Option<&Heard> {
        self.newest.as_ref()
    }

    /// Whether time runs: somebody sings or has just sung, or the song rolls.
    #[must_use]
    pub(super) fn runs(&self) -> bool {
        !self.folding
    }

    /// Another reference pitch: the same voice lies elsewhere between the keys.
    pub(super) fn retune(&mut self, tuning: Tuning) {
        if tuning == self.tuning {
            return;
        }
        self.tuning = tuning;
        self.voice = Voice::default();
        self.notes.clear();
        self.finder = NoteFinder::new(tuning);
        for (number, moment) in (self.first..).zip(&mut self.moments) {
            moment.keys = tuning.keys(Hertz(moment.hertz)).unwrap_or(f32::NAN);
            moment.centre = moment.keys;
            find(&mut self.finder, &mut self.notes, number, moment);
        }
        self.centre(self.first);
        self.add_pending();
    }
}

/// Lets the finder hear a moment.
fn find(finder: &mut NoteFinder, notes: &mut VecDeque<SungNote>, number: u64, moment: &Moment) {
    let Moment { hertz, confidence, .. } = *moment;
    let estimate = Estimate { number, frequency: hertz, confidence, voiced: moment.sung() };
    finder.push(estimate, &mut |note| notes.push_back(note));
}

#[cfg(test)]
mod tests;
