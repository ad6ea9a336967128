//! How the supervisor's answers read.

use std::fmt::{self, Display, Formatter};

use jarvis::deep::Check;
use jarvis::status::Status;
use jarvis::switch::Switch;
use serde::{Serialize, Serializer};

use super::plain::plain;

/// `status`: text for people; as JSON the array that is a contract, and nothing else.
/// With the deep checks, of which people are told those that fail.
pub(super) struct Services(pub(super) Vec<Status>, pub(super) Vec<Check>);

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    state: jarvis::health::State,
    pid: Option<u32>,
    port: Option<u16>,
    version: Option<&'a str>,
    restarts: u64,
    uptime_s: Option<u64>,
}

impl Serialize for Services {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|status| Row {
            name: &status.name,
            state: status.state,
            pid: status.pid,
            port: status.port,
            version: status.version.as_deref(),
            restarts: status.restarts,
            uptime_s: status.uptime_s,
        }))
    }
}

impl Display for Services {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            f.write_str("no sidecar is declared")?;
        }
        for (number, status) in self.0.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{}: {}", plain(&status.name), status.state)?;
            if status.reason != status.state.to_string() {
                write!(f, " ({})", plain(&status.reason))?;
            }
            if let Some(pid) = status.pid {
                write!(f, ", process {pid}")?;
            }
            if let Some(port) = status.port {
                write!(f, ", port {port}")?;
            }
            if let Some(version) = &status.version {
                write!(f, ", version {}", plain(version))?;
            }
            if status.restarts > 0 {
                write!(f, ", restarts {}", status.restarts)?;
            }
            if let Some(seconds) = status.uptime_s {
                write!(f, ", up {}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
            }
        }
        for check in self.1.iter().filter(|check| !check.ok) {
            write!(f, "\nthe check of the {} fails: {}", plain(&check.name), plain(&check.detail))?;
        }
        Ok(())
    }
}

/// What was asked for has begun.
#[derive(Serialize)]
pub(super) struct Done<'a> {
    pub(super) done: &'a str,
    pub(super) of: &'a str,
}

impl Display for Done<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} has begun; `ai-dawg jarvis status` says how it is", self.done, self.of)
    }
}

/// The switch.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct Switched(pub(super) Switch);

impl Display for Switched {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let on = if self.0.on {
            "on: sidecars are restarted without asking"
        } else {
            "off: nothing is done unless you ask"
        };
        write!(f, "autonomy is {on}")?;
        self.0.locked.iter().try_for_each(|why| write!(f, "; locked by {why}"))?;
        self.0
            .unstored
            .iter()
            .try_for_each(|why| write!(f, "; not stored yet, and so not kept over a restart ({why})"))
    }
}
