//! What is worth an alert, from the whole of what the loop knows, and what is told of it.

use super::ControlLoop;
use super::watched::Watched;
use crate::alert::{Alert, Change, Facts, Subject, When};
use crate::by::By;
use crate::event::What;
use crate::health::State;
use crate::stream::News;

impl ControlLoop {
    /// Opens, changes and closes alerts by what is so now. Not while all is being stopped: whoever comes next judges what
    /// is open then.
    pub(super) fn alarm(&mut self) {
        if self.closing.is_some() {
            return;
        }
        let (now, wall) = (self.parts.clock.now(), self.parts.clock.wall());
        let facts = self.facts();
        let changes = self.alerts.observe(now, wall, &facts);
        for change in &changes {
            self.keep_alert(change.alert());
            let what = said(change, self.why(change.alert()));
            self.parts.record(wall, change.alert().service.as_deref(), what);
        }
        if !changes.is_empty() {
            self.parts.hub.publish(&News::Alerts(self.alerts.open()));
        }
    }

    /// An earlier owner left these open, and nobody can tell any more whether they hold.
    pub(super) fn close_lost(&mut self, lost: Vec<Alert>) {
        for alert in lost {
            self.keep_alert(&alert);
            let reason = "nobody can tell any more whether it holds".to_owned();
            let what = What::AlertClosed { id: alert.id, rule: alert.rule.clone(), reason };
            let wall = self.parts.clock.wall();
            self.parts.record(wall, alert.service.as_deref(), what);
        }
    }

    /// A human has seen it. False: there is no such open alert.
    pub(super) fn acknowledge(&mut self, id: u64, by: By) -> bool {
        let wall = self.parts.clock.wall();
        let Some((alert, new)) = self.alerts.acknowledge(id, wall) else { return false };
        if new {
            self.keep_alert(&alert);
            self.parts.record(wall, alert.service.as_deref(), What::AlertAcknowledged { id, by });
            self.parts.hub.publish(&News::Alerts(self.alerts.open()));
        }
        true
    }

    fn keep_alert(&mut self, alert: &Alert) {
        self.parts.store.alert(alert);
    }

    fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        for sidecar in &self.sidecars {
            sidecar.tell_alerts(&mut facts);
        }
        self.gauges.tell(&mut facts);
        self.deep.tell(&mut facts);
        if self.unreadable
            && let Some(why) = &self.switch.locked
        {
            let says =
                format!("{why}. Nothing is restarted by itself: correct it, and start the program again");
            facts.hold(Subject::Switch, When::Locked, says);
        }
        facts
    }

    /// Why an alert is over.
    fn why(&self, alert: &Alert) -> String {
        if let Some(Subject::Gauge(name)) = Subject::of(alert) {
            return self.gauges.why(&name);
        }
        let Some(name) = &alert.service else { return "it no longer holds".to_owned() };
        let sidecar = self.sidecars.iter().find(|sidecar| sidecar.name() == name);
        match sidecar.map(|sidecar| (sidecar.health.state(), sidecar.health.reason())) {
            None => "it is no longer declared".to_owned(),
            Some((state, reason)) if reason == state.to_string() => state.to_string(),
            Some((state, reason)) => format!("{state}: {reason}"),
        }
    }
}

fn said(change: &Change, why: String) -> What {
    let Alert { id, rule, severity, message, .. } = change.alert().clone();
    match change {
        Change::Opened(_) => What::AlertOpened { id, rule, severity, message, again: false },
        Change::Again(_) => What::AlertOpened { id, rule, severity, message, again: true },
        Change::Changed(_) => What::AlertChanged { id, rule, severity, message },
        Change::Closed(_) => What::AlertClosed { id, rule, reason: why },
    }
}

impl Watched {
    /// What of it is worth an alert. A human who stopped it knows.
    fn tell_alerts(&self, facts: &mut Facts) {
        let name = self.name().to_owned();
        if let Some(says) = self.answers.missed() {
            facts.hold(Subject::Latency(name.clone()), When::Latency, format!("{name}: {says}"));
        }
        if !self.is_wanted() {
            return;
        }
        if !self.answers.is_known() {
            facts.unknown.insert(Subject::Latency(name.clone()));
        }
        let (state, under, reason) = (self.health.state(), self.health.under(), self.health.reason());
        let subject = || Subject::Service(name.clone());
        let mut hold = |when, says| facts.hold(subject(), when, says);
        if self.recovery.has_given_up() {
            let says = format!(
                "{name} does not come back by itself ({}): look into it, then start it",
                self.recovery.because()
            );
            hold(When::HumanNeeded, says);
        }
        if under == State::Blocked {
            hold(When::Blocked, format!("{name} is {reason}"));
        }
        if state == State::Flapping {
            hold(When::Flapping, format!("{name} is flapping: {reason}"));
        }
        if under == State::Down || self.has_fallen() {
            hold(When::Down, format!("{name} is down: {reason}"));
        }
        if state == State::Degraded {
            hold(When::Degraded, format!("{name} is degraded: {reason}"));
        }
        if matches!(under, State::Starting | State::Stopped) {
            facts.unknown.insert(subject());
        }
    }
}
