//! One run of a sidecar as routing knows it, and how often it may be tried.
//!
//! Start at [`Module::tries`].

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit, oneshot};

use super::action::Action;
use super::breaker::{Breaker, Ticket};
use super::call::{Call, Failure, Said};
use crate::clock::{Clock, Moment, SystemClock};
use crate::config::Routing;
use crate::control_loop::Address;
use crate::entropy::{Entropy as _, SystemEntropy};

/// What is known of one run; a new run is another patient.
#[derive(Debug)]
pub(super) struct Module {
    pub(super) address: Address,
    config: Routing,
    breaker: Mutex<Breaker>,
    slots: Semaphore,
    /// What it can do, and when it said so.
    listed: Mutex<Option<(Moment, Vec<Action>)>>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Unreached {
    /// It failed, the last time like this.
    Failed(Failure),
    /// The breaker is open, so long.
    Rests(Duration),
    /// The deadline came first.
    NoTime,
}

impl Module {
    pub(super) fn new(address: Address, config: &Routing) -> Self {
        Self {
            address,
            breaker: Mutex::new(Breaker::new(config.failures, config.open)),
            slots: Semaphore::new(config.concurrent),
            listed: Mutex::default(),
            config: config.clone(),
        }
    }

    /// A place among those that ask it at a time, if one is free.
    pub(super) fn slot(&self) -> Option<SemaphorePermit<'_>> {
        self.slots.try_acquire().ok()
    }

    pub(super) fn listed(&self) -> Option<(Moment, Vec<Action>)> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn lists(&self, now: Moment, actions: Vec<Action>) {
        *self.listed.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, actions));
    }

    /// Calls until there is an answer, or nothing more may be tried; and how often it was called.
    pub(super) async fn tries(
        &self,
        call: Call,
        repeatable: bool,
        clock: &SystemClock,
        began: Moment,
    ) -> (Result<Said, Unreached>, u32) {
        let deadline = began.after(self.config.deadline);
        let call = Arc::new(call);
        let mut last = Unreached::NoTime;
        let mut tries = 0;
        while tries < self.config.attempts {
            let left = deadline.since(clock.now());
            if left.is_zero() {
                break;
            }
            let pass = match self.enter(clock) {
                Ok(pass) => pass,
                // If it opened because of our own tries, what they said tells more.
                Err(rest) if tries == 0 => return (Err(Unreached::Rests(rest)), 0),
                Err(_) => break,
            };
            let failure = match once(&call, self.config.timeout.min(left), tries).await {
                Ok(said) => {
                    pass.end(true);
                    return (Ok(said), tries + 1);
                }
                Err(failure) => failure,
            };
            pass.end(!failure.is_its_own());
            tries += 1;
            tracing::debug!(tries, reason = failure.reason(), "a module did not answer");
            let again = repeatable && failure.may_pass() || matches!(failure, Failure::NotReached(_));
            last = Unreached::Failed(failure);
            let pause = pause(&self.config, tries, SystemEntropy.chance());
            if !again || tries == self.config.attempts || clock.now().after(pause) >= deadline {
                break;
            }
            tokio::time::sleep(pause).await;
        }
        (Err(last), tries)
    }

    /// Calls once, whatever the breaker thinks of it and without telling it: what a module can do is asked of its health,
    /// which says nothing of how it does the rest.
    pub(super) async fn aside(&self, call: Call, limit: Duration) -> Result<Said, Failure> {
        once(&Arc::new(call), self.config.timeout.min(limit), 0).await
    }

    fn enter<'a>(&'a self, clock: &'a SystemClock) -> Result<Pass<'a>, Duration> {
        let ticket = self.breaker.lock().unwrap_or_else(PoisonError::into_inner).enter(clock.now())?;
        Ok(Pass { breaker: &self.breaker, clock, ticket: Some(ticket) })
    }
}

/// Calls once, in a thread of its own: those of the runtime are few, and are for questions that are answered at once.
async fn once(call: &Arc<Call>, limit: Duration, earlier: u32) -> Result<Said, Failure> {
    let call = Arc::clone(call);
    let span = tracing::Span::current();
    let (told, hears) = oneshot::channel();
    let calling = move || {
        let said = span.in_scope(|| call.make(limit, earlier));
        // Nobody hears it when the control plane has ended.
        drop(told.send(said));
    };
    if let Err(error) = std::thread::Builder::new().name("jarvis-call".to_owned()).spawn(calling) {
        return Err(Failure::NotReached(format!("there can be no more threads ({error})")));
    }
    hears.await.unwrap_or_else(|error| Err(Failure::Wrong(error.to_string(), true)))
}

/// Leave to call once; if it is dropped before the call has ended, the breaker hears that nobody will tell.
struct Pass<'a> {
    breaker: &'a Mutex<Breaker>,
    clock: &'a SystemClock,
    ticket: Option<Ticket>,
}

impl Pass<'_> {
    fn end(mut self, answered: bool) {
        let Some(ticket) = self.ticket.take() else { return };
        let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        if answered { breaker.succeeded(ticket) } else { breaker.failed(ticket, self.clock.now()) }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
            breaker.abandoned(ticket, self.clock.now());
        }
    }
}

/// After so many tries: doubles with each, never longer than allowed, varied by chance.
fn pause(config: &Routing, tries: u32, chance: f64) -> Duration {
    let doublings = i32::try_from(tries.saturating_sub(1).min(30)).unwrap_or(30);
    let pause = (config.first.as_secs_f64() * 2f64.powi(doublings)).min(config.longest.as_secs_f64());
    Duration::from_secs_f64(pause * (1.0 + config.jitter * (2.0 * chance - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_limit_and_vary() {
        // Seen red: without the limit, and with chance left out.
        let config = Routing::default();
        let seconds = |tries, chance| pause(&config, tries, chance).as_secs_f64();
        let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
        assert!(near(seconds(1, 0.5), 0.2) && near(seconds(2, 0.5), 0.4) && near(seconds(4, 0.5), 1.6));
        assert!(near(seconds(1000, 0.5), 5.0));
        assert!(near(seconds(1, 0.0), 0.1) && seconds(1, 0.999) > 0.29 && seconds(1, 0.999) < 0.3);
    }
}
