//! Whether one may act without being asked, as the trail has it: for when the store that holds the switch has lost it.

use thiserror::Error;

use super::head::Head;
use super::{Audit, act};

/// There is a trail, and what it says cannot be read for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the audit trail cannot be read for now")]
pub struct Unread;

impl Audit {
    /// Whether autonomy was switched on or off last; none if it never was.
    ///
    /// # Errors
    /// [`Unread`]: somebody may have switched it off, and nobody can tell. A trail that was never begun says nothing, and is
    /// no error.
    pub fn switch(&self) -> Result<Option<bool>, Unread> {
        if let Some(on) = self.waiting.iter().rev().find_map(act::switched) {
            return Ok(Some(on));
        }
        match &self.trail {
            Some(trail) => trail.ledger.newest_of(act::AUTONOMY, act::switched).map_err(|_| Unread),
            None if self.was_begun() => Err(Unread),
            None => Ok(None),
        }
    }

    /// Its head is published before anything of it is in its place.
    fn was_begun(&self) -> bool {
        let Some((layout, _)) = &self.place else { return false };
        layout.audit().exists() || !Head::is_empty_at(&layout.audit_head())
    }
}
