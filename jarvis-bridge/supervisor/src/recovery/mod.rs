//! Whether, and when, a fallen sidecar is restarted; and when a human is called instead.
//!
//! Pure: told what happened, it says what to do. Start at [`Recovery::fell`]. Two windows bound the restarts: the short one
//! stops a crash loop, the long one a sidecar that falls just rarely enough for the short one to forget (a hang takes
//! almost a minute to be seen). Both are given back after a stable run, not by time alone.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::config::Restarts;

/// One restart that was tried, as a human who is called is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Try {
    /// Why it had to be.
    pub because: String,
    /// What became of it; none while it is not known.
    pub outcome: Option<String>,
}

/// What to do about a fall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Restart it after this pause.
    Restart(Duration),
    /// Call a human: this was tried.
    CallHuman(Vec<Try>),
    /// Nothing, since nobody may act; it would have been restarted.
    Withheld,
    /// Nothing: that much was decided before.
    Decided,
}

/// What time alone brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The pause is over: restart it now.
    Restart,
    /// It ran well for so long that it has all its restarts again.
    GivenBack,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing is to be done.
    Calm,
    /// A restart waits until then.
    Pause(Moment),
    /// A restart was begun and is not ready yet.
    Trying,
    /// It answers since its restart, and not everything is well; if it is not ready from that time on, it did not help.
    Limping(Moment),
    /// It was ready; what it answers when asked from that time on decides.
    Proving(Moment),
    /// A human was called.
    GivenUp,
    /// It would be restarted if one might.
    Withheld,
}

/// The recovery of one sidecar.
#[derive(Debug, Clone)]
pub struct Recovery {
    limits: Restarts,
    verify: Duration,
    phase: Phase,
    /// The restarts that count, oldest first.
    restarts: VecDeque<Moment>,
    tried: Vec<Try>,
    because: String,
    well_since: Option<Moment>,
}

impl Recovery {
    /// One that has done nothing yet.
    #[must_use]
    pub fn new(limits: Restarts, verify: Duration) -> Self {
        Self {
            limits,
            verify,
            phase: Phase::Calm,
            restarts: VecDeque::new(),
            tried: Vec::new(),
            because: String::new(),
            well_since: None,
        }
    }

    /// Restarts an earlier owner did: they count.
    pub fn remember(&mut self, restarts: impl IntoIterator<Item = Moment>) {
        self.restarts = restarts.into_iter().collect();
        self.restarts.make_contiguous().sort_unstable();
    }

