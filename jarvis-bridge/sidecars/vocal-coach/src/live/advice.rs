//! What a coach would say while somebody sings, and how seldom.
//!
//! Start at [`Advice::hear`] (of the moment) and [`Advice::note`] (of a note that is over). The coach does not know the
//! melody: flat and sharp are beside the nearest note. A message comes at most every four seconds, the same kind at most
//! every fifteen: who is told everything hears nothing.

use std::collections::VecDeque;

use dawg_dsp::pitch::notes::SungNote;
use dawg_dsp::pitch::tuning::{Note, Spelling, Tuning};
use dawg_dsp::pitch::{ESTIMATES_A_SECOND, Estimate};
use dawg_dsp::units::Hertz;
use serde::Serialize;

/// Moments of which the middle is taken, 0.3 s: one wave of the slowest vibrato, or two of a usual one.
const MIDDLE: usize = 60;
/// Beside the key by more than this, in cents, ...
const BESIDE: f32 = 25.0;
/// ... for longer than this, 0.8 s, is told.
const HELD: u32 = ESTIMATES_A_SECOND * 8 / 10;
/// A note of this length in seconds is a long one.
const LONG: f64 = 1.0;
/// A long note that drifts by this many cents is told.
const DRIFTS: f32 = 30.0;
/// A note that begins this many cents below itself ...
const BELOW: f32 = 70.0;
/// ... and takes at least so many moments, 0.12 s, to come within 35 cents, was scooped.
const SCOOP: usize = 24;
const ARRIVED: f32 = 35.0;
/// Moments that are remembered, 3 s and what a note needs until it is told.
const MEMORY: usize = 900;
/// Seconds between two messages, and between two of a kind.
const PAUSE: f64 = 4.0;
const SAME: f64 = 15.0;

/// How grave a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Severity {
    /// Well done.
    Good,
    /// Worth knowing.
    Info,
    /// Worth changing.
    Warn,
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    pub(super) message: String,
    pub(super) severity: Severity,
    /// Seconds since the session began, when it is said.
    pub(super) seconds: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Beside,
    Scoop,
    Drift,
    Vibrato,
}

/// What the coach has in mind.
#[derive(Debug)]
pub(super) struct Advice {
    tuning: Tuning,
    /// Number and cents of the newest moments; none where nobody sang.
    past: VecDeque<(u64, Option<f32>)>,
    /// Which note is held beside the key, whether above it, and for how many moments.
    beside: Option<(Note, bool, u32)>,
    told: Vec<(Kind, f64)>,
    now: f64,
}

impl Advice {
    pub(super) fn new(tuning: Tuning) -> Self {
        Self { tuning, past: VecDeque::new(), beside: None, told: Vec::new(), now: 0.0 }
    }

    /// Takes in a moment: a note that is held beside its key is told while it can still be mended.
    pub(super) fn hear(&mut self, estimate: &Estimate) -> Option<Said> {
        let cents = estimate.voiced.then(|| self.tuning.keys(Hertz(estimate.frequency))).flatten();
        self.past.push_back((estimate.number, cents.map(|keys| keys * 100.0)));
        if self.past.len() > MEMORY {
            self.past.pop_front();
        }
        self.now = estimate.seconds();
        let (note, cents) = match self.middle() {
            Some(middle) => self.tuning.nearest(self.tuning.pitch(middle / 100.0))?,
            None => {
                self.beside = None;
                return None;
            }
        };
        let sharp = cents.0 > 0.0;
        if cents.0.abs() <= BESIDE {
            self.beside = None;
            return None;
        }
        let moments = match self.beside {
            Some((held, was_sharp, moments)) if held == note && was_sharp == sharp => moments + 1,
            _ => 1,
        };
        self.beside = Some((note, sharp, moments));
        if moments != HELD {
            return None;
        }
        let (by, name) = (cents.0.abs().round(), note.name(Spelling::Sharps));
        let message = match sharp {
            true => format!("{name} is {by:.0} cents sharp: let it sink a little"),
            false => format!("{name} is {by:.0} cents flat: lift it a little"),
        };
        self.say(Kind::Beside, Severity::Warn, message)
    }

