//! Intonation: the pitch a singer makes of written notes. Portamento, scoops, vibrato, and never quite still.

use super::Singer;
use super::diction::LEAD_IN;
use crate::filter::Chase;
use crate::noise::Noise;
use crate::oscillator::{Phase, sine};
use crate::score::Grid;
use crate::score::lyrics::Sung;
use crate::units::{Hertz, Pitch, Seconds};

/// Time constant of a slide; it takes about six of them.
const SLIDE: Seconds = Seconds(0.015);
/// A slide begins this much before the vowel, during the consonant.
const EARLY: Seconds = Seconds(0.045);
/// How far below a phrase's first note the singer comes in, in semitones.
const SCOOP: f32 = 1.3;
const VIBRATO: Hertz = Hertz(5.5);
/// Depth to either side, in semitones, on notes long enough to have it.
const VIBRATO_DEPTH: f32 = 0.34;
/// How long a note stands still before it begins to sway.
const VIBRATO_AFTER: Seconds = Seconds(0.28);
/// Slow drift to either side, in semitones.
const DRIFT: f32 = 0.05;

/// One note as the throat sees it.
#[derive(Clone, Copy, Debug)]
struct Goal {
    at: f32,
    until: f32,
    pitch: f32,
    opens_phrase: bool,
}

/// Walks along the pitch curve of a part.
#[derive(Debug)]
pub(crate) struct Intonation {
    goals: Vec<Goal>,
    next: usize,
    slide: Chase,
    sway: Chase,
    drift: Chase,
    wander: Noise,
    toward: f32,
    phase: Phase,
    detune: f32,
}

impl Intonation {
    pub(crate) fn new(part: &[Sung], singer: &Singer, grid: Grid) -> Self {
        let mut goals: Vec<Goal> = Vec::with_capacity(part.len());
        for note in part {
            let at = grid.moment(note.at()).0 + singer.late.0 - EARLY.0 - LEAD_IN.0;
            let until = at + grid.moment(note.length as f32).0;
            let opens_phrase = goals.last().is_none_or(|last| at - last.until > 0.15);
            goals.push(Goal { at, until, pitch: note.pitch.0, opens_phrase });
        }
        let first = goals.first().map_or(57.0, |goal| goal.pitch);
        Self {
            goals,
            next: 0,
            slide: Chase::at(first),
            sway: Chase::at(0.0),
            drift: Chase::at(0.0),
            wander: Noise::new(singer.seed + 2),
            toward: 0.0,
            phase: Phase::default(),
            detune: singer.detune,
        }
    }

    /// Moves on to `now`, `span` after the last time.
    pub(crate) fn step(&mut self, now: Seconds, span: Seconds) -> Hertz {
        while let Some(goal) = self.goals.get(self.next).filter(|goal| goal.at <= now.0) {
            if goal.opens_phrase {
                self.slide = Chase::at(goal.pitch - SCOOP);
            }
            self.next += 1;
        }
        let Some(goal) = self.next.checked_sub(1).and_then(|n| self.goals.get(n)).copied() else {
            return Pitch(self.goals.first().map_or(57.0, |goal| goal.pitch)).hertz();
        };
        let straight = self.slide.step(goal.pitch, SLIDE, span);
        let pitch = straight + self.vibrato(&goal, now, span) + self.drifting(span) + self.detune;
        Pitch(pitch).hertz()
    }

    /// Fades in on a long note, and out as the next one comes.
    fn vibrato(&mut self, goal: &Goal, now: Seconds, span: Seconds) -> f32 {
        let age = now.0 - goal.at - EARLY.0;
        let long = goal.until - goal.at > 0.6;
        let depth = if long && age > VIBRATO_AFTER.0 { VIBRATO_DEPTH } else { 0.0 };
        let pace = if depth > 0.0 { Seconds(0.16) } else { Seconds(0.03) };
        let depth = self.sway.step(depth, pace, span);
        // Not a machine: a little faster or slower as the drift goes.
        let rate = VIBRATO.0 * (1.0 + 1.2 * self.toward);
        depth * sine(self.phase.advance(f64::from(rate * span.0)))
    }

    fn drifting(&mut self, span: Seconds) -> f32 {
        // A new aim about six times a second.
        if self.wander.next() > 1.0 - 12.0 * span.0 {
            self.toward = DRIFT * self.wander.next();
        }
        self.drift.step(self.toward, Seconds(0.09), span)
    }
}
