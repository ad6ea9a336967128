//! `endpoint.json`: how another program reaches the owner.
//!
//! Written by rename with mode 0600 by an owner that listens, removed at its clean end. Start at [`Endpoint::read`].

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use crate::durable;
use crate::layout::Layout;

/// Where the owner listens, and what to show at its door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The owner's process.
    pub pid: u32,
    /// Its version.
    pub version: String,
    /// Its instance: a reader compares it with what answers there.
    pub instance: String,
    /// Where it listens on loopback.
    pub port: u16,
    /// A token for each kind of client.
    pub tokens: BTreeMap<String, String>,
}

impl Endpoint {
    /// Says where we are.
    ///
    /// # Errors
    /// As the disk says.
    pub fn publish(&self, layout: &Layout) -> io::Result<()> {
        durable::publish(&layout.endpoint(), &serde_json::to_vec_pretty(self)?)
    }

    /// What an owner said; none where there is none. It may have ended since: who answers there must say the same
    /// `instance`.
    ///
    /// # Errors
    /// As the disk says, or when the file is no such thing.
    pub fn read(layout: &Layout) -> io::Result<Option<Self>> {
        match std::fs::read(layout.endpoint()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => Ok(Some(serde_json::from_slice(&read?)?)),
        }
    }

    /// Nobody is here any more.
    ///
    /// # Errors
    /// As the disk says.
    pub fn remove(layout: &Layout) -> io::Result<()> {
        match std::fs::remove_file(layout.endpoint()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }
}
