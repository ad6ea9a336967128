//! What was heard of one supervisor, news and answers, put together as [`Seen`].

use std::collections::VecDeque;
use std::sync::Arc;

use jarvis::alert::Alert;
use jarvis::audit::Entry;
use jarvis::client::{Client, ClientError};
use jarvis::event::Event;
use jarvis::stream::{News, Subscription, Topic, Waker};
use jarvis::usage::Usage;

use super::happening::{Budget, Chronicle, used};
use super::questions::{Answer, ENTRIES, EVENTS, wall};
use super::worker::{DAY, HOUR, MONTH, Silence};
use super::{Happening, Line, Seen, Verified, log, process};
use crate::supervision::Role;

/// One supervisor, as far as it was heard.
#[derive(Default)]
pub(super) struct Listener {
    pub(super) seen: Seen,
    subscription: Option<Subscription>,
    chronicle: Chronicle,
    budget: Option<Budget>,
    // Oldest first. None: nobody has said what was before.
    events: Option<VecDeque<Event>>,
    used: VecDeque<Usage>,
    /// Newest first.
    happened: VecDeque<Happening>,
    audit: VecDeque<Entry>,
    changed: bool,
    lines: VecDeque<Line>,
}

/// What news brought.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Heard {
    pub(super) any: bool,
    /// Some of it is more than something measured.
    pub(super) telling: bool,
    /// One was too slow for some of it.
    pub(super) missed: bool,
    /// An alert that was open is so no more.
    pub(super) alerts_closed: bool,
    /// Nothing more will come.
    pub(super) over: bool,
}

impl Listener {
    /// Begins to listen. Says whether that was possible.
    pub(super) fn subscribe(&mut self, client: &Client, wake: Waker) -> bool {
        match client.subscribe(&Topic::ALL, wake) {
            Ok(subscription) => {
                self.subscription = Some(subscription);
                true
            }
            Err(error) => {
                tracing::debug!(%error, "the panel cannot listen to the supervisor");
                self.subscription = None;
                false
            }
        }
    }

    /// Takes in all news that waits.
    pub(super) fn take_news(&mut self) -> Heard {
        let mut heard = Heard::default();
        while let Some(news) = self.subscription.as_ref().and_then(Subscription::next) {
            heard.any = true;
            heard.telling |= !matches!(news, News::Gauges(_));
            match news {
                News::Services(services) => {
                    self.seen.services = Some(services);
                    self.seen.silence = None;
                }
                News::Events(event) => self.event(event),
                News::Alerts(open) => heard.alerts_closed |= self.open_alerts(&open),
                News::Gauges(gauges) => self.seen.gauges = Some(gauges),
                News::Usage(usage) => self.usage(usage),
                News::Audit(entry) => self.entry(entry),
                News::Autonomy(switch) => self.seen.switch = Some(switch),
                News::Logs(line) => {
                    log::push(&mut self.lines, Line::new(&line.service, &line.text));
                    self.seen.lines_read += 1;
                }
                News::Missed(_) => heard.missed = true,
            }
        }
        heard.over = self.subscription.as_ref().is_some_and(Subscription::is_over);
        heard
    }

    /// Takes in an answer. Says whether the supervisor is silent.
    pub(super) fn answered(&mut self, answer: Answer) -> Silence {
        match answer {
            Answer::Status(Ok(services)) => {
                self.seen.services = Some(services);
                self.seen.silence = None;
            }
            // Asked too often: who says so is there.
            Answer::Status(Err(ClientError::Declined(_))) => self.seen.silence = None,
            Answer::Status(Err(error)) | Answer::Pulse(Err(error)) => {
                let why = self.why_silent(&error);
                self.changed |= self.seen.silence.as_ref() != Some(&why);
                self.seen.silence = Some(why);
                return Silence::Began;
            }
            // Its door is open, and its loop may hang all the same: how the services are is what counts.
            Answer::Pulse(Ok(())) => {
                return if self.seen.silence.is_some() { Silence::Doubtful } else { Silence::No };
            }
            Answer::Switch(switch) => self.seen.switch = Some(switch),
            Answer::Gauges(gauges) => self.seen.gauges = Some(gauges),
            Answer::Events(events) => self.history(events),
            Answer::Alerts(alerts) => self.all_alerts(alerts),
            Answer::Audit(entries) => self.trail(entries),
            Answer::Verified(verdict) => {
                self.seen.verified = Some(Verified { at: wall(), verdict });
                self.seen.verifying = false;
            }
            Answer::Report(hours, report) => {
                let report = Some(Arc::new(report));
                let reports = &mut self.seen.reports;
                match hours {
                    hours if hours == HOUR.0 => reports.hour = report,
                    hours if hours == DAY.0 => reports.day = report,
                    hours if hours == MONTH.0 => reports.month = report,
                    _ => {}
                }
            }
            Answer::Engine(hours, engine) => {
                let of = [HOUR.0, DAY.0, MONTH.0].into_iter().position(|known| known == hours);
                if let Some(place) = of.and_then(|of| self.seen.reports.engine.get_mut(of)) {
                    *place = Some(Arc::new(engine));
                }
            }
            Answer::Rounds(rounds) => self.seen.rounds = Some(rounds),
            Answer::Logs(logs) => self.logs(logs),
            Answer::Rules(declared) => {
                let (rules, budget) = declared.unzip();
                self.seen.rules = rules;
                self.count_by(budget);
            }
        }
        self.changed = true;
        Silence::No
    }

