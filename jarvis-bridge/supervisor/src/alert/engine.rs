//! From what holds to what is told: since when, long enough, again, and over.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Alert, Facts, Rule, Subject, When};
use crate::clock::{Moment, Wall};

/// What became of an alert. Each holds it as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Opened(Alert),
    /// It was over a short while ago, and holds again.
    Again(Alert),
    /// Another rule holds by now.
    Changed(Alert),
    /// It is over.
    Closed(Alert),
}

impl Change {
    /// Which.
    #[must_use]
    pub fn alert(&self) -> &Alert {
        let (Self::Opened(alert) | Self::Again(alert) | Self::Changed(alert) | Self::Closed(alert)) = self;
        alert
    }
}

/// The alerts of one owner.
#[derive(Debug)]
pub struct Alerts {
    rules: Vec<Rule>,
    /// Whatever is over for less than this is the same alert when it comes again.
    again: Duration,
    /// What holds, and since when.
    held: BTreeMap<(Subject, When), Moment>,
    open: BTreeMap<Subject, Alert>,
    /// Opened by an earlier owner, and not judged yet by this one.
    carried: BTreeSet<Subject>,
    over: BTreeMap<Subject, (Moment, Alert)>,
    last: u64,
    due: Moment,
}

impl Alerts {
    /// With what an earlier owner left `open`, and the largest id that was `last` given. Those about something that can no
    /// longer be told from the rest are over: they are returned closed at `wall`.
    #[must_use]
    pub fn new(
        rules: Vec<Rule>,
        again: Duration,
        (open, last): (Vec<Alert>, u64),
        wall: Wall,
    ) -> (Self, Vec<Alert>) {
        let mut known = BTreeMap::new();
        let mut lost = Vec::new();
        for alert in open {
            match Subject::of(&alert).filter(|subject| !known.contains_key(subject)) {
                Some(subject) => _ = known.insert(subject, alert),
                None => lost.push(Alert { until: Some(wall), ..alert }),
            }
        }
        let new = Self {
            rules,
            again,
            held: BTreeMap::new(),
            carried: known.keys().cloned().collect(),
            open: known,
            over: BTreeMap::new(),
            last,
            due: Moment::NEVER,
        };
        (new, lost)
    }

    /// What an earlier owner left open is known only now: as [`new`](Self::new), but what was opened here since stays. The gauges
    /// among them are returned besides.
    pub fn recall(&mut self, (open, last): (Vec<Alert>, u64), wall: Wall) -> (Vec<Alert>, BTreeSet<String>) {
        self.last = self.last.max(last);
        let (mut lost, mut gauges) = (Vec::new(), BTreeSet::new());
        for alert in open {
            if self.open.values().any(|known| known.id == alert.id) {
                continue;
            }
            match Subject::of(&alert).filter(|subject| !self.open.contains_key(subject)) {
                Some(subject) => {
                    if let Subject::Gauge(name) = &subject {
                        gauges.insert(name.clone());
                    }
                    // It has waited long enough with its earlier owner, though it was seen here already.
                    self.held.retain(|(of, _), _| of != &subject);
                    self.carried.insert(subject.clone());
                    self.open.insert(subject, alert);
                }
                None => lost.push(Alert { until: Some(wall), ..alert }),
            }
        }
        (lost, gauges)
    }

    /// What changes by what is so at `now`.
    pub fn observe(&mut self, now: Moment, wall: Wall, facts: &Facts) -> Vec<Change> {
        self.hold(now, facts);
        let again = self.again;
        self.over.retain(|_, (since, _)| now.since(*since) < again);
        let subjects: BTreeSet<&Subject> = facts.holds.keys().map(|(subject, _)| subject).collect();
        let mut changes = Vec::new();
        for subject in subjects {
            if let Some((rule, since, says)) = self.gravest(subject, now, facts) {
                let since = wall.before(now.since(since));
                changes.extend(self.raise(subject, &rule, since, says));
            } else if !facts.unknown.contains(subject) {
                changes.extend(self.close(subject, now, wall));
            }
        }
        let well = |subject: &&Subject| {
            !facts.unknown.contains(*subject) && !facts.holds.keys().any(|(other, _)| other == *subject)
        };
        let over: Vec<Subject> = self.open.keys().filter(well).cloned().collect();
        changes.extend(over.iter().filter_map(|subject| self.close(subject, now, wall)));
        self.due = self.next(now);
        changes
    }

