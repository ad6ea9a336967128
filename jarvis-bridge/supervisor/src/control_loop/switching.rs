//! The switch changes: a human flips it, or the store that holds it and the rest can be read at last.

use super::ControlLoop;
use crate::by::By;
use crate::event::What;
use crate::stream::News;
use crate::switch::Switch;

impl ControlLoop {
    pub(super) fn flip(&mut self, on: bool, by: By) {
        self.parts.store.set_switch(on);
        let wall = self.parts.clock.wall();
        self.parts.record(wall, None, What::Switched { on, by });
        let unstored = self.parts.store.unwritten();
        self.obey(Switch { unstored, ..self.switch.clone().flipped(on) });
    }

    /// What could not be stored at once is by now, or the other way round.
    pub(super) fn look_whether_stored(&mut self) {
        let unstored = self.parts.store.unwritten();
        if unstored.is_some() != self.switch.unstored.is_some() {
            self.switch.unstored = unstored;
            self.parts.hub.publish(&News::Autonomy(self.switch.clone()));
        }
    }

    /// While the store could not be opened, the switch counted as off, and nobody knew what a human had stopped. What a human
    /// has chosen holds from the moment on when that can be read.
    pub(super) fn reread(&mut self) {
        if self.unread && !self.parts.store.is_unread() {
            (self.unread, self.unsure) = (false, true);
            self.each(|sidecar, turn| sidecar.recall(turn));
            let (now, wall) = (self.parts.clock.now(), self.parts.clock.wall());
            let (lost, gauges) = self.alerts.recall(self.parts.store.alerts(), wall);
            self.gauges.expect(now, gauges);
            self.close_lost(lost);
            self.parts.hub.publish(&News::Alerts(self.alerts.open()));
        }
        if self.unsure
            && let Ok(chosen) = self.parts.chosen()
        {
            self.unsure = false;
            let stored = chosen.unwrap_or(true);
            if stored != self.switch.stored {
                tracing::warn!(stored, "whether one may act without being asked is known again");
                self.obey(self.switch.clone().flipped(stored));
            }
        }
    }

    fn obey(&mut self, switch: Switch) {
        let before = std::mem::replace(&mut self.switch, switch).on;
        self.parts.hub.publish(&News::Autonomy(self.switch.clone()));
        if self.switch.on != before {
            self.each(|sidecar, turn| sidecar.switched(turn));
        }
    }
}
