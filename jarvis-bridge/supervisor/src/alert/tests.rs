//! The engine alone: what is so, second by second, and what becomes of it.

use std::time::Duration;

use super::*;
use crate::clock::Moment;

const AGAIN: Duration = Duration::from_secs(600);

fn at(second: u64) -> (Moment, Wall) {
    (Moment::ORIGIN.after(Duration::from_secs(second)), Wall(second as i64 * 1000))
}

fn coach() -> Subject {
    Subject::Service("coach".to_owned())
}

fn load() -> Subject {
    Subject::Gauge("audio_load".to_owned())
}

fn facts(subject: &Subject, holds: &[When]) -> Facts {
    let mut facts = Facts::default();
    for when in holds {
        facts.hold(subject.clone(), *when, format!("{when:?}"));
    }
    facts
}

fn unknown(subject: &Subject) -> Facts {
    Facts { unknown: [subject.clone()].into(), ..Facts::default() }
}

struct Told {
    alerts: Alerts,
}

impl Told {
    fn new() -> Self {
        Self::after((Vec::new(), 0))
    }

    fn after(earlier: (Vec<Alert>, u64)) -> Self {
        let (alerts, lost) = Alerts::new(Rule::bundled(), AGAIN, earlier, Wall(0));
        assert!(lost.is_empty());
        Self { alerts }
    }

    /// What changed: the kind, the id, and the rule.
    fn at(&mut self, second: u64, facts: &Facts) -> Vec<(&'static str, u64, String)> {
        let (now, wall) = at(second);
        let changes = self.alerts.observe(now, wall, facts);
        let kind = |change: &Change| match change {
            Change::Opened(_) => "opened",
            Change::Again(_) => "again",
            Change::Changed(_) => "changed",
            Change::Closed(_) => "closed",
        };
        changes.iter().map(|change| (kind(change), change.alert().id, change.alert().rule.clone())).collect()
    }
}

fn told(kind: &'static str, id: u64, rule: &str) -> Vec<(&'static str, u64, String)> {
    vec![(kind, id, rule.to_owned())]
}

#[test]
fn a_rule_opens_one_alert_after_its_time_and_closes_it_when_it_no_longer_holds() {
    // Seen red: with rules that need no time.
    let mut seen = Told::new();
    let down = facts(&coach(), &[When::Down]);
    assert!(seen.at(0, &down).is_empty() && seen.at(29, &down).is_empty());
    assert_eq!(seen.alerts.due(), at(30).0);
    assert_eq!(seen.at(30, &down), told("opened", 1, "down"));
    assert!(seen.at(31, &down).is_empty() && seen.at(500, &down).is_empty());
    let open = seen.alerts.open();
    assert_eq!((open[0].since, open[0].severity), (Wall(0), Severity::Critical));
    assert_eq!(seen.at(501, &Facts::default()), told("closed", 1, "down"));
    assert!(seen.alerts.open().is_empty());
    assert_eq!(seen.alerts.due(), Moment::NEVER);
}

#[test]
fn what_holds_for_less_than_its_time_is_no_alert_however_often() {
    // Seen red: with what once held counted on.
    let mut seen = Told::new();
    for second in (0..600).step_by(30) {
        assert!(seen.at(second, &facts(&load(), &[When::GaugeWarn])).is_empty());
        assert!(seen.at(second + 29, &Facts::default()).is_empty());
    }
}

#[test]
fn a_graver_rule_changes_the_alert_that_is_open_and_wakes_who_had_seen_it() {
    // Seen red: with an alert that stays acknowledged.
    let mut seen = Told::new();
    let degraded = facts(&coach(), &[When::Degraded]);
    seen.at(0, &degraded);
    assert_eq!(seen.at(60, &degraded), told("opened", 1, "degraded"));
    assert!(seen.alerts.acknowledge(1, Wall(5)).unwrap().1);
    assert!(!seen.alerts.acknowledge(1, Wall(6)).unwrap().1);
    assert_eq!(seen.alerts.acknowledge(2, Wall(6)), None);
    assert_eq!(seen.alerts.open()[0].acknowledged, Some(Wall(5)));
    let needed = facts(&coach(), &[When::Down, When::HumanNeeded]);
    assert_eq!(seen.at(61, &needed), told("changed", 1, "human_needed"));
    assert_eq!(seen.alerts.open()[0].acknowledged, None);
    // As grave, and longer: nothing new.
    assert!(seen.at(120, &needed).is_empty());
    assert_eq!(seen.at(121, &facts(&coach(), &[When::Down])), told("changed", 1, "down"));
}

