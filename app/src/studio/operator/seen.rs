//! What is known of the supervisor at one moment: what the panel is drawn from.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jarvis::alert::{Alert, Severity};
use jarvis::audit::{Entry, Verdict};
use jarvis::clock::Wall;
use jarvis::control_loop::Rounds;
use jarvis::gauge::Gauge;
use jarvis::health::State;
use jarvis::intelligence::Report;
use jarvis::status::Status;
use jarvis::switch::Switch;

use super::{Engine, Happening, Line};
use crate::supervision::Role;

/// All of it. What is none has not been measured, or not been told yet.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// When this was put together.
    pub at: Wall,
    /// Seconds to add to the calendar for the local time of the person.
    pub local: i64,
    /// What this program is to the supervisor.
    pub role: Role,
    /// The port that an owner in another program was to listen at, if it was taken.
    pub taken_port: Option<u16>,
    /// Why the supervisor does not answer, if it does not.
    pub silence: Option<String>,
    /// How the services are, as declared.
    pub services: Option<Vec<Status>>,
    /// Services that are being restarted without having been asked for.
    pub attempts: BTreeMap<String, Attempt>,
    /// Whether one may act without being asked.
    pub switch: Option<Switch>,
    /// Alerts, open ones and those that are over, newest first.
    pub alerts: Option<Vec<Alert>>,
    /// The rules by which alerts open.
    pub rules: Option<Vec<Rule>>,
    /// What was measured of engine and machine.
    pub gauges: Option<Vec<Gauge>>,
    /// What happened, newest first.
    pub happened: Option<Arc<VecDeque<Happening>>>,
    /// The end of the audit trail, newest first.
    pub audit: Option<Arc<VecDeque<Entry>>>,
    /// What the last verification came to.
    pub verified: Option<Verified>,
    /// Whether one is under way.
    pub verifying: bool,
    /// What was measured over time.
    pub reports: Reports,
    /// How the control loop does; known in the owner's program only.
    pub rounds: Option<Rounds>,
    /// What the services wrote lately, oldest first.
    pub lines: Arc<VecDeque<Line>>,
    /// Counts changes of `lines`.
    pub lines_read: u64,
}

/// A rule by which an alert opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it is called, as alerts name it.
    pub name: String,
    /// What must hold.
    pub what: String,
    /// For how long, in milliseconds, until the alert opens.
    pub held_ms: u64,
    /// How grave that is.
    pub severity: Severity,
}

/// A restart that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The how manieth of those that the budget counts.
    pub number: u32,
    /// How many there may be before a human is called; none while that is not known.
    pub of: Option<u32>,
    /// Since when it was not well.
    pub since: Wall,
}

impl Attempt {
    /// `2 of 3`; `2` where the budget is not known.
    #[must_use]
    pub fn in_words(&self) -> String {
        let of = self.of.map_or_else(String::new, |of| format!(" of {of}"));
        format!("{}{of}", self.number)
    }
}

/// What a verification of the audit trail came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// When.
    pub at: Wall,
    /// What was found; why it could not be done.
    pub verdict: Result<Verdict, String>,
}

/// What was measured over time.
#[derive(Debug, Clone, Default)]
pub struct Reports {
    /// The last hour, minute by minute.
    pub hour: Option<Arc<Report>>,
    /// The last 24 hours, each 20 minutes.
    pub day: Option<Arc<Report>>,
    /// The last 30 days, each 12 hours.
    pub month: Option<Arc<Report>>,
    /// The engine in the same three times; of the last a week is kept.
    pub engine: [Option<Arc<Engine>>; 3],
}

impl Seen {
    /// How many services are healthy, and of how many; none while that is not known.
    #[must_use]
    pub fn healthy(&self) -> Option<(usize, usize)> {
        let services = self.services.as_ref()?;
        let healthy = services.iter().filter(|service| service.state == State::Healthy).count();
        Some((healthy, services.len()))
    }

    /// The share of the measured time of the last 30 days in which services were healthy, all together; and how much of
    /// that time was measured, in milliseconds, of the service that was watched longest.
    #[must_use]
    pub fn uptime(&self) -> Option<(f64, u64)> {
        let mut sum = (0_u64, 0_u64, 0_u64);
        for service in &self.reports.month.as_ref()?.services {
            let (up, all) = service.bars.iter().fold((0, 0), |(up, all), bar| {
                (up + bar.healthy_ms, all + bar.healthy_ms + bar.unwell_ms + bar.down_ms)
            });
            sum = (sum.0 + up, sum.1 + all, sum.2.max(all));
        }
        (sum.1 > 0).then(|| (sum.0 as f64 / sum.1 as f64, sum.2))
    }

    /// The share of questions of the last 24 hours that had no good answer.
    #[must_use]
    pub fn errors(&self) -> Option<f64> {
        let services = &self.reports.day.as_ref()?.services;
        let sums = services.iter().map(|service| (service.errors, service.asked));
        let (errors, asked) = sums.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        (asked > 0).then(|| errors as f64 / asked as f64)
    }

    /// The alerts that are open, the most urgent first: among equally grave ones a service that fell before anything else, for
    /// something can be done about it; then the newest. None while that is not known.
    #[must_use]
    pub fn open_alerts(&self) -> Option<Vec<&Alert>> {
        let mut open: Vec<_> = self.alerts.as_ref()?.iter().filter(|alert| alert.until.is_none()).collect();
        open.sort_by_key(|alert| {
            let fell = alert.service.is_some() && alert.about.is_none();
            (alert.acknowledged.is_some(), std::cmp::Reverse((alert.severity, fell, alert.since)))
        });
        Some(open)
    }

    /// The gravest of the open alerts.
    #[must_use]
    pub fn gravest(&self) -> Option<Severity> {
        self.open_alerts()?.iter().map(|alert| alert.severity).max()
    }

    /// The last line that a service wrote.
    #[must_use]
    pub fn last_line(&self, service: &str) -> Option<&Line> {
        self.lines.iter().rev().find(|line| &*line.service == service && !line.text.trim().is_empty())
    }

    /// The gauge of that name.
    #[must_use]
    pub fn gauge(&self, name: &str) -> Option<&Gauge> {
        self.gauges.as_ref()?.iter().find(|gauge| gauge.name == name)
    }
}

/// What the bar on top says of all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// What this program is to the supervisor.
    pub role: Role,
    /// The supervisor does not answer.
    pub silent: bool,
    /// Alerts that are open, and the gravest; none while that is not known.
    pub alerts: Option<(usize, Option<Severity>)>,
    /// Services that are neither healthy, starting nor stopped, and how many there are; none while that is not known.
    pub unwell: Option<(usize, usize)>,
    /// Whether one may act without being asked; none while that is not known.
    pub on: Option<bool>,
}

impl Summary {
    /// Of what is known.
    #[must_use]
    pub fn of(seen: &Seen) -> Self {
        let well = |state| matches!(state, State::Healthy | State::Starting | State::Stopped);
        let unwell = |services: &Vec<Status>| {
            (services.iter().filter(|service| !well(service.state)).count(), services.len())
        };
        Self {
            role: seen.role.clone(),
            silent: seen.silence.is_some(),
            alerts: seen.open_alerts().map(|open| (open.len(), seen.gravest())),
            unwell: seen.services.as_ref().map(unwell),
            on: seen.switch.as_ref().map(|switch| switch.on),
        }
    }
}
