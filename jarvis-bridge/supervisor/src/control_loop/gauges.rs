//! The newest value of each gauge, and which of them still say something of now.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::alert::{Facts, Subject, When};
use crate::clock::{Moment, Wall};
use crate::deep;
use crate::gauge::{Gauge, Level, Unfit};

/// How many there can be. Far more than anybody has; a program that makes up names must not fill our memory.
pub(super) const MOST: usize = 256;
/// A gauge that nobody reported for so long says nothing of now.
pub(super) const STALE: Duration = Duration::from_secs(120);

/// A source that has said nothing of a gauge for so long gives way to an older one that measures the same. Longer than
/// anybody leaves between two reports.
const SILENT: Duration = Duration::from_secs(30);
/// Sources that are told apart: far more than there are windows.
const SOURCES: usize = 32;

/// All gauges.
#[derive(Debug, Default)]
pub(super) struct Gauges {
    known: BTreeMap<String, (Gauge, Moment)>,
    /// Who reports and when last, in the order in which they began.
    sources: Vec<(String, Moment)>,
    /// Reported since they were kept last.
    unkept: BTreeSet<String>,
    /// An earlier owner left an alert about these, and nobody has reported them to this one yet.
    awaited: BTreeSet<String>,
    /// Until then they are waited for.
    patience: Option<Moment>,
}

impl Gauges {
    /// An owner begins at `now`, and has alerts about `awaited`.
    pub(super) fn new(now: Moment, awaited: BTreeSet<String>) -> Self {
        let patience = Some(now.after(STALE)).filter(|_| !awaited.is_empty());
        Self { awaited, patience, ..Self::default() }
    }

    /// An earlier owner's alerts about these are known only now.
    pub(super) fn expect(&mut self, now: Moment, names: BTreeSet<String>) {
        self.awaited.extend(names.into_iter().filter(|name| !self.known.contains_key(name)));
        if !self.awaited.is_empty() {
            self.patience = Some(now.after(STALE));
        }
    }

    /// The newest values count, of several sources those of the one that began last; who has not said anything new keeps the
    /// old. What is refused is told.
    pub(super) fn report(&mut self, now: Moment, wall: Wall, gauges: Vec<Gauge>) -> Vec<Unfit> {
        let mut refused = Vec::new();
        for gauge in gauges {
            if let Err(unfit) = gauge.check().and_then(|()| self.make_room(&gauge.name)) {
                refused.push(unfit);
                continue;
            }
            self.meet(now, gauge.source.as_ref());
            if self.is_behind(now, &gauge) {
                continue;
            }
            self.unkept.insert(gauge.name.clone());
            self.awaited.remove(&gauge.name);
            let gauge = Gauge { at: Some(wall), stale: false, ..gauge };
            self.known.insert(gauge.name.clone(), (gauge, now));
        }
        refused
    }

    /// Notes that a source has begun, or goes on.
    fn meet(&mut self, now: Moment, source: Option<&String>) {
        let Some(source) = source else { return };
        if let Some((_, last)) = self.sources.iter_mut().find(|(known, _)| known == source) {
            *last = now;
            return;
        }
        // Not the one that began first, which may be the window that all work in: the one that is silent longest.
        if self.sources.len() >= SOURCES
            && let Some((at, _)) = self.sources.iter().enumerate().min_by_key(|(_, (_, last))| *last)
        {
            self.sources.remove(at);
        }
        self.sources.push((source.clone(), now));
    }

    /// True if somebody who began later measures the same, and still does.
    fn is_behind(&self, now: Moment, gauge: &Gauge) -> bool {
        let began =
            |gauge: &Gauge| self.sources.iter().position(|(source, _)| gauge.source.as_ref() == Some(source));
        let held = self.known.get(&gauge.name).filter(|(_, reported)| now < reported.after(SILENT));
        held.is_some_and(|(held, _)| began(held) > began(gauge))
    }

