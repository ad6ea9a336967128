//! The control plane: `[control_plane]` of `sidecars.toml`.

use std::time::Duration;

use serde::Deserialize;

use super::routing::Routing;
use super::span::seconds;
use crate::control_plane::SUPERVISOR;

/// Who may ask, how often, and how long it waits for whom; see `sidecars.toml` for each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each is explained beside its default in sidecars.toml")]
pub struct ControlPlane {
    pub requests: usize,
    #[serde(with = "seconds")]
    pub window: Duration,
    pub burst: u32,
    pub tokens: Vec<String>,
    #[serde(with = "seconds")]
    pub headers: Duration,
    #[serde(with = "seconds")]
    pub body: Duration,
    #[serde(with = "seconds")]
    pub unread: Duration,
    #[serde(with = "seconds")]
    pub ping: Duration,
    /// How requests are routed to modules.
    pub routing: Routing,
}

impl Default for ControlPlane {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            requests: 500,
            window: seconds(900),
            burst: 60,
            tokens: Vec::new(),
            headers: seconds(10),
            body: seconds(10),
            unread: seconds(2),
            ping: seconds(10),
            routing: Routing::default(),
        }
    }
}

impl ControlPlane {
    /// What contradicts itself, and what to do.
    pub(super) fn wrong(&self) -> Option<(&'static str, &'static str)> {
        if self.requests == 0 || self.burst == 0 {
            return Some((
                "`requests` or `burst` of the control plane is 0, so nobody could ask anything",
                "give 1 or more",
            ));
        }
        if self.requests > 10_000_000 {
            return Some(("`requests` of the control plane is above 10000000", "give less"));
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if self.tokens.iter().any(|name| name.is_empty() || name.len() > 64 || !name.chars().all(fits)) {
            return Some(("a name in `tokens` cannot name a client", "use 1 to 64 letters, digits, - and _"));
        }
        if self.tokens.iter().any(|name| name == SUPERVISOR) {
            return Some((
                "`jarvis` in `tokens` is the supervisor itself: the audit trail could not tell them apart",
                "give the client another name",
            ));
        }
        self.routing.wrong()
    }
}
