//! Onsets: the moments at which something begins, a note, a word, a clap.
//!
//! Start at [`OnsetFinder::push`]. Two things are measured while samples come in, 200 times a second how much louder each
//! band of the spectrum has become (`flux`), and each millisecond the level; at the end the peaks of the first are picked,
//! and each is moved to where the level rises (`pick`).
//!
//! The flux is that of S. Böck and G. Widmer, “Maximum filter vibrato suppression for onset detection” (DAFx 2013): a band
//! counts as louder only beside what its neighbours were before, so that vibrato is no row of onsets. An onset is the
//! moment at which the level has risen by a third of the way from before to after. Measured by the tests here: what begins
//! within 20 ms is told within 5 ms of that; a note bound to the one before, which begins without a rise in level, within
//! 25 ms.
//!
//! Allocates, and what it keeps grows by 5 kB a second: for workers, of what is recorded.

mod flux;
mod pick;
#[cfg(test)]
mod tests;

use flux::Flux;
use pick::Pick;

/// Looks at the spectrum a second.
const LOOKS_A_SECOND: u32 = 200;
/// Levels a second.
const LEVELS_A_SECOND: u32 = 1_000;
/// Frames a second that are enough to tell onsets: what is recorded at twice this rate or more is lowered to at least this.
const ENOUGH: u32 = 16_000;

/// Something begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Onset {
    /// Seconds since the first sample.
    pub seconds: f64,
    /// By how many dB the bands of the spectrum rise, in the mean. About 2 is the weakest that is told.
    pub strength: f32,
}

/// Finds onsets in mono samples of one rate.
#[derive(Debug)]
pub struct OnsetFinder {
    /// How many inputs become one sample, and the sum of those so far.
    lower: u32,
    sum: f32,
    summed: u32,
    /// Frames a second after that.
    rate: f64,
    /// Samples so far.
    taken: u64,
    flux: Flux,
    fluxes: Vec<f32>,
    /// Energy of the running millisecond.
    energy: f64,
    counted: u32,
    levels: Vec<f32>,
}

impl OnsetFinder {
    /// One that has heard nothing. `rate` in frames a second: 8,000 to 192,000 are usual, others work as well as they can.
    #[must_use]
    pub fn new(rate: u32) -> Self {
        let lower = (rate / ENOUGH).max(1);
        let rate = f64::from(rate.max(1_000)) / f64::from(lower);
        Self {
            lower,
            sum: 0.0,
            summed: 0,
            rate,
            taken: 0,
            flux: Flux::new(rate),
            fluxes: Vec::new(),
            energy: 0.0,
            counted: 0,
            levels: Vec::new(),
        }
    }

    /// Takes the next samples. What is no number counts as silence.
    pub fn push(&mut self, samples: &[f32]) {
        for sample in samples {
            self.sum += if sample.is_finite() { sample.clamp(-16.0, 16.0) } else { 0.0 };
            self.summed += 1;
            if self.summed == self.lower {
                let sample = self.sum / self.lower as f32;
                (self.sum, self.summed) = (0.0, 0);
                self.take(sample);
            }
        }
    }

    /// The onsets, in order of time.
    #[must_use]
    pub fn finish(mut self) -> Vec<Onset> {
        // So that the last looks have their right half.
        for _ in 0..self.flux.reach() {
            self.take(0.0);
        }
        Pick { fluxes: &self.fluxes, levels: &self.levels }.onsets()
    }

    fn take(&mut self, sample: f32) {
        self.flux.push(sample);
        self.energy += f64::from(sample).powi(2);
        self.counted += 1;
        self.taken += 1;
        let passed = self.taken as f64 / self.rate;
        if passed * f64::from(LEVELS_A_SECOND) >= (self.levels.len() + 1) as f64 {
            self.levels.push((self.energy / f64::from(self.counted)).sqrt() as f32);
            (self.energy, self.counted) = (0.0, 0);
        }
        // A look is of a moment with as much on both sides.
        let due = self.fluxes.len() as f64 / f64::from(LOOKS_A_SECOND) * self.rate + self.flux.reach() as f64;
        if self.taken as f64 >= due {
            self.fluxes.push(self.flux.look());
        }
    }
}

/// The onsets of mono samples at `rate` frames a second.
#[must_use]
pub fn find(samples: &[f32], rate: u32) -> Vec<Onset> {
    let mut finder = OnsetFinder::new(rate);
    finder.push(samples);
    finder.finish()
}