    /// When [`observe`](Self::observe) changes something, if nothing else happens.
    #[must_use]
    pub fn due(&self) -> Moment {
        self.due
    }

    /// Those that are open, oldest first.
    #[must_use]
    pub fn open(&self) -> Vec<Alert> {
        let mut open: Vec<Alert> = self.open.values().cloned().collect();
        open.sort_unstable_by_key(|alert| alert.id);
        open
    }

    /// The gauges that open alerts are about.
    pub(crate) fn gauges(&self) -> BTreeSet<String> {
        let name = |subject: &Subject| match subject {
            Subject::Gauge(name) => Some(name.clone()),
            _ => None,
        };
        self.open.keys().filter_map(name).collect()
    }

    /// A human has seen it. None: there is none that is open. True: it was not acknowledged before.
    pub fn acknowledge(&mut self, id: u64, wall: Wall) -> Option<(Alert, bool)> {
        let alert = self.open.values_mut().find(|alert| alert.id == id)?;
        let new = alert.acknowledged.is_none();
        alert.acknowledged.get_or_insert(wall);
        Some((alert.clone(), new))
    }

    fn hold(&mut self, now: Moment, facts: &Facts) {
        self.held.retain(|key, _| facts.holds.contains_key(key));
        for key in facts.holds.keys() {
            if self.held.contains_key(key) {
                continue;
            }
            // An earlier owner has waited long enough for it.
            let (subject, when) = key;
            let lasting =
                |rule: &Rule| if rule.is_about(subject, *when) { rule.lasting } else { Duration::ZERO };
            let waited = if self.carried.contains(subject) {
                self.rules.iter().map(lasting).max().unwrap_or_default()
            } else {
                Duration::ZERO
            };
            self.held.insert(key.clone(), now.before(waited));
        }
    }

    /// The gravest rule that holds of `subject` for long enough.
    fn gravest<'a>(
        &self,
        subject: &Subject,
        now: Moment,
        facts: &'a Facts,
    ) -> Option<(Rule, Moment, &'a String)> {
        let mut best: Option<(&Rule, Moment, &String)> = None;
        for ((of, when), says) in facts.holds.iter().filter(|((of, _), _)| of == subject) {
            let Some(since) = self.held.get(&(of.clone(), *when)).copied() else { continue };
            let about = self.rules.iter().filter(|rule| rule.is_about(of, *when));
            for rule in about.filter(|rule| now.since(since) >= rule.lasting) {
                if best.is_none_or(|(before, ..)| rule.severity > before.severity) {
                    best = Some((rule, since, says));
                }
            }
        }
        best.map(|(rule, since, says)| (rule.clone(), since, says))
    }

    fn raise(&mut self, subject: &Subject, rule: &Rule, since: Wall, says: &str) -> Option<Change> {
        self.carried.remove(subject);
        if let Some(alert) = self.open.get_mut(subject) {
            if alert.rule == rule.name {
                return None;
            }
            if rule.severity > alert.severity {
                alert.acknowledged = None;
            }
            alert.rule.clone_from(&rule.name);
            alert.severity = rule.severity;
            says.clone_into(&mut alert.message);
            return Some(Change::Changed(alert.clone()));
        }
        let before = self.over.remove(subject).map(|(_, alert)| alert);
        let again = before.is_some();
        let alert = Alert {
            id: before.as_ref().map_or_else(|| self.last + 1, |alert| alert.id),
            rule: rule.name.clone(),
            service: subject.service().map(str::to_owned),
            about: subject.about(),
            severity: rule.severity,
            message: says.to_owned(),
            since: before.map_or(since, |alert| alert.since),
            until: None,
            acknowledged: None,
        };
        self.last = self.last.max(alert.id);
        self.open.insert(subject.clone(), alert.clone());
        Some(if again { Change::Again(alert) } else { Change::Opened(alert) })
    }

    fn close(&mut self, subject: &Subject, now: Moment, wall: Wall) -> Option<Change> {
        self.carried.remove(subject);
        let mut alert = self.open.remove(subject)?;
        alert.until = Some(wall);
        self.over.insert(subject.clone(), (now, alert.clone()));
        Some(Change::Closed(alert))
    }

    fn next(&self, now: Moment) -> Moment {
        let ripens = self.held.iter().flat_map(|((subject, when), since)| {
            let about = self.rules.iter().filter(move |rule| rule.is_about(subject, *when));
            about.map(move |rule| since.after(rule.lasting))
        });
        ripens.filter(|at| *at > now).min().unwrap_or(Moment::NEVER)
    }
}
