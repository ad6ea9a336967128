//! `running.json`: who owns the sidecars and which processes they are, for whoever comes after a killed owner.
//!
//! A net below the others: sidecars end with their owner by themselves (see [`crate::process`]). Start at [`Running`].

use std::io;

use serde::{Deserialize, Serialize};

use crate::durable;
use crate::layout::Layout;

/// What an owner started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// The owner itself.
    pub owner: Proof,
    /// Its sidecars; once it has ended, those that could not be ended.
    pub sidecars: Vec<Sidecar>,
    /// How it ended; none: it has not, or was killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
}

/// How an owner ended in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// A human asked for the end of the supervision: nobody goes on with it by themselves.
    Asked,
    /// The program it was in was closed: another goes on, if there is one.
    Left,
}

/// One sidecar's process, the leader of its group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sidecar {
    /// Its name in `sidecars.toml`.
    pub name: String,
    /// Which process.
    #[serde(flatten)]
    pub proof: Proof,
}

/// What tells one process from all others that had or will have its pid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Its number.
    pub pid: u32,
    /// When it began, as the system counts (Linux: boot id and clock ticks since); none where it does not tell.
    pub started: Option<String>,
    /// What it was given as `DAWG_INSTANCE`.
    pub instance: String,
}

impl Running {
    /// Says what runs.
    ///
    /// # Errors
    /// As the disk says.
    pub fn publish(&self, layout: &Layout) -> io::Result<()> {
        durable::publish(&layout.running(), &serde_json::to_vec_pretty(self)?)
    }

    /// What the last owner said.
    ///
    /// # Errors
    /// As the disk says, or when the file is no such thing.
    pub fn read(layout: &Layout) -> io::Result<Option<Self>> {
        match std::fs::read(layout.running()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => Ok(Some(serde_json::from_slice(&read?)?)),
        }
    }
}