    /// Whether answers brought something new since this was asked last.
    pub(super) fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// Why it does not answer, as far as one can see from outside.
    fn why_silent(&self, error: &ClientError) -> String {
        match self.seen.role {
            Role::Attached { pid, .. } if process::is_stopped(pid) => format!(
                "process {pid}, which owns the services, is stopped (by a signal or a debugger). `kill -CONT {pid}` lets it go on; if it is ended, this program takes over"
            ),
            Role::Attached { pid, .. } => {
                format!("process {pid}, which owns the services, does not answer. {error}")
            }
            _ => error.to_string(),
        }
    }

    /// What is shown now.
    pub(super) fn snapshot(&self) -> Seen {
        let mut seen = self.seen.clone();
        seen.at = wall();
        seen.attempts = self.chronicle.attempts().clone();
        let told = self.events.is_some() || !self.happened.is_empty();
        seen.happened = told.then(|| Arc::new(self.happened.clone()));
        seen.audit = seen.audit.is_some().then(|| Arc::new(self.audit.clone()));
        seen.lines = Arc::new(self.lines.clone());
        seen
    }

    fn event(&mut self, event: Event) {
        // It may stand in the history that was asked for meanwhile.
        let known = self.events.iter().flatten().rev().take(8).any(|known| *known == event);
        if known {
            return;
        }
        self.happened.push_front(self.chronicle.tell(&event));
        self.happened.truncate(EVENTS as usize);
        let events = self.events.get_or_insert_default();
        events.push_back(event);
        if events.len() > EVENTS as usize {
            events.pop_front();
        }
    }

    fn usage(&mut self, usage: Usage) {
        if self.used.iter().any(|known| known.id == usage.id) {
            return;
        }
        self.happened.push_front(used(&usage));
        self.happened.truncate(EVENTS as usize);
        self.used.push_back(usage);
        if self.used.len() > EVENTS as usize {
            self.used.pop_front();
        }
    }

    /// The history is there: told anew from its beginning, with what came meanwhile behind it.
    fn history(&mut self, mut events: Vec<Event>) {
        let last = events.last().map(|event| event.at);
        let meanwhile = self.events.take().into_iter().flatten();
        let fresh: Vec<Event> =
            meanwhile.filter(|event| Some(event.at) >= last && !events.contains(event)).collect();
        events.extend(fresh);
        self.events = Some(events.into());
        self.tell_anew();
    }

    /// From now on attempts are counted against this budget, those of before too.
    fn count_by(&mut self, budget: Option<Budget>) {
        if self.budget != budget {
            self.budget = budget;
            self.tell_anew();
        }
    }

    fn tell_anew(&mut self) {
        self.chronicle = Chronicle::new(self.budget);
        let events = self.events.iter().flatten();
        let mut happened: Vec<Happening> = events.map(|event| self.chronicle.tell(event)).collect();
        happened.extend(self.used.iter().map(used));
        happened.sort_by_key(|one| one.at);
        self.happened = happened.into_iter().rev().collect();
    }

    /// The alerts that are open now. Says whether one is so no more.
    fn open_alerts(&mut self, open: &[Alert]) -> bool {
        let known = self.seen.alerts.take().unwrap_or_default();
        let is_open = |alert: &Alert| open.iter().any(|other| other.id == alert.id);
        let closed = known.iter().any(|alert| alert.until.is_none() && !is_open(alert));
        let over = known.iter().filter(|alert| alert.until.is_some() && !is_open(alert)).cloned();
        let all = over.chain(open.iter().cloned()).collect();
        self.all_alerts(all);
        closed
    }

    fn all_alerts(&mut self, mut alerts: Vec<Alert>) {
        alerts.sort_by_key(|alert| std::cmp::Reverse((alert.since, alert.id)));
        self.seen.alerts = Some(alerts);
    }

    fn entry(&mut self, entry: Entry) {
        if self.audit.front().is_some_and(|newest| newest.seq >= entry.seq) {
            return;
        }
        self.audit.push_front(entry);
        self.audit.truncate(ENTRIES as usize);
        self.seen.audit.get_or_insert_default();
    }

    fn trail(&mut self, entries: Vec<Entry>) {
        let meanwhile = std::mem::take(&mut self.audit);
        self.audit = entries.into_iter().rev().collect();
        self.seen.audit.get_or_insert_default();
        for entry in meanwhile.into_iter().rev() {
            self.entry(entry);
        }
    }

    fn logs(&mut self, logs: Vec<(String, Vec<String>)>) {
        let mut lines = VecDeque::new();
        for (service, disk) in logs {
            let live: Vec<Arc<str>> = self
                .lines
                .iter()
                .filter(|line| *line.service == *service)
                .map(|line| Arc::clone(&line.text))
                .collect();
            self.lines.retain(|line| *line.service != *service);
            let service: Arc<str> = service.into();
            for text in log::join(disk, &live) {
                log::push(&mut lines, Line { service: Arc::clone(&service), text });
            }
        }
        for line in self.lines.drain(..) {
            log::push(&mut lines, line);
        }
        self.lines = lines;
        self.seen.lines_read += 1;
    }
}
