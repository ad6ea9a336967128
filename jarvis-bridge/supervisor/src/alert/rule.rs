//! Rules: `[[alert]]` of `sidecars.toml`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Severity, Subject};
use crate::config::{seconds, seconds_or_none};

/// What, for how long, how grave.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Unique. One of a bundled rule's name replaces it.
    pub name: String,
    /// What must hold.
    pub when: When,
    /// Of this service, gauge or check alone; none: of all.
    #[serde(default)]
    pub of: Option<String>,
    /// For how long.
    #[serde(rename = "for", with = "seconds_or_none", default)]
    pub lasting: Duration,
    /// How grave it is then.
    pub severity: Severity,
    /// False: there is no such rule.
    #[serde(default = "yes")]
    pub on: bool,
}

/// What can hold. Of several, equally grave, the first counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// The supervisor does not get on with a service without a human.
    HumanNeeded,
    /// A service cannot be started until a human has cleared something.
    Blocked,
    /// A service goes up and down too often to be called either.
    Flapping,
    /// A service does not work, or is not ready again since it fell.
    Down,
    /// A service answers, and not everything is well.
    Degraded,
    /// The 95th percentile of a service's answers is above the objective.
    Latency,
    /// A gauge fails.
    GaugeFail,
    /// A gauge is worth a warning, or fails.
    GaugeWarn,
    /// A deep check fails.
    Check,
    /// Autonomy is locked by a value that cannot be read.
    Locked,
}

/// How soon services are to answer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Objective {
    /// The 95th percentile stays below it.
    #[serde(with = "seconds")]
    pub p95: Duration,
    /// Over this time.
    #[serde(with = "seconds")]
    pub window: Duration,
    /// Of at least so many answers; of fewer nothing is said.
    pub answers: usize,
}

impl Default for Objective {
    fn default() -> Self {
        Self { p95: Duration::from_secs(1), window: Duration::from_secs(300), answers: 20 }
    }
}

impl Rule {
    /// True if it is about that.
    pub(super) fn is_about(&self, subject: &Subject, when: When) -> bool {
        self.on && self.when == when && self.of.as_ref().is_none_or(|of| of == subject.name())
    }

    /// The bundled ones.
    #[must_use]
    pub fn bundled() -> Vec<Self> {
        use Severity::{Critical, Warning};
        let rules = [
            ("human_needed", When::HumanNeeded, 0, Critical),
            ("blocked", When::Blocked, 0, Critical),
            ("flapping", When::Flapping, 0, Warning),
            ("down", When::Down, 30, Critical),
            ("degraded", When::Degraded, 60, Warning),
            ("slow", When::Latency, 0, Warning),
            ("gauge_fails", When::GaugeFail, 10, Critical),
            ("gauge_warns", When::GaugeWarn, 60, Warning),
            ("check_fails", When::Check, 0, Critical),
            ("autonomy_locked", When::Locked, 0, Warning),
        ];
        rules.map(|(name, when, lasting, severity)| Self::new(name, when, lasting, severity)).into()
    }

    fn new(name: &str, when: When, lasting: u64, severity: Severity) -> Self {
        let (name, lasting) = (name.to_owned(), Duration::from_secs(lasting));
        Self { name, when, of: None, lasting, severity, on: true }
    }
}

/// The bundled rules, with `declared` ones in place of those of their names and beside the others.
pub(crate) fn merged(declared: Vec<Rule>) -> Vec<Rule> {
    let mut rules = Rule::bundled();
    for rule in declared {
        match rules.iter_mut().find(|known| known.name == rule.name) {
            Some(known) => *known = rule,
            None => rules.push(rule),
        }
    }
    rules
}

fn yes() -> bool {
    true
}
