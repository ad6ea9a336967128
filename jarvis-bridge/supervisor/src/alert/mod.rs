//! Alerts: rules of what, for how long and how grave, and what became of them.
//!
//! A rule that holds for its time opens one [`Alert`] about its [`Subject`]; whatever else holds of the same subject changes
//! that one, so a service that fell and then needs a human, or flaps, has one alert and not many. Start at
//! [`Alerts::observe`], which is told what holds now ([`Facts`]) and says what changed: pure, no clock, no store.

mod engine;
mod latency;
mod rule;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use engine::{Alerts, Change};
pub(crate) use latency::Answers;
pub(crate) use rule::merged;
pub use rule::{Objective, Rule, When};

use crate::clock::Wall;

/// How grave.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Look here.
    Warning,
    /// A human is needed now.
    Critical,
}

/// Something that a human should know, as long as it holds and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Alert {
    /// Its own, rising.
    pub id: u64,
    /// The rule that opened it, or the graver one that holds by now.
    pub rule: String,
    /// About which sidecar; none: the supervisor, the machine, or a gauge.
    pub service: Option<String>,
    /// About which gauge or check, or which side of a service; none: the service as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// How grave.
    pub severity: Severity,
    /// What is wrong and what to do, for people.
    pub message: String,
    /// Since when.
    pub since: Wall,
    /// Until when; none: it is open.
    pub until: Option<Wall>,
    /// When a human said that they have seen it.
    pub acknowledged: Option<Wall>,
}

/// What an alert is about. One that is open has one alert.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A sidecar as a whole.
    Service(String),
    /// How soon a sidecar answers.
    Latency(String),
    /// A gauge.
    Gauge(String),
    /// A deep check.
    Check(String),
    /// The switch of autonomy.
    Switch,
}

/// What is so now. What is named in neither is well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// What holds, and how it reads.
    pub holds: std::collections::BTreeMap<(Subject, When), String>,
    /// About whom nothing can be said yet: what is open stays open.
    pub unknown: std::collections::BTreeSet<Subject>,
}

const LATENCY: &str = "latency";
const GAUGE: &str = "gauge ";
const CHECK: &str = "check ";
const SWITCH: &str = "autonomy";

impl Subject {
    fn service(&self) -> Option<&str> {
        match self {
            Self::Service(name) | Self::Latency(name) => Some(name),
            Self::Gauge(_) | Self::Check(_) | Self::Switch => None,
        }
    }

    fn about(&self) -> Option<String> {
        match self {
            Self::Service(_) => None,
            Self::Latency(_) => Some(LATENCY.to_owned()),
            Self::Gauge(name) => Some(format!("{GAUGE}{name}")),
            Self::Check(name) => Some(format!("{CHECK}{name}")),
            Self::Switch => Some(SWITCH.to_owned()),
        }
    }

    /// By which a rule can be for this one alone.
    fn name(&self) -> &str {
        match self {
            Self::Service(name) | Self::Latency(name) | Self::Gauge(name) | Self::Check(name) => name,
            Self::Switch => SWITCH,
        }
    }

    /// Of an alert that an earlier owner left open; none: nobody knows any more.
    pub(crate) fn of(alert: &Alert) -> Option<Self> {
        let about = alert.about.as_deref();
        match (&alert.service, about) {
            (Some(name), None) => Some(Self::Service(name.clone())),
            (Some(name), Some(LATENCY)) => Some(Self::Latency(name.clone())),
            (None, Some(SWITCH)) => Some(Self::Switch),
            (None, Some(about)) => about
                .strip_prefix(GAUGE)
                .map(|name| Self::Gauge(name.to_owned()))
                .or_else(|| about.strip_prefix(CHECK).map(|name| Self::Check(name.to_owned()))),
            _ => None,
        }
    }
}

impl Facts {
    /// This holds.
    pub fn hold(&mut self, subject: Subject, when: When, says: String) {
        self.holds.insert((subject, when), says);
    }
}
