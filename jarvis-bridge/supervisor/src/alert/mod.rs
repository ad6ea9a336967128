//! Alerts: rules of what, for how long and how grave, and what became of them.
//!
//! A rule that holds for its time opens one [`Alert`], which stays open until the rule no longer holds; who flaps has one.

use serde::{Deserialize, Serialize};

use crate::clock::Wall;

/// How grave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Look here.
    Warning,
    /// A human is needed now.
    Critical,
}

/// Something that a human should know, as long as it holds and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Alert {
    /// Its own, rising.
    pub id: u64,
    /// The rule that opened it.
    pub rule: String,
    /// About which sidecar; none: the supervisor, the machine, or a gauge.
    pub service: Option<String>,
    /// How grave.
    pub severity: Severity,
    /// What is wrong and what to do, for people.
    pub message: String,
    /// Since when.
    pub since: Wall,
    /// Until when; none: it is open.
    pub until: Option<Wall>,
    /// When a human said that they have seen it.
    pub acknowledged: Option<Wall>,
}
