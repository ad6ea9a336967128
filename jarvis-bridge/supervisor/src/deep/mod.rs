//! Deep checks, every 30 s: databases, disk, memory, CPU, and the gauges that others report.
//!
//! What is measured of the machine are [`Readings`], taken on a thread of its own (`machine`) so that a disk that does not
//! answer keeps nobody waiting. They become gauges (`gauges`) and named checks ([`Check`]).

mod judged;
#[cfg(unix)]
pub(crate) mod machine;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub(crate) use judged::{checks, gauges, said};

/// One named check, as `/api/v1/health` and the panel tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Check {
    /// `database`, `audit`, `machine`, `disk`, `memory`, `cpu`, `gauges`.
    pub name: String,
    /// It is well.
    pub ok: bool,
    /// What was found, for people.
    pub detail: String,
}

/// What was measured of the machine at one time. None: not known yet, or not here.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readings {
    /// Share of all cores that worked since the last time.
    pub cpu: Option<f64>,
    /// Share of the memory that is in use.
    pub memory: Option<f64>,
    /// Bytes that are free where the supervisor's folder lies.
    pub disk: Option<u64>,
    /// The same of the folder of the sidecars' logs, if that is another disk.
    pub logs: Option<u64>,
    /// The program that the supervisor is in.
    pub own: Used,
    /// Each sidecar that runs, its whole process group.
    pub sidecars: Vec<(Arc<str>, Used)>,
}

/// What processes use.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Used {
    /// Cores, since the last time: 1 is one core all the time.
    pub cpu: Option<f64>,
    /// Resident memory in bytes.
    pub memory: Option<u64>,
}
