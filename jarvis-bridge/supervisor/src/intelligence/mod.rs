//! What was measured over time, asked: use, uptime, traffic, latency, errors, restarts, the objective and what is left of it,
//! and the patterns in what failed. Exact buckets: no average hides an outage, and what was not measured is none.
//!
//! Start at [`Report`]; [`crate::store::Reader::report`] makes it. Here is what follows from what was measured: it asks nobody.

pub(crate) mod bars;
pub(crate) mod histogram;
pub(crate) mod patterns;
mod statistics;

use serde::{Deserialize, Serialize};

use crate::clock::Wall;

/// What `/api/v1/intelligence` answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Report {
    /// Each service, by name.
    pub services: Vec<ServiceReport>,
    /// Use of features, most used first.
    pub usage: Vec<FeatureUse>,
    /// Patterns found, with their evidence.
    pub patterns: Vec<Pattern>,
}

/// One service over the time asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ServiceReport {
    /// Its name.
    pub name: String,
    /// The time asked for in equal parts, oldest first: of each, how it was.
    pub bars: Vec<Bar>,
    /// Share of the measured time in which it was healthy, 0 to 1; none: nothing was measured. Sleep, time in which a human
    /// had stopped it, and its start because a human asked, do not count.
    pub uptime: Option<f64>,
    /// Median, 95th and 99th percentile of its answers, in milliseconds; none: it never answered.
    pub p50_ms: Option<f64>,
    /// See `p50_ms`.
    pub p95_ms: Option<f64>,
    /// See `p50_ms`.
    pub p99_ms: Option<f64>,
    /// The 95th percentile in each part of the time, for the drawn line; none where it never answered.
    pub p95_bars: Vec<Option<f64>>,
    /// Questions, the supervisor's own included.
    pub asked: u64,
    /// Of these, through the control plane.
    pub routed: u64,
    /// Of `asked`, without a good answer.
    pub errors: u64,
    /// Restarts that nobody asked for.
    pub restarts: u64,
    /// Share of the aim of 99.9 % that is left to be missed, 0 to 1, below 0 once it is missed; none: nothing was measured.
    pub budget_left: Option<f64>,
    /// The aim of the answers: 95 of 100 come sooner, in milliseconds; none where no owner has said so yet.
    #[serde(default)]
    pub p95_aim_ms: Option<f64>,
    /// Share that is left of the one question in twenty that may be answered later than that, or without a good answer, 0 to 1,
    /// below 0 once the aim is missed; none: it was never asked, or there is no aim.
    #[serde(default)]
    pub p95_budget_left: Option<f64>,
}

/// One part of the time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Bar {
    /// Begin.
    pub from: Wall,
    /// Milliseconds in which it was healthy.
    pub healthy_ms: u64,
    /// Degraded, starting or flapping.
    pub unwell_ms: u64,
    /// Down or blocked.
    pub down_ms: u64,
    /// Stopped by a human or being started for one, asleep, waiting for another, or nobody watched: not measured.
    pub unknown_ms: u64,
}

/// How often something was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FeatureUse {
    /// What.
    pub what: String,
    /// How often.
    pub times: u64,
    /// Last.
    pub last: Wall,
}

/// Something that keeps happening, and how one knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Pattern {
    /// Of which service.
    pub service: String,
    /// `failures_by_hour`, `failures_by_weekday`, `latency_drift`, `crash_after_version`.
    pub kind: String,
    /// In words: “producer fails at 3 every night: 6 of 7 nights”.
    pub says: String,
    /// When it happened, at most the last 20.
    pub evidence: Vec<Wall>,
    /// How surely, 0 to 1.
    pub confidence: f64,
}

/// The place of the quantile `share` among `all` that are sorted, from 0 (nearest rank); none among none.
fn rank(all: u64, share: f64) -> Option<u64> {
    let rank = (share * all as f64).ceil() as u64;
    (all > 0).then(|| rank.clamp(1, all) - 1)
}

/// The time in milliseconds that this share of `micros` did not exceed.
pub(crate) fn exact(micros: &mut [i64], share: f64) -> Option<f64> {
    let rank = usize::try_from(rank(micros.len() as u64, share)?).ok()?;
    let (_, found, _) = micros.select_nth_unstable(rank);
    Some(*found as f64 / 1000.0)
}
