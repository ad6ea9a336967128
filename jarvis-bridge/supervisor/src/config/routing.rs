//! How requests are routed to modules: `[control_plane.routing]` of `sidecars.toml`.

use std::time::Duration;

use serde::Deserialize;

use super::span::seconds;

/// Times and bounds of routing; see `sidecars.toml` for each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each is explained beside its default in sidecars.toml")]
pub struct Routing {
    #[serde(with = "seconds")]
    pub timeout: Duration,
    #[serde(with = "seconds")]
    pub deadline: Duration,
    pub attempts: u32,
    #[serde(with = "seconds")]
    pub first: Duration,
    #[serde(with = "seconds")]
    pub longest: Duration,
    pub jitter: f64,
    pub failures: u32,
    #[serde(with = "seconds")]
    pub open: Duration,
    pub concurrent: usize,
    pub largest: u64,
    #[serde(with = "seconds")]
    pub remember: Duration,
}

impl Default for Routing {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            timeout: seconds(30),
            deadline: seconds(60),
            attempts: 3,
            first: Duration::from_millis(200),
            longest: seconds(5),
            jitter: 0.5,
            failures: 5,
            open: seconds(10),
            concurrent: 16,
            largest: 4_000_000,
            remember: seconds(600),
        }
    }
}

impl Routing {
    /// What contradicts itself, and what to do.
    pub(super) fn wrong(&self) -> Option<(&'static str, &'static str)> {
        if !(0.0..1.0).contains(&self.jitter) {
            return Some(("`jitter` of routing is not a share from 0 up to 1", "give a share such as 0.5"));
        }
        if self.attempts == 0 || self.failures == 0 || self.concurrent == 0 {
            return Some((
                "`attempts`, `failures` or `concurrent` of routing is 0, so nothing would reach a module",
                "give 1 or more",
            ));
        }
        if self.largest < 1000 {
            return Some(("`largest` of routing is below 1000", "leave room for an answer"));
        }
        None
    }
}
