//! The tracker: samples in, estimates out.
//!
//! Start at [`Tracker::push`]. In order: [`front`] lowers the rate, [`lags`] measures how periodic each moment is at each
//! lag, [`candidates`] are the best of them, [`path`] chooses among them over time, [`refine`]
//! reads the exact pitch of the chosen one, and [`voicing`] judges whether somebody sings. Nothing costs more with
//! time: a moment is 1/200 s, and all of it has been here [`Tracker::latency`] later.

mod candidates;
mod curve;
mod front;
mod history;
mod lags;
mod path;
mod refine;
#[cfg(test)]
mod tests;
mod voicing;

use super::{ESTIMATES_A_SECOND, Estimate, PitchError, PitchRange};
use candidates::{Candidate, Peaks};
use front::Front;
use history::History;
use lags::Lags;
use path::Path;
use refine::Refine;
use voicing::{Evidence, Voicing};

/// The lowest that is looked for (Hz), so that a bass below the range is known as one, not told an octave higher;
const LOWEST_SOUGHT: f64 = 40.0;
/// the highest, so that a whistle above is not told octaves lower.
const HIGHEST_SOUGHT: f64 = 4_000.0;
/// The square of a sample below which everything is silence: −90 dB.
const FLOOR: f64 = 1e-9;
/// Seconds on either side of a moment that its level is of.
const LEVEL_REACH: f64 = 0.006;
/// Moments that a tracker of whole takes looks ahead: 1 s.
const AHEAD: usize = 200;

/// Follows the pitch of one voice. Allocates when it is made, never while it runs.
#[derive(Debug)]
pub struct Tracker {
    rate: u64,
    range: PitchRange,
    front: Front,
    history: History,
    lags: Lags,
    peaks: Peaks,
    path: Path,
    refine: Refine,
    voicing: Voicing,
    /// Samples on either side of a moment that its level is of.
    level_reach: usize,
    shortest: usize,
    /// Moments that are chosen later than they are measured.
    ahead: usize,
    /// Inputs so far, and where they end, once that is known.
    taken: u64,
    end: u64,
    /// The next moment to measure.
    next: u64,
    latency: f64,
}

impl Tracker {
    /// One whose estimates come while somebody sings, at most [`LIVE_LATENCY_SECONDS`](super::LIVE_LATENCY_SECONDS)
    /// after the moment of which they speak. `rate` in frames a second.
    ///
    /// # Errors
    /// When rate or range are not of voices.
    pub fn live(rate: u32, range: PitchRange) -> Result<Self, PitchError> {
        Self::new(rate, range, 0)
    }

    /// One that may look ahead, for what is recorded. It needs no more memory for hours than for seconds.
    ///
    /// # Errors
    /// When rate or range are not of voices.
    pub fn whole(rate: u32, range: PitchRange) -> Result<Self, PitchError> {
        Self::new(rate, range, AHEAD)
    }

    fn new(rate: u32, range: PitchRange, ahead: usize) -> Result<Self, PitchError> {
        if !(8_000..=192_000).contains(&rate) {
            return Err(PitchError::Rate(rate));
        }
        let (lowest, highest) = (range.lowest.0, range.highest.0);
        if !(lowest >= 50.0 && highest <= 2_000.0 && highest >= 2.0 * lowest) {
            return Err(PitchError::Range);
        }
        let front = Front::new(rate);
        let lower = f64::from(rate) / front.decimation() as f64;
        let lags = Lags::new(lower, (lower / LOWEST_SOUGHT).ceil() as usize + 8);
        let reach = lags.reach();
        let inputs = (reach + 1) * front.decimation() + front.delay();
        Ok(Self {
            rate: rate.into(),
            range,
            history: History::new(2 * reach + 8 + (ahead + 2) * lower as usize / ESTIMATES_A_SECOND as usize),
            peaks: Peaks::new(lower),
            path: Path::new(ahead + 1, lowest.log2()),
            refine: Refine::new(lower),
            voicing: Voicing::default(),
            level_reach: (LEVEL_REACH * lower) as usize,
            shortest: (lower / HIGHEST_SOUGHT) as usize,
            ahead,
            taken: 0,
            end: u64::MAX,
            next: 0,
            latency: inputs as f64 / f64::from(rate) + ahead as f64 / f64::from(ESTIMATES_A_SECOND),
            front,
            lags,
        })
    }

