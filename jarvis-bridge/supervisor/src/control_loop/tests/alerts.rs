//! Alerts that an earlier owner left open, and what is told of gauges.

use super::*;
use crate::alert::{Alert, Severity};
use crate::clock::Wall;
use crate::gauge::Gauge;
use crate::store::Store;

fn closed(what: &What) -> Option<String> {
    match what {
        What::AlertClosed { reason, .. } => Some(reason.clone()),
        _ => None,
    }
}

/// What an earlier owner left open.
fn left_open() -> MemoryStore {
    let mut store = MemoryStore::default();
    store.alert(&Alert {
        id: 7,
        rule: "gauge_fails".to_owned(),
        service: None,
        about: Some("gauge audio_load".to_owned()),
        severity: Severity::Critical,
        message: "audio_load is 99 %".to_owned(),
        since: Wall(1_699_999_000_000),
        until: None,
        acknowledged: None,
    });
    store
}

fn load(value: f64) -> Request {
    Request::Gauges(vec![Gauge::new("audio_load", "share", value).limits(0.8, 0.95)])
}

#[test]
fn an_alert_about_a_gauge_of_an_earlier_owner_waits_for_the_gauge() {
    // Seen red: with an alert that is over since nobody has reported yet.
    let mut stage = Stage::new(COACH, left_open(), None, Begin::Takeover);
    stage.live(119.0);
    assert_eq!(stage.find(closed), []);
    stage.live(2.0);
    let reasons = stage.find(closed);
    assert_eq!(reasons.len(), 1);
    assert!(reasons[0].1.contains("nobody has reported audio_load since"), "{reasons:?}");
    // It is told again, and holds: the same alert.
    let mut stage = Stage::new(COACH, left_open(), None, Begin::Takeover);
    for _ in 0..4 {
        stage.live(50.0);
        stage.request(load(0.99));
    }
    assert_eq!(stage.find(closed), []);
    let opened = stage.find(|what| match what {
        What::AlertOpened { rule, .. } => Some(rule.clone()).filter(|rule| rule.contains("gauge")),
        _ => None,
    });
    assert_eq!(opened, []);
    // And is well.
    stage.request(load(0.5));
    stage.live(1.0);
    let reasons = stage.find(closed);
    assert_eq!(reasons.iter().map(|(_, reason)| reason.as_str()).collect::<Vec<_>>(), ["audio_load is 50 %"]);
}

#[test]
fn an_alert_about_a_gauge_that_nobody_reports_any_more_says_so_when_it_is_over() {
    // Seen red: with “it no longer holds”.
    let mut stage = stage(COACH);
    stage.request(load(0.99));
    stage.live(125.0);
    let reasons = stage.find(closed);
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert_eq!(reasons[0].1, "nobody has reported audio_load for 120 s");
}

#[test]
fn an_alert_of_an_earlier_owner_about_slow_answers_waits_until_there_are_enough() {
    // Seen red: with an alert that is over since nobody has answered yet.
    let slow = || {
        let mut store = MemoryStore::default();
        store.alert(&Alert {
            id: 7,
            rule: "slow".to_owned(),
            service: Some("coach".to_owned()),
            about: Some("latency".to_owned()),
            severity: Severity::Warning,
            message: "coach is slow".to_owned(),
            since: Wall(1_699_999_000_000),
            until: None,
            acknowledged: Some(Wall(1_699_999_001_000)),
        });
        Stage::new(COACH, store, None, Begin::Human)
    };
    let mut stage = slow();
    stage.live(120.0);
    assert_eq!(stage.find(closed), []);
    stage.live(180.0);
    assert_eq!(stage.find(closed).len(), 1, "it answers soon enough");
    // It is slow still: the same alert.
    let mut stage = slow();
    stage.replies(|_| (Outcome::Found(Finding::Ready), Duration::from_secs(2)));
    stage.live(600.0);
    assert_eq!(stage.find(closed), []);
    let opened = stage.find(|what| match what {
        What::AlertOpened { rule, .. } => Some(()).filter(|()| rule == "slow"),
        _ => None,
    });
    assert_eq!(opened, []);
}

#[test]
fn an_alert_that_is_read_only_later_stays_open_if_it_held_already() {
    // Seen red: with as long to wait as a new one: it was closed, and opened again.
    let mut store = left_open();
    store.unread_until = Some(Wall(1_700_000_000_000 + 20_000));
    let mut stage = Stage::new(COACH, store, None, Begin::Takeover);
    for _ in 0..10 {
        stage.live(19.0);
        stage.request(load(0.99));
        stage.live(2.0);
        stage.request(load(0.99));
    }
    let told = stage.find(|what| match what {
        What::AlertOpened { rule, .. } | What::AlertClosed { rule, .. } => Some(rule.clone()),
        _ => None,
    });
    assert!(told.iter().all(|(_, rule)| rule != "gauge_fails"), "{told:?}");
}

#[test]
fn an_alert_of_an_earlier_owner_that_can_be_read_only_later_is_the_same_one() {
    // Seen red: with the alerts that are known at the beginning alone: it stays open for ever.
    let mut store = left_open();
    store.unread_until = Some(Wall(1_700_000_000_000 + 20_000));
    let mut stage = Stage::new(COACH, store, None, Begin::Takeover);
    stage.live(40.0);
    stage.request(load(0.99));
    stage.live(40.0);
    let over = |stage: &Stage| {
        let over = stage.find(|what| match what {
            What::AlertClosed { id, rule, .. } => Some(*id).filter(|_| rule == "gauge_fails"),
            _ => None,
        });
        over.into_iter().map(|(_, id)| id).collect::<Vec<u64>>()
    };
    assert_eq!(over(&stage), [0; 0]);
    stage.request(load(0.5));
    stage.live(1.0);
    assert_eq!(over(&stage), [7]);
}
