//! How the services were while somebody watched: spans of time, of which bars, uptime and the objective are made.
//!
//! Start at [`Lived::event`]. What is not known is left out: sleep, time in which no owner ran or its loop stood still, and time
//! in which a service was stopped, or waited for another, or was being started because a human had asked.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::Wall;
use crate::event::{Action, Event, What};
use crate::health::State;

/// The loop turns at least every 30 s. Who was silent for twice as long was asleep, stopped, or the calendar jumped.
const SILENCE_MS: i64 = 60_000;
/// How often a span that goes on is written anew: so much is not known after a kill.
const BEAT_MS: i64 = 10_000;

/// A service was so from then to then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) service: String,
    pub(super) since: i64,
    pub(super) until: i64,
    pub(super) state: State,
}

/// What is said of each service, and since when.
#[derive(Debug, Default)]
pub(super) struct Lived {
    /// The newest time that was heard of.
    now: Option<i64>,
    beaten: i64,
    services: BTreeMap<String, (State, i64)>,
    /// A human asked these to start, or the program just began: until they are ready nothing is expected of them.
    asked: BTreeSet<String>,
}

impl Lived {
    /// It is called flapping.
    pub(super) fn flaps(&self, service: &str) -> bool {
        self.services.get(service).is_some_and(|(state, _)| *state == State::Flapping)
    }

    /// It is `now`: the spans that are worth writing.
    pub(super) fn pass(&mut self, now: Wall) -> Vec<Span> {
        let now = now.0;
        let Some(last) = self.now.replace(now) else { return Vec::new() };
        if now < last || now - last > SILENCE_MS {
            self.beaten = now;
            return self.cut(last, now);
        }
        if now - self.beaten < BEAT_MS {
            return Vec::new();
        }
        self.beaten = now;
        self.spans(now)
    }

    /// Something happened: the spans that end with it.
    pub(super) fn event(&mut self, event: &Event) -> Vec<Span> {
        let mut spans = self.pass(event.at);
        let at = event.at.0;
        match (&event.what, &event.sidecar) {
            (What::Began, _) => self.services.clear(),
            (What::Ended, _) => {
                spans.extend(self.spans(at));
                self.services.clear();
            }
            (What::Asleep { from, .. }, _) => spans.extend(self.cut(from.0, at)),
            (What::Asked { action: Action::Start | Action::Restart, .. }, Some(name)) => {
                self.asked.insert(name.clone());
            }
            (What::Changed(change), Some(name)) => {
                if let Some((state, since)) = self.services.get(name) {
                    spans.extend(self.span(name, *state, *since, at));
                }
                // The first start is the program's, which a human started.
                if change.from == State::Stopped {
                    self.asked.insert(name.clone());
                }
                if change.to != State::Starting {
                    self.asked.remove(name);
                }
                self.services.insert(name.clone(), (change.to, at));
            }
            _ => {}
        }
        spans
    }

    /// Nobody watched from `from` to `to`: what was, was until then, and begins anew.
    fn cut(&mut self, from: i64, to: i64) -> Vec<Span> {
        let spans = self.spans(from);
        for (_, since) in self.services.values_mut() {
            *since = to;
        }
        spans
    }

    fn spans(&self, until: i64) -> Vec<Span> {
        let spans = self.services.iter().map(|(name, (state, since))| self.span(name, *state, *since, until));
        spans.flatten().collect()
    }

    fn span(&self, service: &str, state: State, since: i64, until: i64) -> Option<Span> {
        let begins = state == State::Starting && self.asked.contains(service);
        let known = state != State::Stopped && !begins && until > since;
        known.then(|| Span { service: service.to_owned(), since, until, state })
    }
}
