//! How a sidecar is: what `GET /health` answers.
//!
//! Start at [`Health`]. It is starting until it says it is [`ready`](Health::ready), and degraded while a check fails.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

/// One thing that must be well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Is it?
    pub ok: bool,
    /// What was found, for people.
    pub detail: String,
}

/// What may be asked of a sidecar through the supervisor's control plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Action {
    /// What it is called there.
    pub name: &'static str,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Where it is here.
    pub path: &'static str,
    /// Whether it may be repeated when nobody knows if it was done.
    pub safe: bool,
}

/// How it is, shared by whoever knows something of it.
#[derive(Debug, Clone)]
pub struct Health {
    known: Arc<Mutex<Known>>,
}

#[derive(Debug)]
struct Known {
    answer: Answer,
    ready: bool,
}

/// As it is told.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Answer {
    service: &'static str,
    version: &'static str,
    pid: u32,
    instance: String,
    state: State,
    progress: f64,
    checks: BTreeMap<&'static str, Check>,
    actions: Vec<Action>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Starting,
    Ready,
    Degraded,
}

impl Health {
    pub(crate) fn new(
        service: &'static str,
        version: &'static str,
        instance: String,
        actions: Vec<Action>,
    ) -> Self {
        let (pid, state, checks) = (std::process::id(), State::Starting, BTreeMap::new());
        let answer = Answer { service, version, pid, instance, state, progress: 0.0, checks, actions };
        Self { known: Arc::new(Mutex::new(Known { answer, ready: false })) }
    }

    /// How far the start is, 0 to 1.
    pub fn progress(&self, progress: f64) {
        self.lock().answer.progress = if progress.is_finite() { progress.clamp(0.0, 1.0) } else { 0.0 };
    }

    /// What was found of the thing called `name`; the newest counts.
    pub fn check(&self, name: &'static str, ok: bool, detail: impl Into<String>) {
        self.lock().answer.checks.insert(name, Check { ok, detail: detail.into() });
    }

    /// The start is over.
    pub fn ready(&self) {
        let mut known = self.lock();
        known.ready = true;
        known.answer.progress = 1.0;
    }

    pub(crate) fn answer(&self) -> Answer {
        let known = self.lock();
        let well = known.answer.checks.values().all(|check| check.ok);
        let state = match (known.ready, well) {
            (_, false) => State::Degraded,
            (false, true) => State::Starting,
            (true, true) => State::Ready,
        };
        Answer { state, ..known.answer.clone() }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_starting_then_ready_and_degraded_while_a_check_fails() {
        // Seen red: with checks not looked at.
        let health = Health::new("test", "1.2.3", "nonce".to_owned(), Vec::new());
        health.progress(0.5);
        assert_eq!((health.answer().state, health.answer().progress), (State::Starting, 0.5));
        health.ready();
        health.check("ear", true, "hears");
        assert_eq!((health.answer().state, health.answer().progress), (State::Ready, 1.0));
        health.check("ear", false, "deaf");
        assert_eq!(health.answer().state, State::Degraded);
        health.check("ear", true, "hears again");
        assert_eq!(health.answer().state, State::Ready);
        health.progress(f64::NAN);
        assert_eq!(health.answer().progress, 0.0);
    }
}