    /// What was reported since this was asked last, for the history.
    pub(super) fn unkept(&mut self) -> Vec<Gauge> {
        let names = std::mem::take(&mut self.unkept);
        names.iter().filter_map(|name| self.known.get(name)).map(|(gauge, _)| gauge.clone()).collect()
    }

    /// Marks those that nobody reported for long. True if there are new ones.
    pub(super) fn age(&mut self, now: Moment) -> bool {
        let mut aged = false;
        if self.patience.is_some_and(|until| now >= until) {
            self.patience = None;
            self.awaited.clear();
        }
        for (gauge, reported) in self.known.values_mut() {
            if !gauge.stale && now >= reported.after(STALE) {
                gauge.stale = true;
                aged = true;
            }
        }
        aged
    }

    /// When [`age`](Self::age) has something to do.
    pub(super) fn ages_at(&self) -> Moment {
        let fresh = self.known.values().filter(|(gauge, _)| !gauge.stale);
        let ages = fresh.map(|(_, reported)| reported.after(STALE)).min().unwrap_or(Moment::NEVER);
        self.patience.map_or(ages, |until| ages.min(until))
    }

    /// Why an alert about the gauge `name` is over.
    pub(super) fn why(&self, name: &str) -> String {
        let seconds = STALE.as_secs();
        match self.known.get(name) {
            None => format!("nobody has reported {name} since the supervision began anew, {seconds} s ago"),
            Some((gauge, _)) if gauge.stale => format!("nobody has reported {name} for {seconds} s"),
            Some((gauge, _)) => deep::said(gauge),
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Gauge> + Clone {
        self.known.values().map(|(gauge, _)| gauge)
    }

    /// What is worth an alert.
    pub(super) fn tell(&self, facts: &mut Facts) {
        facts.unknown.extend(self.awaited.iter().cloned().map(Subject::Gauge));
        for gauge in self.all().filter(|gauge| !gauge.stale) {
            let level = gauge.level();
            let limits = [
                (Level::Warn, When::GaugeWarn, gauge.warn, "it is worth a warning"),
                (Level::Fail, When::GaugeFail, gauge.fail, "it fails"),
            ];
            for (from, when, limit, means) in limits {
                let Some(limit) = limit.filter(|_| level >= from) else { continue };
                let limit = deep::said(&Gauge { value: limit, ..gauge.clone() });
                let limit = limit.split_once(" is ").map_or("", |(_, limit)| limit);
                let says = format!("{}; from {limit} on {means}", deep::said(gauge));
                facts.hold(Subject::Gauge(gauge.name.clone()), when, says);
            }
        }
    }

    /// One that is stale goes, where there is no room.
    fn make_room(&mut self, name: &str) -> Result<(), Unfit> {
        if self.known.len() < MOST || self.known.contains_key(name) {
            return Ok(());
        }
        let oldest =
            self.known.values().filter(|(gauge, _)| gauge.stale).min_by_key(|(_, reported)| *reported);
        let Some(oldest) = oldest.map(|(gauge, _)| gauge.name.clone()) else {
            return Err(Unfit::TooMany(name.to_owned(), MOST));
        };
        self.known.remove(&oldest);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Moment {
        Moment::ORIGIN.after(Duration::from_secs(seconds))
    }

    fn load(value: f64) -> Gauge {
        Gauge::new("audio_load", "share", value).limits(0.8, 0.95)
    }

    fn told(gauges: &Gauges) -> Vec<When> {
        let mut facts = Facts::default();
        gauges.tell(&mut facts);
        facts.holds.into_keys().map(|(_, when)| when).collect()
    }

    #[test]
    fn a_gauge_that_nobody_reports_any_more_is_stale_and_not_alarmed_about() {
        // Seen red: with alerts about the stale.
        let mut gauges = Gauges::default();
        assert!(gauges.report(at(0), Wall(7), vec![load(0.99)]).is_empty());
        assert_eq!(told(&gauges), [When::GaugeFail, When::GaugeWarn]);
        assert_eq!(gauges.ages_at(), at(120));
        assert!(!gauges.age(at(119)) && gauges.age(at(120)) && !gauges.age(at(121)));
        assert!(gauges.all().all(|gauge| gauge.stale && gauge.at == Some(Wall(7))));
        assert!(told(&gauges).is_empty());
        gauges.report(at(130), Wall(8), vec![load(0.85)]);
        assert!(gauges.all().all(|gauge| !gauge.stale));
        assert_eq!(told(&gauges), [When::GaugeWarn]);
    }

    #[test]
    fn there_are_only_so_many_and_the_stale_make_room() {
        // Seen red: with the stale kept.
        let mut gauges = Gauges::default();
        let named = |number: usize| Gauge::new(&format!("g{number}"), "count", 1.0);
        assert!(gauges.report(at(0), Wall(0), (0..MOST).map(named).collect()).is_empty());
        let more = vec![named(MOST), named(3), Gauge::new("Wild", "count", 1.0)];
        let refused = gauges.report(at(1), Wall(0), more);
        assert!(matches!(refused.as_slice(), [Unfit::TooMany(name, MOST), Unfit::Name(_)] if name == "g256"));
        gauges.age(at(121));
        assert!(gauges.report(at(122), Wall(0), vec![named(MOST)]).is_empty());
        assert_eq!(gauges.all().count(), MOST);
    }

    // Seen red: with sources that are not told apart, and with one that is held for ever.
    #[test]
    fn of_two_windows_the_one_that_began_last_counts_until_it_is_silent() {
        let mut gauges = Gauges::default();
        let mut after = |seconds, source: &str, value| {
            let gauge = Gauge { source: Some(source.to_owned()), ..load(value) };
            assert!(gauges.report(at(seconds), Wall(0), vec![gauge]).is_empty());
            gauges.all().next().unwrap().value
        };
        assert_eq!(after(0, "1", 0.1), 0.1);
        assert_eq!(after(1, "2", 0.2), 0.2, "the second window has just begun");
        assert_eq!(after(2, "1", 0.3), 0.2, "and is not mixed up with the first");
        assert_eq!(after(30, "1", 0.4), 0.2);
        assert_eq!(after(31, "1", 0.5), 0.5, "it was closed");
        assert_eq!(after(32, "2", 0.6), 0.6, "it only hung");
        let nameless = Gauge { source: None, ..load(0.7) };
        gauges.report(at(33), Wall(0), vec![nameless.clone()]);
        assert_eq!(gauges.all().next().unwrap().value, 0.6, "who does not say who it is comes last");
        gauges.report(at(62), Wall(0), vec![nameless]);
        assert_eq!(gauges.all().next().unwrap().value, 0.7);
    }

    #[test]
    fn each_report_is_kept_once() {
        // Seen red: with reports kept again and again.
        let mut gauges = Gauges::default();
        gauges.report(at(0), Wall(0), vec![load(0.1)]);
        gauges.report(at(1), Wall(1), vec![load(0.2)]);
        assert_eq!(gauges.unkept().iter().map(|gauge| gauge.value).collect::<Vec<_>>(), [0.2]);
        assert!(gauges.unkept().is_empty());
    }
    // Seen red: with the one forgotten that began first (it then counted as the newest).
    #[test]
    fn a_window_that_goes_on_reporting_is_not_forgotten_for_those_that_were_closed() {
        let mut gauges = Gauges::default();
        let mut report = |seconds, source: usize, value| {
            let gauge = Gauge { source: Some(source.to_string()), ..load(value) };
            assert!(gauges.report(at(seconds), Wall(0), vec![gauge]).is_empty());
            gauges.all().next().unwrap().value
        };
        report(0, 0, 0.9);
        for source in 1..=SOURCES + 1 {
            assert_eq!(report(source as u64, source, 0.5), 0.5, "window {source} has just begun");
            assert_eq!(
                report(source as u64, 0, 0.9),
                0.5,
                "the first counts as the newest after window {source}"
            );
        }
    }
}
