//! A disk that refuses: nothing fails, it is told, and what was done is written down when that works again.

use std::time::Duration;

use super::*;
use crate::clock::Moment;

fn at(seconds: u64) -> Moment {
    Moment::ORIGIN.after(Duration::from_secs(seconds))
}

/// Makes every write of the head fail, as a full disk does: a folder stands where its new file would.
fn refuse(place: &Place) -> std::path::PathBuf {
    let path = place.layout.folder().join("audit.head.new");
    std::fs::create_dir(&path).unwrap();
    path
}

#[test]
fn what_the_disk_refuses_is_written_later_after_a_note_of_the_gap() {
    let place = Place::with(1);
    let mut audit = place.open(8);
    let refusing = refuse(&place);
    (2..=4).for_each(|number| audit.append(record(number)));
    audit.tend(at(0), Wall(5));
    assert!(audit.fresh().is_empty());
    assert!(audit.check().unwrap_err().contains("3 entries wait, 0 are lost"), "{:?}", audit.check());
    assert_eq!(whole(&place.verify()), 1);
    std::fs::remove_dir(refusing).unwrap();
    // Not at every turn.
    audit.tend(at(0), Wall(5));
    assert!(audit.check().is_err());
    audit.tend(at(1), Wall(6));
    assert_eq!(audit.check(), Ok(()));
    assert_eq!(audit.fresh().len(), 4);
    assert_eq!(place.actions(), ["restart", "gap", "restart", "restart", "restart"]);
    let gap = place.newest()[1].record.clone();
    assert!(gap.reason.contains("3 entries follow late") && gap.at == Wall(6), "{}", gap.reason);
    assert_eq!(place.newest()[4].record, record(4));
    assert_eq!(whole(&place.verify()), 5);
}

#[test]
fn what_was_written_although_an_error_was_told_is_not_written_twice() {
    let place = Place::with(1);
    let mut audit = place.open(8);
    let next = record(2);
    let trail = audit.trail.as_mut().unwrap();
    let link = trail.announce(&next).unwrap();
    trail.ledger.insert(link, &next).unwrap();
    let refusing = refuse(&place);
    audit.append(next.clone());
    assert!(audit.check().is_err());
    std::fs::remove_dir(refusing).unwrap();
    audit.tend(at(0), Wall(5));
    assert_eq!(place.actions(), ["restart", "restart", "gap"]);
    assert_eq!(place.newest()[1].record, next);
    assert_eq!(whole(&place.verify()), 3);
}

#[test]
fn a_trail_that_another_program_holds_is_waited_for_and_not_for_long() {
    let place = Place::with(1);
    let mut audit = place.open(8);
    let holder = Connection::open(place.layout.audit()).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    audit.append(record(2));
    audit.append(record(3));
    assert!(audit.check().unwrap_err().contains("locked"), "{:?}", audit.check());
    holder.execute_batch("ROLLBACK").unwrap();
    audit.tend(at(0), Wall(5));
    assert_eq!(place.actions(), ["restart", "gap", "restart", "restart"]);
    assert_eq!(whole(&place.verify()), 4);
}

#[test]
fn a_trail_that_cannot_be_opened_is_opened_later() {
    let place = Place::new();
    let refusing = refuse(&place);
    let mut audit = place.open(8);
    audit.append(record(1));
    assert!(audit.check().is_err() && audit.head().is_none());
    std::fs::remove_dir(refusing).unwrap();
    audit.tend(at(0), Wall(9));
    assert_eq!(place.actions(), ["gap", "restart"]);
    assert_eq!(whole(&place.verify()), 2);
    // One from a newer version is left alone.
    tamper(&place.layout.audit(), "PRAGMA user_version = 99");
    let mut audit = place.open(10);
    audit.append(record(3));
    assert!(audit.check().unwrap_err().contains("newer version"), "{:?}", audit.check());
    assert!(place.aside().is_empty());
}

#[test]
fn so_much_is_kept_in_mind_and_the_rest_is_counted() {
    let place = Place::with(1);
    let mut audit = place.open(8);
    let refusing = refuse(&place);
    (0..KEPT as i64 + 7).for_each(|number| audit.append(record(number)));
    assert!(audit.check().unwrap_err().contains("7 are lost"));
    std::fs::remove_dir(refusing).unwrap();
    audit.waiting.truncate(2);
    audit.tend(at(0), Wall(9));
    let gap = place.newest()[1].record.reason.clone();
    assert!(gap.contains("7 were lost"), "{gap}");
}
