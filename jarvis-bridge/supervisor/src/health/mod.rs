//! How a sidecar is: one machine of states, fed with what was found, which tells each change with its reason.
//!
//! Pure: no clock, no socket. Start at [`Health`]. What is *found* ([`Finding`]) and what is *shown* ([`State`]) differ
//! in two points: a first time-out is doubt, not death, and who changes too often is flapping, whatever it is underneath.

mod flapping;

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::config::Times;
use flapping::Changes;

/// What a sidecar is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It does not run, and nobody wants it to, or what it needs is not there yet.
    Stopped,
    /// It runs and is not ready yet.
    Starting,
    /// It is ready.
    Healthy,
    /// It answers, and not everything is well; or it once did not answer in time.
    Degraded,
    /// It does not work: it ended, hangs, or never became ready.
    Down,
    /// It goes up and down too often to be called either.
    Flapping,
    /// It cannot be started until a human has cleared something.
    Blocked,
}

impl Display for State {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stopped => "stopped",
            Self::Starting => "starting",
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Down => "down",
            Self::Flapping => "flapping",
            Self::Blocked => "blocked",
        })
    }
}

/// What somebody who asked it found.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// It is ready.
    Ready,
    /// It is on its way: a share from 0 to 1.
    Starting(f64),
    /// It answers that something is not well, or answers nonsense in its own name.
    Degraded(String),
    /// It did not answer in time, or refused to.
    Silent(String),
}

/// One change of what a sidecar is said to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Transition {
    /// Before.
    pub from: State,
    /// Now.
    pub to: State,
    /// Why, for people.
    pub reason: String,
}

/// The health of one sidecar.
#[derive(Debug, Clone)]
pub struct Health {
    times: Times,
    state: State,
    /// What it would be if it did not flap.
    under: State,
    reason: String,
    progress: Option<f64>,
    /// When it began to start, or last came further.
    moved: Moment,
    /// When it is to be asked again after a first silence.
    doubted: Option<Moment>,
    changes: Changes,
}

impl Health {
    /// One that does not run.
    #[must_use]
    pub fn new(times: Times) -> Self {
        Self {
            changes: Changes::new(times.flapping_changes, times.flapping_window),
            times,
            state: State::Stopped,
            under: State::Stopped,
            reason: "not started".to_owned(),
            progress: None,
            moved: Moment::ORIGIN,
            doubted: None,
        }
    }

    /// What it is said to be.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// What it is underneath: never [`State::Flapping`].
    #[must_use]
    pub fn under(&self) -> State {
        self.under
    }

    /// Why, for people.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// How far it has started, from 0 to 1, if it says so.
    #[must_use]
    pub fn progress(&self) -> Option<f64> {
        self.progress
    }

    /// When it must be asked again out of turn: after a first silence.
    #[must_use]
    pub fn asks_again(&self) -> Option<Moment> {
        self.doubted
    }

    /// It was started.
    pub fn started(&mut self, now: Moment, reason: &str) -> Vec<Transition> {
        self.progress = None;
        self.moved = now;
        self.turn(now, State::Starting, reason)
    }

    /// Somebody asked it.
    pub fn found(&mut self, now: Moment, finding: &Finding) -> Vec<Transition> {
        let silent = matches!(finding, Finding::Silent(_));
        // Nobody is there to be asked; but who hung may come back by itself.
        if matches!(self.under, State::Stopped | State::Blocked) || (self.under == State::Down && silent) {
            return Vec::new();
        }
        match finding {
            Finding::Ready => self.turn(now, State::Healthy, "ready"),
            Finding::Degraded(why) => self.turn(now, State::Degraded, why),
            Finding::Starting(progress) => self.progressed(now, *progress),
            Finding::Silent(why) => self.silent(now, why),
        }
    }

    /// It ended, or is ended because it hangs.
    pub fn fell(&mut self, now: Moment, reason: &str) -> Vec<Transition> {
        self.turn(now, State::Down, reason)
    }

    /// It was stopped, as somebody wished.
    pub fn stopped(&mut self, now: Moment, reason: &str) -> Vec<Transition> {
        self.changes.clear();
        self.turn(now, State::Stopped, reason)
    }

    /// It cannot be started until a human has cleared something.
    pub fn blocked(&mut self, now: Moment, reason: &str) -> Vec<Transition> {
        self.turn(now, State::Blocked, reason)
    }

    /// What time alone changes: a start without progress ends, and so does flapping.
    pub fn passed(&mut self, now: Moment) -> Vec<Transition> {
        let mut changes = Vec::new();
        if self.under == State::Starting && now >= self.start_ends() {
            let reason = format!("not ready after {} s without progress", self.times.start.as_secs_f64());
            changes = self.fell(now, &reason);
        }
        if self.state == State::Flapping && now >= self.changes.calm_at() {
            let reason = format!("calm again; {}", self.reason);
            changes.extend(self.show(self.under, &reason));
        }
        changes
    }

    /// When [`passed`](Self::passed) has something to do.
    #[must_use]
    pub fn passes_at(&self) -> Moment {
        let start = if self.under == State::Starting { self.start_ends() } else { Moment::NEVER };
        let calm = if self.state == State::Flapping { self.changes.calm_at() } else { Moment::NEVER };
        start.min(calm)
    }

    fn start_ends(&self) -> Moment {
        self.moved.after(self.times.start)
    }

    fn progressed(&mut self, now: Moment, progress: f64) -> Vec<Transition> {
        // Patience is for those who get somewhere.
        if self.under != State::Starting || self.progress.is_none_or(|before| progress > before) {
            self.moved = now;
        }
        self.progress = Some(progress);
        let share = (progress.clamp(0.0, 1.0) * 100.0).round();
        self.turn(now, State::Starting, &format!("starting, {share} %"))
    }

    fn silent(&mut self, now: Moment, why: &str) -> Vec<Transition> {
        // Who starts may be silent: only its start has an end.
        if self.under == State::Starting {
            return Vec::new();
        }
        if self.doubted.is_some() {
            let reason = format!("{why}, twice");
            return self.turn(now, State::Down, &reason);
        }
        let changes = self.turn(now, State::Degraded, &format!("{why}; asking again"));
        self.doubted = Some(now.after(self.times.repeat));
        changes
    }

    fn turn(&mut self, now: Moment, to: State, reason: &str) -> Vec<Transition> {
        self.doubted = None;
        if to != State::Starting {
            self.progress = None;
        }
        if to == self.under {
            reason.clone_into(&mut self.reason);
            return Vec::new();
        }
        self.under = to;
        self.changes.note(now, to);
        reason.clone_into(&mut self.reason);
        let flaps = (self.state == State::Flapping || self.changes.too_many(now))
            && !matches!(to, State::Stopped | State::Blocked);
        if !flaps {
            return self.show(to, reason);
        }
        let count = self.times.flapping_changes;
        let minutes = self.times.flapping_window.as_secs_f64() / 60.0;
        let flapping = format!("up and down {count} times within {minutes} min; last: {to}, {reason}");
        self.show(State::Flapping, &flapping)
    }

    fn show(&mut self, to: State, reason: &str) -> Vec<Transition> {
        if to == self.state {
            return Vec::new();
        }
        let from = std::mem::replace(&mut self.state, to);
        vec![Transition { from, to, reason: reason.to_owned() }]
    }
}

#[cfg(test)]
mod tests;