#[test]
fn what_comes_again_soon_is_the_same_alert() {
    // Seen red: with what is over forgotten at once.
    let mut seen = Told::new();
    let down = facts(&coach(), &[When::Down]);
    for fall in 0..5 {
        let second = fall * 100;
        seen.at(second, &down);
        let kind = if fall == 0 { "opened" } else { "again" };
        assert_eq!(seen.at(second + 40, &down), told(kind, 1, "down"));
        assert_eq!(seen.at(second + 50, &Facts::default()), told("closed", 1, "down"));
    }
    let later = 450 + AGAIN.as_secs();
    seen.at(later, &down);
    assert_eq!(seen.at(later + 30, &down), told("opened", 2, "down"));
}

#[test]
fn who_starts_keeps_the_alert_until_it_is_well() {
    // Seen red: with the unknown taken for well.
    let mut seen = Told::new();
    let needed = facts(&coach(), &[When::HumanNeeded]);
    assert_eq!(seen.at(0, &needed), told("opened", 1, "human_needed"));
    assert!(seen.at(5, &unknown(&coach())).is_empty());
    assert_eq!(seen.at(9, &Facts::default()), told("closed", 1, "human_needed"));
}

#[test]
fn an_alert_of_an_earlier_owner_is_open_still_if_it_holds_and_over_if_not() {
    // Seen red: with what an earlier owner waited for counted anew.
    let mut first = Told::new();
    let mut both = facts(&coach(), &[When::Down]);
    both.hold(load(), When::GaugeFail, String::new());
    first.at(0, &both);
    first.at(30, &both);
    let earlier = first.alerts.open();
    assert_eq!(earlier.len(), 2);
    // It holds: at once, without waiting anew, and under its own id.
    let mut next = Told::after((earlier.clone(), 2));
    assert!(next.at(0, &both).is_empty());
    assert_eq!(next.alerts.open(), earlier);
    // Nothing is known yet, then it is well.
    let mut next = Told::after((earlier.clone(), 2));
    let mut nothing = unknown(&coach());
    nothing.unknown.insert(load());
    assert!(next.at(0, &nothing).is_empty());
    assert_eq!(next.at(3, &Facts::default()).len(), 2);
    // New ones are not called as old ones are.
    let check = facts(&Subject::Check("database".to_owned()), &[When::Check]);
    assert_eq!(next.at(4, &check), told("opened", 3, "check_fails"));
    // Nobody knows what it was about.
    let strange = Alert { about: Some("the moon".to_owned()), ..earlier[0].clone() };
    let (_, lost) = Alerts::new(Rule::bundled(), AGAIN, (vec![strange], 2), Wall(9));
    assert_eq!(lost[0].until, Some(Wall(9)));
}

#[test]
fn a_rule_can_be_for_one_alone_and_another_be_off() {
    // Seen red: with a rule for one taken as one for all.
    let declared = "[[alert]]\nname = \"loud\"\nwhen = \"gauge_warn\"\nof = \"audio_load\"\nseverity = \"info\"\n\
                    [[alert]]\nname = \"gauge_warns\"\nwhen = \"gauge_warn\"\nseverity = \"info\"\non = false";
    let config = crate::config::Config::parse(declared, "test").unwrap();
    assert_eq!(config.alerts.len(), Rule::bundled().len() + 1);
    let (alerts, _) = Alerts::new(config.alerts, AGAIN, (Vec::new(), 0), Wall(0));
    let mut seen = Told { alerts };
    assert_eq!(seen.at(0, &facts(&load(), &[When::GaugeWarn])), told("opened", 1, "loud"));
    let other = Subject::Gauge("disk_free".to_owned());
    assert_eq!(seen.at(1, &facts(&other, &[When::GaugeWarn])), told("closed", 1, "loud"));
    assert_eq!(seen.at(500, &facts(&other, &[When::GaugeWarn])), []);
    let twice = "[[alert]]\nname = \"a\"\nwhen = \"down\"\nseverity = \"info\"\n".repeat(2);
    let said = crate::config::Config::parse(&twice, "test").unwrap_err().to_string();
    assert!(said.contains("two alerts are called “a”"), "{said}");
}
