//! What is outside of the loop, and how it is told what happened.

use crate::audit::{Audit, Unread};
use crate::clock::{Clock, Wall};
use crate::entropy::Entropy;
use crate::event::{Event, What};
use crate::probe::Probe;
use crate::process::ProcessHost;
use crate::store::Store;
use crate::stream::{Hub, News};

/// The world: exchanged by the simulation, and by nothing else.
pub struct Parts {
    /// Time.
    pub clock: Box<dyn Clock>,
    /// Processes.
    pub host: Box<dyn ProcessHost>,
    /// Questions.
    pub probe: Box<dyn Probe>,
    /// Memory.
    pub store: Box<dyn Store>,
    /// Chance.
    pub entropy: Box<dyn Entropy>,
    /// Who did what. The very same in the simulation, in memory.
    pub audit: Audit,
    /// Who listens. The very same in the simulation.
    pub hub: Hub,
}

impl Parts {
    /// What a human chose last, on or off; none if nobody ever said. Where the store has lost it (its file was damaged, or
    /// taken away), the audit trail knows, and the store is told again.
    ///
    /// # Errors
    /// [`Unread`] if the trail cannot be read either: nobody can tell for now.
    pub(super) fn chosen(&mut self) -> Result<Option<bool>, Unread> {
        if let Some(known) = self.store.switch() {
            return Ok(Some(known));
        }
        let Some(on) = self.audit.switch()? else { return Ok(None) };
        tracing::warn!(
            on,
            "whether one may act without being asked was lost, and is as the audit trail has it"
        );
        self.store.set_switch(on);
        Ok(Some(on))
    }

    /// Something happened: kept, and told in the log.
    pub(super) fn record(&mut self, at: Wall, sidecar: Option<&str>, what: What) {
        let event = Event { at, sidecar: sidecar.map(str::to_owned), what };
        event.log();
        self.audit.event(&event);
        self.tell_audit();
        self.store.record(&event);
        self.hub.publish(&News::Events(event));
    }

    /// Tells whoever listens what was written to the audit trail.
    pub(super) fn tell_audit(&mut self) {
        for entry in self.audit.fresh() {
            self.hub.publish(&News::Audit(entry));
        }
    }
}
