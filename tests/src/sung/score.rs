//! How good estimates of a [`Piece`](super::Piece) are: the same figures that `score.py` tells of the same rows.
//!
//! Start at [`Tally::add`]. Raw pitch accuracy counts every truly voiced row, a missing or unvoiced estimate as a miss;
//! errors in cents are over rows voiced in both. Rows within 15 ms of a change between voiced and unvoiced are left out,
//! since the truth there is a matter of taste; so are rows whose truth is NaN.

use std::fmt;

use dawg_dsp::pitch::Estimate;

use super::TRUTHS_A_SECOND;

/// An estimate of any tracker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    /// Seconds: the moment that it speaks of.
    pub time: f64,
    /// Hz.
    pub frequency: f64,
    /// Whether somebody sings.
    pub voiced: bool,
}

impl From<Estimate> for Guess {
    fn from(estimate: Estimate) -> Self {
        let frequency = f64::from(estimate.frequency);
        Self { time: estimate.seconds(), frequency, voiced: estimate.voiced && frequency > 0.0 }
    }
}

/// Rows of pieces, compared.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    rows: Vec<Row>,
}

/// The truth of a moment and what was said of it.
#[derive(Debug, Clone, Copy)]
struct Row {
    truth: f64,
    guess: f64,
    voiced: bool,
}

impl Row {
    /// How far beside the truth, where both say that somebody sings.
    fn cents(&self) -> Option<f64> {
        let both = self.truth > 0.0 && self.voiced;
        both.then(|| (1_200.0 * (self.guess / self.truth).log2()).abs())
    }
}

/// Figures; shares from 0 to 1, errors in cents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Of voiced rows, those within 15 cents.
    pub within_15: f64,
    /// Of voiced rows, those within 50 cents.
    pub within_50: f64,
    /// Half of the errors are smaller. NaN without any.
    pub median: f64,
    /// 95 of 100 errors are smaller. NaN without any.
    pub p95: f64,
    /// Of rows voiced in both, those within 50 cents of one or more octaves beside the truth.
    pub octave: f64,
    /// Of voiced rows, those that are said to be.
    pub recall: f64,
    /// Of unvoiced rows, those that are said to be voiced.
    pub false_alarm: f64,
}

impl Tally {
    /// Adds the rows of a piece. `guesses` in the order of their times.
    pub fn add(&mut self, truth: &[f32], guesses: &[Guess]) {
        let sings = |row: usize| truth[row] > 0.0;
        let mut keep: Vec<bool> = truth.iter().map(|hertz| !hertz.is_nan()).collect();
        for row in (1..truth.len()).filter(|row| sings(*row) != sings(row - 1)) {
            keep[row.saturating_sub(2)..(row + 2).min(truth.len())].fill(false);
        }
        for (row, hertz) in truth.iter().enumerate().filter(|(row, _)| keep[*row]) {
            let guess = nearest(guesses, row as f64 / TRUTHS_A_SECOND as f64);
            let (guess, voiced) = guess.map_or((0.0, false), |guess| (guess.frequency, guess.voiced));
            self.rows.push(Row { truth: f64::from(*hertz), guess, voiced: voiced && guess > 0.0 });
        }
    }

    /// Adds what another one has.
    pub fn add_all(&mut self, other: &Self) {
        self.rows.extend_from_slice(&other.rows);
    }

    /// The figures so far.
    #[must_use]
    pub fn score(&self) -> Score {
        let mut errors: Vec<f64> = self.rows.iter().filter_map(Row::cents).collect();
        errors.sort_unstable_by(f64::total_cmp);
        let (sung, silent): (Vec<Row>, Vec<Row>) = self.rows.iter().partition(|row| row.truth > 0.0);
        let within = |cents: f64| share(errors.iter().filter(|error| **error < cents).count(), sung.len());
        let octaves = errors
            .iter()
            .filter(|error| **error > 600.0 && ((*error + 600.0).rem_euclid(1_200.0) - 600.0).abs() < 50.0);
        let voiced = |rows: &[Row]| share(rows.iter().filter(|row| row.voiced).count(), rows.len());
        Score {
            within_15: within(15.0),
            within_50: within(50.0),
            median: quantile(&errors, 0.5),
            p95: quantile(&errors, 0.95),
            octave: share(octaves.count(), errors.len().max(1)),
            recall: voiced(&sung),
            false_alarm: if silent.is_empty() { 0.0 } else { voiced(&silent) },
        }
    }
}

impl fmt::Display for Score {
    /// As `score.py` prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { within_15, within_50, median, p95, recall, false_alarm, .. } = self;
        let octave = 100.0 * self.octave;
        write!(
            f,
            "within15 {within_15:.3}  within50 {within_50:.3}  median {median:6.2} c  p95 {p95:7.1} c  "
        )?;
        write!(f, "octave {octave:.2} %  recall {recall:.3}  false alarm {false_alarm:.3}")
    }
}

/// The guess about a moment: the nearest, if it is within 11 ms.
fn nearest(guesses: &[Guess], time: f64) -> Option<Guess> {
    let after = guesses.partition_point(|guess| guess.time < time);
    let about = [after.checked_sub(1), Some(after)].into_iter().flatten().filter_map(|at| guesses.get(at));
    let far = |guess: &Guess| (guess.time - time).abs();
    // Of two as near, the later one.
    let nearest = about.rev().min_by(|one, other| far(one).total_cmp(&far(other)));
    nearest.filter(|guess| far(guess) <= 0.011).copied()
}

/// NaN of nothing, as numpy has it.
fn share(of: usize, all: usize) -> f64 {
    of as f64 / all as f64
}

/// Between two values in a straight line, as numpy does.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * sorted.len().saturating_sub(1) as f64;
    let value = |index: usize| sorted.get(index).copied();
    match (value(at as usize), value(at as usize + 1)) {
        (Some(low), Some(high)) => low + (high - low) * at.fract(),
        (Some(last), None) => last,
        _ => f64::NAN,
    }
}
