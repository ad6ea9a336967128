//! The cheapest path through the candidates: what keeps one wrong moment from becoming an octave jump.
//!
//! Start at [`Path::step`]. Dynamic programming as in Talkin's RAPT (1995) and Boersma's autocorrelation method (1993):
//! each moment costs what its candidate lacks in likeness, each step what the pitch moves. “Nobody sings” is a candidate
//! too.

use super::candidates::{Candidate, MOST};

/// What is not like itself one period later counts by its logarithm, as the likelihood of noise does, but differences
/// below this are movement, not noise.
const LEAST_LACK: f32 = 0.05;
/// The weight of that logarithm.
const LACK: f32 = 0.3;
/// A candidate this like is as good as silence.
const SILENT: f32 = 0.62;
/// What a lag twice as long costs: both fit a periodic sound equally well.
const LONGER: f32 = 0.065;
/// What a lag below the range costs besides: a multiple of the voice's and of what is heard beside it is often there.
const BELOW: f32 = 0.1;
/// What a lag costs besides when its half is as good: then it is two periods, not one;
const ECHO: f32 = 0.1;
/// as good within this.
const AS_GOOD: f32 = 0.015;
/// What a movement of an octave costs,
const MOVE: f32 = 1.2;
/// up to this.
const FARTHEST: f32 = 0.4;
/// What it costs to begin or end.
const SWITCH: f32 = 0.15;

/// States of a moment: the candidates, then silence.
const STATES: usize = MOST + 1;
const SILENCE: usize = MOST;

/// One moment on the path.
#[derive(Debug, Clone, Copy)]
struct Moment {
    candidates: [Candidate; MOST],
    count: usize,
    costs: [f32; STATES],
    from: [u8; STATES],
}

/// The moments that are not decided yet.
#[derive(Debug)]
pub(super) struct Path {
    ring: Vec<Moment>,
    /// Log2 of the lowest frequency that is told.
    lowest: f32,
    moments: u64,
}

const NOTHING: Moment = Moment {
    candidates: [Candidate { lag: 0.0, octave: 0.0, likeness: 0.0 }; MOST],
    count: 0,
    costs: [0.0; STATES],
    from: [SILENCE as u8; STATES],
};

impl Path {
    /// One that can be walked back over `length` moments. `lowest`: the lowest frequency that is told, log2 of Hz.
    pub(super) fn new(length: usize, lowest: f32) -> Self {
        Self { lowest, ring: vec![NOTHING; length.max(2)], moments: 0 }
    }

    /// As if just made.
    pub(super) fn reset(&mut self) {
        self.ring.fill(NOTHING);
        self.moments = 0;
    }

    /// Adds the next moment.
    pub(super) fn step(&mut self, candidates: &[Candidate]) {
        let length = self.ring.len() as u64;
        let before = self.ring[((self.moments + length - 1) % length) as usize];
        let now = &mut self.ring[(self.moments % length) as usize];
        now.count = candidates.len().min(MOST);
        now.candidates[..now.count].copy_from_slice(&candidates[..now.count]);
        for state in 0..now.count {
            let candidate = now.candidates[state];
            let below = if candidate.octave < self.lowest { BELOW } else { 0.0 };
            let lack = lack(candidate.likeness) - LONGER * (candidate.octave - 8.0)
                + below
                + echo(candidate, candidates);
            let (cost, from) = before.cheapest(Some(candidate));
            (now.costs[state], now.from[state]) = (cost + lack, from);
        }
        let (cost, from) = before.cheapest(None);
        (now.costs[SILENCE], now.from[SILENCE]) = (cost + lack(SILENT), from);
        // Only differences count; without this they would drown in hours.
        let least = now.states().map(|state| now.costs[state]).fold(f32::MAX, f32::min);
        now.costs.iter_mut().for_each(|cost| *cost -= least);
        self.moments += 1;
    }

    /// Walks back from the newest moment and gives each moment's choice, the newest first; `None` is silence.
    pub(super) fn walk(&self, length: usize, mut take: impl FnMut(Option<Candidate>)) {
        let ring = self.ring.len() as u64;
        let newest = &self.ring[((self.moments + ring - 1) % ring) as usize];
        let mut state = newest
            .states()
            .fold(SILENCE, |best, state| if newest.costs[state] < newest.costs[best] { state } else { best });
        for back in 1..=(length.min(self.ring.len()) as u64).min(self.moments) {
            let moment = &self.ring[((self.moments - back) % ring) as usize];
            take((state < moment.count).then(|| moment.candidates[state]));
            state = usize::from(moment.from[state]);
        }
    }
}

/// What a candidate costs for being a multiple of a better one.
fn echo(candidate: Candidate, candidates: &[Candidate]) -> f32 {
    let is_part = |other: &Candidate| {
        let ratio = candidate.lag / other.lag;
        (ratio - 2.0).abs() < 0.06 && other.likeness + AS_GOOD >= candidate.likeness
    };
    if candidates.iter().any(is_part) { ECHO } else { 0.0 }
}

/// What a likeness costs.
fn lack(likeness: f32) -> f32 {
    LACK * (1.0 - likeness + LEAST_LACK).ln()
}

impl Moment {
    fn states(&self) -> impl Iterator<Item = usize> + use<> {
        (0..self.count).chain([SILENCE])
    }

    /// From which state the next moment's candidate is reached at the least cost.
    fn cheapest(&self, next: Option<Candidate>) -> (f32, u8) {
        let (mut least, mut from) = (f32::MAX, SILENCE);
        for state in self.states() {
            let step = match (next, state == SILENCE) {
                (Some(next), false) => {
                    (MOVE * (next.octave - self.candidates[state].octave).abs()).min(FARTHEST)
                }
                (None, true) => 0.0,
                _ => SWITCH,
            };
            if self.costs[state] + step < least {
                (least, from) = (self.costs[state] + step, state);
            }
        }
        (least, from as u8)
    }
}
