//! What is remembered, and seen of it: the events with the time at which they were told.

use super::World;
use crate::alert::Alert;
use crate::clock::Wall;
use crate::event::Event;
use crate::gauge::Gauge;
use crate::latency::Sample;
use crate::store::{Kept, Store};
use crate::usage::Usage;

impl Store for World {
    fn record(&mut self, event: &Event) {
        let mut inside = self.0.borrow_mut();
        let now = inside.now;
        inside.seen.events.push((now, event.clone()));
        inside.store.record(event);
    }

    fn switch(&self) -> Option<bool> {
        self.0.borrow().store.switch()
    }

    fn set_switch(&mut self, on: bool) {
        self.0.borrow_mut().store.set_switch(on);
    }

    fn restarts(&self, sidecar: &str) -> Vec<Wall> {
        self.0.borrow().store.restarts(sidecar)
    }

    fn set_restarts(&mut self, sidecar: &str, restarts: &[Wall]) {
        self.0.borrow_mut().store.set_restarts(sidecar, restarts);
    }

    fn wanted(&self, sidecar: &str) -> Option<bool> {
        self.0.borrow().store.wanted(sidecar)
    }

    fn set_wanted(&mut self, sidecar: &str, wanted: Option<bool>) {
        self.0.borrow_mut().store.set_wanted(sidecar, wanted);
    }

    fn sample(&mut self, at: Wall, service: &str, sample: Sample) {
        self.0.borrow_mut().store.sample(at, service, sample);
    }

    fn gauges(&mut self, at: Wall, gauges: &[Gauge]) {
        self.0.borrow_mut().store.gauges(at, gauges);
    }

    fn usage(&mut self, used: &[Usage]) -> Kept {
        self.0.borrow_mut().store.usage(used)
    }

    fn alert(&mut self, alert: &Alert) {
        self.0.borrow_mut().store.alert(alert);
    }

    fn alerts(&self) -> (Vec<Alert>, u64) {
        self.0.borrow().store.alerts()
    }

    fn flush(&mut self, now: Wall) {
        self.0.borrow_mut().store.flush(now);
    }

    fn check(&mut self) -> Result<(), String> {
        Ok(())
    }
}
