//! What a human, or a program in a human's name, asks of the owner.

use crossbeam_channel::Sender;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::deadlines::Rounds;
use crate::event::Action;
use crate::status::Status;
use crate::switch::Switch;

/// Asked of the control loop, which answers within a turn. Whoever does not wait for the answer drops its receiver.
#[derive(Debug)]
pub enum Request {
    /// How are the sidecars?
    Status(Sender<Vec<Status>>),
    /// How does the loop itself do?
    Rounds(Sender<Rounds>),
    /// Do something to one sidecar, or to all.
    Act(Target, Action, Sender<Result<(), Refusal>>),
    /// May one act without being asked? With a value: from now on one may, or may not.
    Autonomy(Option<bool>, Sender<Switch>),
    /// Stop all and end.
    Shutdown,
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

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
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
