//! What a human, or a program in a human's name, asks of the owner.

use crossbeam_channel::Sender;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::deadlines::Rounds;
use crate::alert::Alert;
use crate::audit::Record;
use crate::by::By;
use crate::deep::Check;
use crate::event::Action;
use crate::gauge::Gauge;
use crate::latency::Sample;
use crate::status::Status;
use crate::switch::Switch;
use crate::usage::{Told, Usage};

/// Asked of the control loop, which answers within a turn. Whoever does not wait for the answer drops its receiver.
#[derive(Debug)]
pub enum Request {
    /// How are the sidecars?
    Status(Sender<Vec<Status>>),
    /// How does the loop itself do?
    Rounds(Sender<Rounds>),
    /// Do something to one sidecar, or to all.
    Act(Target, Action, By, Sender<Result<(), Refusal>>),
    /// May one act without being asked? With a value: from now on one may, or may not.
    Autonomy(Option<bool>, By, Sender<Switch>),
    /// These were measured; the newest values count.
    Gauges(Vec<Gauge>),
    /// The newest value of each gauge.
    ReadGauges(Sender<Vec<Gauge>>),
    /// These were used. Answered with the ids that are kept, now or already.
    Usage(Vec<Usage>, Sender<Told>),
    /// The alerts that are open.
    Alerts(Sender<Vec<Alert>>),
    /// A human has seen an alert. False: there is none.
    Acknowledge(u64, By, Sender<bool>),
    /// The deep checks, as they were last.
    Checks(Sender<Vec<Check>>),
    /// A service was asked through the control plane.
    Routed(String, Sample),
    /// What the control plane did or refused, for the audit trail.
    Audit(Record),
    /// Where a service listens and what to show it, for whoever routes to it.
    Address(String, Sender<Option<Address>>),
    /// A human wants all stopped, and the supervision to end.
    Shutdown,
    /// The program that we are in is closed: all is stopped, and another program may go on.
    Leave,
}

/// Where a service is reached on loopback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Address {
    /// Its port.
    pub port: u16,
    /// Its token; empty: it knows none.
    pub token: String,
    /// The path of its health.
    pub health: String,
}

/// To whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// The sidecar of that name.
    One(String),
    /// All of them.
    All,
}

impl Target {
    /// The sidecar's name, or what stands for all.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::One(name) => name,
            Self::All => crate::control_plane::ALL,
        }
    }
}

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// There is no such sidecar.
    #[error(
        "there is no sidecar “{name}”: {}",
        if .known.is_empty() { "none is declared in sidecars.toml".to_owned() }
        else { format!("there are {}", .known.join(", ")) }
    )]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// It runs already.
    #[error("“{name}” runs already: `restart` stops it first")]
    Runs {
        /// Which.
        name: String,
    },
    /// The supervisor is stopping everything.
    #[error("the supervisor is ending: start it again first")]
    Ending,
}