    /// The restarts that count, oldest first.
    pub fn restarts(&self) -> impl Iterator<Item = Moment> + '_ {
        self.restarts.iter().copied()
    }

    /// Why it fell last.
    #[must_use]
    pub fn because(&self) -> &str {
        &self.because
    }

    /// True while a human is needed.
    #[must_use]
    pub fn has_given_up(&self) -> bool {
        self.phase == Phase::GivenUp
    }

    /// True from the begin of a restart until it is verified or has failed.
    #[must_use]
    pub fn is_trying(&self) -> bool {
        matches!(self.phase, Phase::Trying | Phase::Limping(_) | Phase::Proving(_))
    }

    /// The sidecar fell. `autonomous`: one may act without being asked; `chance` is from 0 up to 1.
    pub fn fell(&mut self, now: Moment, why: &str, autonomous: bool, chance: f64) -> Verdict {
        if self.is_trying() {
            self.outcome(why);
        }
        self.well_since = None;
        if matches!(self.phase, Phase::Pause(_) | Phase::GivenUp) {
            return Verdict::Decided;
        }
        why.clone_into(&mut self.because);
        self.decide(now, autonomous, chance)
    }

    /// One may act again: what was withheld is decided anew.
    pub fn allowed(&mut self, now: Moment, chance: f64) -> Verdict {
        if self.phase == Phase::Withheld { self.decide(now, true, chance) } else { Verdict::Decided }
    }

    /// Nobody may act any more: a restart that waits is withheld, and one that was decided (`pending`) and has not begun
    /// its process. True if there was one.
    pub fn forbidden(&mut self, pending: bool) -> bool {
        let waits = pending || matches!(self.phase, Phase::Pause(_));
        if waits {
            self.phase = Phase::Withheld;
        }
        waits
    }

    /// It is ready. True if a restart healed it just now.
    pub fn ready(&mut self, now: Moment) -> bool {
        self.well_since.get_or_insert(now);
        match self.phase {
            Phase::Trying | Phase::Limping(_) => {
                self.phase = Phase::Proving(now.after(self.verify));
                true
            }
            // It came back by itself.
            Phase::GivenUp | Phase::Withheld | Phase::Pause(_) => {
                self.phase = Phase::Calm;
                false
            }
            Phase::Calm | Phase::Proving(_) => false,
        }
    }

    /// When it must be asked whether the restart worked: no answer to an earlier question counts.
    #[must_use]
    pub fn proves_at(&self) -> Option<Moment> {
        match self.phase {
            Phase::Proving(until) | Phase::Limping(until) => Some(until),
            _ => None,
        }
    }

    /// A question that was asked at `asked` came to an end: it is ready, or why not. True or false: with this the restart is
    /// verified, or is not; none: nothing was to be verified by it.
    pub fn proved(&mut self, asked: Moment, ready: Result<(), &str>) -> Option<bool> {
        self.proves_at().filter(|until| asked >= *until)?;
        if matches!(self.phase, Phase::Limping(_)) && ready.is_ok() {
            // Well at last: from now on it must stay so.
            return None;
        }
        self.phase = Phase::Calm;
        match ready {
            Ok(()) => self.outcome("verified"),
            Err(why) => self.outcome(&format!("not ready when it was verified: {why}")),
        }
        Some(ready.is_ok())
    }

    /// It runs, and not everything is well.
    pub fn unwell(&mut self) {
        self.well_since = None;
    }

    /// It answers, and not everything is well. After a restart it has as long to be ready as one that was ready has to stay so.
    pub fn degraded(&mut self, now: Moment) {
        self.unwell();
        if self.phase == Phase::Trying {
            self.phase = Phase::Limping(now.after(self.verify));
        }
    }

    /// A human started, stopped or restarted it: what was under way is over, and what was tried is forgotten.
    pub fn human(&mut self) {
        self.phase = Phase::Calm;
        self.well_since = None;
        self.forget();
    }

    /// The restart that was due just now is not done: a human is called. What was tried before.
    pub fn overruled(&mut self) -> Vec<Try> {
        self.phase = Phase::GivenUp;
        self.restarts.pop_back();
        self.tried.pop();
        self.tried.clone()
    }

    /// What time alone brings by `now`, one thing at a time.
    pub fn passed(&mut self, now: Moment) -> Option<Due> {
        match self.phase {
            Phase::Pause(until) if now >= until => {
                self.phase = Phase::Trying;
                self.restarts.push_back(now);
                self.tried.push(Try { because: self.because.clone(), outcome: None });
                Some(Due::Restart)
            }
            _ if self.is_stable(now) => {
                self.forget();
                Some(Due::GivenBack)
            }
            _ => None,
        }
    }

    /// When [`passed`](Self::passed) has something to do.
    #[must_use]
    pub fn passes_at(&self) -> Moment {
        match self.phase {
            Phase::Pause(until) => until,
            Phase::Calm if self.restarts.is_empty() => Moment::NEVER,
            Phase::Calm => self.well_since.map_or(Moment::NEVER, |since| since.after(self.limits.stable)),
            // It has to be asked, or something must happen first.
            Phase::Trying | Phase::Limping(_) | Phase::Proving(_) | Phase::GivenUp | Phase::Withheld => {
                Moment::NEVER
            }
        }
    }

    fn decide(&mut self, now: Moment, autonomous: bool, chance: f64) -> Verdict {
        if !autonomous {
            let before = std::mem::replace(&mut self.phase, Phase::Withheld);
            return if before == Phase::Withheld { Verdict::Decided } else { Verdict::Withheld };
        }
        if self.is_spent(now) {
            self.phase = Phase::GivenUp;
            return Verdict::CallHuman(self.tried.clone());
        }
        let pause = self.pause(now, chance);
        self.phase = Phase::Pause(now.after(pause));
        Verdict::Restart(pause)
    }

    fn is_spent(&self, now: Moment) -> bool {
        let within = |window| self.restarts.iter().filter(|at| now.since(**at) < window).count();
        within(self.limits.short_window) >= self.limits.short
            || within(self.limits.long_window) >= self.limits.long
    }

    /// Doubles with each restart in the short window, never longer than allowed, varied by chance.
    fn pause(&self, now: Moment, chance: f64) -> Duration {
        let lately = self.restarts.iter().filter(|at| now.since(**at) < self.limits.short_window).count();
        let doubled =
            self.limits.first.as_secs_f64() * 2f64.powi(i32::try_from(lately).unwrap_or(30).min(30));
        let pause = doubled.min(self.limits.longest.as_secs_f64());
        Duration::from_secs_f64(pause * (1.0 + self.limits.jitter * (2.0 * chance - 1.0)))
    }

    fn is_stable(&self, now: Moment) -> bool {
        !self.restarts.is_empty()
            && self.phase == Phase::Calm
            && self.well_since.is_some_and(|since| now.since(since) >= self.limits.stable)
    }

    fn outcome(&mut self, outcome: &str) {
        if let Some(last) = self.tried.last_mut() {
            last.outcome = Some(outcome.to_owned());
        }
    }

    fn forget(&mut self) {
        self.restarts.clear();
        self.tried.clear();
    }
}

#[cfg(test)]
mod tests;
