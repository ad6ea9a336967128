//! Alerts and deep checks of a whole owner: opened, seen, kept, and judged by the next one.

use jarvis::alert::{Alert, Severity};
use jarvis::by::By;
use jarvis::deep::Check;
use jarvis::event::{Action, What};
use jarvis::gauge::Gauge;
use jarvis::health::State;
use jarvis::store::Reader;

use crate::owned::{Owned, declared, ours, start};
use crate::rig::until;

/// Ends as soon as it starts, three times, and then a human is needed.
fn hopeless() -> Owned {
    let command = r#"["{ai-dawg}", "exit", "--code", "3", "--saying", "no model here", "--port", "{port}"]"#;
    Owned::new(&(declared("broken", command, "") + &ours("coach", "")))
}

fn about(owned: &Owned, service: &str) -> Option<Alert> {
    owned.client.alerts(false).unwrap().into_iter().find(|alert| alert.service.as_deref() == Some(service))
}

#[test]
fn a_crash_loop_is_one_alert_that_a_human_acknowledges_and_ends_by_stopping_it() {
    // Seen red: with an end without its reason, and with any id acknowledged.
    let owned = hopeless();
    let alert = until("an alert", || about(&owned, "broken").filter(|alert| alert.rule == "human_needed"));
    assert_eq!(alert.severity, Severity::Critical);
    assert!(alert.message.contains("exit code 3"), "{}", alert.message);
    assert!(owned.client.acknowledge(alert.id, By::name("test")).unwrap());
    assert!(!owned.client.acknowledge(alert.id + 1000, By::name("test")).unwrap());
    assert!(about(&owned, "broken").unwrap().acknowledged.is_some());
    owned.act("broken", Action::Stop);
    until("its end", || about(&owned, "broken").is_none().then_some(()));
    owned.event("the end told", |what| match what {
        What::AlertClosed { id, reason, .. } if *id == alert.id => {
            assert!(reason.contains("human"), "{reason}");
            Some(())
        }
        _ => None,
    });
    let history = owned.client.alerts(true).unwrap();
    let of = |alert: &&Alert| alert.service.as_deref() == Some("broken");
    assert_eq!(history.iter().filter(of).count(), 1, "one alert, not many: {history:?}");
}

#[test]
fn an_alert_is_open_still_after_a_restart_of_the_owner_and_over_once_all_is_well() {
    // Seen red: with what an earlier owner left open not read.
    let mut owned = hopeless();
    let before = until("an alert", || about(&owned, "broken").filter(|alert| alert.rule == "human_needed"));
    drop(owned.owner.take());
    let kept = Reader::open(&owned.layout.events()).unwrap().alerts(false, 10).unwrap();
    assert!(kept.iter().any(|alert| alert.id == before.id), "{kept:?}");
    let next = start(&owned.layout, None);
    owned.client = next.client();
    assert_eq!(about(&owned, "broken").map(|alert| (alert.id, alert.since)), Some((before.id, before.since)));
    owned.act("broken", Action::Stop);
    until("its end", || about(&owned, "broken").is_none().then_some(()));
    owned.is("coach", State::Healthy);
}

#[test]
fn the_machine_is_measured_and_its_checks_are_told() {
    // Seen red: with readings that become no gauges.
    let mut owned = Owned::new(&ours("coach", ""));
    owned.is("coach", State::Healthy);
    let value = |name: &str| {
        let gauges: Vec<Gauge> = owned.client.read_gauges().unwrap();
        gauges.into_iter().find(|gauge| gauge.name == name).map(|gauge| gauge.value)
    };
    for (name, least, most) in [
        ("machine_memory", 0.01, 1.0),
        ("machine_cpu", 0.0, 1.0),
        ("disk_free", 1.0, 1e18),
        ("supervisor_memory", 1e6, 1e11),
        ("supervisor_cpu", 0.0, 64.0),
        ("sidecar_memory_coach", 1e5, 1e11),
        ("sidecar_cpu_coach", 0.0, 64.0),
    ] {
        let found = until(name, || value(name));
        assert!((least..=most).contains(&found), "{name}: {found}");
    }
    let checks: Vec<Check> = owned.client.checks().unwrap();
    for name in ["database", "audit", "machine", "disk", "memory", "cpu", "gauges"] {
        let check = checks.iter().find(|check| check.name == name);
        assert!(check.is_some_and(|check| check.ok || name == "disk"), "{name}: {checks:?}");
    }
    let since = jarvis::clock::Wall(0);
    // Minutes that go on are written when the owner ends.
    drop(owned.owner.take());
    let minutes = Reader::open(&owned.layout.events()).unwrap().gauge("machine_memory", since).unwrap();
    assert!(!minutes.is_empty());
}

#[test]
fn autonomy_locked_by_a_value_that_nobody_can_read_is_an_alert() {
    // Seen red: with a value that nobody can read not told.
    let owned = Owned::with(&[], &ours("coach", ""), Some("vielleicht"));
    let alert = until("an alert", || {
        owned.client.alerts(false).unwrap().into_iter().find(|alert| alert.rule == "autonomy_locked")
    });
    assert!(alert.message.contains("vielleicht"), "{}", alert.message);
}