    /// What is to be said of a note that is over: at most one thing, the one that helps most.
    pub(super) fn note(&mut self, note: &SungNote) -> Option<Said> {
        let (name, length) = (note.note.name(Spelling::Sharps), note.end - note.start);
        if length >= LONG && note.drift.0.abs() >= DRIFTS {
            let by = note.drift.0.abs().round();
            let message = match note.drift.0 < 0.0 {
                true => format!(
                    "{name} sank by {by:.0} cents while it was held: keep the breath going to its end"
                ),
                false => format!("{name} rose by {by:.0} cents while it was held: stay relaxed to its end"),
            };
            return self.say(Kind::Drift, Severity::Warn, message);
        }
        if let Some(below) = self.scooped(note) {
            let message = format!("{name} began {below:.0} cents below: hear it before you sing it");
            return self.say(Kind::Scoop, Severity::Info, message);
        }
        let vibrato = note.vibrato.filter(|_| length >= LONG)?;
        let even = (4.5..=7.0).contains(&vibrato.rate.0) && (40.0..=200.0).contains(&vibrato.extent.0);
        if !even {
            return None;
        }
        let (rate, extent) = (vibrato.rate.0, vibrato.extent.0);
        let message = format!("a free vibrato on {name}: {rate:.1} waves a second, {extent:.0} cents wide");
        self.say(Kind::Vibrato, Severity::Good, message)
    }

    /// The middle of what was sung lately; none if not all of it was sung.
    fn middle(&self) -> Option<f32> {
        let from = self.past.len().checked_sub(MIDDLE)?;
        let mut sum = 0.0;
        for (_, cents) in self.past.range(from..) {
            sum += (*cents)?;
        }
        Some(sum / MIDDLE as f32)
    }

    /// By how many cents a note began below itself, if it took its time to come up. Only after silence: bound to another
    /// note, what lies below is that note.
    fn scooped(&self, note: &SungNote) -> Option<f32> {
        let own = self.tuning.keys(note.pitch)? * 100.0;
        let start = (note.start * f64::from(ESTIMATES_A_SECOND)).round() as u64;
        let place = self.past.iter().position(|(number, _)| *number == start)?;
        // Back to the silence before, then forth to where it has arrived.
        let silent = self.past.range(..place).rposition(|(_, cents)| cents.is_none())?;
        if place - silent > MIDDLE {
            return None;
        }
        let coming = self.past.range(silent + 1..).map_while(|(_, cents)| *cents);
        let below: Vec<f32> = coming.map(|cents| own - cents).take_while(|below| *below > ARRIVED).collect();
        // A fifth or more below is another note.
        let deepest = below.iter().copied().fold(0.0, f32::max);
        (below.len() >= SCOOP && (BELOW..700.0).contains(&deepest)).then_some(deepest.round())
    }

