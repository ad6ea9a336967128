//! The deep checks of each round: asked when it begins, judged when the machine has answered or its time is over.

use std::time::Duration;

use super::ControlLoop;
use crate::alert::{Facts, Subject, When};
use crate::clock::Moment;
use crate::deep::{self, Check};
use crate::stream::News;

/// What was found last.
#[derive(Debug)]
pub(super) struct Deep {
    /// How long the machine may take.
    limit: Duration,
    /// Of what is no gauge; empty before the first round.
    checks: Vec<Check>,
    /// The machine was asked then.
    asked: Option<Moment>,
}

impl Deep {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, checks: Vec::new(), asked: None }
    }

    /// When the machine's time is over.
    pub(super) fn due(&self) -> Moment {
        self.asked.map_or(Moment::NEVER, |asked| asked.after(self.limit))
    }

    pub(super) fn tell(&self, facts: &mut Facts) {
        for check in &self.checks {
            if !check.ok {
                let says = format!("the check of the {} fails: {}", check.name, check.detail);
                facts.hold(Subject::Check(check.name.clone()), When::Check, says);
            }
        }
        for name in ["database", "audit", "machine"] {
            if !self.checks.iter().any(|check| check.name == name) {
                facts.unknown.insert(Subject::Check(name.to_owned()));
            }
        }
    }

    fn found(&mut self, name: &str, found: Result<(), String>) {
        let (ok, detail) = match found {
            Ok(()) => (true, "works".to_owned()),
            Err(why) => (false, why),
        };
        let check = Check { name: name.to_owned(), ok, detail };
        match self.checks.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = check,
            None => self.checks.push(check),
        }
    }
}

impl ControlLoop {
    /// Asks for all that is checked deeply.
    pub(super) fn look_deep(&mut self) {
        let database = self.parts.store.check();
        self.deep.found("database", database);
        let audit = self.parts.audit.check();
        self.deep.found("audit", audit);
        let now = self.parts.clock.now();
        self.sidecars.iter_mut().for_each(|sidecar| sidecar.answers.judge(now));
        let groups = self.sidecars.iter().filter_map(super::watched::Watched::group).collect();
        self.parts.host.measure(groups);
        self.deep.asked = Some(now);
    }

    /// Takes what the machine answered; says so where it did not in time.
    pub(super) fn hear_machine(&mut self) {
        let now = self.parts.clock.now();
        if let Some(readings) = self.parts.host.measured() {
            self.deep.asked = None;
            self.deep.found("machine", Ok(()));
            self.gauged(deep::gauges(&readings));
            self.keep_gauges();
        } else if now >= self.deep.due() {
            self.deep.asked = None;
            let limit = self.deep.limit.as_secs_f64();
            let why = format!("disk, memory and CPU could not be measured within {limit} s");
            self.deep.found("machine", Err(why));
            self.keep_gauges();
        }
        if self.gauges.age(now) {
            self.publish_gauges();
        }
    }

    /// All checks, as they were last.
    pub(super) fn checks(&self) -> Vec<Check> {
        self.deep.checks.iter().cloned().chain(deep::checks(self.gauges.all())).collect()
    }

    pub(super) fn publish_gauges(&self) {
        self.parts.hub.publish(&News::Gauges(self.gauges.all().cloned().collect()));
    }

    /// The gauges' history: once a round, not on every report.
    fn keep_gauges(&mut self) {
        let gauges = self.gauges.unkept();
        if !gauges.is_empty() {
            let wall = self.parts.clock.wall();
            self.parts.store.gauges(wall, &gauges);
        }
    }
}
