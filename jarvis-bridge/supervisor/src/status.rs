//! How the sidecars are, as whoever asks is told.

use serde::{Deserialize, Serialize};

use crate::health::State;

/// One sidecar, in the words of `ai-dawg jarvis status --json`: the first seven fields are a contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Status {
    /// Its name.
    pub name: String,
    /// What it is said to be.
    pub state: State,
    /// Its process; none while it does not run.
    pub pid: Option<u32>,
    /// Where it listens; none while that is not known.
    pub port: Option<u16>,
    /// The version it says it is; none before it has said so.
    pub version: Option<String>,
    /// How often it was restarted without being asked since the supervisor began.
    pub restarts: u64,
    /// How long its process has run, in seconds of awake time; none while it does not run.
    pub uptime_s: Option<u64>,
    /// Why it is so, for people.
    pub reason: String,
    /// How far it has started, from 0 to 1, if it says so.
    pub progress: Option<f64>,
    /// It cannot be proven that what answers is what was started: another program, where the system does not tell whose a socket
    /// is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unprovable: bool,
}
