//! Flapping: well and unwell too often within some time.
//!
//! Counted are changes between well (healthy) and unwell (degraded, down); starting is neither, so that a death and its
//! cure are two changes. What a human stops has no past. It ends when not half as many changes are left within that time:
//! who falls every few minutes would otherwise begin to flap, and be told, again and again.

use std::collections::VecDeque;
use std::time::Duration;

use super::State;
use crate::clock::Moment;

#[derive(Debug, Clone)]
pub(super) struct Changes {
    limit: usize,
    window: Duration,
    well: Option<bool>,
    /// The newest `limit` changes, oldest first.
    times: VecDeque<Moment>,
}

impl Changes {
    pub(super) fn new(limit: usize, window: Duration) -> Self {
        Self { limit, window, well: None, times: VecDeque::new() }
    }

    pub(super) fn note(&mut self, now: Moment, state: State) {
        let well = match state {
            State::Healthy => true,
            State::Degraded | State::Down => false,
            State::Stopped | State::Starting | State::Flapping | State::Blocked => return,
        };
        let before = self.well.replace(well);
        if before.is_some_and(|before| before != well) {
            self.times.push_back(now);
            if self.times.len() > self.limit {
                self.times.pop_front();
            }
        }
    }

    pub(super) fn clear(&mut self) {
        self.well = None;
        self.times.clear();
    }

    pub(super) fn too_many(&self, now: Moment) -> bool {
        self.times.len() >= self.limit && now < self.leaves(0)
    }

    /// When it is calm again, if nothing more changes.
    pub(super) fn calm_at(&self) -> Moment {
        self.leaves(self.times.len().saturating_sub(self.limit.div_ceil(2)))
    }

    /// When a change is no longer within the window.
    fn leaves(&self, index: usize) -> Moment {
        self.times.get(index).map_or(Moment::ORIGIN, |change| change.after(self.window))
    }
}
