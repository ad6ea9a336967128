//! The answers of one service over the objective's window, every one of them: no average hides a slow one.

use std::collections::VecDeque;
use std::time::Duration;

use super::Objective;
use crate::clock::Moment;

/// How many answers are kept at most: a service that is asked more often is judged by the newest.
const MOST: usize = 4096;

/// The newest answers.
#[derive(Debug, Clone)]
pub(crate) struct Answers {
    objective: Objective,
    took: VecDeque<(Moment, Duration)>,
    missed: Option<String>,
    /// There have been enough answers to judge.
    known: bool,
}

impl Answers {
    pub(crate) fn new(objective: Objective) -> Self {
        Self { objective, took: VecDeque::new(), missed: None, known: false }
    }

    /// It answered, or was given up, after this long.
    pub(crate) fn note(&mut self, now: Moment, took: Duration) {
        if self.took.len() >= MOST {
            self.took.pop_front();
        }
        self.took.push_back((now, took));
    }

    /// What is wrong, if the objective was missed when it was judged last.
    pub(crate) fn missed(&self) -> Option<&String> {
        self.missed.as_ref()
    }

    /// There were enough answers to judge by, once. Until then an alert of an earlier owner holds neither more nor less.
    pub(crate) fn is_known(&self) -> bool {
        self.known
    }

    /// Judges anew: once a round, since all answers are sorted for it.
    pub(crate) fn judge(&mut self, now: Moment) {
        self.missed = self.found(now);
    }

    fn found(&mut self, now: Moment) -> Option<String> {
        let Objective { p95: limit, window, answers } = self.objective;
        self.took.retain(|(at, _)| now.since(*at) < window);
        if self.took.len() < answers.max(1) {
            return None;
        }
        self.known = true;
        let mut took: Vec<Duration> = self.took.iter().map(|(_, took)| *took).collect();
        took.sort_unstable();
        // The nearest rank: at least 95 of 100 are not longer.
        let p95 = took.get((took.len() * 95).div_ceil(100).saturating_sub(1)).copied()?;
        let (p95, limit, count) = (p95.as_secs_f64(), limit.as_secs_f64(), took.len());
        let minutes = window.as_secs_f64() / 60.0;
        (p95 >= limit).then(|| {
            format!("1 of 20 answers takes {p95:.1} s or more ({count} answers in {minutes:.0} min); the aim is below {limit:.1} s")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_objective_is_missed_by_one_in_twenty_and_not_by_fewer_or_too_few_answers() {
        // Seen red: with the 96th percentile, and with answers that are never forgotten.
        let at = |second| Moment::ORIGIN.after(Duration::from_secs(second));
        let missed = |count: u64, slow: u64| {
            let mut answers = Answers::new(Objective::default());
            for number in 0..count {
                let millis = if number < slow { 2000 } else { 5 };
                answers.note(at(number), Duration::from_millis(millis));
            }
            answers.found(at(count)).is_some()
        };
        assert!(missed(20, 2) && missed(100, 6));
        assert!(!missed(20, 1) && !missed(100, 5) && !missed(19, 19));
        let mut old = Answers::new(Objective::default());
        (0..20).for_each(|second| old.note(at(second), Duration::from_secs(3)));
        assert!(old.found(at(20)).is_some() && old.found(at(310)).is_none());
    }
}