    /// Takes mono samples, any number at a time, and gives the estimates that are due, in order. NaN and infinities count
    /// as silence.
    pub fn push(&mut self, samples: &[f32], give: &mut dyn FnMut(Estimate)) {
        let mut left = samples;
        while !left.is_empty() {
            let (count, sample) = self.front.take(left);
            self.taken += count as u64;
            left = &left[count..];
            let Some(sample) = sample else { continue };
            self.history.push(sample);
            self.measure(give);
        }
    }

    /// Gives what is left, up to the last sample, as if silence followed. Then it begins anew, as if just made.
    pub fn finish(&mut self, give: &mut dyn FnMut(Estimate)) {
        self.end = self.taken;
        let left = (self.latency * self.rate as f64) as usize + 2 * self.front.decimation();
        for _ in 0..left {
            self.push(&[0.0], give);
        }
        self.front.reset();
        self.history.reset();
        self.path.reset();
        self.voicing.reset();
        (self.taken, self.end, self.next) = (0, u64::MAX, 0);
    }

    /// Seconds after a moment at which its estimate comes at the latest.
    #[must_use]
    pub fn latency(&self) -> f64 {
        self.latency
    }

    /// Measures the next moment if all of it is here.
    fn measure(&mut self, give: &mut dyn FnMut(Estimate)) {
        let centre = self.centre(self.next);
        if self.history.end() <= centre + self.lags.reach() as i64 {
            return;
        }
        self.lags.load(self.history.around(centre, self.lags.reach()), FLOOR);
        self.path.step(self.peaks.find(self.lags.measure(), self.shortest));
        self.next += 1;
        if self.next > self.ahead as u64 {
            self.tell(self.next - 1 - self.ahead as u64, give);
        }
    }

    /// The sample that is nearest to a moment.
    fn centre(&self, number: u64) -> i64 {
        let a_second = u64::from(ESTIMATES_A_SECOND) * self.front.decimation() as u64;
        ((number * self.rate + a_second / 2) / a_second) as i64
    }

    /// Says what was found at a moment.
    fn tell(&mut self, number: u64, give: &mut dyn FnMut(Estimate)) {
        if number * self.rate >= self.end.saturating_mul(u64::from(ESTIMATES_A_SECOND)) {
            return;
        }
        let mut chosen = None;
        self.path.walk(self.ahead + 1, |candidate| chosen = candidate);
        let (octave, evidence) = chosen.map_or((0.0, None), |candidate| self.read(number, candidate));
        let frequency = if chosen.is_some() { octave.exp2() } else { 0.0 };
        let in_range = (self.range.lowest.0..=self.range.highest.0).contains(&frequency);
        let (voiced, confidence) = self.voicing.decide(evidence.filter(|_| in_range));
        give(Estimate { number, frequency, confidence, voiced });
    }

    /// Reads the exact pitch, as log2 of Hz, of what the path chose.
    fn read(&mut self, number: u64, candidate: Candidate) -> (f32, Option<Evidence>) {
        if self.ahead > 0 {
            self.lags.load(self.history.around(self.centre(number), self.lags.reach()), FLOOR);
        }
        let Some((reading, long)) = self.refine.about(&self.lags, candidate.lag) else {
            return (candidate.octave, None);
        };
        let power = self.lags.power(self.level_reach);
        (reading.octave, Some(Evidence { short: candidate.likeness, long, power }))
    }
}
