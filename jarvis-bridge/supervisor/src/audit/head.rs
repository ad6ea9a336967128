//! `audit.head`: where the chain ends, so that a cut is noticed; and what is just being written, so that an interruption is
//! not taken for one.
//!
//! Start at [`Head::read`].

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::chain::{Hash, Key, Link};
use crate::durable;

/// The end of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// All up to here is there.
    pub(super) committed: Link,
    /// The next may be there or not.
    pub(super) pending: Option<Link>,
}

/// What was found where a head belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Head(Head),
    /// Somebody changed it, or it is no head.
    Edited,
    Gone,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    committed: Link,
    pending: Option<Link>,
    hmac: Hash,
}

impl Head {
    pub(super) const NONE: Self = Self { committed: Link::NONE, pending: None };

    /// Writes it, durably, by rename.
    pub(super) fn publish(&self, path: &Path, key: &Key) -> io::Result<()> {
        let hmac = key.head(self.committed, self.pending);
        let written = Written { committed: self.committed, pending: self.pending, hmac };
        durable::publish(path, &serde_json::to_vec_pretty(&written)?)
    }

    /// What is there.
    pub(super) fn read(path: &Path, key: &Key) -> io::Result<Found> {
        let bytes = match std::fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Gone),
            read => read?,
        };
        Ok(match serde_json::from_slice::<Written>(&bytes) {
            Ok(written) if key.head(written.committed, written.pending) == written.hmac => {
                Found::Head(Self { committed: written.committed, pending: written.pending })
            }
            _ => Found::Edited,
        })
    }

    /// Whether it says that nothing was written yet, as far as that can be told without the key.
    pub(super) fn is_empty_at(path: &Path) -> bool {
        let Ok(bytes) = std::fs::read(path) else { return true };
        serde_json::from_slice::<Written>(&bytes).is_ok_and(|written| written.committed.seq == 0)
    }

    /// The last entry that may be there.
    pub(super) fn last(&self) -> Link {
        self.pending.unwrap_or(self.committed)
    }
}
