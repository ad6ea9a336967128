//! What is old goes, a little at a time, and what must stay stays.

use super::super::retention::{Limits, used};
use super::*;
use crate::alert::Alert;

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
    // Seen red: with a step that takes all that is too old at once. Meant for besides: the roll-up thrown away too.
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

fn alert(id: u64, since: i64, until: Option<i64>) -> Alert {
    Alert {
        id,
        rule: "down".to_owned(),
        service: None,
        about: None,
        severity: crate::alert::Severity::Info,
        message: String::new(),
        since: Wall(since),
        until: until.map(Wall),
        acknowledged: None,
    }
}

fn history(path: &Path) -> Vec<u64> {
    Reader::open(path).unwrap().alerts(true, 100).unwrap().into_iter().map(|alert| alert.id).collect()
}

#[test]
fn an_alert_that_is_open_is_never_too_old_nor_one_that_was_open_until_now() {
    // Seen red: with an age that is counted from when it was opened.
    const YEAR: i64 = 365 * 86_400_000;
    let at = folder();
    let mut store = SqliteStore::open(&at.path).unwrap();
    store.alert(&alert(1, DAY - 2 * YEAR, None));
    store.alert(&alert(2, DAY - 2 * YEAR, Some(DAY - YEAR - YEAR / 2)));
    store.alert(&alert(3, DAY - 2 * YEAR, Some(DAY - 1000)));
    store.flush(Wall(DAY));
    assert_eq!(history(&at.path), [3, 1]);
}

#[test]
fn of_too_many_alerts_the_oldest_go_whatever_gaps_are_between_and_though_the_first_is_open() {
    // Seen red: with a step of so many numbers, not of so many alerts.
    let at = folder();
    let mut store = SqliteStore::open(&at.path).unwrap().limited(shortened(5, 1000 * 86_400_000, 4));
    store.alert(&alert(1, DAY, None));
    // Who could not read the file goes on from the clock: see `SqliteStore::blind`.
    let ids = (2..=11).chain(1_795_219_200..1_795_219_206);
    ids.clone().for_each(|id| store.alert(&alert(id, DAY, Some(DAY))));
    let mut left = 17;
    for turn in 1..=4 {
        store.flush(Wall(DAY + turn * 61_000));
        let now = history(&at.path).len();
        // The first flush has just written seventeen, and may take away twice as many.
        assert!(turn == 1 || left - now <= 4, "{} in one turn", left - now);
        left = now;
    }
    let mut expected: Vec<u64> = ids.rev().take(5).collect();
    expected.push(1);
    assert_eq!(history(&at.path), expected);
    assert_eq!(SqliteStore::open(&at.path).unwrap().alerts(), (vec![alert(1, DAY, None)], 1_795_219_205));
}

#[test]
fn a_file_that_is_too_large_loses_its_oldest_events_and_gives_its_pages_back() {
    // Seen red: without the bound of bytes. Meant for besides: without the vacuum.
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

#[test]
fn by_a_calendar_that_leaps_ahead_nothing_is_too_old_until_it_has_stood_for_a_day() {
    // Seen red: with every date believed.
    const A_DAY: i64 = 86_400_000;
    let at = folder();
    let now = DAY;
    let mut store = SqliteStore::open(&at.path).unwrap();
    (0..100).for_each(|number| store.record(&fell(now + number, "coach")));
    store.flush(Wall(now + 1_000));
    drop(store);
    let there = || count(&at.path, "SELECT count(*) FROM events");
    let ahead = now + 700 * A_DAY;
    // By this owner, and by the next.
    for owner in 1..=2 {
        let mut store = SqliteStore::open(&at.path).unwrap();
        store.record(&fell(ahead + owner, "coach"));
        (0..5).for_each(|turn| store.flush(Wall(ahead + owner * 1_000_000 + turn * 61_000)));
        assert_eq!(there(), 100 + owner);
    }
    let mut store = SqliteStore::open(&at.path).unwrap();
    (0..5).for_each(|turn| store.flush(Wall(ahead + 2 * A_DAY + turn * 61_000)));
    assert_eq!(there(), 2, "it is so");
}
