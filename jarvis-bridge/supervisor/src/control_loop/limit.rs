//! How much may be done in a minute without being asked, over all sidecars.
//!
//! A net below the restart budgets, for what nobody foresaw: many sidecars that fall together, or a mistake of ours. Start
//! at [`Limit::may_act`].

use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::Moment;
use crate::config::Safety;

const MINUTE: Duration = Duration::from_secs(60);

/// The acts of the last minute.
#[derive(Debug)]
pub(super) struct Limit {
    per_minute: usize,
    acts: VecDeque<Moment>,
}

impl Limit {
    pub(super) fn new(safety: &Safety) -> Self {
        Self { per_minute: safety.actions_per_minute, acts: VecDeque::new() }
    }

    /// A human acts, which is never refused.
    pub(super) fn count(&mut self, now: Moment) {
        self.forget(now);
        self.acts.push_back(now);
        // More than that changes no answer, however much is asked for.
        while self.acts.len() > self.per_minute {
            self.acts.pop_front();
        }
    }

    /// Whether one may act now without being asked; if so, it counts.
    pub(super) fn may_act(&mut self, now: Moment) -> bool {
        self.forget(now);
        let may = self.acts.len() < self.per_minute;
        if may {
            self.acts.push_back(now);
        }
        may
    }

    /// For people: why one may not.
    pub(super) fn reason(&self) -> String {
        format!("limit reached: {} acts in a minute (`actions_per_minute` in sidecars.toml)", self.per_minute)
    }

    fn forget(&mut self, now: Moment) {
        while self.acts.front().is_some_and(|at| now.since(*at) >= MINUTE) {
            self.acts.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_any_minute_there_are_so_many_acts_and_a_human_s_count() {
        // Seen red: with a limit that allows all.
        let mut limit = Limit::new(&Safety { actions_per_minute: 3 });
        let at = |seconds| Moment::ORIGIN.after(Duration::from_secs(seconds));
        assert!(limit.may_act(at(0)) && limit.may_act(at(30)));
        for _ in 0..100 {
            limit.count(at(40));
        }
        assert!(!limit.may_act(at(40)) && !limit.may_act(at(99)), "those of the human are the newest");
        assert!(limit.may_act(at(100)));
        assert!(!Limit::new(&Safety { actions_per_minute: 0 }).may_act(at(0)));
    }
}
