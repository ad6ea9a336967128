//! What is old goes, a little at a time, and what must stay stays.

use super::super::retention::{Limits, used};
use super::*;

fn shortened(rows: i64, age: i64, step: i64) -> Limits {
    let mut limits = Limits { step, ..Limits::default() };
    for kept in &mut limits.tables {
        kept.age = age;
        kept.rows = rows;
    }
    limits
}

#[test]
fn what_is_too_old_or_too_much_goes_a_little_at_a_time_and_the_hours_stay() {
    // Not seen red yet; meant for: a step that takes all at once, and with the roll-up thrown away too.
    const HOUR: i64 = 3_600_000;
    let at = folder();
    let mut limits = shortened(500, 10 * HOUR, 100);
    for kept in &mut limits.tables {
        if kept.is_rolled() {
            kept.age = i64::MAX / 4;
        }
    }
    let mut store = SqliteStore::open(&at.path).unwrap().limited(limits);
    for number in 0..1000 {
        store.record(&fell(DAY + number, "coach"));
        store.sample(Wall(DAY + number), "coach", answer(3));
    }
    store.flush(Wall(DAY + 1000));
    assert_eq!(count(&at.path, "SELECT count(*) FROM events"), 1000 - 500, "what came is worth two steps");
    for turn in 1..=20 {
        let before = count(&at.path, "SELECT count(*) FROM events");
        store.flush(Wall(DAY + 11 * HOUR + turn * 61_000));
        let after = count(&at.path, "SELECT count(*) FROM events");
        assert!(before - after <= 100, "{} in one turn", before - after);
    }
    assert_eq!(count(&at.path, "SELECT count(*) FROM events"), 0);
    assert_eq!(count(&at.path, "SELECT count(*) FROM samples"), 0);
    assert_eq!(count(&at.path, "SELECT sum(events) FROM event_hours"), 1000);
    assert_eq!(count(&at.path, "SELECT sum(samples) FROM sample_hours"), 1000);
}

#[test]
fn an_alert_that_is_open_is_never_too_old() {
    // Not seen red yet; meant for: without the exception.
    let at = folder();
    let mut store = SqliteStore::open(&at.path).unwrap().limited(shortened(0, 0, 100));
    for (id, until) in [(1, None), (2, Some(Wall(DAY)))] {
        store.alert(&crate::alert::Alert {
            id,
            rule: "down".to_owned(),
            service: None,
            about: None,
            severity: crate::alert::Severity::Info,
            message: String::new(),
            since: Wall(DAY),
            until,
            acknowledged: None,
        });
    }
    store.flush(Wall(DAY + 400 * 86_400_000));
    assert_eq!(count(&at.path, "SELECT group_concat(id) = '1' FROM alerts"), 1);
}

#[test]
fn a_file_that_is_too_large_loses_its_oldest_events_and_gives_its_pages_back() {
    // Not seen red yet; meant for: without the bound of bytes, and without the vacuum.
    let at = folder();
    let limits = Limits { bytes: 3_000_000, ..Limits::default() };
    let mut store = SqliteStore::open(&at.path).unwrap().limited(limits);
    for turn in 0..60 {
        for number in 0..2000 {
            let at = Wall(DAY + turn * 61_000 + number);
            store.record(&Event { at, sidecar: Some("coach".to_owned()), what: What::Verified });
        }
        store.flush(Wall(DAY + turn * 61_000 + 2000));
    }
    let connection = rusqlite::Connection::open(&at.path).unwrap();
    let bytes = used(&connection).unwrap();
    assert!(bytes < 4_000_000, "{bytes}");
    let newest = count(&at.path, &format!("SELECT max(at) - {DAY} FROM events"));
    assert_eq!(newest, 59 * 61_000 + 1999, "the newest is never what goes");
    assert!(std::fs::metadata(&at.path).unwrap().len() < 12_000_000);
}
