//! The laws of the store, tried on files.

mod faults;
mod limits;
mod migration;
mod reading;

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Reader, SqliteStore, Store};
use crate::client::EventQuery;
use crate::clock::Wall;
use crate::event::{Event, What};
use crate::health::{State, Transition};
use crate::latency::{Kind, Sample};

/// A Saturday, 2026-11-21 00:00 UTC.
const DAY: i64 = 1_795_219_200_000;

struct Folder {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn folder() -> Folder {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.db");
    Folder { _folder: folder, path }
}

fn changed(at: i64, service: &str, from: State, to: State) -> Event {
    let change = Transition { from, to, reason: format!("{from} to {to}") };
    Event { at: Wall(at), sidecar: Some(service.to_owned()), what: What::Changed(change) }
}

fn fell(at: i64, service: &str) -> Event {
    changed(at, service, State::Healthy, State::Down)
}

fn answer(millis: u64) -> Sample {
    Sample { kind: Kind::Probe, took: Duration::from_millis(millis), ok: true }
}

fn events(path: &Path) -> Vec<Event> {
    Reader::open(path).unwrap().events(&EventQuery::default()).unwrap()
}

fn count(path: &Path, question: &str) -> i64 {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.query_row(question, [], |row| row.get(0)).unwrap()
}

#[test]
fn all_that_was_flushed_is_there_after_a_restart() {
    // Seen red: with restarts that are kept under another name. Meant for besides: the state in another field, and a switch
    // that is not kept.
    let at = folder();
    let event = fell(5, "coach");
    let mut store = SqliteStore::open(&at.path).unwrap();
    assert_eq!((store.switch(), store.restarts("coach"), store.wanted("coach")), (None, Vec::new(), None));
    store.record(&event);
    store.set_switch(false);
    store.set_restarts("coach", &[Wall(1), Wall(2)]);
    store.set_wanted("coach", Some(false));
    store.flush(Wall(6));
    // As a kill would leave it.
    std::mem::forget(store);
    let store = SqliteStore::open(&at.path).unwrap();
    assert_eq!((store.switch(), store.restarts("coach")), (Some(false), vec![Wall(1), Wall(2)]));
    assert_eq!(store.wanted("coach"), Some(false));
    assert_eq!(events(&at.path), [event]);
    assert_eq!(
        count(
            &at.path,
            "SELECT count(*) FROM events WHERE state = 'down' AND kind = 'changed' AND failure = 1"
        ),
        1
    );
}

#[test]
fn what_a_human_said_is_kept_before_the_turn_ends() {
    // Seen red: with the switch waiting for the flush.
    let at = folder();
    let mut store = SqliteStore::open(&at.path).unwrap();
    store.set_wanted("coach", Some(false));
    store.set_switch(false);
    std::mem::forget(store);
    let store = SqliteStore::open(&at.path).unwrap();
    assert_eq!((store.switch(), store.wanted("coach")), (Some(false), Some(false)));
}

#[test]
fn usage_counts_once_however_often_it_is_told_and_by_whichever_owner() {
    // Seen red: with INSERT OR REPLACE, which finds each one new.
    let at = folder();
    let one = |id: &str| crate::usage::Usage {
        id: id.to_owned(),
        at: Wall(DAY),
        what: "take_recorded".to_owned(),
        detail: None,
    };
    let mut store = SqliteStore::open(&at.path).unwrap();
    let kept = store.usage(&[one("a"), one("b"), one("a")]);
    assert_eq!((kept.ids.len(), kept.new), (3, vec![one("a"), one("b")]));
    std::mem::forget(store);
    let kept = SqliteStore::open(&at.path).unwrap().usage(&[one("b"), one("c")]);
    assert_eq!((kept.ids.len(), kept.new), (2, vec![one("c")]));
    let report = Reader::open(&at.path).unwrap().report(Wall(DAY + 1), 1, 1, 0).unwrap();
    assert_eq!((report.usage[0].times, report.usage[0].last), (3, Wall(DAY)));
}

#[test]
fn an_alert_stays_open_over_a_restart_and_its_id_is_never_given_again() {
    // Seen red: with the alerts of the file not recalled.
    let at = folder();
    let alert = |id, until| crate::alert::Alert {
        id,
        rule: "down".to_owned(),
        service: Some("coach".to_owned()),
        about: Some("latency".to_owned()),
        severity: crate::alert::Severity::Critical,
        message: "the coach is down".to_owned(),
        since: Wall(1),
        until,
        acknowledged: Some(Wall(2)),
    };
    let mut store = SqliteStore::open(&at.path).unwrap();
    store.alert(&alert(1, None));
    store.alert(&alert(2, None));
    store.alert(&alert(2, Some(Wall(9))));
    drop(store);
    let store = SqliteStore::open(&at.path).unwrap();
    assert_eq!(store.alerts(), (vec![alert(1, None)], 2));
    let reader = Reader::open(&at.path).unwrap();
    assert_eq!(reader.alerts(true, 10).unwrap(), [alert(2, Some(Wall(9))), alert(1, None)]);
    assert_eq!(reader.alerts(false, 10).unwrap(), [alert(1, None)]);
}

#[test]
fn gauges_are_kept_by_the_minute_with_their_extremes() {
    // Seen red: with the last value for the least.
    let at = folder();
    let mut store = SqliteStore::open(&at.path).unwrap();
    for (second, value) in [(0, 0.2), (20, 0.9), (40, 0.3), (60, 0.5)] {
        let gauge = crate::gauge::Gauge::new("audio_load", "share", value);
        store.gauges(Wall(DAY + second * 1000), &[gauge]);
        store.flush(Wall(DAY + second * 1000));
    }
    drop(store);
    let minutes = Reader::open(&at.path).unwrap().gauge("audio_load", Wall(DAY)).unwrap();
    let told: Vec<_> =
        minutes.iter().map(|minute| (minute.at.0 - DAY, minute.least, minute.most, minute.last)).collect();
    assert_eq!(told, [(0, 0.2, 0.9, 0.3), (60_000, 0.5, 0.5, 0.5)]);
}
