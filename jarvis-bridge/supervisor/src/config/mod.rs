//! `sidecars.toml`: what is kept alive, and by which times.
//!
//! Start at [`Config::read`]. What a person wrote is checked whole before anything is started; an error names the line
//! and what to do.

mod check;
mod plane;
mod routing;
mod span;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use toml::Spanned;

use crate::alert::{Objective, Rule};
use crate::layout::Layout;
pub use plane::ControlPlane;
pub use routing::Routing;
pub(crate) use span::{seconds, seconds_or_none};

/// The bundled declarations.
pub const BUNDLED: &str = include_str!("sidecars.toml");

/// What is kept alive, and how.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// How often, and how long.
    pub times: Times,
    /// How often a sidecar is restarted before a human is called.
    pub restarts: Restarts,
    /// How much is done without being asked.
    pub safety: Safety,
    /// The sidecars' output.
    pub logs: Logs,
    /// The control plane.
    pub control_plane: ControlPlane,
    /// How soon services are to answer.
    pub objective: Objective,
    /// What becomes an alert: the bundled rules, with those of the file in place of theirs and beside them.
    #[serde(rename = "alert")]
    pub alerts: Vec<Rule>,
    /// The sidecars, in the order in which they are started: each after those it needs.
    #[serde(rename = "sidecar")]
    pub sidecars: Vec<Sidecar>,
}

/// Times of health and of the control loop; see `sidecars.toml` for each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each is explained beside its default in sidecars.toml")]
pub struct Times {
    #[serde(with = "seconds")]
    pub liveness: Duration,
    #[serde(with = "seconds")]
    pub timeout: Duration,
    #[serde(with = "seconds")]
    pub repeat: Duration,
    #[serde(with = "seconds")]
    pub deep: Duration,
    #[serde(with = "seconds")]
    pub iteration: Duration,
    #[serde(with = "seconds")]
    pub start: Duration,
    #[serde(with = "seconds")]
    pub start_poll: Duration,
    #[serde(with = "seconds")]
    pub verify: Duration,
    #[serde(with = "seconds")]
    pub grace: Duration,
    #[serde(with = "seconds")]
    pub flapping_window: Duration,
    pub flapping_changes: usize,
}

/// The restart budget; see `sidecars.toml` for each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each is explained beside its default in sidecars.toml")]
pub struct Restarts {
    pub short: usize,
    #[serde(with = "seconds")]
    pub short_window: Duration,
    pub long: usize,
    #[serde(with = "seconds")]
    pub long_window: Duration,
    #[serde(with = "seconds")]
    pub first: Duration,
    #[serde(with = "seconds")]
    pub longest: Duration,
    pub jitter: f64,
    #[serde(with = "seconds")]
    pub stable: Duration,
}

/// Limits of what is done without being asked; see `sidecars.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Safety {
    /// How many acts there may be in a minute, over all sidecars. What a human asks for counts, and is never refused.
    pub actions_per_minute: usize,
}

/// How much output is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Logs {
    /// Size at which a log is put aside, in bytes.
    pub bytes: u64,
    /// How many old ones are kept.
    pub keep: usize,
}

/// One sidecar, as it was declared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sidecar {
    /// What people call it: letters, digits, `-` and `_`. Unique.
    pub name: Spanned<String>,
    /// Program and arguments; no shell reads them. `{ai-dawg}` stands for this program, `{port}` for the port.
    pub command: Spanned<Vec<String>>,
    /// The port it wants; 0: any.
    #[serde(default)]
    pub port: u16,
    /// How it is known to be the one we started.
    #[serde(default)]
    pub identity: Identity,
    /// The path that is asked by GET how it is.
    #[serde(default = "health_path")]
    pub health: Spanned<String>,
    /// What it needs to be there before it.
    #[serde(default)]
    pub needs: Vec<Spanned<String>>,
    /// Whether it starts with the program.
    #[serde(default = "yes")]
    pub start: bool,
    /// What it finds in its environment, besides ours.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
}

/// How a sidecar is known to be the one that was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Identity {
    /// It speaks our protocol: says which port it bound, and in `/health` the nonce it was given. For our own.
    Nonce,
    /// The listening socket belongs to the processes that were started, as far as the system tells. For others.
    #[default]
    Process,
}

/// Why the declarations cannot be used. Nothing was started.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file is there and cannot be read.
    #[error("{} cannot be read ({error}), so no sidecar was started: make it readable, or remove it to use the bundled one", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// What stands in it cannot be understood, or contradicts itself.
    #[error("{place}, line {line}: {problem}. No sidecar was started: {remedy}")]
    Wrong {
        /// Which file.
        place: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
        /// What to do.
        remedy: String,
    },
}

impl Config {
    /// The person's declarations, or the bundled ones where there are none.
    ///
    /// # Errors
    /// [`ConfigError`], which names the line and what to do.
    pub fn read(layout: &Layout) -> Result<Self, ConfigError> {
        let path = layout.sidecars();
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text, &path.display().to_string()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Self::parse(BUNDLED, "the bundled sidecars.toml")
            }
            Err(error) => Err(ConfigError::Read { path, error }),
        }
    }

    /// Declarations from text; `place` names them in errors.
    ///
    /// # Errors
    /// [`ConfigError::Wrong`].
    pub fn parse(text: &str, place: &str) -> Result<Self, ConfigError> {
        let config = toml::from_str(text).map_err(|error| ConfigError::Wrong {
            place: place.to_owned(),
            line: span::line(text, error.span().map_or(0, |span| span.start)),
            problem: error.message().trim().replace('\n', " "),
            remedy: "correct that line, or remove it to have the default".to_owned(),
        })?;
        check::check(config, text, place)
    }

    /// Where the sidecar called `name` stands.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.sidecars.iter().position(|sidecar| sidecar.name() == name)
    }
}

impl Sidecar {
    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.get_ref()
    }

    /// True if it can be given another port than the one it wants.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.identity == Identity::Nonce || self.command.get_ref().iter().any(|part| part.contains("{port}"))
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            times: Times::default(),
            restarts: Restarts::default(),
            safety: Safety::default(),
            logs: Logs::default(),
            control_plane: ControlPlane::default(),
            objective: Objective::default(),
            alerts: Rule::bundled(),
            sidecars: Vec::new(),
        }
    }
}

impl Default for Times {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            liveness: seconds(10),
            timeout: seconds(5),
            repeat: seconds(1),
            deep: seconds(30),
            iteration: seconds(10),
            start: seconds(30),
            start_poll: Duration::from_millis(250),
            verify: seconds(10),
            grace: seconds(5),
            flapping_window: seconds(600),
            flapping_changes: 5,
        }
    }
}

impl Default for Restarts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            short: 3,
            short_window: seconds(300),
            long: 10,
            long_window: seconds(86_400),
            first: Duration::from_millis(500),
            longest: seconds(30),
            jitter: 0.2,
            stable: seconds(600),
        }
    }
}

impl Default for Safety {
    fn default() -> Self {
        Self { actions_per_minute: 20 }
    }
}

impl Default for Logs {
    fn default() -> Self {
        Self { bytes: 10_000_000, keep: 3 }
    }
}

fn health_path() -> Spanned<String> {
    Spanned::new(0..0, "/health".to_owned())
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests;
