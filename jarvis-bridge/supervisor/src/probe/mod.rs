//! Asking a sidecar how it is.
//!
//! Start at [`Probe`]. The machine's is [`HttpProbe`]; the simulation brings its own.

mod answer;
#[cfg(unix)]
mod http;

use std::time::Duration;

#[cfg(unix)]
pub use http::HttpProbe;

use crate::config::Identity;
use crate::health::Finding;
use crate::process::RunId;

/// What to ask.
#[derive(Debug, Clone)]
pub struct Question {
    /// Of which run.
    pub run: RunId,
    /// Where it listens on loopback.
    pub port: u16,
    /// The path to GET.
    pub path: String,
    /// How it is known to be that run.
    pub identity: Identity,
    /// The nonce that it was given.
    pub instance: String,
    /// What to show it.
    pub token: String,
    /// Its process, the leader of its group.
    pub pid: Option<u32>,
    /// How long it may take, to the last byte.
    pub timeout: Duration,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// How it is.
    pub outcome: Outcome,
    /// The version it says it is.
    pub version: Option<String>,
    /// How long it took.
    pub took: Duration,
}

/// Who answered, and what.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The run that was asked, or nobody.
    Found(Finding),
    /// Somebody else: why one knows.
    NotOurs(String),
    /// It could not be asked, and that is not its fault.
    NotAsked(String),
}

/// Asks, and tells later what was answered. Does not block.
pub trait Probe {
    /// Asks. One question of a run at a time.
    fn ask(&mut self, question: Question);

    /// What was answered since it was asked last.
    fn answers(&mut self) -> Vec<(RunId, Answer)>;
}