    fn say(&mut self, kind: Kind, severity: Severity, message: String) -> Option<Said> {
        let recent = |(other, at): &(Kind, f64)| {
            let since = self.now - at;
            since < PAUSE || (*other == kind && since < SAME)
        };
        if self.told.iter().any(recent) {
            return None;
        }
        self.told.retain(|(_, at)| self.now - at < SAME);
        self.told.push((kind, self.now));
        Some(Said { message, severity, seconds: self.now })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dawg_dsp::pitch::notes::NoteFinder;
    use std::f32::consts::TAU;

    /// What is said of a curve: cents of each moment; none where nobody sings.
    fn said(curve: impl Iterator<Item = Option<f32>>) -> Vec<Said> {
        let tuning = Tuning::default();
        let (mut advice, mut finder) = (Advice::new(tuning), NoteFinder::new(tuning));
        let mut said = Vec::new();
        for (number, cents) in curve.enumerate() {
            let frequency = cents.map_or(0.0, |cents| tuning.pitch(cents / 100.0).0);
            let (number, voiced) = (number as u64, cents.is_some());
            let estimate = Estimate { number, frequency, confidence: 0.9, voiced };
            said.extend(advice.hear(&estimate));
            finder.push(estimate, &mut |note| said.extend(advice.note(&note)));
        }
        finder.finish(&mut |note| said.extend(advice.note(&note)));
        said
    }

    fn held(seconds: f32, cents: impl Fn(f32) -> f32) -> impl Iterator<Item = Option<f32>> {
        let count = (seconds * 200.0) as u32;
        (0..count).map(move |n| Some(cents(n as f32 / 200.0)))
    }

    fn rest(seconds: f32) -> impl Iterator<Item = Option<f32>> {
        std::iter::repeat_n(None, (seconds * 200.0) as usize)
    }

    #[test]
    fn a_note_held_flat_is_told_while_it_is_held_and_once() {
        // Seen red: with 10 cents in place of 25.
        let flat = said(rest(0.5).chain(held(3.0, |_| 6_932.0 - 65.0)).chain(rest(1.0)));
        assert_eq!(flat.len(), 1, "{flat:?}");
        assert!(
            flat[0].message.starts_with("A4 is 33 cents flat") && flat[0].severity == Severity::Warn,
            "{flat:?}"
        );
        assert!(flat[0].seconds < 2.0, "{flat:?}");
        let sharp = said(rest(0.5).chain(held(1.5, |_| 6_930.0)).chain(rest(1.0)));
        assert!(sharp[0].message.starts_with("A4 is 30 cents sharp"), "{sharp:?}");
        assert_eq!(said(rest(0.5).chain(held(0.6, |_| 6_870.0)).chain(rest(1.0))), []);
        assert_eq!(said(rest(0.5).chain(held(3.0, |_| 6_920.0)).chain(rest(1.0))), []);
    }

    #[test]
    fn vibrato_is_no_wrong_pitch_but_praised() {
        // Seen red: with other words.
        let wave = |time: f32| 6_900.0 + 60.0 * (TAU * 5.5 * time).sin();
        let said = said(rest(0.5).chain(held(2.0, wave)).chain(rest(1.0)));
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].message.contains("vibrato on A4") && said[0].severity == Severity::Good, "{said:?}");
    }

    #[test]
    fn a_note_that_sinks_and_one_that_is_reached_from_below_are_told() {
        // Seen red: with a drift told from 300 cents on.
        let sinks = said(rest(0.5).chain(held(2.0, |time| 6_920.0 - 22.0 * time)).chain(rest(1.0)));
        assert!(sinks.len() == 1 && sinks[0].message.starts_with("A4 sank by"), "{sinks:?}");
        let up = |time: f32| 6_900.0 - 150.0 * (1.0 - time / 0.25).max(0.0);
        let scoop = said(rest(0.5).chain(held(1.5, up)).chain(rest(1.0)));
        assert!(scoop.len() == 1 && scoop[0].message.starts_with("A4 began"), "{scoop:?}");
        // A quick scoop, as everybody sings, is no fault; nor is a note that another leads to.
        let quick = |time: f32| 6_900.0 - 150.0 * (1.0 - time / 0.06).max(0.0);
        assert_eq!(said(rest(0.5).chain(held(1.5, quick)).chain(rest(1.0))), []);
        let bound = held(0.6, |_| 6_700.0).chain(held(1.0, |_| 6_900.0));
        assert_eq!(said(rest(0.5).chain(bound).chain(rest(1.0))), []);
    }

    #[test]
    fn it_speaks_seldom() {
        // Seen red: with the same told again every four seconds.
        let flat = || rest(0.5).chain(held(1.5, |_| 6_870.0));
        let minute = (0..30).flat_map(|_| flat());
        let count = said(minute).len();
        assert!((3..=5).contains(&count), "{count} in a minute");
    }
}
