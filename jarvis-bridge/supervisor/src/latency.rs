//! What was measured of one answer: the grain of which latencies, traffic and errors are made.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One answer of a service, or its absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// How it came about.
    pub kind: Kind,
    /// How long it took, to the last byte or until one gave up.
    pub took: Duration,
    /// It was an answer, and not an error.
    pub ok: bool,
}

/// Who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The supervisor, how it is.
    Probe,
    /// Somebody, through the control plane.
    Routed,
}
