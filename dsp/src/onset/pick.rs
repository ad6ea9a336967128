//! Which peaks of the flux are onsets, and when exactly.

use super::{LEVELS_A_SECOND, LOOKS_A_SECOND, Onset};

/// A peak is the highest within so many looks on both sides: 30 ms.
const HIGHEST: usize = 6;
/// It stands out from the mean of so many looks on both sides, 100 ms, by so many dB.
const AROUND: usize = 20;
const STANDS_OUT: f32 = 2.0;
/// Two onsets are at least so many seconds apart.
const APART: f64 = 0.05;
/// Within 60 ms after an onset it is not quieter than the loudest of all by more than this: 40 dB.
const HEARD: f32 = 0.01;
/// In the mean it is not quieter after than before by more than this, 6 dB: the end of a note makes a noise of its own.
const GOES_ON: f32 = 0.5;
/// Where the level rises by this factor at least, 6 dB, the onset is where it does.
const RISES: f32 = 2.0;
/// The share of the rise after which it has begun.
const BEGUN: f32 = 1.0 / 3.0;

/// What was measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pick<'a> {
    pub(super) fluxes: &'a [f32],
    pub(super) levels: &'a [f32],
}

impl Pick<'_> {
    pub(super) fn onsets(&self) -> Vec<Onset> {
        let loudest = self.levels.iter().copied().fold(0.0, f32::max);
        let smooth = self.smooth();
        let mut onsets: Vec<Onset> = Vec::new();
        for look in 0..self.fluxes.len() {
            if !self.is_peak(look) {
                continue;
            }
            let seconds = look as f64 / f64::from(LOOKS_A_SECOND);
            let after = between(&smooth, seconds, seconds + 0.06);
            let heard = after.iter().copied().fold(0.0, f32::max) > HEARD * loudest;
            let (before, after) = (seconds - 0.05..seconds - 0.015, seconds + 0.02..seconds + 0.06);
            if !heard || mean(&smooth, after) < GOES_ON * mean(&smooth, before) {
                continue;
            }
            let onset = Onset { seconds: when(&smooth, seconds), strength: self.fluxes[look] };
            match onsets.last_mut().filter(|last| onset.seconds - last.seconds < APART) {
                // The stronger of two that are one.
                Some(last) if onset.strength > last.strength => *last = onset,
                Some(_) => {}
                None => onsets.push(onset),
            }
        }
        onsets
    }

    fn is_peak(&self, look: usize) -> bool {
        let flux = self.fluxes[look];
        let (from, to) = (look.saturating_sub(HIGHEST), (look + HIGHEST + 1).min(self.fluxes.len()));
        // Of equals the first.
        let highest = self.fluxes[from..look].iter().all(|other| *other < flux)
            && self.fluxes[look..to].iter().all(|other| *other <= flux);
        let (from, to) = (look.saturating_sub(AROUND), (look + AROUND + 1).min(self.fluxes.len()));
        let mean = self.fluxes[from..to].iter().sum::<f32>() / (to - from) as f32;
        highest && flux >= mean + STANDS_OUT
    }

    /// The levels without the ripple of single waves: the root mean square of 5 ms.
    fn smooth(&self) -> Vec<f32> {
        let squares = |at: usize| {
            let (from, to) = (at.saturating_sub(2), (at + 3).min(self.levels.len()));
            let sum: f32 = self.levels[from..to].iter().map(|level| level * level).sum();
            (sum / (to - from) as f32).sqrt()
        };
        (0..self.levels.len()).map(squares).collect()
    }
}

/// The levels from one moment to another.
fn between(levels: &[f32], from: f64, to: f64) -> &[f32] {
    let at = |seconds: f64| ((seconds.max(0.0) * f64::from(LEVELS_A_SECOND)) as usize).min(levels.len());
    &levels[at(from)..at(to)]
}

/// The mean level from one moment to another; 0 of nothing.
fn mean(levels: &[f32], time: std::ops::Range<f64>) -> f32 {
    let levels = between(levels, time.start, time.end);
    levels.iter().sum::<f32>() / levels.len().max(1) as f32
}

/// Where the level rises around `seconds`; if it does not, `seconds`.
fn when(levels: &[f32], seconds: f64) -> f64 {
    let from = (seconds - 0.03).max(0.0);
    let around = between(levels, from, seconds + 0.07);
    let Some(highest) = position(around, |one, other| one > other) else { return seconds };
    let Some(lowest) = position(&around[..=highest], |one, other| one <= other) else { return seconds };
    let (low, high) = (around[lowest], around[highest]);
    if high < RISES * low.max(f32::MIN_POSITIVE) {
        return seconds;
    }
    let begun = low + BEGUN * (high - low);
    let rising = around[lowest..=highest].iter().position(|level| *level >= begun).unwrap_or(0);
    let first = (from * f64::from(LEVELS_A_SECOND)) as usize;
    (first + lowest + rising) as f64 / f64::from(LEVELS_A_SECOND) + 0.5 / f64::from(LEVELS_A_SECOND)
}

/// The place of the value that is better than all before it.
fn position(values: &[f32], better: impl Fn(f32, f32) -> bool) -> Option<usize> {
    let mut best: Option<(usize, f32)> = None;
    for (place, value) in values.iter().copied().enumerate() {
        if best.is_none_or(|(_, known)| better(value, known)) {
            best = Some((place, value));
        }
    }
    best.map(|(place, _)| place)
}
