//! Absolute deadlines: the loop comes round at fixed times, however long a round takes.
//!
//! A pause *after* the work would drift: a trial ran 17,374 rounds instead of 20,160 in seven days.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::process::RunId;

/// The rounds so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Rounds {
    /// Begun at a deadline.
    pub met: u64,
    /// Begun besides, because the machine had slept.
    pub besides: u64,
    /// How late the latest was, in milliseconds.
    pub latest_ms: u64,
    /// How long the longest took, in milliseconds.
    pub longest_ms: u64,
}

/// When rounds begin, and the one that is on.
#[derive(Debug)]
pub(super) struct Deadlines {
    every: Duration,
    limit: Duration,
    next: Moment,
    round: Option<Round>,
    pub(super) rounds: Rounds,
    /// How a faulty loop would be: for the test that must then fail.
    #[cfg(test)]
    pub(super) sleeps_after_work: bool,
}

#[derive(Debug)]
struct Round {
    began: Moment,
    waits_for: BTreeSet<RunId>,
}

impl Deadlines {
    /// The first deadline is `every` from `now`.
    pub(super) fn new(now: Moment, every: Duration, limit: Duration) -> Self {
        Self {
            every,
            limit,
            next: now.after(every),
            round: None,
            rounds: Rounds::default(),
            #[cfg(test)]
            sleeps_after_work: false,
        }
    }

    /// How late it is for the next round; none while it is not due. Each deadline is met once, also those that a stall
    /// of the program has put off.
    pub(super) fn meet(&mut self, now: Moment) -> Option<Duration> {
        #[cfg(test)]
        if self.sleeps_after_work && self.round.is_some() {
            return None;
        }
        if now < self.next {
            return None;
        }
        let late = now.since(self.next);
        self.next = self.next.after(self.every);
        self.rounds.met += 1;
        self.rounds.latest_ms = self.rounds.latest_ms.max(millis(late));
        Some(late)
    }

    /// A round begins, which is over when these have answered.
    pub(super) fn begin(&mut self, now: Moment, asked: BTreeSet<RunId>) {
        self.end(now);
        self.round = Some(Round { began: now, waits_for: asked });
        self.ended(now);
    }

    /// `run` has answered, or is over.
    pub(super) fn answered(&mut self, now: Moment, run: RunId) {
        if let Some(round) = &mut self.round {
            round.waits_for.remove(&run);
        }
        self.ended(now);
    }

    /// When there is something to do.
    pub(super) fn due(&self) -> Moment {
        let limit = self.round.as_ref().map_or(Moment::NEVER, |round| round.began.after(self.limit));
        #[cfg(test)]
        if self.sleeps_after_work && self.round.is_some() {
            return limit;
        }
        self.next.min(limit)
    }

    /// Ends the round if all have answered, or its time is over.
    pub(super) fn ended(&mut self, now: Moment) {
        let over = |round: &Round| round.waits_for.is_empty() || now >= round.began.after(self.limit);
        if self.round.as_ref().is_some_and(over) {
            self.end(now);
        }
    }

    fn end(&mut self, now: Moment) {
        if let Some(round) = self.round.take() {
            self.rounds.longest_ms = self.rounds.longest_ms.max(millis(now.since(round.began)));
            #[cfg(test)]
            if self.sleeps_after_work {
                self.next = now.after(self.every);
            }
        }
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
