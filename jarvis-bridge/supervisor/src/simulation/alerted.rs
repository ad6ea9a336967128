//! What the week's alerts were, from the events and from what the world itself saw.

use std::collections::BTreeSet;
use std::time::Duration;

use super::seen::{Fall, Seen};
use super::week::SHAKY;
use crate::clock::Moment;
use crate::event::What;

/// How long after a fall there must be an alert.
const LIMIT: Duration = Duration::from_secs(60);

impl Seen {
    /// The alerts about `name` as a whole that are open at `when`.
    fn alerts_at(&self, name: &str, when: Moment) -> BTreeSet<u64> {
        let mut open = BTreeSet::new();
        for (_, event) in self.events.iter().filter(|(at, _)| *at <= when) {
            if event.sidecar.as_deref() != Some(name) {
                continue;
            }
            match &event.what {
                What::AlertOpened { id, rule, .. } if rule != "slow" => _ = open.insert(*id),
                What::AlertClosed { id, .. } => _ = open.remove(id),
                _ => {}
            }
        }
        open
    }

    /// Falls after which the sidecar did not serve for a minute, with no human at it.
    pub(super) fn lasting(&self) -> Vec<&Fall> {
        let lasts = |fall: &&Fall| {
            let until = fall.at.after(LIMIT);
            let within = |at: Moment| at > fall.at && at <= until;
            let back = self.up.iter().any(|(name, at)| *name == fall.name && within(*at));
            let human = self.stopped.iter().any(|(name, from, _)| *name == fall.name && within(*from));
            !back && !human
        };
        self.falls.iter().filter(lasts).collect()
    }

    /// Each fall that lasts has one alert, no more, within a minute.
    pub(super) fn lasting_falls_are_alerted(&self) -> bool {
        let lasting = self.lasting();
        lasting.len() >= 3
            && lasting.iter().all(|fall| self.alerts_at(&fall.name, fall.at.after(LIMIT)).len() == 1)
    }

    /// No sidecar ever has two open alerts.
    pub(super) fn one_alert_at_a_time(&self) -> bool {
        let opened = self.events.iter().filter(|(_, event)| matches!(event.what, What::AlertOpened { .. }));
        opened
            .filter_map(|(at, event)| Some((*at, event.sidecar.as_deref()?)))
            .all(|(at, name)| self.alerts_at(name, at).len() <= 1)
    }

    /// How many alerts the flapper had.
    pub(super) fn alerts_of_the_flapper(&self) -> usize {
        let (name, seconds) = SHAKY;
        let at = |second| Moment::ORIGIN.after(Duration::from_secs(second));
        let span = at(seconds.start)..at(seconds.end + 3600);
        let ids = self.events.iter().filter_map(|(at, event)| match &event.what {
            What::AlertOpened { id, rule, .. } if span.contains(at) && rule != "slow" => {
                (event.sidecar.as_deref() == Some(name)).then_some(*id)
            }
            _ => None,
        });
        ids.collect::<BTreeSet<u64>>().len()
    }

    /// What is open at the end holds: nobody has an alert who serves, by what the world saw.
    pub(super) fn open_at_the_end_hold(&self) -> bool {
        self.open.iter().all(|alert| alert.service.as_ref().is_none_or(|name| !self.serving.contains(name)))
    }
}
